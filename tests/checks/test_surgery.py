"""The tumour is taken out, with a margin, and the nodes stay."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, Verdict, not_met

LIMB = "2026-01-01 referral site_group=extremity"
OPERATION = "2026-04-01 surgery operation=wide_excision"
COMPLETED = "2026-06-01 treatment_completed next=surveillance"
PLAN_ASK = Ask("mdt.plan", "Which treatments does the MDT plan?", "mdt plan=@plan.json", (), 1)


def mdt(*treatments: str, said: str = "") -> str:
    plan = ",".join(f'{{"treatment":"{each}"}}' for each in treatments)
    return f"2026-03-01 mdt plan=[{plan}] {said}"


class TestSurgeryPlannedOrDone:
    NEEDS = "surgery, planned by the MDT or done"

    def test_a_plan_with_surgery(self, answer) -> None:
        assert answer("surgery_planned_or_done", mdt("radiotherapy", "surgery")) == MET

    def test_a_plan_without_surgery_is_named(self, answer) -> None:
        found = "the plan of 1 Mar holds radiotherapy and systemic treatment; no operation on record"
        told = answer("surgery_planned_or_done", mdt("radiotherapy", "systemic"))
        assert told == not_met(self.NEEDS, found)
        watched = answer("surgery_planned_or_done", mdt("observation"))
        assert watched == not_met(self.NEEDS, "the plan of 1 Mar holds observation; no operation on record")
        assert answer("surgery_planned_or_done", mdt()).found.startswith("the plan of 1 Mar holds no treatment")

    def test_a_meeting_without_a_plan_is_asked_for_it(self, answer) -> None:
        told = answer("surgery_planned_or_done", "2026-03-01 mdt decision=yes")
        found = "the MDT states no plan; no operation on record"
        assert told == Answer(Verdict.UNKNOWN, self.NEEDS, found, "", (PLAN_ASK,))

    def test_a_meeting_is_judged_by_its_own_plan(self, asked_facts) -> None:
        later = "2026-03-08 mdt decision=yes"
        assert asked_facts("surgery_planned_or_done", mdt("surgery"), later) == [("mdt.plan", 2)]
        two = ("2026-03-02 mdt decision=yes", later, "2026-04-01 radiotherapy")
        assert asked_facts("surgery_planned_or_done", *two) == [("mdt.plan", 2)]

    def test_an_operation_before_the_referral_counts(self, verdict) -> None:
        before = "2025-12-01 surgery operation=unplanned_excision"
        assert verdict("surgery_planned_or_done", before, LIMB, mdt("observation")) == "met"
        assert verdict("surgery_planned_or_done", before, LIMB, "2026-04-01 radiotherapy") == "met"

    def test_an_operation_on_metastases_does_not(self, verdict) -> None:
        lung = "2026-02-01 surgery operation=metastasectomy"
        assert verdict("surgery_planned_or_done", lung, mdt("observation")) == "not met"

    @pytest.mark.parametrize("given", ["radiotherapy timing=preoperative", "systemic line=neoadjuvant"])
    def test_another_treatment_comes_with_an_operation_done_or_planned(self, verdict, asked_facts, given: str) -> None:
        treatment = f"2026-04-01 {given}"
        assert verdict("surgery_planned_or_done", mdt("surgery"), treatment) == "met"
        assert verdict("surgery_planned_or_done", mdt("systemic"), treatment) == "not met"
        assert asked_facts("surgery_planned_or_done", treatment) == [("mdt.plan", None)]
        decided = "2026-03-01 mdt decision=yes"
        assert asked_facts("surgery_planned_or_done", decided, treatment) == [("mdt.plan", 1)]

    def test_the_operation_itself(self, answer) -> None:
        assert answer("surgery_planned_or_done", OPERATION) == MET

    def test_the_operation_of_an_earlier_course_does_not_count(self, verdict) -> None:
        before = "2025-12-01 surgery operation=wide_excision"
        recurrence = "2026-02-20 recurrence status=confirmed local=true"
        assert verdict("surgery_planned_or_done", before, recurrence, mdt("observation")) == "not met"

    def test_palliative_intent_and_metastases_are_not_asked(self, answer) -> None:
        palliative = mdt("systemic", said="intent=palliative")
        assert answer("surgery_planned_or_done", palliative) == NOT_ASKED
        assert answer("surgery_planned_or_done", palliative, "2026-04-01 systemic line=1") == NOT_ASKED
        assert answer("surgery_planned_or_done", "2026-02-01 staging m=1", mdt("systemic")) == NOT_ASKED
        assert answer("surgery_planned_or_done", "2026-04-01 radiotherapy timing=palliative") == NOT_ASKED


class TestMarginAdequate:
    NEEDS = (
        "a margin above 10 mm, or one closed by fascia, periosteum, epineurium, vessel wall or peritoneum "
        "or an intact fascial plane, and no visible tumour left"
    )

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("margin_mm=10.1", "met"),
            ("margin_mm=10 margin_barrier=none", "not met"),
            ("margin_mm=10 fascial_plane_intact=false", "not met"),
            ("margin_mm=10", "unknown"),
            ("margin_mm=1 margin_barrier=fascia", "met"),
            ("margin_mm=1 fascial_plane_intact=true", "met"),
            ("margin_barrier=none", "unknown"),
            ("r_class=R0", "unknown"),
            ("r_class=R1", "not met"),
            ("margin_mm=0 r_class=R1", "not met"),
            ("margin_mm=0 r_class=RX", "unknown"),
            ("margin_mm=15 r_class=R1", "not met"),
            ("margin_mm=0 r_class=R1 margin_barrier=fascia", "met"),
            ("r_class=R2", "not met"),
            ("margin_mm=15 r_class=R2", "not met"),
            ("margin_mm=0 r_class=R2 margin_barrier=fascia", "not met"),
            ("r_class=R2 fascial_plane_intact=true", "not met"),
            ("r_class=RX", "unknown"),
            ("", "unknown"),
        ],
    )
    def test_more_than_a_centimetre_or_a_barrier(self, verdict, said: str, expected: str) -> None:
        assert verdict("margin_adequate", LIMB, f"{OPERATION} {said}", COMPLETED) == expected

    def test_a_close_margin_is_told(self, answer) -> None:
        told = answer("margin_adequate", LIMB, f"{OPERATION} margin_mm=8 r_class=R0 margin_barrier=none", COMPLETED)
        found = "margin 8 mm, R0, barrier none, at the operation of 1 Apr"
        assert told == not_met(self.NEEDS, found, lines=(2,))

    def test_only_a_listed_barrier_closes_a_margin(self, verdict) -> None:
        close = f"{OPERATION} margin_mm=1 margin_barrier=epineurium"
        assert verdict("margin_adequate", LIMB, close, COMPLETED, barriers=["fascia"]) == "not met"

    def test_what_is_not_known_of_the_margin_is_asked(self, answer) -> None:
        told = answer("margin_adequate", LIMB, OPERATION, COMPLETED)
        width = Ask(
            "surgery.margin_mm",
            "How wide is the closest margin, in millimetres?",
            "surgery margin_mm=NUMBER",
            (),
            2,
        )
        barrier = Ask(
            "surgery.margin_barrier",
            "Which barrier closes the closest margin, if any?",
            "surgery margin_barrier=fascia",
            (),
            2,
        )
        found = "margin not known, barrier not known, at the operation of 1 Apr"
        assert told == Answer(Verdict.UNKNOWN, self.NEEDS, found, "", (width, barrier), (2,))

    def test_a_fascia_that_was_opened_is_not_asked_about_again(self, asked_facts) -> None:
        opened = f"{OPERATION} fascial_plane_intact=false"
        assert asked_facts("margin_adequate", LIMB, opened, COMPLETED) == [("surgery.margin_mm", 2)]

    def test_the_latest_operation_on_the_tumour_counts(self, verdict) -> None:
        close = "2026-03-01 surgery margin_mm=1 margin_barrier=none"
        again = "2026-04-01 surgery operation=re_excision margin_mm=12"
        lung = "2026-05-01 surgery operation=metastasectomy margin_mm=1 margin_barrier=none"
        assert verdict("margin_adequate", LIMB, close, again, lung, COMPLETED) == "met"

    def test_other_sites_and_patients_without_operation_are_not_asked(self, answer, asked_facts, verdict) -> None:
        close = f"{OPERATION} margin_mm=1 margin_barrier=none"
        uterus = "2026-01-01 referral site_group=uterus"
        assert answer("margin_adequate", uterus, close, COMPLETED) == NOT_ASKED
        assert answer("margin_adequate", LIMB, COMPLETED) == NOT_ASKED
        assert asked_facts("margin_adequate", close, COMPLETED) == [("site_group", None)]
        assert verdict("margin_adequate", f"{OPERATION} margin_mm=11", COMPLETED) == "met"


class TestNodesLeft:
    NEEDS = "lymph nodes left in place unless they are involved"
    DISSECTION = '2026-03-01 mdt plan=[{"treatment":"surgery","lymphadenectomy":true}]'

    def test_a_plan_that_does_not_speak_of_nodes_leaves_them(self, answer) -> None:
        assert answer("nodes_left", mdt("surgery")) == MET

    def test_no_plan_is_asked_for(self, asked_facts) -> None:
        assert asked_facts("nodes_left", "2026-03-01 mdt decision=yes") == [("mdt.plan", 1)]

    @pytest.mark.parametrize(
        ("staging", "expected"),
        [
            ("nodes_macroscopic=true", "met"),
            ("n=1", "met"),
            ("n=0 nodes_macroscopic=true", "met"),
            ("n=0", "not met"),
            ("nodes_macroscopic=false", "not met"),
            ("n=X", "unknown"),
            ("t=2", "unknown"),
        ],
    )
    def test_involved_nodes_may_be_taken_out(self, verdict, staging: str, expected: str) -> None:
        assert verdict("nodes_left", f"2026-02-01 staging {staging}", self.DISSECTION) == expected
        done = "2026-04-01 surgery lymphadenectomy=true"
        assert verdict("nodes_left", f"2026-02-01 staging {staging}", done) == expected

    def test_only_the_latest_staging_counts(self, verdict) -> None:
        log = ("2026-02-01 staging n=1", "2026-02-10 staging n=0", self.DISSECTION)
        assert verdict("nodes_left", *log) == "not met"

    def test_what_was_done_without_need_is_told(self, answer) -> None:
        told = answer("nodes_left", "2026-02-01 staging n=0", self.DISSECTION)
        assert told == not_met(self.NEEDS, "a lymphadenectomy is planned; no node is involved")

    def test_whether_nodes_are_involved_is_asked(self, asked_facts) -> None:
        assert asked_facts("nodes_left", self.DISSECTION) == [("nodes_macroscopic", None)]

    @pytest.mark.parametrize(
        ("site", "expected"),
        [
            ("uterus", "unknown"),
            ("retroperitoneum", "unknown"),
            ("extremity", "not asked"),
            ("skin", "not asked"),
        ],
    )
    def test_an_operation_that_does_not_speak_of_nodes(self, verdict, site: str, expected: str) -> None:
        assert verdict("nodes_left", f"2026-01-01 referral site_group={site}", OPERATION) == expected

    def test_an_operation_that_left_them(self, answer) -> None:
        assert answer("nodes_left", f"{OPERATION} lymphadenectomy=false") == MET

    def test_metastasectomies_and_other_events_are_not_asked(self, answer) -> None:
        uterus = "2026-01-01 referral site_group=uterus"
        assert answer("nodes_left", uterus, "2026-04-01 surgery operation=metastasectomy") == NOT_ASKED
        assert answer("nodes_left", "2026-04-01 radiotherapy") == NOT_ASKED
