"""How many cases a second are assessed from memory, and whether the cost follows the number of events.

Findings, departures and obligations are all part of it; nothing is read or written. Questions are worked out when
somebody wants them, so they have a line of their own.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from benchmarks.measuring import by_turns, calibration, cpu, cpu_ratio, judged, shown
from benchmarks.patients import TODAY, USUAL, log, person, workflow
from lmstrack.case import assess

if TYPE_CHECKING:
    from collections.abc import Callable

    from lmstrack.events import Event
    from lmstrack.records import Person

    Told = list[tuple[Person, list[Event]]]


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.assess", description=__doc__)
    options.add_argument("--cases", type=int, default=1000, help="cases a turn")
    options.add_argument("--rounds", type=int, default=7)
    given = options.parse_args()
    usual = _told(given.cases, USUAL)
    few = max(1, given.cases // 16)
    taken = by_turns(
        {
            "usual": lambda: _assess(usual),
            "asked": lambda: _assess(usual, asking=True),
            "calibration": calibration,
            **{str(events): _turn(_told(few, events)) for events in (USUAL, USUAL * 4, USUAL * 16)},
        },
        given.rounds,
    )
    judged("assess, 15 events a case, a second of one core", given.cases / cpu(taken["usual"]), at_least=4000)
    shown("the same with every question put", f"{given.cases / cpu(taken['asked']):,.0f}/s")
    shown("calibration loops a second of this core", f"{1 / cpu(taken['calibration']):,.0f}")
    cases_a_loop = given.cases / cpu_ratio(taken["usual"], taken["calibration"])
    shown("cases in the time of one calibration loop", f"{cases_a_loop:.1f}")
    for longer in (USUAL * 4, USUAL * 16):
        a_event = cpu_ratio(taken[str(longer)], taken[str(USUAL)]) * USUAL / longer
        judged(f"cost an event at {longer} events against {USUAL}", a_event, at_most=1.25)


def _turn(told: Told) -> Callable[[], object]:
    return lambda: _assess(told)


def _told(cases: int, events: int) -> Told:
    return [(person(number), log(number, events)) for number in range(cases)]


def _assess(told: Told, *, asking: bool = False) -> int:
    rules, questions = workflow(), 0
    for who, events in told:
        case = assess(who, events, rules, TODAY)
        if asking:
            questions += len(case.asks)
    return questions


if __name__ == "__main__":
    main()
