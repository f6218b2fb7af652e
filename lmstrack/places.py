"""Lines of several logs in one: the number that a line of another case has there, and how people read and type it.

Cases that are one patient are read as one log. In it the case's own lines keep their numbers, and a line of another
case is numbered by that case and its own line. So no number ever means two lines, or changes when either log grows.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from lmstrack.case_ids import case_id, number_of

if TYPE_CHECKING:
    from collections.abc import Iterable

#: More lines than the log of any case has.
LINES: Final = 1_000_000
_TYPED: Final = re.compile(r"(LMS-[0-9-]+):([0-9]{1,6})", re.IGNORECASE)

_numbered: Final = lru_cache(maxsize=4096)(number_of)


def place(case: str, line: int) -> int:
    """The number of a line of another case; a number that already tells its case stays.

    >>> place("LMS-0002-1", 3)
    2000003
    """
    return line if line >= LINES else _numbered(case) * LINES + line


def own_place(number: int) -> tuple[str | None, int]:
    """The other case that a line belongs to and its line there; None and the line itself for one of the case's own.

    >>> own_place(2000003), own_place(3)
    (('LMS-0002-1', 3), (None, 3))
    """
    case, line = divmod(number, LINES)
    return (case_id(case) if case else None), line


def at_home(case: str, number: int) -> int:
    """The number of a line in the log of *case*: its own lines are called by their line alone.

    >>> at_home("LMS-0002-1", 2000003), at_home("LMS-0001-3", 2000003)
    (3, 2000003)
    """
    return number % LINES if number >= LINES and number // LINES == _numbered(case) else number


def told(number: int | None) -> str:
    """A line in words.

    >>> told(3), told(2000003)
    ('line 3', 'line 3 of LMS-0002-1')
    """
    case, line = own_place(number or 0)
    return f"line {line}" if case is None else f"line {line} of {case}"


def all_told(numbers: Iterable[int]) -> str:
    """Lines in words, in the order given.

    >>> all_told([3]), all_told([3, 4, 7]), all_told([3, 2000003])
    ('line 3', 'lines 3, 4 and 7', 'line 3 and line 3 of LMS-0002-1')
    """
    given = list(numbers)
    plain = all(number < LINES for number in given)
    *most, last = [str(number) if plain and len(given) > 1 else told(number) for number in given]
    if not most:
        return last
    return f"{'lines ' if plain else ''}{', '.join(most)} and {last}"


def address(case: str, number: int | None) -> str:
    """A line as a command takes it, behind the case whose log it stands in.

    >>> address("LMS-0001-3", 3), address("LMS-0001-3", 2000003)
    ('LMS-0001-3 3', 'LMS-0002-1 3')
    """
    other, line = own_place(number or 0)
    return f"{other or case} {line}"


def written(number: int) -> str:
    """A line as it is typed and shown in a column.

    >>> written(3), written(2000003)
    ('3', 'LMS-0002-1:3')
    """
    case, line = own_place(number)
    return str(line) if case is None else f"{case}:{line}"


def typed(text: str) -> int | None:
    """The number of a line of another case, as `written` gives it; None for what is not written so.

    Raises `NotFound` where the check digit of the case does not fit.

    >>> typed("lms-0002-1:3"), typed("3")
    (2000003, None)
    """
    found = _TYPED.fullmatch(text)
    return None if found is None else place(found[1], int(found[2]))
