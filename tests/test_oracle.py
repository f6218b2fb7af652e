"""Every window of every plan, for an anchor on every day of 2000 to 2040, against a calendar that is only counted.

Nothing of the schedule is used on the other side: the rhythms are written down here once more, from the source of the
intervals, and months are walked day by day.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from functools import cache
from itertools import groupby

import pytest

from lmstrack.plans import Strand
from lmstrack.windows import phase_of, window
from tests.storyteller import WORKFLOW

#: Every day that matters, in order, so that a month is what begins with a first and ends before the next.
CALENDAR = [date(1999, 1, 1) + timedelta(after) for after in range(366 * 53)]
MONTHS = [list(days) for _, days in groupby(CALENDAR, key=lambda day: (day.year, day.month))]
FIRSTS = [days[0] for days in MONTHS]
ANCHORS = [day for day in CALENDAR if 2000 <= day.year <= 2040]

INTENSIVE = (((3, 4), 36), ((6,), 60), ((12,), None))
SPARSE = (((4, 6), 60), ((12,), None))
WIDE = (((3, 6), 36), ((6,), 60), ((12,), None))
#: Plan and strand: what is due every so many months, as long as the interval starts before so many after the anchor.
RHYTHMS = {
    ("metastatic_resected", "clinic_review"): INTENSIVE,
    ("metastatic_resected", "chest_imaging"): INTENSIVE,
    ("metastatic_resected", "local_imaging"): INTENSIVE,
    ("metastatic_resected", "abdomen_pelvis_imaging"): INTENSIVE,
    ("uterus", "clinic_review"): INTENSIVE,
    ("uterus", "chest_imaging"): (((3, 6), 36), ((6, 12), 60), ((12,), None)),
    ("uterus", "abdomen_pelvis_imaging"): (((3, 6), 36), ((6, 12), 60), ((12,), None)),
    ("retroperitoneum", "clinic_review"): WIDE,
    ("retroperitoneum", "chest_imaging"): WIDE,
    ("retroperitoneum", "abdomen_pelvis_imaging"): WIDE,
    ("high_grade", "clinic_review"): INTENSIVE,
    ("high_grade", "chest_imaging"): WIDE,
    ("low_grade", "clinic_review"): SPARSE,
    ("low_grade", "chest_imaging"): (((6, 12), 60), ((12,), None)),
}


@cache
def place(day: date) -> int:
    """Which month of the calendar a day lies in."""
    found = bisect_left(FIRSTS, day)
    return found if found < len(FIRSTS) and FIRSTS[found] == day else found - 1


@cache
def later(day: date, months: int) -> date:
    """The same day of a later month, the last one where that month has no such day."""
    days = MONTHS[place(day) + months]
    return days[min(day.day, len(days)) - 1]


def expected(rhythm: tuple[tuple[tuple[int, ...], int | None], ...], anchor: date, since: date) -> tuple[object, ...]:
    """Number of the phase, first and last day of the window, and the first day that counts."""
    for number, (every, until) in enumerate(rhythm, start=1):
        if until is None or since < later(anchor, until):
            due_by = later(since, every[-1])
            # one number is due at that number, and opens four weeks before
            due_from = later(since, every[0]) if len(every) > 1 else due_by - timedelta(28)
            waited = (due_from - since).days
            return number, due_from, due_by, since + timedelta(waited // 2 + waited % 2)
    raise AssertionError


def told(strand: Strand, anchor: date, since: date) -> tuple[object, ...]:
    numbered = phase_of(strand.phases, anchor, since)
    assert numbered is not None
    found = window(numbered[1], since, since, WORKFLOW.settings)
    return numbered[0], found.due_from, found.due_by, found.counts_from


@pytest.mark.parametrize(("plan", "name"), RHYTHMS)
def test_every_window_from_every_anchor_is_what_counting_the_days_gives(plan: str, name: str) -> None:
    [strand] = [
        strand for each in WORKFLOW.plans if each.name == plan for strand in each.strands if strand.name == name
    ]
    rhythm = RHYTHMS[plan, name]
    for anchor in ANCHORS:
        ends = [later(anchor, until) for _, until in rhythm if until is not None]
        starts = [anchor, *(end + timedelta(after) for end in ends for after in (-1, 0, 1))]
        for since in starts:
            assert told(strand, anchor, since) == expected(rhythm, anchor, since), (anchor, since)


def test_every_strand_of_follow_up_that_recurs_in_months_is_in_the_table() -> None:
    recurring = {
        (plan.name, strand.name)
        for plan in WORKFLOW.plans
        for strand in plan.strands
        if plan.during == "surveillance" and not any(phase.once for phase in strand.phases)
    }
    assert recurring - RHYTHMS.keys() == {
        (plan, "rehabilitation_review") for plan in ("metastatic_resected", "high_grade", "low_grade")
    }
