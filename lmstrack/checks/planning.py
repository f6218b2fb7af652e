"""What the team intends, what its plan holds, and what was done: the questions that several rules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.checks.wording import dated, plan_holds
from lmstrack.known import remembered
from lmstrack.records import Mdt, PlannedTreatment, Radiotherapy, Surgery
from lmstrack.rules import Ask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.facts import Facts

Plan = tuple["Event", "Sequence[PlannedTreatment]"]


@remembered("mdt")
def palliative(case: Facts) -> bool:
    """Whether the latest MDT of this course that states an intent states a palliative one."""
    return next((mdt.intent == "palliative" for _, mdt in case.records(Mdt, course=True) if mdt.intent), False)


def plan_in_force(case: Facts) -> Plan | None:
    """The plan of the MDT that is judged, else of the latest that states one; None where there is none."""
    asked = case.asked
    if asked is not None and isinstance(asked.record, Mdt):
        return None if asked.record.plan is None else (asked, asked.record.plan)
    return case.plan()


def radiotherapy_planned(plan: Sequence[PlannedTreatment]) -> bool:
    """Whether a plan holds radiotherapy; only what is called palliative is left out."""
    return any(each.treatment == "radiotherapy" and each.timing != "palliative" for each in plan)


@remembered("radiotherapy")
def radiotherapy_done(case: Facts) -> bool:
    """Whether radiotherapy that is not palliative has at least been started in this course."""
    return any(given.timing != "palliative" for _, given in case.records(Radiotherapy, course=True))


@remembered("surgery")
def surgery_done(case: Facts) -> bool:
    """Whether the tumour was operated on in this course, also before the referral; metastases apart."""
    return any(done.operation != "metastasectomy" for _, done in case.records(Surgery, course=True))


def plan_question(case: Facts) -> Ask:
    """Which plan the team made: asked of its latest meeting, or of the patient where it has not met."""
    asked = case.asked
    meeting = asked if asked is not None and isinstance(asked.record, Mdt) else None
    if meeting is None:
        meeting = next((event for event, _ in case.records(Mdt, course=True)), None)
    line = None if meeting is None else meeting.line
    return Ask("mdt.plan", "Which treatments does the MDT plan?", "mdt plan=@plan.json", (), line)


def plan_found(case: Facts, plan: Plan | None, on: date) -> str:
    """What the plan in force holds, or that there is none, in words."""
    if plan is not None:
        return f"the plan of {dated(plan[0], on)} holds {plan_holds(plan[1])}"
    asked = case.asked
    if asked is not None and isinstance(asked.record, Mdt):
        return "the MDT states no plan"
    return "no plan of an MDT on record"
