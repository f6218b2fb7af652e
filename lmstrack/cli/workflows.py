"""Looking at workflow files and checking them; no database is needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmstrack.cli.family import command, family
from lmstrack.errors import ExitCode, NotFound, WorkflowFaults
from lmstrack.reports.guideline import workflow_report, workflows_report
from lmstrack.workflow import load_workflow, released

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
) -> int:
    """Read a workflow file strictly and name every fault in it; exit code 10 where there is one."""
    shell: Shell = ctx.obj
    names = [file] if file is not None else list(released())
    faulty: dict[str, tuple[str, ...]] = {}
    for name in names:
        try:
            load_workflow(_known(name))
        except WorkflowFaults as error:
            faulty[name] = error.faults
    if shell.settings.format in {"json", "ndjson"}:
        files = [{"file": name, "faults": list(faulty.get(name, ()))} for name in names]
        shell.json({"schema": "lmstrack.check/1", "files": files})
    else:
        shell.line("\n".join(line for name in names for line in _told(name, faulty.get(name, ()))))
    return ExitCode.FINDINGS if faulty else ExitCode.DONE


def _told(name: str, faults: Sequence[str]) -> Iterator[str]:
    yield f"{name}: {len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}"
    yield from (f"  - {fault}" for fault in faults)


@command(app, "workflow diagram")
def diagram(ctx: typer.Context, name: Named = None) -> None:
    """The pathway as a Mermaid state diagram."""
    shell: Shell = ctx.obj
    shell.line(newest(name).pathway.diagram())
