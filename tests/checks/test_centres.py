"""Where the patient is treated, and which team has met about the tumour."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lmstrack.rules import MET, NOT_ASKED, not_met
from tests.storyteller import WORKFLOW, tell

REFERRAL = "2026-01-01 referral site_group=retroperitoneum size_mm=120"
OPERATED = "2026-04-20 surgery operation=compartmental_en_bloc"


class TestPlaceOfTreatment:
    NAME = "treated_at_designated_centre"

    @pytest.mark.parametrize("treatment", ["surgery", "radiotherapy timing=palliative", "systemic line=1"])
    def test_the_treatment_says_where_it_is_given(self, verdict, treatment: str) -> None:
        alone = "2026-03-01 mdt decision=yes shared_care=false"
        assert verdict(self.NAME, alone, f"2026-04-20 {treatment} centre_designated=true") == "met"
        assert verdict(self.NAME, alone, f"2026-04-20 {treatment} centre_designated=false") == "not met"
        assert verdict(self.NAME, alone, f"2026-04-20 {treatment}") == "unknown"

    def test_what_stands_in_the_way_is_named(self, answer) -> None:
        needs = "treatment at a designated sarcoma centre, or care shared with one"
        found = "not at a designated centre, and the care is not shared with one"
        alone = "2026-03-01 mdt decision=yes shared_care=false"
        elsewhere = "2026-04-20 surgery centre_designated=false"
        assert answer(self.NAME, alone, elsewhere) == not_met(needs, found)
        nobody = "not at a designated centre, and no MDT on record shares the care"
        assert answer(self.NAME, elsewhere) == not_met(needs, nobody)

    def test_shared_care_makes_up_for_the_place(self, verdict, asked_facts) -> None:
        elsewhere = "2026-04-20 surgery centre_designated=false"
        assert verdict(self.NAME, "2026-03-01 mdt shared_care=true", elsewhere) == "met"
        later = "2026-03-08 mdt decision=yes"
        assert verdict(self.NAME, "2026-03-01 mdt shared_care=true", later, elsewhere) == "met"
        assert asked_facts(self.NAME, later, elsewhere) == [("mdt.shared_care", 1)]

    def test_a_centre_that_the_settings_list_is_designated_however_it_is_written(self, verdict) -> None:
        named = "2026-04-20 surgery centre=NORTH"
        assert verdict(self.NAME, named, listed=("North", "West")) == "met"
        assert verdict(self.NAME, named, listed=("South",)) == "unknown"
        assert verdict(self.NAME, f"{named} centre_designated=false", listed=("North",)) == "met"

    def test_a_place_that_is_only_named_is_asked_about_whatever_the_team_is(self, asked_facts) -> None:
        team = "2026-03-01 mdt centre_designated=true"
        assert asked_facts(self.NAME, team, "2026-04-20 surgery centre=south") == [("surgery.centre_designated", 2)]

    def test_the_plan_speaks_before_the_team(self, verdict) -> None:
        here = '2026-03-01 mdt centre_designated=false plan=[{"treatment":"surgery","centre_designated":true}]'
        there = (
            "2026-03-01 mdt centre_designated=true shared_care=false "
            'plan=[{"treatment":"surgery","centre_designated":false}]'
        )
        assert verdict(self.NAME, here, "2026-04-20 surgery") == "met"
        assert verdict(self.NAME, there, "2026-04-20 surgery") == "not met"
        assert verdict(self.NAME, there, "2026-04-20 radiotherapy timing=preoperative") == "met"

    def test_a_plan_or_a_team_that_names_a_listed_centre_is_at_one(self, verdict) -> None:
        planned = '2026-03-01 mdt plan=[{"treatment":"surgery","centre":"north"}]'
        assert verdict(self.NAME, planned, "2026-04-20 surgery", listed=("North",)) == "met"
        assert verdict(self.NAME, "2026-03-01 mdt centre=north", "2026-04-20 surgery", listed=("North",)) == "met"

    def test_several_cycles_put_one_question_to_the_team(self, asked_facts) -> None:
        team, first, second = "2026-03-01 mdt decision=yes", "2026-04-20 systemic line=1", "2026-05-11 systemic line=1"
        assert asked_facts(self.NAME, team, first) == [("mdt.centre_designated", 1)]
        assert asked_facts(self.NAME, team, first, second) == [("mdt.centre_designated", 1)]

    def test_only_treatments_are_asked(self, answer) -> None:
        assert answer(self.NAME, REFERRAL) == NOT_ASKED
        assert answer(self.NAME, "2026-03-01 mdt centre_designated=false") == NOT_ASKED


class TestBiopsy:
    NAME = "biopsy_centre_accepted"

    def test_a_listed_centre_is_designated_for_a_biopsy_too(self, verdict) -> None:
        taken = "2026-01-15 biopsy centre=North mdt_approved_local=false"
        assert verdict(self.NAME, taken, listed=("North",)) == "met"
        assert verdict(self.NAME, taken) == "unknown"


class TestTeamOfTheSite:
    NAME = "seen_by_team_of_the_site"
    NEEDS = "a meeting of a team with expertise in tumours of the retroperitoneum, on or before 20 Apr 2026"

    def test_a_team_with_the_expertise_has_met(self, verdict) -> None:
        assert verdict(self.NAME, REFERRAL, "2026-03-01 mdt rps_expertise=true", OPERATED) == "met"
        assert verdict(self.NAME, REFERRAL, "2026-04-20 mdt rps_expertise=true", OPERATED) == "met"
        assert verdict(self.NAME, REFERRAL, "2026-04-21 mdt rps_expertise=true", OPERATED) == "not met"

    def test_without_it_the_treatment_is_told_what_is_missing(self, answer) -> None:
        fix = 'mdt rps_expertise=true decision="…"'
        assert answer(self.NAME, REFERRAL, OPERATED) == not_met(self.NEEDS, "no MDT on record", fix)
        told = answer(self.NAME, REFERRAL, "2026-03-01 mdt rps_expertise=false", OPERATED)
        assert told == not_met(self.NEEDS, "the MDT of 1 Mar has not that expertise", fix)

    def test_what_is_not_said_is_asked(self, asked_facts) -> None:
        silent = "2026-03-01 mdt decision=yes"
        assert asked_facts(self.NAME, REFERRAL, silent, OPERATED) == [("mdt.rps_expertise", 2)]
        vague = "2026-04 mdt rps_expertise=true"
        assert asked_facts(self.NAME, REFERRAL, vague, OPERATED) == [("mdt.on", 2)]
        assert asked_facts(self.NAME, REFERRAL, "2026-04 surgery") == [("surgery.on", 2)]

    def test_a_site_that_is_not_known_is_asked_unless_the_experts_have_met(self, asked_facts, verdict) -> None:
        referral, no = "2026-01-01 referral size_mm=50", "2026-03-01 mdt rps_expertise=false"
        assert asked_facts(self.NAME, referral, no, OPERATED) == [("site_group", None)]
        assert verdict(self.NAME, referral, "2026-03-01 mdt rps_expertise=true", OPERATED) == "met"

    def test_radiotherapy_waits_for_them_before_it_starts(self, verdict) -> None:
        team = "2026-04-15 mdt rps_expertise=true"
        given = "2026-05-20 radiotherapy started_on={} timing=preoperative"
        assert verdict(self.NAME, REFERRAL, team, given.format("2026-04-15")) == "met"
        assert verdict(self.NAME, REFERRAL, team, given.format("2026-04-14")) == "not met"

    def test_the_team_of_the_first_course_knows_the_patient_of_the_recurrence(self, verdict) -> None:
        back = "2026-04-01 recurrence status=confirmed local=true"
        assert verdict(self.NAME, REFERRAL, "2026-03-01 mdt rps_expertise=true", back, OPERATED) == "met"

    def test_other_sites_and_other_events_are_not_asked(self, answer) -> None:
        assert answer(self.NAME, "2026-01-01 referral site_group=visceral", OPERATED) == NOT_ASKED
        assert answer(self.NAME, REFERRAL, "2026-03-01 mdt rps_expertise=false") == NOT_ASKED
        assert answer(self.NAME, REFERRAL, "2026-03-01 mdt rps_expertise=true", OPERATED) == MET


class TestListInTheSettings:
    STORY = {  # noqa: RUF012  nobody changes it
        "story": "The centre that the site lists needs no further word",
        "so far": [
            {"2026-03-02": {"referral": {"site_group": "extremity", "size_mm": 40, "depth": "superficial"}}},
            {"2026-03-23": {"pathology": {"specimen": "biopsy", "is_lms": True, "grade": 2}}},
            {"2026-04-02": {"mdt": {"decision": "operate", "plan": [{"treatment": "surgery"}]}}},
        ],
        "then": {"2026-04-20": {"surgery": {"operation": "wide_excision", "centre": "North"}}},
    }

    @pytest.mark.parametrize(("listed", "expected"), [((), "unknown"), (("South", "North"), "met")])
    def test_it_reaches_the_check_through_the_walk(self, listed: tuple[str, ...], expected: str) -> None:
        site = replace(WORKFLOW, settings=replace(WORKFLOW.settings, designated_centres=listed))
        tell({**self.STORY, "answers": {"LMS-PI-05": expected}}, {site.name: site})
