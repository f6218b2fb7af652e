"""What became of the rows of a file, in counts that add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.loading.incoming import Rejected

if TYPE_CHECKING:
    from lmstrack.events import Event
    from lmstrack.listing import Head, Listed
    from lmstrack.records import Person


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case that is on record: its id, its person, and every line of its log."""

    id: str
    person: Person
    log: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Amendment:
    """A row that says otherwise than the record. Nothing is overwritten: somebody has to confirm it.

    *line* is the line of the log, None where the row is about the person. *confirm* is the command that does
    so.
    """

    row: int
    case: str
    line: int | None
    confirm: str


class Named(NamedTuple):  # many of them travel between processes, and a tuple travels light
    """A new entry and its name in a source, which must be no other's; *given* is False for one made here."""

    row: int
    source: str
    source_id: str
    given: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of the rows of one case; each is new, known, changed or rejected.

    *case* is the id of a known case, None for a new one: *person* is then whom to open it for, None where it
    is not to be opened. *events*, *head* and *listed* bear the name that a new case has
    for now; *lines* is how many events there are.
    """

    key: str
    case: str | None
    new: int
    known: int
    changed: tuple[Amendment, ...]
    rejected: tuple[Rejected, ...]
    person: Person | None = None
    events: tuple[Event, ...] = ()
    lines: int = 0
    head: Head | None = None
    listed: tuple[Listed, ...] = ()
    findings: int = 0
    questions: int = 0
    named: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of every row that was read: each is new, known, changed or rejected.

    *new* and *known* are counts of rows; *events* counts the lines that the new ones make. *findings* are
    rules that they do not meet, and that are kept; *questions* the ones that they leave open. *committed* is
    False for a preview. *rejects* is the file that the rejected rows were written to, None where none was.
    """

    rows_read: int
    new: int
    known: int
    changed: tuple[Amendment, ...]
    rejected: tuple[Rejected, ...]
    cases_created: int
    events: int
    findings: int
    questions: int
    committed: bool
    rejects: str | None = None

    @property
    def adds_up(self) -> bool:
        """Whether every row that was read is in exactly one of the four."""
        return self.rows_read == self.new + self.known + len(self.changed) + len(self.rejected)


__all__ = ["Amendment", "Decided", "KnownCase", "LoadReport", "Named", "Rejected"]
