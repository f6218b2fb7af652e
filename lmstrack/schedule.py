"""From plans and what was done to obligations: windows, what fulfils them, and what was said about them.

Strands roll from the day something was actually done, never from the day it should have been.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from lmstrack.obligations import Ending, Obligation, ObligationState, earliest_counting
from lmstrack.plans import Choice, Phase, Settings, Strand, chosen_plan
from lmstrack.serving import Served, serves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from lmstrack.episodes import Episode
    from lmstrack.events import Event

#: Kinds that say something about an obligation without fulfilling it.
FOLLOWING = frozenset({
    "booking", "did_not_attend", "contact", "excuse", "suspend", "resume", "lost_to_follow_up", "transfer"
})  # fmt: skip
_NEXT_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """When something is due, both days inclusive, and from when doing it counts.

    *due_from* and *due_by* are None where the source gives no interval. *at_risk_from* is set where the start is only
    known to the month or year.
    """

    counts_from: date | None
    due_from: date | None
    due_by: date | None
    at_risk_from: date | None = None


def window(phase: Phase, since: date, since_last: date, settings: Settings) -> Window:
    """The window of an interval that starts on *since*, or at the latest on *since_last* where that is not known.

    A range gives both ends; a single interval becomes due a lead before its last day, never before it starts.
    """
    rhythm = phase.every
    due_by = rhythm.latest.after(since_last)
    if rhythm.is_range:
        due_from = rhythm.earliest.after(since)
    else:
        due_from = max(settings.lead.before(rhythm.latest.after(since)), since)
    at_risk = None if since == since_last else rhythm.latest.after(since)
    return Window(earliest_counting(since, due_from, settings.counting_share), due_from, due_by, at_risk)


def phase_of(phases: Sequence[Phase], anchor: date, since: date) -> tuple[int, Phase] | None:
    """Number (from 1) and phase that an interval starting on *since* belongs to; None after the last one.

    Half-open: the interval that starts on the very day a phase ends belongs to the next.
    """
    for number, phase in enumerate(phases, start=1):
        if phase.until is None or since < phase.until.after(anchor):
            return number, phase
    return None


@dataclass(slots=True)
class _Interval:
    """What is being followed of the obligation that is open at this point of the fold."""

    occurrence: int
    since: date
    since_last: date
    current_from: date
    last_done: date | None
    bookings: date | None = None
    attempts: int = 0
    contacts: int = 0
    claimed: bool = False
    partial: tuple[str, ...] = ()
    excused: Event | None = None
    not_before: date | None = None


def episode_obligations(
    case: str, episode: Episode, by_kind: Mapping[str, Sequence[Event]], results: Mapping[int, Event]
) -> list[Obligation]:
    """Every obligation of the plan that runs in this episode, past and open, strand by strand.

    *by_kind* holds the standing events of the case, oldest first; *results* the latest result of an earlier line.
    """
    workflow = episode.workflow
    if workflow is None:
        return []
    choice = chosen_plan(workflow.plans, episode.during, episode.known)
    if choice is None:
        return []
    obligations: list[Obligation] = []
    for strand in choice.plan.strands:
        if _concerns(strand, episode.known):
            fold = _Fold(case, episode, choice, strand, workflow.settings, results)
            obligations.extend(fold.over(_about(strand, by_kind)))
    return obligations


def _concerns(strand: Strand, known: Mapping[str, object]) -> bool:
    return all(known.get(name) is None or known[name] in allowed for name, allowed in strand.selects.items())


def _about(strand: Strand, by_kind: Mapping[str, Sequence[Event]]) -> Iterable[Event]:
    """What may serve the strand and what was said about it, in clinical order."""
    serving = by_kind.get(strand.done_by.kind, ())
    following = [
        event
        for kind in FOLLOWING
        for event in by_kind.get(kind, ())
        if getattr(event.record, "strand", None) in {None, strand.name}
    ]
    if not following:
        return serving
    return sorted([*serving, *following], key=lambda event: event.clinical_order)


class _Fold:
    """Walks what concerns one strand of one episode and leaves its obligations behind."""

    def __init__(
        self,
        case: str,
        episode: Episode,
        choice: Choice,
        strand: Strand,
        settings: Settings,
        results: Mapping[int, Event],
    ) -> None:
        self.case = case
        self.episode = episode
        self.choice = choice
        self.strand = strand
        self.settings = settings
        self.results = results
        self.suspended: Event | None = None
        self.resumed: date | None = None
        self.lost = False
        self.transfer_pending = False
        self.obligations: list[Obligation] = []
        start = episode.opened_by
        self.open: _Interval | None = _Interval(start.line, episode.since, episode.since_last, start.on, None)

    def over(self, events: Iterable[Event]) -> list[Obligation]:
        end = self.episode.end
        opened_on = self.episode.since
        for event in events:
            if event.on < opened_on or self.open is None:
                continue
            if end is not None and (event.on, event.line) > (end.on, end.line) and event.on > end.on:
                break
            self._after_excuse(event.on)
            if event.record.kind == self.strand.done_by.kind:
                self._done(event)
            else:
                self._said(event)
        self._finish()
        return self.obligations

    # ---- one event

    def _done(self, event: Event) -> None:
        served = serves(self.strand.done_by, event, self.results.get(event.line))
        interval = self.open
        if interval is None or served.nothing:
            return
        if served.claimed:
            interval.claimed = True
        elif served.missing:
            interval.partial = served.missing
        else:
            self._served(event, interval, served)

    def _served(self, event: Event, interval: _Interval, served: Served) -> None:
        phase = phase_of(self.strand.phases, self.episode.anchor, interval.since)
        self.lost = False
        # The event that opened the interval cannot fulfil it as well.
        if event.line == interval.occurrence:
            interval.last_done = event.on
            return
        if phase is not None:
            view = window(phase[1], interval.since, interval.since_last, self.settings)
            too_early = view.counts_from is not None and event.on < view.counts_from
            if too_early and not served.counted:
                return
        self._emit(interval, Ending(ObligationState.FULFILLED, event.on, event.line))
        once = phase is None or phase[1].once
        self.open = None if once else _Interval(event.line, event.on, event.last, event.on, event.on)

    def _said(self, event: Event) -> None:  # noqa: C901  one branch a kind, each a line or two
        record = event.record
        interval = self.open
        if interval is None:
            return
        match record.kind:
            case "booking":
                interval.bookings = getattr(record, "for_date", None)
            case "did_not_attend":
                interval.attempts += 1
                interval.bookings = None
            case "contact":
                interval.contacts += 1
                outcome = getattr(record, "outcome", None)
                if outcome == "done_elsewhere":
                    interval.claimed = True
                if outcome == "reached":
                    self.lost = False
            case "excuse":
                interval.excused = event
            case "suspend":
                self.suspended = event
            case "resume":
                if self.suspended is not None:
                    self.suspended = None
                    interval.not_before = self.settings.catch_up.after(event.on)
            case "lost_to_follow_up":
                self.lost = True
            case "transfer":
                self.transfer_pending = getattr(record, "status", None) == "sent"

    # ---- what becomes of the open interval

    def _after_excuse(self, on: date) -> None:
        """Once the window of an excused occurrence has passed, the next one counts from its last day."""
        while self.open is not None and self.open.excused is not None and not _standing(self.open.excused):
            interval = self.open
            view = self._view(interval)
            if view is None or view.due_by is None or on <= view.due_by:
                return
            self._roll_over(interval, view.due_by)

    def _roll_over(self, interval: _Interval, due_by: date) -> None:
        excused = interval.excused
        if excused is None:
            return
        ending = Ending(ObligationState.EXCUSED, excused.on, excused.line, _reason(excused))
        self._emit(interval, ending, until=due_by)
        self.open = _Interval(excused.line, due_by, due_by, due_by + _NEXT_DAY, interval.last_done)

    def _view(self, interval: _Interval) -> Window | None:
        phase = phase_of(self.strand.phases, self.episode.anchor, interval.since)
        return None if phase is None else window(phase[1], interval.since, interval.since_last, self.settings)

    def _finish(self) -> None:
        end = self.episode.end
        interval = self.open
        if interval is None:
            return
        if interval.excused is not None and end is None:
            view = self._view(interval)
            if not _standing(interval.excused) and view is not None and view.due_by is not None:
                self._roll_over(interval, view.due_by)
                self._emit(self.open or interval, None)
            else:
                excused = interval.excused
                self._emit(interval, Ending(ObligationState.EXCUSED, excused.on, excused.line, _reason(excused)))
            return
        self._emit(interval, None if end is None else Ending(ObligationState.CLOSED, end.on, end.line, end.because))

    def _emit(self, interval: _Interval, ending: Ending | None, until: date | None = None) -> None:
        strand, episode = self.strand, self.episode
        phase = phase_of(strand.phases, episode.anchor, interval.since)
        if phase is None and strand.phases:
            return  # the last phase is over, and nothing follows it
        view = self._view(interval) or Window(None, None, None)
        due_by = view.due_by
        if interval.not_before is not None and due_by is not None:
            due_by = max(due_by, interval.not_before)
        suspended = self.suspended or episode.suspended
        ended = ending is not None and ending.state is not ObligationState.EXCUSED
        if until is None and ended and ending is not None:
            until = ending.on - _NEXT_DAY
        self.obligations.append(
            Obligation(
                case=self.case,
                course=episode.course,
                strand=strand.name,
                occurrence=interval.occurrence,
                group=strand.group,
                rule=(phase[1].rule if phase is not None else None) or strand.rule,
                source=str(strand.source),
                plan=self.choice.plan.name,
                since=interval.since,
                counts_from=view.counts_from,
                due_from=view.due_from,
                due_by=due_by,
                current_from=interval.current_from,
                current_until=until,
                phase=None if phase is None else phase[0],
                provisional=self.choice.provisional,
                at_risk_from=view.at_risk_from,
                ending=ending,
                suspended_from=None if suspended is None or ending is not None else suspended.on,
                review_on=None if suspended is None or ending is not None else self._review_on(suspended),
                last_done=interval.last_done,
                booked_for=interval.bookings,
                attempts=interval.attempts,
                contacts=interval.contacts,
                claimed=interval.claimed,
                partial=interval.partial,
                lost=self.lost,
                transfer_pending=self.transfer_pending,
                next_action=strand.next_action,
            )
        )

    def _review_on(self, suspended: Event) -> date | None:
        stated = getattr(suspended.record, "review_on", None)
        if stated is not None:
            return stated if suspended.record.kind == "suspend" else None
        return self.settings.treatment_review.after(suspended.on)


def _standing(excuse: Event) -> bool:
    return bool(getattr(excuse.record, "standing", None))


def _reason(excuse: Event) -> str:
    return str(getattr(excuse.record, "reason", None) or "excused").replace("_", " ")


def with_catch_up(obligation: Obligation, due_by: date) -> Obligation:
    """The same obligation with the time that a duty which became known late is given."""
    return replace(obligation, due_by=due_by, catch_up=True)
