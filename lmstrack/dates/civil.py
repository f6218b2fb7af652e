"""The calendar itself: its names, the lengths of its months, and why a day does not exist."""

from __future__ import annotations

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""In the order of `date.weekday()`. English always: the locale of the machine is never asked."""

EARLIEST_YEAR = 1850
LATEST_YEAR = 2200
"""Years outside these are slips of the finger (1061, 20226), never a birth and never a booking."""

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_in_month(year: int, month: int) -> int:
    """How many days the month has; *month* is 1 to 12.

    >>> days_in_month(2024, 2), days_in_month(1900, 2)
    (29, 28)
    """
    if month == 2 and year % 4 == 0 and (year % 100 or year % 400 == 0):
        return 29
    return _LENGTHS[month - 1]


def calendar_fault(year: int, month: int = 1, day: int = 1) -> str | None:
    """Why there is no such day, or none that is believed, in words; `None` when the day exists.

    >>> calendar_fault(2026, 2, 31)
    'February 2026 has 28 days.'
    """
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return f"The year {year} is outside {EARLIEST_YEAR} to {LATEST_YEAR}."
    if not 1 <= month <= 12:
        return f"There is no month {month}."
    length = days_in_month(year, month)
    if day < 1:
        return "The days of a month begin with 1."
    if day > length:
        return f"{MONTHS[month - 1]} {year} has {length} days."
    return None
