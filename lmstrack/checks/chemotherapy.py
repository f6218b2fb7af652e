"""Checks on chemotherapy around an operation, and on drugs with no evidence in this disease."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from lmstrack.checks.cycles import begins_line, drugs_of, holds, regimen_question
from lmstrack.checks.questions import DEPTH, GRADE, SITE, SIZE, about, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.values import Depth, Drug, OneToThree, SiteGroup, TreatmentLine
from lmstrack.checks.wording import SITES, both, dated, either, number, treatment_line
from lmstrack.dates import short
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Mdt, Systemic
from lmstrack.records.treatment import OfSystemic, PlannedTreatment
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met

_AROUND_AN_OPERATION = frozenset({"neoadjuvant", "adjuvant"})


@check(of=(Mdt, Systemic), treating="systemic")
def chemotherapy_around_surgery_chosen(
    case: Facts,
    on: date,
    *,
    above_mm: float,
    depth: Depth,
    grades: Collection[OneToThree],
    not_for: Collection[SiteGroup],
) -> Answer:
    """Chemotherapy before or after an operation follows a shared decision, about a tumour of such a risk.

    Asked of the plan of an MDT that holds it and of the first cycle of each. A known fact of the tumour that does
    not fit is *not met*, and so is a decision of a later day than the cycle; exactly *above_mm* does not fit. What is
    not known of the tumour, or of the decision, is *unknown*.
    """
    asked = case.asked
    if asked is None or not _is_around_surgery(case, asked):
        return NOT_ASKED
    site, tumour_depth, size, grade = case.site_group(), case.depth(), case.size_mm(), case.grade()
    decided_on = _shared_decision(case)
    unfit = (
        site in not_for
        or (tumour_depth is not None and tumour_depth != depth)
        or (size is not None and size <= above_mm)
        or (grade is not None and grade not in grades)
        or (decided_on is not None and decided_on > on and not isinstance(asked.record, Mdt))
    )
    known = ((SITE, site), (DEPTH, tumour_depth), (SIZE, size), (GRADE, grade))
    asks = [ask for ask, value in known if value is None]
    if decided_on is None:
        asks.append(_decision_question(case, asked))
    if not unfit and not asks:
        return MET
    tumour = f"a {depth} tumour above {number(above_mm)} mm of grade {either(grades)}"
    needs = f"a shared decision, about {tumour}, not of the {either([SITES[each] for each in not_for])}"
    said = [
        "site not known" if site is None else SITES[site],
        f"depth {tumour_depth or 'not known'}",
        f"size {'not known' if size is None else f'{number(size)} mm'}",
        f"grade {grade or 'not known'}",
        "no shared decision on record" if decided_on is None else f"shared decision of {short(decided_on)}",
    ]
    return not_met(needs, ", ".join(said)) if unfit else undecided(needs, ", ".join(said), asks)


def _is_around_surgery(case: Facts, asked: Event) -> bool:
    record = asked.record
    if isinstance(record, Mdt):
        return any(each.line in _AROUND_AN_OPERATION for each in _planned(record))
    return isinstance(record, Systemic) and record.line in _AROUND_AN_OPERATION and begins_line(case, asked, record)


def _planned(mdt: Mdt) -> Iterator[PlannedTreatment]:
    return (each for each in mdt.plan or () if each.treatment == "systemic")


def _shared_decision(case: Facts) -> date | None:
    """The day of the shared decision that the latest MDT of this course states."""
    return next((mdt.shared_decision_on for _, mdt in case.records(Mdt, course=True) if mdt.shared_decision_on), None)


def _decision_question(case: Facts, asked: Event) -> Ask:
    meetings = case.records(Mdt, course=True)
    meeting = asked if isinstance(asked.record, Mdt) else next((event for event, _ in meetings), None)
    question = "When did patient and team decide together on chemotherapy around the operation?"
    if meeting is None:
        return Ask("mdt.shared_decision_on", question, "mdt shared_decision_on=DATE")
    return about(meeting, "shared_decision_on", question, "DATE")


@check(of=(Mdt, Systemic), treating="systemic")
def chemotherapy_holds_drug(case: Facts, on: date, *, line: TreatmentLine, drugs: Collection[Drug]) -> Answer:
    """The systemic treatment of this line holds one of these drugs, in the plan of an MDT and in some cycle."""
    asked = case.asked
    if asked is None:
        return NOT_ASKED
    record = asked.record
    held: list[tuple[Event, OfSystemic]]
    if isinstance(record, Mdt):
        held = [(asked, each) for each in _planned(record) if each.line == line]
    elif isinstance(record, Systemic) and record.line == line:
        held = [(event, cycle) for event, cycle in case.records(Systemic, course=True) if cycle.line == line]
    else:
        return NOT_ASKED
    if not held:
        return NOT_ASKED
    if any(holds(each, drugs) for _, each in held):
        return MET
    needs = f"{either(drugs)} in {treatment_line(line)}"
    named = dict.fromkeys(drug for _, each in held for drug in drugs_of(each) or ())
    found = both(tuple(named)) if named else "the drugs are not recorded"
    unsaid = [event for event, each in held if drugs_of(each) is None]
    if not unsaid:
        return not_met(needs, found)
    if isinstance(record, Mdt):
        question = f"Which drugs does the plan of {dated(asked, on)} hold?"
        return undecided(needs, found, [about(asked, "plan", question, "@plan.json")])
    return undecided(needs, found, [regimen_question(event, on) for event in unsaid])


@check(of=(Systemic,))
def no_drug_without_evidence(case: Facts, on: date, *, drugs: Collection[Drug]) -> Answer:
    """A cycle holds none of these drugs, for which there is no licence and little evidence in this disease.

    Asked of every cycle; one without its drugs is *unknown*.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Systemic):
        return NOT_ASKED
    needs = "a drug with a licence or with evidence in this disease"
    held = holds(asked.record, drugs)
    if held is None:
        return undecided(needs, "the drugs are not recorded", [regimen_question(asked, on)])
    return not_met(needs, both([drug for drug in drugs if holds(asked.record, (drug,))])) if held else MET
