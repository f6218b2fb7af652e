"""What an entry would change, what one did change, and what changed between two lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_whatif_answers_like_the_entry_and_writes_nothing(run: Run, followed: str) -> None:
    before = run("timeline", followed).out
    answer = run("whatif", followed, "visit", "components=history,examination")
    assert answer.code == 0
    assert "would record visit" in answer.out
    assert "Nothing was written." in answer.out
    assert any(line.startswith("  Due: clinic review: ") and "fulfilled" in line for line in answer.out.splitlines())
    assert run("timeline", followed).out == before


def test_whatif_is_refused_as_the_entry_would_be(run: Run, referred: str) -> None:
    words = ("biopsy", "method=core", "track_planned_with_surgeon=true")
    asked, tried = run("whatif", referred, *words), run("record", referred, *words)
    assert (asked.code, tried.code) == (3, 3)
    assert asked.err == tried.err


def test_whatif_tells_programs_what_changes(run: Run, followed: str) -> None:
    told = run("whatif", followed, "death", "--format", "json").json()
    assert (told["written"], told["changes"]["state"]) == (False, ["surveillance", "closed"])
    assert {change["after"] for change in told["changes"]["due"]} == {None}


def test_a_correction_tells_what_it_changes_and_why(run: Run, followed: str) -> None:
    run("record", followed, "visit", "components=history,examination", "--on", "2026-11-20")
    answer = run("undo", followed)
    assert answer.code == 0
    assert any(line.startswith("  Due: clinic review: ") for line in answer.out.splitlines())


@pytest.fixture
def typed_today(followed: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The day on which the entries were really typed in, which is when a list knows them; and today is that day."""
    day = datetime.now(UTC).date().isoformat()
    monkeypatch.setenv("LMSTRACK_TODAY", day)
    return day


def test_between_two_days_each_row_has_one_cause(run: Run, followed: str, typed_today: str) -> None:
    run("record", followed, "visit", "components=history,examination", "--on", "yesterday")
    later = datetime.fromisoformat(typed_today) + timedelta(400)
    told = run("diff", typed_today, later.date().isoformat(), "--format", "json").json()
    totals = told["totals"]
    assert totals["earlier"] + totals["new"] - totals["gone"] == totals["later"]
    assert totals["new"] == sum(totals["causes"].values()) > 0
    assert {row["cause"] for row in told["rows"]} == {"time passed"}
    assert {row["strand"] for row in told["rows"]} >= {"clinic_review"}


def test_a_saved_list_is_compared_with_today(run: Run, followed: str, home: Path) -> None:
    saved = home / "monday.json"
    assert run("overdue", "--as-of", "2026-11-20", "--format", "json", "-o", str(saved)).code == 0
    assert run("diff", str(saved)).code == 0


def test_two_lists_that_are_the_same_say_so(run: Run, typed_today: str) -> None:
    answer = run("diff", typed_today, typed_today, "--format", "table")
    assert (answer.code, "are the same" in answer.out + answer.err) == (0, True)


@pytest.mark.parametrize(("content", "code"), [(None, 7), ("not a list", 4), ("{}", 4)])
def test_what_is_no_saved_list_is_named(run: Run, followed: str, home: Path, content: str | None, code: int) -> None:
    file = home / "list.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    answer = run("diff", str(file))
    assert answer.code == code
    assert "list.json" in answer.err


def test_a_day_that_cannot_be_read_is_named(run: Run, followed: str) -> None:
    assert run("diff", "31 Feb 2026").code == 4


@pytest.mark.parametrize("name", ["todo.json", "todo.csv", "todo.xlsx", "gone.json"])
def test_what_is_no_saved_overdue_list_is_not_compared(run: Run, followed: str, home: Path, name: str) -> None:
    saved = home / name
    if name.startswith("todo"):
        assert run("worklist", "-o", str(saved)).code == 0
    answer = run("diff", str(saved))
    assert (answer.code, answer.out) == (4 if name.startswith("todo") else 7, "")
    assert "Save one with: lmstrack overdue -o monday.json" in answer.err


def test_to_undo_a_line_that_is_not_there_names_the_lines(run: Run, followed: str) -> None:
    answer = run("undo", followed, "99")
    assert answer.code == 5
    assert f"See them with: lmstrack timeline {followed}" in answer.err
