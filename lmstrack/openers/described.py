"""Expectations that the workflow file describes: the clock that an event starts, and what is owed during a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.facts import is_history
from lmstrack.openers.view import NOTHING, Opened
from lmstrack.plans import Opening

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.openers.view import View
    from lmstrack.plans import Service

_OWN_DAY = ("on",)
#: A way in which something ended: the day that counts, the line that tells it, and why where it was not done.
_End = tuple["date", "Event", str]


def during_state(view: View) -> Iterator[Opened]:
    """What is owed as long as the case is in one state; what leads on either does it or overtakes it."""
    number = view.course.number
    for spell in view.spells.get(_opening(view).during or "", ()):
        if spell.course != number:
            continue
        since, led_on = _starts_on(view, spell.by), spell.ended_by
        if led_on is None:
            yield Opened(spell.by, since=since)
            continue
        done = next((day for service in _services(view) if (day := _done_on(view, led_on, service))), None)
        if done is None:
            yield Opened(spell.by, ended_by=led_on, since=since, overtaken=spell.because)
        else:
            yield Opened(spell.by, ended_by=led_on, ended_on=min(done[0], led_on.on), since=since)


def after_event(view: View) -> Iterator[Opened]:
    """A clock from each event that starts one: of results each its own, of the pathway one at a time."""
    alone = view.strand.group == "result"
    running: Opened | None = None
    for event in _starting(view):
        if running is not None and not alone and not _over_by(running, event):
            continue
        opened = _opened(view, event)
        if opened is not None:
            running = opened
            yield opened


def _opening(view: View) -> Opening:
    return view.strand.opening or Opening()


def _services(view: View) -> Sequence[Service]:
    return (view.strand.done_by, *_opening(view).or_by)


def _starts_on(view: View, event: Event) -> date | None:
    """The day the clock starts on; None where it is the day of the event itself, or no such day is known."""
    names = _opening(view).counted_from
    if names == _OWN_DAY:
        return None
    told = view.day(event, tuple(name for name in names if name != "on"))
    return None if told is None else told[0]


def _starting(view: View) -> list[Event]:
    opening = _opening(view)
    services, days = opening.after, opening.counted_from
    always = days[-1] == "on"
    found = [
        event
        for service in services
        for event in view.of_kind(service.kind)
        # What is asked for first costs least, and rules out most.
        if (always or view.day(event, days) is not None)
        and view.serves(event, service)
        and not is_history(event, view.referred_on)
    ]
    if len(services) > 1:
        found.sort(key=lambda event: event.clinical_order)
    return found


def _over_by(running: Opened, event: Event) -> bool:
    ended_by = running.ended_by
    return ended_by is not None and ended_by.clinical_order <= event.clinical_order


def _opened(view: View, event: Event) -> Opened | None:
    """The clock that this event starts, None where it starts none."""
    opening = _opening(view)
    of_result = view.strand.group == "result"
    if of_result and event.as_history:
        return None  # nobody chases the results of a cohort that was loaded as it is
    if view.end is not None and event.on > view.end.on:
        return None
    since = _starts_on(view, event)
    # Where no day of its own starts the clock, there was nothing to end before the day that does was known.
    begins = since if since is not None and opening.counted_from[-1] != "on" else event.on
    end = _first_end(view, event, begins)
    opened = Opened(event, since=since)
    if end is not None:
        opened = opened._replace(ended_on=end[0], ended_by=end[1], overtaken=end[2])
    return _as_planned(view, opened) if opening.while_planned else opened


def _first_end(view: View, opener: Event, begins: date) -> _End | None:
    """What ended it first: by the day that counts, and of one day what fulfils it."""
    ends: list[tuple[date, bool, tuple[date, int, int], Event, str]] = []
    for service in _services(view):
        for day, event in _candidates(view, opener, begins, service):
            ends.append((day, False, event.clinical_order, event, ""))
    for service in _opening(view).overtaken_by:
        because = f"overtaken by {service.kind.replace('_', ' ')}"
        for day, event in _candidates(view, opener, begins, service):
            ends.append((day, True, event.clinical_order, event, because))
    if not ends:
        return None
    day, _, _, event, because = min(ends, key=lambda end: end[:3])
    return day, event, because


def _candidates(view: View, opener: Event, begins: date, service: Service) -> Iterator[tuple[date, Event]]:
    """The events that may end what *opener* started, each with the day that counts."""
    if service.kind == "result":  # of the line itself, or what it tells already
        told = view.day(opener, service.day)
        if told is not None and (view.end is None or told[0] <= view.end.on):
            yield told
        return
    # What is owed for a result does not end with the course, so what ends it is looked for beyond it as well.
    events = view.of_kind(service.kind) if view.strand.group != "result" else view.log.get(service.kind, NOTHING)
    led_on = view.ended_by
    if led_on is not None and led_on.record.kind == service.kind and led_on not in events:
        events = [*events, led_on]
    own_day = service.day == _OWN_DAY
    for event in events:
        if own_day and not _later(view, opener, begins, event, event.on):
            continue
        done = _done_on(view, event, service)
        if done is None or not _later(view, opener, begins, event, done[0]) or is_history(event, view.referred_on):
            continue
        yield done
        if own_day:
            return  # they stand in the order of their days


def _later(view: View, opener: Event, begins: date, event: Event, day: date) -> bool:
    """Whether a day lies after *opener*, and before the course was over; on one day the order of the events decides."""
    if day < begins or (view.end is not None and day > view.end.on):
        return False
    return day > opener.on or (day == opener.on and event.clinical_order > opener.clinical_order)


def _done_on(view: View, event: Event, service: Service) -> tuple[date, Event] | None:
    """The day on which an event does what is asked for, and the line that tells it; None where it does not."""
    if event.record.kind != service.kind or not view.serves(event, service):
        return None
    return view.day(event, service.day)


def _as_planned(view: View, opened: Opened) -> Opened | None:
    """What was opened, as long as a plan of the team asks for it; None where none ever did."""
    wanted = _opening(view).while_planned
    opener, ended_by = opened.by, opened.ended_by
    planned, dropped = False, None
    for meeting in view.by_kind.get("mdt", NOTHING):
        if ended_by is not None and meeting.clinical_order >= ended_by.clinical_order:
            break
        plan = getattr(meeting.record, "plan", None)
        if plan is None:
            continue
        if any(all(getattr(each, name, None) in values for name, values in wanted.items()) for each in plan):
            planned, dropped = True, None
        elif meeting.clinical_order < opener.clinical_order:
            planned = False
        else:
            dropped = dropped or meeting
    if not planned:
        return None
    if dropped is None:
        return opened
    return opened._replace(ended_by=dropped, ended_on=None, overtaken="no longer planned")
