"""What recording one more event would do: pure, so that a preview and the real thing cannot differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING

from lmstrack.effects import Effect, by_place, effect
from lmstrack.errors import Impossible, Refused
from lmstrack.events import horizon
from lmstrack.joined import seen, standing_together
from lmstrack.plausible import impossible, impossible_again

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from lmstrack.case import Case
    from lmstrack.events import Event
    from lmstrack.moving import Move
    from lmstrack.records import Person
    from lmstrack.rules import Finding
    from lmstrack.workflow import Workflow

#: Kinds that change what is said of earlier lines, or by which rules: a first referral makes earlier surgery history.
_SPEAKS_OF_OTHERS = frozenset({
    "adopt_workflow", "correct", "departure", "departure_review", "merge", "move_event", "referral", "unmerge"
})  # fmt: skip
#: After these something may stand that did not stand before.
_MAY_BRING_BACK = frozenset({"correct", "merge", "unmerge"})


@dataclass(frozen=True, slots=True)
class Weighed:
    """The case after an event, the *state* it was in without it, and what the rules say of it.

    *before* gives the case without the event. *outline* is the case after it for whoever only asks where it stands and
    what is due: where the event leaves the past alone, the rules of earlier lines were not asked again. *whole* gives
    all of it. *findings* are those on the event itself, answered by a departure or not. *consequences* are findings
    that it causes on other events, *resolved* the ones on other events that it takes away; neither ever refuses it.
    """

    state: str
    before: Callable[[], Case] = field(compare=False, repr=False)
    outline: Case
    whole: Callable[[], Case] = field(compare=False, repr=False)
    findings: tuple[Finding, ...]
    consequences: tuple[Finding, ...]
    resolved: tuple[Finding, ...]

    @property
    def after(self) -> Case:
        """The case after the event, with every finding and question."""
        return self.whole()

    @property
    def refusing(self) -> tuple[Finding, ...]:
        """The findings that refuse the event: not met, not answered, and binding."""
        return tuple(finding for finding in self.findings if finding.refuses)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording an event did, or would do where *written* is False.

    *before*, *outline* and *whole* are those of `Weighed`. *moved* is the pair of states where the case moved, else
    None. *findings* are those on the event, each with the departure that answers it, or a question. *consequences* are
    findings that it caused on other events, *resolved* the ones that it took away. *already* marks an entry that was on
    record under the same source id. *noted* are departures from rules that were not unmet. *elsewhere* is what the
    entry did in another case: an event that was moved there, or taken back from there, or, under the same event, that
    the case was merged and leaves the lists, or is on them again. *came_from* is how a line came to this case that the
    entry withdrew, so that it stands in neither.
    """

    before: Callable[[], Case] = field(compare=False, repr=False)
    outline: Case = field(repr=False)
    whole: Callable[[], Case] = field(compare=False, repr=False)
    event: Event
    moved: tuple[str, str] | None
    findings: tuple[Finding, ...]
    consequences: tuple[Finding, ...]
    resolved: tuple[Finding, ...]
    written: bool = True
    already: bool = False
    noted: tuple[str, ...] = ()
    elsewhere: tuple[Recorded, ...] = ()
    came_from: Move | None = None

    @property
    def case(self) -> Case:
        """The case after the event, with every finding and question; worked out when it is first asked for."""
        return self.whole()

    @property
    def effect(self) -> Effect:
        """What the entry changes: state, findings, questions and due dates; worked out when it is asked for."""
        return effect(self.before(), self.whole())


