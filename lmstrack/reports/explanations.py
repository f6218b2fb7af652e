"""Why the rules say what they say of one patient, and where the windows come from."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from lmstrack.dates import short
from lmstrack.places import told
from lmstrack.reports.bookable import book_by, suggestion
from lmstrack.reports.report import Column, Report, counted, words
from lmstrack.reports.stages import in_sentence, stage_fields
from lmstrack.reports.statements import note_of, said_against
from lmstrack.statements import RecordedFields

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from lmstrack.explaining import RuleAnswer, Why
    from lmstrack.obligations import Obligation
    from lmstrack.plans import Strand
    from lmstrack.reports.report import About, Row
    from lmstrack.rules import Contrary

_HANGING: Final = 14
_WHY: Final = (
    Column("rule", "Rule", "id"),
    Column("answer", "Answer", "status"),
    Column("strength", "Strength", "id", 2),
    Column("says", "Says", "text", 1, 20),
    Column("needs", "Needs", "text", 4, 16),
    Column("found", "Found", "text", 3, 16),
)
_ANSWER_KEYS: Final = (
    "rule",
    "answer",
    "strength",
    "says",
    "needs",
    "found",
    "fix",
    "source",
    "chosen",
    "against",
    "kind",
    "line",
    "on",
    "departure",
)


def why_report(answered: Why, about: About) -> Report:
    """The rules with their answers, and the windows with the rhythm behind them."""
    rows = [_answer(each) for each in answered.rules]
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row["answer"])] = counts.get(str(row["answer"]), 0) + 1
    return Report(
        schema="lmstrack.why/1",
        title=f"Why: {answered.case}, {answered.topic}",
        rows=rows,
        keys=_ANSWER_KEYS,
        columns=_WHY,
        as_of=answered.as_of,
        workflow=answered.workflow,
        totals=counts,
        more={
            "case": answered.case,
            "topic": answered.topic,
            "state": answered.state,
            "move": answered.move,
            "computed_stage": None if answered.stage is None else stage_fields(answered.stage),
            "obligations": _windows(answered, about.holidays),
            "notes": [note_of(each) for each in answered.notes],
        },
        empty=f"No rule is asked for {answered.topic}.",
        about=about,
    )


def windows_report(answered: Why, about: About) -> Report:
    """Only the windows, a row each, for a question about a strand."""
    rows = _windows(answered, about.holidays)
    return Report(
        schema="lmstrack.why/1",
        title=f"Why: {answered.case}, {answered.topic}",
        rows=rows,  # type: ignore[arg-type]
        keys=tuple(rows[0]) if rows else ("strand",),
        columns=(
            Column("strand", "Strand", "term"),
            Column("state", "State", "status"),
            Column("due_from", "Due from", "date"),
            Column("due_by", "Due by", "date"),
            Column("since", "Counted from", "date", 1),
            Column("ended", "How it ended", "text", 2, 16),
            Column("rule", "Rule", "id", 3),
            Column("source", "Source", "text", 4, 16),
        ),
        as_of=answered.as_of,
        workflow=answered.workflow,
        empty=f"Nothing was or is due for {answered.topic}.",
        about=about,
    )


def why_page(answered: Why, width: int, holidays: Collection[date] = ()) -> str:
    """The same in full sentences, for reading; on *holidays* nothing can be booked."""
    lines: list[str] = []
    for line in _page(answered, holidays):
        indent = " " * (_HANGING if line.startswith("      ") else 2)
        lines += textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines) + "\n"


def _page(answered: Why, holidays: Collection[date]) -> Iterator[str]:
    standing = "is closed" if answered.state == "closed" else f"is in {words(answered.state)}"
    topic = words(answered.topic)
    asked = f"{topic}, which leads to {words(answered.move.rpartition(' to ')[2])}" if answered.move else topic
    yield f"{answered.case} {standing} as of {short(answered.as_of)}; asked: {asked}. Workflow {answered.workflow}."
    if answered.stage is not None:
        yield f"  stage computed: {in_sentence(answered.stage)}"
    if not answered.rules and not answered.obligations and not answered.notes:
        yield "No rule stands open, and nothing is due."
    for each in answered.rules:
        place = f" ({told(each.line)}, {words(each.kind)}, {short(each.on)})" if each.line and each.on else ""
        yield f"  {each.rule}  {each.answer}, {each.strength}{place}"
        yield f"      {each.says}"
        for name, said in (("needs", each.needs), ("found", each.found), ("source", each.source)):
            if said:
                yield f"      {name:<7} {said}"
        for value, reason in each.chosen.items():
            yield f"      chosen  {value}: {reason}"
        yield from _against(each.against)
        if each.departure is not None:
            by = f", agreed by {each.departure.agreed_by}" if each.departure.agreed_by else ""
            yield f"      departure: {each.departure.because}{by}"
        elif each.fix and each.answer in {"not met", "unknown"}:
            yield f"      fix     lmstrack record {answered.case} {each.fix} --on DATE"
    last = len(answered.obligations) - 1
    for number, (obligation, strand) in enumerate(answered.obligations):
        following = answered.obligations[number + 1][0].strand if number < last else None
        if obligation.ending is not None and following == obligation.strand:
            yield _ended(obligation, answered.as_of)
        else:
            yield from _window_lines(answered, obligation, strand, holidays)
    for note in answered.notes:
        yield f"  {note.id}  {'to be on record' if isinstance(note, RecordedFields) else 'good to know'}"
        yield f"      {note.says}"
        yield f"      source  {note.source}"
        yield from _against(note.against)


def _against(contrary: Iterable[Contrary]) -> Iterator[str]:
    for each in contrary:
        yield f"      but     {each.says} ({each.source})"


def _ended(obligation: Obligation, as_of: date) -> str:
    """One of several past windows of a strand, in a line."""
    said = f"  {words(obligation.strand)}  {obligation.state(as_of)}"
    if obligation.ending is not None:
        said += f" {short(obligation.ending.on)} by {told(obligation.ending.line)}"
    if obligation.due_from is not None and obligation.due_by is not None:
        said += f", window {short(obligation.due_from)} to {short(obligation.due_by)}"
    return said


def _window_lines(answered: Why, obligation: Obligation, strand: Strand, holidays: Collection[date]) -> Iterator[str]:
    state = obligation.state(answered.as_of)
    days = obligation.days_overdue(answered.as_of)
    yield f"  {words(obligation.strand)}  {state}{_by(days)}"
    yield f"      {strand.says}"
    if obligation.due_from is not None and obligation.due_by is not None and obligation.counts_from is not None:
        yield (
            f"      window  {short(obligation.due_from)} to {short(obligation.due_by)}, counted from"
            f" {short(obligation.since)}; counts from {short(obligation.counts_from)}"
        )
    if suggested := suggestion(obligation, answered.as_of, holidays):
        yield f"      {suggested}, the last working day of the window"
    phase = strand.phases[obligation.phase - 1] if obligation.phase and strand.phases else None
    if phase is not None:
        until = f", until {phase.until} after the anchor" if phase.until is not None else ""
        plan = words(obligation.plan or "")
        yield f"      rhythm  every {phase.every} in phase {obligation.phase}{until}; plan {plan}"
    if obligation.ending is not None:
        ending = obligation.ending
        yield f"      ended   {ending.state}, {short(ending.on)}, {told(ending.line)}"
    yield f"      source  {obligation.source} ({obligation.rule})"
    for value, reason in strand.chosen.items():
        yield f"      chosen  {value}: {reason}"


def _by(days: int | None) -> str:
    return "" if days is None else f" by {counted(days, 'day')}"


def _answer(each: RuleAnswer) -> Row:
    departure = each.departure
    return {
        "rule": each.rule,
        "answer": str(each.answer),
        "strength": str(each.strength),
        "says": each.says,
        "needs": each.needs or None,
        "found": each.found or None,
        "fix": each.fix or None,
        "source": each.source,
        "chosen": dict(each.chosen),
        "against": said_against(each.against),
        "kind": each.kind,
        "line": each.line,
        "on": None if each.on is None else each.on.isoformat(),
        "departure": None if departure is None else {"because": departure.because, "agreed_by": departure.agreed_by},
    }


def _windows(answered: Why, holidays: Collection[date]) -> list[dict[str, object]]:
    return [_window(answered, obligation, strand, holidays) for obligation, strand in answered.obligations]


def _window(answered: Why, obligation: Obligation, strand: Strand, holidays: Collection[date]) -> dict[str, object]:
    phase = strand.phases[obligation.phase - 1] if obligation.phase and strand.phases else None
    ending = obligation.ending
    return {
        "strand": obligation.strand,
        "course": obligation.course,
        "occurrence": obligation.occurrence,
        "state": str(obligation.state(answered.as_of)),
        "since": obligation.since.isoformat(),
        "counts_from": _iso(obligation.counts_from),
        "due_from": _iso(obligation.due_from),
        "due_by": _iso(obligation.due_by),
        "book_by": _iso(book_by(obligation, answered.as_of, holidays)),
        "ended": None if ending is None else f"{ending.state} on {ending.on.isoformat()}, {told(ending.line)}",
        "every": None if phase is None else str(phase.every),
        "until": None if phase is None or phase.until is None else str(phase.until),
        "phase": obligation.phase,
        "plan": obligation.plan,
        "says": strand.says,
        "rule": obligation.rule,
        "source": obligation.source,
        "chosen": dict(strand.chosen),
    }


def _iso(day: object) -> str | None:
    return None if day is None else str(day)
