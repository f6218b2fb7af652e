"""The obligations that are in one state: what a count below the overdue list is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lmstrack.dates import short
from lmstrack.lists import NAME_KEYS, ROW_KEYS
from lmstrack.reports.around import about_list, known_then, no_case, of_navigator, reconciliation, scope_of
from lmstrack.reports.behind import calendar_of
from lmstrack.reports.overdue import BY_PATIENT, DETAILS, ROW_KEY
from lmstrack.reports.report import Column, Report, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.listing import Listed
    from lmstrack.lists import ObligationList
    from lmstrack.reports.report import About, Row
    from lmstrack.workflow import Workflow

_MORE: Final = ("since", "because", "review_on")
_SAID: Final = {
    "due": "due",
    "upcoming": "upcoming",
    "excused": "excused",
    "declined": "declined for good",
    "suspended": "suspended",
    "undetermined": "undetermined",
}
_COLUMNS: Final = (
    Column("case", "Case", "id"),
    Column("name", "Name", "text", 2, 18),
    Column("born", "Born", "date", 7),
    Column("strand", "Strand", "term"),
    Column("since", "Since", "date"),
    Column("because", "Why", "text", 3, 12),
    Column("review_on", "Ask again", "date"),
    Column("due_from", "Due from", "date", 4),
    Column("due_by", "Due by", "date", 1),
    Column("booked_for", "Booked for", "date", 2),
    Column("last_done", "Last done", "date", 5),
    Column("navigator", "Navigator", "text", 6, 8),
    Column("next_action", "Next action", "text", 8, 20),
    Column("rule", "Rule", "id", 9),
)
_WORDS: Final = (
    ("Since", "The day on which it was declined, judged not appropriate, or put on hold."),
    ("Ask again", "The day that was agreed for looking at it again; from then on that is on the worklist."),
)


def in_state_report(
    found: ObligationList,
    workflow: Workflow | None,
    about: About,
    *,
    navigator: str | None = None,
    lines: Mapping[str, int] | None = None,
) -> Report:
    """The list of what is in the state of *found*, with the reconciliation that counts it.

    *lines* says how many lines are known about each case, which a calendar needs; None where it is for none.
    """
    said = _SAID[str(found.state)]
    every = zip(found.rows, found.to_dicts(), strict=True)
    shown = [(row, told) for row, told in every if navigator is None or row.navigator == navigator]
    listed = [row for row, _ in shown]
    rows = [_row(row, told) for row, told in shown]
    told = about_list(about, found, workflow, f"{scope_of(found, navigator)}; {said}")
    totals = found.totals.to_dict()
    named = bool(found.people) or not rows
    return Report(
        schema="lmstrack.in_state/1",
        title=said[0].upper() + said[1:],
        rows=rows,
        keys=(*ROW_KEYS, *_MORE, *NAME_KEYS) if named else (*ROW_KEYS, *_MORE),
        columns=_COLUMNS,
        grouping=BY_PATIENT,
        as_of=found.as_of,
        known_at=found.known_at,
        workflow=found.workflow,
        totals=totals,
        more={"state": found.state},
        message=_sentence(listed, said, found, about.zone),
        below=(*of_navigator(len(rows), len(found.rows), navigator), *reconciliation(totals, found.totals.declined)),
        empty=_nothing(said, found, navigator, about.zone),
        about=replace(told, definitions=(*_WORDS, *told.definitions)),
        details=DETAILS,
        divided="navigator",
        row_key=ROW_KEY,
        calendar=None if lines is None else calendar_of(listed, lines, found.as_of),
    )


def _row(row: Listed, told: Mapping[str, object]) -> Row:
    since = row.ended_on or row.suspended_from
    more = {
        "since": None if since is None else since.isoformat(),
        "because": row.because or None,
        "review_on": None if row.review_on is None else row.review_on.isoformat(),
    }
    return {**told, **more}  # type: ignore[dict-item]  # every value is one that JSON holds


def _sentence(rows: list[Listed], said: str, found: ObligationList, zone: str) -> str:
    if not rows:
        return ""
    patients = len({row.case for row in rows})
    items = f"{counted(len(rows), 'item')} in {counted(patients, 'patient')}"
    told = f"{items} {'is' if len(rows) == 1 else 'are'} {said} as of {short(found.as_of)}{known_then(found, zone)}"
    asked = sum(1 for row in rows if row.review_on is not None and row.review_on <= found.as_of)
    return f"{told}; {asked} to be asked again by now." if asked else f"{told}."


def _nothing(said: str, found: ObligationList, navigator: str | None, zone: str) -> str:
    if found.totals.cases == 0:
        return no_case(found.as_of)
    whose = f" among the patients of {navigator}" if navigator is not None else ""
    return f"Nothing is {said}{whose} as of {short(found.as_of)}{known_then(found, zone)}."
