"""The words that dates are typed with, and whether a text holds nothing else."""

from __future__ import annotations

import re

from lmstrack.dates.civil import MONTHS, WEEKDAYS

LONGEST = 40
MONTH_NUMBERS = {
    **{name.lower(): number for number, name in enumerate(MONTHS, start=1)},
    **{name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)},
    "sept": 9,
}
WEEKDAY_NUMBERS = {
    **{name.lower(): number for number, name in enumerate(WEEKDAYS)},
    **{name[:3].lower(): number for number, name in enumerate(WEEKDAYS)},
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
NEAR_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
UNITS = {
    **dict.fromkeys(("d", "day", "days"), "days"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "weeks"),
    **dict.fromkeys(("mo", "mos", "mth", "mths", "month", "months"), "months"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "years"),
}
_REPEATABLE = {*MONTH_NUMBERS, *WEEKDAY_NUMBERS, *NEAR_DAYS, *UNITS} | {
    *("ago", "in", "last", "next", "of", "m", "t", "st", "nd", "rd", "th")
}


def may_be_repeated(words: str) -> bool:
    """Whether the text holds only the words of dates and no long number, so no name and no identifier."""
    return (
        len(words) <= LONGEST
        and words.isascii()
        and words.isprintable()
        and '"' not in words
        and not re.search("[0-9]{9}", words)
        and all(word in _REPEATABLE for word in re.findall("[a-z]+", words.lower()))
    )
