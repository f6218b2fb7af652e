from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmstrack.dates import (
    Interval,
    PartialDate,
    Rhythm,
    add_months,
    civil_day,
    end_of_day,
    short,
    worded,
    working_day_before,
)
from lmstrack.errors import InvalidData

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


# Adding months


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-11-30", 4, "2027-03-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2096-02-29", 48, "2100-02-28"),
        ("2023-01-31", 36, "2026-01-31"),
        ("2026-01-15", 3, "2026-04-15"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-31", -2, "2025-11-30"),
        ("2026-03-31", 0, "2026-03-31"),
    ],
)
def test_a_missing_day_becomes_the_last_of_the_month(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months).isoformat() == end


def test_a_schedule_counted_from_its_start_does_not_drift() -> None:
    start = date(2025, 11, 30)
    visits = [f"{add_months(start, months):%m-%d}" for months in (3, 6, 9, 12)]
    assert visits == ["02-28", "05-30", "08-30", "11-30"]


@given(DAYS, st.integers(-1200, 1200))
def test_months_are_added_as_pendulum_adds_them(day: date, months: int) -> None:
    theirs = pendulum.Date(day.year, day.month, day.day).add(months=months)
    assert add_months(day, months) == date(theirs.year, theirs.month, theirs.day)


@given(DAYS, st.integers(-1200, 1200))
def test_the_day_of_the_month_stays_or_becomes_the_last(day: date, months: int) -> None:
    answer = add_months(day, months)
    assert (answer.year * 12 + answer.month) - (day.year * 12 + day.month) == months
    assert answer.day == day.day or (answer.day < day.day and (answer + timedelta(1)).day == 1)


@given(DAYS, DAYS, st.integers(0, 240))
def test_months_never_turn_two_days_round(one: date, two: date, months: int) -> None:
    assert (add_months(min(one, two), months)) <= add_months(max(one, two), months)


@pytest.mark.parametrize("months", [12 * 9000, -12 * 9000, 10**30])
@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 1, 31)])
def test_months_past_the_calendar_are_refused(day: date, months: int) -> None:
    with pytest.raises(InvalidData, match="outside the years 1 to 9999"):
        add_months(day, months)


# Intervals and rhythms


@pytest.mark.parametrize(
    ("text", "interval", "said"),
    [
        ("3 months", Interval(months=3), "3 months"),
        ("1 month", Interval(months=1), "1 month"),
        ("1 year", Interval(months=12), "1 year"),
        ("2 years", Interval(months=24), "2 years"),
        ("18 months", Interval(months=18), "18 months"),
        ("36 months", Interval(months=36), "3 years"),
        ("6 weeks", Interval(days=42), "6 weeks"),
        ("42 days", Interval(days=42), "6 weeks"),
        ("10 days", Interval(days=10), "10 days"),
        ("1 day", Interval(days=1), "1 day"),
        ("0 days", Interval(), "0 days"),
        ("0 months", Interval(), "0 days"),
        (" 3  Months ", Interval(months=3), "3 months"),
        ("3months", Interval(months=3), "3 months"),
    ],
)
def test_an_interval_is_read_and_said(text: str, interval: Interval, said: str) -> None:
    assert Interval.parse(text) == interval
    assert str(interval) == said


@pytest.mark.parametrize(
    "text",
    [
        *("", "3", "months", "3 m", "-3 months", "1.5 years", "3-4 months", "P3M", "3 months 2 days"),
        *("99999 days", "\u0663 months", "3 month\u017f", "three months", "3 hours"),
    ],
)
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(InvalidData) as refused:
        Interval.parse(text)
    assert refused.value.remedy == 'Write it as "3 months", "6 weeks" or "1 year".'
    assert str(refused.value).isascii()


@pytest.mark.parametrize(("months", "days"), [(1, 1), (-1, 0), (0, -1)])
def test_an_interval_is_months_or_days_and_not_negative(months: int, days: int) -> None:
    with pytest.raises(InvalidData):
        Interval(months, days)


@given(st.integers(0, 999), st.sampled_from(["day", "week", "month", "year"]))
def test_an_interval_said_is_read_again_and_lasts_as_long_as_pendulum_says(number: int, unit: str) -> None:
    interval = Interval.parse(f"{number} {unit}s")
    assert Interval.parse(str(interval)) == interval
    theirs = pendulum.Date(2024, 2, 29).add(**{f"{unit}s": number})
    assert interval.after(date(2024, 2, 29)) == date(theirs.year, theirs.month, theirs.day)


