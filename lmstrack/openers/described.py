"""Expectations that the workflow file describes: the clock that an event starts, and what is owed during a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.events import clinical_order
from lmstrack.openers.endings import first_end, planned, while_planned
from lmstrack.openers.view import Opened, opened
from lmstrack.plans import Opening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.openers.view import View
    from lmstrack.plans import Strand

_NOT_DESCRIBED = Opening()


def during_state(view: View, strand: Strand) -> Iterator[Opened]:
    """What is owed as long as the case is in one state; what leads on either does it or overtakes it."""
    number, opening = view.course.number, strand.opening or _NOT_DESCRIBED
    for spell in view.spells.get(opening.during or "", ()):
        if spell.course != number:
            continue
        since = _starts_on(view, opening, spell.by) if opening.told_days else None
        led_on = spell.ended_by
        if led_on is None:
            yield opened(spell.by, since)
            continue
        done = _done_on(view, strand, led_on)
        if done is None:
            yield opened(spell.by, since, led_on, overtaken=spell.because)
        else:
            yield opened(spell.by, since, led_on, min(done, led_on.on))


def after_event(view: View, strand: Strand) -> Iterator[Opened]:
    """A clock from each event that starts one: of results each its own, of the pathway one at a time."""
    opening = strand.opening or _NOT_DESCRIBED
    wanted = opening.while_planned
    if wanted and not any(planned(meeting, wanted) for meeting in view.of_kind("mdt")):
        return
    alone = strand.group == "result"
    running: Opened | None = None
    for event in _starting(view, opening):
        if running is not None and not alone and not _over_by(running, event):
            continue
        clock = _clock(view, strand, opening, event)
        if clock is not None:
            running = clock
            yield clock


def _done_on(view: View, strand: Strand, event: Event) -> date | None:
    """The day on which an event does what the strand asks for; None where it does not."""
    kind = event.record.kind
    for service in strand.services:
        if kind == service.kind and view.serves(event, service):
            told = view.day(event, service.day)
            if told is not None:
                return told[0]
    return None


def _starts_on(view: View, opening: Opening, event: Event) -> date | None:
    """The day the clock starts on; None where it is the day of the event itself, or no such day is known."""
    told = view.day(event, opening.told_days)
    return None if told is None else told[0]


def _starting(view: View, opening: Opening) -> list[Event]:
    found = [
        event
        for service in opening.after
        for event in view.of_kind(service.kind)
        # What is asked for first costs least, and rules out most.
        if (opening.from_any_day or view.day(event, opening.told_days) is not None)
        and view.serves(event, service)
        and not view.history(event)
    ]
    if len(opening.after) > 1:
        found.sort(key=clinical_order)
    return found


def _over_by(running: Opened, event: Event) -> bool:
    ended_by = running.ended_by
    return ended_by is not None and ended_by.clinical_order <= event.clinical_order


def _clock(view: View, strand: Strand, opening: Opening, event: Event) -> Opened | None:
    """The clock that this event starts, None where it starts none."""
    if strand.group == "result" and event.as_history:
        return None  # nobody chases the results of a cohort that was loaded as it is
    if view.end is not None and event.on > view.end.on:
        return None
    since = _starts_on(view, opening, event) if opening.told_days else None
    # Where no day of its own starts the clock, there was nothing to end before the day that does was known.
    begins = event.on if since is None or opening.from_any_day else since
    end = first_end(view, strand, opening, event, begins)
    if end is None:
        clock = opened(event, since)
    else:
        day, ended_by, because = end
        clock = opened(event, since, ended_by, day, because)
    return while_planned(view, clock, opening.while_planned) if opening.while_planned else clock
