"""Looking at workflow files and checking them, for which no database is needed; and moving cases to another."""

from __future__ import annotations

import re
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Final

import typer

from lmstrack.cli.family import command, family
from lmstrack.errors import ExitCode, NotFound, UsageFault, WorkflowFaults
from lmstrack.proofs import boundaries, checked, proved
from lmstrack.reports.checked import CheckedFile, check_report
from lmstrack.reports.guideline import workflow_report, workflows_report
from lmstrack.workflow import load_workflow, released

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lmstrack.adopting import Adoption
    from lmstrack.cli.shell import Shell
    from lmstrack.workflow import Workflow

app = family()
#: From so many cases on, a person at a terminal is asked.
_ASKED_FROM: Final = 3
_NAME = re.compile(r"[A-Za-z0-9._@-]+")

Named = Annotated[str | None, typer.Argument(metavar="NAME", help="Its name or file; that of new cases if left out.")]


def asked_for(shell: Shell, name: str | None = None) -> Workflow:
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
    shell.emit(workflow_report(asked_for(shell, name)))


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
        workflow = asked_for(shell, name)
    except WorkflowFaults as error:
        return CheckedFile(name, error.faults)
    return CheckedFile(name, (), checked(workflow), proved(workflow), boundaries(workflow, anchor))


@command(app, "workflow diagram")
def diagram(ctx: typer.Context, name: Named = None) -> None:
    """The pathway as a Mermaid state diagram."""
    shell: Shell = ctx.obj
    shell.line(asked_for(shell, name).pathway.diagram())


@command(app, "workflow adopt")
def adopt(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The version that cases move to.")],
    cases: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CASE …]", help="Whole ids; all that are followed if left out."),
    ] = None,
    *,
    navigator: Annotated[
        str | None, typer.Option("--navigator", metavar="NAME", help="Only the cases of this navigator.")
    ] = None,
    state: Annotated[str | None, typer.Option("--state", metavar="STATE", help="Only the cases in this state.")] = None,
    commit: Annotated[bool, typer.Option("--commit", help="Do it today, all of them or none.")] = False,
) -> int:
    """Move cases that are under way to another version of the guideline; without --commit, say what would change.

    What would be late by the new version gets time to catch up, and stands first. What is dated before today stays
    judged by the version that the case followed.
    """
    from lmstrack.reports.adopted import adoption_report  # noqa: PLC0415  # help never loads the database

    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        to = tracker.workflow_named(name).name
        chosen = [shell.chosen(tracker, case, exact=True) for case in cases or ()] or None
        states = tuple(tracker.workflow_named(name).pathway.states)
        if state is not None and state not in states:
            raise UsageFault("Move cases in a state", "there is no such state.", f"States: {', '.join(states)}.")
        names = not shell.settings.no_names

        def moved(*, commit: bool) -> Adoption:
            return tracker.adopt(to, chosen, navigator=navigator, state=state, commit=commit, names=names)

        found = moved(commit=False)
        asks = commit and len(found.cases) >= _ASKED_FROM
        if asks and shell.ask(f"Move {len(found.cases)} cases to {to}?") is False:
            raise typer.Abort
        if commit:
            found = moved(commit=True)
            shell.written = True
        command = " ".join(["lmstrack workflow adopt", to, *(cases or ()), *_options(navigator, state), "--commit"])
        shell.emit(adoption_report(found, shell.about(tracker), command=command))
    return ExitCode.DONE if found.add_up else ExitCode.FINDINGS


def _options(navigator: str | None, state: str | None) -> Iterator[str]:
    for option, value in (("--navigator", navigator), ("--state", state)):
        if value is not None:
            yield f"{option} {quote(value)}"
