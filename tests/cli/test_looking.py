"""What a nurse sees who looks at a patient: whom, as of when, and in which words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lmstrack.cli.commands import COMMANDS
from lmstrack.lists import IN_STATE

from .test_documents import held

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run


@pytest.mark.parametrize("form", ["table", "list", "tsv", "csv", "json", "ndjson", "md", "html"])
def test_a_page_without_names_shows_neither_name_birth_date_nor_identifier(run: Run, followed: str, form: str) -> None:
    assert run("case", "edit", followed, "--id", "mrn=0012345678").code == 0
    for words in (("show", followed), ("timeline", followed), ("next", followed), ("case", "list"), ("overdue",)):
        answer = run(*words, "--no-names", "--format", form)
        assert answer.code == 0
        for secret in ("Ann", "Example", "1961", "0012345678"):
            assert secret not in answer.out, words


def test_a_line_that_is_not_there_cannot_be_corrected(run: Run, referred: str) -> None:
    before = run("audit", "head").out
    for said in (
        ("size_mm=70",),
        ("--on", "2026-11-03"),
        ("imaging", "region=chest"),
        ("size_mm=7", "--nature=refined"),
    ):
        answer = run("event", "correct", referred, "9", *said, "--because", "remeasured")
        assert answer.code == 5, answer.err
        assert "9" in answer.err
    assert run("audit", "head").out == before


def test_a_page_says_as_of_when_it_looks_and_counts_days_from_then(run: Run, followed: str) -> None:
    told = dict(
        line.split(": ", 1) for line in run("show", "1", "--format", "list", "--as-of", "2026-02-01").out.splitlines()
    )
    assert told["as of"] == "1 Feb 2026"
    assert told["since"].startswith("Tue 20 Jan 2026 (12 days ago), by treatment completed")
    assert "as of" not in run("show", "1", "--format", "list").out
    known = run("show", "1", "--format", "list", "--known-at", "2026-11-23").out
    assert "as known on: 23 Nov 2026\n" in known


def test_a_page_is_read_out_line_by_line_in_words(run: Run, followed: str) -> None:
    lines = run("show", "1", "--format", "list").out.splitlines()
    assert lines[:3] == ["case: LMS-0001-3", "name: Ann Example", "born: 4 Mar 1961"]
    assert "size: 80 mm" in lines
    assert "resection class: R0" in lines
    assert any(line.startswith("due, clinic review: overdue by 193 days") for line in lines)
    assert "clinic_review" not in run("show", "1", "--format", "table").out
    assert "due: clinic_review\t" in run("show", "1").out


def test_a_rule_that_several_entries_break_in_one_way_stands_on_the_page_once(
    run: Run, referred: str, home: Path
) -> None:
    rows = [
        {"case": "E-1", "on": "2020-01-01", "kind": "referral", "site_group": "extremity"},
        {"case": "E-1", "on": "2020-01-15", "kind": "staging", "m": "1"},
        *(
            {"case": "E-1", "on": f"2020-0{month}-01", "kind": "systemic", "regimen": ["gemcitabine"]}
            for month in (2, 3, 4)
        ),
    ]
    file = home / "old.ndjson"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    assert run("import", str(file), "--source", "old", "--as-history", "--commit").code == 0
    lines = run("show", "LMS-0002-1", "--format", "list").out.splitlines()
    assert len([line for line in lines if line.startswith("not met, LMS-MD-01: lines 3, 4 and 5: ")]) == 1
    [asked] = [line for line in lines if "Which line of treatment" in line]
    assert asked.endswith("The same for lines 4 and 5.")


@pytest.mark.parametrize("typed", ["clinic_review", "clinic review", "Clinic Review"])
def test_a_strand_is_asked_for_as_the_list_shows_it(run: Run, followed: str, typed: str) -> None:
    assert "every 3-4 months in phase 1" in run("why", followed, typed, "--format", "table").out


def test_what_cannot_be_explained_names_what_is_near(run: Run, followed: str) -> None:
    answer = run("why", followed, "chest")
    assert answer.code == 7
    assert "Did you mean chest_imaging" in answer.err
    assert len(answer.err.splitlines()) <= 7


@pytest.mark.parametrize("typed", ["mrn=0012345678", "0012345678", "MRN=0012345678"])
def test_a_case_is_found_by_an_identifier_as_it_was_given(run: Run, case: str, typed: str) -> None:
    run("case", "edit", case, "--id", "mrn=0012345678")
    assert [row["case"] for row in run("case", "find", typed, "--format", "json").json()["rows"]] == [case]
    assert run("case", "find", "nhs=0012345678").code == 7


def test_a_number_does_for_looking_and_not_for_writing(run: Run, case: str) -> None:
    answer = run("record", "1", "referral")
    assert answer.code == 7
    assert "the whole id" in answer.err


def test_alone_it_counts_one_case_as_one(run: Run, followed: str) -> None:
    assert run().out.splitlines()[1].startswith("  1 case, 0 closed")


def test_who_has_nothing_due_is_listed_by_name(run: Run, case: str) -> None:
    assert "Those without one: lmstrack case list --without-obligation" in run("overdue", "--format", "table").out
    rows = run("case", "list", "--without-obligation", "--format", "json").json()["rows"]
    assert [row["case"] for row in rows] == [case]


def test_who_is_referred_is_on_the_list_of_clocks(run: Run, referred: str) -> None:
    assert run("case", "list", "--without-obligation", "--format", "json").json()["rows"] == []
    assert run("overdue", "--format", "json").json()["rows"] == []
    late = run("overdue", "--group", "pathway", "--fail-if-any", "--format", "json")
    assert late.code == 10
    assert [(row["case"], row["strand"]) for row in late.json()["rows"]] == [(referred, "imaging_after_referral")]
    assert run("overdue", "--group", "pathwy").code == 4
    assert "LMS-OP-12" in run("why", referred, "imaging_after_referral").out
    assert "imaging_after_referral" in run("show", referred).out


def test_a_window_that_ends_on_a_saturday_suggests_the_friday_and_stays(run: Run, case: str) -> None:
    run("record", case, "referral", "site_group=extremity", "--on", "2025-12-01")
    run("record", case, "pathology", "specimen=biopsy", "grade=3", "--on", "2025-12-20")
    run("record", case, "surgery", "operation=other", "emergency=true", "--on", "2026-01-30")
    run("record", case, "treatment_completed", "next=surveillance", "--on", "2026-01-30")
    page = run("show", case, "--format", "list", "--as-of", "2026-05-29").out
    assert "due, clinic review: due, 30 Apr 2026 to 30 May 2026, book by Fri 29 May 2026\n" in page
    (window,) = (
        each
        for each in run("why", case, "clinic_review", "--as-of", "2026-05-29", "--format", "json").json()["obligations"]
    )
    assert (window["due_by"], window["book_by"]) == ("2026-05-30", "2026-05-29")
    said = run("why", case, "clinic_review", "--as-of", "2026-05-29", "--format", "table").out
    assert "book by Fri 29 May 2026, the last working day of the window" in said
    assert "book by" not in run("show", case, "--format", "list", "--as-of", "2026-05-31").out


def test_a_window_that_ends_on_a_holiday_of_the_site_suggests_the_working_day_before(
    run: Run, case: str, home: Path
) -> None:
    run("record", case, "referral", "site_group=extremity", "--on", "2025-12-01")
    run("record", case, "pathology", "specimen=biopsy", "grade=3", "--on", "2025-12-20")
    run("record", case, "surgery", "operation=other", "emergency=true", "--on", "2026-08-25")
    run("record", case, "treatment_completed", "next=surveillance", "--on", "2026-08-25")
    clinic = "due, clinic review: upcoming, 25 Nov 2026 to 25 Dec 2026"
    assert f"{clinic}\n" in run("show", case, "--format", "list").out
    file = home / "config" / "lmstrack" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("[dates]\nholidays = [2026-12-25, 2026-12-26]\n", encoding="utf-8")
    assert f"{clinic}, book by Thu 24 Dec 2026\n" in run("show", case, "--format", "list").out
    file.write_text('[dates]\nholidays = ["Christmas"]\n', encoding="utf-8")
    answer = run("show", case)
    assert (answer.code, "2026-12-25" in answer.err) == (4, True)


def test_every_list_and_every_look_at_a_case_takes_a_day_and_what_was_known_then() -> None:
    asked = ("overdue", "show", "why", "next", "timeline", "case list", "export obligations", "calc stage", "calc figo")
    for words in asked:
        assert {"--as-of=", "--known-at="} <= set(COMMANDS[words].options), words


def test_a_case_is_looked_at_as_of_a_day(run: Run, followed: str) -> None:
    assert run("next", "1", "--as-of", "2025-11-12", "--format", "json").json()["state"] == "biopsy"
    rows = run("timeline", "1", "--as-of", "2025-11-12", "--format", "json").json()["rows"]
    assert [row["kind"] for row in rows] == ["referral", "imaging", "biopsy"]
    listed = run("case", "list", "--as-of", "2025-11-12", "--format", "json").json()
    assert (listed["as_of"], listed["rows"][0]["state"], listed["rows"][0]["lines"]) == ("2025-11-12", "biopsy", 3)
    assert (
        run("calc", "stage", "--case", "1", "--as-of", "2025-11-12", "--format", "json").json()["stage_group"] is None
    )
    assert run("calc", "stage", "--case", "1", "--format", "json").json()["stage_group"] is not None


def test_nothing_is_known_of_a_patient_before_the_first_entry(run: Run, followed: str) -> None:
    page = run("show", "1", "--known-at", "2020-01-01", "--format", "json").json()
    assert (page["name"], page["state"], page["last_line"], page["rows"]) == (None, "presentation", 0, [])
    assert run("show", "1", "--format", "json").json()["name"] == "Ann Example"
    assert run("timeline", "1", "--known-at", "2020-01-01", "--format", "json").json()["rows"] == []
    assert run("case", "list", "--known-at", "2020-01-01", "--format", "json").json()["rows"] == []


def test_a_day_is_for_calculations_about_a_case_only(run: Run) -> None:
    answer = run("calc", "stage", "--as-of", "2025-11-12", "site_group=extremity")
    assert (answer.code, "--case" in answer.err) == (2, True)


# ---- what the counts below the list are made of


def test_who_declined_for_good_is_listed_with_the_day_and_when_to_ask_again(run: Run, followed: str) -> None:
    said = ("strand=chest_imaging", "reason=declined", "standing=true", "review_on=2026-12-01")
    assert run("record", followed, "excuse", *said, "--on", "2026-11-20").code == 0
    assert run("record", followed, "excuse", "strand=clinic_review", "reason=not_appropriate", *said[2:]).code == 0
    assert "Those declined for good: lmstrack overdue --state declined" in run("overdue").err
    told = run("overdue", "--state", "Declined", "--format", "json").json()
    held("in_state", told)
    assert told["state"] == "declined"
    (row,) = told["rows"]
    assert (row["strand"], row["since"], row["because"], row["review_on"], row["name"]) == (
        "chest_imaging",
        "2026-11-20",
        "declined for good",
        "2026-12-01",
        "Ann Example",
    )
    excused = run("overdue", "--state", "excused", "--format", "json").json()
    assert {each["strand"]: each["because"] for each in excused["rows"]} == {
        "chest_imaging": "declined for good",
        "clinic_review": "not appropriate for good",
    }
    later = run("overdue", "--state", "declined", "--as-of", "2026-12-01")
    assert "1 to be asked again by now." in later.err
    table = run("overdue", "--state", "declined", "--format", "table").out
    assert f"{followed}  Ann Example" in table
    assert "2026-11-20" in table
    assert run("record", followed, "resume", "strand=chest_imaging").code == 0
    assert run("overdue", "--state", "declined").err.startswith("Today")
    assert "Nothing is declined for good as of 24 Nov 2026." in run("overdue", "--state", "declined").err


@pytest.mark.parametrize("state", IN_STATE)
def test_every_count_below_the_list_can_be_listed(run: Run, followed: str, home: Path, state: str) -> None:
    assert run("record", followed, "suspend", "strand=local_imaging", "review_on=2027-01-04").code == 0
    excuse = ("strand=clinic_review", "reason=declined", "standing=true", "review_on=2027-01-04")
    assert run("record", followed, "excuse", *excuse).code == 0
    told = run("overdue", "--state", state, "--group", "all", "--format", "json").json()
    held("overdue" if state == "overdue" else "in_state", told)
    for form in ("xlsx", "html", "ics", "csv"):
        assert run("overdue", "--state", state, "-o", str(home / f"x.{form}")).code == 0
    assert len(told["rows"]) == (told["totals"][state] if state != "declined" else 1)
    assert run("overdue", "--state", state, "--no-names").out.count("Example") == 0


def test_a_state_that_there_is_none_of_is_refused_with_those_that_there_are(run: Run, followed: str) -> None:
    answer = run("overdue", "--state", "excuse")
    assert answer.code == 4
    assert "due, upcoming, excused, declined, suspended, undetermined; did you mean 'excused'?" in answer.err


# ---- what was mistyped


@pytest.mark.parametrize("words", [("overdue",), ("overdue", "--state", "due"), ("worklist", "--no-questions")])
def test_a_navigator_whom_no_case_is_given_to_is_told_with_those_who_have_some(
    run: Run, followed: str, words: tuple[str, ...]
) -> None:
    assert "No case is given to anybody yet: lmstrack case assign" in run(*words, "--navigator", "jw").err
    assert run("case", "assign", followed, "jane_w").code == 0
    answer = run(*words, "--navigator", "jane_v")
    assert answer.code == 0
    assert "No case is given to jane_v for good; did you mean 'jane_w'? Navigators who have cases: jane_w" in answer.err
    assert "is given to" not in run(*words, "--navigator", "jane_w").err
    assert "is given to" not in run(*words, "--navigator", "jane_w", "--as-of", "2026-11-24").err


def test_a_word_that_is_no_field_of_a_line_is_answered_with_those_that_are(run: Run, followed: str) -> None:
    answer = run("event", "correct", followed, "2", "outcom", "--because", "x")
    assert answer.code == 4
    assert "'outcom' is no kind of record, and no FIELD=VALUE; did you mean 'outcome'?" in answer.err
    assert "Line 2 is of kind imaging: lmstrack help imaging names its fields." in answer.err
    answer = run("event", "correct", followed, "2", "nosuchfield=1", "--because", "x")
    assert answer.code == 4
    assert "imaging has no field 'nosuchfield'; lmstrack help imaging names its fields." in answer.err
