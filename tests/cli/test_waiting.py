"""A list that takes long: it says how far it is, on a terminal only, and an interrupt ends it at once."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING

import pytest

from lmstrack.cli import streams

if TYPE_CHECKING:
    from pathlib import Path


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


LONG = """
    import sys, time
    from lmstrack.sharing import shared_out

    def hold(sent): return sent
    def do(held, asked):
        if held == "elsewhere":
            time.sleep(600)
        return asked
    def ask(batch, earlier): return batch

    if __name__ == "__main__":
        try:
            for batch, answer in shared_out(
                range(10**9), "here", do, ask, sent="elsewhere", hold=hold, processes=3
            ):
                if batch == 5:
                    print("begun", flush=True)
        except KeyboardInterrupt:
            sys.exit(130)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("wait", [0.0, 0.4, 4.0])
def test_an_interrupt_ends_every_process_at_once_whatever_they_are_at(tmp_path: Path, wait: float) -> None:
    script = tmp_path / "long.py"
    script.write_text(textwrap.dedent(LONG), encoding="utf-8")
    run = subprocess.Popen(  # noqa: S603  # a script of our own
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "begun\n"
    time.sleep(wait)
    begun = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: everybody in the group hears it
    _, said = run.communicate(timeout=60)
    assert time.monotonic() - begun < 20  # and not the ten minutes that the others were going to take
    assert (run.returncode, said) == (130, "")
