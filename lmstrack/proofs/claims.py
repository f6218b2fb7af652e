"""The claims of a workflow file, each with what the search found: what it spoke of, or the shortest way around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lmstrack.facts import is_history
from lmstrack.proofs.duties import without_duty
from lmstrack.proofs.playing import story
from lmstrack.proofs.space import explored, on_record

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from lmstrack.proofs.playing import Log, Played
    from lmstrack.proofs.space import Situation, Space
    from lmstrack.workflow import Claim, Workflow


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one claim.

    *situations* were looked at, and *entries* tried in them. *spoken_of* counts the entries, or the situations, that
    the claim is about, and *excepted* those of them that one of its exceptions let pass. *story* is the shortest way
    around it, a line an entry; empty where it holds, and where it speaks of nothing at all, which proves nothing.
    """

    claim: Claim
    situations: int
    entries: int
    spoken_of: int
    excepted: int = 0
    story: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing that was tried is against it, and it spoke of something."""
        return self.spoken_of > 0 and not self.story


@lru_cache(maxsize=4)  # a workflow never changes, and the search takes seconds
def proved(workflow: Workflow) -> tuple[Proof, ...]:
    """Every claim of the file, in its order, with what the search found."""
    if not workflow.claims:
        return ()
    watches = [Watch(claim, workflow) for claim in workflow.claims if claim.kind == "never"]

    def seen(before: Situation, after: Played) -> None:
        for watch in watches:
            watch(before, after)

    def refuted() -> bool:
        return len(watches) == len(workflow.claims) and all(watch.against is not None for watch in watches)

    space = explored(workflow, seen, refuted)
    watched = {watch.claim.name: watch for watch in watches}
    return tuple(_proof(claim, workflow, space, watched) for claim in workflow.claims)


def _proof(claim: Claim, workflow: Workflow, space: Space, watched: Mapping[str, Watch]) -> Proof:
    situations, entries = len(space.situations), space.entries
    if claim.kind == "never":
        watch = watched[claim.name]
        told = () if watch.against is None else story(workflow, watch.against.log)
        return Proof(claim, situations, entries, watch.spoken_of, watch.excepted, told)
    if claim.kind == "owed":
        logs = [each.log for each in space.situations.values() if each.log and each.state in claim.during]
        found = without_duty(workflow, claim.during, logs)
        told = () if found.against is None else story(workflow, found.against)
        return Proof(claim, found.situations, found.entries, found.situations, 0, told)
    open_states = {name for name, state in workflow.pathway.states.items() if not state.final}
    trapped, asked = _trapped(space, open_states)
    return Proof(claim, situations, entries, asked, 0, () if trapped is None else story(workflow, trapped))


class Watch:
    """Looks at every entry that the search tries, for one claim that something never happens."""

    def __init__(self, claim: Claim, workflow: Workflow) -> None:
        self.claim = claim
        self.spoken_of = self.excepted = 0
        self.against: Played | None = None
        self._departures = 0
        self._pathway = workflow.pathway
        self._excepted = set(claim.departures)

    def __call__(self, before: Situation, after: Played) -> None:
        """Look at one entry, and keep it where it is the nearest way around the claim."""
        step, claim = after.step, self.claim
        if step.event.kind not in claim.by or is_history(step.event, after.walk.facts.referred_on()):
            return
        self.spoken_of += 1
        if claim.without is not None and on_record(claim.without, after.walk.facts)[claim.ever]:
            return
        if self._move(after) in claim.moves or not self._excepted.isdisjoint(after.answered()):
            self.excepted += 1
            return
        departures = before.departures + len(after.departed)
        nearest = self.against
        if nearest is None or (len(after.log), departures) < (len(nearest.log), self._departures):
            self.against, self._departures = after, departures

    def _move(self, after: Played) -> str:
        """The name of the move that was made or, where the state stays, whose rules were asked all the same."""
        step, facts = after.step, after.walk.facts
        if step.move is not None:
            return step.move.name
        facts.asked = step.event
        asked = self._pathway.home(step.event.kind, facts)
        facts.asked = None
        return "" if asked is None else asked.name


def _trapped(space: Space, open_states: set[str]) -> tuple[Log | None, int]:
    """The nearest situation from which the order of the pathway leads to no other open state; None without one.

    Also the number of situations that were asked about.
    """
    asked = {key: each for key, each in space.situations.items() if each.state in open_states}
    free = {key for key, each in asked.items() if _leaves(each, asked)}
    stays: dict[Hashable, list[Hashable]] = {}
    for key, each in asked.items():
        for there, in_order in each.onward:
            if in_order and there in asked:
                stays.setdefault(there, []).append(key)
    waiting: list[Hashable] = list(free)
    while waiting:
        for key in stays.get(waiting.pop(), ()):
            if key not in free:
                free.add(key)
                waiting.append(key)
    return next((each.log for key, each in asked.items() if key not in free), None), len(asked)


def _leaves(here: Situation, asked: Mapping[Hashable, Situation]) -> bool:
    ahead: Iterable[Situation] = (asked[there] for there, in_order in here.onward if in_order and there in asked)
    return any(there.state != here.state for there in ahead)
