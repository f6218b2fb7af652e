"""Checks on radiotherapy: who should have it, for whom it is considered, and where it brings nothing.

Radiotherapy that is not palliative and has at least been started counts as done, whatever its day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lmstrack.checks.planning import (
    palliative,
    plan_found,
    plan_in_force,
    plan_question,
    radiotherapy_done,
    radiotherapy_planned,
)
from lmstrack.checks.questions import DEPTH, GRADE, SITE, SIZE, about, day_of, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.surgery import margin_found, margin_questions, margin_suffices
from lmstrack.checks.values import Barrier, Depth, OneToThree, SiteGroup
from lmstrack.checks.wording import SITES, dated, either, number
from lmstrack.facts import Facts
from lmstrack.records import Mdt, Radiotherapy, TreatmentCompleted
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met


@check(at="sites")
def radiotherapy_for_high_risk(
    case: Facts,
    on: date,
    *,
    above_mm: float,
    depth: Depth,
    grades: Collection[OneToThree],
    sites: Collection[SiteGroup],
) -> Answer:
    """A localised tumour of this site, depth, size and grade has radiotherapy planned or done.

    A known fact that does not fit rules it out; exactly *above_mm* does not fit. Asked of the plan of an
    MDT, of each treatment (done in this course, or in the latest plan), and at the end of treatment of what
    was done. Palliative intent and metastatic disease are not asked. Without a plan the answer is
    *unknown*.
    """
    site = case.site_group()
    if site is not None and site not in sites:
        return NOT_ASKED
    grade = case.grade()
    if grade is not None and grade not in grades:
        return NOT_ASKED
    tumour_depth = case.depth()
    if tumour_depth is not None and tumour_depth != depth:
        return NOT_ASKED
    size = case.size_mm()
    if (size is not None and size <= above_mm) or case.disease() == "metastatic":
        return NOT_ASKED
    if palliative(case):
        return NOT_ASKED
    if radiotherapy_done(case):
        return MET
    completed = case.asked is not None and case.asked.record.kind == "treatment_completed"
    plan = plan_in_force(case)
    planned = plan is not None and radiotherapy_planned(plan[1])
    if planned and not completed:
        return MET
    needs = f"radiotherapy for a {depth} tumour above {number(above_mm)} mm of grade {either(grades)}"
    said = [
        "site not known" if site is None else SITES[site],
        f"depth {tumour_depth or 'not known'}",
        f"size {'not known' if size is None else f'{number(size)} mm'}",
        f"grade {grade or 'not known'}",
    ]
    found = f"{', '.join(said)}; {plan_found(case, plan, on)}; no radiotherapy on record"
    known = ((SITE, site), (DEPTH, tumour_depth), (SIZE, size), (GRADE, grade))
    asks = [ask for ask, value in known if value is None]
    if plan is None and not completed:
        asks.append(plan_question(case))
    if asks:
        return undecided(needs, found, asks)
    return not_met(needs, found, "radiotherapy timing=postoperative" if completed else "")


@check(at="sites")
def radiotherapy_for_close_margin(
    case: Facts, on: date, *, up_to_mm: float, barriers: Collection[Barrier], sites: Collection[SiteGroup]
) -> Answer:
    """After a margin of up to this without barrier or intact fascia, radiotherapy was given in this course.

    The latest operation that is not a metastasectomy counts, so an earlier close margin that was excised
    again is answered by the later one. R2 is always close, and R1 where no barrier bounds it. A wide margin
    is not asked.
    """
    operated = case.margin()
    if operated is None or case.disease() == "metastatic":
        return NOT_ASKED
    site = case.site_group()
    if site is not None and site not in sites:
        return NOT_ASKED
    event, surgery = operated
    enough = margin_suffices(surgery, up_to_mm, barriers)
    if enough:
        return NOT_ASKED
    if radiotherapy_done(case):
        return MET
    needs = f"radiotherapy after a margin of {number(up_to_mm)} mm or less, once re-excision has been considered"
    found = f"{margin_found(event, surgery, on)}; no radiotherapy on record"
    asks = margin_questions(event, surgery) if enough is None else []
    if site is None:
        asks.append(SITE)
    if asks:
        return undecided(needs, found, asks, (event.line,))
    return not_met(needs, found, "radiotherapy timing=postoperative", (event.line,))


@check(of=(TreatmentCompleted,), at="sites")
def radiotherapy_considered(
    case: Facts, on: date, *, above_mm: float, barriers: Collection[Barrier], sites: Collection[SiteGroup]
) -> Answer:
    """When treatment is over after an adequate margin, radiotherapy has been given or has been considered.

    It has been considered where the MDT met on or after the day of the operation and decided or planned.
    Whether it should have been given is not asked here; a close margin is another rule's.
    """
    asked = case.asked
    operated = case.margin()
    if asked is None or asked.record.kind != "treatment_completed" or operated is None:
        return NOT_ASKED
    site = case.site_group()
    if (site is not None and site not in sites) or case.disease() == "metastatic":
        return NOT_ASKED
    event, surgery = operated
    enough = margin_suffices(surgery, above_mm, barriers)
    if enough is False:
        return NOT_ASKED
    if radiotherapy_done(case):
        return MET
    asks: list[Ask] = []
    for meeting, mdt in case.records(Mdt, course=True):
        if meeting.last < event.on or (mdt.decision is None and not mdt.plan):
            continue
        if meeting.on >= event.last:
            return MET
        vague = meeting if meeting.precision != "day" else event
        asks.append(day_of(vague))
    needs = "radiotherapy considered after an adequate margin: given, or decided on by the MDT after the operation"
    found = f"{margin_found(event, surgery, on)}; no radiotherapy and no later meeting on record"
    if enough is None:
        asks += margin_questions(event, surgery)
    if site is None:
        asks.append(SITE)
    if asks:
        return undecided(needs, found, asks, (event.line,))
    return not_met(needs, found, 'mdt decision="…"', (event.line,))


@check(of=(Mdt, Radiotherapy), at="site")
def no_radiotherapy_before_surgery(case: Facts, on: date, *, site: SiteGroup) -> Answer:
    """Localised disease of this site is not irradiated before its operation: neither by plan nor in fact.

    Asked of the plan of an MDT that holds an operation, and of radiotherapy. No plan, and a timing that is
    not recorded, are *unknown*; palliative intent is not asked.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Mdt | Radiotherapy):
        return NOT_ASKED
    tumour_site = case.site_group()
    if (tumour_site is not None and tumour_site != site) or case.disease() == "metastatic" or palliative(case):
        return NOT_ASKED
    record = asked.record
    asks: list[Ask] = [] if tumour_site is not None else [SITE]
    if isinstance(record, Radiotherapy):
        if record.timing not in {None, "preoperative"}:
            return NOT_ASKED
        found = "radiotherapy before the operation"
        if record.timing is None:
            found = "when the radiotherapy is given is not recorded"
            asks.append(about(asked, "timing", "Is it given before the operation or after it?", "preoperative"))
    elif record.plan is None:
        found = plan_found(case, None, on)
        asks.append(plan_question(case))
    elif not any(each.treatment == "surgery" for each in record.plan):
        return NOT_ASKED
    elif not any(each.treatment == "radiotherapy" and each.timing == "preoperative" for each in record.plan):
        return MET
    else:
        found = f"the plan of {dated(asked, on)} holds radiotherapy before the operation"
    needs = f"no radiotherapy before the operation on a tumour of the {SITES[site]}"
    return undecided(needs, found, asks) if asks else not_met(needs, found)
