"""The visits that a plan would ask for if each were done on its first nominal day, for planning.

The real schedule rolls from what was done; this one is counted from the anchor, in one step each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lmstrack.dates import Interval
from lmstrack.plans import possible_for
from lmstrack.windows import phase_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from lmstrack.plans import Plan, Strand


@dataclass(frozen=True, slots=True)
class NominalVisit:
    """One nominal visit of one strand: its number from 1, the time after the anchor, and the day.

    *phase* is that of the interval which the visit ends, so a visit on the boundary belongs to the earlier
    one.
    """

    strand: str
    number: int
    after: str
    on: date
    phase: int
    every: str
    rule: str
    source: str


def nominal_visits(
    plan: Plan, anchor: date, until: date, known: Mapping[str, object] | None = None
) -> list[NominalVisit]:
    """Every nominal visit of a plan up to *until*, that day included, in the order of their days.

    Where the plan gives a range, its nominal point is taken, or the lower end. *known* are the facts that narrow
    strands; a strand is left out only where a known fact rules it out.
    """
    visits = [
        visit
        for strand in plan.strands
        if possible_for(strand.selects, known or {})
        for visit in _visits(strand, anchor, until, (known or {}).get("schedule_grade"))
    ]
    visits.sort(key=lambda visit: (visit.on, visit.strand))
    return visits


def last_boundary(plan: Plan, anchor: date) -> date:
    """The day on which the last phase of the plan begins; the anchor itself where no phase ends."""
    ends = [phase.until.after(anchor) for strand in plan.strands for phase in strand.phases if phase.until is not None]
    return max(ends, default=anchor)


def _visits(strand: Strand, anchor: date, until: date, grade: object) -> Iterator[NominalVisit]:
    months = days = number = 0
    since = anchor
    while True:
        found = phase_of(strand.phases, anchor, since)
        if found is None:
            return
        place, phase = found
        step = phase.point(grade)
        months, days = months + step.months, days + step.days
        # From the anchor in one step: three months again and again would drift from the 31st to the 28th.
        on = Interval(days=days).after(Interval(months=months).after(anchor))
        if on > until or on <= since:
            return
        number += 1
        yield NominalVisit(
            strand=strand.name,
            number=number,
            after=_told(months, days),
            on=on,
            phase=place,
            every=str(phase.every),
            rule=phase.rule or strand.rule,
            source=str(strand.source),
        )
        if phase.once:
            return
        since = on


def _told(months: int, days: int) -> str:
    parts = []
    if months:
        parts.append(f"{months} month{'s' if months != 1 else ''}")
    if days:
        parts.append(str(Interval(days=days)))
    return " and ".join(parts)
