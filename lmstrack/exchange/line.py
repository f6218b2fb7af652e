"""Reading one line of the exchange form, or naming everything that is wrong in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NoReturn

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from lmstrack.dates import PartialDate
from lmstrack.errors import LmstrackError
from lmstrack.exchange.form import ENVELOPE, LONGER, REASON
from lmstrack.loading.incoming import IncomingEvent, IncomingPerson
from lmstrack.loading.names import LONGEST, can_be_kept
from lmstrack.records import KINDS, Departure, read_person, read_record
from lmstrack.records.faults import did_you_mean, echoed, faults_in
from lmstrack.records.notes import may_hold_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lmstrack.records import Record


class Unreadable(Exception):  # never leaves the package: it carries the faults of a line
    """What is wrong with a line; *faults* holds each of them."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__(*faults)


def read_line(row: int, text: bytes) -> IncomingEvent | IncomingPerson:
    """Read one line; raises `Unreadable` with every fault."""
    fields = _object(text)
    faults: list[str] = []
    _case(fields, faults)
    kind = fields.pop("kind", None)
    fields.pop(REASON, None)
    if kind == "person":
        return _person(row, fields, faults)
    if not isinstance(kind, str) or kind not in KINDS:
        hint = did_you_mean(kind, (*KINDS, "person")) if isinstance(kind, str) else ""
        faults.append(f"there is no kind of record {echoed(kind)}{hint}" if kind is not None else "kind is missing")
        raise Unreadable(*faults)
    return _event(row, kind, fields, faults)


def key_of(text: bytes) -> str | None:
    """Find the case that a line is about; None where the line cannot be read so far."""
    try:
        fields = _object(text)
        return _case(fields, [])
    except Unreadable:
        return None


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"{name} is no number")


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    held = dict(pairs)
    if len(held) != len(pairs):
        raise Unreadable("a name stands twice in one object")
    return held


_decoded = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_once_each).decode


def _object(text: bytes) -> dict[str, object]:
    try:
        held = from_json(text, allow_inf_nan=False)
    except ValueError:
        return _strictly(text)  # it says what is wrong
    # As many names as colons after names: then none stands twice, which this reader would not see.
    if held.__class__ is dict and text.count(b'":') == len(held) and b'" :' not in text:
        return held
    return _strictly(text)


def _strictly(text: bytes) -> dict[str, object]:
    try:
        held = _decoded(text.decode("utf-8"))
    except UnicodeDecodeError:
        raise Unreadable("the line is not UTF-8; save the file with that encoding") from None
    except Unreadable:
        raise
    except (ValueError, RecursionError):
        raise Unreadable("the line is not JSON") from None
    if not isinstance(held, dict):
        raise Unreadable("a line is an object: {…}")
    return held


def _case(fields: dict[str, object], faults: list[str]) -> str | None:
    case = fields.pop("case", None)
    if isinstance(case, str) and can_be_kept(case):
        return case.strip()
    if case is None:
        faults.append("case is missing")
    elif isinstance(case, int):
        faults.append("case: write it as text, so that its zeros stay")
    else:
        faults.append("case: write the case id, or an identifier, as text")
    return None


def _person(row: int, fields: dict[str, object], faults: list[str]) -> IncomingPerson:
    try:
        person = read_person(fields)
    except LmstrackError as error:
        faults += _faults_of(error)
    if faults:
        raise Unreadable(*faults)
    return IncomingPerson(row, person)


def _event(row: int, kind: str, fields: dict[str, object], faults: list[str]) -> IncomingEvent:
    about = _about(kind, fields)
    on = _on(about.pop("on", None), faults)
    said = _said_of_itself(about, faults) if about else _NOTHING
    try:
        record = _record(kind, fields)
    except LmstrackError as error:
        faults += _with_envelope(kind, fields, _faults_of(error))
    if faults or on is None:
        raise Unreadable(*faults)
    return IncomingEvent(row, on, record, **said)  # type: ignore[arg-type]  # each was read for what it is


