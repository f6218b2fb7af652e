"""What changed between two lists: every row that is new or gone has exactly one cause, and the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack.case import Case, assess
from lmstrack.dates import end_of_day
from lmstrack.differences import Cause, Change, Moment, changes
from lmstrack.events import Event
from lmstrack.listing import Listed, listed
from lmstrack.obligations import ObligationState
from lmstrack.records import read_record
from tests.storyteller import WORKFLOWS
from tests.test_laws import logs


def overdue(row: Listed, as_of: date) -> bool:
    return row.excluded is None and row.current(as_of) and row.state(as_of) is ObligationState.OVERDUE


def assessed(lines: Sequence[Event], as_of: date) -> Case:
    return assess(None, lines, WORKFLOWS, as_of)


def line(number: int, on: str, kind: str, recorded: str | None = None, **fields: object) -> Event:
    day = date.fromisoformat(recorded or on)
    return Event(
        case="LMS-0001-3",
        line=number,
        on=date.fromisoformat(on),
        record=read_record(kind, fields),
        recorded_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(seconds=number),
        recorded_by="navigator-a",
        workflow="leiomyosarcoma-2026.1" if number == 1 else None,
    )


FOLLOWED = [
    line(1, "2025-11-20", "referral", site_group="extremity", size_mm=80, depth="deep"),
    line(2, "2025-12-01", "pathology", specimen="biopsy", histology="8890/3", grade=3),
    line(3, "2026-01-15", "surgery", operation="wide_excision"),
    line(4, "2026-01-20", "treatment_completed", next="surveillance"),
]  # the clinic review is due by 15 May 2026


def between(log: list[Event], earlier: str, later: str, known: tuple[str, str] | None = None) -> list[Change]:
    """The changes of the clinic review; what is known is, where it is not said, everything."""
    moments = [Moment(date.fromisoformat(day)) for day in (earlier, later)]
    if known is not None:
        moments = [
            each._replace(known_at=end_of_day(date.fromisoformat(day), "UTC"))
            for each, day in zip(moments, known, strict=True)
        ]
    found = changes(log, assessed, *moments, overdue)
    return [change for change in found if change.row.strand == "clinic_review"]


def test_nothing_changes_between_a_list_and_itself() -> None:
    assert between(FOLLOWED, "2026-06-01", "2026-06-01") == []


def test_what_becomes_late_becomes_so_because_time_passed() -> None:
    [change] = between(FOLLOWED, "2026-05-15", "2026-05-16")
    assert (change.new, change.cause, change.event) == (True, Cause.TIME, None)


def test_a_visit_takes_a_row_away() -> None:
    log = [*FOLLOWED, line(5, "2026-06-09", "visit", components=["history", "examination"])]
    [change] = between(log, "2026-06-01", "2026-06-10")
    assert (change.new, change.cause) == (False, Cause.DONE)
    assert change.event is not None
    assert change.event.line == 5


def test_a_visit_that_was_told_of_later_is_a_late_entry() -> None:
    log = [*FOLLOWED, line(5, "2026-05-06", "visit", "2026-05-20", components=["history", "examination"])]
    [change] = between(log, "2026-05-18", "2026-05-21", ("2026-05-18", "2026-05-21"))
    assert (change.new, change.cause) == (False, Cause.LATE)


def test_a_visit_on_another_day_than_was_written_is_a_correction() -> None:
    log = [
        *FOLLOWED,
        line(5, "2026-05-06", "visit", components=["history", "examination"]),
        line(6, "2026-06-20", "correct", line=5, nature="entered_in_error"),
    ]
    [change] = between(log, "2026-06-19", "2026-06-20", ("2026-06-19", "2026-06-20"))
    assert (change.new, change.cause) == (True, Cause.CORRECTION)
    assert change.row.occurrence == 4  # the window that the visit had fulfilled is open again


@pytest.mark.parametrize(
    ("kind", "fields", "cause"),
    [
        ("death", {}, Cause.EXIT),
        ("discharge", {"because": "moved abroad"}, Cause.EXIT),
        ("transfer", {"to": "elsewhere", "status": "accepted"}, Cause.EXIT),
        ("excuse", {"strand": "clinic_review", "reason": "declined"}, Cause.DONE),
    ],
)
def test_how_a_row_left_the_list_is_its_cause(kind: str, fields: dict[str, object], cause: Cause) -> None:
    log = [*FOLLOWED, line(5, "2026-06-05", kind, **fields)]
    [change] = between(log, "2026-06-01", "2026-06-06")
    assert (change.new, change.cause) == (False, cause)


def test_of_two_entries_of_one_day_the_one_that_matters_is_the_cause() -> None:
    log = [
        *FOLLOWED,
        line(5, "2026-06-09", "contact", outcome="reached", strand="clinic_review"),
        line(6, "2026-06-09", "visit", components=["history", "examination"]),
    ]
    [change] = between(log, "2026-06-01", "2026-06-10")
    assert change.event is not None
    assert change.event.kind == "visit"


def test_what_came_and_went_in_between_is_no_change() -> None:
    log = [*FOLLOWED, line(5, "2026-06-09", "visit", components=["history", "examination"])]
    assert between(log, "2026-05-10", "2026-06-10") == []


def test_a_row_is_named_by_its_interval_so_that_the_next_window_is_another_row() -> None:
    log = [*FOLLOWED, line(5, "2026-06-09", "visit", components=["history", "examination"])]
    gone, new = sorted(between(log, "2026-06-01", "2026-11-01"), key=lambda each: each.new)
    assert (gone.row.occurrence, gone.cause) == (4, Cause.DONE)
    assert (new.row.occurrence, new.cause) == (5, Cause.TIME)


days = st.integers(-90, 365 * 7).map(lambda after: date(2021, 1, 31) + timedelta(after))


@settings(max_examples=60, deadline=None)
@given(logs, days, days, st.booleans(), st.randoms(use_true_random=False))
def test_every_row_of_only_one_list_has_exactly_one_cause(
    log: list[Event], one: date, other: date, told_late: bool, random: object
) -> None:
    if told_late:
        log = [replace(event, recorded_at=event.recorded_at + timedelta(event.line * 20 % 100)) for event in log]
    first, last = min(one, other), max(one, other)
    moments = (Moment(first, end_of_day(first, "UTC")), Moment(last, end_of_day(last, "UTC")))
    lists = []
    for moment in moments:
        known = [event for event in log if moment.known_at is None or event.recorded_at <= moment.known_at]
        rows = listed(assessed(known, moment.as_of)) if known else []
        lists.append({row[1:4] for row in rows if overdue(row, moment.as_of)})
    found = changes(log, assessed, *moments, overdue)
    keys = [change.row[1:4] for change in found]
    assert len(keys) == len(set(keys))
    assert {key for key, change in zip(keys, found, strict=True) if change.new} == lists[1] - lists[0]
    assert {key for key, change in zip(keys, found, strict=True) if not change.new} == lists[0] - lists[1]
