"""The command that does what a list asks for, or records that it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.needs import Need
from lmstrack.places import written
from lmstrack.reports.findings import answering, together

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.listing import Listed
    from lmstrack.needs import WorkItem

#: What is recorded once a strand is done, as ``record`` takes it; a test holds it to the workflow.
RECORDED: Final[Mapping[str, str]] = {
    "clinic_review": "visit components=history,examination",
    "chest_imaging": "imaging region=chest modality=CT",
    "local_imaging": "imaging region=primary modality=…",
    "abdomen_pelvis_imaging": "imaging region=abdomen_pelvis modality=…",
    "response_imaging": "imaging region=… purpose=response",
    "rehabilitation_review": "rehabilitation phase=review",
    "treatment_summary": "treatment_completed intent=… next=…",
    "emergency_mdt": "mdt plan=…",
    "palliative_review": "visit components=history,examination",
    "systemic_start": "systemic line=… regimen=…",
    "suspension_review": "resume",
    "excuse_review": "excuse strand=… reason=declined",
    "lost_review": "contact outcome=…",
    "report": "result line={line} reported_on=…",
    "result_review": "result line={line} reviewed_on=…",
    "result_told": "result line={line} told_on=…",
    "faster_diagnosis": "pathology is_lms=… told_on=…",
    "treatment_after_decision": "surgery operation=…",
    "treatment_after_referral": "surgery operation=…",
    "imaging_after_referral": "imaging region=primary modality=…",
    "biopsy_after_imaging": "biopsy method=…",
    "biopsy_report": "pathology specimen=biopsy grade=…",
    "staging_after_biopsy": "staging t=… n=… m=…",
    "mdt_after_staging": "mdt plan=…",
    "treatment_after_mdt": "surgery operation=…",
    "recurrence_work_up": "imaging region=… modality=…",
    "suspicion_settled": "recurrence status=…",
    "promised_call": "contact outcome=reached",
    "surgery_after_radiotherapy": "surgery operation=…",
    "radiotherapy_after_surgery": "radiotherapy timing=postoperative …",
}
_BOOKED: Final = frozenset({Need.MISSED_OVERDUE, Need.MISSED_DUE, Need.OVERDUE, Need.DUE, Need.BOOKED_LATE})
_PASSED: Final = frozenset({Need.PASSED_OVERDUE, Need.PASSED_DUE})
_RESULT: Final = frozenset({Need.RESULT_OVERDUE, Need.RESULT_DUE})


def pattern(need: Need) -> str:
    """The command of a whole group of rows, with words in the place of what differs."""
    if need in _BOOKED:
        return "lmstrack record CASE booking strand=STRAND for_date=DATE"
    if need in _PASSED:
        return "lmstrack record CASE did_not_attend strand=STRAND, or what was done"
    if need in _RESULT:
        return "lmstrack record CASE result line=LINE reported_on=DATE (reviewed_on, told_on)"
    if need is Need.CALL:
        return "lmstrack contact CASE reached"
    return "lmstrack show CASE" if need is Need.QUESTION else "lmstrack next CASE"


def command(item: WorkItem) -> str:
    """The command of one row; an … stands for what somebody has to fill in."""
    case, row = item.case, item.row
    if item.questions:
        asks = list(together(item.questions))
        return answering(case, asks[0]) if len(asks) == 1 else f"lmstrack show {case}"
    if row is None:
        return f"lmstrack next {case}"
    if item.need is Need.CALL:
        return f"lmstrack contact {case} reached"
    if item.need in _BOOKED:
        return f"lmstrack record {case} booking strand={row.strand} for_date=…"
    said = _recorded(row)
    if item.need in _PASSED and row.booked_for is not None:
        if said is None:
            return f"lmstrack record {case} did_not_attend strand={row.strand}"
        return f"lmstrack record {case} {said} --on {row.booked_for.isoformat()}"
    return f"lmstrack next {case}" if said is None else f"lmstrack record {case} {said}"


def _recorded(row: Listed) -> str | None:
    said = RECORDED.get(row.strand)
    return None if said is None else said.replace("{line}", written(row.occurrence))


def action(item: WorkItem) -> str:
    """What to do, in the words of the ward."""
    row = item.row
    if item.questions:
        return "ask, and record the answer"
    if row is None:
        return "find out what comes next, and record it"
    if item.need in {Need.MISSED_OVERDUE, Need.MISSED_DUE}:
        return f"reach the patient, then {row.next_action}"
    if item.need in _PASSED:
        return "record what became of the appointment"
    if item.need is Need.BOOKED_LATE:
        return "ask for an earlier appointment"
    return f"{row.next_action}, line {written(row.occurrence)}" if item.need in _RESULT else row.next_action
