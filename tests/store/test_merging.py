"""Corrections across cases, on both databases: merged, taken apart, and entries that were about another patient."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lmstrack.errors import Conflict, Impossible, NotFound, Refused
from lmstrack.events import standing
from lmstrack.listing import Listed
from lmstrack.moving import Move
from lmstrack.places import place
from lmstrack.records import Correct, Departure, Imaging, Merge, Result, Visit, read_record
from lmstrack.store import Store
from lmstrack.tracker import Recorded, Tracker
from tests.store.making import tamper
from tests.storyteller import WORKFLOWS

SEEN = {"components": ["history", "examination"]}
TREATED: list[tuple[str, str, dict[str, Any]]] = [
    ("2025-12-01", "referral", {"site_group": "extremity", "size_mm": 80, "depth": "deep"}),
    ("2025-12-20", "pathology", {"specimen": "biopsy", "histology": "8890/3", "grade": 3}),
    ("2026-01-15", "surgery", {"operation": "wide_excision"}),
    ("2026-01-20", "treatment_completed", {"next": "surveillance"}),
]


def at(store: Store, day: str = "2026-06-20") -> Tracker:
    return Tracker(store, by="navigator-a", today=date.fromisoformat(day), workflows=WORKFLOWS)


def entered(tracker: Tracker, case: str, on: str, kind: str, fields: dict[str, Any], **more: Any) -> Recorded:
    record = read_record(kind, fields)
    try:
        return tracker.record(case, record, on=on, **more)
    except Refused as refused:
        answered = Departure(because="known to the team", agreed_by="lead surgeon")
        despite = {finding.rule: answered for finding in refused.findings}
        return tracker.record(case, record, on=on, despite=despite, **more)


def two(tracker: Tracker) -> tuple[str, str]:
    """A patient under surveillance, and the same one once more, opened by somebody else."""
    one = tracker.open_case(name="Ada Example", born="1961-03-04", mrn="0012345678").id
    other = tracker.open_case(name="Ada Exampel", born="1961-03-04", nhs="9434765919").id
    for on, kind, fields in TREATED:
        entered(tracker, one, on, kind, fields)
    entered(tracker, one, "2026-04-02", "visit", SEEN)
    entered(tracker, other, "2025-12-02", "referral", {"site_group": "extremity"})
    entered(tracker, other, "2026-04-02", "visit", SEEN)
    return one, other


def reviews(tracker: Tracker, **asked: Any) -> list[tuple[Any, ...]]:
    return [(*row[:4], row.due_from, row.due_by, row.ended) for row in _rows(tracker, **asked)]


def _rows(tracker: Tracker, **asked: Any) -> list[Listed]:
    return [row for row in tracker.obligations(**asked).rows if row.strand == "clinic_review"]


def everything(tracker: Tracker, *cases: str) -> list[Any]:
    """What is told of cases, but for how many lines they have and when something was last entered."""
    told: list[Any] = []
    for case in cases:
        seen = tracker.case(case)
        told.append((seen.state, seen.findings, seen.asks, seen.obligations, seen.left))
        head = tracker.store.head(case)
        told.append(head and head._replace(lines=0, last_on=None))
    return [*told, tracker.store.rows_of(cases), tracker.overdue().totals]


# ---- merge


def test_what_leaves_the_lists_with_the_other_case_and_what_comes_back_is_told(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    owed = {each.strand for each in tracker.case(other).current()}

    def told(recorded: Recorded) -> tuple[str, set[str], set[str]]:
        (there,) = recorded.elsewhere
        due = there.effect.due
        gone = {change.strand for change in due if change.after is None and change.why == "the case is closed: merged"}
        return there.case.id, gone, {change.strand for change in due if change.before is None}

    assert owed
    leaves, returns = (other, owed, set[str]()), (other, set[str](), owed)
    assert told(tracker.merge(one, other, because="one patient", dry_run=True)) == leaves
    assert told(merge := tracker.merge(one, other, because="one patient")) == leaves
    assert told(tracker.unmerge(one, other, because="sisters")) == returns
    assert told(tracker.undo(one)) == leaves
    assert told(tracker.undo(one, merge.event.line)) == returns


def test_what_was_merged_before_is_not_told_again_when_its_case_is_merged(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    third = tracker.open_case(name="Ada Exampl", born="1961-03-04").id
    tracker.merge(one, other, because="one patient")
    assert [each.case.id for each in tracker.merge(third, one, because="one patient").elsewhere] == [one]


def test_one_visit_that_two_cases_tell_counts_once_and_the_windows_are_derived_once(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    merged = tracker.merge(one, other, because="same patient")
    due_from, due_by = date(2026, 7, 2), date(2026, 8, 2)
    assert reviews(tracker) == [
        (one, 1, "clinic_review", 4, date(2026, 4, 15), date(2026, 5, 15), "fulfilled"),
        (one, 1, "clinic_review", 5, due_from, due_by, None),
    ]
    assert merged.effect.due == ()
    assert [event.line for event in tracker.lines(one)] == [1, 2, 3, 4, 5, 6, place(other, 1), place(other, 2)]
    assert tracker.doctor() == ()


def test_the_list_adds_up_with_a_merged_case_left_out(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    tracker.merge(one, other, because="same patient")
    for as_of in (date(2026, 6, 20), date(2026, 9, 1)):
        totals = tracker.overdue(as_of=as_of).totals
        assert (totals.cases, totals.with_obligation, totals.excluded) == (2, 1, {"merged": 1})
        assert totals.add_up
    assert {row.case for row in tracker.overdue(as_of=date(2026, 9, 1)).rows} == {one}


def test_a_later_visit_of_the_other_case_serves_what_is_due_here(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    entered(tracker, other, "2026-06-10", "visit", SEEN)
    (change,) = [each for each in tracker.merge(one, other).effect.due if each.strand == "clinic_review"]
    assert change.after is not None
    assert (change.after.occurrence, change.after.due_by) == (place(other, 3), date(2026, 10, 10))
    assert change.why == (f"fulfilled 10 Jun 2026 by line 3 of {other}; counted from 10 Jun 2026 instead of 2 Apr 2026")
    assert tracker.doctor() == ()


def test_lists_of_earlier_days_and_as_known_earlier_see_two_cases(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    known_at = tracker.log(other)[-1].recorded_at
    apart = reviews(tracker, as_of=date(2026, 6, 19)), tracker.overdue(as_of=date(2026, 6, 19)).totals
    tracker.merge(one, other)
    assert (reviews(tracker, as_of=date(2026, 6, 19)), tracker.overdue(as_of=date(2026, 6, 19)).totals) == apart
    known_then = tracker.overdue(known_at=known_at).totals
    assert (known_then.with_obligation, known_then.excluded) == (2, {})
    assert tracker.case(other, known_at=known_at).into is None
    assert tracker.case(other, as_of=date(2026, 6, 19)).into is None
    assert tracker.case(other).into == one


def test_nothing_that_is_entered_for_a_merged_case_is_lost(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    tracker.merge(one, other)
    with pytest.raises(Conflict, match=f"{other} was merged into {one}.*lmstrack record {one} visit"):
        entered(tracker, other, "2026-06-15", "visit", SEEN)
    with pytest.raises(NotFound, match=f"merged into {one}.*lmstrack why {one}"):
        tracker.why(other)
    assert [case for case, _ in tracker.find("9434765919")] == [one]
    assert [case for case, _ in tracker.find("exam")] == [one]


@pytest.mark.parametrize("taken_back", ["unmerge", "undo"])
def test_a_merge_that_is_taken_back_restores_both(store: Store, taken_back: str) -> None:
    tracker = at(store)
    one, other = two(tracker)
    before = everything(tracker, one, other)
    line = tracker.merge(one, other).event.line
    if taken_back == "undo":
        tracker.undo(one, line)
    else:
        tracker.unmerge(one, other, because="two sisters")
    assert everything(tracker, one, other) == before
    assert tracker.doctor() == ()
    entered(tracker, other, "2026-06-15", "visit", SEEN)
    assert tracker.doctor() == ()


def test_an_undone_unmerge_is_a_merge_unless_the_case_is_merged_elsewhere_by_now(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    third = tracker.open_case(name="Third").id
    tracker.merge(one, other)
    line = tracker.unmerge(one, other).event.line
    tracker.merge(third, other)
    with pytest.raises(Conflict, match="merged elsewhere by now"):
        tracker.undo(one, line)
    tracker.unmerge(third, other)
    tracker.undo(one, line)
    assert tracker.case(other).into == one
    assert tracker.doctor() == ()


def test_a_case_of_which_nothing_is_recorded_is_merged_too(store: Store) -> None:
    tracker = at(store)
    one, _ = two(tracker)
    empty = tracker.open_case(name="Ada Example").id
    tracker.merge(one, empty)
    totals = tracker.overdue().totals
    assert (totals.cases, totals.with_obligation, totals.excluded) == (3, 2, {"merged": 1})
    assert tracker.doctor() == ()
    tracker.unmerge(one, empty)
    assert tracker.overdue().totals.without_obligation == 1
    assert tracker.doctor() == ()


def test_a_case_that_stands_for_another_can_be_merged_itself(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    third = tracker.open_case(name="Ada").id
    tracker.merge(other, third)
    tracker.merge(one, other)
    assert [tracker.case(case).into for case in (one, other, third)] == [None, one, one]
    with pytest.raises(Conflict, match=f"{third} was merged into {one}"):
        tracker.record(third, Visit())
    with pytest.raises(Conflict, match=f"{third} is merged into {other} already"):
        tracker.merge(one, third)
    with pytest.raises(NotFound, match=f"{third} was merged into {other}"):
        tracker.unmerge(one, third)
    tracker.unmerge(other, third)
    assert [tracker.case(case).into for case in (one, other, third)] == [None, one, None]
    assert tracker.doctor() == ()


def test_what_cannot_be_merged_is_refused_and_nothing_is_written(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    with pytest.raises(Impossible, match="one and the same case"):
        tracker.merge(one, one)
    with pytest.raises(NotFound):
        tracker.merge(one, "LMS-0009-2")
    with pytest.raises(NotFound, match="not merged into any case"):
        tracker.unmerge(one, other)
    tracker.merge(one, other)
    with pytest.raises(Conflict, match="merged into it already"):
        tracker.merge(one, other)
    with pytest.raises(Conflict, match=f"{other} was merged into {one}"):
        tracker.merge(other, one)
    assert len(tracker.log(one)) == 6
    assert len(tracker.log(other)) == 2


def test_who_died_was_not_seen_later_under_another_case(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    entered(tracker, other, "2026-04-20", "death", {"cause": "other"})
    entered(tracker, one, "2026-05-01", "visit", SEEN)
    with pytest.raises(Impossible, match="death on 2026-04-20 is before line 6, visit"):
        tracker.merge(one, other)
    assert tracker.doctor() == ()


def test_a_line_of_the_merged_case_is_corrected_where_it_stands(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    entered(tracker, other, "2026-06-10", "visit", SEEN)
    tracker.merge(one, other)
    corrected = tracker.correct(one, place(other, 3), because="never seen")
    assert (corrected.event.case, corrected.event.line) == (other, 4)
    assert [each.strand for each in corrected.effect.due] == ["clinic_review"]
    assert reviews(tracker)[-1][3:] == (5, date(2026, 7, 2), date(2026, 8, 2), None)
    tracker.undo(other, 4)
    assert reviews(tracker)[-1][3] == place(other, 3)
    assert tracker.doctor() == ()


def test_a_report_that_comes_later_is_of_a_scan_in_the_merged_case(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    entered(tracker, other, "2026-05-01", "imaging", {"region": "chest", "modality": "CT"})
    tracker.merge(one, other)
    assert [row.occurrence for row in tracker.overdue().rows if row.strand == "report"] == [place(other, 3)]
    tracker.record(one, Result(line=place(other, 3), reported_on=date(2026, 6, 19)), on="2026-06-19")
    assert [row for row in tracker.overdue().rows if row.strand == "report"] == []
    with pytest.raises(Impossible, match=f"names line 9 of {other}, which does not stand in this case"):
        tracker.record(one, Result(line=place(other, 9), reported_on=date(2026, 6, 19)), on="2026-06-19")
    tracker.unmerge(one, other)
    # The report was entered for the other patient: the scan waits for it again.
    assert [row.occurrence for row in tracker.overdue().rows if row.strand == "report"] == [3]
    assert tracker.doctor() == ()


def test_what_is_entered_after_a_merge_refreshes_what_lists_hold_of_both(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    tracker.merge(one, other)
    entered(tracker, one, "2026-06-18", "visit", SEEN)
    assert reviews(tracker)[-1][3] == 7
    tracker.edit_person(one, born="1961-03-05")
    assert tracker.doctor() == ()
    tracker.unmerge(one, other)
    entered(tracker, other, "2026-06-19", "contact", {"outcome": "reached"})
    assert tracker.doctor() == ()


def test_a_dry_run_tells_what_a_merge_would_change_and_writes_nothing(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    entered(tracker, other, "2026-06-10", "visit", SEEN)
    before = everything(tracker, one, other)
    would = tracker.merge(one, other, dry_run=True)
    assert [each.strand for each in would.effect.due] == ["clinic_review"]
    assert everything(tracker, one, other) == before
    assert tracker.store.merges() == []


def test_the_same_source_id_after_a_merge_is_known_under_the_case_that_goes_on(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    entered(tracker, other, "2026-06-10", "visit", SEEN, source="clinic", source_id="77")
    tracker.merge(one, other)
    again = tracker.record(one, Visit(), on="2026-06-10", source="clinic", source_id="77")
    assert (again.already, again.event.case, again.event.line, again.case.id) == (True, other, 3, one)


def test_the_doctor_finds_a_merge_that_the_lists_do_not_know_of(store: Store, url: str) -> None:
    tracker = at(store)
    one, other = two(tracker)
    tracker.merge(one, other)
    tamper(url, "DELETE FROM merging")
    faults = at(store).doctor()
    assert any(fault.startswith(f"{one}: the index of merges") for fault in faults)
    assert at(store).doctor(repair=True) == faults[:1]
    assert at(store).doctor() == ()
    assert at(store).case(other).into == one


# ---- move


def test_an_event_of_another_patient_is_withdrawn_here_and_recorded_there(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    said = Departure(because="scanned elsewhere")
    entered(
        tracker, one, "2026-06-01", "imaging", {"region": "chest", "modality": "CT"},
        source="ris", source_id="4711", despite={"LMS-DX-12": said},
    )  # fmt: skip
    moved = tracker.move(one, 6, other, because="wrong patient")
    (there,) = moved.elsewhere
    assert (moved.event.line, there.event.case, there.event.line) == (7, other, 3)
    copy, original = tracker.log(other)[-1], tracker.log(one)[5]
    assert (copy.on, copy.record, copy.departures) == (original.on, original.record, original.departures)
    assert (copy.source, copy.source_id) == ("ris", None)
    assert copy.recorded_at == moved.event.recorded_at
    assert [each.strand for each in moved.effect.due] == ["report", "chest_imaging"]
    assert tracker.doctor() == ()
    again = tracker.record(one, Imaging(region="chest"), on="2026-06-01", source="ris", source_id="4711")
    assert (again.already, again.event.case, again.event.line) == (True, other, 3)


def test_undoing_a_move_brings_the_line_back_and_withdraws_the_copy_and_can_be_undone(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    before = everything(tracker, one, other)
    moved = tracker.move(one, 5, other)
    after = everything(tracker, one, other)
    assert before != after
    undone = tracker.undo(one, moved.event.line)
    assert [each.event.record for each in undone.elsewhere] == [
        Correct(line=3, nature="entered_in_error", because="moved back")
    ]
    assert everything(tracker, one, other) == before
    again = tracker.undo(one, undone.event.line)
    assert [each.event.line for each in again.elsewhere] == [5]
    assert everything(tracker, one, other) == after
    assert tracker.doctor() == ()


def test_what_was_withdrawn_there_already_is_not_withdrawn_twice(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    moved = tracker.move(one, 5, other)
    tracker.undo(other, 3)
    assert tracker.undo(one, moved.event.line).elsewhere == ()
    assert len(tracker.log(other)) == 4


def test_withdrawing_the_copy_there_says_where_it_came_from(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    moved = tracker.move(one, 5, other)
    assert tracker.undo(other, 2).came_from is None  # it was entered there
    undone = tracker.undo(other, 3)
    assert undone.came_from == Move(line=5, by=6, at=moved.event.recorded_at, from_case=one, to_case=other, to_line=3)
    assert tracker.undo(other, undone.event.line).came_from is None  # it stands there again
    assert tracker.undo(other, 3).came_from is not None
    assert tracker.undo(one, 6).elsewhere == ()
    assert [event.line for event in standing(tracker.log(one))][-1] == 5
    assert tracker.undo(other, 3).came_from is None  # it stands where it came from
    assert tracker.doctor() == ()


def test_rules_of_the_other_case_are_told_and_do_not_refuse_a_move(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    line = entered(tracker, one, "2026-06-01", "surgery", {"operation": "re_excision"}).event.line
    there = tracker.move(one, line, other).elsewhere[0]
    assert {finding.rule for finding in there.case.findings + there.case.departures} >= {"LMS-MD-01"}
    assert there.case.state == "treatment"
    assert tracker.doctor() == ()


def test_only_the_impossible_refuses_a_move_and_then_neither_case_changes(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    young = tracker.open_case(name="Young", born="2026-05-01").id
    dead = tracker.open_case(name="Dead").id
    entered(tracker, dead, "2026-03-01", "death", {"cause": "other"})
    entered(tracker, one, "2026-06-01", "result", {"line": 2, "told_on": "2026-06-01"})
    withdrawn = tracker.undo(one, 5).event.line
    lengths = [len(tracker.log(case)) for case in (one, other, young, dead)]
    for line, to_case, why in (
        (2, young, "before the patient was born"),
        (2, dead, "names|after the patient's death|line"),
        (6, other, "speaks of line 2"),
        (5, other, "does not stand"),
        (withdrawn, other, "does not stand"),
        (99, other, "the log ends at line"),
        (2, one, "is the same patient"),
    ):
        if (line, to_case) == (2, dead):
            continue  # the report is older than the death
        with pytest.raises(Impossible, match=why):
            tracker.move(one, line, to_case)
    entered(tracker, one, "2026-06-02", "visit", SEEN)
    with pytest.raises(Impossible, match="after the patient's death"):
        tracker.move(one, 8, dead)
    assert [len(tracker.log(case)) for case in (one, other, young, dead)] == [lengths[0] + 1, *lengths[1:]]
    assert tracker.doctor() == ()


def test_nothing_is_moved_to_a_case_that_was_merged_or_between_cases_of_one_patient(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    third = tracker.open_case(name="Third").id
    entered(tracker, third, "2026-06-01", "contact", {"outcome": "reached"})
    tracker.merge(one, other)
    with pytest.raises(Conflict, match=f"lmstrack event move {third} 1 {one}"):
        tracker.move(third, 1, other)
    with pytest.raises(Impossible, match="is the same patient"):
        tracker.move(one, 5, other)
    moved = tracker.move(one, place(other, 2), third)
    assert (moved.event.case, moved.event.line) == (other, 3)
    assert tracker.log(third)[-1].record == tracker.log(other)[1].record
    assert tracker.doctor() == ()


def test_what_concerns_two_cases_has_no_other_reading(store: Store) -> None:
    tracker = at(store)
    one, other = two(tracker)
    line = tracker.merge(one, other).event.line
    for target, instead in ((line, Visit()), (5, Merge(other_case=other))):
        with pytest.raises(Impossible, match="has no other reading"):
            tracker.correct(one, target, instead=instead)
    with pytest.raises(Impossible, match="is about these cases"):
        tracker.move(one, line, tracker.open_case(name="Third").id)


def test_a_first_line_that_was_moved_pins_the_case_it_comes_to(store: Store) -> None:
    tracker = at(store)
    one, _ = two(tracker)
    empty = tracker.open_case(name="New").id
    tracker.move(one, 5, empty)
    assert tracker.log(empty)[0].workflow == tracker.workflow.pin
    assert tracker.doctor() == ()


# ---- assignments that end


def test_an_assignment_that_ended_counts_no_longer_and_who_had_the_case_has_it_again(store: Store) -> None:
    tracker = at(store)
    one, _ = two(tracker)
    entered(tracker, one, "2026-06-01", "assign", {"navigator": "navigator-a"})
    entered(tracker, one, "2026-06-10", "assign", {"navigator": "navigator-b", "until": "2026-09-10"})
    said = {
        day: {row.navigator for row in tracker.overdue(as_of=date.fromisoformat(day)).rows if row.case == one}
        for day in ("2026-09-09", "2026-09-10", "2026-09-11", "2027-01-01")
    }
    assert said == {
        "2026-09-09": {"navigator-b"},
        "2026-09-10": {"navigator-b"},
        "2026-09-11": {"navigator-a"},
        "2027-01-01": {"navigator-a"},
    }
    assert tracker.doctor() == ()
    assert at(store, "2026-12-01").doctor() == ()


# ---- what changed between two lists


def test_rows_that_a_merge_moves_from_one_case_to_the_other_have_it_as_their_cause(store: Store) -> None:
    tracker = at(store, "2026-09-01")
    one, other = two(tracker)
    entered(tracker, other, "2026-04-20", "imaging", {"region": "chest", "modality": "CT"})
    tracker.merge(one, other)
    found = tracker.diff(date(2026, 8, 31), known_at=(None, None))
    assert found.add_up
    assert {(change.row.case, change.row.strand, change.new): str(change.cause) for change in found.changes} == {
        (other, "report", False): "merge",
        (one, "report", True): "merge",
        (one, "chest_imaging", False): "merge",
    }
    assert {(change.event.case, change.event.kind) for change in found.changes if change.event is not None} == {
        (one, "merge")
    }
