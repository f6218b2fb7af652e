"""A report as one HTML file: nothing is fetched, it prints well, and it needs neither colour nor mouse."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from lmstrack.reports.report import as_text
from lmstrack.reports.tables import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lmstrack.reports.report import Column, Report, Row

_STYLE: Final = """
:root { color-scheme: light dark;
  --ink: #1a1a1a; --paper: #fff; --line: #767676; --shade: #f0f3f5; --late: #a4161a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --paper: #15181b; --line: #8f979d; --shade: #22272b; --late: #ff9a8f; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 100rem; padding: 1.5rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.message { font-size: 1.15rem; font-weight: 600; }
.wide { overflow-x: auto; border: 1px solid var(--line); }
.wide:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .5rem .75rem; }
th, td { padding: .4rem .75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { background: var(--shade); border-top: 0; }
td.number, th.number { text-align: right; } td.date, th[scope=row] { white-space: nowrap; }
td.late { color: var(--late); font-weight: 600; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem 1rem; overflow-wrap: anywhere; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .5rem; }
@media print {
  @page { size: A4 landscape; margin: 12mm;
    @bottom-right { content: "Page " counter(page) " of " counter(pages); } }
  body { max-width: none; padding: 0; font-size: 9pt; color: #000; background: #fff; }
  .wide { overflow: visible; border: 0; } thead { display: table-header-group; } tr { break-inside: avoid; }
}
"""
_COUNTED: Final = (
    ("in_scope", "In scope"),
    ("overdue", "Overdue"),
    ("overdue_booked", "Overdue but booked"),
    ("due", "Due"),
    ("upcoming", "Upcoming"),
    ("excused", "Excused"),
    ("suspended", "Suspended"),
    ("undetermined", "Undetermined"),
)


def html(report: Report) -> str:
    """The report as a page of its own."""
    return "\n".join(_page(report)) + "\n"


def _page(report: Report) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_said(_title(report))}</title>"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield "<main>"
    yield f"<h1>{_said(report.title)}</h1>"
    yield f'<p class="message">{_said(report.message or report.empty)}</p>'
    yield from _pairs(_standing(report))
    yield from _table(report)
    yield from _reconciliation(report)
    yield from _gaps(report)
    if report.about.definitions:
        yield "<h2>What the words mean</h2>"
        yield from _pairs(report.about.definitions)
    yield "</main>"
    yield "<footer>"
    if report.about.head:
        yield f"<p>Audit head: <code>{_said(report.about.head)}</code></p>"
    yield "<p>Contains patient data.</p>"
    yield "</footer>"
    yield "</body>"
    yield "</html>"


def _title(report: Report) -> str:
    return report.title if report.as_of is None else f"{report.title}, {report.as_of.isoformat()}"


def _standing(report: Report) -> Iterator[tuple[str, str]]:
    """What the report stands on."""
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


def _pairs(pairs: Iterator[tuple[str, str]] | tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield "<dl>"
    for name, said in pairs:
        yield f"<dt>{_said(name)}</dt><dd>{_said(said)}</dd>"
    yield "</dl>"


def _table(report: Report) -> Iterator[str]:
    columns = [column for column in report.columns if any(as_text(row.get(column.key)) for row in report.rows)]
    if not columns:
        return
    yield '<div class="wide" role="region" tabindex="0" aria-label="The list">'
    yield "<table>"
    yield f"<caption>{_said(report.title)}: {len(report.rows)} rows</caption>"
    yield "<thead><tr>"
    for column in columns:
        yield f'<th scope="col"{_class(column)}>{_said(column.heading)}</th>'
    yield "</tr></thead>"
    yield "<tbody>"
    for row in report.rows:
        yield f"<tr>{''.join(_cells(columns, row))}</tr>"
    yield "</tbody>"
    yield "</table>"
    yield "</div>"


def _cells(columns: list[Column], row: Row) -> Iterator[str]:
    for place, column in enumerate(columns):
        said = _said(as_text(row.get(column.key)))
        if place == 0:
            yield f'<th scope="row">{said}</th>'
        elif column.kind == "status" and said.startswith("overdue"):
            yield f'<td class="late">{said}</td>'
        else:
            yield f"<td{_class(column)}>{said}</td>"


def _class(column: Column) -> str:
    return f' class="{column.kind}"' if column.kind in {"number", "date"} else ""


def _reconciliation(report: Report) -> Iterator[str]:
    counts: Mapping[str, object] = report.totals
    if "in_scope" not in counts:
        yield from (f"<p>{_said(line)}</p>" for line in report.below)
        return
    yield "<h2>What it adds up to</h2>"
    yield from (f"<p>{_said(line)}</p>" for line in report.below)
    yield "<table>"
    yield "<caption>Current obligations by state</caption>"
    yield '<thead><tr><th scope="col">State</th><th scope="col" class="number">Obligations</th></tr></thead>'
    yield "<tbody>"
    for key, name in _COUNTED:
        yield f'<tr><th scope="row">{name}</th><td class="number">{counts.get(key, 0)}</td></tr>'
    yield "</tbody></table>"
    if report.about.excluded:
        yield "<table>"
        yield "<caption>Cases that are left out, with the reason</caption>"
        yield '<thead><tr><th scope="col">Reason</th><th scope="col" class="number">Cases</th></tr></thead>'
        yield "<tbody>"
        for reason, count in sorted(report.about.excluded.items()):
            yield f'<tr><th scope="row">{_said(reason)}</th><td class="number">{count}</td></tr>'
        yield "</tbody></table>"


def _gaps(report: Report) -> Iterator[str]:
    if not report.about.gaps:
        return
    yield "<h2>What the source leaves open</h2>"
    yield "<p>Until a site signs another reading, these are taken:</p>"
    yield "<dl>"
    for gap, question, taken in report.about.gaps:
        yield f"<dt>{_said(gap)}: {_said(question)}</dt><dd>{_said(taken)}</dd>"
    yield "</dl>"


def _said(text: str) -> str:
    return escape(one_line(text))
