"""What changed between two overdue lists, each row with its one cause."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from lmstrack.dates import civil_day, short
from lmstrack.places import told
from lmstrack.reports.report import Column, Grouping, Report, words

if TYPE_CHECKING:
    from lmstrack.caseload import ListChanges
    from lmstrack.differences import Change, Moment
    from lmstrack.reports.report import About, Row


def _cause(row: Row) -> str:
    """The cause, and the line that made it so: late entry, line 7 (visit)."""
    line = row["by_line"]
    by = f", {told(line)} ({words(str(row['by_kind']))})" if isinstance(line, int) else ""
    return f"{row['cause']}{by}"


_KEYS: Final = (
    "case",
    "course",
    "strand",
    "occurrence",
    "change",
    "cause",
    "by_line",
    "by_kind",
    "by_on",
    "recorded_on",
    "due_by",
    "navigator",
    "rule",
)
_NAMES: Final = ("name", "born")
_COLUMNS: Final = (
    Column("change", "Change", "status"),
    Column("case", "Case", "id"),
    Column("name", "Name", "text", 3, 16),
    Column("strand", "Strand", "term"),
    Column("due_by", "Due by", "date", 2),
    Column("cause", "Cause", "text", 0, 14, says=_cause),
    Column("navigator", "Navigator", "text", 4, 8),
)


def diff_report(found: ListChanges, about: About) -> Report:
    """The rows that are new and those that are gone, and below them how one list leads to the other."""
    rows = [_row(found, change, about.zone) for change in found.changes]
    rows.sort(key=lambda row: (row["change"] != "new", str(row["case"]), str(row["strand"])))
    new = sum(row["change"] == "new" for row in rows)
    gone = len(rows) - new
    earlier, later = found.moments
    causes = Counter(str(row["cause"]) for row in rows)
    counted = ", ".join(f"{count} {cause}" for cause, count in causes.most_common())
    return Report(
        schema="lmstrack.diff/1",
        title="What changed on the overdue list",
        rows=rows,
        keys=(*_KEYS, *(_NAMES if found.people else ())),
        columns=_COLUMNS,
        as_of=later.as_of,
        known_at=later.known_at,
        workflow=found.workflow,
        totals={"earlier": found.earlier, "new": new, "gone": gone, "later": found.later, "causes": dict(causes)},
        more={
            "earlier_as_of": earlier.as_of.isoformat(),
            "earlier_known_at": None if earlier.known_at is None else earlier.known_at.isoformat(),
        },
        message=f"{new} new and {gone} gone from {_moment(earlier, about.zone)} to {_moment(later, about.zone)}"
        f"{': ' + counted if counted else ''}.",
        below=(f"{found.earlier} then + {new} new - {gone} gone = {found.later} now",),
        empty=f"The overdue lists of {_moment(earlier, about.zone)} and {_moment(later, about.zone)} are the same.",
        grouping=Grouping(("change",), _heading),
        about=about,
    )


def _heading(row: Row) -> str:
    return "New on the list" if row["change"] == "new" else "Gone from the list"


def _moment(moment: Moment, zone: str) -> str:
    said = short(moment.as_of)
    if moment.known_at is None:
        return said
    known = civil_day(moment.known_at, zone or "UTC")
    return f"{said} (as known then)" if known == moment.as_of else f"{said} (as known on {short(known)})"


def _row(found: ListChanges, change: Change, zone: str) -> Row:
    row, event = change.row, change.event
    person = found.people.get(row.case)
    shown: dict[str, str | int | None] = {
        "case": row.case,
        "course": row.course,
        "strand": row.strand,
        "occurrence": row.occurrence,
        "change": "new" if change.new else "gone",
        "cause": str(change.cause),
        "by_line": None if event is None else event.line,
        "by_kind": None if event is None else event.kind,
        "by_on": None if event is None else event.on.isoformat(),
        "recorded_on": None if event is None else civil_day(event.recorded_at, zone or "UTC").isoformat(),
        "due_by": None if row.due_by is None else row.due_by.isoformat(),
        "navigator": row.navigator,
        "rule": row.rule,
    }
    if person is not None:
        shown |= {"name": person.name, "born": None if person.born is None else str(person.born)}
    return shown
