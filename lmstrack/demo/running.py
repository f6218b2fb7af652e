"""The demo itself: a database of its own, filled with invented patients, and the list of who is late."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final

from lmstrack import __version__
from lmstrack.dates import PartialDate
from lmstrack.demo.patients import SEED, InventedPatient, invented_patients
from lmstrack.errors import Conflict, LmstrackError
from lmstrack.loading import IncomingCase, IncomingEvent, IncomingPerson, load
from lmstrack.reports import About, rendered
from lmstrack.reports.overdue import overdue_report
from lmstrack.tracker import Tracker

if TYPE_CHECKING:
    from lmstrack.lists import ObligationList

DATABASE: Final = "demo.db"
REPORT: Final = "overdue.html"
_SYSTEM: Final = "demo"
_EVENING: Final = time(18, tzinfo=UTC)  # after everything that was typed in that day


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What a demo leaves behind: its database, the report beside it, who is overdue, and what to try next."""

    database: Path
    report: Path
    overdue: ObligationList
    next_steps: tuple[str, ...]
    events: int


def run_demo(folder: Path | None, today: date, seed: int = SEED) -> DemoResult:
    """Make a demo in *folder*, or in a new temporary one where it is None; it stays there to be tried out.

    Raises `Conflict` where the folder holds a demo already.
    """
    where = Path(mkdtemp(prefix="lmstrack-demo-")) if folder is None else folder
    database, report = where / DATABASE, where / REPORT
    if database.exists():
        raise Conflict(
            f"Make a demo in {where}",
            f"there is a {DATABASE} already.",
            "Name another folder, or none at all.",
        )
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Tracker.open(database, by="demo", today=today, create=True) as tracker:
        events = fill(tracker, today, seed)
        overdue = tracker.overdue(names=True)
        about = About(run_by=tracker.by, zone=tracker.store.zone, software=f"lmstrack {__version__}")
        behind = tracker.overview(overdue, names=True)
        page = rendered(overdue_report(overdue, tracker.workflow, about, behind=behind), "html")
        report.write_text(page, encoding="utf-8")
        return DemoResult(database, report, overdue, _next_steps(tracker, database, overdue), events)


def fill(tracker: Tracker, today: date, seed: int = SEED) -> int:
    """Record the invented patients, each entry on the day it was typed in, and answer how many there are.

    They come in by the door of every import: what a rule refuses is refused here too.
    """
    patients = invented_patients(today, seed)
    workflow = tracker.workflow
    report = load(
        tracker.store,
        {workflow.name: workflow},
        map(_incoming, patients),
        by=tracker.by,
        at=datetime.combine(today - timedelta(1), _EVENING),
        today=today,
        source=_SYSTEM,
        commit=True,
    )
    if report.rejected:
        first = report.rejected[0]
        raise LmstrackError(
            "Fill the demo",
            f"{len(report.rejected)} entries cannot be recorded, first of {first.case}: {first.reason}.",
            "Please report this.",
        )
    return report.events


def _incoming(patient: InventedPatient) -> IncomingCase:
    events = tuple(
        IncomingEvent(
            row=event.line,
            on=PartialDate(event.on, event.precision),
            record=event.record,
            departures=event.departures,
            recorded_by=event.recorded_by,
            recorded_at=event.recorded_at,
            line=event.line,
            workflow=event.workflow,
        )
        for event in patient.log
    )
    return IncomingCase(patient.key, (IncomingPerson(1, patient.person),), events)


def _next_steps(tracker: Tracker, database: Path, overdue: ObligationList) -> tuple[str, ...]:
    """Commands that show what there is to see, each as it can be typed."""
    command = f"lmstrack --db {shlex.quote(str(database))}"
    only_x_ray = tracker.store.by_identifier(_SYSTEM, "D-0001")
    steps = [f"{command} worklist", f"{command} overdue"]
    if overdue.rows:
        first = overdue.rows[0]
        steps += [f"{command} show {first.case}", f"{command} why {first.case} {first.strand}"]
    return (
        *steps,
        f"{command} record {only_x_ray} biopsy method=core track_planned_with_surgeon=true --on yesterday",
        f"{command} timeline {only_x_ray}",
        f"{command} doctor",
    )
