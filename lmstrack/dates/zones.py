"""The two places where a civil day meets a moment: "as known at" a day, and the day of a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

from lmstrack.errors import InvalidData


def end_of_day(day: date, zone: str) -> datetime:
    """Find the last microsecond of *day* in the IANA *zone*, as an aware datetime in UTC.

    Where clocks go back across midnight it is the later of the two. A day that a zone left out ends where the
    day before it ended.

    Raises `InvalidData` for an unknown zone, and at the very ends of the calendar.

    >>> end_of_day(date(2026, 7, 1), "Europe/Berlin").isoformat()
    '2026-07-01T21:59:59.999999+00:00'
    """
    # Not pendulum: it moves a moment in a skipped day forward, into the day after.
    # fold=1: the second time round, and in a skipped day the offset that holds after it.
    local = datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=_zone(zone), fold=1)
    try:
        return local.astimezone(UTC)
    except OverflowError:
        raise _beyond_calendar(zone) from None


def civil_day(instant: datetime, zone: str) -> date:
    """Find the day that the calendar on the wall of *zone* showed at *instant*, which must be aware.

    Raises `InvalidData` for an unknown zone, a naive *instant*, and at the very ends of the calendar.

    >>> civil_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "Europe/Berlin")
    datetime.date(2026, 7, 2)
    """
    if instant.utcoffset() is None:  # a naive one would silently be taken for the machine's own zone
        raise InvalidData("Find the day of a moment", ["The moment has no time zone."], "Give it one, such as UTC.")
    try:
        return instant.astimezone(_zone(zone)).date()
    except OverflowError:
        raise _beyond_calendar(zone) from None


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415  # most commands need no zone

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # "", "../x", and "Europe", which is a folder
        raise InvalidData(
            f"Use the time zone {name[:40]!a}",
            ["There is no such zone."],
            "Give an IANA name, such as Europe/Berlin or UTC.",
        ) from None


def _beyond_calendar(zone: str) -> InvalidData:
    return InvalidData(f"Find a day in {zone}", ["It is outside the years 1 to 9999."], "Check the date.")
