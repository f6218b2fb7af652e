"""The statements of the sources, what became of each, and the page of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lmstrack.coverage import MISSING, Covered, coverage
from lmstrack.reports.guideline import rhythm
from lmstrack.reports.report import Column, Report, as_text
from lmstrack.rules import Rule, Strength
from lmstrack.statements import Note, RecordedFields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lmstrack.plans import Strand
    from lmstrack.reports.report import Cell
    from lmstrack.rules import Contrary
    from lmstrack.workflow import Workflow

_RULES: Final = (
    Column("rule", "Rule", "id"),
    Column("strength", "Strength", "id", 2),
    Column("says", "Says", "text", 0, 24),
    Column("asked_by", "Asked by", "text", 3, 10),
    Column("status", "Status", "id", 4),
    Column("source", "Source", "text", 1, 18),
)
_KEYS: Final = (
    "rule",
    "became",
    "strength",
    "says",
    "source",
    "status",
    "check",
    "parameters",
    "questions",
    "chosen",
    "against",
    "covers",
    "asked_by",
    "where",
    "strands",
    "departure",
    "stories",
)
_COVERAGE: Final = (
    Column("statement", "Statement", "id"),
    Column("became", "Became", "text", 0, 14),
    Column("where", "Asked or shown", "text", 1, 18),
    Column("stories", "Stories", "number", 2, says=lambda row: len(row["stories"]) if row["stories"] else 0),  # type: ignore[arg-type]
    Column("says", "Says", "text", 3, 20),
)
_DEPARTURE: Final = {
    Strength.MANDATORY: "with a reason, and the clinician who answers for it; it opens a review",
    Strength.EXPECTED: "with a reason",
    Strength.ADVISORY: "needs none: it is shown, and refuses nothing",
}


def rules_report(workflow: Workflow) -> Report:
    """Every rule in one sentence."""
    counts = _strengths(workflow)
    covered = {each.number: each for each in coverage(workflow, {})}
    others = f"Besides: {len(workflow.fields)} statements that ask for facts and {len(workflow.notes)} that only tell."
    return Report(
        schema="lmstrack.rules/1",
        title=f"Rules of {workflow.name}",
        rows=[statement_row(workflow, covered[name]) for name in workflow.rules],
        keys=_KEYS,
        columns=_RULES,
        workflow=workflow.name,
        totals=counts,
        below=(
            " + ".join(f"{count} {name}" for name, count in counts.items()) + f" = {len(workflow.rules)}",
            f"{others} All: lmstrack rules coverage",
        ),
    )


def _strengths(workflow: Workflow) -> dict[str, int]:
    counts: dict[str, int] = {}
    for rule in workflow.rules.values():
        counts[str(rule.strength)] = counts.get(str(rule.strength), 0) + 1
    return dict(sorted(counts.items()))


def statement_row(workflow: Workflow, covered: Covered) -> dict[str, Cell]:
    """Everything that stands behind one statement, for programs."""
    found = workflow.statement(covered.number or covered.statement)
    rule = found if isinstance(found, Rule) else None
    return {
        "rule": found.id,
        "became": covered.became,
        "strength": str(rule.strength) if rule else None,
        "says": found.says,
        "source": str(found.source),
        "status": found.source.status,
        "check": rule.check if rule else None,
        "parameters": {name: _plain(value) for name, value in rule.parameters.items()} if rule else {},
        "questions": {each.fact: each.question for each in found.questions}
        if isinstance(found, RecordedFields)
        else {},
        "chosen": dict(found.chosen),
        "against": said_against(found.against),
        "covers": list(found.covers),
        "asked_by": list(dict.fromkeys(move.by for move in workflow.asked_by(found.id))) if rule else [],
        "where": list(covered.where),
        "strands": list(dict.fromkeys(strand.name for strand in workflow.strands_of(found.id))) if rule else [],
        "departure": _DEPARTURE[rule.strength] if rule and rule.check else None,
        "stories": [{"story": story.title, "file": story.file} for story in covered.stories],
    }


def said_against(against: Iterable[Contrary]) -> list[dict[str, object]]:
    """What other sources say to the contrary, for programs."""
    return [{"says": each.says, "source": str(each.source)} for each in against]


def note_of(note: Note | RecordedFields) -> dict[str, object]:
    """A statement that is told beside rules, for programs."""
    return {
        "statement": note.id,
        "became": "recorded field" if isinstance(note, RecordedFields) else "information",
        "says": note.says,
        "source": str(note.source),
        "against": said_against(note.against),
    }


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else str(value)


def statement_report(workflow: Workflow, covered: Covered) -> Report:
    """One statement with everything that stands behind it, as one row for programs."""
    row = statement_row(workflow, covered)
    return Report(
        schema="lmstrack.rules/1",
        title=f"Rule {row['rule']}",
        rows=[row],
        keys=_KEYS,
        columns=_RULES,
        workflow=workflow.name,
        totals={covered.became: 1},
    )


def statement_pairs(workflow: Workflow, covered: Covered) -> Report:
    """The same, an item a line."""
    return Report(
        schema="lmstrack.rules/1",
        title=f"Rule {covered.number}",
        rows=[{"item": item, "value": value} for item, value in page_of(workflow, covered)],
        keys=("item", "value"),
        pairs=True,
        columns=(Column("item", "Item", "text", 0, 10), Column("value", "Value", "text", 0, 30)),
        workflow=workflow.name,
    )


def page_of(workflow: Workflow, covered: Covered) -> Iterator[tuple[str, str]]:
    """The page of one statement, an item with its words at a time; items that have none are left out."""
    for item, value in _page(workflow, covered):
        if value:
            yield item, value


def _page(workflow: Workflow, covered: Covered) -> Iterator[tuple[str, str]]:
    row = statement_row(workflow, covered)
    found = workflow.statement(covered.number or covered.statement)
    where = workflow.sources.get(found.source.cite)
    yield from ((key, as_text(row[key])) for key in ("rule", "says", "became", "source"))
    if where is not None:
        yield from (("cited work", where.what), ("where to read it", where.where), ("how it was read", where.read))
    yield "status", f"{found.source.status}: {workflow.statuses.get(found.source.status, '')}"
    for each in found.against:
        yield "against it", f"{each.says} ({each.source})"
    yield "check", as_text(row["check"])
    yield "with", as_text(row["parameters"])
    if isinstance(found, RecordedFields):
        for question in found.questions:
            yield "asks", f"{question.kind} {question.name}: {question.question}"
    yield from ((f"chosen: {name}", reason) for name, reason in found.chosen.items())
    yield "covers", as_text(row["covers"])
    if isinstance(found, Rule):
        scheduled = list(_scheduled(workflow, found))
        for plan, strand in scheduled:
            yield "schedules", ", ".join(part for part in (plan, strand.name, _often(strand, found)) if part)
        yield from _chosen(found, scheduled)
    if not isinstance(found, Rule) or found.check is not None:
        yield "shown with" if isinstance(found, Note) else "asked at", as_text(row["where"])
    yield "departure", as_text(row["departure"])
    for story in covered.stories:
        yield "story", f"{story.title} ({story.file})"


def _scheduled(workflow: Workflow, rule: Rule) -> Iterator[tuple[str | None, Strand]]:
    """The strands that run by a rule, each with its plan, None for what is owed once something has happened."""
    mine = workflow.strands_of(rule.id)
    for plan in workflow.plans:
        yield from ((plan.name, strand) for strand in plan.strands if strand in mine)
    yield from ((None, strand) for strand in workflow.expectations if strand in mine)


def _chosen(rule: Rule, scheduled: Iterable[tuple[str | None, Strand]]) -> Iterator[tuple[str, str]]:
    """What was chosen for the strands of a rule, each reason once, with the plans or the strand that it is for."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for plan, strand in scheduled:
        for name, reason in strand.chosen.items() if strand.rule == rule.id else ():
            reasons.setdefault((name, reason), []).append(plan or strand.name)
    for (name, reason), where in reasons.items():
        yield f"chosen: {name}", f"{reason} ({', '.join(dict.fromkeys(where))})"


