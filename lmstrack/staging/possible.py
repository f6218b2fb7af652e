"""What stays possible where something is not known, and which facts would settle it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

V = TypeVar("V")
R = TypeVar("R")


def weighed(
    allowed: Mapping[str, Sequence[V]], outcome: Callable[[Mapping[str, V]], R]
) -> tuple[tuple[R, ...], tuple[str, ...]]:
    """Every outcome that the *allowed* values of the facts leave, and the names of the facts that decide among them.

    A fact decides where another value of it alone would change the outcome. One whose value is known allows only that.

    >>> weighed({"m": ("0", "1"), "n": ("0", "1")}, lambda facts: "IV" if facts["m"] == "1" else "less")
    (('less', 'IV'), ('m',))
    """
    names = tuple(allowed)
    outcomes = {
        values: outcome(dict(zip(names, values, strict=True))) for values in product(*(allowed[name] for name in names))
    }
    decisive = tuple(name for place, name in enumerate(names) if _decides(place, outcomes.items()))
    return tuple(dict.fromkeys(outcomes.values())), decisive


def _decides(place: int, outcomes: Iterable[tuple[tuple[V, ...], R]]) -> bool:
    first: dict[tuple[V, ...], R] = {}
    return any(first.setdefault((*values[:place], *values[place + 1 :]), found) != found for values, found in outcomes)


def only(values: Sequence[R]) -> R | None:
    """The one value, None where there are several or none."""
    return values[0] if len(values) == 1 else None
