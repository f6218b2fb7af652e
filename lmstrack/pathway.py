"""The states a patient moves through and the moves between them, held by one shared `transitions` machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transitions import EventData, Machine, Transition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lmstrack.facts import Facts


@dataclass(frozen=True, slots=True)
class State:
    """A milestone. *level* orders the milestones along the pathway; a final state is left only by coming back."""

    name: str
    says: str
    level: int
    final: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """What recording an event of kind *by* does from the states *origins*.

    *selects* are the fields and values of the move's ``for:``; *needs* are the rules asked, in the order of the file,
    and *asks* the statements whose fields have to be on record from this move on. Where it does not *refuse*, what its
    rules find stays open until somebody answers for it, and refuses nothing.
    """

    by: str
    origins: tuple[str, ...]
    to: str
    selects: Mapping[str, frozenset[object]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    name: str = ""
    says: str = ""
    refuses: bool = True


@dataclass(slots=True)
class Question:
    """A token: from which state, with which facts, and whether rules may refuse the move.

    *selected* is the move that the machine chose, None where no candidate's ``for:`` holds. *weigh* evaluates all
    rules of a move and says whether they let it pass; without it no rule refuses.
    """

    state: str
    facts: Facts
    weigh: Callable[[Move, Facts], bool] | None = None
    selected: Move | None = None


class _Guard:
    """The one condition of a move: its ``for:`` decides whether it is a candidate, then all its rules are weighed.

    One condition per rule would stop at the first False, hide the others, and let the machine fall through to the
    next candidate.
    """

    __name__ = "guard"  # transitions prints the name of a condition in its log

    def __init__(self, move: Move) -> None:
        self.move = move

    def __call__(self, event: EventData) -> bool:
        question = event.model
        if not isinstance(question, Question):
            raise TypeError("only a Question is asked of the machine")
        if question.selected is not None or not question.facts.selects(self.move.selects):
            return False
        question.selected = self.move
        return question.weigh is None or question.weigh(self.move, question.facts)


def _guarded(transition: Transition) -> Move:
    """The move behind a transition of the machine, which has the one guard that it was given."""
    guard = transition.conditions[0].func
    if not isinstance(guard, _Guard):
        raise TypeError("a transition without the guard of its move")
    return guard.move


class Pathway:
    """Which move an event makes, and what is open from where. It holds no patient and no history."""

    def __init__(self, states: Iterable[State], initial: str, moves: Sequence[Move]) -> None:
        self.states = {state.name: state for state in states}
        self.initial = initial
        self.moves = tuple(moves)
        self._machine = Machine(
            model=None,
            states=list(self.states),
            initial=initial,
            auto_transitions=False,  # the default adds to_surveillance() and so on, which no rule guards
            send_event=True,
        )
        for move in self.moves:
            self._machine.add_transition(move.by, list(move.origins), move.to, conditions=[_Guard(move)])
        # Asking the machine itself costs thirty times a lookup in its own tables, most of it logging; a property test
        # holds that both give the same answer.
        self._candidates: dict[tuple[str, str], tuple[Move, ...]] = {
            (trigger, origin): tuple(_guarded(transition) for transition in transitions)
            for trigger, event in self._machine.events.items()
            for origin, transitions in event.transitions.items()
        }
        self._by_kind: dict[str, tuple[Move, ...]] = {
            kind: tuple(move for move in self.moves if move.by == kind) for kind in {move.by for move in self.moves}
        }
        self.kinds = frozenset(self._by_kind)
        self._level = {name: state.level for name, state in self.states.items()}

    def ask(self, trigger: str, question: Question) -> bool:
        """Whether the stock machine makes the move; what it chose is left on the question's *selected*."""
        event = self._machine.events.get(trigger)
        if event is None or question.state not in event.transitions:
            return False
        return bool(event.trigger(question))

    def move(self, state: str, kind: str, facts: Facts) -> Move | None:
        """The move that an event of this kind makes from this state: the first whose ``for:`` holds."""
        for move in self._candidates.get((kind, state), ()):
            if not move.selects or facts.selects(move.selects):
                return move
        return None

    def ahead(self, state: str, kind: str, facts: Facts) -> Move | None:
        """The move into a later state that this kind establishes, for what is recorded out of pathway order."""
        level = self._level[state]
        if self.states[state].final:
            return None
        for move in self._by_kind.get(kind, ()):
            if self._level[move.to] > level and (not move.selects or facts.selects(move.selects)):
                return move
        return None

    def home(self, kind: str, facts: Facts) -> Move | None:
        """The move of this kind whose rules are asked even where the state stays as it is."""
        for move in self._by_kind.get(kind, ()):
            if not move.selects or facts.selects(move.selects):
                return move
        return None

    def moves_for(self, kind: str) -> tuple[Move, ...]:
        """Every move that an event of this kind can make, in the order of the file."""
        return self._by_kind.get(kind, ())

    def open_from(self, state: str) -> tuple[Move, ...]:
        """The moves that lead out of a state, in the order of the file."""
        kinds = self._machine.get_triggers(state)
        return tuple(move for move in self.moves if move.by in kinds and state in move.origins)

    def diagram(self) -> str:
        """The pathway as a Mermaid state diagram."""
        from transitions.extensions import GraphMachine  # noqa: PLC0415  needed for drawing only

        patient = type("Patient", (), {})()  # the drawing is made for a model, so it gets one of its own
        drawn = GraphMachine(
            model=patient,
            states=list(self.states),
            initial=self.initial,
            auto_transitions=False,
            graph_engine="mermaid",
            title="title: Pathway",
        )
        for move in self.moves:
            label = move.by if not move.name else f"{move.by} ({move.name})"
            for origin in move.origins:
                drawn.add_transition(label, origin, move.to)
        return str(patient.get_graph().source)
