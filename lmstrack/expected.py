"""One-off expectations: what one event asks for once, such as a report after a scan or a summary after treatment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.obligations import Ending, Obligation, ObligationState
from lmstrack.records import (
    Contact,
    Excuse,
    Imaging,
    LostToFollowUp,
    Rehabilitation,
    Result,
    Suspend,
    TreatmentCompleted,
)
from lmstrack.schedule import concerns
from lmstrack.serving import serves
from lmstrack.windows import Window, phase_of, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence, Set

    from lmstrack.episodes import Course
    from lmstrack.events import Event
    from lmstrack.plans import Settings, Strand

_TREATMENTS = frozenset({"surgery", "radiotherapy", "systemic"})


class _Opened(NamedTuple):
    """What an event opened: until when it is due, if the record says so, and the event that ended it."""

    by: Event
    review_on: date | None = None
    ended_by: Event | None = None
    ended_on: date | None = None


class _Case(NamedTuple):
    """One course as the openers look at it."""

    course: Course
    strand: Strand
    settings: Settings
    results: Mapping[int, Event]
    referred_on: date | None

    def served_after(self, opener: Event, last_day: date | None = None) -> Event | None:
        """The first event after *opener* that serves the strand, or that reached the patient where a call will do."""
        for event in self.course.events:
            if event.clinical_order <= opener.clinical_order or (last_day is not None and event.on > last_day):
                continue
            served = serves(self.strand.done_by, event, self.results.get(event.line))
            if not (served.nothing or served.claimed or served.missing):
                return event
        return None

    def of_kind(self, kind: str) -> list[Event]:
        return [event for event in self.course.events if event.record.kind == kind]


def expected_obligations(
    case: str, course: Course, settings: Settings, expectations: Sequence[Strand], looked_at: _Looked
) -> list[Obligation]:
    """The one-off obligations of a course, past and open, expectation by expectation."""
    obligations: list[Obligation] = []
    for strand in expectations:
        kinds, openers = _OPENERS[strand.opened_by or ""]
        if looked_at.kinds.isdisjoint(kinds) or not concerns(strand, looked_at.known):
            continue
        view = _Case(course, strand, settings, looked_at.results, looked_at.referred_on)
        for opened in openers(view):
            obligation = _obligation(case, view, opened)
            if obligation is not None:
                obligations.append(obligation)
    return obligations


class _Looked(NamedTuple):
    """What one look through the whole log found.

    Its kinds, what is known that selects plans, the latest result of each line, and the first referral.
    """

    kinds: Set[str]
    known: Mapping[str, object]
    results: Mapping[int, Event]
    referred_on: date | None


def looked_through(by_kind: Mapping[str, Sequence[Event]], known: Mapping[str, object]) -> _Looked:
    """The latest result of each earlier line, and the day of the first referral."""
    results = {event.record.line: event for event in by_kind.get("result", ()) if isinstance(event.record, Result)}
    referrals = by_kind.get("referral")
    return _Looked(by_kind.keys(), known, results, referrals[0].on if referrals else None)


def _obligation(case: str, view: _Case, opened: _Opened) -> Obligation | None:
    strand, course = view.strand, view.course
    opener = opened.by
    due = _window(view, opened)
    if due is None:
        return None
    ending: Ending | None = None
    if opened.ended_by is not None:
        on = opened.ended_on or max(opened.ended_by.on, opener.on)
        ending = Ending(ObligationState.FULFILLED, on, opened.ended_by.line)
    elif course.end is not None:
        ending = Ending(ObligationState.CLOSED, course.end.on, course.end.line, course.end.because)
    phase = phase_of(strand.phases, opener.on, opener.on) if strand.phases else None
    return Obligation(
        case=case,
        course=course.number,
        strand=strand.name,
        occurrence=opener.line,
        group=strand.group,
        rule=(phase[1].rule if phase is not None else None) or strand.rule,
        source=str(strand.source),
        plan=None,
        since=opener.on,
        counts_from=opener.on,
        due_from=due.due_from,
        due_by=due.due_by,
        current_from=opener.on,
        current_until=None if ending is None else ending.on - timedelta(days=1),
        at_risk_from=due.at_risk_from,
        ending=ending,
        next_action=strand.next_action,
    )


def _window(view: _Case, opened: _Opened) -> Window | None:
    opener = opened.by
    if opened.review_on is not None:
        due_from = max(view.settings.lead.before(opened.review_on), opener.on)
        return Window(opener.on, min(due_from, opened.review_on), opened.review_on)
    phase = phase_of(view.strand.phases, opener.on, opener.on)
    if phase is None:
        return None
    return window(phase[1], opener.on, opener.last, view.settings)


# ---- what opens an expectation


def _last_treatment(view: _Case) -> Iterator[_Opened]:
    """Every run of treatments asks for one summary, counted from the last of them."""
    last: Event | None = None
    for event in view.course.events:
        kind = event.record.kind
        if kind in _TREATMENTS and not _history(event, view.referred_on):
            last = event
        elif kind == "treatment_completed" and last is not None:
            yield _Opened(last, ended_by=event)
            last = None
    if last is not None:
        yield _Opened(last)


def _history(event: Event, referred_on: date | None) -> bool:
    if event.record.kind != "surgery":
        return False
    unplanned = getattr(event.record, "operation", None) == "unplanned_excision"
    return unplanned or (referred_on is not None and event.on < referred_on)


def _emergency_treatment(view: _Case) -> Iterator[_Opened]:
    for event in view.course.events:
        if event.record.kind in _TREATMENTS and getattr(event.record, "emergency", None):
            yield _Opened(event, ended_by=view.served_after(event))


def _unreported_imaging(view: _Case) -> Iterator[_Opened]:
    for event in view.of_kind("imaging"):
        record = event.record
        if event.as_history or not isinstance(record, Imaging):
            continue
        if record.reported_on is not None or record.outcome is not None or record.reason_not_done is not None:
            continue
        result = view.results.get(event.line)
        reported = None
        if result is not None and isinstance(result.record, Result):
            reported = result.record.reported_on
            if reported is None and result.record.outcome is None:
                result = None
        yield _Opened(event, ended_by=result, ended_on=reported)


def _palliative_care(view: _Case) -> Iterator[_Opened]:
    for event in view.of_kind("treatment_completed"):
        record = event.record
        if isinstance(record, TreatmentCompleted) and record.next == "palliative_care":
            yield _Opened(event, record.review_on, view.served_after(event) or _reached_after(view, event))


def _suspension(view: _Case) -> Iterator[_Opened]:
    suspensions = view.of_kind("suspend")
    for event in suspensions:
        if isinstance(event.record, Suspend):
            strand = event.record.strand
            ended = _first_after(
                view,
                event,
                lambda later, strand=strand: (
                    later.record.kind in {"resume", "suspend"}  # type: ignore[misc]
                    and getattr(later.record, "strand", None) in {None, strand}
                ),
            )
            yield _Opened(event, event.record.review_on, ended)


def _standing_excuse(view: _Case) -> Iterator[_Opened]:
    for event in view.of_kind("excuse"):
        record = event.record
        if isinstance(record, Excuse) and record.standing and record.review_on is not None:
            ended = _first_after(
                view,
                event,
                lambda later, strand=record.strand: (
                    later.record.kind in {"excuse", "resume"}  # type: ignore[misc]
                    and getattr(later.record, "strand", None) in {None, strand}
                ),
            )
            yield _Opened(event, record.review_on, ended)


def _lost_to_follow_up(view: _Case) -> Iterator[_Opened]:
    for event in view.of_kind("lost_to_follow_up"):
        record = event.record
        if isinstance(record, LostToFollowUp):
            ended = _first_after(view, event, lambda later: later.record.clinical or later.kind == "lost_to_follow_up")
            reached = _reached_after(view, event)
            if reached is not None and (ended is None or reached.clinical_order < ended.clinical_order):
                ended = reached
            review_on = record.review_on or view.settings.lost_review.after(event.on)
            yield _Opened(event, review_on, ended)


def _rehabilitation_started(view: _Case) -> Iterator[_Opened]:
    """Asked again after every review until function is maximal or the patient declines."""
    sessions = [event for event in view.of_kind("rehabilitation") if isinstance(event.record, Rehabilitation)]
    running: Event | None = None
    for event in sessions:
        phase = getattr(event.record, "phase", None)
        if running is not None:
            yield _Opened(running, ended_by=event)
        running = event if phase in {"started", "review"} and (running is not None or phase == "started") else None
    if running is not None:
        yield _Opened(running)


def _reached_after(view: _Case, opener: Event) -> Event | None:
    return _first_after(
        view, opener, lambda later: isinstance(later.record, Contact) and later.record.outcome == "reached"
    )


def _first_after(view: _Case, opener: Event, wanted: Callable[[Event], bool]) -> Event | None:
    for event in view.course.events:
        if event.clinical_order > opener.clinical_order and wanted(event):
            return event
    return None


#: What can open an expectation: the kinds of event that may, and the function that finds where they do.
_OPENERS: Mapping[str, tuple[tuple[str, ...], Callable[[_Case], Iterator[_Opened]]]] = {
    "last_treatment": (tuple(_TREATMENTS), _last_treatment),
    "emergency_treatment": (tuple(_TREATMENTS), _emergency_treatment),
    "unreported_imaging": (("imaging",), _unreported_imaging),
    "palliative_care": (("treatment_completed",), _palliative_care),
    "suspension": (("suspend",), _suspension),
    "standing_excuse": (("excuse",), _standing_excuse),
    "lost_to_follow_up": (("lost_to_follow_up",), _lost_to_follow_up),
    "rehabilitation_started": (("rehabilitation",), _rehabilitation_started),
}
OPENERS = frozenset(_OPENERS)
