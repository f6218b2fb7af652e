"""Whether an incoming event is on record already: by its name in the system it comes from, or by its line."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.events import standing
from lmstrack.loading.names import can_be_kept
from lmstrack.loading.people import is_another
from lmstrack.loading.terms import NO_SOURCE
from lmstrack.records import record_fields
from lmstrack.store.lines import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lmstrack.events import Event
    from lmstrack.loading.incoming import IncomingCase, IncomingEvent
    from lmstrack.loading.reports import KnownCase

#: Names made here, from what an entry says, for entries that their system gives no name.
MADE_HERE = "content:"


class Candidate(NamedTuple):
    """An incoming event with the names it goes by, and what it is to the log.

    *known_as* is the line that says the same, *amends* the line that says otherwise, both None where the log
    has no such entry. *repeats* marks what an earlier row of the file has told already; *refused* is why
    there cannot be two.
    """

    event: IncomingEvent
    source: str | None
    source_id: str | None
    known_as: int | None = None
    amends: int | None = None
    repeats: bool = False
    refused: str | None = None

    @property
    def is_new(self) -> bool:
        """Whether the log has nothing of the kind."""
        return self.known_as is None and self.amends is None and not self.repeats and self.refused is None


def candidates_of(
    key: str, events: Iterable[IncomingEvent], log: Sequence[Event], source: str | None
) -> list[Candidate]:
    """Each incoming event with its names, and what it is to the log.

    *source* is that of the import, None where none was given. What was corrected since is known both as it
    first read and as it reads now; so is what was withdrawn.
    """
    events = tuple(events)
    lines = sorted(event.line or 0 for event in events)
    names = _Names(key, source, whole=lines == list(range(1, len(lines) + 1)))
    on_record = _OnRecord(log) if log else None
    earlier: dict[tuple[str, str], IncomingEvent] = {}
    found: list[Candidate] = []
    for event in events:
        named_in, name = names.of(event)
        found.append(_placed(event, named_in, name, on_record, earlier))
    return found


def _placed(
    event: IncomingEvent,
    source: str | None,
    name: str | None,
    on_record: _OnRecord | None,
    earlier: dict[tuple[str, str], IncomingEvent],
) -> Candidate:
    if event.source_id is not None and not can_be_kept(event.source_id):
        return Candidate(event, source, None, refused="what names the entry is longer than a name, or no text")
    if source is not None and name is not None:
        before = earlier.setdefault((source, name), event)
        if before is not event:
            if (before.on, before.record) == (event.on, event.record):
                return Candidate(event, source, name, repeats=True)
            said = f"the name {name} is given to two different entries, the other is in row {before.row}"
            return Candidate(event, source, name, refused=said)
    if on_record is not None:
        line, same = on_record.find(event, source, name)
        if line is not None:
            return Candidate(event, source, name, known_as=line if same else None, amends=None if same else line)
    return Candidate(event, source, name)


class _Names:
    """Gives each event its source and its name there; what has none is named by what it says."""

    def __init__(self, key: str, source: str | None, *, whole: bool) -> None:
        self._source = source
        self._whole = whole
        # The names of one case begin alike, or each line would be written to another place of the index.
        self._of_case = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        self._times: dict[str, int] = {}

    def of(self, event: IncomingEvent) -> tuple[str | None, str | None]:
        source = event.source if event.source is not None else self._source
        if event.source_id is not None:
            return source if source is not None else NO_SOURCE, event.source_id
        if self._whole and source is None:
            return None, None  # from an export: there it was typed, and its line is its name
        said = self._said(event)
        self._times[said] = times = self._times.get(said, 0) + 1
        return source if source is not None else NO_SOURCE, f"{MADE_HERE}{said}:{times}"

    def _said(self, event: IncomingEvent) -> str:
        """A digest of the entry; the case is part of it, or two patients seen on one day would be one."""
        fields = record_fields(event.record)
        content = f"{event.on}\0{event.record.kind}\0{canonical(fields)}"
        return f"{self._of_case}{sha256(content.encode()).hexdigest()[:22]}"


class _OnRecord:
    """The lines of a log, found by name or by number, each as it first read and as it reads now."""

    def __init__(self, log: Sequence[Event]) -> None:
        self._by_line = {event.line: event for event in log}
        self._now: Mapping[int, Event] = {event.line: event for event in standing(log)}
        self._by_name = {(event.source, event.source_id): event.line for event in log if event.source_id is not None}

    def find(self, event: IncomingEvent, source: str | None, name: str | None) -> tuple[int | None, bool]:
        """The line that this is, None where there is none, and whether it says the same."""
        line = self._by_name.get((source, name)) if name is not None else None
        if line is not None:
            return line, self._same(event, line)
        if event.line is None or event.line not in self._by_line:
            return None, False
        if self._same(event, event.line):
            return event.line, True
        # The number alone does not make it that line: both logs may have grown since they were one.
        held = self._by_line[event.line]
        entered = (event.recorded_at or held.recorded_at, event.recorded_by or held.recorded_by)
        return (event.line if entered == (held.recorded_at, held.recorded_by) else None), False

    def _same(self, event: IncomingEvent, line: int) -> bool:
        readings = [self._by_line[line]]
        if line in self._now:
            readings.append(self._now[line])
        return any(
            event.on.first == held.on
            and event.on.precision == held.precision
            and event.record == held.record
            and all(held.departures.get(rule) == given for rule, given in event.departures.items())
            for held in readings
        )


def is_about_another(incoming: IncomingCase, known: KnownCase) -> bool:
    """Whether incoming rows are about another case than the one on record which has the name that they give.

    Another patient; or an export of another store, where the same id was given to somebody else.
    """
    if any(is_another(row.person, known.person) for row in incoming.persons):
        return True
    exported = (event for event in incoming.events if event.recorded_at is not None)
    first = next((event for event in exported if event.line == 1), None)
    if first is None or not known.log:
        return False
    return _OnRecord(known.log[:1]).find(first, None, None)[0] is None
