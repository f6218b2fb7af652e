"""What was said of a patient, or done for one, that has to be looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.events import clinical_order
from lmstrack.openers.view import Opened
from lmstrack.records import Contact, Excuse, LostToFollowUp, Rehabilitation, Suspend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.events import Event
    from lmstrack.openers.view import View
    from lmstrack.plans import Strand


def suspension(view: View, _: Strand) -> Iterator[Opened]:
    """A pause is looked at again, until strands are resumed or paused anew."""
    for event in view.of_kind("suspend"):
        if isinstance(event.record, Suspend):
            yield Opened(event, event.record.review_on, _said_again(view, event, {"resume", "suspend"}))


def standing_excuse(view: View, _: Strand) -> Iterator[Opened]:
    """What was declined for good is offered again, until somebody answers or it is done all the same."""
    for event in view.of_kind("excuse"):
        record = event.record
        if isinstance(record, Excuse) and record.standing and record.review_on is not None:
            yield Opened(event, record.review_on, _no_longer_declined(view, event, record.strand))


def _no_longer_declined(view: View, excuse: Event, name: str) -> Event | None:
    """What answers for a strand that was declined for good: it is done, run again, or excused anew."""
    services = [
        strand.done_by
        for episode in view.course.episodes
        if episode.choice is not None
        for strand in episode.choice.plan.strands
        if strand.name == name
    ]
    done = view.first_after(excuse, lambda later: any(view.serves(later, service) for service in services))
    said = _said_again(view, excuse, {"excuse", "resume"})
    return min((each for each in (done, said) if each is not None), key=clinical_order, default=None)


def _said_again(view: View, opener: Event, kinds: set[str]) -> Event | None:
    """The next event of these kinds that is about the same strand, or about all of them."""
    about = {None, opener.record.__dict__.get("strand")}
    return view.first_after(opener, lambda later: later.kind in kinds and later.record.__dict__.get("strand") in about)


def lost_to_follow_up(view: View, _: Strand) -> Iterator[Opened]:
    """Who was lost is looked for, until somebody has seen or reached the patient, or says lost again."""
    for event in view.of_kind("lost_to_follow_up"):
        if isinstance(event.record, LostToFollowUp):
            yield Opened(event, event.record.review_on, view.first_after(event, _found_or_lost_again))


def _found_or_lost_again(event: Event) -> bool:
    record = event.record
    reached = isinstance(record, Contact) and record.outcome == "reached"
    return record.clinical or reached or record.kind == "lost_to_follow_up"


def rehabilitation_started(view: View, _: Strand) -> Iterator[Opened]:
    """Asked again after every review until function is maximal or the patient declines."""
    running: Event | None = None
    for event in view.of_kind("rehabilitation"):
        phase = event.record.phase if isinstance(event.record, Rehabilitation) else None
        if phase is None or (running is None and phase != "started"):
            continue
        if running is not None:
            yield Opened(running, ended_by=event)
        running = event if phase in {"started", "review"} else None
    if running is not None:
        yield Opened(running)
