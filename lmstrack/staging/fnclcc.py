"""The FNCLCC grade: three scores, their sum, and the grades still possible where something is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from lmstrack.errors import Impossible, InvalidData

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Where a count brought to another area is so near a bound that rounding would change the score.
NEAR_A_BOUND = "mitoses_near_a_bound"

_ASKED = "Compute the FNCLCC grade"


@dataclass(frozen=True, slots=True)
class Band:
    """What lies below *below*, or not above *up_to*, has this *value*; with neither, all the rest has it."""

    value: int
    below: Fraction | None = None
    up_to: Fraction | None = None

    def holds(self, amount: Fraction) -> bool:
        """Whether the amount lies in this band, given that no earlier band holds it."""
        if self.below is not None:
            return amount < self.below
        return self.up_to is None or amount <= self.up_to


@dataclass(frozen=True, slots=True)
class Fnclcc:
    """The scale as its file gives it.

    *differentiation* gives the score of each degree; *mitoses* the bands of the count over *area_mm2*,
    *necrosis* those of the per cent, *grades* those of the sum. *near_a_bound* is how far below a bound a
    count is doubtful.
    """

    differentiation: Mapping[int, int]
    mitoses: tuple[Band, ...]
    necrosis: tuple[Band, ...]
    grades: tuple[Band, ...]
    area_mm2: Fraction
    near_a_bound: Fraction


@dataclass(frozen=True, slots=True)
class Grade:
    """The answer of the calculator.

    *score* is the sum, None while one of the three is not known. *grade* is None while more than one is in
    *possible*, which holds every grade that the unknown inputs still allow. *ask* names what would settle it.
    """

    score: int | None
    grade: int | None
    possible: tuple[int, ...]
    ask: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


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
    _refuse_the_impossible(mitoses_count, mitoses_area_mm2, necrosis_pct)
    flags: list[str] = []
    scores: dict[str, Sequence[int]] = {
        "differentiation": _degree(scale, differentiation),
        "mitoses_count": _of_mitoses(scale, mitoses_count, mitoses_area_mm2, flags),
        "necrosis_pct": _of_bands(scale.necrosis, None if necrosis_pct is None else _exact(necrosis_pct)),
    }
    sums = sorted({sum(each) for each in product(*scores.values())})
    possible = tuple(sorted({_band(scale.grades, Fraction(total)) for total in sums}))
    missing = tuple(name for name, each in scores.items() if len(each) > 1)
    return Grade(
        score=sums[0] if not missing else None,
        grade=possible[0] if len(possible) == 1 else None,
        possible=possible,
        ask=missing if len(possible) > 1 else (),
        flags=tuple(flags),
    )


def _refuse_the_impossible(count: float | None, area: float | None, share: float | None) -> None:
    if count is not None and count < 0:
        raise Impossible(_ASKED, f"mitoses_count cannot be {count:g}.")
    if area is not None and area <= 0:
        raise Impossible(_ASKED, f"mitoses_area_mm2 cannot be {area:g}.")
    if share is not None and not 0 <= share <= 100:
        raise Impossible(_ASKED, f"necrosis_pct cannot be {share:g}; the range is 0 to 100.")


def _degree(scale: Fnclcc, differentiation: int | None) -> Sequence[int]:
    if differentiation is None:
        return tuple(sorted(set(scale.differentiation.values())))
    if differentiation not in scale.differentiation:
        known = ", ".join(str(degree) for degree in scale.differentiation)
        raise InvalidData(_ASKED, [f"differentiation: {differentiation} is not one of {known}"])
    return (scale.differentiation[differentiation],)


def _of_mitoses(scale: Fnclcc, count: float | None, area: float | None, flags: list[str]) -> Sequence[int]:
    if count is None:
        return _of_bands(scale.mitoses, None)
    per_fields = _exact(count) if area is None else _exact(count) * scale.area_mm2 / _exact(area)
    # A whole number has nothing to round: nine mitoses in ten fields are nine.
    if per_fields.denominator > 1 and any(
        band.below is not None and band.below - scale.near_a_bound <= per_fields < band.below for band in scale.mitoses
    ):
        flags.append(NEAR_A_BOUND)
    return _of_bands(scale.mitoses, per_fields)


def _of_bands(bands: Sequence[Band], amount: Fraction | None) -> Sequence[int]:
    if amount is None:
        return tuple(band.value for band in bands)
    return (_band(bands, amount),)


def _band(bands: Sequence[Band], amount: Fraction) -> int:
    return next(band.value for band in bands if band.holds(amount))


def _exact(number: float) -> Fraction:
    # By its decimal form: 1.734 as a binary fraction is a little less, and a bound would be missed by that.
    return Fraction(str(number))
