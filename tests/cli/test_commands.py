from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

OBLIGATION = "case course strand occurrence state days_overdue counts_from due_from due_by last_done phase plan"
OVERLAYS = "provisional catch_up booked_for stage navigator next_action rule source"
ROW_KEYS = [*OBLIGATION.split(), *OVERLAYS.split()]
NAMES = ["name", "born", "identifiers"]
STATES = ["overdue", "overdue_booked", "due", "upcoming", "excused", "suspended", "undetermined"]
TOTALS = ["in_scope", *STATES, "cases"]


def test_the_overdue_list_has_exactly_the_promised_keys_and_adds_up(run: Run, followed: str) -> None:
    told = run("overdue", "--format", "json").json()
    assert list(told) == ["schema", "as_of", "known_at", "workflow", "rows", "totals"]
    assert [list(row) for row in told["rows"]] == [ROW_KEYS + NAMES] * len(told["rows"])
    assert list(told["totals"]) == TOTALS
    assert list(told["totals"]["cases"]) == ["total", "with_obligation", "without_obligation", "excluded"]
    assert told["totals"]["in_scope"] == sum(told["totals"][key] for key in TOTALS[1:-1])
    late = {row["strand"]: row for row in told["rows"]}
    assert (late["clinic_review"]["due_by"], late["clinic_review"]["days_overdue"]) == ("2026-05-15", 193)
    assert late["clinic_review"]["name"] == "Ann Example"


def test_without_names_a_row_has_none(run: Run, followed: str) -> None:
    told = run("--no-names", "overdue", "--format", "json")
    assert [list(row) for row in told.json()["rows"]] == [ROW_KEYS] * len(told.json()["rows"])
    assert "Ann" not in told.out + told.err


def test_due_today_is_not_overdue_and_the_day_after_is(run: Run, followed: str) -> None:
    assert "clinic_review" not in run("overdue", "--as-of", "2026-05-15").out
    assert "clinic_review" in run("overdue", "--as-of", "2026-05-16").out


def test_cron_is_told_by_the_exit_code(run: Run, followed: str, case: str) -> None:
    assert run("overdue", "--fail-if-any").code == 10
    assert run("overdue", "--fail-if-any", "--as-of", "2026-02-01").code == 0
    assert run("overdue", "--fail-if-any", "--navigator", "nobody").code == 0


def test_what_was_not_yet_known_is_left_out(run: Run, followed: str) -> None:
    told = run("overdue", "--known-at", "2020-01-01", "--format", "json").json()
    assert told["rows"] == []
    assert told["known_at"].startswith("2020-01-01T23:59:59")
    again = run("overdue", "--known-at", told["known_at"], "--format", "json").json()
    assert again["known_at"] == told["known_at"]


def test_an_empty_list_says_what_to_do_next(run: Run, home: Path) -> None:
    run("init")
    answer = run("overdue", "--format", "table")
    assert "lmstrack case add" in answer.out
    assert "0 = 0 overdue + 0 due + 0 upcoming" in answer.out


def test_a_list_that_does_not_add_up_fails(run: Run, followed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lmstrack.lists.Totals.add_up", property(lambda _: False))
    answer = run("overdue")
    assert answer.code == 10
    assert "do not add up" in answer.err


def test_on_a_pipe_a_record_is_a_line_and_the_counts_are_on_the_side(run: Run, followed: str) -> None:
    answer = run("overdue")
    heading, *lines = answer.out.splitlines()
    assert heading.split("\t") == ROW_KEYS + NAMES
    assert all(line.count("\t") == len(ROW_KEYS + NAMES) - 1 for line in lines)
    assert " overdue + " in answer.err


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "ndjson", "md", "html", "txt"])
def test_the_same_database_and_day_give_the_same_bytes(run: Run, followed: str, home: Path, form: str) -> None:
    files = [home / f"{name}.{form}" for name in ("a", "b")]
    for file in files:
        assert run("overdue", "-o", str(file)).code == 0
    first, second = (file.read_bytes() for file in files)
    assert first == second
    assert (b"clinic review" if form in {"md", "html", "txt"} else b"clinic_review") in first


def test_csv_is_what_a_spreadsheet_wants_and_says_beside_it_what_it_stands_on(
    run: Run, followed: str, home: Path
) -> None:
    file = home / "late.csv"
    run("overdue", "-o", str(file))
    whole = file.read_bytes()
    assert whole.startswith(b"\xef\xbb\xbf")
    assert whole.count(b"\n") == whole.count(b"\r\n")
    rows = list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"))))
    assert list(rows[0]) == ROW_KEYS + NAMES
    beside = json.loads((home / "late.csv.meta.json").read_text(encoding="utf-8"))
    assert beside["schema"] == "lmstrack.overdue/1"
    assert beside["protocol_gaps"]
    assert beside["audit_head"]
    assert run("overdue", "--format", "csv").out == whole.decode()


