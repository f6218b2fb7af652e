"""Which drugs come in which line."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, Ask, not_met

FIRST = "first_line_anthracycline"
SECOND = "trabectedin_after_anthracycline"
GEMCITABINE = "2026-03-01 systemic line=1 regimen=gemcitabine,docetaxel"
TRABECTEDIN = "2026-06-01 systemic line=2 regimen=trabectedin"
NEEDS = "an anthracycline (doxorubicin or epirubicin) before trabectedin alone"
FIX = "consultation prior_anthracycline_mg_m2=NUMBER"


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_other_events_are_not_asked(answer, name: str) -> None:
    assert answer(name, GEMCITABINE, "2026-04-01 mdt decision=yes") == NOT_ASKED


class TestFirstLine:
    @pytest.mark.parametrize("drugs", ["doxorubicin", "Epirubicin,ifosfamide", "doxorubicin,trabectedin"])
    def test_an_anthracycline_alone_or_with_others(self, answer, drugs: str) -> None:
        assert answer(FIRST, f"2026-03-01 systemic line=1 regimen={drugs}") == MET

    def test_the_doses_name_the_drugs_as_well(self, answer) -> None:
        assert answer(FIRST, '2026-03-01 systemic line=1 doses_mg_m2={"doxorubicin":75}') == MET

    def test_other_drugs_are_named(self, answer) -> None:
        needs = "an anthracycline (doxorubicin or epirubicin) in line 1"
        assert answer(FIRST, GEMCITABINE) == not_met(needs, "gemcitabine and docetaxel")

    def test_any_cycle_of_the_line_answers(self, verdict) -> None:
        earlier = "2026-02-01 systemic line=1 regimen=doxorubicin"
        assert verdict(FIRST, earlier, GEMCITABINE) == "met"
        assert verdict(FIRST, earlier.replace("line=1", "line=adjuvant"), GEMCITABINE) == "not met"

    def test_other_lines_are_not_asked(self, answer) -> None:
        for line in ("2", "neoadjuvant", "adjuvant"):
            assert answer(FIRST, f"2026-03-01 systemic line={line} regimen=pazopanib") == NOT_ASKED

    def test_line_and_drugs_are_asked(self, answer, asked_facts) -> None:
        question = "Which drugs were given in the cycle of 1 Mar?"
        assert answer(FIRST, "2026-03-01 systemic line=1").asks == (
            Ask("systemic.regimen", question, "systemic regimen=…", (), 1),
        )
        assert asked_facts(FIRST, "2026-03-01 systemic regimen=pazopanib") == [("systemic.line", 1)]
        assert asked_facts(FIRST, "2026-02-01 systemic line=1", GEMCITABINE) == [("systemic.regimen", 1)]


class TestTrabectedin:
    def test_alone_and_without_any_anthracycline(self, answer) -> None:
        found = "no earlier cycle with known drugs on record; anthracycline before the referral: none on record"
        assert answer(SECOND, TRABECTEDIN) == not_met(NEEDS, found, FIX)

    def test_after_other_drugs(self, answer) -> None:
        found = "earlier cycles hold gemcitabine and docetaxel; anthracycline before the referral: none"
        stated = "2026-01-01 referral prior_anthracycline_mg_m2=0"
        assert answer(SECOND, stated, GEMCITABINE, TRABECTEDIN) == not_met(NEEDS, found)

    @pytest.mark.parametrize(
        "before",
        [
            "2026-03-01 systemic line=1 regimen=doxorubicin",
            "2026-03-01 systemic line=adjuvant regimen=epirubicin,ifosfamide",
            "2026-06-01 systemic line=1 regimen=doxorubicin",
            "2026-01-01 referral prior_anthracycline_mg_m2=0.5",
        ],
    )
    def test_an_earlier_anthracycline_answers(self, answer, before: str) -> None:
        assert answer(SECOND, before, TRABECTEDIN) == MET

    def test_also_one_of_an_earlier_course(self, verdict) -> None:
        before = "2025-03-01 systemic line=1 regimen=doxorubicin"
        recurrence = "2026-05-01 recurrence status=confirmed sites=lung"
        assert verdict(SECOND, before, recurrence, TRABECTEDIN) == "met"

    def test_together_with_an_anthracycline(self, answer) -> None:
        assert answer(SECOND, "2026-06-01 systemic line=1 regimen=doxorubicin,trabectedin") == MET

    def test_other_drugs_are_not_asked(self, answer) -> None:
        assert answer(SECOND, "2026-06-01 systemic line=2 regimen=pazopanib") == NOT_ASKED

    def test_cycles_without_drugs_are_asked_about(self, asked_facts) -> None:
        assert asked_facts(SECOND, "2026-06-01 systemic line=2") == [("systemic.regimen", 1)]
        assert asked_facts(SECOND, "2026-03-01 systemic line=1", TRABECTEDIN) == [("systemic.regimen", 1)]

    def test_a_cycle_that_may_have_come_later_is_asked_for_its_day(self, asked_facts, verdict) -> None:
        month = "2026-06 systemic line=1 regimen=doxorubicin"
        later = TRABECTEDIN.replace("06-01", "06-15")
        assert asked_facts(SECOND, month, later) == [("systemic.on", 1)]
        assert verdict(SECOND, month.replace("2026-06", "2026-05"), later) == "met"


class TestNotHadBefore:
    NAME = "drug_not_had_before"
    COMBINED = "2026-03-01 systemic line=1 regimen=doxorubicin,trabectedin"

    def test_in_an_earlier_line_is_once_too_often(self, answer) -> None:
        needs = "trabectedin only where no earlier line held it"
        assert answer(self.NAME, self.COMBINED, TRABECTEDIN) == not_met(needs, "trabectedin on 1 Mar")

    def test_within_the_line_it_goes_on(self, answer) -> None:
        assert answer(self.NAME, self.COMBINED, TRABECTEDIN.replace("line=2", "line=1")) == MET

    def test_the_same_line_of_an_earlier_course_is_another_one(self, verdict) -> None:
        recurrence = "2026-05-01 recurrence status=confirmed"
        assert verdict(self.NAME, self.COMBINED, recurrence, TRABECTEDIN.replace("line=2", "line=1")) == "not met"

    def test_other_drugs_before_are_no_matter(self, answer) -> None:
        assert answer(self.NAME, GEMCITABINE, TRABECTEDIN) == MET
        assert answer(self.NAME, self.COMBINED, "2026-06-01 systemic line=2 regimen=pazopanib") == NOT_ASKED
        assert answer(self.NAME, self.COMBINED, "2026-06-01 mdt decision=yes") == NOT_ASKED

    def test_drugs_and_lines_that_are_not_known_are_asked(self, asked_facts) -> None:
        assert asked_facts(self.NAME, "2026-03-01 systemic line=1", TRABECTEDIN) == [("systemic.regimen", 1)]
        assert asked_facts(self.NAME, "2026-06-01 systemic line=2") == [("systemic.regimen", 1)]
        unsaid = "2026-06-01 systemic regimen=trabectedin"
        assert asked_facts(self.NAME, self.COMBINED, unsaid) == [("systemic.line", 2)]
        assert asked_facts(self.NAME, "2026-03-01 systemic regimen=trabectedin", TRABECTEDIN) == [("systemic.line", 1)]
