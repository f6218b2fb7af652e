"""What comes in from a file, before anybody has decided about it: one case with its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from lmstrack.dates import PartialDate
    from lmstrack.records import Departure, Person, Record


_NO_DEPARTURES: Mapping[str, Departure] = {}


class IncomingEvent(NamedTuple):  # a registry's file holds millions, and a frozen dataclass takes three times as long
    """One event as a row of a file tells it.

    *row* is where it stands in the file, counted from 1; several events may share a row. *source_id* names it
    in the system that it comes from, None where it has no name there. *source* None means the source of the
    import. *line*, *recorded_at*, *recorded_by*, *workflow* and *as_history* come from an export of this
    program, and are honoured only for a case that the import creates. *name* tells the events of one row
    apart.
    """

    row: int
    on: PartialDate
    record: Record
    source_id: str | None = None
    source: str | None = None
    departures: Mapping[str, Departure] = _NO_DEPARTURES
    recorded_by: str | None = None
    recorded_at: datetime | None = None
    line: int | None = None
    workflow: str | None = None
    as_history: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class IncomingPerson:
    """Who the patient is, as a row of a file tells it."""

    row: int
    person: Person


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, and why, without the patient's name. *case* is the key of the file."""

    row: int
    case: str
    reason: str


@dataclass(frozen=True, slots=True)
class IncomingCase:
    """All rows of a file about one case.

    *key* is the case id, or an identifier in the source system. *unreadable* are rows that say nothing which
    can be recorded. *only_known* refuses to open a case for them.
    """

    key: str
    persons: tuple[IncomingPerson, ...] = ()
    events: tuple[IncomingEvent, ...] = ()
    unreadable: tuple[Rejected, ...] = ()
    only_known: bool = False

    @property
    def row_count(self) -> int:
        """How many rows of the file it holds."""
        return len(self.rows())

    def rows(self) -> list[int]:
        """The rows that it holds, each once, in the order of the file."""
        found = {person.row for person in self.persons}
        found.update(event.row for event in self.events)
        found.update(rejected.row for rejected in self.unreadable)
        return sorted(found)

    def parsed(self) -> IncomingCase:
        """Give itself: it has been read already."""
        return self


class Unparsed(Protocol):
    """A case whose rows are still to be read, which another process may do.

    Rows that are read already are an `IncomingCase`, which is one of these too.
    """

    @property
    def key(self) -> str:
        """The case id, or an identifier in the source system."""

    @property
    def row_count(self) -> int:
        """How many rows of the file it holds."""

    def parsed(self) -> IncomingCase:
        """Read the rows; one that cannot be read is *unreadable*, and nothing is raised."""
