"""How a change of a site lets something go that bound before: a rule, a clock, an interval, or what fulfils it."""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lmstrack.dates import Interval, Rhythm
from lmstrack.errors import InvalidData
from lmstrack.rules import Strength
from lmstrack.workflow.changeable import held_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.workflow.faults import Place
    from lmstrack.workflow.reader import Plain

_BINDS_LESS: Final = (Strength.MANDATORY, Strength.EXPECTED, Strength.ADVISORY)
#: Settings that say after how long somebody looks, asks a senior, or calls something late.
_CLOCKS: Final = frozenset({"grace", "catch_up", "treatment_review"})
_SCHEDULED: Final = frozenset({"plans", "expectations"})
#: Months and weeks are compared from each of these days: what is later from one of them may be later for a patient.
_STARTS: Final = tuple(date(2023 + month // 12, month % 12 + 1, day) for month in range(24) for day in (1, 28))
#: What has no shape of a length of time is a fault of its own, which is told elsewhere.
_UNREADABLE: Final = (InvalidData, TypeError, AttributeError)


class _Phase(NamedTuple):
    every: Rhythm
    until: Interval | None
    once: bool


def loosened(below: dict[str, Plain], place: Place, to: Any) -> str | None:
    """How this one change of a workflow's data binds less than before; None where it does not, or cannot be read."""
    section = place[0]
    if section == "rules":
        return _rule_loosened(place, to, _found(below, (*place[:2], "strength")))
    if section == "settings" and place[1] in _CLOCKS:
        return "it comes later than before" if _later(_found(below, place), to) else None
    if section not in _SCHEDULED or place[-1] == "next_action":
        return None
    if place[2:] == ("switched_off",):
        return "nothing is owed there any more" if to is True else None
    if "phases" in place:
        phases = place[: place.index("phases") + 1]
        return _interval_loosened(_found(below, phases), _found(_changed(below, place, to), phases))
    return "what fulfils it is changed"


def _found(data: Any, place: Place) -> Any:
    return reduce(held_at, place, data)


def _changed(data: Any, place: Place, to: Any) -> Any:
    """The data with one change, the rest of it shared."""
    if not place:
        return to
    step, rest = place[0], place[1:]
    if isinstance(data, list):
        return [_changed(each, rest, to) if number == step else each for number, each in enumerate(data)]
    return {**(data or {}), step: _changed(held_at(data, step), rest, to)}


def _rule_loosened(place: Place, to: Any, strength: Plain) -> str | None:
    if place[2] == "with":
        return None if strength == Strength.ADVISORY else f"what meets {_a(strength)} rule is changed"
    if to in _BINDS_LESS and strength in _BINDS_LESS and _BINDS_LESS.index(to) > _BINDS_LESS.index(strength):
        return f"{place[1]} binds less than before, {to} and no longer {strength}"
    return None


def _a(strength: Plain) -> str:
    return f"an {strength}" if strength == Strength.EXPECTED else f"a {strength}"


def _later(before: Any, to: Any) -> bool:
    try:
        return _longer(Interval.parse(to), Interval.parse(before))
    except _UNREADABLE:
        return False


def _longer(one: Interval, other: Interval) -> bool:
    """Whether the one may be longer than the other, from some day on."""
    try:
        return any(one.after(start) > other.after(start) for start in _STARTS)
    except InvalidData:
        return True  # past the end of the calendar


def _interval_loosened(before: Any, after: Any) -> str | None:
    """How what is due comes less often at some time after the anchor; None also where either cannot be read."""
    was, now = _read(before), _read(after)
    if was is None or now is None:
        return None
    for boundary in (Interval(), *(phase.until for phase in (*was, *now) if phase.until is not None)):
        old, new = _running(was, boundary), _running(now, boundary)
        if old is None:
            continue
        if new is None or (new.once and not old.once):
            return "it is not due again where it was before"
        if _longer(new.every.earliest, old.every.earliest) or _longer(new.every.latest, old.every.latest):
            return "its interval is longer than before"
    return None


def _read(phases: Any) -> tuple[_Phase, ...] | None:
    try:
        return tuple(_phases(phases))
    except _UNREADABLE:
        return None


def _phases(phases: Any) -> Iterator[_Phase]:
    for each in phases:
        until = each.get("until")
        yield _Phase(
            Rhythm.parse(each.get("every")), None if until is None else Interval.parse(until), each.get("once") is True
        )


def _running(phases: tuple[_Phase, ...], boundary: Interval) -> _Phase | None:
    """The phase of an interval that starts so long after the anchor."""
    return next((phase for phase in phases if phase.until is None or _longer(phase.until, boundary)), None)
