"""What stands in the way of incoming lines: what cannot be, and what the rules refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lmstrack.case import Case, assess
from lmstrack.events import Event, horizon, standing
from lmstrack.places import LINES
from lmstrack.plausible import impossible
from lmstrack.records import AdoptWorkflow, line_named
from lmstrack.records.faults import did_you_mean
from lmstrack.rules import Finding, Strength

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from lmstrack.loading.lines import Lined
    from lmstrack.loading.terms import Terms
    from lmstrack.records import Person


def impossible_lines(person: Person, log: Sequence[Event], new: Sequence[Event], terms: Terms) -> dict[int, str]:
    """Why lines of *new* cannot be: by line, with the reason; empty where all of them can.

    Where a death and what comes after it are both new, the death is believed.
    """
    found: dict[int, str] = {}
    # Without corrections every line stands, and nothing has to be sorted to know it.
    corrected = any(event.record.kind == "correct" for event in (*new, *log))
    now = {event.line: event for event in standing([*log, *new])} if corrected else None
    before = standing(log) if corrected else log
    deaths = [event for event in before if event.record.kind == "death"]
    for event in sorted(new, key=_deaths_first):
        reads = event if now is None else now.get(event.line)
        is_death = event.record.kind == "death"
        # A line that was withdrawn, or corrects another, still has to name a line that is there.
        others = () if reads is None else before if is_death or _names_another_log(event) else deaths
        said = _unusable(event, terms) or impossible(person, others, reads or event, terms.today)
        if said is None and not log and event.recorded_at > terms.at:
            said = f"{event.kind} was recorded in the future: {event.recorded_at.isoformat()}"
        if said is not None:
            found[event.line] = said.rstrip(".")
        elif is_death and reads is not None:
            deaths = [*deaths, reads]
    return found


def _names_another_log(event: Event) -> bool:
    """Whether it speaks of a line of a case that is read with this one, which has to stand there."""
    named = line_named(event.record)
    return named is not None and named >= LINES


def _unusable(event: Event, terms: Terms) -> str | None:
    if event.workflow is not None and (said := _not_here(event.workflow, terms)):
        return said
    return _not_here(event.record.workflow, terms) if isinstance(event.record, AdoptWorkflow) else None


def _deaths_first(event: Event) -> tuple[bool, int]:
    return (event.record.kind != "death", event.line)


def _not_here(workflow: str, terms: Terms) -> str | None:
    if workflow in terms.workflows:
        return None
    return f"there is no workflow '{workflow}' here{did_you_mean(workflow, terms.workflows)}"


def assessed(person: Person, lines: Sequence[Event], terms: Terms) -> Case:
    """The case over its whole log, seen from today or from its latest day, if that is later."""
    as_of = max(terms.today, horizon(lines) or terms.today)
    return assess(person, lines, terms.workflows, as_of, zone=terms.zone)


def refused_lines(person: Person, log: Sequence[Event], lined: Lined, case: Case, terms: Terms) -> dict[int, str]:
    """Which of the new lines the rules refuse first, by line, with every rule; empty where they refuse none.

    Only those of the earliest day: what comes later may be refused because of them, and is judged again
    without them. What comes with its place in a log is refused only if it was out of order when just the
    lines before it were known; what is found in it now is else the consequence of a later line, and
    consequences refuse nothing.
    """
    judged = {event.line: event for event in lined.events if not event.as_history}
    found = _refusing(case, judged)
    for line in lined.exported.intersection(found):
        until = [event for event in (*log, *lined.events) if event.line <= line]
        if not _refusing(assessed(person, until, terms), {line}):
            del found[line]
    for event in judged.values():
        said = _departed_badly(event, case, terms) if event.departures else None
        if said is not None:
            found.setdefault(event.line, []).append(said)
    if not found:
        return {}
    first = min(judged[line].on for line in found)
    return {line: "; ".join(said) for line, said in found.items() if judged[line].on == first}


def _refusing(case: Case, lines: Container[int | None]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for finding in case.findings:
        if finding.line in lines and finding.refuses:
            found.setdefault(cast("int", finding.line), []).append(_worded(finding))
    return found


def _worded(finding: Finding) -> str:
    said = f"{finding.kind}, {finding.on.isoformat()}: {finding.rule} needs {finding.needs}"
    return f"{said}; found {finding.found}"


def _departed_badly(event: Event, case: Case, terms: Terms) -> str | None:
    workflow = terms.workflows[case.workflow]
    for name, given in event.departures.items():
        rule = workflow.rules.get(workflow.aliases.get(name, name))
        if rule is None:
            hint = did_you_mean(name, (*workflow.rules, *workflow.aliases))
            return f"departures: there is no rule {name}{hint}"
        if rule.strength is Strength.MANDATORY and given.agreed_by is None:
            return f"departures: {name} is mandatory; name the clinician who answers for it, agreed_by"
    return None
