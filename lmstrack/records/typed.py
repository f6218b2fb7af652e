"""Records from text, as people type it on a command line and as a table of cells holds it."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from lmstrack.dates import read_typed
from lmstrack.errors import InvalidData, NotFound
from lmstrack.places import typed as typed_place
from lmstrack.records.faults import Fault, echoed, faults_in, no_such_field, not_one_of, refusal
from lmstrack.records.reading import class_of
from lmstrack.records.shape import FieldShape, shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.dates import Looking, Order, Precision
    from lmstrack.records.base import Record, Shape

S = TypeVar("S", bound="Shape")

_TRUE = {"true", "yes", "y"}
_FALSE = {"false", "no", "n"}
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_A_LINE = "line of the case's log"
_AHEAD = {"for_date", "review_on", "next_on", "until", "earliest_clinically_appropriate"}


class _Unread(Exception):  # never leaves this module: it carries the end of a sentence
    pass


def from_text(
    kind: str, pairs: Mapping[str, str], *, today: date, order: Order | None = None, asked: str = ""
) -> Record:
    """Make the record that *pairs* of field and text describe.

    True or false as true, false, yes, no, y, n; numbers with a point; dates as people type them, *order*
    being how the site writes 03/04/2026; lists with commas; objects as JSON, doses also as ``doxorubicin:75,
    dacarbazine:400``. An enumeration's value is found whatever its case. Raises what `read_record` raises.

    >>> from_text("booking", {"strand": "clinic_review", "for_date": "fri"}, today=date(2026, 11, 24))
    Booking(strand='clinic_review', for_date=datetime.date(2026, 11, 27))
    """
    return shape_from_text(class_of(kind, asked=asked), kind, pairs, today=today, order=order, asked=asked)


def shape_from_text(
    model: type[S], said: str, pairs: Mapping[str, str], *, today: date, order: Order | None = None, asked: str = ""
) -> S:
    """As `from_text`, for data that is no record, such as the extent of a tumour; *said* is what a message calls it."""
    known = shapes(model)
    faults: list[Fault] = []
    fields: dict[str, object] = {}
    failed: set[str] = set()
    for name, text in pairs.items():
        shape = known.get(name)
        if shape is None:
            faults.append(Fault(no_such_field(said, name, model), at=name))
            continue
        try:
            fields[name] = _value(name, text.strip(), shape, today, order)
        except _Unread as unread:
            failed.add(name)
            faults.append(Fault(str(unread), at=name))
    try:
        record = model.model_validate(fields)
    except ValidationError as error:
        # A field that could not be read was given all the same, so it is not also missing.
        faults += [fault for fault in faults_in(error, model, said, fields) if not fault.speaks_of(failed)]
    else:
        if not faults:
            return record
    raise refusal(asked or f"Record {said}", faults)


def _value(name: str, text: str, shape: FieldShape, today: date, order: Order | None) -> object:
    if not text:
        raise _Unread(f"{name}: nothing is written; leave the field out when it is not known")
    if shape.base is dict:
        return _doses(name, text, today, order, shape)
    if shape.model is not None or (shape.many and text.startswith("[")):
        return _from_json(name, text, shape)
    if shape.many:
        return tuple(_one(name, each.strip(), shape, today, order) for each in text.split(","))
    return _one(name, text, shape, today, order)


def _one(name: str, text: str, shape: FieldShape, today: date, order: Order | None) -> object:
    if shape.values:
        return _listed(name, text, shape)
    if shape.base is bool:
        return _flag(name, text)
    if shape.base in {int, float}:
        return _number(name, text, shape)
    if shape.base is date or shape.words == "date, month or year":
        return _dated(name, text, shape, today, order)
    return text


def _listed(name: str, text: str, shape: FieldShape) -> object:
    for value in shape.values:
        if str(value).casefold() == text.casefold():
            return value
    raise _Unread(not_one_of(name, text, shape))


def _flag(name: str, text: str) -> bool:
    word = text.casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise _Unread(f"{name}: write true or false; leave the field out when it is not known")


def _number(name: str, text: str, shape: FieldShape) -> object:
    if shape.base is int:
        if shape.words == _A_LINE and (line := _line_of_another(name, text)) is not None:
            return line
        if _WHOLE.fullmatch(text):
            return int(text)
        raise _Unread(f"{name}: write a whole number{_such_as(shape)}")
    if _NUMBER.fullmatch(text):
        return float(text)
    if _COMMA.fullmatch(text):
        raise _Unread(f"{name}: write {echoed(text.replace(',', '.'))}, with a point")
    raise _Unread(f"{name}: write a number, such as 12 or 12.5")


def _line_of_another(name: str, text: str) -> int | None:
    """A line of a case that is the same patient, None for a line of the case itself."""
    try:
        return typed_place(text)
    except NotFound as error:
        raise _Unread(f"{name}: {error.obstacle}".rstrip(".")) from None


def _such_as(shape: FieldShape) -> str:
    return f", {shape.limits}" if shape.limits is not None else ""


def _dated(name: str, text: str, shape: FieldShape, today: date, order: Order | None) -> object:
    looking: Looking = "ahead" if name in _AHEAD else "back"
    precision: Precision = "day" if shape.base is date else "year"
    try:
        found = read_typed(text, today=today, looking=looking, order=order, precision=precision)
    except InvalidData as error:
        why = " ".join([*error.faults, error.remedy]).strip()
        raise _Unread(f"{name}: {why.rstrip('.')}") from None
    return found.first if shape.base is date else str(found)


def _doses(name: str, text: str, today: date, order: Order | None, shape: FieldShape) -> object:
    if text.startswith("{"):
        return _from_json(name, text, shape)
    doses: dict[str, object] = {}
    for each in text.split(","):
        drug, colon, dose = (part.strip() for part in each.partition(":"))
        if not (drug and colon and _NUMBER.fullmatch(dose)) or drug.casefold() in doses:
            raise _Unread(f"{name}: write each name once with its number, such as doxorubicin:75,dacarbazine:400")
        doses[drug.casefold()] = float(dose)
    return doses


def _from_json(name: str, text: str, shape: FieldShape) -> object:
    begins = "[" if shape.many else "{"
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        form = '[{"…": …}]' if shape.many else '{"…": …}'
        raise _Unread(f"{name}: this is not JSON; write {form}") from None
    if not text.startswith(begins):
        raise _Unread(f"{name}: write {'a list of objects' if shape.many else 'an object'}, as JSON") from None
    return value


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    held = dict(pairs)
    if len(held) != len(pairs):
        raise ValueError
    return held
