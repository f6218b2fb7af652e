"""From plain data to the model of a workflow file; what is right is kept, so that all is checked."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from lmstrack.workflow.faults import near, worded
from lmstrack.workflow.model import WorkflowFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from lmstrack.workflow.faults import Faults, Place
    from lmstrack.workflow.reader import Plain

_READ_TOGETHER = frozenset({"phases", "chosen"})  # without a part of them the rest would look wrong
_BY_NAME = ("sources", "states", "rules", "fields", "information", "moves", "plans", "expectations", "gaps", "proofs")


@dataclass(frozen=True, slots=True)
class Shaped:
    """A workflow file in which every entry has the shape of one; what has not is left out.

    *whole* are the sections from which nothing was left out: only there can something be said to be missing.
    *move_numbers* gives each move its place in the file. *declared* are the names that the file gives in each
    section, wrong entries included, so that one fault is not told as two. *wrong_rules* are the rules that were left
    out, as they were written, so that what else is wrong in them can be told at once.
    """

    file: WorkflowFile
    whole: frozenset[str]
    move_numbers: tuple[int, ...]
    declared: dict[str, tuple[str, ...]]
    wrong_rules: dict[str, dict[str, Plain]] = field(default_factory=dict)


def shaped(data: dict[str, Plain], faults: Faults) -> Shaped:
    """Validate the data; what is wrong is told in *faults* and left out of the answer."""
    declared = {name: tuple(map(str, section)) for name in _BY_NAME if isinstance(section := data.get(name), dict)}
    try:
        file = WorkflowFile.model_validate(data)
        return Shaped(file, frozenset(data), tuple(range(len(file.moves))), declared)
    except ValidationError as error:
        wrong = list(told(error, faults))
    left_out = {_entry(place, optional=optional) for place, optional in wrong}
    numbers = tuple(number for number in range(len(_list(data.get("moves")))) if ("moves", number) not in left_out)
    whole = frozenset(data) - {str(place[0]) for place in left_out}
    return Shaped(_salvaged(data, left_out), whole, numbers, declared, _wrong_rules(data, left_out))


def _wrong_rules(data: dict[str, Plain], left_out: set[Place]) -> dict[str, dict[str, Plain]]:
    rules = data.get("rules")
    entries = rules.items() if isinstance(rules, dict) else ()
    return {name: entry for name, entry in entries if ("rules", name) in left_out and isinstance(entry, dict)}


def _list(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else []


def told(error: ValidationError, faults: Faults, root: type[BaseModel] = WorkflowFile) -> Iterator[tuple[Place, bool]]:
    """The place of every error in a file of the shape *root*, and whether its entry can be read without it."""
    details = error.errors(include_url=False)
    places = [tuple(step for step in detail["loc"] if step != "[key]") for detail in details]
    misspelt = {
        (*place[:-1], near(place[-1], _names(model_at(place, root)[0])))
        for place, detail in zip(places, details, strict=True)
        if detail["type"] == "extra_forbidden"
    }
    for place, detail in zip(places, details, strict=True):
        kind = detail["type"]
        at: Place = place
        while kind not in {"missing", "extra_forbidden"} and at and at not in faults.lines:
            at = at[:-1]
        model, info = model_at(at, root)
        # What is there under a wrong name is not missed as well.
        if kind != "missing" or place not in misspelt:
            faults.add(worded(detail, at, _names(model)), *at)
        yield at, kind == "extra_forbidden" or (info is not None and not info.is_required())


def _names(model: type[BaseModel] | None) -> tuple[str, ...]:
    if model is None:
        return ()
    return tuple(info.alias or name for name, info in model.model_fields.items())


def model_at(place: Place, root: type[BaseModel] = WorkflowFile) -> tuple[type[BaseModel] | None, FieldInfo | None]:
    """The model whose entry stands at *place*, and the field, None where the model has none of that name."""
    here: Any = root
    model: type[BaseModel] | None = None
    info: FieldInfo | None = None
    for step in place:
        if isinstance(here, type) and issubclass(here, BaseModel):
            model = here
            info = next((field for name, field in here.model_fields.items() if (field.alias or name) == step), None)
            here = _inside(info.annotation) if info is not None else None
        else:
            arguments = get_args(here)
            here = _inside(arguments[1 if get_origin(here) is dict else 0]) if arguments else None
            model, info = None, None
    return model, info


def _inside(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _entry(place: Place, *, optional: bool) -> Place:
    """What to leave out: an optional value alone, else the rule, move or strand that needs it."""
    if optional and len(place) > 1 and not _READ_TOGETHER & set(place):
        return place
    if len(place) > 3 and place[0] == "plans" and place[2] == "strands":
        return place[:4]
    return place[:2] if place and place[0] in _BY_NAME else place[:1]


def _salvaged(data: dict[str, Plain], left_out: set[Place]) -> WorkflowFile:
    rest = deepcopy(data)
    for place in sorted(left_out, key=lambda each: [str(step).zfill(9) for step in each], reverse=True):
        _remove(rest, place)  # from the back, so that the numbers of a list stay right
    sections: dict[str, Any] = {}
    for name, info in WorkflowFile.model_fields.items():
        annotation: Any = info.annotation
        try:
            sections[name] = TypeAdapter(annotation).validate_python(rest.get(name))
        except ValidationError:
            sections[name] = () if name == "moves" else "" if name == "initial" else {}
    for name in ("workflow", "settings"):
        if not isinstance(sections[name], BaseModel):
            sections[name] = None
    return WorkflowFile.model_construct(**sections)


def _remove(data: Any, place: Place) -> None:
    for step in place[:-1]:
        inside = isinstance(data, dict) and step in data
        in_list = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if not inside and not in_list:
            return
        data = data[step]
    last = place[-1] if place else None
    if isinstance(data, dict):
        data.pop(last, None)
    elif isinstance(data, list) and isinstance(last, int) and last < len(data):
        del data[last]
