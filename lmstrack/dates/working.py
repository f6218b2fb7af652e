"""The days on which something can be booked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

_SATURDAY: Final = 5


def working_day_before(day: date, holidays: Collection[date] = ()) -> date:
    """The last working day on or before *day*: no Saturday, no Sunday, and none of the *holidays*.

    >>> working_day_before(date(2026, 5, 30))  # a Saturday
    datetime.date(2026, 5, 29)
    """
    while day.weekday() >= _SATURDAY or day in holidays:
        day -= timedelta(days=1)
    return day
