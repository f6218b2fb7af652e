"""What recording one more event would do: pure, so that a preview and the real thing cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lmstrack.case import Case, assess
from lmstrack.events import horizon

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.records import Person
    from lmstrack.rules import Finding
    from lmstrack.workflow import Workflow

#: Kinds that change what is said of earlier lines, or by which rules: a first referral makes earlier surgery history.
_SPEAKS_OF_OTHERS = frozenset({
    "adopt_workflow", "correct", "departure", "departure_review", "merge", "move_event", "referral", "unmerge"
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weighed:
    """The case after an event, the *state* it was in without it, and what the rules say of it.

    *findings* are those on the event itself, answered by a departure or not. *consequences* are findings that it causes
    on other events, *resolved* the ones on other events that it takes away; neither ever refuses it.
    """

    state: str
    after: Case
    findings: tuple[Finding, ...]
    consequences: tuple[Finding, ...]
    resolved: tuple[Finding, ...]

    @property
    def refusing(self) -> tuple[Finding, ...]:
        """The findings that refuse the event: not met, not answered, and binding."""
        return tuple(finding for finding in self.findings if finding.refuses)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording an event did, or would do where *written* is False.

    *moved* is the pair of states where the case moved, else None. *findings* are those on the event, each with the
    departure that answers it, or a question. *consequences* are findings that it caused on other events, *resolved* the
    ones that it took away. *already* marks an entry that was on record under the same source id. *noted* are departures
    from rules that were not unmet.
    """

    case: Case
    event: Event
    moved: tuple[str, str] | None
    findings: tuple[Finding, ...]
    consequences: tuple[Finding, ...]
    resolved: tuple[Finding, ...]
    written: bool = True
    already: bool = False
    noted: tuple[str, ...] = ()


def weighed(
    person: Person | None,
    log: Sequence[Event],
    event: Event,
    workflows: Mapping[str, Workflow],
    today: date,
    zone: str = "UTC",
) -> Weighed:
    """What the log says with the event and without it, seen from today or from its latest day, if that is later."""
    with_event = [*log, event]
    as_of = max(today, horizon(with_event) or today)
    after = assess(person, with_event, workflows, as_of, zone=zone)
    own = tuple(
        finding
        for step in after.steps
        if step.event.line == event.line and step.judgements
        for finding in step.findings()
    )
    if _leaves_the_past(log, event):
        # Every earlier step is what it was: a rule sees nothing that is dated later.
        state = after.steps[-2].after if len(after.steps) > 1 else after.steps[-1].before
        return Weighed(state, after, own, (), ())
    before = assess(person, log or [], workflows, as_of, zone=zone)
    was = _by_place(before.findings)
    now = _by_place(finding for finding in after.findings if finding.line != event.line)
    return Weighed(
        state=before.state,
        after=after,
        findings=own,
        consequences=tuple(finding for place, finding in now.items() if place not in was),
        resolved=tuple(finding for place, finding in was.items() if place not in now),
    )


def _leaves_the_past(log: Sequence[Event], event: Event) -> bool:
    """Whether an event can change nothing that is said of earlier ones: it is later, and speaks of none of them."""
    earlier = horizon(log)
    return (earlier is None or event.on > earlier) and event.record.kind not in _SPEAKS_OF_OTHERS


def _by_place(findings: Iterable[Finding]) -> dict[tuple[int | None, str], Finding]:
    return {(finding.line, finding.rule): finding for finding in findings}


def recorded_of(result: Weighed, event: Event) -> Recorded:
    """What recording a weighed event does, as scripts and the command line are told."""
    step = next((step for step in result.after.steps if step.event.line == event.line), None)
    moved = (step.before, step.after) if step is not None and step.before != step.after else None
    unmet = {finding.rule for finding in result.findings}
    return Recorded(
        case=result.after,
        event=event,
        moved=moved or ((result.state, result.after.state) if result.state != result.after.state else None),
        findings=result.findings,
        consequences=result.consequences,
        resolved=result.resolved,
        noted=tuple(rule for rule in event.departures if rule not in unmet),
    )