def test_an_interval_goes_both_ways() -> None:
    assert Interval.parse("3 months").before(date(2026, 5, 31)) == date(2026, 2, 28)
    assert Interval.parse("28 days").before(date(2026, 5, 15)) == date(2026, 4, 17)
    assert Interval.parse("6 weeks").after(date(2026, 5, 15)) == date(2026, 6, 26)
    assert Interval().after(TODAY) == Interval().before(TODAY) == TODAY


def test_an_interval_past_the_calendar_is_refused() -> None:
    for far in ("9999 years", "9999 days"):
        with pytest.raises(InvalidData, match="outside the years 1 to 9999"):
            Interval.parse(far).after(date(9999, 1, 1))
        with pytest.raises(InvalidData, match="outside the years 1 to 9999"):
            Interval.parse(far).before(date(1, 12, 1))


def test_an_interval_survives_the_way_to_another_process() -> None:
    three_months = Interval(months=3)
    assert pickle.loads(pickle.dumps(three_months)) == three_months  # noqa: S301  # made on this line


@pytest.mark.parametrize(
    ("text", "rhythm", "said"),
    [
        ("3-4 months", Rhythm(Interval(months=3), Interval(months=4)), "3-4 months"),
        ("3 \u2013 4 months", Rhythm(Interval(months=3), Interval(months=4)), "3-4 months"),
        ("3 to 4 months", Rhythm(Interval(months=3), Interval(months=4)), "3-4 months"),
        ("6 months", Rhythm(Interval(months=6), Interval(months=6)), "6 months"),
        ("6-6 months", Rhythm(Interval(months=6), Interval(months=6)), "6 months"),
        ("5-7 weeks", Rhythm(Interval(days=35), Interval(days=49)), "5-7 weeks"),
        ("10-14 days", Rhythm(Interval(days=10), Interval(days=14)), "10-14 days"),
        ("6-12 months", Rhythm(Interval(months=6), Interval(months=12)), "6-12 months"),
        ("1-2 years", Rhythm(Interval(months=12), Interval(months=24)), "1-2 years"),
        ("12-18 months", Rhythm(Interval(months=12), Interval(months=18)), "12-18 months"),
        ("0-1 year", Rhythm(Interval(), Interval(months=12)), "0-1 year"),
    ],
)
def test_a_rhythm_is_read_and_said(text: str, rhythm: Rhythm, said: str) -> None:
    assert Rhythm.parse(text) == rhythm
    assert str(rhythm) == said
    assert Rhythm.parse(said) == rhythm
    assert rhythm.is_range is ("-" in said)


@pytest.mark.parametrize(
    "text", ["", "months", "3-4", "3-4-5 months", "every 3 months", "3/4 months", "3 weeks-4 months"]
)
def test_what_is_no_rhythm_is_refused(text: str) -> None:
    with pytest.raises(InvalidData, match="as a rhythm"):
        Rhythm.parse(text)


def test_a_rhythm_has_its_ends_in_order_and_in_one_measure() -> None:
    with pytest.raises(InvalidData, match="The earlier end stands second"):
        Rhythm.parse("4-3 months")
    with pytest.raises(InvalidData, match="both in days"):
        Rhythm(Interval(days=42), Interval(months=3))


@given(st.integers(0, 400), st.integers(0, 400), st.booleans())
def test_a_rhythm_said_is_read_again(one: int, other: int, in_months: bool) -> None:
    early, late = (Interval(months=size) if in_months else Interval(days=size) for size in sorted((one, other)))
    assert Rhythm.parse(str(Rhythm(early, late))) == Rhythm(early, late)


# Partial dates


@pytest.mark.parametrize(
    ("iso", "first", "last", "exact"),
    [
        ("2026-03-04", "2026-03-04", "2026-03-04", True),
        ("2026-03", "2026-03-01", "2026-03-31", False),
        ("2024-02", "2024-02-01", "2024-02-29", False),
        ("2026-12", "2026-12-01", "2026-12-31", False),
        ("1961", "1961-01-01", "1961-12-31", False),
    ],
)
def test_a_partial_date_knows_its_first_and_last_day(iso: str, first: str, last: str, exact: bool) -> None:
    partial = PartialDate.parse(iso)
    assert (str(partial), partial.first.isoformat(), partial.last.isoformat()) == (iso, first, last)
    assert partial.exact is exact


