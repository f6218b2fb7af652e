"""From a cell of a table to the value of a field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, cast

from lmstrack.dates import PartialDate
from lmstrack.errors import LmstrackError
from lmstrack.exchange.units import factor
from lmstrack.records.faults import did_you_mean, echoed
from lmstrack.records.shape import FieldShape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lmstrack.exchange.mapping import Condition, Layout, Value, Ways

_YES = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
_PLAIN = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_PARTED = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})")
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?Z?$")
_SERIAL = re.compile(r"[0-9]{1,6}(\.0+)?")
_SPREADSHEET_EPOCH = date(1899, 12, 30)  # spreadsheets believe in 29 February 1900

NO_DAY_ZERO = "day zero is not known, from which days are counted"
#: A day, month or year that belongs to no field of a record.
DATED = FieldShape(base=str, words="date, month or year")


class Unread(Exception):  # never leaves the package: it carries a sentence about one cell
    """What is wrong with a cell."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number, and its cells by the names of the columns.

    *day_zero* is None where it is not known.
    """

    number: int
    cells: Sequence[str]
    places: Mapping[str, int]
    layout: Layout
    day_zero: date | None = None

    def cell(self, column: str) -> str | None:
        """What a cell holds; None where it is one of the ways to say nothing."""
        text = self.cells[self.places[column]].strip()
        return None if text.casefold() in self.layout.missing else text

    def holds(self, conditions: Sequence[Condition]) -> bool:
        """Whether every condition holds; a cell that says nothing meets none that names values."""
        return all(self._holds(condition) for condition in conditions)

    def _holds(self, condition: Condition) -> bool:
        text = self.cells[self.places[condition.column]].strip().casefold()
        if condition.values is None:
            return (text in self.layout.missing) is condition.negated
        return (text in condition.values) is not condition.negated


def value_of(ways: Ways, row: Row, shape: FieldShape | None) -> object:
    """The first value that one of the ways gives, as a record holds it; None where none does.

    *shape* is the field's, None for plain text. Raises `Unread`.
    """
    for way in ways:
        if row.holds(way.when):
            value = _value(way, row, shape)
            if value is not None:
                return value
    return None


def _value(way: Value, row: Row, shape: FieldShape | None) -> object:
    if way.days is not None:
        return _after_day_zero(way.days, row)
    if not way.columns:
        return way.constant
    for column in way.columns:
        text = row.cell(column)
        if text is None:
            continue
        value = _from_cell(way, row, column, text, shape)
        if value is not None:
            return value
    return None


def _after_day_zero(days: str | int, row: Row) -> str | None:
    if row.day_zero is None:
        raise Unread(NO_DAY_ZERO)
    if isinstance(days, str):
        text = row.cell(days)
        if text is None:
            return None
        number = _number(text, days, row)
        if number != int(number):
            raise Unread(f"{days}: write a whole number of days")
        days = int(number)
    try:
        return (row.day_zero + timedelta(days=days)).isoformat()
    except OverflowError:
        raise Unread(f"{days} days lead out of the calendar") from None


def _from_cell(way: Value, row: Row, column: str, text: str, shape: FieldShape | None) -> object:
    if way.unit_column is not None and (row.cell(way.unit_column) or "").casefold() in way.ignored_units:
        return None
    parts = [part.strip() for part in text.split(way.split)] if way.split else [text]
    values = [_part(way, row, column, part, shape) for part in parts if part.casefold() not in row.layout.missing]
    known = [value for value in values if value is not None]
    if way.pick == "all" or (shape is not None and shape.many):
        return list(dict.fromkeys(known)) or None
    return _picked(way, known)


def _picked(way: Value, known: Sequence[object]) -> object:
    if not known:
        return None
    if way.pick == "last":
        return known[-1]
    if way.pick in {"largest", "smallest"}:
        numbers = cast("list[float]", known)
        return max(numbers) if way.pick == "largest" else min(numbers)
    return known[0]


def _part(way: Value, row: Row, column: str, text: str, shape: FieldShape | None) -> object:
    if way.find is not None:
        found = way.find.search(text)
        if found is None:
            return None
        text = found[1] if found.re.groups else found[0]
    if way.codes is not None:
        key = text.casefold()
        if key in way.codes:
            return way.codes[key]
        if way.keeps_others:
            return text
        if way.other is not None:
            return None if way.other == "" else way.other
        raise Unread(f"{column}: {echoed(text)} is not in the list of codes{did_you_mean(text, way.codes)}")
    return _typed(way, row, column, text, shape)


def _typed(way: Value, row: Row, column: str, text: str, shape: FieldShape | None) -> object:
    if shape is None:
        return text
    if shape.values:
        listed = next((value for value in shape.values if str(value).casefold() == text.casefold()), None)
        if listed is None:
            raise Unread(f"{column}: {echoed(text)} is not one of {shape.accepts}{did_you_mean(text, shape.values)}")
        return listed
    if shape.base is bool:
        if text.casefold() not in _YES:
            raise Unread(f"{column}: {echoed(text)} is neither yes nor no; give it codes")
        return _YES[text.casefold()]
    if shape.base in {int, float}:
        number = _number(text, column, row) * _factor(way, row, column, shape)
        if shape.base is int:
            if number != int(number):
                raise Unread(f"{column}: {echoed(text)} is no whole number")
            return int(number)
        return float(number)
    if shape.base is date or shape.words == "date, month or year":
        return str(date_of(text, column, row.layout))
    return text


def _number(text: str, column: str, row: Row) -> Decimal:
    plain = text.replace(",", ".") if row.layout.decimal_comma and "." not in text else text
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise Unread(f"{column}: {echoed(text)} is no number") from None
    if not number.is_finite() or abs(number) > 10**9:
        raise Unread(f"{column}: {echoed(text)} is no number")
    return number


def _factor(way: Value, row: Row, column: str, shape: FieldShape) -> Decimal:
    own = shape.limits.unit if shape.limits is not None else ""
    unit = way.unit
    if way.unit_column is not None:
        unit = row.cell(way.unit_column)
        if unit is None:
            raise Unread(f"{way.unit_column}: the unit of {column} is not known")
    by = Decimal(1) if unit is None else factor(unit, own)
    if by is None:
        raise Unread(f"{way.unit_column or column}: {echoed(unit)} cannot be brought to {own}")
    return by


def date_of(text: str, column: str, layout: Layout) -> PartialDate:
    """Read a date as the table writes it. Raises `Unread`, which does not repeat it: it may be a name."""
    bare = _MIDNIGHT.sub("", text)
    together = _TOGETHER.fullmatch(bare)
    parted = _PARTED.fullmatch(bare)
    try:
        if layout.dates == "excel" and _SERIAL.fullmatch(bare):
            return PartialDate.day(_SPREADSHEET_EPOCH + timedelta(days=int(float(bare))))
        if together is not None:
            return PartialDate.parse("-".join(together.groups()))
        if _PLAIN.fullmatch(bare):
            return PartialDate.parse(bare)
        if parted is not None and layout.dates in {"dmy", "mdy"} and len(parted[3]) == 4:
            day, month = (parted[1], parted[2]) if layout.dates == "dmy" else (parted[2], parted[1])
            return PartialDate.parse(f"{parted[3]}-{month:0>2}-{day:0>2}")
    except (LmstrackError, OverflowError) as error:
        why = getattr(error, "faults", ("there is no such day",))[0]
        raise Unread(f"{column}: {why.rstrip('.')}") from None
    order = {"dmy": "day, month, year", "mdy": "month, day, year"}.get(layout.dates, "YYYY-MM-DD")
    raise Unread(f"{column}: this is no date written as {order}")
