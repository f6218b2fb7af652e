"""A navigator's day at the command line: the worklist, a call, an appointment, and the status of six lines."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from lmstrack.needs import Need
from lmstrack.reports.worklist import KEYS

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

NAMES = ["name", "born", "identifiers"]


def rows(run: Run, *options: str) -> list[dict[str, Any]]:
    answer = run("worklist", "--no-questions", "--format", "json", *options)
    assert answer.code == 0, answer.err
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def needs(run: Run, *options: str) -> dict[str, str]:
    return {str(row["strand"]): str(row["need"]) for row in rows(run, *options)}


# ---- the list


def test_the_worklist_has_exactly_the_promised_keys_and_adds_up(run: Run, followed: str) -> None:
    told = run("worklist", "--format", "json").json()
    assert list(told) == ["schema", "as_of", "known_at", "workflow", "rows", "totals"]
    assert [list(row) for row in told["rows"]] == [[*KEYS, *NAMES]] * len(told["rows"])
    totals = told["totals"]
    apart = ("listed", "booked", "upcoming", "suspended", "undetermined", "not_begun")
    assert totals["open"] == sum(totals[name] for name in apart)
    assert totals["listed"] == sum(1 for row in told["rows"] if row["strand"])
    assert list(totals["needs"]) == [need.value for need in Need]
    assert sum(totals["needs"].values()) == len(told["rows"])


def test_the_most_urgent_stands_first_with_the_reason_in_words_and_the_command(run: Run, followed: str) -> None:
    first = rows(run)[0]
    assert (first["need"], first["strand"], first["rank"]) == (
        "overdue",
        "rehabilitation_review",
        "1: overdue, not booked, 223 days late",
    )
    assert first["command"] == f"lmstrack record {followed} booking strand=rehabilitation_review for_date=…"
    assert first["next_action"] == "ask whether therapy is still needed"


def test_the_command_of_a_row_does_what_it_says(run: Run, followed: str) -> None:
    first = rows(run)[0]
    words = str(first["command"]).split()[1:]
    assert run(*words[:-1], "for_date=fri").code == 0
    after = next(row for row in rows(run) if row["strand"] == first["strand"])
    assert (after["need"], after["booked_for"], after["days_booked_late"]) == ("booked_late", "2026-11-27", 226)


def test_every_overdue_row_is_on_the_worklist_and_the_status_counts_the_same(run: Run, followed: str) -> None:
    late = {(row["case"], row["strand"]) for row in run("overdue", "--format", "json").json()["rows"]}
    listed = {(row["case"], row["strand"]) for row in rows(run) if row["state"] == "overdue"}
    assert listed == late
    assert f"{len(late)} overdue" in run().out
    assert f"{len(rows(run))} things to do" in run().out


def test_a_result_that_is_awaited_names_the_line_that_it_is_of(run: Run, followed: str) -> None:
    scan = ("imaging", "region=chest", "modality=CT", "--on", "2026-11-20")
    assert run("record", followed, *scan).code == 0
    (row,) = (each for each in rows(run) if each["strand"] == "report")
    assert f"report of line {row['occurrence']} " in run("worklist", "--no-questions", "--format", "table").out
    assert run("record", followed, "result", f"line={row['occurrence']}", "reported_on=2026-11-21").code == 0


def test_without_names_nobody_is_named(run: Run, followed: str) -> None:
    answer = run("--no-names", "worklist", "--format", "json")
    assert "Ann" not in answer.out + answer.err
    assert [list(row) for row in answer.json()["rows"]] == [list(KEYS)] * len(answer.json()["rows"])


def test_a_navigator_sees_the_patients_of_one_and_the_counts_of_all(run: Run, followed: str) -> None:
    whole = run("worklist", "--no-questions", "--format", "json").json()
    assert rows(run, "--navigator", "mine") == []
    assert run("record", followed, "assign", "navigator=navigator-a").code == 0
    mine = run("worklist", "--no-questions", "--format", "json", "--navigator", "mine").json()
    assert len(mine["rows"]) == len(whole["rows"]) > 0
    assert mine["totals"] == whole["totals"]
    assert rows(run, "--navigator", "navigator-b") == []
    told = " ".join(run("worklist", "--no-questions", "--navigator", "navigator-b", "--format", "table").out.split())
    assert "to do for others: lmstrack worklist" in told
    for words, of in (
        (("worklist", "--no-questions"), len(whole["rows"])),
        (("overdue",), len(run("overdue", "--format", "json").json()["rows"])),
    ):
        for whose, shown in (("navigator-a", of), ("navigator-b", 0)):
            told = " ".join(run(*words, "--navigator", whose, "--format", "table").out.split())
            rows_of = f"{of} row" if of == 1 else f"{of} rows"
            assert f"Shown: {shown} of {rows_of}, those of {whose}. The counts are of every case:" in told
        assert "Shown:" not in run(*words, "--format", "table").out


def test_rows_without_an_owner_are_told_with_the_command_that_gives_them_one(run: Run, followed: str) -> None:
    assert "lmstrack record CASE assign navigator=NAME" in " ".join(run("worklist", "--format", "table").out.split())
    run("record", followed, "assign", "navigator=navigator-a")
    assert "assign navigator" not in run("worklist", "--format", "table").out


def test_an_empty_worklist_says_what_to_do_next(run: Run, home: Path) -> None:
    run("init")
    assert "lmstrack case add" in run("worklist", "--format", "table").out
    run("case", "add", "--name", "Ann Example")
    assert "Nothing due for the patient (1): lmstrack next CASE" in run("worklist", "--format", "table").out


def test_a_day_without_anything_to_do_says_when_the_next_is_due(run: Run, followed: str) -> None:
    told = " ".join(run("worklist", "--as-of", "2026-01-22", "--no-questions", "--format", "table").out.split())
    assert "Nothing to do as of 22 Jan 2026. The next is due from" in told
    day = re.search(r"lmstrack worklist --as-of (\S+)", told)
    assert day is not None
    assert rows(run, "--as-of", day[1]) != []


def test_questions_are_told_for_few_cases_and_left_out_on_demand(run: Run, followed: str) -> None:
    told = run("worklist", "--format", "json").json()
    asked = [row for row in told["rows"] if row["need"] == "question"]
    assert asked
    assert {row["answered_by"] for row in asked} >= {"clinic"}
    assert told["totals"]["questions"] == sum(len(row["questions"]) for row in asked)
    without = run("worklist", "--no-questions", "--format", "table").out
    assert "Open questions are not among it" in without
    assert run("worklist", "--no-questions", "--format", "json").json()["totals"]["questions"] is None


def test_with_and_without_questions_at_once_is_refused(run: Run, followed: str) -> None:
    answer = run("worklist", "--questions", "--no-questions")
    assert (answer.code, "Leave one of the two out" in answer.err) == (2, True)


def test_many_cases_are_not_asked_for_questions_unless_somebody_wants_them(
    run: Run, followed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lmstrack.workday.QUESTIONS_UP_TO", 0)
    assert "lmstrack worklist --questions" in " ".join(run("worklist", "--format", "table").out.split())
    assert run("worklist", "--questions", "--format", "json").json()["totals"]["questions"] > 0


def test_what_was_not_yet_known_is_left_out(run: Run, followed: str) -> None:
    told = run("worklist", "--known-at", "2020-01-01", "--format", "json").json()
    assert (told["rows"], told["totals"]["open"]) == ([], 0)


def test_a_worklist_that_does_not_add_up_fails(run: Run, followed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lmstrack.lists.Totals.add_up", property(lambda _: False))
    answer = run("worklist")
    assert answer.code == 10
    assert "do not add up" in answer.err


@pytest.mark.parametrize("columns", ["80", "120", "200"])
def test_the_worklist_fits_the_terminal_and_cuts_no_id(
    run: Run, followed: str, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    told = run("worklist", "--format", "table").out
    assert [line for line in told.splitlines() if len(line) > int(columns)] == []
    assert followed in told
    assert "Overdue, not booked (" in told


@pytest.mark.parametrize("form", ["list", "tsv", "csv", "json", "ndjson", "md", "html", "xlsx"])
def test_the_same_database_and_day_give_the_same_bytes(run: Run, followed: str, home: Path, form: str) -> None:
    if form == "list":
        assert run("worklist", "--format", form).out == run("worklist", "--format", form).out
        return
    files = [home / f"{name}.{form}" for name in ("a", "b")]
    for file in files:
        assert run("worklist", "-o", str(file)).code == 0
    first, second = (file.read_bytes() for file in files)
    assert first == second
    assert len(first) > 500


def test_the_csv_has_a_row_for_each_thing_to_do(run: Run, followed: str, home: Path) -> None:
    run("worklist", "--no-questions", "-o", str(home / "todo.csv"))
    text = (home / "todo.csv").read_text(encoding="utf-8-sig")
    held = list(csv.DictReader(io.StringIO(text)))
    assert [(row["case"], row["need"]) for row in held] == [(row["case"], row["need"]) for row in rows(run)]


# ---- a call


def test_a_call_is_one_command_and_the_next_one_is_on_the_worklist_on_its_day(run: Run, followed: str) -> None:
    before = {row["strand"]: row["due_by"] for row in rows(run)}
    answer = run("contact", followed, "call_back", "--channel", "phone", "--next-on", "3 Dec", "--note", "at work")
    assert answer.code == 0
    assert "Next call Thu 3 Dec 2026 (in 9 days)." in answer.out
    assert "Undo: lmstrack undo" in answer.out
    assert "at work" not in answer.out
    after = rows(run)
    assert {row["strand"]: row["due_by"] for row in after} == before
    assert {row["call_agreed_for"] for row in after} == {"2026-12-03"}
    assert all(str(row["rank"]).count("call agreed for 3 Dec 2026") == 1 for row in after)
    assert "promised_call" not in needs(run, "--as-of", "2026-12-02")
    assert needs(run, "--as-of", "2026-12-03")["promised_call"] == "call"
    assert needs(run, "--as-of", "2027-12-03")["promised_call"] == "call"


def test_the_patient_who_was_reached_leaves_the_list_of_calls(run: Run, followed: str) -> None:
    run("contact", followed, "no_answer", "--next-on", "today")
    due = next(row for row in rows(run) if row["need"] == "call")
    assert due["command"] == f"lmstrack contact {followed} reached"
    assert run(*str(due["command"]).split()[1:]).code == 0
    assert "promised_call" not in needs(run)


def test_a_dry_run_of_a_call_writes_nothing(run: Run, followed: str) -> None:
    before = run("timeline", followed, "--format", "json").json()["totals"]
    assert "Nothing was written." in run("contact", followed, "reached", "--dry-run").out
    assert run("timeline", followed, "--format", "json").json()["totals"] == before


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("reachd",), 4, "outcome: 'reachd' is not one of reached, call_back"),
        (("reached", "--strand", "chest"), 4, "did you mean 'chest_imaging'"),
        (("reached", "--next-on", "3/4"), 4, "next_on:"),
        (("reached", "--next-on", "gestern"), 4, "No date can be made out"),
        (("reached", "--on", "tomorrow"), 5, "future"),
        ((), 2, "OUTCOME is missing"),
    ],
)
def test_a_call_that_cannot_be_read_says_why(
    run: Run, followed: str, typed: tuple[str, ...], code: int, said: str
) -> None:
    answer = run("contact", followed, *typed)
    assert answer.code == code
    assert said in answer.err


def test_a_call_of_a_bare_number_or_of_nobody_is_refused(run: Run, followed: str) -> None:
    assert (run("contact", "1", "reached").code, run("contact", "LMS-0099-9", "reached").code) == (7, 7)


def test_the_shell_offers_what_may_come_of_a_call(run: Run, followed: str) -> None:
    assert run("__complete", "contact", followed, "re").out == "reached\n"
    assert run("__complete", "contact", followed, "--next").out == "--next-on\n"


# ---- an appointment


@pytest.mark.parametrize(
    ("strand", "day", "on", "said"),
    [
        ("clinic_review", "2026-05-15", "2026-05-01", "in time, its last day is 15 May 2026"),
        ("clinic_review", "2026-05-16", "2026-05-01", "1 day after its last day, 15 May 2026"),
        ("clinic_review", "+2w", "2026-05-10", "9 days after its last day, 15 May 2026"),
        ("clinic_review", "mon", "2026-05-10", "Mon 11 May 2026 (tomorrow): in time"),
        ("clinic_review", "2026-02-28", "2026-02-20", "1 day before 1 Mar 2026, the first day that counts"),
        ("clinic_review", "2026-03-01", "2026-02-20", "in time"),
        ("response_imaging", "2026-05-12", "2026-05-10", "no response imaging is open for the patient"),
        ("clinic_review", "2026-05-01", "2026-05-10", "which is past: record what was done on that day"),
    ],
)
def test_an_appointment_says_where_it_lies_in_its_window(
    run: Run, followed: str, strand: str, day: str, on: str, said: str
) -> None:
    answer = run("--today", on, "record", followed, "booking", f"strand={strand}", f"for_date={day}", "--dry-run")
    assert answer.code == 0, answer.err
    assert said in answer.out


def test_an_appointment_that_passed_stays_on_the_list_until_somebody_says_what_came_of_it(
    run: Run, followed: str
) -> None:
    run("record", followed, "booking", "strand=clinic_review", "for_date=2026-11-23", "--on", "2026-11-02")
    passed = next(row for row in rows(run) if row["strand"] == "clinic_review")
    assert passed["need"] == "passed_overdue"
    assert passed["command"] == (f"lmstrack record {followed} visit components=history,examination --on 2026-11-23")
    run("record", followed, "did_not_attend", "strand=clinic_review", "--on", "2026-11-23")
    missed = rows(run)[0]
    assert (missed["strand"], missed["need"], missed["attempts"]) == ("clinic_review", "missed_overdue", 1)
    run("record", followed, "visit", "components=history,examination")
    assert "clinic_review" not in needs(run)


# ---- the six lines


def test_lmstrack_alone_says_what_there_is_to_do(run: Run, followed: str) -> None:
    run("contact", followed, "no_answer", "--next-on", "today")
    run("record", followed, "imaging", "region=chest", "modality=CT")
    lines = run().out.splitlines()
    assert len(lines) == 6
    assert [line for line in lines if len(line) > 80] == []
    assert lines[1] == "  1 case, 0 closed, 0 without anything due"
    assert lines[3] == "  Longest: LMS-0001-3 rehabilitation review, 223 days, due by 15 Apr 2026"
    assert lines[4].endswith("0 of them yours; 1 result waiting, 1 call promised")
    assert "lmstrack worklist" in lines[5]
