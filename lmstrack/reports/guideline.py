"""Workflows, rules and gaps as lists and as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.dates import short
from lmstrack.reports.report import Column, Report, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from lmstrack.plans import Strand
    from lmstrack.reports.report import Row
    from lmstrack.workflow import Change, Overlay, Workflow
    from lmstrack.workflow.faults import Place


def _titled(row: Row) -> str:
    """What a workflow is called; of a site's own, whose it is and what it lies over."""
    return str(row["title"]) if row["over"] is None else f"{row['site']}, over {row['over']}"


_GAPS: Final = (
    Column("gap", "Gap", "id"),
    Column("question", "Question", "text", 0, 20),
    Column("reading", "Taken", "text", 0, 20),
    Column("why", "Why", "text", 1, 20),
)
_WORKFLOWS: Final = (
    Column("workflow", "Workflow", "id"),
    Column("title", "Title", "text", 2, 12, says=_titled),
    Column("signed", "Signed", "id"),
    Column("signed_by", "By", "text", 1, 8),
    Column("signed_on", "On", "date", 1),
    Column("changes", "Changes", "number", 3),
    Column("rules", "Rules", "number", 4),
    Column("plans", "Plans", "number", 5),
    Column("gaps", "Gaps", "number", 6),
    Column("digest", "SHA-256", "id", 7),
)
_RELEASED: Final = tuple(each for each in _WORKFLOWS if each.key not in {"signed_by", "signed_on", "changes"})
_PARTS: Final = (
    Column("part", "Part", "id"),
    Column("name", "Name", "id"),
    Column("says", "Says", "text", 0, 20),
    Column("more", "More", "text", 1, 16),
)
_CHANGED: Final = (
    Column("changed", "Changed by the site", "text", 0, 20),
    Column("because", "Because", "text", 0, 16),
    Column("signed_by", "Signed by", "text", 2, 10),
)
#: What a row is called that stands for something of this section and is told only because a site changed it.
_CALLED: Final = {"rules": "rule", "gaps": "gap", "expectations": "expected"}


def workflows_report(workflows: Sequence[Workflow], newest: str) -> Report:
    """The released workflows and those of the site; new cases are pinned to the *newest*."""
    return Report(
        schema="lmstrack.workflows/1",
        title="Workflows",
        rows=[
            {
                "workflow": each.name,
                "title": each.title,
                "version": each.version,
                "disease": each.disease,
                "over": each.overlay.base if each.overlay is not None else None,
                "site": each.overlay.site if each.overlay is not None else None,
                "signed": "yes" if _is_signed(each) else "no",
                "signed_by": each.overlay.signed_by if each.overlay is not None else None,
                "signed_on": _iso(each.overlay.signed_on) if each.overlay is not None else None,
                "changes": len(each.overlay.changes) if each.overlay is not None else None,
                "new_cases": each.name == newest,
                "rules": len(each.rules),
                "plans": len(each.plans),
                "gaps": len(each.gaps),
                "digest": each.digest,
            }
            for each in workflows
        ],
        keys=(
            *("workflow", "title", "version", "disease", "over", "site", "signed", "signed_by", "signed_on", "changes"),
            *("new_cases", "rules", "plans", "gaps", "digest"),
        ),
        columns=_WORKFLOWS if any(each.overlay is not None for each in workflows) else _RELEASED,
        workflow=newest,
        totals={"workflows": len(workflows)},
        below=(
            f"New cases begin with {newest}.",
            "Signed means that a clinician has approved the file; until then it is a draft.",
        ),
    )


def workflow_report(workflow: Workflow) -> Report:
    """What a workflow holds: a row a state, move, plan, strand and setting, and everything else that a site changed."""
    overlay = workflow.overlay
    rows = list(_rows(workflow))
    return Report(
        schema="lmstrack.workflow_parts/1",
        title=f"Workflow {workflow.name}",
        rows=rows,
        keys=("part", "name", "says", "more", "changed", "because", "signed_by"),
        columns=_PARTS if overlay is None else (*_PARTS, *_CHANGED),
        workflow=workflow.name,
        totals={
            "states": len(workflow.pathway.states),
            "moves": len(workflow.pathway.moves),
            "rules": len(workflow.rules),
            "plans": len(workflow.plans),
            "gaps": len(workflow.gaps),
            "changes": len(overlay.changes) if overlay is not None else 0,
        },
        message="\n".join([f"{workflow.title}, {workflow.name}. {workflow.about}", *_signature(overlay)]),
        below=("Rules: lmstrack rules list. What the source leaves open: lmstrack rules gaps.",),
    )


