"""Units that tables count in, and the factor to the unit that a record holds."""

from __future__ import annotations

from decimal import Decimal

#: By the unit of a record's field: the units a table may use, each with its factor.
UNITS = {
    "mm": {"mm": Decimal(1), "cm": Decimal(10)},
    "Gy": {"Gy": Decimal(1), "cGy": Decimal("0.01")},
    "%": {"%": Decimal(1), "share": Decimal(100)},
}


def factor(unit: str, own: str) -> Decimal | None:
    """By how much a number in *unit* is multiplied to be in the field's *own* unit; None where it cannot be.

    >>> factor("CGY", "Gy")
    Decimal('0.01')
    """
    return next((by for name, by in UNITS[own].items() if name.casefold() == unit.strip().casefold()), None)
