"""Courses of disease and the stretches of care within them, from which the schedule is derived."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from lmstrack.facts import SELECTORS
from lmstrack.plans import Choice, chosen_plan
from lmstrack.records import Radiotherapy, Systemic, TreatmentCompleted

if TYPE_CHECKING:
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.facts import Facts
    from lmstrack.replay import Step
    from lmstrack.workflow import Workflow

#: The facts that may select a plan.
SELECTING = ("disease", "site_group", "schedule_grade")
#: These close a case for good, also one that had been left before.
ENDS_FOR_GOOD = frozenset({"death", "not_lms"})
#: How a case is left, in words, by the kind of event.
LEAVES = {
    "death": "died",
    "transfer": "transferred",
    "discharge": "discharged",
    "not_lms": "not leiomyosarcoma",
}
_TREATMENTS = frozenset({"surgery", "radiotherapy", "systemic"})
#: How a course of disease ends when the tumour comes back.
SUPERSEDED = "superseded by recurrence"


@dataclass(frozen=True, slots=True)
class End:
    """When a stretch of care ended, by which line, and why in words."""

    on: date
    line: int
    because: str


@dataclass(slots=True)
class Episode:
    """A stretch of care in which one plan runs: surveillance after treatment, or systemic care.

    *opened_by* is the line that the first occurrence of every strand is named after. The anchor, which starts the
    years, is a range where its date is partial. *since* is where the first interval starts, normally the anchor.
    *known* holds the facts that select the plan, None where not known; *choice* is None where none fits. *suspended* is
    what put the strands on hold, a treatment or the word that one follows, None while they run; *resumed_on* the day
    they last ran on after one. *served_until* is where the next episode's clock starts, from which on what is done
    counts there. *line* is the line of systemic treatment, None where not known or none is given.
    """

    course: int
    during: str
    opened_by: Event
    anchor: date
    anchor_last: date
    since: date
    since_last: date
    known: dict[str, object] = field(default_factory=dict)
    end: End | None = None
    suspended: Event | None = None
    workflow: Workflow | None = None
    choice: Choice | None = None
    served_until: date | None = None
    resumed_on: date | None = None
    line: str | None = None

    @property
    def last_day(self) -> date | None:
        """The last day on which something done counts here; None without end."""
        if self.end is None:
            return None
        return self.end.on if self.served_until is None else min(self.end.on, self.served_until)

    def resume(self, on: date) -> None:
        """The treatment that put the strands on hold is over, and left the anchor as it was."""
        if self.suspended is not None:
            self.suspended, self.resumed_on = None, on

    def settle(self, facts: Facts, workflow: Workflow, before: date | None = None) -> None:
        """Choose the plan by what is known now; the last time this is called is what counts.

        *before* is the day of the recurrence that ends the course: what it says of the disease is of the next one.
        """
        self.known = selecting(facts)
        if before is not None:
            self.known["disease"] = facts.disease_before(before)
        self.workflow = workflow
        self.choice = _chosen(workflow, self.during, *self.known.values())


@dataclass(slots=True)
class Course:
    """One course of disease: its events from *start* on, its episodes, and when it ended; None while it is open.

    *left* is why the patient is no longer followed here, in words; it may become known after the course ended.
    """

    number: int
    start: date | None
    events: list[Event] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    end: End | None = None
    left: str | None = None


class Episodes:
    """Gathers courses and episodes as the replay goes along."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._courses = [Course(1, None)]
        self._open: dict[str, Episode] = {}

    def after(self, step: Step, facts: Facts) -> None:
        """Note what one step of the walk opens, suspends or ends."""
        event, before, after, number = step.event, step.before, step.after, step.course
        kind = event.record.kind
        course = self._courses[-1]
        if number > course.number:
            self._leave(facts, End(event.on, event.line, SUPERSEDED), before=event.on)
            course = Course(number, event.on, _of_the_day(course, event.on))
            self._courses.append(course)
        elif course.end is not None and before != "closed" and after != "closed":
            self._come_back(course, step)
        course.events.append(event)
        if after == "closed":
            if before != "closed":
                course.left = LEAVES[kind]
                self._leave(facts, End(event.on, event.line, course.left))
                return
            if kind in ENDS_FOR_GOOD:
                course.left = LEAVES[kind]
                return
        if kind == "treatment_completed":
            self._treatment_completed(step, facts)
        elif kind in _TREATMENTS and step.move is not None:
            self._treated(step, facts)

    def adopt(self, workflow: Workflow) -> None:
        """From here on another workflow decides; it also takes over what is open."""
        self._workflow = workflow

    def finished(self, facts: Facts) -> list[Course]:
        """The courses, once the walk is over; what is open keeps what is known now."""
        for episode in self._open.values():
            episode.settle(facts, self._workflow)
        return self._courses

    def _treatment_completed(self, step: Step, facts: Facts) -> None:
        event = step.event
        record = event.record
        palliative = isinstance(record, TreatmentCompleted) and record.next == "palliative_care"
        if step.after == "surveillance":
            ended = End(event.on, event.line, "a new summary of treatment")
            self._end("systemic_care", facts, ended)
            anchor = _anchor(self._courses, event)
            running = self._open.get("surveillance")
            if running is not None and (running.suspended is None or anchor.on <= running.since):
                running.resume(event.on)  # nothing was done in between that a new clock could start from
                return
            self._end("surveillance", facts, ended)
            earlier = [each for each in self._courses[-1].episodes if each.during == "surveillance"]
            # Where no treatment came after an earlier clock started, the next interval starts today.
            since = event if earlier and anchor.on <= earlier[-1].since else anchor
            if earlier:
                earlier[-1].served_until = since.on
            self._begin(Episode(step.course, "surveillance", event, anchor.on, anchor.last, since.on, since.last))
        elif palliative:
            ended = End(event.on, event.line, "palliative care")
            self._end("surveillance", facts, ended)
            self._end("systemic_care", facts, ended)
        else:
            self._hold_surveillance(event)

    def _hold_surveillance(self, event: Event) -> None:
        surveillance = self._open.get("surveillance")
        if surveillance is not None and surveillance.suspended is None and event.on >= surveillance.opened_by.on:
            surveillance.suspended = event

    def _treated(self, step: Step, facts: Facts) -> None:
        event = step.event
        self._hold_surveillance(event)
        if step.after != "systemic_care":
            self._end("systemic_care", facts, End(event.on, event.line, "another treatment"))
        elif isinstance(event.record, Systemic):
            running = self._open.get("systemic_care")
            line = event.record.line
            if running is not None and running.line == line:
                return
            self._end("systemic_care", facts, End(event.on, event.line, "a new line of treatment"))
            begun = Episode(step.course, "systemic_care", event, event.on, event.last, event.on, event.last, line=line)
            self._begin(begun)

    def _begin(self, episode: Episode) -> None:
        self._open[episode.during] = episode
        self._courses[-1].episodes.append(episode)

    def _end(self, during: str, facts: Facts, end: End, before: date | None = None) -> None:
        episode = self._open.pop(during, None)
        if episode is not None:
            episode.end = end
            episode.settle(facts, self._workflow, before)

    def _leave(self, facts: Facts, end: End, before: date | None = None) -> None:
        course = self._courses[-1]
        course.end = course.end or end  # who had left before the tumour came back was not followed in between
        for during in tuple(self._open):
            self._end(during, facts, end, before)

    def _come_back(self, course: Course, step: Step) -> None:
        """A patient who returns after a transfer or discharge goes on where they were, counted from that day."""
        event, ended = step.event, course.end
        course.end = course.left = None
        for episode in [episode for episode in course.episodes if episode.end == ended]:
            if _begins_anew(step, episode):
                continue
            self._begin(
                Episode(
                    episode.course,
                    episode.during,
                    event,
                    episode.anchor,
                    episode.anchor_last,
                    event.on,
                    event.last,
                    suspended=episode.suspended,
                    line=episode.line,
                )
            )


