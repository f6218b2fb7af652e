"""The calendar, parsed by a library that had no part in writing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmstrack import Excuse, Tracker
from lmstrack.obligations import ObligationState
from lmstrack.overview import lines_known
from lmstrack.records import Booking
from lmstrack.reports import Report, rendered
from lmstrack.reports.overdue import obligations_report
from lmstrack.reports.parts import CalendarDay

from .demo_ward import ABOUT, TODAY, empty, full, overdue_of, ward

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    with ward() as opened:
        yield opened


def parsed(report: Report) -> Any:
    return icalendar.Calendar.from_ical(rendered(report, "ics").encode())


def events(report: Report) -> dict[str, Any]:
    return {str(event["UID"]): event for event in parsed(report).walk("VEVENT")}


def days(*made: CalendarDay, **more: object) -> Report:
    return Report("x/1", "T", (), (), (), as_of=TODAY, calendar=made, **more)  # type: ignore[arg-type]


def test_every_row_is_a_whole_day_with_an_id_and_without_a_name() -> None:
    report = full()
    found = events(report)
    open_ones = [event for event in found.values() if event["STATUS"] == "CONFIRMED"]
    assert len(open_ones) == len(report.rows)
    wanted = sorted((row["case"], row["booked_for"] or row["due_by"]) for row in report.rows)
    assert sorted((str(e["SUMMARY"])[:10], e["DTSTART"].dt.isoformat()) for e in open_ones) == wanted
    assert all((event["DTEND"].dt - event["DTSTART"].dt).days == 1 for event in open_ones)
    text = rendered(report, "ics")
    for secret in [str(row["name"]) for row in report.rows] + ["Demo", "navigator-a", "sarcoma", "RRULE"]:
        assert secret not in text.replace("\r\n ", "")


def test_a_day_is_named_by_the_obligation_and_by_nothing_else() -> None:
    report = full()
    assert all(UUID(uid).version == 5 for uid in events(report))
    assert events(report).keys() == events(full().without("name")).keys()
    assert len(events(report)) == len(report.calendar or ())


def test_what_was_booked_is_moved_to_its_day_under_a_higher_number(tracker: Tracker) -> None:
    before = overdue_of(tracker)
    row = next(row for row in before.rows if row["booked_for"] is None)
    case, strand = str(row["case"]), str(row["strand"])
    tracker.record(case, Booking(strand=strand, for_date=date(2026, 12, 9)))
    uid = next(
        uid for uid, event in events(before).items() if f"{case} {strand.replace('_', ' ')}" in str(event["SUMMARY"])
    )
    old, new = events(before)[uid], events(overdue_of(tracker))[uid]
    assert (old["DTSTART"].dt.isoformat(), new["DTSTART"].dt) == (row["due_by"], date(2026, 12, 9))
    assert new["SEQUENCE"] > old["SEQUENCE"]


def test_what_ended_is_cancelled_and_stays_so(tracker: Tracker) -> None:
    before = overdue_of(tracker)
    row = next(row for row in before.rows if row["strand"] == "clinic_review")
    case = str(row["case"])
    tracker.record(case, Excuse(strand="clinic_review", reason="declined", agreed_by="lead"))
    for day in (TODAY, date(2027, 6, 1)):
        after = overdue_of(tracker, day)
        gone = [uid for uid, event in events(before).items() if f"{case} clinic review" in str(event["SUMMARY"])]
        event = events(after)[gone[0]]
        assert (str(event["STATUS"]), event["DTSTART"].dt.isoformat()) == ("CANCELLED", row["due_by"])
        assert event["SEQUENCE"] > events(before)[gone[0]]["SEQUENCE"]


def test_all_obligations_give_a_day_each_and_what_ended_or_waits_is_cancelled(tracker: Tracker) -> None:
    found = tracker.obligations()
    lines = lines_known(tracker.store, {row.case for row in found}, None)
    report = obligations_report(found, None, ABOUT, lines=lines)
    dated = [row for row in found if row.due_by is not None]
    ended = [row for row in dated if row.ended is not None]
    waiting = [row for row in dated if row.state(TODAY) is ObligationState.SUSPENDED]
    assert ended
    assert waiting
    stated = [str(event["STATUS"]) for event in events(report).values()]
    assert (len(stated), stated.count("CANCELLED")) == (len(dated), len(ended) + len(waiting))


def test_of_one_navigator_only_their_days_are_in_it(tracker: Tracker) -> None:
    mine = overdue_of(tracker, navigator="navigator-a")
    assert 0 < len(events(mine)) < len(events(overdue_of(tracker)))
    cases = {str(event["SUMMARY"])[:10] for event in events(mine).values()}
    assert all(tracker.store.head(case).navigator == "navigator-a" for case in cases)  # type: ignore[union-attr]


def test_nothing_to_report_is_still_a_calendar_that_says_so() -> None:
    found = parsed(empty())
    assert [part.name for part in found.subcomponents] == ["VJOURNAL"]
    assert str(found.subcomponents[0]["SUMMARY"]).startswith("As of 24 Nov 2026 no case is on record yet.")


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_is_said_is_read_again_and_no_line_is_longer_than_75_octets(summary: str, told: str) -> None:
    report = days(CalendarDay(("a",), TODAY, summary, told, 3), message=told)
    raw = rendered(report, "ics").encode("utf-8", "surrogatepass")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n")
    event = icalendar.Calendar.from_ical(raw.decode("utf-8", "surrogatepass")).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == "".join(sign for sign in summary if sign == "\n" or sign.isprintable())


def test_the_last_day_of_the_calendar_has_no_day_after() -> None:
    event = parsed(days(CalendarDay(("a",), date.max, "x", "y", 1))).walk("VEVENT")[0]
    assert (event["DTSTART"].dt, "DTEND" in event) == (date.max, False)


def test_cancelled_outranks_what_the_same_line_said_before() -> None:
    day = CalendarDay(("a",), TODAY, "x", "y", 7)
    numbers = [
        parsed(days(each)).walk("VEVENT")[0]["SEQUENCE"]
        for each in (day, replace(day, cancelled=True), replace(day, revision=8))
    ]
    assert numbers == sorted(set(numbers))


def test_the_stamp_is_that_of_the_day_of_the_list() -> None:
    event = parsed(days(CalendarDay(("a",), TODAY, "x", "y", 7))).walk("VEVENT")[0]
    assert event["DTSTAMP"].dt == datetime(2026, 11, 24, tzinfo=UTC)