def _often(strand: Strand, rule: Rule) -> str:
    """The rhythm of a strand, or those of its phases that this rule asks for."""
    mine = tuple(phase for phase in strand.phases if phase.rule == rule.id)
    return rhythm(replace(strand, phases=mine) if mine and strand.rule != rule.id else strand) or "on the day named"


def coverage_report(workflow: Workflow, rows: Sequence[Covered]) -> Report:
    """Every statement, what it became, where it is asked, and the stories that show it."""
    counts: dict[str, int] = {}
    for each in rows:
        counts[each.became] = counts.get(each.became, 0) + 1
    missing = [each.statement for each in rows if each.became == MISSING]
    unshown = [each.statement for each in rows if each.is_missing and each.became != MISSING]
    below = [" + ".join(f"{count} {name}" for name, count in counts.items()) + f" = {len(rows)}"]
    below += [f"Missing: {', '.join(missing)}"] if missing else []
    below += [f"No story shows: {', '.join(unshown)}"] if unshown else []
    return Report(
        schema="lmstrack.coverage/1",
        title=f"Statements of the sources in {workflow.name}",
        rows=[
            {
                "statement": each.statement,
                "as": each.number,
                "became": each.became + (f", as {each.number}" if each.number not in {None, each.statement} else ""),
                "where": list(each.where),
                "stories": [story.title for story in each.stories],
                "says": workflow.statement(each.number).says if each.number else None,
            }
            for each in rows
        ],
        keys=("statement", "as", "became", "where", "stories", "says"),
        columns=_COVERAGE,
        workflow=workflow.name,
        totals={**counts, "statements": len(rows), "missing": len(missing), "without_story": len(unshown)},
        below=tuple(below),
        empty="This workflow names no statements.",
    )