@pytest.mark.parametrize(
    ("iso", "reason"),
    [
        ("2026-02-29", "February 2026 has 28 days."),
        ("2026-04-31", "April 2026 has 30 days."),
        ("2026-00-10", "There is no month 0."),
        ("2026-13", "There is no month 13."),
        ("2026-03-00", "The days of a month begin with 1."),
        ("0000", "The year 0 is outside 1850 to 2200."),
        ("1061-03-04", "The year 1061 is outside 1850 to 2200."),
        ("", "It is not written as YYYY-MM-DD, YYYY-MM or YYYY."),
        ("2026-3-4", "It is not written as YYYY-MM-DD, YYYY-MM or YYYY."),
        ("2026-03-04\n", "It is not written as YYYY-MM-DD, YYYY-MM or YYYY."),
        ("20260304", "It is not written as YYYY-MM-DD, YYYY-MM or YYYY."),
        ("2026-03-04T00:00:00", "It is not written as YYYY-MM-DD, YYYY-MM or YYYY."),
        ("2026-W10-3", "It is not written as YYYY-MM-DD, YYYY-MM or YYYY."),
        ("\u0662026", "It is not written as YYYY-MM-DD, YYYY-MM or YYYY."),
        ("\u0662\u0660\u0662\u0666-03-04", "It is not written as YYYY-MM-DD, YYYY-MM or YYYY."),
        ("2026-+3-04", "It is not written as YYYY-MM-DD, YYYY-MM or YYYY."),
        ("2026-03- 4", "It is not written as YYYY-MM-DD, YYYY-MM or YYYY."),
    ],
)
def test_what_is_no_iso_date_is_refused(iso: str, reason: str) -> None:
    with pytest.raises(InvalidData) as refused:
        PartialDate.parse(iso)
    assert refused.value.faults == (reason,)
    assert refused.value.remedy


def test_a_name_in_the_place_of_an_iso_date_is_not_repeated() -> None:
    with pytest.raises(InvalidData) as refused:
        PartialDate.parse("Erika Mustermann")
    assert "Erika" not in str(refused.value)


def test_partial_dates_sort_by_their_first_day_the_exact_before_the_vague() -> None:
    in_order = ["2025-12-31", "2026-01-01", "2026-01", "2026", "2026-01-02"]
    assert [str(partial) for partial in sorted(map(PartialDate.parse, reversed(in_order)))] == in_order


def test_a_month_begins_with_its_first_day() -> None:
    with pytest.raises(InvalidData, match="first day of the month"):
        PartialDate(date(2026, 3, 4), "month")
    with pytest.raises(InvalidData, match="first day of the year"):
        PartialDate(date(2026, 3, 1), "year")


@given(st.dates(date(1850, 1, 1), date(2200, 12, 31)))
def test_an_exact_day_is_written_and_read_again(day: date) -> None:
    partial = PartialDate.day(day)
    assert PartialDate.parse(str(partial)) == partial
    assert partial.first == partial.last == day


@given(st.text() | st.from_regex(r"\A[0-9]{4}(-[0-9]{2}){0,2}\Z"))
def test_any_text_is_a_partial_date_or_a_refusal(text: str) -> None:
    try:
        partial = PartialDate.parse(text)
    except InvalidData:
        return
    assert str(partial) == text
    assert partial.first <= partial.last


# Words for days


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 3), "Tue 3 Mar 2026 (266 days ago)"),
        (date(2026, 11, 22), "Sun 22 Nov 2026 (2 days ago)"),
        (date(2026, 11, 23), "Mon 23 Nov 2026 (yesterday)"),
        (date(2026, 11, 24), "Tue 24 Nov 2026 (today)"),
        (date(2026, 11, 25), "Wed 25 Nov 2026 (tomorrow)"),
        (date(2026, 11, 26), "Thu 26 Nov 2026 (in 2 days)"),
        (date(2026, 12, 6), "Sun 6 Dec 2026 (in 12 days)"),
    ],
)
def test_a_day_is_worded_with_its_distance(day: date, said: str) -> None:
    assert worded(day, today=TODAY) == said
    assert worded(day) == said.partition(" (")[0]


def test_a_short_day_has_no_weekday() -> None:
    assert short(date(2026, 11, 23)) == "23 Nov 2026"


