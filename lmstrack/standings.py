"""Every case and where it stands as of a day, from the caches where they can say it, else from the logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.effort import ALONE
from lmstrack.events import known
from lmstrack.listing import Head, head_of, listed
from lmstrack.lists import looked_after
from lmstrack.replaying import replayed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lmstrack.case import Case
    from lmstrack.effort import Effort
    from lmstrack.events import Event
    from lmstrack.records import Person
    from lmstrack.store import Store
    from lmstrack.versions import Versions


class Standing(NamedTuple):
    """One case. *head* is None where nothing had happened; *looked_after* says that something is due or it has left."""

    case: str
    head: Head | None
    looked_after: bool


@dataclass(frozen=True, slots=True)
class Standings:
    """The cases that were known and had begun, by their ids. *people* is who they are about, empty if not asked for."""

    as_of: date
    known_at: datetime | None
    cases: Sequence[Standing]
    people: Mapping[str, Person] = field(default_factory=dict)


def standings(
    store: Store, versions: Versions, as_of: date, known_at: datetime | None, *, names: bool, effort: Effort = ALONE
) -> Standings:
    """Every case that was known at an instant and had begun by a day, and where it stood on it."""
    with store.reading() as held:
        every = held.case_ids()
        from_logs = every if known_at is not None else held.replayed_for(as_of)
        found: dict[str, Standing] = {}
        if known_at is None:
            heads = {head.case: head for head in held.heads()}
            with_one = held.looked_after(as_of)
            left_out = set(from_logs)
            for case in every:
                if case in left_out:
                    continue
                head = heads.get(case)
                left = head is not None and head.excluded is not None
                found[case] = Standing(case, head, left or case in with_one)
        question = _Heads(as_of, known_at)
        for answer in replayed(held, store.zone, versions, from_logs, question, effort):
            found |= {each.case: each for each in answer}
        people = held.people(found, known_at) if names else {}
        return Standings(as_of, known_at, [found[case] for case in sorted(found)], people)


@dataclass(frozen=True, slots=True)
class _Heads:
    """Asks cases where they stood."""

    as_of: date
    known_at: datetime | None

    def answer(self, cases: Iterable[tuple[Case, Sequence[Event]]]) -> list[Standing]:
        """Where these cases stood."""
        found = []
        for case, log in cases:
            lines = [event for event in known(log, self.known_at) if event.on <= self.as_of]
            due = looked_after(listed(case), self.as_of)
            head = head_of(case, case.id, lines) if lines else None
            found.append(Standing(case.id, head, case.left is not None or due))
        return found
