"""What a long piece of work may take, and whom it tells how far it is."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: How many objects are made before the garbage collector looks; rows by the thousand hold no cycles.
RARELY: Final = 200_000


@dataclass(frozen=True, slots=True)
class Effort:
    """How many *processes* work may take, this one included, and what is told how much of it is done."""

    processes: int = 1
    progress: Callable[[int], None] | None = None

    def tell(self, done: int) -> None:
        """So much is done."""
        if self.progress is not None:
            self.progress(done)


#: One process, which says nothing.
ALONE: Final = Effort()


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the garbage collector look rarely, for as long as the block lasts."""
    before = gc.get_threshold()
    gc.set_threshold(RARELY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
