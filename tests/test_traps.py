"""What made other trackers lose patients or their users' trust, one test a trap."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lmstrack.dates import PartialDate, add_months
from lmstrack.errors import InvalidData, Refused
from lmstrack.loading import IncomingCase, IncomingEvent, load
from lmstrack.obligations import ObligationState
from lmstrack.records import Departure, read_record
from lmstrack.store import Store, open_store
from lmstrack.tracker import Tracker
from tests.storyteller import WORKFLOWS

TODAY = date(2026, 11, 24)
REVIEW = {"components": ["history", "examination"]}


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    with Tracker.open("sqlite://", by="navigator-a", today=TODAY, workflows=WORKFLOWS) as opened:
        yield opened


def treated(tracker: Tracker, on: date) -> str:
    """A patient whose treatment ended on a day: the first review is due three to four months later."""
    case = tracker.open_case(name="Ann Example", born=date(1961, 3, 4), sex="female").id
    told: list[tuple[str, int, dict[str, Any]]] = [
        ("referral", 40, {"site_group": "extremity"}),
        ("pathology", 20, {"specimen": "biopsy", "is_lms": True, "grade": 3}),
        ("surgery", 0, {"operation": "wide_excision"}),
        ("treatment_completed", 0, {"next": "surveillance"}),
    ]
    for kind, before, fields in told:
        record, day = read_record(kind, fields), on - timedelta(before)
        try:
            tracker.record(case, record, on=day)
        except Refused as refused:
            known = Departure(because="treated elsewhere", agreed_by="lead surgeon")
            tracker.record(case, record, on=day, despite={each.rule: known for each in refused.findings})
    return case


def seen(tracker: Tracker, case: str, on: date, **more: Any) -> None:
    tracker.record(case, read_record("visit", {**REVIEW, **more}), on=on)


def late(tracker: Tracker, as_of: date, strand: str = "clinic_review") -> list[int | None]:
    rows = tracker.overdue(as_of=as_of).to_dicts()
    return [row["days_overdue"] for row in rows if row["strand"] == strand]  # type: ignore[misc]


@pytest.mark.parametrize("days", [1, 7, 8, 89, 90, 91, 364, 365, 366, 730, 3650, 36500])
def test_an_item_is_on_the_list_however_late_it_is_exactly_one_year_included(tracker: Tracker, days: int) -> None:
    treated(tracker, date(2026, 1, 15))
    assert late(tracker, date(2026, 5, 15) + timedelta(days)) == [days]


def test_a_day_that_is_asked_about_is_the_only_clock(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    treated(tracker, date(2026, 1, 15))
    asked = {day: late(tracker, day) for day in (date(2026, 5, 15), date(2026, 5, 16), date(2031, 1, 1))}
    assert asked == {date(2026, 5, 15): [], date(2026, 5, 16): [1], date(2031, 1, 1): [1692]}

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            raise AssertionError

    monkeypatch.setattr("lmstrack.tracker.datetime", Stopped)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert {day: late(tracker, day) for day in asked} == asked


def test_the_number_above_a_list_is_that_of_its_rows(tracker: Tracker) -> None:
    case = treated(tracker, date(2026, 1, 15))
    treated(tracker, date(2026, 6, 1))
    tracker.record(
        case, read_record("booking", {"strand": "clinic_review", "for_date": "2026-12-01"}), on=date(2026, 11, 2)
    )
    for after in range(0, 400, 7):
        as_of = date(2026, 4, 1) + timedelta(after)
        found = tracker.overdue(as_of=as_of)
        assert len(found) == found.totals.overdue + found.totals.overdue_booked
        assert tracker.worklist(as_of=as_of, questions=False).totals.cases == found.totals


def test_nothing_is_left_behind_because_nobody_looked_for_a_week(tracker: Tracker) -> None:
    treated(tracker, date(2010, 1, 15))
    assert late(tracker, TODAY) == [(TODAY - date(2010, 5, 15)).days]


def test_days_are_not_counted_for_what_was_done(tracker: Tracker) -> None:
    case = treated(tracker, date(2026, 1, 15))
    seen(tracker, case, date(2026, 6, 9))
    done = [
        each for each in tracker.case(case).obligations if each.ending is not None and each.strand == "clinic_review"
    ]
    assert [(each.days_late(), each.days_overdue(TODAY)) for each in done] == [(25, None)]
    tracker.record(case, read_record("death", {}), on=date(2026, 10, 20))
    assert late(tracker, TODAY) == []
    assert tracker.overdue().totals.overdue == 0


def test_the_next_visit_counts_from_the_day_of_the_last_and_not_from_when_it_should_have_been(
    tracker: Tracker,
) -> None:
    case = treated(tracker, date(2026, 1, 15))
    seen(tracker, case, date(2026, 6, 9))
    (review,) = (each for each in tracker.case(case).current() if each.strand == "clinic_review")
    assert (review.since, review.due_from, review.due_by) == (date(2026, 6, 9), date(2026, 9, 9), date(2026, 10, 9))


def test_months_are_added_in_one_step() -> None:
    start = date(2025, 11, 30)
    in_one = [add_months(start, 3 * times) for times in range(1, 5)]
    assert in_one == [date(2026, 2, 28), date(2026, 5, 30), date(2026, 8, 30), date(2026, 11, 30)]
    drifted = start
    for _ in range(4):
        drifted = add_months(drifted, 3)
    assert drifted == date(2026, 11, 28) != in_one[-1]
    assert add_months(date(2024, 2, 29), 48) == date(2028, 2, 29)


@pytest.mark.parametrize("typed", ["2026-02-30", "0000-00-00", "2026-13-01", "", "2026-2-3", "soon"])
def test_a_date_that_is_none_is_refused_and_never_no_days(tracker: Tracker, typed: str) -> None:
    case = treated(tracker, date(2026, 1, 15))
    with pytest.raises(InvalidData):
        tracker.record(case, read_record("visit", REVIEW), on=typed)
    assert len(tracker.log(case)) == 4


def test_an_entry_that_comes_again_is_known_by_its_source_and_not_by_its_day() -> None:
    def incoming(on: str) -> IncomingEvent:
        return IncomingEvent(1, PartialDate.parse(on), read_record("referral", {}), source_id="ris:1")

    told = {"by": "a", "today": TODAY, "source": "ris", "commit": True, "as_history": True}
    with open_store("sqlite://") as store:
        at = datetime(2026, 11, 24, 9, tzinfo=UTC)
        first = load(store, WORKFLOWS, [IncomingCase("E-1", (), (incoming("2026-03-05"),))], at=at, **told)  # type: ignore[arg-type]
        again = load(store, WORKFLOWS, [IncomingCase("E-1", (), (incoming("2026-05-03"),))], at=at, **told)  # type: ignore[arg-type]
        assert (first.new, again.new, again.known, len(again.changed)) == (1, 0, 0, 1)
        (case,) = store.case_ids()
        assert [event.on for event in store.log(case)] == [date(2026, 3, 5)]


def test_a_visit_recorded_twice_under_one_name_is_one_visit(tracker: Tracker) -> None:
    case = treated(tracker, date(2026, 1, 15))
    for _ in range(2):
        tracker.record(case, read_record("visit", REVIEW), on=date(2026, 5, 2), source="pas", source_id="88121")
    assert len(tracker.log(case)) == 5
    (review,) = (each for each in tracker.case(case).current() if each.strand == "clinic_review")
    assert review.due_by == date(2026, 9, 2)


def test_what_is_entered_late_or_out_of_order_is_taken_and_counts_on_its_day(tracker: Tracker) -> None:
    case = treated(tracker, date(2026, 1, 15))
    seen(tracker, case, date(2026, 10, 1))
    seen(tracker, case, date(2026, 5, 2))
    visits = [each.ending for each in tracker.case(case).obligations if each.strand == "clinic_review" and each.ending]
    assert [ending.on for ending in visits] == [date(2026, 5, 2), date(2026, 10, 1)]


def looked_at(tracker: Tracker) -> list[object]:
    later = datetime(2100, 1, 1, tzinfo=UTC)
    lists = (tracker.overdue(), tracker.overdue(group="all"), tracker.overdue(known_at=later))
    return [*((list(found), found.totals) for found in lists), tracker.standings().cases]


def test_who_may_only_read_counts_the_same_patients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "ward.db"
    with Tracker.open(file, by="navigator-a", today=TODAY, create=True, workflows=WORKFLOWS) as writer:
        treated(writer, date(2026, 1, 15))
        treated(writer, date(2026, 6, 1))
        known = looked_at(writer)

    def nobody(*_: object) -> str:
        raise OSError

    # Nobody is there to answer for an entry, and nothing can be written: to look needs neither.
    monkeypatch.delenv("LMSTRACK_BY", raising=False)
    monkeypatch.setattr("getpass.getuser", nobody)
    monkeypatch.setattr(Store, "writing", nobody)
    with Tracker.open(file, today=TODAY, workflows=WORKFLOWS) as reader:
        assert looked_at(reader) == known


def test_that_something_is_overdue_is_stored_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "ward.db"
    with Tracker.open(file, by="navigator-a", today=TODAY, create=True, workflows=WORKFLOWS) as tracker:
        treated(tracker, date(2020, 1, 15))
        assert len(tracker.overdue()) > 0
    connection = sqlite3.connect(file)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert "obligation_open" in tables
        for table in tables:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            assert not {"status", "days_overdue", "overdue"} & set(columns), table
            if table == "tally":
                continue  # how many are late from which day on: it holds for every day, and is no patient's
            held = {value for row in connection.execute(f"SELECT * FROM {table}") for value in row}  # noqa: S608
            assert ObligationState.OVERDUE not in held, table
    finally:
        connection.close()
