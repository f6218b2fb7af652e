"""The days on which the rhythm of a plan changes, for a sample patient that a clinician can sign."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.dates import short
from lmstrack.windows import phase_of, window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.plans import Strand
    from lmstrack.windows import Window
    from lmstrack.workflow import Workflow

#: Every day of a leap year and of the three years after it, as the day from which follow-up counts.
ANCHORS = tuple(date(2024, 1, 1) + timedelta(days) for days in range(4 * 365 + 1))


class Boundary(NamedTuple):
    """One phase of a strand: intervals that begin from *first* to *last* are due so often; *last* None: without end.

    *first_due* and *last_due* are the windows of the intervals that begin on these two days.
    """

    plan: str
    strand: str
    rule: str
    phase: int
    every: str
    once: bool
    first: date
    first_due: Window
    last: date | None
    last_due: Window | None


def boundaries(workflow: Workflow, anchor: date) -> tuple[Boundary, ...]:
    """Every phase of every strand of every plan, counted from an anchor."""
    return tuple(
        each
        for plan in workflow.plans
        for strand in plan.strands
        for each in _phases(workflow, plan.name, strand, anchor)
    )


def _phases(workflow: Workflow, plan: str, strand: Strand, anchor: date) -> Iterator[Boundary]:
    first = anchor
    for number, phase in enumerate(strand.phases, start=1):
        end = None if phase.until is None or phase.once else phase.until.after(anchor)
        last = None if end is None else end - timedelta(1)
        yield Boundary(
            plan=plan,
            strand=strand.name,
            rule=phase.rule or strand.rule,
            phase=number,
            every=str(phase.every),
            once=phase.once,
            first=first,
            first_due=window(phase, first, first, workflow.settings),
            last=last,
            last_due=None if last is None else window(phase, last, last, workflow.settings),
        )
        first = end or first


class Tiled(NamedTuple):
    """How many boundary days were looked at, and the first that does not belong to exactly the phase that it should."""

    days: int
    against: str = ""


def tiled(workflow: Workflow) -> Tiled:
    """Whether the phases follow each other without gap or overlap, whatever day follow-up counts from.

    The schedule itself is asked which phase an interval belongs to that begins on the last day of each phase, and on
    the day after it.
    """
    days = 0
    strands = [(plan.name, strand) for plan in workflow.plans for strand in plan.strands]
    strands += [("expectations", strand) for strand in workflow.expectations]
    for plan, strand in strands:
        for anchor in ANCHORS if strand.phases else ():
            for day, wanted in _edges(strand, anchor):
                days += 1
                found = phase_of(strand.phases, anchor, day)
                if (None if found is None else found[0]) != wanted:
                    where = f"{plan}, {strand.name}, counted from {short(anchor)}"
                    return Tiled(days, f"{where}: {short(day)} is not in phase {wanted}.")
    return Tiled(days)


def _edges(strand: Strand, anchor: date) -> Iterator[tuple[date, int | None]]:
    """The days on both sides of every boundary, each with the phase that it belongs to; None after the last one."""
    yield anchor, 1
    for number, phase in enumerate(strand.phases, start=1):
        if phase.until is not None:
            end = phase.until.after(anchor)
            yield end - timedelta(1), number
            yield end, number + 1 if number < len(strand.phases) else None
