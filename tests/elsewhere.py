"""A pool of processes that are this one: what is sent to it is pickled there and back, and answered late."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from lmstrack import sharing


def travelled(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301  # our own


class Later(Future[Any]):
    """What another process works out, not done before somebody waits for it."""

    def __init__(self, work: Callable[..., object], *given: object) -> None:
        super().__init__()
        self.work, self.given = work, given

    def result(self, timeout: float | None = None) -> Any:
        if not self.done():
            self.set_result(travelled(self.work(*travelled(self.given))))
        return super().result(timeout)


class Elsewhere:
    """Stands in for the pool of `sharing`; *sent* counts the batches that it was asked for."""

    sent = 0

    def __init__(self, processes: int, _: object, begin: object, told: tuple[Callable[[Any], object], object]) -> None:
        hold, sent = travelled(told)
        sharing._held = hold(sent)

    def __enter__(self) -> Elsewhere:
        return self

    def __exit__(self, *_: object) -> None:
        sharing._held = None

    def submit(self, work: Callable[..., object], *given: object) -> Future[Any]:
        later = Later(work, *given)
        if not given:
            later.result()
        Elsewhere.sent += bool(given)
        return later

    def shutdown(self, **_: bool) -> None:
        pass
