"""Lists of cases: what a search found, and every case with where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.joined import MERGED
from lmstrack.reports.around import no_case
from lmstrack.reports.report import Column, Report, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lmstrack.listing import Head
    from lmstrack.records import Person
    from lmstrack.reports.report import About, Cell, Row
    from lmstrack.standings import Standings

_KEYS: Final = ("case", "state", "course", "stage", "navigator", "last_on", "lines", "left", "workflow")
_NAME_KEYS: Final = ("name", "born", "sex", "identifiers")
_COLUMNS: Final = (
    Column("case", "Case", "id"),
    Column("name", "Name", "text", 3, 12),
    Column("born", "Born", "date", 4),
    Column("state", "State", "term"),
    Column("left", "Left", "text", 2, 8),
    Column("last_on", "Last entry for", "date", 1),
    Column("stage", "Stage", "id", 6),
    Column("navigator", "Navigator", "text", 5, 8),
    Column("identifiers", "Identifiers", "text", 7, 12),
)


def list_report(
    found: Standings,
    about: About,
    *,
    initial: str,
    state: str | None = None,
    without_obligation: bool = False,
) -> Report:
    """Every case, or those in one state, or those for whom nothing is due; an empty one is in *initial*."""
    cases = found.cases
    rows = [_row(each.case, each.head, found.people.get(each.case), initial) for each in cases]
    counts: dict[str, int] = {}
    for row in rows:
        stands = MERGED if row["left"] == MERGED else str(row["state"])  # it is told of where it was merged into
        counts[stands] = counts.get(stands, 0) + 1
    added = " + ".join(f"{count} {words(name)}" for name, count in sorted(counts.items()))
    return Report(
        schema="lmstrack.cases/1",
        title="Cases",
        rows=[
            row
            for row, each in zip(rows, cases, strict=True)
            if (state is None or row["state"] == state) and not (without_obligation and each.looked_after)
        ],
        keys=(*_KEYS, *_NAME_KEYS) if found.people or not cases else _KEYS,
        columns=_COLUMNS,
        as_of=found.as_of,
        known_at=found.known_at,
        totals={"cases": len(cases), "states": dict(sorted(counts.items()))},
        below=(f"{len(cases)} = {added}",) if cases else (),
        empty=_empty(found, state, without_obligation=without_obligation),
        about=about,
    )


def _empty(found: Standings, state: str | None, *, without_obligation: bool) -> str:
    if not found.cases:
        return no_case(found.as_of)
    return "Something is due for every case." if without_obligation and state is None else f"No case is in {state}."


def found_report(
    found: Sequence[tuple[str, Person]], heads: Mapping[str, Head | None], about: About, *, initial: str
) -> Report:
    """The cases that a search found."""
    return Report(
        schema="lmstrack.cases/1",
        title="Cases found",
        rows=[_row(case, heads.get(case), person, initial) for case, person in found],
        keys=(*_KEYS, *_NAME_KEYS),
        columns=_COLUMNS,
        totals={"cases": len(found)},
        about=about,
    )


def _row(case: str, head: Head | None, person: Person | None, initial: str) -> Row:
    row: dict[str, Cell] = {
        "case": case,
        "state": initial if head is None else head.state,
        "course": 1 if head is None else head.course,
        "stage": None if head is None else head.stage,
        "navigator": None if head is None else head.navigator,
        "last_on": None if head is None or head.last_on is None else head.last_on.isoformat(),
        "lines": 0 if head is None else head.lines,
        "left": None if head is None else head.excluded,
        "workflow": None if head is None else head.workflow,
    }
    if person is not None:
        row |= {
            "name": person.name,
            "born": None if person.born is None else str(person.born),
            "sex": person.sex,
            "identifiers": dict(person.identifiers),
        }
    return row
