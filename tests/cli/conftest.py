from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from lmstrack.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def error(self) -> Any:
        return json.loads(self.err.strip().splitlines()[-1])["error"]


class Run(Protocol):
    def __call__(self, *arguments: str) -> Answer: ...


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("NO_COLOR", "TERM", "COLUMNS", "LMSTRACK_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LMSTRACK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("LMSTRACK_DB", str(tmp_path / "ward.db"))
    monkeypatch.setenv("LMSTRACK_TODAY", "2026-11-24")
    monkeypatch.setenv("LMSTRACK_BY", "navigator-a")
    return tmp_path


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def typed(*arguments: str) -> Answer:
        capsys.readouterr()
        code = main(list(arguments))
        told = capsys.readouterr()
        return Answer(code, told.out, told.err)

    return typed


@pytest.fixture
def case(run: Run) -> str:
    answer = run("case", "add", "--name", "Ann Example", "--born", "1961-03-04", "--sex", "female", "--format", "json")
    return str(answer.json()["case"])


@pytest.fixture
def referred(run: Run, case: str) -> str:
    assert (
        run(
            "record",
            case,
            "referral",
            "site_group=extremity",
            "size_mm=80",
            "depth=deep",
            "--on",
            "2026-11-01",
        ).code
        == 0
    )
    return case


@pytest.fixture
def followed(run: Run, case: str) -> str:
    """A high-grade tumour of the limb, treated by 15 January 2026 and never seen since."""
    _journey(run, case)
    return case


def _journey(run: Callable[..., Answer], case: str) -> None:
    told = [
        ("referral", "2025-11-03", "site_group=extremity", "size_mm=80", "depth=deep"),
        ("imaging", "2025-11-05", "region=primary", "modality=MRI", "adequate=true", "outcome=suspicious"),
        ("biopsy", "2025-11-10", "method=core", "centre_designated=true", "track_planned_with_surgeon=true"),
        ("pathology", "2025-11-17", "specimen=biopsy", "histology=8890/3", "is_lms=true", "grade=3", "reviewed_by_sarcoma_pathologist=true"),  # noqa: E501
        ("imaging", "2025-11-18", "region=chest", "modality=CT", "adequate=true", "outcome=no_disease"),
        ("staging", "2025-11-19", "t=2", "n=0", "m=0", "edition=8", "authority=AJCC"),
        ("mdt", "2025-11-21", "intent=curative", "centre_designated=true", "key_worker=kw", 'plan=[{"treatment": "surgery"}]'),  # noqa: E501
        ("surgery", "2026-01-15", "operation=wide_excision", "r_class=R0", "margin_mm=20"),
        ("treatment_completed", "2026-01-20", "intent=curative", "next=surveillance"),
    ]  # fmt: skip
    for kind, on, *fields in told:
        answer = run("record", case, kind, *fields, "--on", on)
        if answer.code == 3:
            refused = run("record", case, kind, *fields, "--on", on, "--format", "json").error()["findings"]
            despite = [word for each in refused for word in ("--despite", each["rule"])]
            answered = (*despite, "--because", "test", "--agreed-by", "lead")
            answer = run("record", case, kind, *fields, "--on", on, *answered)
        assert answer.code == 0, answer.err
