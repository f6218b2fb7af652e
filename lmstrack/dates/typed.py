"""Dates as people type them: read when they have one meaning, refused with the reason when they do not."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from lmstrack.dates import readings
from lmstrack.dates.readings import Looking, Order, Typed
from lmstrack.dates.vocabulary import LONGEST, MONTH_NUMBERS, WEEKDAY_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lmstrack.dates.partial import PartialDate, Precision


def read_typed(
    text: str,
    *,
    today: date,
    looking: Looking = "back",
    order: Order | None = None,
    precision: Precision = "day",
) -> PartialDate:
    """Find the day that somebody meant, or the month or year where the *precision* allows it.

    A weekday, or a day without its year, is the most recent one when *looking* is "back" (something done) and
    the next one when it is "ahead" (a booking). *order* is how a site writes 03/04/2026; without it such a
    date is refused, whatever its numbers are. "last", "next", "ago", "in" and signs mean the same whichever
    way one looks.

    Raises `InvalidData` with the reason and with what to type instead; nothing else, whatever is typed. What
    holds unknown words is not repeated in the message, since it may be a name.

    >>> str(read_typed("fri", today=date(2026, 11, 24)))
    '2026-11-20'
    >>> str(read_typed("3 Mar", today=date(2026, 11, 24), looking="ahead"))
    '2027-03-03'
    """
    words = " ".join(text.replace(",", " ").split())
    typed = Typed(words, today, looking, order, precision)
    if not words:
        raise typed.refusal("Nothing was typed.")
    if len(words) > LONGEST:
        raise typed.refusal(f"It has more than {LONGEST} characters.")
    strange = next((character for character in words if not character.isascii()), None)
    if strange is not None:  # int() would take the digits of every script
        raise typed.refusal(f"It holds the character U+{ord(strange):04X}; only A-Z, 0-9 and plain signs are read.")
    for form, reading in _FORMS:
        found = form.fullmatch(words.lower())
        if found is not None:
            return reading(typed, found)
    raise typed.refusal("No date can be made out.")


def _one_of(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH = rf"(?P<month>{_one_of(MONTH_NUMBERS)})"
_WEEKDAY = rf"(?P<weekday>{_one_of(WEEKDAY_NUMBERS)})"
_DAY = "(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"

_FORMS: tuple[tuple[re.Pattern[str], Callable[[Typed, re.Match[str]], PartialDate]], ...] = tuple(
    (re.compile(form), reading)
    for form, reading in (
        ("today|yesterday|tomorrow", readings.near_day),
        (
            "(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})",
            readings.year_first,
        ),
        ("(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})", readings.year_first),
        (f"(?:{_WEEKDAY} )?{_DAY}(?: of)?[ -]?{_MONTH}(?:[ -]?(?P<year>[0-9]+))?", readings.named_month),
        (f"(?:{_WEEKDAY} )?{_MONTH} {_DAY}(?: (?P<year>[0-9]+))?", readings.named_month),
        (f"{_MONTH}-?(?P<number>[0-9]{{2}})", readings.excel_month),
        (f"{_MONTH}[ -]?(?P<year>[0-9]{{4}})", readings.month_of_year),
        ("(?P<year>[0-9]{4})-(?P<month>[0-9]{2})", readings.month_of_year),
        (_MONTH, readings.month_alone),
        (f"(?:(?P<which>last|next) )?{_WEEKDAY}", readings.weekday),
        (
            "(?P<one>[0-9]{1,2})(?P<sign>[-/.])(?P<two>[0-9]{1,2})(?P=sign)(?P<year>[0-9]+)",
            readings.numbers_only,
        ),
        ("[0-9]{1,2}[-/.][0-9]{1,2}", readings.no_year),
        ("[0-9]{1,2}(?:st|nd|rd|th)|[0-9]+", readings.number_alone),
        ("(?:(?P<direction>[+-]|in) ?)?(?P<number>[0-9]{1,5}) ?(?P<unit>[a-z]+)", readings.relative),
        ("(?P<number>[0-9]{1,5}) ?(?P<unit>[a-z]+) (?P<direction>ago)", readings.relative),
        (".*[0-9](?::|t)[0-9].*", readings.with_time),
    )
)
