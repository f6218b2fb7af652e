"""What a treatment, or the plan of one, asks for afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.openers.view import TREATMENTS, Opened
from lmstrack.records import Mdt, TreatmentCompleted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.events import Event
    from lmstrack.openers.view import View
    from lmstrack.plans import Strand


#: What begins a treatment, ends it, or plans none.
_OF_TREATMENT = TREATMENTS | {"treatment_completed", "mdt"}


def last_treatment(view: View, _: Strand) -> Iterator[Opened]:
    """Every run of treatments asks for one summary, counted from the last of them.

    A plan of the team to watch and wait asks for it too, until a summary has said so.
    """
    last: Event | None = None
    summarised = False
    for event in view.of_kinds(_OF_TREATMENT):
        kind = event.record.kind
        if kind in TREATMENTS:
            last = last if view.history(event) else event
        elif kind == "treatment_completed":
            summarised = True
            if last is not None:
                yield Opened(last, ended_by=event)
                last = None
        elif last is None and not summarised and _watches(event):
            last = event
    if last is not None:
        yield Opened(last)


def _watches(event: Event) -> bool:
    plan = event.record.plan if isinstance(event.record, Mdt) else None
    return bool(plan) and all(each.treatment == "observation" for each in plan or ())


def emergency_treatment(view: View, strand: Strand) -> Iterator[Opened]:
    """Every emergency treatment asks for the team to meet about it."""
    for event in view.of_kinds(TREATMENTS):
        if event.record.__dict__.get("emergency") and view.treats(event):
            # A meeting of the same day counts, although the order of kinds puts it before the treatment.
            later = (other for other in view.course.events if other.on >= event.on)
            yield Opened(event, ended_by=next((each for each in later if view.serves(each, strand.done_by)), None))


def palliative_care(view: View, strand: Strand) -> Iterator[Opened]:
    """Reviewed on the agreed day, and again after every review, until something else follows."""
    if not any(_next(event) == "palliative_care" for event in view.of_kind("treatment_completed")):
        return
    running: Opened | None = None
    for event in view.course.events:
        record = event.record
        if isinstance(record, TreatmentCompleted):
            if running is not None:
                yield running._replace(ended_by=event)
            running = Opened(event, record.review_on, review=True) if _next(event) == "palliative_care" else None
        elif running is not None and view.serves(event, strand.done_by):
            due = running.window(running.phase(strand), view.settings)
            if due is not None and due.counts_from is not None and event.on >= due.counts_from:
                yield running._replace(ended_by=event)
                running = Opened(event, review=True)
    if running is not None:
        yield running


def _next(completed: Event) -> str | None:
    return completed.record.next if isinstance(completed.record, TreatmentCompleted) else None


def systemic_planned(view: View, _: Strand) -> Iterator[Opened]:
    """Where systemic care follows a treatment, it begins, or somebody says what follows instead."""
    for event in view.of_kind("treatment_completed"):
        record = event.record
        if isinstance(record, TreatmentCompleted) and record.next == "systemic_care":
            begun = view.first_after(event, lambda later: view.treats(later) or later.kind == "treatment_completed")
            yield Opened(event, record.review_on, begun)
