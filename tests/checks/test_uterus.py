"""In the uterus: ovaries are kept before the menopause, and there is no radiotherapy beside the operation."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, not_met

BSO = '2026-03-01 mdt plan=[{"treatment":"surgery","operation":"total_hysterectomy","bso":true}]'
UNSAID = BSO.replace(',"bso":true', "")
KEPT = BSO.replace("true", "false")
OPERATION = "2026-04-01 surgery operation=total_hysterectomy"
OTHER_SITE = "2026-01-01 referral site_group=retroperitoneum menopausal_status=pre"


def referral(said: str = "menopausal_status=pre") -> str:
    return f"2026-01-01 referral site_group=uterus {said}"


class TestOvariesKept:
    NEEDS = "the ovaries kept (premenopausal), or a germline syndrome"

    def test_removal_before_the_menopause_is_not_met(self, answer) -> None:
        found = "the plan removes the ovaries; premenopausal, nothing said of a germline syndrome"
        assert answer("ovaries_kept", referral(), BSO) == not_met(self.NEEDS, found)
        done = "the ovaries were removed; premenopausal, no germline syndrome"
        stated = referral("menopausal_status=pre germline_syndrome=none")
        assert answer("ovaries_kept", stated, f"{OPERATION} bso=true") == not_met(self.NEEDS, done)

    def test_a_germline_syndrome_is_a_reason(self, answer) -> None:
        syndrome = referral("menopausal_status=pre germline_syndrome=HLRCC")
        assert answer("ovaries_kept", syndrome, BSO) == MET

    @pytest.mark.parametrize("status", ["peri", "post", "not_applicable"])
    def test_after_the_menopause_it_is_not_asked(self, answer, status: str) -> None:
        assert answer("ovaries_kept", referral(f"menopausal_status={status}"), BSO) == NOT_ASKED
        assert answer("ovaries_kept", referral(f"menopausal_status={status}"), OPERATION) == NOT_ASKED

    def test_what_keeps_them_is_met(self, answer) -> None:
        observation = '2026-03-01 mdt plan=[{"treatment":"observation"}]'
        for event in (KEPT, observation, f"{OPERATION} bso=false"):
            assert answer("ovaries_kept", referral(), event) == MET

    def test_what_is_not_said_is_asked(self, asked_facts) -> None:
        assert asked_facts("ovaries_kept", referral(), UNSAID) == [("mdt.plan.bso", 2)]
        assert asked_facts("ovaries_kept", referral(), "2026-03-01 mdt decision=yes") == [("mdt.plan", 2)]
        assert asked_facts("ovaries_kept", referral(), OPERATION) == [("surgery.bso", 2)]
        unknown = [("surgery.bso", 2), ("menopausal_status", None)]
        assert asked_facts("ovaries_kept", referral(""), OPERATION) == unknown
        assert asked_facts("ovaries_kept", referral(""), BSO) == [("menopausal_status", None)]

    def test_the_site_is_asked_where_the_ovaries_go(self, asked_facts, verdict) -> None:
        pre = "2026-01-01 referral menopausal_status=pre"
        assert asked_facts("ovaries_kept", pre, BSO) == [("site_group", None)]
        assert verdict("ovaries_kept", pre, KEPT) == "met"

    def test_other_sites_operations_and_events_are_not_asked(self, answer) -> None:
        assert answer("ovaries_kept", OTHER_SITE, BSO) == NOT_ASKED
        lung = "2026-04-01 surgery operation=metastasectomy"
        assert answer("ovaries_kept", referral(), lung) == NOT_ASKED
        assert answer("ovaries_kept", referral(), "2026-04-01 radiotherapy") == NOT_ASKED


class TestNoAdjuvantRadiotherapy:
    NAME = "no_adjuvant_radiotherapy"
    NEEDS = "no radiotherapy beside the operation on a tumour of the uterus"
    PLAN = '2026-03-01 mdt plan=[{"treatment":"surgery"},{"treatment":"radiotherapy","timing":"postoperative"}]'

    def test_radiotherapy_planned_or_given_is_not_met(self, answer) -> None:
        told = not_met(self.NEEDS, "the plan of 1 Mar holds radiotherapy")
        assert answer(self.NAME, referral(), self.PLAN) == told
        given = answer(self.NAME, referral(), "2026-05-01 radiotherapy timing=postoperative")
        assert given == not_met(self.NEEDS, "postoperative radiotherapy")
        assert answer(self.NAME, referral(), "2026-05-01 radiotherapy").found == "radiotherapy"

    def test_a_plan_without_radiotherapy_or_with_palliative_radiotherapy_is_met(self, answer) -> None:
        assert answer(self.NAME, referral(), KEPT) == MET
        assert answer(self.NAME, referral(), self.PLAN.replace("postoperative", "palliative")) == MET

    def test_no_plan_and_no_site_are_asked(self, asked_facts, verdict) -> None:
        assert asked_facts(self.NAME, referral(), "2026-03-01 mdt decision=yes") == [("mdt.plan", 2)]
        assert asked_facts(self.NAME, self.PLAN) == [("site_group", None)]
        assert asked_facts(self.NAME, "2026-05-01 radiotherapy") == [("site_group", None)]
        assert verdict(self.NAME, KEPT) == "met"

    def test_what_it_does_not_concern_is_not_asked(self, answer) -> None:
        assert answer(self.NAME, OTHER_SITE, self.PLAN) == NOT_ASKED
        assert answer(self.NAME, referral(), "2026-02-01 staging m=1", self.PLAN) == NOT_ASKED
        assert answer(self.NAME, referral(), f"{self.PLAN} intent=palliative") == NOT_ASKED
        assert answer(self.NAME, referral(), "2026-05-01 radiotherapy timing=palliative") == NOT_ASKED
        assert answer(self.NAME, referral(), OPERATION) == NOT_ASKED
