"""The liver before drugs that it clears."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, Ask, not_met

ALLOWS = "liver_allows_drugs"
REDUCED = "dose_reduced_for_liver"
DOXORUBICIN = "2026-03-20 systemic line=1 regimen=doxorubicin"
NEEDS = "bilirubin of 5 mg/dl at most and a Child-Pugh class other than C"


@pytest.mark.parametrize("name", [ALLOWS, REDUCED])
def test_other_events_and_other_drugs_are_not_asked(answer, name: str) -> None:
    assert answer(name, DOXORUBICIN, "2026-04-01 mdt decision=yes") == NOT_ASKED
    assert answer(name, "2026-03-20 systemic regimen=pazopanib bilirubin_mg_dl=2 child_pugh=C") == NOT_ASKED


class TestWhetherItAllowsThem:
    def test_five_is_the_most(self, answer) -> None:
        assert answer(ALLOWS, f"{DOXORUBICIN} bilirubin_mg_dl=5 child_pugh=A") == MET
        above = answer(ALLOWS, f"{DOXORUBICIN} bilirubin_mg_dl=5.1 child_pugh=A")
        assert above == not_met(NEEDS, "bilirubin 5.1 mg/dl, Child-Pugh A")

    @pytest.mark.parametrize(("child_pugh", "said"), [("A", "met"), ("B", "met"), ("C", "not met")])
    def test_the_class_rules_out_as_well(self, verdict, child_pugh: str, said: str) -> None:
        assert verdict(ALLOWS, f"{DOXORUBICIN} bilirubin_mg_dl=1 child_pugh={child_pugh}") == said

    def test_one_that_rules_out_needs_no_other(self, verdict) -> None:
        assert verdict(ALLOWS, f"{DOXORUBICIN} child_pugh=C") == "not met"
        assert verdict(ALLOWS, f"{DOXORUBICIN} bilirubin_mg_dl=6") == "not met"

    def test_what_is_not_known_is_asked_of_that_cycle(self, answer, asked_facts) -> None:
        question = "What was the bilirubin before the cycle of 20 Mar, in mg/dl?"
        ask = Ask("systemic.bilirubin_mg_dl", question, "systemic bilirubin_mg_dl=NUMBER", (), 1)
        said = answer(ALLOWS, f"{DOXORUBICIN} child_pugh=A")
        assert (said.found, said.asks) == ("bilirubin not known, Child-Pugh A", (ask,))
        assert asked_facts(ALLOWS, f"{DOXORUBICIN} bilirubin_mg_dl=1") == [("systemic.child_pugh", 1)]

    def test_the_values_of_another_cycle_do_not_answer(self, verdict) -> None:
        earlier = f"{DOXORUBICIN} bilirubin_mg_dl=1 child_pugh=A"
        assert verdict(ALLOWS, earlier, "2026-04-10 systemic line=1 regimen=doxorubicin") == "unknown"

    def test_a_cycle_without_its_drugs_is_asked_for_them(self, asked_facts) -> None:
        assert asked_facts(ALLOWS, "2026-03-20 systemic line=1 child_pugh=C") == [("systemic.regimen", 1)]


class TestHowMuch:
    @pytest.mark.parametrize(
        ("bilirubin", "said"), [(1.1, "not asked"), (1.2, "not met"), (3.09, "not met"), (3.1, "not asked")]
    )
    def test_the_range_ends_before_its_upper_end(self, verdict, bilirubin: float, said: str) -> None:
        assert verdict(REDUCED, f"2026-03-20 systemic doses_mg_m2=doxorubicin:75 bilirubin_mg_dl={bilirubin}") == said

    def test_half_of_the_dose_is_the_most(self, answer) -> None:
        assert answer(REDUCED, "2026-03-20 systemic doses_mg_m2=doxorubicin:37.5 bilirubin_mg_dl=2") == MET
        needs = "37.5 mg/m² at most with bilirubin from 1.2 to 3.1 mg/dl"
        found = "bilirubin 2 mg/dl, 38 mg/m²"
        said = answer(REDUCED, "2026-03-20 systemic doses_mg_m2=doxorubicin:38 bilirubin_mg_dl=2")
        assert said == not_met(needs, found)

    def test_a_dose_that_is_not_known_is_asked_for(self, asked_facts) -> None:
        assert asked_facts(REDUCED, f"{DOXORUBICIN} bilirubin_mg_dl=2") == [("systemic.doses_mg_m2", 1)]

    def test_without_a_bilirubin_it_is_not_asked(self, answer) -> None:
        assert answer(REDUCED, "2026-03-20 systemic doses_mg_m2=doxorubicin:75") == NOT_ASKED
