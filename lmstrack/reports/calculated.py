"""What the calculators answer: stage group, FIGO stage, FNCLCC grade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.reports.report import Column, Report, as_text, words
from lmstrack.reports.stages import stage_fields
from lmstrack.staging.figo import CERVIX_DOES_NOT_COUNT, ISOLATED_CELLS, NODES_CONTRADICT
from lmstrack.staging.fnclcc import NEAR_A_BOUND
from lmstrack.staging.of_case import in_words
from lmstrack.staging.soft_tissue import GRADE_UNKNOWN, NODES_NOT_ASSESSED, T_DIFFERS_FROM_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lmstrack.reports.report import Cell, Row
    from lmstrack.staging.figo import FigoStage
    from lmstrack.staging.fnclcc import Grade
    from lmstrack.staging.soft_tissue import StageGroup

#: What a flag means to whoever asked.
_MEANS: Final = {
    GRADE_UNKNOWN: "The grade cannot be given (GX). The table puts that with G1; a schedule takes it for high.",
    NODES_NOT_ASSESSED: "Nodes that were not assessed (NX) count as free in the table.",
    T_DIFFERS_FROM_SIZE: "The stated T is not that of the size, so both stay possible.",
    ISOLATED_CELLS: "Isolated tumour cells leave the nodes free.",
    NODES_CONTRADICT: "What is said of the nodes excludes itself, so they are not known.",
    CERVIX_DOES_NOT_COUNT: "Growth into the cervix alone changes nothing.",
    NEAR_A_BOUND: "The count is so near a bound that rounding would change the score.",
}
_MEANS_IN_FIGO: Final = {
    NODES_NOT_ASSESSED: "The nodes were not assessed (NX), which leaves open whether they are involved."
}


def _joined(key: str) -> Column:
    heading = {"possible": "Still possible", "ask": "Not known", "flags": "Flags"}[key]
    return Column(key, heading, "text", 1, 10, says=lambda row: _several(row, key))


def _several(row: Row, key: str) -> Cell:
    held = row[key]
    listed = [words(as_text(each)) for each in held] if isinstance(held, list) else []
    return None if key == "possible" and len(listed) < 2 else ", ".join(listed)


_STAGE_COLUMNS: Final = (
    Column("authority", "By", "id"),
    Column("edition", "Edition", "id"),
    Column("stage_group", "Stage group", "id"),
    _joined("possible"),
    _joined("ask"),
    Column("reason", "Why none", "text", 2, 16),
)
_STAGE_KEYS: Final = (
    "authority",
    "edition",
    "stage_group",
    "possible",
    "none_possible",
    "ask",
    "flags",
    "reason",
    "source",
)
_FIGO_KEYS: Final = ("figo", "possible", "ask", "flags", "t", "n", "m", "stage_group", "reason", "source")
_GRADE_KEYS: Final = ("score", "grade", "possible", "ask", "flags", "source")


def stage_report(found: StageGroup, other: StageGroup) -> Report:
    """A stage group, and that of the *other* authority where it differs."""
    differs = (found.still_possible, found.none_possible) != (other.still_possible, other.none_possible)
    rows = [_stage_row(each) for each in ((found, other) if differs else (found,))]
    below = list(_told(found.flags, _MEANS))
    if differs:
        below.append(
            f"{found.authority} and {other.authority} differ here; authority={other.authority} asks for the other."
        )
    return Report(
        schema="lmstrack.stage/1",
        title="Stage group",
        rows=rows,
        keys=_STAGE_KEYS,
        columns=_STAGE_COLUMNS,
        more={
            "site_group": found.site_group,
            "prefix": found.prefix,
            "t": _lettered("T", found.t),
            "n": _lettered("N", found.n),
            "m": _lettered("M", found.m),
            "g": _lettered("G", found.grade),
            **rows[0],
        },
        message=_sentence(in_words(found)),
        below=tuple(below),
    )


def _stage_row(found: StageGroup) -> dict[str, Cell]:
    fields = stage_fields(found)
    return {("stage_group" if key == "stage" else key): fields[key] for key in fields if key != "categories"}  # type: ignore[misc]


def figo_report(found: FigoStage) -> Report:
    """A FIGO stage, with what it is in TNM."""
    row: dict[str, Cell] = {
        "figo": found.stage,
        "possible": list(found.still_possible),
        "ask": list(found.settled_by),
        "flags": list(found.flags),
        "t": _lettered("T", found.t),
        "n": _lettered("N", found.n),
        "m": _lettered("M", found.m),
        "stage_group": found.group,
        "reason": found.reason or None,
        "source": found.source,
    }
    return Report(
        schema="lmstrack.figo/1",
        title="FIGO stage",
        rows=[row],
        keys=_FIGO_KEYS,
        columns=(
            Column("figo", "FIGO", "id"),
            _joined("possible"),
            _joined("ask"),
            *(Column(key, key.upper(), "id", 2) for key in ("t", "n", "m")),
            Column("stage_group", "TNM group", "id", 2),
            Column("reason", "Why none", "text", 3, 16),
        ),
        more={"edition": found.edition, "prefix": found.prefix, **row},
        message=_sentence(in_words(found)),
        below=tuple(_told(found.flags, _MEANS | _MEANS_IN_FIGO)),
    )


def grade_report(found: Grade) -> Report:
    """An FNCLCC grade."""
    row: dict[str, Cell] = {
        "score": found.score,
        "grade": found.grade,
        "possible": list(found.still_possible),
        "ask": list(found.settled_by),
        "flags": list(found.flags),
        "source": found.source,
    }
    *others, last = map(str, found.still_possible)
    said = f"{', '.join(others)} or {last}" if others else last
    return Report(
        schema="lmstrack.grade/1",
        title="FNCLCC grade",
        rows=[row],
        keys=_GRADE_KEYS,
        columns=(
            Column("score", "Score", "number"),
            Column("grade", "Grade", "number"),
            _joined("possible"),
            _joined("ask"),
        ),
        more=row,
        message=_sentence(
            f"FNCLCC grade {said}" + (f"; not known: {_listed(found.settled_by)}" if found.settled_by else "")
        ),
        below=(*_told(found.flags, _MEANS), "It is meant for untreated tumours, and not validated for the uterus."),
    )


def _told(flags: Sequence[str], means: dict[str, str]) -> Iterator[str]:
    return (means[flag] for flag in flags if flag in means)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(words(name) for name in names)


def _lettered(letter: str, value: str | None) -> str | None:
    return None if value is None else f"{letter}{value}"


def _sentence(said: str) -> str:
    return f"{said[0].upper()}{said[1:].rstrip('.')}."
