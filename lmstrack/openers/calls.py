"""The call that a patient was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.openers.view import Opened
from lmstrack.records import Contact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.openers.view import View
    from lmstrack.plans import Strand


def promised_call(view: View, strand: Strand) -> Iterator[Opened]:
    """A call is owed on the day that was promised, until the patient was spoken to or another day takes its place.

    An earlier call keeps the promise as well. Who comes is spoken to, whatever the visit is for.
    """
    last_day = view.end.on if view.end is not None else None
    for event in view.of_kind("contact"):
        day = _promised(event)
        if day is None or (last_day is not None and event.on > last_day):
            continue

        def settles(later: Event) -> bool:
            if last_day is not None and later.on > last_day:
                return False
            return _promised(later) is not None or _spoken_to(view, strand, later)

        ended_by = view.first_after(event, settles)
        kept = ended_by is None or _spoken_to(view, strand, ended_by)
        yield Opened(event, ended_by=ended_by, since=day, overtaken="" if kept else "another day was agreed")


def _promised(event: Event) -> date | None:
    """The day on which the next call was promised, None where none was."""
    return event.record.next_on if isinstance(event.record, Contact) else None


def _spoken_to(view: View, strand: Strand, event: Event) -> bool:
    return event.record.kind == "visit" or view.serves(event, strand.done_by)
