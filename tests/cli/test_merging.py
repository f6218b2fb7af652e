"""Corrections across cases as they are typed: moved, merged, taken apart, assigned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.test_documents import held

if TYPE_CHECKING:
    from tests.cli.conftest import Run

BECAUSE = ("--because", "same patient")


@pytest.fixture
def twice(run: Run, followed: str) -> tuple[str, str]:
    """A patient who is followed, and the same one again, who was seen there last week."""
    who = ("--name", "Ann Exampel", "--born", "1961-03-04", "--id", "nhs=9434765919")
    other = str(run("case", "add", *who, "--format", "json").json()["case"])
    assert run("record", other, "referral", "site_group=extremity", "--on", "2026-11-02").code == 0
    assert run("record", other, "visit", "components=history,examination", "--on", "2026-11-20").code == 0
    return followed, other


def test_a_merge_wants_the_other_case_once_more(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    answer = run("case", "merge", one, other, *BECAUSE)
    assert (answer.code, answer.out) == (2, "")
    assert f"if you mean it: --confirm {other}" in answer.err
    assert run("case", "merge", one, other, *BECAUSE, "--confirm", one).code == 2
    assert run("case", "merge", one, other, "--confirm", other).code == 2
    assert "the reason is missing" in run("case", "merge", one, other, "--confirm", other).err
    assert run("show", other).code == 0


def test_a_merge_tells_what_it_changes_and_how_to_undo_it(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    would = run("case", "merge", one, other, *BECAUSE, "--dry-run")
    assert "Nothing was written." in would.out
    answer = run("case", "merge", one, other, *BECAUSE, "--confirm", other)
    assert answer.code == 0
    assert f"recorded {other} is the same patient, Tue 24 Nov 2026 (today)" in answer.out
    assert f"by line 2 of {other}; counted from" in answer.out
    assert f"The two differ in name; what {one} says counts." in answer.err
    assert "Ann Exampel" not in answer.err
    line = answer.out.split(f"Undo: lmstrack undo {one} ")[1].split()[0]
    assert run("undo", one, line).code == 0
    assert run("show", other).code == 0


def test_a_list_of_cases_counts_a_merged_one_apart(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    run("case", "merge", one, other, *BECAUSE, "--confirm", other)
    listed = run("case", "list", "--format", "json").json()
    assert (listed["totals"]["cases"], listed["totals"]["states"]["merged"]) == (2, 1)
    assert sum(listed["totals"]["states"].values()) == 2


def test_a_merge_and_its_end_tell_what_becomes_of_the_other_case(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    merged = run("case", "merge", one, other, *BECAUSE, "--confirm", other)
    assert f"\n{other} Ann Exampel, born 4 Mar 1961: leaves the lists; {one} tells of the patient.\n" in merged.out
    assert "becomes nothing (the case is closed: merged)." in merged.out
    apart = run("case", "unmerge", one, other, "--because", "sisters")
    assert f"\n{other} Ann Exampel, born 4 Mar 1961: is on the lists again.\n" in apart.out
    again = run("undo", one, "--format", "json").json()
    assert [(each["case"], each["line"], each["kind"]) for each in again["elsewhere"]] == [(other, None, "correct")]
    assert {change["after"] for change in again["elsewhere"][0]["changes"]["due"]} == {None}


def test_looking_at_a_merged_case_says_where_to_look(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    assert run("case", "merge", one, other, *BECAUSE, "--confirm", other).code == 0
    for words in (("show", other), ("why", other), ("next", other)):
        answer = run(*words)
        assert (answer.code, answer.out) == (7, "")
        assert f"it was merged into {one}" in answer.err
        assert f"lmstrack {words[0]} {one}" in answer.err
    entry = run("record", other, "visit", "components=history")
    assert (entry.code, entry.out) == (6, "")
    assert f"Enter it there: lmstrack record {one} visit" in entry.err
    assert run("show", other, "--as-of", "2026-11-23").code == 0
    own = run("timeline", other, "--format", "json").json()
    assert [(row["case"], row["line"]) for row in own["rows"]] == [(other, 1), (other, 2)]
    found = run("case", "find", "9434765919", "--format", "json").json()
    assert [row["case"] for row in found["rows"]] == [one]


def test_what_both_cases_tell_is_told_once_and_nothing_is_called_withdrawn(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    assert run("record", one, "visit", "components=history,examination", "--on", "2026-11-20").code == 0
    assert run("case", "merge", one, other, *BECAUSE, "--confirm", other).code == 0
    rows = run("timeline", one, "--format", "json").json()["rows"]
    alike = [(row["case"], row["what"], row["stands"]) for row in rows if row["on"] == "2026-11-20"]
    assert alike == [
        (one, "visit: history and examination", True),
        (other, "told already: visit: history and examination", False),
    ]


def test_the_case_that_goes_on_tells_the_lines_of_both(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    assert run("case", "merge", one, other, *BECAUSE, "--confirm", other).code == 0
    assert f"{other}:2 " in run("timeline", one, "--format", "table").out
    held("timeline", run("timeline", one, "--format", "json").json())
    held("show", run("show", one, "--format", "json").json())
    corrected = run("event", "correct", one, f"{other}:2", "--on", "2026-11-21", "--because", "a day later")
    assert corrected.code == 0
    assert f"Undo: lmstrack undo {other} 3" in corrected.out
    assert run("undo", one, f"{other}:3").code == 0
    excused = run("record", one, "excuse", "strand=clinic_review", "reason=declined", f"occurrence={other}:2")
    assert excused.code == 0
    assert run("doctor").code == 0
    listed = run("case", "list", "--format", "json").json()
    assert {row["case"]: row["left"] for row in listed["rows"]} == {one: None, other: "merged"}


@pytest.mark.parametrize("line", ["0", "-1", "x", "1.5", "LMS-0002-1:x", "12345678"])
def test_what_is_no_line_is_refused_without_a_trace(run: Run, followed: str, line: str) -> None:
    for words in (("undo", followed, "--", line), ("event", "move", followed, "--because", "x", "--", line, followed)):
        answer = run(*words)
        assert answer.code == 2
        assert "Traceback" not in answer.err


def test_a_line_of_a_case_that_is_not_merged_is_not_touched(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    answer = run("undo", one, f"{other}:1")
    assert answer.code == 7
    assert f"{other} is not merged into {one}" in answer.err
    assert run("undo", one, "LMS-0002-2:1").code == 7


def test_a_merge_is_taken_back_by_its_own_command(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    assert run("case", "unmerge", one, other, "--because", "sisters").code == 7
    assert run("case", "merge", one, other, *BECAUSE, "--confirm", other).code == 0
    assert run("case", "merge", one, other, *BECAUSE, "--confirm", other).code == 6
    assert run("case", "merge", one, one, *BECAUSE, "--confirm", one).code == 5
    answer = run("case", "unmerge", one, other, "--because", "sisters")
    assert answer.code == 0
    assert f"{other} is another patient after all" in answer.out
    assert run("show", other).code == 0


def test_an_entry_is_moved_to_the_patient_it_is_about(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    assert run("event", "move", other, "2", one).code == 2
    answer = run("event", "move", other, "2", one, "--because", "wrong patient")
    assert answer.code == 0
    assert f"{other} Ann Exampel, born 4 Mar 1961: recorded line 2 moved to {one}" in answer.out
    assert f"\n{one} Ann Example, born 4 Mar 1961: visit: history and examination, line 10." in answer.out
    assert answer.out.count("  Due: clinic review: ") == 1
    assert "Ann" not in run("event", "move", other, "1", one, "--because", "x", "--no-names", "--dry-run").out
    back = run("undo", other, "3", "--format", "json").json()
    held("recorded", back)
    assert [(each["case"], each["kind"]) for each in back["elsewhere"]] == [(one, "correct")]
    assert run("doctor").code == 0


def test_undoing_a_moved_entry_where_it_came_to_says_how_to_bring_it_back(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    assert run("event", "move", other, "2", one, "--because", "wrong patient").code == 0
    answer = run("undo", one, "10")
    assert f"Line 10 had come from {other}, line 2, and stands in neither case now." in answer.err
    assert f"To bring it back there: lmstrack undo {other} 3" in answer.err
    again = run("event", "correct", one, "11", "--withdraw", "--because", "x", "--format", "json").json()
    held("recorded", again)
    assert again["came_from"] is None
    told = run("event", "correct", one, "10", "--withdraw", "--because", "x", "--format", "json").json()
    held("recorded", told)
    assert told["came_from"] == {"case": other, "line": 2, "undo": f"lmstrack undo {other} 3"}


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        (("merge", "other_case=LMS-0002-1"), "case merge"),
        (("unmerge", "other_case=LMS-0002-1"), "case unmerge"),
        (("move_event", "line=1", "to_case=LMS-0002-1"), "event move"),
    ],
)
def test_what_concerns_two_cases_has_commands_of_its_own(
    run: Run, twice: tuple[str, str], words: tuple[str, ...], instead: str
) -> None:
    one, _ = twice
    answer = run("record", one, *words)
    assert answer.code == 2
    assert f"lmstrack {instead}" in answer.err
    if words[0] != "unmerge":
        assert "Nothing was written." in run("whatif", one, *words).out


def test_likely_duplicates_are_told_with_the_command_that_merges_them(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    told = run("case", "duplicates", "--format", "json").json()
    held("duplicates", told)
    (row,) = told["rows"]
    assert (row["case"], row["other"]) == (one, other)
    assert row["why"] == ["born on the same day, similar names"]
    assert row["command"] == f'lmstrack case merge {one} {other} --because "…" --confirm {other}'
    nameless = run("case", "duplicates", "--format", "json", "--no-names").json()
    held("duplicates", nameless)
    assert "name" not in nameless["rows"][0]
    assert run("case", "merge", one, other, *BECAUSE, "--confirm", other).code == 0
    said = run("case", "duplicates").err
    assert "No two cases look like one patient: none share an identifier" in said
    assert "lmstrack case merge CASE OTHER" in said


def test_a_case_is_assigned_for_a_time(run: Run, followed: str) -> None:
    assert run("case", "assign", followed, "jw").code == 0
    assert run("case", "assign", followed, "kl", "--until", "2026-12-31").code == 0
    days = {"2026-12-31": "kl", "2027-06-01": "jw"}
    for day, navigator in days.items():
        rows = run("overdue", "--as-of", day, "--format", "json").json()["rows"]
        assert {row["navigator"] for row in rows} <= {navigator}
    assert run("overdue", "--as-of", "2027-06-01", "--navigator", "jw").out != ""
    assert run("overdue", "--as-of", "2027-06-01", "--navigator", "kl").out.count("\n") <= 1
    assert run("case", "assign", followed, "kl", "--until", "2026-11-01", "--on", "2026-11-24").code == 2
    assert run("case", "assign", followed, "kl", "--until", "never").code == 4


def test_undo_takes_back_the_last_entry_about_the_patient_and_not_the_merge(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    assert run("case", "merge", one, other, *BECAUSE, "--confirm", other).code == 0
    corrected = run("event", "correct", one, f"{other}:2", "--on", "2026-11-19", "--because", "the day before")
    assert corrected.code == 0
    answer = run("undo", one)
    assert answer.code == 0
    assert answer.out.startswith(f"{other} ")
    assert "recorded line 3 withdrawn" in answer.out
    assert run("show", other).code == 7
    assert "counted from 20 Nov 2026 instead of 19 Nov 2026" in answer.out


def test_to_take_apart_what_was_never_merged_says_where_to_look(run: Run, twice: tuple[str, str]) -> None:
    one, other = twice
    answer = run("case", "unmerge", one, other, *BECAUSE)
    assert (answer.code, answer.out) == (7, "")
    assert f"Look at it: lmstrack show {other}" in answer.err


def test_who_is_on_record_already_is_told_when_a_case_is_opened(run: Run) -> None:
    def opened(name: str, born: str) -> tuple[str, str]:
        answer = run("case", "add", "--name", name, "--born", born, "--format", "json")
        assert answer.code == 0
        return answer.json()["case"], answer.err

    first, _ = opened("Ann Example", "1961-03-04")
    for other in (("Ann Example", "1961-03-05"), ("Bo Ex", "1961"), ("LMS-0001-4", "1961-03-04"), (",", "1961-03-04")):
        assert "same patient" not in opened(*other)[1]
    again, said = opened("Example, Ann", "1961-03-04")
    assert f"{first} may be the same patient: born on the same day, the same name." in said
    assert f"lmstrack case merge {first} {again} --because" in said
    assert "Example" not in said
