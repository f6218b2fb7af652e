"""What ends a clock that an event started: what fulfils it, what overtakes it, or a plan that no longer asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.obligations import overtaken_by
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
    first: _End | None = None
    for service in strand.services:
        for day, event in _candidates(view, strand, opener, begins, service):
            if first is None or (day, event.clinical_order) < (first[0], first[1].clinical_order):
                first = (day, event, "")
    done_on = None if first is None else first[0]
    for service in opening.overtaken_by:
        for day, event in _candidates(view, strand, opener, begins, service):
            if done_on is not None and done_on <= day:
                continue
            if first is None or (day, event.clinical_order) < (first[0], first[1].clinical_order):
                first = (day, event, overtaken_by(service.kind))
    return first


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
        if own_day:
            if _later(view, opener, begins, event, event.on) and _ends(view, event, service):
                yield event.on, event
                return  # they stand in the order of their days
            continue
        done = view.day(event, service.day)
        if done is not None and _later(view, opener, begins, event, done[0]) and _ends(view, event, service):
            yield done


def _ends(view: View, event: Event, service: Service) -> bool:
    return view.serves(event, service) and not view.history(event)


def _later(view: View, opener: Event, begins: date, event: Event, day: date) -> bool:
    """Whether a day lies after *opener*, and before the course was over; on one day the order of the events decides."""
    if day < begins or (view.end is not None and day > view.end.on):
        return False
    return day > opener.on or (day == opener.on and event.clinical_order > opener.clinical_order)


def planned(meeting: Event, wanted: Mapping[str, tuple[object, ...]]) -> bool:
    """Whether the plan that a meeting made, if it made any, holds a treatment with the *wanted* values."""
    for each in getattr(meeting.record, "plan", None) or ():
        told = each.__dict__
        for name, values in wanted.items():
            if told.get(name) not in values:
                break
        else:
            return True
    return False


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
