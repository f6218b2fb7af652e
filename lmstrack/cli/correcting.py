"""Saying how an entry should read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lmstrack.cli.answers import tell
from lmstrack.cli.family import command, family
from lmstrack.cli.fields import as_typed, changed, paired, reasoned
from lmstrack.cli.moments import WholeCaseId, addressed, line_typed  # typer reads the annotations
from lmstrack.errors import Impossible, InvalidData, UsageFault
from lmstrack.events import standing
from lmstrack.records import KINDS, field_help, from_text
from lmstrack.records.faults import did_you_mean, echoed
from lmstrack.strands import with_known_strand

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell
    from lmstrack.records import Record
    from lmstrack.tracker import Tracker

app = family()

Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")]
LineOfCase = Annotated[str, typer.Argument(metavar="LINE", help="The line of the log; lmstrack timeline CASE.")]


@command(app, "event correct")
def correct(
    ctx: typer.Context,
    case: WholeCaseId,
    line: LineOfCase,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KIND] FIELD=VALUE …", help="What should read otherwise; FIELD= takes it away."),
    ] = None,
    *,
    because: Because = "",
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day it really happened.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="It never happened, or not to this patient.")] = False,
    nature: Annotated[
        str,
        typer.Option(
            "--nature",
            metavar="NATURE",
            help="entered_in_error, or refined: true all along, known better now.",
        ),
    ] = "entered_in_error",
    dry_run: DryRun = False,
) -> None:
    """Say how an entry should read, or withdraw it. Nothing is overwritten; a correction can be corrected.

    What is not named stays as the line reads now.
    """
    shell: Shell = ctx.obj
    asked = f"Correct line {line}"
    number = line_typed(line)
    reasoned(asked, because)
    if withdraw == bool(words or on is not None):
        raise UsageFault(
            asked,
            "withdrawn entries have no other reading." if withdraw else "nothing is said about how it should read.",
            "Give fields, --on DATE, or --withdraw.",
        )
    with shell.tracker() as tracker:
        chosen, number = addressed(tracker, shell.chosen(tracker, case, exact=True), number)
        workflow = tracker.workflow_named(shell.cite(tracker, chosen))
        reading = _reading(shell, tracker, chosen, number, words or [])
        recorded = tracker.correct(
            chosen,
            number,
            nature=nature,
            because=because,
            instead=None if reading is None else with_known_strand(reading, workflow),
            on=None if on is None else shell.partial(on, today=tracker.today, precision="month"),
            dry_run=dry_run,
        )
        shell.entered(recorded, dry_run=dry_run)
        tell(shell, tracker, recorded, dry_run=dry_run, changes=True)


@command(app, "event move")
def move(
    ctx: typer.Context,
    case: WholeCaseId,
    line: LineOfCase,
    to_case: Annotated[str, typer.Argument(metavar="TO_CASE", help="The whole id of the case it belongs to.")],
    *,
    because: Because = "",
    dry_run: DryRun = False,
) -> None:
    """Say that an entry is about another patient: it is withdrawn here and recorded there, or neither is done.

    The rules do not refuse it there; what they find is told. Undoing the line that says so brings it back.
    """
    shell: Shell = ctx.obj
    number = line_typed(line)
    reasoned(f"Move line {line}", because)
    with shell.tracker() as tracker:
        chosen, number = addressed(tracker, shell.chosen(tracker, case, exact=True), number)
        target = shell.chosen(tracker, to_case, exact=True)
        recorded = tracker.move(chosen, number, target, because=because, dry_run=dry_run)
        shell.entered(recorded, dry_run=dry_run)
        tell(shell, tracker, recorded, dry_run=dry_run, changes=True)


def _reading(shell: Shell, tracker: Tracker, case: str, line: int, words: list[str]) -> Record | None:
    """The record as it should read, None where only the day is corrected or the entry is withdrawn."""
    if not words:
        return None
    kind = words[0] if "=" not in words[0] else None
    given = paired(words[1:] if kind is not None else words, f"Correct line {line}")
    log = tracker.log(case)
    reads = next((event for event in [*standing(log), *log] if event.line == line), None)
    if reads is None:
        raise Impossible(
            f"Correct line {line} of {case}",
            f"the log ends at line {len(log)}.",
            f"See its lines with: lmstrack timeline {case}",
        )
    if kind is not None and kind not in KINDS:
        known = [*(each.field for each in field_help(reads.kind)), *KINDS]
        raise InvalidData(
            f"Correct line {line}",
            [f"{echoed(kind)} is no kind of record, and no FIELD=VALUE{did_you_mean(kind, known)}"],
            f"Line {line} is of kind {reads.kind}: lmstrack help {reads.kind} names its fields.",
        )
    same = kind is None or kind == reads.kind
    fields = changed(as_typed(reads.record), given) if same else given
    return from_text(
        reads.kind if same else str(kind),
        fields,
        today=tracker.today,
        order=shell.settings.order,
        asked=f"Correct line {line}",
    )
