"""The FNCLCC grade: three scores, their sum, and the grades still possible where something is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from lmstrack.errors import InvalidData
from lmstrack.staging.bands import exact, refuse_impossible, value_in, values_in
from lmstrack.staging.possible import only, weighed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lmstrack.staging.bands import Band

#: Where a count brought to another area is so near a bound that rounding would change the score.
NEAR_A_BOUND = "mitoses_near_a_bound"

_ASKED = "Compute the FNCLCC grade"


@dataclass(frozen=True, slots=True)
class Fnclcc:
    """The scale as its file gives it.

    *differentiation* gives the score of each degree; *mitoses* the bands of the count over *area_mm2*,
    *necrosis* those of the per cent, *grades* those of the sum. *near_a_bound* is how far below a bound a
    count is doubtful. *source* is where it was read.
    """

    differentiation: Mapping[int, int]
    mitoses: tuple[Band, ...]
    necrosis: tuple[Band, ...]
    grades: tuple[Band, ...]
    area_mm2: Fraction
    near_a_bound: Fraction
    source: str


@dataclass(frozen=True, slots=True)
class Grade:
    """The answer of the calculator.

    *score* is the sum, None while one of the three is not known. *grade* is None while more than one is in
    *still_possible*, which holds every grade that the unknown inputs still allow. *settled_by* names what would
    settle it. *source* is where the scale was read.
    """

    score: int | None
    grade: int | None
    still_possible: tuple[int, ...]
    settled_by: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    source: str = ""


def fnclcc(
    scale: Fnclcc,
    *,
    differentiation: int | None,
    mitoses_count: float | None,
    mitoses_area_mm2: float | None = None,
    necrosis_pct: float | None,
) -> Grade:
    """Score, grade, and the grades still possible. None is not known, which is never the same as nought.

    *mitoses_count* is per ten high-power fields, or per *mitoses_area_mm2* where that is given. The source is
    named in the scale's file. The scale is not meant for treated tumours, and not validated for the uterus;
    whoever asks decides.

    Raises `InvalidData` for a degree of differentiation that the scale has not, `Impossible` for a count
    below nought, an area that is none and a share outside 0 to 100.
    """
    refuse_impossible(_ASKED, "mitoses_count", mitoses_count, least=0)
    refuse_impossible(_ASKED, "mitoses_area_mm2", mitoses_area_mm2, above=0)
    refuse_impossible(_ASKED, "necrosis_pct", necrosis_pct, least=0, greatest=100)
    flags: list[str] = []
    scores: dict[str, Sequence[int]] = {
        "differentiation": _degree(scale, differentiation),
        "mitoses_count": _of_mitoses(scale, mitoses_count, mitoses_area_mm2, flags),
        "necrosis_pct": values_in(scale.necrosis, None if necrosis_pct is None else exact(necrosis_pct)),
    }
    grades, settled_by = weighed(scores, lambda score: value_in(scale.grades, Fraction(sum(score.values()))))
    known = [only(each) for each in scores.values()]
    return Grade(
        score=None if None in known else sum(each for each in known if each is not None),
        grade=only(grades),
        still_possible=tuple(sorted(grades)),
        settled_by=settled_by,
        flags=tuple(flags),
        source=scale.source,
    )


def _degree(scale: Fnclcc, differentiation: int | None) -> Sequence[int]:
    if differentiation is None:
        return tuple(sorted(set(scale.differentiation.values())))
    if differentiation not in scale.differentiation:
        known = ", ".join(str(degree) for degree in scale.differentiation)
        raise InvalidData(_ASKED, [f"differentiation: {differentiation} is not one of {known}"])
    return (scale.differentiation[differentiation],)


def _of_mitoses(scale: Fnclcc, count: float | None, area: float | None, flags: list[str]) -> Sequence[int]:
    if count is None:
        return values_in(scale.mitoses, None)
    per_fields = exact(count) if area is None else exact(count) * scale.area_mm2 / exact(area)
    # A whole number has nothing to round: nine mitoses in ten fields are nine.
    if per_fields.denominator > 1 and any(
        band.below is not None and band.below - scale.near_a_bound <= per_fields < band.below for band in scale.mitoses
    ):
        flags.append(NEAR_A_BOUND)
    return values_in(scale.mitoses, per_fields)
