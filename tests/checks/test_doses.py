"""The dose of radiotherapy, planned and given."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, not_met

LIMB = "2026-01-01 referral site_group=extremity"


def given(timing: str, said: str = "") -> str:
    return f"2026-05-20 radiotherapy timing={timing} {said}"


def planned(*courses: str) -> str:
    return f"2026-03-01 mdt plan=[{','.join(courses)}]"


class TestAfterTheOperation:
    NAME = "postoperative_dose_within"
    NEEDS = "50 to 66 Gy after the operation, in fractions of 1.8 to 2 Gy"

    @pytest.mark.parametrize(
        ("dose", "fractions", "expected"),
        [
            ("49.9", "25", "not met"),
            ("50", "25", "met"),
            ("66", "33", "met"),
            ("66.1", "33", "not met"),
            ("50.4", "28", "met"),
            ("64.8", "36", "met"),  # 1.8 Gy, which floating point makes a little less
            ("50", "28", "not met"),
            ("60", "30", "met"),
            ("60.3", "30", "not met"),
        ],
    )
    def test_both_sides_of_each_limit(self, verdict, dose: str, fractions: str, expected: str) -> None:
        assert verdict(self.NAME, LIMB, given("postoperative", f"dose_gy={dose} fractions={fractions}")) == expected

    def test_what_was_given_is_named(self, answer) -> None:
        told = answer(self.NAME, LIMB, given("postoperative", "dose_gy=30 fractions=10"))
        assert told == not_met(self.NEEDS, "30 Gy in 10 fractions")

    def test_a_boost_counts_for_dose_and_fractions(self, verdict) -> None:
        apart = "dose_gy=50 fractions=25 boost_to_gy=66"
        whole = "dose_gy=50 fractions=33 boost_to_gy=66"
        brought = "dose_gy=46 fractions=23 boost_to_gy=60"
        for said in (apart, whole, brought):
            assert verdict(self.NAME, LIMB, given("postoperative", said)) == "met"
        assert verdict(self.NAME, LIMB, given("postoperative", "dose_gy=40 fractions=20 boost_to_gy=48")) == "not met"

    def test_what_is_missing_is_asked_once_it_matters(self, asked_facts, verdict) -> None:
        dose, fractions = ("radiotherapy.dose_gy", 2), ("radiotherapy.fractions", 2)
        assert asked_facts(self.NAME, LIMB, given("postoperative")) == [dose, fractions]
        assert asked_facts(self.NAME, LIMB, given("postoperative", "fractions=25")) == [dose]
        assert asked_facts(self.NAME, LIMB, given("postoperative", "dose_gy=50")) == [fractions]
        assert verdict(self.NAME, LIMB, given("postoperative", "dose_gy=70")) == "not met"
        assert verdict(self.NAME, LIMB, given("postoperative", "status=started")) == "not asked"
        assert verdict(self.NAME, LIMB, given("postoperative", "status=started dose_gy=70")) == "not met"

    def test_the_plan_is_held_to_the_numbers_it_gives(self, answer, verdict) -> None:
        course = '{{"treatment":"radiotherapy","timing":"postoperative"{}}}'
        assert verdict(self.NAME, LIMB, planned(course.format(',"dose_gy":60,"fractions":30'))) == "met"
        assert verdict(self.NAME, LIMB, planned(course.format(',"dose_gy":70'))) == "not met"
        assert answer(self.NAME, LIMB, planned(course.format(""))) == NOT_ASKED
        assert answer(self.NAME, LIMB, planned(course.format(',"dose_gy":60'))) == NOT_ASKED
        assert answer(self.NAME, LIMB, "2026-03-01 mdt decision=yes") == NOT_ASKED

    @pytest.mark.parametrize("timing", ["preoperative", "palliative", "definitive"])
    def test_radiotherapy_at_another_time_is_not_asked(self, answer, timing: str) -> None:
        assert answer(self.NAME, LIMB, given(timing, "dose_gy=8 fractions=1")) == NOT_ASKED
        assert answer(self.NAME, LIMB, "2026-05-20 radiotherapy dose_gy=8 fractions=1") == NOT_ASKED

    def test_the_uterus_is_not_asked_and_a_missing_site_is(self, answer, asked_facts, verdict) -> None:
        pelvis = given("postoperative", "dose_gy=45 fractions=25")
        assert answer(self.NAME, "2026-01-01 referral site_group=uterus", pelvis) == NOT_ASKED
        assert verdict(self.NAME, "2026-01-01 referral site_group=retroperitoneum", pelvis) == "not met"
        assert asked_facts(self.NAME, pelvis) == [("site_group", None)]
        assert answer(self.NAME, given("postoperative", "dose_gy=60 fractions=30")) == MET


class TestBeforeTheOperation:
    NAME = "preoperative_dose_within"

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("dose_gy=49.9 fractions=25", "not met"),
            ("dose_gy=50 fractions=25", "met"),
            ("dose_gy=50.4 fractions=28", "met"),
            ("dose_gy=50.5 fractions=28", "not met"),
            ("dose_gy=50 fractions=24", "not met"),
            ("dose_gy=50 fractions=29", "not met"),
            ("fractions=5", "not met"),
            ("dose_gy=30", "not met"),
            ("dose_gy=50", "unknown"),
            ("fractions=25", "unknown"),
            ("", "unknown"),
        ],
    )
    def test_both_sides_of_each_limit(self, verdict, said: str, expected: str) -> None:
        assert verdict(self.NAME, LIMB, given("preoperative", said)) == expected

    def test_several_planned_courses_are_judged_each(self, answer) -> None:
        right = '{"treatment":"radiotherapy","timing":"preoperative","dose_gy":50,"fractions":25}'
        wrong = '{"treatment":"radiotherapy","timing":"preoperative","dose_gy":36,"fractions":18}'
        other = '{"treatment":"radiotherapy","timing":"postoperative","dose_gy":36,"fractions":18}'
        assert answer(self.NAME, LIMB, planned(right, other)) == MET
        needs = "50 to 50.4 Gy before the operation, in 25 to 28 fractions"
        assert answer(self.NAME, LIMB, planned(right, wrong)) == not_met(needs, "36 Gy in 18 fractions")


class TestBoost:
    NAME = "boost_within"

    def test_both_sides_of_its_limit(self, verdict) -> None:
        assert verdict(self.NAME, LIMB, given("postoperative", "boost_to_gy=66 boost_reason=R1")) == "met"
        assert verdict(self.NAME, LIMB, given("postoperative", "boost_to_gy=66.1 boost_reason=R1")) == "not met"

    def test_without_its_reason_it_is_asked_for(self, asked_facts) -> None:
        assert asked_facts(self.NAME, LIMB, given("postoperative", "boost_to_gy=60")) == [
            ("radiotherapy.boost_reason", 2)
        ]
        boosted = '{"treatment":"radiotherapy","boost_to_gy":60}'
        assert asked_facts(self.NAME, LIMB, planned(boosted)) == [("mdt.plan.boost_reason", 2)]

    def test_relief_and_courses_without_boost_are_not_asked(self, answer) -> None:
        assert answer(self.NAME, LIMB, given("palliative", "boost_to_gy=70")) == NOT_ASKED
        assert answer(self.NAME, LIMB, given("postoperative", "dose_gy=70")) == NOT_ASKED
        assert answer(self.NAME, LIMB, "2026-05-20 surgery") == NOT_ASKED
