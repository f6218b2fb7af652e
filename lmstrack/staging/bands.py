"""Bands of a measurement: what lies in one has its value. Numbers are compared by their decimal form."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING

from lmstrack.errors import Impossible

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def value_in(bands: Sequence[Band], amount: Fraction) -> int:
    """The value of the band that holds the amount."""
    return next(band.value for band in bands if band.holds(amount))


def values_in(bands: Sequence[Band], amount: Fraction | None) -> tuple[int, ...]:
    """The value of the amount; every value that there is where the amount is not known."""
    return tuple(band.value for band in bands) if amount is None else (value_in(bands, amount),)


def exact(number: float) -> Fraction:
    """The number by its decimal form: 1.734 as a binary fraction is a little less, and would miss a bound by that."""
    return Fraction(str(number))


def refuse_impossible(
    asked: str,
    name: str,
    number: float | None,
    *,
    least: float | None = None,
    above: float | None = None,
    greatest: float | None = None,
) -> None:
    """Raise `Impossible` for a number that cannot have been measured; one that is not known is none."""
    if number is None:
        return
    too_small = (least is not None and number < least) or (above is not None and number <= above)
    if not isfinite(number) or too_small or (greatest is not None and number > greatest):
        within = f"; the range is {least:g} to {greatest:g}" if least is not None and greatest is not None else ""
        raise Impossible(asked, f"{name} cannot be {number:g}{within}.")
