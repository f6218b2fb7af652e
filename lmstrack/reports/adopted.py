"""What moving cases to another version of the guideline changes, those first that get time to catch up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lmstrack.adopting import gives_time
from lmstrack.reports.report import Column, Grouping, Report, counted

if TYPE_CHECKING:
    from datetime import date

    from lmstrack.adopting import Adopted, Adoption
    from lmstrack.effects import DueChange
    from lmstrack.obligations import Obligation
    from lmstrack.reports.report import About, Cell, Row

#: What a row can be, in the order of the list.
CHANGES: Final = {
    "catch_up": "Late by the new version, and given time to catch up",
    "sooner": "Due sooner",
    "new": "Newly due",
    "gone": "No longer due",
    "later": "Due later",
    "first_day": "Due from another day on, with the same last day",
    "other": "Changed otherwise",
}
_KEYS: Final = (
    "case",
    "course",
    "strand",
    "change",
    "before_occurrence",
    "before_state",
    "before_due_from",
    "before_due_by",
    "after_occurrence",
    "after_state",
    "after_due_from",
    "after_due_by",
    "catch_up",
    "why",
    "line",
    "navigator",
    "rule",
)
_NAMES: Final = ("name", "born")
_COLUMNS: Final = (
    Column("case", "Case", "id"),
    Column("name", "Name", "text", 3, 14),
    Column("strand", "Strand", "term"),
    Column("before_due_by", "Due by now", "date"),
    Column("after_due_by", "Due by then", "date"),
    Column("after_state", "State then", "status", 2),
    Column("why", "Why", "text", 1, 16),
    Column("navigator", "Navigator", "text", 4, 8),
    Column("born", "Born", "date", 5),
    Column("rule", "Rule", "id", 6),
)
_WORDS: Final = (
    ("Due by now, due by then", "The last day of the window by the version that the case follows, and by the new one."),
    (
        "Time to catch up",
        "What would be past its last day by the new version, or nearly so, is due on a later day, as its settings say.",
    ),
)


def adoption_report(found: Adoption, about: About, *, command: str) -> Report:
    """A row for each due date that changes, and below them what becomes of every case that was looked at.

    *command* is what moves the cases, which a preview ends with.
    """
    rows = [_row(each, change, found) for each in found.cases for change in each.due]
    rows.sort(key=_place)
    totals = _totals(found)
    return Report(
        schema="lmstrack.adoption/1",
        title=f"Moving to {found.workflow}",
        rows=rows,
        keys=(*_KEYS, *_NAMES) if found.people else _KEYS,
        columns=_COLUMNS,
        grouping=_grouping(rows),
        as_of=found.as_of,
        workflow=found.workflow,
        totals=totals,
        more={"written": found.written},
        message=_sentence(found, rows) if rows else "",
        below=_below(found, totals, command),
        empty=_sentence(found, rows),
        about=replace(about, excluded=dict(found.left_out), definitions=_WORDS),
    )


def _row(each: Adopted, change: DueChange, found: Adoption) -> Row:
    before, after = change.before, change.after
    either = after or before
    row: dict[str, Cell] = {
        "case": each.case,
        "course": change.course,
        "strand": change.strand,
        "change": _kind(change),
        **_window("before", before, found.as_of),
        **_window("after", after, found.as_of),
        "catch_up": after is not None and after.catch_up,
        "why": change.why,
        "line": each.line,
        "navigator": each.navigator,
        "rule": None if either is None else either.rule,
    }
    person = found.people.get(each.case)
    if found.people:
        born = None if person is None or person.born is None else str(person.born)
        row |= {"name": None if person is None else person.name, "born": born}
    return row


def _window(name: str, obligation: Obligation | None, as_of: date) -> dict[str, Cell]:
    due_from, due_by = (None, None) if obligation is None else (obligation.due_from, obligation.due_by)
    return {
        f"{name}_occurrence": None if obligation is None else obligation.occurrence,
        f"{name}_state": None if obligation is None else str(obligation.state(as_of)),
        f"{name}_due_from": None if due_from is None else due_from.isoformat(),
        f"{name}_due_by": None if due_by is None else due_by.isoformat(),
    }


def _kind(change: DueChange) -> str:
    before, after = change.before, change.after
    if gives_time(change):
        return "catch_up"
    if before is None or after is None:
        return "new" if before is None else "gone"
    if before.due_by is None or after.due_by is None or before.due_by == after.due_by:
        return "other" if before.due_from == after.due_from else "first_day"
    return "sooner" if after.due_by < before.due_by else "later"


def _place(row: Row) -> tuple[int, str, str, str]:
    due_by = row["after_due_by"] or row["before_due_by"] or "9999"
    return (list(CHANGES).index(str(row["change"])), str(due_by), str(row["case"]), str(row["strand"]))


def _grouping(rows: list[Row]) -> Grouping:
    counts = Counter(row["change"] for row in rows)
    return Grouping(("change",), lambda row: f"{CHANGES[str(row['change'])]} ({counts[row['change']]})")


def _totals(found: Adoption) -> dict[str, object]:
    given = sum(each.gives_time for each in found.cases)
    changed = sum(bool(each.due) and not each.gives_time for each in found.cases)
    return {
        "cases": found.looked_at,
        "catch_up": given,
        "changed": changed,
        "unchanged": len(found.cases) - given - changed,
        "already": found.already,
        "left_out": dict(found.left_out),
        "findings": sum(each.findings for each in found.cases),
        "findings_gone": sum(each.findings_gone for each in found.cases),
    }


def _sentence(found: Adoption, rows: list[Row]) -> str:
    many = counted(len(found.cases), "case")
    if not found.cases:
        return f"No case {'was moved' if found.written else 'is to be moved'} to {found.workflow}."
    did = f"Moved {many} to {found.workflow}" if found.written else f"Moving {many} to {found.workflow}"
    if not rows:
        return f"{did} {'changed' if found.written else 'would change'} no due date."
    late = sum(row["change"] == "catch_up" for row in rows)
    days = counted(len(rows), "due date")
    time = f", {late} of them with time to catch up" if late else ""
    return f"{did}: {days} changed{time}." if found.written else f"{did} would change {days}{time}."


def _below(found: Adoption, totals: dict[str, object], command: str) -> tuple[str, ...]:
    reasons = ", ".join(f"{count} {reason}" for reason, count in found.left_out.items())
    parts = [
        f"{totals['catch_up']} with time to catch up",
        f"{totals['changed']} with other due dates",
        f"{totals['unchanged']} unchanged",
        f"{totals['already']} following it already",
        f"{sum(found.left_out.values())} left out{f' ({reasons})' if reasons else ''}",
    ]
    lines = [f"{counted(found.looked_at, 'case')} = {' + '.join(parts)}"]
    if totals["findings"] or totals["findings_gone"]:
        lines.append(f"Rules found not met: {totals['findings']} more, {totals['findings_gone']} less.")
    if found.written and found.cases:
        lines.append("The entry of each case can be taken back: lmstrack undo CASE")
    elif found.cases:
        lines.append(f"Nothing was written. To do it: {command}")
    return tuple(lines)
