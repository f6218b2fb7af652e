from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run


def file_of(home: Path, *lines: dict[str, Any]) -> Path:
    file = home / "cohort.ndjson"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


PERSON = {"case": "EXT-17", "kind": "person", "name": "Ann Example", "born": "1961-03-04", "sex": "female"}
REFERRAL = {"case": "EXT-17", "on": "2026-01-05", "kind": "referral", "site_group": "extremity", "source_id": "r1"}
VISIT = {"case": "EXT-17", "on": "2026-01-15", "kind": "visit", "components": ["history"], "source_id": "v1"}


def test_a_file_is_looked_at_first_and_written_only_when_asked(run: Run, home: Path) -> None:
    run("init")
    file = file_of(home, PERSON, REFERRAL, VISIT)
    seen = run("import", str(file), "--source", "ext", "--format", "json")
    assert seen.code == 0
    assert (seen.json()["committed"], seen.json()["totals"]["new"]) == (False, 3)
    assert run("case", "list", "--format", "json").json()["rows"] == []
    written = run("import", str(file), "--source", "ext", "--commit", "--format", "table")
    assert written.code == 0
    assert "3 = 3 new + 0 known + 0 changed + 0 rejected" in written.out
    again = run("import", str(file), "--source", "ext", "--commit", "--format", "json").json()["totals"]
    assert (again["new"], again["known"], again["events"]) == (0, 3, 0)
    assert run("case", "find", "EXT-17").code == 0


def test_a_row_that_cannot_be_taken_is_rejected_with_its_reason(run: Run, home: Path) -> None:
    run("init")
    file = file_of(home, PERSON, REFERRAL, {**VISIT, "componentz": 1})
    answer = run("import", str(file), "--source", "ext", "--commit", "--format", "json")
    assert answer.code == 4
    told = answer.json()
    assert told["totals"]["rejected"] >= 1
    assert {row["became"] for row in told["rows"]} == {"rejected"}
    assert told["rejects"] == f"{file}.rejects.ndjson"
    assert (home / told["rejects"]).exists()


def test_everything_that_is_written_out_comes_back_the_same(run: Run, followed: str, home: Path) -> None:
    file = home / "events.ndjson"
    run("export", "events", "-o", str(file))
    other = ("--db", str(home / "other.db"))
    assert run("import", str(file), "--commit", "--source", "ward", *other).code == 0
    obligations = [run("export", "obligations", "--no-names", *where).out for where in ((), other)]
    assert obligations[0] == obligations[1]


@pytest.mark.parametrize(
    ("words", "code"), [(("no-such.ndjson",), 7), (("x.ndjson", "--check", "--commit"), 2), ((), 2)]
)
def test_a_file_that_is_not_there_or_asked_for_twice(run: Run, case: str, words: tuple[str, ...], code: int) -> None:
    assert run("import", *words).code == code


def test_an_import_says_where_the_rejected_rows_are_and_where_there_is_no_such_file(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    folder = home / "in"
    folder.mkdir()
    file = folder / "list.ndjson"
    file.write_text("rubbish\n", encoding="utf-8")
    beside = folder / "list.ndjson.rejects.ndjson"
    assert f"The rejected rows are in {beside}: mend them" in run("import", str(file), "--commit").err
    beside.unlink()
    for in_the_way in (beside, home / beside.name):
        in_the_way.mkdir()
    answer = run("import", str(file), "--commit", "--format", "json")
    assert (answer.code, answer.json()["rejects"]) == (4, None)
    assert "No file of the rejected rows could be written" in run("import", str(file), "--commit").err
