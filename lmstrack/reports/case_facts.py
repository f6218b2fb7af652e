"""Where one patient stands, as programs are told it, and the facts behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.dates import short
from lmstrack.listing import listed
from lmstrack.lists import ROW_KEYS, ObligationList, Totals
from lmstrack.reports.findings import finding_fields
from lmstrack.reports.report import Report
from lmstrack.reports.stages import computed, stage_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from lmstrack.case import Case
    from lmstrack.obligations import Obligation
    from lmstrack.records import Person
    from lmstrack.reports.report import About, Cell, Row


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
            "computed_stage": None if (stage := computed(case)) is None else stage_fields(stage),
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
