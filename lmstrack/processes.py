"""Other processes that work on what they are sent: started, asked, heard and ended, whatever comes between.

The parent has no thread and takes no lock, since an interrupt may reach it between any two steps. All that another
process hears is its connection, and when that is closed, by the parent or by its end, the process ends.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import traceback
from collections import deque
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import wait
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from lmstrack.effort import RARELY
from lmstrack.errors import LmstrackError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

Answer = TypeVar("Answer")

#: Seconds that a process may take to end before it is killed.
_PATIENCE: Final = 2.0
#: Seconds after which a process that works lets its listener read on; the parent waits for it while it sends.
_TURN: Final = 0.0005


class Outcome(Generic[Answer]):
    """What becomes of something that was asked: until it is *done* nobody knows, then it is an answer or an error."""

    __slots__ = ("_answer", "_error", "done")

    def __init__(self) -> None:
        self.done = False
        self._error: BaseException | None = None

    @classmethod
    def known(cls, answer: Answer) -> Outcome[Answer]:
        """What is answered already."""
        outcome = cls()
        outcome.answered(answer)
        return outcome

    def answered(self, answer: Answer) -> None:
        """It was done, and this is the answer."""
        self._answer = answer
        self.done = True

    def failed(self, error: BaseException) -> None:
        """It could not be done."""
        self._error = error
        self.done = True

    def answer(self) -> Answer:
        """The answer of what is done; raises what was raised elsewhere."""
        if self._error is not None:
            raise self._error
        return self._answer


class OtherProcesses(Generic[Answer]):
    """Other processes, each of which answers what it is sent in turn, and has at most so much *ahead* of it."""

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead
        self._all: dict[Connection, _Other] = {}

    def start(self, many: int, do: Callable[[Any, Any], Answer], hold: Callable[[Any], Any], sent: object) -> None:
        """Start so many, which answer with ``do(held, asked)``, where ``hold(sent)`` gives *held* to each of them.

        They take a while to begin.
        """
        if os.name == "posix":
            # Python has a tracker beside the first process, and once that has started it lets interrupts through again.
            from multiprocessing.resource_tracker import ensure_running  # noqa: PLC0415  Windows has none

            with _uninterrupted():
                ensure_running()
        with _uninterrupted():
            for _ in range(many):
                other = _Other(do, hold, sent)
                self._all[other.connection] = other

    def send(self, asked: object) -> Outcome[Answer] | None:
        """Send it to the one that has the least to do; None where all have enough, or have not begun."""
        free = [each for each in self._all.values() if each.has_begun() and len(each.owed) < self._ahead]
        return min(free, key=lambda each: len(each.owed)).send(asked) if free else None

    def listen(self) -> None:
        """Take in what has been answered by now; raises `LmstrackError` where a process has ended."""
        self._hear(0)

    def awaited(self, outcome: Outcome[Answer]) -> Answer:
        """The answer, once it is there; raises what was raised elsewhere."""
        while not outcome.done:
            self._hear(None)
        return outcome.answer()

    def _hear(self, seconds: float | None) -> None:
        while said := wait(list(self._all), seconds):
            for connection in said:
                self._all[connection].hear()  # type: ignore[index]  # of what was given, only connections
            seconds = 0

    def end(self) -> None:
        """End them all, whatever they are at."""
        with _uninterrupted():
            for each in self._all.values():
                each.connection.close()
                each.process.terminate()
            for each in self._all.values():
                each.process.join(_PATIENCE)
                if each.process.exitcode is None:
                    each.process.kill()
                    each.process.join(_PATIENCE)


class _Other:
    """One other process, as the parent knows it; *owed* are the outcomes that it has still to tell, in their order."""

    def __init__(self, do: Callable[[Any, Any], Any], hold: Callable[[Any], Any], sent: object) -> None:
        # Spawned, not forked: a fork would hold the parent's connection to the database.
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        with theirs:
            self.process = context.Process(target=_work, args=(theirs, do, hold, sent), daemon=True)
            self.process.start()
        self._begun: Outcome[None] = Outcome()
        self.owed: deque[Outcome[Any]] = deque([self._begun])

    def has_begun(self) -> bool:
        """Whether it has what it needs for every answer; raises what was raised where it cannot have it."""
        if self._begun.done:
            self._begun.answer()
        return self._begun.done

    def send(self, asked: object) -> Outcome[Any]:
        said = pickle.dumps(asked, pickle.HIGHEST_PROTOCOL)
        try:
            self.connection.send_bytes(said)
        except OSError as gone:
            raise self._lost() from gone
        outcome: Outcome[Any] = Outcome()
        self.owed.append(outcome)
        return outcome

    def hear(self) -> None:
        try:
            said = self.connection.recv_bytes()
        except (EOFError, OSError) as gone:
            raise self._lost() from gone
        done, what = pickle.loads(said)  # noqa: S301  # our own process said it
        outcome = self.owed.popleft()
        if done:
            outcome.answered(what)
        else:
            outcome.failed(what)

    def _lost(self) -> LmstrackError:
        self.process.join(_PATIENCE)
        return LmstrackError(
            "Share the work out among processes",
            f"one of them has ended before it answered (exit code {self.process.exitcode}).",
            "Ask again; the machine may be short of memory. A script has to be a file of its own, guarded by "
            'if __name__ == "__main__":, since each process imports it.',
        )


# ---- in the other process


def _work(connection: Connection, do: Callable[[Any, Any], Any], hold: Callable[[Any], Any], sent: object) -> None:
    """Answer what is asked, one after the other, until the parent closes the connection or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers an interrupt
    gc.set_threshold(RARELY)
    sys.setswitchinterval(_TURN)
    questions: SimpleQueue[bytes] = SimpleQueue()
    answers: SimpleQueue[bytes] = SimpleQueue()
    # Nobody waits for the other's pipe to be read: what is asked is taken in, and what is answered is given out, while
    # this process works on.
    Thread(target=_listen, args=(connection, questions), daemon=True).start()
    Thread(target=_tell, args=(connection, answers), daemon=True).start()
    held: Any = None

    def begin() -> None:
        nonlocal held
        held = hold(sent)

    answers.put(_said(begin))
    while True:
        asked = questions.get()
        answers.put(_said(lambda asked=asked: do(held, pickle.loads(asked))))  # type: ignore[misc]  # noqa: S301


def _listen(connection: Connection, questions: SimpleQueue[bytes]) -> None:
    while True:
        try:
            questions.put(connection.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)  # nobody is there to be answered, whatever is being worked on


def _tell(connection: Connection, answers: SimpleQueue[bytes]) -> None:
    with suppress(OSError):  # the parent is gone, which the listener answers for
        while True:
            connection.send_bytes(answers.get())


def _said(work: Callable[[], object]) -> bytes:
    """Whether the work was done, and what it gave or raised."""
    try:
        return pickle.dumps((True, work()), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # whatever it is, it is raised in the parent
        where = "".join(traceback.format_tb(error.__traceback__))
        error.add_note(f"In another process:\n{where}")
        return _failure(error)


def _failure(error: BaseException) -> bytes:
    try:
        said = pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
        pickle.loads(said)  # noqa: S301  # some can be sent and not be read
    except Exception:  # as many ways as there are errors
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        instead = LmstrackError("Share the work out among processes", f"one of them failed with {kind}.")
        for note in error.__notes__:
            instead.add_note(note)
        return pickle.dumps((False, instead), pickle.HIGHEST_PROTOCOL)
    return said


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let an interrupt wait, so that it reaches no process that cannot answer it yet, nor keeps one from ending."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which an interrupt may just have overtaken
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
