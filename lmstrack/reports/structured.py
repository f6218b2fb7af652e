"""JSON in the promised envelope, NDJSON, and Markdown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lmstrack.reports.tables import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.reports.report import Report, Row


def envelope(report: Report) -> dict[str, object]:
    """The report as programs read it; a key is always there, None where it is not known."""
    return {
        "schema": report.schema,
        "as_of": None if report.as_of is None else report.as_of.isoformat(),
        "known_at": None if report.known_at is None else report.known_at.isoformat(),
        "workflow": report.workflow,
        **report.more,
        "rows": [_whole(report, row) for row in report.rows],
        "totals": dict(report.totals),
    }


def as_json(report: Report) -> str:
    """The envelope as text."""
    return json.dumps(envelope(report), ensure_ascii=False, indent=2) + "\n"


def ndjson(report: Report) -> str:
    """A row a line, without the envelope."""
    return "".join(json.dumps(_whole(report, row), ensure_ascii=False) + "\n" for row in report.rows)


def _whole(report: Report, row: Row) -> dict[str, object]:
    return {key: row.get(key) for key in report.keys}


def markdown(report: Report) -> str:
    """A heading, the first sentence, the table, and what it adds up to."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: Report) -> Iterator[str]:
    yield f"# {report.title}"
    yield ""
    if report.as_of is not None:
        known = "everything on record" if report.known_at is None else report.known_at.isoformat()
        yield f"As of {report.as_of.isoformat()}, as known at: {known}."
        yield ""
    if report.message:
        yield _escaped(report.message)
        yield ""
    columns = [column for column in report.columns if any(column.shown(row) for row in report.rows)]
    if columns:
        yield "| " + " | ".join(column.heading for column in columns) + " |"
        yield "|" + "|".join(" ---: " if column.kind == "number" else " --- " for column in columns) + "|"
        for row in report.rows:
            yield "| " + " | ".join(_escaped(column.shown(row)) for column in columns) + " |"
        yield ""
    elif report.empty:
        yield _escaped(report.empty)
        yield ""
    for line in report.below:
        yield f"- {_escaped(line)}"


def _escaped(text: str) -> str:
    kept = one_line(text).replace("\\", "\\\\").replace("|", "\\|")
    return kept.replace("<", "&lt;").replace("`", "\\`").replace("*", "\\*").replace("[", "\\[")
