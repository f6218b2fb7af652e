"""The lists of a page: rows in groups, and the tools that sort and filter them by keyboard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lmstrack.reports.page_parts import said
from lmstrack.reports.report import as_text, counted, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lmstrack.reports.parts import Part
    from lmstrack.reports.report import Column, Grouping, Report, Row


def list_of_rows(report: Report, *, sortable: bool) -> Iterator[str]:
    """The rows of the report, those of a group together; *sortable* adds the tools, which a script brings to life."""
    columns = report.columns_beside()
    if not columns:
        if report.counts:
            yield f"<p>{said(report.empty)}</p>"
        return
    if sortable:
        yield from _tools(report, columns)
    yield '<div class="wide" role="region" tabindex="0" aria-label="The list">'
    # The roles are those that the elements have by themselves, and lose on a telephone, where rows become cards.
    yield '<table role="table" class="list">'
    yield f"<caption>{said(report.title)}: {counted(len(report.rows), 'row')}</caption>"
    yield from _heads(columns)
    if report.grouping is None:
        yield from _body(columns, report.rows, labelled=not report.pairs, divided=report.divided)
    else:
        for group in report.grouping.groups(report.rows):
            yield from _body(columns, group, report.grouping, divided=report.divided)
    yield "</table>"
    yield "</div>"


def part_of_report(part: Part) -> Iterator[str]:
    """A further list of the report."""
    columns = [column for column in part.columns if any(column.shown(row) for row in part.rows)]
    if not columns:
        yield f"<p>{said(part.empty)}</p>"
        return
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{said(part.title)}">'
    yield '<table role="table">'
    yield f"<caption>{said(part.title)}: {counted(len(part.rows), 'row')}</caption>"
    yield from _heads(columns)
    yield from _body(columns, part.rows)
    yield "</table>"
    yield "</div>"


def _tools(report: Report, columns: Sequence[Column]) -> Iterator[str]:
    grouped = report.grouping.keys if report.grouping is not None else ()
    told = [key for key in grouped if any(as_text(row.get(key)) for row in report.rows)]
    yield '<div class="tools" id="tools" hidden>'
    yield '<label>Show rows with<input id="filter" type="search" autocomplete="off"></label>'
    if report.divided is not None:
        parts = sorted({_part(row, report.divided) for row in report.rows})
        if len(parts) > 1:
            yield f'<label>{said(report.column(report.divided).heading)}<select id="part">'
            yield '<option value="">all</option>'
            yield from (f'<option value="{said(part)}">{said(part)}</option>' for part in parts)
            yield "</select></label>"
    yield '<label>Sort by<select id="sort"><option value="">as printed</option>'
    for key in told:
        yield f'<option value="g{grouped.index(key)}">{said(report.column(key).heading)}</option>'
    for place, column in enumerate(columns):
        yield f'<option value="c{place}">{said(column.heading)}</option>'
    yield "</select></label>"
    yield '<label>Order<select id="order"><option>ascending</option><option>descending</option></select></label>'
    yield '<p id="shown" role="status"></p>'
    yield "</div>"


def _heads(columns: Sequence[Column]) -> Iterator[str]:
    yield '<thead role="rowgroup"><tr role="row">'
    for column in columns:
        yield f'<th role="columnheader" scope="col"{_class(column)}>{said(column.heading)}</th>'
    yield "</tr></thead>"


def _body(
    columns: Sequence[Column],
    rows: Sequence[Row],
    grouping: Grouping | None = None,
    *,
    labelled: bool = True,
    divided: str | None = None,
) -> Iterator[str]:
    if grouping is None:
        yield '<tbody role="rowgroup">'
    else:
        told = json.dumps([as_text(rows[0].get(key)) for key in grouping.keys], ensure_ascii=False)
        yield f'<tbody role="rowgroup" data-told="{said(told)}">'
        head = f'<th role="rowheader" scope="rowgroup" colspan="{len(columns)}">{said(grouping.line(rows[0]))}</th>'
        yield f'<tr role="row">{head}</tr>'
    for row in rows:
        part = "" if divided is None else f' data-part="{said(_part(row, divided))}"'
        yield f'<tr role="row"{part}>{"".join(_cells(columns, row, labelled=labelled))}</tr>'
    yield "</tbody>"


def _part(row: Row, key: str) -> str:
    return as_text(row.get(key)) or f"no {words(key)}"


def _cells(columns: Sequence[Column], row: Row, *, labelled: bool) -> Iterator[str]:
    for place, column in enumerate(columns):
        told = said(column.shown(row))
        if place == 0:
            yield f'<th role="rowheader" scope="row">{told}</th>'
            continue
        late = column.kind == "status" and told.startswith("overdue")
        marked = ' class="late"' if late else _class(column)
        label = f' data-label="{said(column.heading)}"' if labelled else ""
        yield f'<td role="cell"{marked}{label}>{told}</td>'


def _class(column: Column) -> str:
    return "" if column.kind == "text" else f' class="{column.kind}"'
