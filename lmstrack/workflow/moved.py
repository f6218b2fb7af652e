"""States and moves: every name is known, every state leads somewhere, every candidate can be selected."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from lmstrack.facts import SELECTORS
from lmstrack.pathway import Move, State
from lmstrack.records import KINDS
from lmstrack.workflow.faults import listed, nearest, where
from lmstrack.workflow.fields import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lmstrack.workflow.faults import Faults
    from lmstrack.workflow.model import MoveEntry
    from lmstrack.workflow.ruled import Rulebook
    from lmstrack.workflow.shape import Shaped

ANY = "any"
_MOST_COMBINATIONS = 10_000


def states_of(shaped: Shaped, faults: Faults) -> tuple[State, ...]:
    """The states, the first of which a case begins in."""
    file = shaped.file
    declared = shaped.declared.get("states", ())
    if "initial" in shaped.whole and file.initial not in declared:
        faults.add(f"initial: there is no state '{file.initial}'{nearest(file.initial, declared)}", "initial")
    elif file.initial in file.states and file.states[file.initial].final:
        faults.add(f"initial: '{file.initial}' is final, so no case could ever leave it.", "initial")
    if ANY in declared:
        faults.add(f"states {ANY}: this word stands for every state that is not final.", "states", ANY)
    return tuple(State(name, entry.says, entry.level, entry.final) for name, entry in file.states.items())


def moves_of(shaped: Shaped, book: Rulebook, faults: Faults) -> tuple[Move, ...]:
    """The moves in the order of the file, each name in them looked up."""
    return tuple(
        _move(entry, shaped, book, faults, ("moves", number))
        for number, entry in zip(shaped.move_numbers, shaped.file.moves, strict=False)
    )


def _move(entry: MoveEntry, shaped: Shaped, book: Rulebook, faults: Faults, place: tuple[str, int]) -> Move:
    declared = shaped.declared.get("states", ())
    if entry.by not in KINDS:
        faults.add(
            f"{where(place)}: no kind of event is called '{entry.by}'{nearest(entry.by, KINDS)}", *place, "by"
        )
    for state in (*entry.origins, entry.to):
        if state not in declared and (state != ANY or state == entry.to):
            end = "to" if state == entry.to else "from"
            faults.add(f"{where(place)}: there is no state '{state}'{nearest(state, declared)}", *place, end)
    if ANY in entry.origins and len(entry.origins) > 1:
        faults.add(f"{where(place)}: '{ANY}' stands for every state, so it stands alone.", *place, "from")
    for state in entry.origins:
        if state in shaped.file.states and shaped.file.states[state].final:
            faults.add(f"{where(place)} starts from '{state}', which is final.", *place, "from")
    needs = []
    for number, rule in enumerate(entry.needs):
        name = book.named(rule, *place, "needs", number)
        if name in book.rules and book.rules[name].check is None:
            said = (
                f"{where(place)} needs {rule}, which no check can judge; a rule without one only schedules."
            )
            faults.add(said, *place, "needs", number)
        if name in needs:
            faults.add(f"{where(place)} needs {name} twice.", *place, "needs", number)
        needs.append(name)
    return Move(
        by=entry.by,
        origins=_origins(entry, shaped),
        to=entry.to,
        selects=_selects(entry, faults, place),
        needs=tuple(needs),
        name=entry.name or "",
        says=entry.says,
    )


def _origins(entry: MoveEntry, shaped: Shaped) -> tuple[str, ...]:
    if ANY not in entry.origins:
        return tuple(dict.fromkeys(entry.origins))
    return tuple(name for name, state in shaped.file.states.items() if not state.final)


def _selects(entry: MoveEntry, faults: Faults, place: tuple[str, int]) -> dict[str, frozenset[object]]:
    if entry.by not in KINDS:
        return {}
    selection = Selection(entry.by, SELECTORS)
    selects: dict[str, frozenset[object]] = {}
    for name, given in entry.selects.items():
        values, sentences = selection.read(name, given)
        selects[name] = frozenset(values)
        for sentence in sentences:
            faults.add(f"{where((*place, 'for'))}: {sentence}", *place, "for", name)
    return selects


def judge_pathway(shaped: Shaped, states: Sequence[State], moves: Sequence[Move], faults: Faults) -> None:
    """What is only seen on the whole: states that nobody reaches or leaves, and moves that are never made."""
    if {"states", "moves", "initial"} <= shaped.whole:
        _judge_states({state.name: state for state in states}, shaped.file.initial, moves, faults)
    for later, earlier, origins in shadowed(moves):
        number, before = shaped.move_numbers[later], shaped.move_numbers[earlier]
        line = faults.lines.get(("moves", before))
        by = f"the one in line {line}" if line is not None else f"number {before + 1}"
        place = f" from {listed(origins, 'and')}" if len(origins) < len(moves[later].origins) else ""
        said = f"{where(('moves', number))} can never be selected{place}: {by} stands before it and takes every such case."
        faults.add(said, "moves", number)


def _judge_states(states: Mapping[str, State], initial: str, moves: Sequence[Move], faults: Faults) -> None:
    onward: dict[str, set[str]] = {name: set() for name in states}
    back: dict[str, set[str]] = {name: set() for name in states}
    for move in moves:
        for origin in move.origins:
            if origin in states and move.to in states:
                onward[origin].add(move.to)
                back[move.to].add(origin)
    if initial in states:
        for name in states.keys() - _spread({initial}, onward):
            faults.add(f"states {name}: no move leads there, from {initial} onward.", "states", name)
    final = {name for name, state in states.items() if state.final}
    if not final:
        faults.add("states: none is final, so no case could ever be closed.", "states")
        return
    for name in states.keys() - _spread(final, back):
        faults.add(f"states {name}: no move leads from there to a final state.", "states", name)


def _spread(reached: set[str], steps: Mapping[str, set[str]]) -> set[str]:
    waiting = list(reached)
    while waiting:
        fresh = steps[waiting.pop()] - reached
        reached |= fresh
        waiting += fresh
    return reached


def shadowed(moves: Sequence[Move]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Moves that earlier candidates leave nothing for: their number, that of an earlier one, and from which states."""
    for number, move in enumerate(moves):
        by: dict[str, int] = {}
        for origin in move.origins:
            before = [
                other
                for other in range(number)
                if moves[other].by == move.by and origin in moves[other].origins
            ]
            taker = _taker(move, before, moves)
            if taker is not None:
                by[origin] = taker
        if by:
            yield number, next(iter(by.values())), tuple(by)


def _taker(move: Move, before: Sequence[int], moves: Sequence[Move]) -> int | None:
    """The last of the earlier candidates needed to take every case that *move* is for; None where one is left for it.

    A case is a value for each field that the move names; of all other fields it may know nothing.
    """
    possible = [other for other in before if moves[other].selects.keys() <= move.selects.keys()]
    fields = sorted({name for other in possible for name in moves[other].selects})
    cases = 1
    for name in fields:
        cases *= len(move.selects[name])
    if not possible or cases > _MOST_COMBINATIONS:
        return None
    last = 0
    for values in product(*(move.selects[name] for name in fields)):
        case = dict(zip(fields, values, strict=True))
        taker = next(
            (n for n in possible if all(case[f] in allowed for f, allowed in moves[n].selects.items())), None
        )
        if taker is None:
            return None
        last = max(last, taker)
    return last
