"""Entries played against a workflow by the replay itself: what passes, what is refused, and with which departures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from lmstrack.dates import short
from lmstrack.events import Event
from lmstrack.plausible import impossible
from lmstrack.records import CONCERNS_TWO_CASES, Departure, described, read_person
from lmstrack.replay import replay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.records import Record
    from lmstrack.replay import Step, Walk
    from lmstrack.workflow import Workflow

Log = tuple[Event, ...]

#: The day of the first entry of every story; each later entry has a day of its own.
FIRST_DAY = date(2026, 1, 5)
PATIENT = read_person({"born": "1970-01-01"})
_ENTERED_AT = datetime(2026, 1, 5, tzinfo=UTC)
_ANSWERED = Departure(because="as the search wants it", agreed_by="a clinician")


@dataclass(frozen=True, slots=True)
class Played:
    """A log with one more entry, as the replay sees it.

    *departed* are the rules that refused the entry; it was recorded all the same, with a departure from each.
    """

    log: Log
    walk: Walk
    departed: tuple[str, ...] = ()

    @property
    def step(self) -> Step:
        """What the last entry did."""
        return self.walk.steps[-1]

    def answered(self) -> set[str]:
        """The rules that the last entry departs from, or that the team had departed from in the plan it carries out."""
        return {finding.rule for finding in self.step.findings() if finding.departure is not None} | set(self.departed)


def nothing_yet(workflow: Workflow) -> Played:
    """A case of which nothing is recorded."""
    return Played((), replay(PATIENT, (), {workflow.name: workflow}, workflow))


def played(workflow: Workflow, log: Log, record: Record, on: date) -> Played | None:
    """The log with one more entry, whatever the rules say of it; None where it cannot have happened.

    A rule that refuses it is departed from, with a clinician who answers for it: nothing is refused for good.
    """
    event = entry_of(workflow, log, record, on)
    if event is None:
        return None
    walk = replay(PATIENT, (*log, event), {workflow.name: workflow}, workflow)
    departed = refused_by(walk.steps[-1])
    return Played((*log, despite(event, departed)), walk, departed)


def entry_of(workflow: Workflow, log: Log, record: Record, on: date) -> Event | None:
    """The next line of a log; None where it cannot have happened, or takes a second case."""
    if record.kind in CONCERNS_TWO_CASES:
        return None
    event = Event(
        case="",
        line=len(log) + 1,
        on=on,
        record=record,
        recorded_at=_ENTERED_AT,
        recorded_by="",
        workflow=None if log else workflow.name,
    )
    return event if impossible(PATIENT, log, event, on) is None else None


def refused_by(step: Step) -> tuple[str, ...]:
    """The rules that refuse the entry of a step, each once."""
    return tuple(dict.fromkeys(finding.rule for finding in step.findings() if finding.refuses))


def despite(event: Event, rules: tuple[str, ...]) -> Event:
    """The entry with a departure from each of these rules."""
    return replace(event, departures=dict.fromkeys(rules, _ANSWERED)) if rules else event


def story(workflow: Workflow, log: Log) -> tuple[str, ...]:
    """A log in the ward's words: a line an entry, with what was departed from and where it led."""
    return tuple(_told(workflow, log))


def _told(workflow: Workflow, log: Log) -> Iterator[str]:
    walk = replay(PATIENT, log, {workflow.name: workflow}, workflow)
    for step in walk.steps:
        said = f"{short(step.event.on)}: {described(step.event.record)}"
        if step.event.departures:
            said += f", despite {', '.join(step.event.departures)}"
        if step.after != step.before:
            said += f"; now {step.after}"
        yield said
