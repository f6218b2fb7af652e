"""What became of every statement of the sources: nothing that they say may be forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.rules import Rule
from lmstrack.statements import RecordedFields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lmstrack.pathway import Move
    from lmstrack.plans import Strand
    from lmstrack.workflow import Workflow

MISSING = "missing"
_SCHEDULES = "plan or strand"
_SHOWN_BY_STORIES = ("rule", _SCHEDULES)

_TOLD = re.compile(r"^- story: *(?P<title>.+?)\s*$", re.MULTILINE)
_NAMED = re.compile(r"\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b")
#: What a story says of strands: what is due, done, closed, or not due any more; and the plan that it names.
_OF_STRANDS = re.compile(r"^  (?:due|done|closed|nothing due):(.*(?:\n    .*)*)", re.MULTILINE)
_STRAND = re.compile(r"(?<![\w-])(?P<name>[a-z][a-z_]*)(?:: *\{(?P<told>[^{}]*)\}?|(?=[,\]]))")
_PLAN = re.compile(r"\bplan: *(?P<plan>[a-z_]+)")
_PHASE = re.compile(r"\bphase: *(?P<phase>[0-9]+)")


class Story(NamedTuple):
    """A story of the tests: its sentence, and the file that tells it."""

    title: str
    file: str


@dataclass(frozen=True, slots=True)
class Covered:
    """One statement: what it *became*, under which id, *where* it is asked or shown, and the stories that show it.

    *number* is the id of the rule, fields or note that stands for it, None where there is none, which is MISSING.
    """

    statement: str
    number: str | None
    became: str
    where: tuple[str, ...] = ()
    stories: tuple[Story, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether nothing stands for the statement, or a rule, a plan or a strand that no story shows."""
        return self.became == MISSING or (self.became.startswith(_SHOWN_BY_STORIES) and not self.stories)


def coverage(workflow: Workflow, stories: Mapping[str, tuple[Story, ...]]) -> tuple[Covered, ...]:
    """Every statement of the sources in their order, then what this workflow adds of its own.

    *stories* are those that show an id, as `stories_by_statement` finds them.
    """
    numbers = {**workflow.rules, **workflow.fields, **workflow.notes}
    own = [name for name in numbers if name not in set(workflow.statements)]
    return tuple(_covered(workflow, statement, stories) for statement in (*workflow.statements, *own))


def stories_by_statement(told: Mapping[str, str], workflow: Workflow) -> dict[str, tuple[Story, ...]]:
    """The stories that show each id, from the texts of their files by name.

    A story shows the ids that it names, and those of the strands of which it says that something is due, done, closed
    or not due. A strand that runs by another rule in another plan is shown where the story names the plan.
    """
    strands = _Strands(workflow)
    found: dict[str, dict[Story, None]] = {}
    for file, text in told.items():
        begins = list(_TOLD.finditer(text))
        for begin, end in zip(begins, [*(each.start() for each in begins[1:]), len(text)], strict=True):
            story = Story(begin["title"].strip("'\""), file)
            said = text[begin.start() : end]
            for name in (*_NAMED.findall(said), *strands.rules_shown(said)):
                found.setdefault(name, {})[story] = None
    return {name: tuple(stories) for name, stories in found.items()}


class _Strands:
    """The strands of a workflow by their names, each with the plan that it stands in, None for an expectation."""

    def __init__(self, workflow: Workflow) -> None:
        self._named: dict[str, list[tuple[str | None, Strand]]] = {}
        planned = [(plan.name, strand) for plan in workflow.plans for strand in plan.strands]
        for plan, strand in (*planned, *((None, each) for each in workflow.expectations)):
            self._named.setdefault(strand.name, []).append((plan, strand))

    def rules_shown(self, story: str) -> Iterator[str]:
        """The rules of the strands that a story says something of."""
        plans = set(_PLAN.findall(story))
        for part in _OF_STRANDS.findall(story):
            for about in _STRAND.finditer(part):
                yield from self._rules(about["name"], about["told"] or "", plans)

    def _rules(self, name: str, told: str, plans: set[str]) -> Iterator[str]:
        meant = set(_PLAN.findall(told)) or plans
        owners = self._named.get(name, ())
        chosen = [strand for plan, strand in owners if plan in meant] or [strand for _, strand in owners]
        rules = {strand.rule for strand in chosen}
        if len(rules) != 1:
            return  # which of them the story shows is known to whoever runs it only
        yield from rules
        for number in map(int, _PHASE.findall(told)):
            asked = {strand.phases[number - 1].rule for strand in chosen if 0 < number <= len(strand.phases)}
            yield from (rule for rule in asked if rule is not None and len(asked) == 1)


def _covered(workflow: Workflow, statement: str, stories: Mapping[str, tuple[Story, ...]]) -> Covered:
    number = workflow.aliases.get(statement, statement)
    if number in workflow.rules:
        became, where = _rule(workflow, workflow.rules[number])
    elif number in workflow.fields:
        became, where = _fields(workflow, workflow.fields[number])
    elif number in workflow.notes:
        became, where = "information", workflow.notes[number].shown_with
    else:
        return Covered(statement, None, MISSING)
    shown = dict.fromkeys((*stories.get(statement, ()), *stories.get(number, ())))
    return Covered(statement, number, became, where, tuple(shown))


def _rule(workflow: Workflow, rule: Rule) -> tuple[str, tuple[str, ...]]:
    strands = tuple(dict.fromkeys(strand.name for strand in workflow.strands_of(rule.id)))
    if rule.check is None:
        return _SCHEDULES, strands
    return f"rule, {rule.strength}", (*_named(workflow.asked_by(rule.id)), *strands)


def _fields(workflow: Workflow, fields: RecordedFields) -> tuple[str, tuple[str, ...]]:
    became = "recorded field" if fields.asked else "recorded field, optional"
    return became, _named(move for move in workflow.pathway.moves if fields.id in move.asks)


def _named(moves: Iterable[Move]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_asked_at, moves)))


def _asked_at(move: Move) -> str:
    beside = ", ".join((*((move.name,) if move.name else ()), *(() if move.refuses else ("refusing nothing",))))
    return f"{move.by} ({beside})" if beside else move.by
