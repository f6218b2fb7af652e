"""The workbook, opened again by another library than the one that wrote it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack.reports import Column, Report
from lmstrack.reports.delimited import unguarded
from lmstrack.reports.parts import FillIn
from lmstrack.reports.rendering import as_bytes, rendered
from lmstrack.reports.report import as_text

from .demo_ward import empty, full

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

PAYLOADS = [
    f"{first}{rest}"
    for first in ("=", "+", "-", "@", "\t=", "\r=", "'=", "|", "%", " =")
    for rest in ('HYPERLINK("http://x","y")', "cmd|' /C calc'!A0", "SUM(1,2)", "1+1", "A1")
]


def opened(report: Report) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(as_bytes(report, "xlsx")))


def table(sheet: Worksheet) -> list[dict[str, Any]]:
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def simple(*rows: dict[str, object], **more: object) -> Report:
    columns = (
        Column("case", "Case", "id"),
        Column("name", "Name"),
        Column("on", "On", "date"),
        Column("n", "N", "number"),
    )
    return Report("x/1", "T", list(rows), ("case", "name", "on", "n"), columns, **more)  # type: ignore[arg-type]


def in_words(value: object) -> str:
    """What a cell of the workbook is in a file of text."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def test_workbook_csv_and_json_hold_the_same_rows() -> None:
    report = full()
    in_csv = list(csv.DictReader(io.StringIO(as_bytes(report, "csv").decode("utf-8-sig"))))
    in_json = json.loads(rendered(report, "json"))["rows"]
    in_workbook = table(opened(report)["All"])
    headings = [report.column(key).heading for key in report.keys]
    assert len(in_csv) == len(in_json) == len(in_workbook) == len(report.rows) > 10
    for by_csv, by_json, by_workbook in zip(in_csv, in_json, in_workbook, strict=True):
        told = [unguarded(by_csv[key]) for key in report.keys]
        assert told == [as_text(by_json[key]) for key in report.keys]
        assert told == [in_words(by_workbook[heading]) for heading in headings]


def test_the_sheets_are_a_summary_one_a_navigator_all_and_who_is_on_no_list() -> None:
    report = full()
    navigators = sorted({str(row["navigator"]) for row in report.rows if row["navigator"] is not None})
    without = [] if all(row["navigator"] for row in report.rows) else ["No navigator"]
    book = opened(report)
    assert book.sheetnames == ["Summary", *navigators, *without, "All", "Excluded", "No obligation", "About"]
    for name in navigators:
        cases = [row["Case"] for row in table(book[name])]
        assert cases == [row["case"] for row in report.rows if row["navigator"] == name]


def test_rows_without_a_navigator_have_a_sheet_too() -> None:
    rows = [{"case": "A", "navigator": None}, {"case": "B", "navigator": "a/b:[c]?"}, {"case": "C", "navigator": "ALL"}]
    report = Report("x/1", "T", rows, ("case", "navigator"), (Column("case", "Case"),), divided="navigator")
    names = opened(report).sheetnames
    assert names == ["Summary", "ALL", "a b  c", "No navigator", "All 2", "About"]


def test_days_are_days_numbers_numbers_and_leading_zeros_stay() -> None:
    row = table(opened(simple({"case": "007", "name": "1-2", "on": "2026-05-15", "n": 139}))["All"])[0]
    assert row == {"Case": "007", "Name": "1-2", "On": datetime(2026, 5, 15), "N": 139}  # noqa: DTZ001
    cell = opened(simple({"case": "007", "on": "2026-05-15"}))["All"]["C2"]
    assert (cell.is_date, cell.number_format) == (True, "yyyy-mm-dd")


@pytest.mark.parametrize("partial", ["1958", "2026-03", "1899-12-31", "1900-02-28", "3 May 2026"])
def test_a_day_that_is_not_known_whole_or_that_a_spreadsheet_does_not_know_stays_text(partial: str) -> None:
    assert opened(simple({"case": "A", "on": partial}))["All"]["C2"].value == partial


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula_or_a_link(payload: str) -> None:
    sheet = opened(simple({"case": payload, "name": payload, "on": payload, "n": 1}, message=payload))["All"]
    for place in ("A2", "B2", "C2"):
        assert (sheet[place].data_type, sheet[place].hyperlink) == ("s", None)
    parts = zipfile.ZipFile(io.BytesIO(as_bytes(replace(simple({"case": payload}), title=payload), "xlsx")))
    for name in parts.namelist():
        if "sheet" in name:
            assert b"<f>" not in parts.read(name)


@settings(max_examples=60)
@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_written_the_workbook_can_be_opened(name: str, navigator: str) -> None:
    rows = [{"case": "A", "name": name, "navigator": navigator}]
    report = Report(
        "x/1", name or "T", rows, ("case", "name"), (Column("case", "Case"), Column("name", "Name")),
        divided="navigator", message=navigator, row_key=("case", "name"),
        fill_in=FillIn("Outcome", ("a", "b"), "told", "On"),
    )  # fmt: skip
    book = opened(report)
    assert book.sheetnames[0] == "Summary"
    assert len({sheet.lower() for sheet in book.sheetnames}) == len(book.sheetnames)
    assert all(0 < len(sheet.encode("utf-16-le")) <= 62 for sheet in book.sheetnames)


