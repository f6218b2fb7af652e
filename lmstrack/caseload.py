"""Lists over every case, and the proof that what they are made from equals the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from lmstrack.differences import Change, Moment, changes
from lmstrack.effort import ALONE
from lmstrack.errors import NotFound, StoreUnavailable, WorkflowFaults
from lmstrack.events import horizon
from lmstrack.families import views
from lmstrack.listing import Head, Listed, cached, listed
from lmstrack.lists import ASKED_AGAIN, IN_SCOPE, ObligationList, Totals, is_in, totals_of, with_day_to_ask
from lmstrack.replaying import replayed
from lmstrack.store.merges import index_faults, index_merges

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from lmstrack.case import Case
    from lmstrack.effort import Effort
    from lmstrack.events import Event
    from lmstrack.records import Person
    from lmstrack.store import Snapshot, Store
    from lmstrack.versions import Versions

#: Cases that the doctor looks at in one go.
_AT_ONCE = 500


def obligation_list(
    store: Store,
    versions: Versions,
    as_of: date,
    known_at: datetime | None,
    *,
    names: bool,
    state: str | None = "overdue",
    groups: Set[str] = IN_SCOPE,
    effort: Effort = ALONE,
) -> ObligationList:
    """Rows in a *state*, or, for None, in any, and totals as of a day; from the caches where they can say it.

    The caches hold what the whole log gives, so they answer for cases in which nothing is dated after *as_of*, only as
    known now, and for the *groups* that lists look at by default; every other case is replayed.
    """
    rows: list[Listed] = []
    if known_at is None and state is not None and groups == IN_SCOPE:
        from_logs = store.replayed_for(as_of)
        left_out = set(from_logs)
        cached = _from_caches(store, as_of, state)
        rows = [row for row in cached if row.case not in left_out] if left_out else cached
        totals = cached_totals(store, as_of, from_logs)
    else:
        from_logs, totals = store.case_ids(), Totals()
    question = _Rows(as_of, known_at, groups, state)
    for found, counted in replayed(store, store.zone, versions, from_logs, question, effort):
        rows += found
        totals += counted
    if from_logs or state != "overdue":
        rows.sort(key=_asked_first if state in ASKED_AGAIN else _most_overdue_first)
    return ObligationList(
        as_of=as_of,
        known_at=known_at,
        workflow=versions.newest_name,
        rows=rows,
        totals=totals,
        chain=store.chain_head,
        people=store.people({row.case for row in rows}, known_at) if names else {},
        groups=groups,
        state=state,
    )


def _from_caches(store: Store, as_of: date, state: str) -> list[Listed]:
    """The rows of every case that the caches hold in a state."""
    if state == "overdue":
        return store.open_rows(as_of, only_overdue=True)
    if state not in {"excused", "declined"}:
        return [row for row in store.open_rows(as_of, only_overdue=False) if row.state(as_of).value == state]
    rows = [row for row in store.excused_rows(as_of) if is_in(state, row, as_of, IN_SCOPE)]
    return with_day_to_ask(rows, store.rows_of({row.case for row in rows}))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Asks cases for the rows of a list and what they add up to."""

    as_of: date
    known_at: datetime | None
    groups: Set[str]
    state: str | None

    def answer(self, cases: Iterable[tuple[Case, Sequence[Event]]]) -> tuple[list[Listed], Totals]:
        """The rows of these cases, in no order."""
        state = self.state
        rows: list[Listed] = []
        counted: list[tuple[Case, list[Listed]]] = []
        for case, _ in cases:
            own = listed(case)
            here = own if state is None else [row for row in own if is_in(state, row, self.as_of, self.groups)]
            rows += with_day_to_ask(here, own) if state in ASKED_AGAIN else here
            counted.append((case, own))
        return rows, totals_of(counted, self.as_of, self.groups)


@dataclass(frozen=True, slots=True)
class ListChanges:
    """The two overdue lists, and the rows that only one of them has; *earlier* and *later* say how many each holds."""

    moments: tuple[Moment, Moment]
    earlier: int
    later: int
    changes: tuple[Change, ...]
    workflow: str
    people: Mapping[str, Person]

    @property
    def add_up(self) -> bool:
        """Whether what is new and what is gone leads from the earlier list to the later one."""
        new = sum(change.new for change in self.changes)
        return self.earlier + new - (len(self.changes) - new) == self.later


