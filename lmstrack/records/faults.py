"""What is wrong with a record, in plain sentences that never repeat what was written into a free field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from lmstrack.errors import Impossible, InvalidData, LmstrackError
from lmstrack.records.base import Joined, Shape
from lmstrack.records.shape import FieldShape, shapes

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_WORD = re.compile(r"\w+")
_LONGEST_ECHO = 40
_LARGEST_ECHO = 10**15
_REMEDY = "Nothing was recorded."
_OUT_OF_RANGE = {"greater_than_equal", "less_than_equal"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence; *at* is the field that it speaks of, empty where it speaks of the whole.

    *impossible* marks a number that cannot have been measured.
    """

    sentence: str
    impossible: bool = False
    at: str = ""

    def speaks_of(self, fields: Set[str]) -> bool:
        """Whether it is about one of these fields, or about what it has to do with another."""
        return self.at in fields if self.at else not fields.isdisjoint(_WORD.findall(self.sentence))


def refusal(asked: str, faults: Sequence[Fault]) -> LmstrackError:
    """Make the error: Impossible where only numbers that cannot be are wrong, else InvalidData."""
    sentences = [fault.sentence for fault in faults]
    if faults and all(fault.impossible for fault in faults):
        return Impossible(asked, "; ".join(sentences) + ".", _REMEDY)
    return InvalidData(asked, sentences)


#: A shorter word is part of too many names, and so many of them are offered at most.
_TELLING: Final = 3
_FEW: Final = 3


def did_you_mean(word: str, choices: Iterable[object]) -> str:
    """Name the nearest choice, or those that hold the word, as the tail of a sentence; empty where none is near.

    >>> did_you_mean("MR", ["MRI", "CT"])
    "; did you mean 'MRI'?"
    >>> did_you_mean("site", ["site_group", "site_detail", "size_mm"])
    "; did you mean 'site_group' or 'site_detail'?"
    """
    by_lower = {str(choice).casefold(): str(choice) for choice in choices}
    plain = word.casefold().replace("-", "_").replace(" ", "_")
    near = [each for each in by_lower if plain in each.split("_")][:_FEW] if len(plain) >= _TELLING else []
    near = near or get_close_matches(plain, by_lower, n=1, cutoff=0.6)
    meant = " or ".join(f"'{by_lower[each]}'" for each in near)
    return f"; did you mean {meant}?" if near else ""


