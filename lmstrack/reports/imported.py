"""What became of the rows of an imported file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.reports.report import Column, Report, counted

if TYPE_CHECKING:
    from lmstrack.loading import LoadReport
    from lmstrack.reports.report import About, Row

_COLUMNS: Final = (
    Column("row", "Row", "number"),
    Column("case", "Case", "id"),
    Column("became", "Became", "status"),
    Column("why", "Why", "text", 0, 24),
)


def import_report(report: LoadReport, file: str, about: About) -> Report:
    """The rows that were not taken, and the count in which every row stands once."""
    rows: list[Row] = [
        {"row": each.row, "case": each.case, "became": "rejected", "line": None, "why": each.reason}
        for each in report.rejected
    ]
    rows += [
        {"row": each.row, "case": each.case, "became": "changed", "line": each.line, "why": each.confirm}
        for each in report.changed
    ]
    rows.sort(key=lambda row: (row["row"], row["became"]))
    changed, rejected = len(report.changed), len(report.rejected)
    taken = f"{report.new} new + {report.known} known"
    count = f"{report.rows_read} = {taken} + {changed} changed + {rejected} rejected"
    below = [count]
    if report.findings or report.questions:
        below.append(f"{report.findings} rules not met are kept, {report.questions} questions are open.")
    if changed:
        below.append("Nothing on record was overwritten: each change has to be confirmed by its command.")
    if report.rejects is not None:
        below.append(f"The rejected rows are in {report.rejects}: mend them there and import it.")
    elif rejected and report.committed:
        below.append("No file of the rejected rows could be written: mend them where they came from.")
    if not report.committed:
        below.append("Nothing was written. To write it: --commit")
    verb = "wrote" if report.committed else "would write"
    return Report(
        schema="lmstrack.import/1",
        title=f"Import of {file}",
        rows=rows,
        keys=("row", "case", "became", "line", "why"),
        columns=_COLUMNS,
        totals={
            "rows_read": report.rows_read,
            "new": report.new,
            "known": report.known,
            "changed": changed,
            "rejected": rejected,
            "cases_created": report.cases_created,
            "events": report.events,
            "findings": report.findings,
            "questions": report.questions,
        },
        more={"file": file, "committed": report.committed, "rejects": report.rejects},
        message=f"{file}: {verb} {counted(report.events, 'event')} and {counted(report.cases_created, 'new case')}.",
        below=tuple(below),
        about=about,
    )
