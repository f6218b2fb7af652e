"""Radiotherapy for the deep, large, higher-grade tumour, and after a close margin."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, Answer, Verdict, not_met

PATHOLOGY = "2026-01-20 pathology is_lms=true grade=2"
COMPLETED = "2026-06-01 treatment_completed next=surveillance"
NEEDS = "radiotherapy for a deep tumour above 50 mm of grade 2 or 3"


def referral(site: str = "extremity", size: str = "60", depth: str = "deep") -> str:
    given = {"site_group": site, "size_mm": size, "depth": depth}
    return "2026-01-01 referral " + " ".join(f"{name}={value}" for name, value in given.items() if value)


def mdt(*treatments: str) -> str:
    plan = ",".join(f'{{"treatment":"{each}"}}' for each in treatments)
    return f"2026-03-01 mdt plan=[{plan}]"


class TestHighRisk:
    NAME = "radiotherapy_for_high_risk"

    def test_a_deep_tumour_of_the_thigh_of_60_mm_and_grade_2_without_radiotherapy(self, answer) -> None:
        surgery = "2026-04-01 surgery operation=wide_excision margin_mm=15"
        told = answer(self.NAME, referral(), PATHOLOGY, mdt("surgery"), surgery, COMPLETED)
        plan = "the plan of 1 Mar holds surgery; no radiotherapy on record"
        found = f"limb, depth deep, size 60 mm, grade 2; {plan}"
        assert told == not_met(NEEDS, found, "radiotherapy timing=postoperative")

    @pytest.mark.parametrize(
        ("case", "grade", "expected"),
        [
            (referral(size="50.1"), "2", "not met"),
            (referral(size="50"), "2", "not asked"),
            (referral(), "3", "not met"),
            (referral(), "1", "not asked"),
            (referral(depth="superficial"), "2", "not asked"),
            (referral(site="retroperitoneum"), "2", "not asked"),
            (referral(site="trunk"), "2", "not met"),
        ],
    )
    def test_each_fact_rules_it_out(self, verdict, case: str, grade: str, expected: str) -> None:
        pathology = f"2026-01-20 pathology is_lms=true grade={grade}"
        assert verdict(self.NAME, case, pathology, mdt("surgery")) == expected

    def test_the_plan_of_the_team(self, answer, asked_facts) -> None:
        assert answer(self.NAME, referral(), PATHOLOGY, mdt("surgery", "radiotherapy")) == MET
        told = answer(self.NAME, referral(), PATHOLOGY, mdt("surgery"))
        assert (told.verdict, told.fix) == ("not met", "")
        assert asked_facts(self.NAME, referral(), PATHOLOGY, "2026-03-01 mdt decision=yes") == [("mdt.plan", 3)]

    def test_a_palliative_course_is_none(self, verdict) -> None:
        plan = '2026-03-01 mdt plan=[{"treatment":"radiotherapy","timing":"palliative"}]'
        assert verdict(self.NAME, referral(), PATHOLOGY, plan) == "not met"
        given = "2026-05-01 radiotherapy timing=palliative"
        assert verdict(self.NAME, referral(), PATHOLOGY, given, COMPLETED) == "not met"

    def test_each_treatment_is_asked(self, verdict, asked_facts) -> None:
        surgery = "2026-04-01 surgery operation=wide_excision"
        assert verdict(self.NAME, referral(), PATHOLOGY, mdt("radiotherapy"), surgery) == "met"
        assert verdict(self.NAME, referral(), PATHOLOGY, mdt("surgery"), surgery) == "not met"
        before = "2026-03-10 radiotherapy timing=preoperative"
        assert verdict(self.NAME, referral(), PATHOLOGY, mdt("surgery"), before, surgery) == "met"
        assert asked_facts(self.NAME, referral(), PATHOLOGY, surgery) == [("mdt.plan", None)]

    def test_at_the_end_only_what_was_done_counts(self, answer, verdict) -> None:
        plan = mdt("surgery", "radiotherapy")
        found = answer(self.NAME, referral(), PATHOLOGY, plan, COMPLETED).found
        assert found == (
            "limb, depth deep, size 60 mm, grade 2; the plan of 1 Mar holds surgery and radiotherapy; "
            "no radiotherapy on record"
        )
        started = "2026-05-01 radiotherapy timing=postoperative status=started"
        assert verdict(self.NAME, referral(), PATHOLOGY, plan, started, COMPLETED) == "met"
        assert verdict(self.NAME, referral(), PATHOLOGY, COMPLETED) == "not met"

    def test_what_is_missing_is_asked_while_the_rest_fits(self, answer, asked_facts, verdict) -> None:
        vague = referral(size="", depth="")
        told = answer(self.NAME, vague, mdt("surgery"))
        found = (
            "limb, depth not known, size not known, grade not known; the plan of 1 Mar holds surgery; "
            "no radiotherapy on record"
        )
        assert (told.verdict, told.found, told.fix) == (Verdict.UNKNOWN, found, "consultation depth=deep")
        assert [ask.fact for ask in told.asks] == ["depth", "size_mm", "grade"]
        assert asked_facts(self.NAME, referral(site=""), PATHOLOGY, mdt("surgery")) == [("site_group", None)]
        assert verdict(self.NAME, vague, mdt("radiotherapy")) == "met"
        assert verdict(self.NAME, referral(size="", depth="superficial"), mdt("surgery")) == "not asked"

    def test_metastases_and_palliative_intent_are_not_asked(self, answer) -> None:
        assert answer(self.NAME, referral(), PATHOLOGY, "2026-02-01 staging m=1", mdt("surgery")) == NOT_ASKED
        palliative = f"{mdt('surgery')} intent=palliative"
        assert answer(self.NAME, referral(), PATHOLOGY, palliative) == NOT_ASKED

    def test_radiotherapy_of_an_earlier_course_does_not_count(self, verdict) -> None:
        before = "2025-12-01 radiotherapy timing=preoperative"
        recurrence = "2026-02-20 recurrence status=confirmed local=true"
        assert verdict(self.NAME, before, referral(), PATHOLOGY, recurrence, mdt("surgery")) == "not met"


class TestCloseMargin:
    NAME = "radiotherapy_for_close_margin"
    NEEDS = "radiotherapy after a margin of 10 mm or less, once re-excision has been considered"
    SMALL = referral(size="40", depth="superficial")

    def test_a_small_superficial_tumour_of_grade_1_with_a_margin_of_8_mm(self, answer) -> None:
        surgery = "2026-04-01 surgery margin_mm=8 margin_barrier=none"
        log = (self.SMALL, "2026-01-20 pathology grade=1", surgery, COMPLETED)
        found = "margin 8 mm, barrier none, at the operation of 1 Apr; no radiotherapy on record"
        told = not_met(self.NEEDS, found, "radiotherapy timing=postoperative", (3,))
        assert answer(self.NAME, *log) == told
        assert answer("radiotherapy_for_high_risk", *log) == NOT_ASKED

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("margin_mm=10 margin_barrier=none", "not met"),
            ("margin_mm=10.1 margin_barrier=none", "not asked"),
            ("margin_mm=1 margin_barrier=fascia", "not asked"),
            ("margin_mm=1 fascial_plane_intact=true", "not asked"),
            ("r_class=R1", "not met"),
            ("margin_mm=15 r_class=R1", "not met"),
            ("r_class=R2", "not met"),
            ("margin_mm=15 r_class=R2", "not met"),
            ("r_class=R2 margin_barrier=fascia", "not met"),
            ("r_class=R0", "unknown"),
            ("margin_mm=5", "unknown"),
            ("", "unknown"),
        ],
    )
    def test_a_margin_is_close_up_to_a_centimetre_without_barrier(self, verdict, said: str, expected: str) -> None:
        log = (self.SMALL, f"2026-04-01 surgery {said}")
        assert verdict(self.NAME, *log, COMPLETED) == expected
        given = "2026-05-01 radiotherapy timing=postoperative"
        answered = "not asked" if expected == "not asked" else "met"
        assert verdict(self.NAME, *log, given, COMPLETED) == answered

    def test_a_re_excision_is_judged_instead_of_the_first_operation(self, verdict) -> None:
        first = "2026-04-01 surgery margin_mm=2 margin_barrier=none"
        again = "2026-05-01 surgery operation=re_excision margin_mm=20"
        assert verdict(self.NAME, self.SMALL, first, again, COMPLETED) == "not asked"

    def test_other_sites_metastases_and_patients_without_operation_are_not_asked(self, answer) -> None:
        close = "2026-04-01 surgery margin_mm=2 margin_barrier=none"
        assert answer(self.NAME, referral(site="uterus"), close, COMPLETED) == NOT_ASKED
        assert answer(self.NAME, self.SMALL, COMPLETED) == NOT_ASKED
        assert answer(self.NAME, self.SMALL, "2026-02-01 staging m=1", close, COMPLETED) == NOT_ASKED

    def test_the_site_is_asked(self, answer) -> None:
        told = answer(self.NAME, "2026-04-01 surgery margin_mm=2 margin_barrier=none", COMPLETED)
        assert isinstance(told, Answer)
        assert [(ask.fact, ask.line) for ask in told.asks] == [("site_group", None)]


class TestConsidered:
    NAME = "radiotherapy_considered"
    SMALL = referral(size="40", depth="superficial")
    WIDE = "2026-04-01 surgery operation=wide_excision margin_mm=15"

    def test_a_deep_tumour_of_60_mm_and_grade_2_with_a_margin_of_15_mm_is_shown_both_rules(
        self, answer, verdict
    ) -> None:
        log = (referral(), PATHOLOGY, mdt("surgery"), self.WIDE, COMPLETED)
        needs = "radiotherapy considered after an adequate margin: given, or decided on by the MDT after the operation"
        margin = "margin 15 mm, barrier not known, at the operation of 1 Apr"
        found = f"{margin}; no radiotherapy and no later meeting on record"
        assert answer(self.NAME, *log) == not_met(needs, found, 'mdt decision="…"', (4,))
        assert verdict("radiotherapy_for_high_risk", *log) == "not met"

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("margin_mm=10.1", "not met"),
            ("margin_mm=10 margin_barrier=none", "not asked"),
            ("margin_mm=1 margin_barrier=fascia", "not met"),
            ("r_class=R1", "not asked"),
            ("margin_mm=15 r_class=R2", "not asked"),
            ("r_class=R2 margin_barrier=fascia", "not asked"),
            ("margin_mm=5", "unknown"),
            ("", "unknown"),
        ],
    )
    def test_only_an_adequate_margin_is_asked(self, verdict, said: str, expected: str) -> None:
        assert verdict(self.NAME, self.SMALL, f"2026-04-01 surgery {said}", COMPLETED) == expected

    def test_radiotherapy_or_a_later_meeting_that_decides_has_considered_it(self, verdict) -> None:
        log = (self.SMALL, self.WIDE)
        for between, expected in (
            ("2026-05-01 radiotherapy timing=postoperative", "met"),
            ("2026-05-01 radiotherapy timing=palliative", "not met"),
            ("2026-04-01 mdt decision=none", "met"),
            ("2026-03-31 mdt decision=none", "not met"),
            ("2026-04-10 mdt centre=north", "not met"),
            ('2026-04-10 mdt plan=[{"treatment":"observation"}]', "met"),
        ):
            assert verdict(self.NAME, *log, between, COMPLETED) == expected

    def test_which_came_first_is_asked(self, asked_facts) -> None:
        meeting = "2026-04 mdt decision=none"
        operated = "2026-04-20 surgery operation=wide_excision margin_mm=15"
        assert asked_facts(self.NAME, self.SMALL, operated, meeting, COMPLETED) == [("mdt.on", 3)]
        vague = operated.replace("2026-04-20", "2026-04")
        assert asked_facts(self.NAME, self.SMALL, vague, "2026-04-10 mdt decision=none", COMPLETED) == [
            ("surgery.on", 2)
        ]

    def test_a_missing_site_is_asked_and_another_one_is_not(self, asked_facts, answer) -> None:
        assert asked_facts(self.NAME, self.WIDE, COMPLETED) == [("site_group", None)]
        assert answer(self.NAME, referral(site="retroperitoneum"), self.WIDE, COMPLETED) == NOT_ASKED
        assert answer(self.NAME, self.SMALL, "2026-02-01 staging m=1", self.WIDE, COMPLETED) == NOT_ASKED
        assert answer(self.NAME, self.SMALL, COMPLETED) == NOT_ASKED
        assert answer(self.NAME, self.SMALL, self.WIDE) == NOT_ASKED


class TestBeforeTheOperation:
    NAME = "no_radiotherapy_before_surgery"
    BEHIND = referral(site="retroperitoneum")
    NEEDS = "no radiotherapy before the operation on a tumour of the retroperitoneum"

    @pytest.mark.parametrize(("timing", "expected"), [("preoperative", "not met"), ("postoperative", "met")])
    def test_the_plan(self, verdict, timing: str, expected: str) -> None:
        course = f'{{"treatment":"radiotherapy","timing":"{timing}"}}'
        assert verdict(self.NAME, self.BEHIND, f'2026-03-01 mdt plan=[{course},{{"treatment":"surgery"}}]') == expected
        assert verdict(self.NAME, self.BEHIND, f"2026-03-01 mdt plan=[{course}]") == "not asked"

    def test_the_radiotherapy_itself(self, answer, verdict) -> None:
        told = answer(self.NAME, self.BEHIND, "2026-05-01 radiotherapy timing=preoperative")
        assert told == not_met(self.NEEDS, "radiotherapy before the operation")
        for timing in ("postoperative", "palliative", "definitive"):
            assert verdict(self.NAME, self.BEHIND, f"2026-05-01 radiotherapy timing={timing}") == "not asked"

    def test_what_is_missing_is_asked(self, asked_facts) -> None:
        assert asked_facts(self.NAME, self.BEHIND, "2026-03-01 mdt decision=yes") == [("mdt.plan", 2)]
        assert asked_facts(self.NAME, self.BEHIND, "2026-05-01 radiotherapy") == [("radiotherapy.timing", 2)]
        given = "2026-05-01 radiotherapy timing=preoperative"
        assert asked_facts(self.NAME, referral(site=""), given) == [("site_group", None)]

    def test_other_sites_spread_and_relief_are_not_asked(self, answer) -> None:
        given = "2026-05-01 radiotherapy timing=preoperative"
        assert answer(self.NAME, referral(), given) == NOT_ASKED
        assert answer(self.NAME, self.BEHIND, "2026-02-01 staging m=1", given) == NOT_ASKED
        assert answer(self.NAME, self.BEHIND, "2026-02-01 mdt intent=palliative", given) == NOT_ASKED
        assert answer(self.NAME, self.BEHIND, "2026-05-01 surgery") == NOT_ASKED
