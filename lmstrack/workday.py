"""The list of what there is to do, made from the caches where they can say it, else from the logs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lmstrack.caseload import cached_totals
from lmstrack.effort import ALONE
from lmstrack.families import views
from lmstrack.listing import head_of, listed
from lmstrack.lists import IN_SCOPE, Totals
from lmstrack.lists import totals_of as case_totals
from lmstrack.needs import Need, WorkItem, items_of, questions_of
from lmstrack.obligations import ObligationState
from lmstrack.replaying import replayed
from lmstrack.worklist import OpenCounts, WorkList, counted, totals_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from lmstrack.case import Case
    from lmstrack.effort import Effort
    from lmstrack.events import Event
    from lmstrack.listing import Listed
    from lmstrack.store import Snapshot, Store
    from lmstrack.versions import Versions

#: Up to so many cases the rules are asked for open questions with every list; each costs the reading of its log.
QUESTIONS_UP_TO: Final = 1000
_OVER: Final = {ObligationState.FULFILLED, ObligationState.EXCUSED, ObligationState.CLOSED, ObligationState.VOID}


@dataclass(slots=True)
class _Gathered:
    """What was found of some cases: items, the rows they were made from, and what they add up to."""

    items: list[WorkItem] = field(default_factory=list)
    pressing: list[Listed] = field(default_factory=list)
    cases: Totals = field(default_factory=Totals)
    open: int = 0
    counts: OpenCounts = field(default_factory=OpenCounts)

    def add(self, other: _Gathered) -> None:
        """What was found of further cases."""
        self.items += other.items
        self.pressing += other.pressing
        self.cases += other.cases
        self.open += other.open
        self.counts += other.counts


def _from_caches(held: Snapshot, as_of: date, left_out: Sequence[str]) -> _Gathered:
    """What the caches say of all cases but those that the logs have to be asked about."""
    pressing = held.pressing(as_of)
    looked_after = held.looked_after(as_of) | held.excluded_cases() | set(left_out)
    without = [case for case in held.case_ids() if case not in looked_after]
    navigators = {head.case: head.navigator for head in held.heads(without)} if without else {}
    return _Gathered(
        items=[
            *items_of(pressing, as_of),
            *(WorkItem(Need.NOTHING_DUE, case, navigators.get(case)) for case in without),
        ],
        pressing=pressing,
        cases=cached_totals(held, as_of, left_out),
        open=held.open_by_heads(as_of),
        counts=held.open_counts(as_of),
    )


@dataclass(frozen=True, slots=True)
class _FromLogs:
    """Asks cases what the caches would hold of them."""

    as_of: date
    known_at: datetime | None

    def answer(self, cases: Iterable[tuple[Case, Sequence[Event]]]) -> _Gathered:
        """What these cases want."""
        found = _Gathered()
        for case, log in cases:
            found.add(self._of(case, log))
        return found

    def _of(self, case: Case, log: Sequence[Event]) -> _Gathered:
        as_of, own = self.as_of, listed(case)
        totals = case_totals([(case, own)], as_of)
        items: list[WorkItem] = []
        if totals.without_obligation:
            items.append(WorkItem(Need.NOTHING_DUE, case.id, _navigator(case, log)))
        if case.left is not None:
            return _Gathered(cases=totals)
        open_ones = [row for row in own if row.state(as_of) not in _OVER]
        current = [row for row in open_ones if row.current(as_of)]
        items += items_of(current, as_of)
        by_heads = sum(1 for each in case.obligations if each.state(as_of) not in _OVER)
        return _Gathered(items, current, totals, by_heads, counted(open_ones, as_of))


def work_list(
    store: Store,
    versions: Versions,
    as_of: date,
    known_at: datetime | None,
    *,
    names: bool,
    questions: bool | None,
    effort: Effort = ALONE,
) -> WorkList:
    """What there is to do as of a day, the most urgent first.

    The caches answer as for the overdue list. They hold no questions: for these every log is read, where *questions*
    says so, or, for None, where there are at most `QUESTIONS_UP_TO` cases.
    """
    with store.reading() as held:
        every = held.case_ids()
        left_out = every if known_at is not None else held.replayed_for(as_of)
        found = _Gathered() if known_at is not None else _from_caches(held, as_of, left_out)
        for answer in replayed(held, store.zone, versions, left_out, _FromLogs(as_of, known_at), effort):
            found.add(answer)
        asked = len(every) <= QUESTIONS_UP_TO if questions is None else questions
        if asked:
            found.items += _questions(held, store.zone, versions, as_of, known_at)
        items = sorted(found.items, key=lambda item: item.order)
        open_ones = (found.open, found.counts)
        return WorkList(
            as_of=as_of,
            known_at=known_at,
            workflow=versions.newest_name,
            items=items,
            totals=totals_of(items, found.pressing, as_of, found.cases, open_ones, IN_SCOPE, asked=asked),
            chain=store.chain_head,
            people=held.people({item.case for item in items}, known_at) if names else {},
        )


def _questions(
    held: Snapshot, zone: str, versions: Versions, as_of: date, known_at: datetime | None
) -> Iterator[WorkItem]:
    """The open questions of every case that is followed here."""
    for case, person, log in views(held, None, known_at):
        assessed = versions.assessed(case, person, log, as_of, known_at, zone)
        if assessed.left is None and assessed.asks:
            yield from questions_of(case, _navigator(assessed, log), assessed.asks)


def _navigator(case: Case, log: Sequence[Event]) -> str | None:
    rows = listed(case)
    return rows[0].navigator if rows else head_of(case, case.id, log).navigator
