"""An event that was written to the wrong patient: withdrawn in the one log, recorded in the other, and back again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.errors import Impossible
from lmstrack.events import standing
from lmstrack.records import CONCERNS_TWO_CASES, Correct, MoveEvent, line_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from lmstrack.events import Event


class Move(NamedTuple):
    """A line that was moved, the line *by* which it was and when, and what it became there; None: not known."""

    line: int
    by: int
    at: datetime
    from_case: str
    to_case: str
    to_line: int | None


def moves(log: Iterable[Event]) -> list[Move]:
    """What was moved out of a log and stands elsewhere."""
    said = [event for event in log if isinstance(event.record, MoveEvent)]
    if not said:
        return []
    return [
        Move(event.record.line, event.line, event.recorded_at, event.case, event.record.to_case, event.record.to_line)
        for event in standing(log)
        if isinstance(event.record, MoveEvent)
    ]


def movable(case: str, log: Sequence[Event], line: int) -> Event:
    """The line as it reads now, which is what is recorded in the other case.

    Raises `Impossible` where it is not there, does not stand, or means nothing in another log.
    """
    asked = f"Move line {line} of {case}"
    event = next((event for event in standing(log) if event.line == line), None)
    if event is None:
        gone = any(event.line == line for event in log)
        obstacle = "it does not stand in this case." if gone else f"the log ends at line {len(log)}."
        raise Impossible(asked, obstacle, f"See its lines with: lmstrack timeline {case}")
    if event.kind in CONCERNS_TWO_CASES:
        raise Impossible(asked, f"{event.kind} is about these cases, and not about one patient.", "Undo it instead.")
    named = line_named(event.record)
    if named is not None:
        raise Impossible(
            asked,
            f"{event.kind} speaks of line {named}, which is a line of this case.",
            f"Undo it here, then record it there: lmstrack undo {case} {line}",
        )
    return event


def returning(move: Move, log: Sequence[Event], *, back: bool) -> Correct | None:
    """What lets the copy in the *log* of the other case stand again, where it is *back*, or else no longer.

    None where it does so already, or is not known: the copy was entered at the same instant, here or where both logs
    were exported.
    """
    copy = next((event for event in log if is_copy(event, move)), None)
    if copy is None or stands(log, copy) is back:
        return None
    if not back:
        return Correct(line=copy.line, nature="entered_in_error", because="moved back")
    for event in reversed(log):
        correct = Correct(line=event.line, nature="entered_in_error", because="moved after all")
        if event.kind == "correct" and stands([*log, replace(event, line=len(log) + 1, record=correct)], copy):
            return correct
    return None


def is_copy(event: Event, move: Move) -> bool:
    """Whether an event of the other case is what the moved line became there."""
    return (event.case, event.line, event.recorded_at) == (move.to_case, move.to_line, move.at)


def stands(log: Iterable[Event], event: Event) -> bool:
    """Whether an event stands, as it was entered or corrected."""
    return any(each.line == event.line for each in standing(log))
