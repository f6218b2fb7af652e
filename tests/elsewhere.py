"""Other processes that are this one: what is sent to them is pickled there and back, and answered late."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

from lmstrack.processes import Outcome


def travelled(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301  # our own


class Elsewhere:
    """Stands in for the `OtherProcesses` of `sharing`; *sent* counts the batches that they were asked for.

    Nothing is answered before somebody waits for it, so that all the room there is for what waits is used.
    """

    sent = 0

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead

    def start(self, many: int, do: Callable[[Any, Any], Any], hold: Callable[[Any], Any], sent: object) -> None:
        self._room = many * self._ahead
        self._do, self._held = do, hold(travelled(sent))
        self._owed: dict[Outcome[Any], bytes] = {}

    def send(self, asked: object) -> Outcome[Any] | None:
        if len(self._owed) == self._room:
            return None
        outcome: Outcome[Any] = Outcome()
        self._owed[outcome] = pickle.dumps(asked)
        Elsewhere.sent += 1
        return outcome

    def listen(self) -> None:
        pass

    def awaited(self, outcome: Outcome[Any]) -> Any:
        if outcome in self._owed:
            outcome.answered(travelled(self._do(self._held, pickle.loads(self._owed.pop(outcome)))))  # noqa: S301
        return outcome.answer()

    def end(self) -> None:
        self._owed.clear()
