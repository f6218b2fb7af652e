"""How many cases a second are assessed from memory, and whether the cost follows the number of events.

Findings, departures and obligations are all part of it; nothing is read or written. Questions are worked out when
somebody wants them, so they have a line of their own. What a case costs follows what it is asked: how much that is
stands beside the figures, and *--workflow* takes another file, such as one that asks less.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from benchmarks.measuring import by_turns, calibration, cpu, cpu_ratio, judged, shown
from benchmarks.patients import TODAY, USUAL, log, person, workflow
from lmstrack.case import Case, assess
from lmstrack.workflow import load_workflow

if TYPE_CHECKING:
    from collections.abc import Callable

    from lmstrack.events import Event
    from lmstrack.records import Person
    from lmstrack.workflow import Workflow

    Told = list[tuple[Person, list[Event]]]


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.assess", description=__doc__)
    options.add_argument("--cases", type=int, default=1000, help="cases a turn")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--workflow", help="a workflow file to judge by in place of the released one")
    given = options.parse_args()
    rules = workflow() if given.workflow is None else load_workflow(given.workflow)
    usual = _told(given.cases, USUAL)
    few = max(1, given.cases // 16)
    taken = by_turns(
        {
            "usual": lambda: _assess(usual, rules),
            "asked": lambda: _assess(usual, rules, asking=True),
            "calibration": calibration,
            **{str(events): _turn(_told(few, events), rules) for events in (USUAL, USUAL * 4, USUAL * 16)},
        },
        given.rounds,
    )
    judged("assess, 15 events a case, a second of one core", given.cases / cpu(taken["usual"]), at_least=4000)
    shown("the same with every question put", f"{given.cases / cpu(taken['asked']):,.0f}/s")
    cases = [assess(who, events, {workflow().name: rules}, TODAY) for who, events in usual]
    answers = sum(len(step.judgements) for case in cases for step in case.steps) / len(cases)
    shown("answers of rules, and obligations, a case", f"{answers:.0f}, {_obligations(cases):.0f}")
    shown("calibration loops a second of this core", f"{1 / cpu(taken['calibration']):,.0f}")
    cases_a_loop = given.cases / cpu_ratio(taken["usual"], taken["calibration"])
    shown("cases in the time of one calibration loop", f"{cases_a_loop:.1f}")
    for longer in (USUAL * 4, USUAL * 16):
        a_event = cpu_ratio(taken[str(longer)], taken[str(USUAL)]) * USUAL / longer
        judged(f"cost an event at {longer} events against {USUAL}", a_event, at_most=1.25)


def _obligations(cases: list[Case]) -> float:
    return sum(len(case.obligations) for case in cases) / len(cases)


def _turn(told: Told, rules: Workflow) -> Callable[[], object]:
    return lambda: _assess(told, rules)


def _told(cases: int, events: int) -> Told:
    return [(person(number), log(number, events)) for number in range(cases)]


def _assess(told: Told, rules: Workflow, *, asking: bool = False) -> int:
    versions, questions = {workflow().name: rules}, 0  # every log is pinned to the released one
    for who, events in told:
        case = assess(who, events, versions, TODAY)
        if asking:
            questions += len(case.asks)
    return questions


if __name__ == "__main__":
    main()
