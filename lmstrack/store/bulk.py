"""Logs of new cases, made into rows where they are decided about, and written where the store is.

Making a row takes longer than writing it and needs no database: other processes do it, and hand over tuples.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.store.lines import START, seal, written
from lmstrack.store.tables import EVENT, NOTE
from lmstrack.store.writing import LAST_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lmstrack.events import Event
    from lmstrack.store.statements import Row
    from lmstrack.store.writing import Writer

#: What SQLite may hold in memory during an import; its two megabytes suffice for single entries only.
_CACHE_KIB: Final = 64 * 1024


class Log(NamedTuple):
    """The whole log of one new case as the tables hold it: its lines, chained, and their free texts."""

    lines: tuple[Row, ...] = ()
    notes: tuple[Row, ...] = ()


def log_of(events: Sequence[Event]) -> Log:
    """The rows of a whole log, which begins with line 1."""
    before = START
    lines: list[Row] = []
    notes: list[Row] = []
    for event in events:
        row, texts = written(event, before)
        before = row[-1]
        lines.append(row)
        notes += texts
    return Log(tuple(lines), tuple(notes))


def renamed(log: Log, case: str) -> Log:
    """The same log under another case id, chained anew."""
    before = START
    lines: list[Row] = []
    for line in log.lines:
        row = (case, *line[1:-2], before)
        before = seal(row)
        lines.append((*row, before))
    return Log(tuple(lines), tuple((case, *note[1:]) for note in log.notes))


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


def append_logs(writer: Writer, logs: Iterable[Log]) -> None:
    """Write whole logs of cases that were just opened, as fast as the database takes them.

    Raises Conflict where a case has lines already, or a source id is on record.
    """
    lines: list[Row] = []
    notes: list[Row] = []
    for log in logs:
        lines += log.lines
        notes += log.notes
    link = writer._settled()
    link.load(EVENT, lines)
    link.load(NOTE, notes)
