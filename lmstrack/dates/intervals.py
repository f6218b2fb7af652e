"""Lengths of time as workflow files write them, counted in calendar months or in whole days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from lmstrack.dates.civil import days_in_month
from lmstrack.errors import InvalidData

_MONTHS_AND_DAYS = {"day": (0, 1), "week": (0, 7), "month": (1, 0), "year": (12, 0)}
_SHORTEST_LENGTH = 28
_WRITTEN = re.compile(r"([0-9]{1,4}) ?(day|week|month|year)s?", re.ASCII | re.IGNORECASE)
_WRITTEN_RANGE = re.compile(
    r"([0-9]{1,4})(?: ?[-\u2013] ?| to )([0-9]{1,4}) ?((?:day|week|month|year)s?)", re.IGNORECASE
)


def add_months(day: date, months: int) -> date:
    """Give the same day of the month, *months* later (earlier when negative), in one step.

    A day that the month does not have becomes the month's last. So two steps are not one step, and a schedule
    that adds three months again and again drifts; always count from the start.

    Raises `InvalidData` when the answer is outside the years 1 to 9999.

    >>> add_months(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    >>> add_months(date(2024, 2, 29), 48)
    datetime.date(2028, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    of_month = day.day
    if of_month > _SHORTEST_LENGTH:  # most days exist in every month and need no look at its length
        of_month = min(of_month, days_in_month(year, month))
    try:
        return date(year, month, of_month)
    except (ValueError, OverflowError):
        raise _outside(day, f"{months} months") from None


@dataclass(frozen=True, slots=True)
class Interval:
    """A length of time in calendar *months* or in *days*, never both; both zero is no time at all.

    The two do not mix because they cannot be compared: three months are 89 to 92 days.

    Raises `InvalidData` when both are given or one is negative.
    """

    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if self.months < 0 or self.days < 0 or (self.months and self.days):
            raise InvalidData(
                f"Make an interval of {self.months} months and {self.days} days",
                ["An interval is a number of months or a number of days, none of them negative."],
            )

    @classmethod
    def parse(cls, text: str) -> Interval:
        """Read "3 months", "1 year", "6 weeks" or "42 days"; years are months and weeks are days.

        Raises `InvalidData` for anything else, "3 m" and "1.5 years" among it.

        >>> Interval.parse("1 year")
        Interval(months=12, days=0)
        >>> Interval.parse("6 weeks")
        Interval(months=0, days=42)
        """
        written = _WRITTEN.fullmatch(_single_spaced(text))
        if written is None:
            raise InvalidData(
                f"Read {_quoted(text)} as an interval",
                ["An interval is a whole number and a unit: days, weeks, months or years."],
                'Write it as "3 months", "6 weeks" or "1 year".',
            )
        return _counted(written[1], written[2])

    def after(self, day: date) -> date:
        """Give the day this long after *day*; a missing day of the month becomes the month's last.

        Raises `InvalidData` when the answer is outside the years 1 to 9999.

        >>> Interval.parse("2 years").after(date(2024, 2, 29))
        datetime.date(2026, 2, 28)
        """
        return add_months(day, self.months) if self.months else _add_days(day, self.days)

    def before(self, day: date) -> date:
        """Give the day this long before *day*; a missing day of the month becomes the month's last.

        Not always the way back from `after`. Raises `InvalidData` as `after` does.

        >>> Interval.parse("1 month").before(date(2026, 3, 31))
        datetime.date(2026, 2, 28)
        """
        return add_months(day, -self.months) if self.months else _add_days(day, -self.days)

    def __str__(self) -> str:
        size, unit = _widest_unit(self)
        return _number_of(self._count // size, unit)

    @property
    def _count(self) -> int:
        return self.months or self.days


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something is repeated: between *earliest* and *latest* after the last time.

    Both are counted in the same way, months or days. Where the guideline names one number, they are equal.

    Raises `InvalidData` when the two are counted differently or stand the wrong way round.
    """

    earliest: Interval
    latest: Interval

    def __post_init__(self) -> None:
        early, late = self.earliest, self.latest
        if (early.months and late.days) or (early.days and late.months):
            fault = "Both ends must be counted in months, or both in days."
        elif early.months > late.months or early.days > late.days:
            fault = "The earlier end stands second."
        else:
            return
        raise InvalidData(f"Make a rhythm of {early} to {late}", [fault], "Write it as 3-4 months.")

    @classmethod
    def parse(cls, text: str) -> Rhythm:
        """Read "3-4 months", "5-7 weeks" or, for a single number, "6 months".

        Raises `InvalidData` for anything else, and for a range whose ends stand the wrong way round.

        >>> Rhythm.parse("3-4 months").latest
        Interval(months=4, days=0)
        """
        written = _WRITTEN_RANGE.fullmatch(_single_spaced(text))
        if written is not None:
            unit = written[3]
            return cls(_counted(written[1], unit), _counted(written[2], unit))
        single = _WRITTEN.fullmatch(_single_spaced(text))
        if single is None:
            raise InvalidData(
                f"Read {_quoted(text)} as a rhythm",
                ["A rhythm is a whole number, or two with a dash, and a unit: days, weeks, months or years."],
                'Write it as "3-4 months" or "6 months".',
            )
        every = _counted(single[1], single[2])
        return cls(every, every)

    @property
    def is_range(self) -> bool:
        """Whether the guideline leaves room between two numbers."""
        return self.earliest is not self.latest and self.earliest != self.latest

    def __str__(self) -> str:
        if not self.is_range:
            return str(self.latest)
        size, unit = min(_widest_unit(self.earliest, self.latest), _widest_unit(self.latest))
        early, late = self.earliest._count // size, self.latest._count // size
        return f"{early}-{_number_of(late, unit)}"


def _counted(number: str, unit: str) -> Interval:
    months, days = _MONTHS_AND_DAYS[unit.lower().removesuffix("s")]
    return Interval(int(number) * months, int(number) * days)


def _widest_unit(*intervals: Interval) -> tuple[int, str]:
    """Give the widest unit that measures all of them in whole numbers, with its size in months or in days."""
    in_months = any(interval.months for interval in intervals)
    size, wide, narrow = (12, "year", "month") if in_months else (7, "week", "day")
    counts = [interval._count for interval in intervals]
    if any(counts) and not any(count % size for count in counts):
        return size, wide
    return 1, narrow


def _number_of(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _add_days(day: date, days: int) -> date:
    try:
        return day + timedelta(days)
    except OverflowError:
        raise _outside(day, f"{days} days") from None


def _outside(day: date, span: str) -> InvalidData:
    return InvalidData(
        f"Add {span} to {day.isoformat()}",
        ["The answer is outside the years 1 to 9999."],
        "Check the interval.",
    )


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    shown = text if len(text) <= 40 else f"{text[:40]}..."
    return ascii(shown)
