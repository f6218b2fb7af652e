"""The sheets of a workbook: their looks and names, and text that is written across them.

The workbook itself is made in `workbook`, which alone imports XlsxWriter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lmstrack.reports.tables import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from lmstrack.reports.report import Report

_A4: Final = 9
_FIRST_WIDTH: Final = 34
_FURTHER_WIDTH: Final = 14
#: The last column that text is written across.
TEXT_UP_TO: Final = 5
#: A cell holds no longer text.
_LONGEST: Final = 32_767
_LONGEST_NAME: Final = 31
_CUT: Final = " … (a cell holds no more; the CSV has all of it)"
#: What the XML of a workbook cannot hold.
_NO_XML: Final = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_COLOURS: Final[dict[str, dict[str, object]]] = {
    "overdue": {"bold": True, "font_color": "#9C0006", "bg_color": "#FFE5E5"},
    "due": {"font_color": "#5C4400", "bg_color": "#FFF3CC"},
    "suspended": {"font_color": "#1F4E66", "bg_color": "#E3F1F8"},
    "fulfilled": {"font_color": "#1E5128", "bg_color": "#E4F4E7"},
}


class Sheets:
    """One workbook while it is written."""

    def __init__(self, book: Workbook, report: Report) -> None:
        self.book = book
        self.report = report
        self.names: set[str] = {"history"}  # which programs keep for themselves
        self.head = book.add_format({"bold": True, "bg_color": "#E7ECEF", "border": 1, "text_wrap": True})
        self.title = book.add_format({"bold": True, "font_size": 15})
        self.caption = book.add_format({"bold": True})
        self.head_right = book.add_format({"bold": True, "bg_color": "#E7ECEF", "border": 1, "align": "right"})
        self.right = book.add_format({"align": "right", "valign": "top"})
        self.strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self.number = book.add_format({"num_format": "0", "valign": "top"})
        open_cell = {"bg_color": "#FFFDE7", "border": 1, "valign": "top"}
        self.open = book.add_format(open_cell)
        self.open_day = book.add_format({**open_cell, "num_format": "yyyy-mm-dd", "align": "left"})
        self.states = {word: book.add_format({**look, "valign": "top"}) for word, look in _COLOURS.items()}

    def reading_sheet(self, name: str) -> Worksheet:
        """A new sheet that is wide enough to be read."""
        sheet = self.sheet(name)
        sheet.set_column(0, 0, _FIRST_WIDTH)
        sheet.set_column(1, TEXT_UP_TO, _FURTHER_WIDTH)
        return sheet

    def pairs(self, sheet: Worksheet, line: int, pairs: Iterable[tuple[str, str]]) -> int:
        """Write names and what is said of them, from a line on; gives the next free line."""
        for name, said in pairs:
            sheet.write_string(line, 0, name, self.strong)
            _across(sheet, line, 1, said, self.plain)
            line += 1
        return line

    def told(self, sheet: Worksheet, line: int, sentences: Iterable[str]) -> int:
        """Write sentences, from a line on; gives the next free line."""
        for said in sentences:
            _across(sheet, line, 0, said, self.plain)
            line += 1
        return line

    def sheet(self, name: str) -> Worksheet:
        """A new sheet, which prints on as many pages as it is long."""
        sheet = self.book.add_worksheet(self._named(name))
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        # An ampersand steers a footer.
        title = self.report.title.replace("&", "&&")
        sheet.set_footer(f"&L{title}&CContains patient data&RPage &P of &N")
        return sheet

    def _named(self, name: str) -> str:
        """A name that a sheet may have and no other of the book has."""
        kept = fitting(_FORBIDDEN.sub(" ", one_line(name)).strip(" '"))
        plain = _shortened(kept, _LONGEST_NAME).rstrip(" '") or "Sheet"
        chosen, number = plain, 2
        while chosen.lower() in self.names:
            chosen = f"{_shortened(plain, _LONGEST_NAME - 4)} {number}"
            number += 1
        self.names.add(chosen.lower())
        return chosen


def fitting(text: str) -> str:
    """The text as a cell can hold it."""
    text = _NO_XML.sub("\ufffd", text)
    return text if _units(text) <= _LONGEST else _shortened(text, _LONGEST - _units(_CUT)) + _CUT


def _units(text: str) -> int:
    """How long a text is for a spreadsheet, which counts in UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _shortened(text: str, most: int) -> str:
    """As much of a text as has so many units; no character is cut in two."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _across(sheet: Worksheet, line: int, first: int, text: str, look: Format) -> None:
    """Write a text over the columns up to the fifth, in a line that is high enough for it."""
    text = fitting(one_line(text))
    sheet.merge_range(line, first, line, TEXT_UP_TO, "", look)
    sheet.write_string(line, first, text, look)
    room = (0 if first else _FIRST_WIDTH) + _FURTHER_WIDTH * (TEXT_UP_TO - max(first, 1) + 1)
    sheet.set_row(line, 15 * max(1, -(-len(text) * 11 // (10 * room))))
