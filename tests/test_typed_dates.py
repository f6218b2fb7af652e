from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lmstrack.dates import Looking, Order, Precision, read_typed, worded
from lmstrack.errors import ExitCode, InvalidData, LmstrackError

TUESDAY = date(2026, 11, 24)


def refusal_of(
    text: str,
    *,
    today: date = TUESDAY,
    looking: Looking = "back",
    order: Order | None = None,
    precision: Precision = "day",
) -> InvalidData:
    with pytest.raises(InvalidData) as refused:
        read_typed(text, today=today, looking=looking, order=order, precision=precision)
    assert refused.value.exit_code is ExitCode.INVALID
    assert refused.value.faults
    assert refused.value.remedy
    return refused.value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-04", "2026-03-04"),
        ("2026-3-4", "2026-03-04"),
        ("2026/03/04", "2026-03-04"),
        ("20260304", "2026-03-04"),
        ("3 Mar", "2026-03-03"),
        ("3 March 2026", "2026-03-03"),
        ("3rd march 2026", "2026-03-03"),
        ("3rd of March, 2026", "2026-03-03"),
        ("03-Mar-2026", "2026-03-03"),
        ("Mar 3 2026", "2026-03-03"),
        ("March 3rd, 2026", "2026-03-03"),
        ("4 sept 2026", "2026-09-04"),
        ("  3   MAR\t2026 ", "2026-03-03"),
        ("3\u00a0Mar 2026", "2026-03-03"),
        ("Tue 3 Mar 2026", "2026-03-03"),
        ("29 Feb 2024", "2024-02-29"),
        ("1 Jan 1850", "1850-01-01"),
        ("2200-12-31", "2200-12-31"),
        ("today", "2026-11-24"),
        ("Yesterday", "2026-11-23"),
        ("tomorrow", "2026-11-25"),
        ("last tuesday", "2026-11-17"),
        ("last wed", "2026-11-18"),
        ("next friday", "2026-11-27"),
        ("next tuesday", "2026-12-01"),
        ("+3mo", "2027-02-24"),
        ("-2w", "2026-11-10"),
        ("+10d", "2026-12-04"),
        ("+1y", "2027-11-24"),
        ("-0d", "2026-11-24"),
        ("3 weeks ago", "2026-11-03"),
        ("3w ago", "2026-11-03"),
        ("in 3 months", "2027-02-24"),
        ("in 1 day", "2026-11-25"),
    ],
)
@pytest.mark.parametrize("looking", ["back", "ahead"])
def test_a_form_with_one_meaning_is_read_whichever_way_one_looks(text: str, day: str, looking: Looking) -> None:
    if text == "3 Mar" and looking == "ahead":
        day = "2027-03-03"
    answer = read_typed(text, today=TUESDAY, looking=looking)
    assert (str(answer), answer.precision) == (day, "day")


@pytest.mark.parametrize(
    ("text", "back", "ahead"),
    [
        ("fri", "2026-11-20", "2026-11-27"),
        ("mon", "2026-11-23", "2026-11-30"),
        ("Wednesday", "2026-11-18", "2026-11-25"),
        ("23 Nov", "2026-11-23", "2027-11-23"),
        ("24 Nov", "2026-11-24", "2026-11-24"),
        ("25 Nov", "2025-11-25", "2026-11-25"),
        ("Nov 25", "2025-11-25", "2026-11-25"),
        ("31 Dec", "2025-12-31", "2026-12-31"),
    ],
)
def test_a_weekday_or_a_missing_year_is_the_last_for_what_is_done_and_the_next_for_a_booking(
    text: str, back: str, ahead: str
) -> None:
    answers = [str(read_typed(text, today=TUESDAY, looking=looking)) for looking in ("back", "ahead")]
    assert answers == [back, ahead]


