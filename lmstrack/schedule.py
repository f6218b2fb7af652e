"""From plans and what was done to obligations: windows, what fulfils them, and what was said about them.

Strands roll from the day something was actually done, never from the day it should have been.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from lmstrack.obligations import Ending, Obligation, ObligationState
from lmstrack.serving import Served, begins, ends, serves
from lmstrack.windows import NO_WINDOW, Window, phase_of, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from lmstrack.episodes import Episode
    from lmstrack.events import Event
    from lmstrack.plans import Choice, Phase, Settings, Strand

#: Kinds that say something about an obligation without fulfilling it.
FOLLOWING = frozenset({
    "booking", "did_not_attend", "contact", "excuse", "suspend", "resume", "lost_to_follow_up", "transfer"
})  # fmt: skip
_NEXT_DAY = timedelta(days=1)


# Obligations are made by the dozen for every case, and by their own class in twice the time.
_obligation: Callable[[tuple[object, ...]], Obligation] = partial(tuple.__new__, Obligation)


@dataclass(slots=True)
class _Interval:
    """What is being followed of the obligation that is open at this point of the fold.

    *number* and *phase* are None once the last phase is over; *view* then holds no dates.
    """

    occurrence: int
    since: date
    current_from: date
    last_done: date | None
    number: int | None
    phase: Phase | None
    view: Window
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
    workflow, choice = episode.workflow, episode.choice
    if workflow is None or choice is None:
        return []
    said = [event for kind in FOLLOWING if kind in by_kind for event in by_kind[kind]]
    obligations: list[Obligation] = []
    for strand in choice.plan.strands:
        if concerns(strand, episode.known):
            fold = _Fold(case, episode, choice, strand, workflow.settings, results)
            obligations.extend(fold.over(_about(strand, by_kind, said)))
    return obligations


def concerns(strand: Strand, known: Mapping[str, object]) -> bool:
    """Whether no known fact rules the strand out; what is not known rules nothing out."""
    selects = strand.selects
    return not selects or all(known.get(name) is None or known[name] in selects[name] for name in selects)


def _about(strand: Strand, by_kind: Mapping[str, Sequence[Event]], said: Sequence[Event]) -> Iterable[Event]:
    """What may serve the strand and what was said about it, in clinical order."""
    serving = by_kind.get(strand.done_by.kind, ())
    if not said:
        return serving
    concerning = [event for event in said if getattr(event.record, "strand", None) in {None, strand.name}]
    return sorted([*serving, *concerning], key=_clinical_order)


def _clinical_order(event: Event) -> tuple[date, int, int]:
    return event.clinical_order


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
        self.lost = False
        self.transfer_pending = False
        self.obligations: list[Obligation] = []
        self.source = str(strand.source)
        start = episode.opened_by
        self.open: _Interval | None = self._started(start.line, episode.since, episode.since_last, start.on, None)

    def _started(
        self, occurrence: int, since: date, since_last: date, current_from: date, last_done: date | None
    ) -> _Interval:
        numbered = phase_of(self.strand.phases, self.episode.anchor, since)
        if numbered is None:
            return _Interval(occurrence, since, current_from, last_done, None, None, NO_WINDOW)
        number, phase = numbered
        view = window(phase, since, since_last, self.settings)
        return _Interval(occurrence, since, current_from, last_done, number, phase, view)

    def over(self, events: Iterable[Event]) -> list[Obligation]:
        episode = self.episode
        since, until = episode.since, episode.last_day
        for event in events:
            if event.on < since:
                continue
            if until is not None and event.on > until:
                break
            if self.open is None:
                if begins(event, self.strand.done_by.kind):
                    self.open = self._started(event.line, event.on, event.last, event.on, event.on)
                continue
            self._after_excuse(event.on)
            if event.record.kind == self.strand.done_by.kind:
                self._done(event)
            else:
                self._said(event)
        self._finish()
        return self.obligations

    # ---- one event

    def _done(self, event: Event) -> None:
        interval = self.open
        if event.on == self.episode.since and event.line != self.episode.opened_by.line:
            return  # what was done on the very day that starts the clock belongs to what went before
        if interval is not None and ends(event):
            self._emit(interval, Ending(ObligationState.FULFILLED, event.on, event.line))
            self.open = None
            return
        served = serves(self.strand.done_by, event, self.results.get(event.line))
        if interval is None or served.nothing:
            return
        if served.claimed:
            interval.claimed = True
        elif served.missing:
            interval.partial = served.missing
        else:
            self._served(event, interval, served)

    def _served(self, event: Event, interval: _Interval, served: Served) -> None:
        self.lost = False
        if event.line == interval.occurrence:
            interval.last_done = event.on  # what opened the interval cannot fulfil it as well
            return
        counts_from = interval.view.counts_from
        if counts_from is not None and event.on < counts_from and not served.counted:
            return
        self._emit(interval, Ending(ObligationState.FULFILLED, event.on, event.line))
        once = interval.phase is None or interval.phase.once
        self.open = None if once else self._started(event.line, event.on, event.last, event.on, event.on)

    def _said(self, event: Event) -> None:
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
            due_by = self.open.view.due_by
            if due_by is None or on <= due_by:
                return
            self._roll_over(self.open, self.open.excused, due_by)

    def _roll_over(self, interval: _Interval, excused: Event, due_by: date) -> None:
        self._emit(interval, _excuse(excused), until=due_by)
        self.open = self._started(excused.line, due_by, due_by, due_by + _NEXT_DAY, interval.last_done)

    def _finish(self) -> None:
        end = self.episode.end
        if end is not None:
            self._after_excuse(end.on)
        interval = self.open
        if interval is None:
            return
        excused, due_by = interval.excused, interval.view.due_by
        if end is not None:
            self._emit(interval, Ending(ObligationState.CLOSED, end.on, end.line, end.because))
        elif excused is None:
            self._emit(interval, None)
        elif _standing(excused) or due_by is None:
            self._emit(interval, _excuse(excused))
        else:
            self._roll_over(interval, excused, due_by)
            self._emit(self.open, None)

    def _emit(self, interval: _Interval | None, ending: Ending | None, until: date | None = None) -> None:
        if interval is None:
            return
        strand, episode = self.strand, self.episode
        phase, view = interval.phase, interval.view
        if phase is None and strand.phases:
            return  # the last phase is over, and nothing follows it
        due_by = view.due_by
        not_before = interval.not_before
        if ending is None and episode.resumed_on is not None and interval.current_from <= episode.resumed_on:
            not_before = self.settings.catch_up.after(episode.resumed_on)
        if not_before is not None and due_by is not None:
            due_by = max(due_by, not_before)
        suspended = self.suspended or episode.suspended
        ended = ending is not None and ending.state is not ObligationState.EXCUSED
        if until is None and ended and ending is not None:
            until = ending.on - _NEXT_DAY
        made = (  # in the order of the class
            self.case,
            episode.course,
            strand.name,
            interval.occurrence,
            strand.group,
            (phase.rule if phase is not None else None) or strand.rule,
            self.source,
            self.choice.plan.name,
            interval.since,
            view.counts_from,
            view.due_from,
            due_by,
            interval.current_from,
            until,
            interval.number,
            self.choice.provisional,
            False,  # see with_catch_up
            view.at_risk_from,
            ending,
            None if suspended is None or ending is not None else suspended.on,
            None if suspended is None or ending is not None else self._review_on(suspended),
            interval.last_done,
            interval.bookings,
            interval.attempts,
            interval.contacts,
            interval.claimed,
            interval.partial,
            self.lost,
            self.transfer_pending,
            strand.next_action,
        )
        self.obligations.append(_obligation(made))

    def _review_on(self, suspended: Event) -> date | None:
        stated = getattr(suspended.record, "review_on", None)
        if stated is not None:
            return stated if suspended.record.kind == "suspend" else None
        return self.settings.treatment_review.after(suspended.on)


def _standing(excuse: Event) -> bool:
    return bool(getattr(excuse.record, "standing", None))


def _excuse(excuse: Event) -> Ending:
    reason = str(getattr(excuse.record, "reason", None) or "excused").replace("_", " ")
    return Ending(ObligationState.EXCUSED, excuse.on, excuse.line, reason)


def with_catch_up(obligation: Obligation, due_by: date) -> Obligation:
    """The same obligation with the time that a duty which became known late is given."""
    return obligation._replace(due_by=due_by, catch_up=True)
