"""What a day's work is made from: the same rows and counts as by hand, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack.listing import Listed
from lmstrack.needs import need_of
from lmstrack.obligations import ObligationState
from lmstrack.store import Store, open_store
from lmstrack.worklist import OpenCounts, counted
from tests.store.making import head, opened, row

AS_OF = date(2026, 7, 15)
DAY = timedelta(1)


def cached(store: Store, case: str, rows: list[Listed], **fields: Any) -> None:
    with store.writing() as writer:
        writer.cache(head(case, **{"open": len(rows), **fields}), rows)


@pytest.mark.parametrize(
    ("fields", "pressing"),
    [
        ({"due_from": AS_OF, "due_by": AS_OF + DAY}, True),
        ({"due_from": AS_OF + DAY, "due_by": AS_OF + DAY}, False),
        ({"due_from": AS_OF + DAY, "due_by": AS_OF + DAY, "booked_for": AS_OF + DAY}, False),
        ({"due_from": AS_OF + DAY, "due_by": AS_OF + DAY, "booked_for": AS_OF + 2 * DAY}, True),
        ({"due_from": AS_OF + DAY, "due_by": AS_OF + DAY, "strand": "promised_call", "group": "pathway"}, True),
        ({"due_by": AS_OF - 400 * DAY}, True),
        ({"due_by": AS_OF - 4000 * DAY, "due_from": AS_OF - 4100 * DAY, "group": "result"}, True),
        ({"due_by": AS_OF - DAY, "group": "pathway"}, True),
        ({"due_by": AS_OF - DAY, "suspended_from": AS_OF}, False),
        ({"due_by": AS_OF - DAY, "suspended_from": AS_OF + DAY}, True),
        ({"due_by": None, "due_from": None}, False),
        ({"due_by": AS_OF - DAY, "current_from": AS_OF + DAY}, False),
        ({"due_by": AS_OF - DAY, "current_until": AS_OF - DAY}, False),
        ({"due_by": AS_OF - DAY, "current_until": AS_OF}, True),
        ({"due_by": AS_OF - DAY, "excluded": "died"}, False),
    ],
)
def test_a_row_is_fetched_where_it_wants_something(store: Store, fields: dict[str, Any], pressing: bool) -> None:
    case = opened(store)
    only = row(case, **fields)
    cached(store, case, [only], excluded=fields.get("excluded"))
    assert store.pressing(AS_OF) == ([only] if pressing else [])


def test_cases_with_an_event_after_the_day_are_left_to_their_logs(store: Store) -> None:
    case, other = opened(store), opened(store, "Bea Other")
    cached(store, case, [row(case)], last_on=AS_OF + DAY)
    cached(store, other, [row(other)], last_on=AS_OF)
    assert [each.case for each in store.pressing(AS_OF)] == [other]
    assert (store.open_counts(AS_OF).whole, store.open_by_heads(AS_OF)) == (1, 1)
    assert (store.open_counts(AS_OF + DAY).whole, store.open_by_heads(AS_OF + DAY)) == (2, 2)


def test_whoever_has_left_is_counted_nowhere(store: Store) -> None:
    case = opened(store)
    cached(store, case, [row(case, excluded="died")], excluded="died")
    assert (store.open_counts(AS_OF), store.open_by_heads(AS_OF)) == (OpenCounts(), 0)
    assert store.excluded_cases() == {case}


def test_an_empty_store_has_nothing_open(store: Store) -> None:
    assert (store.pressing(AS_OF), store.open_counts(AS_OF), store.open_by_heads(AS_OF)) == ([], OpenCounts(), 0)


days = st.dates(AS_OF - 30 * DAY, AS_OF + 30 * DAY)
maybe = st.none() | days
drawn = st.fixed_dictionaries(
    {
        "due_from": maybe,
        "due_by": maybe,
        "current_from": days,
        "current_until": maybe,
        "suspended_from": maybe,
        "booked_for": maybe,
        "group": st.sampled_from(["surveillance", "result", "pathway"]),
        "strand": st.sampled_from(["clinic_review", "promised_call", "report"]),
    }
)


@pytest.fixture(scope="module")
def ward() -> Iterator[Store]:
    with open_store("sqlite://", create=True) as opened_store:
        yield opened_store


@given(st.lists(drawn, max_size=6), st.integers(-40, 40))
@settings(max_examples=80, deadline=None)
def test_rows_and_counts_are_those_by_hand(ward: Store, drawn_rows: list[dict[str, Any]], days_on: int) -> None:
    as_of = AS_OF + days_on * DAY
    case = opened(ward)
    rows = [row(case, occurrence=place, **fields) for place, fields in enumerate(drawn_rows, start=1)]
    cached(ward, case, rows, last_on=date(2026, 1, 1))
    found = {each for each in ward.pressing(as_of) if each.case == case}
    wanted = {each for each in rows if each.current(as_of) and need_of(each, as_of) is not None}
    late_or_due = {ObligationState.DUE, ObligationState.OVERDUE}
    assert wanted <= found
    assert {each for each in rows if each.current(as_of) and each.state(as_of) in late_or_due} <= found
    wants = {each for each in found if need_of(each, as_of) or each.state(as_of) in late_or_due}
    assert {each.strand for each in found - wants} <= {"promised_call"}
    assert ward.open_counts(as_of) == counted(rows, as_of)
    cached(ward, case, [])
