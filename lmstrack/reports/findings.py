"""A rule that is not met, as programs read it, and the command that answers an open question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.places import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lmstrack.rules import Ask, Finding


def finding_fields(finding: Finding) -> dict[str, object]:
    """A finding as JSON holds it."""
    departure = finding.departure
    return {
        "rule": finding.rule,
        "says": finding.says,
        "strength": str(finding.strength),
        "answer": str(finding.answer),
        "needs": finding.needs or None,
        "found": finding.found or None,
        "source": str(finding.source),
        "fix": finding.fix or None,
        "kind": finding.kind,
        "on": finding.on.isoformat(),
        "line": finding.line,
        "departure": None if departure is None else {"because": departure.because, "agreed_by": departure.agreed_by},
    }


def answering(case: str, ask: Ask) -> str:
    """The command that answers a question: a new entry, or, for a field of an event on record, its correction."""
    if ask.fact == "born":
        return f"lmstrack case edit {case} --born DATE"
    if ask.line is None or "." not in ask.fact:
        return f"lmstrack record {case} {ask.record}"
    _, _, said = ask.record.partition(" ")
    said = said.replace("on=DATE", "--on DATE")
    return f'lmstrack event correct {address(case, ask.line)} {said} --nature refined --because "…"'


def together(asks: Iterable[Ask]) -> Iterator[Ask]:
    """The questions; those that one entry can answer together are put as one."""
    groups: dict[tuple[str, int | None], list[Ask]] = {}
    for ask in asks:
        kind, _, field = ask.record.partition(" ")
        # What is only to be filled in goes together; a question that suggests its answer stands alone.
        alone = () if field.endswith("=…") and " " not in field else (ask.fact, *ask.rules)
        groups.setdefault((" ".join((kind, *alone)), ask.line), []).append(ask)
    for group in groups.values():
        first = group[0]
        fields = " ".join(ask.record.partition(" ")[2] for ask in group)
        yield first._replace(
            question=" ".join(ask.question for ask in group),
            record=f"{first.record.partition(' ')[0]} {fields}",
        )
