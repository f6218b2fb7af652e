"""Lists as files: whatever is asked for by ``-o`` is written whole, the same every time, or refused with an answer."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import icalendar
import openpyxl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

LISTS = [
    words.split()
    for words in ("overdue", "worklist", "export obligations", "case list", "diff 2026-05-01", "timeline 1")
]


def workbook(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize("form", ["xlsx", "ics", "html", "csv"])
def test_the_same_day_gives_the_same_bytes_again_and_as_of_it_later(
    run: Run, followed: str, home: Path, form: str
) -> None:
    said = []
    for name, words in {"a": (), "b": (), "c": ("--today", "2027-03-01", "--as-of", "2026-11-24")}.items():
        file = home / f"{name}.{form}"
        assert run("overdue", *words, "-o", str(file)).code == 0
        said.append(file.read_bytes())
    assert said[0] == said[1] == said[2]
    assert len(said[0]) > 500


@pytest.mark.parametrize("words", LISTS)
def test_every_list_is_a_workbook_and_a_page_too(run: Run, followed: str, home: Path, words: list[str]) -> None:
    rows = run(*words, "--format", "json").json()["rows"]
    for form in ("xlsx", "html"):
        assert run(*words, "-o", str(home / f"x.{form}")).code == 0
    sheet = workbook((home / "x.xlsx").read_bytes())["All"]
    assert rows
    assert sheet.max_row == len(rows) + 1
    assert sheet.max_column >= len(rows[0])


def test_a_workbook_of_all_rows_names_what_can_be_filled_in(run: Run, followed: str, home: Path) -> None:
    run("record", followed, "assign", "navigator=jw", "--on", "2026-01-20")
    assert run("overdue", "--no-names", "-o", str(home / "x.xlsx")).code == 0
    book = workbook((home / "x.xlsx").read_bytes())
    assert book.sheetnames == ["Summary", "jw", "All", "Excluded", "No obligation", "About"]
    assert "Name" not in [cell.value for cell in book["All"][1]]


@pytest.mark.parametrize("form", ["xlsx", "ics", "html", "csv", "json", "md", "txt"])
def test_nothing_to_report_still_writes_a_file_that_says_so(run: Run, home: Path, form: str) -> None:
    run("init")
    file = home / f"none.{form}"
    assert run("overdue", "-o", str(file)).code == 0
    said = "no case is on record yet"
    if form == "xlsx":
        assert said in str(workbook(file.read_bytes())["Summary"]["A2"].value)
    elif form in {"csv", "json"}:
        held = json.loads((home / "none.csv.meta.json").read_text() if form == "csv" else file.read_text())
        assert held["rows"] in ([], 0)
        assert form == "json" or said in held["message"]
    else:
        assert said in file.read_text(encoding="utf-8").replace("\r\n ", "")


def test_beside_a_csv_stand_its_scope_and_what_it_comes_to(run: Run, followed: str, home: Path) -> None:
    run("overdue", "-o", str(home / "x.csv"))
    held = json.loads((home / "x.csv.meta.json").read_text(encoding="utf-8"))
    assert held["scope"] == "surveillance and results, every case"
    ages = {row["Overdue by"]: row["Items"] for row in held["counts"]["How long it is overdue"]}
    assert sum(ages.values()) == held["rows"] == held["totals"]["overdue"]


def test_a_calendar_of_one_navigator_or_of_everything(run: Run, followed: str, home: Path) -> None:
    for words, most in ((("overdue",), 9), (("overdue", "--navigator", "nobody"), 0), (("export", "obligations"), 99)):
        file = home / "x.ics"
        assert run(*words, "-o", str(file)).code == 0
        events = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        assert len(events) <= most
        assert bool(events) == bool(most)
        assert b"Example" not in file.read_bytes()


def test_a_calendar_of_the_work_has_what_is_to_do_what_is_booked_and_what_is_settled(
    run: Run, followed: str, home: Path
) -> None:
    def calendar(*options: str) -> dict[str, tuple[str, date, int]]:
        assert run("worklist", *options, "-o", str(home / "x.ics")).code == 0
        held = (home / "x.ics").read_bytes()
        assert b"Example" not in held
        found = icalendar.Calendar.from_ical(held).walk("VEVENT")
        return {str(e["SUMMARY"]): (str(e["STATUS"]), e["DTSTART"].dt, int(e["SEQUENCE"])) for e in found}

    def named(strand: str) -> str:
        return f"{followed} {strand}"

    before = calendar()
    listed = run("worklist", "--no-questions", "--format", "json").json()["rows"]
    wanted = {(named(row["strand"].replace("_", " ")), row["due_by"]) for row in listed}
    assert {(name, on.isoformat()) for name, (status, on, _) in before.items() if status == "CONFIRMED"} == wanted
    assert before[named("treatment summary")][0] == "CANCELLED"  # done within the last twelve months
    run("record", followed, "imaging", "region=chest", "modality=CT", "--on", "2026-11-23")
    run("record", followed, "booking", "strand=clinic_review", "for_date=2026-12-04")
    run("record", followed, "suspend", "strand=rehabilitation_review", "review_on=2027-01-04")
    run("contact", followed, "call_back", "--next-on", "2026-11-30", "--strand", "local_imaging")
    after = calendar()
    assert after[named("chest imaging")][:2] == ("CANCELLED", before[named("chest imaging")][1])
    assert after[named("clinic review, booked")][:2] == ("CONFIRMED", date(2026, 12, 4))
    assert after[named("rehabilitation review")][0] == "CANCELLED"
    assert after[named("promised call")][:2] == ("CONFIRMED", date(2026, 11, 30))
    assert after[named("local imaging")][0] == "CONFIRMED"
    assert after[named("local imaging")][2] > before[named("local imaging")][2]
    assert calendar("--navigator", "nobody") == {}
    assert named("treatment summary") not in calendar("--as-of", "2027-12-01")
    assert calendar("--known-at", "2026-11-22") == {}


@pytest.mark.parametrize("words", [("case", "list"), ("diff", "2026-05-01"), ("timeline", "1")])
def test_a_list_without_days_is_no_calendar(run: Run, followed: str, home: Path, words: tuple[str, ...]) -> None:
    answer = run(*words, "-o", str(home / "x.ics"))
    assert answer.code == 2
    assert "its rows have no days" in answer.err
    assert "lmstrack worklist, overdue and export obligations have" in answer.err
    assert not (home / "x.ics").exists()


def test_a_folder_that_is_not_there_is_not_made(run: Run, followed: str, home: Path) -> None:
    folder = home / "reports" / "monday"
    for words in (("overdue",), ("show", followed), ("workflow", "diagram")):
        answer = run(*words, "-o", str(folder / "x.html"))
        assert answer.code == 9
        assert f"there is no folder {folder}." in answer.err
        assert "Make the folder, or name another file with -o." in answer.err
    assert not folder.parent.exists()


def test_a_workbook_on_a_terminal_is_refused(run: Run, followed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lmstrack.cli.streams.is_terminal", lambda _: True)
    answer = run("overdue", "--format", "xlsx")
    assert (answer.code, answer.out) == (2, "")
    assert "-o overdue.xlsx" in answer.err


@pytest.mark.parametrize("form", ["xlsx", "html", "ics", "txt"])
def test_the_answer_to_an_entry_is_a_file_of_its_form(run: Run, case: str, home: Path, form: str) -> None:
    file = home / f"x.{form}"
    told = ("referral", "site_group=extremity", "--on", "2026-11-01")
    assert run("record", case, *told, "-o", str(file)).code == 0
    content = file.read_bytes()
    if form == "xlsx":
        assert "recorded referral" in str(workbook(content)["Summary"]["A2"].value)
    elif form == "ics":
        assert "recorded referral" in str(icalendar.Calendar.from_ical(content).walk("VJOURNAL")[0]["SUMMARY"])
    else:
        assert b"recorded referral" in content