def test_months_from_now_end_with_the_month() -> None:
    assert str(read_typed("in 6 months", today=date(2026, 8, 31))) == "2027-02-28"
    assert str(read_typed("1 year ago", today=date(2024, 2, 29))) == "2023-02-28"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Nothing was typed."),
        ("  \n", "Nothing was typed."),
        ("3/4", "It has no year, and which number is the month is not known."),
        ("3-4", "It has no year, and which number is the month is not known."),
        ("12", "A number alone does not say which day, month and year."),
        ("12th", "A number alone does not say which day, month and year."),
        ("202603", "A number alone does not say which day, month and year."),
        ("1961", "A year alone is not enough; the day is needed here."),
        ("May", "May alone does not say which day or which year."),
        ("2026-03", "March 2026 is a month, and the day is needed here."),
        ("March 2026", "March 2026 is a month, and the day is needed here."),
        ("31 Feb 2026", "February 2026 has 28 days."),
        ("31 Feb", "February 2026 has 28 days."),
        ("29 Feb", "February 2026 has 28 days."),
        ("2026-02-29", "February 2026 has 28 days."),
        ("1900-02-29", "February 1900 has 28 days."),
        ("31 apr 2026", "April 2026 has 30 days."),
        ("0 Mar 2026", "The days of a month begin with 1."),
        ("2026-13-01", "There is no month 13."),
        ("13/13/2026", "There is no month 13."),
        ("13/32/2026", "There is no month 13. There is no month 32."),
        ("31/02/2026", "February 2026 has 28 days. There is no month 31."),
        ("3 Mar 26", '"26" is not a year of four digits.'),
        ("03/04/26", '"26" is not a year of four digits.'),
        ("3 Mar 20226", '"20226" is not a year of four digits.'),
        ("Mar-26", "It can be 26 March or March 2026."),
        ("Mon 3 Mar 2026", "3 Mar 2026 is a Tuesday, not a Monday."),
        ("+3m", '"m" can be minutes or months.'),
        ("5m", '"m" can be minutes or months.'),
        ("3m ago", '"m" can be minutes or months.'),
        ("+3 fortnights", "Its unit is not known."),
        ("3 weeks", "It does not say whether back or ahead."),
        ("2026-03-04T10:00", "It holds a time of day, and only days are kept."),
        ("2026-03-04 10:00", "It holds a time of day, and only days are kept."),
        ("1849-12-31", "The year 1849 is outside 1850 to 2200."),
        ("2201-01-01", "The year 2201 is outside 1850 to 2200."),
        ("0000-01-01", "The year 0 is outside 1850 to 2200."),
        ("04032026", "The year 403 is outside 1850 to 2200."),
        ("+200y", "The year 2226 is outside 1850 to 2200."),
        ("+99999y", "It is outside the calendar."),
        ("99999 months ago", "It is outside the calendar."),
        (
            "\uff12\uff10\uff12\uff16-03-04",
            "It holds the character U+FF12; only A-Z, 0-9 and plain signs are read.",
        ),
        ("\u0663 Mar 2026", "It holds the character U+0663; only A-Z, 0-9 and plain signs are read."),
        ("2026\u201103\u201104", "It holds the character U+2011; only A-Z, 0-9 and plain signs are read."),
        ("1" * 5000, "It has more than 40 characters."),
        ("hello", "No date can be made out."),
        ("m", "No date can be made out."),
        ("2026-03-04\x00", "No date can be made out."),
        ("--2w", "No date can be made out."),
    ],
)
def test_what_has_no_meaning_or_two_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert refusal_of(text).faults == (reason,)


def test_the_weekday_of_today_may_be_today_or_a_week_away() -> None:
    back, ahead = refusal_of("tue"), refusal_of("Tuesday", looking="ahead")
    assert str(back) == (
        'Read "tue" as a date: Today is a Tuesday; it can be today or a week ago. Type today, or last tuesday.'
    )
    assert ahead.faults == ("Today is a Tuesday; it can be today or a week from now.",)
    assert ahead.remedy == "Type today, or next tuesday."


def test_numbers_with_slashes_are_refused_naming_both_readings() -> None:
    refused = refusal_of("03/04/2026")
    assert refused.faults == ("Which number is the month is not known here; it can be 4 Mar 2026 or 3 Apr 2026.",)
    assert refused.remedy == "Type 2026-03-04 or 2026-04-03, or set dates.order in the configuration."


@pytest.mark.parametrize(("text", "meaning"), [("25/04/2026", "25 Apr 2026"), ("03/03/2026", "3 Mar 2026")])
def test_numbers_with_slashes_are_refused_even_where_one_reading_is_left(text: str, meaning: str) -> None:
    assert refusal_of(text).faults == (f"Which number is the month is not known here; it can be {meaning}.",)


@pytest.mark.parametrize("text", ["03/04/2026", "3/4/2026", "03.04.2026", "3-4-2026"])
def test_numbers_with_slashes_are_read_in_the_order_of_the_site(text: str) -> None:
    answers = [str(read_typed(text, today=TUESDAY, order=order)) for order in ("dmy", "mdy")]
    assert answers == ["2026-04-03", "2026-03-04"]


def test_the_order_of_the_site_is_never_turned_round() -> None:
    assert refusal_of("25/04/2026", order="mdy").faults == ("There is no month 25.",)
    assert refusal_of("04/25/2026", order="dmy").faults == ("There is no month 25.",)
    assert refusal_of("31/02/2026", order="dmy").faults == ("February 2026 has 28 days.",)
    assert refusal_of("3/4", order="dmy").faults == ("It has no year, and which number is the month is not known.",)


