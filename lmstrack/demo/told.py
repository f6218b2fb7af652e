"""Reads the invented patients from ``patients.toml``, and dates what happened to them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from lmstrack.dates import PartialDate
from lmstrack.records import NAMES_A_LINE, Departure, field_help

if TYPE_CHECKING:
    from collections.abc import Sequence

_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as the file tells it.

    *day* and *typed*, None for the same day, are numbers of days from a day that is only known later.
    *called* is the name by which other entries refer to it, None where none does.
    """

    day: int
    kind: str
    fields: Mapping[str, object]
    typed: int | None = None
    known: Literal["day", "month"] = "day"
    called: str | None = None
    despite: Mapping[str, Departure] | None = None


@dataclass(frozen=True, slots=True)
class Character:
    """An invented patient as the file tells of them.

    *way* is the usual way up to the end of treatment, None where *log* tells everything; *treated* is the day
    of the last treatment, and *up_to* the kind of entry that ends the way, None for the whole of it. *misses*
    are the strands that are not kept from day *misses_from* on, from the start where that is None.
    """

    shows: str
    name: str
    sex: str
    age: int
    way: str | None = None
    treated: int = 0
    up_to: str | None = None
    misses: tuple[str, ...] = ()
    misses_from: int | None = None
    log: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Habit:
    """A way that an ordinary patient may have come, and the first and last day of the last treatment."""

    way: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything in the file: ways, the patients told one by one, and what ordinary ones are made of."""

    ways: Mapping[str, tuple[Told, ...]]
    attendance: Mapping[str, Told]
    characters: tuple[Character, ...]
    names: tuple[str, ...]
    ages: tuple[int, int]
    habits: tuple[Habit, ...]


@cache
def cast() -> Cast:
    """The file, read once."""
    held = tomllib.loads(files("lmstrack.demo").joinpath("patients.toml").read_text(encoding="utf-8"))
    ordinary = held["ordinary"]
    return Cast(
        ways={name: tuple(map(_told, way)) for name, way in held["ways"].items()},
        attendance={strand: _told({"day": 0, **entry}) for strand, entry in held["attendance"].items()},
        characters=tuple(map(_character, held["patient"])),
        names=tuple(ordinary["names"]),
        ages=(ordinary["ages"][0], ordinary["ages"][1]),
        habits=tuple(Habit(each["way"], *each["treated"]) for each in ordinary["ways"]),
    )


def _character(told: dict[str, Any]) -> Character:
    rest = {**told, "misses": tuple(told.get("misses", ())), "log": tuple(map(_told, told.get("log", ())))}
    return Character(**rest)


def _told(entry: dict[str, Any]) -> Told:
    rest = dict(entry)
    about = {name: rest.pop(name) for name in ("day", "typed", "known", "called") if name in rest}
    despite = {rule: Departure(**given) for rule, given in rest.pop("despite", {}).items()}
    ((kind, fields),) = rest.items()
    return Told(kind=kind, fields=fields, despite=despite or None, **about)


# ---- days


def on_a_weekday(day: date) -> date:
    """The day itself, or the Friday before a weekend: clinics are closed then."""
    return day - timedelta(max(0, day.weekday() - _FRIDAY))


def dated(kind: str, fields: Mapping[str, object], base: date) -> dict[str, object]:
    """The fields of a record of this kind, with days counted from *base* written as dates."""
    written: dict[str, object] = {}
    for name, value in fields.items():
        if name in _days_of(kind) and isinstance(value, int):
            written[name] = on_a_weekday(base + timedelta(value)).isoformat()
        elif name == "instead" and isinstance(value, Mapping):
            written[name] = dated(str(value["kind"]), value, base)
        else:
            written[name] = value
    return written


@cache
def _days_of(kind: str) -> frozenset[str]:
    return frozenset(["on", *(field for field, holds, _ in field_help(kind) if holds.startswith("date"))])


def happened(told: Told, base: date) -> PartialDate:
    """The day of an entry, or its month where no more is known."""
    day = on_a_weekday(base + timedelta(told.day))
    return PartialDate.day(day) if told.known == "day" else PartialDate.parse(day.isoformat()[:7])


def refers(told: Told) -> str | None:
    """The name of the entry that this one is about; None where it stands for itself."""
    field = NAMES_A_LINE.get(told.kind)
    named = told.fields.get(field) if field is not None else None
    return named if isinstance(named, str) else None


def ends_with(way: Sequence[Told], kind: str | None) -> Sequence[Told]:
    """The way up to its first entry of this kind, that included; the whole way where it is None."""
    last = next((place for place, told in enumerate(way) if told.kind == kind), len(way))
    return way[: last + 1]
