"""A report as a workbook for a spreadsheet program: typed cells, real dates, and no text that becomes a formula.

This is the one place that imports XlsxWriter, which is needed for nothing else.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import xlsxwriter

from lmstrack.reports.report import as_text, words
from lmstrack.reports.sheets import Sheets, fitting
from lmstrack.reports.sheets_read import about, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.worksheet import Worksheet

    from lmstrack.reports.parts import FillIn
    from lmstrack.reports.report import Cell, Column, Report, Row

ROW: Final = "Row"
_WIDEST: Final = 48
_NARROWEST: Final = 6
#: Spreadsheets count days from 1900, and take that year for a leap year.
_FIRST_DAY: Final = date(1900, 3, 1)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
#: Where no report says of which day it is.
_NO_DAY: Final = datetime(1980, 1, 1)  # noqa: DTZ001  # a workbook's properties know no zone


def xlsx(report: Report) -> bytes:
    """The workbook; the same report gives the same bytes."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held,
        {
            "in_memory": True,  # else patients' names would lie in temporary files
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    made = _NO_DAY if report.as_of is None else datetime(report.as_of.year, report.as_of.month, report.as_of.day)  # noqa: DTZ001
    book.set_properties({"title": report.title, "comments": "Contains patient data.", "created": made})
    _Rows(book, report).whole()
    book.close()
    return held.getvalue()


class _Rows(Sheets):
    """A workbook of rows: all of them, and apart by what divides them."""

    def whole(self) -> None:
        """Write every sheet."""
        report = self.report
        summary(self)
        shown = [column for column in report.columns if column.key in report.keys]
        for name, rows in self._divided():
            self._rows(name, shown, rows, filled_in=True)
        self._rows("All", [_bare(report.column(key)) for key in report.keys], report.rows, filled_in=True)
        for part in report.parts:
            self._rows(part.title, part.columns, part.rows, empty=part.empty)
        about(self)

    def _divided(self) -> list[tuple[str, list[Row]]]:
        """The rows of each value of the key that divides them, those without one last."""
        key = self.report.divided
        if key is None:
            return []
        found: dict[str | None, list[Row]] = {}
        for row in self.report.rows:
            value = row.get(key)
            found.setdefault(None if value is None else as_text(value), []).append(row)
        ordered = sorted(found.items(), key=lambda each: (each[0] is None, each[0] or ""))
        return [(f"No {words(key)}" if value is None else value, rows) for value, rows in ordered]

    def _rows(
        self, name: str, columns: Sequence[Column], rows: Sequence[Row], *, filled_in: bool = False, empty: str = ""
    ) -> None:
        report = self.report
        sheet = self.sheet(name)
        fill_in = report.fill_in if filled_in else None
        keyed = filled_in and bool(report.row_key)
        headings = [column.heading for column in columns]
        headings += [fill_in.heading, fill_in.day] if fill_in is not None else []
        headings += [ROW] if keyed else []
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, self.head)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, _width(column.heading, (column.shown(row) for row in rows)))
        for line, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                self._cell(sheet, line, place, column, row)
            if fill_in is not None:
                sheet.write_blank(line, len(columns), None, self.open)
                sheet.write_blank(line, len(columns) + 1, None, self.open_day)
            if keyed:
                sheet.write_string(line, len(headings) - 1, row_key(report, row), self.plain)
        if not rows and empty:
            sheet.write_string(1, 0, empty)
        if fill_in is not None:
            self._filled_in(sheet, fill_in, len(columns), len(rows))
        if keyed:
            sheet.set_column(len(headings) - 1, len(headings) - 1, _width(ROW, (row_key(report, row) for row in rows)))
        if headings:
            sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)

    def _filled_in(self, sheet: Worksheet, fill_in: FillIn, place: int, rows: int) -> None:
        sheet.set_column(place, place, _width(fill_in.heading, fill_in.allowed))
        if rows:
            rule = {
                "validate": "list",
                "source": list(fill_in.allowed),
                "input_title": fill_in.heading,
                "input_message": fill_in.told,
                "error_title": fill_in.heading,
                "error_message": "Choose one of the list.",
            }
            sheet.data_validation(1, place, rows, place, rule)
            sheet.set_column(place + 1, place + 1, _width(fill_in.day, ()))
            day = {"validate": "date", "criteria": ">", "value": _FIRST_DAY, "error_message": "Write a day."}
            sheet.data_validation(1, place + 1, rows, place + 1, {**day, "error_title": fill_in.day})

    def _cell(self, sheet: Worksheet, line: int, place: int, column: Column, row: Row) -> None:
        value = row.get(column.key) if column.says is None else column.says(row)
        if value is None:
            return
        day = _as_day(value) if column.kind == "date" else None
        if day is not None:
            sheet.write_datetime(line, place, day, self.day)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(line, place, value, self.number)
        else:
            text = fitting(column.shown(row))
            known = self.states.get(text.partition(",")[0]) if column.kind == "status" else None
            sheet.write_string(line, place, text, known or self.plain)


def row_key(report: Report, row: Row) -> str:
    """What names a row for ever, as one text."""
    return "/".join(as_text(row.get(key)) for key in report.row_key)


def _bare(column: Column) -> Column:
    """The column as programs read it: the value and nothing more."""
    return replace(column, says=None, kind="id" if column.kind == "term" else column.kind)


def _as_day(value: Cell) -> date | None:
    """The day that a cell holds, None where it is no whole day or none that a spreadsheet knows."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    day = date.fromisoformat(value)
    return day if day >= _FIRST_DAY else None


def _width(heading: str, texts: Iterable[str]) -> int:
    """How wide a column is: the arrow of the filter beside the heading, and no wider than a text that wraps."""
    return max(_NARROWEST, len(heading) + 3, min(_WIDEST, max(map(len, texts), default=0) + 2))
