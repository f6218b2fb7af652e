"""Recording what happened, and taking an entry back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from lmstrack.cli.answers import tell
from lmstrack.cli.family import command, family
from lmstrack.cli.fields import departures, departures_in, loaded, paired
from lmstrack.cli.lately import forget_written, lately
from lmstrack.cli.moments import WholeCaseId, addressed, line_typed  # typer reads the annotations
from lmstrack.cli.settings import data_folder
from lmstrack.dates import PartialDate
from lmstrack.errors import Conflict, UsageFault
from lmstrack.records import described, from_text, read_record
from lmstrack.strands import with_known_strand

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell
    from lmstrack.records import Departure, Record
    from lmstrack.tracker import Tracker

app = family()

_OWN_COMMANDS = {
    "merge": "lmstrack case merge CASE OTHER",
    "move_event": "lmstrack event move CASE LINE TO_CASE",
    "unmerge": "lmstrack case unmerge CASE OTHER",
}

On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day it happened; today if left out.")]
Despite = Annotated[
    list[str] | None, typer.Option("--despite", metavar="RULE", help="A rule that is departed from; repeat it.")
]
Because = Annotated[
    list[str] | None, typer.Option("--because", metavar="TEXT", help="Why: once for all, or once for each rule.")
]
AgreedBy = Annotated[
    list[str] | None, typer.Option("--agreed-by", metavar="NAME", help="The clinician who answers for it.")
]


@command(app, "record")
def record(
    ctx: typer.Context,
    case: WholeCaseId,
    kind: Annotated[str | None, typer.Argument(metavar="KIND", help="What happened; lmstrack help records.")] = None,
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE …", help="Its fields; lmstrack help KIND.")
    ] = None,
    *,
    on: On = None,
    despite: Despite = None,
    because: Because = None,
    agreed_by: AgreedBy = None,
    expect: Annotated[
        int | None,
        typer.Option("--expect", metavar="LINE", help="Only if this is still the last line (exit 6)."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")] = False,
    key: Annotated[
        str | None, typer.Option("--key", metavar="ID", help="The same id again writes nothing again.")
    ] = None,
    json_from: Annotated[
        str | None,
        typer.Option("--json", metavar="FILE", help="The record as JSON; - is the standard input."),
    ] = None,
) -> None:
    """Record what happened to a patient. The kind of event is what moves the case on.

    A field that is left out is not known, which is different from false. Lists are written with commas,
    objects as JSON or as @FILE. A rule that is not met refuses the entry and says what would resolve it; what
    has really happened is recorded with --despite.
    """
    shell: Shell = ctx.obj
    answered = departures(despite or [], because or [], agreed_by or [])
    with shell.tracker() as tracker:
        chosen = shell.chosen(tracker, case, exact=True)
        entry = _Entry(shell, tracker, kind, fields or [], json_from)
        if not dry_run and entry.record.kind in _OWN_COMMANDS:
            raise UsageFault(
                f"Record {entry.record.kind}",
                "it is about two cases.",
                f"It has a command of its own: {_OWN_COMMANDS[entry.record.kind]} …",
            )
        when = entry.on if on is None else shell.partial(on, today=tracker.today, precision="month")
        workflow = tracker.workflow_named(shell.cite(tracker, chosen))
        recorded = tracker.record(
            chosen,
            with_known_strand(entry.record, workflow),
            on=when,
            despite={**entry.departures, **answered},
            source_id=key if key is not None else entry.source_id,
            expected_line=expect,
            dry_run=dry_run,
        )
        shell.entered(recorded, dry_run=dry_run)
        tell(shell, tracker, recorded, dry_run=dry_run)


class _Entry:
    """What was typed, or stood in the JSON: the record, and what the JSON says besides."""

    def __init__(
        self, shell: Shell, tracker: Tracker, kind: str | None, fields: list[str], json_from: str | None
    ) -> None:
        self.on: PartialDate | None = None
        self.source_id: str | None = None
        self.departures: dict[str, Departure] = {}
        if json_from is None:
            if kind is None or "=" in kind:
                raise UsageFault("Record an event", "its kind is missing.", "lmstrack help records names the kinds.")
            pairs = paired(fields, f"Record {kind}")
            self.record: Record = from_text(kind, pairs, today=tracker.today, order=shell.settings.order)
            return
        if fields:
            raise UsageFault("Record an event", "it stands in the JSON or in fields, not in both.")
        asked = f"Record {kind or 'an event'}"
        held = loaded(json_from, asked)
        named = str(held.pop("kind", None) or kind or "")
        if not named:
            raise UsageFault("Record an event", "its kind is missing.", 'Add it to the JSON: {"kind": "imaging", …}.')
        if kind is not None and named != kind:
            raise UsageFault(f"Record {kind}", f"the JSON is of another kind, {named[:40]}.")
        held.pop("case", None)
        on = held.pop("on", None)
        self.on = None if on is None else PartialDate.parse(str(on))
        source_id = held.pop("source_id", None)
        self.source_id = None if source_id is None else str(source_id)
        told = held.pop("departures", None)
        self.departures = {} if told is None else departures_in(told, asked)
        self.record = read_record(named, held)


@command(app, "whatif")
def whatif(
    ctx: typer.Context,
    case: WholeCaseId,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What would happen; lmstrack help records.")],
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE …", help="Its fields; lmstrack help KIND.")
    ] = None,
    *,
    on: On = None,
    despite: Despite = None,
    because: Because = None,
    agreed_by: AgreedBy = None,
) -> None:
    """What recording this would do: the move, the findings, the questions and the due dates. Nothing is written.

    It is answered, or refused, as the entry itself would be.
    """
    shell: Shell = ctx.obj
    answered = departures(despite or [], because or [], agreed_by or [])
    with shell.tracker() as tracker:
        chosen = shell.chosen(tracker, case, exact=True)
        entry = _Entry(shell, tracker, kind, fields or [], None)
        recorded = tracker.record(
            chosen,
            with_known_strand(entry.record, tracker.workflow_named(shell.cite(tracker, chosen))),
            on=None if on is None else shell.partial(on, today=tracker.today, precision="month"),
            despite=answered,
            dry_run=True,
        )
        tell(shell, tracker, recorded, dry_run=True, changes=True)


@command(app, "undo")
def undo(
    ctx: typer.Context,
    case: Annotated[str | None, typer.Argument(metavar="CASE", help="The whole id, with its check digit.")] = None,
    line: Annotated[str | None, typer.Argument(metavar="LINE", help="The line; the last one if left out.")] = None,
) -> None:
    """Withdraw an entry that was made in error. It stays in the log, and undoing can be undone.

    Without CASE: the entry that was written last from this account.
    """
    shell: Shell = ctx.obj
    number = None if line is None else line_typed(line)
    with shell.tracker() as tracker:
        if case is None:
            chosen, number = _last_entry(shell, tracker)
        else:
            chosen = shell.chosen(tracker, case, exact=True)
            if number is not None:
                chosen, number = addressed(tracker, chosen, number)
        recorded = tracker.undo(chosen, number)
        shell.entered(recorded, dry_run=False)
        tell(shell, tracker, recorded, dry_run=False, changes=True)


def _last_entry(shell: Shell, tracker: Tracker) -> tuple[str, int]:
    folder = data_folder(os.environ)
    last = lately(folder, shell.settings.db).written
    if last is None:
        raise UsageFault("Undo", "nothing was written from this account lately.", "Name it: lmstrack undo CASE LINE")
    chosen, line = last
    log = tracker.log(chosen)
    if len(log) != line:
        forget_written(folder, shell.settings.db)
        raise Conflict(
            f"Undo line {line} of {chosen}",
            f"the case has moved on and is at line {len(log)}.",
            f"If it is still the one: lmstrack undo {chosen} {line}",
        )
    if shell.ask(f"Undo line {line} of {chosen}, {described(log[-1].record)}?") is False:
        raise typer.Abort
    return chosen, line
