"""Checks on the dose of radiotherapy, planned and given: the whole of it, its fractions, and its boost.

What a plan leaves open is settled later and not asked; nor is the dose of a course that has only begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from lmstrack.checks.questions import about, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.wording import number
from lmstrack.facts import Facts
from lmstrack.records import Mdt, PlannedTreatment, Radiotherapy
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met

if TYPE_CHECKING:
    from lmstrack.events import Event

Course = PlannedTreatment | Radiotherapy


@check
def postoperative_dose_within(
    case: Facts, on: date, *, least_gy: float, most_gy: float, least_fraction_gy: float, most_fraction_gy: float
) -> Answer:
    """Radiotherapy after the operation has a dose, and a dose a fraction, within these limits, both included.

    Where there is a boost, the dose without it or the dose with it has to lie within them. The dose a
    fraction is taken to the centigray, as it is prescribed.
    """

    def within(course: Course) -> bool | None:
        doses = _doses(course)
        if doses and not any(least_gy <= dose <= most_gy for dose in doses):
            return False
        if not doses or course.fractions is None:
            return None
        return any(least_fraction_gy <= round(dose / course.fractions, 2) <= most_fraction_gy for dose in doses)

    judged = [(course, within(course)) for course in _courses(case, "postoperative")]
    if all(met for _, met in judged):
        return MET if judged else NOT_ASKED
    fraction = f"{number(least_fraction_gy)} to {number(most_fraction_gy)} Gy"
    needs = f"{number(least_gy)} to {number(most_gy)} Gy after the operation, in fractions of {fraction}"
    return _answer(case, judged, needs)


@check
def preoperative_dose_within(
    case: Facts, on: date, *, least_gy: float, most_gy: float, fewest_fractions: int, most_fractions: int
) -> Answer:
    """Radiotherapy before the operation has a dose and a number of fractions within these limits, both included."""

    def within(course: Course) -> bool | None:
        doses, fractions = _doses(course), course.fractions
        if doses and not any(least_gy <= dose <= most_gy for dose in doses):
            return False
        if fractions is not None and not fewest_fractions <= fractions <= most_fractions:
            return False
        return True if doses and fractions is not None else None

    judged = [(course, within(course)) for course in _courses(case, "preoperative")]
    if all(met for _, met in judged):
        return MET if judged else NOT_ASKED
    fractions = f"{fewest_fractions} to {most_fractions} fractions"
    needs = f"{number(least_gy)} to {number(most_gy)} Gy before the operation, in {fractions}"
    return _answer(case, judged, needs)


@check
def boost_within(case: Facts, on: date, *, most_gy: float) -> Answer:
    """A boost brings radiotherapy to this dose at most, and its reason is recorded."""
    boosted = [course for course in _courses(case, None) if course.boost_to_gy is not None]
    if not boosted:
        return NOT_ASKED
    needs = f"a boost to {number(most_gy)} Gy at most, and its reason"
    above = [course for course in boosted if (course.boost_to_gy or 0) > most_gy]
    if above:
        return not_met(needs, _found(above))
    if all(course.boost_reason is not None for course in boosted):
        return MET
    asked: Event = case.asked  # type: ignore[assignment]  # without one there is no course
    question = "Why is a boost given?"
    if isinstance(asked.record, Radiotherapy):
        ask = about(asked, "boost_reason", question, '"…"')
    else:
        ask = Ask("mdt.plan.boost_reason", question, "mdt plan=@plan.json", (), asked.line)
    return undecided(needs, f"{_found(boosted)}; the reason of the boost is not recorded", (ask,))


def _courses(case: Facts, timing: str | None) -> list[Course]:
    """The courses of the judged plan, or the one that is judged: those of one *timing*, or all but palliative ones."""
    asked = case.asked
    if asked is None:
        return []
    held: Iterable[Course] = ()
    if isinstance(asked.record, Radiotherapy):
        held = (asked.record,)
    elif isinstance(asked.record, Mdt) and asked.record.plan:
        held = (each for each in asked.record.plan if each.treatment == "radiotherapy")
    return [each for each in held if (each.timing == timing if timing else each.timing != "palliative")]


def _doses(course: Course) -> tuple[float, ...]:
    return tuple(dose for dose in (course.dose_gy, course.boost_to_gy) if dose is not None)


def _answer(case: Facts, judged: list[tuple[Course, bool | None]], needs: str) -> Answer:
    outside = [course for course, within in judged if within is False]
    if outside:
        return not_met(needs, _found(outside))
    asked = case.asked
    if asked is not None and isinstance(asked.record, Radiotherapy) and judged[0][1] is None:
        if asked.record.status == "started":
            return NOT_ASKED
        return undecided(needs, _found([asked.record]), _questions(asked, asked.record))
    return MET if any(within for _, within in judged) else NOT_ASKED


def _questions(event: Event, given: Radiotherapy) -> Iterator[Ask]:
    if given.dose_gy is None:
        yield about(event, "dose_gy", "Which dose was given, in Gy?", "NUMBER")
    if given.fractions is None:
        yield about(event, "fractions", "In how many fractions was the dose given?", "NUMBER")


def _found(courses: Iterable[Course]) -> str:
    """The doses of one or several courses in words, such as ``50 Gy in 25 fractions, boost to 66 Gy``."""
    said = []
    for course in courses:
        dose = "dose not known" if course.dose_gy is None else f"{number(course.dose_gy)} Gy"
        fractions = f"{course.fractions or 'an unknown number of'} fractions"
        boost = "" if course.boost_to_gy is None else f", boost to {number(course.boost_to_gy)} Gy"
        said.append(f"{dose} in {fractions}{boost}")
    return "; ".join(said)
