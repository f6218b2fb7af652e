"""What opens a one-off expectation, such as a scan its report, and what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.openers.calls import promised_call
from lmstrack.openers.described import after_event, during_state
from lmstrack.openers.results import unreported_imaging
from lmstrack.openers.reviews import lost_to_follow_up, rehabilitation_started, standing_excuse, suspension
from lmstrack.openers.treatment import emergency_treatment, last_treatment, palliative_care, systemic_planned
from lmstrack.openers.view import TREATMENTS, Opened, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lmstrack.plans import Strand

__all__ = ["OPENERS", "Opened", "View", "after_event", "during_state"]

#: The openers that a workflow file calls by a name: the kinds of event that may open something, and the function that
#: finds where they do.
OPENERS: Mapping[str, tuple[frozenset[str], Callable[[View, Strand], Iterator[Opened]]]] = {
    "last_treatment": (TREATMENTS | {"mdt"}, last_treatment),
    "emergency_treatment": (TREATMENTS, emergency_treatment),
    "unreported_imaging": (frozenset({"imaging"}), unreported_imaging),
    "palliative_care": (frozenset({"treatment_completed"}), palliative_care),
    "systemic_planned": (frozenset({"treatment_completed"}), systemic_planned),
    "suspension": (frozenset({"suspend"}), suspension),
    "standing_excuse": (frozenset({"excuse"}), standing_excuse),
    "lost_to_follow_up": (frozenset({"lost_to_follow_up"}), lost_to_follow_up),
    "rehabilitation_started": (frozenset({"rehabilitation"}), rehabilitation_started),
    "promised_call": (frozenset({"contact"}), promised_call),
}
