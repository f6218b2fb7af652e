"""The clocks in lists: those before treatment have a list of their own, and later days that a record tells count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from lmstrack import Tracker
from lmstrack.errors import InvalidData
from lmstrack.records import Imaging, Referral, Surgery
from tests.storyteller import WORKFLOWS


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    with Tracker.open("sqlite://", by="navigator-a", today=date(2026, 11, 24), workflows=WORKFLOWS) as opened:
        yield opened


def waiting(tracker: Tracker) -> str:
    """A patient who was referred urgently, and whose scan of the chest nobody looked at for almost four weeks."""
    case = tracker.open_case(born=date(1961, 3, 4), sex="female").id
    referral = Referral(site_group="extremity", route="urgent_suspected_cancer")
    tracker.record(case, referral, on=date(2026, 3, 2))
    chest = Imaging(
        region="chest",
        modality="CT",
        reported_on=date(2026, 4, 24),
        reviewed_on=date(2026, 5, 20),
        told_on=date(2026, 5, 21),
    )
    tracker.record(case, chest, on=date(2026, 4, 20))
    return case


def test_the_clocks_before_treatment_have_a_list_of_their_own(tracker: Tracker) -> None:
    case = waiting(tracker)
    by_default = tracker.overdue()
    clocks = tracker.overdue(group="pathway")
    assert [row.strand for row in by_default] == []
    assert by_default.totals.in_scope == 0
    assert [(row.case, row.strand, row.due_by) for row in clocks] == [
        (case, "imaging_after_referral", date(2026, 3, 16)),
        (case, "faster_diagnosis", date(2026, 3, 30)),
        (case, "treatment_after_referral", date(2026, 5, 3)),
    ]
    assert (clocks.totals.in_scope, clocks.totals.overdue, clocks.totals.add_up) == (3, 3, True)
    assert clocks.totals.with_obligation == by_default.totals.with_obligation == 1


def test_all_groups_are_listed_together(tracker: Tracker) -> None:
    case = waiting(tracker)
    tracker.record(case, Surgery(operation="other", emergency=True), on=date(2026, 5, 4))
    everything = tracker.overdue(group="all")
    parts = [tracker.overdue(group=group) for group in ("surveillance", "result", "pathway")]
    assert sorted(row.strand for row in everything) == sorted(row.strand for part in parts for row in part)
    assert everything.totals.in_scope == sum(part.totals.in_scope for part in parts)
    assert {row.strand for row in parts[0]} == {"treatment_summary", "emergency_mdt"}


def test_a_group_that_there_is_not_is_refused_with_the_nearest(tracker: Tracker) -> None:
    with pytest.raises(InvalidData, match="did you mean 'pathway'"):
        tracker.overdue(group="pathways")


@pytest.mark.parametrize(("day", "late"), [(date(2026, 5, 1), None), (date(2026, 5, 2), 1), (date(2026, 5, 19), 18)])
def test_a_list_of_the_days_before_a_result_was_looked_at_still_misses_it(
    tracker: Tracker, day: date, late: int | None
) -> None:
    waiting(tracker)
    rows = [row for row in tracker.overdue(as_of=day).to_dicts() if row["strand"] == "result_review"]
    assert [row["days_overdue"] for row in rows] == ([] if late is None else [late])


def test_from_the_day_that_it_was_looked_at_no_list_misses_a_result(tracker: Tracker) -> None:
    waiting(tracker)
    assert [row.strand for row in tracker.overdue(as_of=date(2026, 5, 20))] == []


def test_the_caches_equal_the_log_where_a_record_tells_of_later_days(tracker: Tracker) -> None:
    waiting(tracker)
    assert list(tracker.doctor()) == []
