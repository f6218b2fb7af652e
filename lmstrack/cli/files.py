"""What goes into a file that was asked for: a report in its format, or a sentence in one that has to be more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.errors import StoreUnavailable, UsageFault

if TYPE_CHECKING:
    from pathlib import Path

    from lmstrack.reports import Report


def sentence(text: str, form: str, command: str) -> bytes:
    """A sentence as the content of a file, also of one that has to be more than text."""
    if form not in {"html", "ics", "xlsx"}:
        return f"{text}\n".encode()
    from lmstrack.reports import Report  # noqa: PLC0415  # most sentences go to the screen
    from lmstrack.reports.rendering import as_bytes  # noqa: PLC0415

    return as_bytes(Report("lmstrack.answer/1", f"lmstrack {command}", (), (), (), message=text), form)


def with_days(report: Report, form: str) -> None:
    """Let a report pass whose rows have days, where a calendar is wanted. Raises `UsageFault`."""
    if form == "ics" and report.calendar is None:
        raise UsageFault(
            f"Write {report.title[:1].lower()}{report.title[1:]} as a calendar",
            "its rows have no days for one.",
            "lmstrack worklist, overdue and export obligations have; or choose another format.",
        )


def unwritten(file: Path, error: OSError) -> StoreUnavailable:
    """What stands in the way of a file that was asked for; a folder is not made for it."""
    if not file.parent.is_dir():
        obstacle, remedy = f"there is no folder {file.parent}.", "Make the folder, or name another file with -o."
        return StoreUnavailable(f"Write {file}", obstacle, remedy)
    return StoreUnavailable(f"Write {file}", f"it cannot be written ({type(error).__name__}).", "Name another with -o.")


def no_text(command: str) -> UsageFault:
    """The answer to who wants to read a workbook on a terminal."""
    return UsageFault("Print a workbook", "it is no text.", f"Name a file: -o {command.rsplit(maxsplit=1)[-1]}.xlsx")
