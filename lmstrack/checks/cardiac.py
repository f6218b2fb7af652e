"""Checks on the heart under anthracyclines: its function before and during treatment, and the dose of a lifetime.

A dose of a cycle that is not known counts as *per_cycle_mg_m2* at most: where even that cannot exceed a limit nothing
is asked. What was given before the referral may have been any dose until somebody states it, 0 where there was none.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from math import fsum

from lmstrack.checks.cycles import Lifetime, holds, lifetime_dose, regimen_question
from lmstrack.checks.questions import CARDIAC_HISTORY, LVEF, MEDIASTINAL_RADIOTHERAPY, about, day_of, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.values import Drug
from lmstrack.checks.wording import both, dated, either, number
from lmstrack.dates import short
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import CardiacFunction, Systemic
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met


@check(of=(Systemic,))
def lvef_before_anthracycline(
    case: Facts, on: date, *, anthracyclines: Collection[Drug], at_least_pct: float
) -> Answer:
    """The ejection fraction is on record before the first of these drugs in the patient's life, and high enough.

    The latest measurement counts, whenever it was made; none on record does not meet the rule, one without its number
    is *unknown*. An anthracycline before the referral does not make a later cycle the first one less. Later cycles are
    asked only where the latest measurement is too low.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Systemic):
        return NOT_ASKED
    held = holds(asked.record, anthracyclines)
    if held is False:
        return NOT_ASKED
    measured = _latest_lvef(case)
    too_low = measured is not None and measured[1] < at_least_pct
    if not too_low and _had_before(case, asked, anthracyclines):
        return NOT_ASKED
    needs = f"an LVEF of {number(at_least_pct)} % or more, measured before an anthracycline"
    asks = [] if held else [regimen_question(asked, on)]
    if measured is None:
        if held and not case.all("cardiac_function"):
            return not_met(needs, "no LVEF on record", LVEF.record)
        lacking = _without_number(case, on)
        return undecided(needs, lacking[0], [*asks, lacking[1]])
    event, lvef = measured
    if event.last > on:
        found = f"{_said(event, lvef, on)}, which may be after {short(on)}"
        return undecided(needs, found, [*asks, day_of(event, "measurement of the LVEF")])
    if not too_low:
        return MET
    return undecided(needs, _said(event, lvef, on), asks) if asks else not_met(needs, _said(event, lvef, on))


@check(of=(Systemic,))
def lvef_again(
    case: Facts,
    on: date,
    *,
    anthracyclines: Collection[Drug],
    from_mg_m2: float,
    at_least_pct: float,
    per_cycle_mg_m2: float,
) -> Answer:
    """Once so much has been given, the ejection fraction is measured again before the next cycle, and is high enough.

    A measurement of a day after the cycle that reached *from_mg_m2* counts for every further cycle; where it had been
    reached before the referral, any on record counts. Where doses are not known, or what was given before the referral,
    the latest cycle may have reached it.
    """
    had = lifetime_dose(case, on, anthracyclines)
    if had is None:
        return NOT_ASKED
    possible = fsum((had.before, len(had.asks_earlier) * per_cycle_mg_m2))
    if had.prior is not None and had.before < from_mg_m2 and possible < from_mg_m2:
        return NOT_ASKED
    needs = f"an LVEF of {number(at_least_pct)} % or more, measured after {number(from_mg_m2)} mg/m² had been given"
    reached = _reached(case, had, from_mg_m2)
    measured = _latest_lvef(case)
    fresh = measured is not None and (reached is None or measured[0].on > reached.last)
    if measured is not None and fresh and measured[1] >= at_least_pct:
        return MET
    said = "no LVEF on record" if measured is None else _said(*measured, on)
    found = f"{said}; {had.found()}"
    if had.before < from_mg_m2:
        return undecided(needs, found, had.asks)
    return not_met(needs, found, LVEF.record)


@check(of=(Systemic,))
def cumulative_dose_within(
    case: Facts, on: date, *, anthracyclines: Collection[Drug], up_to_mg_m2: float, per_cycle_mg_m2: float
) -> Answer:
    """What the patient has had of these drugs in a lifetime stays within this dose, the judged cycle included."""
    had = lifetime_dose(case, on, anthracyclines)
    if had is None:
        return NOT_ASKED
    needs = f"{number(up_to_mg_m2)} mg/m² of anthracyclines at most in a lifetime"
    if had.total > up_to_mg_m2:
        return not_met(needs, had.found())
    doubts = had.doubts(up_to_mg_m2, per_cycle_mg_m2)
    return undecided(needs, had.found(), doubts) if doubts else MET


@check(of=(Systemic,))
def cumulative_dose_with_cardiac_risk(
    case: Facts, on: date, *, anthracyclines: Collection[Drug], up_to_mg_m2: float, per_cycle_mg_m2: float
) -> Answer:
    """As `cumulative_dose_within`, for a patient with a history of heart disease or an irradiated mediastinum."""
    had = lifetime_dose(case, on, anthracyclines)
    if had is None:
        return NOT_ASKED
    exceeds = had.total > up_to_mg_m2
    doubts = had.doubts(up_to_mg_m2, per_cycle_mg_m2)
    if not exceeds and not doubts:
        return MET
    risks = (
        ("heart disease", CARDIAC_HISTORY, case.described("cardiac_history")),
        ("radiotherapy to the mediastinum", MEDIASTINAL_RADIOTHERAPY, case.described("prior_mediastinal_rt")),
    )
    present = [named for named, _, told in risks if told]
    open_questions = [ask for _, ask, told in risks if told is None]
    if not present and not open_questions:
        return NOT_ASKED
    after = either([named for named, _, _ in risks])
    needs = f"{number(up_to_mg_m2)} mg/m² of anthracyclines at most in a lifetime, after {after}"
    found = f"{had.found()}; {both(present) if present else 'whether there was either is not known'}"
    asks = [*(() if present else open_questions), *(() if exceeds else doubts)]
    return undecided(needs, found, asks) if asks else not_met(needs, found)


def _reached(case: Facts, had: Lifetime, from_mg_m2: float) -> Event | None:
    """The cycle with which a dose was reached, or may have been; None where it was before the referral."""
    given = had.prior or 0.0
    if given >= from_mg_m2:
        return None
    for event, dose in had.since:
        given = fsum((given, dose))
        if given >= from_mg_m2:
            return event
    return next((event for event, _ in case.records(Systemic) if event is not case.asked), None)


def _had_before(case: Facts, asked: Event, anthracyclines: Collection[str]) -> bool:
    """Whether another cycle up to this day is known to have held one, emergencies left out."""
    return any(
        event is not asked and not cycle.emergency and holds(cycle, anthracyclines)
        for event, cycle in case.records(Systemic)
        if event.clinical_order < asked.clinical_order
    )


def _latest_lvef(case: Facts) -> tuple[Event, float] | None:
    """The latest measurement that gives a number, in per cent."""
    measured = case.records(CardiacFunction)
    return next(((event, heart.lvef_pct) for event, heart in measured if heart.lvef_pct is not None), None)


def _without_number(case: Facts, on: date) -> tuple[str, Ask]:
    """What there is instead of a number, and the question for it."""
    for event, _ in case.records(CardiacFunction):
        question = f"Which LVEF did the measurement of {dated(event, on)} give, in per cent?"
        return f"the measurement of {dated(event, on)} gives no LVEF", about(event, "lvef_pct", question, "NUMBER")
    return "no LVEF on record", LVEF


def _said(event: Event, lvef_pct: float, on: date) -> str:
    return f"LVEF {number(lvef_pct)} % of {dated(event, on)}"
