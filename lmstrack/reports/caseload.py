"""Lists of cases: what a search found, and every case with where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.reports.report import Column, Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lmstrack.listing import Head
    from lmstrack.records import Person
    from lmstrack.reports.report import About, Row

_KEYS: Final = ("case", "state", "course", "stage", "navigator", "last_on", "lines", "left", "workflow")
_NAME_KEYS: Final = ("name", "born", "sex", "identifiers")
_COLUMNS: Final = (
    Column("case", "Case", "id"),
    Column("name", "Name", "text", 3, 12),
    Column("born", "Born", "date", 4),
    Column("state", "State", "id"),
    Column("left", "Left", "text", 2, 8),
    Column("last_on", "Last entry for", "date", 1),
    Column("stage", "Stage", "id", 6),
    Column("navigator", "Navigator", "text", 5, 8),
    Column("identifiers", "Identifiers", "text", 7, 12),
)


def list_report(
    heads: Sequence[Head], people: Mapping[str, Person], about: About, *, state: str | None = None
) -> Report:
    """Every case, or those in one state."""
    shown = [head for head in heads if state is None or head.state == state]
    states: dict[str, int] = {}
    for head in heads:
        states[head.state] = states.get(head.state, 0) + 1
    return Report(
        schema="lmstrack.cases/1",
        title="Cases",
        rows=[_row(head.case, head, people.get(head.case)) for head in shown],
        keys=(*_KEYS, *_NAME_KEYS) if people or not heads else _KEYS,
        columns=_COLUMNS,
        totals={"cases": len(heads), "states": dict(sorted(states.items()))},
        below=(f"{len(heads)} = {' + '.join(f'{count} {name}' for name, count in sorted(states.items()))}",)
        if heads
        else (),
        empty="No case is on record yet. Add one with: lmstrack case add"
        if not heads
        else f"No case is in {state}.",
        about=about,
    )


def found_report(
    found: Sequence[tuple[str, Person]], heads: Mapping[str, Head | None], about: About
) -> Report:
    """The cases that a search found."""
    return Report(
        schema="lmstrack.cases/1",
        title="Cases found",
        rows=[_row(case, heads.get(case), person) for case, person in found],
        keys=(*_KEYS, *_NAME_KEYS),
        columns=_COLUMNS,
        totals={"cases": len(found)},
        empty="",
        about=about,
    )


def _row(case: str, head: Head | None, person: Person | None) -> Row:
    row: dict[str, object] = {
        "case": case,
        "state": None if head is None else head.state,
        "course": None if head is None else head.course,
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
    return row  # type: ignore[return-value]  # every value is one that JSON holds
