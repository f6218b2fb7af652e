"""Checks on the liver before drugs that it clears: whether they may be given, and how much of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lmstrack.checks.cycles import dose_of, dose_question, holds, regimen_question
from lmstrack.checks.questions import about, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.values import ChildPugh, Drug
from lmstrack.checks.wording import dated, either, number
from lmstrack.facts import Facts
from lmstrack.records import Systemic
from lmstrack.rules import MET, NOT_ASKED, Answer, not_met


@check(of=(Systemic,))
def liver_allows_drugs(
    case: Facts, on: date, *, drugs: Collection[Drug], up_to_mg_dl: float, not_for: Collection[ChildPugh]
) -> Answer:
    """Bilirubin and Child-Pugh class are known for a cycle with these drugs, and neither rules them out.

    Both are fields of the cycle itself. One that rules them out answers, whatever is known of the other.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Systemic):
        return NOT_ASKED
    cycle = asked.record
    held = holds(cycle, drugs)
    if held is False:
        return NOT_ASKED
    bilirubin, child_pugh = cycle.bilirubin_mg_dl, cycle.child_pugh
    too_high = bilirubin is not None and bilirubin > up_to_mg_dl
    known = bilirubin is not None and child_pugh is not None
    if held and known and not too_high and child_pugh not in not_for:
        return MET
    needs = f"bilirubin of {number(up_to_mg_dl)} mg/dl at most and a Child-Pugh class other than {either(not_for)}"
    said = "bilirubin not known" if bilirubin is None else f"bilirubin {number(bilirubin)} mg/dl"
    found = f"{said}, Child-Pugh {child_pugh or 'not known'}"
    if held is None:
        return undecided(needs, f"{found}; the drugs are not recorded", [regimen_question(asked, on)])
    if too_high or child_pugh in not_for:
        return not_met(needs, found)
    asks = []
    if bilirubin is None:
        question = f"What was the bilirubin before the cycle of {dated(asked, on)}, in mg/dl?"
        asks.append(about(asked, "bilirubin_mg_dl", question, "NUMBER"))
    if child_pugh is None:
        asks.append(about(asked, "child_pugh", f"Which Child-Pugh class had the liver on {dated(asked, on)}?", "A"))
    return undecided(needs, found, asks)


@check(of=(Systemic,))
def dose_reduced_for_liver(
    case: Facts, on: date, *, drugs: Collection[Drug], from_mg_dl: float, below_mg_dl: float, at_most_mg_m2: float
) -> Answer:
    """With bilirubin from the one value up to below the other a cycle holds at most so much of these drugs.

    Silent outside that range, where bilirubin is not known, and for cycles that are not known to hold them.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Systemic):
        return NOT_ASKED
    cycle = asked.record
    bilirubin = cycle.bilirubin_mg_dl
    if bilirubin is None or not from_mg_dl <= bilirubin < below_mg_dl or not holds(cycle, drugs):
        return NOT_ASKED
    dose = dose_of(cycle, drugs)
    if dose is not None and dose <= at_most_mg_m2:
        return MET
    needs = (
        f"{number(at_most_mg_m2)} mg/m² at most with bilirubin from {number(from_mg_dl)} to {number(below_mg_dl)} mg/dl"
    )
    found = f"bilirubin {number(bilirubin)} mg/dl, {'dose not known' if dose is None else f'{number(dose)} mg/m²'}"
    if dose is None:
        return undecided(needs, found, [dose_question(asked, cycle, drugs, on)])
    return not_met(needs, found)
