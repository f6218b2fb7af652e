"""What an overdue list amounts to: by how long, by whom, where, what, and how often things are done in time."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING, Final

from lmstrack.dates import short
from lmstrack.obligations import ObligationState
from lmstrack.reports.parts import Counted
from lmstrack.reports.report import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from lmstrack.listing import Listed
    from lmstrack.overview import Overview
    from lmstrack.reports.report import Cell, Row

#: The last day late of each group of an ageing, in days, and its name; nothing is older than the last.
_AGES: Final = (
    (14, "1-14 days"),
    (30, "15-30 days"),
    (60, "31-60 days"),
    (90, "61-90 days"),
    (365, "91-365 days"),
    (1826, "over 1 year"),
    (None, "over 5 years"),
)
#: The quantile of the normal distribution that leaves 2.5 per cent above it.
_Z95: Final = 1.959963984540054


# ---- counts


def counts_of(rows: Sequence[Row], behind: Overview, as_of: date, navigator: str | None = None) -> tuple[Counted, ...]:
    """The tables that sum the rows up, each of which adds up to all of them, and how much was done in time.

    *navigator* is whose patients the rows are of, None for everybody's.
    """
    came_due = [row for row in behind.came_due if navigator is None or row.navigator == navigator]
    return (
        _ageing(rows),
        _by(rows, "By navigator", "Navigator", lambda row: as_named(row["navigator"])),
        _by(rows, "By site of the tumour", "Site", lambda row: words(as_named(behind.sites.get(str(row["case"]))))),
        _by(rows, "By what is due", "What", lambda row: words(str(row["strand"]))),
        _in_time(came_due, behind.since, as_of),
    )


def as_named(value: Cell) -> str:
    """A value by which rows are sorted into groups, in words where there is none."""
    return "not known" if value is None else str(value)


def _ageing(rows: Iterable[Row]) -> Counted:
    found = Counter(_age(days) for row in rows if isinstance(days := row["days_overdue"], int))
    return Counted(
        "How long it is overdue",
        ("Overdue by", "Items"),
        tuple((name, found[name]) for _, name in _AGES),
        "Days after the last day of the window. Over 1 year is from 366 days on, over 5 years from 1827.",
        drawn=True,
    )


def _age(days: int) -> str:
    return next(name for last, name in _AGES if last is None or days <= last)


def _by(rows: Iterable[Row], title: str, heading: str, named: Callable[[Row], str]) -> Counted:
    items: Counter[str] = Counter()
    patients: dict[str, set[Cell]] = {}
    longest: dict[str, int] = {}
    for row in rows:
        name, days = named(row), row["days_overdue"]
        items[name] += 1
        patients.setdefault(name, set()).add(row["case"])
        longest[name] = max(longest.get(name, 0), days if isinstance(days, int) else 0)
    ordered = sorted(items, key=lambda name: (-items[name], name))
    return Counted(
        title,
        (heading, "Items", "Patients", "Longest, days"),
        tuple((name, items[name], len(patients[name]), longest[name]) for name in ordered),
    )


# ---- how much was done in time


def _in_time(came_due: Iterable[Listed], since: date, as_of: date) -> Counted:
    done: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    waived = 0
    for row in came_due:
        if row.due_by is None or row.due_by < since:
            continue
        if _waived(row, as_of):
            waived += 1
            continue
        for name in (words(row.strand), "all"):
            asked[name] += 1
            done[name] += _kept(row, as_of)
    ordered = sorted(asked, key=lambda name: (name == "all", name))
    return Counted(
        "Done in time, of what came due in the last 12 months",
        ("What", "In time", "Of", "Share", "95 % interval"),
        tuple((name, done[name], asked[name], *shares(done[name], asked[name])) for name in ordered),
        f"Last day of the window from {short(since)} on and before {short(as_of)}. What was open when that day passed "
        f"was not in time, whatever became of it. Left out: {waived} excused, on hold or closed before. "
        "The interval is that of Wilson.",
    )


def _waived(row: Listed, as_of: date) -> bool:
    """Whether nobody could be late with it: excused, on hold or closed before its last day was over."""
    over = {
        ObligationState.EXCUSED: row.ended_on,
        ObligationState.CLOSED: row.ended_on,
        ObligationState.SUSPENDED: row.suspended_from,
    }.get(row.state(as_of))
    return over is not None and row.due_by is not None and over <= row.due_by


def _kept(row: Listed, as_of: date) -> bool:
    if row.state(as_of) is not ObligationState.FULFILLED or row.ended_on is None or row.due_by is None:
        return False
    return row.ended_on <= row.due_by


def shares(done: int, of: int) -> tuple[str, str]:
    """A share in per cent, and its interval.

    >>> shares(41, 52)
    ('79 %', '66 to 88 %')
    """
    low, high = wilson(done, of)
    return f"{100 * done / of:.0f} %", f"{100 * low:.0f} to {100 * high:.0f} %"


def wilson(done: int, of: int) -> tuple[float, float]:
    """Between which shares, 0 to 1, the true one lies with 95 per cent confidence; *of* is at least 1.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.

    >>> [round(share, 4) for share in wilson(0, 10)]
    [0.0, 0.2775]
    """
    share, z2 = done / of, _Z95**2
    middle = share + z2 / (2 * of)
    spread = _Z95 * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    whole = 1 + z2 / of
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