# Days and moments


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("UTC", "2026-11-24", "2026-11-24T23:59:59.999999+00:00"),
        ("Europe/Berlin", "2026-01-15", "2026-01-15T22:59:59.999999+00:00"),
        ("Europe/Berlin", "2026-03-29", "2026-03-29T21:59:59.999999+00:00"),  # a day of 23 hours
        ("Europe/Berlin", "2026-10-25", "2026-10-25T22:59:59.999999+00:00"),  # a day of 25 hours
        ("America/New_York", "2026-07-04", "2026-07-05T03:59:59.999999+00:00"),
        ("Asia/Kathmandu", "2026-07-04", "2026-07-04T18:14:59.999999+00:00"),
        ("America/Sao_Paulo", "2018-11-03", "2018-11-04T02:59:59.999999+00:00"),  # 00:00 was left out
        ("America/Sao_Paulo", "2018-02-17", "2018-02-18T02:59:59.999999+00:00"),  # 23:00 came twice
        ("America/Havana", "2026-10-31", "2026-11-01T03:59:59.999999+00:00"),  # the day after has 00:00 twice
        ("Pacific/Apia", "2011-12-29", "2011-12-30T09:59:59.999999+00:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T09:59:59.999999+00:00"),  # the day that was left out
        ("Pacific/Apia", "2011-12-31", "2011-12-31T09:59:59.999999+00:00"),
    ],
)
def test_a_day_ends_with_its_last_microsecond_in_its_zone(zone: str, day: str, end: str) -> None:
    answer = end_of_day(date.fromisoformat(day), zone)
    assert answer.isoformat() == end
    assert answer.tzinfo is UTC


ZONES = st.sampled_from(
    [
        *("UTC", "Europe/Berlin", "America/New_York", "America/Goose_Bay", "America/Sao_Paulo"),
        *("America/Havana", "Asia/Kathmandu", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia"),
        "Pacific/Kiritimati",
    ]
)


@given(st.dates(date(1970, 1, 2), date(2100, 1, 1)), ZONES)
def test_the_end_of_a_day_is_the_last_moment_before_a_later_day(day: date, zone: str) -> None:
    end = end_of_day(day, zone)
    assert civil_day(end + timedelta(microseconds=1), zone) > day
    left_out = {("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kiritimati", date(1994, 12, 31))}
    if (zone, day) not in left_out:
        assert civil_day(end, zone) == day


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # bounds
    ZONES,
)
def test_the_day_of_a_moment_is_the_one_pendulum_finds(instant: datetime, zone: str) -> None:
    theirs = pendulum.instance(instant).in_timezone(zone)
    assert civil_day(instant, zone) == date(theirs.year, theirs.month, theirs.day)


def test_a_moment_has_the_day_of_the_zone_that_asks_not_of_the_zone_it_is_written_in() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert civil_day(late, "UTC") == date(2026, 7, 2)
    assert civil_day(late.astimezone(ZoneInfo("Asia/Tokyo")), "America/Chicago") == date(2026, 7, 1)


@pytest.mark.parametrize(
    "zone", ["", "Europe", "Europe/Nowhere", "../etc/passwd", "/etc/passwd", "a\0b", "\ud800", "x" * 5000]
)
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(InvalidData, match="There is no such zone"):
        end_of_day(TODAY, zone)
    with pytest.raises(InvalidData, match="There is no such zone"):
        civil_day(datetime(2026, 1, 1, tzinfo=UTC), zone)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidData, match="no time zone"):
        civil_day(datetime(2026, 1, 1), "UTC")  # noqa: DTZ001  # the naive one is what is refused


def test_the_ends_of_the_calendar_are_refused() -> None:
    with pytest.raises(InvalidData, match="outside the years"):
        end_of_day(date.max, "America/New_York")
    with pytest.raises(InvalidData, match="outside the years"):
        civil_day(datetime.max.replace(tzinfo=UTC), "Asia/Tokyo")


def test_pendulum_is_imported_only_for_the_dates_that_need_it() -> None:
    asked = (
        "import sys, datetime, lmstrack.dates as dates; today = datetime.date(2026, 11, 24);"
        "dates.read_typed('fri', today=today), dates.Interval.parse('3 months').after(today);"
        "dates.worded(today, today), dates.end_of_day(today, 'Europe/Berlin');"
        "before = 'pendulum' in sys.modules; dates.read_typed('+3mo', today=today);"
        "print(before, 'pendulum' in sys.modules)"
    )
    # The same interpreter, with a text that stands right here.
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.split() == ["False", "True"]


# Days on which something can be booked


@pytest.mark.parametrize(
    ("day", "holidays", "booked"),
    [
        ("2026-05-29", (), "2026-05-29"),
        ("2026-05-30", (), "2026-05-29"),
        ("2026-05-31", (), "2026-05-29"),
        ("2026-06-01", (), "2026-06-01"),
        ("2026-12-25", (), "2026-12-25"),
        ("2026-12-25", ("2026-12-25",), "2026-12-24"),
        ("2026-12-27", ("2026-12-25",), "2026-12-24"),
    ],
)
def test_what_ends_when_nobody_works_is_booked_by_the_working_day_before(
    day: str, holidays: tuple[str, ...], booked: str
) -> None:
    closed = frozenset(map(date.fromisoformat, holidays))
    assert working_day_before(date.fromisoformat(day), closed) == date.fromisoformat(booked)
