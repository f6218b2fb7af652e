"""One-off expectations: what one event asks for once, such as a report after a scan or a summary after treatment."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.following import Following, Interval, concerning
from lmstrack.obligations import Ending, Obligation, ObligationState
from lmstrack.openers import OPENERS, Opened, View, after_event, during_state
from lmstrack.plans import possible_for
from lmstrack.records import Excuse, Result
from lmstrack.spells import Spell, spells_of
from lmstrack.unspoken import obligation_of
from lmstrack.windows import counted_at_once, dated_window, phase_of, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
    from datetime import date

    from lmstrack.episodes import Course, End
    from lmstrack.events import Event
    from lmstrack.plans import Phase, Settings, Strand
    from lmstrack.replay import Step
    from lmstrack.windows import Window
    from lmstrack.workflow import Workflow

    _Finds = Callable[[View, Strand], Iterator[Opened]]


_FULFILLED, _CLOSED = ObligationState.FULFILLED, ObligationState.CLOSED  # an enumeration is slow to look into


class _Looked(NamedTuple):
    """What one look through the whole log found.

    Its events by kind, what is known that selects plans, what became known later of each line, the first referral, and
    the stretches that the case spent in each state.
    """

    by_kind: Mapping[str, Sequence[Event]]
    known: Mapping[str, object]
    results: Mapping[int, Sequence[Event]]
    referred_on: date | None
    spells: Mapping[str, Sequence[Spell]]


def looked_through(
    by_kind: Mapping[str, Sequence[Event]], known: Mapping[str, object], steps: Iterable[Step]
) -> _Looked:
    """The results of each earlier line, oldest first, the day of the first referral, and the states passed through."""
    results: dict[int, list[Event]] = {}
    for event in by_kind.get("result", ()):
        if isinstance(event.record, Result):
            results.setdefault(event.record.line, []).append(event)
    referrals = by_kind.get("referral")
    return _Looked(by_kind, known, results, referrals[0].on if referrals else None, spells_of(steps))


def expected_obligations(
    case: str,
    courses: Sequence[Course],
    workflow: Workflow,
    looked_at: _Looked,
    said: Sequence[Event],
    planned: Set[tuple[int, str]],
) -> list[Obligation]:
    """The one-off obligations of every course, past and open; *said* is what was said about any of them.

    *planned* are the courses and strands that a plan follows already: they are asked for once and not twice.
    """
    obligations: list[Obligation] = []
    settings = workflow.settings
    views = [_view(place, courses, looked_at, settings) for place in range(len(courses))]
    # A scan of the earlier course still wants its report after the tumour came back.
    of_results = views if len(courses) == 1 else [view._replace(end=courses[-1].end) for view in views]
    kinds, passed = frozenset(looked_at.by_kind), frozenset(looked_at.spells)
    for strand, found in _openers(workflow, kinds, passed, _days_told(workflow, looked_at)):
        if strand.selects and not possible_for(strand.selects, looked_at.known):
            continue
        spoken: Sequence[Event] = concerning(strand, said) if said else ()
        used: set[int] = set()
        for view in views if strand.group != "result" else of_results:
            number = view.course.number
            if (number, strand.name) in planned:
                continue
            for opened in found(view, strand):
                phase = opened.phase(strand)
                due = opened.window(phase, settings)
                if due is None:
                    continue
                by, ending = opened.by, _ending(opened, view.end)
                if spoken:
                    obligations += _Expectation(case, view, strand, opened, phase, due, used).over(spoken, ending)
                else:
                    since = opened.starts_on
                    obligations.append(
                        obligation_of(
                            case, number, strand, None, False, by.line, since, by.on, None, None, phase, due, ending
                        )
                    )
    return obligations


def _ending(opened: Opened, end: End | None) -> Ending | None:
    """How what was opened ended: done or overtaken, else with the course; None while it is open."""
    ended_by = opened.ended_by
    if ended_by is not None:
        on = max(opened.ended_on or ended_by.on, opened.by.on)
        state = _CLOSED if opened.overtaken else _FULFILLED
        return Ending(state, on, ended_by.line, opened.overtaken)
    return None if end is None else Ending(_CLOSED, end.on, end.line, end.because)


@lru_cache(maxsize=4096)  # most logs hold the kinds of event that many others hold
def _openers(
    workflow: Workflow, kinds: frozenset[str], passed: frozenset[str], told: frozenset[tuple[str, str]]
) -> tuple[tuple[Strand, _Finds], ...]:
    """The one-off strands that something on record may have opened, each with what finds where it was."""
    openers = ((strand, _opener(strand, kinds, passed, told)) for strand in workflow.expectations)
    return tuple((strand, found) for strand, found in openers if found is not None)


def _opener(strand: Strand, kinds: Set[str], passed: Set[str], told: Set[tuple[str, str]]) -> _Finds | None:
    """What finds where a strand was opened; None where nothing on record can have."""
    opening = strand.opening
    if opening is None:
        needed, found = OPENERS[strand.opened_by or ""]
        return None if kinds.isdisjoint(needed) else found
    if opening.during is not None:
        return during_state if opening.during in passed else None
    if not opening.from_any_day and told.isdisjoint(product(opening.kinds, opening.told_days)):
        return None
    return None if kinds.isdisjoint(opening.kinds) else after_event


@lru_cache(maxsize=64)
def _days_wanted(workflow: Workflow) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The days, by kind of event, without which a clock cannot start."""
    openings = [strand.opening for strand in workflow.expectations if strand.opening is not None]
    wanted: dict[str, dict[str, None]] = {}
    for opening in openings:
        for kind in () if opening.from_any_day else opening.kinds:
            wanted.setdefault(kind, {}).update(dict.fromkeys(opening.told_days))
    return tuple((kind, tuple(days)) for kind, days in wanted.items())


