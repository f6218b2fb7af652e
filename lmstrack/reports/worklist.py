"""The list of what there is to do: why each row stands where it does, what to do, and the command that does it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Final

from lmstrack.dates import civil_day, short
from lmstrack.lists import NAME_KEYS
from lmstrack.needs import Need
from lmstrack.places import written
from lmstrack.reports.around import DEFINITIONS, no_case, of_navigator
from lmstrack.reports.doing import action, command, pattern
from lmstrack.reports.report import About, Column, Grouping, Report, counted, words
from lmstrack.reports.work_counts import SAID, reconciliation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lmstrack.needs import WorkItem
    from lmstrack.reports.parts import CalendarDay
    from lmstrack.reports.report import Row
    from lmstrack.worklist import WorkList

#: What is answered by naming the line of the scan or the pathology.
_OF_A_LINE: Final = frozenset({Need.RESULT_OVERDUE.value, Need.RESULT_DUE.value})
KEYS: Final = (
    "rank",
    "need",
    "case",
    "course",
    "strand",
    "occurrence",
    "state",
    "days_overdue",
    "due_from",
    "due_by",
    "booked_for",
    "days_booked_late",
    "attempts",
    "contacts",
    "call_agreed_for",
    "answered_by",
    "questions",
    "navigator",
    "next_action",
    "command",
    "rule",
)


def _patient(row: Row) -> str:
    return f"{row['case']} {row.get('name') or ''}".rstrip()


def _subject(row: Row) -> str:
    """What a row is about: its strand, or whom to ask what; and whether the patient expects a call first."""
    strand, who, agreed, asked = row["strand"], row["answered_by"], row["call_agreed_for"], row["questions"]
    if who and isinstance(asked, list):
        more = f" And {len(asked) - 1} more." if len(asked) > 1 else ""
        return f"{who}: {asked[0]}{more}"
    said = words(str(strand)) if strand else "nothing"
    if row["need"] in _OF_A_LINE:
        said += f" of line {written(int(str(row['occurrence'])))}"
    return f"{said}, call agreed for {short(date.fromisoformat(str(agreed)))}" if agreed else said


_COLUMNS: Final = (
    Column("case", "Patient", "text", 0, 12, says=_patient),
    Column("strand", "About", "text", 0, 14, says=_subject),
    Column("days_overdue", "Days", "number"),
    Column("due_by", "Due by", "date", 1),
    Column("booked_for", "Booked for", "date", 3),
    Column("attempts", "Missed", "number", 4, says=lambda row: row["attempts"] or None),
    Column("contacts", "Calls", "number", 5, says=lambda row: row["contacts"] or None),
    Column("navigator", "Owner", "text", 6, 8),
    Column("next_action", "Next action", "text", 2, 20),
    Column("command", "Command", "text", 7, 34),
    Column("rank", "Why here", "text", 8, 20),
    Column("rule", "Rule", "id", 9),
)
_DETAILS: Final = (
    Column("course", "Course", "number"),
    Column("occurrence", "Line", "number"),
    Column("due_from", "Due from", "date"),
    Column("days_booked_late", "Booked late", "number"),
    Column("call_agreed_for", "Call agreed for", "date"),
)
_ROW_KEY: Final = ("case", "course", "strand", "occurrence", "answered_by")
_WORDS: Final = (
    ("Order", "By what is missing, the most urgent first; then calls agreed for later last; then the last day."),
    (
        "Booked after the last day",
        "The appointment lies after the last day of the window. Once that is past the row is overdue all the same.",
    ),
    ("Call agreed for", "The patient expects a call on that day. It moves no last day and takes no row off the list."),
    *DEFINITIONS[:3],
)


def worklist_report(
    found: WorkList,
    about: About,
    *,
    navigator: str | None = None,
    calendar: tuple[CalendarDay, ...] | None = None,
) -> Report:
    """What there is to do, the most urgent first, and below it how many rows of each kind there are and why.

    *calendar* has the days that belong to it, None where they are not wanted.
    """
    items = [item for item in found.items if navigator is None or item.navigator == navigator]
    rows = [_row(item, found, place) for place, item in enumerate(items, start=1)]
    named = bool(found.people) or not rows
    scope = "every case" if navigator is None else f"rows of navigator {navigator}; the counts are of every case"
    return Report(
        schema="lmstrack.worklist/1",
        title="To do",
        rows=rows,
        keys=(*KEYS, *NAME_KEYS) if named else KEYS,
        columns=_COLUMNS,
        details=_DETAILS,
        row_key=_ROW_KEY,
        divided="navigator",
        grouping=_by_need(items),
        calendar=calendar,
        as_of=found.as_of,
        known_at=found.known_at,
        workflow=found.workflow,
        totals=found.totals.to_dict(),
        message=_sentence(items, found, about.zone),
        below=(*of_navigator(len(items), len(found.items), navigator), *_below(found, items)),
        empty=_nothing(found, navigator, about.zone),
        about=About(
            run_by=about.run_by,
            zone=about.zone,
            scope=scope,
            software=about.software,
            head=found.head,
            excluded=dict(found.totals.cases.excluded),
            definitions=_WORDS,
        ),
    )


def _row(item: WorkItem, found: WorkList, place: int) -> Row:
    row, as_of = item.row, found.as_of
    due_by = None if row is None else row.due_by
    booked = None if row is None else row.booked_for
    days = (as_of - due_by).days if due_by is not None and due_by < as_of else None
    told: dict[str, object] = {
        "rank": _rank(item, place, days, as_of),
        "need": item.need.value,
        "case": item.case,
        "course": None if row is None else row.course,
        "strand": None if row is None else row.strand,
        "occurrence": None if row is None else row.occurrence,
        "state": None if row is None else str(row.state(as_of)),
        "days_overdue": days,
        "due_from": None if row is None else _iso(row.due_from),
        "due_by": _iso(due_by),
        "booked_for": _iso(booked),
        "days_booked_late": (booked - due_by).days if item.need is Need.BOOKED_LATE and booked and due_by else None,
        "attempts": None if row is None else row.attempts,
        "contacts": None if row is None else row.contacts,
        "call_agreed_for": _iso(item.call_agreed_for),
        "answered_by": item.answered_by,
        "questions": [ask.question for ask in item.questions],
        "navigator": item.navigator,
        "next_action": action(item),
        "command": command(item),
        "rule": None if row is None else row.rule,
    }
    person = found.people.get(item.case)
    if person is not None:
        told |= {
            "name": person.name,
            "born": None if person.born is None else str(person.born),
            "identifiers": dict(person.identifiers),
        }
    return told  # type: ignore[return-value]  # every value is one that JSON holds


def _rank(item: WorkItem, place: int, days: int | None, as_of: date) -> str:
    """The sort key in words: 3 of the list, overdue, not booked, 139 days late."""
    said = f"{place}: {SAID[item.need]}"
    due_by = item.row.due_by if item.row is not None else None
    if item.call_agreed_for is not None:
        said += f", call agreed for {short(item.call_agreed_for)}"
    if days is not None:
        said += f", {counted(days, 'day')} late"
    elif due_by == as_of:
        said += ", last day today"
    elif due_by is not None:
        said += f", last day {short(due_by)}"
    return said


def _by_need(items: Sequence[WorkItem]) -> Grouping:
    """Rows under their need, with the number of them and the command that they have in common."""
    counts = Counter(item.need for item in items)

    def line(row: Row) -> str:
        need = Need(str(row["need"]))
        said = SAID[need]
        return f"{said[0].upper()}{said[1:]} ({counts[need]}): {pattern(need)}"

    return Grouping(("need",), line)


def _sentence(items: Sequence[WorkItem], found: WorkList, zone: str) -> str:
    """53 things to do in 31 patients as of 24 Nov 2026; 18 are overdue, the longest by 193 days."""
    if not items:
        return ""
    patients = len({item.case for item in items})
    said = f"{counted(len(items), 'thing')} to do for {counted(patients, 'patient')} as of {short(found.as_of)}"
    said += _known(found, zone)
    late = [
        (found.as_of - item.row.due_by).days
        for item in items
        if item.row is not None and item.row.due_by is not None and item.row.due_by < found.as_of
    ]
    if late:
        said += f"; {len(late)} {'is' if len(late) == 1 else 'are'} overdue, the longest by {counted(max(late), 'day')}"
    return f"{said}."


def _below(found: WorkList, items: Sequence[WorkItem]) -> tuple[str, ...]:
    totals = found.totals
    lines = [*reconciliation(totals)]
    nobody = sum(1 for item in items if item.navigator is None)
    if nobody:
        lines.append(
            f"{counted(nobody, 'row')} with no owner; to give the patient one: "
            "lmstrack record CASE assign navigator=NAME"
        )
    if totals.questions is None:
        lines.append("Open questions are not among it; with them: lmstrack worklist --questions")
    return tuple(lines)


def _nothing(found: WorkList, navigator: str | None, zone: str) -> str:
    totals = found.totals
    if totals.cases.cases == 0:
        return no_case(found.as_of)
    whose = f" for the patients of {navigator}" if navigator is not None else ""
    said = f"Nothing to do{whose} as of {short(found.as_of)}{_known(found, zone)}."
    if navigator is not None and found.items:
        return f"{said} {counted(len(found.items), 'thing')} to do for others: lmstrack worklist"
    following = totals.counts.next_due
    if following is None:
        return said
    return f"{said} The next is due from {short(following)}: lmstrack worklist --as-of {following.isoformat()}"


def _known(found: WorkList, zone: str) -> str:
    if found.known_at is None:
        return ""
    return f", as known on {short(civil_day(found.known_at, zone or 'UTC'))}"


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
