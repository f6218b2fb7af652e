"""Deciding about many cases in several processes; only the one that writes knows the store."""

from __future__ import annotations

import gc
import signal
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.case_ids import case_id
from lmstrack.errors import LmstrackError
from lmstrack.loading.deciding import decide
from lmstrack.loading.people import is_own, known_by
from lmstrack.store.bulk import NewCase, Rows, rows_of
from lmstrack.workflow import load_workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lmstrack.loading.incoming import Rejected, Unparsed
    from lmstrack.loading.reports import Amendment, Decided, Named
    from lmstrack.loading.terms import Terms
    from lmstrack.records import Person

    Batch = Sequence[Unparsed]

#: How many objects are made before the garbage collector looks; rows of a bulk import hold no cycles.
RARELY: Final = 200_000
#: How many batches another process has before it, and how many wait at most for one that comes before them.
_AHEAD: Final = 2
_WAITING: Final = 8


def _sendable(terms: Terms) -> bool:
    """Whether another process can load the same workflows by name; checks themselves cannot be sent."""
    try:
        return all(load_workflow(name).digest == each.digest for name, each in terms.workflows.items())
    except LmstrackError:
        return False


class Answer(NamedTuple):
    """What becomes of the rows of a new case, of all that is decided what has to be known beside what is written.

    *identifiers* are the names by which the patient would be found, and which must be no other's; None where
    no case is opened.
    """

    key: str
    new: int
    known: int
    changed: tuple[Amendment, ...]
    rejected: tuple[Rejected, ...]
    lines: int
    findings: int
    questions: int
    named: tuple[Named, ...]
    identifiers: Mapping[str, str] | None


class Answers(NamedTuple):
    """What becomes of a batch, whose cases are opened under the numbers that follow on *last*.

    *rows* is what is to be written; None for a preview.
    """

    last: int
    each: list[Answer]
    rows: Rows | None


def answers_to(
    batch: Batch, terms: Terms, last: int, refused: Sequence[Mapping[int, str] | None] | None = None
) -> Answers:
    """Decide about a batch of new cases; *refused* are rows of each that are rejected whatever they say."""
    each: list[Answer] = []
    opened: list[NewCase] = []
    for place, case in enumerate(batch):
        number = last + len(opened) + 1
        decided = decide(case.parsed(), None, terms, None if refused is None else refused[place], case_id(number))
        person = decided.person
        if person is not None:
            versions = _versions(person, decided.key, case_id(number), terms)
            opened.append(NewCase(number, versions, decided.events, decided.head, decided.listed))
        each.append(_answer(decided, None if person is None else known_by(person, terms.system, decided.key)))
    return Answers(last, each, rows_of(opened, terms.by, terms.at) if terms.writes else None)


def _versions(person: Person, key: str, case: str, terms: Terms) -> tuple[Person, ...]:
    """What is written of the person, who is found again under the key of the file."""
    if not is_own(key, terms.source):
        return (known_by(person, terms.system, key),)
    return (person,) if case == key.upper() else (person, known_by(person, terms.system, key))


def _answer(decided: Decided, person: Person | None) -> Answer:
    return Answer(
        decided.key,
        decided.new,
        decided.known,
        decided.changed,
        decided.rejected,
        decided.lines,
        decided.findings,
        decided.questions,
        decided.named,
        None if person is None else dict(person.identifiers),
    )


def in_batches(
    batches: Iterable[Batch], terms: Terms, last: Callable[[], int], processes: int
) -> Iterator[tuple[Batch, Answers]]:
    """Decide about the new cases of each batch, in the order of the batches, in so many *processes*.

    This process is one of them: it decides whenever the others have enough to do. *last* says the number of
    the case that was opened last. Batches that are sent ahead take it that all cases before them are opened. With one
    process, or where a workflow cannot be had in another, everything is done here.
    """
    if processes < 2 or not _sendable(terms):
        for batch in batches:
            yield batch, answers_to(batch, terms, last())
        return
    sent = (replace(terms, workflows={}), tuple(terms.workflows))
    # Spawned, not forked: a fork would hold the parent's connection to the database.
    with ProcessPoolExecutor(processes - 1, get_context("spawn"), _begin, sent) as pool:
        try:
            yield from _shared_out(batches, terms, last, pool, processes - 1)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _shared_out(
    batches: Iterable[Batch], terms: Terms, last: Callable[[], int], pool: ProcessPoolExecutor, workers: int
) -> Iterator[tuple[Batch, Answers]]:
    starting = [pool.submit(_started) for _ in range(workers)]
    under_way: deque[tuple[Batch, Future[Answers]]] = deque()
    for batch in batches:
        number = last() + sum(len(earlier) for earlier, _ in under_way)
        busy = sum(not answers.done() for _, answers in under_way)
        if busy < workers * _AHEAD and all(each.done() for each in starting):
            under_way.append((batch, pool.submit(_in_worker, batch, number)))
        else:
            here: Future[Answers] = Future()
            here.set_result(answers_to(batch, terms, number))
            under_way.append((batch, here))
        while under_way and (under_way[0][1].done() or len(under_way) > workers * _WAITING):
            first, answers = under_way.popleft()
            yield first, answers.result()
    for batch, answers in under_way:
        yield batch, answers.result()


_terms: Terms | None = None


def _begin(terms: Terms, workflows: tuple[str, ...]) -> None:
    global _terms  # noqa: PLW0603  # a worker is handed its terms once, not with every batch
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers an interrupt
    gc.set_threshold(RARELY)
    _terms = replace(terms, workflows={name: load_workflow(name) for name in workflows})


def _started() -> None:
    """Nothing: that it is done says that a worker has begun."""


def _in_worker(batch: Batch, last: int) -> Answers:
    if _terms is None:
        raise RuntimeError
    return answers_to(batch, _terms, last)


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the garbage collector look rarely, for as long as the block lasts."""
    before = gc.get_threshold()
    gc.set_threshold(RARELY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
