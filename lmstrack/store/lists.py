"""Reading the caches: rows of obligations at the speed of the driver, heads, and the tally below a list."""

from __future__ import annotations

from collections import Counter
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Literal, overload

from sqlalchemy import bindparam, func, or_, select, text

from lmstrack.listing import Head, Listed
from lmstrack.store.cached import CASE_HEAD, IN_SCOPE, OPEN, PAST, TALLY, current
from lmstrack.store.converted import as_date, as_listed, as_ordinal, plain
from lmstrack.store.finding import Finding
from lmstrack.store.reading import CASE_IDS
from lmstrack.store.statements import ForCases, Statement
from lmstrack.store.tables import PERSON
from lmstrack.store.tally import ALWAYS, CASES, Tally, add_case, add_states, on_day, tally_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Select, Table

    from lmstrack.store.link import Link
    from lmstrack.store.statements import Row
    from lmstrack.store.tally import Changes


def _in_scope(*more: Any) -> Select[Any]:
    listed = (
        select(*OPEN.c, *more)
        .where(
            text(IN_SCOPE),  # not as values: an index on some rows only serves a query that says which
            *current(OPEN),
        )
        .order_by(OPEN.c.due_by, OPEN.c.case_id, OPEN.c.course, OPEN.c.strand, OPEN.c.occurrence)
    )
    return listed.join_from(OPEN, PERSON, OPEN.c.case_id == PERSON.c.case_id) if more else listed


def _overdue(listed: Select[Any]) -> Select[Any]:
    return listed.where(
        OPEN.c.due_by < bindparam("as_of"),
        OPEN.c.due_from.is_not(None),
        or_(OPEN.c.suspended_from.is_(None), OPEN.c.suspended_from > bindparam("as_of")),
    )


def _of_cases(table: Table) -> ForCases:
    return ForCases(lambda cases: select(*table.c).where(table.c.case_id.in_(cases)))


_WHO: Final = (PERSON.c.name, PERSON.c.born, PERSON.c.identifiers)
#: By whether only what is overdue is wanted, and whether names are.
LISTED: Final = {
    (False, False): Statement(lambda _: _in_scope()),
    (True, False): Statement(lambda _: _overdue(_in_scope())),
    (False, True): Statement(lambda _: _in_scope(*_WHO)),
    (True, True): Statement(lambda _: _overdue(_in_scope(*_WHO))),
}
OPEN_OF: Final = _of_cases(OPEN)
PAST_OF: Final = _of_cases(PAST)
HEADS_OF: Final = _of_cases(CASE_HEAD)
HEADS: Final = Statement(lambda _: select(*CASE_HEAD.c).order_by(CASE_HEAD.c.case_id))
LATER: Final = Statement(lambda _: select(CASE_HEAD.c.case_id).where(CASE_HEAD.c.last_on > bindparam("as_of")))
SUMS: Final = Statement(
    lambda _: (
        select(TALLY.c.measure, func.sum(TALLY.c.n)).where(TALLY.c.day <= bindparam("as_of")).group_by(TALLY.c.measure)
    )
)
TALLIES: Final = Statement(lambda _: select(TALLY.c.measure, TALLY.c.day, TALLY.c.n).where(TALLY.c.n != 0))

_BY_PLACE: Final = itemgetter(0, 1, 2, 3)
_LAST_ON: Final = CASE_HEAD.c.keys().index("last_on")


