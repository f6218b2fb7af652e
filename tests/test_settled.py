"""Settled points that no single story can tell: counts over a cohort, values of fields, a newer guideline."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from lmstrack.case import assess
from lmstrack.dates import PartialDate, Rhythm
from lmstrack.errors import InvalidData
from lmstrack.events import Event
from lmstrack.listing import listed
from lmstrack.lists import totals_of
from lmstrack.records import Departure, read_person, read_record
from lmstrack.rules import Strength
from tests.storyteller import WORKFLOW, case_told, stories

if TYPE_CHECKING:
    from lmstrack.case import Case
    from lmstrack.workflow import Workflow

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
REFERRED = ("2026-03-02", "referral", {"site_group": "extremity", "size_mm": 80, "depth": "deep"})
SCANNED = ("2026-03-09", "imaging", {"region": "primary", "modality": "MRI", "adequate": True})
BIOPSY = {"method": "core", "centre_designated": True, "track_planned_with_surgeon": True}


def case_of(
    *told: tuple[str, str, dict[str, object]],
    as_of: str = "2026-12-31",
    despite: dict[str, Departure] | None = None,
    workflows: dict[str, Workflow] | None = None,
) -> Case:
    """A case from its entries; *despite* stands on the last of them."""
    log = []
    for line, (on, kind, fields) in enumerate(told, start=1):
        when = PartialDate.parse(on)
        log.append(
            Event(
                case="LMS-0001-2",
                line=line,
                on=when.first,
                precision=when.precision,
                record=read_record(kind, fields),
                recorded_at=NOON,
                recorded_by="navigator-a",
                departures=despite if despite and line == len(told) else {},
                workflow=WORKFLOW.name if line == 1 else None,
            )
        )
    person = read_person({"born": "1961-03-04", "sex": "female"})
    return assess(person, log, workflows or WORKFLOW, date.fromisoformat(as_of))


# ---- every move


def test_every_move_of_the_workflow_is_made_in_some_story() -> None:
    told = [case_told(story) for story in stories() if "moves" in story]
    made = {(step.move.by, step.move.says) for case in told for step in case.steps if step.move is not None}
    assert made == {(move.by, move.says) for move in WORKFLOW.pathway.moves}


# ---- 12: a case counts once per rule, with its worst answer


def test_a_case_counts_once_per_rule_with_its_worst_answer() -> None:
    case = case_of(
        REFERRED,
        ("2026-03-05", "biopsy", BIOPSY),
        SCANNED,
        ("2026-03-16", "biopsy", BIOPSY),
    )
    assert case.verdicts()["LMS-DX-01"] == "not met"
    assert case.verdicts()["LMS-DX-06"] == "met"


def test_not_met_is_worse_than_unknown_and_unknown_worse_than_a_departure() -> None:
    excused = {"LMS-DX-06": Departure(because="taken elsewhere", agreed_by="lead surgeon")}
    unsaid = {**BIOPSY, "track_planned_with_surgeon": None}
    unplanned = {**BIOPSY, "track_planned_with_surgeon": False}
    departed = case_of(
        REFERRED,
        SCANNED,
        ("2026-03-16", "biopsy", BIOPSY),
        ("2026-03-17", "biopsy", unplanned),
        despite=excused,
    )
    unknown = case_of(
        REFERRED,
        SCANNED,
        ("2026-03-16", "biopsy", unsaid),
        ("2026-03-17", "biopsy", unplanned),
        despite=excused,
    )
    not_met = case_of(REFERRED, SCANNED, ("2026-03-16", "biopsy", unsaid), ("2026-03-17", "biopsy", unplanned))
    assert [each.verdicts()["LMS-DX-06"] for each in (departed, unknown, not_met)] == [
        "departure",
        "unknown",
        "not met",
    ]


def test_a_rule_that_never_came_up_is_not_asked_and_a_departure_from_a_rule_that_is_met_is_met() -> None:
    needless = {"LMS-DX-06": Departure(because="to be safe", agreed_by="lead surgeon")}
    case = case_of(REFERRED, SCANNED, ("2026-03-16", "biopsy", BIOPSY), despite=needless)
    assert case.verdicts()["LMS-DX-06"] == "met"
    assert "LMS-MD-01" not in case.verdicts()
    assert case.departures == ()
    assert "departure_review" not in {ask.fact for ask in case.asks}


# ---- 10: advisory rules warn, and rules of follow-up only show windows


def test_rules_of_follow_up_have_no_check_and_bind_nobody() -> None:
    following = [rule for name, rule in WORKFLOW.rules.items() if name.startswith(("LMS-FU-", "LMS-OP-"))]
    assert len(following) >= 7
    assert {(rule.check, rule.strength) for rule in following} == {(None, Strength.ADVISORY)}


# ---- 21: counting


FOLLOWED = (
    REFERRED,
    ("2026-03-20", "pathology", {"specimen": "biopsy", "is_lms": True, "grade": 3}),
    ("2026-04-20", "surgery", {"operation": "wide_excision"}),
    ("2026-05-20", "treatment_completed", {"next": "surveillance"}),
)


@pytest.mark.parametrize(
    ("as_of", "overdue", "booked"),
    [("2026-08-21", 1, 0), ("2026-08-25", 0, 1), ("2026-09-01", 0, 1), ("2026-09-02", 1, 0)],
)
def test_a_booking_counts_while_its_day_is_not_past(as_of: str, overdue: int, booked: int) -> None:
    case = case_of(
        *FOLLOWED,
        ("2026-08-24", "booking", {"strand": "clinic_review", "for_date": "2026-09-01"}),
        ("2026-07-01", "rehabilitation", {"phase": "declined"}),
        as_of=as_of,
    )
    totals = totals_of([(case, listed(case))], case.as_of)
    assert (totals.overdue, totals.overdue_booked) == (overdue, booked)
    assert totals.add_up
    assert (totals.with_obligation, totals.without_obligation, totals.cases) == (1, 0, 1)


@pytest.mark.parametrize(("as_of", "excused", "upcoming"), [("2026-08-20", 1, 1), ("2026-08-21", 0, 2)])
def test_an_excuse_counts_until_its_last_day(as_of: str, excused: int, upcoming: int) -> None:
    case = case_of(
        *FOLLOWED,
        ("2026-08-01", "excuse", {"strand": "clinic_review", "reason": "declined"}),
        ("2026-07-30", "imaging", {"region": "chest", "modality": "CT", "outcome": "no_disease"}),
        ("2026-07-30", "imaging", {"region": "primary", "modality": "MRI", "outcome": "no_disease"}),
        ("2026-07-01", "rehabilitation", {"phase": "declined"}),
        as_of=as_of,
    )
    totals = totals_of([(case, listed(case))], case.as_of)
    assert (totals.excused, totals.upcoming, totals.in_scope) == (excused, upcoming, 2)


def test_a_patient_who_died_is_excluded_with_the_reason_and_nothing_of_hers_is_counted() -> None:
    case = case_of(*FOLLOWED, ("2026-09-10", "death", {"cause": "other"}))
    totals = totals_of([(case, listed(case))], case.as_of)
    assert (totals.in_scope, totals.excluded, totals.with_obligation) == (0, {"died": 1}, 0)
    assert totals.add_up


def test_a_patient_who_waits_for_the_next_step_has_an_obligation_that_no_state_of_the_list_counts() -> None:
    case = case_of(REFERRED)
    totals = totals_of([(case, listed(case))], case.as_of)
    assert (totals.in_scope, totals.with_obligation, totals.without_obligation, totals.cases) == (0, 1, 0, 1)


def test_a_patient_for_whom_nothing_is_due_is_counted_as_such() -> None:
    case = case_of(REFERRED, workflows={WORKFLOW.name: replace(WORKFLOW, expectations=())})
    totals = totals_of([(case, listed(case))], case.as_of)
    assert (totals.in_scope, totals.without_obligation, totals.cases) == (0, 1, 1)


# ---- 23: the values of fields


@pytest.mark.parametrize(
    ("field", "value"),
    [("t", "5"), ("t", "0a"), ("t", "1c"), ("n", "2"), ("n", "1a"), ("m", "2"), ("m", "X")],
)
def test_a_stage_that_does_not_exist_is_refused(field: str, value: str) -> None:
    with pytest.raises(InvalidData):
        read_record("staging", {field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("t", "0"),
        ("t", "1a"),
        ("t", "4b"),
        ("t", "X"),
        ("t", 2),
        ("n", "0"),
        ("n", "1"),
        ("n", "X"),
        ("m", "0"),
        ("m", 1),
    ],
)
def test_a_stage_is_text_also_where_a_number_was_typed(field: str, value: object) -> None:
    assert getattr(read_record("staging", {field: value}), field) == str(value)


def test_palliative_care_needs_the_day_on_which_it_is_looked_at_again() -> None:
    with pytest.raises(InvalidData, match="review_on"):
        read_record("treatment_completed", {"next": "palliative_care"})
    assert read_record("treatment_completed", {"next": "palliative_care", "review_on": "2026-06-29"}).kind


# ---- a newer guideline


def test_what_is_dated_before_a_newer_guideline_was_adopted_stays_judged_by_the_old_one() -> None:
    rule = replace(WORKFLOW.rules["LMS-DX-01"], strength=Strength.ADVISORY)
    newer = replace(WORKFLOW, name="leiomyosarcoma-2027.1", rules={**WORKFLOW.rules, "LMS-DX-01": rule})
    case = case_of(
        REFERRED,
        ("2026-03-05", "biopsy", BIOPSY),
        ("2026-03-10", "adopt_workflow", {"workflow": newer.name}),
        ("2026-03-16", "biopsy", BIOPSY),
        workflows={WORKFLOW.name: WORKFLOW, newer.name: newer},
    )
    judged = [
        (finding.on, finding.strength)
        for step in case.steps
        for finding in step.findings()
        if finding.rule == "LMS-DX-01"
    ]
    assert judged == [(date(2026, 3, 5), Strength.MANDATORY), (date(2026, 3, 16), Strength.ADVISORY)]
    assert case.workflow == newer.name


@pytest.mark.parametrize(("as_of", "late"), [("2026-10-15", None), ("2026-10-16", 1)])
def test_a_newer_guideline_gives_time_to_catch_up_from_the_day_of_its_adoption(as_of: str, late: int | None) -> None:
    (plan,) = (each for each in WORKFLOW.plans if each.name == "high_grade")
    review = plan.strands[0]
    sooner = tuple(replace(each, every=Rhythm.parse("2 months"), nominal=None) for each in review.phases)
    closer = replace(plan, strands=(replace(review, phases=sooner), *plan.strands[1:]))
    newer = replace(
        WORKFLOW, name="leiomyosarcoma-2027.1", plans=tuple(closer if each is plan else each for each in WORKFLOW.plans)
    )
    case = case_of(
        *FOLLOWED,
        ("2026-07-25", "visit", {"components": ["history", "examination"]}),
        ("2026-10-01", "adopt_workflow", {"workflow": newer.name}),
        as_of=as_of,
        workflows={WORKFLOW.name: WORKFLOW, newer.name: newer},
    )
    (due,) = (each for each in case.current() if each.strand == "clinic_review")
    assert (due.due_by, due.catch_up) == (date(2026, 10, 15), True)
    assert due.days_overdue(case.as_of) == late
