"""Lists of obligations that add up: rows, and below them the reconciliation that proves nobody is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lmstrack.errors import InvalidData
from lmstrack.frames import pandas_frame, polars_frame
from lmstrack.listing import Listed
from lmstrack.obligations import DECLINED_FOR_GOOD, ObligationState
from lmstrack.records.faults import did_you_mean, echoed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from lmstrack.case import Case
    from lmstrack.records import Person

#: The groups that an overdue list looks at; the clocks before treatment have a list of their own.
IN_SCOPE = frozenset({"surveillance", "result"})
#: What a list may be asked for by name.
GROUPS: Mapping[str, Set[str]] = {
    "surveillance": frozenset({"surveillance"}),
    "result": frozenset({"result"}),
    "pathway": frozenset({"pathway"}),
    "all": IN_SCOPE | {"pathway"},
}
#: What a list may be asked for by state: the counts below it; *declined* are the excused that are for good.
IN_STATE: Final = ("overdue", "due", "upcoming", "excused", "declined", "suspended", "undetermined")
#: Those of them of which somebody has to ask again on a day.
ASKED_AGAIN: Final = frozenset({"excused", "declined", "suspended"})
#: The strand that asks again about what is excused for good.
_REVIEW: Final = "excuse_review"
#: The keys of a row, in their order, and those that are there only where names are told.
ROW_KEYS: Final = (
    "case",
    "course",
    "strand",
    "occurrence",
    "state",
    "days_overdue",
    "counts_from",
    "due_from",
    "due_by",
    "last_done",
    "phase",
    "plan",
    "provisional",
    "catch_up",
    "booked_for",
    "stage",
    "navigator",
    "next_action",
    "rule",
    "source",
)
NAME_KEYS: Final = ("name", "born", "identifiers")
_DAYS: Final = ("counts_from", "due_from", "due_by", "last_done", "booked_for")
_OVER = frozenset({ObligationState.FULFILLED, ObligationState.CLOSED, ObligationState.VOID})
_COUNTED = ("overdue", "overdue_booked", "due", "upcoming", "excused", "suspended", "undetermined")


def groups_named(name: str | None) -> Set[str]:
    """The groups that a list is asked for; None stands for those it looks at by default. Raises `InvalidData`."""
    if name is None:
        return IN_SCOPE
    if name not in GROUPS:
        fault = f"group: {echoed(name)} is not one of {', '.join(GROUPS)}{did_you_mean(name, GROUPS)}"
        raise InvalidData("List what is overdue", [fault])
    return GROUPS[name]


def state_named(name: str) -> str:
    """The state that a list is asked for. Raises `InvalidData`."""
    if name not in IN_STATE:
        fault = f"state: {echoed(name)} is not one of {', '.join(IN_STATE)}{did_you_mean(name, IN_STATE)}"
        raise InvalidData("List what is in a state", [fault])
    return name


def _in_scope(row: Listed, as_of: date, groups: Set[str]) -> bool:
    return row.group in groups and row.excluded is None and row.current(as_of)


def is_in(state: str, row: Listed, as_of: date, groups: Set[str]) -> bool:
    """Whether the list of what is in a state has this row: it is current on the day, in scope, and of these groups."""
    if not _in_scope(row, as_of, groups):
        return False
    if state == "declined":
        return row.because == DECLINED_FOR_GOOD and row.state(as_of) is ObligationState.EXCUSED
    return row.state(as_of).value == state


def with_day_to_ask(rows: Iterable[Listed], of_the_case: Iterable[Listed]) -> list[Listed]:
    """These rows, each that is excused for good with the day on which it is to be asked about again as `review_on`.

    *of_the_case* are all obligations of the same cases; the one that asks again was opened by the line that excused.
    """
    asked = {(row.case, row.occurrence): row.due_by for row in of_the_case if row.strand == _REVIEW}
    return [
        row._replace(review_on=asked[row.case, row.ended_by])
        if row.ended_by is not None and (row.case, row.ended_by) in asked
        else row
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Totals:
    """How many current obligations are in which state, and how many cases have one.

    ``overdue`` leaves out those that are overdue but booked, which ``overdue_booked`` counts. ``declined`` are those of
    the excused that were declined for good. *excluded* gives the number of cases per reason.
    """

    overdue: int = 0
    overdue_booked: int = 0
    due: int = 0
    upcoming: int = 0
    excused: int = 0
    suspended: int = 0
    undetermined: int = 0
    declined: int = 0
    in_scope: int = 0
    cases: int = 0
    with_obligation: int = 0
    without_obligation: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)

    @property
    def add_up(self) -> bool:
        """Whether the states sum to what is in scope, and the cases to their total."""
        states = sum(getattr(self, name) for name in _COUNTED)
        cases = self.with_obligation + self.without_obligation + sum(self.excluded.values())
        return states == self.in_scope and cases == self.cases

    def __add__(self, other: Totals) -> Totals:
        reasons = sorted({*self.excluded, *other.excluded})
        names = (*_COUNTED, "declined", "in_scope", "cases", "with_obligation", "without_obligation")
        return Totals(
            **{name: getattr(self, name) + getattr(other, name) for name in names},
            excluded={reason: self.excluded.get(reason, 0) + other.excluded.get(reason, 0) for reason in reasons},
        )

    def to_dict(self) -> dict[str, object]:
        """The totals in the form that is promised to other programs."""
        return {
            "in_scope": self.in_scope,
            **{name: getattr(self, name) for name in _COUNTED},
            "cases": {
                "total": self.cases,
                "with_obligation": self.with_obligation,
                "without_obligation": self.without_obligation,
                "excluded": dict(sorted(self.excluded.items())),
            },
        }


def counted(rows: Iterable[Listed], as_of: date, groups: Set[str] = IN_SCOPE) -> dict[str, int]:
    """The current obligations of these groups, per state; an open one that is booked counts apart if overdue."""
    counts = dict.fromkeys(_COUNTED, 0)
    for row in rows:
        if not _in_scope(row, as_of, groups):
            continue
        state = row.state(as_of)
        booked = state is ObligationState.OVERDUE and row.booked_for is not None and row.booked_for >= as_of
        name = "overdue_booked" if booked else str(state)
        if name in counts:
            counts[name] += 1
    return counts


def totals_of(cases: Iterable[tuple[Case, Sequence[Listed]]], as_of: date, groups: Set[str] = IN_SCOPE) -> Totals:
    """The totals of cases that were assessed as of this day, counted one by one; *groups* are what is in scope."""
    states = dict.fromkeys(_COUNTED, 0)
    excluded: dict[str, int] = {}
    every = with_obligation = declined = 0
    for case, rows in cases:
        every += 1
        declined += sum(1 for row in rows if is_in("declined", row, as_of, groups))
        for name, count in counted(rows, as_of, groups).items():
            states[name] += count
        if case.left is not None:
            excluded[case.left] = excluded.get(case.left, 0) + 1
        elif looked_after(rows, as_of):
            with_obligation += 1
    return Totals(
        **states,
        declined=declined,
        in_scope=sum(states.values()),
        cases=every,
        with_obligation=with_obligation,
        without_obligation=every - with_obligation - sum(excluded.values()),
        excluded=dict(sorted(excluded.items())),
    )


def looked_after(rows: Iterable[Listed], as_of: date) -> bool:
    """Whether any obligation is current on this day and neither done nor closed."""
    return any(row.current(as_of) and row.state(as_of) not in _OVER for row in rows)


@dataclass(frozen=True, slots=True)
class ObligationList(Sequence[Listed]):
    """Rows of obligations as of a day, as known at an instant (None: everything on record), and their totals.

    *chain* gives the audit head; it is asked only where a report prints it, because it looks at every case. *people*
    holds who the patients are, empty where names were not asked for. *groups* are those that the totals count. *state*
    is the one that all rows are in, None where they are in any.
    """

    as_of: date
    known_at: datetime | None
    workflow: str
    rows: Sequence[Listed]
    totals: Totals
    chain: Callable[[], str]
    people: Mapping[str, Person] = field(default_factory=dict)
    groups: Set[str] = IN_SCOPE
    state: str | None = "overdue"

    @property
    def head(self) -> str:
        """The audit head of the database that the list came from, as it stands when this is asked."""
        return self.chain()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Listed]:
        return iter(self.rows)

    def __getitem__(self, index: int) -> Listed:  # type: ignore[override]
        return self.rows[index]

    def to_dicts(self) -> list[dict[str, object]]:
        """The rows in the form that is promised to other programs: dates ISO, a key always present."""
        return [self._plain(row) for row in self.rows]

    def to_pandas(self) -> Any:
        """The rows as a frame of pandas, days as datetimes. Raises `UsageFault` where pandas is not installed."""
        return pandas_frame(self.to_dicts(), self._keys(), _DAYS)

    def to_polars(self) -> Any:
        """The rows as a frame of polars, days as dates. Raises `UsageFault` where polars is not installed."""
        return polars_frame(self.to_dicts(), self._keys(), _DAYS)

    def _keys(self) -> tuple[str, ...]:
        return (*ROW_KEYS, *NAME_KEYS) if self.people else ROW_KEYS

    def _plain(self, row: Listed) -> dict[str, object]:
        state = row.state(self.as_of)
        late = state is ObligationState.OVERDUE and row.due_by is not None
        plain: dict[str, object] = {
            "case": row.case,
            "course": row.course,
            "strand": row.strand,
            "occurrence": row.occurrence,
            "state": str(state),
            "days_overdue": (self.as_of - row.due_by).days if late and row.due_by is not None else None,
            "counts_from": _iso(row.counts_from),
            "due_from": _iso(row.due_from),
            "due_by": _iso(row.due_by),
            "last_done": _iso(row.last_done),
            "phase": row.phase,
            "plan": row.plan,
            "provisional": row.provisional,
            "catch_up": row.catch_up,
            "booked_for": _iso(row.booked_for),
            "stage": row.stage,
            "navigator": row.navigator,
            "next_action": row.next_action,
            "rule": row.rule,
            "source": row.source,
        }
        person = self.people.get(row.case)
        if person is not None:
            plain |= {
                "name": person.name,
                "born": None if person.born is None else str(person.born),
                "identifiers": dict(person.identifiers),
            }
        return plain


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
