"""Checks on systemic treatment: which drugs come in which line."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lmstrack.checks.cycles import drugs_of, holds, regimen_question
from lmstrack.checks.questions import about, day_of, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.values import Drug, TreatmentLine
from lmstrack.checks.wording import both, dated, either
from lmstrack.facts import Facts
from lmstrack.records import Systemic
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met


@check(of=(Systemic,))
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
        drugs = drugs_of(cycle)
        if drugs is None:
            asks.append(regimen_question(event, on))
        elif any(drug in anthracyclines for drug in drugs):
            return MET
        else:
            given.update(dict.fromkeys(drugs))
    if asked_line is None:
        asks.insert(0, about(asked, "line", "Which line of treatment is this?", line))
    needs = f"an anthracycline ({either(anthracyclines)}) in line {line}"
    found = both(tuple(given)) if given else "the drugs are not recorded"
    return undecided(needs, found, asks) if asks else not_met(needs, found)


@check(of=(Systemic,))
def trabectedin_after_anthracycline(case: Facts, on: date, *, drug: Drug, anthracyclines: Collection[Drug]) -> Answer:
    """This drug alone is given only after an anthracycline: in an earlier cycle, or before the referral.

    Asked of cycles that hold the drug and no anthracycline. Every cycle of the patient's life counts.
    Treatment before the referral that nobody has recorded is taken as not given; a recorded cycle without
    its drugs is *unknown*.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Systemic):
        return NOT_ASKED
    drugs = drugs_of(asked.record)
    if drugs is not None and drug not in drugs:
        return NOT_ASKED
    if drugs is not None and any(each in anthracyclines for each in drugs):
        return MET
    prior = case.described("prior_anthracycline_mg_m2")
    if isinstance(prior, int | float) and prior > 0:
        return MET
    asks = [regimen_question(asked, on)] if drugs is None else []
    given: dict[str, None] = {}
    for event, cycle in case.records(Systemic):
        if event.on > on or (event.line == asked.line and event.case == asked.case):
            continue
        earlier = drugs_of(cycle)
        if earlier is None:
            asks.append(regimen_question(event, on))
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


@check(of=(Systemic,))
def drug_not_had_before(case: Facts, on: date, *, drug: Drug) -> Answer:
    """This drug was not part of an earlier line, in this course of disease or in another.

    Asked of cycles that are not known to be without the drug. Within a line it may go on, as after a combination. A
    cycle without its drugs or its line is *unknown*, as long as no line is certain to have held the drug.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Systemic):
        return NOT_ASKED
    line = asked.record.line
    held = holds(asked.record, (drug,))
    if held is False:
        return NOT_ASKED
    here = {id(event) for event in case.this_course("systemic")}
    asks = [] if held else [regimen_question(asked, on)]
    near: list[str] = []
    for event, cycle in case.records(Systemic):
        had = holds(cycle, (drug,))
        if event is asked or had is False or (id(event) in here and cycle.line == line):
            continue
        lines_known = id(event) not in here or None not in (line, cycle.line)
        near.append(f"{drug if had else 'drugs that are not recorded'} on {dated(event, on)}")
        if had and held and lines_known:
            return not_met(f"{drug} only where no earlier line held it", near[-1])
        if not had:
            asks.append(regimen_question(event, on))
        if not lines_known:
            vague = asked if line is None else event
            asks.append(about(vague, "line", f"Which line of treatment was the cycle of {dated(vague, on)}?", "1"))
    if not asks:
        return MET
    found = both(tuple(dict.fromkeys(near))) if near else "the drugs are not recorded"
    return undecided(f"{drug} only where no earlier line held it", found, asks)
