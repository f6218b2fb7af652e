"""The lists of obligations: who is late, and everything that was or is due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from lmstrack.dates import PartialDate, short
from lmstrack.lists import NAME_KEYS, ROW_KEYS
from lmstrack.reports.around import about_list, known_then, no_case, of_navigator, reconciliation, scope_of
from lmstrack.reports.behind import calendar_of, what_is_behind
from lmstrack.reports.report import About, Column, Grouping, Report, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lmstrack.listing import Listed
    from lmstrack.lists import ObligationList
    from lmstrack.overview import Overview
    from lmstrack.reports.report import Row
    from lmstrack.workflow import Workflow

_OVERLAYS: Final = (("provisional", "provisional"), ("catch_up", "catch-up"))


def _state(row: Row) -> str:
    """The state and what lies over it: overdue, provisional."""
    return ", ".join([str(row["state"]), *(word for key, word in _OVERLAYS if row[key])])


_COLUMNS: Final = (
    Column("case", "Case", "id"),
    Column("name", "Name", "text", 2, 18),
    Column("born", "Born", "date", 7),
    Column("strand", "Strand", "term"),
    Column("state", "State", "status", 3, says=_state),
    Column("days_overdue", "Days", "number"),
    Column("due_by", "Due by", "date"),
    Column("last_done", "Last done", "date", 4),
    Column("booked_for", "Booked for", "date", 1),
    Column("navigator", "Navigator", "text", 6, 8),
    Column("next_action", "Next action", "text", 5, 20),
    Column("stage", "Stage", "id", 8),
    Column("rule", "Rule", "id", 9),
)
DETAILS: Final = (
    Column("course", "Course", "number"),
    Column("occurrence", "Occurrence", "number"),
    Column("counts_from", "Counts from", "date"),
    Column("due_from", "Due from", "date"),
    Column("phase", "Phase", "number"),
)
ROW_KEY: Final = ("case", "course", "strand", "occurrence")


def overdue_report(
    found: ObligationList,
    workflow: Workflow | None,
    about: About,
    *,
    navigator: str | None = None,
    behind: Overview | None = None,
) -> Report:
    """Who is late for follow-up: the list, the sentence that sums it up, and the reconciliation below it.

    *workflow* gives the protocol gaps, and *behind* what the list amounts to; None leaves them out where the report
    does not leave the screen.
    """
    rows = found.to_dicts()
    listed: Sequence[Listed] = found.rows
    if navigator is not None:
        rows = [row for row in rows if row["navigator"] == navigator]
        listed = [row for row in listed if row.navigator == navigator]
    scope = scope_of(found, navigator)
    totals = found.totals.to_dict()
    return Report(
        schema="lmstrack.overdue/1",
        title="Overdue on the pathway" if "pathway" in found.groups else "Overdue for follow-up",
        rows=_cells(rows),
        keys=_keys(rows),
        columns=_COLUMNS,
        grouping=BY_PATIENT,
        as_of=found.as_of,
        known_at=found.known_at,
        workflow=found.workflow,
        totals=totals,
        message=_sentence(rows, found, about.zone),
        below=(*of_navigator(len(rows), len(found.rows), navigator), *_below(found, totals)),
        empty=_nothing(found, navigator, about.zone),
        about=about_list(about, found, workflow, scope),
        details=DETAILS,
        divided="navigator",
        row_key=ROW_KEY,
        **({} if behind is None else what_is_behind(_cells(rows), listed, found, behind, navigator)),
    )


def obligations_report(
    found: ObligationList, workflow: Workflow | None, about: About, *, lines: Mapping[str, int] | None = None
) -> Report:
    """Everything that was or is due, in every state.

    *lines* says how many lines are known about each case, which a calendar needs; None where it is for none.
    """
    rows = found.to_dicts()
    totals = found.totals.to_dict()
    return Report(
        schema="lmstrack.obligations/1",
        title="Obligations in every state",
        rows=_cells(rows),
        keys=_keys(rows),
        columns=_COLUMNS,
        grouping=BY_PATIENT,
        as_of=found.as_of,
        known_at=found.known_at,
        workflow=found.workflow,
        totals=totals,
        message=f"{counted(len(rows), 'obligation')}, past and open, as of {short(found.as_of)}"
        f"{known_then(found, about.zone)}.",
        below=reconciliation(totals, found.totals.declined),
        empty="Nothing is or was due. Record a referral first: lmstrack help records",
        about=about_list(about, found, workflow, "every obligation of every case, of any group"),
        details=DETAILS,
        divided="navigator",
        row_key=ROW_KEY,
        calendar=None if lines is None else calendar_of(found.rows, lines, found.as_of),
    )


def _patient(row: Row) -> str:
    """Whom a group of rows is about: LMS-0042-7  Ann Example, born 4 Mar 1961, mrn 0012345678, navigator-a."""
    told = [str(row["name"])] if row.get("name") else []
    if row.get("born"):
        born = PartialDate.parse(str(row["born"]))
        told.append(f"born {short(born.first) if born.exact else born}")
    identifiers = row.get("identifiers")
    if isinstance(identifiers, Mapping):
        told += [f"{system} {value}" for system, value in identifiers.items()]
    if row.get("navigator"):
        told.append(str(row["navigator"]))
    return f"{row['case']}  {', '.join(told)}".rstrip()


BY_PATIENT: Final = Grouping(("case", "name", "born", "navigator"), _patient)


def _sentence(rows: Sequence[Mapping[str, object]], found: ObligationList, zone: str) -> str:
    """27 items in 24 patients are overdue as of 24 Nov 2026; 5 by more than 90 days; 3 are not booked."""
    if not rows:
        return ""
    patients = len({row["case"] for row in rows})
    verb = "is" if len(rows) == 1 else "are"
    said = f"{counted(len(rows), 'item')} in {counted(patients, 'patient')} {verb} overdue as of {short(found.as_of)}"
    said += known_then(found, zone)
    long_ago = sum(1 for row in rows if isinstance(row["days_overdue"], int) and row["days_overdue"] > 90)
    if long_ago:
        said += f"; {long_ago} by more than 90 days"
    unbooked = sum(1 for row in rows if row["booked_for"] is None)
    if unbooked:
        said += f"; {unbooked} {'is' if unbooked == 1 else 'are'} not booked"
    return f"{said}."


def _below(found: ObligationList, totals: Mapping[str, object]) -> tuple[str, ...]:
    declined = found.totals.declined
    lines = reconciliation(totals, declined)
    return (*lines, "Those declined for good: lmstrack overdue --state declined") if declined else lines


def _nothing(found: ObligationList, navigator: str | None, zone: str) -> str:
    if found.totals.cases == 0:
        return no_case(found.as_of)
    whose = f" among the patients of {navigator}" if navigator is not None else ""
    coming = found.totals.due
    hint = f" {counted(coming, 'item')} due now: lmstrack worklist" if coming else ""
    return f"Nothing is overdue{whose} as of {short(found.as_of)}{known_then(found, zone)}.{hint}"


def _keys(rows: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    named = not rows or "name" in rows[0]
    return (*ROW_KEYS, *NAME_KEYS) if named else ROW_KEYS


def _cells(rows: Sequence[Mapping[str, object]]) -> list[Row]:
    return rows  # type: ignore[return-value]  # every value is one that JSON holds
