"""The rules of a workflow, what became of each statement of its sources, and what they leave open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lmstrack.cli.family import command, family
from lmstrack.cli.workflows import asked_for
from lmstrack.coverage import coverage, stories_by_statement
from lmstrack.errors import ExitCode
from lmstrack.reports.guideline import gaps_report
from lmstrack.reports.statements import coverage_report, rules_report, statement_pairs, statement_report
from lmstrack.workflow import story_texts

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell

app = family()


@command(app, "rules list")
def listed(ctx: typer.Context) -> None:
    """Every rule in one sentence, with its source and how much it binds."""
    shell: Shell = ctx.obj
    shell.emit(rules_report(asked_for(shell)))


@command(app, "rules show")
def show(
    ctx: typer.Context,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Its id, such as LMS-DX-01.")],
) -> None:
    """A rule: its sentence, source, check, what was chosen where the source is silent, and the stories that show it."""
    shell: Shell = ctx.obj
    workflow = asked_for(shell)
    found = workflow.statement(rule.upper())
    covered = next(
        each for each in coverage(workflow, stories_by_statement(story_texts(), workflow)) if each.number == found.id
    )
    programs = shell.form in {"json", "ndjson", "csv"}
    shell.emit(statement_report(workflow, covered) if programs else statement_pairs(workflow, covered))


@command(app, "rules coverage")
def covering(ctx: typer.Context) -> int:
    """Every statement of the sources: what it became, where it is asked, which stories show it.

    Ends with exit code 10 where a statement is missing, or a rule has no story.
    """
    shell: Shell = ctx.obj
    workflow = asked_for(shell)
    rows = coverage(workflow, stories_by_statement(story_texts(), workflow))
    shell.emit(coverage_report(workflow, rows))
    return ExitCode.FINDINGS if any(each.is_missing for each in rows) else ExitCode.DONE


@command(app, "rules gaps")
def gaps(ctx: typer.Context) -> None:
    """What the source leaves open, and the reading that is taken until a site signs another."""
    shell: Shell = ctx.obj
    shell.emit(gaps_report(asked_for(shell)))
