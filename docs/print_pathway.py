"""Write docs/pathway.md from the newest workflow file; a test holds that it is current.

python docs/print_pathway.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from lmstrack import Workflow, load_workflow
from lmstrack.workflow import released

if TYPE_CHECKING:
    from lmstrack.pathway import Move
    from lmstrack.plans import Phase, Strand
    from lmstrack.rules import Rule

PAGE = Path(__file__).parent / "pathway.md"


def printed(workflow: Workflow) -> str:
    """The whole page."""
    signed = "A clinician has signed it." if workflow.signed else "No clinician has signed it yet: it is a draft."
    parts = [
        f"# The pathway: {workflow.title}, {workflow.version}",
        f"Printed from `workflows/{workflow.name}.yaml` by `python docs/print_pathway.py`. {signed}",
        workflow.about,
        "## Diagram",
        f"```mermaid\n{workflow.pathway.diagram().strip()}\n```",
        "## Milestones",
        _table(("state", "what it says"), ((state.name, state.says) for state in workflow.pathway.states.values())),
        "## Moves",
        (
            "Recording an event is what moves a case. Where several moves of a kind start from one state, the first "
            "whose *only for* holds is made; then all its rules are asked."
        ),
        _table(("move", "by", "from", "to", "only for", "rules asked"), map(_move, workflow.pathway.moves)),
        "## Rules",
        *(part for rule in workflow.rules.values() for part in _rule(rule, workflow)),
        "## Follow-up plans",
        "The first plan that the known facts do not contradict runs, strictest first.",
        *(part for plan in workflow.plans for part in _plan(plan.name, plan.says, plan.selects, plan.strands)),
        "## Expected once",
        *_plan("", "", {}, workflow.expectations),
        "## What the source leaves open",
        _table(
            ("gap", "question", "reading taken", "why"),
            ((gap.id, gap.question, gap.reading, gap.why) for gap in workflow.gaps),
        ),
        "## Sources",
        _table(
            ("id", "what", "where", "how it was read"),
            ((source.id, source.what, source.where, source.read) for source in workflow.sources.values()),
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _move(move: Move) -> tuple[str, ...]:
    asked = ", ".join(move.needs) + ("" if move.refuses else "; refusing nothing")
    return (move.name, move.by, ", ".join(move.origins), move.to, _selected(move.selects), asked)


def _selected(selects: Mapping[str, frozenset[object]]) -> str:
    return "; ".join(f"{name}: {', '.join(sorted(map(str, values)))}" for name, values in selects.items())


def _rule(rule: Rule, workflow: Workflow) -> Iterator[str]:
    asked = ", ".join(dict.fromkeys(f"{move.by} to {move.to}" for move in workflow.asked_by(rule.id)))
    strands = ", ".join(dict.fromkeys(strand.name for strand in workflow.strands_of(rule.id)))
    yield f"### {rule.id}"
    yield rule.says
    yield "\n".join(
        f"- {name}: {said}"
        for name, said in (
            ("strength", str(rule.strength)),
            ("source", f"{rule.source} [{rule.source.status}]"),
            ("asked", asked),
            ("schedules", strands),
            ("check", _check(rule)),
            ("covers", ", ".join(rule.covers)),
            *((f"chosen, {name}", why) for name, why in rule.chosen.items()),
        )
        if said
    )


def _check(rule: Rule) -> str:
    if rule.check is None:
        return ""
    given = ", ".join(f"{name}: {_value(value)}" for name, value in rule.parameters.items())
    return f"`{rule.check}`" + (f" with {given}" if given else "")


def _value(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value)))
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _plan(name: str, says: str, selects: Mapping[str, frozenset[object]], strands: Iterable[Strand]) -> Iterator[str]:
    if name:
        yield f"### {name}"
        yield f"{says} ({_selected(selects)})" if selects else says
    rows = (
        (strand.name, _rhythm(strand.phases), strand.rule, str(strand.source), _chosen(strand)) for strand in strands
    )
    yield _table(("strand", "rhythm", "rule", "source", "chosen"), rows)


def _rhythm(phases: Iterable[Phase]) -> str:
    said = []
    for phase in phases:
        often = "once, " if phase.once else "every "
        said.append(f"{often}{phase.every}" + (f" until {phase.until}" if phase.until is not None else ""))
    return "; ".join(said) or "on the day that the record names"


def _chosen(strand: Strand) -> str:
    return "; ".join(f"{name}: {why}" for name, why in strand.chosen.items())


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |" for line in lines
    )


if __name__ == "__main__":
    PAGE.write_text(printed(load_workflow(released()[-1])), encoding="utf-8")
