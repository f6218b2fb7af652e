"""Work shared out among processes, of which this one is one: batch by batch, and answered in their order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, TypeVar

from lmstrack.processes import OtherProcesses, Outcome

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

    Whatever ends the iteration early, an interrupt included, ends the other processes at once. What is raised elsewhere
    is raised here, when it is the turn of its batch; a process that ends of itself raises `LmstrackError`.
    """
    if processes < 2:
        for batch in batches:
            yield batch, do(held, ask(batch, ()))
        return
    others: OtherProcesses[Answer] = OtherProcesses(_AHEAD)
    try:
        others.start(processes - 1, do, hold, sent)
        yield from _answered(batches, held, do, ask, others, (processes - 1) * _WAITING)
    finally:
        others.end()


def _answered(
    batches: Iterable[Batch],
    held: Held,
    do: Callable[[Held, Asked], Answer],
    ask: Callable[[Batch, Iterable[Batch]], Asked],
    others: OtherProcesses[Answer],
    waiting: int,
) -> Iterator[tuple[Batch, Answer]]:
    under_way: deque[tuple[Batch, Outcome[Answer]]] = deque()
    for batch in batches:
        asked = ask(batch, [earlier for earlier, _ in under_way])
        others.listen()
        outcome = others.send(asked)
        if outcome is None:
            outcome = Outcome.known(do(held, asked))
            others.listen()
        under_way.append((batch, outcome))
        while under_way and (under_way[0][1].done or len(under_way) > waiting):
            first, outcome = under_way.popleft()
            yield first, others.awaited(outcome)
    for batch, outcome in under_way:
        yield batch, others.awaited(outcome)
