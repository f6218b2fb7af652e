"""Which operation a site asks for, and what is planned around it."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, Verdict, not_met

UTERUS = "2026-01-01 referral site_group=uterus size_mm=80"
BEHIND = "2026-01-01 referral site_group=retroperitoneum size_mm=120"
RP = {"site": "retroperitoneum", "operations": ["compartmental_en_bloc"], "intact": False}


def plan(*operations: str, more: str = "") -> str:
    held = ",".join(f'{{"treatment":"surgery"{each}}}' for each in operations)
    return f"2026-03-01 mdt plan=[{held}]{more}"


def of(operation: str, more: str = "") -> str:
    return f',"operation":"{operation}"{more}'


class TestOperationOfTheUterus:
    NAME = "operation_fits_site"
    NEEDS = "total hysterectomy for a tumour of the uterus, the specimen whole"

    @pytest.mark.parametrize(
        ("operation", "expected"),
        [
            (of("total_hysterectomy"), "met"),
            (of("total_hysterectomy", ',"specimen_intact":false'), "not met"),
            (of("total_hysterectomy", ',"morcellation":true'), "not met"),
            (of("total_hysterectomy", ',"morcellation":false'), "met"),
            (of("other"), "not met"),
            ("", "unknown"),
            (of("metastasectomy"), "not asked"),
        ],
    )
    def test_the_plan(self, verdict, operation: str, expected: str) -> None:
        assert verdict(self.NAME, UTERUS, plan(operation)) == expected

    def test_one_planned_operation_has_to_fit(self, answer) -> None:
        assert answer(self.NAME, UTERUS, plan(of("other"), of("total_hysterectomy"))) == MET
        spoilt = plan(of("other"), of("total_hysterectomy", ',"morcellation":true'))
        found = "planned: another operation and total hysterectomy with morcellation"
        assert answer(self.NAME, UTERUS, spoilt) == not_met(self.NEEDS, found)

    def test_a_plan_without_operation_and_a_meeting_without_plan(self, answer, asked_facts) -> None:
        assert answer(self.NAME, UTERUS, '2026-03-01 mdt plan=[{"treatment":"observation"}]') == NOT_ASKED
        assert asked_facts(self.NAME, UTERUS, "2026-03-01 mdt decision=yes") == [("mdt.plan", 2)]

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("operation=total_hysterectomy specimen_intact=true", "met"),
            ("operation=total_hysterectomy specimen_intact=false", "not met"),
            ("operation=total_hysterectomy morcellation=true", "not met"),
            ("operation=total_hysterectomy morcellation=true specimen_intact=true", "not met"),
            ("operation=total_hysterectomy morcellation=false", "unknown"),
            ("operation=total_hysterectomy", "unknown"),
            ("operation=other specimen_intact=true", "not met"),
            ("specimen_intact=true", "unknown"),
            ("operation=metastasectomy", "not asked"),
        ],
    )
    def test_the_operation(self, verdict, said: str, expected: str) -> None:
        assert verdict(self.NAME, UTERUS, f"2026-04-20 surgery {said}") == expected

    def test_what_is_missing_is_asked(self, asked_facts) -> None:
        said = "2026-04-20 surgery operation=total_hysterectomy"
        assert asked_facts(self.NAME, UTERUS, said) == [("surgery.specimen_intact", 2)]
        assert asked_facts(self.NAME, UTERUS, "2026-04-20 surgery") == [("surgery.operation", 2)]
        nowhere = "2026-01-01 referral size_mm=80"
        assert asked_facts(self.NAME, nowhere, "2026-04-20 surgery operation=other") == [("site_group", None)]

    def test_a_uterus_that_is_out_is_not_asked_for_again(self, answer) -> None:
        out = "2025-12-01 surgery operation=total_hysterectomy morcellation=true"
        assert answer(self.NAME, UTERUS, out, plan(of("other"))) == NOT_ASKED
        assert answer(self.NAME, UTERUS, out, "2026-04-20 surgery operation=other") == NOT_ASKED

    def test_spread_relief_and_other_sites_are_not_asked(self, answer) -> None:
        operated = "2026-04-20 surgery operation=other"
        assert answer(self.NAME, UTERUS, "2026-02-01 staging m=1", operated) == NOT_ASKED
        assert answer(self.NAME, UTERUS, "2026-03-01 mdt intent=palliative", operated) == NOT_ASKED
        assert answer(self.NAME, BEHIND, operated) == NOT_ASKED
        assert answer(self.NAME, UTERUS, "2026-04-20 radiotherapy") == NOT_ASKED

    def test_behind_the_peritoneum_no_specimen_is_asked_about(self, verdict, answer) -> None:
        done = "2026-04-20 surgery operation=compartmental_en_bloc specimen_intact=false"
        assert verdict(self.NAME, BEHIND, done, **RP) == "met"
        told = answer(self.NAME, BEHIND, "2026-04-20 surgery operation=wide_excision", **RP)
        assert told == not_met("compartmental resection en bloc for a tumour of the retroperitoneum", "wide excision")


class TestMorcellation:
    NAME = "not_morcellated"
    NEEDS = "a tumour of the uterus that is taken out without morcellation"

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("morcellation=true", "not met"),
            ("morcellation=true specimen_intact=true", "not met"),
            ("morcellation=false", "met"),
            ("morcellation=false specimen_intact=false", "met"),
            ("specimen_intact=true", "met"),
            ("specimen_intact=false", "unknown"),
            ("operation=total_hysterectomy", "unknown"),
            ("", "unknown"),
            ("operation=metastasectomy", "not asked"),
        ],
    )
    def test_the_operation(self, verdict, said: str, expected: str) -> None:
        assert verdict(self.NAME, UTERUS, f"2026-04-20 surgery {said}") == expected

    def test_the_plan_holds_what_it_speaks_of(self, answer) -> None:
        assert answer(self.NAME, UTERUS, plan(of("total_hysterectomy"))) == MET
        assert answer(self.NAME, UTERUS, "2026-03-01 mdt decision=yes") == NOT_ASKED
        told = answer(self.NAME, UTERUS, plan(of("total_hysterectomy", ',"morcellation":true')))
        assert told == not_met(self.NEEDS, "the plan of 1 Mar morcellates it")

    def test_a_uterus_that_is_out_is_asked_about_only_where_it_was_morcellated(self, verdict) -> None:
        out = "2025-12-01 surgery operation=total_hysterectomy"
        assert verdict(self.NAME, UTERUS, out, "2026-04-20 surgery operation=other") == "not asked"
        assert verdict(self.NAME, UTERUS, out, "2026-04-20 surgery operation=other morcellation=true") == "not met"

    def test_a_site_that_is_not_known_is_asked_where_it_may_be_the_uterus(self, asked_facts, answer) -> None:
        nowhere = "2026-01-01 referral size_mm=80"
        assert answer(self.NAME, nowhere, "2026-04-20 surgery operation=wide_excision") == NOT_ASKED
        unsaid = [("site_group", None), ("surgery.morcellation", 2)]
        assert asked_facts(self.NAME, nowhere, "2026-04-20 surgery operation=other") == unsaid
        said = "2026-04-20 surgery operation=other morcellation=true"
        assert asked_facts(self.NAME, nowhere, said) == [("site_group", None)]

    def test_other_sites_and_other_events_are_not_asked(self, answer) -> None:
        assert answer(self.NAME, BEHIND, "2026-04-20 surgery morcellation=true") == NOT_ASKED
        assert answer(self.NAME, UTERUS, "2026-04-20 radiotherapy") == NOT_ASKED


class TestReconstruction:
    NAME = "reconstruction_stated"

    @pytest.mark.parametrize("site", ["extremity", "retroperitoneum", "visceral"])
    def test_a_plan_for_a_large_tumour_speaks_of_it(self, verdict, site: str) -> None:
        large = f"2026-01-01 referral site_group={site} size_mm=50.1"
        assert verdict(self.NAME, large, plan("")) == "not met"
        assert verdict(self.NAME, large, plan(',"reconstruction":false')) == "met"
        assert verdict(self.NAME, large, plan(',"reconstruction":"graft"')) == "met"
        assert verdict(self.NAME, f"2026-01-01 referral site_group={site} size_mm=50", plan("")) == "not asked"

    def test_what_is_not_known_is_asked(self, asked_facts, answer) -> None:
        assert asked_facts(self.NAME, plan("")) == [("site_group", None), ("size_mm", None)]
        told = answer(self.NAME, "2026-01-01 referral site_group=extremity", plan(""))
        assert (told.verdict, told.found) == (Verdict.UNKNOWN, "the plan of 1 Mar does not speak of it")

    def test_it_is_silent_where_no_operation_is_planned(self, answer) -> None:
        assert answer(self.NAME, BEHIND, "2026-03-01 mdt decision=yes") == NOT_ASKED
        assert answer(self.NAME, BEHIND, '2026-03-01 mdt plan=[{"treatment":"observation"}]') == NOT_ASKED
        assert answer(self.NAME, BEHIND, plan(of("metastasectomy"))) == NOT_ASKED
        assert answer(self.NAME, UTERUS, plan("")) == NOT_ASKED
        assert answer(self.NAME, BEHIND, "2026-04-20 surgery") == NOT_ASKED


class TestTreatmentBefore:
    NAME = "treatment_before_surgery_considered"

    @pytest.mark.parametrize(
        ("before", "expected"),
        [
            ('{"treatment":"radiotherapy","timing":"preoperative"}', "met"),
            ('{"treatment":"systemic","line":"neoadjuvant"}', "met"),
            ('{"treatment":"radiotherapy","timing":"postoperative"}', "not met"),
            ('{"treatment":"systemic","line":"adjuvant"}', "not met"),
        ],
    )
    def test_the_plan_holds_it(self, verdict, before: str, expected: str) -> None:
        told = f'2026-03-01 mdt rps_expertise=false plan=[{before},{{"treatment":"surgery"}}]'
        assert verdict(self.NAME, BEHIND, told) == expected

    def test_experts_have_considered_it(self, verdict, asked_facts) -> None:
        assert verdict(self.NAME, BEHIND, plan("", more=" rps_expertise=true")) == "met"
        assert verdict(self.NAME, BEHIND, plan("", more=" rps_expertise=false")) == "not met"
        assert asked_facts(self.NAME, BEHIND, plan("")) == [("mdt.rps_expertise", 2)]
        assert asked_facts(self.NAME, BEHIND, "2026-03-01 mdt rps_expertise=true") == [("mdt.plan", 2)]

    def test_it_is_silent_elsewhere_and_afterwards(self, answer) -> None:
        alone = plan("", more=" rps_expertise=false")
        assert answer(self.NAME, UTERUS, alone) == NOT_ASKED
        assert answer(self.NAME, BEHIND, "2026-02-01 staging m=1", alone) == NOT_ASKED
        assert answer(self.NAME, BEHIND, f"{alone} intent=palliative") == NOT_ASKED
        assert answer(self.NAME, BEHIND, "2026-02-01 surgery operation=other", alone) == NOT_ASKED
        assert answer(self.NAME, BEHIND, '2026-03-01 mdt plan=[{"treatment":"observation"}]') == NOT_ASKED
