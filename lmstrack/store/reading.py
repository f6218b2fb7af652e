"""Reading people and logs."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, func, or_, select

from lmstrack.errors import NotFound
from lmstrack.store.lines import read
from lmstrack.store.people import read_person_row
from lmstrack.store.statements import ForCases, Statement
from lmstrack.store.tables import EVENT, IDENTIFIER, MERGING, NOTE, PERSON

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Table
    from sqlalchemy.sql.elements import ClauseElement

    from lmstrack.events import Event
    from lmstrack.records import Person
    from lmstrack.store.link import Link
    from lmstrack.store.statements import Row

_NOTE: Final = (NOTE.c.case_id, NOTE.c.line, NOTE.c.field, NOTE.c.salt, NOTE.c.text)
_CASE: Final = itemgetter(0)
_LINE: Final = itemgetter(1)


def _between(table: Table) -> ClauseElement:
    return (
        select(*table.c)
        .where(table.c.case_id >= bindparam("first"), table.c.case_id <= bindparam("last"))
        .order_by(*table.primary_key)
    )


CASE_IDS: Final = Statement(lambda _: select(PERSON.c.case_id).order_by(PERSON.c.case_id))
A_PERSON: Final = Statement(lambda _: select(*PERSON.c).where(PERSON.c.case_id == bindparam("case")))
PEOPLE: Final = ForCases(lambda cases: select(*PERSON.c).where(PERSON.c.case_id.in_(cases)))
PEOPLE_AFTER: Final = Statement(
    lambda _: (
        select(*PERSON.c)
        .where(PERSON.c.case_id > bindparam("after"))
        .order_by(PERSON.c.case_id)
        .limit(bindparam("most"))
    )
)
LINES: Final = Statement(lambda _: select(*EVENT.c).where(EVENT.c.case_id == bindparam("case")).order_by(EVENT.c.line))
LINES_BETWEEN: Final = Statement(lambda _: _between(EVENT))
LINES_OF: Final = ForCases(
    lambda cases: select(*EVENT.c).where(EVENT.c.case_id.in_(cases)).order_by(EVENT.c.case_id, EVENT.c.line)
)
NOTES: Final = Statement(lambda _: select(*_NOTE).where(NOTE.c.case_id == bindparam("case")))
NOTES_BETWEEN: Final = Statement(lambda _: _between(NOTE))
NOTES_OF: Final = ForCases(lambda cases: select(*_NOTE).where(NOTE.c.case_id.in_(cases)))
BY_SOURCE: Final = Statement(
    lambda _: select(EVENT.c.case_id, EVENT.c.line).where(
        EVENT.c.source == bindparam("source"), EVENT.c.source_id == bindparam("source_id")
    )
)
BY_IDENTIFIER: Final = Statement(
    lambda _: select(IDENTIFIER.c.case_id).where(
        IDENTIFIER.c.system == bindparam("system"), IDENTIFIER.c.value == bindparam("value")
    )
)
MERGES: Final = Statement(lambda _: select(*MERGING.c).order_by(*MERGING.primary_key))
MERGES_OF: Final = Statement(
    lambda _: select(MERGING.c.case_id, MERGING.c.other_case).where(
        or_(MERGING.c.case_id == bindparam("case"), MERGING.c.other_case == bindparam("case"))
    )
)
COUNTS: Final = Statement(
    lambda _: select(
        select(func.count()).select_from(PERSON).scalar_subquery(),
        select(func.count()).select_from(EVENT).scalar_subquery(),
        select(func.count()).select_from(NOTE).scalar_subquery(),
    )
)


class Reader:
    """What can be asked of people and logs; each answer is taken from one state of the database."""

    def _connected(self) -> AbstractContextManager[Link]:
        """A link in a transaction of its own, or the one that is under way."""
        raise NotImplementedError

    def case_ids(self) -> list[str]:
        """The ids of all cases, in the order of their text."""
        with self._connected() as link:
            return [row[0] for row in link.rows(CASE_IDS)]

    def person(self, case: str) -> Person:
        """Who the case is about. Raises NotFound."""
        asked = f"Read {case}"
        with self._connected() as link:
            row = link.row(A_PERSON, case=case)
        if row is None:
            raise no_such_case(case)
        return read_person_row(row, asked)

    def people(self, cases: Collection[str]) -> dict[str, Person]:
        """Who these cases are about, by their ids; ids that no case has are left out."""
        with self._connected() as link:
            rows = list(link.rows_for(PEOPLE, list(cases)))
        return {row[0]: read_person_row(row, f"Read {row[0]}") for row in rows}

    def log(self, case: str) -> list[Event]:
        """Every line of the case, from the first; empty where nothing was recorded yet. Raises NotFound."""
        asked = f"Read {case}"
        with self._connected() as link:
            rows = link.rows(LINES, case=case)
            if not rows and link.row(A_PERSON, case=case) is None:
                raise no_such_case(case)
            notes = link.rows(NOTES, case=case) if rows else []
        return events_of(rows, notes, asked)

    def stream(self, cases: Iterable[str] | None = None, batch: int = 500) -> Iterator[tuple[str, Person, list[Event]]]:
        """Each case with its person and its log, *batch* of them in memory at a time.

        All cases in the order of their ids, or *cases* in theirs. What is written meanwhile may show in
        later batches. Raises NotFound for an id that is not there.
        """
        parts = self._batches(batch) if cases is None else self._batches_of(list(cases), batch)
        for people, rows, notes in parts:
            lines = by_case(rows)
            kept = by_case(notes)
            for person in people:
                case = person[0]
                asked = f"Read {case}"
                log = events_of(lines.get(case, []), kept.get(case, []), asked)
                yield case, read_person_row(person, asked), log

    def _batches(self, batch: int) -> Iterator[tuple[list[Row], list[Row], list[Row]]]:
        after = ""
        while True:
            with self._connected() as link:
                people = link.rows(PEOPLE_AFTER, after=after, most=batch)
                if not people:
                    return
                first, after = people[0][0], people[-1][0]
                rows = link.rows(LINES_BETWEEN, first=first, last=after)
                notes = link.rows(NOTES_BETWEEN, first=first, last=after)
            yield people, rows, notes

    def _batches_of(self, cases: Sequence[str], batch: int) -> Iterator[tuple[list[Row], list[Row], list[Row]]]:
        for start in range(0, len(cases), batch):
            part = cases[start : start + batch]
            with self._connected() as link:
                people = {row[0]: row for row in link.rows_for(PEOPLE, part)}
                rows = list(link.rows_for(LINES_OF, part))
                notes = list(link.rows_for(NOTES_OF, part))
            for case in part:
                if case not in people:
                    raise no_such_case(case)
            yield [people[case] for case in part], rows, notes

    def by_source(self, source: str, source_id: str) -> tuple[str, int] | None:
        """The case and line that came from this entry of another system, None where none did."""
        with self._connected() as link:
            row = link.row(BY_SOURCE, source=source, source_id=source_id)
        return None if row is None else (row[0], row[1])

    def by_identifier(self, system: str, value: str) -> str | None:
        """The case that this identifier names, None where it is not known."""
        with self._connected() as link:
            row = link.row(BY_IDENTIFIER, system=system, value=value)
        return None if row is None else str(row[0])

    def case_of_source(self, source: str, value: str) -> str | None:
        """The case that another system calls *value*, None where it is not known."""
        return self.by_identifier(source, value)

    def merges(self) -> list[tuple[str, int, str]]:
        """Every merge on record, whether it stands or not: the case, the line of its log, and the other case."""
        with self._connected() as link:
            return [(case, line, other) for case, line, other in link.rows(MERGES)]

    def family(self, case: str) -> frozenset[str]:
        """The cases that this one was ever merged with, however far around, and itself; empty where there are none."""
        found: set[str] = set()
        asked = [case]
        with self._connected() as link:
            while asked:
                for pair in link.rows(MERGES_OF, case=asked.pop()):
                    asked += [each for each in pair if each not in found and each != case]
                    found.update(pair)
        return frozenset(found)

    def counts(self) -> tuple[int, int, int]:
        """How many cases, lines and free texts there are."""
        with self._connected() as link:
            cases, lines, notes = link.rows(COUNTS)[0]
        return cases, lines, notes


def no_such_case(case: str) -> NotFound:
    """The answer to an id that no case has."""
    return NotFound(f"Read {case}", "There is no such case.", "Find it by name or number: lmstrack case find")


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
