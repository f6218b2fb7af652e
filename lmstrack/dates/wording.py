"""How a day is shown to people. Called for every printed row, so it asks neither locale nor library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.dates.civil import MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from datetime import date

_MONTH = ("", *(name[:3] for name in MONTHS))
_WEEKDAY = tuple(name[:3] for name in WEEKDAYS)
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def short(day: date) -> str:
    """Word the day without its weekday.

    >>> from datetime import date
    >>> short(date(2026, 11, 23))
    '23 Nov 2026'
    """
    return f"{day.day} {_MONTH[day.month]} {day.year}"


def worded(day: date, today: date | None = None) -> str:
    """Word the day with its weekday and, when *today* is given, how many days it is away.

    >>> from datetime import date
    >>> worded(date(2026, 3, 3), today=date(2026, 11, 24))
    'Tue 3 Mar 2026 (266 days ago)'
    """
    said = f"{_WEEKDAY[day.weekday()]} {day.day} {_MONTH[day.month]} {day.year}"
    if today is None:
        return said
    ahead = day.toordinal() - today.toordinal()
    if -1 <= ahead <= 1:
        return f"{said} ({_NEAR[ahead]})"
    return f"{said} (in {ahead} days)" if ahead > 0 else f"{said} ({-ahead} days ago)"
