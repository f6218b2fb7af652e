"""The doctor finds every cached row that the log does not give, and mends them all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from lmstrack.errors import Conflict, Impossible
from lmstrack.records import read_record
from lmstrack.tracker import Tracker
from tests.storyteller import WORKFLOWS

REFERRED = read_record("referral", {"site_group": "extremity"})
OPERATED = read_record("surgery", {"operation": "other", "emergency": True})


@pytest.fixture
def ward() -> Iterator[Tracker]:
    with Tracker.open("sqlite://", by="navigator-a", today=date(2026, 11, 24), workflows=WORKFLOWS) as tracker:
        yield tracker


def opened(ward: Tracker) -> str:
    return ward.open_case(name="A B", born="1961-03-04", sex="female").id


def test_a_case_of_which_nothing_is_recorded_has_no_fault(ward: Tracker) -> None:
    opened(ward)
    assert ward.doctor() == ()


def test_a_head_that_the_log_does_not_give_is_found_also_where_every_row_is_right(ward: Tracker) -> None:
    case = opened(ward)
    ward.record(case, REFERRED, on="2026-11-02")
    head = ward.store.head(case)
    assert head is not None
    with ward.store.writing() as writer:
        writer.cache(head._replace(excluded="died"), ward.store.rows_of([case]))
    assert ward.doctor() == (f"{case}: the list's head differs from the log",)


def test_everything_that_is_stale_is_mended_at_once(ward: Tracker) -> None:
    for _ in range(3):
        case = opened(ward)
        ward.record(case, REFERRED, on="2026-09-01")
        ward.record(case, OPERATED, on="2026-09-02")
        head = ward.store.head(case)
        assert head is not None
        with ward.store.writing() as writer:
            writer.cache(head._replace(state="surveillance"), [])
    listed = ward.overdue().totals
    assert listed.without_obligation == 3
    assert len(ward.doctor(repair=True)) > 0
    assert ward.doctor() == ()
    assert ward.overdue().totals.with_obligation == 3


def test_a_death_that_was_withdrawn_stays_withdrawn_once_the_patient_was_seen_again(ward: Tracker) -> None:
    case = opened(ward)
    ward.record(case, REFERRED, on="2026-09-01")
    ward.record(case, read_record("death", {}), on="2026-10-01")
    ward.undo(case)
    ward.record(case, read_record("visit", {}), on="2026-10-05")
    with pytest.raises(Impossible, match="What would stand then, death on 2026-10-01 is before line 4"):
        ward.undo(case, 3)
    assert len(ward.log(case)) == 4


def test_two_who_enter_by_turns_into_one_file_build_on_each_others_lines(tmp_path: Path) -> None:
    file, today = tmp_path / "ward.db", date(2026, 11, 24)
    with (
        Tracker.open(file, by="a", today=today, create=True, workflows=WORKFLOWS) as one,
        Tracker.open(file, by="b", today=today, workflows=WORKFLOWS) as other,
    ):
        case = opened(one)
        one.record(case, REFERRED, on="2026-01-02")
        other.record(case, OPERATED, on="2026-01-05")
        for turn in range(6):
            ward = (one, other)[turn % 2]
            ward.record(case, read_record("visit", {}), on=date(2026, 2, 1) + timedelta(turn * 30))
        assert [event.recorded_by for event in other.log(case)] == ["a", "b"] * 4
        with pytest.raises(Conflict, match="is at line 8"):
            one.record(case, read_record("visit", {}), expected_line=7)
        other.undo(case)
        one.edit_person(case, name="C D")
        one.record(case, read_record("visit", {}), on=today)
        assert one.doctor() == other.doctor() == ()
