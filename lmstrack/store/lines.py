"""A line of the log as a row: the free text apart, the rest sealed into the chain of its case."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter
from pydantic_core import to_json

from lmstrack.errors import LmstrackError
from lmstrack.events import made_event
from lmstrack.records import Departure, Merge, read_body, record_fields, with_free_text, without_free_text
from lmstrack.records.notes import may_hold_text
from lmstrack.store.faults import damaged
from lmstrack.store.tables import EVENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lmstrack.events import Event
    from lmstrack.records import Record
    from lmstrack.store.statements import Row

#: What the first line of every case holds in place of a line before it.
START: Final = "0" * 64
#: What is read where a text was lawfully erased.
ERASED: Final = "(erased)"

_HELD: Final = {table_column.name: place for place, table_column in enumerate(EVENT.c)}
_SEALED: Final = sorted((name, place) for name, place in _HELD.items() if name not in {"prev_hash", "hash"})
_AS_HISTORY: Final = _HELD["as_history"]
_BEFORE: Final = _HELD["prev_hash"]
_DEPARTURE: Final = "departures/"
_SINGLE: Final = frozenset({str, int, float, bool})
_NONE: Final[Mapping[str, Departure]] = MappingProxyType({})
_AT_MOST: Final = 4096
_DEPARTURES: Final = TypeAdapter(dict[str, Departure])


def canonical(value: object) -> str:
    """The one way in which a value is written as JSON: keys in order, no spaces, letters as they are.

    >>> canonical({"regimen": ["doxorubicin"], "cycle": 1})
    '{"cycle":1,"regimen":["doxorubicin"]}'
    """
    return to_json(_in_order(value)).decode()


def _in_order(value: object) -> object:
    if isinstance(value, dict):
        return {name: held if (held := value[name]).__class__ in _SINGLE else _in_order(held) for name in sorted(value)}
    if isinstance(value, list):
        return [_in_order(each) for each in value]
    return value


@lru_cache(maxsize=1024)  # one import writes thousands of lines at one instant
def instant_text(instant: datetime) -> str:
    """An aware instant as it is stored: UTC, six decimals, so that text sorts as time does."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def digest(salt: str, text: str) -> str:
    """What stands in a record for a text kept apart; the salt keeps short texts from being guessed."""
    return sha256(f"{salt}{text}".encode()).hexdigest()


def seal(row: Sequence[Any]) -> str:
    """The hash of a row of events: over the hash before it, and the canonical JSON of every other column.

    *row* is in the order of the columns; its last one, the hash itself, need not be there yet.
    """
    columns = {name: row[place] for name, place in _SEALED}
    # As the column says, not as the driver does: SQLite has no booleans and PostgreSQL has dates.
    columns["as_history"] = bool(row[_AS_HISTORY])
    on = columns["on_day"]
    if isinstance(on, date):
        columns["on_day"] = on.isoformat()
    # Canonical as it is: the columns stand in the order of their names, and hold nothing further in.
    return sha256(row[_BEFORE].encode() + to_json(columns)).hexdigest()


def written(event: Event, before: str) -> tuple[Row, list[Row]]:
    """The row of an event that follows the line with the hash *before*, and the rows of its free texts."""
    record = event.record
    notes: list[Row] = []
    body, departures = _body_without_text(record), "{}"
    if body is None:
        leave = partial(_left, event, notes)
        body = canonical(without_free_text(record_fields(record), record.kind, leave)[0])
    if event.departures:
        departures = canonical(
            {
                rule: {**departure.plain(), "because": _left(event, notes, _DEPARTURE + rule, departure.because)}
                for rule, departure in event.departures.items()
            }
        )
    row = (
        event.case,
        event.line,
        event.on.isoformat(),
        event.precision,
        record.kind,
        instant_text(event.recorded_at),
        event.recorded_by,
        event.source,
        event.source_id,
        body,
        departures,
        event.as_history,
        event.workflow,
        before,
    )
    return (*row, seal(row)), notes


def _left(event: Event, notes: list[Row], place: str, text: str) -> object:
    """What stands in a record for a text, which is added to the *notes*."""
    salt = os.urandom(16).hex()
    notes.append((event.case, event.line, place, salt, text))
    return {"sha256": digest(salt, text)}


def merges_in(events: Iterable[Event]) -> list[Row]:
    """The rows that the index of merges gains by these lines."""
    return [(event.case, event.line, event.record.other_case) for event in events if isinstance(event.record, Merge)]


# By the very object: a record of which many say the same is one object, and to hash it takes as long as to write it.
_bodies: Final[dict[int, tuple[Record, str]]] = {}


def _body_without_text(record: Record) -> str | None:
    """The body of a record without free text; None for one that holds some."""
    held = _bodies.get(id(record))
    if held is not None and held[0] is record:
        return held[1]
    fields = record_fields(record)
    if not may_hold_text(record.kind).isdisjoint(fields):
        return None
    if len(_bodies) >= _AT_MOST:
        _bodies.clear()
    body = canonical(fields)
    _bodies[id(record)] = (record, body)
    return body


def read(row: Row, notes: Sequence[tuple[str, str | None, str | None]], asked: str) -> Event:
    """The event of a row and its notes, each of which is field, salt and text.

    Raises StoreUnavailable where they cannot be what was written.
    """
    (
        case,
        line,
        on,
        precision,
        kind,
        at,
        by,
        source,
        source_id,
        body,
        departures,
        as_history,
        workflow,
        _,
        _,
    ) = row
    try:
        if notes:
            body, departures = _whole(body, departures, notes)
        return made_event(
            case,
            line,
            on if on.__class__ is date else date.fromisoformat(on),
            read_body(kind, body) if notes else _shared(kind, body),
            datetime.fromisoformat(at),
            by,
            precision,
            source,
            source_id,
            _NONE if departures == "{}" else MappingProxyType(_DEPARTURES.validate_json(departures)),
            bool(as_history),
            workflow,
        )
    except (LmstrackError, ValueError, TypeError, KeyError, IndexError):
        # Not the error itself: it may repeat what stands in the record.
        raise damaged(asked, f"{case} line {line}") from None


# Records are frozen, and most say what many others say. One with free text is somebody's own, and not kept.
_shared: Final = lru_cache(maxsize=_AT_MOST)(read_body)


def _whole(body: str, departures: str, notes: Sequence[tuple[str, str | None, str | None]]) -> tuple[str, str]:
    for field, salt, text in notes:
        if salt is None or text is None:
            body, departures = _with_erased(body, departures, field)
            continue
        # A string in JSON cannot hold this: its quotation marks would be escaped.
        placeholder = f'{{"sha256":"{digest(salt, text)}"}}'
        if field.startswith(_DEPARTURE):
            departures = departures.replace(placeholder, canonical(text))
        else:
            body = body.replace(placeholder, canonical(text))
    return body, departures


def _with_erased(body: str, departures: str, field: str) -> tuple[str, str]:
    if field.startswith(_DEPARTURE):
        said = json.loads(departures)
        said[field.removeprefix(_DEPARTURE)]["because"] = ERASED
        return body, canonical(said)
    return canonical(with_free_text(json.loads(body), {field: ERASED})), departures
