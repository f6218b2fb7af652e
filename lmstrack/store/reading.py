"""Reading people and logs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, func, or_, select

from lmstrack.errors import NotFound
from lmstrack.records import read_person
from lmstrack.store.fetched import Part, by_case, cases_in, events_of
from lmstrack.store.lines import instant_text
from lmstrack.store.people import read_person_row, version_known
from lmstrack.store.statements import ForCases, Statement
from lmstrack.store.tables import EVENT, IDENTIFIER, MERGING, NOTE, PERSON, PERSON_CHANGE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.sql.elements import ClauseElement

    from lmstrack.events import Event
    from lmstrack.records import Person
    from lmstrack.store.link import Link
    from lmstrack.store.statements import Row

_NOTE: Final = (NOTE.c.case_id, NOTE.c.line, NOTE.c.field, NOTE.c.salt, NOTE.c.text)


def _between(table: Table) -> ClauseElement:
    return (
        select(*table.c)
        .where(table.c.case_id >= bindparam("first"), table.c.case_id <= bindparam("last"))
        .order_by(*table.primary_key)
    )


CASE_IDS: Final = Statement(lambda _: select(PERSON.c.case_id).order_by(PERSON.c.case_id))
A_PERSON: Final = Statement(lambda _: select(*PERSON.c).where(PERSON.c.case_id == bindparam("case")))
PEOPLE: Final = ForCases(lambda cases: select(*PERSON.c).where(PERSON.c.case_id.in_(cases)))
VERSIONS: Final = ForCases(
    lambda cases: (
        select(*PERSON_CHANGE.c)
        .where(PERSON_CHANGE.c.case_id.in_(cases))
        .order_by(PERSON_CHANGE.c.case_id, PERSON_CHANGE.c.version)
    )
)
FIRST_LINES: Final = ForCases(
    lambda cases: (
        select(EVENT.c.case_id, func.min(EVENT.c.recorded_at))
        .where(EVENT.c.case_id.in_(cases))
        .group_by(EVENT.c.case_id)
    )
)
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


class Reader(ABC):
    """What can be asked of people and logs; each answer is taken from one state of the database."""

    @abstractmethod
    def _connected(self) -> AbstractContextManager[Link]:
        """A link in a transaction of its own, or the one that is under way."""

    def case_ids(self) -> list[str]:
        """The ids of all cases, in the order of their text."""
        with self._connected() as link:
            return [row[0] for row in link.rows(CASE_IDS)]

    def person(self, case: str, known_at: datetime | None = None) -> Person:
        """Who the case is about, as known at an instant, now where None; nobody where it was not on record then.

        A case is on record from the first entry on, be it about the person or of an event; where that was of an event,
        who is first said to be the patient is taken to have been known. Raises NotFound for an unknown case.
        """
        asked = f"Read {case}"
        with self._connected() as link:
            row = link.row(A_PERSON, case=case)
            known = {} if row is None or known_at is None else _known(link, [case], known_at)
        if row is None:
            raise no_such_case(case)
        if known_at is None:
            return read_person_row(row, asked)
        return known.get(case) or read_person({})

    def people(self, cases: Collection[str], known_at: datetime | None = None) -> dict[str, Person]:
        """Who these cases are about, by their ids, as `person` tells; those not on record are left out."""
        with self._connected() as link:
            if known_at is not None:
                return _known(link, list(cases), known_at)
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

    def stream(
        self, cases: Iterable[str] | None = None, batch: int = 500, known_at: datetime | None = None
    ) -> Iterator[tuple[str, Person, list[Event]]]:
        """Each case with its person and its log, *batch* of them in memory at a time.

        All cases in the order of their ids, or *cases* in theirs; with *known_at* only those that were known, with
        the person as known then and every line. What is written meanwhile may show in later batches. Raises NotFound
        for an id that is not there.
        """
        for part in self.parts(cases, batch, known_at):
            yield from cases_in(part)

    def parts(
        self, cases: Iterable[str] | None = None, batch: int = 500, known_at: datetime | None = None
    ) -> Iterator[Part]:
        """What `stream` reads its cases from, *batch* cases at a time."""
        instant = None if known_at is None else instant_text(known_at)
        rows = self._batches(batch) if cases is None else self._batches_of(list(cases), batch)
        for people, lines, notes in rows:
            versions: list[Row] = []
            if instant is not None:
                with self._connected() as link:
                    versions = list(link.rows_for(VERSIONS, [person[0] for person in people]))
            yield Part(people, lines, notes, versions, instant)

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


def _known(link: Link, cases: Sequence[str], known_at: datetime) -> dict[str, Person]:
    instant = instant_text(known_at)
    first_lines: dict[str, str] = dict(link.rows_for(FIRST_LINES, cases))
    versions = by_case(link.rows_for(VERSIONS, cases))
    told = (
        (case, version_known(rows, first_lines.get(case), instant, f"Read {case}")) for case, rows in versions.items()
    )
    return {case: person for case, person in told if person is not None}


def no_such_case(case: str) -> NotFound:
    """The answer to an id that no case has."""
    return NotFound(f"Read {case}", "There is no such case.", "Find it by name or number: lmstrack case find")
