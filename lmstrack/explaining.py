"""Why: every rule of a step with its answer and source, and every window with the rhythm behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from lmstrack.errors import NotFound
from lmstrack.events import Event
from lmstrack.records import KINDS, Departure
from lmstrack.rules import Strength, Verdict
from lmstrack.strands import strand_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from lmstrack.case import Case
    from lmstrack.obligations import Obligation
    from lmstrack.pathway import Move
    from lmstrack.plans import Strand
    from lmstrack.replay import Step
    from lmstrack.rules import Answer, Contrary, Rule
    from lmstrack.staging.of_case import Stage
    from lmstrack.statements import Note, RecordedFields
    from lmstrack.workflow import Workflow


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """What one rule says of one event. *line* and *on* are None for an event that is not on record yet."""

    rule: str
    says: str
    strength: Strength
    answer: Verdict
    needs: str
    found: str
    fix: str
    source: str
    chosen: Mapping[str, str]
    against: tuple[Contrary, ...]
    kind: str
    line: int | None
    on: date | None
    departure: Departure | None


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to *why*: rules with their answers, and the obligations that the question is about.

    *move* names the move that would be made, None where the question is not about one or none is open. *notes* are
    what is good to know beside it, and what has to be on record. *stage* is the computed stage, None where
    the course has not been staged or the question is about something else.
    """

    case: str
    topic: str
    as_of: date
    state: str
    workflow: str
    move: str | None
    rules: tuple[RuleAnswer, ...]
    obligations: tuple[tuple[Obligation, Strand], ...]
    notes: tuple[Note | RecordedFields, ...] = ()
    stage: Stage | None = None


def why(case: Case, workflow: Workflow, topic: str | None = None) -> Why:
    """Why the case stands where it stands, or why one kind of event, strand or rule is as it is.

    *topic* is a kind (``biopsy``), a strand (``clinic_review``), the id of a rule or of another statement, or None for
    what is open now. For a kind
    that is on record its latest judgement is told, else what would be said of it today.

    Raises `NotFound` for anything else, naming what can be asked.
    """
    move: str | None = None
    rules: tuple[RuleAnswer, ...] = ()
    obligations: Iterable[Obligation] = ()
    notes: tuple[Note | RecordedFields, ...] = ()
    strands = strand_names(workflow)
    if topic is None:
        rules = tuple(answer for step in case.steps for answer in _answers(step) if _stands_out(answer))
        obligations = case.current()
    elif topic in KINDS:
        latest = next((step for step in reversed(case.steps) if step.event.kind == topic and step.judgements), None)
        if latest is not None:
            rules, move = tuple(_answers(latest)), _named(latest.move)
        else:
            rules, move = _hypothetical(case, workflow, topic)
        notes = workflow.told_with(topic, *(answer.rule for answer in rules))
    elif topic in strands:
        obligations = [each for each in case.obligations if each.strand == topic]
    else:
        rule = workflow.aliases.get(topic, topic)
        told = workflow.fields.get(rule) or workflow.notes.get(rule)
        if rule not in workflow.rules and told is None:
            raise NotFound(
                f"Explain {topic}",
                "there is no such kind of event, strand or rule.",
                f"Ask for a kind such as biopsy, for what lmstrack show {case.id} says is due, or for a rule.",
                candidates=(*KINDS, *strands, *workflow.rules),
            )
        notes = workflow.told_with(rule) if told is None else (told,)
        rules = tuple(answer for step in case.steps for answer in _answers(step) if answer.rule == rule)
        obligations = [each for each in case.current() if each.rule == rule]
    return Why(
        case=case.id,
        topic=topic or "state",
        as_of=case.as_of,
        state=case.state,
        workflow=workflow.name,
        move=move,
        rules=rules,
        obligations=tuple((each, strand_of(workflow, each)) for each in obligations),
        notes=notes,
        stage=case.stage() if topic in {None, "staging"} and case.facts.staging_on_record() else None,
    )


def _stands_out(answer: RuleAnswer) -> bool:
    return answer.answer in {Verdict.NOT_MET, Verdict.UNKNOWN}


def _answers(step: Step) -> Iterator[RuleAnswer]:
    for rule, answer, departure in step.judgements:
        yield _told(rule, answer, step.event.kind, step.event.line, step.event.on, departure)


def _told(
    rule: Rule,
    answer: Answer,
    kind: str,
    line: int | None,
    on: date | None,
    departure: Departure | None,
) -> RuleAnswer:
    found = answer.found
    if not found and answer.lines:
        found = "line " + ", ".join(map(str, answer.lines))
    return RuleAnswer(
        rule=rule.id,
        says=rule.says,
        strength=rule.strength,
        answer=answer.verdict,
        needs=answer.needs,
        found=found,
        fix=answer.fix,
        source=str(rule.source),
        chosen=rule.chosen,
        against=rule.against,
        kind=kind,
        line=line,
        on=on,
        departure=departure,
    )


def _hypothetical(case: Case, workflow: Workflow, kind: str) -> tuple[tuple[RuleAnswer, ...], str | None]:
    """What the rules would say of an event of this kind today, of which nothing else is known."""
    event = Event(
        case=case.id,
        line=0,
        on=case.as_of,
        record=KINDS[kind].model_construct(),
        recorded_at=datetime.combine(case.as_of, time(), UTC),
        recorded_by="",
    )
    facts = case.facts
    facts.asked = event
    try:
        pathway = workflow.pathway
        move = (
            pathway.move(case.state, kind, facts) or pathway.ahead(case.state, kind, facts) or pathway.home(kind, facts)
        )
        if move is None:
            return (), None
        judged = [(workflow.rules[rule], workflow.rules[rule].judge) for rule in move.needs]
        return (
            tuple(
                _told(rule, judge(facts, case.as_of), kind, None, None, None)
                for rule, judge in judged
                if judge is not None
            ),
            _named(move),
        )
    finally:
        facts.asked = None


def _named(move: Move | None) -> str | None:
    return None if move is None else f"{move.by} to {move.to}"


def strand_of(workflow: Workflow, obligation: Obligation) -> Strand:
    """What the workflow says of the strand that an obligation belongs to, in the plan that it runs under."""
    planned = [strand for plan in workflow.plans if plan.name == obligation.plan for strand in plan.strands]
    # A plan of an earlier version may be gone; a strand of that name still says most of what it said.
    others = [strand for plan in workflow.plans for strand in plan.strands]
    everything = (*planned, *workflow.expectations, *others)
    return next(strand for strand in everything if strand.name == obligation.strand)
