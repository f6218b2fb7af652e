"""The heart under anthracyclines: its function before and during treatment, and the dose of a lifetime."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lmstrack.checks.cycles import dose_question
from lmstrack.events import Event
from lmstrack.records import Systemic
from lmstrack.rules import MET, NOT_ASKED, Ask, not_met

BEFORE = "lvef_before_anthracycline"
AGAIN = "lvef_again"
WITHIN = "cumulative_dose_within"
WITH_RISK = "cumulative_dose_with_cardiac_risk"
FIRST = "2026-03-20 systemic line=1 regimen=doxorubicin"
NEEDS = "an LVEF of 50 % or more, measured before an anthracycline"
NONE_BEFORE = "2026-01-01 referral prior_anthracycline_mg_m2=0"


def cycles(*doses: float, drug: str = "doxorubicin", month: str = "2026-04") -> list[str]:
    """A cycle on each day of the month, with these doses."""
    return [f"{month}-{day:02} systemic line=1 doses_mg_m2={drug}:{dose}" for day, dose in enumerate(doses, 1)]


@pytest.mark.parametrize("name", [BEFORE, AGAIN, WITHIN, WITH_RISK])
class TestWhatIsAsked:
    def test_other_events_are_not_asked(self, answer, name: str) -> None:
        assert answer(name, *cycles(300, 300), "2026-06-01 mdt decision=yes") == NOT_ASKED

    def test_cycles_without_an_anthracycline_are_not_asked(self, answer, name: str) -> None:
        assert answer(name, *cycles(300, 300), "2026-06-01 systemic line=2 regimen=pazopanib") == NOT_ASKED


class TestBeforeTheFirst:
    def test_none_on_record_does_not_do(self, answer) -> None:
        assert answer(BEFORE, FIRST) == not_met(NEEDS, "no LVEF on record", "cardiac_function lvef_pct=NUMBER")

    def test_fifty_per_cent_suffice_and_less_does_not(self, answer) -> None:
        assert answer(BEFORE, "2026-03-10 cardiac_function lvef_pct=50", FIRST) == MET
        low = answer(BEFORE, "2026-03-10 cardiac_function lvef_pct=49.5", FIRST)
        assert low == not_met(NEEDS, "LVEF 49.5 % of 10 Mar")

    def test_the_latest_measurement_counts(self, verdict) -> None:
        good, weak = "2026-03-10 cardiac_function lvef_pct=60", "2026-03-15 cardiac_function lvef_pct=40"
        assert verdict(BEFORE, good, weak, FIRST) == "not met"
        assert verdict(BEFORE, weak.replace("15", "05", 1), good, FIRST) == "met"

    def test_a_measurement_after_the_cycle_is_not_seen(self, verdict) -> None:
        assert verdict(BEFORE, "2026-03-20 cardiac_function lvef_pct=60", FIRST) == "met"
        assert verdict(BEFORE, "2026-03-21 cardiac_function lvef_pct=60", FIRST) == "not met"

    def test_a_measurement_without_its_number_or_its_day_is_asked_about(self, answer, asked_facts) -> None:
        question = "Which LVEF did the measurement of 10 Mar give, in per cent?"
        ask = Ask("cardiac_function.lvef_pct", question, "cardiac_function lvef_pct=NUMBER", (), 1)
        assert answer(BEFORE, "2026-03-10 cardiac_function method=MUGA", FIRST).asks == (ask,)
        assert asked_facts(BEFORE, "2026-03 cardiac_function lvef_pct=60", FIRST) == [("cardiac_function.on", 1)]

    def test_a_cycle_without_its_drugs_is_asked_for_them(self, asked_facts) -> None:
        unsaid = "2026-03-20 systemic line=1"
        assert asked_facts(BEFORE, unsaid) == [("systemic.regimen", 1), ("cardiac_function", None)]
        assert asked_facts(BEFORE, "2026-03-10 cardiac_function lvef_pct=40", unsaid) == [("systemic.regimen", 2)]
        assert asked_facts(BEFORE, "2026-03-10 cardiac_function lvef_pct=60", unsaid) == []

    def test_a_later_cycle_is_asked_only_where_the_heart_is_weak(self, verdict) -> None:
        later = "2026-05-01 systemic line=1 regimen=doxorubicin"
        assert verdict(BEFORE, FIRST, later) == "not asked"
        assert verdict(BEFORE, FIRST, "2026-04-20 cardiac_function lvef_pct=49", later) == "not met"

    def test_one_of_an_earlier_course_makes_it_a_later_cycle(self, verdict) -> None:
        assert (
            verdict(BEFORE, FIRST, "2026-04-10 recurrence status=confirmed", "2026-05-01 " + FIRST[11:]) == "not asked"
        )

    def test_one_before_the_referral_does_not_excuse_the_first_one_here(self, verdict) -> None:
        assert verdict(BEFORE, "2026-03-01 referral prior_anthracycline_mg_m2=240", FIRST) == "not met"

    def test_after_an_emergency_the_next_cycle_is_asked(self, verdict) -> None:
        assert verdict(BEFORE, f"{FIRST} emergency=true", "2026-05-01 systemic regimen=doxorubicin") == "not met"


class TestAgain:
    def test_three_hundred_reached_before_this_cycle(self, answer, verdict) -> None:
        needs = "an LVEF of 50 % or more, measured after 300 mg/m² had been given"
        said = answer(AGAIN, NONE_BEFORE, *cycles(75, 75, 75, 75, 75))
        found = "no LVEF on record; 375 mg/m² with this cycle"
        assert said == not_met(needs, found, "cardiac_function lvef_pct=NUMBER")
        assert verdict(AGAIN, NONE_BEFORE, *cycles(75, 75, 75, 74.9, 75)) == "not asked"

    def test_only_a_later_day_is_fresh(self, verdict) -> None:
        for day, wanted in (("04", "not met"), ("05", "met")):
            heart = f"2026-04-{day} cardiac_function lvef_pct=55"
            assert (
                verdict(
                    AGAIN, NONE_BEFORE, *cycles(75, 75, 75, 75), heart, "2026-04-25 systemic doses_mg_m2=doxorubicin:75"
                )
                == wanted
            )

    def test_a_fresh_one_that_is_low_does_not_serve(self, verdict) -> None:
        last = "2026-04-25 systemic doses_mg_m2=doxorubicin:75"
        assert verdict(AGAIN, NONE_BEFORE, *cycles(300), "2026-04-10 cardiac_function lvef_pct=49", last) == "not met"
        assert verdict(AGAIN, NONE_BEFORE, *cycles(300), "2026-04-10 cardiac_function lvef_pct=50", last) == "met"

    def test_reached_before_the_referral_any_on_record_counts(self, verdict) -> None:
        prior = "2026-03-01 referral prior_anthracycline_mg_m2=300"
        assert verdict(AGAIN, prior, FIRST) == "not met"
        assert verdict(AGAIN, prior, "2026-02-01 cardiac_function lvef_pct=60", FIRST) == "met"

    def test_doses_that_may_reach_it_are_asked_for(self, asked_facts, verdict) -> None:
        unsaid = [f"2026-03-0{day} systemic line=1 regimen=doxorubicin" for day in (1, 2, 3, 4)]
        assert asked_facts(AGAIN, NONE_BEFORE, *unsaid, FIRST) == [
            ("systemic.doses_mg_m2", line) for line in (2, 3, 4, 5, 6)
        ]
        assert verdict(AGAIN, NONE_BEFORE, *unsaid[:3], FIRST) == "not asked"


class TestTheDoseOfALifetime:
    NEEDS = "550 mg/m² of anthracyclines at most in a lifetime"

    def test_exactly_the_limit_is_within_it(self, answer) -> None:
        assert answer(WITHIN, NONE_BEFORE, *cycles(*[75] * 6, 100)) == MET
        above = answer(WITHIN, NONE_BEFORE, *cycles(*[75] * 6, 100.5))
        assert above == not_met(self.NEEDS, "550.5 mg/m² with this cycle")

    def test_six_cycles_of_sixty_are_three_hundred_and_sixty(self, verdict) -> None:
        assert verdict(WITHIN, NONE_BEFORE, *cycles(*[60] * 6), up_to_mg_m2=360) == "met"
        assert verdict(WITHIN, NONE_BEFORE, *cycles(*[60] * 6), up_to_mg_m2=359) == "not met"

    def test_sums_of_fractions_are_exact(self, verdict) -> None:
        assert verdict(WITHIN, NONE_BEFORE, *cycles(*[55.1] * 10), up_to_mg_m2=551) == "met"

    def test_what_was_given_before_the_referral_counts(self, answer) -> None:
        said = answer(WITHIN, "2026-03-01 referral prior_anthracycline_mg_m2=500", *cycles(75))
        assert said == not_met(self.NEEDS, "575 mg/m² with this cycle, 500 of them before the referral")

    def test_a_later_statement_of_it_counts_instead(self, verdict) -> None:
        prior = "2026-03-01 referral prior_anthracycline_mg_m2=500"
        assert verdict(WITHIN, prior, "2026-03-05 consultation prior_anthracycline_mg_m2=0", *cycles(75)) == "met"

    def test_every_drug_of_the_list_counts_one_to_one(self, verdict) -> None:
        assert verdict(WITHIN, NONE_BEFORE, *cycles(500), *cycles(51, drug="epirubicin", month="2026-05")) == "not met"
        assert (
            verdict(WITHIN, NONE_BEFORE, *cycles(500), *cycles(51, drug="trabectedin", month="2026-05")) == "not asked"
        )
        both = "2026-05-01 systemic doses_mg_m2=doxorubicin:50,trabectedin:1.1"
        assert verdict(WITHIN, NONE_BEFORE, *cycles(500), both) == "met"

    def test_cycles_of_an_earlier_course_and_of_emergencies_count(self, verdict) -> None:
        early = [f"{cycle} emergency=true" for cycle in cycles(500)]
        assert (
            verdict(WITHIN, NONE_BEFORE, *early, "2026-04-20 recurrence status=confirmed", *cycles(51, month="2026-05"))
            == "not met"
        )

    def test_a_dose_that_is_not_known_is_asked_for_where_it_could_exceed_the_limit(self, answer, verdict) -> None:
        unsaid = "2026-05-01 systemic line=1 regimen=doxorubicin"
        assert verdict(WITHIN, NONE_BEFORE, *cycles(475), unsaid) == "met"
        said = answer(WITHIN, NONE_BEFORE, *cycles(475.5), unsaid)
        assert said.found == "475.5 mg/m² with this cycle; the dose of 1 cycle is not known"
        question = "How many mg/m² of doxorubicin were given in the cycle of 1 May?"
        assert said.asks == (Ask("systemic.doses_mg_m2", question, "systemic doses_mg_m2=doxorubicin:NUMBER", (), 3),)

    def test_a_dose_of_another_drug_is_no_dose_of_this_one(self, asked_facts) -> None:
        unsaid = "2026-05-01 systemic line=1 regimen=doxorubicin,ifosfamide doses_mg_m2=ifosfamide:1800"
        assert asked_facts(WITHIN, NONE_BEFORE, *cycles(500), unsaid) == [("systemic.doses_mg_m2", 3)]

    def test_a_cycle_without_its_drugs_is_asked_about_once_an_anthracycline_was_given(
        self, asked_facts, verdict
    ) -> None:
        unsaid = "2026-05-01 systemic line=2"
        assert asked_facts(WITHIN, NONE_BEFORE, *cycles(500), unsaid) == [("systemic.regimen", 3)]
        assert asked_facts(WITHIN, NONE_BEFORE, unsaid, *cycles(500, month="2026-06")) == [("systemic.regimen", 2)]
        assert (
            verdict(WITHIN, NONE_BEFORE, *[f"2026-05-{day:02} systemic line=2" for day in range(1, 12)]) == "not asked"
        )

    def test_what_exceeds_it_for_certain_waits_for_no_dose(self, verdict) -> None:
        assert (
            verdict(
                WITHIN, NONE_BEFORE, "2026-05-01 systemic line=1 regimen=doxorubicin", *cycles(551, month="2026-06")
            )
            == "not met"
        )


def test_a_drug_of_two_words_is_quoted_in_the_question() -> None:
    cycle = Systemic(regimen=("liposomal doxorubicin",))
    event = Event("EXT-1", 3, date(2026, 5, 1), cycle, datetime(2026, 5, 1, tzinfo=UTC), "nurse")
    ask = dose_question(event, cycle, cycle.regimen or (), date(2026, 5, 1))
    assert ask.record == 'systemic doses_mg_m2="liposomal doxorubicin:NUMBER"'


class TestWithCardiacRisk:
    def test_heart_disease_and_an_irradiated_mediastinum_lower_the_limit(self, answer, verdict) -> None:
        needs = (
            "400 mg/m² of anthracyclines at most in a lifetime, after heart disease or radiotherapy to the mediastinum"
        )
        sick = f"{NONE_BEFORE} cardiac_history=true"
        assert verdict(WITH_RISK, sick, *cycles(400)) == "met"
        said = answer(WITH_RISK, sick, *cycles(400.5))
        assert said == not_met(needs, "400.5 mg/m² with this cycle; heart disease")
        irradiated = f"{NONE_BEFORE} prior_mediastinal_rt=true cardiac_history=true"
        found = "401 mg/m² with this cycle; heart disease and radiotherapy to the mediastinum"
        assert answer(WITH_RISK, irradiated, *cycles(401)).found == found

    def test_without_either_it_is_not_asked(self, answer) -> None:
        well = "2026-03-01 referral prior_mediastinal_rt=false cardiac_history=false"
        assert answer(WITH_RISK, well, *cycles(500)) == NOT_ASKED

    def test_what_is_not_known_of_the_risk_is_asked_above_the_limit_only(self, asked_facts, verdict) -> None:
        half = f"{NONE_BEFORE} cardiac_history=false"
        assert asked_facts(WITH_RISK, half, *cycles(401)) == [("prior_mediastinal_rt", None)]
        assert asked_facts(WITH_RISK, NONE_BEFORE, *cycles(401)) == [
            ("cardiac_history", None),
            ("prior_mediastinal_rt", None),
        ]
        assert verdict(WITH_RISK, NONE_BEFORE, *cycles(400)) == "met"

    def test_a_dose_that_is_not_known_is_asked_for(self, asked_facts) -> None:
        sick = f"{NONE_BEFORE} cardiac_history=true"
        unsaid = "2026-05-01 systemic line=1 regimen=doxorubicin"
        assert asked_facts(WITH_RISK, sick, *cycles(326), unsaid) == [("systemic.doses_mg_m2", 3)]
        assert asked_facts(WITH_RISK, sick, *cycles(325), unsaid) == []


class TestWhatWasGivenBeforeTheReferral:
    PRIOR = ("prior_anthracycline_mg_m2", None)

    @pytest.mark.parametrize("name", [WITHIN, AGAIN])
    def test_it_is_asked_until_somebody_states_it(self, asked_facts, name: str) -> None:
        assert asked_facts(name, *cycles(75, 75)) == [self.PRIOR]
        for stated in ("2026-01-01 referral", "2026-04-01 consultation"):
            assert asked_facts(name, f"{stated} prior_anthracycline_mg_m2=0", *cycles(75, 75)) == []

    def test_the_first_cycle_is_asked_for_it_and_for_no_dose(self, asked_facts) -> None:
        assert asked_facts(WITHIN, FIRST) == [self.PRIOR]

    def test_what_exceeds_the_limit_without_it_waits_for_no_answer(self, verdict) -> None:
        assert verdict(WITHIN, *cycles(551)) == "not met"
        assert verdict(WITHIN, *cycles(550)) == "unknown"

    def test_a_measurement_after_the_last_cycle_is_fresh_whatever_it_was(self, verdict) -> None:
        last = "2026-04-25 systemic doses_mg_m2=doxorubicin:75"
        for day, wanted in (("01", "unknown"), ("02", "met")):
            assert verdict(AGAIN, *cycles(75), f"2026-04-{day} cardiac_function lvef_pct=55", last) == wanted

    def test_at_the_first_cycle_any_measurement_counts(self, verdict) -> None:
        assert verdict(AGAIN, FIRST) == "unknown"
        assert verdict(AGAIN, "2026-01-01 cardiac_function lvef_pct=55", FIRST) == "met"

    def test_with_a_risk_of_the_heart_it_is_asked_and_without_one_not(self, asked_facts) -> None:
        assert asked_facts(WITH_RISK, "2026-01-01 referral cardiac_history=true", *cycles(75)) == [self.PRIOR]
        well = "2026-01-01 referral prior_mediastinal_rt=false cardiac_history=false"
        assert asked_facts(WITH_RISK, well, *cycles(75)) == []
        assert asked_facts(WITH_RISK, *cycles(75)) == [
            ("cardiac_history", None),
            ("prior_mediastinal_rt", None),
            self.PRIOR,
        ]

    def test_a_drug_that_spares_the_heart_is_not_asked_for_it(self, verdict) -> None:
        assert verdict(WITHIN, "2026-04-01 systemic line=1 regimen=pazopanib") == "not asked"
