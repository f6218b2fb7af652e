"""Workflows, rules and gaps as lists and as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.reports.report import Column, Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lmstrack.plans import Strand
    from lmstrack.reports.report import Row
    from lmstrack.workflow import Workflow

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


# ---- what is left open


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
