"""The sheets of a workbook as rows of text: the one place that reads them, with openpyxl."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile

from lmstrack.errors import InvalidData

if TYPE_CHECKING:
    from pathlib import Path

#: How the files are named that are read so.
ENDINGS: Final = frozenset({".xlsx", ".xlsm"})


def sheets(path: Path, asked: str) -> list[list[tuple[str, ...]]]:
    """The rows of each sheet, as wide as its widest; days as ISO dates, and what a formula gave when it was saved.

    Raises `InvalidData` where the file is no workbook.
    """
    import openpyxl  # noqa: PLC0415  few imports are of a workbook, and it takes long to load

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise InvalidData(asked, [f"it is no workbook ({type(error).__name__})"], "Save it as .xlsx or .csv.") from None
    try:
        found = [[tuple(map(_text, row)) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]
    finally:
        book.close()
    return [[row + ("",) * (max(map(len, rows)) - len(row)) for row in rows] for rows in found]


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return str(value)
