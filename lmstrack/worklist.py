"""The list of what there is to do, and the proof that nothing is missing from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from lmstrack.needs import Need, WorkItem, need_of
from lmstrack.obligations import ObligationState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from lmstrack.listing import Listed
    from lmstrack.lists import Totals
    from lmstrack.records import Person


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """The open obligations of every group of cases in scope, by what they are on a day.

    *not_begun* are those that lists do not count yet, because what was excused before them is counted still.
    *next_due* is the first day on which one of the upcoming becomes due, None where none does.
    """

    overdue: int = 0
    due: int = 0
    upcoming: int = 0
    suspended: int = 0
    undetermined: int = 0
    not_begun: int = 0
    next_due: date | None = None

    @classmethod
    def of(cls, counts: Mapping[str, int], next_due: date | None) -> OpenCounts:
        """The counts by the names of their states; a state that is not there has none."""
        numbers: dict[str, int] = {name: counts.get(name, 0) for name in COUNTED}
        return cls(**numbers, next_due=next_due)

    @property
    def whole(self) -> int:
        """All of them."""
        return self.overdue + self.due + self.upcoming + self.suspended + self.undetermined + self.not_begun

    def __add__(self, other: OpenCounts) -> OpenCounts:
        days = [day for day in (self.next_due, other.next_due) if day is not None]
        both = {name: getattr(self, name) + getattr(other, name) for name in COUNTED}
        return OpenCounts.of(both, min(days, default=None))


COUNTED: Final = ("overdue", "due", "upcoming", "suspended", "undetermined", "not_begun")


def counted(rows: Iterable[Listed], as_of: date) -> OpenCounts:
    """How many of these open obligations are in which state."""
    counts: Counter[str] = Counter()
    ahead: list[date] = []
    for row in rows:
        state = row.state(as_of) if row.current(as_of) else None
        counts["not_begun" if state is None else str(state)] += 1
        if state is ObligationState.UPCOMING and row.due_from is not None:
            ahead.append(row.due_from)
    return OpenCounts.of(counts, min(ahead, default=None))


@dataclass(frozen=True, slots=True)
class WorkTotals:
    """What the list amounts to, counted in more than one way.

    *open* is the number of open obligations that the heads of the cases tell, *counts* what they are by their rows.
    *needs* are the rows of the list by need; *booked* are due or overdue and have an appointment in time. *cases* are
    the totals of the overdue list, which is counted by itself. *questions* is None where nobody looked for any.
    """

    open: int
    counts: OpenCounts
    needs: Mapping[Need, int]
    booked: int
    booked_late_ahead: int
    late_in_scope: int
    cases: Totals
    questions: int | None

    @property
    def listed(self) -> int:
        """The rows of the list that are obligations."""
        return sum(self.needs.values()) - self.needs.get(Need.NOTHING_DUE, 0) - self.needs.get(Need.QUESTION, 0)

    @property
    def upcoming(self) -> int:
        """The upcoming that are not on the list."""
        return self.counts.upcoming - self.booked_late_ahead

    @property
    def add_up(self) -> bool:
        """Whether nobody is missing, by heads, rows, tallies and the list itself."""
        counts, totals = self.counts, self.cases
        late = totals.overdue + totals.overdue_booked
        return (
            self.open == counts.whole
            and counts.overdue + counts.due == self.listed - self.booked_late_ahead + self.booked
            and late == self.late_in_scope
            and self.needs.get(Need.NOTHING_DUE, 0) == totals.without_obligation
            and totals.add_up
        )

    def to_dict(self) -> dict[str, object]:
        """The totals in the form that is promised to other programs."""
        counts = self.counts
        cases = self.cases.to_dict()["cases"]
        return {
            "open": self.open,
            "listed": self.listed,
            "booked": self.booked,
            "upcoming": self.upcoming,
            "suspended": counts.suspended,
            "undetermined": counts.undetermined,
            "not_begun": counts.not_begun,
            "needs": {need.value: self.needs.get(need, 0) for need in Need},
            "questions": self.questions,
            "cases": cases,
        }


@dataclass(frozen=True, slots=True)
class WorkList(Sequence[WorkItem]):
    """What there is to do on a day, as known at an instant (None: everything on record), the most urgent first.

    *chain* gives the audit head; it is asked only where a report prints it. *people* holds who the patients are, empty
    where names were not asked for.
    """

    as_of: date
    known_at: datetime | None
    workflow: str
    items: Sequence[WorkItem]
    totals: WorkTotals
    chain: Callable[[], str]
    people: Mapping[str, Person] = field(default_factory=dict)

    @property
    def head(self) -> str:
        """The audit head of the database that the list came from, as it stands when this is asked."""
        return self.chain()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[WorkItem]:
        return iter(self.items)

    def __getitem__(self, index: int) -> WorkItem:  # type: ignore[override]
        return self.items[index]


def totals_of(
    items: Iterable[WorkItem],
    pressing: Iterable[Listed],
    as_of: date,
    cases: Totals,
    open_ones: tuple[int, OpenCounts],
    scope: Iterable[str],
    *,
    asked: bool,
) -> WorkTotals:
    """What a list of these items amounts to; *pressing* are the rows that it was made from.

    *open_ones* are the open obligations by the heads and by the rows, *scope* the groups that *cases* counts.
    """
    needs = Counter(item.need for item in items)
    late_ahead = booked = in_scope = 0
    groups = set(scope)
    for row in pressing:
        state = row.state(as_of)
        need = need_of(row, as_of)
        if state is ObligationState.UPCOMING:
            late_ahead += need is Need.BOOKED_LATE
        elif need is None and state in {ObligationState.DUE, ObligationState.OVERDUE}:
            booked += 1
        in_scope += state is ObligationState.OVERDUE and row.group in groups
    questions = sum(len(item.questions) for item in items) if asked else None
    return WorkTotals(open_ones[0], open_ones[1], needs, booked, late_ahead, in_scope, cases, questions)
