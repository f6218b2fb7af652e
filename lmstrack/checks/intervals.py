"""Checks on the time between two treatments: wounds heal badly too early, and tumours grow if it is too late."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from lmstrack.checks.questions import day_of, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.wording import dated
from lmstrack.facts import Facts
from lmstrack.records import Radiotherapy, Surgery
from lmstrack.rules import MET, NOT_ASKED, Answer, not_met

if TYPE_CHECKING:
    from lmstrack.events import Event

_WEEK = 7
#: A treatment with the first and the last day that it can have been on.
_Dated = tuple["Event", date, date]


@check(of=(Surgery, Radiotherapy))
def interval_between_treatments(
    case: Facts,
    on: date,
    *,
    from_weeks: int,
    before_surgery_weeks: Collection[int],
    after_surgery_weeks: Collection[int],
) -> Answer:
    """Radiotherapy before an operation ended, or after one begins, within these weeks of it, ends included.

    Both lists hold the last week of the window and the week from which on the delay is said to be long. Asked of
    surgery after preoperative radiotherapy of this course, and of postoperative radiotherapy after surgery; operations
    on metastases apart. Radiotherapy begins on *started_on*, else on its own day.
    """
    asked = case.asked
    record = asked.record if asked is not None else None
    if asked is None or not isinstance(record, Surgery | Radiotherapy):
        return NOT_ASKED
    if isinstance(record, Surgery):
        earlier = _irradiated(case, asked) if record.operation != "metastasectomy" else None
        later, window, done = (asked, asked.on, asked.last), before_surgery_weeks, "radiotherapy ended"
    else:
        later = _begun(asked, record)
        earlier = _operated(case, later[2]) if record.timing == "postoperative" else None
        window, done = after_surgery_weeks, "the operation was"
    if earlier is None:
        return NOT_ASKED
    return _judged(earlier, later, from_weeks, tuple(window), done, on)


def _judged(earlier: _Dated, later: _Dated, from_weeks: int, window: tuple[int, ...], done: str, on: date) -> Answer:
    to_weeks, long_weeks = window[0], window[-1]
    shortest, longest = (later[1] - earlier[2]).days, (later[2] - earlier[1]).days
    soonest, latest = from_weeks * _WEEK, to_weeks * _WEEK
    if soonest <= shortest and longest <= latest:
        return MET
    needs = f"{from_weeks} to {to_weeks} weeks between radiotherapy and surgery"
    found = f"{done} {'on' if earlier[0].precision == 'day' else 'in'} {dated(earlier[0], on)}"
    if longest < soonest or shortest > latest:
        days = f"{shortest} days" if shortest == longest else f"{max(shortest, 0)} to {longest} days"
        far = f", more than {long_weeks} weeks" if shortest > long_weeks * _WEEK else ""
        return not_met(needs, f"{found}, {days} before{far}", lines=(earlier[0].line,))
    vague = next(event for event, _, _ in (earlier, later) if event.precision != "day")
    return undecided(needs, found, (day_of(vague),), (earlier[0].line,))


def _irradiated(case: Facts, operation: Event) -> _Dated | None:
    """The last preoperative radiotherapy of this course that was over when the tumour was operated on."""
    for event, given in case.records(Radiotherapy, course=True):
        if given.timing == "preoperative" and given.status != "started" and event.on <= operation.last:
            return event, event.on, event.last
    return None


def _operated(case: Facts, by: date) -> _Dated | None:
    """The last operation of this course, metastases apart, up to a day."""
    for event, done in case.records(Surgery, course=True):
        if done.operation != "metastasectomy" and event.on <= by:
            return event, event.on, event.last
    return None


def _begun(event: Event, given: Radiotherapy) -> _Dated:
    started_on = given.started_on
    return (event, event.on, event.last) if started_on is None else (event, started_on, started_on)
