"""What an entry changes: where the case stands, what the rules find, what is asked, and what is due, and why."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.dates import short
from lmstrack.places import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lmstrack.case import Case
    from lmstrack.obligations import Obligation
    from lmstrack.rules import Ask, Finding


class DueChange(NamedTuple):
    """What is due of one strand before and after, None where nothing was or is; *why* in words."""

    course: int
    strand: str
    before: Obligation | None
    after: Obligation | None
    why: str


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference between a case without an entry and with it, seen from the same day.

    *state* is the pair of states where the case moves, else None.
    """

    state: tuple[str, str] | None
    findings: tuple[Finding, ...]
    findings_gone: tuple[Finding, ...]
    asks: tuple[Ask, ...]
    asks_gone: tuple[Ask, ...]
    due: tuple[DueChange, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether the entry leaves everything as it was."""
        return not (self.state or self.findings or self.findings_gone or self.asks or self.asks_gone or self.due)


def effect(before: Case, after: Case) -> Effect:
    """What changes between two views of a case as of the same day."""
    was, now = by_place(before.findings), by_place(after.findings)
    asked, asks = ({(ask.fact, ask.line): ask for ask in case.asks} for case in (before, after))
    return Effect(
        state=None if before.state == after.state else (before.state, after.state),
        findings=tuple(each for place, each in now.items() if place not in was),
        findings_gone=tuple(each for place, each in was.items() if place not in now),
        asks=tuple(ask for key, ask in asks.items() if key not in asked),
        asks_gone=tuple(ask for key, ask in asked.items() if key not in asks),
        due=tuple(_due_changes(before, after)),
    )


def by_place(findings: Iterable[Finding]) -> dict[tuple[int | None, str], Finding]:
    """Findings by the line and the rule that they are about: what makes two of them the same one."""
    return {(finding.line, finding.rule): finding for finding in findings}


def _due_changes(before: Case, after: Case) -> Iterator[DueChange]:
    ended = {each.id: each for each in after.obligations if each.ending is not None}
    for old, new in _paired(before.current(), after.current()):
        if _seen(old, before) != _seen(new, after):
            either = old or new
            was = ended.get(old.id) if old is not None else None
            if either is not None:
                yield DueChange(either.course, either.strand, old, new, _why(old, new, was, after))


def _paired(
    before: Iterable[Obligation], after: Iterable[Obligation]
) -> Iterator[tuple[Obligation | None, Obligation | None]]:
    """What is due before and after, strand by strand: the same interval first, then one that followed on another."""
    strands: dict[tuple[int, str], tuple[dict[int, Obligation], dict[int, Obligation]]] = {}
    for side, obligations in enumerate((before, after)):
        for each in obligations:
            strands.setdefault((each.course, each.strand), ({}, {}))[side][each.occurrence] = each
    for was, now in strands.values():
        for occurrence in was.keys() & now.keys():
            yield was[occurrence], now[occurrence]
        yield from zip_longest(
            (each for occurrence, each in was.items() if occurrence not in now),
            (each for occurrence, each in now.items() if occurrence not in was),
        )


def _seen(obligation: Obligation | None, case: Case) -> tuple[object, ...] | None:
    """What a reader of a list would see change."""
    if obligation is None:
        return None
    return (
        obligation.state(case.as_of),
        obligation.due_from,
        obligation.due_by,
        obligation.occurrence,
        obligation.provisional,
        obligation.catch_up,
        obligation.booked_for,
        obligation.claimed,
        obligation.partial,
    )


def _why(old: Obligation | None, new: Obligation | None, ended: Obligation | None, after: Case) -> str:
    reasons = [*_how_it_ended(old, new, ended, after)]
    if new is not None:
        reasons += _what_opened(new) if old is None else _what_differs(old, new)
    return "; ".join(reasons) or "the window is counted anew"


def _how_it_ended(
    old: Obligation | None, new: Obligation | None, ended: Obligation | None, after: Case
) -> Iterator[str]:
    if ended is not None and ended.ending is not None:
        because = f", {ended.ending.because}" if ended.ending.because else ""
        yield f"{ended.ending.state} {short(ended.ending.on)} by {told(ended.ending.line)}{because}"
    elif old is not None and new is None:
        yield f"the case is closed: {after.left}" if after.left is not None else "no longer asked for"


def _what_opened(new: Obligation) -> list[str]:
    return [f"opened by {told(new.occurrence)}"]


def _what_differs(old: Obligation, new: Obligation) -> list[str]:
    booked = "" if new.booked_for is None else f"booked for {short(new.booked_for)}"
    suspended = "no longer suspended" if new.suspended_from is None else f"suspended from {short(new.suspended_from)}"
    provisional = "provisional" if new.provisional else "no longer provisional"
    differs = (
        (old.plan != new.plan, f"plan {new.plan} instead of {old.plan}"),
        (old.since != new.since, f"counted from {short(new.since)} instead of {short(old.since)}"),
        (old.phase != new.phase, f"phase {new.phase} instead of {old.phase}"),
        (new.catch_up and not old.catch_up, "time to catch up, since the duty became known late"),
        (old.booked_for != new.booked_for, booked),
        (old.suspended_from != new.suspended_from, suspended),
        (old.provisional != new.provisional, provisional),
        (bool(new.partial) and old.partial != new.partial, f"done in part, {', '.join(new.partial)} missing"),
        (new.claimed and not old.claimed, "said to be done elsewhere"),
    )
    return [said for is_so, said in differs if is_so and said]
