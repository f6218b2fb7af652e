"""The exchange form: one event a line, as JSON; what is written here is what is read here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from lmstrack.dates import PartialDate
from lmstrack.exchange.form import LONGER
from lmstrack.exchange.line import Unreadable, read_line
from lmstrack.loading.incoming import IncomingCase, IncomingEvent, IncomingPerson, Rejected
from lmstrack.records import KINDS, person_fields, record_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lmstrack.events import Event
    from lmstrack.records import Person


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file about one case, as they stand there; *rows* gives the number of each."""

    key: str
    rows: tuple[int, ...]
    texts: tuple[bytes, ...]

    @property
    def row_count(self) -> int:
        """How many lines there are."""
        return len(self.rows)

    def parsed(self) -> IncomingCase:
        """Read them; one that cannot be read is kept with every fault in it."""
        persons: list[IncomingPerson] = []
        events: list[IncomingEvent] = []
        unreadable: list[Rejected] = []
        for row, text in zip(self.rows, self.texts, strict=True):
            try:
                read = read_line(row, text)
            except Unreadable as error:
                unreadable.append(Rejected(row, self.key, "; ".join(error.faults)))
                continue
            if isinstance(read, IncomingPerson):
                persons.append(read)
            else:
                events.append(read)
        return IncomingCase(self.key, tuple(persons), tuple(events), tuple(unreadable))


def person_line(case: str, person: Person) -> dict[str, object]:
    """Who the patient is, as the line that comes before the events of the case."""
    return {"case": case, "kind": "person", **person_fields(person)}


def event_line(event: Event) -> dict[str, object]:
    """One event, with all that the log knows of it; what is not known is left out."""
    kind = event.kind
    own = KINDS[kind].model_fields
    line: dict[str, object] = {
        "case": event.case,
        "on": str(PartialDate(event.on, event.precision)),
        "kind": kind,
        **record_fields(event.record),
    }
    about = {
        "source": event.source,
        "source_id": event.source_id,
        "departures": {rule: given.plain() for rule, given in event.departures.items()} or None,
        "line": event.line,
        "recorded_at": event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "recorded_by": event.recorded_by,
        "workflow": event.workflow,
        "as_history": event.as_history or None,
    }
    for name, value in about.items():
        if value is not None:
            line[LONGER[name] if name in own else name] = value
    return line


def export_lines(cases: Iterable[tuple[str, Person, Iterable[Event]]]) -> Iterator[dict[str, object]]:
    """Every case: the person, then the events in the order of the log. Importing them loses nothing."""
    for case, person, log in cases:
        yield person_line(case, person)
        for event in log:
            yield event_line(event)


def written(line: Mapping[str, object]) -> str:
    """A line as it stands in a file, without the end of the line."""
    return json.dumps(line, ensure_ascii=False, separators=(", ", ": "), allow_nan=False)
