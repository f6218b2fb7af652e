"""A report as one HTML file: nothing is fetched, it prints well, and it needs neither colour nor mouse."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from lmstrack.reports.tables import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 1.5rem 0 .5rem; }
.message { font-size: 1.15rem; font-weight: 600; margin: 0 0 .75rem; }
.wide { overflow-x: auto; border: 1px solid var(--line); }
.wide:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.wide table { width: 100%; }
caption { text-align: left; padding: .35rem .6rem; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { background: var(--shade); border-top: 0; }
th[scope=rowgroup] { background: var(--shade); border-top: 2px solid var(--line); }
tbody th[scope=row] { font-weight: 400; }
td.number, th.number { text-align: right; } td.date, td.status, td.id, td.term, th[scope=row] { white-space: nowrap; }
td.late { color: var(--late); font-weight: 600; white-space: nowrap; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem 1rem; overflow-wrap: anywhere; }
dl.about { display: flex; flex-wrap: wrap; gap: .15rem 1.5rem; margin: 0 0 .75rem; font-size: .9rem; }
dl.about div { display: flex; gap: .4rem; } dl.about dd { margin: 0; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .5rem; overflow-wrap: anywhere; }
@media screen and (max-width: 45rem) {
  body { padding: .75rem; }
  .wide { border: 0; } .wide thead { display: none; }
  .wide table, .wide tbody, .wide tr, .wide th, .wide td, .wide caption { display: block; }
  .wide th, .wide td { border: 0; padding: .1rem .6rem; text-align: left; white-space: normal; }
  .wide tr { border-top: 1px solid var(--line); padding: .35rem 0; }
  .wide tbody th[scope=row] { font-weight: 600; } .wide td:empty { display: none; }
  .wide td[data-label]::before { content: attr(data-label) ": "; color: var(--ink); font-weight: 400; }
}
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
    yield '<dl class="about">'
    yield from (f"<div><dt>{_said(name)}</dt><dd>{_said(said)}</dd></div>" for name, said in _standing(report))
    yield "</dl>"
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


def _pairs(pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield "<dl>"
    for name, said in pairs:
        yield f"<dt>{_said(name)}</dt><dd>{_said(said)}</dd>"
    yield "</dl>"


def _table(report: Report) -> Iterator[str]:
    columns = report.columns_beside()
    if not columns:
        return
    yield '<div class="wide" role="region" tabindex="0" aria-label="The list">'
    # The roles are those that the elements have by themselves, and lose on a telephone, where rows become cards.
    yield '<table role="table">'
    yield f"<caption>{_said(report.title)}: {len(report.rows)} row{'' if len(report.rows) == 1 else 's'}</caption>"
    yield '<thead role="rowgroup"><tr role="row">'
    for column in columns:
        yield f'<th role="columnheader" scope="col"{_class(column)}>{_said(column.heading)}</th>'
    yield "</tr></thead>"
    if report.grouping is None:
        yield from _body(columns, report.rows, labelled=not report.pairs)
    else:
        for group in report.grouping.groups(report.rows):
            yield from _body(columns, group, report.grouping.line(group[0]))
    yield "</table>"
    yield "</div>"


def _body(
    columns: Sequence[Column], rows: Sequence[Row], line: str | None = None, *, labelled: bool = True
) -> Iterator[str]:
    yield '<tbody role="rowgroup">'
    if line is not None:
        head = f'<th role="rowheader" scope="rowgroup" colspan="{len(columns)}">{_said(line)}</th>'
        yield f'<tr role="row">{head}</tr>'
    for row in rows:
        yield f'<tr role="row">{"".join(_cells(columns, row, labelled=labelled))}</tr>'
    yield "</tbody>"


def _cells(columns: Sequence[Column], row: Row, *, labelled: bool) -> Iterator[str]:
    for place, column in enumerate(columns):
        said = _said(column.shown(row))
        if place == 0:
            yield f'<th role="rowheader" scope="row">{said}</th>'
            continue
        late = column.kind == "status" and said.startswith("overdue")
        marked = ' class="late"' if late else _class(column)
        label = f' data-label="{_said(column.heading)}"' if labelled else ""
        yield f'<td role="cell"{marked}{label}>{said}</td>'


def _class(column: Column) -> str:
    return "" if column.kind == "text" else f' class="{column.kind}"'


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
