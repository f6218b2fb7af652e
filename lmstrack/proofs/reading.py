"""What the strict reading of a file has already held against it, in words and with how much there was."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.proofs.boundaries import tiled
from lmstrack.workflow.fields import FACT_VALUES, NEVER_UNKNOWN, PLAN_FACTS

if TYPE_CHECKING:
    from lmstrack.workflow import Workflow


class Checked(NamedTuple):
    """One thing that was checked: what holds, of how many, and what is against it, empty where nothing is."""

    name: str
    says: str
    number: int
    against: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing is against it."""
        return not self.against


def checked(workflow: Workflow) -> tuple[Checked, ...]:
    """What holds in a file that could be read; a file in which any of it does not hold is refused with its faults."""
    pathway, plans = workflow.pathway, workflow.plans
    steps = sum(len(move.origins) for move in pathway.moves)
    combinations = prod(len(FACT_VALUES[name]) + (name not in NEVER_UNKNOWN) for name in PLAN_FACTS)
    during = len({plan.during for plan in plans})
    judged = sum(rule.check is not None for rule in workflow.rules.values())
    tiling = tiled(workflow)
    names = "Every check, parameter, field, value, state, rule and source that is named exists."
    rules = f"Each is cited; {judged} are judged by a check that a move asks, the rest schedule."
    states = "Each can be reached from the first, and from each a final one."
    moves = "Each is the one chosen, from each of its states, for some values of its fields."
    chosen = "Each is chosen for some patient, each strand runs for some, and no patient is without one."
    phases = "Of the days on both sides of every boundary each belongs to exactly one phase."
    return (
        Checked("names", names, 0),
        Checked("rules", rules, len(workflow.rules)),
        Checked("states", states, len(pathway.states)),
        Checked("moves", moves, steps),
        Checked("plans", chosen, combinations * during),
        Checked("phases", phases, tiling.days, tiling.against),
    )
