"""Obligations strand by strand, whole: on the short way of a strand that nobody spoke of, and on the long one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from lmstrack.case import assess
from lmstrack.dates import Interval, Rhythm
from lmstrack.events import Event
from lmstrack.obligations import Ending, Obligation, ObligationState
from lmstrack.plans import Phase, Plan, Strand
from lmstrack.records import read_record
from tests.storyteller import WORKFLOW

if TYPE_CHECKING:
    from lmstrack.workflow import Workflow

#: A word that changes nothing, and yet makes every strand one that somebody spoke of.
WORD = ("2026-01-16", "resume", {})
BEGINNING = (
    ("2025-12-01", "referral", {"site_group": "extremity", "size_mm": 80, "depth": "deep"}),
    ("2025-12-20", "pathology", {"specimen": "resection", "is_lms": True, "grade": 3}),
    ("2026-01-15", "surgery", {"operation": "wide_excision"}),
    ("2026-01-15", "treatment_completed", {"next": "surveillance"}),
)
START = date(2026, 1, 15)
TYPED_AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
BOTH = {"components": ["history", "examination"]}
CHEST = {"region": "chest", "modality": "CT"}
both_ways = pytest.mark.parametrize("words", [(), (WORD,)], ids=["nobody spoke of it", "somebody spoke of it"])
Told = tuple[str, str, dict[str, Any]]


def obligations(strand: str, *told: Told, words: tuple[Told, ...] = (), workflow: Workflow = WORKFLOW) -> Any:
    """What one strand of a patient who is followed up leaves; the lines are numbered from 1, the words come last."""
    log = []
    for line, (on, kind, fields) in enumerate((*BEGINNING, *told, *words), start=1):
        record = read_record(kind, fields)
        exact = len(on) == len("2026-01-15")
        day = date.fromisoformat(on if exact else f"{on}-01")
        at = TYPED_AT.replace(second=line)
        name = WORKFLOW.name if line == 1 else None
        precision = "day" if exact else "month"
        log.append(Event("LMS-0001-2", line, day, record, at, "navigator-a", precision, workflow=name))
    case = assess(None, log, workflow, date(2029, 1, 1))
    return sorted((each for each in case.obligations if each.strand == strand), key=lambda each: each.occurrence)


def with_strand(name: str, **given: Any) -> Workflow:
    """The released workflow with other phases of one strand of the plan after a high-grade tumour."""

    def strand(each: Strand) -> Strand:
        return replace(each, **given) if each.name == name else each

    def plan(each: Plan) -> Plan:
        return replace(each, strands=tuple(map(strand, each.strands))) if each.name == "high_grade" else each

    return replace(WORKFLOW, plans=tuple(map(plan, WORKFLOW.plans)))


def seen(each: Obligation) -> tuple[Any, ...]:
    """What names an obligation, when it is due, and how it ended."""
    ended = None if each.ending is None else (str(each.ending.state), each.ending.on, each.ending.line)
    return (each.occurrence, each.since, each.counts_from, each.due_from, each.due_by, ended)


@both_ways
def test_where_the_source_gives_no_interval_it_is_open_without_dates_until_it_is_done_once(
    words: tuple[Told, ...],
) -> None:
    silent = with_strand("chest_imaging", phases=())
    [left] = obligations("chest_imaging", words=words, workflow=silent)
    strand = next(each for plan in WORKFLOW.plans if plan.name == "high_grade" for each in plan.strands[1:])
    whole = Obligation(
        case="LMS-0001-2",
        course=1,
        strand="chest_imaging",
        occurrence=4,
        group="surveillance",
        rule=strand.rule,
        source=strand.cites,
        plan="high_grade",
        since=START,
        counts_from=None,
        due_from=None,
        due_by=None,
        current_from=START,
        next_action=strand.next_action,
    )
    assert left == whole
    assert left.state(date(2029, 1, 1)) is ObligationState.UNDETERMINED
    done = ("2026-02-01", "imaging", CHEST)
    [fulfilled] = obligations("chest_imaging", done, ("2026-08-01", "imaging", CHEST), words=words, workflow=silent)
    ending = Ending(ObligationState.FULFILLED, date(2026, 2, 1), 5)
    assert fulfilled == whole._replace(ending=ending, current_until=date(2026, 1, 31))


@both_ways
def test_after_the_last_phase_of_a_strand_nothing_follows(words: tuple[Told, ...]) -> None:
    half_a_year = (Phase(Rhythm.parse("3-4 months"), Interval.parse("6 months")),)
    ending = with_strand("chest_imaging", phases=half_a_year)
    first = (4, START, date(2026, 3, 1), date(2026, 4, 15), date(2026, 5, 15))
    inside, after = ("2026-05-10", "imaging", CHEST), ("2026-07-15", "imaging", CHEST)
    left = obligations("chest_imaging", inside, words=words, workflow=ending)
    assert [seen(each) for each in left] == [
        (*first, ("fulfilled", date(2026, 5, 10), 5)),
        (5, date(2026, 5, 10), date(2026, 6, 25), date(2026, 8, 10), date(2026, 9, 10), None),
    ]
    for later in ((), (("2026-12-01", "imaging", CHEST),)):
        left = obligations("chest_imaging", after, *later, words=words, workflow=ending)
        assert [seen(each) for each in left] == [(*first, ("fulfilled", date(2026, 7, 15), 5))]


@both_ways
def test_what_is_expected_once_is_done_once(words: tuple[Told, ...]) -> None:
    mri = ("2026-05-01", "imaging", {"region": "primary", "modality": "MRI"})
    again = ("2026-09-01", "imaging", {"region": "primary", "modality": "MRI"})
    left = obligations("local_imaging", mri, again, words=words)
    assert [seen(each) for each in left] == [
        (4, START, date(2026, 3, 1), date(2026, 4, 15), date(2026, 7, 15), ("fulfilled", date(2026, 5, 1), 5))
    ]


@both_ways
def test_rehabilitation_that_begins_again_in_a_month_is_due_by_its_last_day(words: tuple[Told, ...]) -> None:
    over = ("2026-04-01", "rehabilitation", {"phase": "maximal_function"})
    again = ("2026-06", "rehabilitation", {"phase": "started"})
    ended, open_again = obligations("rehabilitation_review", over, again, words=words)
    assert seen(ended)[-1] == ("fulfilled", date(2026, 4, 1), 5)
    june = date(2026, 6, 1)
    assert seen(open_again) == (6, june, date(2026, 7, 3), date(2026, 8, 4), date(2026, 9, 30), None)
    assert (open_again.at_risk_from, open_again.current_from, open_again.last_done) == (date(2026, 9, 1), june, june)


@both_ways
def test_who_returns_with_a_visit_is_due_from_that_visit_which_was_the_last_one_done(
    words: tuple[Told, ...],
) -> None:
    left_on, back = ("2026-03-01", "discharge", {}), ("2026-09-01", "visit", BOTH)
    closed, open_again = obligations("clinic_review", left_on, back, words=words)
    assert seen(closed)[-1] == ("closed", date(2026, 3, 1), 5)
    returned = date(2026, 9, 1)
    assert seen(open_again) == (6, returned, date(2026, 10, 17), date(2026, 12, 1), date(2027, 1, 1), None)
    assert (open_again.last_done, open_again.current_from) == (returned, returned)
    *_, done, following = obligations("clinic_review", left_on, back, ("2026-12-24", "visit", BOTH), words=words)
    assert done == open_again._replace(
        ending=Ending(ObligationState.FULFILLED, date(2026, 12, 24), 7), current_until=date(2026, 12, 23)
    )
    assert (following.occurrence, following.last_done) == (7, date(2026, 12, 24))


@both_ways
def test_rehabilitation_without_an_interval_that_begins_again_was_last_done_then(words: tuple[Told, ...]) -> None:
    silent = with_strand("rehabilitation_review", phases=())
    over = ("2026-04-01", "rehabilitation", {"phase": "maximal_function"})
    again = ("2026-06-10", "rehabilitation", {"phase": "started"})
    _, open_again = obligations("rehabilitation_review", over, again, words=words, workflow=silent)
    assert seen(open_again) == (6, date(2026, 6, 10), None, None, None, None)
    assert open_again.last_done == date(2026, 6, 10)


@both_ways
def test_what_was_done_on_the_day_that_starts_the_clock_belongs_to_what_went_before(words: tuple[Told, ...]) -> None:
    counted = {**BOTH, "counts": True, "because": "seen"}
    [left] = obligations("clinic_review", ("2026-01-15", "visit", counted), words=words)
    assert (seen(left)[0], seen(left)[-1], left.last_done) == (4, None, None)
    done, following = obligations("clinic_review", ("2026-01-17", "visit", counted), words=words)
    assert (seen(done)[-1], seen(following)[0]) == (("fulfilled", date(2026, 1, 17), 5), 5)


# ---- a treatment in between holds the strands


HELD = ("2026-03-01", "radiotherapy", {"timing": "palliative", "dose_gy": 8, "fractions": 1})
RESUMED = ("2026-06-20", "treatment_completed", {"next": "surveillance"})


def test_what_was_done_while_a_treatment_held_the_strand_keeps_its_own_last_day() -> None:
    done, following = obligations("clinic_review", HELD, ("2026-05-20", "visit", BOTH), RESUMED)
    assert seen(done) == (
        *(4, START, date(2026, 3, 1), date(2026, 4, 15), date(2026, 5, 15)),
        ("fulfilled", date(2026, 5, 20), 6),
    )
    assert done.days_late() == 5
    assert (following.occurrence, following.due_by) == (6, date(2026, 9, 20))


@pytest.mark.parametrize(("on", "due_by"), [("2026-06-19", date(2026, 5, 15)), ("2026-06-20", date(2026, 7, 4))])
def test_from_the_day_that_the_treatment_is_over_there_is_time_to_catch_up(on: str, due_by: date) -> None:
    done, *_ = obligations("clinic_review", HELD, (on, "visit", BOTH), RESUMED)
    assert (done.due_by, done.ending and done.ending.on) == (due_by, date.fromisoformat(on))


def test_what_opens_on_the_day_that_the_treatment_is_over_may_be_due_no_sooner_than_the_time_to_catch_up() -> None:
    weekly = with_strand("clinic_review", phases=(Phase(Rhythm.parse("1 week")),))
    for on, due_by in (("2026-06-20", date(2026, 7, 4)), ("2026-06-21", date(2026, 6, 28))):
        *_, following = obligations("clinic_review", HELD, (on, "visit", BOTH), RESUMED, workflow=weekly)
        assert (following.current_from, following.due_by) == (date.fromisoformat(on), due_by)


def test_a_strand_that_is_over_has_nothing_to_catch_up() -> None:
    over = ("2026-02-20", "rehabilitation", {"phase": "maximal_function"})
    [ended] = obligations("rehabilitation_review", over, HELD, RESUMED)
    assert seen(ended)[-1] == ("fulfilled", date(2026, 2, 20), 5)


# ---- what was declined


DECLINED = {"strand": "clinic_review", "reason": "declined"}
NO_MORE_SCANS = {"strand": "chest_imaging", "reason": "declined", "standing": True, "review_on": "2026-10-01"}


def test_a_visit_after_the_window_that_was_declined_serves_the_next_one() -> None:
    excuse = ("2026-05-01", "excuse", DECLINED)
    excused, done, following = obligations("clinic_review", excuse, ("2026-08-20", "visit", BOTH))
    assert seen(excused)[-1] == ("excused", date(2026, 5, 1), 5)
    assert (done.occurrence, done.since, done.current_from) == (5, date(2026, 5, 15), date(2026, 5, 16))
    assert (seen(done)[-1], following.occurrence) == (("fulfilled", date(2026, 8, 20), 6), 6)


def test_a_declined_window_that_had_passed_when_the_treatment_was_over_gets_no_time_to_catch_up() -> None:
    excuse, visit = ("2026-05-01", "excuse", DECLINED), ("2026-08-20", "visit", BOTH)
    excused, done, _ = obligations("clinic_review", HELD, excuse, RESUMED, visit)
    assert (excused.due_by, seen(excused)[-1]) == (date(2026, 5, 15), ("excused", date(2026, 5, 1), 6))
    assert (done.current_from, done.due_by) == (date(2026, 5, 16), date(2026, 9, 15))


def test_what_is_done_all_the_same_within_the_window_that_was_declined_serves_it() -> None:
    for on in ("2026-05-14", "2026-05-15"):
        done, following = obligations("clinic_review", ("2026-05-01", "excuse", DECLINED), (on, "visit", BOTH))
        assert (seen(done)[0], seen(done)[-1]) == (4, ("fulfilled", date.fromisoformat(on), 6))
        assert following.occurrence == 6


@pytest.mark.parametrize(
    ("told", "result", "declined"),
    [
        ({}, None, False),
        ({"evidence": "patient_said"}, None, True),
        ({"evidence": "patient_said"}, {"line": 6, "evidence": "report"}, False),
        ({"region": "brain"}, None, True),
    ],
    ids=["a scan", "hearsay", "hearsay that a report confirms", "a scan of another region"],
)
def test_a_scan_long_before_it_is_due_shows_that_scans_are_declined_no_longer(
    told: dict[str, Any], result: dict[str, Any] | None, declined: bool
) -> None:
    refused, early = ("2026-02-01", "excuse", NO_MORE_SCANS), ("2026-02-10", "imaging", {**CHEST, **told})
    later = () if result is None else (("2026-02-20", "result", result),)
    [left] = obligations("chest_imaging", refused, early, *later)
    assert (seen(left)[-1] is not None) is declined


def test_what_is_said_after_the_window_that_was_declined_is_said_of_the_next_one() -> None:
    excuse, call = ("2026-05-01", "excuse", DECLINED), {"strand": "clinic_review", "outcome": "reached"}
    for on, contacts in (("2026-05-15", [1, 0]), ("2026-05-16", [0, 1])):
        left = obligations("clinic_review", excuse, (on, "contact", call))
        assert [each.contacts for each in left] == contacts


# ---- what was said between the operation, from which the clock runs, and the summary that started it

SAID_OF_IT: dict[str, dict[str, Any]] = {
    "did_not_attend": {"strand": "clinic_review"},
    "contact": {"strand": "clinic_review", "outcome": "reached"},
    "excuse": DECLINED,
}
SUMMARY = ("2026-03-20", "treatment_completed", {"next": "surveillance"})


def not_summed_up_yet(*told: Told) -> Obligation:
    """The review of a patient whose clock runs from an operation on 1 March, and whose summary is of the 20th."""
    again = ("2026-03-01", "surgery", {"operation": "re_excision"})
    [left] = [each for each in obligations("clinic_review", again, SUMMARY, *told) if each.occurrence == 6]
    assert left.since == date(2026, 3, 1)
    return left


@pytest.mark.parametrize("kind", SAID_OF_IT)
def test_what_is_said_of_one_obligation_before_it_was_opened_is_said_of_nothing(kind: str) -> None:
    untouched = not_summed_up_yet()
    assert not_summed_up_yet(("2026-03-19", kind, SAID_OF_IT[kind])) == untouched
    assert not_summed_up_yet(("2026-03-21", kind, SAID_OF_IT[kind])) != untouched


@pytest.mark.parametrize(
    ("on", "for_date"),
    [("2026-02-28", None), ("2026-03-01", date(2026, 6, 10)), ("2026-03-19", date(2026, 6, 10))],
)
def test_a_booking_holds_from_the_day_that_the_clock_runs_from(on: str, for_date: date | None) -> None:
    booking = (on, "booking", {"strand": "clinic_review", "for_date": "2026-06-10"})
    assert not_summed_up_yet(booking).booked_for == for_date


def test_a_refusal_for_good_holds_also_where_it_was_told_before_the_obligation_was_opened() -> None:
    refused = {**DECLINED, "standing": True, "review_on": "2026-10-01"}
    assert seen(not_summed_up_yet(("2026-03-19", "excuse", refused)))[-1] == ("excused", date(2026, 3, 19), 7)


# ---- which strands run


def test_where_no_plan_fits_no_strand_runs() -> None:
    assert obligations("clinic_review", workflow=replace(WORKFLOW, plans=())) == []


def test_a_strand_that_does_not_concern_the_tumour_leaves_those_that_stand_after_it() -> None:
    backwards = tuple(replace(plan, strands=plan.strands[::-1]) for plan in WORKFLOW.plans)
    elsewhere = ("2026-01-10", "consultation", {"site_group": "head_neck"})
    running = {
        name: len(obligations(name, elsewhere, workflow=replace(WORKFLOW, plans=backwards)))
        for name in ("rehabilitation_review", "local_imaging", "chest_imaging", "clinic_review")
    }
    assert running == {"rehabilitation_review": 0, "local_imaging": 1, "chest_imaging": 1, "clinic_review": 1}
