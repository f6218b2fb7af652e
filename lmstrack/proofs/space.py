"""Every situation that entries can lead to, searched breadth first; two logs are one situation where no claim tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from lmstrack.episodes import ENDS_FOR_GOOD
from lmstrack.facts import SELECTORS
from lmstrack.proofs.alphabet import opening_entries, pathway_entries
from lmstrack.proofs.playing import FIRST_DAY, nothing_yet, played
from lmstrack.replay import RETURNS_FROM
from lmstrack.serving import Served, serves

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from lmstrack.facts import Facts
    from lmstrack.plans import Service
    from lmstrack.proofs.playing import Log, Played
    from lmstrack.workflow import Workflow

    #: Called with the situation before an entry and the entry as it was played.
    Seen = Callable[["Situation", Played], None]


_WHOLLY = (Served(), Served(counted=True))


@dataclass(slots=True)
class Situation:
    """What the search tells apart, with the shortest log that leads there.

    *onward* are the situations that one more entry leads to, each with whether it was made in the order of the pathway.
    """

    key: Hashable
    state: str
    log: Log
    departures: int
    onward: set[tuple[Hashable, bool]] = field(default_factory=set)


@dataclass(slots=True)
class Space:
    """All situations in the order in which they were found, the nearest first, and the number of entries tried."""

    situations: dict[Hashable, Situation]
    entries: int


def explored(workflow: Workflow, seen: Seen, enough: Callable[[], bool] = lambda: False) -> Space:
    """Try every entry in every situation, until none leads to a new one; *seen* is shown each of them.

    *enough* is asked after all logs of one length, whether the search may end before.
    """
    opening, later = opening_entries(workflow), pathway_entries(workflow)
    told_apart = ToldApart(workflow)
    start = _situation(told_apart, nothing_yet(workflow), 0)
    space = Space({start.key: start}, 0)
    layer = [start]
    while layer and not enough():
        found: dict[Hashable, Situation] = {}
        on = FIRST_DAY + timedelta(len(layer[0].log))
        records = [entry.record(on) for entry in (later if layer[0].log else (*opening, *later))]
        for here in layer:
            for record in records:
                after = played(workflow, here.log, record, on)
                if after is None:
                    continue
                space.entries += 1
                seen(here, after)
                there = _situation(told_apart, after, here.departures + len(after.departed))
                here.onward.add((there.key, not after.step.jumped))
                if there.key in space.situations:
                    continue
                nearer = found.get(there.key)
                if nearer is None or there.departures < nearer.departures:
                    found[there.key] = there
        space.situations.update(found)
        layer = list(found.values())
    return space


def _situation(told_apart: ToldApart, reached: Played, departures: int) -> Situation:
    return Situation(told_apart(reached), reached.walk.state, reached.log, departures)


class ToldApart:
    """What makes two logs different situations.

    The state, whether the disease has come back, every fact that a move selects by, for every claim whether what it
    asks for is on record now or was once, and what the team's plan departs from. A closed case is told apart by where
    it would go on and by what is on record only: who comes back goes on from there.
    """

    def __init__(self, workflow: Workflow) -> None:
        self._pathway = workflow.pathway
        self._facts: dict[str, set[object]] = {}
        for move in workflow.pathway.moves:
            for name in move.selects.keys() & SELECTORS.keys():
                self._facts.setdefault(name, set()).update(move.selects[name])
        self._wanted = [claim.without for claim in workflow.claims if claim.without is not None]
        self._departures = {rule for claim in workflow.claims for rule in claim.departures}

    def __call__(self, reached: Played) -> Hashable:
        """Equal for two logs that are one situation."""
        facts = reached.walk.facts
        facts.asked = None
        known = tuple(on_record(service, facts) for service in self._wanted)
        if self._pathway.states[reached.walk.state].final:
            return reached.walk.state, self._left(reached), known
        selected = tuple(frozenset(facts.values(name)) & listed for name, listed in self._facts.items())
        return reached.walk.state, facts.course > 1, selected, known, self._planned(reached)

    def _planned(self, reached: Played) -> frozenset[str]:
        """The rules of claims that the team departed from, which answers for the treatment that follows as well."""
        meetings = {event.line for event in reached.walk.facts.this_course("mdt")}
        given = {rule for event in reached.log if event.line in meetings for rule in event.departures}
        return frozenset(given & self._departures)

    def _left(self, reached: Played) -> str | None:
        """Where a case that was left goes on if the patient comes back, or how it was left for good."""
        for step in reversed(reached.walk.steps):
            if step.event.kind in ENDS_FOR_GOOD:
                return step.event.kind
            if step.after != step.before:
                return step.before if step.event.kind in RETURNS_FROM else step.event.kind
        return None


def on_record(service: Service, facts: Facts) -> tuple[bool, bool]:
    """Whether what a claim asks for stands in the log: in this course of disease, and in any."""
    now, ever = (
        any(serves(service, event) in _WHOLLY for event in events)
        for events in (facts.this_course(service.kind), facts.all(service.kind))
    )
    return now, ever
