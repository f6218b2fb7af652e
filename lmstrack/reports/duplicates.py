"""Pairs of cases that are likely one patient, each with the reasons and the command that merges them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.reports.report import Column, Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lmstrack.duplicates import Pair
    from lmstrack.records import Person
    from lmstrack.reports.report import About, Row

_KEYS: Final = ("case", "other", "why", "command")
_NAMES: Final = ("name", "born", "other_name", "other_born")
_COLUMNS: Final = (
    Column("case", "Case", "id"),
    Column("name", "Name", "text", 3, 12),
    Column("born", "Born", "date", 4),
    Column("other", "Other", "id"),
    Column("other_name", "Name", "text", 3, 12),
    Column("other_born", "Born", "date", 4),
    Column("why", "Why", "text", 0, 16),
)


def duplicates_report(pairs: Sequence[Pair], people: Mapping[str, Person], about: About) -> Report:
    """The pairs, those with most reasons first; *people* is empty where names were not asked for."""
    first = pairs[0] if pairs else None
    return Report(
        schema="lmstrack.duplicates/1",
        title="Cases that are likely one patient",
        rows=[_row(pair, people) for pair in pairs],
        keys=(*_KEYS, *(_NAMES if people else ())),
        columns=_COLUMNS,
        totals={"pairs": len(pairs)},
        below=()
        if first is None
        else (
            "Nothing is merged by itself. Compare the two, then:",
            _merging(first),
        ),
        empty=(
            "No two cases look like one patient: none share an identifier, or a date of birth and a similar name. "
            "Of those whose birth or name is not on record nothing can be compared. "
            'Two that you know of: lmstrack case merge CASE OTHER --because "…"'
        ),
        about=about,
    )


def _merging(pair: Pair) -> str:
    return f'lmstrack case merge {pair.case} {pair.other} --because "…" --confirm {pair.other}'


def _row(pair: Pair, people: Mapping[str, Person]) -> Row:
    row: dict[str, object] = {
        "case": pair.case,
        "other": pair.other,
        "why": list(pair.why),
        "command": _merging(pair),
    }
    if people:
        for case, before in ((pair.case, ""), (pair.other, "other_")):
            person = people[case]
            row[f"{before}name"] = person.name
            row[f"{before}born"] = None if person.born is None else str(person.born)
    return row  # type: ignore[return-value]  # lists of text are cells
