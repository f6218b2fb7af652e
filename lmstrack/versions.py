"""The workflows that cases are judged by, each loaded once, and a case assessed by the ones its log names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from lmstrack.errors import NotFound, NotPermitted, StoreUnavailable
from lmstrack.records import AdoptWorkflow, Correct
from lmstrack.workflow import PIN, Workflow, released, workflow_file

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from lmstrack.case import Case
    from lmstrack.events import Event
    from lmstrack.records import Person, Record
    from lmstrack.workflow import Site


class Versions:
    """Workflows by name: those that were given, else the released ones and those of the *site*, as they are needed.

    *site* has the site's overlays, None where there are none.
    """

    def __init__(self, given: Mapping[str, Workflow] | None = None, site: Site | None = None) -> None:
        self._held = dict(given) if given is not None else {}
        self._given = tuple(self._held)
        self._site = site

    @cached_property
    def newest_name(self) -> str:
        """The one that new cases are pinned to: what the site signed last, else the newest that is released."""
        if self._given:
            return self._given[-1]
        signed = self._site.signed if self._site is not None else ()
        return (signed or released())[-1]

    @property
    def newest(self) -> Workflow:
        """The one that new cases are pinned to."""
        return self.named(self.newest_name)

    @property
    def of_the_site(self) -> tuple[str, ...]:
        """The names of the site's own workflows, drafts included."""
        return self._site.names if self._site is not None else ()

    @property
    def sources(self) -> tuple[tuple[str, ...], Site | None]:
        """The names of the workflows that were given, none where they are loaded as needed, and the site."""
        return self._given, self._site

    def named(self, name: str) -> Workflow:
        """A workflow by its name, or by the name that a case keeps, which tells a site's content too.

        Raises `NotFound` where there is none, `WorkflowFaults` where its file cannot be used, and `StoreUnavailable`
        where a site's file is no longer what it was when the case kept its name.
        """
        if name not in self._held:
            plain = name.partition(PIN)[0]
            found = self._held.get(plain) or self._loaded(plain)
            if name not in {plain, found.pin}:
                raise StoreUnavailable(
                    f"Judge a case by {plain}",
                    "its file, or the one that it lies over, has changed since the case was pinned to it.",
                    "Put it back as it was; a change gets a file with a version of its own, which cases then adopt.",
                )
            self._held[name] = found
        return self._held[name]

    def _loaded(self, name: str) -> Workflow:
        from lmstrack.workflow import load_workflow  # noqa: PLC0415  lists from the caches load no workflow

        known = released()
        if self._site is not None and name not in known:
            return self._site.load(name)
        if any(name.startswith(f"{each}-") for each in known):
            raise NotFound(
                f"Find workflow '{name[:80]}'",
                "it is a site's own, and no folder of a site is named.",
                "Name it with --site, LMSTRACK_SITE or site in the configuration file; scripts: Tracker.open(site=…).",
            )
        return load_workflow(name if name in known else workflow_file(name))

    def all(self) -> Mapping[str, Workflow]:
        """Every workflow that was given, is released, or was signed by the site, also by the names that cases keep."""
        signed = self._site.signed if self._site is not None else ()
        for name in (*released(), *signed):
            self.named(self.named(name).pin)
        return self._held

    def adopted(self, record: Record, *, preview: bool = False) -> Record:
        """The record as it is kept: where it adopts a site's workflow, under the name that tells its content.

        Raises `NotPermitted` for one that the site has not signed, unless this is a *preview*.
        """
        if isinstance(record, Correct) and record.instead is not None:
            kept = self.adopted(record.instead.record, preview=preview)
            return record.model_copy(update={"instead": record.instead.model_copy(update={"record": kept})})
        if not isinstance(record, AdoptWorkflow):
            return record
        workflow = self.named(record.workflow)
        if workflow.overlay is not None and not workflow.overlay.is_signed and not preview:
            raise NotPermitted(
                f"Adopt {workflow.name}",
                "nobody has signed it.",
                "Have it signed: signed_by and signed_on in its file.",
            )
        return record.model_copy(update={"workflow": workflow.pin})

    def of(self, log: Iterable[Event]) -> Mapping[str, Workflow]:
        """The workflows that a log can be judged by: the one it is pinned to and those it adopted."""
        named = {name for event in log for name in _named_in(event)}
        if not named:
            return {self.newest_name: self.newest}
        return {name: self.named(name) for name in named}

    def assessed(
        self,
        case: str,
        person: Person | None,
        log: Sequence[Event],
        as_of: date,
        known_at: datetime | None,
        zone: str,
        judging: Container[int] | None = None,
    ) -> Case:
        """The case as of a day, by the workflows that its own log names; also one whose log is still empty.

        *judging* are the lines whose rules are asked, None all of them; lists need none of their answers.
        """
        from lmstrack.case import assess  # noqa: PLC0415  most lists stand in the caches, and it loads all the rules

        return assess(person, log, self.of(log), as_of, known_at, zone=zone, judging=judging, case=case)


def _named_in(event: Event) -> Iterator[str]:
    if event.workflow is not None:
        yield event.workflow
    record = event.record
    if isinstance(record, Correct) and record.instead is not None:
        record = record.instead.record
    if isinstance(record, AdoptWorkflow):
        yield record.workflow