def _record(kind: str, fields: dict[str, object]) -> Record:
    if not may_hold_text(kind).isdisjoint(fields):
        return read_record(kind, fields)
    try:
        written = to_json(fields, inf_nan_mode="constants")
    except ValueError:  # half a character, for one: its reader says what is wrong
        return read_record(kind, fields)
    return _alike(kind, written)


@lru_cache(maxsize=4096)  # records are frozen, and most lines say what many others say
def _alike(kind: str, fields: bytes) -> Record:
    return read_record(kind, from_json(fields))


_NOTHING: dict[str, object] = {}


@cache
def _names_about(kind: str) -> dict[str, str]:
    """What a line of this kind may say of itself, by the names that it may have there."""
    own = KINDS[kind].model_fields
    names = {name: name for name in ENVELOPE if name not in own and name not in {"case", "kind"}}
    return names | {longer: name for name, longer in LONGER.items()}


def _about(kind: str, fields: dict[str, object]) -> dict[str, object]:
    """Take out what the line says of itself."""
    names = _names_about(kind)
    return {names[name]: fields.pop(name) for name in [name for name in fields if name in names]}


def _said_of_itself(about: Mapping[str, object], faults: list[str]) -> dict[str, object]:
    return {name: _SAID[name](name, value, faults) for name, value in about.items()}


def _on(value: object, faults: list[str]) -> PartialDate | None:
    if value is None:
        faults.append("on is missing: the day on which it happened")
        return None
    if not isinstance(value, str):
        faults.append("on: write a date as YYYY-MM-DD, YYYY-MM or YYYY, as text")
        return None
    try:
        return _day(value)
    except LmstrackError as error:
        faults.append(f"on: {'; '.join(_faults_of(error))}")
        return None


@lru_cache(maxsize=50_000)  # a registry's file names few days many times
def _day(text: str) -> PartialDate:
    return PartialDate.parse(text)


def _line(name: str, value: object, faults: list[str]) -> object:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        faults.append(f"{name}: write a whole number from 1")
    return value


def _flag(name: str, value: object, faults: list[str]) -> object:
    if not isinstance(value, bool):
        faults.append(f"{name}: write true or false")
    return value


def _text(name: str, value: object, faults: list[str]) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and can_be_kept(value):
        return value.strip()
    faults.append(f"{name}: write text of 1 to {LONGEST} characters")
    return None


def _instant(name: str, value: object, faults: list[str]) -> datetime | None:
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        if instant is not None and instant.utcoffset() is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    faults.append(f"{name}: write an instant with its offset, such as 2026-01-15T09:30:00+00:00")
    return None


def _departures(name: str, value: object, faults: list[str]) -> dict[str, Departure]:
    if value is None:
        return {}
    found: dict[str, Departure] = {}
    if not isinstance(value, dict):
        faults.append(f'{name}: write an object, such as {{"LMS-DX-12": {{"because": "…", "agreed_by": "…"}}}}')
        return found
    for rule, given in value.items():
        if not can_be_kept(rule):
            faults.append("departures: name the rule that is departed from")
            continue
        try:
            found[rule] = Departure.model_validate(given)
        except ValidationError as error:
            faults += [f"departures.{rule}: {fault.sentence}" for fault in faults_in(error, Departure, rule, given)]
    return found


_SAID: Final[Mapping[str, Callable[[str, object, list[str]], object]]] = {
    "source": _text,
    "source_id": _text,
    "recorded_by": _text,
    "workflow": _text,
    "line": _line,
    "as_history": _flag,
    "recorded_at": _instant,
    "departures": _departures,
}


def _faults_of(error: LmstrackError) -> list[str]:
    return list(getattr(error, "faults", ())) or [error.obstacle.rstrip(".")]


def _with_envelope(kind: str, fields: Mapping[str, object], faults: list[str]) -> list[str]:
    """Name what the line may say of itself too, where a name is neither that nor a field of the kind."""
    near = {
        f"{kind} has no field {echoed(name)}": did_you_mean(name, (*KINDS[kind].model_fields, *ENVELOPE))
        for name in fields
        if name not in KINDS[kind].model_fields
    }
    return [next((begin + end for begin, end in near.items() if fault.startswith(begin)), fault) for fault in faults]
