"""When something is due: the window of an interval, and the phase that an interval belongs to."""

from __future__ import annotations

from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.obligations import earliest_counting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lmstrack.plans import Phase, Settings


class Window(NamedTuple):
    """When something is due, both days inclusive, and from when doing it counts.

    *due_from* and *due_by* are None where the source gives no interval. *at_risk_from* is set where the start is only
    known to the month or year.
    """

    counts_from: date | None
    due_from: date | None
    due_by: date | None
    at_risk_from: date | None = None


#: Where the source gives no interval.
NO_WINDOW = Window(None, None, None)
# Made by the dozen for every case, and without these in twice the time.
_window: Callable[[tuple[date | None, ...]], Window] = partial(tuple.__new__, Window)


@lru_cache(maxsize=32_768)  # a ward's intervals start on few days, and each is asked for again with every assessment
def window(phase: Phase, since: date, since_last: date, settings: Settings) -> Window:
    """The window of an interval that starts on *since*, or at the latest on *since_last* where that is not known.

    A range gives both ends; a single interval becomes due a lead before its last day, never before it starts.
    """
    rhythm = phase.every
    due_by = rhythm.latest.after(since_last)
    at_risk = None if since == since_last else rhythm.latest.after(since)
    opens = rhythm.earliest.after(since) if rhythm.is_range else settings.lead.before(at_risk or due_by)
    due_from = max(opens, since)
    return _window((earliest_counting(since, due_from, settings.counting_share), due_from, due_by, at_risk))


def counted_at_once(due: Window, opened_on: date) -> Window:
    """The same window of what may be done from the day on that it was opened."""
    return _window((opened_on, due.due_from, due.due_by, due.at_risk_from))


def dated_window(since: date, due_by: date, settings: Settings) -> Window:
    """The window of what is due on a day that was agreed on *since*: it opens a lead before, not before it starts.

    What counts is measured towards the agreed day itself, because the lead may reach back to the start.
    """
    due_from = min(max(settings.lead.before(due_by), since), due_by)
    counts_from = earliest_counting(since, max(due_by, since), settings.counting_share)
    return Window(counts_from, max(due_from, counts_from), due_by)  # it is due no sooner than doing it counts


def phase_of(phases: Sequence[Phase], anchor: date, since: date) -> tuple[int, Phase] | None:
    """Number (from 1) and phase that an interval starting on *since* belongs to; None after the last one.

    Half-open: the interval that starts on the very day a phase ends belongs to the next.
    """
    for number, phase in enumerate(phases, start=1):
        if phase.until is None or since < _over_on(phase, anchor):
            return number, phase
    return None


@lru_cache(maxsize=32_768)  # every interval of a strand asks for it, and they share their anchor
def _over_on(phase: Phase, anchor: date) -> date:
    """The day on which a phase is over, which belongs to the next; the end of time where it goes on."""
    return date.max if phase.until is None else phase.until.after(anchor)
