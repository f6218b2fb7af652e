"""What opens a one-off expectation, such as a scan its report, and what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lmstrack.facts import is_history
from lmstrack.records import (
    Contact,
    Excuse,
    Imaging,
    LostToFollowUp,
    Mdt,
    Rehabilitation,
    Result,
    Suspend,
    TreatmentCompleted,
)
from lmstrack.serving import serves
from lmstrack.windows import Window, dated_window, phase_of, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from lmstrack.episodes import Course
    from lmstrack.events import Event
    from lmstrack.plans import Settings, Strand

_TREATMENTS = frozenset({"surgery", "radiotherapy", "systemic"})
_NOTHING: Sequence[Event] = ()


class Opened(NamedTuple):
    """What an event opened: until when it is due, if the record says so, and the event that ended it.

    *ended_on* is the day that counts where it is not that of *ended_by*. *review* marks what can be done too early: a
    first part of the time has to pass before anything counts.
    """

    by: Event
    review_on: date | None = None
    ended_by: Event | None = None
    ended_on: date | None = None
    review: bool = False

    def window(self, strand: Strand, settings: Settings) -> Window | None:
        """When it is due; None where the strand is no longer asked for."""
        opener = self.by
        if self.review_on is not None:
            due = dated_window(opener.on, self.review_on, settings)
        else:
            phase = phase_of(strand.phases, opener.on, opener.on)
            if phase is None:
                return None
            due = window(phase[1], opener.on, opener.last, settings)
        return due if self.review or due.counts_from == opener.on else due._replace(counts_from=opener.on)


class View(NamedTuple):
    """One course as the openers look at it. *results* are what became known later of each line."""

    course: Course
    strand: Strand
    settings: Settings
    results: Mapping[int, Sequence[Event]]
    referred_on: date | None

    def treats(self, event: Event) -> bool:
        """Whether an event is treatment given here; how the patient came in is none."""
        return event.record.kind in _TREATMENTS and not is_history(event, self.referred_on)

    def of_kind(self, kind: str) -> list[Event]:
        """The events of the course that are of this kind, oldest first."""
        return [event for event in self.course.events if event.record.kind == kind]

    def serves(self, event: Event) -> bool:
        """Whether an event does wholly what the strand asks for."""
        served = serves(self.strand.done_by, event, self.results.get(event.line, _NOTHING))
        return not (served.nothing or served.claimed or served.missing)

    def first_after(self, opener: Event, wanted: Callable[[Event], bool]) -> Event | None:
        """The first event of the course after *opener* that is *wanted*."""
        order = opener.clinical_order
        return next((event for event in self.course.events if event.clinical_order > order and wanted(event)), None)


def _last_treatment(view: View) -> Iterator[Opened]:
    """Every run of treatments asks for one summary, counted from the last of them.

    A plan of the team to watch and wait asks for it too, until a summary has said so.
    """
    last: Event | None = None
    summarised = False
    for event in view.course.events:
        kind = event.record.kind
        if kind in _TREATMENTS:
            last = last if is_history(event, view.referred_on) else event
        elif kind == "treatment_completed":
            summarised = True
            if last is not None:
                yield Opened(last, ended_by=event)
                last = None
        elif kind == "mdt" and last is None and not summarised and _watches(event):
            last = event
    if last is not None:
        yield Opened(last)


def _watches(event: Event) -> bool:
    plan = event.record.plan if isinstance(event.record, Mdt) else None
    return bool(plan) and all(each.treatment == "observation" for each in plan or ())


def _emergency_treatment(view: View) -> Iterator[Opened]:
    for event in view.course.events:
        if event.record.kind in _TREATMENTS and event.record.__dict__.get("emergency") and view.treats(event):
            # A meeting of the same day counts, although the order of kinds puts it before the treatment.
            met = next((other for other in view.course.events if other.on >= event.on and view.serves(other)), None)
            yield Opened(event, ended_by=met)


def _unreported_imaging(view: View) -> Iterator[Opened]:
    for event in view.of_kind("imaging"):
        record = event.record
        if event.as_history or not isinstance(record, Imaging):
            continue
        if record.reported_on is not None or record.outcome is not None or record.reason_not_done is not None:
            continue
        for result in view.results.get(event.line, _NOTHING):
            told = result.record
            if not isinstance(told, Result):
                continue
            if told.reported_on is not None:
                # Never later than it was entered under: lists of the days before could not know it.
                yield Opened(event, ended_by=result, ended_on=min(told.reported_on, result.on))
                break
            if told.outcome is not None and told.evidence != "patient_said":
                yield Opened(event, ended_by=result)
                break
        else:
            yield Opened(event)


def _palliative_care(view: View) -> Iterator[Opened]:
    """Reviewed on the agreed day, and again after every review, until something else follows."""
    if not any(_next(event) == "palliative_care" for event in view.of_kind("treatment_completed")):
        return
    running: Opened | None = None
    for event in view.course.events:
        record = event.record
        if isinstance(record, TreatmentCompleted):
            if running is not None:
                yield running._replace(ended_by=event)
            running = Opened(event, record.review_on, review=True) if _next(event) == "palliative_care" else None
        elif running is not None and view.serves(event):
            due = running.window(view.strand, view.settings)
            if due is not None and due.counts_from is not None and event.on >= due.counts_from:
                yield running._replace(ended_by=event)
                running = Opened(event, review=True)
    if running is not None:
        yield running


def _next(completed: Event) -> str | None:
    return completed.record.next if isinstance(completed.record, TreatmentCompleted) else None


def _systemic_planned(view: View) -> Iterator[Opened]:
    """Where systemic care follows a treatment, it begins, or somebody says what follows instead."""
    for event in view.of_kind("treatment_completed"):
        record = event.record
        if isinstance(record, TreatmentCompleted) and record.next == "systemic_care":
            begun = view.first_after(event, lambda later: view.treats(later) or later.kind == "treatment_completed")
            yield Opened(event, record.review_on, begun)


def _suspension(view: View) -> Iterator[Opened]:
    for event in view.of_kind("suspend"):
        if isinstance(event.record, Suspend):
            yield Opened(event, event.record.review_on, _said_again(view, event, {"resume", "suspend"}))


def _standing_excuse(view: View) -> Iterator[Opened]:
    for event in view.of_kind("excuse"):
        record = event.record
        if isinstance(record, Excuse) and record.standing and record.review_on is not None:
            yield Opened(event, record.review_on, _said_again(view, event, {"excuse", "resume"}))


def _said_again(view: View, opener: Event, kinds: set[str]) -> Event | None:
    """The next event of these kinds that is about the same strand, or about all of them."""
    about = {None, getattr(opener.record, "strand", None)}
    return view.first_after(
        opener, lambda later: later.kind in kinds and getattr(later.record, "strand", None) in about
    )


def _lost_to_follow_up(view: View) -> Iterator[Opened]:
    for event in view.of_kind("lost_to_follow_up"):
        if isinstance(event.record, LostToFollowUp):
            yield Opened(event, event.record.review_on, view.first_after(event, _found_or_lost_again))


def _found_or_lost_again(event: Event) -> bool:
    record = event.record
    reached = isinstance(record, Contact) and record.outcome == "reached"
    return record.clinical or reached or record.kind == "lost_to_follow_up"


def _rehabilitation_started(view: View) -> Iterator[Opened]:
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


#: What can open an expectation: the kinds of event that may, and the function that finds where they do.
OPENERS: Mapping[str, tuple[tuple[str, ...], Callable[[View], Iterator[Opened]]]] = {
    "last_treatment": ((*_TREATMENTS, "mdt"), _last_treatment),
    "emergency_treatment": (tuple(_TREATMENTS), _emergency_treatment),
    "unreported_imaging": (("imaging",), _unreported_imaging),
    "palliative_care": (("treatment_completed",), _palliative_care),
    "systemic_planned": (("treatment_completed",), _systemic_planned),
    "suspension": (("suspend",), _suspension),
    "standing_excuse": (("excuse",), _standing_excuse),
    "lost_to_follow_up": (("lost_to_follow_up",), _lost_to_follow_up),
    "rehabilitation_started": (("rehabilitation",), _rehabilitation_started),
}
