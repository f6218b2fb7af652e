"""Deciding about many cases in several processes; only the one that writes knows the store."""

from __future__ import annotations

import gc
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from lmstrack.errors import LmstrackError
from lmstrack.loading.deciding import decide
from lmstrack.workflow import load_workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from lmstrack.loading.incoming import Unparsed
    from lmstrack.loading.reports import Decided
    from lmstrack.loading.terms import Terms

#: How many objects are made before the garbage collector looks; rows of a bulk import hold no cycles.
RARELY: Final = 200_000


def _sendable(terms: Terms) -> bool:
    """Whether another process can load the same workflows by name; checks themselves cannot be sent."""
    try:
        return all(load_workflow(name).digest == each.digest for name, each in terms.workflows.items())
    except LmstrackError:
        return False


def decided(
    batches: Iterable[Sequence[Unparsed]], terms: Terms, processes: int
) -> Iterator[tuple[Sequence[Unparsed], Sequence[Decided]]]:
    """Decide about the new cases of each batch, in the order of the batches, with so many *processes*.

    With one, or where a workflow cannot be had in another process, everything is done here. No more batches
    are under way than keep the processes busy.
    """
    if processes < 2 or not _sendable(terms):
        for batch in batches:
            yield batch, [decide(each.parsed(), None, terms) for each in batch]
        return
    sent = (replace(terms, workflows={}), tuple(terms.workflows))
    under_way: deque[tuple[Sequence[Unparsed], Future[list[Decided]]]] = deque()
    # Spawned, not forked: a fork would hold the parent's connection to the database.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, sent) as pool:
        try:
            for batch in batches:
                under_way.append((batch, pool.submit(_decide_all, batch)))
                if len(under_way) > processes + 1:
                    first, future = under_way.popleft()
                    yield first, future.result()
            while under_way:
                first, future = under_way.popleft()
                yield first, future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_terms: Terms | None = None


def _begin(terms: Terms, workflows: tuple[str, ...]) -> None:
    global _terms  # noqa: PLW0603  # a worker is handed its terms once, not with every batch
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers an interrupt
    gc.set_threshold(RARELY)
    _terms = replace(terms, workflows={name: load_workflow(name) for name in workflows})


def _decide_all(batch: Sequence[Unparsed]) -> list[Decided]:
    if _terms is None:
        raise RuntimeError
    return [decide(each.parsed(), None, _terms) for each in batch]


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the garbage collector look rarely, for as long as the block lasts."""
    before = gc.get_threshold()
    gc.set_threshold(RARELY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
