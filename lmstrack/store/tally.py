"""How many obligations are in which state on a day, without looking at each of them.

Over the days, an obligation passes through its states one after the other, so each state is a span of days.
The table of tallies holds, for each day, how many spans of a state begin less how many have ended; the sum
up to a day is the count on it. What a case adds to that table is worked out here from its rows, and the
table is kept up by the differences.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from lmstrack.obligations import DECLINED_FOR_GOOD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lmstrack.listing import Listed

    #: By measure and day (an ordinal): by how much the measure changes on that day.
    Changes = Counter[tuple[str, int]]

#: Measures beside the states.
CASES: Final = "cases"
WITH_OBLIGATION: Final = "with_obligation"
EXCLUDED: Final = "excluded/"

#: Holds on every day.
ALWAYS: Final = date.min.toordinal()

_NEVER: Final = date.max.toordinal() + 1
_GROUPS: Final = frozenset({"surveillance", "result"})
_STATES: Final = frozenset({"upcoming", "due", "overdue", "overdue_booked", "suspended", "undetermined", "excused"})


@dataclass(frozen=True, slots=True)
class Tally:
    """How many current obligations in scope are in each state on a day, and how many cases have any.

    *overdue* leaves out those with a booking that is not past, which *overdue_booked* counts, so that the
    seven sum to `in_scope`; *declined* are those of the excused that were declined for good. In scope are the
    groups surveillance and result of cases that are not excluded; *with_obligation* counts cases with a current
    obligation of any group; *excluded* gives cases by reason.
    """

    overdue: int = 0
    overdue_booked: int = 0
    due: int = 0
    upcoming: int = 0
    excused: int = 0
    suspended: int = 0
    undetermined: int = 0
    declined: int = 0
    cases: int = 0
    with_obligation: int = 0
    excluded: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def in_scope(self) -> int:
        """All current obligations in scope."""
        return sum(getattr(self, state) for state in _STATES)

    @property
    def without_obligation(self) -> int:
        """Cases that are neither excluded nor have an obligation: those a list would lose."""
        return self.cases - self.with_obligation - sum(self.excluded.values())


def tally_of(measures: Mapping[str, int]) -> Tally:
    """The tally that these measures, by name, amount to."""
    plain = {each.name: measures.get(each.name, 0) for each in fields(Tally) if each.name != "excluded"}
    excluded = {
        name.removeprefix(EXCLUDED): count
        for name, count in sorted(measures.items())
        if name.startswith(EXCLUDED) and count
    }
    return Tally(**plain, excluded=MappingProxyType(excluded))


def add_states(made: Changes, rows: Iterable[Listed], times: int) -> None:
    """Add what these rows are counted for, *times* 1, or take it back, *times* -1."""
    for row in rows:
        if row.excluded is None and row.group in _GROUPS:
            for state, first, end in spans(row):
                _add(made, state, first, end, times)


def add_case(made: Changes, excluded: str | None, rows: Iterable[Listed], times: int) -> None:
    """Add that a case has an obligation on some days, or is *excluded* for a reason; or take it back."""
    if excluded is not None:
        made[EXCLUDED + excluded, ALWAYS] += times
        return
    for first, end in _joined(counted_days(row) for row in rows):
        _add(made, WITH_OBLIGATION, first, end, times)


def on_day(made: Changes, as_of: date) -> Counter[str]:
    """What changes amount to on a day, by measure."""
    day = as_of.toordinal()
    total: Counter[str] = Counter()
    for (measure, since), n in made.items():
        if since <= day:
            total[measure] += n
    return total


def counted_days(row: Listed) -> tuple[int, int]:
    """The first day on which an obligation is current, in a state that counts, and the day after the last."""
    end = _NEVER if row.current_until is None else row.current_until.toordinal() + 1
    if row.ended is not None and row.ended_on is not None and row.ended not in _STATES:
        end = min(end, row.ended_on.toordinal())
    return row.current_from.toordinal(), end


def spans(row: Listed) -> Iterator[tuple[str, int, int]]:
    """The states of an obligation while it is current, each from a first day to the day after, as ordinals.

    What was fulfilled or closed is counted no more, and has no span.
    """
    first = row.current_from.toordinal()
    end = _NEVER if row.current_until is None else row.current_until.toordinal() + 1
    over = _NEVER
    if row.ended is not None and row.ended_on is not None:
        over = row.ended_on.toordinal()
        if row.ended in _STATES:
            yield from _within(row.ended, max(first, over), end)
            if row.because == DECLINED_FOR_GOOD:
                yield from _within("declined", max(first, over), end)
    open_end = min(end, over)
    if row.suspended_from is not None:
        suspended = row.suspended_from.toordinal()
        yield from _within("suspended", max(first, suspended), open_end)
        open_end = min(open_end, suspended)
    if row.due_by is None or row.due_from is None:
        yield from _within("undetermined", first, open_end)
        return
    late = row.due_by.toordinal() + 1
    due = min(row.due_from.toordinal(), late)
    booked = late if row.booked_for is None else max(late, row.booked_for.toordinal() + 1)
    yield from _within("upcoming", first, min(open_end, due))
    yield from _within("due", max(first, due), min(open_end, late))
    yield from _within("overdue_booked", max(first, late), min(open_end, booked))
    yield from _within("overdue", max(first, booked), open_end)


def _within(state: str, first: int, end: int) -> Iterator[tuple[str, int, int]]:
    if first < end:
        yield state, first, end


def _add(made: Changes, measure: str, first: int, end: int, times: int) -> None:
    made[measure, first] += times
    if end < _NEVER:
        made[measure, end] -= times


def _joined(days: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The days that any of these cover, as stretches that do not touch, from a first day to the day after."""
    reached = begun = 0  # ordinals begin with 1
    for first, end in sorted(days):
        if first >= end:
            continue
        if first > reached:
            if reached:
                yield begun, reached
            begun = first
        reached = max(reached, end)
    if reached:
        yield begun, reached
