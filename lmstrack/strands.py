"""The strands of a workflow as people name them: as a list shows them, or by their id."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from lmstrack.errors import InvalidData
from lmstrack.records import Correct
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


def strand_of_record(record: Record) -> str | None:
    """The strand that a record speaks of; for a correction that of the new reading. None where it names none."""
    if isinstance(record, Correct):
        return None if record.instead is None else strand_of_record(record.instead.record)
    named = record.__dict__.get("strand")  # a record that has no such field takes long to deny it
    return named if isinstance(named, str) else None


def with_known_strand(record: Record, workflow: Workflow) -> Record:
    """The record, in which a strand is named by its id. Raises `InvalidData` where the workflow has no such strand."""
    if isinstance(record, Correct):
        instead = record.instead
        if instead is None:
            return record
        reading = with_known_strand(instead.record, workflow)
        return record.model_copy(update={"instead": instead.model_copy(update={"record": reading})})
    typed = strand_of_record(record)
    if typed is None:
        return record
    names = strand_names(workflow)
    if typed in names:
        return record
    if as_id(typed) in names:
        return record.model_copy(update={"strand": as_id(typed)})
    meant = near(typed, names)
    hint = did_you_mean(meant, (meant,)) if meant else ""
    raise InvalidData(
        f"Record {record.kind}",
        [f"strand: there is no strand {echoed(typed)}{hint}"],
        "lmstrack show CASE names what is due for a patient, lmstrack workflow show every strand.",
    )
