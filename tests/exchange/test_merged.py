"""Cases that were merged, on their way out and in again, and what comes in for them later."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lmstrack.errors import InvalidData
from lmstrack.exchange import export_events, import_file
from lmstrack.exchange.ndjson import written
from lmstrack.loading import LoadReport
from lmstrack.places import place
from lmstrack.records import line_named
from lmstrack.store import Store, open_store
from lmstrack.tracker import Tracker
from tests.store.test_merging import SEEN, at, entered, everything, two


@pytest.fixture
def store() -> Store:
    return open_store("sqlite://")


def exported(tracker: Tracker) -> list[dict[str, object]]:
    return list(export_events(tracker.store))


def loaded(tracker: Tracker, lines: list[dict[str, object]], folder: Path, **terms: object) -> LoadReport:
    file = folder / "events.ndjson"
    file.write_text("".join(f"{written(line)}\n" for line in lines), encoding="utf-8")
    return import_file(tracker, file, commit=True, **terms)  # type: ignore[arg-type]


def test_a_whole_export_of_merged_cases_comes_back_merged(store: Store, tmp_path: Path) -> None:
    tracker = at(store)
    one, other = two(tracker)
    entered(tracker, other, "2026-06-10", "visit", SEEN)
    third = tracker.open_case(name="Third").id
    entered(tracker, third, "2026-06-01", "contact", {"outcome": "reached"})
    tracker.merge(one, other, because="same patient")
    moved = tracker.move(third, 1, one)
    lines = exported(tracker)
    again = at(open_store("sqlite://"))
    report = loaded(again, lines, tmp_path)
    assert (report.rejected, report.cases_created) == ((), 3)
    assert everything(again, one, other, third) == everything(tracker, one, other, third)
    assert exported(again) == lines
    assert again.doctor() == ()
    assert again.undo(third, moved.event.line).elsewhere[0].event.case == one
    assert again.doctor() == ()


def test_an_export_without_the_case_that_was_merged_is_not_written(store: Store, tmp_path: Path) -> None:
    tracker = at(store)
    one, other = two(tracker)
    tracker.merge(one, other)
    lines = [line for line in exported(tracker) if line["case"] != other]
    again = at(open_store("sqlite://"))
    with pytest.raises(InvalidData, match=f"line 6 of {one} merges {other}, which is not in the file"):
        loaded(again, lines, tmp_path)
    assert again.store.case_ids() == []


def test_a_merge_from_elsewhere_is_refused_with_the_command_that_enters_it(store: Store, tmp_path: Path) -> None:
    tracker = at(store)
    one, other = two(tracker)
    tracker.merge(one, other)
    again = at(open_store("sqlite://"))
    again.open_case(name="Somebody else", born="1950-01-01")
    report = loaded(again, exported(tracker), tmp_path, source="northtown")
    assert [rejected.reason for rejected in report.rejected] == [
        "merge names a case by its id elsewhere: enter it here, lmstrack case merge …"
    ]
    assert again.overdue().totals.excluded == {}
    assert again.doctor() == ()


def test_the_own_export_of_merged_cases_is_known_line_by_line(store: Store, tmp_path: Path) -> None:
    tracker = at(store)
    one, other = two(tracker)
    entered(tracker, other, "2026-06-10", "imaging", {"region": "chest", "modality": "CT"})
    entered(tracker, other, "2026-06-11", "result", {"line": 3, "told_on": "2026-06-11"})
    tracker.merge(one, other)
    before = everything(tracker, one, other)
    report = loaded(tracker, exported(tracker), tmp_path)
    assert (report.new, report.changed, report.rejected) == (0, (), ())
    assert everything(tracker, one, other) == before


def test_what_comes_in_for_a_merged_case_goes_to_the_one_that_stands_for_it(store: Store, tmp_path: Path) -> None:
    tracker = at(store)
    one, other = two(tracker)
    tracker.merge(one, other)
    rows: list[dict[str, object]] = [
        {"case": other, "on": "2026-04-02", "kind": "visit", **SEEN, "line": 2},
        {"case": other, "on": "2026-06-10", "kind": "visit", **SEEN, "source_id": "88"},
        {"case": other, "on": "2026-06-11", "kind": "imaging", "region": "chest", "modality": "CT", "source_id": "89"},
    ]
    for times in range(2):
        report = loaded(tracker, rows, tmp_path, source="clinic", as_history=True)
        assert (report.new, report.known, report.rejected) == ((2, 1, ()) if times == 0 else (0, 3, ()))
    assert [event.line for event in tracker.log(other)] == [1, 2]
    assert [event.source_id for event in tracker.log(one)[-2:]] == ["88", "89"]
    assert tracker.doctor() == ()


def test_a_report_for_a_scan_of_the_merged_case_is_taken_and_a_correction_told_where_to_enter(
    store: Store, tmp_path: Path
) -> None:
    tracker = at(store)
    one, other = two(tracker)
    entered(tracker, other, "2026-05-01", "imaging", {"region": "chest", "modality": "CT"})
    log = [json.loads(written(line)) for line in exported(tracker) if line["case"] == other]
    tracker.merge(one, other)
    about = {"case": other, "line": 3}
    more: list[dict[str, object]] = [
        {**about, "on": "2026-06-01", "kind": "result", "told_on": "2026-06-01", "event_line": 4},
        {**about, "on": "2026-06-02", "kind": "correct", "nature": "entered_in_error", "event_line": 5},
    ]
    report = loaded(tracker, [*log, *more], tmp_path, as_history=True)
    assert [rejected.reason for rejected in report.rejected] == [
        f"it corrects a line of another log: lmstrack event correct {other} 3 …"
    ]
    assert (report.new, report.changed) == (1, ())
    assert line_named(tracker.log(one)[-1].record) == place(other, 3)
    assert tracker.doctor() == ()
