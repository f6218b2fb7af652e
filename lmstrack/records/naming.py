"""Which line of the log a record speaks of, and the same record speaking of that line under another number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.records.corrections import Correct, Instead

if TYPE_CHECKING:
    from collections.abc import Callable

    from lmstrack.records.base import Record

#: The kinds that name an earlier line of the log, and the field that does.
NAMES_A_LINE = {
    "correct": "line",
    "departure": "line",
    "departure_review": "line",
    "excuse": "occurrence",
    "move_event": "line",
    "result": "line",
}
#: What they say needs both logs at once.
CONCERNS_TWO_CASES = frozenset({"merge", "move_event", "unmerge"})


def line_named(record: Record) -> int | None:
    """The line of the log that a record is about, None for a record that names none."""
    field = NAMES_A_LINE.get(record.kind)
    return None if field is None else getattr(record, field)


def renumbered(record: Record, number: Callable[[int], int]) -> Record:
    """The record, speaking of the same line under the *number* that it has elsewhere; itself where nothing changes."""
    if isinstance(record, Correct) and record.instead is not None:
        inner = renumbered(record.instead.record, number)
        if inner is not record.instead.record:
            record = record.model_copy(update={"instead": Instead(on=record.instead.on, record=inner)})
    named = line_named(record)
    if named is None or (new := number(named)) == named:
        return record
    return record.model_copy(update={NAMES_A_LINE[record.kind]: new})