def test_a_name_that_is_a_formula_stays_a_name(run: Run, home: Path) -> None:
    run("case", "add", "--name", '=HYPERLINK("http://x")', "--born", "1961")
    run("case", "add", "--name", "'quoted")
    file = home / "cases.csv"
    run("case", "list", "-o", str(file))
    told = [row["name"] for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))]
    assert told == ['\'=HYPERLINK("http://x")', "''quoted"]


def test_a_file_that_cannot_be_written_is_told(run: Run, followed: str, home: Path) -> None:
    answer = run("overdue", "-o", str(home / "no" / "such" / "x.csv"))
    assert answer.code == 9
    assert len(answer.err.splitlines()) <= 6


def test_the_page_of_a_case_says_where_it_stands(run: Run, followed: str) -> None:
    answer = run("show", "1", "--format", "table")
    assert answer.code == 0
    for said in ("surveillance", "Ann Example", "4 Mar 1961", "overdue by 193 days", "extremity"):
        assert said in answer.out
    assert all(len(line) <= 80 for line in answer.out.splitlines())
    pairs = dict(line.split("\t") for line in run("show", "1").out.splitlines())
    assert pairs["state"] == "surveillance"


def test_show_tells_the_state_at_the_top_of_the_json(run: Run, followed: str) -> None:
    told = run("show", followed, "--format", "json").json()
    assert told["state"] == "surveillance"
    assert told["facts"]["grade"] == 3
    assert {row["strand"] for row in told["rows"]} >= {"clinic_review", "chest_imaging"}


def test_why_names_each_rule_with_its_answer_and_source(run: Run, referred: str) -> None:
    told = run("why", referred, "biopsy", "--format", "json").json()
    answers = {row["rule"]: row["answer"] for row in told["rows"]}
    assert answers["LMS-DX-01"] == "not met"
    assert all(row["source"] for row in told["rows"])
    assert run("why", referred, "nonsense").code == 7
    page = run("why", referred, "biopsy", "--format", "table").out
    assert "LMS-DX-01  not met, mandatory" in page
    assert "asked: biopsy, which leads to biopsy." in " ".join(page.split())


def test_why_tells_the_rhythm_behind_a_window(run: Run, followed: str) -> None:
    told = run("why", followed, "clinic_review", "--format", "table")
    assert "every 3-4 months in phase 1" in told.out
    assert all(len(line) <= 80 for line in told.out.splitlines())
    [window] = run("why", followed, "clinic_review", "--format", "json").json()["obligations"]
    assert (window["state"], window["every"], window["due_by"]) == ("overdue", "3-4 months", "2026-05-15")
    assert run("why", followed, "clinic_review").out.splitlines()[0].startswith("strand\t")


def test_next_says_what_leads_on_and_what_stands_in_the_way(run: Run, referred: str) -> None:
    rows = {row["kind"]: row for row in run("next", referred, "--format", "json").json()["rows"]}
    assert (rows["imaging"]["to"], rows["imaging"]["ready"]) == ("imaging", "depends")  # on the region
    assert rows["surgery"]["ready"] == "no"
    assert "LMS-MD-01" in rows["surgery"]["not_met"]


def test_a_case_is_added_found_listed_and_edited(run: Run, home: Path) -> None:
    answer = run("case", "add", "--name", "Ann Example", "--born", "1961-03", "--sex", "female", "--id", "mrn=007")
    assert answer.out.startswith("LMS-0001-3 Ann Example, born 1961-03: opened.")
    assert "Made a new, empty database" in answer.err
    assert run("case", "add", "--name", "Other", "--id", "mrn=007").code == 6
    assert "LMS-0001-3" in run("case", "add", "--name", "Other", "--id", "mrn=007").err
    [row] = run("case", "find", "007", "--format", "json").json()["rows"]
    assert (row["case"], row["identifiers"], row["state"]) == ("LMS-0001-3", {"mrn": "007"}, "presentation")
    assert run("case", "find", "nobody").code == 7
    edited = run("case", "edit", "LMS-0001-3", "--born", "1961-03-14", "--id", "mrn=", "--id", "nhs=12")
    assert edited.out == "LMS-0001-3 Ann Example, born 14 Mar 1961: changed born, identifiers.\n"
    [row] = run("case", "list", "--format", "json").json()["rows"]
    assert row["identifiers"] == {"nhs": "12"}
    assert run("case", "list", "--state", "closed", "--format", "json").json()["rows"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("add",), 2),
        (("add", "--id", "mrn"), 2),
        (("add", "--name", "A", "--born", "2027-01-01"), 4),
        (("add", "--name", "A", "--born", "31 Feb 1961"), 4),
        (("add", "--name", "A", "--sex", "perhaps"), 4),
        (("edit", "LMS-0001-3"), 2),
        (("edit", "1", "--name", "B"), 7),
        (("list", "--state", "nonsense"), 2),
    ],
)
def test_a_person_who_cannot_be_read_is_not_written(run: Run, case: str, words: tuple[str, ...], code: int) -> None:
    assert run("case", *words).code in {code, 5 if "2027-01-01" in words else code}


