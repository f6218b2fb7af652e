"""Cases that are one patient, when more comes in about them: it goes to the one that stands for all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lmstrack.errors import InvalidData
from lmstrack.families import Family, cache_all, families
from lmstrack.joined import seen
from lmstrack.loading.reports import KnownCase
from lmstrack.places import at_home, place
from lmstrack.records import renumbered
from lmstrack.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lmstrack.events import Event
    from lmstrack.loading.incoming import IncomingCase, IncomingEvent
    from lmstrack.loading.terms import Terms
    from lmstrack.store import Writer
    from lmstrack.store.reading import Reader


def known_as(reader: Reader, family: Family, held: str) -> KnownCase:
    """What is on record of the patient of *held*: under the case that stands for them, with the lines of all.

    The person is that of *held*, whom the rows of the file are compared with.
    """
    into = family.survivor(held)
    return KnownCase(into, reader.person(held), tuple(seen(into, family.view(into)).lines))


def said_of(incoming: IncomingCase, held: str, into: str) -> IncomingCase:
    """Rows about *held* as rows about the case it was merged into; the lines that they name are those of *held*."""

    def numbered(line: int) -> int:
        return at_home(into, place(held, line))

    def moved(event: IncomingEvent) -> IncomingEvent:
        if event.line is None:
            return event
        return event._replace(line=numbered(event.line), record=renumbered(event.record, numbered))

    return incoming if held == into else replace(incoming, events=tuple(map(moved, incoming.events)))


def write_together(writer: Writer, terms: Terms, family: Family, events: Iterable[Event]) -> None:
    """Add lines, and bring the lists up to date with the logs of all."""
    new = list(events)
    writer.append(new)
    for event in new:
        family = family.grown(event)
    cache_all(writer, Versions(terms.workflows), family, terms.today, terms.zone)


def join_new_ones(writer: Writer, terms: Terms) -> None:
    """Let lists know of the merges that came with an export into an empty store.

    Raises `InvalidData` where a merge names a case that is not in the file, or has another id here.
    """
    merges = writer.merges()
    people = writer.people({other for _, _, other in merges})
    for case, line, other in merges:
        person = people.get(other)
        if person is None or person.identifiers.get(terms.system, other) != other:
            raise InvalidData(
                "Load cases",
                [f"line {line} of {case} merges {other}, which is not in the file, or not under this id"],
                "Nothing was written. Export all cases, and import the whole file.",
            )
    for members in set(families(merges).values()):
        family = Family({each: writer.log(each) for each in sorted(members)})
        cache_all(writer, Versions(terms.workflows), family, terms.today, terms.zone)