def weighed(
    person: Person | None,
    log: Sequence[Event],
    event: Event,
    workflows: Mapping[str, Workflow],
    today: date,
    zone: str = "UTC",
    case: str | None = None,
) -> Weighed:
    """What the log says with the event and without it, seen from today or from its latest day, if that is later.

    *case* is the one that is looked at where the event stands in the log of another that is read with it.
    """
    with_event = [*log, event]
    as_of = max(today, horizon(with_event) or today)
    case = case or event.case
    from lmstrack.case import assess  # noqa: PLC0415  whoever only looks at lists needs none of the rules

    assessed = partial(assess, person, with_event, workflows, as_of, zone=zone, case=case)
    without = cache(partial(assess, person, log or [], workflows, as_of, zone=zone, case=case))
    if _leaves_the_past(log, event):
        # Every earlier step is what it was: a rule sees nothing that is dated later.
        outline = assessed(judging=(event.line,))
        state = outline.steps[-2].after if len(outline.steps) > 1 else outline.steps[-1].before
        return Weighed(state, without, outline, cache(assessed), _own(outline, event), (), ())
    after = assessed()
    before = without()
    was = by_place(before.findings)
    now = by_place(finding for finding in after.findings if finding.line != event.line)
    return Weighed(
        state=before.state,
        before=without,
        outline=after,
        whole=lambda: after,
        findings=_own(after, event),
        consequences=tuple(finding for place, finding in now.items() if place not in was),
        resolved=tuple(finding for place, finding in was.items() if place not in now),
    )


def _own(case: Case, event: Event) -> tuple[Finding, ...]:
    """What the rules say of the event itself, questions included."""
    return tuple(finding for step in case.steps if step.event.line == event.line for finding in step.findings())


def _leaves_the_past(log: Sequence[Event], event: Event) -> bool:
    """Whether an event can change nothing that is said of earlier ones: it is later, and speaks of none of them."""
    earlier = horizon(log)
    return (earlier is None or event.on > earlier) and event.record.kind not in _SPEAKS_OF_OTHERS


def admitted(
    person: Person | None,
    log: Sequence[Event],
    event: Event,
    workflows: Mapping[str, Workflow],
    today: date,
    zone: str = "UTC",
    case: str | None = None,
    *,
    refusing: bool = True,
) -> Recorded:
    """What recording an event does; *case* as in `weighed`.

    Raises `Impossible` where it cannot have happened, and, where *refusing*, `Refused` with every finding where rules
    stand in the way.
    """
    case = case or event.case
    before = standing_together(seen(case, log).lines)
    obstacle = impossible(person, before, event, today)
    if obstacle is None and event.kind in _MAY_BRING_BACK:
        obstacle = impossible_again(person, before, standing_together(seen(case, [*log, event]).lines), today)
    if obstacle is not None:
        raise Impossible(f"Record {event.kind} for {event.case}", obstacle, "Check the date and the patient.")
    result = weighed(person, log, event, workflows, today, zone, case)
    if refusing and result.refusing:
        # What refuses although it is departed from is mandatory, and no clinician answers for the departure.
        unsigned = [each.rule for each in result.findings if each.refuses and each.rule in event.departures]
        raise Refused(event.case, event.kind, event.on, result.state, result.findings, unsigned)
    return _recorded(result, event)


def followed(
    person: Person | None,
    log: Sequence[Event],
    event: Event,
    workflows: Mapping[str, Workflow],
    today: date,
    zone: str = "UTC",
    case: str | None = None,
) -> Recorded:
    """What an event that was admitted for another case does to *case*, which is read with it."""
    return _recorded(weighed(person, log, event, workflows, today, zone, case), event)


def _recorded(result: Weighed, event: Event) -> Recorded:
    outline = result.outline
    step = next((step for step in outline.steps if step.event.line == event.line), None)
    moved = (step.before, step.after) if step is not None and step.before != step.after else None
    unmet = {finding.rule for finding in result.findings}
    return Recorded(
        before=result.before,
        outline=outline,
        whole=result.whole,
        event=event,
        moved=moved or ((result.state, outline.state) if result.state != outline.state else None),
        findings=result.findings,
        consequences=result.consequences,
        resolved=result.resolved,
        noted=tuple(rule for rule in event.departures if rule not in unmet),
    )
