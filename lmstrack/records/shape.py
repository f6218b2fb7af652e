"""What a field holds, read once from its annotation, for messages, help and typed text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from lmstrack.records.base import Means, Physical, Shape


@dataclass(frozen=True, slots=True)
class FieldShape:
    """What one field holds.

    *base* is bool, int, float, str, date, a nested model, or dict for a number by name; *many* marks a list
    of them. *values* are the only ones allowed, empty where any is. *limits* is None where there is no range. *past*
    marks a day on which something was done.
    """

    base: type
    many: bool = False
    values: tuple[str | int, ...] = ()
    limits: Physical | None = None
    words: str = ""
    free: bool = False
    past: bool = False
    required: bool = False

    @property
    def model(self) -> type[Shape] | None:
        """The nested model, None where the field holds none."""
        return self.base if issubclass(self.base, Shape) else None

    @property
    def accepts(self) -> str:
        """The values that are allowed, as people read them."""
        return ", ".join(str(value) for value in self.values)


@dataclass(slots=True)
class _Parts:
    base: type = str
    many: bool = False
    values: tuple[str | int, ...] = ()
    limits: Physical | None = None
    means: Means = field(default=Means(""))


def _read(annotation: Any, parts: _Parts) -> _Parts:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *notes = get_args(annotation)
        _read(inner, parts)
        _note(notes, parts)
    elif origin is Literal:
        parts.values = get_args(annotation)
        parts.base = type(parts.values[0])
    elif origin in {Union, UnionType}:
        _read(next(arm for arm in get_args(annotation) if arm is not type(None)), parts)
    elif origin is tuple:
        parts.many = True
        _read(get_args(annotation)[0], parts)
    elif origin is Mapping:
        parts.base = dict
        _, number = get_args(annotation)
        _note(get_args(number)[1:], parts)
    elif isinstance(annotation, type):
        parts.base = annotation
    return parts


def _note(notes: Any, parts: _Parts) -> None:
    for note in notes:
        if isinstance(note, Means):
            parts.means = note
        elif isinstance(note, Physical):
            parts.limits = note


@cache
def shapes(model: type[Shape]) -> Mapping[str, FieldShape]:
    """Every field of *model* in the order of its declaration."""
    found: dict[str, FieldShape] = {}
    for name, info in model.model_fields.items():
        parts = _Parts()
        _note(info.metadata, parts)
        _read(info.annotation, parts)
        found[name] = FieldShape(
            base=parts.base,
            many=parts.many,
            values=parts.values,
            limits=parts.limits,
            words=_words(parts),
            free=parts.means.free,
            past=parts.means.past,
            required=info.is_required(),
        )
    return MappingProxyType(found)


def days_told(held: Shape) -> Mapping[str, date]:
    """The days on which something was done that a record tells of, by the names of their fields."""
    days = {name: getattr(held, name) for name in _naming_days(type(held))}
    return {name: day for name, day in days.items() if day is not None}


@cache
def _naming_days(model: type[Shape]) -> tuple[str, ...]:
    return tuple(name for name, shape in shapes(model).items() if shape.past)


def _words(parts: _Parts) -> str:
    if parts.values:
        said = "one of"
    elif parts.means.words:
        said = parts.means.words
    elif parts.base is dict:
        said = "a number for each drug"
    elif issubclass(parts.base, Shape):
        said = "object with " + ", ".join(parts.base.model_fields)
    else:
        said = {int: "whole number", float: "number", date: "date"}.get(parts.base, "text")
    if parts.limits is not None and not parts.means.words:
        said = f"{said}, {parts.limits}"
    return f"list: {said}" if parts.many else said
