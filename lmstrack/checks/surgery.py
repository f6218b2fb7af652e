"""Checks on the operation: whether there is one, its margin, and what is taken out beside the tumour."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lmstrack.checks.planning import palliative, plan_found, plan_in_force, plan_question, surgery_done
from lmstrack.checks.questions import NODES, SITE, about, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.values import Barrier, SiteGroup
from lmstrack.checks.wording import dated, either, number
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Mdt, Radiotherapy, Staging, Surgery
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met

# Where nodes are taken out by habit; elsewhere a question after every operation would only drown the others.
_NODES_ASKED_AFTER_SURGERY = frozenset({"uterus", "retroperitoneum"})


@check
def surgery_planned_or_done(case: Facts, on: date) -> Answer:
    """The tumour is taken out: the plan of the MDT holds surgery, or it has been done in this course.

    Asked only of localised disease that is not treated with palliative intent; an intent that is not stated
    is asked. An operation before the referral counts, one on metastases does not. Without a plan the answer
    is *unknown*.
    """
    if case.disease() == "metastatic":
        return NOT_ASKED
    asked = case.asked
    if asked is not None and isinstance(asked.record, Radiotherapy) and asked.record.timing == "palliative":
        return NOT_ASKED
    if palliative(case):
        return NOT_ASKED
    if surgery_done(case):
        return MET
    plan = plan_in_force(case)
    if plan is not None and any(each.treatment == "surgery" and each.operation != "metastasectomy" for each in plan[1]):
        return MET
    needs = "surgery, planned by the MDT or done"
    found = plan_found(case, plan, on)
    if plan is None:
        return undecided(needs, f"{found}; no operation on record", (plan_question(case),))
    return not_met(needs, f"{found}; no operation on record")


def margin_suffices(surgery: Surgery, above_mm: float, barriers: Collection[str]) -> bool | None:
    """Whether a margin is wide enough, or closed by a barrier or an intact fascial plane; None: not known.

    Visible tumour left in the patient (R2) is never enough; tumour at the edge (R1) only where a barrier bounds it.
    """
    if surgery.r_class == "R2":
        return False
    if surgery.margin_barrier in barriers or surgery.fascial_plane_intact:
        return True
    if surgery.r_class == "R1":
        return False
    margin = surgery.margin_mm
    if margin is None:
        return None
    if margin > above_mm:
        return True
    barrier_stated = surgery.margin_barrier is not None or surgery.fascial_plane_intact is not None
    return False if barrier_stated else None


def margin_questions(event: Event, surgery: Surgery) -> list[Ask]:
    """What would settle whether the margin suffices."""
    asks = []
    if surgery.margin_mm is None:
        question = "How wide is the closest margin, in millimetres?"
        asks.append(about(event, "margin_mm", question, "NUMBER"))
    if surgery.margin_barrier is None and surgery.fascial_plane_intact is None:
        question = "Which barrier closes the closest margin, if any?"
        asks.append(about(event, "margin_barrier", question, "fascia"))
    return asks


def margin_found(event: Event, surgery: Surgery, on: date) -> str:
    """The margin of an operation in words."""
    width = "not known" if surgery.margin_mm is None else f"{number(surgery.margin_mm)} mm"
    residual = f", {surgery.r_class}" if surgery.r_class is not None else ""
    if surgery.margin_barrier is None:
        barrier = "not known" if surgery.fascial_plane_intact is None else "not recorded"
    else:
        barrier = surgery.margin_barrier.replace("_", " ")
    return f"margin {width}{residual}, barrier {barrier}, at the operation of {dated(event, on)}"


@check(at="sites")
def margin_adequate(
    case: Facts, on: date, *, above_mm: float, barriers: Collection[Barrier], sites: Collection[SiteGroup]
) -> Answer:
    """The latest operation left a margin above this, or one closed by a barrier or an intact fascial plane.

    A margin of exactly *above_mm* is close. One that is close is judged only once something is said of
    barrier or fascia. R2 is never adequate, and R1 only with a barrier. Operations on metastases are passed
    over.
    """
    operated = case.margin()
    if operated is None:
        return NOT_ASKED
    site = case.site_group()
    if site is not None and site not in sites:
        return NOT_ASKED
    event, surgery = operated
    enough = margin_suffices(surgery, above_mm, barriers)
    if enough:
        return MET
    barrier = f"{either([each.replace('_', ' ') for each in barriers])} or an intact fascial plane"
    needs = f"a margin above {number(above_mm)} mm, or one closed by {barrier}, and no visible tumour left"
    found = margin_found(event, surgery, on)
    asks = margin_questions(event, surgery) if enough is None else []
    if site is None:
        asks.append(SITE)
    if asks:
        return undecided(needs, found, asks, (event.line,))
    return not_met(needs, found, lines=(event.line,))


@check(of=(Mdt, Surgery))
def nodes_left(case: Facts, on: date) -> Answer:
    """No lymph nodes are taken out unless they are involved: macroscopically, or n = 1 in the latest staging.

    Asked of the plan of an MDT and of an operation. A plan that does not speak of nodes leaves them; no
    plan is *unknown*. An operation that does not speak of them is asked about only for uterus and
    retroperitoneum.
    """
    asked = case.asked
    if asked is None:
        return NOT_ASKED
    record = asked.record
    needs = "lymph nodes left in place unless they are involved"
    if isinstance(record, Mdt):
        if record.plan is None:
            return undecided(needs, plan_found(case, None, on), (plan_question(case),))
        if not any(each.lymphadenectomy for each in record.plan):
            return MET
        said = "a lymphadenectomy is planned"
    elif isinstance(record, Surgery):
        if record.lymphadenectomy is False:
            return MET
        if record.lymphadenectomy is None:
            if case.site_group() not in _NODES_ASKED_AFTER_SURGERY or record.operation == "metastasectomy":
                return NOT_ASKED
            ask = about(asked, "lymphadenectomy", "Were lymph nodes taken out?", "false")
            return undecided(needs, "not recorded", (ask,))
        said = "lymph nodes were taken out"
    else:
        return NOT_ASKED
    staged = next(iter(case.records(Staging, course=True)), None)
    macroscopic = None if staged is None else staged[1].nodes_macroscopic
    n = None if staged is None else staged[1].n
    if macroscopic or n == "1":
        return MET
    if macroscopic is None and n != "0":
        return undecided(needs, f"{said}; whether nodes are involved is not known", (NODES,))
    return not_met(needs, f"{said}; no node is involved")
