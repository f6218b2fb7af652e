"""Files in and out: what was recorded, and what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer  # typer reads the annotations

from lmstrack.cli.family import command, family
from lmstrack.cli.moments import AsOf, KnownAt, Moments
from lmstrack.errors import ExitCode, UsageFault
from lmstrack.exchange.ndjson import export_lines, written
from lmstrack.reports.overdue import obligations_report

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell

app = family()


@command(app, "export obligations")
def obligations(ctx: typer.Context, as_of: AsOf = None, known_at: KnownAt = None) -> int:
    """Everything that was or is due, of every case and in every state, with the keys of the overdue list."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        moments = Moments.read(shell, tracker, as_of, known_at)
        names = not shell.settings.no_names
        found = tracker.obligations(as_of=moments.as_of, known_at=moments.known_at, names=names)
        shell.emit(obligations_report(found, tracker.workflow, shell.about(tracker)))
    if not found.totals.add_up:
        shell.say("These counts do not add up, so somebody may be missing. Run: lmstrack doctor")
        return ExitCode.FINDINGS
    return ExitCode.DONE


@command(app, "export events")
def events(ctx: typer.Context) -> None:
    """Every person and every event, a line of JSON each; importing them loses nothing."""
    shell: Shell = ctx.obj
    if shell.settings.no_names:
        raise UsageFault(
            "Export events", "without names it could not be imported again.", "Leave out --no-names."
        )
    if shell.settings.format not in {None, "ndjson", "json"}:
        raise UsageFault("Export events", "events are written as NDJSON only.", "End the file in .ndjson.")
    with shell.tracker() as tracker:
        lines = (f"{written(line)}\n" for line in export_lines(tracker.store.stream()))
        shell.stream(lines)
