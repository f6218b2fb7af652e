"""Where one patient stands: the page for people, the pairs for a table, the envelope for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.dates import short, worded
from lmstrack.listing import listed
from lmstrack.lists import ObligationList, Totals
from lmstrack.reports.findings import answering, finding_fields
from lmstrack.reports.overdue import ROW_KEYS
from lmstrack.reports.report import Column, Report, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from lmstrack.case import Case
    from lmstrack.obligations import Obligation
    from lmstrack.records import Person
    from lmstrack.reports.report import About, Cell, Row
    from lmstrack.rules import Finding

_PAIRS: Final = (Column("item", "Item", "text", 0, 12), Column("value", "Value", "text", 0, 30))
_WORST: Final = ("overdue", "due", "upcoming", "suspended", "undetermined", "excused")


def case_report(
    case: Case, person: Person, about: About, known_at: datetime | None, last: int, *, names: bool = True
) -> Report:
    """Everything that programs may ask of one case; *last* is the last line of its log."""
    current = case.current()
    rows = _rows(case, current)
    return Report(
        schema="lmstrack.show/1",
        title=f"Case {case.id}",
        rows=rows,
        keys=ROW_KEYS,
        columns=(),
        as_of=case.as_of,
        known_at=known_at,
        workflow=case.workflow,
        totals={
            "obligations": len(rows),
            "overdue": sum(1 for row in rows if row["state"] == "overdue"),
            "findings": len(case.findings),
            "questions": len(case.asks),
        },
        more={
            "case": case.id,
            "state": case.state,
            "course": case.course,
            "left": case.left,
            "last_line": last,
            **(_identity(person) if names else {}),
            "sex": person.sex,
            "facts": facts_of(case),
            "findings": [finding_fields(finding) for finding in case.findings],
            "departures": [finding_fields(finding) for finding in case.departures],
            "questions": [
                {
                    "fact": ask.fact,
                    "question": ask.question,
                    "record": ask.record,
                    "rules": list(ask.rules),
                    "line": ask.line,
                }
                for ask in case.asks
            ],
        },
        about=about,
    )


def _identity(person: Person) -> dict[str, object]:
    return {
        "name": person.name,
        "born": None if person.born is None else str(person.born),
        "identifiers": dict(person.identifiers),
    }


def case_page(case: Case, person: Person, today: date, last: int, *, names: bool = True) -> Report:
    """The same for people: one pair of item and value a line."""
    pairs = list(_pairs(case, person, today, last, names=names))
    return Report(
        schema="lmstrack.show/1",
        title=f"Case {case.id}",
        rows=[{"item": item, "value": value} for item, value in pairs],
        keys=("item", "value"),
        columns=_PAIRS,
        as_of=case.as_of,
        workflow=case.workflow,
    )


def _pairs(case: Case, person: Person, today: date, last: int, *, names: bool) -> Iterator[tuple[str, Cell]]:
    yield "case", case.id
    if names:
        yield from named(person)
    elif person.sex is not None:
        yield "sex", person.sex
    yield "state", case.state.replace("_", " ") if case.left is None else f"{case.state}: {case.left}"
    moved = next((step for step in reversed(case.steps) if step.before != step.after), None)
    if moved is not None:
        yield "since", f"{worded(moved.event.on, today)}, by {moved.event.kind}, line {moved.event.line}"
    if case.course > 1:
        yield "course of disease", case.course
    for fact, value in facts_of(case).items():
        if value is not None:
            yield fact.replace("_", " "), as_text(value)
    for obligation in sorted(case.current(), key=lambda each: _urgency(each, case.as_of)):
        yield f"due: {obligation.strand}", _due(obligation, case.as_of)
    for finding in case.findings:
        yield f"{finding.answer}: {finding.rule}", _finding(finding)
    for finding in case.departures:
        departure = finding.departure
        yield f"departure: {finding.rule}", f"line {finding.line}: {departure.because if departure else ''}"
    for ask in case.asks:
        yield "question", f"{ask.question} {answering(case.id, ask)}"
    yield "last line", last
    yield "workflow", case.workflow


def named(person: Person) -> Iterator[tuple[str, Cell]]:
    """Who the patient is, as far as it is known."""
    if person.name is not None:
        yield "name", person.name
    if person.born is not None:
        yield "born", short(person.born.first) if person.born.exact else str(person.born)
    if person.sex is not None:
        yield "sex", person.sex
    yield from person.identifiers.items()


def facts_of(case: Case) -> Mapping[str, Cell]:
    """The facts that moves, rules and plans look at; None where one is not known."""
    facts = case.facts
    margin = facts.margin()
    return {
        "site_group": facts.site_group(),
        "size_mm": _number(facts.size_mm()),
        "depth": facts.depth(),
        "grade": facts.grade(),
        "t": facts.staged("t"),
        "n": facts.staged("n"),
        "m": facts.staged("m"),
        "stage_group": facts.staged("stage_group"),
        "figo_stage": facts.staged("figo_stage"),
        "disease": facts.disease(),
        "r_class": margin[1].r_class if margin is not None else None,
        "margin_mm": _number(margin[1].margin_mm) if margin is not None else None,
    }


def _number(value: float | None) -> int | float | None:
    """A whole number without its point."""
    return int(value) if value is not None and value == int(value) else value


def _rows(case: Case, obligations: Sequence[Obligation]) -> list[Row]:
    wanted = {obligation.id[1:] for obligation in obligations}
    rows = [row for row in listed(case) if (row.course, row.strand, row.occurrence) in wanted]
    return ObligationList(case.as_of, None, case.workflow, rows, Totals(), str).to_dicts()  # type: ignore[return-value]


def _urgency(obligation: Obligation, as_of: date) -> tuple[int, str, str]:
    state = str(obligation.state(as_of))
    place = _WORST.index(state) if state in _WORST else len(_WORST)
    return (place, "" if obligation.due_by is None else obligation.due_by.isoformat(), obligation.strand)


def _due(obligation: Obligation, as_of: date) -> str:
    state = str(obligation.state(as_of))
    days = obligation.days_overdue(as_of)
    said = f"overdue by {days} day{'' if days == 1 else 's'}" if days is not None else state
    if obligation.due_from is not None and obligation.due_by is not None:
        said += f", {short(obligation.due_from)} to {short(obligation.due_by)}"
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


def _finding(finding: Finding) -> str:
    return f"line {finding.line}, {finding.kind}: {finding.says} Found: {finding.found}".strip()
