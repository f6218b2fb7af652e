"""Checks on systemic treatment: which drugs come in which line."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lmstrack.checks.questions import about, day_of, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.values import Drug, TreatmentLine
from lmstrack.checks.wording import both, dated, either
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Systemic
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met


def _drugs(cycle: Systemic) -> Collection[str] | None:
    """The drugs of a cycle, by its regimen or by the doses given; None where neither is recorded."""
    if cycle.regimen is not None:
        return cycle.regimen
    return tuple(cycle.doses_mg_m2) if cycle.doses_mg_m2 else None


def _regimen_question(event: Event, on: date) -> Ask:
    return about(event, "regimen", f"Which drugs were given in the cycle of {dated(event, on)}?", "…")


@check
def first_line_anthracycline(case: Facts, on: date, *, anthracyclines: Collection[Drug], line: TreatmentLine) -> Answer:
    """Some cycle of this line of treatment holds one of these anthracyclines.

    Asked of each cycle of the line, in this course of disease. Cycles of other lines are not asked.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Systemic):
        return NOT_ASKED
    asked_line = asked.record.line
    if asked_line is not None and asked_line != line:
        return NOT_ASKED
    asks: list[Ask] = []
    given: dict[str, None] = {}
    for event, cycle in case.records(Systemic, course=True):
        if cycle.line != line and event.line != asked.line:
            continue
        drugs = _drugs(cycle)
        if drugs is None:
            asks.append(_regimen_question(event, on))
        elif any(drug in anthracyclines for drug in drugs):
            return MET
        else:
            given.update(dict.fromkeys(drugs))
    if asked_line is None:
        asks.insert(0, about(asked, "line", "Which line of treatment is this?", line))
    needs = f"an anthracycline ({either(anthracyclines)}) in line {line}"
    found = both(tuple(given)) if given else "the drugs are not recorded"
    return undecided(needs, found, asks) if asks else not_met(needs, found)


@check
def trabectedin_after_anthracycline(case: Facts, on: date, *, drug: Drug, anthracyclines: Collection[Drug]) -> Answer:
    """This drug alone is given only after an anthracycline: in an earlier cycle, or before the referral.

    Asked of cycles that hold the drug and no anthracycline. Every cycle of the patient's life counts.
    Treatment before the referral that nobody has recorded is taken as not given; a recorded cycle without
    its drugs is *unknown*.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Systemic):
        return NOT_ASKED
    drugs = _drugs(asked.record)
    if drugs is not None and drug not in drugs:
        return NOT_ASKED
    if drugs is not None and any(each in anthracyclines for each in drugs):
        return MET
    prior = case.described("prior_anthracycline_mg_m2")
    if isinstance(prior, int | float) and prior > 0:
        return MET
    asks = [_regimen_question(asked, on)] if drugs is None else []
    given: dict[str, None] = {}
    for event, cycle in case.records(Systemic):
        if event.on > on or (event.line == asked.line and event.case == asked.case):
            continue
        earlier = _drugs(cycle)
        if earlier is None:
            asks.append(_regimen_question(event, on))
        elif not any(each in anthracyclines for each in earlier):
            given.update(dict.fromkeys(earlier))
        elif event.last <= on:
            return MET
        else:
            asks.append(day_of(event, f"cycle of {both(earlier)}"))
    needs = f"an anthracycline ({either(anthracyclines)}) before {drug} alone"
    before = f"earlier cycles hold {both(tuple(given))}" if given else "no earlier cycle with known drugs on record"
    stated = "none" if prior is not None else "none on record"
    found = f"{before}; anthracycline before the referral: {stated}"
    if asks:
        return undecided(needs, found, asks)
    return not_met(needs, found, "" if prior is not None else "consultation prior_anthracycline_mg_m2=NUMBER")
