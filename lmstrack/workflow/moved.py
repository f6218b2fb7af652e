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


class Mover:
    """Makes the states and moves of one file, each name in them looked up."""

    def __init__(self, shaped: Shaped, book: Rulebook, faults: Faults) -> None:
        self._shaped = shaped
        self._book = book
        self._faults = faults
        self._declared = shaped.declared.get("states", ())
        before = len(faults)
        self.states = self._states()
        self._sound = len(faults) == before
        self.moves = tuple(
            self._move(entry, ("moves", number))
            for number, entry in zip(shaped.move_numbers, shaped.file.moves, strict=False)
        )
        if self._sound and "moves" in shaped.whole:  # else one slip would be told twice, also as what follows
            self._judge()

    def _states(self) -> tuple[State, ...]:
        file, faults = self._shaped.file, self._faults
        if "initial" in self._shaped.whole and file.initial not in self._declared:
            said = f"initial: there is no state '{file.initial}'{nearest(file.initial, self._declared)}"
            faults.add(said, "initial")
        elif file.initial in file.states and file.states[file.initial].final:
            faults.add(f"initial: '{file.initial}' is final, so no case could ever leave it.", "initial")
        if ANY in self._declared:
            faults.add(f"states {ANY}: this word stands for every state that is not final.", "states", ANY)
        return tuple(State(name, entry.says, entry.level, entry.final) for name, entry in file.states.items())

    def _move(self, entry: MoveEntry, place: tuple[str, int]) -> Move:
        before = len(self._faults)
        if entry.by not in KINDS:
            said = f"{where(place)}: no kind of event is called '{entry.by}'{nearest(entry.by, KINDS)}"
            self._faults.add(said, *place, "by")
        self._judge_ends(entry, place)
        selects = self._selects(entry, place)
        self._sound &= len(self._faults) == before
        return Move(
            by=entry.by,
            origins=_origins(entry, self._shaped),
            to=entry.to,
            selects=selects,
            needs=self._needs(entry, place),
            asks=self._asks(entry, place),
            name=entry.name or "",
            says=entry.says,
            refuses=entry.refuses,
        )

    def _judge_ends(self, entry: MoveEntry, place: tuple[str, int]) -> None:
        states = self._shaped.file.states
        for end, named in (("from", entry.origins), ("to", (entry.to,))):
            for state in named:
                if state not in self._declared and (end == "to" or state != ANY):
                    said = f"{where(place)}: there is no state '{state}'{nearest(state, self._declared)}"
                    self._faults.add(said, *place, end)
        if ANY in entry.origins and len(entry.origins) > 1:
            said = f"{where(place)}: '{ANY}' stands for every state, so it stands alone."
            self._faults.add(said, *place, "from")
        for state in entry.origins:
            if state in states and states[state].final:
                self._faults.add(f"{where(place)} starts from '{state}', which is final.", *place, "from")

    def _selects(self, entry: MoveEntry, place: tuple[str, int]) -> dict[str, frozenset[object]]:
        if entry.by not in KINDS:
            return {}
        selection = Selection(entry.by, SELECTORS)
        selects: dict[str, frozenset[object]] = {}
        for name, given in entry.selects.items():
            values, sentences = selection.read(name, given)
            selects[name] = frozenset(values)
            for sentence in sentences:
                self._faults.add(f"{where((*place, 'for'))}: {sentence}", *place, "for", name)
        return selects

    def _needs(self, entry: MoveEntry, place: tuple[str, int]) -> tuple[str, ...]:
        rules = self._book.rules
        needs: list[str] = []
        for number, rule in enumerate(entry.needs):
            at = (*place, "needs", number)
            name = self._book.named(rule, *at)
            if name in rules and rules[name].check is None:
                said = f"{where(place)} needs {rule}, which no check can judge"
                self._faults.add(f"{said}; a rule without one only schedules.", *at)
            if name in needs:
                self._faults.add(f"{where(place)} needs {name} twice.", *at)
            needs.append(name)
        return tuple(needs)

    def _asks(self, entry: MoveEntry, place: tuple[str, int]) -> tuple[str, ...]:
        declared = self._shaped.declared.get("fields", ())
        for number, name in enumerate(entry.asks):
            at = (*place, "asks", number)
            if name not in declared:
                self._faults.add(f"{where(place)}: no fields are called {name}{nearest(name, declared)}", *at)
        return entry.asks

    def _judge(self) -> None:
        """What is only seen on the whole: states nobody reaches or leaves, and moves that are never made."""
        shaped, faults, moves = self._shaped, self._faults, self.moves
        if {"states", "initial"} <= shaped.whole:
            _judge_states({state.name: state for state in self.states}, shaped.file.initial, moves, faults)
        for later, earlier, origins in shadowed(moves):
            number, before = shaped.move_numbers[later], shaped.move_numbers[earlier]
            line = faults.lines.get(("moves", before))
            by = f"the one in line {line}" if line is not None else f"number {before + 1}"
            place = f" from {listed(origins, 'and')}" if len(origins) < len(moves[later].origins) else ""
            said = f"{where(('moves', number))} can never be selected{place}"
            faults.add(f"{said}: {by} stands before it and takes every such case.", "moves", number)


def _origins(entry: MoveEntry, shaped: Shaped) -> tuple[str, ...]:
    if ANY not in entry.origins:
        return tuple(dict.fromkeys(entry.origins))
    return tuple(name for name, state in shaped.file.states.items() if not state.final)


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
    """Moves that earlier candidates leave nothing for: number, that of an earlier one, and the origins."""
    for number, move in enumerate(moves):
        by: dict[str, int] = {}
        for origin in move.origins:
            before = [other for other in range(number) if moves[other].by == move.by and origin in moves[other].origins]
            taker = _taker(move, before, moves)
            if taker is not None:
                by[origin] = taker
        if by:
            yield number, next(iter(by.values())), tuple(by)


def _taker(move: Move, before: Sequence[int], moves: Sequence[Move]) -> int | None:
    """The last of the earlier candidates that take every case of *move*; None where one is left for it.

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
        taker = next((n for n in possible if all(case[f] in allowed for f, allowed in moves[n].selects.items())), None)
        if taker is None:
            return None
        last = max(last, taker)
    return last
