from __future__ import annotations

from datetime import date

import pytest

from lmstrack.dates import Interval, Rhythm, add_months
from lmstrack.nominal import last_boundary, nominal_visits
from lmstrack.plans import Phase, Plan, Service, Strand
from lmstrack.rules import Source
from lmstrack.workflow import load_workflow

SOURCE = Source("seed", "Follow-Up Protocol", "6")
ANCHOR = date(2026, 1, 31)


def strand(
    *phases: tuple[str, str | None], name: str = "clinic_review", once: bool = False, **selects: object
) -> Strand:
    return Strand(
        name=name,
        rule="LMS-FU-01",
        says="Examined.",
        source=SOURCE,
        done_by=Service("visit"),
        phases=tuple(
            Phase(Rhythm.parse(every), None if until is None else Interval.parse(until), once)
            for every, until in phases
        ),
        selects={fact: frozenset([value]) for fact, value in selects.items()},
    )


def plan(*strands: Strand) -> Plan:
    return Plan("high_grade", "High grade.", "surveillance", {}, strands, SOURCE)


HIGH = plan(strand(("3-4 months", "3 years"), ("6 months", "5 years"), ("1 year", None)))


def test_a_high_grade_tumour_has_21_clinic_visits_in_ten_years() -> None:
    visits = nominal_visits(HIGH, ANCHOR, date(2036, 1, 31))
    assert len(visits) == 21
    assert [visit.phase for visit in visits] == [1] * 12 + [2] * 4 + [3] * 5
    assert [visit.number for visit in visits] == list(range(1, 22))


def test_every_day_is_counted_from_the_anchor_in_one_step() -> None:
    days = [visit.on for visit in nominal_visits(HIGH, ANCHOR, date(2032, 1, 31))]
    months = [*range(3, 37, 3), 42, 48, 54, 60, 72]
    assert days == [add_months(ANCHOR, month) for month in months]
    assert days[:4] == [date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 31), date(2027, 1, 31)]
    assert date(2029, 1, 31) in days
    assert date(2029, 7, 31) in days


def test_a_visit_on_the_boundary_belongs_to_the_earlier_phase() -> None:
    [boundary] = [visit for visit in nominal_visits(HIGH, ANCHOR, date(2030, 1, 1)) if visit.on == date(2029, 1, 31)]
    assert (boundary.phase, boundary.after) == (1, "36 months")


def released(name: str, anchor: date, until: date) -> list[date]:
    """The nominal clinic reviews of a plan of the released file."""
    [found] = [each for each in load_workflow("leiomyosarcoma-2026.1").plans if each.name == name]
    return [visit.on for visit in nominal_visits(found, anchor, until) if visit.strand == "clinic_review"]


def test_the_released_plan_after_a_high_grade_tumour_has_the_days_of_the_rulebook() -> None:
    assert released("high_grade", ANCHOR, date(2036, 1, 31)) == [
        *(date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 31), date(2027, 1, 31)),
        *(date(2027, 4, 30), date(2027, 7, 31), date(2027, 10, 31), date(2028, 1, 31)),
        *(date(2028, 4, 30), date(2028, 7, 31), date(2028, 10, 31), date(2029, 1, 31)),
        *(date(2029, 7, 31), date(2030, 1, 31), date(2030, 7, 31), date(2031, 1, 31)),
        *(date(2032, 1, 31), date(2033, 1, 31), date(2034, 1, 31), date(2035, 1, 31), date(2036, 1, 31)),
    ]


@pytest.mark.parametrize(("until", "count"), [(date(2031, 1, 30), 9), (date(2031, 1, 31), 10), (date(2036, 1, 31), 15)])
def test_the_released_plan_after_a_low_grade_tumour_has_ten_reviews_to_month_60_and_15_to_month_120(
    until: date, count: int
) -> None:
    assert len(released("low_grade", ANCHOR, until)) == count