def list_changes(
    store: Store,
    versions: Versions,
    earlier: Moment,
    later: Moment,
    *,
    names: bool,
    groups: Set[str] = IN_SCOPE,
    effort: Effort = ALONE,
) -> ListChanges:
    """What changed on the overdue list between two moments, each row with its one cause."""

    def belongs(row: Listed, as_of: date) -> bool:
        return is_in("overdue", row, as_of, groups)

    lists = [
        obligation_list(store, versions, *moment, names=False, groups=groups, effort=effort)
        for moment in (earlier, later)
    ]
    named = [{row[:4] for row in each.rows} for each in lists]
    touched = {key[0] for key in named[0] ^ named[1]}
    found: list[Change] = []
    for case, person, log in views(store, sorted(touched)):

        def assessed(lines: Sequence[Event], as_of: date, case: str = case, person: Person = person) -> Case:
            return versions.assessed(case, person, lines, as_of, None, store.zone, judging=())

        found += changes(log, assessed, earlier, later, belongs)
    return ListChanges(
        moments=(earlier, later),
        earlier=len(lists[0].rows),
        later=len(lists[1].rows),
        changes=tuple(found),
        workflow=versions.newest_name,
        people=store.people(touched) if names else {},
    )


def faults_found(store: Store, versions: Versions, today: date, *, repair: bool) -> Iterator[str]:
    """Breaks of the chain, and every cached row that the log does not give; with *repair* the caches are mended."""
    yield from store.chain_faults()
    unknown = index_faults(store)
    yield from unknown
    if repair and unknown:
        with store.writing() as writer:
            index_merges(writer)
    cases, stale = views(store), False
    while batch := list(islice(cases, _AT_ONCE)):
        for fault in _stale(store, versions, today, batch, repair=repair):
            stale = True
            yield fault
    miscounted = store.tally_faults()
    yield from miscounted
    if repair and (stale or miscounted):
        with store.writing() as writer:
            writer.rebuild_tally()


def _stale(
    store: Store,
    versions: Versions,
    today: date,
    batch: Sequence[tuple[str, Person, list[Event]]],
    *,
    repair: bool,
) -> Iterator[str]:
    """What the caches of these cases hold otherwise than the log gives."""
    named = [case for case, _, _ in batch]
    heads = {head.case: head for head in store.heads(named)}
    held: dict[str, list[Listed]] = {}
    for row in store.rows_of(named):
        held.setdefault(row.case, []).append(row)
    for case, person, log in batch:
        as_of = max(today, horizon(log) or today)
        try:
            assessed = versions.assessed(case, person, log, as_of, None, store.zone, judging=())
        except (NotFound, StoreUnavailable, WorkflowFaults) as error:  # no workflow to judge it by, or a changed one
            yield f"{case}: {error.asked}: {error.obstacle}"
            continue
        head, rows = cached(assessed, case, log)
        stale = _differences(case, heads.get(case), head if log else None, held.get(case, ()), rows)
        if stale and repair and log:
            with store.writing() as writer:
                writer.cache(head, rows)
        yield from stale


def _differences(
    case: str, held_head: Head | None, head: Head | None, held: Sequence[Listed], rows: Sequence[Listed]
) -> list[str]:
    # A case of which nothing is recorded has no head.
    faults = [f"{case}: the list's head differs from the log"] if held_head != head else []
    kept, made = ({row[1:4]: row for row in each} for each in (held, rows))  # by course, strand and occurrence
    differ = [place for place in kept.keys() | made.keys() if kept.get(place) != made.get(place)]
    faults += [f"{case}: the cached obligation {place[1]} of line {place[2]} differs from the log" for place in differ]
    return sorted(faults)


def cached_totals(store: Store | Snapshot, day: date, without: Sequence[str]) -> Totals:
    """The totals of a day from the tally, *without* some cases."""
    tally = store.tally(day, without=without)
    return Totals(
        overdue=tally.overdue,
        overdue_booked=tally.overdue_booked,
        due=tally.due,
        upcoming=tally.upcoming,
        excused=tally.excused,
        suspended=tally.suspended,
        undetermined=tally.undetermined,
        declined=tally.declined,
        in_scope=tally.in_scope,
        cases=tally.cases,
        with_obligation=tally.with_obligation,
        without_obligation=tally.without_obligation,
        excluded=tally.excluded,
    )


def _most_overdue_first(row: Listed) -> tuple[date, str, int, str, int]:
    return (row.due_by or date.max, row.case, row.course, row.strand, row.occurrence)


def _asked_first(row: Listed) -> tuple[date, date, str, int, str, int]:
    return (row.review_on or date.max, *_most_overdue_first(row))
