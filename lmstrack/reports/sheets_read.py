"""The sheets of a workbook that are read: the summary with its picture, and what everything stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.reports.sheets import TEXT_UP_TO, fitting
from lmstrack.reports.standing import standing

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from lmstrack.reports.parts import Counted
    from lmstrack.reports.sheets import Sheets


def summary(sheets: Sheets) -> None:
    """The sheet that says what the rows amount to."""
    report = sheets.report
    sheet = sheets.reading_sheet("Summary")
    sheet.write_string(0, 0, report.title, sheets.title)
    line = sheets.told(sheet, 1, [report.message or report.empty])
    line = sheets.pairs(sheet, line + 1, list(standing(report)))
    line = sheets.told(sheet, line + 1, report.below)
    for counted in report.counts:
        line = _counted(sheets, sheet, line + 1, counted)
    if report.about.definitions:
        sheet.write_string(line + 1, 0, "What the words mean", sheets.caption)
        told = report.fill_in
        more = [(told.heading, told.told)] if told is not None else []
        sheets.pairs(sheet, line + 2, [*report.about.definitions, *more])


def _counted(sheets: Sheets, sheet: Worksheet, line: int, counted: Counted) -> int:
    sheet.write_string(line, 0, counted.title, sheets.caption)
    for place, heading in enumerate(counted.headings):
        sheet.write_string(line + 1, place, heading, sheets.head_right if place else sheets.head)
    first = line + 2
    for at, row in enumerate(counted.rows, start=first):
        for place, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(at, place, value, sheets.number)
            else:
                sheet.write_string(at, place, fitting(value), sheets.right if place else sheets.plain)
    last = first + len(counted.rows) - 1
    if counted.drawn and counted.rows:
        _chart(sheets, sheet, counted, first, last)
    return sheets.told(sheet, last + 1, [counted.note] if counted.note else []) if counted.rows else line + 3


def _chart(sheets: Sheets, sheet: Worksheet, counted: Counted, first: int, last: int) -> None:
    chart = sheets.book.add_chart({"type": "bar"})
    chart.add_series({
        "name": counted.headings[1],
        "categories": [sheet.get_name(), first, 0, last, 0],
        "values": [sheet.get_name(), first, 1, last, 1],
        "data_labels": {"value": True},
        "fill": {"color": "#2F6F8F"},
        "gap": 40,
    })  # fmt: skip
    chart.set_title({"name": counted.title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_size({"width": 480, "height": 250})
    picture = f"{counted.title}: the numbers stand in the table on its left."
    sheet.insert_chart(first - 2, TEXT_UP_TO + 2, chart, {"description": picture})


def about(sheets: Sheets) -> None:
    """The sheet that says what everything stands on."""
    report = sheets.report
    sheet = sheets.reading_sheet("About")
    line = sheets.pairs(sheet, 0, list(standing(report)))
    excluded = [(reason, str(count)) for reason, count in sorted(report.about.excluded.items())]
    if excluded:
        sheet.write_string(line + 1, 0, "Cases left out, with the reason", sheets.caption)
        line = sheets.pairs(sheet, line + 2, excluded)
    if report.about.gaps:
        sheet.write_string(line + 1, 0, "What the source leaves open", sheets.caption)
        gaps = [(f"{gap}: {question}", taken) for gap, question, taken in report.about.gaps]
        line = sheets.pairs(sheet, line + 2, gaps)
    if report.about.head:
        line = sheets.pairs(sheet, line + 1, [("Audit head", report.about.head)])
    sheets.told(sheet, line + 1, ["Contains patient data."])
