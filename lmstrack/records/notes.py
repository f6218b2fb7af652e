"""The free text of a record, which a store keeps apart from it so that it can be erased."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from lmstrack.records.base import BY_KIND, Record, Shape
from lmstrack.records.shape import shapes

if TYPE_CHECKING:
    Leave = Callable[[str, str], object]
    Step = str | int

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def free_text(record: Record) -> dict[str, str]:
    """Give the free texts of *record* by their places, such as ``decision`` or ``actions[0].what``."""
    return {_place(steps): text for steps, text in _texts(record.plain(), type(record))}


def without_free_text(
    fields: Mapping[str, object], kind: str, leave: Leave | None = None
) -> tuple[dict[str, object], dict[str, str]]:
    """Part the plain fields of a record of this kind from their free texts, given by their places.

    *leave*, given place and text, makes what is left in place of a text; without it nothing is.

    >>> without_free_text({"intent": "curative", "decision": "operate first"}, "mdt")
    ({'intent': 'curative'}, {'decision': 'operate first'})
    """
    texts: dict[str, str] = {}
    bare = {name: _copied(value) for name, value in fields.items()}
    for steps, text in list(_texts(fields, BY_KIND[kind])):
        place = _place(steps)
        texts[place] = text
        holder, last = _holder(bare, steps)
        if leave is not None:
            holder[last] = leave(place, text)
        else:
            del holder[last]
    return bare, texts


@cache
def may_hold_text(kind: str) -> frozenset[str]:
    """The fields of a kind that are free text, or may hold some further in."""
    return frozenset(name for name, shape in shapes(BY_KIND[kind]).items() if shape.free or shape.model is not None)


def with_free_text(fields: Mapping[str, object], texts: Mapping[str, str]) -> dict[str, object]:
    """Put texts back at their places in plain fields; the other half of `without_free_text`."""
    whole = {name: _copied(value) for name, value in fields.items()}
    for place, text in texts.items():
        holder, last = _holder(whole, _steps(place))
        holder[last] = text
    return whole


def _texts(fields: object, model: type[Shape]) -> Iterator[tuple[tuple[Step, ...], str]]:
    if not isinstance(fields, Mapping):
        return
    known = shapes(model)
    for name, value in fields.items():
        shape = known.get(name)
        if shape is None:
            continue
        if shape.free:
            if isinstance(value, str):
                yield (name,), value
        elif shape.model is None:
            continue
        elif shape.many:
            for place, each in enumerate(value):
                for steps, text in _texts(each, shape.model):
                    yield (name, place, *steps), text
        else:
            for steps, text in _texts(value, _held(value, shape.model)):
                yield (name, *steps), text


def _held(value: object, model: type[Shape]) -> type[Shape]:
    """Give the model of a nested object; an event that stands instead of another says its own kind."""
    kind = value.get("kind") if isinstance(value, Mapping) and "record" in model.model_fields else None
    return BY_KIND[kind] if isinstance(kind, str) else model


def _place(steps: tuple[Step, ...]) -> str:
    said = ""
    for step in steps:
        said += f"[{step}]" if isinstance(step, int) else f".{step}" if said else step
    return said


def _steps(place: str) -> tuple[Step, ...]:
    return tuple(int(number) if number else name for name, number in _STEP.findall(place))


def _holder(fields: dict[str, object], steps: tuple[Step, ...]) -> tuple[dict[Step, object], Step]:
    holder: object = fields
    for step in steps[:-1]:
        holder = holder[step]  # type: ignore[index]  # the steps were made from this very shape
    return holder, steps[-1]  # type: ignore[return-value]


def _copied(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _copied(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(each) for each in value]
    return value
