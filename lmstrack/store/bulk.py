"""New cases by the hundred: made into rows where they are decided about, and written where the store is.

Making a row takes longer than writing it and needs no database: other processes do it, and hand over tuples.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.case_ids import case_id
from lmstrack.store.cached import CASE_HEAD, OPEN, PAST
from lmstrack.store.converted import bare, bare_heads
from lmstrack.store.lines import START, merges_in, seal, written
from lmstrack.store.people import identifier_rows, person_row, version_row
from lmstrack.store.tables import EVENT, IDENTIFIER, MERGING, NOTE, PERSON, PERSON_CHANGE
from lmstrack.store.tally import ALWAYS, CASES, add_case, add_states
from lmstrack.store.writing import LAST_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from lmstrack.events import Event
    from lmstrack.listing import Head, Listed
    from lmstrack.records import Person
    from lmstrack.store.statements import Row
    from lmstrack.store.tally import Changes
    from lmstrack.store.writing import Writer

#: What SQLite may hold in memory during an import; its two megabytes suffice for single entries only.
_CACHE_KIB: Final = 64 * 1024


class NewCase(NamedTuple):
    """A case that is to be opened under this number: who it is about, first to last version, and its whole log.

    *head* and *listed* are what lists hold of it; None and nothing where there is no log.
    """

    number: int
    versions: Sequence[Person]
    events: Sequence[Event] = ()
    head: Head | None = None
    listed: Sequence[Listed] = ()


class Rows(NamedTuple):
    """What the tables gain by new cases, and what the tallies change by; cases and lines are in order."""

    people: list[Row]
    identifiers: list[Row]
    versions: list[Row]
    lines: list[Row]
    notes: list[Row]
    merges: list[Row]
    heads: list[Row]
    open: list[Row]
    past: list[Row]
    tally: Changes


_TABLES: Final = (PERSON, IDENTIFIER, PERSON_CHANGE, EVENT, NOTE, MERGING, CASE_HEAD, OPEN, PAST)


def rows_of(cases: Sequence[NewCase], by: str, at: datetime) -> Rows:
    """The rows of new cases, which *by* enters at the instant *at*."""
    people: list[Row] = []
    identifiers: list[Row] = []
    versions: list[Row] = []
    lines: list[Row] = []
    notes: list[Row] = []
    tally: Changes = Counter({(CASES, ALWAYS): len(cases)})
    for number, told, events, head, listed in cases:
        case = case_id(number)
        people.append(person_row(case, number, told[-1]))
        identifiers += identifier_rows(case, told[-1].identifiers)
        versions += [version_row(case, version, person, by, at) for version, person in enumerate(told, 1)]
        before = START
        for event in events:
            row, texts = written(event, before)
            before = row[-1]
            lines.append(row)
            notes += texts
        if head is not None:
            add_case(tally, head.excluded, listed, 1)
            add_states(tally, listed, 1)
    obligations = [row for new in cases for row in new.listed]
    return Rows(
        people,
        identifiers,
        versions,
        lines,
        notes,
        [row for new in cases for row in merges_in(new.events)],
        bare_heads(new.head for new in cases if new.head is not None),
        bare([row for row in obligations if row.ended is None]),
        bare([row for row in obligations if row.ended is not None]),
        tally,
    )


def renumbered(rows: Rows, by: int) -> Rows:
    """The rows of the same cases under numbers that are greater by so much, every log chained anew."""
    names = {case: case_id(number + by) for case, number, *_ in rows.people}

    def named(others: Iterable[Row]) -> list[Row]:
        return [(names[case], *rest) for case, *rest in others]

    lines: list[Row] = []
    for case, line, *rest, _, _ in rows.lines:
        row = (names[case], line, *rest, START if line == 1 else lines[-1][-1])
        lines.append((*row, seal(row)))
    return Rows(
        [(names[case], number + by, *rest) for case, number, *rest in rows.people],
        [(system, value, names[case]) for system, value, case in rows.identifiers],
        named(rows.versions),
        lines,
        named(rows.notes),
        named(rows.merges),
        named(rows.heads),
        named(rows.open),
        named(rows.past),
        rows.tally,
    )


def open_cases(writer: Writer, rows: Rows) -> None:
    """Write the rows of cases whose numbers follow on the last one, as fast as the database takes them.

    Raises Conflict where a number, an identifier or a source id is on record.
    """
    link = writer._settled()
    *tables, tally = rows
    for table, new in zip(_TABLES, tables, strict=True):
        link.load(table, new)
    writer._tally.update(tally)
    if rows.people:
        writer._last_number = rows.people[-1][1]


@contextmanager
def much_at_once(writer: Writer) -> Iterator[None]:
    """Give the database the memory that a large import wants, for as long as the block lasts."""
    link = writer._settled()
    if link.dialect != "sqlite":
        yield
        return
    usual = int(link.run_text("PRAGMA cache_size")[0][0])
    link.run_text(f"PRAGMA cache_size = -{_CACHE_KIB}")  # else it writes pages out and reads them again
    try:
        yield
    finally:
        link.run_text(f"PRAGMA cache_size = {usual}")


def last_number(writer: Writer) -> int:
    """The number of the case that was opened last, 0 where there is none."""
    return writer._settled().rows(LAST_NUMBER)[0][0] or 0
