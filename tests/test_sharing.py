"""Work shared out among processes: who works it out is not seen in the answers, and nobody is left behind."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import count
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from lmstrack import processes, sharing
from lmstrack.errors import Conflict, ExitCode, InvalidData, LmstrackError, NotFound, Refused, WorkflowFaults
from lmstrack.sharing import shared_out
from tests.elsewhere import Elsewhere

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")


@pytest.fixture(autouse=True)
def _bounded() -> Iterator[None]:
    """Fail, rather than wait, where processes wait for each other."""

    def late(*_: object) -> None:
        pytest.fail("they wait for each other")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


class Unsendable(Exception):
    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()


class Unreadable(Exception):
    def __init__(self, one: str, other: str) -> None:
        super().__init__(one)


def itself(batch: Any, _: Iterable[Any]) -> Any:
    return batch


def told(sent: str) -> str:
    return sent


def refused(_: str) -> str:
    raise Conflict("Hold", "there is nothing to hold.")


def stubborn(sent: str) -> str:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return sent


def done(held: str, asked: int) -> tuple[str, int]:
    return held, asked**2


def echoed(held: str, asked: bytes) -> tuple[str, bytes]:
    return held, asked


def slept(held: list[int] | str, asked: int) -> int:
    if isinstance(held, list):
        held.append(asked)
    else:
        Path(held, str(os.getpid())).touch()
        time.sleep(600)
    return asked


def stopped(held: list[int] | str, asked: int) -> int:
    if isinstance(held, list):
        held.append(asked)
    else:
        Path(held, str(os.getpid())).touch()
        os.kill(os.getpid(), signal.SIGSTOP)
    return asked


def ended(held: str, asked: int) -> int:
    if held == "elsewhere":
        os._exit(7)
    return asked


def not_found(held: str, asked: int) -> int:
    if held == "elsewhere":
        raise NotFound("Find it", f"there is no {asked}.", candidates=("E-1",))
    return asked


def unsendable(held: str, asked: int) -> int:
    if held == "elsewhere":
        raise Unsendable
    return asked


def unreadable(held: str, asked: int) -> int:
    if held == "elsewhere":
        raise Unreadable("one", "other")
    return asked


def no_answer(held: str, asked: int) -> object:
    return threading.Lock() if held == "elsewhere" else asked


def shared(do: Any, batches: Iterable[Any] | None = None, hold: Any = told, others: int = 2) -> Iterator[Any]:
    given = count() if batches is None else batches
    return shared_out(given, "here", do, itself, sent="elsewhere", hold=hold, processes=others + 1)


# ---- answers


def test_answers_come_in_the_order_of_the_batches_whoever_works_them_out() -> None:
    by = {"here": 0, "elsewhere": 0}
    for place, (batch, (who, answer)) in enumerate(shared(done)):
        assert (batch, answer) == (place, place**2)
        by[who] += 1
        if min(by.values()) > 20:
            break
    assert active_children() == []  # who leaves early leaves nobody behind


def test_what_is_there_is_answered_to_its_end() -> None:
    assert [batch for batch, _ in shared(done, range(3000))] == list(range(3000))
    assert active_children() == []


def test_one_process_does_everything_itself() -> None:
    assert list(shared(done, range(3), others=0)) == [(0, ("here", 0)), (1, ("here", 1)), (2, ("here", 4))]


def test_large_questions_meet_large_answers() -> None:
    large = os.urandom(3_000_000)
    by = {"here": 0, "elsewhere": 0}
    for batch, (who, answer) in shared(echoed, (large for _ in count())):
        assert answer == batch
        by[who] += 1
        if by["elsewhere"] > 5:
            break


def test_few_batches_wait_for_one_that_comes_before_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "OtherProcesses", Elsewhere)
    drawn = 0

    def batches() -> Iterator[int]:
        nonlocal drawn
        while drawn < 100:
            drawn += 1
            yield drawn

    waiting = [drawn - place for place, _ in enumerate(shared(done, batches()))]
    assert max(waiting) == 2 * 8 + 1


# ---- what goes wrong elsewhere


def test_what_is_raised_elsewhere_is_raised_here_when_it_is_the_turn_of_its_batch() -> None:
    seen: list[int] = []
    with pytest.raises(NotFound) as raised:
        seen.extend(batch for batch, _ in shared(not_found))
    error = raised.value
    assert (error.asked, error.obstacle, error.candidates) == ("Find it", f"there is no {len(seen)}.", ("E-1",))
    assert seen == list(range(len(seen)))
    assert "in not_found" in error.__notes__[0]
    assert active_children() == []


@pytest.mark.parametrize("do", [unsendable, unreadable])
def test_what_cannot_be_sent_is_told_by_its_kind(do: Any) -> None:
    with pytest.raises(
        LmstrackError, match=rf"failed with tests\.test_sharing\.{do.__name__.capitalize()}\."
    ) as raised:
        list(shared(do))
    assert f"in {do.__name__}" in raised.value.__notes__[0]


def test_an_answer_that_cannot_be_sent_is_an_error() -> None:
    with pytest.raises(TypeError, match="lock"):
        list(shared(no_answer))


def test_whoever_cannot_begin_says_why() -> None:
    with pytest.raises(Conflict, match="there is nothing to hold"):
        list(shared(done, hold=refused))


def test_a_process_that_ends_of_itself_is_told_of() -> None:
    with pytest.raises(LmstrackError, match=r"exit code 7") as raised:
        list(shared(ended))
    assert raised.value.exit_code is ExitCode.OUR_FAULT
    assert active_children() == []


@pytest.mark.parametrize(
    "error",
    [
        LmstrackError("Do it", "it cannot be done.", "Leave it."),
        InvalidData("Read it", ["one", "two"], "Mend them."),
        NotFound("Find it", "there is none.", candidates=("E-1", "E-2")),
        WorkflowFaults("a.yaml", ["one", "two"]),
        Refused("E-1", "mdt", date(2026, 4, 1), "imaging", ()),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_of_ours_arrives_as_itself(error: LmstrackError) -> None:
    arrived = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert type(arrived) is type(error)
    assert (arrived.args, vars(arrived), str(arrived)) == (error.args, vars(error), str(error))


# ---- nobody is left behind


class Enough(Exception):
    pass


@POSIX
@pytest.mark.parametrize(("do", "hold"), [(slept, told), (slept, stubborn), (stopped, told)])
def test_whatever_goes_wrong_here_ends_the_others_whatever_they_are_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, do: Any, hold: Any
) -> None:
    monkeypatch.setattr(processes, "_PATIENCE", 0.5)
    here: list[int] = []

    def batches() -> Iterator[int]:
        for number in count():
            yield number
            if len(here) <= number:  # it was sent elsewhere
                while not list(tmp_path.iterdir()):
                    time.sleep(0.01)
                raise Enough

    others = shared_out(batches(), here, do, itself, sent=str(tmp_path), hold=hold, processes=2)
    begun = time.monotonic()
    with pytest.raises(Enough):
        list(others)
    assert active_children() == []
    assert time.monotonic() - begun < 30


@POSIX
def test_a_second_interrupt_waits_until_the_others_have_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    terminate = BaseProcess.terminate

    def interrupted(process: BaseProcess) -> None:
        signal.raise_signal(signal.SIGINT)
        terminate(process)

    answers = shared(done)
    next(answers)
    monkeypatch.setattr(BaseProcess, "terminate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        answers.close()  # type: ignore[attr-defined]
    assert active_children() == []


ALONE = """
    import time
    from lmstrack.sharing import shared_out

    def hold(sent):
        print("begun", flush=True)
        return sent
    def do(held, asked):
        if held == "elsewhere":
            time.sleep(600)
        return asked
    def ask(batch, earlier): return batch

    if __name__ == "__main__":
        for _ in shared_out(range(10**9), "here", do, ask, sent="elsewhere", hold=hold, processes=3):
            pass
