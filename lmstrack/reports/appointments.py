"""What an entry says of days ahead, in words: an appointment beside the window it is for, and the next call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.dates import short, worded
from lmstrack.obligations import ObligationState
from lmstrack.records import Booking, Contact
from lmstrack.reports.report import counted, words

if TYPE_CHECKING:
    from datetime import date

    from lmstrack.case import Case
    from lmstrack.obligations import Obligation
    from lmstrack.recording import Recorded

_OPEN = frozenset({
    ObligationState.OVERDUE, ObligationState.DUE, ObligationState.UPCOMING, ObligationState.SUSPENDED
})  # fmt: skip


def ahead(recorded: Recorded, today: date) -> str:
    """The day that an entry names for later, and what is odd about it; empty where it names none."""
    record, case = recorded.event.record, recorded.event.case
    if isinstance(record, Booking):
        day = worded(record.for_date, today)
        if record.for_date < today:
            missed = f"lmstrack record {case} did_not_attend strand={record.strand}"
            return f"Appointment {day}, which is past: record what was done on that day, or {missed}."
        return f"Appointment {day}: {_placed(record, recorded.case, today)}."
    if isinstance(record, Contact) and record.next_on is not None:
        past = ", which is past" if record.next_on < today else ""
        return f"Next call {worded(record.next_on, today)}{past}."
    return ""


def _placed(booking: Booking, case: Case, today: date) -> str:
    """Where the day of an appointment lies in the window of what it is for."""
    open_one = next((each for each in case.current() if _is_open(each, booking.strand, today)), None)
    if open_one is None:
        return f"no {words(booking.strand)} is open for the patient, so it concerns nothing"
    day, due_by, counts_from = booking.for_date, open_one.due_by, open_one.counts_from
    if due_by is not None and day > due_by:
        return f"{counted((day - due_by).days, 'day')} after its last day, {short(due_by)}"
    if counts_from is not None and day < counts_from:
        return f"{counted((counts_from - day).days, 'day')} before {short(counts_from)}, the first day that counts"
    return f"in time, its last day is {short(due_by)}" if due_by is not None else "its last day is not known"


def _is_open(obligation: Obligation, strand: str, today: date) -> bool:
    return obligation.strand == strand and obligation.state(today) in _OPEN
