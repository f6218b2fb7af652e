"""What can be recorded next for one patient, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lmstrack.dates import short
from lmstrack.reports.findings import answering
from lmstrack.reports.report import Column, Report, words
from lmstrack.rules import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lmstrack.case import Case
    from lmstrack.reports.report import About, Row

_NEXT: Final = (
    Column("kind", "Kind", "id"),
    Column("to", "Leads to", "term"),
    Column("ready", "Ready", "status"),
    Column("not_met", "Not met", "text", 1, 10),
    Column("unknown", "To be answered", "text", 2, 10),
    Column("says", "What it is", "text", 3, 16),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A kind of event that could be recorded now, where it would lead, and what its rules say today.

    *certain* says that it would move the case whatever else is recorded with it.
    """

    kind: str
    to: str
    says: str
    findings: tuple[Finding, ...]
    certain: bool = True


def next_report(case: Case, candidates: Sequence[Candidate], about: About) -> Report:
    """What can be recorded next and what stands in the way, the open questions above it."""
    rows: list[Row] = [
        {
            "kind": each.kind,
            "to": each.to,
            "ready": _ready(each),
            "not_met": [finding.rule for finding in each.findings if finding.answer is Verdict.NOT_MET],
            "unknown": [finding.rule for finding in each.findings if finding.answer is Verdict.UNKNOWN],
            "says": each.says or None,
            "fix": [finding.fix for finding in each.findings if finding.fix],
        }
        for each in candidates
    ]
    current = case.current()
    below = [f"Ask: {ask.question} {answering(case.id, ask)}" for ask in case.asks]
    below += [
        f"Due: {each.next_action or words(each.strand)}, by {short(each.due_by)}"
        for each in current
        if each.due_by is not None and str(each.state(case.as_of)) in {"due", "overdue"}
    ]
    if rows:
        below.append(f"Why: lmstrack why {case.id} {rows[0]['kind']}")
    return Report(
        schema="lmstrack.next/1",
        title=f"Next for {case.id}",
        rows=rows,
        keys=("kind", "to", "ready", "not_met", "unknown", "says", "fix"),
        columns=_NEXT,
        as_of=case.as_of,
        workflow=case.workflow,
        totals={"ready": sum(1 for row in rows if row["ready"] == "yes"), "questions": len(case.asks)},
        more={
            "case": case.id,
            "state": case.state,
            "questions": [{"fact": ask.fact, "question": ask.question, "record": ask.record} for ask in case.asks],
        },
        message=f"{case.id} is in {words(case.state)}. It can move on by:",
        below=tuple(below),
        empty=f"No event leads on from {words(case.state)}." if not case.left else f"The case is closed: {case.left}.",
        about=about,
    )


def _ready(candidate: Candidate) -> str:
    """Whether the rules let it pass: yes, no, or depending on what is recorded with it or still to be known."""
    refusing = [finding for finding in candidate.findings if finding.refuses]
    if any(finding.answer is Verdict.NOT_MET for finding in refusing):
        return "no"
    return "depends" if refusing or not candidate.certain else "yes"
