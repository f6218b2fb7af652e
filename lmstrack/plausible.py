"""What cannot have happened, whatever anybody says: refused outright, also where history is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.dates import PartialDate
from lmstrack.places import LINES, told
from lmstrack.records import Correct, Death, line_named
from lmstrack.records.shape import days_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.records import Person, Record


def impossible(person: Person | None, standing_events: Iterable[Event], event: Event, today: date) -> str | None:
    """Why *event* cannot have happened, in a sentence without the patient's name; None where it can.

    *standing_events* are what stands in the log, with or without the event itself; *event* has the line that
    it would get, so that every lower number is a line of the log. *today* is the last day on which something
    can be done. A date that is known to the month or the year is only impossible where none of its days would
    do. *person* None, or an unknown day of birth, asks nothing of the dates.
    """
    standing_events = list(standing_events)
    absent = _names_what_is_not_there(event, standing_events)
    if absent is not None:
        return absent
    if event.on > today and event.record.done:
        return f"{event.kind} on {_day(event.on, event.last)} lies in the future: today is {today.isoformat()}."
    standing = [other for other in standing_events if other.line != event.line]
    record = event.record
    if isinstance(record, Correct):
        if record.instead is None:
            return None
        on = PartialDate.parse(record.instead.on)
        missing = _named_too_late(record, record.instead.record, event.line)
        if missing is not None:
            return missing
        others = [other for other in standing if other.line != record.line]
        said = _misplaced(person, others, record.instead.record, first=on.first, last=on.last, today=today)
        return None if said is None else f"The corrected {said}"
    return _misplaced(person, standing, record, first=event.on, last=event.last, today=today)


def impossible_again(person: Person | None, before: Iterable[Event], after: Sequence[Event], today: date) -> str | None:
    """Why what stands *after* a correction, and did not stand *before* it, cannot have happened; None where it can.

    To withdraw a correction brings back what it had corrected, such as a death after which the patient was seen; a
    merge brings what another case tells.
    """
    held = {other.line: other for other in before}
    for event in after:
        if held.get(event.line) != event:
            others = [other for other in after if other.line != event.line]
            said = _misplaced(person, others, event.record, first=event.on, last=event.last, today=today)
            if said is not None:
                return f"What would stand then, {said}"
    return None


def impossible_birth(person: Person, standing_events: Iterable[Event], today: date) -> str | None:
    """Why the patient cannot have been born then, None where they can or where the day is not known."""
    if person.born is None:
        return None
    if person.born.first > today:
        return f"A birth on {person.born} lies in the future: today is {today.isoformat()}."
    first = min(standing_events, key=lambda event: event.last, default=None)
    if first is not None and first.last < person.born.first:
        earlier = f"{told(first.line)}, {first.kind} on {_day(first.on, first.last)}"
        return f"A birth on {person.born} is after {earlier}."
    return None


def _names_what_is_not_there(event: Event, standing_events: Sequence[Event]) -> str | None:
    """Why the event cannot name the line that it names; None where it can, or names none.

    Of its own log it may name every earlier line; of another that is read with it, one that stands.
    """
    named = line_named(event.record)
    if named is None:
        return None
    if named // LINES != event.line // LINES:
        there = any(other.line == named for other in standing_events)
        return None if there else f"{event.kind} names {told(named)}, which does not stand in this case."
    if named < event.line:
        return None
    last = (event.line - 1) % LINES
    return f"{event.kind} names {told(named)}, which is not there: the log ends at line {last}."


def _named_too_late(correction: Correct, record: Record, lines: int) -> str | None:
    """Why the corrected *record* cannot name the line that it names: corrections speak of earlier lines only."""
    named = line_named(record)
    limit = correction.line if isinstance(record, Correct) else lines
    if named is None or named < limit or named // LINES != limit // LINES:
        return None
    return f"The corrected {record.kind} names {told(named)}, which is not a line before {limit % LINES}."


def _misplaced(
    person: Person | None, others: Iterable[Event], record: Record, *, first: date, last: date, today: date
) -> str | None:
    said = ""
    if first > today and record.done:
        said = f" lies in the future: today is {today.isoformat()}."
    elif (named := _still_to_come(record, today)) is not None:
        said = f" says {named}, which lies in the future: today is {today.isoformat()}."
    elif person is not None and person.born is not None and last < person.born.first:
        said = f" is before the patient was born ({person.born})."
    elif record.kind == "death":
        said = _misplaced_death(others, first, last)
    elif record.clinical:
        for other in others:
            if isinstance(other.record, Death) and first > other.last:
                said = f" is after the patient's death on {_day(other.on, other.last)}, {told(other.line)}."
                break
    return f"{record.kind} on {_day(first, last)}{said}" if said else None


def _still_to_come(record: Record, today: date) -> str | None:
    """The first field that tells of a day on which something was done, and of a later one than today; None for none."""
    return next((f"{name}={day.isoformat()}" for name, day in days_told(record).items() if day > today), None)


def _misplaced_death(others: Iterable[Event], first: date, last: date) -> str:
    for other in others:
        if isinstance(other.record, Death) and (first > other.last or last < other.on):
            return f": a death on {_day(other.on, other.last)} is on record, {told(other.line)}."
        if other.record.clinical and other.on > last:
            return f" is before {told(other.line)}, {other.kind} on {_day(other.on, other.last)}."
    return ""


def _day(first: date, last: date) -> str:
    """The day, or the month or year, as exactly as it is known."""
    if first == last:
        return first.isoformat()
    return first.isoformat()[:7] if first.month == last.month else str(first.year)
