"""The answer to an entry: one line for a person, an object for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.dates import PartialDate, short, worded
from lmstrack.places import told
from lmstrack.records import DepartureRecord, described
from lmstrack.reports.appointments import ahead
from lmstrack.reports.case_facts import named
from lmstrack.reports.effects import effect_fields, effect_lines
from lmstrack.reports.findings import answering, finding_fields
from lmstrack.reports.report import words
from lmstrack.rules import Strength, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.case import Case
    from lmstrack.cli.shell import Shell
    from lmstrack.events import Event
    from lmstrack.moving import Move
    from lmstrack.recording import Recorded
    from lmstrack.records import Person
    from lmstrack.rules import Finding
    from lmstrack.tracker import Tracker


def tell(shell: Shell, tracker: Tracker, recorded: Recorded, *, dry_run: bool, changes: bool = False) -> None:
    """Answer an entry, and tell on the side what it caused elsewhere and which questions it leaves.

    With *changes* everything that it changes is part of the answer: what becomes due, is found or asked, and why.
    """
    if shell.settings.format in {"json", "ndjson"}:
        shell.json(_fields(recorded, dry_run=dry_run, changes=changes))
        return
    person = tracker.person(recorded.event.case) if not shell.settings.no_names else None
    shell.told(_line(recorded, tracker, person, dry_run=dry_run))
    if changes:
        for said in effect_lines(recorded.effect, recorded.case.as_of):
            shell.told(f"  {said}")
    for other in recorded.elsewhere:
        case = _elsewhere(recorded, other)
        whom = tracker.person(case) if not shell.settings.no_names else None
        shell.told(f"{whose(case, whom)}: {_done_elsewhere(recorded, other)}.")
        for said in effect_lines(other.effect, other.case.as_of):
            shell.told(f"  {said}")
    for said in _aside(recorded, changes=changes):
        shell.say(said)
    for said in _left_open(recorded, tracker):
        shell.say(said)


def _elsewhere(recorded: Recorded, other: Recorded) -> str:
    """The case that the entry did something in: the one where it wrote a line, else the one that it is about."""
    return other.case.id if other.event == recorded.event else other.event.case


def _done_elsewhere(recorded: Recorded, other: Recorded) -> str:
    if other.event != recorded.event:
        return f"{described(other.event.record)}, line {other.event.line}"
    into = other.case.into
    return "is on the lists again" if into is None else f"leaves the lists; {into} tells of the patient"


def whose(case: str, person: Person | None) -> str:
    """The case with the patient's name and date of birth, to check that it is the right one."""
    if person is None:
        return case
    known = dict(named(person))
    told = [str(known["name"])] if "name" in known else []
    if "born" in known:
        told.append(f"born {known['born']}")
    return f"{case} {', '.join(told)}".strip()


def _line(recorded: Recorded, tracker: Tracker, person: Person | None, *, dry_run: bool) -> str:
    event = recorded.event
    who = whose(event.case, person)
    if recorded.already:
        return f"{who}: already on record as line {event.line}, {described(event.record)}. Nothing was written."
    when = PartialDate(event.on, event.precision)
    day = worded(event.on, tracker.today) if when.exact else f"in {when}"
    verb = "would record" if dry_run else "recorded"
    parts = [f"{who}: {verb} {described(event.record)}, {day}, line {event.line}."]
    if recorded.moved is not None:
        parts.append(f"Moved from {words(recorded.moved[0])} to {words(recorded.moved[1])}.")
    else:
        parts.append(f"Stays in {words(recorded.case.state)}.")
    parts.append(ahead(recorded, tracker.today))
    parts.append(_ahead(recorded.case, tracker))
    if dry_run:
        parts.append("Nothing was written.")
    else:
        parts.append(f"Undo: lmstrack undo {event.case} {event.line}")
    return " ".join(part for part in parts if part)


def _ahead(case: Case, tracker: Tracker) -> str:
    """What is due or allowed next, and how many questions are open."""
    if case.left is not None:
        return f"The case is closed: {case.left}."
    dated = [each for each in case.current() if each.due_by is not None and each.group != "pathway"]
    first = min(dated, key=lambda each: (str(each.due_by), each.strand), default=None)
    moves = tracker.workflow_named(case.workflow).pathway.open_from(case.state)
    kinds = list(dict.fromkeys(move.by for move in moves))
    if first is not None and first.due_from is not None and first.due_by is not None:
        said = f"Next due: {words(first.strand)}, {short(first.due_from)} to {short(first.due_by)}"
    else:
        said = f"Next: {', '.join(kinds[:4])}{' …' if len(kinds) > 4 else ''}" if kinds else ""
    questions = len(case.asks)
    if questions:
        said += f"{'; ' if said else ''}{questions} question{'s' if questions > 1 else ''} open"
    return f"{said}." if said else ""


