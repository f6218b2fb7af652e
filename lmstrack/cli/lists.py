"""Lists over all cases: who is overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from lmstrack.cli.family import command, family
from lmstrack.cli.moments import AsOf, KnownAt, Moments
from lmstrack.errors import ExitCode
from lmstrack.records.faults import did_you_mean
from lmstrack.reports.in_state import in_state_report
from lmstrack.reports.overdue import overdue_report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.cli.shell import Shell
    from lmstrack.lists import ObligationList
    from lmstrack.reports import Report
    from lmstrack.tracker import Tracker

app = family()

#: So many navigators are named at most.
_NAMED: Final = 12


@command(app, "overdue")
def overdue(
    ctx: typer.Context,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    navigator: Annotated[
        str | None, typer.Option("--navigator", metavar="NAME", help="Only the patients of this navigator.")
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            metavar="NAME",
            help="surveillance, result, pathway (the clocks before treatment) or all; left out, the first two.",
        ),
    ] = None,
    state: Annotated[
        str,
        typer.Option(
            "--state",
            metavar="STATE",
            help="What else the counts hold: due, upcoming, excused, declined (for good), suspended or undetermined.",
        ),
    ] = "overdue",
    fail_if_any: Annotated[
        bool, typer.Option("--fail-if-any", help="Exit code 10 where there is a row, for cron.")
    ] = False,
) -> int:
    """Who is late for follow-up, most overdue first, with counts that add up.

    Due today is due, not overdue. A booking does not change it, and nothing drops off the list with age. With --state
    it lists what a count below it is made of: who declined something for good, since when, and when to ask again.
    """
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        moments = Moments.read(shell, tracker, as_of, known_at)
        names = not shell.settings.no_names
        found = tracker.overdue(
            as_of=moments.as_of, known_at=moments.known_at, names=names, group=group, state=state.strip().lower()
        )
        workflow = tracker.workflow if shell.stands_alone else None
        about = shell.about(tracker)
        if found.state == "overdue":
            behind = tracker.overview(found, names=names) if shell.stands_alone else None
            report = overdue_report(found, workflow, about, navigator=navigator, behind=behind)
        else:
            lines = _lines(tracker, found) if shell.form == "ics" else None
            report = in_state_report(found, workflow, about, navigator=navigator, lines=lines)
        shell.emit(report)
        tell_navigators(shell, tracker, report, navigator)
    if not found.totals.add_up:
        shell.say("These counts do not add up, so somebody may be missing. Run: lmstrack doctor")
        return ExitCode.FINDINGS
    return ExitCode.FINDINGS if fail_if_any and report.rows else ExitCode.DONE


def _lines(tracker: Tracker, found: ObligationList) -> Mapping[str, int]:
    from lmstrack.overview import lines_known  # noqa: PLC0415  # help never loads the database

    return lines_known(tracker.store, {row.case for row in found.rows}, found.known_at)


def tell_navigators(shell: Shell, tracker: Tracker, report: Report, navigator: str | None) -> None:
    """Where nothing is listed for a navigator whom no case is given to, say so, and who has cases."""
    if navigator is None or report.rows:
        return
    found = tracker.standings(as_of=report.as_of, known_at=report.known_at).cases
    names = sorted({each.head.navigator for each in found if each.head is not None and each.head.navigator})
    if navigator in names:
        return
    have = f"Navigators who have cases: {', '.join(names[:_NAMED])}{', …' if len(names) > _NAMED else ''}"
    none = "No case is given to anybody yet: lmstrack case assign CASE NAVIGATOR"
    meant = did_you_mean(navigator, names) or "."
    shell.say(f"No case is given to {navigator} for good{meant} {have if names else none}")
