"""The lines of a case's log, and what stands of them once corrections are applied."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from lmstrack.dates import PartialDate
from lmstrack.records import KINDS, Correct, Departure, MoveEvent, Record, rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_NO_DEPARTURES: Mapping[str, Departure] = MappingProxyType({})


def _no_departures() -> Mapping[str, Departure]:
    return _NO_DEPARTURES


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log: what happened to the patient, when, and when it became known.

    *on* is the civil day, or the first day of the month or year where *precision* says that no more is known.
    *recorded_at* is an aware instant. *line* counts from 1 within the case. *source* and *source_id* name the entry in
    the system it came from, None for what was typed here. *as_history* marks what was loaded as a historical cohort:
    its findings are kept, it is never refused, and no report is chased for it. *workflow* is set on the first event of
    a case: the version of the guideline that it is pinned to.
    """

    case: str
    line: int
    on: date
    record: Record
    recorded_at: datetime
    recorded_by: str
    precision: Literal["day", "month", "year"] = "day"
    source: str | None = None
    source_id: str | None = None
    departures: Mapping[str, Departure] = field(default_factory=_no_departures)
    as_history: bool = False
    workflow: str | None = None

    @property
    def kind(self) -> str:
        """The kind of record, as in ``records.KINDS``."""
        return self.record.kind

    @property
    def last(self) -> date:
        """The latest day on which it can have happened; *on* itself where the day is known."""
        return self.on if self.precision == "day" else PartialDate(self.on, self.precision).last

    @property
    def clinical_order(self) -> tuple[date, int, int]:
        """By day, then by the place of the kind along the pathway, then by line."""
        return clinical_order(self)


class _Draft:
    """An event that is not frozen yet: the same slots, which can be set at a fifth of the cost."""

    __slots__ = Event.__slots__


def made_event(
    case: str,
    line: int,
    on: date,
    record: Record,
    recorded_at: datetime,
    recorded_by: str,
    precision: Literal["day", "month", "year"],
    source: str | None,
    source_id: str | None,
    departures: Mapping[str, Departure],
    as_history: bool,
    workflow: str | None,
) -> Event:
    """What `Event` makes of the same fields, for those who make millions: to freeze each field takes the most time."""
    made: Any = _Draft()
    made.case = case
    made.line = line
    made.on = on
    made.record = record
    made.recorded_at = recorded_at
    made.recorded_by = recorded_by
    made.precision = precision
    made.source = source
    made.source_id = source_id
    made.departures = departures
    made.as_history = as_history
    made.workflow = workflow
    made.__class__ = Event
    return made  # type: ignore[no-any-return]


def known(log: Iterable[Event], known_at: datetime | None) -> Iterable[Event]:
    """The lines that had been recorded at or before *known_at*; all of them where it is None."""
    return log if known_at is None else (event for event in log if event.recorded_at <= known_at)


def horizon(log: Iterable[Event]) -> date | None:
    """The latest day that anything in the log is dated to, corrections included; None for an empty log."""
    latest: date | None = None
    for event in log:
        day, record = event.on, event.record
        while isinstance(record, Correct) and record.instead is not None:  # a correction may correct another one
            day, record = max(day, PartialDate.parse(record.instead.on).first), record.instead.record
        if latest is None or day > latest:
            latest = day
    return latest


def standing(log: Iterable[Event], known_at: datetime | None = None) -> list[Event]:
    """The events that count, in clinical order: withdrawn ones left out, corrected ones as they should read.

    A corrected event keeps its own line, so everything that hangs on it stays attached. Corrections can themselves be
    corrected; of several corrections of one line the last that stands counts. The correcting lines are left out. An
    event that was moved to another case does not stand in this one; the line that says so does.
    """
    lines = list(known(log, known_at))
    corrections = [event for event in lines if event.record.kind in _TAKES_BACK]
    if corrections:
        lines = _corrected(lines, corrections)
    lines.sort(key=clinical_order)
    return lines


_TAKES_BACK = frozenset({"correct", "move_event"})
_RANK = {kind: rank(kind) for kind in KINDS}


def clinical_order(event: Event) -> tuple[date, int, int]:
    """By day, then by the place of the kind along the pathway, then by line: what the walk sorts by."""
    return (event.on, _RANK[event.record.kind], event.line)


def _corrected(lines: Sequence[Event], corrections: Sequence[Event]) -> list[Event]:
    # A correction can only name an earlier line, so from the last to the first each one's own fate is known in time.
    by_line = {event.line: event for event in lines}
    fate: dict[int, Event | None] = {}
    for correction in sorted(corrections, key=lambda event: event.line, reverse=True):
        stands = fate.get(correction.line, correction)
        if stands is None or not isinstance(stands.record, Correct | MoveEvent):
            continue
        target = by_line.get(stands.record.line)
        if target is not None and target.line not in fate:
            fate[target.line] = _as_it_should_read(target, stands.record)
    kept = (fate.get(event.line, event) for event in lines)
    return [event for event in kept if event is not None and event.record.kind != "correct"]


def _as_it_should_read(event: Event, correction: Correct | MoveEvent) -> Event | None:
    instead = correction.instead if isinstance(correction, Correct) else None
    if instead is None:
        return None
    on = PartialDate.parse(instead.on)
    return replace(event, on=on.first, precision=on.precision, record=instead.record)