"""


@POSIX
def test_a_process_that_is_killed_leaves_nobody_who_lives_on(tmp_path: Path) -> None:
    script = tmp_path / "alone.py"
    script.write_text(textwrap.dedent(ALONE), encoding="utf-8")
    run = subprocess.Popen(  # noqa: S603  # a script of our own
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert run.stdout is not None
        assert [run.stdout.readline() for _ in range(2)] == ["begun\n"] * 2
        os.kill(run.pid, signal.SIGKILL)
        # Its output ends once everybody is gone who could write to it, and not after the ten minutes of the others.
        assert run.communicate(timeout=20) == ("", "")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()


UNGUARDED = """
    import operator
    from lmstrack.sharing import shared_out

    def itself(batch, earlier): return batch

    batches = shared_out(range(10**9), 1, operator.add, itself, sent=2, hold=int, processes=2)
    print(next(batch for batch, answer in batches if answer == batch + 2) > 0)
"""


def test_what_is_typed_at_python_can_be_shared_out() -> None:
    run = subprocess.run(  # noqa: S603  # our own
        [sys.executable, "-c", textwrap.dedent(UNGUARDED)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.stdout, run.stderr, run.returncode) == ("True\n", "", 0)


def test_a_script_without_a_guard_is_told_to_have_one(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(textwrap.dedent(UNGUARDED), encoding="utf-8")
    run = subprocess.run(  # noqa: S603  # a script of our own
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.stdout, run.returncode) == ("", 1)
    assert 'guarded by if __name__ == "__main__":' in run.stderr.splitlines()[-1]
