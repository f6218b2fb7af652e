"""The strands of a workflow as people type them: by the name that a list shows, or by their id."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from lmstrack.errors import InvalidData
from lmstrack.records.faults import did_you_mean, echoed

if TYPE_CHECKING:
    from collections.abc import Collection

    from lmstrack.records import Record
    from lmstrack.workflow import Workflow


def strand_names(workflow: Workflow) -> frozenset[str]:
    """The id of every strand that a workflow plans or expects."""
    planned = {strand.name for plan in workflow.plans for strand in plan.strands}
    return frozenset(planned | {strand.name for strand in workflow.expectations})


def as_id(typed: str) -> str:
    """What was typed, written as an id.

    >>> as_id("Clinic review"), as_id("abdomen/pelvis imaging")
    ('clinic_review', 'abdomen_pelvis_imaging')
    """
    return "_".join(typed.casefold().replace("/", " ").split())


def near(typed: str, names: Collection[str]) -> str:
    """The name that was probably meant: one that begins so, or is spelled alike; empty where none is.

    >>> near("chest", ["clinic_review", "chest_imaging"]), near("clinic_reviw", ["clinic_review"])
    ('chest_imaging', 'clinic_review')
    """
    wanted = as_id(typed)
    begun = sorted(name for name in names if wanted and name.startswith(wanted))
    return next(iter(begun or get_close_matches(wanted, sorted(names), n=1)), "")


def with_known_strand(record: Record, workflow: Workflow) -> Record:
    """The record, in which a strand is named by its id. Raises `InvalidData` where the workflow has no such strand."""
    typed = getattr(record, "strand", None)
    names = strand_names(workflow)
    if not isinstance(typed, str) or typed in names:
        return record
    if as_id(typed) in names:
        return record.model_copy(update={"strand": as_id(typed)})
    meant = near(typed, names)
    hint = did_you_mean(meant, (meant,)) if meant else ""
    raise InvalidData(
        f"Record {record.kind}",
        [f"strand: there is no strand {echoed(typed)}{hint}"],
        f"Strands: {', '.join(sorted(names))}.",
    )
