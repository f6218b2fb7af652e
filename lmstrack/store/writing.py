"""Writing: one transaction at a time, and the caches in the same one as the log."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, func, select

from lmstrack.case_ids import case_id
from lmstrack.errors import Conflict
from lmstrack.store.cached import TALLY
from lmstrack.store.caching import cache_over
from lmstrack.store.chain import last_lines
from lmstrack.store.fetched import events_of
from lmstrack.store.lines import START, merges_in, written
from lmstrack.store.lists import rebuilt
from lmstrack.store.people import identifier_rows, person_row, version_row
from lmstrack.store.reading import BY_IDENTIFIER, LINES, NOTES, Reader, no_such_case
from lmstrack.store.statements import ForCases, Statement, addition, insertion, removal, replacement
from lmstrack.store.tables import EVENT, IDENTIFIER, MERGING, NOTE, PERSON, PERSON_CHANGE
from lmstrack.store.tally import ALWAYS, CASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Table

    from lmstrack.events import Event
    from lmstrack.listing import Head, Listed
    from lmstrack.records import Person
    from lmstrack.store.link import Link
    from lmstrack.store.statements import Row
    from lmstrack.store.tally import Changes

LAST_NUMBER: Final = Statement(lambda _: select(func.max(PERSON.c.number)))
NUMBER_OF: Final = Statement(
    lambda _: (
        select(PERSON.c.number, func.max(PERSON_CHANGE.c.version))
        .join_from(PERSON, PERSON_CHANGE, PERSON.c.case_id == PERSON_CHANGE.c.case_id)
        .where(PERSON.c.case_id == bindparam("case"))
        .group_by(PERSON.c.number)
    )
)
LAST_LINES: Final = ForCases(lambda cases: last_lines().where(PERSON.c.case_id.in_(cases)))
NO_TALLIES: Final = Statement(lambda _: delete(TALLY))

_LINE: Final = EVENT.c.keys().index("line")
_HASH: Final = EVENT.c.keys().index("hash")
# Where there are more, the uniqueness of the table alone finds a source id that is on record.
_FEW: Final = 20


class Writer(Reader):
    """Writes within one transaction; nothing of it is there for anybody else until the whole of it lasts."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._tally: Changes = Counter()
        self._last_number: int | None = None
        # New people wait to be written together: on a server each statement costs a journey.
        self._waiting: dict[Table, list[Row]] = {PERSON: [], IDENTIFIER: [], PERSON_CHANGE: []}
        self._claimed: dict[tuple[str, str], str] = {}
        # The last line of the log that was read last, and its hash: nobody else writes until this writer is done.
        self._end: dict[str, tuple[int, str]] = {}

    @contextmanager
    def _connected(self) -> Iterator[Link]:
        yield self._settled()

    def _settled(self) -> Link:
        """The link, once everybody who is new has been written."""
        if self._waiting[PERSON]:
            for table, rows in self._waiting.items():
                self._link.load(table, rows)
                rows.clear()
            self._claimed.clear()
        return self._link

    def new_case(self, person: Person, by: str, at: datetime) -> str:
        """Open a case and answer its id. Raises Conflict, naming the case, for a known identifier."""
        if self._last_number is None:
            self._last_number = (self._link.rows(LAST_NUMBER)[0][0]) or 0
        number = self._last_number + 1
        case = case_id(number)
        self._claimable(case, person.identifiers)
        self._waiting[PERSON].append(person_row(case, number, person))
        self._waiting[IDENTIFIER] += identifier_rows(case, person.identifiers)
        self._waiting[PERSON_CHANGE].append(version_row(case, 1, person, by, at))
        self._claimed |= dict.fromkeys(person.identifiers.items(), case)
        self._tally[CASES, ALWAYS] += 1
        self._last_number = number
        return case

    def change_person(self, case: str, person: Person, by: str, at: datetime) -> None:
        """Write a person's data over what is held; what it was stays in their history.

        Raises NotFound, and Conflict for an identifier of another case.
        """
        held = self.person(case)
        link = self._settled()
        number, version = link.rows(NUMBER_OF, case=case)[0]
        gone = held.identifiers.items() - person.identifiers.items()
        new = dict(person.identifiers.items() - held.identifiers.items())
        self._claimable(case, new)
        link.run_each(removal(IDENTIFIER), sorted(gone))
        link.run_each(replacement(PERSON), [person_row(case, number, person)])
        link.run_each(insertion(IDENTIFIER), identifier_rows(case, new))
        link.run_each(insertion(PERSON_CHANGE), [version_row(case, version + 1, person, by, at)])

    def _claimable(self, case: str, identifiers: Mapping[str, str]) -> None:
        for system, value in identifiers.items():
            holder = self._claimed.get((system, value)) or self._holder(system, value)
            if holder is not None and holder != case:
                # The value is not repeated: it is a patient's.
                raise Conflict(
                    "Write the person",
                    f"This {system} is known: it is that of {holder}.",
                    f"Look at it: lmstrack show {holder}",
                )

    def _holder(self, system: str, value: str) -> str | None:
        row = self._link.row(BY_IDENTIFIER, system=system, value=value)
        return None if row is None else str(row[0])

    def log(self, case: str) -> list[Event]:
        """Every line of the case, from the first; empty where nothing was recorded yet. Raises NotFound."""
        link = self._settled()
        rows = link.rows(LINES, case=case)
        if not rows:
            return super().log(case)
        self._end = {case: (rows[-1][_LINE], rows[-1][_HASH])}
        return events_of(rows, link.rows(NOTES, case=case), f"Read {case}")

    def append(self, events: Sequence[Event]) -> None:
        """Add lines to the logs of their cases, one or many; those of a case in the order of their lines.

        Raises NotFound for an unknown case, and Conflict where a line is not the one after the last, or
        where a source id is on record.
        """
        link = self._settled()
        ends, self._end = self._end, {}
        cases = list({event.case: None for event in events if event.case not in ends})
        ends |= {case: (line or 0, seal or START) for case, line, seal in link.rows_for(LAST_LINES, cases)}
        rows: list[Row] = []
        notes: list[Row] = []
        for event in events:
            case = event.case
            if case not in ends:
                raise no_such_case(case)
            last, before = ends[case]
            if event.line != last + 1:
                raise Conflict(
                    f"Write line {event.line} of {case}",
                    f"The case has {last} lines by now.",
                    "Read the case again, then repeat.",
                )
            row, texts = written(event, before)
            ends[case] = (event.line, row[-1])
            rows.append(row)
            notes += texts
        self._unsourced(events)
        link.load(EVENT, rows)
        link.load(NOTE, notes)
        link.load(MERGING, merges_in(events))

    def _unsourced(self, events: Sequence[Event]) -> None:
        sources = [(event.source, event.source_id) for event in events]
        if len(sources) > _FEW:
            return
        for source, source_id in sources:
            held = None if source is None or source_id is None else self.by_source(source, source_id)
            if held is not None:
                raise Conflict(
                    "Write an event",
                    f"Its source id is on record: {held[0]} line {held[1]}.",
                    f"Look at it: lmstrack timeline {held[0]}",
                )

    def cache(self, head: Head, rows: Sequence[Listed]) -> None:
        """Write the head and the obligations of a case over what is cached of it, and keep up the tallies."""
        self.cache_many([(head, rows)])

    def cache_many(self, cases: Iterable[tuple[Head, Sequence[Listed]]]) -> None:
        """`cache` for many cases at once; of two entries for one case the last counts."""
        cache_over(self._settled(), {head.case: (head, rows) for head, rows in cases}, self._tally)

    def rebuild_tally(self) -> None:
        """Count all tallies anew from the cached rows; for repairs."""
        self.flush()
        self._link.run_each(NO_TALLIES, [()])
        self._tally = rebuilt(self._link)
        self.flush()

    def flush(self) -> None:
        """Write what the tallies changed by; it is done before the transaction ends."""
        link = self._settled()
        changed = sorted((day, measure, n) for (measure, day), n in self._tally.items() if n)
        rows = [(date.fromordinal(day).isoformat(), measure, n) for day, measure, n in changed]
        self._tally.clear()
        link.run_each(addition(TALLY, TALLY.c.n), rows)