def _days_told(workflow: Workflow, looked_at: _Looked) -> frozenset[tuple[str, str]]:
    """Those of them that are told of any event; all where results are on record, each of which may tell one."""
    wanted, log = _days_wanted(workflow), looked_at.by_kind
    if looked_at.results:
        return frozenset([(kind, day) for kind, days in wanted for day in days])
    told = set()
    for kind, days in wanted:
        for event in log.get(kind, ()):
            held = event.record.__dict__
            for day in days:
                if held.get(day) is not None:
                    told.add((kind, day))
    return frozenset(told)


def _view(place: int, courses: Sequence[Course], looked_at: _Looked, settings: Settings) -> View:
    """A course as the openers look at it."""
    log, _, results, referred_on, spells = looked_at
    course = courses[place]
    if len(courses) == 1:
        return View(course, settings, results, referred_on, log, log, spells, course.end, None)
    by_kind: dict[str, list[Event]] = {}
    for event in course.events:
        by_kind.setdefault(event.record.kind, []).append(event)
    end = course.end
    following = courses[place + 1].events if place + 1 < len(courses) and end is not None else ()
    ended_by = next((event for event in following if end is not None and event.line == end.line), None)
    return View(course, settings, results, referred_on, by_kind, log, spells, end, ended_by)


class _Expectation(Following):
    """Follows what one event opened until it is done; what concerns the patient is asked for again once excused.

    *used* are the lines of excuses that an earlier opening of the strand has taken: one excuse excuses one duty.
    """

    def __init__(
        self,
        case: str,
        view: View,
        strand: Strand,
        opened: Opened,
        phase: Phase | None,
        due: Window,
        used: set[int],
    ) -> None:
        super().__init__(case, view.course.number, strand, view.settings)
        self.opened = opened
        self.used = used
        self.asked_again = strand.group != "result"  # a report that nobody will write does not become due again
        self.open = Interval(opened.by.line, opened.starts_on, opened.by.on, None, None, phase, due)

    def _phase(self, since: date) -> Phase | None:
        numbered = phase_of(self.strand.phases, since, since)
        return None if numbered is None else numbered[1]

    def started(
        self, occurrence: int, since: date, since_last: date, current_from: date, last_done: date | None
    ) -> Interval:
        """The interval after one that was excused: by its phase, else as long as a review by the settings takes."""
        phase = self._phase(since)
        if phase is None:
            due = dated_window(since, self.settings.treatment_review.after(since), self.settings)
        else:
            due = window(phase, since, since_last, self.settings)
        return Interval(occurrence, since, current_from, last_done, None, phase, counted_at_once(due, since))

    def over(self, spoken: Sequence[Event], ending: Ending | None) -> list[Obligation]:
        """The obligations that are left, once what was said while it was open is heard."""
        opener = self.opened.by
        for event in spoken:
            if event.clinical_order <= opener.clinical_order:
                continue
            if ending is not None and event.on > ending.on:
                break
            self.after_excuse(event.on)
            if self._concerns(event):
                self.said(event)
        return self.finish(ending)

    def _concerns(self, event: Event) -> bool:
        """Whether an excuse that names no occurrence is still free: the duty that opened first takes it."""
        if not isinstance(event.record, Excuse) or event.record.occurrence is not None:
            return True
        free = event.line not in self.used
        self.used.add(event.line)
        return free
