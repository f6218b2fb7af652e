"""What every report is: rows, what they add up to, what they stand on, and how a terminal shows them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, datetime

    from lmstrack.reports.parts import CalendarDay, Counted, FillIn, Part

Cell = str | int | float | bool | None | Mapping[str, object] | Sequence[object]
Row = Mapping[str, Cell]

Kind = Literal["text", "id", "date", "number", "status", "term"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table that people see.

    *keep* orders what is dropped where the terminal is narrow: 0 is never dropped, the highest number goes
    first. Only text may be wrapped; an id, a date, a number, a status or a term never is. *least* is the width
    below which a column of text is dropped rather than wrapped. A term is a name of the workflow, such as that
    of a strand or a state, which people are shown in words. *says* gives what people are shown of a row where
    that is more than the value; programs get the value.
    """

    key: str
    heading: str
    kind: Kind = "text"
    keep: int = 0
    least: int = 16
    says: Callable[[Row], Cell] | None = None

    def shown(self, row: Row) -> str:
        """What people are shown of a row."""
        text = as_text(row.get(self.key) if self.says is None else self.says(row))
        return words(text) if self.kind == "term" else text


@dataclass(frozen=True, slots=True)
class Grouping:
    """Rows that stand together in a table and on a page, under a line of their own.

    Rows belong together where they agree in the first of *keys*. *line* gives the line above them, which tells
    what the *keys* hold, so that these are no columns there.
    """

    keys: tuple[str, ...]
    line: Callable[[Row], str]

    def groups(self, rows: Sequence[Row]) -> list[list[Row]]:
        """The rows of each group, in the order in which the first of each stands."""
        found: dict[object, list[Row]] = {}
        for row in rows:
            found.setdefault(row.get(self.keys[0]), []).append(row)
        return list(found.values())


@dataclass(frozen=True, slots=True)
class About:
    """What a reader needs to judge a report.

    *scope* says in words what was looked at; *excluded* gives cases left out per reason; *gaps* are points
    that the source leaves open, with the reading that was taken. On *holidays* nothing can be booked.
    """

    run_by: str = ""
    zone: str = ""
    scope: str = ""
    software: str = ""
    head: str = ""
    holidays: Collection[date] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)
    definitions: tuple[tuple[str, str], ...] = ()
    gaps: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Rows with everything that belongs to them.

    *schema* names the form that is promised to programs, such as ``lmstrack.overdue/1``; *keys* are the keys
    of a row in their order. *message* is the first sentence; *below* stands under a list, the reconciliation
    among it; *empty* says what to do where there are no rows. *more* are further top-level keys of the JSON.
    *known_at* None means everything on record. *pairs* says that the rows are an item and its value each.

    Formats that have the room show more. *details* are the columns of keys that *columns* leave out; *counts* are
    tables of what the rows amount to; *parts* are further lists. *divided* is a key by whose values the rows are also
    given apart, such as the navigator. *row_key* are the keys that name a row for ever, and *fill_in* is a cell of each
    row that people write in. *calendar* has the days of the rows, None where they have none.
    """

    schema: str
    title: str
    rows: Sequence[Row]
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    as_of: date | None = None
    known_at: datetime | None = None
    workflow: str | None = None
    totals: Mapping[str, object] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)
    message: str = ""
    below: tuple[str, ...] = ()
    empty: str = ""
    about: About = field(default_factory=About)
    grouping: Grouping | None = None
    pairs: bool = False
    details: tuple[Column, ...] = ()
    counts: tuple[Counted, ...] = ()
    parts: tuple[Part, ...] = ()
    divided: str | None = None
    row_key: tuple[str, ...] = ()
    fill_in: FillIn | None = None
    calendar: tuple[CalendarDay, ...] | None = None

    def column(self, key: str) -> Column:
        """How a key of the rows is shown; one that nobody described is text under its own name."""
        return next(
            (column for column in (*self.columns, *self.details) if column.key == key),
            Column(key, words(key).capitalize()),
        )

    def columns_beside(self) -> tuple[Column, ...]:
        """The columns in which something stands and which the line above a group does not tell."""
        told = self.grouping.keys if self.grouping is not None else ()
        columns = (column for column in self.columns if column.key not in told)
        return tuple(column for column in columns if any(column.shown(row) for row in self.rows))

    def without(self, *keys: str) -> Report:
        """The same report without some keys of its rows."""
        gone = set(keys)
        return replace(
            self,
            rows=[{key: value for key, value in row.items() if key not in gone} for row in self.rows],
            keys=tuple(key for key in self.keys if key not in gone),
            columns=tuple(column for column in self.columns if column.key not in gone),
            parts=tuple(part.without(gone) for part in self.parts),
        )


def words(name: str) -> str:
    """A name of the workflow as people say it.

    >>> words("clinic_review"), words("mdt_review"), words("abdomen_pelvis_imaging")
    ('clinic review', 'MDT review', 'abdomen/pelvis imaging')
    """
    return name.replace("abdomen_pelvis", "abdomen/pelvis").replace("_", " ").replace("mdt", "MDT")


def counted(number: object, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "day"), counted(2, "due date")
    ('1 day', '2 due dates')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def as_text(value: Cell) -> str:
    """A cell as text: nothing for what is not known, yes and no for a flag, parts of a whole with semicolons.

    The fields of a record read as they are typed.

    >>> as_text({"mrn": "007", "his": "x"})
    'mrn=007; his=x'
    >>> as_text({"regions": ["chest", "brain"], "adequate": True})
    'regions=chest,brain; adequate=true'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={_typed(each)}" for name, each in value.items())
    if isinstance(value, Sequence):
        return "; ".join(_part(each) for each in value)
    return str(value)


def _part(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_typed(each)}" for name, each in value.items() if each is not None)
    return _typed(value)


def _typed(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, Sequence) and all(isinstance(each, str) and "," not in each for each in value):
        return ",".join(value)
    return json.dumps(value, ensure_ascii=False)
