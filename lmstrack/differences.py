"""What changed between two lists of one case: each row that is new or gone, with exactly one cause."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.events import known, standing
from lmstrack.listing import Listed, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from lmstrack.case import Case
    from lmstrack.events import Event

    Key = tuple[int, str, int]
    Rows = Mapping[Key, Listed]


class Cause(StrEnum):
    """Why a row is on one list and not on the other."""

    TIME = "time passed"
    DONE = "visit recorded"
    LATE = "late entry"
    CORRECTION = "correction"
    EXIT = "exit"
    MERGE = "merge"
    RULES = "rule change"
    DEPARTURE = "departure"
    BOOKING = "booking"


_BY_KIND: Mapping[str, Cause] = {
    "correct": Cause.CORRECTION,
    "move_event": Cause.CORRECTION,
    "death": Cause.EXIT,
    "discharge": Cause.EXIT,
    "not_lms": Cause.EXIT,
    "transfer": Cause.EXIT,
    "merge": Cause.MERGE,
    "unmerge": Cause.MERGE,
    "adopt_workflow": Cause.RULES,
    "departure": Cause.DEPARTURE,
    "departure_review": Cause.DEPARTURE,
    "booking": Cause.BOOKING,
    "did_not_attend": Cause.BOOKING,
}


class Moment(NamedTuple):
    """As of which day a list looks, and up to which instant it knows; None: everything on record."""

    as_of: date
    known_at: datetime | None = None


class Change(NamedTuple):
    """A row of only one of the lists: on the later one where *new*, else on the earlier.

    *event* is what caused it, None where nothing but the days that passed did.
    """

    row: Listed
    new: bool
    cause: Cause
    event: Event | None


class _Step(NamedTuple):
    """One small way from the earlier moment to the later: a line more, or some days.

    The list is that of *as_of*, with the events up to *sees*.
    """

    lines: Sequence[Event]
    sees: date
    as_of: date
    cause: Cause
    event: Event | None


def changes(
    log: Sequence[Event],
    assessed: Callable[[Sequence[Event], date], Case],
    earlier: Moment,
    later: Moment,
    belongs: Callable[[Listed, date], bool],
) -> list[Change]:
    """The rows that only one of the two lists of a case has, each with its cause.

    *assessed* gives the case of some lines of its log as of a day, *belongs* whether a row is on the list of a day.
    From the earlier moment one goes to the later in small steps: first line by line through what was entered in the
    meantime, then from one thing that is dated to the next. The last step on which a row came or went is its cause.
    """

    def rows(lines: Sequence[Event], sees: date, as_of: date) -> Rows:
        found = listed(assessed(lines, sees)) if lines else []
        return {(row.course, row.strand, row.occurrence): row for row in found if belongs(row, as_of)}

    before = rows(list(known(log, earlier.known_at)), earlier.as_of, earlier.as_of)
    after = rows(list(known(log, later.known_at)), later.as_of, later.as_of)
    differing = before.keys() ^ after.keys()
    if not differing:
        return []
    causes: dict[Key, tuple[Cause, Event | None]] = {}
    seen = before
    for step in _steps(log, earlier, later):
        now = rows(step.lines, step.sees, step.as_of)
        causes |= dict.fromkeys((seen.keys() ^ now.keys()) & differing, (step.cause, step.event))
        seen = now
    found = [Change(after.get(key) or before[key], key in after, *causes[key]) for key in differing]
    return sorted(found, key=lambda each: (not each.new, each.row.strand, each.row.occurrence))


def _steps(log: Sequence[Event], earlier: Moment, later: Moment) -> Iterator[_Step]:
    held = list(known(log, earlier.known_at))
    lines = list(known(log, later.known_at))
    had, kept = {event.line for event in held}, {event.line for event in lines}
    held = [event for event in held if event.line in kept]  # a list may also be asked for as it was known before
    if len(held) < len(had):
        yield _Step(held, earlier.as_of, earlier.as_of, Cause.LATE, None)
    for event in sorted(lines, key=lambda each: (each.recorded_at, each.line)):
        if event.line not in had:
            held = [*held, event]
            yield _Step(held, earlier.as_of, earlier.as_of, _BY_KIND.get(event.kind, Cause.LATE), event)
    dated = [event for event in standing(lines) if earlier.as_of < event.on <= later.as_of]
    for place, event in enumerate(dated):
        on = event.on
        if place == 0 or dated[place - 1].on < on:
            yield _Step(lines, on - timedelta(1), on, Cause.TIME, None)
        yet = {other.line for other in dated[place + 1 :] if other.on == on}
        seen = [line for line in lines if line.line not in yet]
        yield _Step(seen, on, on, _BY_KIND.get(event.kind, Cause.DONE), event)
    yield _Step(lines, later.as_of, later.as_of, Cause.TIME, None)
