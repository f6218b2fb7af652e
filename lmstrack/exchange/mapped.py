"""Reading a mapping from its TOML file, or refusing it with every fault."""

from __future__ import annotations

import codecs
import tomllib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from lmstrack.errors import InvalidData, NotFound
from lmstrack.exchange.mapped_values import ValueReader
from lmstrack.exchange.mapping import MISSING, DayZero, EventMap, Layout, Refusal, TableMapping
from lmstrack.exchange.tables import SEPARATORS
from lmstrack.records import KINDS, Person
from lmstrack.records.faults import did_you_mean, echoed
from lmstrack.records.shape import shapes

if TYPE_CHECKING:
    from pathlib import Path

    from lmstrack.exchange.mapping import Ways

_TOP = (
    "about",
    "assumes",
    "case",
    "cases",
    "codes",
    "day_zero",
    "event",
    "person",
    "reject",
    "repeats",
    "row_name",
    "source",
    "table",
)
_LAYOUT = (
    "dates",
    "decimal",
    "encoding",
    "footer",
    "header_row",
    "missing",
    "not_missing",
    "only_with",
    "rows_below_header",
    "separator",
)
_EVENT = ("fields", "kind", "name", "on", "when")
_DATES = ("iso", "dmy", "mdy", "excel")


def read_mapping(path: Path) -> TableMapping:
    """The mapping in a file.

    Raises NotFound where there is no such file, InvalidData with every fault in it.
    """
    asked = f"Use the mapping {path.name}"
    try:
        tree = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise NotFound(asked, "there is no such file.", "Give a file, or the name of one in docs/mappings.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidData(asked, [f"it is not TOML: {error}"]) from None
    reader = _Reader(tree)
    mapping = reader.mapping(path.stem)
    if reader.faults:
        raise InvalidData(asked, reader.faults, "All keys: docs/import.md")
    return mapping


class _Reader(ValueReader):
    """Takes a mapping apart, noting each fault with its place."""

    def __init__(self, tree: dict[str, Any]) -> None:
        super().__init__()
        self._tree = tree

    # ---- the whole

    def mapping(self, name: str) -> TableMapping:
        tree = self.table("", self._tree, _TOP)
        for code, held in self.table("codes", tree.get("codes", {})).items():
            self.codes[code] = self.code_list(f"codes.{code}", held)
        person = self.table("person", tree.get("person", {}), (*Person.model_fields,))
        identifiers = self.table("person.identifiers", person.pop("identifiers", {}))
        person_shapes = shapes(Person)
        mapping = TableMapping(
            name=name,
            about=self.text("about", tree.get("about", "")),
            assumes=self.texts("assumes", tree.get("assumes", [])),
            source=self.text("source", tree["source"]) if "source" in tree else None,
            layout=self._layout(tree.get("table", {})),
            key=self.needed("case", tree),
            row_name=self.texts("row_name", tree.get("row_name", [])),
            repeats_are_known=self.choice("repeats", tree.get("repeats", "new"), ("new", "known")) == "known",
            only_known=self.choice("cases", tree.get("cases", "open"), ("open", "known")) == "known",
            day_zero=self._day_zero(tree["day_zero"]) if "day_zero" in tree else None,
            person={
                field: self.ways(f"person.{field}", held, person_shapes.get(field)) for field, held in person.items()
            },
            identifiers={
                system: self.ways(f"person.identifiers.{system}", held, None) for system, held in identifiers.items()
            },
            events=self._events(tree.get("event", [])),
            refusals=tuple(
                self._refusal(f"reject {number}", held)
                for number, held in enumerate(self.list("reject", tree.get("reject", [])), 1)
            ),
        )
        if not mapping.events and not mapping.person:
            self.fault("", "the mapping has neither [person] nor an [[event]], so that nothing would be read")
        if self.counts_days and mapping.day_zero is None:
            self.fault("day_zero", "days are counted, so say where they begin")
        return mapping

    def _layout(self, held: object) -> Layout:
        table = self.table("table", held, _LAYOUT)
        encoding = self.text("table.encoding", table["encoding"]) if "encoding" in table else None
        if encoding is not None and not _is_encoding(encoding):
            self.fault("table.encoding", f"there is no encoding {echoed(encoding)}")
        separator = table.get("separator")
        missing = {word.strip().casefold() for word in self.texts("table.missing", table.get("missing", []))}
        kept = {word.strip().casefold() for word in self.texts("table.not_missing", table.get("not_missing", []))}
        return Layout(
            separator=None if separator is None else self.choice("table.separator", separator, tuple(SEPARATORS)),
            encoding=encoding,
            header_row=self.count("table.header_row", table["header_row"], 1) if "header_row" in table else None,
            rows_below_header=self.count("table.rows_below_header", table.get("rows_below_header", 0), 0),
            footer=self.texts("table.footer", table.get("footer", [])),
            missing=(MISSING | missing) - kept,
            decimal_comma=self.choice("table.decimal", table.get("decimal", "point"), ("point", "comma")) == "comma",
            only_with=self.text("table.only_with", table["only_with"]) if "only_with" in table else None,
            dates=cast("Any", self.choice("table.dates", table.get("dates", "iso"), _DATES)),
        )

    def _day_zero(self, held: object) -> DayZero:
        if held == "referral":
            return DayZero(referral=True)
        table = self.table("day_zero", held, ("column", "day", "month", "year"))
        if ("year" in table) == ("column" in table):
            self.fault("day_zero", 'write {year = "COLUMN", month = 7, day = 1}, {column = "COLUMN"} or "referral"')
        return DayZero(
            year=self.text("day_zero.year", table["year"]) if "year" in table else None,
            month=min(self.count("day_zero.month", table.get("month", 1), 1), 12),
            day=min(self.count("day_zero.day", table.get("day", 1), 1), 28),
            column=self.text("day_zero.column", table["column"]) if "column" in table else None,
        )

    def _refusal(self, place: str, held: object) -> Refusal:
        table = self.table(place, held, ("because", "when"))
        return Refusal(self.conditions(f"{place}.when", table.get("when", [])), self.needed("because", table, place))

    # ---- events

    def _events(self, held: object) -> tuple[EventMap, ...]:
        events = [self._event(f"event {number}", each) for number, each in enumerate(self.list("event", held), 1)]
        names = [event.name for event in events]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.fault(f"event {name}", "several events have this name; it must tell them apart")
        return tuple(events)

    def _event(self, place: str, held: object) -> EventMap:
        table = self.table(place, held, _EVENT)
        kind = self.needed("kind", table, place)
        name = self.text(f"{place}.name", table.get("name", kind))
        place = f"event {name}"
        if kind not in KINDS:
            self.fault(f"{place}.kind", f"there is no kind of record {echoed(kind)}{did_you_mean(kind, KINDS)}")
        known = shapes(KINDS[kind]) if kind in KINDS else {}
        fields: dict[str, Ways] = {}
        for field, ways in self.table(f"{place}.fields", table.get("fields", {})).items():
            if known and field not in known:
                self.fault(f"{place}.fields", f"{kind} has no field {echoed(field)}{did_you_mean(field, known)}")
                continue
            fields[field] = self.ways(f"{place}.fields.{field}", ways, known.get(field))
        if "on" not in table:
            self.fault(place, "'on' is missing: the day on which it happened")
        return EventMap(
            name=name,
            kind=kind,
            on=self.ways(f"{place}.on", table.get("on", {"value": ""}), None),
            when=self.conditions(f"{place}.when", table.get("when", [])),
            fields=MappingProxyType(fields),
        )


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
