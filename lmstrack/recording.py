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
