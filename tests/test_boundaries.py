"""Every number that a rule judges or schedules by is shown from both sides: moved a step, it fails some story."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from lmstrack.checks import bound, parameters
from lmstrack.dates import Interval, Rhythm
from lmstrack.workflow.scales import scales
from tests.storyteller import WORKFLOW, stories, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.plans import Phase, Strand
    from lmstrack.workflow import Workflow

TOLD = stories()
WAYS = ((1, "more"), (-1, "less"))


def holds(story: dict[str, Any], workflow: Workflow) -> bool:
    try:
        tell(story, {workflow.name: workflow})
    except AssertionError:
        return False
    return True


# ---- what checks judge by


def numbers() -> Iterator[tuple[str, str, int | None]]:
    """Each number of each rule: the rule, the parameter, and its place where there are several."""
    for rule in WORKFLOW.rules.values():
        for name, value in rule.parameters.items():
            assert rule.check is not None
            if parameters(rule.check)[name].values:
                continue  # grades and the like are names that happen to be numbers
            if isinstance(value, tuple):
                yield from ((rule.id, name, place) for place, each in enumerate(value) if _is_number(each))
            elif _is_number(value):
                yield rule.id, name, None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


NUMBERS = [
    pytest.param(*number, way, id=f"{number[0]}-{number[1]}{'' if number[2] is None else number[2]}-{said}")
    for number in numbers()
    for way, said in WAYS
]


def moved(value: Any, way: int) -> Any:
    """A number, moved by one in the last place that is written: 42 to 43, 1.8 to 1.9."""
    step = Decimal(1).scaleb(int(Decimal(str(value)).as_tuple().exponent)) if isinstance(value, float) else 1
    return type(value)(Decimal(str(value)) + way * step)


def with_number(rule_id: str, name: str, place: int | None, way: int) -> Workflow:
    rule = WORKFLOW.rules[rule_id]
    held: Any = rule.parameters[name]
    if place is None:
        changed: Any = moved(held, way)
    else:
        changed = tuple(moved(each, way) if number == place else each for number, each in enumerate(held))
    given = {**rule.parameters, name: changed}
    assert rule.check is not None
    other = replace(rule, parameters=given, judge=bound(rule.check, given, scales()))
    return replace(WORKFLOW, rules={**WORKFLOW.rules, rule_id: other})


def naming(rule_id: str) -> list[dict[str, Any]]:
    names = {rule_id, *WORKFLOW.rules[rule_id].covers}
    said = ("refused by", "warns of", "answers", "found", "findings")
    return [story for story in TOLD if any(names.intersection(story.get(key, ())) for key in said)]


@pytest.mark.parametrize(("rule", "name", "place", "way"), NUMBERS)
def test_a_number_of_a_rule_is_shown_from_both_sides(rule: str, name: str, place: int | None, way: int) -> None:
    other = with_number(rule, name, place, way)
    assert any(not holds(story, other) for story in naming(rule)), f"no story tells {name} of {rule} from the next one"


def test_a_number_is_moved_by_its_last_place() -> None:
    assert [moved(value, 1) for value in (42, 1.8, 18.75, 50.4)] == [43, 1.9, 18.76, 50.5]
    assert moved(2.0, -1) == 1.9


# ---- what strands are due by


def _step(interval: Interval, way: int) -> Interval | None:
    """A month more or less, or a day where it is counted in days; None where there is no less."""
    if interval.months:
        return Interval(interval.months + way)
    return Interval(0, interval.days + way) if interval.days + way >= 0 else None


def _phases(phase: Phase) -> Iterator[tuple[str, Phase]]:
    """The phase with each of its lengths a step longer or shorter, as far as that is a phase."""
    every = phase.every
    for way, said in WAYS:
        ends = {"first": _step(every.earliest, way), "last": _step(every.latest, way)}
        for end, other in ends.items():
            if other is None or (end == "first" and not every.is_range):
                continue
            early = other if end == "first" or not every.is_range else every.earliest
            late = other if end == "last" else every.latest
            if (early.months, early.days) <= (late.months, late.days):
                yield f"{end} day {said}", replace(phase, every=Rhythm(early, late))
        until = None if phase.until is None else _step(phase.until, way)
        if until is not None:
            yield f"until {said}", replace(phase, until=until)


def _strands(strand: Strand) -> Iterator[tuple[str, Strand]]:
    for place, phase in enumerate(strand.phases):
        for said, other in _phases(phase):
            phases = (*strand.phases[:place], other, *strand.phases[place + 1 :])
            yield f"{strand.name}, phase {place + 1}, {said}", replace(strand, phases=phases)


def rhythms() -> Iterator[tuple[str, str, Workflow]]:
    """The workflow with one length of one strand moved a step: said how, and the name of the strand."""
    for place, plan in enumerate(WORKFLOW.plans):
        for number, strand in enumerate(plan.strands):
            for said, other in _strands(strand):
                strands = (*plan.strands[:number], other, *plan.strands[number + 1 :])
                plans = (*WORKFLOW.plans[:place], replace(plan, strands=strands), *WORKFLOW.plans[place + 1 :])
                yield f"{plan.name}, {said}", strand.name, replace(WORKFLOW, plans=plans)
    for number, strand in enumerate(WORKFLOW.expectations):
        for said, other in _strands(strand):
            expectations = (*WORKFLOW.expectations[:number], other, *WORKFLOW.expectations[number + 1 :])
            yield said, strand.name, replace(WORKFLOW, expectations=expectations)


RHYTHMS = [pytest.param(strand, workflow, id=said) for said, strand, workflow in rhythms()]


@pytest.mark.parametrize(("strand", "workflow"), RHYTHMS)
def test_a_length_of_a_strand_is_shown_from_both_sides(strand: str, workflow: Workflow) -> None:
    said = ("due", "done", "closed", "nothing due")
    about = [story for story in TOLD if any(strand in story.get(key, ()) for key in said)]
    assert any(not holds(story, workflow) for story in about)


def test_every_strand_with_a_rhythm_has_its_lengths_moved() -> None:
    strands = [*(strand for plan in WORKFLOW.plans for strand in plan.strands), *WORKFLOW.expectations]
    assert {name for _, name, _ in rhythms()} == {strand.name for strand in strands if strand.phases}
