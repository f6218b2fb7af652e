"""Deciding about many cases in several processes; only the one that writes knows the store."""

from __future__ import annotations

import gc
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.case_ids import case_id
from lmstrack.errors import LmstrackError
from lmstrack.loading.deciding import decide
from lmstrack.store.bulk import Log, log_of
from lmstrack.workflow import load_workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
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


class Answer(NamedTuple):
    """What becomes of a new case, and, where it is to be written, its log as rows in place of its events."""

    decided: Decided
    log: Log = Log()


def answered(case: Unparsed, terms: Terms, name: str, refused: Mapping[int, str] | None = None) -> Answer:
    """Decide about a new case, which is called *name* for now."""
    decided = decide(case.parsed(), None, terms, refused, name)
    log = log_of(decided.events) if terms.writes else Log()
    return Answer(replace(decided, events=()), log)


def _answered_all(batch: Sequence[Unparsed], terms: Terms, number: int) -> list[Answer]:
    """Decide about a batch, calling those that are opened by the ids that follow on this *number*."""
    answers: list[Answer] = []
    for case in batch:
        answers.append(answered(case, terms, case_id(number + 1)))
        number += answers[-1].decided.person is not None
    return answers


def in_batches(
    batches: Iterable[Sequence[Unparsed]], terms: Terms, number: int, processes: int
) -> Iterator[tuple[Sequence[Unparsed], Sequence[Answer]]]:
    """Decide about the new cases of each batch, in the order of the batches, with so many *processes*.

    *number* is that of the last case on record: new ones are called by the ids that follow, which are right
    unless some before them are not opened. With one process, or where a workflow cannot be had in another,
    everything is done here. No more batches are under way than keep the processes busy.
    """
    if processes < 2 or not _sendable(terms):
        for batch in batches:
            yield batch, _answered_all(batch, terms, number)
            number += len(batch)
        return
    sent = (replace(terms, workflows={}), tuple(terms.workflows))
    under_way: deque[tuple[Sequence[Unparsed], Future[list[Answer]]]] = deque()
    # Spawned, not forked: a fork would hold the parent's connection to the database.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, sent) as pool:
        try:
            for batch in batches:
                under_way.append((batch, pool.submit(_in_worker, batch, number)))
                number += len(batch)
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


def _in_worker(batch: Sequence[Unparsed], number: int) -> list[Answer]:
    if _terms is None:
        raise RuntimeError
    return _answered_all(batch, _terms, number)


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the garbage collector look rarely, for as long as the block lasts."""
    before = gc.get_threshold()
    gc.set_threshold(RARELY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
