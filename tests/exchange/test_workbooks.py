"""A workbook that comes back: the outcomes that somebody has filled in, and tables that were never anything else."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from lmstrack import Tracker
from lmstrack.demo import fill
from lmstrack.errors import InvalidData
from lmstrack.exchange import import_file
from lmstrack.reports import About
from lmstrack.reports.overdue import overdue_report
from lmstrack.reports.rendering import as_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = date(2026, 11, 24)


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    with Tracker.open("sqlite://", by="jw", today=TODAY, create=True) as opened:
        fill(opened, TODAY)
        yield opened


def printed(tracker: Tracker, file: Path) -> Any:
    found = tracker.overdue(names=True)
    report = overdue_report(found, tracker.workflow, About(zone="UTC"), behind=tracker.overview(found, names=True))
    file.write_bytes(as_bytes(report, "xlsx"))
    return openpyxl.load_workbook(file)


def filled_in(sheet: Any, line: int, outcome: str, on: object) -> tuple[str, int, str, int]:
    """Write what came of the item of a line; gives what names it."""
    heading = [cell.value for cell in sheet[1]]
    sheet.cell(line, heading.index("Outcome") + 1).value = outcome
    sheet.cell(line, heading.index("Outcome on") + 1).value = on
    case, course, strand, occurrence = str(sheet.cell(line, heading.index("Row") + 1).value).split("/")
    return case, int(course), strand, int(occurrence)


def test_outcomes_come_back_from_every_sheet_once_and_with_their_reasons(tracker: Tracker, tmp_path: Path) -> None:
    file = tmp_path / "overdue.xlsx"
    book = printed(tracker, file)
    before = {case: len(tracker.log(case)) for case in tracker.store.case_ids()}
    called = filled_in(book["navigator-a"], 2, "no_answer", datetime(2026, 11, 23))  # noqa: DTZ001  # as a cell holds it
    excused = filled_in(book["All"], 3, "not_appropriate", "2026-11-24")
    undated = filled_in(book["navigator-b"], 2, "reached", None)
    ahead = filled_in(book["navigator-c"], 2, "reached", date(2026, 11, 25))
    book.save(file)
    shown = import_file(tracker, file, mapping="overdue-outcomes")
    assert (shown.rows_read, shown.new, shown.committed) == (4, 2, False)
    report = import_file(tracker, file, mapping="overdue-outcomes", commit=True)
    assert report.adds_up
    assert (report.rows_read, report.new, report.known) == (4, 2, 0)
    assert {(each.case, each.reason.partition(":")[0].partition(";")[0]) for each in report.rejected} == {
        (undated[0], "Row and Outcome and Outcome on"),
        (ahead[0], "contact on 2026-11-25 lies in the future"),
    }
    call = tracker.log(called[0])[-1]
    assert (call.kind, call.on, call.record.outcome, call.record.strand) == (  # type: ignore[attr-defined]
        "contact",
        date(2026, 11, 23),
        "no_answer",
        called[2],
    )
    excuse = tracker.log(excused[0])[-1]
    assert (excuse.kind, excuse.record.strand, excuse.record.occurrence) == (  # type: ignore[attr-defined]
        "excuse",
        excused[2],
        excused[3],
    )
    rejects = (tmp_path / "overdue.xlsx.rejects.csv").read_text(encoding="utf-8-sig")
    assert undated[0] in rejects
    assert ahead[0] in rejects
    again = import_file(tracker, file, mapping="overdue-outcomes", commit=True)
    assert (again.new, again.known, len(again.rejected)) == (0, 2, 2)
    grown = {case: len(tracker.log(case)) - many for case, many in before.items() if len(tracker.log(case)) != many}
    assert sum(grown.values()) == 2
    assert tracker.doctor() == ()


def test_a_workbook_in_which_nothing_is_filled_in_changes_nothing(tracker: Tracker, tmp_path: Path) -> None:
    printed(tracker, tmp_path / "overdue.xlsx")
    report = import_file(tracker, tmp_path / "overdue.xlsx", mapping="overdue-outcomes", commit=True)
    assert (report.rows_read, report.new, report.adds_up) == (0, 0, True)


def test_a_sheet_is_read_as_its_cells_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a list of ours"])
    book.active.append(["Pat", "Born", "Referred", "Size"])
    book.active.append(["0017", date(1961, 3, 4), datetime(2026, 1, 2), 80.0])  # noqa: DTZ001
    book.active.append([None, None, None, None])
    other = book.create_sheet("more")
    other.append(["Size", "Referred", "Born", "Pat"])
    other.append([41.5, "2026-01-03", 1958, 18])
    book.create_sheet("notes").append(["call the lab"])
    book.save(tmp_path / "list.xlsx")
    (tmp_path / "list.toml").write_text(
        'case = "Pat"\n[person]\nborn = {column = "Born"}\n[[event]]\nkind = "referral"\non = {column = "Referred"}\n'
        'fields = {size_mm = {column = "Size"}}\n'
    )
    with Tracker.open("sqlite://", by="jw", today=TODAY, create=True) as tracker:
        report = import_file(tracker, tmp_path / "list.xlsx", mapping=tmp_path / "list.toml", source="x", commit=True)
        assert (report.rows_read, report.new, report.rejected) == (2, 2, ())
        logs = {case: tracker.log(case)[0] for case in tracker.store.case_ids()}
        assert [(event.on, event.record.size_mm) for event in logs.values()] == [  # type: ignore[attr-defined]
            (date(2026, 1, 2), 80),
            (date(2026, 1, 3), 41.5),
        ]
        assert [str(tracker.person(case).born) for case in logs] == ["1961-03-04", "1958"]


@pytest.mark.parametrize("content", [b"", b"PK not a workbook", b"Pat;Born\n"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    with Tracker.open("sqlite://", by="jw", today=TODAY, create=True) as tracker:
        with pytest.raises(InvalidData, match="it is no workbook"):
            import_file(tracker, tmp_path / "x.xlsx", mapping="overdue-outcomes")
        with pytest.raises(InvalidData, match="a table needs a mapping"):
            import_file(tracker, tmp_path / "x.xlsx")


def test_a_workbook_of_another_kind_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Case", "Row"])
    book.save(tmp_path / "x.xlsx")
    with (
        Tracker.open("sqlite://", by="jw", today=TODAY, create=True) as tracker,
        pytest.raises(InvalidData, match="there is no column 'Outcome'"),
    ):
        import_file(tracker, tmp_path / "x.xlsx", mapping="overdue-outcomes")
