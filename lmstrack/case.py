"""The one pure function: where a case stands, what the rules say of it, and what is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lmstrack.dates import civil_day
from lmstrack.episodes import selecting
from lmstrack.errors import NotFound
from lmstrack.events import known
from lmstrack.expected import expected_obligations, looked_through
from lmstrack.following import statements
from lmstrack.joined import MERGED, seen, standing_together
from lmstrack.questions import asked_of
from lmstrack.records import Correct
from lmstrack.replay import Step, Walk, replay
from lmstrack.rules import Ask, Finding, Verdict
from lmstrack.schedule import episode_obligations, with_catch_up
from lmstrack.staging.of_case import computed_stage
from lmstrack.workflow import Workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence
    from datetime import date, datetime

    from lmstrack.dates import Interval
    from lmstrack.events import Event
    from lmstrack.facts import Facts
    from lmstrack.obligations import Obligation
    from lmstrack.records import Person
    from lmstrack.staging.of_case import Stage
    from lmstrack.staging.scales import Scales

#: From the best to the worst answer that a rule can have over a case.
_WORST_LAST = (Verdict.NOT_ASKED, Verdict.MET, Verdict.UNKNOWN, Verdict.NOT_MET)


@dataclass(frozen=True, slots=True)
class Case:
    """One patient's case on one day, as it was known at one instant.

    *findings* are the rules not met and not answered by a departure, and the mandatory ones that cannot be judged;
    *departures* the ones that a documented reason answers; *put* gives the questions that are open, which `asks` works
    out when they are wanted. *obligations* are all of them, past and open, in the order of their last day. *left* is
    why the case is closed, None while it is open. A case that was merged into another, *into*, has left, and has
    nothing of all this: it is told there.
    """

    id: str
    as_of: date
    workflow: str
    state: str
    course: int
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    departures: tuple[Finding, ...]
    put: Callable[[], tuple[Ask, ...]] = field(compare=False, repr=False)
    obligations: tuple[Obligation, ...]
    facts: Facts = field(compare=False, repr=False)
    scales: Scales = field(compare=False, repr=False)
    left: str | None = None
    into: str | None = None

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The questions that are open: what has to be found out before a rule can be judged or a plan chosen."""
        return self.put()

    def stage(self) -> Stage:
        """The stage that follows from what is on record, whatever is stated."""
        return computed_stage(self.facts, self.scales)

    def current(self) -> tuple[Obligation, ...]:
        """The obligations that lists of this day count, one a strand; none once the patient has left."""
        if self.left is not None:
            return ()
        return tuple(obligation for obligation in self.obligations if obligation.current(self.as_of))

    def verdicts(self) -> dict[str, str]:
        """Per rule its worst answer over the case: not asked, met, departure, unknown or not met."""
        worst: dict[str, tuple[int, str]] = {}
        for step in self.steps:
            for rule, answer, departure in step.judgements:
                place = _WORST_LAST.index(answer.verdict) * 2
                word = str(answer.verdict)
                if departure is not None and place > _WORST_LAST.index(Verdict.MET) * 2:
                    place, word = _WORST_LAST.index(Verdict.MET) * 2 + 1, "departure"
                if rule.id not in worst or place > worst[rule.id][0]:
                    worst[rule.id] = (place, word)
        return {rule: word for rule, (_, word) in worst.items()}


def assess(
    person: Person | None,
    log: Iterable[Event],
    workflows: Mapping[str, Workflow] | Workflow,
    as_of: date,
    known_at: datetime | None = None,
    *,
    zone: str = "UTC",
    judging: Container[int] | None = None,
    case: str | None = None,
) -> Case:
    """Where the case stands on *as_of*, from what had been recorded at or before *known_at* (None: everything).

    *workflows* are the versions that the case may have been pinned to or have adopted, by name. *zone* is the site's,
    and only decides on which civil day a correction became known. The same log gives the same answer in any order.

    *judging* are the lines whose rules are asked, None all of them. Where it is given, the case has no findings on
    other lines and no questions; all else is the same.

    *case* says through which case one looks where the log holds the lines of several that are one patient, as
    `joined.viewed` gives them; None: the case of the first line.

    Raises `NotFound` where the log names a workflow that is not among them.
    """
    versions = {workflows.name: workflows} if isinstance(workflows, Workflow) else workflows
    lines: Sequence[Event] = list(known(log, known_at))
    name = case or (lines[0].case if lines else "")
    lines, into = seen(name, lines, as_of)
    pinned = _pinned(lines, versions)
    if into is not None:
        walk, _ = _walk_and_obligations(name, person, lines, versions, pinned, as_of, judging=())
        return _told_elsewhere(name, into, walk, as_of)
    walk, obligations = _walk_and_obligations(name, person, lines, versions, pinned, as_of, judging)
    late = sorted((event for event in lines if _gives_catch_up(event)), key=lambda event: event.recorded_at)
    if late:

        def without(left_out: Container[int]) -> list[Obligation]:
            kept = [line for line in lines if line.line not in left_out]
            return _walk_and_obligations(name, person, kept, versions, pinned, as_of, judging=())[1]

        obligations = _caught_up(obligations, late, without, walk.workflow.settings.catch_up, zone)
    obligations.sort(key=_by_due_date)
    findings, departures = _sorted_findings(walk.steps)
    last_course = walk.courses[-1]
    return Case(
        id=name,
        as_of=as_of,
        workflow=walk.workflow.name,
        state=walk.state,
        course=last_course.number,
        steps=tuple(walk.steps),
        findings=findings,
        departures=departures,
        put=_Questions(walk) if judging is None else _nothing_to_ask,
        obligations=tuple(obligations),
        facts=walk.facts,
        scales=walk.workflow.scales,
        left=last_course.left if walk.state == "closed" else None,
    )


