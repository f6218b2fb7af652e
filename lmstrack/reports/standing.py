"""What a report stands on, in words: the days, the scope, the versions, and who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.reports.report import Report


def standing(report: Report) -> Iterator[tuple[str, str]]:
    """What a reader has to know before believing the rows, each with its name; what is not known is left out."""
    about = report.about
    if report.as_of is not None:
        yield "As of", report.as_of.isoformat()
        known = "everything on record" if report.known_at is None else report.known_at.isoformat()
        yield "As known at", known
    for name, said in (
        ("Scope", about.scope),
        ("Time zone", about.zone),
        ("Run by", about.run_by),
        ("Workflow", report.workflow or ""),
        ("Software", about.software),
    ):
        if said:
            yield name, said
