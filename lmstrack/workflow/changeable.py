"""What a site may change in a released workflow, and the places that the paths of an overlay lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from lmstrack.workflow.faults import listed, nearest, where
from lmstrack.workflow.shape import model_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.workflow.faults import Place
    from lmstrack.workflow.reader import Plain

_OF_A_DUTY: Final = (
    *("phases", "phases.#.every", "phases.#.until", "phases.#.nominal"),
    *("done_by.*", "done_by.never.*", "done_by.#.*", "done_by.#.never.*"),
    *("never", "never.*", "unless_counted", "unless_counted.*", "next_action"),
)
#: The places, a star standing for any name and a hash for any number.
_YOURS: Final = tuple(
    tuple(path.split("."))
    for path in (
        "settings.*",
        "rules.*.strength",
        "rules.*.with.*",
        *(f"plans.*.strands.*.{path}" for path in _OF_A_DUTY),
        *(f"expectations.*.{path}" for path in (*_OF_A_DUTY, "switched_off")),
        "gaps.*.reading",
    )
)
#: What never is, wherever it stands: the reasons are those of the changes, and a clock keeps its days.
_NEVER: Final = frozenset({"chosen", "kind", "day"})
_INSTEAD: Final = {
    "settings": "of the settings each value is, but not the reasons",
    "rules": "of a rule strength and the values under with are",
    "plans": "of a strand phases, done_by, never, unless_counted and next_action are",
    "expectations": "of an expectation phases, done_by, next_action and switched_off are",
    "gaps": "of a gap the reading is",
}


#: What stands at a place of a workflow that was left out as wrong.
ABSENT: Final = object()


def place_of(path: str, data: Mapping[str, Plain]) -> Place | str:
    """The steps of a *path* of names through a workflow's data, or the sentence that says why it leads nowhere.

    Numbers in it count from one. A rule may be named by an id that it covers. An entry that the workflow leaves out,
    and might have, is a place too.
    """
    here: Plain = dict(data)
    place: Place = ()
    for step in path.split("."):
        names = _names(here, place)
        word = _covering(step, here) if place == ("rules",) and isinstance(here, dict) else step
        if word not in names:
            if not names:
                return f"{path}: {where(place)} holds one value, and no '{step}'."
            held = f"{where(place)} has" if place else "a workflow has"
            return f"{path}: {held} no entry '{step}'{nearest(step, names)}"
        place = (*place, names[word])
        here = held_at(here, names[word])
    return place


def not_yours(place: Place, path: str) -> str | None:
    """Why a site may not change what stands here; None where it may."""
    if any(_fits(place, pattern) for pattern in _YOURS) and place[-1] not in _NEVER:
        return None
    section = str(place[0])
    instead = _INSTEAD.get(section)
    if instead is not None:
        return f"{path} is not a site's to change; {instead}."
    return f"{path} is not a site's to change; look under {listed(_INSTEAD)}."


def held_at(holder: object, step: str | int) -> Plain:
    """What stands under one name or number; None where nothing does."""
    if isinstance(holder, dict):
        return holder.get(step)
    if isinstance(holder, list) and isinstance(step, int) and step < len(holder):
        return holder[step]  # type: ignore[no-any-return]
    return None


def value_of(file: BaseModel, place: Place) -> object:
    """What stands at a place of a workflow that was read; ABSENT where it was left out as wrong."""
    here: object = file
    for step in place:
        if isinstance(here, tuple) and isinstance(step, str) and len(here) == 1:
            here = here[0]  # one that stands for a list of one
        here = _inside(here, step)
    return here


def _inside(here: object, step: str | int) -> object:
    if isinstance(here, BaseModel):
        names = {info.alias or name: name for name, info in type(here).model_fields.items()}
        name = names.get(str(step))
        return getattr(here, name) if name is not None else (here.model_extra or {}).get(str(step), ABSENT)
    if isinstance(here, dict):
        return here.get(step, ABSENT)
    if isinstance(here, tuple) and isinstance(step, int) and step < len(here):
        return here[step]
    return ABSENT


def _names(here: Plain, place: Place) -> dict[str, str | int]:
    """The names, or numbers from one, that can follow at this place, each with the step that it means."""
    if isinstance(here, list):
        return {str(number + 1): number for number in range(len(here))}
    if not isinstance(here, dict):
        return {}
    model = model_at((*place, ""))[0]
    fields = {} if model is None else model.model_fields
    optional = [info.alias or name for name, info in fields.items() if not info.is_required()]
    return {name: name for name in (*here, *optional)}


def _covering(rule: str, rules: Mapping[str, Plain]) -> str:
    for name, entry in rules.items():
        covered = held_at(entry, "covers")
        if isinstance(covered, list) and rule in covered:
            return name
    return rule


def _fits(place: Place, pattern: tuple[str, ...]) -> bool:
    return len(place) == len(pattern) and all(
        (wanted == "#" if isinstance(step, int) else wanted in {"*", step})
        for step, wanted in zip(place, pattern, strict=True)
    )
