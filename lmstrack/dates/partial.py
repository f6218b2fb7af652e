"""A day, a month or a year, as exactly as it is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lmstrack.dates.civil import EARLIEST_YEAR, LATEST_YEAR, calendar_fault, days_in_month
from lmstrack.errors import InvalidData

Precision = Literal["day", "month", "year"]

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_ISO_LENGTH: dict[Precision, int] = {"day": 10, "month": 7, "year": 4}


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """Some day from *first* to `last`; which one is known only when the *precision* is "day".

    Sorts by the first possible day, the more exact before the less exact.

    Raises `InvalidData` when *first* is not the first day of its month or year.
    """

    first: date
    precision: Precision

    def __post_init__(self) -> None:
        if self.precision == "day":
            return
        if self.first.day != 1 or (self.precision == "year" and self.first.month != 1):
            raise InvalidData(
                f"Make a date of {self.first.isoformat()}, known to the {self.precision}",
                [f"It must begin with the first day of the {self.precision}."],
            )

    @classmethod
    def of(cls, when: date | str | PartialDate) -> PartialDate:
        """What was given: a day, a text that `parse` reads, or itself.

        Raises `InvalidData` for what `parse` refuses, and for an instant: which day it is depends on where one is.
        """
        if isinstance(when, PartialDate):
            return when
        if isinstance(when, datetime):
            raise InvalidData("Read a date", ["An instant was given, not a day."], "Give its day: instant.date().")
        return cls.parse(when) if isinstance(when, str) else cls.day(when)

    @classmethod
    def day(cls, day: date) -> PartialDate:
        """Wrap a day that is known exactly."""
        return cls(day, "day")

    @classmethod
    def parse(cls, iso: str) -> PartialDate:
        """Read 2026-03-04, 2026-03 or 2026; the length says how exactly the date is known.

        Raises `InvalidData` for any other text, for a day that does not exist, and for years before 1850 or
        after 2200.

        >>> PartialDate.parse("2026-03").last
        datetime.date(2026, 3, 31)
        """
        if iso[4:5] == iso[7:8] == "-" and len(iso) == _ISO_LENGTH["day"]:  # most dates, and quicker read
            try:
                exactly = date.fromisoformat(iso)
            except ValueError:
                pass  # what follows says why
            else:
                if EARLIEST_YEAR <= exactly.year <= LATEST_YEAR:
                    return cls(exactly, "day")
        written = _ISO.fullmatch(iso)
        if written is None:
            # The text is not repeated: where columns are swapped it may be a name.
            raise InvalidData(
                "Read a date",
                ["It is not written as YYYY-MM-DD, YYYY-MM or YYYY."],
                "Write 2026-03-04, or 2026-03 or 2026 where less is known.",
            )
        year, month, day = (int(part) if part else 1 for part in written.groups())
        fault = calendar_fault(year, month, day)
        if fault is not None:
            raise InvalidData(f"Read {iso} as a date", [fault], "Check the day, the month and the year.")
        precision: Precision = "day" if written[3] else "month" if written[2] else "year"
        return cls(date(year, month, day), precision)

    @classmethod
    def exact_day(cls, when: date | str) -> date:
        """The one day that was given, as such or as text. Raises `InvalidData` for a month or a year too.

        >>> PartialDate.exact_day("2026-03-04")
        datetime.date(2026, 3, 4)
        """
        found = cls.of(when)
        if not found.exact:
            raise InvalidData(f"Read {found} as a day", [f"It is a whole {found.precision}."], "Write 2026-03-04.")
        return found.first

    @property
    def last(self) -> date:
        """The last day that it can be."""
        if self.precision == "day":
            return self.first
        if self.precision == "month":
            return self.first.replace(day=days_in_month(self.first.year, self.first.month))
        return self.first.replace(month=12, day=31)

    @property
    def exact(self) -> bool:
        """Whether the day itself is known."""
        return self.precision == "day"

    def __str__(self) -> str:
        return self.first.isoformat()[: _ISO_LENGTH[self.precision]]
