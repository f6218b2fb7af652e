"""The nominal visits of a plan, as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.dates import short, worded
from lmstrack.reports.report import Column, Report, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from lmstrack.nominal import NominalVisit
    from lmstrack.plans import Choice

_COLUMNS: Final = (
    Column("on", "Day", "date"),
    Column("weekday", "", "id", 5),
    Column("strand", "Strand", "term"),
    Column("visit", "Visit", "number"),
    Column("after", "After", "text", 1, 9),
    Column("every", "Every", "text", 2, 10),
    Column("phase", "Phase", "number", 3),
    Column("rule", "Rule", "id", 4),
)


def schedule_report(choice: Choice, visits: Sequence[NominalVisit], anchor: date, until: date, workflow: str) -> Report:
    """One row per nominal visit of each strand."""
    counts: dict[str, int] = {}
    for visit in visits:
        counts[visit.strand] = counts.get(visit.strand, 0) + 1
    provisional = f" Provisional: {', '.join(map(words, choice.missing))} not known." if choice.provisional else ""
    return Report(
        schema="lmstrack.schedule/1",
        title=f"Nominal schedule, {choice.plan.name}",
        rows=[
            {
                "on": visit.on.isoformat(),
                "weekday": worded(visit.on).split()[0],
                "strand": visit.strand,
                "visit": visit.number,
                "after": visit.after,
                "every": visit.every,
                "phase": visit.phase,
                "plan": choice.plan.name,
                "rule": visit.rule,
                "source": visit.source,
            }
            for visit in visits
        ],
        keys=("on", "strand", "visit", "after", "every", "phase", "plan", "rule", "source"),
        columns=_COLUMNS,
        as_of=anchor,
        workflow=workflow,
        totals=dict(sorted(counts.items())),
        more={
            "anchor": anchor.isoformat(),
            "until": until.isoformat(),
            "plan": choice.plan.name,
            "provisional": choice.provisional,
            "missing": list(choice.missing),
        },
        message=f"Plan {words(choice.plan.name)}, counted from {short(anchor)} up to {short(until)}.{provisional}",
        below=(f"{len(visits)} = {' + '.join(f'{count} {words(name)}' for name, count in sorted(counts.items()))}",)
        if visits
        else (),
        empty=f"Nothing falls between {short(anchor)} and {short(until)}. Give a later until=DATE.",
    )
