"""What one value of a workflow file may be: a length of time, a name, one value or several."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from lmstrack.dates import Interval, Rhythm
from lmstrack.errors import InvalidData

_LONGEST_MONTHS = 1200
_LONGEST_DAYS = 36525
_UNIT = "(day|week|month|year)s?"


def _interval(value: object) -> Interval:
    try:
        return _lived(Interval.parse(_words(value, "write a length of time, such as 6 months")))
    except InvalidData as error:
        raise _unreadable(error) from None


def _rhythm(value: object) -> Rhythm:
    try:
        rhythm = Rhythm.parse(_words(value, "write how often, such as 3-4 months or 1 year"))
    except InvalidData as error:
        raise _unreadable(error) from None
    _lived(rhythm.latest)
    return rhythm


def _lived(interval: Interval) -> Interval:
    if interval.months > _LONGEST_MONTHS or interval.days > _LONGEST_DAYS:
        # Added to a birthday it would leave the calendar, and every list with it.
        raise PydanticCustomError("unreadable", "{why}", {"why": f"{interval} is longer than any life."})
    return interval


def _words(value: object, otherwise: str) -> str:
    if isinstance(value, str):
        return value
    raise PydanticCustomError("unreadable", "{why}", {"why": f"{otherwise}."})


def _unreadable(error: InvalidData) -> PydanticCustomError:
    return PydanticCustomError("unreadable", "{why}", {"why": " ".join((*error.faults, error.remedy))})


def _single(value: object) -> object:
    if isinstance(value, bool | int | float | str) and value != "":
        return value
    raise PydanticCustomError("unreadable", "{why}", {"why": "write text, a number, true or false."})


def one_or_many(value: object) -> object:
    """Several values where one may stand alone for a list of one."""
    return value if isinstance(value, list | tuple) else (value,)


def _several(value: object) -> tuple[object, ...]:
    if value in ([], ()):
        raise PydanticCustomError("unreadable", "{why}", {"why": "nothing is listed."})
    return tuple(_single(each) for each in (value if isinstance(value, list | tuple) else (value,)))


def _as_given(value: object) -> object:
    return tuple(_single(each) for each in value) if isinstance(value, list | tuple) else _single(value)


_SINGLE_SCHEMA: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_SEVERAL_SCHEMA: dict[str, Any] = {"type": "array", "items": _SINGLE_SCHEMA, "minItems": 1}

Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
Word = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]*$")]
RuleId = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$")]
RuleFamily = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z][A-Z0-9]*(-[A-Z]+)+$")]
FieldName = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
HowMany = Annotated[int, Field(strict=True, ge=1, le=99)]
SourceId = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+([-.][a-z0-9]+)*$")]
LengthOfTime = Annotated[
    Interval,
    PlainValidator(_interval),
    WithJsonSchema({"type": "string", "pattern": f"^[0-9]+ ?{_UNIT}$", "examples": ["3 years", "42 days"]}),
]
HowOften = Annotated[
    Rhythm,
    PlainValidator(_rhythm),
    WithJsonSchema(
        {"type": "string", "pattern": f"^[0-9]+( ?(-|–| to ) ?[0-9]+)? ?{_UNIT}$", "examples": ["3-4 months"]}  # noqa: RUF001  people type both dashes
    ),
]
Flag = Annotated[bool, Field(strict=True)]
Value = bool | int | float | str
Parameter = Annotated[
    Value | tuple[Value, ...],
    PlainValidator(_as_given),
    WithJsonSchema({"anyOf": [_SINGLE_SCHEMA, {"type": "array", "items": _SINGLE_SCHEMA}]}),
]
OneOrMany = Annotated[
    tuple[Value, ...],
    PlainValidator(_several),
    WithJsonSchema({"anyOf": [_SINGLE_SCHEMA, _SEVERAL_SCHEMA]}),
]
Selects = dict[Word, OneOrMany]
Names = Annotated[
    tuple[Word, ...],
    Field(min_length=1),
    BeforeValidator(one_or_many, json_schema_input_type=Word | tuple[Word, ...]),
]
Status = Literal["verified", "secondary", "unverified", "chosen", "gap"]
OpenedBy = Literal[
    "last_treatment",
    "emergency_treatment",
    "unreported_imaging",
    "palliative_care",
    "systemic_planned",
    "suspension",
    "standing_excuse",
    "lost_to_follow_up",
    "rehabilitation_started",
    "promised_call",
]
