"""A mapping: which column of a table is which field. What it may say, once it has been found to be right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Pick = Literal["first", "last", "largest", "smallest", "all"]
Dates = Literal["iso", "dmy", "mdy", "excel"]

#: How a cell says that it holds nothing, whatever the mapping says besides.
MISSING = frozenset(
    {
        "",
        "-",
        "--",
        "?",
        "#n/a",
        "[discrepancy]",
        "[not applicable]",
        "[not available]",
        "[not evaluated]",
        "[unknown]",
        "n/a",
        "na",
        "nan",
        "not applicable",
        "not available",
        "null",
        "unknown",
    }
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written; None where that is to be found out.

    Rows in which the column *only_with* is blank are no data; None: all rows are.
    """

    separator: str | None = None
    encoding: str | None = None
    header_row: int | None = None
    rows_below_header: int = 0
    footer: tuple[str, ...] = ()
    missing: frozenset[str] = MISSING
    decimal_comma: bool = False
    dates: Dates = "iso"
    only_with: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What a cell must hold: one of *values* (in small letters), or none of them; any value, or no value."""

    column: str
    values: frozenset[str] | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """One way to a value.

    *constant* is the value itself; else it is read from the first column that holds one. *days* counts from
    day zero: a number, or the column that holds it. *codes* maps what cells hold, in small letters, to
    values, None meaning that nothing is known; *other* is for what is not listed, which is a fault where it
    is None, unless *keeps_others* leaves such cells as they are. *unit* is what the cell counts in, or
    *unit_column* holds it; a cell in one of *ignored_units* holds nothing. *computed* names a calculator,
    which reads the fields of the same event. All of *when* must hold.
    """

    constant: object = None
    columns: tuple[str, ...] = ()
    days: str | int | None = None
    codes: Mapping[str, object] | None = None
    other: object = None
    keeps_others: bool = False
    unit: str | None = None
    unit_column: str | None = None
    ignored_units: frozenset[str] = frozenset()
    split: str | None = None
    pick: Pick = "first"
    find: re.Pattern[str] | None = None
    computed: str | None = None
    when: tuple[Condition, ...] = ()

    def named(self) -> Iterator[str]:
        """The columns that it speaks of."""
        yield from self.columns
        yield from (name for name in (self.days, self.unit_column) if isinstance(name, str))
        yield from (condition.column for condition in self.when)


#: The first that gives a value counts.
Ways = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class DayZero:
    """Where counts of days begin: on a day of the year in a column, on a date, or at the referral."""

    year: str | None = None
    month: int = 1
    day: int = 1
    column: str | None = None
    referral: bool = False


@dataclass(frozen=True, slots=True)
class EventMap:
    """One event that a row may tell of. *name* tells it from the others of the row, for ever."""

    name: str
    kind: str
    on: Ways
    when: tuple[Condition, ...] = ()
    fields: Mapping[str, Ways] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows that are not to be taken, and why."""

    when: tuple[Condition, ...]
    because: str


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A whole mapping. *assumes* says in sentences what the file does not, and is taken all the same.

    *key* is the column that names the case. *row_name* are the columns which together name a row in its
    source, empty where nothing does; *repeats_are_known* then takes what says the same of the same day for
    the same. *only_known* takes rows for cases on record alone.
    """

    name: str
    about: str
    assumes: tuple[str, ...]
    source: str | None
    layout: Layout
    key: str
    row_name: tuple[str, ...]
    repeats_are_known: bool
    only_known: bool
    day_zero: DayZero | None
    person: Mapping[str, Ways]
    identifiers: Mapping[str, Ways]
    events: tuple[EventMap, ...]
    refusals: tuple[Refusal, ...]

    def columns(self) -> list[str]:
        """Every column that it speaks of, each once."""
        named = [self.key, *self.row_name, *([self.layout.only_with] if self.layout.only_with else [])]
        if self.day_zero is not None:
            named += [name for name in (self.day_zero.year, self.day_zero.column) if name is not None]
        ways = [*self.person.values(), *self.identifiers.values()]
        conditions = [condition for refusal in self.refusals for condition in refusal.when]
        for event in self.events:
            ways += [event.on, *event.fields.values()]
            conditions += event.when
        named += [name for each in ways for value in each for name in value.named()]
        named += [condition.column for condition in conditions]
        return list(dict.fromkeys(named))
