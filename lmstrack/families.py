"""Cases that are one patient, as the store holds them: read together, and cached together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lmstrack.events import horizon
from lmstrack.joined import merged, survivor, viewed
from lmstrack.listing import cached

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from lmstrack.events import Event
    from lmstrack.records import Person
    from lmstrack.store import Writer
    from lmstrack.store.reading import Reader
    from lmstrack.versions import Versions


@dataclass(frozen=True, slots=True)
class Family:
    """The logs of cases that were ever merged with each other, or that one is about to merge."""

    logs: Mapping[str, Sequence[Event]]

    def view(self, case: str) -> list[Event]:
        """The lines of all of them, seen through one."""
        return viewed(case, self.logs)

    def parents(self, as_of: date | None = None) -> dict[str, str]:
        """The cases that are merged, each with the one that it was merged into; as of a day, or now."""
        return merged(self.view(min(self.logs)), as_of)

    def survivor(self, case: str, as_of: date | None = None) -> str:
        """The case that stands for the patient of *case*."""
        return survivor(case, self.parents(as_of))

    def grown(self, event: Event) -> Family:
        """The family with one more line."""
        return Family({**self.logs, event.case: [*self.logs.get(event.case, ()), event]})


def family_of(reader: Reader, *cases: str) -> Family | None:
    """The family of these cases, taken together; None for a case that was never merged."""
    members = frozenset[str]().union(*(reader.family(case) for case in cases))
    if len(cases) > 1:
        members |= set(cases)
    return Family({case: reader.log(case) for case in sorted(members)}) if members else None


def told_of(reader: Reader, found: Iterable[tuple[str, Person]]) -> list[tuple[str, Person]]:
    """The cases that tell of these patients now, each once: of those that were merged, the ones they went into."""
    told: dict[str, Person] = {}
    for case, person in found:
        family = family_of(reader, case)
        into = case if family is None else family.survivor(case)
        told.setdefault(into, person if into == case else reader.person(into))
    return list(told.items())


def view_of(reader: Reader, case: str) -> list[Event]:
    """Every line that is about the patient of this case, or that was while it was merged; its own come first.

    Raises `NotFound` for an unknown case.
    """
    family = family_of(reader, case)
    return reader.log(case) if family is None else family.view(case)


def views(
    reader: Reader, cases: Iterable[str] | None = None, known_at: datetime | None = None
) -> Iterator[tuple[str, Person, list[Event]]]:
    """As `Reader.stream`, each case with every line that is about its patient."""
    kin = families(reader.merges())
    for case, person, log in reader.stream(cases, known_at=known_at):
        others = kin.get(case)
        if others is not None:
            log = viewed(case, {each: log if each == case else reader.log(each) for each in others})  # noqa: PLW2901
        yield case, person, log


def families(merges: Iterable[tuple[str, int, str]]) -> dict[str, frozenset[str]]:
    """For each case that was ever merged, all that belong together with it."""
    found: dict[str, frozenset[str]] = {}
    for case, _, other in merges:
        together = found.get(case, frozenset({case})) | found.get(other, frozenset({other}))
        found |= dict.fromkeys(together, together)
    return found


def cache_all(
    writer: Writer,
    versions: Versions,
    family: Family,
    today: date,
    zone: str,
    cases: Collection[str] | None = None,
) -> None:
    """Bring the lists up to date with the logs of a family; of *cases* only, where they are given."""
    for case in sorted(family.logs if cases is None else cases):
        cache_one(writer, versions, case, writer.person(case), family.view(case), today, zone)


def cache_one(
    writer: Writer, versions: Versions, case: str, person: Person, log: Sequence[Event], today: date, zone: str
) -> None:
    """Bring the lists up to date with every line about the patient of one case; nothing where there is none."""
    if log:
        as_of = max(today, horizon(log) or today)
        assessed = versions.assessed(case, person, log, as_of, None, zone, judging=())
        writer.cache(*cached(assessed, case, log))
