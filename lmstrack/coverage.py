"""What became of every statement of the sources: nothing that they say may be forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.rules import Rule
from lmstrack.statements import RecordedFields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lmstrack.pathway import Move
    from lmstrack.workflow import Workflow

MISSING = "missing"

_TOLD = re.compile(r"^- story: *(?P<title>.+?)\s*$", re.MULTILINE)
_NAMED = re.compile(r"\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b")


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
        """Whether nothing stands for the statement, or a rule that no story shows."""
        return self.became == MISSING or (self.became.startswith("rule") and not self.stories)


def coverage(workflow: Workflow, stories: Mapping[str, tuple[Story, ...]]) -> tuple[Covered, ...]:
    """Every statement of the sources in their order, then what this workflow adds of its own.

    *stories* are those that name an id, as `stories_by_statement` finds them.
    """
    numbers = {**workflow.rules, **workflow.fields, **workflow.notes}
    own = [name for name in numbers if name not in set(workflow.statements)]
    return tuple(_covered(workflow, statement, stories) for statement in (*workflow.statements, *own))


def stories_by_statement(told: Mapping[str, str]) -> dict[str, tuple[Story, ...]]:
    """The stories that name each id, from the texts of their files by name."""
    found: dict[str, dict[Story, None]] = {}
    for file, text in told.items():
        begins = list(_TOLD.finditer(text))
        for begin, end in zip(begins, [*(each.start() for each in begins[1:]), len(text)], strict=True):
            story = Story(begin["title"].strip("'\""), file)
            for name in _NAMED.findall(text, begin.start(), end):
                found.setdefault(name, {})[story] = None
    return {name: tuple(stories) for name, stories in found.items()}


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
        return "plan or strand", strands
    return f"rule, {rule.strength}", (*_named(workflow.asked_by(rule.id)), *strands)


def _fields(workflow: Workflow, fields: RecordedFields) -> tuple[str, tuple[str, ...]]:
    became = "recorded field" if fields.asked else "recorded field, optional"
    return became, _named(move for move in workflow.pathway.moves if fields.id in move.asks)


def _named(moves: Iterable[Move]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{move.by} ({move.name})" if move.name else move.by for move in moves))
