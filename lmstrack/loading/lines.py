"""Incoming events as lines of a log: their order, their numbers, and the lines that they speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lmstrack.events import made_event
from lmstrack.joined import own_lines
from lmstrack.places import LINES, address
from lmstrack.records import NAMES_A_LINE, line_named, rank, renumbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from lmstrack.events import Event
    from lmstrack.loading.identity import Candidate
    from lmstrack.loading.reports import KnownCase
    from lmstrack.loading.terms import Terms


@dataclass(frozen=True, slots=True)
class Lined:
    """The lines that a log would gain, in order, with the row of the file that each comes from.

    *exported* are the lines that keep the place they have in the log they come from. *refused* are rows that
    speak of a line which is not there, with the reason.
    """

    events: tuple[Event, ...] = ()
    rows: tuple[int, ...] = ()
    exported: frozenset[int] = frozenset()
    refused: Mapping[int, str] = field(default_factory=dict)


def lined_up(
    candidates: Sequence[Candidate],
    new: Sequence[Candidate],
    known: KnownCase | None,
    name: str,
    terms: Terms,
) -> Lined:
    """Put the *new* ones of the candidates into lines of the known case, or of a new one of this *name*.

    A case that is not known keeps the numbers, instants and names of an export; where a line is missing from
    it the later ones move up, and what speaks of them with them. Otherwise the events come after the log, in
    the order of the pathway.
    """
    log = () if known is None else known.log
    case = name if known is None else known.id
    ordered = sorted(new, key=_as_exported if known is None else _as_it_happened)
    last = own_lines(log)
    numbers = _numbers(candidates, ordered, last)
    pinned = None if last else _pin(ordered, terms)
    at = max(terms.at, *(event.recorded_at for event in log)) if log else terms.at
    events: list[Event] = []
    refused: dict[int, str] = {}
    for number, candidate in enumerate(ordered, last + 1):
        incoming = candidate.event
        record = incoming.record
        if record.kind in NAMES_A_LINE:
            named = line_named(record)
            # A line of an export speaks of the lines of that export; any other, of those on record here.
            if incoming.line is not None and named is not None and named not in numbers:
                refused[incoming.row] = f"{record.kind} speaks of line {named}, which is not taken"
            elif record.kind == "correct" and named is not None and numbers.get(named, named) >= LINES:
                where = address(case, numbers.get(named, named))
                refused[incoming.row] = f"it corrects a line of another log: lmstrack event correct {where} …"
            record = renumbered(record, lambda line: numbers.get(line, line)) if incoming.line is not None else record
        exported = incoming if known is None else _NOT_EXPORTED
        events.append(
            made_event(
                case,
                number,
                incoming.on.first,
                record,
                exported.recorded_at or at,
                exported.recorded_by or terms.by,
                incoming.on.precision,
                candidate.source,
                candidate.source_id,
                incoming.departures,
                terms.as_history or exported.as_history,
                pinned if number == 1 else None,
            )
        )
    return Lined(
        tuple(events),
        tuple(candidate.event.row for candidate in ordered),
        frozenset(number for number, each in enumerate(ordered, 1) if known is None and each.event.line is not None),
        refused,
    )


@dataclass(frozen=True, slots=True)
class _Exported:
    """What an export says of a line beside what happened."""

    recorded_at: datetime | None = None
    recorded_by: str | None = None
    as_history: bool = False


_NOT_EXPORTED = _Exported()


def _numbers(candidates: Iterable[Candidate], ordered: Iterable[Candidate], last: int) -> dict[int, int]:
    """Which line of the log each line of the file is, or becomes."""
    numbers = {
        each.event.line: each.known_as
        for each in candidates
        if each.event.line is not None and each.known_as is not None
    }
    for number, each in enumerate(ordered, last + 1):
        if each.event.line is not None:
            numbers[each.event.line] = number
    return numbers


def _pin(ordered: Iterable[Candidate], terms: Terms) -> str:
    """The version that the first line pins the case to: the one that it was pinned to where it comes from."""
    return next((each.event.workflow for each in ordered if each.event.workflow is not None), terms.pinned_to)


def _as_exported(candidate: Candidate) -> tuple[int, bool, bool, date, int, int]:
    line = candidate.event.line
    # What has no number comes after all that has.
    return (1 << 62 if line is None else line, *_as_it_happened(candidate))


def _as_it_happened(candidate: Candidate) -> tuple[bool, bool, date, int, int]:
    # The referral opens a case, and what speaks of another line comes after it, whatever their days.
    kind = candidate.event.record.kind
    return (
        kind in NAMES_A_LINE,
        kind != "referral",
        candidate.event.on.first,
        rank(kind),
        candidate.event.row,
    )
