"""Looking at one case: show, why, next, timeline."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from lmstrack.cli.family import command, family
from lmstrack.cli.moments import AsOf, CaseId, KnownAt, Moments
from lmstrack.cli.streams import width
from lmstrack.dates import civil_day
from lmstrack.errors import NotFound
from lmstrack.events import Event, known
from lmstrack.joined import own_lines
from lmstrack.merging import stands_for_itself
from lmstrack.recording import weighed
from lmstrack.records import KINDS
from lmstrack.reports.case_facts import case_report
from lmstrack.reports.case_page import case_page
from lmstrack.reports.explanations import why_page, why_report, windows_report
from lmstrack.reports.next_steps import Candidate, next_report
from lmstrack.reports.timeline import timeline
from lmstrack.strands import as_id, near, strand_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.case import Case
    from lmstrack.cli.shell import Shell
    from lmstrack.explaining import Why
    from lmstrack.tracker import Tracker

app = family()


@command(app, "show")
def show(ctx: typer.Context, case: CaseId, as_of: AsOf = None, known_at: KnownAt = None) -> None:
    """Where a patient stands: state, facts, what is due, findings and open questions."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        chosen = shell.chosen(tracker, case)
        moments = Moments.read(shell, tracker, as_of, known_at)
        view = tracker.case(chosen, as_of=moments.as_of, known_at=moments.known_at)
        stands_for_itself(view, "show")
        person = tracker.person(chosen, known_at=moments.known_at)
        names = not shell.settings.no_names
        last = sum(1 for _ in known(tracker.log(chosen), moments.known_at))
        if shell.form in {"json", "ndjson"}:
            shell.emit(case_report(view, person, shell.about(tracker), moments.known_at, last, names=names))
        else:
            known_on = None if moments.known_at is None else civil_day(moments.known_at, tracker.store.zone)
            holidays = shell.settings.holidays
            shell.emit(case_page(view, person, tracker.today, last, names=names, known_on=known_on, holidays=holidays))


@command(app, "why")
def why(
    ctx: typer.Context,
    case: CaseId,
    topic: Annotated[str | None, typer.Argument(help="A kind such as biopsy, a strand, or a rule id.")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> None:
    """Every rule of a step, with its answer and its source; or the rhythm behind a window.

    Without KIND or STRAND: the rules that stand open, and what is due.
    """
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        chosen = shell.chosen(tracker, case)
        moments = Moments.read(shell, tracker, as_of, known_at)
        answered = _explained(tracker, chosen, topic, moments)
        about = shell.about(tracker)
        if shell.form == "table" and shell.settings.output is None:
            shell.line(why_page(answered, width(), about.holidays))
        elif answered.rules or shell.form in {"json", "ndjson"} or not answered.obligations:
            shell.emit(why_report(answered, about))
        else:
            shell.emit(windows_report(answered, about))


def _explained(tracker: Tracker, case: str, topic: str | None, moments: Moments) -> Why:
    """The answer to *why*; a strand may be named in words. Raises `NotFound`, which names what is near."""
    names = strand_names(tracker.workflow)
    asked = topic if topic is None or as_id(topic) not in {*names, *KINDS} else as_id(topic)
    try:
        return tracker.why(case, asked, as_of=moments.as_of, known_at=moments.known_at)
    except NotFound as error:
        meant = near(topic or "", {*names, *KINDS})
        if not error.candidates or not meant:
            raise
        raise NotFound(error.asked, error.obstacle, f"Did you mean {meant}? Rules: lmstrack rules list") from None


@command(app, "next")
def following(ctx: typer.Context, case: CaseId, as_of: AsOf = None, known_at: KnownAt = None) -> None:
    """What can be recorded next, which rules stand in the way, and which questions are open."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        chosen = shell.chosen(tracker, case)
        moments = Moments.read(shell, tracker, as_of, known_at)
        view = tracker.case(chosen, as_of=moments.as_of, known_at=moments.known_at)
        stands_for_itself(view, "next")
        shell.emit(next_report(view, list(_candidates(tracker, view, moments)), shell.about(tracker)))


def _candidates(tracker: Tracker, case: Case, moments: Moments) -> Iterator[Candidate]:
    """Each kind that leads on from here, judged as if it happened that day and nothing else were known of it."""
    person = tracker.person(case.id, known_at=moments.known_at)
    log = tracker.lines(case.id, as_of=moments.as_of, known_at=moments.known_at)
    workflow = tracker.workflow_named(case.workflow)
    named = {event.workflow for event in log if event.workflow is not None} | {case.workflow}
    versions = {name: tracker.workflow_named(name) for name in named}
    moves = {move.by: move for move in workflow.pathway.open_from(case.state)}  # the ordinary move stands last
    for kind in sorted(moves, key=list(KINDS).index):
        event = Event(
            case=case.id,
            line=own_lines(log) + 1,
            on=case.as_of,
            record=KINDS[kind].model_construct(**dict.fromkeys(KINDS[kind].model_fields)),
            recorded_at=datetime.combine(case.as_of, time(), UTC),
            recorded_by="",
        )
        result = weighed(person, log, event, versions, case.as_of, tracker.store.zone)
        step = next((step for step in result.after.steps if step.event.line == event.line), None)
        made = step.move if step is not None else None
        move = made or moves[kind]
        yield Candidate(kind, move.to, move.says, result.findings, certain=made is not None)


@command(app, "timeline")
def over_time(ctx: typer.Context, case: CaseId, as_of: AsOf = None, known_at: KnownAt = None) -> None:
    """What happened to a patient, line by line; corrected and withdrawn entries stay visible."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        chosen = shell.chosen(tracker, case)
        moments = Moments.read(shell, tracker, as_of, known_at)
        view = tracker.case(chosen, as_of=moments.as_of, known_at=moments.known_at)
        log = tracker.lines(chosen, as_of=moments.as_of, known_at=moments.known_at)
        days = {event.line: civil_day(event.recorded_at, tracker.store.zone).isoformat() for event in log}
        shell.emit(timeline(view, log, shell.about(tracker), days))
