"""Plain values of a file that people write, each of the type it should have, or a fault with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lmstrack.records.faults import did_you_mean, echoed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Plain:
    """Reads values and gathers *faults*; what is wrong is read as nothing, and the rest is looked at."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, place: str, said: str) -> None:
        """Note one fault."""
        self.faults.append(f"{place}: {said}" if place else said)

    def table(self, place: str, held: object, allowed: Iterable[str] | None = None) -> dict[str, Any]:
        """The names and values held, and a fault for each name that is not *allowed* (None: any)."""
        if not isinstance(held, dict):
            self.fault(place, "write names with their values, as in {column = …} or [section]")
            return {}
        if allowed is not None:
            for name in held:
                if name not in allowed:
                    self.fault(place, f"there is no key {echoed(name)}{did_you_mean(name, allowed)}")
        return dict(held)

    def list(self, place: str, held: object) -> list[object]:
        """The entries of a list of sections."""
        if isinstance(held, list):
            return held
        self.fault(place, f"write it as [[{place}]], once for each")
        return []

    def needed(self, name: str, table: Mapping[str, Any], place: str = "") -> str:
        """A text that has to be there."""
        if name not in table:
            self.fault(place, f"'{name}' is missing")
            return ""
        return self.text(f"{place}.{name}" if place else name, table[name])

    def text(self, place: str, held: object) -> str:
        """A text."""
        if isinstance(held, str):
            return held
        self.fault(place, "write text, in quotation marks")
        return ""

    def texts(self, place: str, held: object) -> tuple[str, ...]:
        """A text or several."""
        each = [held] if isinstance(held, str) else held
        if isinstance(each, list) and all(isinstance(one, str) for one in each):
            return tuple(each)
        self.fault(place, "write a text or a list of texts")
        return ()

    def choice(self, place: str, held: object, allowed: tuple[str, ...]) -> str:
        """One of the words *allowed*; the first of them where it is another."""
        if held in allowed:
            return held
        self.fault(place, f"{echoed(held)} is none of {', '.join(allowed)}{did_you_mean(str(held), allowed)}")
        return allowed[0]

    def count(self, place: str, held: object, least: int) -> int:
        """A whole number, not below *least*."""
        if isinstance(held, int) and not isinstance(held, bool) and held >= least:
            return held
        self.fault(place, f"write a whole number from {least}")
        return least
