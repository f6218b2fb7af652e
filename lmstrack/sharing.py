"""Work shared out among processes, of which this one is one: batch by batch, and answered in their order."""

from __future__ import annotations

import gc
import signal
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import TYPE_CHECKING, Any, Final, TypeVar

from lmstrack.effort import RARELY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Batch = TypeVar("Batch")
    Asked = TypeVar("Asked")
    Answer = TypeVar("Answer")
    Sent = TypeVar("Sent")
    Held = TypeVar("Held")

#: How many batches another process has before it, and how many wait at most for one that comes before them.
_AHEAD: Final = 2
_WAITING: Final = 8


def shared_out(
    batches: Iterable[Batch],
    held: Held,
    do: Callable[[Held, Asked], Answer],
    ask: Callable[[Batch, Iterable[Batch]], Asked],
    *,
    sent: Sent,
    hold: Callable[[Sent], Held],
    processes: int,
) -> Iterator[tuple[Batch, Answer]]:
    """Each batch with its answer, in the order of the batches, worked out by so many *processes*.

    ``do(held, asked)`` is what is done: here with *held*, elsewhere with what *hold* makes of what was *sent*, once a
    process. ``ask(batch, earlier)`` says what is asked of a batch, of which *earlier* are under way. All but *held*
    and the batches has to be picklable, and ``do`` and ``hold`` be functions of a module. This process works on a batch
    itself whenever the others have enough to do; with one process it does them all.

    Whatever ends the iteration early, an interrupt included, ends the other processes at once.
    """
    if processes < 2:
        for batch in batches:
            yield batch, do(held, ask(batch, ()))
        return
    others = set(active_children())
    # Spawned, not forked: a fork would hold the parent's connection to the database.
    with ProcessPoolExecutor(processes - 1, get_context("spawn"), _begin, (hold, sent)) as pool:
        try:
            with _uninterrupted():
                starting = [pool.submit(_started) for _ in range(processes - 1)]
            yield from _answered(batches, held, do, ask, pool, starting)
        except BaseException:
            for process in set(active_children()) - others:
                process.terminate()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _answered(
    batches: Iterable[Batch],
    held: Held,
    do: Callable[[Held, Asked], Answer],
    ask: Callable[[Batch, Iterable[Batch]], Asked],
    pool: ProcessPoolExecutor,
    starting: list[Future[None]],
) -> Iterator[tuple[Batch, Answer]]:
    under_way: deque[tuple[Batch, Future[Answer]]] = deque()
    for batch in batches:
        asked = ask(batch, [earlier for earlier, _ in under_way])
        busy = sum(not answer.done() for _, answer in under_way)
        if busy < len(starting) * _AHEAD and all(each.done() for each in starting):
            under_way.append((batch, pool.submit(_elsewhere, do, asked)))
        else:
            here: Future[Answer] = Future()
            here.set_result(do(held, asked))
            under_way.append((batch, here))
        while under_way and (under_way[0][1].done() or len(under_way) > len(starting) * _WAITING):
            first, answer = under_way.popleft()
            yield first, answer.result()
    for batch, answer in under_way:
        yield batch, answer.result()


_held: Any = None


def _begin(hold: Callable[[Sent], Held], sent: Sent) -> None:
    global _held  # noqa: PLW0603  # a process is handed what holds for every batch once, not with each of them
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers an interrupt
    gc.set_threshold(RARELY)
    _held = hold(sent)


def _started() -> None:
    """Nothing: that it is done says that a process has begun."""


def _elsewhere(do: Callable[[Any, Asked], Answer], asked: Asked) -> Answer:
    return do(_held, asked)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let an interrupt wait while processes are started, so that it never reaches one that cannot answer it yet."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
