"""What a day's work amounts to, in words: each need, and the lines that prove that nothing is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from lmstrack.needs import Need
from lmstrack.reports.report import counted

if TYPE_CHECKING:
    from lmstrack.worklist import WorkTotals

SAID: Final[Mapping[Need, str]] = {
    Need.MISSED_OVERDUE: "overdue, did not attend, not booked again",
    Need.OVERDUE: "overdue, not booked",
    Need.PASSED_OVERDUE: "overdue, appointment passed, nothing recorded",
    Need.RESULT_OVERDUE: "result overdue",
    Need.STEP_OVERDUE: "pathway step overdue",
    Need.TASK_OVERDUE: "overdue, to be arranged or recorded",
    Need.CALL: "call promised",
    Need.BOOKED_LATE: "booked after the last day",
    Need.MISSED_DUE: "due, did not attend, not booked again",
    Need.DUE: "due, not booked",
    Need.PASSED_DUE: "due, appointment passed, nothing recorded",
    Need.RESULT_DUE: "result due",
    Need.STEP_DUE: "pathway step due",
    Need.TASK_DUE: "due, to be arranged or recorded",
    Need.NOTHING_DUE: "nothing due for the patient",
    Need.QUESTION: "question to answer",
}
#: What several of a need are, where the words above are those of one thing.
_SEVERAL: Final[Mapping[Need, str]] = {
    Need.RESULT_OVERDUE: "results overdue",
    Need.STEP_OVERDUE: "pathway steps overdue",
    Need.CALL: "calls promised",
    Need.RESULT_DUE: "results due",
    Need.STEP_DUE: "pathway steps due",
}


def reconciliation(totals: WorkTotals) -> tuple[str, ...]:
    """The lines that prove that nothing is missing."""
    counts, needs = totals.counts, totals.needs
    parts = [f"{totals.listed} on the list", f"{totals.booked} booked in time", f"{totals.upcoming} upcoming"]
    rarer = (("suspended", counts.suspended), ("undetermined", counts.undetermined), ("not begun", counts.not_begun))
    parts += [f"{count} {said}" for said, count in rarer if count]
    lines = [f"{counted(totals.open, 'open obligation')} = {' + '.join(parts)}"]
    kinds = [
        f"{needs[need]} {SAID[need] if needs[need] == 1 else _SEVERAL.get(need, SAID[need])}"
        for need in Need
        if needs.get(need) and need not in {Need.NOTHING_DUE, Need.QUESTION}
    ]
    if kinds:
        lines.append(f"{totals.listed} on the list = {'; '.join(kinds)}")
    besides = []
    if needs.get(Need.NOTHING_DUE):
        besides.append(f"{counted(needs[Need.NOTHING_DUE], 'patient')} for whom nothing is due")
    if needs.get(Need.QUESTION):
        besides.append(f"{counted(totals.questions, 'question')} in {counted(needs[Need.QUESTION], 'row')}")
    return (*lines, f"Besides: {'; '.join(besides)}") if besides else tuple(lines)