def test_a_text_longer_than_a_cell_says_that_it_is_cut() -> None:
    kept = opened(simple({"case": "A", "name": "x" * 32_767}, {"case": "B", "name": "x" * 32_768}))["All"]
    assert kept["B2"].value == "x" * 32_767
    assert len(kept["B3"].value) == 32_767
    assert kept["B3"].value.endswith("the CSV has all of it)")


def test_the_name_of_a_sheet_does_not_end_in_a_quote_where_it_is_cut() -> None:
    assert opened(replace(simple({"case": f"{'x' * 30}'y"}), divided="case")).sheetnames[1] == "x" * 30


def test_a_spreadsheet_counts_a_rare_sign_twice() -> None:
    rows = [{"case": "\U0001f600" * 20, "name": "\U0001f600" * 16_384}]
    report = Report(
        "x/1", "T", rows, ("case", "name"), (Column("case", "Case"), Column("name", "Name")), divided="case"
    )
    book = opened(report)
    assert book.sheetnames[1] == "\U0001f600" * 15
    assert len(book["All"]["B2"].value.encode("utf-16-le")) // 2 <= 32_767
    assert book["All"]["B2"].value.endswith("the CSV has all of it)")


def test_a_sheet_is_read_printed_and_filtered_by_its_heading() -> None:
    sheet = opened(full())["All"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert "Contains patient data" in sheet.oddFooter.center.text
    assert "&P of &N" in f"&{sheet.oddFooter.right.text}".replace("&&", "&")
    assert all(sheet.column_dimensions[column].width > 6 for column in ("A", "B", "C"))


def test_the_state_is_a_word_and_only_also_a_colour() -> None:
    book = opened(full())
    name = book.sheetnames[1]
    heading = [cell.value for cell in book[name][1]]
    cell = book[name].cell(2, heading.index("State") + 1)
    assert str(cell.value).startswith("overdue")
    assert cell.fill.fgColor.rgb == "FFFFE5E5"


def test_the_outcome_is_chosen_from_those_of_a_contact_or_an_excuse_and_the_row_is_named() -> None:
    report = full()
    for name in ("All", opened(report).sheetnames[1]):
        sheet = opened(report)[name]
        heading = [str(cell.value) for cell in sheet[1]]
        assert heading[-3:] == ["Outcome", "Outcome on", "Row"]
        rule = sheet.data_validations.dataValidation[0]
        assert str(rule.formula1).strip('"').split(",") == [
            "reached", "call_back", "no_answer", "voicemail", "letter_sent", "declined", "done_elsewhere",
            "wrong_number", "not_appropriate",
        ]  # fmt: skip
        column = openpyxl.utils.get_column_letter(len(heading) - 2)
        assert str(rule.sqref) == f"{column}2:{column}{sheet.max_row}"
    first = report.rows[0]
    keys = [table_row["Row"] for table_row in table(opened(report)["All"])]
    assert keys[0] == f"{first['case']}/{first['course']}/{first['strand']}/{first['occurrence']}"
    assert len(set(keys)) == len(report.rows)


def test_the_summary_has_the_counts_a_picture_of_the_ageing_and_what_the_words_mean() -> None:
    report = full()
    sheet = opened(report)["Summary"]
    told = [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value is not None]
    for said in (report.message, *report.below, "over 5 years", "By navigator", "Overdue", "95 % interval"):
        assert said in told
    parts = zipfile.ZipFile(io.BytesIO(as_bytes(report, "xlsx")))
    chart = parts.read("xl/charts/chart1.xml").decode()
    assert "How long it is overdue" in chart
    assert "Summary!$B$" in chart


def test_the_last_sheet_says_what_everything_stands_on() -> None:
    report = full()
    told = [str(cell.value) for line in opened(report)["About"].iter_rows() for cell in line if cell.value is not None]
    for said in ("2026-11-24", "everything on record", report.about.head, "jw", "Contains patient data."):
        assert said in told
    assert any(said.startswith("P1:") for said in told)


def test_nothing_to_report_still_is_a_workbook_that_says_so() -> None:
    book = opened(empty())
    assert book.sheetnames == ["Summary", "All", "Excluded", "No obligation", "About"]
    assert str(book["Summary"]["A2"].value).startswith("As of 24 Nov 2026 no case is on record yet.")
    assert book["Excluded"]["A2"].value == "No case is left out."
    assert table(book["All"]) == []


@pytest.mark.parametrize("form", ["xlsx", "html", "ics", "csv", "json"])
def test_the_same_report_is_the_same_bytes_whenever_it_is_written(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = as_bytes(full(), form)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert as_bytes(full(), form) == first


def test_a_workbook_of_another_day_is_made_on_another_day() -> None:
    report = replace(full(), as_of=date(2026, 11, 25))
    assert opened(report).properties.created == datetime(2026, 11, 25)  # noqa: DTZ001
    assert opened(replace(report, as_of=None)).properties.created.year == 1980


def test_without_names_no_sheet_has_one() -> None:
    report = full().without("name", "born", "identifiers")
    whole = zipfile.ZipFile(io.BytesIO(as_bytes(report, "xlsx")))
    assert not any(b"Demo " in whole.read(name) for name in whole.namelist())
