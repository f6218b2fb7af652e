"""What the ward is told, word for word, wherever a rule is not met or cannot be judged.

The situations stand in ``said/*.yaml``, a file for every module of checks: the *log* as a navigator would type it, of
which the last line is judged, and the *answer*. *needs* is what would satisfy the rule, *found* what is on record
instead, *fix* the entry that would mend it. Each question under *asks* has after it the fact that it is about and the
entry that answers it. *lines* are those that the ward is pointed to. *with* gives parameters other than those of the
other tests, *patient* what is known of the person, *centres* the designated ones by name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lmstrack.checks import CHECKS

FILES = sorted((Path(__file__).parent / "said").glob("*.yaml"))
TOLD: list[dict[str, Any]] = [
    {**told, "module": file.stem} for file in FILES for told in YAML(typ="safe").load(file.read_text(encoding="utf-8"))
]


def sentence(told: dict[str, Any]) -> str:
    return f"{told['check']} is {told['answer']}: {told.get('found', '')}"


@pytest.mark.parametrize("told", TOLD, ids=map(sentence, TOLD))
def test_the_ward_is_told(told: dict[str, Any], answer) -> None:
    patient = told.get("patient", {})
    said = answer(
        told["check"],
        *map(str, told["log"]),
        born=patient.get("born"),
        sex=patient.get("sex"),
        listed=tuple(told.get("centres", ())),
        **told.get("with", {}),
    )
    asks = [
        f"{ask.question} ({ask.fact}{'' if ask.line is None else f' of line {ask.line}'}: {ask.record})"
        for ask in said.asks
    ]
    assert all(ask.rules == () for ask in said.asks), "the move adds the rules"
    found = {"answer": str(said.verdict), "needs": said.needs, "found": said.found, "fix": said.fix}
    assert {**found, "asks": asks, "lines": list(said.lines)} == {
        "answer": told["answer"],
        "needs": told.get("needs", ""),
        "found": told.get("found", ""),
        "fix": told.get("fix", ""),
        "asks": told.get("asks", []),
        "lines": told.get("lines", []),
    }


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_check_has_its_words_in_the_file_of_its_module(name: str) -> None:
    module = CHECKS[name].__module__.rpartition(".")[2]
    assert name in {told["check"] for told in TOLD if told["module"] == module}
