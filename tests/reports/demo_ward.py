"""The invented patients of the demo, as a ward whose reports can be looked at."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from lmstrack import Tracker
from lmstrack.demo import fill
from lmstrack.reports import About, Report
from lmstrack.reports.overdue import overdue_report
from lmstrack.reports.worklist import worklist_report

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 11, 24)
ABOUT = About(run_by="jw", zone="UTC", software="lmstrack 0")


@contextmanager
def ward(today: date = TODAY) -> Iterator[Tracker]:
    """A database in memory with sixty invented patients."""
    with Tracker.open("sqlite://", by="jw", today=today, create=True) as tracker:
        fill(tracker, today)
        yield tracker


def overdue_of(tracker: Tracker, as_of: date | None = None, navigator: str | None = None) -> Report:
    """The overdue report with all that stands behind it."""
    found = tracker.overdue(as_of=as_of, names=True)
    behind = tracker.overview(found, names=True)
    return overdue_report(found, tracker.workflow, ABOUT, navigator=navigator, behind=behind)


@cache
def full() -> Report:
    """The overdue report of the demo."""
    with ward() as tracker:
        return overdue_of(tracker)


@cache
def to_do() -> Report:
    """The worklist of the demo, every sixteenth row: enough of each kind, and soon looked at."""
    with ward() as tracker:
        report = worklist_report(tracker.worklist(names=True), ABOUT)
    return replace(report, rows=report.rows[::16])


@cache
def empty() -> Report:
    """The overdue report of a ward without patients."""
    with Tracker.open("sqlite://", by="jw", today=TODAY, create=True) as tracker:
        return overdue_of(tracker)
