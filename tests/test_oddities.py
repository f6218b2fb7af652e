"""What is possible and still looks like a slip of the hand is listed, and never refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from lmstrack.events import Event
from lmstrack.oddities import oddities
from lmstrack.records import Imaging, Pathology, Referral, Result, Surgery, Visit

if TYPE_CHECKING:
    from lmstrack.records import Record

ENTERED = datetime(2026, 11, 24, 9, tzinfo=UTC)
SWAPPED = "5 Jul 2026 would be in order: are day and month exchanged?"
SCAN = Imaging(region="chest", modality="CT", adequate=True)


def log(*told: tuple[str, Record], **more: bool) -> list[Event]:
    return [
        Event("LMS-0001-3", line, date.fromisoformat(on), record, ENTERED, "navigator-a", **more)  # type: ignore[arg-type]
        for line, (on, record) in enumerate(told, 1)
    ]


def found(*told: tuple[str, Record], **more: bool) -> list[str]:
    return list(oddities("LMS-0001-2", log(*told, **more), date(2026, 11, 24)))


def test_an_ordinary_log_has_nothing_odd() -> None:
    assert (
        found(
            ("2026-10-01", Referral()),
            ("2026-10-05", SCAN),
            ("2026-10-12", Pathology(specimen="biopsy", is_lms=True)),
            ("2026-11-01", Surgery(operation="wide_excision")),
        )
        == []
    )


def test_the_same_entry_twice_on_a_day() -> None:
    assert found(("2026-10-01", Referral()), ("2026-10-05", SCAN), ("2026-10-05", SCAN)) == [
        "lines 2 and 3 say the same of 5 Oct 2026 (CT of the chest, adequate)"
    ]
    assert found(("2026-10-01", Referral()), ("2026-10-05", SCAN), ("2026-10-06", SCAN)) == []


def test_a_result_that_was_known_before_the_scan() -> None:
    scan = Imaging(region="chest", modality="CT", reported_on=date(2026, 10, 5))
    assert found(("2026-10-05", scan)) == []
    assert found(("2026-10-06", scan)) == [
        "line 1, imaging on 6 Oct 2026, is said to be reported on 5 Oct 2026, before it was done"
    ]


def test_a_result_of_a_scan_that_was_known_before_it() -> None:
    day = date(2026, 10, 5)
    result = Result(line=1, reported_on=day, reviewed_on=day, told_on=day)
    assert found(("2026-10-05", SCAN), ("2026-10-20", result)) == []
    (said,) = found(("2026-10-06", SCAN), ("2026-10-20", result))
    assert said.startswith("line 2, result of line 1 (imaging on 6 Oct 2026), is said to be reported, reviewed, told")
    assert said.endswith(" on 5 Oct 2026, before it was done")


@pytest.mark.parametrize(
    ("operation", "odd"), [("wide_excision", True), ("unplanned_excision", False), ("metastasectomy", True)]
)
def test_a_treatment_before_the_diagnosis(operation: str, odd: bool) -> None:
    surgery = Surgery.model_validate({"operation": operation})
    told = found(("2026-10-01", Referral()), ("2026-10-15", surgery), ("2026-10-30", Pathology(specimen="review")))
    assert told == (["line 2, surgery on 15 Oct 2026, is before the first pathology (30 Oct 2026)"] if odd else [])


def test_a_specimen_of_the_operation_reports_it_and_does_not_come_too_late() -> None:
    taken_out = Pathology(specimen="resection")
    told = found(("2026-10-01", Referral()), ("2026-10-15", Surgery()), ("2026-10-20", taken_out))
    assert told == []


def test_a_day_and_a_month_that_change_places_put_the_order_right() -> None:
    told = found(
        ("2026-06-01", Referral()),
        ("2026-06-20", Pathology(specimen="biopsy")),
        ("2026-05-07", Surgery(operation="wide_excision")),
    )
    assert told == [f"line 3, surgery on 7 May 2026, is before the first pathology (20 Jun 2026); {SWAPPED}"]


def test_a_visit_before_the_referral_that_a_swap_would_put_right() -> None:
    assert found(("2026-06-01", Referral()), ("2026-05-07", Visit())) == [
        f"line 2, visit on 7 May 2026, is before the referral (1 Jun 2026); {SWAPPED}"
    ]
    assert found(("2026-06-01", Referral()), ("2026-05-20", Visit())) == []  # a month 20 there is not


@pytest.mark.parametrize("record", [SCAN, Pathology(specimen="biopsy"), Surgery(operation="unplanned_excision")])
def test_what_is_often_done_before_the_referral_is_not_odd_there(record: Record) -> None:
    assert found(("2026-06-01", Referral()), ("2026-05-07", record)) == []


@pytest.mark.parametrize(("on", "odd"), [("2024-11-24", False), ("2024-11-23", True)])
def test_more_than_two_years_back_is_asked_about(on: str, odd: bool) -> None:
    assert (found((on, Referral())) != []) is odd
    assert found((on, Referral()), as_history=True) == []


def test_a_gap_in_the_years() -> None:
    history = (("2010-01-01", Referral()), ("2010-03-01", SCAN), ("2013-03-02", Visit()))
    assert found(*history, as_history=True) == ["nothing between 1 Mar 2010 (line 2) and 2 Mar 2013 (line 3)"]
    assert found(("2010-01-01", Referral()), ("2012-01-01", Visit()), as_history=True) == []


def entered(on: str, told: Event) -> Event:
    return replace(told, recorded_at=datetime.fromisoformat(f"{on}T09:00+00:00"))


@pytest.mark.parametrize(
    ("day", "known", "odd"),
    [
        ("2026-05-11", "2026-11-05", True),
        ("2026-05-11", "2026-11-12", True),
        ("2026-05-11", "2026-11-13", False),  # so long after, it was entered late for what it says
        ("2026-05-11", "2026-11-04", False),  # before the exchanged day it cannot have been meant
        ("2026-05-13", "2026-11-05", False),  # a month 13 there is not
    ],
)
def test_a_visit_that_goes_back_behind_the_last_and_would_not_with_day_and_month_exchanged(
    day: str, known: str, odd: bool
) -> None:
    lines = log(("2026-05-01", Referral()), ("2026-10-20", Visit()), (day, Visit(finding="well")))
    told = list(oddities("LMS-0001-2", [*lines[:2], entered(known, lines[2])], date(2026, 11, 24)))
    said = "line 3, visit on 11 May 2026, is before line 2 (visit on 20 Oct 2026), which was entered first"
    assert told == ([f"{said}; 5 Nov 2026 would be in order: are day and month exchanged?"] if odd else [])


def test_one_slip_is_told_once() -> None:
    lines = log(("2026-06-01", Referral()), ("2026-06-20", Pathology(specimen="biopsy")), ("2026-05-07", Surgery()))
    told = list(oddities("LMS-0001-2", [*lines[:2], entered("2026-07-06", lines[2])], date(2026, 11, 24)))
    assert told == [f"line 3, surgery on 7 May 2026, is before the first pathology (20 Jun 2026); {SWAPPED}"]
