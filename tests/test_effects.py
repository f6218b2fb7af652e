"""What an entry changes: the whole difference, each due date with its reason."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack.case import Case, assess
from lmstrack.effects import Effect, effect
from lmstrack.events import Event
from lmstrack.reports.effects import effect_fields, effect_lines
from tests.storyteller import WORKFLOWS
from tests.test_differences import FOLLOWED, line
from tests.test_laws import logs


def case(log: list[Event], as_of: str) -> Case:
    return assess(None, log, WORKFLOWS, date.fromisoformat(as_of))


def of(event: Event, as_of: str, log: list[Event] = FOLLOWED) -> Effect:
    return effect(case(log, as_of), case([*log, event], as_of))


def why(found: Effect, strand: str) -> str:
    [change] = [each for each in found.due if each.strand == strand]
    return change.why


def test_a_visit_fulfils_its_window_and_opens_the_next() -> None:
    found = of(line(5, "2026-05-02", "visit", components=["history", "examination"]), "2026-05-02")
    [change] = [each for each in found.due if each.strand == "clinic_review"]
    assert change.before is not None
    assert change.after is not None
    assert (change.before.due_by, change.after.due_by) == (date(2026, 5, 15), date(2026, 9, 2))
    assert change.why.startswith("fulfilled 2 May 2026 by line 5")
    assert "counted from 2 May 2026 instead of 15 Jan 2026" in change.why


def test_a_death_closes_everything_and_moves_the_case() -> None:
    found = of(line(5, "2026-05-02", "death"), "2026-05-02")
    assert found.state == ("surveillance", "closed")
    assert {each.after for each in found.due} == {None}
    assert all(each.why.startswith("closed 2 May 2026 by line 5") for each in found.due)


def test_an_amended_grade_tells_the_plan_and_the_time_to_catch_up() -> None:
    low = [
        FOLLOWED[0],
        line(
            2,
            "2025-12-01",
            "pathology",
            specimen="biopsy",
            histology="8890/3",
            grade=1,
            reviewed_by_sarcoma_pathologist=True,
        ),
        *FOLLOWED[2:],
    ]
    refined = line(
        5,
        "2026-06-20",
        "correct",
        line=2,
        nature="refined",
        because="amended report",
        instead={
            "on": "2025-12-01",
            "kind": "pathology",
            "specimen": "biopsy",
            "histology": "8890/3",
            "grade": 3,
            "reviewed_by_sarcoma_pathologist": True,
        },
    )
    said = why(of(refined, "2026-06-20", low), "clinic_review")
    assert said == "plan high_grade instead of low_grade; time to catch up, since the duty became known late"


def test_a_booking_shows_its_day_and_moves_nothing() -> None:
    found = of(line(5, "2026-05-20", "booking", strand="clinic_review", for_date="2026-06-03"), "2026-05-20")
    assert why(found, "clinic_review") == "booked for 3 Jun 2026"
    assert found.state is None


def test_a_second_scan_without_a_report_is_chased_beside_the_first() -> None:
    first = line(5, "2026-05-02", "imaging", region="chest", modality="CT")
    found = of(line(6, "2026-05-03", "imaging", region="other", modality="CT"), "2026-05-04", [*FOLLOWED, first])
    [change] = [each for each in found.due if each.strand == "report"]
    assert (change.before, change.why) == (None, "opened by line 6")


def test_a_suspected_recurrence_asks_and_changes_no_due_date_of_the_follow_up() -> None:
    found = of(line(5, "2026-05-02", "recurrence", status="suspected"), "2026-05-02")
    assert [ask.fact for ask in found.asks] == ["recurrence"]
    assert [each.strand for each in found.due if each.strand == "clinic_review"] == []


def test_what_changes_nothing_says_so_in_a_line() -> None:
    found = of(line(5, "2026-05-02", "assign", navigator="navigator-b"), "2026-05-02")
    assert found.is_nothing
    [said] = effect_lines(found, date(2026, 5, 2))
    assert said.startswith("Nothing else changes")


def test_every_change_is_told_to_people_and_to_programs() -> None:
    found = of(line(5, "2026-05-02", "death"), "2026-05-02")
    lines = list(effect_lines(found, date(2026, 5, 2)))
    fields = effect_fields(found, date(2026, 5, 2))
    assert lines[0] == "State: surveillance becomes closed."
    assert len([each for each in lines if each.startswith("Due: ")]) == len(fields["due"])  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(logs, st.integers(0, 365 * 7))
def test_there_is_an_effect_exactly_where_something_differs_and_it_undoes_itself(log: list[Event], after: int) -> None:
    as_of = date.fromordinal(date(2021, 1, 31).toordinal() + after)
    one, other = (assess(None, lines, WORKFLOWS, as_of) for lines in (log[:-1], log))
    there, back = effect(one, other), effect(other, one)
    assert effect(one, one).is_nothing
    changed = sorted((each.course, each.strand, str((each.before, each.after))) for each in there.due)
    assert sorted((each.course, each.strand, str((each.after, each.before))) for each in back.due) == changed
    assert all(each.why for each in there.due)
    assert (there.findings, there.asks_gone) == (back.findings_gone, back.asks)
