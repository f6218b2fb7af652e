"""The navigator's day: what there is to do, and what came of trying to reach a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from lmstrack.cli.answers import tell
from lmstrack.cli.family import command, family
from lmstrack.cli.lists import tell_navigators
from lmstrack.cli.moments import AsOf, KnownAt, Moments, WholeCaseId
from lmstrack.errors import ExitCode, UsageFault
from lmstrack.needs import days_of
from lmstrack.records import from_text
from lmstrack.reports.behind import calendar_of
from lmstrack.reports.worklist import worklist_report
from lmstrack.strands import with_known_strand

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell
    from lmstrack.reports.parts import CalendarDay
    from lmstrack.tracker import Tracker
    from lmstrack.worklist import WorkList

app = family()

#: The navigator that whoever asks is.
_MINE: Final = "mine"


@command(app, "worklist")
def worklist(
    ctx: typer.Context,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    navigator: Annotated[
        str | None,
        typer.Option("--navigator", metavar="NAME", help="Only the patients of this navigator; mine: of --by."),
    ] = None,
    questions: Annotated[
        bool, typer.Option("--questions", help="With the open questions, also on a screen or of many cases.")
    ] = False,
    no_questions: Annotated[bool, typer.Option("--no-questions", help="Without the open questions.")] = False,
) -> int:
    """What there is to do today, the most urgent first, each with the command that does it.

    An obligation has one row. A call that is agreed for later is shown beside it, and never hides it or moves its last
    day. Below stand the counts, which add up.
    """
    shell: Shell = ctx.obj
    if questions and no_questions:
        raise UsageFault("Show the worklist", "it is either with questions or without.", "Leave one of the two out.")
    with shell.tracker() as tracker:
        moments = Moments.read(shell, tracker, as_of, known_at)
        found = tracker.worklist(
            as_of=moments.as_of,
            known_at=moments.known_at,
            names=not shell.settings.no_names,
            # On a screen they would push what is urgent out of sight.
            questions=questions or (False if no_questions or shell.terminal else None),
        )
        whose = tracker.by if navigator == _MINE else navigator
        days = _days(tracker, found, whose) if shell.form == "ics" else None
        report = worklist_report(found, shell.about(tracker), navigator=whose, calendar=days)
        shell.emit(report)
        tell_navigators(shell, tracker, report, whose)
    if not found.totals.add_up:
        shell.say("These counts do not add up, so somebody may be missing. Run: lmstrack doctor")
        return ExitCode.FINDINGS
    return ExitCode.DONE


def _days(tracker: Tracker, found: WorkList, navigator: str | None) -> tuple[CalendarDay, ...]:
    """The days of the work, for a calendar: obligations keep the names that they have in other calendars."""
    from lmstrack.overview import BACK, lines_known  # noqa: PLC0415  # help never loads the database

    every = tracker.obligations(as_of=found.as_of, known_at=found.known_at)
    rows = [
        row
        for row in days_of(every, found.as_of, BACK.before(found.as_of))
        if navigator is None or row.navigator == navigator
    ]
    return calendar_of(rows, lines_known(tracker.store, {row.case for row in rows}, found.known_at), found.as_of)


@command(app, "contact")
def contact(
    ctx: typer.Context,
    case: WholeCaseId,
    outcome: Annotated[
        str,
        typer.Argument(
            metavar="OUTCOME",
            help="reached, call_back, no_answer, voicemail, letter_sent, declined, done_elsewhere or wrong_number.",
        ),
    ],
    *,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day it happened; today if left out.")
    ] = None,
    strand: Annotated[
        str | None, typer.Option("--strand", metavar="STRAND", help="What it was about; all that is due if left out.")
    ] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="HOW", help="phone, letter, text message, …")
    ] = None,
    next_on: Annotated[
        str | None,
        typer.Option("--next-on", metavar="DATE", help="The day that was agreed for the next call: fri, +2w, 3 Dec."),
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What was said.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")] = False,
) -> None:
    """Record that somebody tried to reach a patient, and what came of it.

    A next call is on the worklist from its day on, until the patient was spoken to. What is due for the patient stays
    due on the same days, however often one calls.
    """
    shell: Shell = ctx.obj
    fields = {"channel": channel, "outcome": outcome, "next_on": next_on, "strand": strand, "note": note}
    given = {name: text for name, text in fields.items() if text is not None}
    with shell.tracker() as tracker:
        chosen = shell.chosen(tracker, case, exact=True)
        record = from_text("contact", given, today=tracker.today, order=shell.settings.order)
        recorded = tracker.record(
            chosen,
            with_known_strand(record, tracker.workflow_named(shell.cite(tracker, chosen))),
            on=None if on is None else shell.partial(on, today=tracker.today, precision="month"),
            dry_run=dry_run,
        )
        shell.entered(recorded, dry_run=dry_run)
        tell(shell, tracker, recorded, dry_run=dry_run)
