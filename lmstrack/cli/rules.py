"""The rules of a workflow, and what its source leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lmstrack.cli.family import command, family
from lmstrack.cli.workflows import newest
from lmstrack.reports.guideline import gaps_report, rule_pairs, rule_report, rules_report

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell

app = family()


@command(app, "rules list")
def listed(ctx: typer.Context) -> None:
    """Every rule in one sentence, with its source and how much it binds."""
    shell: Shell = ctx.obj
    shell.emit(rules_report(newest()))


@command(app, "rules show")
def show(
    ctx: typer.Context,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Its id, such as LMS-DX-01.")],
) -> None:
    """A rule: its sentence, its source, its check, and what was chosen where the source is silent."""
    shell: Shell = ctx.obj
    workflow = newest()
    found = workflow.rule(rule.upper())
    shell.emit(rule_report(workflow, found) if shell.form in {"json", "ndjson", "csv"} else rule_pairs(workflow, found))


@command(app, "rules gaps")
def gaps(ctx: typer.Context) -> None:
    """What the source leaves open, and the reading that is taken until a site signs another."""
    shell: Shell = ctx.obj
    shell.emit(gaps_report(newest()))
