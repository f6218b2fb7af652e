"""What wants something done today, why, and in which order: obligations, calls, and open questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.obligations import ObligationState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lmstrack.listing import Listed
    from lmstrack.rules import Ask

#: The strand of a call that a patient was promised.
CALL: Final = "promised_call"


class Need(StrEnum):
    """Why something is on the list, the most urgent first; an obligation has exactly one.

    First whom nobody has an appointment for although it is late, first of all those who stayed away; then what else is
    late, calls that are promised, appointments that come too late, and what is due but not late. *Task* is what is
    arranged or recorded and not booked, such as the summary of a treatment.
    """

    MISSED_OVERDUE = "missed_overdue"
    OVERDUE = "overdue"
    PASSED_OVERDUE = "passed_overdue"
    RESULT_OVERDUE = "result_overdue"
    STEP_OVERDUE = "step_overdue"
    TASK_OVERDUE = "task_overdue"
    CALL = "call"
    BOOKED_LATE = "booked_late"
    MISSED_DUE = "missed_due"
    DUE = "due"
    PASSED_DUE = "passed_due"
    RESULT_DUE = "result_due"
    STEP_DUE = "step_due"
    TASK_DUE = "task_due"
    NOTHING_DUE = "nothing_due"
    QUESTION = "question"

    @property
    def place(self) -> int:
        """How urgent it is, from 1 on."""
        return _PLACES[self]


_PLACES: Final = {need: place for place, need in enumerate(Need, start=1)}
_LATE_AND_NOT: Final = {
    "missed": (Need.MISSED_OVERDUE, Need.MISSED_DUE),
    "passed": (Need.PASSED_OVERDUE, Need.PASSED_DUE),
    "result": (Need.RESULT_OVERDUE, Need.RESULT_DUE),
    "pathway": (Need.STEP_OVERDUE, Need.STEP_DUE),
    "planned": (Need.OVERDUE, Need.DUE),
    "task": (Need.TASK_OVERDUE, Need.TASK_DUE),
}


def need_of(row: Listed, as_of: date) -> Need | None:
    """Why an open obligation wants something done on this day; None where it wants nothing yet, or nothing more.

    An appointment that lies ahead is enough where it comes by the last day. A booking never makes anything less late.
    """
    state = row.state(as_of)
    overdue = state is ObligationState.OVERDUE
    if not overdue and state is not ObligationState.DUE and state is not ObligationState.UPCOMING:
        return None
    if row.strand == CALL:
        return None if state is ObligationState.UPCOMING else Need.CALL
    booked = row.booked_for
    if booked is not None and booked >= as_of:
        return Need.BOOKED_LATE if row.due_by is not None and booked > row.due_by else None
    if state is ObligationState.UPCOMING:
        return None
    late, not_late = _LATE_AND_NOT[_unbooked(row)]
    return late if overdue else not_late


def _unbooked(row: Listed) -> str:
    if row.booked_for is not None:
        return "passed"
    if row.group != "surveillance":
        return row.group
    if row.attempts:
        return "missed"
    return "task" if row.plan is None else "planned"


class WorkItem(NamedTuple):
    """One thing to do. *row* is the obligation, None where it is about the patient as a whole.

    *call_agreed_for* is a later day on which the patient expects a call, None where none was agreed. *questions* are
    those that *answered_by* can answer.
    """

    need: Need
    case: str
    navigator: str | None
    row: Listed | None = None
    call_agreed_for: date | None = None
    questions: tuple[Ask, ...] = ()
    answered_by: str | None = None

    @property
    def order(self) -> tuple[int, bool, date, str, int, str, int]:
        """What the list is sorted by: the need, whether a call was agreed for later, the last day."""
        row = self.row
        due_by = date.max if row is None or row.due_by is None else row.due_by
        about = (0, self.answered_by or "", 0) if row is None else (row.course, row.strand, row.occurrence)
        return (self.need.place, self.call_agreed_for is not None, due_by, self.case, *about)


def items_of(rows: Iterable[Listed], as_of: date) -> Iterator[WorkItem]:
    """The obligations among these that want something, each once; all of them are current, and of cases in scope.

    A call that is agreed for later marks what else is open for the patient, and hides nothing.
    """
    rows = list(rows)
    agreed = {
        row.case: row.due_by for row in rows if row.strand == CALL and row.state(as_of) is ObligationState.UPCOMING
    }
    for row in rows:
        need = need_of(row, as_of)
        if need is not None:
            yield WorkItem(need, row.case, row.navigator, row, agreed.get(row.case))


def days_of(rows: Iterable[Listed], as_of: date, since: date) -> Iterator[Listed]:
    """The obligations among these, past and open, whose days a calendar of the work has: also what is only booked.

    And what ended or was suspended since a day and may have been there before, so that a calendar drops it.
    """
    for row in rows:
        gone_on = row.suspended_from if row.ended is None else row.ended_on
        planned = row.booked_for is not None or row.strand == CALL
        if gone_on is not None and gone_on <= as_of:
            if since <= gone_on and (planned or (row.due_from is not None and row.due_from <= gone_on)):
                yield row
        elif row.excluded is None and row.current(as_of) and (planned or need_of(row, as_of) is not None):
            yield row


#: Who can answer a question, by the kind of record that would answer it; whoever is not named here is at the clinic.
_ANSWERED_BY: Final[Mapping[str, str]] = {
    "person": "registration",
    "imaging": "radiology",
    "result": "radiology",
    "biopsy": "biopsy service",
    "pathology": "pathologist",
    "staging": "sarcoma team",
    "mdt": "sarcoma team",
    "not_lms": "sarcoma team",
    "departure": "sarcoma team",
    "departure_review": "sarcoma team",
    "decision_to_treat": "treating clinician",
    "surgery": "treating clinician",
    "radiotherapy": "treating clinician",
    "systemic": "treating clinician",
    "treatment_completed": "treating clinician",
    "cardiac_function": "cardiology",
    "rehabilitation": "therapist",
    "correct": "author of the entry",
}
CLINIC: Final = "clinic"


def answered_by(ask: Ask) -> str:
    """Who can answer a question."""
    if ask.fact == "born":
        return _ANSWERED_BY["person"]
    return _ANSWERED_BY.get(ask.record.partition(" ")[0], CLINIC)


def questions_of(case: str, navigator: str | None, asks: Iterable[Ask]) -> Iterator[WorkItem]:
    """The open questions of a case, together for each who can answer them."""
    groups: dict[str, list[Ask]] = {}
    for ask in asks:
        groups.setdefault(answered_by(ask), []).append(ask)
    for who, group in groups.items():
        yield WorkItem(Need.QUESTION, case, navigator, questions=tuple(group), answered_by=who)
