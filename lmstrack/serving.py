"""Whether something that was done serves a strand: wholly, in part, or only by hearsay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lmstrack.events import Event
    from lmstrack.plans import Service
    from lmstrack.records import Record


class Served(NamedTuple):
    """What an event does for a strand.

    *nothing*: it does not concern it. *claimed*: only the patient says so, a report is awaited. *missing*: the
    components it lacks. *counted*: a clinician marked it as counting, whatever its day.
    """

    nothing: bool = False
    claimed: bool = False
    missing: tuple[str, ...] = ()
    counted: bool = False


_NOTHING = Served(nothing=True)
_WHOLLY = Served()
_CLAIMED = Served(claimed=True)
_COUNTED = Served(counted=True)


def serves(service: Service, event: Event, results: Sequence[Event] = ()) -> Served:
    """What *event* does for what *service* asks; *results* are what became known later of the same scan."""
    record = event.record
    # From its dictionary: a record that is asked for a field its kind does not have takes long to deny it.
    told = record.__dict__
    counts = told.get("counts")
    if record.kind != service.kind or counts is False:  # no, says a clinician, and why
        return _NOTHING
    counted = counts is True
    missing: tuple[str, ...] = ()
    if not service.any_of_kind:
        for name, wanted in service.fields.items():
            held = told.get(name)
            if held in wanted:
                continue
            lacking = _lacking(told, name, held, wanted)
            if lacking is None:
                return _NOTHING
            missing += lacking
        for name, ruled_out in service.never.items() if service.never else ():
            if told.get(name) in ruled_out:
                # A telephone call still takes a history: what can only be done in the room is what is missing.
                return Served(missing=missing or ("examination",)) if name == "mode" else _NOTHING
        if service.unless_counted and not counted:
            for name, ruled_out in service.unless_counted.items():
                if told.get(name) in ruled_out:
                    return _NOTHING
    if _hearsay(record, results) if results else told.get("evidence") == "patient_said":
        return _CLAIMED
    if missing:
        return Served(missing=missing)
    return _COUNTED if counted else _WHOLLY


def _lacking(told: Mapping[str, Any], name: str, held: object, wanted: tuple[object, ...]) -> tuple[str, ...] | None:
    """What of a field is missing, none of it where the event serves; None where it does not serve at all."""
    if name == "region":
        covered = told.get("regions") or ()
        return () if any(region in wanted for region in covered) else None
    if isinstance(held, tuple):
        missing = tuple(str(value) for value in wanted if value not in held)
        return None if len(missing) == len(wanted) else missing
    if held is None and name == "components":
        return tuple(str(value) for value in wanted)  # a visit was made, and nobody said what was done
    return None  # whether it holds one of the values was looked at before


def wholly(service: Service, event: Event, results: Sequence[Event] = ()) -> bool:
    """Whether an event does all that a service asks for, by more than hearsay."""
    if service.any_of_kind and not results:
        record = event.record
        told = record.__dict__
        return (
            record.kind == service.kind and told.get("counts") is not False and told.get("evidence") != "patient_said"
        )
    served = serves(service, event, results)
    return not (served.nothing or served.claimed or served.missing)


def ends(event: Event) -> bool:
    """Whether an event closes its strand for good: therapy has reached what it can, or the patient wants none."""
    record = event.record
    return record.kind == "rehabilitation" and record.__dict__["phase"] in {"maximal_function", "declined"}


def begins(event: Event, kind: str) -> bool:
    """Whether an event of the *kind* that serves a strand opens it again after it was closed."""
    return event.record.kind == kind and getattr(event.record, "phase", None) == "started"


def _hearsay(record: Record, results: Sequence[Event]) -> bool:
    """Whether only the patient says so: the latest result that gives its evidence decides, or that is a report."""
    for result in reversed(results):
        told = result.record.__dict__
        if told.get("evidence") is not None:
            return bool(told["evidence"] == "patient_said")
        if told.get("reported_on") is not None:
            return False
    return bool(record.__dict__.get("evidence") == "patient_said")
