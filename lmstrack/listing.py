"""What lists are made of: one row an obligation, one head a case, both derived from an assessed case.

The store keeps them as caches. Nothing in a row depends on the day of the list, only on the log: the state and the days
overdue are worked out when a list is asked for.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.events import horizon
from lmstrack.joined import own_lines
from lmstrack.obligations import ObligationState, state_of_open
from lmstrack.records import Assign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lmstrack.case import Case
    from lmstrack.events import Event
    from lmstrack.obligations import Obligation


class Listed(NamedTuple):
    """One obligation as lists hold it; the fields are the columns of the cache.

    *ended* is fulfilled, excused or closed, on *ended_on* by line *ended_by*; all three None while it is open.
    *excluded* is why the case is left out of the totals, None while it is in scope.
    """

    case: str
    course: int
    strand: str
    occurrence: int
    group: str
    since: date
    counts_from: date | None
    due_from: date | None
    due_by: date | None
    current_from: date
    current_until: date | None
    last_done: date | None
    phase: int | None
    plan: str | None
    provisional: bool
    catch_up: bool
    booked_for: date | None
    attempts: int
    contacts: int
    claimed: bool
    partial: str
    lost: bool
    transfer_pending: bool
    at_risk_from: date | None
    suspended_from: date | None
    review_on: date | None
    ended: str | None
    ended_on: date | None
    ended_by: int | None
    because: str
    stage: str | None
    navigator: str | None
    next_action: str
    rule: str
    source: str
    excluded: str | None

    def state(self, as_of: date) -> ObligationState:
        """The one state on this day, from what the log holds now."""
        if self.ended is not None and self.ended_on is not None and self.ended_on <= as_of:
            return ObligationState(self.ended)
        return state_of_open(as_of, self.due_from, self.due_by, self.suspended_from)

    def current(self, as_of: date) -> bool:
        """Whether lists of this day count it."""
        return self.current_from <= as_of and (self.current_until is None or as_of <= self.current_until)


class Head(NamedTuple):
    """One case as lists hold it.

    *lines* is the number of lines in its log; *last_on* the latest day that any of its events is dated to, that one
    tells something ended on, or on which a navigator handed it back, None for an empty log: lists of earlier days have
    to be replayed. *open* is how many obligations are current, in any group. *excluded* is why the
    case is left out of lists, None while it is in scope.
    """

    case: str
    lines: int
    last_on: date | None
    state: str
    course: int
    workflow: str | None
    navigator: str | None
    stage: str | None
    excluded: str | None
    open: int


# Made by the dozen for every case, and by their own class in twice the time.
_listed: Final[Callable[[tuple[object, ...]], Listed]] = partial(tuple.__new__, Listed)
_NEXT_DAY: Final = timedelta(1)
#: What stands in place of an ending.
_OPEN: Final = (None, None, None, "")


def listed(case: Case) -> list[Listed]:
    """Every obligation of the case, past and open, as a list of this day shows it."""
    stage, navigator = _stage(case), _navigator(case, case.as_of)
    return [_row(obligation, stage, navigator, case.left) for obligation in case.obligations]


def cached(case: Case, case_id: str, log: Sequence[Event]) -> tuple[Head, list[Listed]]:
    """What lists hold of a case that was assessed over its whole log: its head, and every obligation.

    It is what they show from the day `Head.last_on` on; of the days before it somebody has to be asked again.
    """
    stage, navigator = _stage(case), _navigator(case, None)
    return head_of(case, case_id, log), [_row(each, stage, navigator, case.left) for each in case.obligations]


def _row(obligation: Obligation, stage: str | None, navigator: str | None, excluded: str | None) -> Listed:
    (
        case,
        course,
        strand,
        occurrence,
        group,
        rule,
        source,
        plan,
        since,
        counts_from,
        due_from,
        due_by,
        current_from,
        current_until,
        phase,
        provisional,
        catch_up,
        at_risk_from,
        ending,
        suspended_from,
        review_on,
        last_done,
        booked_for,
        attempts,
        contacts,
        claimed,
        parts,
        lost,
        transfer_pending,
        next_action,
    ) = obligation
    state, ended_on, ended_by, because = ending or _OPEN
    return _listed((
        case,
        course,
        strand,
        occurrence,
        group,
        since,
        counts_from,
        due_from,
        due_by,
        current_from,
        current_until,
        last_done,
        phase,
        plan,
        provisional,
        catch_up,
        booked_for,
        attempts,
        contacts,
        claimed,
        ",".join(parts),
        lost,
        transfer_pending,
        at_risk_from,
        suspended_from,
        review_on,
        state and state.value,
        ended_on,
        ended_by,
        because,
        stage,
        navigator,
        next_action,
        rule,
        source,
        excluded,
    ))  # fmt: skip


def head_of(case: Case, case_id: str, log: Sequence[Event]) -> Head:
    """The head of a case that was assessed over its whole log."""
    return Head(
        case=case_id,
        lines=own_lines(log),
        last_on=_last_on(case, log),
        state=case.state,
        course=case.course,
        workflow=case.workflow if log else None,
        navigator=_navigator(case, None),
        stage=_stage(case),
        excluded=case.left,
        open=sum(1 for obligation in case.obligations if obligation.ending is None),
    )


def _last_on(case: Case, log: Sequence[Event]) -> date | None:
    last = horizon(log)
    ends = [each.ending.on for each in case.obligations if each.ending is not None]
    ends += [until + _NEXT_DAY for until in _handed_back(case) if until < date.max]
    return last if last is None or not ends else max(last, *ends)


def _stage(case: Case) -> str | None:
    """The stage that is stated; where none is, the one that follows, marked as computed."""
    stated = case.facts.staged("stage_group") or case.facts.staged("figo_stage")
    if stated is not None or not case.facts.staging_on_record():
        return stated
    computed = case.stage().certain
    return None if computed is None else f"{computed} (computed)"


def _navigator(case: Case, on: date | None) -> str | None:
    """Who has the case on a day: the last who took it and has not handed it back; *on* None: for good."""
    for record in _assigned(case):
        if record.until is None or (on is not None and on <= record.until):
            return record.navigator
    return None


def _assigned(case: Case) -> Iterator[Assign]:
    """Who took the case, the last first."""
    for event in reversed(case.facts.all("assign")):
        if isinstance(event.record, Assign):
            yield event.record


def _handed_back(case: Case) -> Iterator[date]:
    """The last days of those who took the case for a time from whoever has it for good."""
    for record in _assigned(case):
        if record.until is None:
            return
        yield record.until
