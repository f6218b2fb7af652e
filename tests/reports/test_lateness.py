"""What an overdue list amounts to: both sides of every bound, and sums that leave nobody out."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmstrack.listing import Listed
from lmstrack.overview import Overview
from lmstrack.reports.lateness import counts_of, wilson

AS_OF = date(2026, 11, 24)
SINCE = date(2025, 11, 24)
BLANK = Listed(*[None] * len(Listed._fields))  # type: ignore[arg-type]  # each test says what it is about


def obligation(due_by: date, ended: str | None = None, ended_on: date | None = None, **more: object) -> Listed:
    row = BLANK._replace(case="LMS-0001-3", course=1, strand="clinic_review", occurrence=1, group="surveillance")
    return row._replace(due_by=due_by, due_from=due_by, ended=ended, ended_on=ended_on, **more)  # type: ignore[arg-type]


def behind(*came_due: Listed, **sites: str) -> Overview:
    return Overview(SINCE, (), came_due, sites, {})


def in_time(*came_due: Listed) -> tuple[str | int, ...] | None:
    """The line of all of them, in time and of how many, None where none is asked for."""
    rows = counts_of([], behind(*came_due), AS_OF)[-1].rows
    return rows[-1][:3] if rows else None


def row(days: int, **more: object) -> dict[str, object]:
    return {"case": "A", "navigator": None, "strand": "clinic_review", "days_overdue": days, **more}


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (1, "1-14 days"), (14, "1-14 days"), (15, "15-30 days"), (30, "15-30 days"), (31, "31-60 days"),
        (60, "31-60 days"), (61, "61-90 days"), (90, "61-90 days"), (91, "91-365 days"), (365, "91-365 days"),
        (366, "over 1 year"), (1826, "over 1 year"), (1827, "over 5 years"), (20_000, "over 5 years"),
    ],
)  # fmt: skip
def test_everything_overdue_is_of_one_age_a_year_to_the_day_too(days: int, name: str) -> None:
    ageing = counts_of([row(days)], behind(), AS_OF)[0]
    assert [said for said, number in ageing.bars() if number] == [name]
    assert ageing.drawn


@given(
    st.lists(
        st.builds(
            row,
            st.integers(1, 4000),
            case=st.sampled_from("ABCD"),
            navigator=st.sampled_from([None, "a", "b"]),
            strand=st.sampled_from(["chest_imaging", "clinic_review"]),
        )
    )
)
def test_each_table_adds_up_to_the_rows(rows: list[dict[str, object]]) -> None:
    *tables, _ = counts_of(rows, behind(A="uterus"), AS_OF)  # type: ignore[arg-type]
    assert len(tables) == 4
    assert [sum(number for _, number in table.bars()) for table in tables] == [len(rows)] * 4


def test_by_whom_where_and_what_with_words_for_what_nobody_said() -> None:
    rows = [row(9), row(30, case="B", navigator="b"), row(20, case="B", navigator="b", strand="chest_imaging")]
    _, navigators, sites, strands, _ = counts_of(rows, behind(B="head_neck"), AS_OF)  # type: ignore[arg-type]
    assert navigators.rows == (("b", 2, 1, 30), ("not known", 1, 1, 9))
    assert sites.rows == (("head neck", 2, 1, 30), ("not known", 1, 1, 9))
    assert strands.rows == (("clinic review", 2, 2, 30), ("chest imaging", 1, 1, 20))


DUE = date(2026, 5, 15)
NEXT = DUE + timedelta(1)


@pytest.mark.parametrize(
    ("came_due", "counted"),
    [
        (obligation(DUE, "fulfilled", DUE), ("all", 1, 1)),
        (obligation(DUE, "fulfilled", NEXT), ("all", 0, 1)),
        (obligation(DUE), ("all", 0, 1)),
        (obligation(DUE, "excused", DUE), None),
        (obligation(DUE, "excused", NEXT), ("all", 0, 1)),
        (obligation(DUE, "closed", DUE), None),
        (obligation(DUE, "closed", NEXT), ("all", 0, 1)),
        (obligation(DUE, suspended_from=DUE), None),
        (obligation(DUE, suspended_from=NEXT), ("all", 0, 1)),
        (obligation(SINCE), ("all", 0, 1)),
        (obligation(SINCE - timedelta(1), "fulfilled", DUE), None),
    ],
)
def test_in_time_is_what_was_done_by_its_last_day_of_all_that_was_open_then(
    came_due: Listed, counted: tuple[str, int, int] | None
) -> None:
    assert in_time(came_due) == counted


def test_of_one_navigator_only_their_own_is_looked_at() -> None:
    both = behind(obligation(DUE, navigator="a"), obligation(DUE, "fulfilled", DUE, navigator="b"))
    assert counts_of([], both, AS_OF, "b")[-1].rows[-1][:3] == ("all", 1, 1)


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_ends_of_the_interval_are_the_shares_that_lie_just_so_far_from_what_was_seen(case: tuple[int, int]) -> None:
    done, of = case
    low, high = wilson(done, of)
    assert 0 <= low <= done / of + 1e-12
    assert done / of - 1e-12 <= high <= 1
    for end in (low, high):  # 1.96 standard errors away from it, if it were the true one
        assert abs(done / of - end) == pytest.approx(1.959964 * sqrt(end * (1 - end) / of), abs=1e-5)


def test_the_interval_of_a_published_example() -> None:
    # 81 of 263, R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    assert [round(end, 4) for end in wilson(81, 263)] == [0.2553, 0.3662]
