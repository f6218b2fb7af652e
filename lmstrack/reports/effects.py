"""What an entry changes, in lines for people and in keys for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.dates import short
from lmstrack.places import told
from lmstrack.reports.findings import finding_fields
from lmstrack.reports.report import words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lmstrack.effects import DueChange, Effect
    from lmstrack.obligations import Obligation


def effect_lines(effect: Effect, as_of: date) -> Iterator[str]:
    """A line a change; one line that says so where there is none."""
    if effect.is_nothing:
        yield "Nothing else changes: state, findings, questions and due dates stay as they are."
        return
    if effect.state is not None:
        yield f"State: {words(effect.state[0])} becomes {words(effect.state[1])}."
    for change in effect.due:
        yield f"Due: {_due(change, as_of)}"
    for finding in effect.findings:
        found = f" Found: {finding.found}" if finding.found else ""
        yield f"Found: {finding.rule}, {finding.answer}, {told(finding.line)}: {finding.says}{found}"
    for finding in effect.findings_gone:
        yield f"No longer found: {finding.rule}, {told(finding.line)}."
    if effect.asks:
        yield f"Asked: {' '.join(dict.fromkeys(ask.question for ask in effect.asks))}"
    if effect.asks_gone:
        yield f"No longer asked: {' '.join(dict.fromkeys(ask.question for ask in effect.asks_gone))}"


def _due(change: DueChange, as_of: date) -> str:
    before, after = _window(change.before, as_of), _window(change.after, as_of)
    return f"{words(change.strand)}: {before} becomes {after} ({change.why})."


def _window(obligation: Obligation | None, as_of: date) -> str:
    if obligation is None:
        return "nothing"
    state = str(obligation.state(as_of))
    if obligation.due_from is None or obligation.due_by is None:
        return state
    return f"{state} {short(obligation.due_from)} to {short(obligation.due_by)}"


def effect_fields(effect: Effect, as_of: date) -> dict[str, object]:
    """The same for programs."""
    return {
        "state": None if effect.state is None else list(effect.state),
        "findings": [finding_fields(finding) for finding in effect.findings],
        "findings_gone": [finding_fields(finding) for finding in effect.findings_gone],
        "questions": [ask.question for ask in effect.asks],
        "questions_gone": [ask.question for ask in effect.asks_gone],
        "due": [
            {
                "course": change.course,
                "strand": change.strand,
                "before": _fields(change.before, as_of),
                "after": _fields(change.after, as_of),
                "why": change.why,
            }
            for change in effect.due
        ],
    }


def _fields(obligation: Obligation | None, as_of: date) -> dict[str, object] | None:
    if obligation is None:
        return None
    return {
        "occurrence": obligation.occurrence,
        "state": str(obligation.state(as_of)),
        "due_from": None if obligation.due_from is None else obligation.due_from.isoformat(),
        "due_by": None if obligation.due_by is None else obligation.due_by.isoformat(),
        "rule": obligation.rule,
    }
