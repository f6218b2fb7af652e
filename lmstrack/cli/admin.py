"""Making, trying, checking, copying and restoring a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from lmstrack import __version__
from lmstrack.cli.family import command, family
from lmstrack.cli.shell import database_file
from lmstrack.errors import Conflict, ExitCode, StoreUnavailable, UsageFault
from lmstrack.reports import About, Column, Report
from lmstrack.reports.overdue import overdue_report
from lmstrack.reports.report import counted
from lmstrack.workflow import load_workflow

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell
    from lmstrack.store import Backup

app = family()

_MENDED: Final = "The lists were written anew. What is left is found by: lmstrack doctor"
_SOUND: Final = "Nothing is wrong: the chain is whole, and every list equals the log."


@command(app, "init")
def init(
    ctx: typer.Context,
    zone: Annotated[
        str | None,
        typer.Option("--zone", metavar="ZONE", help="The site's zone, such as Europe/Berlin; else UTC."),
    ] = None,
) -> None:
    """Make a new, empty database that only you can read. One that is there is left alone (exit 6)."""
    shell: Shell = ctx.obj
    file = database_file(shell.settings.db)
    if (file is not None and file.exists() and file.stat().st_size) or (file is None and _opens(shell)):
        where = "the database" if file is None else file
        raise Conflict(f"Make {where}", "it is there already.", "Name another with --db, or look at it: lmstrack")
    with shell.tracker(create=True, zone=zone) as tracker:
        where = str(file) if file is not None else tracker.store.url
        shell.written = True
        zone, workflow = tracker.store.zone, tracker.workflow
        if shell.settings.format in {"json", "ndjson"}:
            shell.json({"schema": "lmstrack.init/1", "db": where, "zone": zone, "workflow": workflow.name})
            return
        shell.told(f"Made {where}, zone {zone}, workflow {workflow.name}. Next: lmstrack case add")
        if not workflow.signed:
            what = "this workflow" if workflow.overlay is None else f"{workflow.overlay.base}, which it lies over,"
            shell.say(f"No clinician has signed {what} yet: it is a draft, and decides nothing.")


def _opens(shell: Shell) -> bool:
    """Whether a database on a server has been made already."""
    try:
        shell.tracker().close()
    except StoreUnavailable:
        return False
    return True


@command(app, "doctor")
def doctor(
    ctx: typer.Context,
    repair: Annotated[
        bool, typer.Option("--repair", help="Write the lists anew from the log, which is never touched.")
    ] = False,
) -> int:
    """Prove that every list equals what the log gives, and name what does not (exit code 10).

    Entries that are possible and look like a slip of the hand are listed too; they are no fault.
    """
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        faults = [*tracker.store.integrity(), *tracker.doctor(repair=repair)]
        odd = tracker.oddities()
        cases = len(tracker.store.case_ids())
    found = [(fault, True) for fault in faults] + [(said, False) for said in odd]
    counts = f"{counted(cases, 'case')} looked at, {counted(len(faults), 'finding')}"
    slips = f", {len(odd)} {'entry' if len(odd) == 1 else 'entries'} that may be a slip" if odd else ""
    shell.emit(
        Report(
            schema="lmstrack.doctor/1",
            title="Doctor",
            rows=[{"finding": said, "fault": fault} for said, fault in found],
            keys=("finding", "fault"),
            columns=(Column("finding", "Finding", "text"),),
            totals={"cases": cases, "findings": len(faults), "odd": len(odd)},
            message=_SOUND if odd and not faults else "",
            below=(f"{counts}{slips}.", *([_MENDED] if repair and faults else [])),
            empty=_SOUND,
        )
    )
    return ExitCode.FINDINGS if faults else ExitCode.DONE


@command(app, "backup")
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy; it must not exist.")],
) -> None:
    """Write a checked copy of the database that only you can read, and its manifest beside it."""
    shell: Shell = ctx.obj
    if not file.name:
        raise UsageFault("Back up the database", "the copy has no name.", "Name a file: backup.db")
    with shell.tracker() as tracker:
        taken = tracker.store.backup(file)
    shell.written = True
    _tell_copied(shell, "backup", taken, f"Wrote {taken.file} and {taken.manifest.name}, checked")


@command(app, "restore")
def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup, with its manifest beside it.")],
    confirm: Annotated[
        str | None,
        typer.Option("--confirm", metavar="DB", help="The database's file name, to say that you mean it."),
    ] = None,
) -> None:
    """Put a checked backup in the place of the database. What was there is kept beside it."""
    from lmstrack.store import restore as put_back  # noqa: PLC0415  # help never loads the database

    shell: Shell = ctx.obj
    target = database_file(shell.settings.db)
    replaced = target is not None and target.exists()
    if target is not None and replaced and confirm != target.name:
        answer = shell.ask(f"Replace {target} by {file}?") if confirm is None else None
        if answer is None:
            raise UsageFault(
                f"Restore {file}",
                f"{target.name} would be replaced.",
                f"If you mean it: --confirm {target.name}",
            )
        if not answer:
            raise typer.Abort
    put = put_back(file, shell.settings.db, force=replaced)
    shell.written = True
    kept = f"; what was there is {target.name}.before-restore" if target is not None and replaced else ""
    _tell_copied(shell, "restore", put, f"Restored {target}{kept}, checked")


def _tell_copied(shell: Shell, verb: str, copy: Backup, said: str) -> None:
    if shell.settings.format in {"json", "ndjson"}:
        counts = {"cases": copy.cases, "lines": copy.lines, "sha256": copy.sha256, "head": copy.chain_head}
        shell.json({"schema": f"lmstrack.{verb}/1", "file": str(copy.file), **counts})
        return
    shell.told(f"{said}: {copy.cases} cases, {copy.lines} lines. Audit head {copy.chain_head}")


@command(app, "demo")
def demo(
    ctx: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Where to write; a new folder if left out.")
    ] = None,
) -> None:
    """Try everything on invented patients, in a folder of their own. Your database is not touched."""
    from lmstrack.demo import run_demo  # noqa: PLC0415  # only the demo needs its patients

    shell: Shell = ctx.obj
    try:
        made = run_demo(folder, shell.today)
    except OSError as error:
        raise StoreUnavailable("Run the demo", f"the folder cannot be written ({type(error).__name__}).") from None
    shell.written = True
    if shell.settings.format in {"json", "ndjson"}:
        told = {"database": str(made.database), "report": str(made.report), "events": made.events}
        counts = {"overdue": len(made.overdue.rows), "next_steps": list(made.next_steps)}
        shell.json({"schema": "lmstrack.demo/1", **told, **counts})
        return
    about = About(run_by="demo", software=f"lmstrack {__version__}")
    shell.told(f"Made {made.database} with {made.events} entries of invented patients, and {made.report}.\n")
    shell.emit(overdue_report(made.overdue, load_workflow(made.overdue.workflow), about))
    shell.line("\n".join(["\nTry next:", *(f"  {step}" for step in made.next_steps)]))
