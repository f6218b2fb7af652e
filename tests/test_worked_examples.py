"""The worked examples of what due and overdue mean: each row is a story or a test, and the page says which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from lmstrack.dates import Rhythm
from lmstrack.errors import Refused
from lmstrack.obligations import ObligationState
from lmstrack.plans import Plan, Strand
from lmstrack.records import Departure, read_record
from lmstrack.reports.overdue import overdue_report
from lmstrack.reports.report import About
from lmstrack.tracker import Tracker
from lmstrack.workflow import Workflow
from tests.storyteller import STORIES, WORKFLOW, stories

ROWS = 32
ROOT = Path(__file__).parent
NEWER = "leiomyosarcoma-2027.1"


def table() -> dict[int, list[str]]:
    """Row by row, what shows it, from the page about stories."""
    page = (STORIES / "README.md").read_text(encoding="utf-8")
    rows: dict[int, list[str]] = {}
    for number, shown in re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE):
        rows.setdefault(int(number), []).extend(part.strip() for part in shown.split("·"))
    return rows


def test_every_row_is_shown_by_a_story_or_by_a_test() -> None:
    told = {story["story"] for story in stories()}
    shown = table()
    assert sorted(shown) == list(range(1, ROWS + 1))
    for number, parts in shown.items():
        for part in parts:
            if not part.startswith("`"):
                assert part in told, f"row {number}: there is no story '{part}'"
                continue
            file, _, name = part.strip("`").partition("::")
            assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), f"row {number}: there is no {part}"


# ---- rows that ask for more than one patient's story


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    with opened(WORKFLOW) as ward:
        yield ward


def opened(*workflows: Workflow, today: date = date(2026, 10, 1)) -> Tracker:
    versions = {workflow.name: workflow for workflow in workflows}
    return Tracker.open("sqlite://", by="navigator-a", today=today, workflows=versions)


def told(tracker: Tracker, case: str, on: date, kind: str, **fields: Any) -> None:
    record = read_record(kind, fields)
    try:
        tracker.record(case, record, on=on)
    except Refused as refused:
        known = Departure(because="treated elsewhere", agreed_by="lead surgeon")
        tracker.record(case, record, on=on, despite={each.rule: known for each in refused.findings})


def followed(tracker: Tracker, anchor: date) -> str:
    case = tracker.open_case(name="Ann Example", born=date(1961, 3, 4), sex="female").id
    told(tracker, case, anchor - timedelta(40), "referral", site_group="extremity", size_mm=80, depth="deep")
    told(tracker, case, anchor - timedelta(20), "pathology", specimen="resection", is_lms=True, grade=3)
    told(tracker, case, anchor, "surgery", operation="wide_excision")
    told(tracker, case, anchor, "treatment_completed", next="surveillance")
    return case


def test_row_8_an_overdue_visit_that_is_booked_is_in_a_group_of_its_own(tracker: Tracker) -> None:
    case = followed(tracker, date(2026, 1, 15))
    told(tracker, case, date(2026, 5, 18), "booking", strand="clinic_review", for_date="2026-06-03")
    before, on = (tracker.overdue(as_of=day).totals for day in (date(2026, 5, 17), date(2026, 5, 20)))
    assert (on.overdue_booked - before.overdue_booked, before.overdue - on.overdue) == (1, 1)
    (row,) = (row for row in tracker.overdue(as_of=date(2026, 5, 20)).to_dicts() if row["strand"] == "clinic_review")
    assert (row["days_overdue"], row["booked_for"]) == (5, "2026-06-03")


def test_row_11_what_was_declined_for_good_is_listed_as_such(tracker: Tracker) -> None:
    case = followed(tracker, date(2026, 1, 15))
    excuse = {"strand": "chest_imaging", "standing": True, "reason": "declined", "review_on": "2026-10-01"}
    told(tracker, case, date(2026, 4, 1), "excuse", **excuse)
    found = tracker.overdue(as_of=date(2026, 10, 2))
    assert "excuse_review" in {row.strand for row in found}
    assert (found.totals.excused, found.totals.declined) == (1, 1)
    below = overdue_report(found, None, About()).below
    assert "1 excused (1 declined for good)" in below[0]


def test_row_13_what_is_handed_over_says_by_how_many_days_it_was_late(tracker: Tracker) -> None:
    case = followed(tracker, date(2026, 2, 20))
    told(tracker, case, date(2026, 6, 25), "transfer", to="north centre", status="sent")
    told(tracker, case, date(2026, 7, 1), "transfer", to="north centre", status="accepted")
    (review,) = (each for each in tracker.case(case).obligations if each.strand == "clinic_review")
    assert review.ending is not None
    assert review.due_by is not None
    assert (review.due_by, (review.ending.on - review.due_by).days) == (date(2026, 6, 20), 11)
    assert tracker.overdue().totals.excluded == {"transferred": 1}


def test_row_15_a_patient_lost_to_follow_up_stays_in_the_totals_and_is_looked_for_again_after_ninety_days(
    tracker: Tracker,
) -> None:
    case = followed(tracker, date(2026, 1, 15))
    before = tracker.overdue(as_of=date(2026, 9, 1)).totals
    told(tracker, case, date(2026, 9, 1), "lost_to_follow_up", attempts=3, review_on="2026-11-30")
    found = tracker.overdue(as_of=date(2026, 9, 1))
    assert found.totals.overdue == before.overdue
    (row,) = (row for row in found if row.strand == "clinic_review")
    assert (row.lost, (date(2026, 9, 1) - row.due_by).days if row.due_by else None) == (True, 109)
    (review,) = (each for each in tracker.case(case, as_of=date(2026, 9, 1)).current() if each.strand == "lost_review")
    assert review.due_by == date(2026, 9, 1) + timedelta(90)


# ---- row 26: a new version of the workflow


def with_second_phase(every: str) -> Workflow:
    """The released workflow with another rhythm of the clinic from the third year on, as a newer version."""

    def strand(each: Strand) -> Strand:
        if each.name != "clinic_review":
            return each
        first, second, *others = each.phases
        return replace(each, phases=(first, replace(second, every=Rhythm.parse(every), nominal=None), *others))

    def plan(each: Plan) -> Plan:
        return each if each.name != "high_grade" else replace(each, strands=tuple(map(strand, each.strands)))

    return replace(WORKFLOW, name=NEWER, plans=tuple(map(plan, WORKFLOW.plans)))


def test_row_26_the_preview_of_a_new_version_says_who_would_be_late_and_gives_everybody_time_to_catch_up() -> None:
    adopted = date(2026, 10, 1)
    with opened(WORKFLOW, with_second_phase("4 months"), today=adopted) as tracker:
        tracker._versions.newest_name = WORKFLOW.name  # what the cases began with
        cases = []
        for days in range(40):
            case = followed(tracker, date(2023, 1, 31))
            # In the second phase; without the new version none of them is due before the middle of November.
            told(
                tracker, case, date(2026, 5, 15) + timedelta(days % 15), "visit", components=["history", "examination"]
            )
            cases.append(case)
        early = followed(tracker, date(2026, 9, 1))  # in the first phase, which both versions have alike
        closed = followed(tracker, date(2023, 1, 31))
        told(tracker, closed, date(2026, 2, 1), "death", cause="other")
        empty = tracker.open_case(name="Nobody Example").id
        printed = tracker.overdue(as_of=adopted)
        known = datetime.now(UTC)
        shown = tracker.adopt(NEWER)
        past = {each.case: [change.after for change in each.due] for each in shown.cases if each.gives_time}
        assert list(past) == cases
        assert {(due.strand, due.due_by, due.catch_up) for due in chain(*past.values())} == {  # type: ignore[union-attr]
            ("clinic_review", date(2026, 10, 15), True)
        }
        assert [(each.case, each.due) for each in shown.cases if not each.gives_time] == [(early, ())]
        assert (shown.looked_at, shown.already, shown.add_up) == (43, 0, True)
        assert shown.left_out == {"died": 1, "nothing recorded yet": 1}
        assert list(tracker.overdue(as_of=adopted)) == list(printed)  # a preview writes nothing
        done = tracker.adopt(NEWER, commit=True)
        assert [each._replace(line=None) for each in done.cases] == list(shown.cases)
        assert all(tracker.log(each.case)[-1].line == each.line for each in done.cases)
        reviews = [row for row in tracker.overdue(as_of=date(2026, 10, 16)) if row.strand == "clinic_review"]
        assert [row.case for row in reviews] == cases
        assert {row.due_by for row in reviews} == {date(2026, 10, 15)}
        again = tracker.overdue(as_of=adopted, known_at=known)
        assert (list(again), again.totals) == (list(printed), printed.totals)
        assert tracker.adopt(NEWER).already == 41
        assert tracker.adopt(NEWER, [closed]).cases[0].case == closed  # who has left is moved only where named
        assert tracker.adopt(NEWER, [empty]).left_out == {"nothing recorded yet": 1}
        assert tracker.doctor() == ()


def test_row_31_what_the_source_is_silent_about_is_undetermined_and_counted() -> None:
    def silent(each: Strand) -> Strand:
        return each if each.name != "chest_imaging" else replace(each, phases=())

    plans = tuple(replace(plan, strands=tuple(map(silent, plan.strands))) for plan in WORKFLOW.plans)
    with opened(replace(WORKFLOW, plans=plans)) as tracker:
        case = followed(tracker, date(2026, 1, 15))
        (chest,) = (each for each in tracker.case(case).current() if each.strand == "chest_imaging")
        assert chest.state(date(2026, 10, 1)) is ObligationState.UNDETERMINED
        assert (chest.due_from, chest.due_by) == (None, None)
        found = tracker.overdue()
        assert (found.totals.undetermined, found.totals.add_up) == (1, True)
        assert "1 undetermined" in overdue_report(found, None, About()).below[0]
