"""What is wrong with a workflow file, gathered while it is read: one plain sentence each, with its line."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]
_LONGEST_ECHO = 40


class Faults:
    """Every fault of one file.

    *lines* maps the place of each entry, such as ``("rules", "LMS-DX-01")``, to its line.
    """

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self._found: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._found)

    def add(self, sentence: str, *place: str | int) -> None:
        """Something is wrong at this place, or, without one, with the file as a whole."""
        while place and place not in self.lines:
            place = place[:-1]
        self._found.append((self.lines.get(place, 0), sentence))

    def at_line(self, line: int, sentence: str) -> None:
        """Something is wrong in a line that belongs to no entry yet."""
        self._found.append((line, sentence))

    def sentences(self) -> tuple[str, ...]:
        """All of them in the order of the file, each once."""
        told = dict.fromkeys(sorted(self._found, key=lambda fault: fault[0]))
        return tuple(f"Line {line}: {sentence}" if line else sentence for line, sentence in told)


def echoed(value: object) -> str:
    """A value as the file gives it, short enough for a sentence."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_ECHO else f"{text[:_LONGEST_ECHO]}…"


def near(word: object, names: Iterable[str]) -> str | None:
    """The right name that a wrong one is nearest to; None where none is near."""
    folded = {name.casefold(): name for name in names}
    found = get_close_matches(str(word).casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def nearest(word: object, choices: Iterable[object]) -> str:
    """The tail of a sentence about a wrong name: the nearest right one, else all of them where they are few.

    >>> nearest("biospy", ["biopsy", "imaging"])
    "; did you mean 'biopsy'?"
    >>> nearest("walk", ["MRI", "CT"])
    '; it may be MRI or CT.'
    """
    names = [str(choice) for choice in choices]
    meant = near(word, names)
    if meant is not None:
        return f"; did you mean '{meant}'?"
    if not names or len(names) > 12:
        return "."
    return f"; it may be {listed(names)}."


def listed(names: Iterable[object], last: str = "or") -> str:
    """Several names in a sentence.

    >>> listed(["a", "b", "c"], "and")
    'a, b and c'
    """
    words = [str(name) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def where(place: Place) -> str:
    """A place in words; entries of a list are counted from one.

    >>> where(("rules", "LMS-DX-01", "needs", 0))
    'rules LMS-DX-01, needs, number 1'
    """
    words = [f"number {step + 1}" if isinstance(step, int) else step for step in place]
    if words[:1] in (["workflow"], ["settings"], ["overlay"]):
        return ", ".join(words)
    return ", ".join([" ".join(words[:2]), *words[2:]]) if words else "the file"


_PLAIN = {
    "string_type": "write text",
    "string_too_short": "nothing is written",
    "bool_type": "write true or false",
    "int_type": "write a whole number",
    "float_type": "write a number",
    "tuple_type": "write a list, in square brackets",
    "list_type": "write a list, in square brackets",
    "dict_type": "write names with their values, each after a colon",
    "mapping_type": "write names with their values, each after a colon",
    "model_type": "write names with their values, each after a colon",
    "model_attributes_type": "write names with their values, each after a colon",
    "too_short": "nothing is listed",
    "finite_number": "write a number",
}


def worded(detail: ErrorDetails, place: Place, choices: Iterable[str]) -> str:
    """The sentence for what does not have the shape of a workflow; *choices* are the names allowed there."""
    kind, given = detail["type"], detail["input"]
    context = detail.get("ctx", {})
    name = place[-1] if place else ""
    if kind == "extra_forbidden":
        return f"{where(place[:-1])} has no entry '{name}'{nearest(name, choices)}"
    if kind == "missing":
        return f"{where(place[:-1])} needs '{name}'."
    if kind == "unreadable":
        return f"{where(place)}: {context['why']}"
    if kind in {"literal_error", "enum"}:
        allowed = [word.strip().strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(",")]
        return f"{where(place)}: {echoed(given)} is not possible here{nearest(given, allowed)}"
    if kind == "string_pattern_mismatch":
        return f"{where(place)}: {echoed(given)} is not written as it should be ({context['pattern']})."
    if kind in {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}:
        bound = next(value for value in context.values())
        return f"{where(place)}: {echoed(given)} is outside the range; the limit is {bound}."
    return f"{where(place)}: {_PLAIN.get(kind, 'this cannot be read here')}."
