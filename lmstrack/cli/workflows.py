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
_NAME = re.compile(r"[A-Za-z0-9._-]+")

Named = Annotated[str | None, typer.Argument(metavar="NAME", help="Its name; the newest if left out.")]


def newest(name: str | None = None) -> Workflow:
    """The workflow of this name, the newest released one where None."""
    names = released()
    if name is not None:
        return load_workflow(_known(name))
    if not names:
        raise NotFound("Load a workflow", "none is released here.")
    return load_workflow(names[-1])


def _known(name: str) -> Path | str:
    """The file of this name, or the name; what cannot be either is not repeated in the error."""
    if Path(name).is_file():
        return Path(name)
    if not _NAME.fullmatch(name):
        raise NotFound("Load a workflow", "there is no such file.", f"Released are: {', '.join(released())}.")
    return name


@command(app, "workflow list")
def listed(ctx: typer.Context) -> None:
    """The released workflows. New cases are pinned to the newest; a released file is never edited."""
    shell: Shell = ctx.obj
    shell.emit(workflows_report([load_workflow(name) for name in released()]))


@command(app, "workflow show")
def show(ctx: typer.Context, name: Named = None) -> None:
    """States, moves, plans, strands and settings of a workflow."""
    shell: Shell = ctx.obj
    shell.emit(workflow_report(newest(name)))


@command(app, "workflow check")
def check(
    ctx: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A file, or the name of a released workflow.")
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
    names = [file] if file is not None else list(released())
    files = [_checked(name, counted_from) for name in names]
    shell.emit(check_report(files, counted_from))
    return ExitCode.DONE if all(each.holds for each in files) else ExitCode.FINDINGS


def _checked(name: str, anchor: date) -> CheckedFile:
    try:
        workflow = load_workflow(_known(name))
    except WorkflowFaults as error:
        return CheckedFile(name, error.faults)
    return CheckedFile(name, (), checked(workflow), proved(workflow), boundaries(workflow, anchor))


@command(app, "workflow diagram")
def diagram(ctx: typer.Context, name: Named = None) -> None:
    """The pathway as a Mermaid state diagram."""
    shell: Shell = ctx.obj
    shell.line(newest(name).pathway.diagram())
