"""Arguments that many commands share, and the two days that a question can be about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Self

import typer

from lmstrack.dates import end_of_day
from lmstrack.errors import NotFound, UsageFault
from lmstrack.places import own_place, told, typed

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell
    from lmstrack.tracker import Tracker

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="The id of the case; its number will do for looking.")]
WholeCaseId = Annotated[str, typer.Argument(metavar="CASE", help="The whole id, with its check digit.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day to look at; today if left out.")]
KnownAt = Annotated[
    str | None,
    typer.Option("--known-at", metavar="DATE", help="Only what had been entered by the end of that day."),
]


@dataclass(frozen=True, slots=True)
class Moments:
    """The day that is looked at, and up to when entries count; None for all of them."""

    as_of: date
    known_at: datetime | None

    @classmethod
    def read(cls, shell: Shell, tracker: Tracker, as_of: str | None, known_at: str | None) -> Self:
        """What was typed, in the zone of the database; today where nothing was."""
        today = tracker.today
        day = today if as_of is None else shell.day(as_of, today=today)
        if known_at is None:
            return cls(day, None)
        if "T" in known_at:
            moment = _moment(known_at)
            if moment is not None:
                return cls(day, moment)
        return cls(day, end_of_day(shell.day(known_at, today=today), tracker.store.zone))


def _moment(typed: str) -> datetime | None:
    """An instant as reports print it, None where it is none."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def line_typed(line: str) -> int:
    """The number of the line that was typed: 7, or LMS-0002-1:3 for a line of a case that was merged."""
    plain = line.strip()
    number = typed(plain) or (int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= 6 else 0)
    if number < 1:
        raise UsageFault(
            "Find a line", "LINE is the number of a line of the log.", "See them with: lmstrack timeline CASE"
        )
    return number


def addressed(tracker: Tracker, case: str, number: int) -> tuple[str, int]:
    """The case in whose log a line stands, and its number there. Raises `NotFound` for one of another patient."""
    other, own = own_place(number)
    if other is None or other == case:
        return case, own
    if not any(event.case == other for event in tracker.lines(case)):
        raise NotFound(f"Find {told(number)}", f"{other} is not merged into {case}.", f"lmstrack timeline {case}")
    return other, own
