"""What a report tells beside a list: who is left out and why, what came due lately, and where the tumours sit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lmstrack.dates import Interval
from lmstrack.effort import ALONE
from lmstrack.events import known
from lmstrack.facts import Facts
from lmstrack.families import views
from lmstrack.joined import seen, standing_together
from lmstrack.listing import head_of, listed
from lmstrack.obligations import ObligationState
from lmstrack.replaying import replayed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from lmstrack.case import Case
    from lmstrack.effort import Effort
    from lmstrack.events import Event
    from lmstrack.listing import Listed
    from lmstrack.lists import ObligationList
    from lmstrack.records import Person
    from lmstrack.store import Store
    from lmstrack.versions import Versions

#: How far a report looks back.
BACK: Final = Interval(months=12)
_OVER: Final = {ObligationState.FULFILLED, ObligationState.CLOSED, ObligationState.VOID}


@dataclass(frozen=True, slots=True)
class SetAside:
    """A case that is on no list: *left* says why it is left out, None where it is followed and nothing is due."""

    case: str
    left: str | None
    state: str
    navigator: str | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands behind a list of obligations, as of its day and as known when it was.

    *since* is where the look back begins. *aside* are the cases that no list shows. *came_due* are the obligations
    whose last day has passed since then, whatever became of them, and those that ended since then after their last
    day. *sites* says where the tumour of a listed case sits, None where nobody said; *lines* is how many lines are
    known about it. *people* holds who those set aside are, empty where names were not asked for.
    """

    since: date
    aside: tuple[SetAside, ...]
    came_due: tuple[Listed, ...]
    sites: Mapping[str, str | None]
    lines: Mapping[str, int]
    people: Mapping[str, Person] = field(default_factory=dict)

    def ended_late(self) -> list[Listed]:
        """What was on the list of an earlier day of the look back, and has ended since, in whatever way."""
        return [row for row in self.came_due if _ended_late(row)]


def overview(
    store: Store, versions: Versions, found: ObligationList, *, names: bool, effort: Effort = ALONE
) -> Overview:
    """What stands behind a list; from the caches for the cases that they can answer for, the others replayed."""
    as_of, known_at = found.as_of, found.known_at
    since = BACK.before(as_of)
    from_logs = store.replayed_for(as_of) if known_at is None else store.case_ids()
    aside: list[SetAside] = []
    rows: list[Listed] = []
    if known_at is None:
        left_out = set(from_logs)
        rows = [row for row in store.came_due(since, as_of) if row.case not in left_out]
        aside = [each for each in _cached_aside(store, versions, as_of) if each.case not in left_out]
    question = _LookBack(as_of, known_at, since)
    for more_aside, more_rows in replayed(store, store.zone, versions, from_logs, question, effort):
        aside += more_aside
        rows += more_rows
    rows = sorted((row for row in rows if row.group in found.groups), key=lambda row: row[:4])
    aside.sort(key=lambda each: each.case)
    shown = {row.case for row in found.rows} | {row.case for row in rows if _ended_late(row)}
    logs = dict(_logs(store, sorted(shown), known_at))
    return Overview(
        since=since,
        aside=tuple(aside),
        came_due=tuple(rows),
        sites={case: _site(case, log, as_of) for case, log in logs.items()},
        lines={case: len(log) for case, log in logs.items()},
        people=store.people({each.case for each in aside}, known_at) if names else {},
    )


@dataclass(frozen=True, slots=True)
class _LookBack:
    """Asks cases whether they are on no list, and what came due."""

    as_of: date
    known_at: datetime | None
    since: date

    def answer(self, cases: Iterable[tuple[Case, Sequence[Event]]]) -> tuple[list[SetAside], list[Listed]]:
        """Those of these cases that are on no list, and the obligations of all of them that came due."""
        as_of = self.as_of
        aside: list[SetAside] = []
        rows: list[Listed] = []
        for case, log in cases:
            own = listed(case)
            rows += [row for row in own if _came_due(row, self.since, as_of)]
            looked_after = any(row.current(as_of) and row.state(as_of) not in _OVER for row in own)
            if case.left is not None or not looked_after:
                navigator = own[0].navigator if own else head_of(case, case.id, log).navigator
                aside.append(SetAside(case.id, case.left, case.state, navigator, case.facts.day))
        return aside, rows


def _ended_late(row: Listed) -> bool:
    """Whether an obligation was overdue before it ended, in whatever way."""
    return row.ended_on is not None and row.due_by is not None and row.ended_on > row.due_by


def lines_known(store: Store, cases: Collection[str], known_at: datetime | None) -> dict[str, int]:
    """How many lines are known about each of these cases, those of cases that are the same patient included."""
    return {case: len(log) for case, log in _logs(store, sorted(cases), known_at)}


def _logs(store: Store, cases: Sequence[str], known_at: datetime | None) -> Iterator[tuple[str, list[Event]]]:
    return ((case, list(known(log, known_at))) for case, _, log in views(store, cases))


def _cached_aside(store: Store, versions: Versions, as_of: date) -> Iterator[SetAside]:
    heads = {head.case: head for head in store.heads()}
    looked_after = store.looked_after(as_of)
    for case in store.case_ids():
        head = heads.get(case)
        if head is None:
            yield SetAside(case, None, versions.newest.pathway.initial, None, None)
        elif head.excluded is not None or case not in looked_after:
            yield SetAside(case, head.excluded, head.state, head.navigator, head.last_on)


def _came_due(row: Listed, since: date, as_of: date) -> bool:
    if row.due_by is None or row.due_by >= as_of:
        return False
    return row.due_by >= since or (row.ended_on is not None and row.ended_on >= since)


def _site(case: str, log: Sequence[Event], as_of: date) -> str | None:
    facts = Facts(None)
    for event in standing_together(seen(case, log, as_of).lines):
        if event.on <= as_of:
            facts.add(event)
    return facts.site_group()