def _begins_anew(step: Step, episode: Episode) -> bool:
    """Whether the event with which a patient returns opens a stretch of care itself, in the place of this one."""
    record = step.event.record
    if isinstance(record, TreatmentCompleted):
        return episode.during == step.after == "surveillance"
    return isinstance(record, Systemic) and episode.during == "systemic_care" and episode.line != record.line


def _of_the_day(course: Course, day: date) -> list[Event]:
    """Take the events of the day on which a new course begins out of the old one: they belong to the new."""
    place = len(course.events)
    while place > 0 and course.events[place - 1].on >= day:
        place -= 1
    moved = course.events[place:]
    del course.events[place:]
    return moved


def selecting(facts: Facts) -> dict[str, object]:
    """The facts that may select a plan, None where not known."""
    return {name: SELECTORS[name](facts) for name in SELECTING}


@lru_cache(maxsize=1024)  # there are only so many values of these facts
def _chosen(workflow: Workflow, during: str, *known: object) -> Choice | None:
    return chosen_plan(workflow.plans, during, dict(zip(SELECTING, known, strict=True)))


def _anchor(courses: list[Course], completed: Event) -> Event:
    """The day that starts the clock: the last treatment of this course, else the summary itself (protocol gap P1)."""
    treated = [event for event in courses[-1].events if event.record.kind in _TREATMENTS]
    treatments = [event for event in treated if sets_the_anchor(event) and event.on <= completed.on]
    return max(treatments, key=lambda event: (event.last, event.on), default=completed)


def sets_the_anchor(event: Event) -> bool:
    """Whether an event is treatment that surveillance can be counted from."""
    record = event.record
    kind = record.kind  # its name is asked first: most events are neither, and to ask for their class is slow
    if kind == "radiotherapy":
        return isinstance(record, Radiotherapy) and record.timing != "palliative"
    if kind == "systemic":
        return isinstance(record, Systemic) and record.line in {"neoadjuvant", "adjuvant"}
    return kind == "surgery"
