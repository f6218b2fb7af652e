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
    from lmstrack.proofs.playing import Log, Played
    from lmstrack.workflow import Claim, Workflow

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


def explored(workflow: Workflow, seen: Seen) -> Space:
    """Try every entry in every situation, until none leads to a new one; *seen* is shown each of them."""
    opening, later = opening_entries(workflow), pathway_entries(workflow)
    told_apart = _Key(workflow)
    start = _situation(told_apart, nothing_yet(workflow), 0)
    space = Space({start.key: start}, 0)
    layer = [start]
    while layer:
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


def _situation(told_apart: _Key, reached: Played, departures: int) -> Situation:
    return Situation(told_apart(reached.walk.facts, reached), reached.walk.state, reached.log, departures)


class _Key:
    """What makes two logs different situations.

    The state and how a closed case was left, whether the disease has come back, every fact that a move selects by, for
    every claim whether what it asks for is on record, and what the team's plan departs from.
    """

    def __init__(self, workflow: Workflow) -> None:
        self._pathway = workflow.pathway
        self._facts: dict[str, set[object]] = {}
        for move in workflow.pathway.moves:
            for name in move.selects.keys() & SELECTORS.keys():
                self._facts.setdefault(name, set()).update(move.selects[name])
        self._claims = [claim for claim in workflow.claims if claim.without is not None]
        self._departures = {rule for claim in self._claims for rule in claim.departures}

    def __call__(self, facts: Facts, reached: Played) -> Hashable:
        facts.asked = None
        return (
            reached.walk.state,
            self._left(reached),
            facts.course > 1,
            tuple(frozenset(facts.values(name)) & listed for name, listed in self._facts.items()),
            tuple(on_record(claim, facts) for claim in self._claims),
            self._planned(reached),
        )

    def _planned(self, reached: Played) -> frozenset[str]:
        """The rules of claims that the team departed from, which answers for the treatment that follows as well."""
        meetings = {event.line for event in reached.walk.facts.this_course("mdt")}
        given = {rule for event in reached.log if event.line in meetings for rule in event.departures}
        return frozenset(given & self._departures)

    def _left(self, reached: Played) -> str | None:
        """Where a case that was left would go on if the patient came back; None where it is open, or left for good."""
        if not self._pathway.states[reached.walk.state].final:
            return None
        for step in reversed(reached.walk.steps):
            if step.event.kind in ENDS_FOR_GOOD:
                return step.event.kind
            if step.after != step.before:
                return step.before if step.event.kind in RETURNS_FROM else step.event.kind
        return None


def on_record(claim: Claim, facts: Facts) -> bool:
    """Whether what a claim asks for stands in the log: in this course of disease, or ever."""
    service = claim.without
    if service is None:
        return False
    events = facts.all(service.kind) if claim.ever else facts.this_course(service.kind)
    return any(served in _WHOLLY for served in (serves(service, event) for event in events))
