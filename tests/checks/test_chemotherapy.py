"""Chemotherapy around an operation, and drugs without evidence in this disease."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, Ask, not_met

CHOSEN = "chemotherapy_around_surgery_chosen"
HOLDS = "chemotherapy_holds_drug"
EVIDENCE = "no_drug_without_evidence"
REFERRAL = "2026-03-01 referral site_group=extremity depth=deep size_mm=51"
GRADED = "2026-03-10 pathology grade=2"
PLAN = '2026-03-20 mdt plan=[{"treatment":"surgery"},{"treatment":"systemic","line":"adjuvant"}]'
DECIDED = f"{PLAN} shared_decision_on=2026-03-25"
CYCLE = "2026-04-20 systemic line=adjuvant regimen=doxorubicin"


class TestChosen:
    def test_a_shared_decision_about_a_tumour_of_high_risk(self, answer) -> None:
        assert answer(CHOSEN, REFERRAL, GRADED, DECIDED) == MET
        assert answer(CHOSEN, REFERRAL, GRADED, DECIDED, CYCLE) == MET

    @pytest.mark.parametrize(
        ("referral", "grade", "found"),
        [
            (REFERRAL.replace("51", "50"), 3, "limb, depth deep, size 50 mm, grade 3"),
            (REFERRAL.replace("deep", "superficial"), 3, "limb, depth superficial, size 51 mm, grade 3"),
            (REFERRAL, 1, "limb, depth deep, size 51 mm, grade 1"),
            (REFERRAL.replace("extremity", "uterus"), 3, "uterus, depth deep, size 51 mm, grade 3"),
        ],
    )
    def test_any_other_tumour_is_no_reason_for_it(self, answer, referral: str, grade: int, found: str) -> None:
        needs = "a shared decision, about a deep tumour above 50 mm of grade 2 or 3, not of the uterus"
        said = answer(CHOSEN, referral, f"2026-03-10 pathology grade={grade}", DECIDED)
        assert said == not_met(needs, f"{found}; shared decision of 25 Mar 2026".replace(";", ","))

    def test_the_decision_is_asked_of_the_meeting(self, answer, asked_facts) -> None:
        question = "When did patient and team decide together on chemotherapy around the operation?"
        ask = Ask("mdt.shared_decision_on", question, "mdt shared_decision_on=DATE", (), 3)
        assert answer(CHOSEN, REFERRAL, GRADED, PLAN).asks == (ask,)
        assert asked_facts(CHOSEN, REFERRAL, GRADED, PLAN, CYCLE) == [("mdt.shared_decision_on", 3)]
        assert asked_facts(CHOSEN, REFERRAL, GRADED, CYCLE) == [("mdt.shared_decision_on", None)]

    def test_a_decision_after_the_first_cycle_is_too_late(self, verdict) -> None:
        late = PLAN + " shared_decision_on=2026-04-21"
        assert verdict(CHOSEN, REFERRAL, GRADED, late, CYCLE) == "not met"
        assert verdict(CHOSEN, REFERRAL, GRADED, late.replace("04-21", "04-20"), CYCLE) == "met"
        assert verdict(CHOSEN, REFERRAL, GRADED, late) == "met"

    def test_a_decision_of_an_earlier_course_does_not_count(self, verdict) -> None:
        assert verdict(CHOSEN, REFERRAL, GRADED, DECIDED, "2026-04-01 recurrence status=confirmed", CYCLE) == "unknown"

    def test_what_is_not_known_of_the_tumour_is_asked(self, asked_facts) -> None:
        wanted = [("site_group", None), ("depth", None), ("size_mm", None), ("grade", None)]
        assert asked_facts(CHOSEN, DECIDED) == wanted

    def test_before_the_operation_as_well(self, verdict) -> None:
        assert verdict(CHOSEN, GRADED, DECIDED.replace("adjuvant", "neoadjuvant")) == "unknown"
        assert verdict(CHOSEN, GRADED, CYCLE.replace("adjuvant", "neoadjuvant")) == "unknown"

    def test_only_the_first_cycle_and_only_around_an_operation(self, answer) -> None:
        assert answer(CHOSEN, CYCLE, CYCLE.replace("04-20", "05-11")) == NOT_ASKED
        assert answer(CHOSEN, CYCLE.replace("adjuvant", "1")) == NOT_ASKED
        assert answer(CHOSEN, PLAN.replace('"adjuvant"', '"1"')) == NOT_ASKED
        assert answer(CHOSEN, "2026-03-20 mdt decision=yes") == NOT_ASKED
        assert answer(CHOSEN, DECIDED, "2026-04-20 surgery") == NOT_ASKED


class TestHoldsADrug:
    def test_some_cycle_of_the_line_holds_it(self, answer) -> None:
        other = CYCLE.replace("doxorubicin", "ifosfamide").replace("04-20", "05-11")
        assert answer(HOLDS, CYCLE, other) == MET
        assert answer(HOLDS, other) == not_met("doxorubicin in the adjuvant treatment", "ifosfamide")

    def test_the_plan_holds_it(self, answer, asked_facts) -> None:
        named = PLAN.replace('"adjuvant"', '"adjuvant","regimen":["gemcitabine"]')
        assert answer(HOLDS, named) == not_met("doxorubicin in the adjuvant treatment", "gemcitabine")
        assert answer(HOLDS, named.replace("gemcitabine", "doxorubicin")) == MET
        assert asked_facts(HOLDS, PLAN) == [("mdt.plan", 1)]

    def test_cycles_without_their_drugs_are_asked_about(self, asked_facts) -> None:
        assert asked_facts(HOLDS, "2026-04-20 systemic line=adjuvant") == [("systemic.regimen", 1)]

    def test_other_lines_and_other_events_are_not_asked(self, answer) -> None:
        assert answer(HOLDS, CYCLE.replace("adjuvant", "neoadjuvant")) == NOT_ASKED
        assert answer(HOLDS, PLAN.replace("adjuvant", "neoadjuvant")) == NOT_ASKED
        assert answer(HOLDS, CYCLE, "2026-04-20 surgery") == NOT_ASKED


class TestEvidence:
    def test_it_is_named(self, answer) -> None:
        needs = "a drug with a licence or with evidence in this disease"
        assert answer(EVIDENCE, "2026-04-20 systemic line=3 regimen=eribulin") == not_met(needs, "eribulin")
        assert answer(EVIDENCE, "2026-04-20 systemic line=3 doses_mg_m2=eribulin:1.4") == not_met(needs, "eribulin")

    def test_other_drugs_meet_it(self, answer) -> None:
        assert answer(EVIDENCE, CYCLE) == MET

    def test_a_cycle_without_its_drugs_is_asked_for_them(self, asked_facts) -> None:
        assert asked_facts(EVIDENCE, "2026-04-20 systemic line=3") == [("systemic.regimen", 1)]

    def test_other_events_are_not_asked(self, answer) -> None:
        assert answer(EVIDENCE, CYCLE, "2026-04-20 surgery") == NOT_ASKED
