"""What each form of a typed date means, and the reason where it has more than one meaning or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from lmstrack.dates.civil import MONTHS, WEEKDAYS, calendar_fault
from lmstrack.dates.partial import PartialDate, Precision
from lmstrack.dates.vocabulary import MONTH_NUMBERS, NEAR_DAYS, UNITS, WEEKDAY_NUMBERS, may_be_repeated
from lmstrack.dates.wording import short
from lmstrack.errors import InvalidData

if TYPE_CHECKING:
    import re

Looking = Literal["back", "ahead"]
Order = Literal["dmy", "mdy"]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, and everything that decides what it means."""

    text: str
    today: date
    looking: Looking
    order: Order | None
    precision: Precision

    def refusal(self, reason: str, remedy: str = "") -> InvalidData:
        """Make the error; without a *remedy* it shows the forms that are always understood."""
        asked = f'Read "{self.text}" as a date' if may_be_repeated(self.text) else "Read a date"
        return InvalidData(asked, [reason], remedy or self._forms())

    def _forms(self) -> str:
        iso = self.today.isoformat()
        forms = [iso, short(self.today)]
        if self.precision != "day":
            forms.append(f"for a month {iso[:7]}")
        if self.precision == "year":
            forms.append(f"for a year {iso[:4]}")
        return f"Type it like one of these: {', '.join(forms)}."

    def day_of(self, year: int, month: int, day: int) -> PartialDate:
        """Make a day of its numbers; raises `InvalidData` when there is no such day."""
        fault = calendar_fault(year, month, day)
        if fault is not None:
            raise self.refusal(fault)
        return PartialDate.day(date(year, month, day))

    def direction(self, back: str, ahead: str) -> str:
        """Choose the word for the way in which one looks."""
        return back if self.looking == "back" else ahead


