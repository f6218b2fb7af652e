"""A pregnancy excluded, and fertility discussed, before a treatment that harms them."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, Ask, not_met

PREGNANCY = "pregnancy_excluded"
FERTILITY = "fertility_discussed"
CYCLE = "2026-03-29 systemic line=1 regimen=doxorubicin"
PREMENOPAUSAL = "2026-01-02 referral menopausal_status=pre"
FREE = "2026-03-10 consultation pregnant=false"


@pytest.mark.parametrize("name", [PREGNANCY, FERTILITY])
class TestWhatIsAsked:
    def test_other_events_are_not_asked(self, answer, name: str) -> None:
        assert answer(name, CYCLE, "2026-04-01 surgery operation=wide_excision", sex="female") == NOT_ASKED

    def test_only_the_first_cycle_of_a_line_is_asked(self, verdict, name: str) -> None:
        assert verdict(name, CYCLE, "2026-04-19 systemic line=1", sex="female") == "not asked"
        assert verdict(name, CYCLE, "2026-04-19 systemic line=2", sex="female") == "unknown"

    def test_a_line_of_an_earlier_course_is_another_one(self, verdict, name: str) -> None:
        again = "2026-05-19 systemic line=1"
        assert verdict(name, CYCLE, "2026-05-01 recurrence status=confirmed", again, sex="female") == "unknown"

    def test_after_an_emergency_the_next_cycle_is_asked(self, verdict, name: str) -> None:
        assert verdict(name, f"{CYCLE} emergency=true", "2026-04-19 systemic line=1", sex="female") == "unknown"

    @pytest.mark.parametrize("status", ["post", "not_applicable"])
    def test_it_is_silent_after_the_menopause(self, verdict, name: str, status: str) -> None:
        assert verdict(name, f"2026-01-02 referral menopausal_status={status}", CYCLE, sex="female") == "not asked"

    def test_it_is_silent_without_a_uterus(self, verdict, name: str) -> None:
        operation = "2026-02-01 surgery operation=total_hysterectomy"
        assert verdict(name, operation, CYCLE, sex="female") == "not asked"
        assert verdict(name, operation.replace("02-01", "04-01"), CYCLE, sex="female") == "unknown"


class TestPregnancy:
    NEEDS = "a pregnancy excluded in the 28 days before 29 Mar 2026"

    def test_a_statement_serves_for_twenty_eight_days(self, verdict) -> None:
        assert verdict(PREGNANCY, "2026-03-01 consultation pregnant=false", CYCLE, sex="female") == "met"
        assert verdict(PREGNANCY, "2026-02-28 consultation pregnant=false", CYCLE, sex="female") == "unknown"
        assert verdict(PREGNANCY, "2026-03-29 consultation pregnant=false", CYCLE, sex="female") == "met"

    def test_a_pregnancy_is_not_excluded_however_old_the_statement(self, answer) -> None:
        said = answer(PREGNANCY, "2026-01-02 referral pregnant=true", CYCLE, sex="female")
        assert said == not_met(self.NEEDS, "pregnant as of 2 Jan")

    def test_the_latest_statement_counts(self, answer) -> None:
        assert answer(PREGNANCY, "2026-01-02 referral pregnant=true", FREE, CYCLE, sex="female") == MET

    def test_nothing_on_record_is_asked_for_that_treatment(self, answer, asked_facts) -> None:
        question = "Is the patient known not to be pregnant before the treatment of 29 Mar 2026?"
        ask = Ask("pregnant", question, "consultation pregnant=false", (), 2)
        said = answer(PREGNANCY, PREMENOPAUSAL, CYCLE, sex="female")
        assert (said.found, said.asks) == ("nothing on record about a pregnancy", (ask,))
        assert asked_facts(PREGNANCY, CYCLE, sex="female") == [("menopausal_status", None), ("pregnant", 1)]

    def test_men_are_not_asked_and_an_unknown_sex_is(self, answer, asked_facts) -> None:
        assert answer(PREGNANCY, CYCLE, sex="male") == NOT_ASKED
        assert asked_facts(PREGNANCY, CYCLE) == [("sex", None), ("pregnant", 1)]
        assert asked_facts(PREGNANCY, PREMENOPAUSAL, CYCLE, sex="other") == [("pregnant", 2)]

    def test_a_tumour_of_the_uterus_tells_the_sex(self, asked_facts) -> None:
        uterus = "2026-01-02 referral site_group=uterus menopausal_status=pre"
        assert asked_facts(PREGNANCY, uterus, CYCLE) == [("pregnant", 2)]

    def test_from_fifty_five_on_it_is_silent(self, verdict) -> None:
        assert verdict(PREGNANCY, CYCLE, sex="female", born="1971-03-29") == "not asked"
        assert verdict(PREGNANCY, CYCLE, sex="female", born="1971-03-30") == "unknown"
        assert verdict(PREGNANCY, CYCLE, sex="female", born="1971") == "unknown"

    def test_radiotherapy_counts_from_its_first_day(self, verdict) -> None:
        course = "2026-05-10 radiotherapy timing=palliative started_on=2026-03-29"
        assert verdict(PREGNANCY, "2026-03-01 consultation pregnant=false", course, sex="female") == "met"
        assert verdict(PREGNANCY, "2026-04-20 consultation pregnant=false", course, sex="female") == "unknown"

    def test_a_statement_known_to_the_month_has_to_lie_before_it_as_a_whole(self, verdict) -> None:
        assert verdict(PREGNANCY, "2026-03 consultation pregnant=false", CYCLE, sex="female") == "unknown"


class TestFertility:
    def test_it_was_discussed_before(self, answer) -> None:
        said = "2026-03-10 consultation fertility_discussed_on=2026-03-29"
        assert answer(FERTILITY, said, CYCLE, sex="male") == MET

    def test_afterwards_is_too_late(self, answer) -> None:
        later = "2026-04-02 consultation fertility_discussed_on=2026-04-02"
        course = "2026-05-10 radiotherapy timing=definitive started_on=2026-03-29"
        needs = "fertility discussed on or before 29 Mar 2026 with a patient below 50"
        assert answer(FERTILITY, later, course, sex="male") == not_met(needs, "discussed on 2 Apr 2026")

    def test_what_is_not_known_is_asked(self, asked_facts) -> None:
        assert asked_facts(FERTILITY, CYCLE) == [("born", None), ("fertility_discussed_on", None)]
        assert asked_facts(FERTILITY, CYCLE, born="1990") == [("fertility_discussed_on", None)]

    def test_from_fifty_on_it_is_silent(self, verdict) -> None:
        assert verdict(FERTILITY, CYCLE, sex="male", born="1976-03-29") == "not asked"
        assert verdict(FERTILITY, CYCLE, sex="male", born="1976-03-30") == "unknown"

    def test_men_have_no_menopause(self, verdict) -> None:
        stated = "2026-01-02 referral menopausal_status=not_applicable"
        assert verdict(FERTILITY, stated, CYCLE, sex="male", born="1990") == "unknown"
