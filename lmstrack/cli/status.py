"""What ``lmstrack`` alone says: six lines on where things stand and what can be done."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from lmstrack import __version__
from lmstrack.cli.shell import database_file
from lmstrack.dates import short, worded
from lmstrack.lists import IN_SCOPE
from lmstrack.needs import Need
from lmstrack.reports.report import counted, words

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell
    from lmstrack.needs import WorkItem
    from lmstrack.worklist import WorkList

#: What is due in surveillance, and for which no appointment lies ahead.
_UNBOOKED: Final = frozenset({Need.MISSED_DUE, Need.DUE, Need.PASSED_DUE, Need.TASK_DUE})


def status(shell: Shell) -> str:
    """Six lines; where there is no database, how to make one."""
    file = database_file(shell.settings.db)
    if file is not None and not file.exists():
        return "\n".join([
            f"lmstrack {__version__} · {worded(shell.today)} · no database yet",
            f"  It would be {file}; --db or LMSTRACK_DB names another.",
            "  Look around on invented patients:  lmstrack demo",
            "  Begin:                             lmstrack init",
            "  Then:                              lmstrack case add --name … --born …",
            "  All commands:                      lmstrack --help",
        ])  # fmt: skip
    with shell.tracker() as tracker:
        found = tracker.worklist(questions=False)
        where = file.name if file is not None else tracker.store.url
        first, *others = _standing(found, shell.settings.by)
        return "\n".join([
            f"lmstrack {__version__} · {where} · {worded(tracker.today)}",
            *(f"  {line}" for line in (first, *others)),
            "  lmstrack worklist · overdue · show CASE · contact CASE OUTCOME · --help",
        ])  # fmt: skip


def _standing(found: WorkList, by: str) -> tuple[str, str, str, str]:
    """How many cases there are, what is late and due, who has waited longest, and what there is to do."""
    totals, needs = found.totals, found.totals.needs
    cases = totals.cases
    closed, overdue = sum(cases.excluded.values()), cases.overdue + cases.overdue_booked
    unbooked = sum(1 for item in found if item.need in _UNBOOKED)
    results = needs.get(Need.RESULT_OVERDUE, 0) + needs.get(Need.RESULT_DUE, 0)
    mine = sum(1 for item in found if by and item.navigator == by)
    late = f"{overdue} overdue, {cases.overdue_booked} of them booked"
    due = f"{cases.due} due, {unbooked} of them not booked"
    waiting = f"{counted(results, 'result')} waiting, {counted(needs.get(Need.CALL, 0), 'call')} promised"
    steps = sum(1 for item in found if item.row is not None and item.row.group == "pathway" and _late(item, found))
    before = f"; {counted(steps, 'pathway step')} overdue" if steps else ""
    return (
        f"{counted(cases.cases, 'case')}, {closed} closed, {cases.without_obligation} without anything due{before}",
        f"{late}; {due}; {cases.upcoming} upcoming",
        _longest(found),
        f"{counted(len(found), 'thing')} to do, {mine} of them yours; {waiting}",
    )


def _late(item: WorkItem, found: WorkList) -> bool:
    return item.row is not None and item.row.due_by is not None and item.row.due_by < found.as_of


def _longest(found: WorkList) -> str:
    late = [item.row for item in found if item.row is not None and item.row.group in IN_SCOPE]
    first = min(late, key=lambda row: row.due_by or date.max, default=None)
    if first is None or first.due_by is None or first.due_by >= found.as_of:
        return "Nothing is overdue for follow-up."
    days = counted((found.as_of - first.due_by).days, "day")
    return f"Longest: {first.case} {words(first.strand)}, {days}, due by {short(first.due_by)}"
