"""The days of a report for a calendar: RFC 5545, whole days, never a rule of recurrence.

A day keeps its UID for ever, and its SEQUENCE grows with the log, so that a calendar which reads the file again moves
what was moved and drops what is cancelled. There are no names and no diagnoses in it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.reports.parts import CalendarDay
    from lmstrack.reports.report import Report

#: Under which the keys of days become UIDs; made once, at random.
_SPACE: Final = UUID("5b1c7e0e-6a55-4b0f-9d0e-0f3f6d0a7c41")
_LONGEST: Final = 75  # octets of a line, without its end
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def ics(report: Report) -> str:
    """The calendar; a journal entry says what it is of, which is all of it where there are no days."""
    return "".join(f"{part}\r\n" for line in _lines(report) for part in _folded(line))


def uid(key: tuple[str, ...]) -> str:
    """What names a day in every calendar, from what names it here."""
    return str(uuid5(_SPACE, "/".join(key)))


def _lines(report: Report) -> Iterator[str]:
    as_of = report.as_of
    stamp = f"DTSTAMP:{'19700101' if as_of is None else _day(as_of)}T000000Z"
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//lmstrack//lmstrack//EN", "CALSCALE:GREGORIAN")
    yield f"X-WR-CALNAME:{_text(report.title)}"
    yield "BEGIN:VJOURNAL"
    yield f"UID:{uid((report.schema, report.title))}"
    yield stamp
    if as_of is not None:
        yield f"SEQUENCE:{as_of.toordinal()}"
        yield f"DTSTART;VALUE=DATE:{_day(as_of)}"
    yield f"SUMMARY:{_text(report.message or report.empty)}"
    yield f"DESCRIPTION:{_text(chr(10).join(_about(report)))}"
    yield "CLASS:CONFIDENTIAL"
    yield "END:VJOURNAL"
    for day in report.calendar or ():
        yield from _event(day, stamp)
    yield "END:VCALENDAR"


def _event(day: CalendarDay, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(day.key)}"
    yield stamp
    # Cancelled counts for more than any earlier word of the same line, so that it stays cancelled.
    yield f"SEQUENCE:{2 * day.revision + day.cancelled}"
    yield f"STATUS:{'CANCELLED' if day.cancelled else 'CONFIRMED'}"
    yield f"DTSTART;VALUE=DATE:{_day(day.on)}"
    if day.on < date.max:
        yield f"DTEND;VALUE=DATE:{_day(day.on + timedelta(1))}"
    yield f"SUMMARY:{_text(day.summary)}"
    yield f"DESCRIPTION:{_text(day.told)}"
    yield "TRANSP:TRANSPARENT"  # a whole day that is not taken up
    yield "CLASS:CONFIDENTIAL"
    yield "END:VEVENT"


def _about(report: Report) -> Iterator[str]:
    about = report.about  # what stands below a list names why cases are left out, which tells diagnoses
    for name, said in (("Scope", about.scope), ("Software", about.software), ("Audit head", about.head)):
        if said:
            yield f"{name}: {said}"


def _day(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _text(text: str) -> str:
    return "".join(sign for sign in text.translate(_ESCAPES) if sign.isprintable())


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, each but the first after a space; no character is cut."""
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _LONGEST:
            yield piece
            piece, size = " ", 1
        piece += sign
        size += octets
    yield piece
