"""The time between radiotherapy and surgery, at both sides of each boundary."""

from __future__ import annotations

import pytest

CHECK = "interval_between_treatments"
IRRADIATED = "2026-05-05 radiotherapy timing=preoperative started_on=2026-04-01"
OPERATED = "2026-04-20 surgery operation=wide_excision"


def surgery(day: str) -> str:
    return f"{day} surgery operation=wide_excision"


def radiotherapy(started_on: str) -> str:
    return f"2026-08-30 radiotherapy timing=postoperative started_on={started_on}"


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-05-25", "not met"), ("2026-05-26", "met"), ("2026-06-16", "met"), ("2026-06-17", "not met")],
)
def test_surgery_is_in_time_from_three_to_six_weeks_after_radiotherapy(verdict, day: str, said: str) -> None:
    assert verdict(CHECK, IRRADIATED, surgery(day)) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-05-10", "not met"), ("2026-05-11", "met"), ("2026-06-15", "met"), ("2026-06-16", "not met")],
)
def test_radiotherapy_begins_in_time_from_three_to_eight_weeks_after_surgery(verdict, day: str, said: str) -> None:
    assert verdict(CHECK, OPERATED, radiotherapy(day)) == said
    assert verdict(CHECK, OPERATED, f"{day} radiotherapy timing=postoperative status=started") == said


@pytest.mark.parametrize(
    ("first", "then", "says_so"),
    [
        (IRRADIATED, surgery("2026-06-30"), False),
        (IRRADIATED, surgery("2026-07-01"), True),
        (OPERATED, radiotherapy("2026-07-13"), False),
        (OPERATED, radiotherapy("2026-07-14"), True),
    ],
)
def test_a_long_delay_is_called_one(answer, first: str, then: str, says_so: bool) -> None:
    assert ("more than" in answer(CHECK, first, then).found) is says_so


def test_it_says_how_long_it_was(answer) -> None:
    found = answer(CHECK, IRRADIATED, surgery("2026-07-01")).found
    assert found == "radiotherapy ended on 5 May, 57 days before, more than 8 weeks"


def test_radiotherapy_that_has_only_begun_is_not_counted_from(verdict) -> None:
    begun = "2026-05-05 radiotherapy timing=preoperative status=started"
    assert verdict(CHECK, begun, surgery("2026-06-30")) == "not asked"


def test_the_last_radiotherapy_before_the_operation_is_counted_from(verdict) -> None:
    again = "2026-06-10 radiotherapy timing=preoperative"
    assert verdict(CHECK, IRRADIATED, again, surgery("2026-07-10")) == "met"


@pytest.mark.parametrize(
    "lines",
    [
        (surgery("2026-06-30"),),
        (IRRADIATED, "2026-06-30 surgery operation=metastasectomy"),
        (OPERATED, "2026-07-30 radiotherapy timing=palliative"),
        (OPERATED, "2026-07-30 radiotherapy timing=preoperative"),
        ("2026-04-20 surgery operation=metastasectomy", radiotherapy("2026-07-30")),
        (IRRADIATED, "2026-06-30 systemic line=adjuvant"),
        (IRRADIATED, "2026-06-01 recurrence status=confirmed", surgery("2026-06-30")),
    ],
)
def test_nothing_is_asked_of_other_treatments(verdict, lines: tuple[str, ...]) -> None:
    assert verdict(CHECK, *lines) == "not asked"


@pytest.mark.parametrize(
    ("day", "said"), [("2026-05-20", "not met"), ("2026-06-10", "unknown"), ("2026-07-20", "not met")]
)
def test_of_a_month_each_day_is_tried(verdict, asked_facts, day: str, said: str) -> None:
    lines = ("2026-05 radiotherapy timing=preoperative", surgery(day))
    assert verdict(CHECK, *lines) == said
    assert asked_facts(CHECK, *lines) == ([("radiotherapy.on", 1)] if said == "unknown" else [])
