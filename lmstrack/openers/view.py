"""One course of disease as the openers look at it, and what they find: something that is owed, and until when."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.events import clinical_order
from lmstrack.facts import is_history
from lmstrack.serving import wholly
from lmstrack.windows import Window, counted_at_once, dated_window, phase_of, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from lmstrack.episodes import Course, End
    from lmstrack.events import Event
    from lmstrack.plans import Phase, Service, Settings, Strand
    from lmstrack.spells import Spell

TREATMENTS = frozenset({"surgery", "radiotherapy", "systemic"})
NOTHING: Sequence[Event] = ()


class Opened(NamedTuple):
    """What an event opened: until when it is due, if the record says so, and the event that ended it.

    *ended_on* is the day that counts where it is not that of *ended_by*. *review* marks what can be done too early: a
    first part of the time has to pass before anything counts. *since* is the day that the clock starts on where it is
    not that of *by*. *overtaken* says in words why it ended without being done; empty where it was done.
    """

    by: Event
    review_on: date | None = None
    ended_by: Event | None = None
    ended_on: date | None = None
    review: bool = False
    since: date | None = None
    overtaken: str = ""

    @property
    def starts_on(self) -> date:
        """The day that the clock starts on, the earliest where only its month or year is known."""
        return self.by.on if self.since is None else self.since

    def phase(self, strand: Strand) -> Phase | None:
        """The phase that it is due by; None where the record names the day, or the strand is no longer asked for."""
        if strand.always is not None:
            return strand.always
        start = self.starts_on
        numbered = phase_of(strand.phases, start, start)
        return None if numbered is None else numbered[1]

    def window(self, phase: Phase | None, settings: Settings) -> Window | None:
        """When it is due; None where the strand is no longer asked for."""
        opener, since = self.by, self.since
        if self.review_on is not None:
            due = dated_window(opener.on, self.review_on, settings)
        elif phase is None:
            return None
        elif since is None:
            due = window(phase, opener.on, opener.last, settings)
        else:
            due = window(phase, since, since, settings)
        return due if self.review or due.counts_from == opener.on else counted_at_once(due, opener.on)


# Made by the dozen for every case, and by its own class in twice the time.
_opened: Callable[[tuple[object, ...]], Opened] = partial(tuple.__new__, Opened)


def opened(
    by: Event, since: date | None, ended_by: Event | None = None, ended_on: date | None = None, overtaken: str = ""
) -> Opened:
    """What an event opened, where the record names no day for it."""
    return _opened((by, None, ended_by, ended_on, False, since, overtaken))


class View(NamedTuple):
    """One course as the openers look at it, for what is owed until it ends, or for results until the last one ends.

    *by_kind* holds its events, *log* those of the whole case, *results* what became known later of each line. *spells*
    are the stretches that the case spent in each state. *end* is when they stop being owed, None while they are, and
    *ended_by* the event that ended the course where that belongs to the next one.
    """

    course: Course
    settings: Settings
    results: Mapping[int, Sequence[Event]]
    referred_on: date | None
    by_kind: Mapping[str, Sequence[Event]]
    log: Mapping[str, Sequence[Event]]
    spells: Mapping[str, Sequence[Spell]]
    end: End | None
    ended_by: Event | None

    def treats(self, event: Event) -> bool:
        """Whether an event is treatment given here; how the patient came in is none."""
        return event.record.kind in TREATMENTS and not self.history(event)

    def history(self, event: Event) -> bool:
        """Whether an event only tells how the patient came in, which operations alone can."""
        return event.record.kind == "surgery" and is_history(event, self.referred_on)

    def of_kind(self, kind: str) -> Sequence[Event]:
        """The events of the course that are of this kind, oldest first."""
        return self.by_kind.get(kind, NOTHING)

    def of_kinds(self, kinds: Iterable[str]) -> Sequence[Event]:
        """The events of the course that are of one of these kinds, in clinical order."""
        found = [event for kind in kinds if kind in self.by_kind for event in self.by_kind[kind]]
        if len(found) > 1:
            found.sort(key=clinical_order)
        return found

    def serves(self, event: Event, service: Service) -> bool:
        """Whether an event does wholly what a service asks for."""
        return wholly(service, event, self.results.get(event.line, NOTHING) if self.results else NOTHING)

    def first_after(self, opener: Event, wanted: Callable[[Event], bool]) -> Event | None:
        """The first event of the course after *opener* that is *wanted*."""
        order = opener.clinical_order
        return next((event for event in self.course.events if event.clinical_order > order and wanted(event)), None)

    def day(self, event: Event, names: Sequence[str]) -> tuple[date, Event] | None:
        """The first of these days that is known of an event, and the line that tells it; None where none is.

        What a later result tells counts as if the event itself told it, but never later than it was entered under:
        lists of the days before could not know it.
        """
        stated: date | None
        for name in names:
            if name == "on":
                return event.on, event
            stated = event.record.__dict__.get(name)
            if stated is not None:
                return stated, event
            for result in self.results.get(event.line, NOTHING) if self.results else NOTHING:
                told: date | None = result.record.__dict__.get(name)
                if told is not None:
                    return min(told, result.on), result
        return None
