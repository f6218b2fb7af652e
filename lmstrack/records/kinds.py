"""Every kind of record, in the order of the pathway, which is also their order within one day."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from lmstrack.records.corrections import Correct, Merge, MoveEvent, Unmerge
from lmstrack.records.diagnosis import (
    Biopsy,
    DecisionToTreat,
    Imaging,
    Mdt,
    Pathology,
    Result,
    Staging,
)
from lmstrack.records.following import (
    AdoptWorkflow,
    Assign,
    Booking,
    Contact,
    Death,
    DepartureRecord,
    DepartureReview,
    DidNotAttend,
    Discharge,
    Excuse,
    LostToFollowUp,
    NotLms,
    Recurrence,
    Rehabilitation,
    Resume,
    Suspend,
    Transfer,
    Visit,
)
from lmstrack.records.referral import Consultation, Referral
from lmstrack.records.treatment import CardiacFunction, Radiotherapy, Surgery, Systemic, TreatmentCompleted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.records.base import Record

_IN_ORDER: tuple[type[Record], ...] = (
    Referral,
    Consultation,
    Imaging,
    Biopsy,
    Pathology,
    Staging,
    Mdt,
    DecisionToTreat,
    Surgery,
    Radiotherapy,
    Systemic,
    CardiacFunction,
    Result,
    TreatmentCompleted,
    Visit,
    Rehabilitation,
    Recurrence,
    Booking,
    DidNotAttend,
    Contact,
    Excuse,
    Suspend,
    Resume,
    Assign,
    Transfer,
    LostToFollowUp,
    Discharge,
    Death,
    NotLms,
    AdoptWorkflow,
    DepartureRecord,
    DepartureReview,
    Correct,
    MoveEvent,
    Merge,
    Unmerge,
)

KINDS: Final[Mapping[str, type[Record]]] = MappingProxyType({model.kind: model for model in _IN_ORDER})
"""Kind to class. The order decides which of two events of one day counts as the earlier."""

_RANK: Final = {kind: place for place, kind in enumerate(KINDS)}


def rank(kind: str) -> int:
    """Give the place of *kind* along the pathway, from 0; raise KeyError for what is no kind.

    >>> rank("imaging") < rank("biopsy") < rank("pathology")
    True
    """
    return _RANK[kind]
