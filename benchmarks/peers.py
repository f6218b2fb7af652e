"""The same 15 events of a patient, walked by libraries that are at hand for it, and by ``assess``.

Each peer is used as its own manual says: a machine, workflow or aggregate a patient. All of them walk the
pathway of the workflow file, with all its states and moves, and ask the same rules by the same checks, so
what differs is the machinery. They do less than ``assess``: a peer notes which rules were not met and ends
with a state. It knows no corrections and no departures, keeps no questions and no words for what was found,
chooses no plan and works out no obligation; it holds only what was so far, where assess answers for any day
and any state of knowledge. None of them is told to refuse, since assess does not either: the truth is
recorded first and judged second.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import by_turns, cpu, cpu_ratio, judged, shown
from benchmarks.patients import TODAY, log, person, workflow
from lmstrack.case import assess
from lmstrack.errors import LmstrackError
from lmstrack.facts import Facts
from lmstrack.rules import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lmstrack.events import Event
    from lmstrack.pathway import Move
    from lmstrack.records import Person

    Told = tuple[Person, Sequence[Event]]
    Walk = Callable[[Person, Sequence[Event]], str]


@dataclass(eq=False)
class Patient:
    """What a walk knows of a patient; equal to nobody else, which transitions asks for."""

    facts: Facts
    missed: list[str] = field(default_factory=list)

    def hold(self, event: Event) -> None:
        """Take in one more event."""
        self.facts.add(event)
        self.facts.asked = event

    def passes(self, move: Move) -> bool:
        """Whether the event makes this move; its rules are asked, and noted where they are not met."""
        facts = self.facts
        if not facts.selects(move.selects):
            return False
        rules = workflow().rules
        day = facts.day
        for name in move.needs:
            if rules[name].judge(facts, day).verdict is Verdict.NOT_MET:  # type: ignore[misc, arg-type]  # both are set
                self.missed.append(name)
        return True


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    options.add_argument("--cases", type=int, default=200, help="patients a turn")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    logging.disable(logging.CRITICAL)  # or transitions would be measured by how well it logs
    told = [(person(number), log(number)) for number in range(given.cases)]
    works: dict[str, Callable[[], object]] = {"assess": _turn(_assessed, told)}
    for name, (module, make) in _PEERS.items():
        if find_spec(module) is None:
            shown(name, "not measured: it is not installed")
            continue
        walk = make()
        _arrives(name, walk, told[0])
        works[name] = _turn(walk, told)
    taken = by_turns(works, given.rounds)
    for name in works:
        shown(name, f"{given.cases / cpu(taken[name]):,.0f} patients a second of one core")
    for name in works:
        if name != "assess":
            judged(f"{name} against assess", cpu_ratio(taken[name], taken["assess"]))


def _turn(walk: Walk, told: Sequence[Told]) -> Callable[[], object]:
    return lambda: [walk(who, events) for who, events in told]


def _arrives(name: str, walk: Walk, told: Told) -> None:
    ends, expected = walk(*told), _assessed(*told)
    if ends != expected:
        raise LmstrackError(f"Walk with {name}", f"the patient ends in {ends} instead of {expected}.")


def _assessed(who: Person, events: Sequence[Event]) -> str:
    return assess(who, events, workflow(), TODAY).state


# ---- transitions: a machine a patient


def _transitions() -> Walk:
    from transitions import EventData, Machine  # noqa: PLC0415  # each peer is only loaded where it is installed

    def guard(move: Move) -> Callable[[EventData], bool]:
        def passes(event: EventData) -> bool:
            patient: Any = event.model
            return bool(patient.passes(move))

        return passes

    pathway = workflow().pathway
    moves: list[dict[str, Any]] = [
        {"trigger": move.by, "source": list(move.origins), "dest": move.to, "conditions": [guard(move)]}
        for move in pathway.moves
    ]
    stay = ("pathology", "visit", "rehabilitation")
    moves += [{"trigger": kind, "source": "*", "dest": None} for kind in stay]
    states = list(pathway.states)

    def walk(who: Person, events: Sequence[Event]) -> str:
        patient: Any = Patient(Facts(who))
        Machine(
            patient,
            states=states,
            transitions=moves,
            initial=pathway.initial,
            auto_transitions=False,
            send_event=True,
            ignore_invalid_triggers=True,
        )
        for event in events:
            patient.hold(event)
            patient.trigger(event.kind)
        return str(patient.state)

    return walk


# ---- python-statemachine: an instance a patient


def _statemachine() -> Walk:
    from statemachine import State, StateMachine  # noqa: PLC0415

    pathway = workflow().pathway
    states = {name: State(initial=name == pathway.initial) for name in pathway.states}
    events: dict[str, Any] = {}
    methods: dict[str, Any] = {"allow_event_without_transition": True}
    for number, move in enumerate(pathway.moves):
        methods[f"passes_{number}"] = _passing(move)
        for origin in move.origins:
            transition = states[origin].to(states[move.to], cond=f"passes_{number}")
            # An event of the name of a state is given another one: both are attributes of the class.
            name = _event_name(move.by)
            events[name] = events[name] | transition if name in events else transition
    for kind in ("pathology", "visit", "rehabilitation"):
        for state in states.values():
            stay = state.to.itself(internal=True)  # type: ignore[no-untyped-call]
            name = _event_name(kind)
            events[name] = events[name] | stay if name in events else stay
    followed: Any = type("FollowedPatient", (StateMachine,), {**states, **events, **methods})

    def walk(who: Person, events: Sequence[Event]) -> str:
        machine = followed()
        machine.patient = patient = Patient(Facts(who))
        for event in events:
            patient.hold(event)
            machine.send(_event_name(event.kind))
        return str(next(iter(machine.configuration)).id)

    return walk


def _event_name(kind: str) -> str:
    return f"{kind}_recorded"


def _passing(move: Move) -> Callable[[Any], bool]:
    def passes(self: Any) -> bool:
        return bool(self.patient.passes(move))

    return passes


# ---- SpiffWorkflow: a workflow a patient, from one specification


def _spiff() -> Walk:
    from SpiffWorkflow import TaskState, Workflow  # type: ignore[import-untyped]  # noqa: PLC0415
    from SpiffWorkflow.operators import Operator  # type: ignore[import-untyped]  # noqa: PLC0415
    from SpiffWorkflow.specs import ExclusiveChoice, Simple, WorkflowSpec  # type: ignore[import-untyped]  # noqa: PLC0415

    class Guard(Operator):  # type: ignore[misc]  # it has no types
        def __init__(self, move: Move) -> None:
            super().__init__(move.by)
            self.move = move

        def _matches(self, task: Any) -> bool:
            patient: Patient = task.workflow.data["patient"]
            asked = patient.facts.asked
            return asked is not None and asked.kind == self.move.by and patient.passes(self.move)

    pathway = workflow().pathway
    spec = WorkflowSpec("pathway", addstart=True)
    at = {name: Simple(spec, name, manual=True) for name in pathway.states}
    spec.start.connect(at[pathway.initial])
    for name, node in at.items():
        choice = ExclusiveChoice(spec, f"after {name}")
        node.connect(choice)
        choice.connect(node)  # where no guard holds, the state stays
        for move in pathway.moves:
            if name in move.origins:
                choice.connect_if(Guard(move), at[move.to])

    def walk(who: Person, events: Sequence[Event]) -> str:
        running = Workflow(spec)
        # In the workflow's data: what is in a task's is copied, all of it, from task to task.
        running.data["patient"] = patient = Patient(Facts(who))
        running.run_all(halt_on_manual=True)
        for event in events:
            patient.hold(event)
            running.get_next_task(state=TaskState.READY).run()
            running.run_all(halt_on_manual=True)
        return str(running.get_next_task(state=TaskState.READY).task_spec.name)

    return walk


# ---- eventsourcing: an aggregate a patient


def _eventsourcing() -> Walk:
    from eventsourcing.domain import Aggregate, event  # noqa: PLC0415

    pathway = workflow().pathway
    moves: dict[tuple[str, str], list[Move]] = {}
    for move in pathway.moves:
        for origin in move.origins:
            moves.setdefault((move.by, origin), []).append(move)

    class Followed(Aggregate):
        @event("Opened")
        def __init__(self, patient: Patient, state: str) -> None:
            self.patient = patient
            self.state = state

        def happen(self, told: Event) -> None:
            self.patient.hold(told)
            candidates = moves.get((told.kind, self.state), ())
            move = next((move for move in candidates if self.patient.passes(move)), None)
            self.happened(told=told, state=self.state if move is None else move.to)

        @event("Happened")
        def happened(self, told: Event, state: str) -> None:
            self.state = state

    def walk(who: Person, events: Sequence[Event]) -> str:
        followed = Followed(Patient(Facts(who)), pathway.initial)
        for told in events:
            followed.happen(told)
        followed.collect_events()
        return followed.state

    return walk


_PEERS: Mapping[str, tuple[str, Callable[[], Walk]]] = {
    "transitions, a Machine a patient": ("transitions", _transitions),
    "python-statemachine": ("statemachine", _statemachine),
    "SpiffWorkflow": ("SpiffWorkflow", _spiff),
    "eventsourcing": ("eventsourcing", _eventsourcing),
}


if __name__ == "__main__":
    main()
