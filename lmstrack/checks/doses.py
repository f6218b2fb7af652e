"""Checks on the dose of radiotherapy, planned and given: the whole of it, its fractions, and its boost.

What a plan leaves open is settled later and not asked; nor is the dose of a course that has only begun.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from lmstrack.checks.questions import SITE, about, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.values import SiteGroup
from lmstrack.checks.wording import number
from lmstrack.facts import Facts
from lmstrack.records import Mdt, PlannedTreatment, Radiotherapy
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met

if TYPE_CHECKING:
    from lmstrack.events import Event

Course = PlannedTreatment | Radiotherapy


@check(of=(Mdt, Radiotherapy), treating="radiotherapy", at="sites")
def postoperative_dose_within(
    case: Facts,
    on: date,
    *,
    least_gy: float,
    most_gy: float,
    fraction_gy: Collection[float],
    sites: Collection[SiteGroup],
) -> Answer:
    """Radiotherapy of these sites after the operation has a dose within these limits, both included.

    So has the dose a fraction, of which *fraction_gy* names the least and the most.
    Where there is a boost, the dose without it or the dose with it has to lie within them. The dose a
    fraction is taken to the centigray, as it is prescribed.
    """

    def within(course: Course) -> bool | None:
        doses = _doses(course)
        if doses and not any(least_gy <= dose <= most_gy for dose in doses):
            return False
        if not doses or course.fractions is None:
            return None
        return any(smallest <= round(dose / course.fractions, 2) <= largest for dose in doses)

    smallest, largest = min(fraction_gy), max(fraction_gy)
    judged = [(course, within(course)) for course in _courses(case, "postoperative", sites)]
    if all(met for _, met in judged):
        return MET if judged else NOT_ASKED
    fraction = f"{number(smallest)} to {number(largest)} Gy"
    needs = f"{number(least_gy)} to {number(most_gy)} Gy after the operation, in fractions of {fraction}"
    return _answer(case, judged, needs)


@check(of=(Mdt, Radiotherapy), treating="radiotherapy", at="sites")
def preoperative_dose_within(
    case: Facts,
    on: date,
    *,
    least_gy: float,
    most_gy: float,
    fractions: Collection[int],
    sites: Collection[SiteGroup],
) -> Answer:
    """Radiotherapy of these sites before the operation has a dose within these limits, both included.

    So has the number of its fractions, of which *fractions* names the fewest and the most.
    """

    def within(course: Course) -> bool | None:
        doses, count = _doses(course), course.fractions
        if doses and not any(least_gy <= dose <= most_gy for dose in doses):
            return False
        if count is not None and not fewest <= count <= most:
            return False
        return True if doses and count is not None else None

    fewest, most = min(fractions), max(fractions)
    judged = [(course, within(course)) for course in _courses(case, "preoperative", sites)]
    if all(met for _, met in judged):
        return MET if judged else NOT_ASKED
    needs = f"{number(least_gy)} to {number(most_gy)} Gy before the operation, in {fewest} to {most} fractions"
    return _answer(case, judged, needs)


@check(of=(Mdt, Radiotherapy), treating="radiotherapy")
def boost_within(case: Facts, on: date, *, most_gy: float) -> Answer:
    """A boost brings radiotherapy of any site to this dose at most, and its reason is recorded."""
    boosted = [course for course in _courses(case) if course.boost_to_gy is not None]
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


def _courses(case: Facts, timing: str | None = None, sites: Collection[str] | None = None) -> list[Course]:
    """The courses of the judged plan, or the one that is judged: those of one *timing*, or all but palliative ones.

    None where the tumour is known to sit at none of the *sites*.
    """
    asked = case.asked
    if asked is None:
        return []
    held: Iterable[Course] = ()
    if isinstance(asked.record, Radiotherapy):
        held = (asked.record,)
    elif isinstance(asked.record, Mdt) and asked.record.plan:
        held = (each for each in asked.record.plan if each.treatment == "radiotherapy")
    courses = [each for each in held if (each.timing == timing if timing else each.timing != "palliative")]
    if not courses or sites is None:
        return courses
    site = case.site_group()
    return courses if site is None or site in sites else []


def _doses(course: Course) -> tuple[float, ...]:
    return tuple(dose for dose in (course.dose_gy, course.boost_to_gy) if dose is not None)


def _answer(case: Facts, judged: list[tuple[Course, bool | None]], needs: str) -> Answer:
    outside = [course for course, within in judged if within is False]
    if outside:
        found = _found(outside)
        if case.site_group() is None:
            return undecided(needs, f"{found}; the site of the tumour is not known", (SITE,))
        return not_met(needs, found)
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
