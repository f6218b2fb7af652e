"""One part of a scale's file, read strictly: what is missing, unknown or of another type is noted."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from lmstrack.staging.bands import Band
from lmstrack.workflow.faults import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.workflow.faults import Faults
    from lmstrack.workflow.reader import Plain


class Section:
    """Names with their values; what cannot be read is noted in the faults, and read as nothing."""

    def __init__(self, holds: Plain, place: tuple[str | int, ...], faults: Faults) -> None:
        self._holds = holds if isinstance(holds, dict) else {}
        self._place = place
        self._faults = faults

    def names(self) -> tuple[str, ...]:
        """Every name that stands here, in the order of the file."""
        return tuple(self._holds)

    def only(self, *names: str) -> Section:
        """The same, once every name that is none of these has been noted."""
        for name in self._holds:
            if name not in names:
                self.fault(f"There is nothing called '{name}' here{nearest(name, names)}", name)
        return self

    def section(self, name: str) -> Section:
        """The part with this name."""
        held = self._holds.get(name)
        if not isinstance(held, dict):
            self.fault(f"'{name}' must hold names with their values, each after a colon.", name)
        return Section(held, (*self._place, name), self._faults)

    def sections(self, name: str) -> Iterator[Section]:
        """The parts in the list with this name."""
        held = self._holds.get(name)
        if not isinstance(held, list) or not held or not all(isinstance(each, dict) for each in held):
            self.fault(f"'{name}' must be a list of names with their values.", name)
            return
        for index, each in enumerate(held):
            yield Section(each, (*self._place, name, index), self._faults)

    def has(self, name: str) -> bool:
        """Whether something stands under this name."""
        return self._holds.get(name) is not None

    def text(self, name: str) -> str:
        """The words under this name."""
        held = self._holds.get(name)
        if not isinstance(held, str) or not held:
            self.fault(f"'{name}' must be text.", name)
            return ""
        return held

    def word(self, name: str) -> str:
        """The word or whole number under this name, as text."""
        held = self._holds.get(name)
        if not isinstance(held, str | int) or isinstance(held, bool) or held == "":
            self.fault(f"'{name}' must be a word or a whole number.", name)
            return ""
        return str(held)

    def values(self, name: str) -> tuple[str, ...]:
        """The list of words and whole numbers under this name, all as text."""
        held = self._holds.get(name)
        fits = isinstance(held, list) and all(
            isinstance(each, str | int) and not isinstance(each, bool) for each in held
        )
        if not isinstance(held, list) or not held or not fits:
            self.fault(f"'{name}' must be a list of words or whole numbers.", name)
            return ()
        return tuple(str(each) for each in held)

    def number(self, name: str) -> Fraction:
        """The number under this name."""
        held = self._holds.get(name)
        if not _is_number(held):
            self.fault(f"'{name}' must be a number.", name)
            return Fraction(1)
        return Fraction(str(held))

    def whole(self, name: str) -> int:
        """The whole number under this name, true and false being one and nought."""
        held = self._holds.get(name)
        if not isinstance(held, int):
            self.fault(f"'{name}' must be true, false or a whole number.", name)
            return 0
        return int(held)

    def whole_numbers(self) -> dict[str, int]:
        """Whole numbers by whole numbers."""
        found: dict[str, int] = {}
        for name, held in self._holds.items():
            if name.isdecimal() and isinstance(held, int) and not isinstance(held, bool):
                found[name] = held
            else:
                self.fault("Both sides must be whole numbers.", name)
        return found

    def bands(self, name: str, value: str) -> tuple[Band, ...]:
        """The bands in the list with this name, each of which gives its *value*."""
        found: list[Band] = []
        listed = self._holds.get(name)
        held = listed if isinstance(listed, list) else []
        for index, each in enumerate(held):
            band = _band(each, value, last=index == len(held) - 1)
            if band is None:
                wanted = f"A band gives its {value} and a bound, 'below' or 'up_to'; only the last has none."
                self.fault(wanted, name, index)
            else:
                found.append(band)
        bounds = [bound for band in found if (bound := _bound(band)) is not None]
        if not held or bounds != sorted(set(bounds)):
            self.fault(f"'{name}' must be a list of bands whose bounds rise.", name)
        return tuple(found)

    def fault(self, sentence: str, *place: str | int) -> None:
        """Note that something is wrong at this place of this part."""
        self._faults.add(sentence, *self._place, *place)


def _band(each: Plain, value: str, *, last: bool) -> Band | None:
    if not isinstance(each, dict) or set(each) - {value, "below", "up_to"}:
        return None
    score, below, up_to = each.get(value), each.get("below"), each.get("up_to")
    bounds = [bound for bound in (below, up_to) if bound is not None]
    if not isinstance(score, int) or isinstance(score, bool) or not all(map(_is_number, bounds)):
        return None
    if len(bounds) != (0 if last else 1):
        return None
    return Band(
        score,
        below=None if below is None else Fraction(str(below)),
        up_to=None if up_to is None else Fraction(str(up_to)),
    )


def _bound(band: Band) -> Fraction | None:
    return band.below if band.below is not None else band.up_to


def _is_number(value: Plain) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
