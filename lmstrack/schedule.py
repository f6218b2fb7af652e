"""From plans and what was done to obligations: windows, what fulfils them, and what was said about them.

Strands roll from the day something was actually done, never from the day it should have been.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.events import clinical_order
from lmstrack.following import OF_ONE_OBLIGATION, Following, Interval, concerning
from lmstrack.obligations import Ending, Obligation, ObligationState
from lmstrack.plans import possible_for
from lmstrack.serving import Served, begins, ends, serves
from lmstrack.unspoken import repeated
from lmstrack.windows import NO_WINDOW, phase_of, window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from lmstrack.episodes import Episode
    from lmstrack.events import Event
    from lmstrack.plans import Choice, Settings, Strand


def episode_obligations(
    case: str,
    episode: Episode,
    by_kind: Mapping[str, Sequence[Event]],
    said: Sequence[Event],
    results: Mapping[int, Sequence[Event]],
) -> list[Obligation]:
    """Every obligation of the plan that runs in this episode, past and open, strand by strand.

    *by_kind* holds the standing events of the case, oldest first; *said* those that only speak of obligations, and
    *results* what became known later of each line.
    """
    workflow, choice = episode.workflow, episode.choice
    if workflow is None or choice is None:
        return []
    obligations: list[Obligation] = []
    settings = workflow.settings
    held = episode.suspended is not None or episode.resumed_on is not None
    for strand in choice.plan.strands:
        if strand.selects and not possible_for(strand.selects, episode.known):
            continue
        serving = by_kind.get(strand.done_by.kind, ())
        spoken = concerning(strand, said) if said else ()
        if held or spoken:
            fold = _Fold(case, episode, choice, strand, settings, results)
            obligations += fold.over(_together(strand, serving, spoken))
        else:
            obligations += repeated(case, episode, choice, strand, settings, serving, results)
    return obligations


def _together(strand: Strand, serving: Sequence[Event], spoken: Sequence[Event]) -> Iterable[Event]:
    """What may serve the strand and what was said about it, in clinical order."""
    kind = strand.done_by.kind
    return sorted([*serving, *(event for event in spoken if event.record.kind != kind)], key=clinical_order)


class _Fold(Following):
    """Walks what concerns one strand of one episode and leaves its obligations behind."""

    def __init__(
        self,
        case: str,
        episode: Episode,
        choice: Choice,
        strand: Strand,
        settings: Settings,
        results: Mapping[int, Sequence[Event]],
    ) -> None:
        super().__init__(case, episode.course, strand, settings)
        self.plan, self.provisional, self.held_by = choice.plan.name, choice.provisional, episode.suspended
        self.episode = episode
        self.results = results
        start = episode.opened_by
        self.open = self.started(start.line, episode.since, episode.since_last, start.on, None)

    def started(
        self, occurrence: int, since: date, since_last: date, current_from: date, last_done: date | None
    ) -> Interval:
        """The interval by the phase that it starts in; without dates once the last phase is over."""
        numbered = phase_of(self.strand.phases, self.episode.anchor, since)
        if numbered is None:
            return Interval(occurrence, since, current_from, last_done, None, None, NO_WINDOW)
        number, phase = numbered
        view = window(phase, since, since_last, self.settings)
        return Interval(occurrence, since, current_from, last_done, number, phase, view)

    def over(self, events: Iterable[Event]) -> list[Obligation]:
        """The obligations that these events leave, which stand in clinical order."""
        episode, kind = self.episode, self.strand.done_by.kind
        since, until, opened = episode.since, episode.last_day, episode.opened_by
        was_held = episode.resumed_on is not None
        for event in events:
            if event.on < since:
                continue
            if until is not None and event.on > until:
                break
            if was_held:
                self._resumed(event.on)
            if event.record.kind == kind:
                self._done(event)
            elif event.record.kind in OF_ONE_OBLIGATION and event.on <= opened.on and _before(event, opened):
                if _for_good(event):
                    self.said(event)
            else:
                self.after_excuse(event.on)
                self.said(event)
        end = episode.end
        if was_held:
            self._resumed(None if end is None else end.on)
        return self.finish(None if end is None else Ending(ObligationState.CLOSED, end.on, end.line, end.because))

    def _resumed(self, on: date | None) -> None:
        """Give time to catch up once the treatment that kept the strand on hold was over; *on* None: for good."""
        resumed_on = self.episode.resumed_on
        if resumed_on is None or (on is not None and on < resumed_on):
            return
        self.after_excuse(resumed_on)  # a window that was declined and had passed by then stays as it was
        if self.open is not None and self.open.current_from <= resumed_on:
            self.open.not_before = self.settings.catch_up.after(resumed_on)

    def _done(self, event: Event) -> None:
        self.lost = False  # the patient was here, whatever it was for
        if self.open is None:
            if begins(event, self.strand.done_by.kind):
                self.open = self.started(event.line, event.on, event.last, event.on, event.on)
            return
        if self.open.excused is not None:
            self.after_excuse(event.on)
            self._accepted(event)
        if event.on == self.episode.since and event.line != self.episode.opened_by.line:
            return  # what was done on the very day that starts the clock belongs to what went before
        interval = self.open
        if ends(event):
            self.emit(interval, Ending(ObligationState.FULFILLED, event.on, event.line))
            self.open = None
            return
        served = serves(self.strand.done_by, event, self.results.get(event.line, ()))
        if served.nothing:
            return
        if served.claimed:
            interval.claimed = True
        elif served.missing:
            interval.partial = served.missing
        else:
            self._served(event, interval, served)

    def _accepted(self, event: Event) -> None:
        """What was declined for good and is done all the same, however early, is declined no longer."""
        interval = self.open
        if interval is None or interval.excused is None or not _for_good(interval.excused):
            return
        served = serves(self.strand.done_by, event, self.results.get(event.line, ()))
        if not (served.nothing or served.claimed or served.missing):
            interval.excused = None

    def _served(self, event: Event, interval: Interval, served: Served) -> None:
        if event.line == interval.occurrence:
            interval.last_done = event.on  # what opened the interval cannot fulfil it as well
            return
        counts_from = interval.view.counts_from
        if counts_from is not None and event.on < counts_from and not served.counted:
            return
        self.emit(interval, Ending(ObligationState.FULFILLED, event.on, event.line))
        once = interval.phase is None or interval.phase.once
        self.open = None if once else self.started(event.line, event.on, event.last, event.on, event.on)


def _before(event: Event, opened: Event) -> bool:
    return event.clinical_order < opened.clinical_order


def _for_good(event: Event) -> bool:
    """Whether an excuse holds for all that follow, also for what opens after it."""
    return bool(getattr(event.record, "standing", None))


def with_catch_up(obligation: Obligation, due_by: date) -> Obligation:
    """The same obligation with the time that a duty which became known late is given."""
    return obligation._replace(due_by=due_by, catch_up=True)
