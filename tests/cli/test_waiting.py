"""A list that takes long: it says how far it is, on a terminal only, and an interrupt ends it at once."""

from __future__ import annotations

import io
import sys
import time
from typing import TYPE_CHECKING

import pytest

from lmstrack.cli import streams

if TYPE_CHECKING:
    pass


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_how_far_it_is_stands_on_a_terminal_after_a_second_and_is_gone_afterwards(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    progress = streams.Progress()
    tell = progress.of("cases")
    assert tell is not None
    tell(200)
    assert seen.getvalue() == ""
    clock[0] += 1.1
    tell(400)
    tell(600)
    assert seen.getvalue() == "400 cases …\r"
    clock[0] += 0.3
    tell(800)
    progress.clear()
    progress.clear()
    assert seen.getvalue() == "400 cases …\r800 cases …\r" + " " * 11 + "\r"


def test_nobody_is_told_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert streams.Progress().of("cases") is None