class Lists(Finding):
    """What can be asked of the caches; it holds for days on or after the last event of each case."""

    def head(self, case: str) -> Head | None:
        """The case as lists hold it, None where nothing was cached yet."""
        with self._connected() as link:
            return next(iter(heads_of(link, [case])), None)

    def heads(self, cases: Collection[str] | None = None) -> list[Head]:
        """Every case that was cached, in the order of their ids; of *cases* only those, in no order."""
        with self._connected() as link:
            return _heads(link, link.rows(HEADS)) if cases is None else heads_of(link, list(cases))

    @overload
    def open_rows(self, as_of: date, *, only_overdue: bool, names: Literal[False] = False) -> list[Listed]: ...

    @overload
    def open_rows(self, as_of: date, *, only_overdue: bool, names: Literal[True]) -> list[Row]: ...

    def open_rows(self, as_of: date, *, only_overdue: bool, names: bool = False) -> list[Listed] | list[Row]:
        """The obligations in scope that are open and current on a day, by due_by and then by case.

        In scope are the groups surveillance and result of cases that are not excluded. With *names* each is
        a plain tuple: the values of `Listed` in its order, then name, born (ISO text, as exactly as known)
        and identifiers (JSON text).
        """
        with self._connected() as link:
            rows = link.rows(LISTED[only_overdue, names], as_of=as_of.isoformat())
            return plain(link, rows) if names else as_listed(link, rows)

    def rows_of(self, cases: Collection[str]) -> list[Listed]:
        """Every obligation of these cases, open or ended, by case, course, strand and occurrence."""
        with self._connected() as link:
            return sorted(all_rows_of(link, list(cases)), key=_BY_PLACE)

    def every_row(self, batch: int = 1000) -> Iterator[Listed]:
        """Every obligation of every case, in the order of `rows_of`, *batch* cases in memory at a time."""
        cases = self.case_ids()
        for start in range(0, len(cases), batch):
            yield from self.rows_of(cases[start : start + batch])

    def replayed_for(self, as_of: date) -> list[str]:
        """The cases with an event dated after this day: for them the caches do not answer, the log has to."""
        with self._connected() as link:
            # Asked for in order, SQLite would walk every case in place of the index of days.
            return sorted(row[0] for row in link.rows(LATER, as_of=as_of.isoformat()))

    def tally(self, as_of: date, without: Collection[str] = ()) -> Tally:
        """How many obligations are in each state on this day, and how many cases have any."""
        with self._connected() as link:
            sums = {measure: int(n) for measure, n in link.rows(SUMS, as_of=as_of.isoformat())}
            for measure, n in on_day(_shares(link, sorted(set(without))), as_of).items():
                sums[measure] = sums.get(measure, 0) - n
        return tally_of(sums)

    def tally_faults(self) -> list[str]:
        """Where the tallies differ from the rows they are made from, a sentence each; empty if nowhere."""
        with self._connected() as link:
            held = {(measure, as_ordinal(day)): n for measure, day, n in link.rows(TALLIES)}
            due = {key: n for key, n in rebuilt(link).items() if n}
        return [
            f"the tally of {key[0]} from {date.fromordinal(key[1])} says {held.get(key, 0)}, "
            f"the lists {due.get(key, 0)}"
            for key in sorted(held.keys() | due.keys())
            if held.get(key) != due.get(key)
        ]


def heads_of(link: Link, cases: Sequence[str]) -> list[Head]:
    """The heads of these cases, of those that were cached."""
    return _heads(link, list(link.rows_for(HEADS_OF, cases)))


def _heads(link: Link, rows: Iterable[Row]) -> list[Head]:
    heads = [Head._make(row) for row in rows]
    return heads if link.dialect != "sqlite" else [head._replace(last_on=as_date(head.last_on)) for head in heads]


def all_rows_of(link: Link, cases: Sequence[str]) -> list[Listed]:
    """Every obligation of these cases, in no order."""
    rows = [*link.rows_for(OPEN_OF, cases), *link.rows_for(PAST_OF, cases)]
    return as_listed(link, rows)


def rebuilt(link: Link) -> Changes:
    """What all cases amount to, from their cached rows."""
    cases = [row[0] for row in link.rows(CASE_IDS)]
    made: Changes = Counter({(CASES, ALWAYS): len(cases)})
    for start in range(0, len(cases), ForCases.most):
        _count(link, cases[start : start + ForCases.most], made)
    return made


def _shares(link: Link, cases: Sequence[str]) -> Changes:
    made: Changes = Counter({(CASES, ALWAYS): len(cases)})
    _count(link, cases, made)
    return made


def _count(link: Link, cases: Sequence[str], made: Changes) -> None:
    excluded = {head.case: head.excluded for head in heads_of(link, cases)}
    rows: dict[str, list[Listed]] = {}
    for row in all_rows_of(link, cases):
        rows.setdefault(row.case, []).append(row)
    for case in cases:
        add_states(made, rows.get(case, ()), 1)
        add_case(made, excluded.get(case), rows.get(case, ()), 1)
