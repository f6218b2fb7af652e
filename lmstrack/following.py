"""Following one strand: the obligation that is open, what is said about it, and what becomes of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from lmstrack.events import clinical_order
from lmstrack.obligations import Ending, Obligation, ObligationState
from lmstrack.records import Contact, Excuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.plans import Phase, Settings, Strand
    from lmstrack.windows import Window

#: Kinds that say something about an obligation without fulfilling it.
FOLLOWING = frozenset({
    "booking", "did_not_attend", "contact", "excuse", "suspend", "resume", "lost_to_follow_up", "transfer"
})  # fmt: skip
#: Said of the one obligation that is open on the day; where none is, they are said of nothing.
OF_ONE_OBLIGATION = frozenset({"did_not_attend", "contact", "excuse"})
#: What the patient has no part in: it does not wait with the patient, and nobody can miss it.
_WITHOUT_THE_PATIENT = frozenset({"suspend", "did_not_attend"})
NEXT_DAY = timedelta(days=1)

# Obligations are made by the dozen for every case, and by their own class in twice the time.
_obligation: Callable[[tuple[object, ...]], Obligation] = partial(tuple.__new__, Obligation)


def statements(by_kind: Mapping[str, Sequence[Event]]) -> list[Event]:
    """What was said about obligations, in clinical order, and what shows that a lost patient is back."""
    if FOLLOWING.isdisjoint(by_kind):
        return []
    said = [event for kind in FOLLOWING if kind in by_kind for event in by_kind[kind]]
    for lost in by_kind.get("lost_to_follow_up", ()):
        after = (
            event
            for events in by_kind.values()
            for event in events
            if event.record.clinical and event.clinical_order > lost.clinical_order
        )
        back = min(after, key=clinical_order, default=None)
        if back is not None and back not in said:
            said.append(back)
    said.sort(key=clinical_order)
    return said


def concerning(strand: Strand, said: Iterable[Event]) -> list[Event]:
    """What of this is about the strand: what names it, and most of what names none.

    Results, and the review of a pause, do not wait where all strands are said to.
    """
    alone = strand.group == "result" or strand.opened_by == "suspension"
    found = []
    for event in said:
        named = event.record.__dict__.get("strand")  # a record that has no such field takes long to deny it
        if named == strand.name or (named is None and not (alone and event.record.kind in _WITHOUT_THE_PATIENT)):
            found.append(event)
    return found


@dataclass(slots=True)
class Interval:
    """What is being followed of the obligation that is open.

    *number* and *phase* are None once the last phase is over, and where the record itself says when it is due.
    *not_before* is the earliest last day that a resumed duty may have; None where nothing was resumed.
    """

    occurrence: int
    since: date
    current_from: date
    last_done: date | None
    number: int | None
    phase: Phase | None
    view: Window
    booked_for: date | None = None
    attempts: int = 0
    contacts: int = 0
    claimed: bool = False
    partial: tuple[str, ...] = ()
    excused: Event | None = None
    not_before: date | None = None

    @property
    def due_by(self) -> date | None:
        """The last day; None where no window can be computed."""
        due_by = self.view.due_by
        return due_by if due_by is None or self.not_before is None else max(due_by, self.not_before)


class Following(ABC):
    """One strand of one course as its obligations open and end; who makes one says when an interval is due.

    *held_by* is the treatment that keeps the strand on hold, None where none does. *asked_again* says whether what was
    excused once is due again in the next window.
    """

    # What holds of most for good stands here: each is made by the dozen for every case.
    plan: str | None = None
    provisional = False
    held_by: Event | None = None
    asked_again = True
    suspended: Event | None = None
    lost = False
    transfer_pending = False
    open: Interval | None = None

    def __init__(self, case: str, course: int, strand: Strand, settings: Settings) -> None:
        self.case = case
        self.course = course
        self.strand = strand
        self.settings = settings
        self.obligations: list[Obligation] = []

    @abstractmethod
    def started(
        self, occurrence: int, since: date, since_last: date, current_from: date, last_done: date | None
    ) -> Interval:
        """The interval that begins on *since*, or at the latest on *since_last* where that is not known."""

    # ---- what is said

    def said(self, event: Event) -> None:
        """Note what an event says without fulfilling anything."""
        record = event.record
        match record.kind:
            case "suspend":
                self.suspended = event
            case "resume":
                self._resume(event.on)
            case "lost_to_follow_up":
                self.lost = True
            case "transfer":
                self.transfer_pending = getattr(record, "status", None) == "sent"
            case _:
                if record.clinical or (isinstance(record, Contact) and record.outcome == "reached"):
                    self.lost = False
                if self.open is not None:
                    _said_of(self.open, event)

    def _resume(self, on: date) -> None:
        """Run again after a pause, or where it had been declined for good, with time to catch up."""
        interval = self.open
        declined = interval is not None and interval.excused is not None and _standing(interval.excused)
        if interval is not None and (declined or self.suspended is not None):
            interval.not_before = self.settings.catch_up.after(on)
            if declined:
                interval.excused = None
        self.suspended = None

    # ---- what becomes of the open interval

    def after_excuse(self, on: date) -> None:
        """Once the window of an excused occurrence has passed, the next one counts from its last day."""
        interval = self.open
        if interval is None or interval.excused is None or _standing(interval.excused):
            return
        due_by = interval.due_by
        if due_by is not None and on > due_by:
            self._roll_over(interval, interval.excused, due_by)

    def _roll_over(self, interval: Interval, excused: Event, due_by: date) -> None:
        self.emit(interval, _excuse(excused), until=due_by)
        self.open = (
            self.started(excused.line, due_by, due_by, due_by + NEXT_DAY, interval.last_done)
            if self.asked_again
            else None
        )

    def finish(self, end: Ending | None) -> list[Obligation]:
        """Emit what is still open; *end* is what ended it, None where it stays open."""
        if end is not None:
            self.after_excuse(end.on)
        interval = self.open
        if interval is None:
            return self.obligations
        excused = interval.excused
        if excused is None or (end is not None and end.state is ObligationState.FULFILLED):
            self.emit(interval, end)
        elif end is not None:
            self.emit(interval, _excuse(excused), until=end.on - NEXT_DAY)
        elif _standing(excused) or (due_by := interval.due_by) is None:
            self.emit(interval, _excuse(excused))
        else:
            self._roll_over(interval, excused, due_by)
            if self.open is not None:
                self.emit(self.open, None)
        return self.obligations

    def emit(self, interval: Interval, ending: Ending | None, until: date | None = None) -> None:
        """Leave an obligation behind; *until* is the last day that lists count it, the day before its end if None."""
        strand, phase, view, due_by = self.strand, interval.phase, interval.view, interval.due_by
        if phase is None and due_by is None and strand.phases:
            return  # the last phase is over, and nothing follows it
        suspended = (self.suspended or self.held_by) if ending is None else None
        if until is None and ending is not None and ending.state is not ObligationState.EXCUSED:
            until = ending.on - NEXT_DAY
        made = (  # in the order of the class
            self.case,
            self.course,
            strand.name,
            interval.occurrence,
            strand.group,
            (phase.rule if phase is not None else None) or strand.rule,
            strand.cites,
            self.plan,
            interval.since,
            view.counts_from,
            view.due_from,
            due_by,
            interval.current_from,
            until,
            interval.number,
            self.provisional,
            False,  # see with_catch_up
            view.at_risk_from,
            ending,
            None if suspended is None else suspended.on,
            None if suspended is None else self._review_on(suspended),
            interval.last_done,
            interval.booked_for,
            interval.attempts,
            interval.contacts,
            interval.claimed,
            interval.partial,
            self.lost,
            self.transfer_pending,
            strand.next_action,
        )
        self.obligations.append(_obligation(made))

    def _review_on(self, suspended: Event) -> date:
        stated: date | None = getattr(suspended.record, "review_on", None)
        return stated if stated is not None else self.settings.treatment_review.after(suspended.on)


def _said_of(interval: Interval, event: Event) -> None:
    record = event.record
    match record.kind:
        case "booking":
            interval.booked_for = getattr(record, "for_date", None)
        case "did_not_attend":
            interval.attempts += 1
            interval.booked_for = None
        case "contact":
            interval.contacts += 1
            if getattr(record, "outcome", None) == "done_elsewhere":
                interval.claimed = True
        case "excuse":
            occurrence = record.occurrence if isinstance(record, Excuse) else None
            if occurrence is None or occurrence == interval.occurrence:
                interval.excused = event


def _standing(excuse: Event) -> bool:
    return isinstance(excuse.record, Excuse) and bool(excuse.record.standing)


def _excuse(excuse: Event) -> Ending:
    reason = str(getattr(excuse.record, "reason", None) or "excused").replace("_", " ")
    because = f"{reason} for good" if _standing(excuse) else reason
    return Ending(ObligationState.EXCUSED, excuse.on, excuse.line, because)
