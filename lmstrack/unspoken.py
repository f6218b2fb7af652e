"""What is left of a strand that nobody spoke about: the commonest case by far, and the cheapest one.

No booking, excuse, pause or word of a lost patient bears on it, so that only the window and what was done matter.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from lmstrack.obligations import Ending, Obligation, ObligationState
from lmstrack.serving import begins, ends, serves
from lmstrack.windows import NO_WINDOW, phase_of, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from lmstrack.episodes import Episode
    from lmstrack.events import Event
    from lmstrack.plans import Choice, Phase, Settings, Strand
    from lmstrack.windows import Window

    #: What is open: its occurrence, since, current_from, last_done, number and phase, and when it is due.
    _Open = tuple[int, date, date, date | None, int | None, Phase | None, Window]

_ONE_DAY = timedelta(days=1)
_FULFILLED, _CLOSED = ObligationState.FULFILLED, ObligationState.CLOSED  # an enumeration is slow to look into
# Obligations are made by the dozen for every case, and by their own class in twice the time.
_obligation: Callable[[tuple[object, ...]], Obligation] = partial(tuple.__new__, Obligation)


def obligation_of(
    case: str,
    course: int,
    strand: Strand,
    plan: str | None,
    provisional: bool,
    occurrence: int,
    since: date,
    current_from: date,
    last_done: date | None,
    number: int | None,
    phase: Phase | None,
    due: Window,
    ending: Ending | None,
    claimed: bool = False,
    partial: tuple[str, ...] = (),
) -> Obligation:
    """The obligation of an interval in which nobody spoke about the strand, as `Following.emit` leaves it."""
    counts_from, due_from, due_by, at_risk_from = due
    return _obligation((  # in the order of the class
        case,
        course,
        strand.name,
        occurrence,
        strand.group,
        strand.rule if phase is None else phase.rule or strand.rule,
        strand.cites,
        plan,
        since,
        counts_from,
        due_from,
        due_by,
        current_from,
        None if ending is None else ending.on - _ONE_DAY,
        number,
        provisional,
        False,
        at_risk_from,
        ending,
        None,
        None,
        last_done,
        None,
        0,
        0,
        claimed,
        partial,
        False,
        False,
        strand.next_action,
    ))  # fmt: skip


def repeated(
    case: str,
    episode: Episode,
    choice: Choice,
    strand: Strand,
    settings: Settings,
    events: Iterable[Event],
    results: Mapping[int, Sequence[Event]],
) -> list[Obligation]:
    """What a strand of a plan leaves, every interval from the day on which it was last done.

    *events* are those of the kind that serves the strand, oldest first; *results* what became known later of a line.
    """
    left: list[Obligation] = []
    course, plan, provisional = episode.course, choice.plan.name, choice.provisional
    opener, since, until, done_by = episode.opened_by, episode.since, episode.last_day, strand.done_by
    interval: _Open | None
    interval = _started(strand, episode, settings, opener.line, since, episode.since_last, opener.on, None)
    claimed = False
    missing: tuple[str, ...] = ()
    for event in [event for event in events if event.on >= since and (until is None or event.on <= until)]:
        on = event.on
        if interval is None:
            if begins(event, done_by.kind):
                interval = _started(strand, episode, settings, event.line, on, event.last, on, on)
            continue
        if on == since and event.line != opener.line:
            continue  # what was done on the very day that starts the clock belongs to what went before
        over = ends(event)
        if not over:
            served = serves(done_by, event, results.get(event.line, ()) if results else ())
            if served.nothing:
                continue
            if served.claimed:
                claimed = True
                continue
            if served.missing:
                missing = served.missing
                continue
            if event.line == interval[0]:
                interval = (*interval[:3], on, *interval[4:])  # what opened the interval cannot fulfil it as well
                continue
            counts_from = interval[-1].counts_from
            if counts_from is not None and on < counts_from and not served.counted:
                continue
        phase = interval[5]
        if phase is not None or not strand.phases:
            done = Ending(_FULFILLED, on, event.line)
            left.append(obligation_of(case, course, strand, plan, provisional, *interval, done, claimed, missing))
        over = over or phase is None or phase.once
        interval = None if over else _started(strand, episode, settings, event.line, on, event.last, on, on)
        claimed, missing = False, ()
    if interval is not None and (interval[5] is not None or not strand.phases):
        end = episode.end
        ending = None if end is None else Ending(_CLOSED, end.on, end.line, end.because)
        left.append(obligation_of(case, course, strand, plan, provisional, *interval, ending, claimed, missing))
    return left


def _started(
    strand: Strand,
    episode: Episode,
    settings: Settings,
    occurrence: int,
    since: date,
    since_last: date,
    current_from: date,
    last_done: date | None,
) -> _Open:
    numbered = phase_of(strand.phases, episode.anchor, since)
    if numbered is None:
        return occurrence, since, current_from, last_done, None, None, NO_WINDOW
    number, phase = numbered
    return occurrence, since, current_from, last_done, number, phase, window(phase, since, since_last, settings)