def _pinned(lines: Sequence[Event], versions: Mapping[str, Workflow]) -> Workflow:
    name = next((event.workflow for event in lines if event.workflow is not None), None)
    if name is None:
        name = max(versions)
    if name not in versions:
        raise NotFound(
            f"Assess a case of workflow {name}", "that workflow is not among those given.", candidates=tuple(versions)
        )
    return versions[name]


class _Questions:
    """The questions at the end of a walk, worked out when they are first wanted."""

    __slots__ = ("_asks", "_walk")

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._asks: tuple[Ask, ...] | None = None

    def __call__(self) -> tuple[Ask, ...]:
        if self._asks is None:
            self._asks = asked_of(self._walk)
        return self._asks


def _nothing_to_ask() -> tuple[Ask, ...]:
    return ()


def _told_elsewhere(name: str, into: str, walk: Walk, as_of: date) -> Case:
    """A case that was merged into another, where everything is told that is said of the patient."""
    return Case(
        id=name,
        as_of=as_of,
        workflow=walk.workflow.name,
        state=walk.state,
        course=walk.courses[-1].number,
        steps=(),
        findings=(),
        departures=(),
        put=_nothing_to_ask,
        obligations=(),
        facts=walk.facts,
        scales=walk.workflow.scales,
        left=MERGED,
        into=into,
    )


def _walk_and_obligations(
    case: str,
    person: Person | None,
    lines: Sequence[Event],
    versions: Mapping[str, Workflow],
    pinned: Workflow,
    as_of: date,
    judging: Container[int] | None,
) -> tuple[Walk, list[Obligation]]:
    events = [event for event in standing_together(lines) if event.on <= as_of]
    walk = replay(person, events, versions, pinned, judging)
    return walk, _obligations(case, walk)


def _obligations(case: str, walk: Walk) -> list[Obligation]:
    by_kind = walk.facts.by_kind()
    looked_at = looked_through(by_kind, selecting(walk.facts), walk.steps)
    said = statements(by_kind)
    obligations: list[Obligation] = []
    for course in walk.courses:
        for episode in course.episodes:
            obligations += episode_obligations(case, episode, by_kind, said, looked_at.results)
    planned = {(each.course, each.strand) for each in obligations}
    obligations += expected_obligations(case, walk.courses, walk.workflow, looked_at, said, planned)
    return obligations


def _by_due_date(obligation: Obligation) -> tuple[date, str, int]:
    return (obligation.due_by or obligation.since, obligation.strand, obligation.occurrence)


# ---- what became known late


def _gives_catch_up(event: Event) -> bool:
    """Only a refined fact and an adopted workflow do: late entries and first entries never."""
    if event.record.kind not in {"correct", "adopt_workflow"}:
        return False
    return not isinstance(event.record, Correct) or event.record.nature == "refined"


def _caught_up(
    obligations: list[Obligation],
    late: Sequence[Event],
    without: Callable[[Container[int]], list[Obligation]],
    catch_up: Interval,
    zone: str,
) -> list[Obligation]:
    """Time for every duty that only became known with one of the *late* events, which stand in the order of the log.

    The events are taken away from the last to the first: the one without which a duty would be later, or would not be
    open, made it known. *without* gives the obligations of the log that lacks some lines.
    """
    given: dict[tuple[str, int, str, int], date] = {}
    left_out: set[int] = set()
    for event in reversed(late):
        left_out.add(event.line)
        known_on = event.on if event.kind == "adopt_workflow" else civil_day(event.recorded_at, zone)
        until = catch_up.after(known_on)
        short = [
            each
            for each in obligations
            if each.id not in given and each.due_by is not None and each.due_by < until and _open_on(each, known_on)
        ]
        if short:
            was = {each.id: each.due_by for each in without(left_out) if _open_on(each, known_on)}
            for each in short:
                earlier = was.get(each.id)
                if earlier is None or each.due_by is None or earlier > each.due_by:
                    given[each.id] = until
    return [with_catch_up(each, given[each.id]) if each.id in given else each for each in obligations]


def _open_on(obligation: Obligation, day: date) -> bool:
    return obligation.current_from <= day and (obligation.ending is None or obligation.ending.on > day)


# ---- findings and questions


def _sorted_findings(steps: Iterable[Step]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    findings: list[Finding] = []
    departures: list[Finding] = []
    for step in steps:
        for finding in step.findings(with_questions=False) if step.judgements else ():
            (findings if finding.departure is None else departures).append(finding)
    return tuple(findings), tuple(departures)
