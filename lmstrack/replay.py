"""The walk through the standing events of a case: which move each makes, and what every rule says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.episodes import ENDS_FOR_GOOD, Course, Episodes
from lmstrack.facts import Facts
from lmstrack.records import AdoptWorkflow, Departure, DepartureRecord
from lmstrack.rules import Answer, Finding, Rule, Strength, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.pathway import Move, Pathway
    from lmstrack.records import Person
    from lmstrack.workflow import Workflow

#: Asked their rules in every state, also where the state stays: each of them is done to the patient once more.
ASKED_IN_EVERY_STATE = frozenset({"biopsy", "surgery", "radiotherapy", "systemic"})
#: A departure that the team agreed on for its plan answers the same rule when the plan is carried out.
CARRIES_OUT_THE_PLAN = frozenset({"surgery", "radiotherapy", "systemic", "treatment_completed"})
#: After these a patient can come back, and is on the pathway again where they left it.
RETURNS_FROM = frozenset({"transfer", "discharge"})


class Judgement(NamedTuple):
    """What one rule says of one event, and the departure that answers it, None where nobody has given one."""

    rule: Rule
    answer: Answer
    departure: Departure | None


class Step(NamedTuple):
    """One event of the walk: the states around it, the move it made (None: the state stays) and its judgements.

    *jumped* marks an event recorded out of pathway order. *course* counts courses of disease from 1.
    """

    event: Event
    before: str
    after: str
    move: Move | None
    judgements: tuple[Judgement, ...]
    jumped: bool
    course: int

    def findings(self) -> Iterator[Finding]:
        """The rules that this event does not meet, or that cannot be judged, answered by a departure or not."""
        for rule, answer, departure in self.judgements:
            if answer.verdict is Verdict.NOT_MET or answer.verdict is Verdict.UNKNOWN:
                yield Finding(
                    rule=rule.id,
                    says=rule.says,
                    strength=rule.strength,
                    answer=answer.verdict,
                    needs=answer.needs,
                    found=answer.found,
                    source=rule.source,
                    fix=answer.fix,
                    kind=self.event.record.kind,
                    on=self.event.on,
                    line=self.event.line,
                    asks=answer.asks,
                    departure=departure,
                )


@dataclass(slots=True)
class Walk:
    """Where the walk ended: the state, the steps, the facts of the last day, and the courses of disease with their care."""

    state: str
    steps: list[Step]
    facts: Facts
    courses: list[Course]
    workflow: Workflow


_NO_JUDGEMENTS: tuple[Judgement, ...] = ()


def replay(person: Person | None, events: Sequence[Event], versions: Mapping[str, Workflow], pinned: Workflow) -> Walk:
    """Walk the events, which stand in clinical order, from the initial state of the *pinned* workflow.

    Nothing is refused here: the truth is loaded first and judged second. An ``adopt_workflow`` event changes the
    workflow for what is dated after it.
    """
    workflow = pinned
    pathway = workflow.pathway
    rules = workflow.rules
    facts = Facts(person)
    state = pathway.initial
    left_from = state
    left_by = ""
    steps: list[Step] = []
    episodes = Episodes(workflow)
    answered = _later_departures(events, workflow)
    planned: dict[str, Departure] = {}
    referred_on = next((event.on for event in events if event.record.kind == "referral"), None)
    index = 0
    count = len(events)
    while index < count:
        day = events[index].on
        after_today = index
        while after_today < count and events[after_today].on == day:
            facts.add(events[after_today])
            after_today += 1
        for event in events[index:after_today]:
            kind = event.record.kind
            facts.asked = event
            if pathway.states[state].final and _returns(event, left_by):
                state = left_from
            before = state
            if kind in pathway.kinds:
                move, asked, jumped = _move(pathway, state, event, facts, referred_on)
            else:
                move, asked, jumped = None, None, False
            judgements = _NO_JUDGEMENTS
            if move is not None:
                state = move.to
            needs = () if asked is None else asked.needs
            if needs or kind == "mdt":
                own = answered.get(event.line, {}) if answered else {}
                if event.departures:
                    own = {**{workflow.aliases.get(rule, rule): given for rule, given in event.departures.items()}, **own}
                if kind == "mdt":  # also one that moves nothing, such as the meeting after the operation
                    planned = dict(own) if getattr(event.record, "plan", None) is not None else {**planned, **own}
                elif planned and kind in CARRIES_OUT_THE_PLAN:
                    own = {**planned, **own}
                judgements = tuple([
                    Judgement(rule, rule.judge(facts, day), _answering(own, rule) if own else None)  # type: ignore[misc]
                    for rule in map(rules.__getitem__, needs)
                ])
            if kind == "recurrence" and move is not None:
                facts.open_course(day)
                planned = {}
            if kind == "adopt_workflow" and isinstance(event.record, AdoptWorkflow):
                workflow = versions[event.record.workflow]
                pathway, rules = workflow.pathway, workflow.rules
                episodes.adopt(workflow)
            if pathway.states[state].final and (state != before or kind in ENDS_FOR_GOOD):
                left_by = kind
                left_from = before if state != before else left_from
            step = Step(event, before, state, move, judgements, jumped, facts.course)
            steps.append(step)
            episodes.after(step, facts)
        index = after_today
    facts.asked = None
    return Walk(state, steps, facts, episodes.finished(facts), workflow)


def _answering(given: Mapping[str, Departure], rule: Rule) -> Departure | None:
    """The departure from this rule; from a mandatory one only where a clinician answers for it."""
    departure = given.get(rule.id)
    if departure is not None and departure.agreed_by is None and rule.strength is Strength.MANDATORY:
        return None
    return departure


def _move(
    pathway: Pathway, state: str, event: Event, facts: Facts, referred_on: date | None
) -> tuple[Move | None, Move | None, bool]:
    """The move made, the move whose rules are asked, and whether it jumped ahead of the pathway's order."""
    record = event.record
    kind = record.kind
    if kind == "surgery" and (
        (referred_on is not None and event.on < referred_on)
        or getattr(record, "operation", None) == "unplanned_excision"
    ):
        return None, None, False  # history of how the patient came in: it was done before anybody could ask
    move = pathway.move(state, kind, facts)
    if move is not None:
        return move, move, False
    move = pathway.ahead(state, kind, facts)
    if move is not None:
        return move, move, True
    return None, (pathway.home(kind, facts) if kind in ASKED_IN_EVERY_STATE else None), False


def _returns(event: Event, left_by: str) -> bool:
    """Whether a patient who had left is back: sent back, or any clinical event after a transfer or a discharge."""
    if left_by not in RETURNS_FROM:
        return False
    return event.record.clinical or getattr(event.record, "status", None) == "returned"


def _later_departures(events: Sequence[Event], workflow: Workflow) -> dict[int, dict[str, Departure]]:
    """Departures recorded afterwards, by the line they answer and the rule."""
    answered: dict[int, dict[str, Departure]] = {}
    for event in events:
        record = event.record
        if record.kind == "departure" and isinstance(record, DepartureRecord):
            rule = workflow.aliases.get(record.rule, record.rule)
            given = Departure(because=record.because, agreed_by=record.agreed_by)
            answered.setdefault(record.line, {})[rule] = given
    return answered
