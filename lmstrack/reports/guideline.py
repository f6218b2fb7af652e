"""Workflows, rules and gaps as lists and as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.reports.report import Column, Report, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lmstrack.plans import Strand
    from lmstrack.reports.report import Cell, Row
    from lmstrack.rules import Rule
    from lmstrack.workflow import Workflow

_RULES: Final = (
    Column("rule", "Rule", "id"),
    Column("strength", "Strength", "id", 2),
    Column("says", "Says", "text", 0, 24),
    Column("asked_by", "Asked by", "text", 3, 10),
    Column("status", "Status", "id", 4),
    Column("source", "Source", "text", 1, 18),
)
_GAPS: Final = (
    Column("gap", "Gap", "id"),
    Column("question", "Question", "text", 0, 20),
    Column("reading", "Taken", "text", 0, 20),
    Column("why", "Why", "text", 1, 20),
)
_WORKFLOWS: Final = (
    Column("workflow", "Workflow", "id"),
    Column("title", "Title", "text", 1, 16),
    Column("signed", "Signed", "id"),
    Column("rules", "Rules", "number", 2),
    Column("plans", "Plans", "number", 3),
    Column("gaps", "Gaps", "number", 4),
    Column("digest", "SHA-256", "id", 5),
)
_PARTS: Final = (
    Column("part", "Part", "id"),
    Column("name", "Name", "id"),
    Column("says", "Says", "text", 0, 20),
    Column("more", "More", "text", 1, 16),
)


def workflows_report(workflows: Sequence[Workflow]) -> Report:
    """The released workflows, the newest last."""
    return Report(
        schema="lmstrack.workflows/1",
        title="Workflows",
        rows=[
            {
                "workflow": each.name,
                "title": each.title,
                "version": each.version,
                "disease": each.disease,
                "signed": "yes" if each.released else "no",
                "rules": len(each.rules),
                "plans": len(each.plans),
                "gaps": len(each.gaps),
                "digest": each.digest,
            }
            for each in workflows
        ],
        keys=("workflow", "title", "version", "disease", "signed", "rules", "plans", "gaps", "digest"),
        columns=_WORKFLOWS,
        workflow=workflows[-1].name if workflows else None,
        totals={"workflows": len(workflows)},
        below=("Signed means that a clinician has approved the file; until then it is a draft.",),
        empty="No workflow is released here.",
    )


def workflow_report(workflow: Workflow) -> Report:
    """What a workflow holds: a row a state, move, plan, strand and setting."""
    rows: list[Row] = [dict(zip(("part", "name", "says", "more"), part, strict=True)) for part in _parts(workflow)]
    return Report(
        schema="lmstrack.workflow_parts/1",
        title=f"Workflow {workflow.name}",
        rows=rows,
        keys=("part", "name", "says", "more"),
        columns=_PARTS,
        workflow=workflow.name,
        totals={
            "states": len(workflow.pathway.states),
            "moves": len(workflow.pathway.moves),
            "rules": len(workflow.rules),
            "plans": len(workflow.plans),
            "gaps": len(workflow.gaps),
        },
        message=f"{workflow.title}, {workflow.name}. {workflow.about}",
        below=("Rules: lmstrack rules list. What the source leaves open: lmstrack rules gaps.",),
    )


def _parts(workflow: Workflow) -> Iterator[tuple[str, str, str, str]]:
    pathway = workflow.pathway
    for state in pathway.states.values():
        marks = ["first"] if state.name == pathway.initial else []
        marks += ["final"] if state.final else []
        yield "state", state.name, state.says, ", ".join(marks)
    for move in pathway.moves:
        origins = ", ".join(move.origins)
        name = f"{move.by} ({move.name})" if move.name else move.by
        yield "move", name, f"{origins} to {move.to}", ", ".join(move.needs)
    for plan in workflow.plans:
        yield "plan", plan.name, plan.says, _selects(plan.selects)
        for strand in plan.strands:
            yield "strand", strand.name, strand.says, _rhythm(strand)
    for strand in workflow.expectations:
        yield "expected", strand.name, strand.says, _rhythm(strand)
    settings = workflow.settings
    for name, value in (
        ("lead", str(settings.lead)),
        ("grace", str(settings.grace)),
        ("catch_up", str(settings.catch_up)),
        ("counting_share", str(settings.counting_share)),
        ("treatment_review", str(settings.treatment_review)),
        ("lost_review", str(settings.lost_review)),
        ("designated_centres", ", ".join(settings.designated_centres)),
    ):
        yield "setting", name, value, settings.chosen.get(name, "")


def _selects(selects: Mapping[str, frozenset[object]]) -> str:
    return "; ".join(f"{fact}: {', '.join(sorted(map(str, values)))}" for fact, values in selects.items())


def _rhythm(strand: Strand) -> str:
    parts = []
    for phase in strand.phases:
        often = f"once, after {phase.every}" if phase.once else f"every {phase.every}"
        parts.append(f"{often} until {phase.until}" if phase.until is not None else often)
    return "; ".join(parts)


# ---- rules


def rules_report(workflow: Workflow) -> Report:
    """Every rule in one sentence."""
    return Report(
        schema="lmstrack.rules/1",
        title=f"Rules of {workflow.name}",
        rows=[_rule(workflow, rule) for rule in workflow.rules.values()],
        keys=_RULE_KEYS,
        columns=_RULES,
        workflow=workflow.name,
        totals=_strengths(workflow),
        below=(
            " + ".join(f"{count} {name}" for name, count in _strengths(workflow).items()) + f" = {len(workflow.rules)}",
        ),
    )


_RULE_KEYS: Final = (
    "rule",
    "strength",
    "says",
    "source",
    "status",
    "check",
    "parameters",
    "chosen",
    "covers",
    "asked_by",
    "strands",
)


def _strengths(workflow: Workflow) -> dict[str, int]:
    counts: dict[str, int] = {}
    for rule in workflow.rules.values():
        counts[str(rule.strength)] = counts.get(str(rule.strength), 0) + 1
    return dict(sorted(counts.items()))


def _rule(workflow: Workflow, rule: Rule) -> dict[str, Cell]:
    return {
        "rule": rule.id,
        "strength": str(rule.strength),
        "says": rule.says,
        "source": str(rule.source),
        "status": rule.source.status,
        "check": rule.check,
        "parameters": {name: _plain(value) for name, value in rule.parameters.items()},
        "chosen": dict(rule.chosen),
        "covers": list(rule.covers),
        "asked_by": list(dict.fromkeys(move.by for move in workflow.asked_by(rule.id))),
        "strands": list(dict.fromkeys(strand.name for strand in workflow.strands_of(rule.id))),
    }


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else str(value)


def rule_report(workflow: Workflow, rule: Rule) -> Report:
    """One rule with everything that stands behind it; as pairs for people, as one row for programs."""
    row = _rule(workflow, rule)
    return Report(
        schema="lmstrack.rules/1",
        title=f"Rule {rule.id}",
        rows=[row],
        keys=_RULE_KEYS,
        columns=_RULES,
        workflow=workflow.name,
        totals={str(rule.strength): 1},
    )


def rule_pairs(workflow: Workflow, rule: Rule) -> Report:
    """The same, an item a line."""
    row = _rule(workflow, rule)
    where = workflow.sources.get(rule.source.cite)
    pairs: list[tuple[str, str]] = [(key, as_text(row[key])) for key in ("rule", "says", "strength", "source")]
    if where is not None:
        pairs += [("cited work", where.what), ("where", where.where), ("read", where.read)]
    pairs.append(("status", f"{rule.source.status}: {workflow.statuses.get(rule.source.status, '')}"))
    pairs += [("check", rule.check or "none: it only schedules"), ("with", as_text(row["parameters"]))]
    pairs += [(f"chosen: {name}", reason) for name, reason in rule.chosen.items()]
    pairs += [
        ("covers", as_text(row["covers"])),
        ("asked by", as_text(row["asked_by"])),
        ("strands", as_text(row["strands"])),
    ]
    return Report(
        schema="lmstrack.rules/1",
        title=f"Rule {rule.id}",
        rows=[{"item": item, "value": value} for item, value in pairs if value],
        keys=("item", "value"),
        pairs=True,
        columns=(Column("item", "Item", "text", 0, 10), Column("value", "Value", "text", 0, 30)),
        workflow=workflow.name,
    )


def gaps_report(workflow: Workflow) -> Report:
    """What the source leaves open, and the reading that is taken until a site signs another."""
    return Report(
        schema="lmstrack.gaps/1",
        title=f"Protocol gaps of {workflow.name}",
        rows=[
            {"gap": gap.id, "question": gap.question, "reading": gap.reading, "why": gap.why} for gap in workflow.gaps
        ],
        keys=("gap", "question", "reading", "why"),
        columns=_GAPS,
        workflow=workflow.name,
        totals={"gaps": len(workflow.gaps)},
        below=("Each reading stands until a site signs another.",),
        empty="The source leaves nothing open.",
    )
