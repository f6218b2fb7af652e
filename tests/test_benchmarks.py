"""Each benchmark runs to its end on the smallest size and prints its ratio; how fast anything is, is not
tested.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: Each command at its smallest, and what it has to print a ratio or a number of.
SMALLEST = {
    "assess": (
        ["--cases", "4", "--rounds", "1"],
        ["assess, 15 events a case", "cost an event at 240 events"],
    ),
    "bulk": (["--cases", "40", "--processes", "1"], ["imported, assessed and stored", "memory"]),
    "reassess": (
        ["--cases", "5", "--rounds", "1"],
        ["assessed again", "doctor against only fetching the rows"],
    ),
    "replayed": (
        ["--cases", "4", "--rounds", "1", "--processes", "2"],
        ["a list as it was known, one process", "one process against as many"],
    ),
    "record": (
        ["--cases", "4", "--events", "2"],
        ["event through the tracker against the bare insert", "what it would change against the event"],
    ),
    "overdue": (
        ["--obligations", "4000", "--rounds", "1", "--database", "sqlite"],
        ["overdue, rows", "overdue, list"],
    ),
    "worklist": (
        ["--cases", "20", "--rounds", "1"],
        ["worklist against the bare SQL", "with names against", "lmstrack worklist, beyond it"],
    ),
    "startup": (
        ["--cases", "4", "--rounds", "1"],
        ["lmstrack --help against sqlite-utils", "against import sqlmodel"],
    ),
    "mutation": (
        ["--part", "staging", "--only", "lmstrack.staging.bands*"],
        ["mutants that a test kills"],
    ),
    "peers": (["--cases", "1", "--rounds", "1"], ["assess", "transitions, a Machine a patient"]),
}


def test_every_benchmark_is_named_here() -> None:
    commands = {file.stem for file in (ROOT / "benchmarks").glob("*.py") if "__main__" in file.read_text("utf-8")}
    assert commands == SMALLEST.keys()


@pytest.mark.parametrize("name", SMALLEST)
def test_a_benchmark_runs_to_its_end_and_prints_its_ratio(name: str) -> None:
    arguments, wanted = SMALLEST[name]
    done = subprocess.run(  # noqa: S603  # a command of our own
        [sys.executable, "-m", f"benchmarks.{name}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    for label in wanted:
        line = next((line for line in done.stdout.splitlines() if label in line), "")
        assert re.search(r"\d(x|/s)\b|not measured|patients a second", line), done.stdout


def test_the_page_names_every_command() -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert {name for name in SMALLEST if f"python -m benchmarks.{name}" not in page} == set()
