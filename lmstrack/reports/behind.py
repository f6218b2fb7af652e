"""What stands behind an overdue list: who is on no list and why, the days of what is, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from lmstrack.dates import short
from lmstrack.obligations import ObligationState
from lmstrack.records import field_help
from lmstrack.reports.lateness import counts_of
from lmstrack.reports.parts import CalendarDay, Counted, FillIn, Part
from lmstrack.reports.report import Column, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from lmstrack.listing import Listed
    from lmstrack.lists import ObligationList
    from lmstrack.overview import Overview, SetAside
    from lmstrack.records import Person
    from lmstrack.reports.report import Cell, Row

_ASIDE: Final = (
    Column("case", "Case", "id"),
    Column("name", "Name", "text", 2, 18),
    Column("born", "Born", "date"),
    Column("reason", "Reason"),
    Column("state", "State", "term"),
    Column("navigator", "Navigator"),
    Column("last_on", "Last entry for", "date"),
)
#: What somebody still has to come for or to do.
_WANTED: Final = {ObligationState.OVERDUE, ObligationState.DUE, ObligationState.UPCOMING}


class Behind(TypedDict, total=False):
    """The parts of a report that an overview gives."""

    counts: tuple[Counted, ...]
    parts: tuple[Part, ...]
    calendar: tuple[CalendarDay, ...]
    fill_in: FillIn


def what_is_behind(
    rows: Sequence[Row], listed: Iterable[Listed], found: ObligationList, behind: Overview, navigator: str | None
) -> Behind:
    """Counts, further lists and days of an overdue list; *navigator* is whose patients it is of, None for all."""
    once = [row for row in behind.ended_late() if navigator is None or row.navigator == navigator]
    return {
        "counts": counts_of(rows, behind, found.as_of, navigator),
        "parts": parts_of(behind),
        "calendar": calendar_of([*listed, *once], behind.lines, found.as_of),
        "fill_in": _outcome(),
    }


def parts_of(behind: Overview) -> tuple[Part, ...]:
    """Who is left out of the list, with the reason, and for whom nothing is due."""
    left = [_aside(each, behind.people.get(each.case)) for each in behind.aside if each.left is not None]
    nothing = [_aside(each, behind.people.get(each.case)) for each in behind.aside if each.left is None]
    without_reason = tuple(column for column in _ASIDE if column.key != "reason")
    return (
        Part("Excluded", _ASIDE, left, "No case is left out."),
        Part("No obligation", without_reason, nothing, "Something is due for every case that is followed."),
    )


def _aside(each: SetAside, person: Person | None) -> Row:
    row: dict[str, Cell] = {
        "case": each.case,
        "reason": each.left,
        "state": each.state,
        "navigator": each.navigator,
        "last_on": None if each.last_on is None else each.last_on.isoformat(),
    }
    if person is not None:
        row |= {"name": person.name, "born": None if person.born is None else str(person.born)}
    return row


def _outcome() -> FillIn:
    contact, excuse = ({each.field: each.values for each in field_help(kind)} for kind in ("contact", "excuse"))
    allowed = (*contact["outcome"], *excuse["reason"])
    told = "What came of it, a word of the list: how a contact ended; not_appropriate excuses the item this time."
    return FillIn("Outcome", tuple(dict.fromkeys(allowed)), told, "Outcome on")


def calendar_of(rows: Iterable[Listed], lines: Mapping[str, int], as_of: date) -> tuple[CalendarDay, ...]:
    """The day of each obligation: of its booking, else the last of its window; cancelled where it ended or waits."""
    return tuple(
        CalendarDay(
            key=(row.case, str(row.course), row.strand, str(row.occurrence)),
            on=row.booked_for or row.due_by,
            summary=f"{row.case} {words(row.strand)}{', booked' if row.booked_for is not None else ''}",
            told=f"Window {short(row.due_from)} to {short(row.due_by)}. See: lmstrack show {row.case}",
            revision=lines.get(row.case, 0),
            cancelled=row.state(as_of) not in _WANTED,
        )
        for row in rows
        if row.due_from is not None and row.due_by is not None
    )
