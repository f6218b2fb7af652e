"""Reading what a mapping says of single values: where each is found, and under which conditions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from lmstrack.exchange.mapping import Condition, Value, Ways
from lmstrack.exchange.plain import Plain
from lmstrack.exchange.units import UNITS, factor
from lmstrack.records.faults import did_you_mean, echoed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.records.shape import FieldShape

_VALUE = (
    "codes",
    "column",
    "columns",
    "compute",
    "days",
    "find",
    "ignore_units",
    "keep_others",
    "other",
    "pick",
    "split",
    "unit",
    "value",
    "when",
)
_CONDITION = ("column", "is", "is_not", "known")
_PICKS = ("first", "last", "largest", "smallest", "all")


class ValueReader(Plain):
    """Reads values, with the lists of *codes* by name; *counts_days* once any value counts from day zero."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, Mapping[str, object]] = {}
        self.counts_days = False

    def ways(self, place: str, held: object, shape: FieldShape | None) -> Ways:
        """One value, or several ways to it, of which the first counts that gives one."""
        if isinstance(held, list) and any(isinstance(each, dict) for each in held):
            return tuple(self.value(f"{place} {number}", each, shape) for number, each in enumerate(held, 1))
        return (self.value(place, held, shape),)

    def value(self, place: str, held: object, shape: FieldShape | None) -> Value:
        """One way to a value."""
        if not isinstance(held, dict):
            return Value(constant=held)
        table = self.table(place, held, _VALUE)
        ways = [name for name in ("value", "column", "columns", "days", "compute") if name in table]
        if len(ways) != 1:
            self.fault(place, "give one of column, columns, days, value and compute")
        columns = self.texts(f"{place}.columns", table.get("columns", table.get("column", [])))
        days = table.get("days")
        if days is not None:
            self.counts_days = True
            if not isinstance(days, str | int) or isinstance(days, bool):
                self.fault(f"{place}.days", "write a number of days, or the column that holds it")
        unit, unit_column = self._unit(place, table, shape)
        return Value(
            constant=table.get("value"),
            columns=columns,
            days=days,
            codes=self._codes_of(f"{place}.codes", table["codes"]) if "codes" in table else None,
            other=table.get("other"),
            keeps_others=table.get("keep_others", False) is True,
            unit=unit,
            unit_column=unit_column,
            ignored_units=frozenset(
                each.casefold() for each in self.texts(f"{place}.ignore_units", table.get("ignore_units", []))
            ),
            split=self.text(f"{place}.split", table["split"]) if "split" in table else None,
            pick=cast("Any", self.choice(f"{place}.pick", table.get("pick", "first"), _PICKS)),
            find=self._pattern(f"{place}.find", table["find"]) if "find" in table else None,
            computed=self.choice(f"{place}.compute", table["compute"], ("fnclcc",)) if "compute" in table else None,
            when=self.conditions(f"{place}.when", table.get("when", [])),
        )

    def _unit(self, place: str, table: Mapping[str, Any], shape: FieldShape | None) -> tuple[str | None, str | None]:
        held = table.get("unit")
        if held is None:
            return None, None
        own = shape.limits.unit if shape is not None and shape.limits is not None else ""
        if own not in UNITS:
            self.fault(f"{place}.unit", "this field has no unit that could be converted")
        if isinstance(held, dict):
            return None, self.needed("column", self.table(f"{place}.unit", held, ("column",)), f"{place}.unit")
        unit = self.text(f"{place}.unit", held)
        if own in UNITS and factor(unit, own) is None:
            self.fault(f"{place}.unit", f"{echoed(unit)} is none of {', '.join(UNITS[own])}")
        return unit, None

    def _codes_of(self, place: str, held: object) -> Mapping[str, object]:
        if isinstance(held, str):
            if held not in self.codes:
                self.fault(place, f"there is no list codes.{held}{did_you_mean(held, self.codes)}")
            return self.codes.get(held, {})
        return self.code_list(place, held)

    def code_list(self, place: str, held: object) -> Mapping[str, object]:
        """What cells hold, in small letters, with the value of each; None for what says nothing."""
        table = self.table(place, held)
        return {code.strip().casefold(): None if value == "" else value for code, value in table.items()}

    def _pattern(self, place: str, held: object) -> re.Pattern[str] | None:
        try:
            return re.compile(self.text(place, held))
        except re.error as error:
            self.fault(place, f"this is no pattern: {error}")
            return None

    def conditions(self, place: str, held: object) -> tuple[Condition, ...]:
        """One condition or several, which must all hold."""
        each = held if isinstance(held, list) else [held]
        return tuple(self._condition(place, one) for one in each)

    def _condition(self, place: str, held: object) -> Condition:
        table = self.table(place, held, _CONDITION)
        column = self.needed("column", table, place)
        said = [name for name in ("is", "is_not", "known") if name in table]
        if len(said) != 1:
            self.fault(place, "give one of is, is_not and known")
            return Condition(column)
        if said == ["known"]:
            known = table["known"]
            if not isinstance(known, bool):
                self.fault(f"{place}.known", "write true or false")
            return Condition(column, None, negated=known is False)
        words = self.texts(f"{place}.{said[0]}", table[said[0]])
        return Condition(column, frozenset(word.strip().casefold() for word in words), negated=said == ["is_not"])
