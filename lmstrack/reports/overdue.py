"""The lists of obligations: who is late, and everything that was or is due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from lmstrack.dates import PartialDate, civil_day, short
from lmstrack.reports.behind import calendar_of, what_is_behind
from lmstrack.reports.report import About, Column, Grouping, Report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from lmstrack.listing import Listed
    from lmstrack.lists import ObligationList
    from lmstrack.overview import Overview
    from lmstrack.reports.report import Row
    from lmstrack.workflow import Workflow

ROW_KEYS: Final = (
    "case",
    "course",
    "strand",
    "occurrence",
    "state",
    "days_overdue",
    "counts_from",
    "due_from",
    "due_by",
    "last_done",
    "phase",
    "plan",
    "provisional",
    "catch_up",
    "booked_for",
    "stage",
    "navigator",
    "next_action",
    "rule",
    "source",
)
NAME_KEYS: Final = ("name", "born", "identifiers")
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
_DETAILS: Final = (
    Column("course", "Course", "number"),
    Column("occurrence", "Occurrence", "number"),
    Column("counts_from", "Counts from", "date"),
    Column("due_from", "Due from", "date"),
    Column("phase", "Phase", "number"),
)
_ROW_KEY: Final = ("case", "course", "strand", "occurrence")
_STATES: Final = (
    ("overdue", "overdue"),
    ("overdue_booked", "overdue but booked"),
    ("due", "due"),
    ("upcoming", "upcoming"),
    ("excused", "excused"),
    ("suspended", "suspended"),
    ("undetermined", "undetermined"),
)
_GROUPS: Final = (
    ("surveillance", "surveillance"),
    ("result", "results"),
    ("pathway", "clocks before and between treatments"),
)
DEFINITIONS: Final = (
    (
        "Overdue",
        (
            "The last day of its window has passed, nothing that counts was done, and nothing excuses it. "
            "Due today is due, not overdue. A booking does not change it, and it never expires."
        ),
    ),
    ("Days", "Days after the last day of the window."),
    ("Due", "Today lies in the window, both ends included."),
    ("Upcoming", "The window has not begun."),
    ("Excused", "Declined or judged not appropriate, this time."),
    ("Suspended", "On hold, with a day on which it is looked at again."),
    ("Undetermined", "No window can be computed, not even a provisional one."),
    ("Provisional", "A fact that selects the plan is missing, so the strictest plan that could apply runs."),
    ("Catch-up", "The duty became known late and was given time."),
)


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
    groups = " and ".join(words for group, words in _GROUPS if group in found.groups)
    scope = f"{groups}, every case"
    if navigator is not None:
        scope = f"{groups}, rows of navigator {navigator}; the counts are of every case"
    totals = found.totals.to_dict()
    return Report(
        schema="lmstrack.overdue/1",
        title="Overdue on the pathway" if "pathway" in found.groups else "Overdue for follow-up",
        rows=_cells(rows),
        keys=_keys(rows),
        columns=_COLUMNS,
        grouping=_BY_PATIENT,
        as_of=found.as_of,
        known_at=found.known_at,
        workflow=found.workflow,
        totals=totals,
        message=_sentence(rows, found, about.zone),
        below=(*of_navigator(len(rows), len(found.rows), navigator), *reconciliation(totals, found.totals.declined)),
        empty=_nothing(found, navigator, about.zone),
        about=_about(about, found, workflow, scope),
        details=_DETAILS,
        divided="navigator",
        row_key=_ROW_KEY,
        **({} if behind is None else what_is_behind(_cells(rows), listed, found, behind, navigator)),
    )


def of_navigator(shown: int, of: int, navigator: str | None) -> tuple[str, ...]:
    """The line that says how the rows of one navigator belong to counts that are of every case; none without one."""
    if navigator is None:
        return ()
    return (f"Shown: {shown} of {_count(of, 'row')}, those of {navigator}. The counts are of every case:",)


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
        grouping=_BY_PATIENT,
        as_of=found.as_of,
        known_at=found.known_at,
        workflow=found.workflow,
        totals=totals,
        message=f"{_count(len(rows), 'obligation')}, past and open, as of {short(found.as_of)}"
        f"{_known(found, about.zone)}.",
        below=reconciliation(totals, found.totals.declined),
        empty="Nothing is or was due. Record a referral first: lmstrack help records",
        about=_about(about, found, workflow, "every obligation of every case, of any group"),
        details=_DETAILS,
        divided="navigator",
        row_key=_ROW_KEY,
        calendar=None if lines is None else calendar_of(found.rows, lines, found.as_of),
    )


def reconciliation(totals: Mapping[str, object], declined: int = 0) -> tuple[str, ...]:
    """The lines that prove that nobody is missing, from the totals that are promised to programs.

    *declined* are how many of the excused were declined for good.
    """
    for_good = f" ({declined} declined for good)" if declined else ""
    parts = [
        f"{totals[key]} {words}{for_good if key == 'excused' else ''}"
        for key, words in _STATES
        if totals[key] or key in {"overdue", "due", "upcoming"}
    ]
    cases = totals["cases"]
    if not isinstance(cases, Mapping):
        return (f"{totals['in_scope']} = {' + '.join(parts)}",)
    excluded = cases["excluded"]
    reasons = dict(excluded) if isinstance(excluded, Mapping) else {}
    left_out = sum(reasons.values())
    told = f" ({', '.join(f'{count} {reason}' for reason, count in sorted(reasons.items()))})" if reasons else ""
    with_one, without_one = cases["with_obligation"], cases["without_obligation"]
    counts = f"{with_one} with an obligation + {without_one} without one + {left_out} excluded{told}"
    adds_up = (f"{totals['in_scope']} = {' + '.join(parts)}", f"{_count(cases['total'], 'case')} = {counts}")
    return (*adds_up, "Those without one: lmstrack case list --without-obligation") if without_one else adds_up


def _about(about: About, found: ObligationList, workflow: Workflow | None, scope: str) -> About:
    return About(
        run_by=about.run_by,
        zone=about.zone,
        scope=scope,
        software=about.software,
        head=found.head,
        excluded=dict(found.totals.excluded),
        definitions=DEFINITIONS,
        gaps=tuple((gap.id, gap.question, gap.reading) for gap in workflow.gaps) if workflow is not None else (),
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


_BY_PATIENT: Final = Grouping(("case", "name", "born", "navigator"), _patient)


def _sentence(rows: Sequence[Mapping[str, object]], found: ObligationList, zone: str) -> str:
    """27 items in 24 patients are overdue as of 24 Nov 2026; 5 by more than 90 days; 3 are not booked."""
    if not rows:
        return ""
    patients = len({row["case"] for row in rows})
    verb = "is" if len(rows) == 1 else "are"
    said = f"{_count(len(rows), 'item')} in {_count(patients, 'patient')} {verb} overdue as of {short(found.as_of)}"
    said += _known(found, zone)
    long_ago = sum(1 for row in rows if isinstance(row["days_overdue"], int) and row["days_overdue"] > 90)
    if long_ago:
        said += f"; {long_ago} by more than 90 days"
    unbooked = sum(1 for row in rows if row["booked_for"] is None)
    if unbooked:
        said += f"; {unbooked} {'is' if unbooked == 1 else 'are'} not booked"
    return f"{said}."


def _known(found: ObligationList, zone: str) -> str:
    """What else was left out, where only what had been entered by then counts."""
    if found.known_at is None:
        return ""
    return f", as known on {short(civil_day(found.known_at, zone or 'UTC'))}"


def no_case(as_of: date) -> str:
    """What a list says where there is nobody whom it could be about."""
    add = "Add one with: lmstrack case add, or look around with: lmstrack demo"
    return f"As of {short(as_of)} no case is on record yet. {add}"


def _nothing(found: ObligationList, navigator: str | None, zone: str) -> str:
    if found.totals.cases == 0:
        return no_case(found.as_of)
    whose = f" among the patients of {navigator}" if navigator is not None else ""
    coming = found.totals.due
    hint = f" {_count(coming, 'item')} due now: lmstrack worklist" if coming else ""
    return f"Nothing is overdue{whose} as of {short(found.as_of)}{_known(found, zone)}.{hint}"


def _count(number: object, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _keys(rows: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    named = not rows or "name" in rows[0]
    return (*ROW_KEYS, *NAME_KEYS) if named else ROW_KEYS


def _cells(rows: Sequence[Mapping[str, object]]) -> list[Row]:
    return rows  # type: ignore[return-value]  # every value is one that JSON holds