def near_day(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Read today, yesterday and tomorrow."""
    return _days_away(typed, NEAR_DAYS[found[0]])


def year_first(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Read 2026-03-04, 2026/3/4 and 20260304; with the year first nobody puts the day before the month."""
    return typed.day_of(int(found["year"]), int(found["month"]), int(found["day"]))


def named_month(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Read a day with the name of its month, and hold it against the weekday if one is given."""
    month, day = MONTH_NUMBERS[found["month"]], int(found["day"])
    if found["year"] is None:
        answer = _without_year(typed, month, day)
    else:
        answer = typed.day_of(_whole_year(typed, found["year"]), month, day)
    if found["weekday"] is not None:
        named, really = WEEKDAY_NUMBERS[found["weekday"]], answer.first.weekday()
        if named != really:
            raise typed.refusal(f"{short(answer.first)} is a {WEEKDAYS[really]}, not a {WEEKDAYS[named]}.")
    return answer


def _without_year(typed: Typed, month: int, day: int) -> PartialDate:
    today = typed.today
    for year in (today.year, today.year + (-1 if typed.looking == "back" else 1)):
        if calendar_fault(year, month, day) is None:
            candidate = date(year, month, day)
            if candidate <= today if typed.looking == "back" else candidate >= today:
                return PartialDate.day(candidate)
    # 29 February, mostly: the nearest may be years away, and that is not what "29 Feb" says.
    raise typed.refusal(
        calendar_fault(today.year, month, day)
        or f"There is no such day within a year {typed.direction('before', 'after')} {short(today)}.",
        "Check the day, or type it with its year.",
    )


def _whole_year(typed: Typed, digits: str) -> int:
    if len(digits) != 4:
        raise typed.refusal(f'"{digits}" is not a year of four digits.')
    return int(digits)


def numbers_only(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Read 03/04/2026 in the order of the site; without one, name what it can mean."""
    one, two, year = int(found["one"]), int(found["two"]), _whole_year(typed, found["year"])
    if typed.order == "dmy":
        return typed.day_of(year, two, one)
    if typed.order == "mdy":
        return typed.day_of(year, one, two)
    orders = ((one, two), (two, one))
    known = sorted({date(year, *both) for both in orders if calendar_fault(year, *both) is None})
    if not known:
        faults = (calendar_fault(year, *both) for both in orders)
        raise typed.refusal(" ".join(sorted({fault for fault in faults if fault is not None})))
    meanings = " or ".join(short(day) for day in known)
    raise typed.refusal(
        f"Which number is the month is not known here; it can be {meanings}.",
        f"Type {' or '.join(day.isoformat() for day in known)}, or set dates.order in the configuration.",
    )


def no_year(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Refuse 3/4 in any order: a fraction, a score or a day, and of which year."""
    raise typed.refusal("It has no year, and which number is the month is not known.")


def month_of_year(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Read 2026-03 and March 2026 where a month is enough."""
    name = found["month"]
    year, month = int(found["year"]), MONTH_NUMBERS.get(name) or int(name)
    fault = calendar_fault(year, month)
    if fault is not None:
        raise typed.refusal(fault)
    if typed.precision == "day":
        raise typed.refusal(f"{MONTHS[month - 1]} {year} is a month, and the day is needed here.")
    return PartialDate(date(year, month, 1), "month")


def month_alone(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Refuse May."""
    raise typed.refusal(f"{MONTHS[MONTH_NUMBERS[found[0]] - 1]} alone does not say which day or which year.")


def number_alone(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Read 1961 where a year is enough, and no other number."""
    if len(found[0]) != 4 or not found[0].isdigit():
        raise typed.refusal("A number alone does not say which day, month and year.")
    if typed.precision != "year":
        raise typed.refusal(f"A year alone is not enough; the {typed.precision} is needed here.")
    fault = calendar_fault(int(found[0]))
    if fault is not None:
        raise typed.refusal(fault)
    return PartialDate(date(int(found[0]), 1, 1), "year")


def weekday(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Read fri, last tuesday and next friday; the weekday of today alone has two meanings."""
    named, said = WEEKDAY_NUMBERS[found["weekday"]], found["which"]
    which = said or typed.direction("last", "next")
    ahead = (named - typed.today.weekday()) % 7
    if said is None and ahead == 0:
        raise typed.refusal(
            f"Today is a {WEEKDAYS[named]}; it can be today or a week {typed.direction('ago', 'from now')}.",
            f"Type today, or {which} {WEEKDAYS[named].lower()}.",
        )
    return _days_away(typed, (ahead or 7) if which == "next" else ahead - 7)


def relative(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Read +3mo, -2w, 3 weeks ago and in 3 months."""
    number, unit = found["number"], UNITS.get(found["unit"])
    if unit is None:
        if found["unit"] == "m":
            raise typed.refusal('"m" can be minutes or months.', f"Type {number}mo for months, {number}d for days.")
        raise typed.refusal("Its unit is not known.", "Use d, w, mo or y, as in +3mo, or 3 weeks ago.")
    direction = found["direction"]
    if direction is None:
        raise typed.refusal(
            "It does not say whether back or ahead.", f"Type {number} {unit} ago, or in {number} {unit}."
        )
    return _moved(typed, unit, int(number) * (-1 if direction in ("-", "ago") else 1))


def _days_away(typed: Typed, days: int) -> PartialDate:
    try:
        day = typed.today + timedelta(days)
    except OverflowError:
        raise typed.refusal("It is outside the calendar.") from None
    return typed.day_of(day.year, day.month, day.day)


def _moved(typed: Typed, unit: str, amount: int) -> PartialDate:
    import pendulum  # noqa: PLC0415  # nearly doubles the start of a command, and few dates are typed like this

    today = typed.today
    try:
        # On pendulum's own Date: to a plain date a pendulum duration of a month adds 30 days.
        day = pendulum.Date(today.year, today.month, today.day).add(**{unit: amount})
    except (ValueError, OverflowError):
        raise typed.refusal("It is outside the calendar.") from None
    return typed.day_of(day.year, day.month, day.day)


def excel_month(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Refuse Mar-26, as which a spreadsheet shows March 2026."""
    month, number = MONTHS[MONTH_NUMBERS[found["month"]] - 1], found["number"]
    raise typed.refusal(f"It can be {int(number)} {month} or {month} 20{number}.")


def with_time(typed: Typed, found: re.Match[str]) -> PartialDate:
    """Refuse what holds a time of day, since leaving it out unasked would lose something."""
    raise typed.refusal("It holds a time of day, and only days are kept.", "Leave the time out.")
