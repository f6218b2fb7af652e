"""Files in and out: what was recorded, and what is due."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer  # typer reads the annotations

from lmstrack.cli.family import command, family
from lmstrack.cli.moments import AsOf, KnownAt, Moments
from lmstrack.cli.streams import PROGRESS
from lmstrack.errors import ExitCode, UsageFault
from lmstrack.exchange import export_events, import_file
from lmstrack.exchange.ndjson import written
from lmstrack.overview import lines_known
from lmstrack.reports.imported import import_report
from lmstrack.reports.overdue import obligations_report

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell

app = family()

#: From here on a file is worth the time that further processes take to start.
_LARGE: Final = 4_000_000


@command(app, "import")
def imported(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="NDJSON, or a table or workbook with --map.")],
    *,
    check: Annotated[bool, typer.Option("--check", help="Say what would change; the default.")] = False,
    commit: Annotated[bool, typer.Option("--commit", help="Write it, all or nothing.")] = False,
    mapping: Annotated[
        str | None, typer.Option("--map", metavar="NAME_OR_FILE", help="Which column is which field.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="NAME", help="The system that the file comes from.")
    ] = None,
    as_history: Annotated[
        bool, typer.Option("--as-history", help="Keep what the rules find, instead of refusing the row.")
    ] = False,
) -> int:
    """Read a file of events. Without --commit nothing is written; a second commit changes nothing.

    Every row is counted: new, known, changed (to be confirmed, never overwritten) or rejected (exit code 4),
    with the reason. Rejected rows are written beside the file, to be mended and imported again.
    """
    shell: Shell = ctx.obj
    if check and commit:
        raise UsageFault("Import a file", "it is either looked at or written.", "Give --check or --commit.")
    with shell.tracker(create=commit) as tracker:
        report = import_file(
            tracker,
            file,
            mapping=mapping,
            source=source,
            as_history=as_history,
            commit=commit,
            processes=_processes(file),
            progress=PROGRESS.of("rows"),
        )
        shell.written = report.committed
        shell.emit(import_report(report, file.name, shell.about(tracker)))
    return ExitCode.INVALID if report.rejected else ExitCode.DONE


def _processes(file: Path) -> int:
    try:
        large = file.stat().st_size > _LARGE
    except OSError:
        return 1
    return (os.cpu_count() or 1) if large else 1


@command(app, "export obligations")
def obligations(ctx: typer.Context, as_of: AsOf = None, known_at: KnownAt = None) -> int:
    """Everything that was or is due, of every case and in every state, with the keys of the overdue list."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        moments = Moments.read(shell, tracker, as_of, known_at)
        names = not shell.settings.no_names
        found = tracker.obligations(as_of=moments.as_of, known_at=moments.known_at, names=names)
        workflow = tracker.workflow if shell.stands_alone else None
        cases = {row.case for row in found.rows}
        lines = lines_known(tracker.store, cases, found.known_at) if shell.form == "ics" else None
        shell.emit(obligations_report(found, workflow, shell.about(tracker), lines=lines))
    if not found.totals.add_up:
        shell.say("These counts do not add up, so somebody may be missing. Run: lmstrack doctor")
        return ExitCode.FINDINGS
    return ExitCode.DONE


@command(app, "export events")
def events(ctx: typer.Context) -> None:
    """Every person and every event, a line of JSON each; importing them loses nothing."""
    shell: Shell = ctx.obj
    if shell.settings.no_names:
        raise UsageFault("Export events", "without names it could not be imported again.", "Leave out --no-names.")
    if shell.settings.format not in {None, "ndjson"}:
        raise UsageFault("Export events", "events are written as NDJSON only.", "End the file in .ndjson.")
    with shell.tracker() as tracker:
        lines = (f"{written(line)}\n" for line in export_events(tracker.store))
        shell.stream(lines)
