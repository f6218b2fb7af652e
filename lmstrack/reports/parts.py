"""What a report has beside its rows: counts, further lists, days for a calendar, a cell to be filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from lmstrack.reports.report import Column, Row


@dataclass(frozen=True, slots=True)
class Counted:
    """What the rows amount to, a line a group: its name, then a number or a text for each further heading.

    *drawn* says that the first number of each line is worth a picture; *note* tells what is counted.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    note: str = ""
    drawn: bool = False

    def bars(self) -> list[tuple[str, int]]:
        """The name and the first number of each line."""
        return [(str(name), int(number)) for name, number, *_ in self.rows]


@dataclass(frozen=True, slots=True)
class Part:
    """A further list of the report; *empty* says what it means that there is nothing on it."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    empty: str

    def without(self, keys: Collection[str]) -> Part:
        """The same list without some keys of its rows."""
        return replace(
            self,
            columns=tuple(column for column in self.columns if column.key not in keys),
            rows=[{key: value for key, value in row.items() if key not in keys} for row in self.rows],
        )


@dataclass(frozen=True, slots=True)
class FillIn:
    """Two cells of each row that people write in: what came of it, a word of those *allowed*, and on which day."""

    heading: str
    allowed: tuple[str, ...]
    told: str
    day: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day for a calendar, with neither names nor diagnoses in it.

    *key* names it for ever. *revision* grows with every entry that may have changed it. What is no longer wanted is
    *cancelled*, so that it leaves the calendars that have it.
    """

    key: tuple[str, ...]
    on: date
    summary: str
    told: str
    revision: int
    cancelled: bool = False