def echoed(value: object) -> str:
    """Quote a value that may be repeated, cut short, and without what a terminal would obey."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) and abs(value) < _LARGEST_ECHO:
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, str):
        shown = value[:_LONGEST_ECHO]
        if not shown.isprintable():
            shown = "".join(each if each.isprintable() else "?" for each in shown)
        return f"'{shown}'" if len(value) <= _LONGEST_ECHO else f"'{shown}…'"
    return "this"


def not_one_of(at: str, value: object, shape: FieldShape) -> str:
    """Say that an enumeration does not hold a value, with the nearest that it does."""
    hint = did_you_mean(str(value), shape.values) if isinstance(value, str) else ""
    return f"{at}: {echoed(value)} is not one of {shape.accepts}{hint}"


def no_such_field(said: str, name: object, model: type[Shape]) -> str:
    """Say that there is no such field, with the nearest that there is, or where those of a kind are named."""
    word = str(name)
    kind = getattr(model, "kind", None)
    known = f"; lmstrack help {kind} names its fields" if isinstance(kind, str) else ""
    return f"{said} has no field {echoed(word)}{did_you_mean(word, model.model_fields) or known}"


def faults_in(error: ValidationError, model: type[Shape], said: str, given: object) -> tuple[Fault, ...]:
    """List every fault of *given*, which *said* names, such as ``imaging``."""
    faults: list[Fault] = []
    details = error.errors(include_url=False)
    for detail in details:
        faults += _of(detail, model, said)
    if issubclass(model, Joined) and isinstance(given, Mapping):
        at_fault = {detail["loc"][0] for detail in details if detail["loc"]}
        if at_fault:
            faults += _contradictions(model, given, at_fault)
    return tuple(faults)


def _contradictions(model: type[Joined], given: Mapping[Any, object], at_fault: set[int | str]) -> Iterator[Fault]:
    # pydantic looks at fields that must fit together only once each is right; a reader is told of both.
    rest = {name: value for name, value in given.items() if name in model.model_fields and name not in at_fault}
    blank = dict.fromkeys(model.model_fields) | rest
    told = {name for name in at_fault if isinstance(name, str)}
    for sentence in model.model_construct(**blank).contradictions():
        fault = Fault(sentence)
        if not fault.speaks_of(told):
            yield fault


def _of(detail: ErrorDetails, model: type[Shape], said: str) -> Iterator[Fault]:
    kind = detail["type"]
    where = detail["loc"]
    context = detail.get("ctx", {})
    if kind == "contradiction":
        yield from (Fault(sentence) for sentence in context["each"])
        return
    if kind == "within":
        yield from context["faults"]
        return
    if not where:
        yield Fault(f"{said}: {_OF_THE_WHOLE.get(kind, 'write an object with the fields of the kind')}")
        return
    inner, shape, at, holder = _find(model, where)
    name = where[-1]
    if kind == "extra_forbidden":
        yield Fault(no_such_field(holder or said, name, inner), at=at)
    elif kind == "missing":
        needed = shapes(inner).get(str(name))
        values = f" ({needed.accepts})" if needed is not None and needed.values else ""
        yield Fault(f"{holder or said} needs {name}{values}", at=at)
    elif kind in {"literal_error", "not_one_of"} and shape is not None:
        yield Fault(not_one_of(at, detail["input"], shape), at=at)
    elif kind in _OUT_OF_RANGE and shape is not None and shape.limits is not None:
        yield Fault(f"{at}: {echoed(detail['input'])} is not possible; the range is {shape.limits}", True, at=at)
    else:
        yield Fault(f"{at}: {_sentence(kind, context, shape)}", at=at)


_OF_THE_WHOLE = {"json_invalid": "this is not JSON", "recursion_loop": "this refers to itself"}


def _find(model: type[Shape], where: tuple[int | str, ...]) -> tuple[type[Shape], FieldShape | None, str, str]:
    """Give the model that holds the place, the field's shape, and place and holder in words."""
    at = ""
    holder = ""
    shape: FieldShape | None = None
    inner = model
    for step in where:
        if isinstance(step, int):
            at += f"[{step}]"
            continue
        if step == "[key]":
            continue
        if shape is not None and shape.model is not None:
            inner, holder = shape.model, at
        known = shapes(inner).get(step) if shape is None or shape.model is not None else None
        at = f"{at}.{step}" if at else echoed(step).strip("'")
        shape = known if known is not None or shape is None or shape.model is not None else shape
    return inner, shape, at, holder


_SENTENCES = {
    "string_too_short": "nothing is written; leave the field out when it is not known",
    "bool_type": "write true or false",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number, such as 12 or 12.5",
    "finite_number": "write a number, such as 12 or 12.5",
    "string_type": "write text",
    "string_unicode": "the text holds a character that is none",
    "tuple_type": "write a list",
    "too_short": "the list is empty; leave the field out when it is not known",
    "dict_type": "write an object, a number for each name",
    "mapping_type": "write an object, a number for each name",
}


def _sentence(kind: str, context: Mapping[str, Any], shape: FieldShape | None) -> str:
    if "why" in context:
        return str(context["why"])
    if kind == "string_too_long":
        return f"the text is longer than {context['max_length']} characters"
    if kind == "string_pattern_mismatch" and shape is not None:
        if shape.words in {"text", "free text", "drug"}:
            return "the text holds a character that cannot be kept"
        return f"write {shape.words}"
    if kind in {"model_type", "model_attributes_type"} and shape is not None and shape.model is not None:
        return "write an object with the fields " + ", ".join(shape.model.model_fields)
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    return f"this cannot be read; write {shape.words}" if shape is not None else "this cannot be read"