@pytest.mark.parametrize("text", ["2026-03", "March 2026", "mar 2026", "Mar-2026", "mar2026"])
@pytest.mark.parametrize("precision", ["month", "year"])
def test_a_month_is_read_where_a_month_is_enough(text: str, precision: Precision) -> None:
    answer = read_typed(text, today=TUESDAY, precision=precision)
    assert (answer.first, answer.precision) == (date(2026, 3, 1), "month")


def test_a_year_is_read_only_where_a_year_is_enough() -> None:
    answer = read_typed("1961", today=TUESDAY, precision="year")
    assert (answer.first, answer.precision) == (date(1961, 1, 1), "year")
    assert refusal_of("1961", precision="month").faults == ("A year alone is not enough; the month is needed here.",)


def test_a_day_stays_a_day_where_less_would_do() -> None:
    assert read_typed("3 Mar 2026", today=TUESDAY, precision="year").precision == "day"


def test_a_coarse_date_is_still_checked() -> None:
    assert refusal_of("2026-13", precision="month").faults == ("There is no month 13.",)
    assert refusal_of("1061", precision="year").faults == ("The year 1061 is outside 1850 to 2200.",)
    assert refusal_of("May", precision="month").faults == ("May alone does not say which day or which year.",)


def test_the_remedy_shows_the_forms_that_this_field_takes() -> None:
    assert refusal_of("x").remedy == "Type it like one of these: 2026-11-24, 24 Nov 2026."
    assert refusal_of("x", precision="year").remedy == (
        "Type it like one of these: 2026-11-24, 24 Nov 2026, for a month 2026-11, for a year 2026."
    )


def test_the_29th_of_february_without_its_year_is_not_sought_far_away() -> None:
    assert str(read_typed("29 Feb", today=date(2025, 1, 10))) == "2024-02-29"
    assert str(read_typed("29 Feb", today=date(2023, 3, 1), looking="ahead")) == "2024-02-29"
    refused = refusal_of("29 Feb", today=date(2024, 3, 1), looking="ahead")
    assert refused.faults == ("There is no such day within a year after 1 Mar 2024.",)


@pytest.mark.parametrize("text", ["Erika Mustermann", "3 Mar Erika", "9434765919", 'a"b'])
def test_a_name_or_an_identifier_in_the_place_of_a_date_is_not_repeated(text: str) -> None:
    assert text not in str(refusal_of(text))


@given(st.dates(date(1850, 1, 1), date(2200, 12, 31)), st.dates())
def test_what_is_echoed_can_be_typed_again(day: date, today: date) -> None:
    for text in (day.isoformat(), worded(day)):
        assert read_typed(text, today=today).first == day


@given(
    st.dates(date(1851, 1, 1), date(2199, 12, 31)),
    st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
)
def test_a_weekday_is_at_most_six_days_away(today: date, name: str) -> None:
    try:
        back = read_typed(name, today=today, looking="back").first
        ahead = read_typed(name, today=today, looking="ahead").first
    except InvalidData:
        assert f"{today:%a}".lower() == name
    else:
        assert f"{back:%a}".lower() == f"{ahead:%a}".lower() == name
        assert (ahead - back).days == 7
        assert back < today < ahead


WORDS = st.sampled_from(
    [
        *("1", "3", "03", "12", "29", "31", "1961", "2026", "99999", "mar", "may", "feb", "tue", "friday"),
        *("of", "st", "th", "+", "-", "/", ".", ",", ":", "ago", "in", "last", "next", "today"),
        *("d", "w", "mo", "m", "y", "weeks", "months", "t", "\u0661", "\u00b2", "\u0130", "\ud800", "\x00"),
    ]
)


@given(
    st.text() | st.lists(WORDS, max_size=6).map("".join) | st.lists(WORDS, max_size=6).map(" ".join),
    st.dates(),
    st.sampled_from(["back", "ahead"]),
    st.sampled_from([None, "dmy", "mdy"]),
    st.sampled_from(["day", "month", "year"]),
)
@settings(deadline=None)  # the first "+3mo" imports pendulum
@example("yesterday", date.min, "back", None, "day")
@example("next fri", date.max, "ahead", None, "day")
@example("+1mo", date.max, "ahead", None, "day")
@example("29 feb", date.max, "ahead", None, "day")
@example("1 jan", date.min, "back", None, "day")
def test_whatever_is_typed_gives_a_believable_date_or_a_refusal(
    text: str, today: date, looking: Looking, order: Order | None, precision: Precision
) -> None:
    try:
        answer = read_typed(text, today=today, looking=looking, order=order, precision=precision)
    except LmstrackError as refused:
        said = str(refused)
    else:
        said = str(answer)
        allowed = ("day", "month", "year")
        assert 1850 <= answer.first.year <= 2200
        assert allowed.index(answer.precision) <= allowed.index(precision)
    assert said.isascii()
    assert said.isprintable()
