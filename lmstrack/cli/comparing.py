"""What changed on the overdue list between two days, or since a saved one."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from lmstrack.cli.family import command, family
from lmstrack.errors import ExitCode, InvalidData, NotFound
from lmstrack.reports.diff import diff_report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.cli.shell import Shell
    from lmstrack.tracker import Tracker

app = family()

_SCHEMA: Final = "lmstrack.overdue/"
_SAVE: Final = "Save one with: lmstrack overdue -o monday.json"
#: Files that a list can be saved in, and cannot be compared from.
_TABLES: Final = (".csv", ".tsv", ".xlsx", ".html", ".htm", ".md", ".txt", ".ics", ".jsonl")


class _List(NamedTuple):
    """A list that is compared: of which day, as known when (None: as its day says), and its rows if it was saved."""

    as_of: date
    known_at: datetime | None = None
    rows: int | None = None


@command(app, "diff")
def diff(
    ctx: typer.Context,
    earlier: Annotated[str, typer.Argument(metavar="EARLIER", help="A day, or an overdue list saved as JSON.")],
    later: Annotated[
        str | None, typer.Argument(metavar="[LATER]", help="A later day or saved list; today if left out.")
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", metavar="NAME", help="surveillance, result, pathway or all.")
    ] = None,
) -> int:
    """What is new on the overdue list and what is gone, each with one cause.

    Each list is taken as it was known at the end of its day, so that a late entry or a correction shows as such.
    """
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        first = _list(shell, tracker, earlier)
        last = _List(tracker.today) if later is None else _list(shell, tracker, later)
        first, last = sorted((first, last), key=lambda each: each.as_of)
        found = tracker.diff(
            first.as_of,
            last.as_of,
            known_at=(first.known_at or first.as_of, last.known_at or _known(tracker, last.as_of)),
            names=not shell.settings.no_names,
            group=group,
        )
        for saved, counted in ((first, found.earlier), (last, found.later)):
            if saved.rows is not None and saved.rows != counted:
                shell.say(
                    f"The saved list of {saved.as_of.isoformat()} has {saved.rows} rows, and the log gives {counted} "
                    "for the end of that day: it was printed earlier on the day, or for one navigator."
                )
        shell.emit(diff_report(found, shell.about(tracker)))
    if not found.add_up:
        shell.say("These counts do not add up. Run: lmstrack doctor")
        return ExitCode.FINDINGS
    return ExitCode.DONE


def _known(tracker: Tracker, as_of: date) -> date | None:
    return None if as_of >= tracker.today else as_of


def _list(shell: Shell, tracker: Tracker, typed: str) -> _List:
    asked = "Compare two lists"
    if typed.lower().endswith(_TABLES):
        raise InvalidData(asked, [f"a list saved as {Path(typed).suffix.lower()} does not tell its day"], _SAVE)
    if not typed.lower().endswith((".json", ".ndjson")):
        return _List(shell.day(typed, today=tracker.today))
    try:
        return _saved(json.loads(Path(typed).read_text(encoding="utf-8-sig")))
    except OSError:
        raise NotFound(asked, f"there is no file {Path(typed).name} that can be read.", _SAVE) from None
    except (ValueError, TypeError, KeyError):
        raise InvalidData(asked, [f"{Path(typed).name} is no overdue list"], _SAVE) from None


def _saved(held: Mapping[str, Any]) -> _List:
    if not str(held["schema"]).startswith(_SCHEMA):
        raise ValueError(held["schema"])
    as_of, known_at, rows = held["as_of"], held["known_at"], held["rows"]
    return _List(date.fromisoformat(as_of), None if known_at is None else datetime.fromisoformat(known_at), len(rows))
