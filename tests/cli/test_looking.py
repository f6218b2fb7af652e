"""What a nurse sees who looks at a patient: whom, as of when, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
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
