"""Moving cases to another version of the guideline: what it changes for each of them, before it is done and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from lmstrack.dates import PartialDate
from lmstrack.effort import ALONE
from lmstrack.entering import Entry
from lmstrack.records import AdoptWorkflow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from lmstrack.effects import DueChange
    from lmstrack.effort import Effort
    from lmstrack.entering import Desk
    from lmstrack.records import Person
    from lmstrack.standings import Standing, Standings
    from lmstrack.workflow import Workflow

#: Cases that a preview keeps other writers waiting for at a time.
_AT_ONCE: Final = 100
#: Why a case is left out of whom nothing was entered yet: it begins with the version of new cases.
NOTHING_YET: Final = "nothing recorded yet"


class Adopted(NamedTuple):
    """One case and what adopting the version changes for it; *line* is None where nothing was written.

    *findings* is how many rules are newly not met, *findings_gone* how many no longer.
    """

    case: str
    navigator: str | None
    line: int | None
    due: tuple[DueChange, ...]
    findings: int
    findings_gone: int

    @property
    def gives_time(self) -> bool:
        """Whether something is due by the new version already, or too soon, so that it gets time to catch up."""
        return any(map(gives_time, self.due))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which cases are looked at: those named, of a *navigator*, in a *state*; None of the three: all."""

    only: Collection[str] | None = None
    navigator: str | None = None
    state: str | None = None

    def has(self, each: Standing) -> bool:
        """Whether a case is among them."""
        navigator, state = (None, None) if each.head is None else (each.head.navigator, each.head.state)
        return (
            (self.only is None or each.case in self.only)
            and self.navigator in {None, navigator}
            and self.state in {None, state}
        )


@dataclass(frozen=True, slots=True)
class Adoption:
    """What becomes of the cases that were looked at: those that adopt a version, follow it already, or are left out.

    *left_out* gives the number of cases per reason; *people* who the cases are about, empty where not asked for.
    """

    workflow: str
    as_of: date
    written: bool
    looked_at: int
    cases: Sequence[Adopted]
    already: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)

    @property
    def add_up(self) -> bool:
        """Whether every case that was looked at is accounted for."""
        return self.looked_at == len(self.cases) + self.already + sum(self.left_out.values())


class OpensDesk(Protocol):
    """Opens a desk for one transaction."""

    def __call__(self, *, dry_run: bool) -> AbstractContextManager[Desk]:
        """A desk; with *dry_run* one that writes nothing."""


def gives_time(change: DueChange) -> bool:
    """Whether the change gives something time to catch up that had none before."""
    return change.after is not None and change.after.catch_up and not (change.before and change.before.catch_up)


def adoption(
    found: Standings,
    workflow: Workflow,
    open_desk: OpensDesk,
    chosen: Chosen,
    *,
    commit: bool,
    effort: Effort = ALONE,
) -> Adoption:
    """Let the *chosen* of the cases *found* adopt a version in one transaction, or say what it would change.

    A case that has left is moved only where it is named.
    """
    wanted = [each for each in found.cases if chosen.has(each)]
    moved: list[Standing] = []
    left_out: Counter[str] = Counter()
    already = 0
    for each in wanted:
        if each.head is None or each.head.lines == 0:
            left_out[NOTHING_YET] += 1
        elif each.head.workflow == workflow.name:
            already += 1
        elif each.head.excluded is not None and chosen.only is None:
            left_out[each.head.excluded] += 1
        else:
            moved.append(each)
    at_once = len(moved) if commit else _AT_ONCE
    cases: list[Adopted] = []
    for start in range(0, len(moved), max(at_once, 1)):
        with open_desk(dry_run=not commit) as desk:
            for adopted in _adopted(desk, workflow, moved[start : start + at_once]):
                cases.append(adopted)
                effort.tell(len(cases))
    return Adoption(
        workflow=workflow.name,
        as_of=found.as_of,
        written=commit,
        looked_at=len(wanted),
        cases=cases,
        already=already,
        left_out=dict(sorted(left_out.items())),
        people={each.case: found.people[each.case] for each in cases if each.case in found.people},
    )


def _adopted(desk: Desk, workflow: Workflow, cases: Sequence[Standing]) -> Iterator[Adopted]:
    record, today = AdoptWorkflow(workflow=workflow.pin), PartialDate.day(desk.today)
    for each in cases:
        recorded = desk.enter(Entry(each.case, record, today))
        changes = recorded.effect
        yield Adopted(
            case=each.case,
            navigator=None if each.head is None else each.head.navigator,
            line=None if desk.dry_run else recorded.event.line,
            due=changes.due,
            findings=len(changes.findings),
            findings_gone=len(changes.findings_gone),
        )