def _aside(recorded: Recorded, *, changes: bool) -> Iterator[str]:
    moved = recorded.came_from
    if moved is not None:
        yield (
            f"Line {moved.to_line} had come from {moved.from_case}, line {moved.line}, and stands in neither case now. "
            f"To bring it back there: {_brings_back(moved)}"
        )
    waiting: dict[tuple[str, str], list[str]] = {}  # one question is put once, whichever rules wait for its answer
    for finding in recorded.findings:
        if finding.departure is not None:
            yield f"Departs from {finding.rule}: {finding.says}"
        elif finding.strength is Strength.ADVISORY:
            unknown = ", not known whether it is followed" if finding.answer is Verdict.UNKNOWN else ""
            yield f"Advice, {finding.rule}{unknown}: {finding.says} {_found(finding)}".rstrip()
        elif not finding.binding and finding.answer is Verdict.NOT_MET:
            yield f"Open, {finding.rule}: {finding.says} {_found(finding)}".rstrip()
            yield f"An emergency is not refused for it. To answer it afterwards: {_answered(recorded.event, finding)}"
        else:
            for ask in finding.asks:
                waiting.setdefault((ask.question, answering(recorded.event.case, ask)), []).append(finding.rule)
    for (question, answer), rules in waiting.items():
        yield f"Question, {', '.join(rules)}: {question} {answer}"
    for rule in recorded.noted:
        yield f"Noted: {rule} was not unmet, and the departure is kept."
    if changes:
        return  # what it causes on other lines is told with the rest of what it changes
    for finding in recorded.consequences:
        yield f"Now open on {told(finding.line)}, {finding.rule}: {finding.says} {_found(finding)}".rstrip()
    for finding in recorded.resolved:
        yield f"No longer open on {told(finding.line)}: {finding.rule}"


def _left_open(recorded: Recorded, tracker: Tracker) -> Iterator[str]:
    """That a departure which was recorded afterwards answers nothing, because no clinician is named with it."""
    departure, case = recorded.event.record, recorded.case
    if not isinstance(departure, DepartureRecord) or departure.agreed_by is not None:
        return
    rule = tracker.workflow_named(case.workflow).aliases.get(departure.rule, departure.rule)
    if any((finding.line, finding.rule) == (departure.line, rule) for finding in case.findings):
        yield f"Still open on {told(departure.line)}: {rule} is mandatory, and agreed_by=NAME is lacking."


def _answered(event: Event, finding: Finding) -> str:
    agreed = " agreed_by=NAME" if finding.strength is Strength.MANDATORY else ""
    return f'lmstrack record {event.case} departure line={event.line} rule={finding.rule} because="…"{agreed}'


def _found(finding: Finding) -> str:
    return f"Found: {finding.found}" if finding.found else ""


def _fields(recorded: Recorded, *, dry_run: bool, changes: bool) -> dict[str, object]:
    event, moved = recorded.event, recorded.came_from
    return {
        "schema": "lmstrack.recorded/1",
        "case": event.case,
        "line": event.line,
        "kind": event.kind,
        "on": str(PartialDate(event.on, event.precision)),
        "written": recorded.written and not dry_run,
        "already": recorded.already,
        "state": recorded.case.state,
        "moved": None if recorded.moved is None else list(recorded.moved),
        "findings": [finding_fields(finding) for finding in recorded.findings],
        "consequences": [finding_fields(finding) for finding in recorded.consequences],
        "resolved": [finding_fields(finding) for finding in recorded.resolved],
        "noted": list(recorded.noted),
        "questions": [{"fact": ask.fact, "question": ask.question, "record": ask.record} for ask in recorded.case.asks],
        "changes": effect_fields(recorded.effect, recorded.case.as_of) if changes else None,
        "elsewhere": [_elsewhere_fields(recorded, other) for other in recorded.elsewhere],
        "came_from": None
        if moved is None
        else {"case": moved.from_case, "line": moved.line, "undo": _brings_back(moved)},
        "ahead": ahead(recorded, recorded.case.as_of) or None,
        "undo": None if dry_run or recorded.already else f"lmstrack undo {event.case} {event.line}",
    }


def _brings_back(move: Move) -> str:
    return f"lmstrack undo {move.from_case} {move.by}"


def _elsewhere_fields(recorded: Recorded, other: Recorded) -> dict[str, object]:
    """What the entry did in another case; *line* is null where it wrote none there."""
    return {
        "case": _elsewhere(recorded, other),
        "line": other.event.line if other.event != recorded.event else None,
        "kind": other.event.kind,
        "findings": [finding_fields(finding) for finding in other.findings],
        "changes": effect_fields(other.effect, other.case.as_of),
    }
