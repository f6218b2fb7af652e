"""``workflow check`` says what it checked, what it proved, and on which days a rhythm changes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lmstrack import load_workflow
from tests.test_workflow_faults import SMALL

from .test_documents import held

if TYPE_CHECKING:
    from .conftest import Run

WORKFLOWS = Path(__file__).parents[2] / "workflows"

IMAGED = """\
proofs:
  imaged:
    says: Nobody is operated on before imaging.
    claim: never
    by: surgery
    without: {kind: imaging, region: primary}
    except: {departures: [LMS-DX-01]}
"""


@pytest.fixture
def small(home: Path) -> Path:
    file = home / "small-1.yaml"
    file.write_text(SMALL + IMAGED, encoding="utf-8")
    return file


def test_a_claim_that_does_not_hold_ends_in_10_with_the_shortest_way_around_it(run: Run, small: Path) -> None:
    answer = run("workflow", "check", str(small), "--format", "json")
    assert answer.code == 10
    told = answer.json()
    held("check", told)
    assert told["totals"]["refuted"] == 1
    assert told["files"] == [{"file": str(small), "faults": [], "holds": False}]
    story = [(row["name"], row["says"]) for row in told["rows"] if row["part"] == "story"]
    assert story == [("imaged", "5 Jan 2026: surgery: emergency; now surveillance")]


def test_a_claim_that_holds_says_how_much_was_tried(run: Run, small: Path) -> None:
    lines = small.read_text(encoding="utf-8").splitlines()
    emergency = next(line for line in lines if "emergency" in line)
    small.write_text("\n".join(line for line in lines if line != emergency) + "\n", encoding="utf-8")
    answer = run("workflow", "check", str(small), "--format", "table")
    assert answer.code == 0
    [row] = [
        row
        for row in run("workflow", "check", str(small), "--format", "json").json()["rows"]
        if row["part"] == "proved"
    ]
    assert (row["name"], row["holds"]) == ("imaged", True)
    assert row["count"] > 0
    assert "entries tried in" in row["says"]
    assert "let pass by a departure from LMS-DX-01" in row["says"]


def test_a_file_without_claims_says_that_nothing_was_proved(run: Run, small: Path) -> None:
    small.write_text(SMALL, encoding="utf-8")
    answer = run("workflow", "check", str(small), "--format", "table")
    assert answer.code == 0
    assert "claims nothing under proofs, so nothing was proved" in " ".join(answer.out.split())


def test_the_days_to_sign_are_counted_from_the_anchor(run: Run, small: Path) -> None:
    told = run("workflow", "check", str(small), "--anchor", "2024-02-29", "--format", "json").json()
    assert told["anchor"] == "2024-02-29"
    sample = [row for row in told["rows"] if row["part"] == "sample" and row["strand"] == "clinic_review"]
    assert [(row["first"], row["last"]) for row in sample] == [
        ("2024-02-29", "2027-02-27"),
        ("2027-02-28", "2029-02-27"),
        ("2029-02-28", None),
    ]
    assert (sample[0]["first_due_from"], sample[0]["first_due_by"]) == ("2024-05-29", "2024-06-29")


def test_without_an_anchor_it_is_the_last_of_january_of_this_year(run: Run, small: Path) -> None:
    assert run("workflow", "check", str(small), "--format", "json").json()["anchor"] == "2026-01-31"


def test_faults_are_rows_and_nothing_else_is_claimed(run: Run, small: Path) -> None:
    small.write_text((SMALL + IMAGED).replace("by: surgery\n", "by: surgry\n"), encoding="utf-8")
    answer = run("workflow", "check", str(small), "--format", "json")
    assert answer.code == 10
    assert {row["part"] for row in answer.json()["rows"]} == {"fault"}
    assert answer.json()["totals"]["faults"] == 1


def test_a_clinician_who_follows_the_steps_changes_an_interval(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    page = (WORKFLOWS / "README.md").read_text(encoding="utf-8")
    steps = page.partition("## How to change an interval\n")[2].partition("\n## ")[0]
    old, new = re.findall(r"`(\S+\.yaml)`", steps)[:2]
    line = re.findall(r"- (\{every: .*\})\n", steps)[0]
    text = (WORKFLOWS / old).read_text(encoding="utf-8")
    for entry in ("name", "version"):
        said = rf"(?<=  {entry}: ).*\n"
        text = re.sub(said, re.findall(said, steps)[0], text, count=1)
    before, low_grade, plan = text.partition("\n  low_grade:\n")
    Path(new).write_text(before + low_grade + re.sub(r"\{every: .*\}", line, plan, count=1), encoding="utf-8")
    assert load_workflow(new).name == new.removesuffix(".yaml")
    (show,) = re.findall(r"^ +lmstrack (workflow show .*)$", steps, re.MULTILINE)
    assert "every 3-6 months until 5 years" in run(*show.split()).out
    assert f" workflow check {new}\n" in steps
