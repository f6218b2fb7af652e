"""Whom the team chose for the removal of metastases, and how much may be hoped of it."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, Ask, not_met

SELECTED = "metastasectomy_selected"
PROMISING = "metastasectomy_promising"
FIRST = "2025-01-10 surgery operation=wide_excision"
BACK = "2026-01-10 recurrence status=confirmed sites=lung"
REMOVED = "2026-03-20 surgery operation=metastasectomy"
PLAN = 'plan=[{"treatment":"surgery","operation":"metastasectomy"}]'
CHOSEN = "2026-02-01 mdt lung_only=true r0_feasible=true nodule_count=2 primary_controlled=true"
NEEDS = "an MDT that finds metastases in the lung alone, all of them removable"


@pytest.mark.parametrize("name", [SELECTED, PROMISING])
def test_other_operations_and_other_plans_are_not_asked(answer, name: str) -> None:
    assert answer(name, "2026-03-20 surgery operation=wide_excision") == NOT_ASKED
    assert answer(name, "2026-03-20 surgery") == NOT_ASKED
    assert answer(name, '2026-03-20 mdt plan=[{"treatment":"surgery"}]') == NOT_ASKED
    assert answer(name, "2026-03-20 mdt decision=yes") == NOT_ASKED
    assert answer(name, REMOVED, "2026-04-20 systemic line=1") == NOT_ASKED


class TestSelected:
    def test_the_team_finds_them_in_the_lung_alone_and_removable(self, answer) -> None:
        assert answer(SELECTED, CHOSEN, REMOVED) == MET
        assert answer(SELECTED, f"{CHOSEN} {PLAN}") == MET

    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ("lung_only=false r0_feasible=true", "metastases outside the lung, all removable"),
            ("lung_only=true r0_feasible=false", "metastases in the lung alone, not all removable"),
            ("lung_only=false", "metastases outside the lung, whether all are removable is not known"),
        ],
    )
    def test_what_speaks_against_it_is_not_met(self, answer, said: str, found: str) -> None:
        assert answer(SELECTED, f"2026-02-01 mdt {said}", REMOVED) == not_met(NEEDS, found)

    def test_without_a_meeting_it_is_not_met(self, answer) -> None:
        found = "no MDT of this course of disease on record"
        fix = 'mdt decision="…" lung_only=true'
        assert answer(SELECTED, f"{BACK} lung_only=true r0_feasible=true", REMOVED) == not_met(NEEDS, found, fix)

    def test_a_meeting_of_an_earlier_course_does_not_count(self, verdict) -> None:
        assert verdict(SELECTED, CHOSEN.replace("2026", "2025"), BACK, REMOVED) == "not met"

    def test_what_is_not_known_is_asked_of_the_meeting(self, answer, asked_facts) -> None:
        ask = Ask(
            "mdt.r0_feasible",
            "Can all of the metastases be removed, with clear margins?",
            "mdt r0_feasible=true",
            (),
            1,
        )
        assert answer(SELECTED, "2026-02-01 mdt lung_only=true", REMOVED).asks == (ask,)
        assert asked_facts(SELECTED, f"2026-02-01 mdt {PLAN}") == [("mdt.lung_only", 1), ("mdt.r0_feasible", 1)]

    def test_what_was_stated_last_counts_be_it_of_the_team_or_of_the_recurrence(self, verdict) -> None:
        meeting = "2026-02-01 mdt r0_feasible=true"
        assert verdict(SELECTED, f"{BACK} lung_only=true", meeting, REMOVED) == "met"
        assert verdict(SELECTED, f"{BACK} lung_only=true", f"{meeting} lung_only=false", REMOVED) == "not met"
        assert verdict(SELECTED, CHOSEN, "2026-03-01 recurrence status=suspected lung_only=false", REMOVED) == "not met"


class TestPromising:
    NEEDS = "12 months free of disease, 2 nodules at most, the primary under control"

    def test_twelve_months_are_long_enough_and_a_day_less_is_not(self, answer) -> None:
        assert answer(PROMISING, FIRST, BACK, CHOSEN, REMOVED) == MET
        short = answer(PROMISING, FIRST.replace("10", "11", 1), BACK, CHOSEN, REMOVED)
        assert short == not_met(self.NEEDS, "free of disease only from 11 Jan 2025 to 10 Jan")

    def test_it_counts_from_the_last_treatment_meant_to_cure(self, verdict) -> None:
        later = ("2025-03-01 radiotherapy timing=postoperative", "2025-03-01 systemic line=adjuvant")
        for treatment in later:
            assert verdict(PROMISING, FIRST, treatment, BACK, CHOSEN, REMOVED) == "not met"
        assert verdict(PROMISING, FIRST, "2025-03-01 radiotherapy timing=palliative", BACK, CHOSEN, REMOVED) == "met"

    def test_two_nodules_are_few_and_three_are_not(self, answer) -> None:
        many = answer(PROMISING, FIRST, BACK, CHOSEN.replace("count=2", "count=3"), REMOVED)
        assert many == not_met(self.NEEDS, "3 nodules")

    def test_everything_that_speaks_against_it_is_named(self, answer) -> None:
        said = answer(
            PROMISING, "2026-01-01 staging m=1", "2026-02-01 mdt nodule_count=5 primary_controlled=false", REMOVED
        )
        found = "never free of disease: it had spread from the start; 5 nodules; the primary is not under control"
        assert said == not_met(self.NEEDS, found)

    def test_what_is_not_known_is_asked(self, asked_facts) -> None:
        assert asked_facts(PROMISING, FIRST, BACK, "2026-02-01 mdt decision=yes", REMOVED) == [
            ("mdt.nodule_count", 3),
            ("mdt.primary_controlled", 3),
        ]
        assert asked_facts(PROMISING, BACK, CHOSEN, REMOVED) == [("treatment_completed.on", None)]
        assert asked_facts(PROMISING, FIRST, CHOSEN, REMOVED) == [("recurrence.on", None)]
        assert asked_facts(PROMISING, FIRST, BACK, REMOVED)[0] == ("mdt.nodule_count", None)

    def test_the_summary_stands_for_a_treatment_that_nobody_recorded(self, verdict) -> None:
        summary = "2025-01-10 treatment_completed next=surveillance"
        assert verdict(PROMISING, summary, BACK, CHOSEN, REMOVED) == "met"
