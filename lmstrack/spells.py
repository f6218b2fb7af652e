"""The stretches of time that a case spends in one state of the pathway."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.episodes import LEAVES, SUPERSEDED
from lmstrack.obligations import overtaken_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lmstrack.events import Event
    from lmstrack.replay import Step


class Spell(NamedTuple):
    """A stretch in one state and one course: the event that led there, and the one that led on, None while it lasts.

    *because* says in words what kind of end that was.
    """

    state: str
    course: int
    by: Event
    ended_by: Event | None = None
    because: str = ""


# Made by the dozen for every case, and by its own class in twice the time.
_spell: Callable[[tuple[str, int, Event, Event | None, str]], Spell] = partial(tuple.__new__, Spell)


def spells_of(steps: Iterable[Step]) -> dict[str, list[Spell]]:
    """The stretches of a case by state, oldest first; the first begins with the referral, whatever came before it."""
    found: dict[str, list[Spell]] = {}
    state, course = "", 0
    by: Event | None = None
    for step in steps:
        event, after, number = step.event, step.after, step.course
        if after == state == step.before and number == course:
            if not found and by is not None and by.record.kind != "referral" == event.record.kind:
                by = event
            continue
        if by is not None:
            found.setdefault(state, []).append(_spell((state, course, by, event, _because(step, course))))
        state, course, by = after, number, event
    if by is not None:
        found.setdefault(state, []).append(_spell((state, course, by, None, "")))
    return found


def _because(step: Step, course: int) -> str:
    kind = step.event.record.kind
    if step.course != course:
        return SUPERSEDED
    if kind in LEAVES and step.after != step.before:
        return LEAVES[kind]
    return overtaken_by(kind)
