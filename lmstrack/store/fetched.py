"""Cases as they were fetched, and how they are read: no more than rows are needed, so it is done wherever they are."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.store.lines import read
from lmstrack.store.people import read_person_row, version_known
from lmstrack.store.tables import EVENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lmstrack.events import Event
    from lmstrack.records import Person
    from lmstrack.store.statements import Row

_LINE: Final = itemgetter(1)
_RECORDED_AT: Final = itemgetter(EVENT.c.keys().index("recorded_at"))


class Part(NamedTuple):
    """Some cases as they are stored, to be read by `cases_in` wherever that is done.

    *known_at* is up to when entries count, as it is stored, None for all; only then there are *versions* of people.
    """

    people: list[Row]
    lines: list[Row]
    notes: list[Row]
    versions: list[Row]
    known_at: str | None


def cases_in(part: Part) -> Iterator[tuple[str, Person, list[Event]]]:
    """The cases of a part that were known, each with its person as known then and with every line."""
    lines = by_case(part.lines)
    kept = by_case(part.notes)
    versions = by_case(part.versions)
    for row in part.people:
        case = row[0]
        asked = f"Read {case}"
        own = lines.get(case, [])
        if part.known_at is None:
            person = read_person_row(row, asked)
        else:
            first_line = min(map(_RECORDED_AT, own), default=None)
            known = version_known(versions[case], first_line, part.known_at, asked)
            if known is None:
                continue
            person = known
        yield case, person, events_of(own, kept.get(case, []), asked)


def by_case(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows of each case, which stands first in them; their order stays."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


def events_of(rows: Sequence[Row], notes: Sequence[Row], asked: str) -> list[Event]:
    """The events of one case from its rows in order, and the notes of its lines."""
    if not notes:
        return [read(row, (), asked) for row in rows]
    by_line = {line: [note[2:] for note in each] for line, each in groupby(sorted(notes, key=_LINE), _LINE)}
    return [read(row, by_line.get(row[1], ()), asked) for row in rows]
