"""What ends a clock that an event started: what fulfils it, what overtakes it, or a plan that no longer asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.openers.view import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.openers.view import Opened, View
    from lmstrack.plans import Opening, Service, Strand

_OWN_DAY = ("on",)
#: A way in which something ended: the day that counts, the line that tells it, and why where it was not done.
_End = tuple["date", "Event", str]


def first_end(view: View, strand: Strand, opening: Opening, opener: Event, begins: date) -> _End | None:
    """What ended it first: by the day that counts, and of one day what fulfils it."""
    ends = [
        (day, event, "")
        for service in strand.services
        for day, event in _candidates(view, strand, opener, begins, service)
    ]
    for service in opening.overtaken_by:
        because = f"overtaken by {service.kind.replace('_', ' ')}"
        ends += [(day, event, because) for day, event in _candidates(view, strand, opener, begins, service)]
    if len(ends) < 2:
        return ends[0] if ends else None
    return min(ends, key=lambda end: (end[0], bool(end[2]), end[1].clinical_order))


def _candidates(
    view: View, strand: Strand, opener: Event, begins: date, service: Service
) -> Iterator[tuple[date, Event]]:
    """The events that may end what *opener* started, each with the day that counts."""
    if service.kind == "result":  # of the line itself, or what it tells already
        told = view.day(opener, service.day)
        if told is not None and (view.end is None or told[0] <= view.end.on):
            yield told
        return
    # What is owed for a result does not end with the course, so what ends it is looked for beyond it as well.
    held = view.by_kind if strand.group != "result" else view.log
    events = held.get(service.kind, NOTHING)
    led_on = view.ended_by
    if led_on is not None and led_on.record.kind == service.kind and led_on not in events:
        events = [*events, led_on]
    own_day = service.day == _OWN_DAY
    for event in events:
        if own_day and not _later(view, opener, begins, event, event.on):
            continue
        if not view.serves(event, service):
            continue
        done = view.day(event, service.day)
        if done is None or not _later(view, opener, begins, event, done[0]) or view.history(event):
            continue
        yield done
        if own_day:
            return  # they stand in the order of their days


def _later(view: View, opener: Event, begins: date, event: Event, day: date) -> bool:
    """Whether a day lies after *opener*, and before the course was over; on one day the order of the events decides."""
    if day < begins or (view.end is not None and day > view.end.on):
        return False
    return day > opener.on or (day == opener.on and event.clinical_order > opener.clinical_order)


def planned(meeting: Event, wanted: Mapping[str, tuple[object, ...]]) -> bool:
    """Whether the plan that a meeting made, if it made any, holds a treatment with the *wanted* values."""
    plan = getattr(meeting.record, "plan", None) or ()
    return any(all(getattr(each, name, None) in values for name, values in wanted.items()) for each in plan)


def while_planned(view: View, opened: Opened, wanted: Mapping[str, tuple[object, ...]]) -> Opened | None:
    """What was opened, as long as a plan of the team asks for it; None where none ever did."""
    opener, ended_by = opened.by, opened.ended_by
    asked_for, dropped = False, None
    for meeting in view.of_kind("mdt"):
        if ended_by is not None and meeting.clinical_order >= ended_by.clinical_order:
            break
        if getattr(meeting.record, "plan", None) is None:
            continue
        if planned(meeting, wanted):
            asked_for, dropped = True, None
        elif meeting.clinical_order < opener.clinical_order:
            asked_for = False
        else:
            dropped = dropped or meeting
    if not asked_for:
        return None
    if dropped is None:
        return opened
    return opened._replace(ended_by=dropped, ended_on=None, overtaken="no longer planned")
