"""Names that were given already, kept small: a registry's file holds millions of them."""

from __future__ import annotations

from array import array
from typing import Final

_ALL_BITS: Final = (1 << 64) - 1


class Seen:
    """A set of texts, eight bytes of their hash each, of which some have been added before.

    Among ten million texts two are taken for one with a probability of three in a million.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._held = 0

    def add(self, text: str) -> bool:
        """Add a text; True where it was there already."""
        if self._held * 2 > len(self._slots):
            self._grow()
        hashed = hash(text) & _ALL_BITS or 1
        slot = self._slot(hashed)
        if self._slots[slot]:
            return True
        self._slots[slot] = hashed
        self._held += 1
        return False

    def _slot(self, hashed: int) -> int:
        """The slot that holds the hash, or the empty one where it belongs."""
        slots = self._slots
        last = len(slots) - 1  # their number is a power of two
        slot = hashed & last
        while (held := slots[slot]) and held != hashed:
            slot = (slot + 1) & last
        return slot

    def _grow(self) -> None:
        held = self._slots
        self._slots = array("Q", bytes(16 * len(held)))
        for hashed in held:
            if hashed:
                self._slots[self._slot(hashed)] = hashed