def test_a_case_of_which_nothing_is_recorded_is_on_the_list(run: Run, case: str) -> None:
    assert [row["case"] for row in run("case", "list", "--format", "json").json()["rows"]] == [case]


def test_the_nominal_schedule_is_that_of_the_rulebook(run: Run, home: Path) -> None:
    told = run(
        "calc",
        "schedule",
        "site_group=extremity",
        "grade=3",
        "anchor=2026-01-31",
        "until=2036-01-31",
        "--format",
        "json",
    ).json()
    visits = [row for row in told["rows"] if row["strand"] == "clinic_review"]
    assert len(visits) == 21
    assert [row["on"] for row in visits[:3]] == ["2026-04-30", "2026-07-31", "2026-10-31"]
    assert visits[11]["on"] == "2029-01-31"
    assert visits[12]["on"] == "2029-07-31"
    assert told["totals"]["clinic_review"] == 21
    assert (told["plan"], told["provisional"]) == ("high_grade", False)


def test_a_schedule_without_the_grade_is_the_strictest_and_provisional(run: Run, home: Path) -> None:
    told = run("calc", "schedule", "site_group=extremity", "anchor=2026-01-31", "--format", "json").json()
    assert (told["plan"], told["provisional"], told["missing"]) == ("high_grade", True, ["schedule_grade"])
    assert told["until"] == "2031-01-31"


@pytest.mark.parametrize(
    "words",
    [
        ("site_group=extremity",),
        ("anchor=2026-01-31", "site_group=knee"),
        ("anchor=2026-01-31", "grade=9"),
        ("anchor=2026-01-31", "colour=red"),
        ("anchor=soon",),
        ("anchor=2026-01-31", "disease=maybe"),
    ],
)
def test_a_calculator_refuses_what_it_cannot_read(run: Run, home: Path, words: tuple[str, ...]) -> None:
    assert run("calc", "schedule", *words).code == 4


def test_rules_gaps_and_workflows_are_listed_without_a_database(run: Run, home: Path) -> None:
    rules = run("rules", "list", "--format", "json").json()
    assert sum(rules["totals"].values()) == len(rules["rows"])
    assert "imaging_on_record" in run("rules", "show", "lms-dx-01").out
    assert run("rules", "show", "LMS-XX-99").code == 7
    assert {"P1", "P10"} <= {row["gap"] for row in run("rules", "gaps", "--format", "json").json()["rows"]}
    assert "leiomyosarcoma-2026.1" in run("workflow", "list").out
    assert run("workflow", "show", "nonsense").code == 7
    assert "stateDiagram" in run("workflow", "diagram").out
    assert run("workflow", "check").code == 0


