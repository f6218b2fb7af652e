"""The window of an interval to the day: where it opens, from when doing counts, and the phase that it belongs to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lmstrack.dates import Interval, Rhythm
from lmstrack.plans import Phase, Settings
from lmstrack.windows import NO_WINDOW, Window, counted_at_once, dated_window, phase_of, window

START = date(2026, 1, 15)


def settings(**given: Any) -> Settings:
    lasting = {name: Interval.parse("2 weeks") for name in ("grace", "catch_up", "treatment_review")}
    return Settings(**{"lead": Interval.parse("4 weeks"), "counting_share": 0.5, **lasting, **given})


def every(rhythm: str, until: str | None = None) -> Phase:
    return Phase(Rhythm.parse(rhythm), None if until is None else Interval.parse(until))


def test_a_range_opens_at_its_lower_end_and_closes_at_its_upper() -> None:
    due = window(every("3-4 months"), START, START, settings())
    assert due == Window(date(2026, 3, 1), date(2026, 4, 15), date(2026, 5, 15), None)


def test_one_interval_opens_a_lead_before_its_last_day() -> None:
    due = window(every("6 months"), START, START, settings())
    assert due == Window(date(2026, 4, 2), date(2026, 6, 17), date(2026, 7, 15), None)


def test_a_lead_that_is_longer_than_the_interval_opens_it_with_its_first_day() -> None:
    due = window(every("3 weeks"), START, START, settings())
    assert due == Window(START, START, date(2026, 2, 5), None)
    exactly = window(every("4 weeks"), START, START, settings())
    assert exactly == Window(START, START, date(2026, 2, 12), None)


def test_a_start_known_to_the_month_closes_late_and_may_be_late_early() -> None:
    first, last = date(2026, 1, 1), date(2026, 1, 31)
    ranged = window(every("3-4 months"), first, last, settings())
    assert ranged == Window(date(2026, 2, 15), date(2026, 4, 1), date(2026, 5, 31), date(2026, 5, 1))
    single = window(every("6 months"), first, last, settings())
    assert single == Window(date(2026, 3, 19), date(2026, 6, 3), date(2026, 7, 31), date(2026, 7, 1))


@pytest.mark.parametrize(
    ("share", "counts_from"), [(0.0, START), (0.25, date(2026, 2, 7)), (1.0, date(2026, 4, 15))], ids=str
)
def test_the_settings_say_how_much_of_the_way_has_to_be_gone(share: float, counts_from: date) -> None:
    due = window(every("3-4 months"), START, START, settings(counting_share=share))
    assert (due.counts_from, due.due_from) == (counts_from, date(2026, 4, 15))


def test_what_was_opened_counts_from_that_day_on_and_is_due_when_it_was() -> None:
    due = Window(date(2026, 3, 1), date(2026, 4, 15), date(2026, 5, 15), date(2026, 5, 1))
    opened_on = date(2026, 2, 2)
    assert counted_at_once(due, opened_on) == (opened_on, *due[1:])
    assert counted_at_once(NO_WINDOW, opened_on) == (opened_on, None, None, None)


def test_an_agreed_day_opens_a_lead_before_and_counts_from_half_of_the_way() -> None:
    due = dated_window(START, date(2026, 4, 15), settings())
    assert due == Window(date(2026, 3, 1), date(2026, 3, 18), date(2026, 4, 15), None)


def test_an_agreed_day_that_is_near_is_due_no_sooner_than_doing_it_counts() -> None:
    due = dated_window(START, date(2026, 1, 25), settings())
    assert due == Window(date(2026, 1, 20), date(2026, 1, 20), date(2026, 1, 25), None)


def test_an_agreed_day_that_was_past_when_it_was_agreed_is_late_at_once() -> None:
    on_the_day = dated_window(START, START, settings())
    assert on_the_day == Window(START, START, START, None)
    due = dated_window(START, date(2026, 1, 5), settings())
    assert due == Window(START, START, date(2026, 1, 5), None)


PHASES = (every("3 months", "3 years"), every("6 months", "5 years"), every("1 year"))


@pytest.mark.parametrize(
    ("since", "number"),
    [
        (START, 1),
        (date(2029, 1, 14), 1),
        (date(2029, 1, 15), 2),
        (date(2031, 1, 14), 2),
        (date(2031, 1, 15), 3),
        (date(2091, 1, 15), 3),
    ],
    ids=str,
)
def test_the_day_that_ends_a_phase_belongs_to_the_next(since: date, number: int) -> None:
    assert phase_of(PHASES, START, since) == (number, PHASES[number - 1])


def test_nothing_follows_the_last_phase_where_it_ends() -> None:
    assert phase_of(PHASES[:2], START, date(2031, 1, 14)) == (2, PHASES[1])
    assert phase_of(PHASES[:2], START, date(2031, 1, 15)) is None
    assert phase_of((), START, START) is None
