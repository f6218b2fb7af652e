"""Looking at workflow files and checking them; no database is needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmstrack.cli.family import command, family
from lmstrack.errors import ExitCode, NotFound, WorkflowFaults
from lmstrack.proofs import boundaries, checked, proved
from lmstrack.reports.checked import CheckedFile, check_report
from lmstrack.reports.guideline import workflow_report, workflows_report
from lmstrack.workflow import load_workflow, released

if TYPE_CHECKING:
    from datetime import date

    from lmstrack.cli.shell import Shell
    from lmstrack.workflow import Workflow

app = family()
_NAME = re.compile(r"[A-Za-z0-9._@-]+")

Named = Annotated[str | None, typer.Argument(metavar="NAME", help="Its name or file; that of new cases if left out.")]


def newest(shell: Shell, name: str | None = None) -> Workflow:
    """The workflow of this name or in this file; the one that new cases are pinned to where None."""
    if name is None:
        return shell.versions.newest
    if Path(name).is_file() or name.endswith((".yaml", ".yml")):
        return load_workflow(Path(name))
    if not _NAME.fullmatch(name):  # what cannot be one is not repeated in the error
        known = ", ".join((*released(), *shell.versions.of_the_site))
        raise NotFound("Load a workflow", "there is no such file.", f"Names are: {known}.")
    return shell.versions.named(name)


@command(app, "workflow list")
def listed(ctx: typer.Context) -> None:
    """The released workflows, and the site's own over them, with who signed each.

    New cases are pinned to what the site signed last, else to the newest released one. A file in use is never edited.
    """
    shell: Shell = ctx.obj
    versions = shell.versions
    names = (*released(), *versions.of_the_site)
    shell.emit(workflows_report([versions.named(name) for name in names], versions.newest_name))


@command(app, "workflow show")
def show(ctx: typer.Context, name: Named = None) -> None:
    """States, moves, plans, strands and settings of a workflow; in a site's own, what it changed and who signed it."""
    shell: Shell = ctx.obj
    shell.emit(workflow_report(newest(shell, name)))


@command(app, "workflow check")
def check(
    ctx: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A file, a site's own too, or a name; all if left out.")
    ] = None,
    anchor: Annotated[
        str | None,
        typer.Option(
            "--anchor", metavar="DATE", help="The end of treatment of the sample patient; 31 January if left out."
        ),
    ] = None,
) -> int:
    """Read a workflow file strictly, prove what it claims, and print the dates on which a rhythm changes.

    Every fault is named. Where there is none, every claim under proofs is tried against every entry in every
    situation; one that does not hold is answered with the shortest way around it. Exit code 10 where there is a
    fault, or a claim that does not hold.
    """
    shell: Shell = ctx.obj
    counted_from = shell.day(anchor) if anchor is not None else shell.today.replace(month=1, day=31)
    names = [file] if file is not None else [*released(), *shell.versions.of_the_site]
    files = [_checked(shell, name, counted_from) for name in names]
    shell.emit(check_report(files, counted_from))
    return ExitCode.DONE if all(each.holds for each in files) else ExitCode.FINDINGS


def _checked(shell: Shell, name: str, anchor: date) -> CheckedFile:
    try:
        workflow = newest(shell, name)
    except WorkflowFaults as error:
        return CheckedFile(name, error.faults)
    return CheckedFile(name, (), checked(workflow), proved(workflow), boundaries(workflow, anchor))


@command(app, "workflow diagram")
def diagram(ctx: typer.Context, name: Named = None) -> None:
    """The pathway as a Mermaid state diagram."""
    shell: Shell = ctx.obj
    shell.line(newest(shell, name).pathway.diagram())
