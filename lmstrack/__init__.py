"""A case tracker for leiomyosarcoma: where each patient stands, what the guideline asks next, and who is overdue.

Everything in ``__all__`` is promised. Names are loaded when they are first used, so that importing the package costs
nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lmstrack.adopting import Adopted, Adoption
    from lmstrack.calculators import figo_stage, fnclcc_grade, stage_group
    from lmstrack.case import Case, assess
    from lmstrack.caseload import ListChanges
    from lmstrack.effects import Effect
    from lmstrack.errors import (
        Conflict,
        Impossible,
        InvalidData,
        LmstrackError,
        NotFound,
        NotPermitted,
        Refused,
        StoreUnavailable,
        WorkflowFaults,
    )
    from lmstrack.events import Event
    from lmstrack.explaining import Why
    from lmstrack.lists import ObligationList
    from lmstrack.obligations import Obligation, ObligationState
    from lmstrack.recording import Recorded
    from lmstrack.records import (
        AdoptWorkflow,
        Assign,
        Biopsy,
        Booking,
        CardiacFunction,
        Consultation,
        Contact,
        Correct,
        Death,
        DecisionToTreat,
        Departure,
        DepartureReview,
        DidNotAttend,
        Discharge,
        Excuse,
        Imaging,
        LostToFollowUp,
        Mdt,
        Merge,
        MoveEvent,
        NotLms,
        Pathology,
        Person,
        PlannedTreatment,
        Radiotherapy,
        Recurrence,
        Referral,
        Rehabilitation,
        Result,
        Resume,
        Staging,
        Surgery,
        Suspend,
        Systemic,
        Transfer,
        TreatmentCompleted,
        Unmerge,
        Visit,
    )
    from lmstrack.rules import Answer, Ask, Finding, Rule, Strength, Verdict
    from lmstrack.staging.figo import FigoStage
    from lmstrack.staging.fnclcc import Grade
    from lmstrack.staging.soft_tissue import StageGroup
    from lmstrack.tracker import Tracker
    from lmstrack.workflow import Workflow, load_workflow
    from lmstrack.worklist import WorkList

_HOMES = {
    "lmstrack.calculators": ("figo_stage", "fnclcc_grade", "stage_group"),
    "lmstrack.case": ("Case", "assess"),
    "lmstrack.errors": (
        "Conflict",
        "Impossible",
        "InvalidData",
        "LmstrackError",
        "NotFound",
        "NotPermitted",
        "Refused",
        "StoreUnavailable",
        "WorkflowFaults",
    ),
    "lmstrack.events": ("Event",),
    "lmstrack.obligations": ("Obligation", "ObligationState"),
    "lmstrack.records": (
        "AdoptWorkflow",
        "Assign",
        "Biopsy",
        "Booking",
        "CardiacFunction",
        "Consultation",
        "Contact",
        "Correct",
        "Death",
        "DecisionToTreat",
        "Departure",
        "DepartureReview",
        "DidNotAttend",
        "Discharge",
        "Excuse",
        "Imaging",
        "LostToFollowUp",
        "Mdt",
        "Merge",
        "MoveEvent",
        "NotLms",
        "Pathology",
        "Person",
        "PlannedTreatment",
        "Radiotherapy",
        "Recurrence",
        "Referral",
        "Rehabilitation",
        "Result",
        "Resume",
        "Staging",
        "Surgery",
        "Suspend",
        "Systemic",
        "Transfer",
        "TreatmentCompleted",
        "Unmerge",
        "Visit",
    ),
    "lmstrack.rules": ("Answer", "Ask", "Finding", "Rule", "Strength", "Verdict"),
    "lmstrack.staging.figo": ("FigoStage",),
    "lmstrack.staging.fnclcc": ("Grade",),
    "lmstrack.staging.soft_tissue": ("StageGroup",),
    "lmstrack.explaining": ("Why",),
    "lmstrack.lists": ("ObligationList",),
    "lmstrack.recording": ("Recorded",),
    "lmstrack.effects": ("Effect",),
    "lmstrack.adopting": ("Adopted", "Adoption"),
    "lmstrack.caseload": ("ListChanges",),
    "lmstrack.worklist": ("WorkList",),
    "lmstrack.tracker": ("Tracker",),
    "lmstrack.workflow": ("Workflow", "load_workflow"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__version__ = "0.1.0"
__all__ = [
    "AdoptWorkflow",
    "Adopted",
    "Adoption",
    "Answer",
    "Ask",
    "Assign",
    "Biopsy",
    "Booking",
    "CardiacFunction",
    "Case",
    "Conflict",
    "Consultation",
    "Contact",
    "Correct",
    "Death",
    "DecisionToTreat",
    "Departure",
    "DepartureReview",
    "DidNotAttend",
    "Discharge",
    "Effect",
    "Event",
    "Excuse",
    "FigoStage",
    "Finding",
    "Grade",
    "Imaging",
    "Impossible",
    "InvalidData",
    "ListChanges",
    "LmstrackError",
    "LostToFollowUp",
    "Mdt",
    "Merge",
    "MoveEvent",
    "NotFound",
    "NotLms",
    "NotPermitted",
    "Obligation",
    "ObligationList",
    "ObligationState",
    "Pathology",
    "Person",
    "PlannedTreatment",
    "Radiotherapy",
    "Recorded",
    "Recurrence",
    "Referral",
    "Refused",
    "Rehabilitation",
    "Result",
    "Resume",
    "Rule",
    "StageGroup",
    "Staging",
    "StoreUnavailable",
    "Strength",
    "Surgery",
    "Suspend",
    "Systemic",
    "Tracker",
    "Transfer",
    "TreatmentCompleted",
    "Unmerge",
    "Verdict",
    "Visit",
    "Why",
    "WorkList",
    "Workflow",
    "WorkflowFaults",
    "assess",
    "figo_stage",
    "fnclcc_grade",
    "load_workflow",
    "stage_group",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'lmstrack' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
