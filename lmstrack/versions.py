"""The workflows that cases are judged by, each loaded once, and a case assessed by the ones its log names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from lmstrack.case import Case, assess
from lmstrack.records import AdoptWorkflow
from lmstrack.workflow import Workflow, released

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from lmstrack.events import Event
    from lmstrack.records import Person


class Versions:
    """Workflows by name: those that were given, else the released ones as they are needed.

    *newest_name* is the one that new cases are pinned to.
    """

    def __init__(self, given: Mapping[str, Workflow] | None = None) -> None:
        self._held = dict(given) if given is not None else {}
        self.newest_name = tuple(self._held or released())[-1]

    @property
    def newest(self) -> Workflow:
        """The one that new cases are pinned to."""
        return self.named(self.newest_name)

    def named(self, name: str) -> Workflow:
        """A workflow by its name.

        Raises `NotFound` where there is none, and `WorkflowFaults` where its file cannot be used.
        """
        if name not in self._held:
            from lmstrack.workflow import load_workflow  # noqa: PLC0415  lists from the caches load no workflow

            self._held[name] = load_workflow(name)
        return self._held[name]

    def all(self) -> Mapping[str, Workflow]:
        """Every workflow that was given or is released."""
        for name in released():
            self.named(name)
        return self._held

    def of(self, log: Iterable[Event]) -> Mapping[str, Workflow]:
        """The workflows that a log can be judged by: the one it is pinned to and those it adopted."""
        named = {event.workflow for event in log if event.workflow is not None}
        named |= {event.record.workflow for event in log if isinstance(event.record, AdoptWorkflow)}
        if not named:
            return {self.newest_name: self.newest}
        return {name: self.named(name) for name in named}

    def assessed(
        self, case: str, person: Person | None, log: Sequence[Event], as_of: date, known_at: datetime | None, zone: str
    ) -> Case:
        """The case as of a day, by the workflows that its own log names; also one whose log is still empty."""
        found = assess(person, log, self.of(log), as_of, known_at, zone=zone)
        return found if found.id else replace(found, id=case)
