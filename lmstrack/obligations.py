"""One thing that is due for one patient: its window, its state on a day, and what was done about it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lmstrack.plans import Group


class ObligationState(StrEnum):
    """Exactly one holds for an obligation on any day, as known at any time; the first that matches."""

    VOID = "void"
    FULFILLED = "fulfilled"
    EXCUSED = "excused"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    OVERDUE = "overdue"
    DUE = "due"
    UPCOMING = "upcoming"
    UNDETERMINED = "undetermined"


#: Why a strand is excused that the patient wants no more of; it is looked at again on a day of its own.
DECLINED_FOR_GOOD = "declined for good"


class Ending(NamedTuple):
    """How an obligation ended: fulfilled, excused or closed; on which day, by which line, and why in words."""

    state: ObligationState
    on: date
    line: int
    because: str = ""


@cache
def overtaken_by(kind: str) -> str:
    """Why something ended that was not done because an event of this kind came instead."""
    return f"overtaken by {kind.replace('_', ' ')}"


def state_of_open(
    as_of: date, due_from: date | None, due_by: date | None, suspended_from: date | None
) -> ObligationState:
    """The state of what has not ended on this day: obligations and the rows of lists are read by this alone."""
    if suspended_from is not None and suspended_from <= as_of:
        return ObligationState.SUSPENDED
    if due_by is None or due_from is None:
        return ObligationState.UNDETERMINED
    if as_of > due_by:
        return ObligationState.OVERDUE
    return ObligationState.DUE if as_of >= due_from else ObligationState.UPCOMING


class Obligation(NamedTuple):  # a frozen dataclass of this many fields takes three times as long to make
    """What (case, course, strand, occurrence) asks for.

    The occurrence is the line of the event that opened the interval, so it stays when dates are corrected. *since* is
    the start of the interval; *due_from* and *due_by* are both inclusive; *counts_from* is the first day on which
    something done can satisfy it. All three are None where no window can be computed. *at_risk_from* is set where a
    partial date leaves the window open: the first day on which it may already be late. *current_from* and
    *current_until* bound the days on which it is counted in lists; None means without end. *suspended_from* is the
    first day of a suspension that still runs, *review_on* when that is looked at again.
    """

    case: str
    course: int
    strand: str
    occurrence: int
    group: Group
    rule: str
    source: str
    plan: str | None
    since: date
    counts_from: date | None
    due_from: date | None
    due_by: date | None
    current_from: date
    current_until: date | None = None
    phase: int | None = None
    provisional: bool = False
    catch_up: bool = False
    at_risk_from: date | None = None
    ending: Ending | None = None
    suspended_from: date | None = None
    review_on: date | None = None
    last_done: date | None = None
    booked_for: date | None = None
    attempts: int = 0
    contacts: int = 0
    claimed: bool = False
    partial: tuple[str, ...] = ()
    lost: bool = False
    transfer_pending: bool = False
    next_action: str = ""

    @property
    def id(self) -> tuple[str, int, str, int]:
        """What names it for ever: case, course, strand and occurrence."""
        return (self.case, self.course, self.strand, self.occurrence)

    def state(self, as_of: date) -> ObligationState:
        """The one state on this day."""
        if self.ending is not None and self.ending.on <= as_of:
            return self.ending.state
        return state_of_open(as_of, self.due_from, self.due_by, self.suspended_from)

    def days_overdue(self, as_of: date) -> int | None:
        """Days after *due_by*; None where it is not overdue on this day."""
        if self.due_by is None or self.state(as_of) is not ObligationState.OVERDUE:
            return None
        return (as_of - self.due_by).days

    def days_late(self) -> int | None:
        """By how many days it was done after *due_by*; 0 in its window, negative where early, None if not at all."""
        if self.ending is None or self.ending.state is not ObligationState.FULFILLED:
            return None
        if self.due_by is None or self.due_from is None:
            return 0
        if self.ending.on > self.due_by:
            return (self.ending.on - self.due_by).days
        return min(0, (self.ending.on - self.due_from).days)

    def current(self, as_of: date) -> bool:
        """Whether lists of this day count it: exactly one obligation of a strand is current at a time."""
        return self.current_from <= as_of and (self.current_until is None or as_of <= self.current_until)


def earliest_counting(since: date, due_from: date, share: float) -> date:
    """The first day that can satisfy an obligation: this share of the way from its start to its window, rounded up.

    >>> earliest_counting(date(2026, 1, 15), date(2026, 4, 15), 0.5)
    datetime.date(2026, 3, 1)
    """
    start = since.toordinal()
    return date.fromordinal(start + ceil((due_from.toordinal() - start) * share))
