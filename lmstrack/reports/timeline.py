"""What happened to one patient, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.dates import PartialDate
from lmstrack.events import standing
from lmstrack.joined import standing_together
from lmstrack.places import written
from lmstrack.records import described, record_fields
from lmstrack.reports.report import Column, Report
from lmstrack.reports.stages import computed_by_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lmstrack.case import Case
    from lmstrack.events import Event
    from lmstrack.replay import Step
    from lmstrack.reports.report import About, Cell, Row


def _written(line: Cell) -> Cell:
    return written(line) if isinstance(line, int) else line


def _with_stage(row: Row) -> Cell:
    stage = row["computed_stage"]
    return row["what"] if stage is None else f"{row['what']}; computed: {stage}"


_TIMELINE: Final = (
    Column("line", "Line", "number", says=lambda row: _written(row["line"])),
    Column("on", "Day", "date"),
    Column("what", "What", "text", 0, 24, says=_with_stage),
    Column("moved_to", "Moved to", "term", 1),
    Column("open", "Open", "text", 2, 10),
    Column("departures", "Departures", "text", 3, 10),
    Column("recorded_by", "By", "text", 4, 6),
    Column("recorded_on", "Entered", "date", 5),
)


def timeline(case: Case, log: Sequence[Event], about: About, days: Mapping[int, str]) -> Report:
    """Every line up to the day of the case with what became of it; *days* gives for each the civil day of its entry."""
    reads = {event.line: event for event in standing_together(log)}
    standing_apart = {event.line for event in standing(log)}
    steps = {step.event.line: step for step in case.steps}
    stages = computed_by_line(case)
    rows = [
        {
            **_line(event, reads.get(event.line), steps.get(event.line), days, twin=event.line in standing_apart),
            "computed_stage": stages.get(event.line),
        }
        for event in log
        if (reads.get(event.line) or event).on <= case.as_of
    ]
    rows.sort(key=lambda row: (str(row["on"]), row["line"]))
    return Report(
        schema="lmstrack.timeline/1",
        title=f"Timeline of {case.id}",
        rows=rows,
        keys=tuple(rows[0]) if rows else ("case", "line", "on", "kind", "what"),
        columns=_TIMELINE,
        as_of=case.as_of,
        workflow=case.workflow,
        totals={"lines": len(rows), "standing": sum(1 for row in rows if row["stands"])},
        more={"case": case.id, "state": case.state},
        message="" if case.into is None else f"{case.id} was merged into {case.into}, which tells what became of it.",
        empty=f"Nothing is recorded yet. Begin with: lmstrack record {case.id} referral",
        about=about,
    )


def _line(event: Event, reads: Event | None, step: Step | None, days: Mapping[int, str], *, twin: bool) -> Row:
    """What became of a line; one that stands and has no reading of its own is a *twin* of another case's."""
    now = reads or event
    corrected = reads is not None and (reads.record is not event.record or reads.on != event.on)
    findings = list(step.findings()) if step is not None else []
    what = described(now.record)
    if reads is None and event.kind != "correct":
        what = f"{'told already' if twin else 'withdrawn'}: {what}"
    elif corrected:
        what = f"{what} (corrected)"
    return {
        "case": event.case,
        "line": event.line,
        "on": str(PartialDate(now.on, now.precision)),
        "kind": now.kind,
        "what": what,
        "moved_to": step.after if step is not None and step.after != step.before else None,
        "out_of_order": step is not None and step.jumped,
        "open": [finding.rule for finding in findings if finding.departure is None],
        "departures": [finding.rule for finding in findings if finding.departure is not None],
        "stands": reads is not None,
        "corrected": corrected,
        "record": record_fields(now.record),
        "recorded_on": days[event.line],
        "recorded_at": event.recorded_at.isoformat(),
        "recorded_by": event.recorded_by,
        "source": event.source,
        "source_id": event.source_id,
    }