def _is_signed(workflow: Workflow) -> bool:
    return workflow.signed if workflow.overlay is None else workflow.overlay.is_signed


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _signature(overlay: Overlay | None) -> Iterator[str]:
    """Who laid what over which workflow."""
    if overlay is None:
        return
    signed = "nobody has signed it"
    if overlay.signed_on is not None:
        signed = f"signed by {overlay.signed_by} on {short(overlay.signed_on)}"
    count = counted(len(overlay.changes), "change")
    yield f"{overlay.site} over {overlay.base}: {count}, {signed}. {overlay.about}"


def _rows(workflow: Workflow) -> Iterator[Row]:
    """Each part with what the site changed in it; what it changed elsewhere follows."""
    told: set[str] = set()
    for place, part in _parts(workflow):
        changes = workflow.overlay.under(*place) if workflow.overlay is not None and place else ()
        told |= {change.at for change in changes}
        yield {**part, **_changed(changes, place)}
    left: dict[Place, list[Change]] = {}
    for change in workflow.overlay.changes if workflow.overlay is not None else ():
        if change.at not in told:
            left.setdefault(change.place[:2], []).append(change)
    for place, changed in left.items():
        section, name = map(str, place)
        says = workflow.rules[name].says if section == "rules" else ""
        yield {"part": _CALLED[section], "name": name, "says": says, "more": "", **_changed(changed, place)}


def _changed(changes: Sequence[Change], place: Place) -> dict[str, str | None]:
    """What was changed inside a place, before and after, each once; None where nothing was."""

    def joined(said: Iterable[str]) -> str | None:
        return "; ".join(dict.fromkeys(said)) or None

    return {
        "changed": joined(_told(change, place) for change in changes),
        "because": joined(change.because for change in changes),
        "signed_by": joined(change.signed_by for change in changes if change.signed_by is not None),
    }


def _told(change: Change, place: Place) -> str:
    inside = ", ".join(str(step + 1) if isinstance(step, int) else step for step in change.place[len(place) :])
    became = f"{change.before} → {change.after}"
    return f"{inside}: {became}" if inside else became


def _parts(workflow: Workflow) -> Iterator[tuple[Place, dict[str, str]]]:
    """Each part with the place at which the file has it, empty where no site may change it."""
    pathway = workflow.pathway
    for state in pathway.states.values():
        marks = ["first"] if state.name == pathway.initial else []
        marks += ["final"] if state.final else []
        yield (), _part("state", state.name, state.says, ", ".join(marks))
    for move in pathway.moves:
        origins = ", ".join(move.origins)
        name = f"{move.by} ({move.name})" if move.name else move.by
        yield (
            (),
            _part(
                "move",
                name,
                f"{origins} to {move.to}",
                ", ".join(move.needs) + ("" if move.refuses else "; refusing nothing"),
            ),
        )
    for plan in workflow.plans:
        yield (), _part("plan", plan.name, plan.says, _selects(plan.selects))
        for strand in plan.strands:
            place = ("plans", plan.name, "strands", strand.name)
            yield place, _part("strand", strand.name, strand.says, rhythm(strand))
    for strand in workflow.expectations:
        yield ("expectations", strand.name), _part("expected", strand.name, strand.says, rhythm(strand))
    settings = workflow.settings
    for name, value in (
        ("lead", str(settings.lead)),
        ("grace", str(settings.grace)),
        ("catch_up", str(settings.catch_up)),
        ("counting_share", str(settings.counting_share)),
        ("treatment_review", str(settings.treatment_review)),
        ("designated_centres", ", ".join(settings.designated_centres)),
    ):
        yield ("settings", name), _part("setting", name, value, settings.chosen.get(name, ""))


def _part(part: str, name: str, says: str, more: str) -> dict[str, str]:
    return {"part": part, "name": name, "says": says, "more": more}


def _selects(selects: Mapping[str, frozenset[object]]) -> str:
    return "; ".join(f"{fact}: {', '.join(sorted(map(str, values)))}" for fact, values in selects.items())


def rhythm(strand: Strand) -> str:
    """How often, in each phase; empty where the record names the day."""
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
