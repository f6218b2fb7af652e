"""From the rows of a table to incoming cases, by a mapping."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from lmstrack.dates import PartialDate
from lmstrack.errors import LmstrackError
from lmstrack.exchange.cells import DATED, NO_DAY_ZERO, Row, Unread, date_of, value_of
from lmstrack.loading import IncomingCase, IncomingEvent, IncomingPerson, Rejected
from lmstrack.records import KINDS, Person, Record, read_person, read_record, record_fields
from lmstrack.records.shape import shapes
from lmstrack.staging.fnclcc import fnclcc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lmstrack.exchange.mapping import EventMap, TableMapping, Ways
    from lmstrack.exchange.tables import Table
    from lmstrack.records.shape import FieldShape
    from lmstrack.staging.fnclcc import Fnclcc

_PERSON = shapes(Person)
_NO_REFERRAL = "no referral of this case is on record, from which days are counted"


def cases_of(
    table: Table, mapping: TableMapping, scale: Fnclcc, referral_of: Callable[[str], date | None]
) -> Iterator[IncomingCase]:
    """Every case of the table with all its rows, in the order in which the cases first appear.

    *scale* is for grades that the mapping computes. *referral_of* answers with the day of the referral that
    is on record for the case which the source calls so, None where there is none.
    """
    rows_of: dict[str, list[Row]] = {}
    places = table.places()
    unkeyed: list[Rejected] = []
    for number, cells in table.rows:
        if len(cells) < len(table.columns) or any(cell.strip() for cell in cells[len(table.columns) :]):
            said = f"the row has {len(cells)} cells, the header {len(table.columns)}"
            unkeyed.append(Rejected(number, "", said))
            continue
        row = Row(number, cells, places, mapping.layout)
        key = row.cell(mapping.key)
        if key is None:
            unkeyed.append(Rejected(number, "", f"{mapping.key}: the case is missing"))
        else:
            rows_of.setdefault(key, []).append(row)
    reading = _Reading(mapping, scale, referral_of)
    for key, rows in rows_of.items():
        yield reading.case(key, rows)
    if unkeyed:
        yield IncomingCase("", unreadable=tuple(unkeyed))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A mapping at work."""

    mapping: TableMapping
    scale: Fnclcc
    referral_of: Callable[[str], date | None]

    def case(self, key: str, rows: list[Row]) -> IncomingCase:
        """All rows of one case."""
        persons: list[IncomingPerson] = []
        events: list[IncomingEvent] = []
        unreadable: list[Rejected] = []
        tells_of_people = bool(self.mapping.person or self.mapping.identifiers)
        for bare in rows:
            faults: list[str] = []
            row = replace(bare, day_zero=self._day_zero(bare, key, faults))
            person = self._person(row, faults) if tells_of_people else None
            told = self._events(row, faults)
            if not faults and not told and (person is None or self.mapping.events):
                faults.append("the mapping makes nothing of this row")
            if faults:
                unreadable.append(Rejected(row.number, key, "; ".join(_without_what_follows(faults))))
                continue
            if person is not None:
                persons.append(IncomingPerson(row.number, person))
            events += told
        return IncomingCase(key, tuple(persons), tuple(events), tuple(unreadable), self.mapping.only_known)

    def _person(self, row: Row, faults: list[str]) -> Person | None:
        fields = {
            name: value
            for name, ways in self.mapping.person.items()
            if (value := _read(ways, row, DATED if name == "born" else _PERSON[name], faults)) is not None
        }
        identifiers = {
            system: str(value)
            for system, ways in self.mapping.identifiers.items()
            if (value := _read(ways, row, None, faults)) is not None
        }
        if identifiers:
            fields["identifiers"] = identifiers
        try:
            return read_person(fields)
        except LmstrackError as error:
            faults.extend(_faults_of(error))
            return None

    def _events(self, row: Row, faults: list[str]) -> list[IncomingEvent]:
        for refusal in self.mapping.refusals:
            if row.holds(refusal.when):
                faults.append(refusal.because)
                return []
        named = [row.cell(column) for column in self.mapping.row_name]
        name = None if not named or None in named else "/".join(cast("list[str]", named))
        if named and name is None:
            faults.append(f"{' and '.join(self.mapping.row_name)}: the name of the row is missing")
        told = (self._event(event, row, name, faults) for event in self.mapping.events if row.holds(event.when))
        return [event for event in told if event is not None]

    def _event(self, event: EventMap, row: Row, name: str | None, faults: list[str]) -> IncomingEvent | None:
        before = len(faults)
        on = _read(event.on, row, DATED, faults)
        if on is None and len(faults) == before:
            faults.append(f"{event.name}: the day is missing")
        known = shapes(KINDS[event.kind])
        fields: dict[str, object] = {}
        computed: list[str] = []
        for field, ways in event.fields.items():
            if any(way.computed for way in ways):
                computed.append(field)
            elif (value := _read(ways, row, known[field], faults)) is not None:
                fields[field] = value if not known[field].many or isinstance(value, list) else [value]
        if faults:
            return None
        try:
            for field in computed:
                if any(row.holds(way.when) for way in event.fields[field]):
                    fields[field] = self._grade(fields)
            record = read_record(event.kind, fields)
            named = None if name is None else f"{name}/{event.name}"
            if named is None and self.mapping.repeats_are_known:
                named = f"{row.cell(self.mapping.key)}/{event.kind}/{on}/{_digest(record)}"
            return IncomingEvent(row.number, PartialDate.parse(str(on)), record, source_id=named)
        except LmstrackError as error:
            faults.extend(f"{event.name}: {fault}" for fault in _faults_of(error))
            return None

    def _grade(self, fields: Mapping[str, object]) -> int | None:
        """The grade from the fields of the same report, None unless all three that it needs are there."""
        answer = fnclcc(
            self.scale,
            differentiation=cast("int | None", fields.get("differentiation")),
            mitoses_count=cast("int | None", fields.get("mitoses_count")),
            mitoses_area_mm2=cast("float | None", fields.get("mitoses_area_mm2")),
            necrosis_pct=cast("float | None", fields.get("necrosis_pct")),
        )
        # The score is known only where nothing is missing; a grade that is merely certain is left to the
        # reader.
        return None if answer.score is None else answer.grade

    def _day_zero(self, row: Row, key: str, faults: list[str]) -> date | None:
        zero = self.mapping.day_zero
        if zero is None:
            return None
        if zero.referral:
            day = self.referral_of(key)
            if day is None:
                faults.append(_NO_REFERRAL)
            return day
        column = zero.year or zero.column or ""
        text = row.cell(column)
        if text is None:
            return None
        try:
            found = date_of(text, column, row.layout)
        except Unread as unread:
            faults.append(str(unread))
            return None
        if zero.year is None:
            return found.first if found.exact else None
        return date(found.first.year, zero.month, zero.day)


def _without_what_follows(faults: Sequence[str]) -> list[str]:
    """Each fault once, without the one that only says the same from further off."""
    told = list(dict.fromkeys(faults))
    return [fault for fault in told if fault != NO_DAY_ZERO or _NO_REFERRAL not in told]


def _digest(record: Record) -> str:
    said = json.dumps(record_fields(record), sort_keys=True, ensure_ascii=False)
    return sha256(said.encode()).hexdigest()[:16]


def _read(ways: Ways, row: Row, shape: FieldShape | None, faults: list[str]) -> object:
    try:
        return value_of(ways, row, shape)
    except Unread as unread:
        faults.append(str(unread))
        return None


def _faults_of(error: LmstrackError) -> tuple[str, ...]:
    return tuple(getattr(error, "faults", ())) or (error.obstacle.rstrip("."),)
