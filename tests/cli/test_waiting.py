"""A list that takes long: it says how far it is, on a terminal only, and an interrupt ends it at once."""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING

import pytest

from lmstrack.cli import streams

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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


BUSY = """
    import signal, sys, time
    from multiprocessing import active_children
    from lmstrack.sharing import shared_out

    def hold(sent): return sent
    def do(held, asked):
        if held == "elsewhere":
            time.sleep(600)
        return asked
    def ask(batch, earlier): return batch

    def interrupted(processes):
        try:
            for batch, _ in shared_out(
                range(10**9), "here", do, ask, sent="elsewhere", hold=hold, processes=processes
            ):
                if batch == 5:
                    print("begun", flush=True)
        except KeyboardInterrupt:
            blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
            print("interrupted", active_children(), blocked, flush=True)
"""

ENDED = "interrupted [] set()\n"

BY_A_PERSON = """
    if __name__ == "__main__":
        for _ in range(20):
            interrupted(processes=3)
"""

#: An interrupt after so many steps of Python, of which about the first two thousand start the other process.
AT_ANY_STEP = """
    def after(steps):
        def trace(frame, event, _):
            nonlocal steps
            if frame.f_code is interrupted.__code__:
                return None
            frame.f_trace_opcodes = True
            if event == "opcode":
                steps -= 1
                if steps == 0:
                    signal.raise_signal(signal.SIGINT)
            return trace
        sys.settrace(trace)
        interrupted(processes=2)
        sys.settrace(None)

    if __name__ == "__main__":
        after(20_000)  # when everything has been imported
        for steps in range(1, 9_000, 45):
            after(steps)
"""


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts a script, which is ended with all that it started, if it has not ended by itself."""
    runs: list[subprocess.Popen[str]] = []

    def started(text: str) -> subprocess.Popen[str]:
        script = tmp_path / "busy.py"
        script.write_text(textwrap.dedent(BUSY) + textwrap.dedent(text), encoding="utf-8")
        pipe = subprocess.PIPE
        runs.append(
            subprocess.Popen(  # noqa: S603  # a script of our own
                [sys.executable, str(script)], stdout=pipe, stderr=pipe, text=True, start_new_session=True
            )
        )
        return runs[-1]

    yield started
    for run in runs:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_an_interrupt_ends_every_process_at_once_whatever_they_are_at(
    busy: Callable[[str], subprocess.Popen[str]],
) -> None:
    run = busy(BY_A_PERSON)
    assert run.stdout is not None
    for number in range(20):
        assert run.stdout.readline() == "begun\n"
        time.sleep(number * 0.02)  # while the others start, or work, or are waited for
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does: everybody in the group hears it
        assert select.select([run.stdout], [], [], 10)[0] == [run.stdout]  # not the ten minutes of the others
        assert run.stdout.readline() == ENDED
    assert run.communicate(timeout=20) == ("", "")
    assert run.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_an_interrupt_ends_every_process_between_whichever_steps_it_comes(
    busy: Callable[[str], subprocess.Popen[str]],
) -> None:
    run = busy(AT_ANY_STEP)
    said, wrong = run.communicate(timeout=60)
    assert [line for line in said.splitlines(keepends=True) if line != "begun\n"] == [ENDED] * 201
    assert (wrong, run.returncode) == ("", 0)
