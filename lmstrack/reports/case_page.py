"""Where one patient stands, on one page for people: an item and its value a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.dates import short, worded
from lmstrack.places import all_told, told
from lmstrack.reports.bookable import suggestion
from lmstrack.reports.case_facts import facts_of, named
from lmstrack.reports.findings import answering, together
from lmstrack.reports.report import Column, Report, as_text, counted, words
from lmstrack.reports.stages import computed, in_sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date

    from lmstrack.case import Case
    from lmstrack.obligations import Obligation
    from lmstrack.records import Person
    from lmstrack.reports.report import Cell
    from lmstrack.rules import Ask, Finding

_PAIRS: Final = (
    Column("item", "Item", "text", 0, 12, says=lambda row: row["label"]),
    Column("value", "Value", "text", 0, 30, says=lambda row: row["words"]),
)
_WORST: Final = ("overdue", "due", "upcoming", "suspended", "undetermined", "excused")
#: What a fact is called, and the unit of its number.
_FACTS: Final = {
    "site_group": ("site", ""),
    "size_mm": ("size", "mm"),
    "t": ("T", ""),
    "n": ("N", ""),
    "m": ("M", ""),
    "figo_stage": ("FIGO stage", ""),
    "r_class": ("resection class", ""),
    "margin_mm": ("margin", "mm"),
}


class _Pair(NamedTuple):
    """An item and its value as programs read them, and as people do where that differs."""

    item: str
    value: Cell
    label: str = ""
    words: str = ""


def case_page(
    case: Case,
    person: Person,
    today: date,
    last: int,
    *,
    names: bool = True,
    known_on: date | None = None,
    holidays: Collection[date] = (),
) -> Report:
    """Where the case stands; *last* is the last line of its log, *known_on* the day after which nothing counts.

    Without *names* it does not say who the patient is. On *holidays* nothing can be booked.
    """
    return Report(
        schema="lmstrack.show/1",
        title=f"Case {case.id}",
        rows=[
            {
                "item": pair.item,
                "value": pair.value,
                "label": pair.label or pair.item,
                "words": pair.words or as_text(pair.value),
            }
            for pair in _pairs(case, person, today, last, holidays, names=names, known_on=known_on)
        ],
        keys=("item", "value"),
        columns=_PAIRS,
        as_of=case.as_of,
        workflow=case.workflow,
        pairs=True,
    )


def _pairs(
    case: Case,
    person: Person,
    today: date,
    last: int,
    holidays: Collection[date],
    *,
    names: bool,
    known_on: date | None,
) -> Iterator[_Pair]:
    yield _Pair("case", case.id)
    if names:
        yield from (_Pair(item, value) for item, value in named(person))
    elif person.sex is not None:
        yield _Pair("sex", person.sex)
    if case.as_of != today:
        yield _Pair("as of", case.as_of.isoformat(), words=short(case.as_of))
    if known_on is not None:
        yield _Pair("as known on", known_on.isoformat(), words=short(known_on))
    left = "" if case.left is None else f": {case.left}"
    yield _Pair("state", f"{case.state}{left}", words=f"{words(case.state)}{left}")
    moved = next((step for step in reversed(case.steps) if step.before != step.after), None)
    if moved is not None:
        event = moved.event
        yield _Pair("since", f"{worded(event.on, case.as_of)}, by {words(event.kind)}, {told(event.line)}")
    if case.course > 1:
        yield _Pair("course of disease", case.course)
    yield from _known_facts(case)
    for obligation in sorted(case.current(), key=lambda each: _urgency(each, case.as_of)):
        strand = obligation.strand
        yield _Pair(f"due: {strand}", _due(obligation, case.as_of, holidays), f"due, {words(strand)}")
    for alike in _alike(case.findings):
        first = alike[0]
        item = f"{first.answer}: {first.rule}"
        yield _Pair(item, _found(alike), item.replace(": ", ", "))
    for finding in case.departures:
        said = f"{told(finding.line)}: {finding.departure.because if finding.departure else ''}"
        yield _Pair(f"departure: {finding.rule}", said, f"departure, {finding.rule}")
    for asked in _asked(together(case.asks)):
        yield _Pair("question", _question(case.id, asked))
    yield _Pair("last line", last)
    yield _Pair("workflow", case.workflow)


def _known_facts(case: Case) -> Iterator[_Pair]:
    for fact, value in facts_of(case).items():
        if value is not None:
            label, unit = _FACTS.get(fact, (words(fact), ""))
            yield _Pair(fact, value, label, f"{words(as_text(value))} {unit}".rstrip())
    stage = computed(case)
    if stage is not None:
        yield _Pair("computed_stage", stage.certain, "computed stage", in_sentence(stage))


def _urgency(obligation: Obligation, as_of: date) -> tuple[int, str, str]:
    state = str(obligation.state(as_of))
    place = _WORST.index(state) if state in _WORST else len(_WORST)
    return (place, "" if obligation.due_by is None else obligation.due_by.isoformat(), obligation.strand)


def _due(obligation: Obligation, as_of: date, holidays: Collection[date]) -> str:
    state = str(obligation.state(as_of))
    days = obligation.days_overdue(as_of)
    said = f"overdue by {counted(days, 'day')}" if days is not None else state
    if obligation.due_from is not None and obligation.due_by is not None:
        said += f", {short(obligation.due_from)} to {short(obligation.due_by)}"
    if suggested := suggestion(obligation, as_of, holidays):
        said += f", {suggested}"
    if obligation.review_on is not None:
        said += f", reviewed on {short(obligation.review_on)}"
    if obligation.booked_for is not None:
        said += f", booked for {short(obligation.booked_for)}"
    for marked, word in (
        (obligation.provisional, "provisional"),
        (obligation.catch_up, "catch-up"),
        (obligation.claimed, "claimed done elsewhere"),
        (obligation.lost, "lost to follow-up"),
        (obligation.transfer_pending, "transfer pending"),
    ):
        if marked:
            said += f", {word}"
    if obligation.partial:
        said += f", partial: {', '.join(obligation.partial)} missing"
    return said


# ---- what several entries have in common is told once


def _alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.rule, str(finding.answer), finding.found), []).append(finding)
    return list(groups.values())


def _found(alike: Sequence[Finding]) -> str:
    first = alike[0]
    where = (
        f"{told(first.line)}, {words(first.kind)}"
        if len(alike) == 1
        else all_told(sorted(each.line or 0 for each in alike))
    )
    return f"{where}: {first.says}{f' Found: {first.found}' if first.found else ''}"


def _asked(asks: Iterable[Ask]) -> list[list[Ask]]:
    groups: dict[tuple[str, str], list[Ask]] = {}
    for ask in asks:
        groups.setdefault((ask.fact, ask.question), []).append(ask)
    return list(groups.values())


def _question(case: str, asked: Sequence[Ask]) -> str:
    first, *others = asked
    more = f" The same for {all_told(each.line or 0 for each in others)}." if others else ""
    return f"{first.question} {answering(case, first)}{more}"
