"""What ``lmstrack`` alone says: six lines on where things stand and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack import __version__
from lmstrack.cli.shell import database_file
from lmstrack.dates import short, worded
from lmstrack.reports.report import words

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell


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
        found = tracker.overdue()
        where = file.name if file is not None else tracker.store.url
        totals = found.totals
        first = found.rows[0] if len(found.rows) else None
        late = "Nothing is overdue."
        if first is not None and first.due_by is not None:
            days = (found.as_of - first.due_by).days
            late = f"Longest: {first.case} {words(first.strand)}, {days} days, due by {short(first.due_by)}"
        booked, closed = totals.overdue_booked, sum(totals.excluded.values())
        overdue = totals.overdue + booked
        cases = f"{totals.cases} case{'' if totals.cases == 1 else 's'}"
        return "\n".join([
            f"lmstrack {__version__} · {where} · {worded(tracker.today)}",
            f"  {cases}, {closed} closed, {totals.without_obligation} without anything due",
            f"  {overdue} overdue, {booked} of them booked; {totals.due} due; {totals.upcoming} upcoming",
            f"  {late}",
            "  lmstrack overdue · show CASE · next CASE · record CASE KIND FIELD=VALUE",
            "  lmstrack --help · lmstrack help dates",
        ])  # fmt: skip
