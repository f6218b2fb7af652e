"""Whether a case under care can ever be left without a duty that falls due, whatever is recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.case import assess
from lmstrack.dates import Interval
from lmstrack.proofs.alphabet import Entry, follow_up_entries, pathway_entries
from lmstrack.proofs.playing import PATIENT, despite, entry_of, refused_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from lmstrack.case import Case
    from lmstrack.proofs.playing import Log
    from lmstrack.workflow import Workflow

Duties = frozenset[str]


class Found(NamedTuple):
    """How many situations were looked at and entries tried, and the nearest log with nothing due; None without one."""

    situations: int
    entries: int
    against: Log | None


def without_duty(workflow: Workflow, during: Collection[str], logs: Iterable[Log]) -> Found:
    """Go on from these logs for as long as the case stays in one of the states, and look for one with nothing due.

    Every entry is tried on the next day, and what serves follow-up after the longest interval of the file. Of two
    situations that differ only in what is due, the one in which less is due is followed: what fulfils, excuses or
    suspends a duty does so whatever else is due.
    """
    least = _Least()
    entries = 0
    tomorrow, much_later = timedelta(1), _longest(workflow)
    tried = [(entry, tomorrow) for entry in pathway_entries(workflow)]
    tried += [(entry, much_later) for entry in follow_up_entries(workflow)]
    layer: list[tuple[Log, Case]] = []
    for log in sorted(logs, key=len):
        case = _assessed(workflow, log)
        if not _due(case):
            return Found(least.count, entries, log)
        if least.is_new(case):
            layer.append((log, case))
    while layer:
        found: list[tuple[Log, Case]] = []
        for log, before in layer:
            for entry, wait in (*tried, *((entry, tomorrow) for entry in _said_of(before))):
                after = _gone_on(workflow, log, entry, log[-1].on + wait)
                if after is None:
                    continue
                entries += 1
                if after[1].state not in during:
                    continue
                if not _due(after[1]):
                    return Found(least.count, entries, after[0])
                if least.is_new(after[1]):
                    found.append(after)
        layer = found
    return Found(least.count, entries, None)


def _gone_on(workflow: Workflow, log: Log, entry: Entry, on: date) -> tuple[Log, Case] | None:
    """The log with one more entry, and the case after it; None where it cannot have happened."""
    event = entry_of(workflow, log, entry.record(on), on)
    if event is None:
        return None
    case = _assessed(workflow, (*log, event))
    return (*log, despite(event, refused_by(case.steps[-1]))), case


def _assessed(workflow: Workflow, log: Log) -> Case:
    return assess(PATIENT, log, {workflow.name: workflow}, log[-1].on)


def _due(case: Case) -> Duties:
    """The strands that are open and fall due, neither ended nor suspended; a report that is awaited keeps nobody."""
    return frozenset(
        each.strand
        for each in case.obligations
        if each.ending is None and each.due_by is not None and each.suspended_from is None and each.group != "result"
    )


def _said_of(case: Case) -> Iterator[Entry]:
    """What can be said of each open duty: its report has come, it is declined once or for good, it waits."""
    for each in case.obligations:
        if each.ending is None:
            declined = {"strand": each.strand, "reason": "declined"}
            yield Entry("excuse", declined)
            yield Entry("excuse", {**declined, "standing": True}, {"review_on": 90})
            yield Entry("suspend", {"strand": each.strand}, {"review_on": 90})
            if each.group == "result":
                yield Entry("result", {"line": each.occurrence, "outcome": "no_disease"}, {"reported_on": 0})


class _Least:
    """The smallest sets of duties seen so far in each state, course and plan."""

    def __init__(self) -> None:
        self.count = 0
        self._seen: dict[tuple[object, ...], list[Duties]] = {}

    def is_new(self, case: Case) -> bool:
        """Whether no situation with as little due was seen before."""
        due = _due(case)
        plans = frozenset(each.plan for each in case.obligations if each.ending is None)
        seen = self._seen.setdefault((case.state, case.course > 1, plans), [])
        if any(other <= due for other in seen):
            return False
        self.count += 1
        seen.append(due)
        return True


def _longest(workflow: Workflow) -> timedelta:
    """The longest that any strand waits between two times, in days."""
    strands = (*(strand for plan in workflow.plans for strand in plan.strands), *workflow.expectations)
    every = [phase.every.latest for strand in strands for phase in strand.phases]
    days = max((_days(each) for each in every), default=1)
    return timedelta(days)


def _days(interval: Interval) -> int:
    return interval.days + 31 * interval.months
