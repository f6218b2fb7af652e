"""The scales of the calculators: files beside the workflows, read as strictly as they are."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from lmstrack.errors import WorkflowFaults
from lmstrack.staging.fnclcc import Band, Fnclcc
from lmstrack.workflow.faults import Faults
from lmstrack.workflow.files import PACKAGE, folder
from lmstrack.workflow.reader import Plain, read

if TYPE_CHECKING:
    from pathlib import Path


@cache
def fnclcc_scale(package: Path = PACKAGE) -> Fnclcc:
    """The FNCLCC scale of this release.

    Raises `WorkflowFaults` where its file is missing or cannot be used, with every fault.
    """
    file = folder(package) / "scales" / "fnclcc.yaml"
    if not file.is_file():
        raise WorkflowFaults(file.name, ["There is no such file beside the workflows."])
    return fnclcc_from(file.read_bytes(), file.name)


def fnclcc_from(content: bytes, name: str) -> Fnclcc:
    """The FNCLCC scale that *content* describes; *name* is how a message calls it.

    Raises `WorkflowFaults` with every fault.
    """
    faults = Faults()
    tree = _Section(read(content, faults), (), faults)
    mitoses = tree.section("mitoses")
    differentiation = tree.section("differentiation").section("scores")
    scale = Fnclcc(
        differentiation={int(degree): score for degree, score in differentiation.whole_numbers().items()},
        mitoses=mitoses.bands("bands", "score"),
        necrosis=tree.section("necrosis").bands("bands", "score"),
        grades=tree.section("grade").bands("bands", "grade"),
        area_mm2=mitoses.number("high_power_field_mm2") * mitoses.number("fields"),
        near_a_bound=mitoses.number("near_a_bound"),
    )
    if not tree.listed("sources"):
        faults.add("The scale needs 'sources', a list of where it can be read.")
    if faults:
        raise WorkflowFaults(name, faults.sentences())
    return scale


class _Section:
    """One part of the file; what is missing or of another type is noted, and read as nothing."""

    def __init__(self, holds: Plain, place: tuple[str | int, ...], faults: Faults) -> None:
        self._holds = holds if isinstance(holds, dict) else {}
        self._place = place
        self._faults = faults

    def section(self, name: str) -> _Section:
        held = self._holds.get(name)
        if not isinstance(held, dict):
            self._fault(f"'{name}' must hold names with their values, each after a colon.", name)
        return _Section(held, (*self._place, name), self._faults)

    def listed(self, name: str) -> list[Plain]:
        held = self._holds.get(name)
        return held if isinstance(held, list) else []

    def number(self, name: str) -> Fraction:
        held = self._holds.get(name)
        if not _is_number(held):
            self._fault(f"'{name}' must be a number.", name)
            return Fraction(1)
        return Fraction(str(held))

    def whole_numbers(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, held in self._holds.items():
            if name.isdecimal() and isinstance(held, int) and not isinstance(held, bool):
                found[name] = held
            else:
                self._fault("Both sides must be whole numbers.", name)
        return found

    def bands(self, name: str, value: str) -> tuple[Band, ...]:
        found: list[Band] = []
        held = self.listed(name)
        for index, each in enumerate(held):
            band = _band(each, value, last=index == len(held) - 1)
            if band is None:
                wanted = f"A band gives its {value} and a bound, 'below' or 'up_to'; only the last has none."
                self._fault(wanted, name, index)
            else:
                found.append(band)
        bounds = [bound for band in found if (bound := _bound(band)) is not None]
        if not held or bounds != sorted(set(bounds)):
            self._fault(f"'{name}' must be a list of bands whose bounds rise.", name)
        return tuple(found)

    def _fault(self, sentence: str, *place: str | int) -> None:
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
