"""Rows with tabs for programs, and with commas for a spreadsheet, in which no text becomes a formula."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final

from lmstrack.reports.report import as_text

if TYPE_CHECKING:
    from lmstrack.reports.report import Cell, Report

#: A spreadsheet runs a text that begins so; the quote is guarded too, so that the guard can be taken away.
_GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_BREAKS: Final = dict.fromkeys(map(ord, "\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), " ")


def tsv(report: Report) -> str:
    """A heading and a record a line, nothing cut; a break within a text becomes a space."""
    lines = ["\t".join(report.keys)]
    lines += ["\t".join(as_text(row.get(key)).translate(_BREAKS) for key in report.keys) for row in report.rows]
    return "\n".join(lines) + "\n"


def comma_separated(report: Report) -> str:
    """A heading in row 1, nothing above it, nothing below the rows; a file of it begins with a BOM."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(report.keys)
    writer.writerows([guarded(row.get(key)) for key in report.keys] for row in report.rows)
    return held.getvalue()


def guarded(value: Cell) -> str:
    """The cell as text that no spreadsheet runs: a leading quote guards it; numbers stay numbers.

    >>> guarded("=1+1"), guarded("'=1"), guarded(-3)
    ("'=1+1", "''=1", '-3')
    """
    text = as_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return text
    return f"'{text}" if text.startswith(_GUARDED) else text


def unguarded(text: str) -> str:
    """What a guarded cell held.

    >>> unguarded("''=1")
    "'=1"
    """
    return text[1:] if text.startswith("'") and text[1:2] in _GUARDED and len(text) > 1 else text


def beside(report: Report) -> str:
    """What stands in the ``.meta.json`` beside rows that have no room for it: scope, counts, definitions."""
    about = report.about
    told = {
        "schema": report.schema,
        "title": report.title,
        "as_of": None if report.as_of is None else report.as_of.isoformat(),
        "known_at": None if report.known_at is None else report.known_at.isoformat(),
        "workflow": report.workflow,
        "message": report.message or (None if report.rows else report.empty or None),
        "scope": about.scope or None,
        "run_by": about.run_by or None,
        "zone": about.zone or None,
        "software": about.software or None,
        "rows": len(report.rows),
        "totals": report.totals,
        "reconciliation": list(report.below),
        "counts": {
            each.title: [dict(zip(each.headings, row, strict=True)) for row in each.rows] for each in report.counts
        },
        "excluded": about.excluded,
        "definitions": dict(about.definitions),
        "protocol_gaps": [{"id": gap, "question": question, "taken": taken} for gap, question, taken in about.gaps],
        "audit_head": about.head or None,
        "contains": "patient data",
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