@pytest.mark.parametrize(
    ("anchor", "first"),
    [(date(2027, 11, 30), date(2028, 2, 29)), (date(2026, 11, 30), date(2027, 2, 28))],
    ids=["leap year", "other year"],
)
def test_the_released_plan_ends_a_quarter_on_the_last_of_february(anchor: date, first: date) -> None:
    assert released("high_grade", anchor, first) == [first]


def test_a_half_yearly_plan_has_15_visits_in_ten_years() -> None:
    low = plan(strand(("6 months", "5 years"), ("1 year", None)))
    assert len(nominal_visits(low, ANCHOR, date(2036, 1, 31))) == 15


def test_a_low_grade_tumour_has_15_clinic_visits_in_ten_years() -> None:
    low = next(plan for plan in load_workflow("leiomyosarcoma-2026.1").plans if plan.name == "low_grade")
    visits = [visit for visit in nominal_visits(low, ANCHOR, date(2036, 1, 31)) if visit.strand == "clinic_review"]
    assert [visit.after for visit in visits] == [
        f"{months} months" for months in (*range(6, 61, 6), *range(72, 121, 12))
    ]


def test_of_a_range_the_lower_end_is_taken() -> None:
    [first, *_] = nominal_visits(plan(strand(("4-6 months", None))), ANCHOR, date(2027, 1, 31))
    assert (first.on, first.every) == (date(2026, 5, 31), "4-6 months")


def test_three_months_after_the_last_of_november_is_the_leap_day() -> None:
    [first, *_] = nominal_visits(HIGH, date(2027, 11, 30), date(2028, 3, 1))
    assert first.on == date(2028, 2, 29)


@pytest.mark.parametrize(("until", "count"), [(date(2026, 4, 29), 0), (date(2026, 4, 30), 1)])
def test_the_last_day_is_included(until: date, count: int) -> None:
    assert len(nominal_visits(HIGH, ANCHOR, until)) == count


def test_what_is_expected_once_is_not_repeated() -> None:
    visits = nominal_visits(plan(strand(("3-6 months", None), once=True)), ANCHOR, date(2036, 1, 31))
    assert [visit.on for visit in visits] == [date(2026, 4, 30)]


def test_weeks_are_counted_in_days() -> None:
    visits = nominal_visits(plan(strand(("6 weeks", None))), ANCHOR, date(2026, 4, 30))
    assert [(visit.on, visit.after) for visit in visits] == [
        (date(2026, 3, 14), "6 weeks"),
        (date(2026, 4, 25), "12 weeks"),
    ]


def test_only_a_known_fact_rules_a_strand_out() -> None:
    limbs = plan(strand(("3 months", None), site_group="extremity"))
    assert nominal_visits(limbs, ANCHOR, date(2026, 4, 30), {"site_group": "extremity"})
    assert nominal_visits(limbs, ANCHOR, date(2026, 4, 30), {"site_group": None})
    assert not nominal_visits(limbs, ANCHOR, date(2026, 4, 30), {"site_group": "uterus"})


def test_the_last_phase_begins_where_the_longest_one_ends() -> None:
    assert last_boundary(HIGH, ANCHOR) == date(2031, 1, 31)
    assert last_boundary(plan(strand(("3 months", None))), ANCHOR) == ANCHOR


@pytest.mark.parametrize(
    ("grade", "first"), [(1, "2026-07-31"), (2, "2026-04-30"), (3, "2026-04-30"), (None, "2026-04-30")]
)
def test_behind_the_peritoneum_grade_1_is_printed_at_the_later_end(grade: int | None, first: str) -> None:
    plans = load_workflow("leiomyosarcoma-2026.1").plans
    found = next(each for each in plans if each.name == "retroperitoneum")
    visits = nominal_visits(found, ANCHOR, date(2027, 1, 31), {"schedule_grade": grade})
    assert min(visit.on for visit in visits if visit.strand == "clinic_review").isoformat() == first