def test_a_workflow_shows_rhythms_and_rules_on_a_terminal_too(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    told = run("workflow", "show", "--format", "table").out
    assert "LMS-DX-01" in told
    assert "every 3-4 months" in told


def test_a_workflow_with_faults_names_each_and_ends_in_10(run: Run, home: Path) -> None:
    file = home / "mine.yaml"
    file.write_text("workflow: {name: x}\n", encoding="utf-8")
    answer = run("workflow", "check", str(file))
    assert answer.code == 10
    assert "faults" in answer.out
    assert run("workflow", "check", str(file), "--format", "json").json()["files"][0]["faults"]


@pytest.mark.parametrize("form", ["table", "list", "md"])
@pytest.mark.parametrize(
    "words",
    [("rules", "list"), ("rules", "gaps"), ("workflow", "show"), ("config", "show"), ("case", "list")],
)
def test_no_table_is_wider_than_the_terminal(
    run: Run, case: str, monkeypatch: pytest.MonkeyPatch, form: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    told = run(*words, "--format", form)
    assert told.code == 0
    if form == "table":
        assert [line for line in told.out.splitlines() if len(line) > 60] == []


def test_a_database_is_made_once(run: Run, home: Path) -> None:
    assert run("init", "--zone", "Europe/Berlin").out.startswith(f"Made {home / 'ward.db'}, zone Europe/Berlin")
    assert run("init").code == 6
    assert (home / "ward.db").stat().st_mode & 0o777 == 0o600
    assert run("init", "--db", str(home / "b.db"), "--zone", "Nowhere/Town").code == 4


def test_the_doctor_and_the_audit_find_nothing_in_a_sound_database(run: Run, followed: str) -> None:
    assert run("doctor").code == 0
    assert run("audit", "verify").code == 0
    assert run("audit", "head").out.strip() in run("audit", "verify").out


def test_what_is_wrong_ends_in_10(run: Run, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lmstrack.tracker.Tracker.doctor", lambda _, **_asked: ("LMS-0001-3: differs",))
    monkeypatch.setattr("lmstrack.store.Store.chain_faults", lambda _: ["LMS-0001-3, line 1: changed"])
    assert run("doctor").code == 10
    assert run("audit", "verify").code == 10


def test_a_backup_is_restored_with_a_yes_only(run: Run, followed: str, home: Path) -> None:
    copy = home / "copy.db"
    assert run("backup", str(copy)).code == 0
    assert run("backup", str(copy)).code == 6
    assert run("restore", str(copy)).code == 2
    head = run("audit", "head").out
    run("record", followed, "visit", "components=history")
    assert run("restore", str(copy), "--confirm", "ward.db").code == 0
    assert run("audit", "head").out == head
    assert (home / "ward.db.before-restore").exists()


def test_everything_that_was_recorded_can_be_written_out(run: Run, followed: str, home: Path) -> None:
    lines = [json.loads(line) for line in run("export", "events").out.splitlines()]
    assert [line["kind"] for line in lines[:2]] == ["person", "referral"]
    file = home / "events.ndjson"
    assert run("export", "events", "-o", str(file)).code == 0
    assert len(file.read_text(encoding="utf-8").splitlines()) == len(lines)
    assert run("export", "events", "--no-names").code == 2
    assert [run("export", "events", "--format", form).code for form in ("csv", "json")] == [2, 2]


def test_every_obligation_is_written_out_in_every_state(run: Run, followed: str) -> None:
    run("record", followed, "visit", "components=history,examination", "mode=in_person", "--on", "2026-05-10")
    told = run("export", "obligations", "--format", "json").json()
    assert [list(row) for row in told["rows"]] == [ROW_KEYS + NAMES] * len(told["rows"])
    assert {"fulfilled", "overdue"} <= {row["state"] for row in told["rows"]}


def test_the_demo_needs_nothing_and_touches_nothing(run: Run, home: Path) -> None:
    answer = run("demo", str(home / "demo"), "--format", "table")
    assert answer.code == 0
    assert "Try next:" in answer.out
    assert (home / "demo" / "demo.db").exists()
    assert not (home / "ward.db").exists()
    assert run("demo", str(home / "demo")).code == 6


def test_what_looks_odd_is_listed_and_is_no_fault(run: Run, referred: str) -> None:
    for _ in range(2):
        assert run("record", referred, "visit", "components=history", "--on", "2026-11-10").code == 0
    answer = run("doctor", "--format", "json")
    assert answer.code == 0
    assert answer.json()["rows"] == [
        {"finding": f"{referred}: lines 2 and 3 say the same of 10 Nov 2026 (visit: history)", "fault": False}
    ]
    assert answer.json()["totals"] == {"cases": 1, "findings": 0, "odd": 1}
    assert "1 entry that may be a slip" in run("doctor", "--format", "table").out


def test_a_birth_after_what_is_on_record_is_refused(run: Run, referred: str) -> None:
    answer = run("case", "edit", referred, "--born", "2026-11-02")
    assert answer.code == 5
    assert "referral" in answer.err
    assert run("case", "edit", referred, "--born", "2027-01-01").code == 5
    assert run("case", "list", "--format", "json").json()["rows"][0]["born"] == "1961-03-04"


def test_lists_that_differ_from_the_log_are_found_and_written_anew(run: Run, followed: str, home: Path) -> None:
    before = run("overdue", "--format", "json").out
    with closing(sqlite3.connect(home / "ward.db")) as database:
        database.execute("UPDATE obligation_open SET due_by = '2030-01-01' WHERE strand = 'clinic_review'")
        database.commit()
    assert run("overdue", "--format", "json").out != before
    assert run("doctor").code == 10
    mended = run("doctor", "--repair", "--format", "table")
    assert mended.code == 10
    assert "written anew" in mended.out
    assert run("doctor").code == 0
    assert run("overdue", "--format", "json").out == before
