"""What stands behind a list is the same from the caches and from the log, and adds up with its totals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from lmstrack import Tracker

from .reports.demo_ward import TODAY, ward

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def tracker() -> Iterator[Tracker]:
    with ward() as opened:
        opened.open_case(name="Demo Nobody")  # of whom nothing is recorded
        yield opened


@pytest.mark.parametrize("as_of", [TODAY, date(2026, 6, 1), date(2025, 1, 31), date(2030, 1, 1)])
@pytest.mark.parametrize("known_at", [None, NOW, datetime(2026, 3, 1, tzinfo=UTC)])
def test_who_is_on_no_list_is_as_many_as_the_totals_say(
    tracker: Tracker, as_of: date, known_at: datetime | None
) -> None:
    found = tracker.overdue(as_of=as_of, known_at=known_at)
    behind = tracker.overview(found)
    left = [each.left for each in behind.aside if each.left is not None]
    assert {reason: left.count(reason) for reason in left} == dict(found.totals.excluded)
    assert len(behind.aside) - len(left) == found.totals.without_obligation
    assert ("LMS-0061-4" in {each.case for each in behind.aside}) == (known_at in {None, NOW})


@pytest.mark.parametrize("as_of", [TODAY, date(2026, 6, 1), date(2027, 3, 1)])
@pytest.mark.parametrize("group", [None, "all", "pathway"])
def test_the_caches_and_the_log_give_the_same(tracker: Tracker, as_of: date, group: str | None) -> None:
    fast = tracker.overview(tracker.overdue(as_of=as_of, group=group), names=True)
    slow = tracker.overview(tracker.overdue(as_of=as_of, known_at=NOW, group=group), names=True)
    assert fast == slow
    assert fast.came_due


def test_what_came_due_is_what_all_obligations_say(tracker: Tracker) -> None:
    found = tracker.overdue()
    behind = tracker.overview(found)
    wanted = [
        row
        for row in tracker.obligations()
        if row.group in found.groups
        and row.due_by is not None
        and row.due_by < TODAY
        and (row.due_by >= behind.since or (row.ended_on is not None and row.ended_on >= behind.since))
    ]
    assert list(behind.came_due) == sorted(wanted, key=lambda row: row[:4])


def test_every_listed_case_tells_its_site_and_how_many_lines_it_has(tracker: Tracker) -> None:
    found = tracker.overdue()
    behind = tracker.overview(found)
    for row in found:
        assert behind.lines[row.case] == len(tracker.log(row.case))
        assert behind.sites[row.case] == tracker.case(row.case).facts.site_group()
