"""Cases that are one patient: likely pairs, merging two, and taking a merge back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lmstrack.cli.answers import tell
from lmstrack.cli.correcting import Because, DryRun  # typer reads the annotations
from lmstrack.cli.family import command, family
from lmstrack.cli.fields import reasoned
from lmstrack.cli.moments import WholeCaseId
from lmstrack.errors import UsageFault
from lmstrack.reports.duplicates import duplicates_report

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell
    from lmstrack.records import Person
    from lmstrack.tracker import Tracker

app = family()

Other = Annotated[str, typer.Argument(metavar="OTHER", help="The whole id of the other case.")]


@command(app, "case duplicates")
def duplicates(ctx: typer.Context) -> None:
    """Pairs of cases that are likely one patient, with the reasons. Nothing is merged."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        pairs = tracker.duplicates()
        named = {case for pair in pairs for case in (pair.case, pair.other)}
        people = {} if shell.settings.no_names else tracker.store.people(named)
        shell.emit(duplicates_report(pairs, people, shell.about(tracker)))


@command(app, "case merge")
def merge(
    ctx: typer.Context,
    case: WholeCaseId,
    other: Other,
    *,
    because: Because = "",
    confirm: Annotated[
        str | None, typer.Option("--confirm", metavar="OTHER", help="The other case again, to say that you mean it.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Say that OTHER is the same patient. From today on CASE tells the entries of both.

    OTHER leaves the lists. Nothing is overwritten, and lists of earlier days see two cases as before; case
    unmerge takes it back.
    """
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        chosen, gone = shell.chosen(tracker, case, exact=True), shell.chosen(tracker, other, exact=True)
        asked = f"Merge {gone} into {chosen}"
        reasoned(asked, because)
        if not dry_run and (confirm or "").strip().upper() != gone:
            answer = shell.ask(f"{asked}? They would be one patient.") if confirm is None else None
            if answer is None:
                raise UsageFault(
                    asked,
                    "two cases would become one patient.",
                    f"Look first with --dry-run; if you mean it: --confirm {gone}",
                )
            if not answer:
                raise typer.Abort
        recorded = tracker.merge(chosen, gone, because=because, dry_run=dry_run)
        shell.entered(recorded, dry_run=dry_run)
        tell(shell, tracker, recorded, dry_run=dry_run, changes=True)
        _tell_apart(shell, tracker, chosen, gone)


@command(app, "case unmerge")
def unmerge(
    ctx: typer.Context,
    case: WholeCaseId,
    other: Other,
    *,
    because: Because = "",
    dry_run: DryRun = False,
) -> None:
    """Say that OTHER is another patient after all. Both cases are what they would be without the merge."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        chosen, back = shell.chosen(tracker, case, exact=True), shell.chosen(tracker, other, exact=True)
        reasoned(f"Take {back} out of {chosen}", because)
        recorded = tracker.unmerge(chosen, back, because=because, dry_run=dry_run)
        shell.entered(recorded, dry_run=dry_run)
        tell(shell, tracker, recorded, dry_run=dry_run, changes=True)


def _tell_apart(shell: Shell, tracker: Tracker, case: str, other: str) -> None:
    """Say which of the two counts where they differ in who the patient is."""
    one, two = tracker.person(case), tracker.person(other)
    differ = [word for word, is_so in _differences(one, two) if is_so]
    if differ:
        shell.say(
            f"The two differ in {' and '.join(differ)}; what {case} says counts. "
            f"If it is wrong there: lmstrack case edit {case} …"
        )


def _differences(one: Person, two: Person) -> tuple[tuple[str, bool], ...]:
    return (
        ("name", None not in {one.name, two.name} and one.name != two.name),
        ("date of birth", None not in {one.born, two.born} and one.born != two.born),
        ("sex", None not in {one.sex, two.sex} and one.sex != two.sex),
    )
