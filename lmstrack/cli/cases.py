"""Opening, finding, listing and editing cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lmstrack.cli.answers import tell, whose
from lmstrack.cli.family import command, family
from lmstrack.cli.moments import AsOf, KnownAt, Moments, WholeCaseId  # typer reads the annotations
from lmstrack.errors import NotFound, UsageFault
from lmstrack.records import Assign
from lmstrack.reports.caseload import found_report, list_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lmstrack.cli.shell import Shell
    from lmstrack.records import Person
    from lmstrack.tracker import Tracker

app = family()

Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="As it stands in the hospital's system.")]
Born = Annotated[
    str | None,
    typer.Option("--born", metavar="DATE", help="1961-03-04; 1961-03 or 1961 where less is known."),
]
Sex = Annotated[str | None, typer.Option("--sex", metavar="SEX", help="female, male, other or unknown.")]
Identifiers = Annotated[
    list[str] | None,
    typer.Option("--id", metavar="SYSTEM=VALUE", help="An identifier, zeros kept; repeat it."),
]


@command(app, "case add")
def add(ctx: typer.Context, name: Name = None, born: Born = None, sex: Sex = None, ids: Identifiers = None) -> None:
    """Open a case. An identifier that is already known is a conflict, which names the case."""
    shell: Shell = ctx.obj
    identifiers = {system: value for system, value in _identifiers(ids or []).items() if value is not None}
    if name is None and not identifiers:
        raise UsageFault("Open a case", "nothing says who the patient is.", "Give --name or --id SYSTEM=VALUE.")
    with shell.tracker(create=True) as tracker:
        day = None if born is None else shell.partial(born, today=tracker.today, precision="year")
        opened = tracker.open_case(name=name, born=day, sex=sex, identifiers=identifiers)
        shell.written = True
        shell.remember(opened.id)
        for pair in tracker.duplicates(opened.id):
            earlier = pair.case if pair.other == opened.id else pair.other
            shell.say(
                f"{earlier} may be the same patient: {'; '.join(pair.why)}. "
                f'If so: lmstrack case merge {earlier} {opened.id} --because "…"'
            )
        if shell.settings.format in {"json", "ndjson"}:
            shell.json({"case": opened.id})
            return
        person = None if shell.settings.no_names else tracker.person(opened.id)
        shell.told(f"{whose(opened.id, person)}: opened. Next: lmstrack record {opened.id} referral site_group=…")


@command(app, "case find")
def find(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="An id, an identifier, or part of a name.")],
) -> None:
    """Find a case by its id or number, an identifier, or part of a name."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        found = tracker.find(text) or _identified(tracker, text)
        heads = {case: tracker.store.head(case) for case, _ in found}
        first = tracker.workflow.pathway.initial
        shell.emit(found_report(found, heads, shell.about(tracker), initial=first))
    if not found:
        raise NotFound(
            "Find a case", "nothing on record fits.", "Part of a name will do; lmstrack case list shows all."
        )


def _identified(tracker: Tracker, text: str) -> list[tuple[str, Person]]:
    """The cases with the identifier SYSTEM=VALUE."""
    system, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        return []
    wanted = (system.casefold(), value)
    return [
        (case, person)
        for case, person in tracker.find(value)
        if wanted in {(name.casefold(), held) for name, held in person.identifiers.items()}
    ]


@command(app, "case list")
def listed(
    ctx: typer.Context,
    *,
    state: Annotated[str | None, typer.Option("--state", metavar="STATE", help="Only the cases in this state.")] = None,
    without_obligation: Annotated[
        bool, typer.Option("--without-obligation", help="Only those for whom nothing is due, now or later.")
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> None:
    """Every case and where it stands, or stood on a day as it was known then."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        first = tracker.workflow.pathway.initial
        states = tuple(tracker.workflow.pathway.states)
        if state is not None and state not in states:
            raise UsageFault("List cases in a state", "there is no such state.", f"States: {', '.join(states)}.")
        moments = Moments.read(shell, tracker, as_of, known_at)
        names = not shell.settings.no_names
        found = tracker.standings(as_of=moments.as_of, known_at=moments.known_at, names=names)
        about = shell.about(tracker)
        shell.emit(list_report(found, about, initial=first, state=state, without_obligation=without_obligation))


@command(app, "case edit")
def edit(
    ctx: typer.Context,
    case: WholeCaseId,
    *,
    name: Name = None,
    born: Born = None,
    sex: Sex = None,
    ids: Identifiers = None,
) -> None:
    """Change name, date of birth, sex or identifiers; ``--id SYSTEM=`` takes an identifier away."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        chosen = shell.chosen(tracker, case, exact=True)
        changes: dict[str, object] = {}
        if name is not None:
            changes["name"] = name
        if born is not None:
            changes["born"] = shell.partial(born, today=tracker.today, precision="year")
        if sex is not None:
            changes["sex"] = sex
        if ids:
            changes["identifiers"] = _identifiers(ids)
        if not changes:
            raise UsageFault(f"Edit {chosen}", "nothing is to be changed.", "Give --name, --born, --sex or --id.")
        person = tracker.edit_person(chosen, **changes)
        shell.written = True
        if shell.settings.format in {"json", "ndjson"}:
            shell.json({"case": chosen})
        else:
            shell.told(f"{whose(chosen, None if shell.settings.no_names else person)}: changed {', '.join(changes)}.")


@command(app, "case assign")
def assign(
    ctx: typer.Context,
    case: WholeCaseId,
    navigator: Annotated[str, typer.Argument(metavar="NAVIGATOR", help="Who takes the case.")],
    *,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="The last day; for good if left out."),
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The first day; today if left out.")] = None,
) -> None:
    """Give a case to a navigator, for good or until a day; after it whoever had it before has it again."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        chosen = shell.chosen(tracker, case, exact=True)
        today = tracker.today
        first = today if on is None else shell.day(on, today=today, looking="ahead")
        last = None if until is None else shell.day(until, today=today, looking="ahead")
        if last is not None and last < first:
            raise UsageFault(f"Assign {chosen}", "the last day is before the first.", "Give a later --until.")
        recorded = tracker.record(chosen, Assign(navigator=navigator, until=last), on=first)
        shell.entered(recorded, dry_run=False)
        tell(shell, tracker, recorded, dry_run=False)


def _identifiers(words: Sequence[str]) -> dict[str, str | None]:
    """System and value of each; None where the value is to be taken away."""
    found: dict[str, str | None] = {}
    for word in words:
        system, equals, value = word.partition("=")
        if not equals or not system.strip():
            raise UsageFault("Read an identifier", "it is written SYSTEM=VALUE.", "For example --id mrn=0012345678.")
        found[system.strip()] = value.strip() or None
    return found
