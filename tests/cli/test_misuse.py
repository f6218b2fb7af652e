from __future__ import annotations

import io
import random
import sys
from typing import TYPE_CHECKING

import pytest

from lmstrack.cli.commands import COMMANDS
from lmstrack.errors import ExitCode
from lmstrack.records import KINDS, field_help

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

CANARY = "Canary Smith"
WORDS = (
    "true",
    "3",
    "-1",
    "1e9",
    "2026-03-04",
    "yesterday",
    "=1+1",
    "{}",
    "[]",
    "@/none",
    "MRI",
    "x,y",
    "%s%n",
    "ü名",
)
VALUES = [*WORDS, "", "31 Feb 2026", "a" * 3000, '[{"treatment":"surgery"}]', CANARY, "\udc80", "\0"]
IDS = ["LMS-0001-3", "1", "LMS-0001-4", "LMS-9999-9", CANARY]
FORMATS = ["table", "list", "tsv", "csv", "json", "ndjson", "md", "html", "ics", "pdf"]
NOT_TRIED = {"demo", "restore", "init"}


def command_line(chance: random.Random) -> list[str]:
    words = chance.choice(sorted(set(COMMANDS) - NOT_TRIED))
    command = COMMANDS[words]
    typed = words.split()
    if "CASE" in command.takes:
        typed.append(chance.choice(IDS))
    if "LINE" in command.takes:
        typed.append(chance.choice(["1", "99", "-3", "x"]))
    if "KIND" in command.takes:
        kind = chance.choice([*KINDS, "nokind"])
        known = field_help(kind) if kind in KINDS else []
        fields = chance.sample(known, min(len(known), chance.randint(0, 3)))
        typed += [kind, *(f"{each.field}={chance.choice([*each.values, *VALUES])}" for each in fields)]
    elif command.takes:
        typed.append(chance.choice(VALUES))
    for option in chance.sample(command.options, min(len(command.options), chance.randint(0, 3))):
        typed.append(option.removesuffix("="))
        if option.endswith("=") and chance.random() < 0.9:
            typed.append(chance.choice(VALUES))
    typed += chance.choice(
        [
            [],
            ["--format", chance.choice(FORMATS)],
            ["-o", f"x.{chance.choice([*FORMATS, 'xlsx'])}"],
            [chance.choice(VALUES)],
            ["--no-names"],
            ["--db"],
        ]
    )
    if chance.random() < 0.1:
        chance.shuffle(typed)
    return typed


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_typed_is_answered_with_a_code_of_the_table_and_without_a_name(
    run: Run, referred: str, home: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.chdir(home)
    chance = random.Random(seed)  # noqa: S311  # the same lines every time
    for _ in range(25):
        typed = command_line(chance)
        monkeypatch.setattr("sys.stdin", io.StringIO(chance.choice(["", "{}", '{"kind": "visit"}', "no json"])))
        answer = run(*typed)
        assert answer.code in set(ExitCode) - {ExitCode.OUR_FAULT}, typed
        assert "Traceback" not in answer.err
        assert CANARY not in answer.err


def test_nothing_is_left_of_an_answer_that_cannot_be_written(
    run: Run, referred: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(text: str, stream: object = None) -> None:
        if stream is None:
            raise OSError(28, "No space left on device")
        sys.stderr.write(text)

    monkeypatch.setattr("lmstrack.cli.streams.put", full)
    answer = run("overdue")
    assert answer.code == ExitCode.STORE
    assert "No space left" in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ("record", "CASE", "biopsy", "--despite", "LMS-DX-01", "--because", "TEXT", "--agreed-by", "Dr"),
        ("record", "CASE", "biopsy", "--despite", "LMS-DX-01", "--because", "x", "--agreed-by", "TEXT"),
        ("case", "assign", "CASE", "TEXT"),
        ("case", "merge", "CASE", "OTHER", "--because", "TEXT", "--confirm", "OTHER"),
        ("event", "correct", "CASE", "1", "--withdraw", "--because", "TEXT"),
        ("event", "move", "CASE", "1", "OTHER", "--because", "TEXT"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_text_that_is_too_long_is_invalid_data_and_not_repeated(
    run: Run, referred: str, words: tuple[str, ...]
) -> None:
    other = run("case", "add", "--name", "Bo Example", "--format", "json").json()["case"]
    before = run("audit", "head").out
    typed = {"CASE": referred, "OTHER": other, "TEXT": f"{CANARY} " * 2000}
    answer = run(*(typed.get(word, word) for word in words))
    assert answer.code == 4, answer.err
    assert CANARY not in answer.out + answer.err
    assert run("audit", "head").out == before
