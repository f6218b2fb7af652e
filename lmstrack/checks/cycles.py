"""Cycles of systemic treatment as several checks look at them: which drugs, and how much of them in a lifetime.

Drugs that a list names together are counted one to one.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.checks.questions import PRIOR_ANTHRACYCLINE, about
from lmstrack.checks.wording import dated, number
from lmstrack.records import Systemic

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.facts import Facts
    from lmstrack.records.treatment import OfSystemic
    from lmstrack.rules import Ask


def drugs_of(cycle: OfSystemic) -> Collection[str] | None:
    """The drugs of a cycle, by its regimen or by the doses given; None where neither is recorded."""
    if cycle.regimen is not None:
        return cycle.regimen
    return tuple(cycle.doses_mg_m2) if cycle.doses_mg_m2 else None


def holds(cycle: OfSystemic, drugs: Collection[str]) -> bool | None:
    """Whether a cycle holds one of these drugs, by its regimen or by the doses; None where neither is recorded."""
    regimen, doses = cycle.regimen or (), cycle.doses_mg_m2 or ()
    for named in (regimen, doses):
        for drug in named:
            if drug in drugs:
                return True
    return False if regimen or doses else None


def dose_of(cycle: OfSystemic, drugs: Collection[str]) -> float | None:
    """How many mg/m² of these drugs a cycle holds together, 0 for none of them; None where that is not known."""
    held = holds(cycle, drugs)
    if not held:
        return None if held is None else 0.0
    doses = cycle.doses_mg_m2 or {}
    if any(drug in drugs and drug not in doses for drug in cycle.regimen or ()):
        return None
    return fsum(dose for drug, dose in doses.items() if drug in drugs)


def begins_line(case: Facts, asked: Event, cycle: Systemic) -> bool:
    """Whether a cycle is the first of its line in this course, emergencies left out: they are refused nothing."""
    return not any(
        earlier.line == cycle.line and not earlier.emergency and event.clinical_order < asked.clinical_order
        for event, earlier in case.records(Systemic, course=True)
    )


def regimen_question(event: Event, on: date) -> Ask:
    """Which drugs a cycle held, where that is not recorded."""
    return about(event, "regimen", f"Which drugs were given in the cycle of {dated(event, on)}?", "…")


def dose_question(event: Event, cycle: Systemic, drugs: Collection[str], on: date) -> Ask:
    """How much of these drugs a cycle held; which drugs, where not even that is recorded."""
    held = drugs_of(cycle)
    if held is None:
        return regimen_question(event, on)
    doses = cycle.doses_mg_m2 or {}
    drug = next(drug for drug in held if drug in drugs and drug not in doses)
    question = f"How many mg/m² of {drug} were given in the cycle of {dated(event, on)}?"
    answer = f"{drug}:NUMBER"
    return about(event, "doses_mg_m2", question, f'"{answer}"' if " " in drug else answer)


class Lifetime(NamedTuple):
    """What a patient has had of some drugs in mg/m²: *prior* to the referral, in other cycles, and in *this* one.

    *prior* is None where nobody has stated it. *since* gives the other cycles whose dose is known, oldest first. Cycles
    of which the dose is not known are in *asks_earlier*, and the judged one in *asks_this*.
    """

    prior: float | None
    since: tuple[tuple[Event, float], ...]
    this: float
    asks_earlier: tuple[Ask, ...]
    asks_this: tuple[Ask, ...]

    @property
    def before(self) -> float:
        """What is known to have been given before the judged cycle."""
        return fsum((self.prior or 0.0, *(dose for _, dose in self.since)))

    @property
    def total(self) -> float:
        """What is known to have been given, the judged cycle included."""
        return fsum((self.before, self.this))

    @property
    def asks_prior(self) -> tuple[Ask, ...]:
        """The question what was given before the referral, where nobody has stated it."""
        return (PRIOR_ANTHRACYCLINE,) if self.prior is None else ()

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The questions whose answers can only add to the total."""
        return (*self.asks_prior, *self.asks_earlier, *self.asks_this)

    def doubts(self, up_to_mg_m2: float, per_cycle_mg_m2: float) -> tuple[Ask, ...]:
        """The questions whose answers may bring the total above a dose, a cycle holding so much at most."""
        cycles = (*self.asks_earlier, *self.asks_this)
        may_exceed = fsum((self.total, len(cycles) * per_cycle_mg_m2)) > up_to_mg_m2
        return (*self.asks_prior, *(cycles if may_exceed else ()))

    def found(self) -> str:
        """The total in words, with what is not known of it."""
        prior = f", {number(self.prior)} of them before the referral" if self.prior else ""
        before = "; how much before the referral is not known, 0 for none" if self.prior is None else ""
        unknown = len(self.asks_earlier) + len(self.asks_this)
        lacking = f"; the dose of {unknown} cycle{'s' if unknown > 1 else ''} is not known" if unknown else ""
        return f"{number(self.total)} mg/m² with this cycle{prior}{before}{lacking}"


def lifetime_dose(case: Facts, on: date, drugs: Collection[str]) -> Lifetime | None:
    """What the patient has had of these drugs, the judged cycle included.

    None where no cycle is judged, where it is known to hold none of them, and where nothing on record shows that any
    was ever given. What was given before the referral counts as stated last.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Systemic) or holds(asked.record, drugs) is False:
        return None
    stated = case.described("prior_anthracycline_mg_m2")
    prior = float(stated) if isinstance(stated, int | float) else None
    given = bool(prior)
    since: list[tuple[Event, float]] = []
    asks: list[Ask] = []
    this: float | None = None
    for event, cycle in reversed(case.records(Systemic)):
        dose = dose_of(cycle, drugs)
        given = given or bool(dose) or (dose is None and bool(holds(cycle, drugs)))
        if event is asked:
            this = dose
        elif dose is None:
            asks.append(dose_question(event, cycle, drugs, on))
        elif dose:
            since.append((event, dose))
    if not given:
        return None
    unknown = () if this is not None else (dose_question(asked, asked.record, drugs, on),)
    return Lifetime(prior, tuple(since), this or 0.0, tuple(asks), unknown)
