"""One door to every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.reports.calendar import ics
from lmstrack.reports.delimited import comma_separated, tsv
from lmstrack.reports.page import html
from lmstrack.reports.structured import as_json, markdown, ndjson
from lmstrack.reports.tables import listing, table

if TYPE_CHECKING:
    from lmstrack.reports.report import Report

FORMATS: Final = ("table", "list", "tsv", "csv", "json", "ndjson", "md", "html", "ics")
#: Formats of files that are no text.
BINARY: Final = frozenset({"xlsx"})
#: Formats whose text says what the rows add up to; beside the others it has to be said elsewhere.
SELF_CONTAINED: Final = frozenset({"table", "list", "json", "md", "html", "ics", "xlsx"})


def rendered(report: Report, form: str, *, width: int = 80, colour: bool = False) -> str:
    """The report as text in one of ``FORMATS``; *width* and *colour* concern the terminal only."""
    if form == "table":
        return table(report, width, colour=colour)
    if form == "list":
        return listing(report, width)
    return {
        "tsv": tsv,
        "csv": comma_separated,
        "json": as_json,
        "ndjson": ndjson,
        "md": markdown,
        "html": html,
        "ics": ics,
    }[form](report)


def as_bytes(report: Report, form: str) -> bytes:
    """The report as the content of a file; CSV begins with a BOM, by which a spreadsheet knows UTF-8."""
    if form == "xlsx":
        from lmstrack.reports.workbook import xlsx  # noqa: PLC0415  # few commands write one

        return xlsx(report)
    return rendered(report, form).encode("utf-8-sig" if form == "csv" else "utf-8")
