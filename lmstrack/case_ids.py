"""Case ids: a number and a check digit, so that a mistyped id is caught before a wrong patient is shown."""

from __future__ import annotations

import re
from typing import Final

from lmstrack.errors import NotFound

# The totally anti-symmetric quasigroup of order 10 from H. M. Damm's thesis (Marburg 2004). Its check digit
# finds every single wrong digit and every swap of two neighbours.
_TABLE: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_ID: Final = re.compile(r"LMS-([0-9]{1,18})-([0-9])", re.IGNORECASE)
_ASKED: Final = "Find a case"


def check_digit(digits: str) -> int:
    """The Damm check digit of a row of digits; zeros in front change nothing.

    >>> check_digit("572")
    4
    """
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][int(digit)]
    return interim


def case_id(number: int) -> str:
    """The id of the case with this number, counted from 1; at least four digits are written.

    >>> case_id(42), case_id(123456)
    ('LMS-0042-7', 'LMS-123456-6')
    """
    digits = f"{number:04}"
    return f"LMS-{digits}-{check_digit(digits)}"


def number_of(text: str) -> int:
    """The number in a case id; small letters and missing zeros are let pass.

    Raises NotFound for what is not written as an id, and where the check digit does not fit, which means that
    it was mistyped.

    >>> number_of("lms-42-7")
    42
    """
    written = _ID.fullmatch(text.strip())
    if written is None:
        # Not repeated: what is no id may be a name.
        raise NotFound(_ASKED, "This is not a case id.", "A case id is written like LMS-0042-7.")
    digits, check = written.groups()
    if check_digit(digits) != int(check):
        raise NotFound(
            f"{_ASKED} LMS-{digits}-{check}",
            "The check digit does not fit, so a digit was mistyped.",
            "Compare the id with the one on the list or the letter, or search by name: lmstrack case find",
        )
    return int(digits)


def case_named(text: str, *, exact: bool) -> str:
    """The id that is meant by an id, or, unless *exact*, by a bare number, whether there is such a case or not.

    Raises `NotFound` where its check digit does not fit.
    """
    wanted = text.strip().upper()
    if not exact and wanted.isdecimal() and wanted.isascii():
        return case_id(int(wanted))
    return case_id(number_of(wanted))
