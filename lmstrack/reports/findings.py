"""A rule that is not met, as programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lmstrack.rules import Finding


def finding_fields(finding: Finding) -> dict[str, object]:
    """A finding as JSON holds it."""
    departure = finding.departure
    return {
        "rule": finding.rule,
        "says": finding.says,
        "strength": str(finding.strength),
        "answer": str(finding.answer),
        "needs": finding.needs or None,
        "found": finding.found or None,
        "source": str(finding.source),
        "fix": finding.fix or None,
        "kind": finding.kind,
        "on": finding.on.isoformat(),
        "line": finding.line,
        "departure": None if departure is None else {"because": departure.because, "agreed_by": departure.agreed_by},
    }
