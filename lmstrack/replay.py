"""The walk through the standing events of a case: which move each makes, and what every rule says of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.checks.asking import treatments
from lmstrack.episodes import ENDS_FOR_GOOD, Course, Episodes
from lmstrack.facts import Facts, is_history
from lmstrack.records import AdoptWorkflow, Departure, DepartureRecord
from lmstrack.rules import MET, NOT_ASKED, Finding, Judgement, Strength, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.pathway import Move, Pathway
    from lmstrack.records import Person
    from lmstrack.rules import Rule
    from lmstrack.workflow import Workflow

#: Asked their rules in every state, also where the state stays: each of them is done to the patient once more.
ASKED_IN_EVERY_STATE = frozenset({"biopsy", "surgery", "radiotherapy", "systemic"})
#: A departure that the team agreed on for its plan answers the same rule when the plan is carried out.
CARRIES_OUT_THE_PLAN = frozenset({"surgery", "radiotherapy", "systemic", "treatment_completed"})
#: After these a patient can come back, and is on the pathway again where they left it.
RETURNS_FROM = frozenset({"transfer", "discharge"})


class Step(NamedTuple):
    """One event of the walk: the states around it, the move it made (None: the state stays) and its judgements.

    *jumped* marks an event recorded out of pathway order. *course* counts courses of disease from 1. *open* are the
    judgements that are neither simply met nor not asked: the few that findings and questions come from. Unless it
    *refuses*, as in an emergency, none of them stands in the way.
    """

    event: Event
    before: str
    after: str
    move: Move | None
    judgements: tuple[Judgement, ...]
    jumped: bool
    course: int
    open: tuple[Judgement, ...] = ()
    refuses: bool = True

    def findings(self, *, with_questions: bool = True) -> Iterator[Finding]:
        """The rules that this event does not meet, or that cannot be judged, answered by a departure or not.

        Without *with_questions* what only leaves a question is left out: unknown, refusing nothing and not answered.
        """
        for rule, answer, departure in self.open:
            if answer.verdict is Verdict.UNKNOWN:
                binds = self.refuses and rule.strength is Strength.MANDATORY
                if not with_questions and departure is None and not binds:
                    continue
            elif answer.verdict is not Verdict.NOT_MET:
                continue
            yield Finding(
                rule.id,
                rule.says,
                rule.strength,
                answer.verdict,
                answer.needs,
                answer.found,
                rule.source,
                answer.fix,
                self.event.record.kind,
                self.event.on,
                self.event.line,
                answer.asks,
                departure,
                self.refuses,
            )


@dataclass(slots=True)
class Walk:
    """Where the walk ended: the state, the steps, the facts of the last day, and the courses with their care."""

    state: str
    steps: list[Step]
    facts: Facts
    courses: list[Course]
    workflow: Workflow


_NO_JUDGEMENTS: tuple[Judgement, ...] = ()
# Made by the dozen for every case, and by their own class in twice the time.
_step: Callable[[tuple[object, ...]], Step] = partial(tuple.__new__, Step)


def replay(
    person: Person | None,
    events: Sequence[Event],
    versions: Mapping[str, Workflow],
    pinned: Workflow,
    judging: Container[int] | None = None,
) -> Walk:
    """Walk the events, which stand in clinical order, from the initial state of the *pinned* workflow.

    Nothing is refused here: the truth is loaded first and judged second. An ``adopt_workflow`` event changes the
    workflow for what is dated after it. *judging* are the lines whose rules are asked, None all of them; no rule
    changes where the walk goes.
    """
    return _Walker(person, events, versions, pinned, judging).over(events)


class _Walker:
    """What is carried from one event to the next."""

    __slots__ = (
        "answered",
        "episodes",
        "facts",
        "judging",
        "left_by",
        "left_from",
        "planned",
        "referred_on",
        "state",
        "steps",
        "versions",
        "workflow",
    )

    def __init__(
        self,
        person: Person | None,
        events: Sequence[Event],
        versions: Mapping[str, Workflow],
        pinned: Workflow,
        judging: Container[int] | None,
    ) -> None:
        self.versions = versions
        self.judging = judging
        self.workflow = pinned
        self.facts = Facts(person, pinned.settings.designated_centres)
        self.state = self.left_from = pinned.pathway.initial
        self.left_by = ""
        self.steps: list[Step] = []
        self.episodes = Episodes(pinned)
        self.answered = _later_departures(events, pinned)
        self.planned: dict[str, Departure] = {}
        self.referred_on = next((event.on for event in events if event.record.kind == "referral"), None)

    def over(self, events: Sequence[Event]) -> Walk:
        """A whole day becomes known before any of its events is judged: rules see everything dated up to that day."""
        facts, count, index = self.facts, len(events), 0
        while index < count:
            day = events[index].on
            after_today = index
            while after_today < count and events[after_today].on == day:
                facts.add(events[after_today])
                after_today += 1
            for event in events[index:after_today]:
                self._take(event)
            index = after_today
        facts.asked = None
        return Walk(self.state, self.steps, facts, self.episodes.finished(facts), self.workflow)

    def _take(self, event: Event) -> None:
        kind = event.record.kind
        pathway, facts = self.workflow.pathway, self.facts
        facts.asked = event
        if pathway.states[self.state].final and _returns(event, self.left_by):
            self.state = self.left_from
        before = self.state
        move, judgements, unsettled, jumped, refuses = None, _NO_JUDGEMENTS, _NO_JUDGEMENTS, False, True
        if kind in pathway.kinds:
            move, asked, jumped = _move(pathway, before, event, facts, self.referred_on)
            if move is not None:
                self.state = move.to
            if kind == "mdt" or (asked is not None and asked.needs):
                judgements, unsettled = self._judged(event, kind, () if asked is None else asked.needs)
                refuses = asked is None or asked.refuses
            if kind == "recurrence" and move is not None:
                facts.open_course(event.on)
                self.planned = {}
        elif isinstance(event.record, AdoptWorkflow):
            self.workflow = self.versions[event.record.workflow]
            facts.designated_centres = self.workflow.settings.designated_centres
            self.episodes.adopt(self.workflow)
        if pathway.states[self.state].final and (self.state != before or kind in ENDS_FOR_GOOD):
            self.left_by = kind
            if self.state != before:
                self.left_from = before
        step = _step((event, before, self.state, move, judgements, jumped, facts.course, unsettled, refuses))
        self.steps.append(step)
        self.episodes.after(step, facts)

    def _judged(
        self, event: Event, kind: str, needs: tuple[str, ...]
    ) -> tuple[tuple[Judgement, ...], tuple[Judgement, ...]]:
        """What each rule says, and the departure that answers it: with the event, later, or on the team's plan.

        Then those of them that are neither simply met nor not asked.
        """
        given = self.answered.get(event.line, {}) if self.answered else {}
        if event.departures:
            aliases = self.workflow.aliases
            given = {**{aliases.get(rule, rule): departure for rule, departure in event.departures.items()}, **given}
        if kind == "mdt":  # also one that moves nothing, such as the meeting after the operation
            replans = getattr(event.record, "plan", None) is not None
            self.planned = dict(given) if replans else {**self.planned, **given}
        elif self.planned and kind in CARRIES_OUT_THE_PLAN:
            given = {**self.planned, **given}
        if self.judging is not None and event.line not in self.judging:
            return _NO_JUDGEMENTS, _NO_JUDGEMENTS
        facts, day = self.facts, event.on
        asking = self.workflow.asking(needs, kind, treatments(event.record), facts.site_group())
        judgements = list(asking.silent)
        unsettled: list[Judgement] = []
        for place, rule, judge, met in asking.to_ask:
            answer = judge(facts, day)
            if answer is MET:
                judgements[place] = met
            elif answer is not NOT_ASKED:
                judgements[place] = Judgement(rule, answer, _answering(given, rule) if given else None)
                unsettled.append(judgements[place])
        if given:
            judgements = [each._replace(departure=_answering(given, each.rule)) for each in judgements]
        return tuple(judgements), tuple(unsettled)


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
    kind = event.record.kind
    if kind == "surgery" and is_history(event, referred_on):
        return None, None, False
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
