"""A workflow file may use every check by its name, and is told of everything that is wrong with it."""

from __future__ import annotations

import importlib.util
import inspect
import pickle
from collections.abc import Callable
from datetime import date
from functools import partial
from types import ModuleType
from typing import Any, get_args

import pytest

from lmstrack.checks import CHECKS, bound, described_parameters, parameters
from lmstrack.checks.values import Barrier, Menopause, Method, Modality
from lmstrack.errors import InvalidData
from lmstrack.facts import Facts
from lmstrack.records import Biopsy, Imaging, Referral, Surgery
from lmstrack.records.shape import shapes
from lmstrack.rules import MET, Answer
from lmstrack.workflow.scales import scales

CONTRACT = {
    "treated_at_designated_centre": (),
    "seen_by_team_of_the_site": ("sites",),
    "biopsy_method_accepted": ("methods", "excisional_below_mm", "excisional_depth"),
    "biopsy_centre_accepted": (),
    "biopsy_track_planned": (),
    "lvef_before_anthracycline": ("anthracyclines", "at_least_pct"),
    "lvef_again": ("anthracyclines", "from_mg_m2", "at_least_pct", "per_cycle_mg_m2"),
    "cumulative_dose_within": ("anthracyclines", "up_to_mg_m2", "per_cycle_mg_m2"),
    "cumulative_dose_with_cardiac_risk": ("anthracyclines", "up_to_mg_m2", "per_cycle_mg_m2"),
    "chemotherapy_around_surgery_chosen": ("above_mm", "depth", "grades", "not_for"),
    "chemotherapy_holds_drug": ("line", "drugs"),
    "no_drug_without_evidence": ("drugs",),
    "postoperative_dose_within": ("least_gy", "most_gy", "fraction_gy", "sites"),
    "preoperative_dose_within": ("least_gy", "most_gy", "fractions", "sites"),
    "boost_within": ("most_gy",),
    "pregnancy_excluded": ("within_days", "below_years"),
    "fertility_discussed": ("below_years",),
    "imaging_on_record": ("region", "modality", "adequate"),
    "imaged_or_explained": ("region", "modality", "sites"),
    "chest_imaged_at_low_risk": ("up_to_mm", "grades", "modality"),
    "modality_fits_site": ("preferred", "ct_alone_for"),
    "chest_imaged_before_mdt": ("modality", "instead", "within_days"),
    "interval_between_treatments": ("from_weeks", "before_surgery_weeks", "after_surgery_weeks"),
    "liver_allows_drugs": ("drugs", "up_to_mg_dl", "not_for"),
    "dose_reduced_for_liver": ("drugs", "from_mg_dl", "below_mg_dl", "at_most_mg_m2"),
    "metastasectomy_selected": (),
    "metastasectomy_promising": ("free_months", "up_to_nodules"),
    "operation_fits_site": ("site", "operations", "intact"),
    "not_morcellated": ("site",),
    "reconstruction_stated": ("sites", "above_mm"),
    "treatment_before_surgery_considered": ("site",),
    "grade_reported": (),
    "histology_is_lms": ("morphologies",),
    "pathology_reviewed": (),
    "surgery_planned_or_done": (),
    "margin_adequate": ("above_mm", "barriers", "sites"),
    "nodes_left": (),
    "radiotherapy_for_high_risk": ("above_mm", "depth", "grades", "sites"),
    "radiotherapy_for_close_margin": ("up_to_mm", "barriers", "sites"),
    "radiotherapy_considered": ("above_mm", "barriers", "sites"),
    "no_radiotherapy_before_surgery": ("site",),
    "adult_at_referral": ("age_years",),
    "stated_stage_agrees": ("authority", "edition"),
    "first_line_anthracycline": ("anthracyclines", "line"),
    "trabectedin_after_anthracycline": ("drug", "anthracyclines"),
    "drug_not_had_before": ("drug",),
    "mdt_decided": (),
    "unplanned_excision_worked_up": ("modality",),
    "ovaries_kept": ("menopause",),
    "no_adjuvant_radiotherapy": ("site",),
}


def faults(name: str, given: dict[str, object]) -> tuple[str, ...]:
    with pytest.raises(InvalidData) as told:
        bound(name, given)
    return told.value.faults


def test_the_names_of_checks_and_parameters_are_a_promise() -> None:
    assert {name: tuple(parameters(name)) for name in CHECKS} == CONTRACT


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_every_check_is_asked_in_the_same_way_and_says_what_it_asks(name: str) -> None:
    signature = inspect.signature(CHECKS[name])
    case, on, *rest = signature.parameters.values()
    assert (case.name, on.name, signature.return_annotation) == ("case", "on", "Answer")
    assert all(each.kind is each.KEYWORD_ONLY and each.default is each.empty for each in rest)
    assert len(rest) <= 4
    assert inspect.getdoc(CHECKS[name])
    assert all(described_parameters(name).values())


def test_one_value_may_stand_where_several_may() -> None:
    judge = bound("unplanned_excision_worked_up", {"modality": "MRI"})
    assert judge.keywords == {"modality": ("MRI",)}  # type: ignore[attr-defined]


def test_values_keep_their_order_and_stand_once() -> None:
    given = {"morphologies": ["8891/3", "8890/3", "8891/3"]}
    assert bound("histology_is_lms", given).keywords == {"morphologies": ("8891/3", "8890/3")}  # type: ignore[attr-defined]


def test_a_line_of_treatment_may_be_written_as_a_number_and_a_drug_in_capitals() -> None:
    given = {"line": 1, "anthracyclines": ["Doxorubicin"]}
    read = bound("first_line_anthracycline", given).keywords  # type: ignore[attr-defined]
    assert read == {"line": "1", "anthracyclines": ("doxorubicin",)}


def test_every_fault_is_told_at_once() -> None:
    given = {"regoin": "primary", "modality": ["MR", "CT", 3], "adequate": 1}
    assert faults("imaging_on_record", given) == (
        "there is no parameter 'regoin'; did you mean 'region'?",
        "region is missing (one of primary, chest, abdomen_pelvis, brain, whole_body, other)",
        "modality: 'MR' is not one of MRI, CT, US, XR, PET_CT; did you mean 'MRI'?",
        "modality: 3 is not one of MRI, CT, US, XR, PET_CT",
        "adequate: 1 is not true or false",
    )


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (True, "true is not a whole number"),
        ("42", "'42' is not a whole number"),
        (42.5, "42.5 is not a whole number"),
        (None, "this is not a whole number"),
        (-1, "-1 is not a whole number of 0 or more"),
    ],
)
def test_a_number_has_to_be_one(value: object, fault: str) -> None:
    given = {"modality": ["CT"], "instead": [], "within_days": value}
    assert faults("chest_imaged_before_mdt", given) == (f"within_days: {fault}",)


def test_a_size_may_be_whole_but_not_endless() -> None:
    given: dict[str, object] = {"methods": ["core"], "excisional_depth": "superficial"}
    bound("biopsy_method_accepted", given | {"excisional_below_mm": 30})
    told = faults("biopsy_method_accepted", given | {"excisional_below_mm": float("inf")})
    assert told == ("excisional_below_mm: this is not a number of 0 or more",)


def test_true_is_no_grade() -> None:
    given = {"above_mm": 50, "depth": "deep", "grades": [True], "sites": ["trunk"]}
    assert faults("radiotherapy_for_high_risk", given) == ("grades: true is not one of 1, 2, 3",)


def test_a_morphology_has_the_form_of_one() -> None:
    assert faults("histology_is_lms", {"morphologies": ["LMS"]}) == ("morphologies: 'LMS' is not text",)


def test_a_check_that_is_not_there_is_named_with_the_nearest() -> None:
    told = faults("imaging_on_recrod", {})
    assert told == ("there is no such check; did you mean 'imaging_on_record'?",)


def test_a_bound_check_travels_to_other_processes() -> None:
    judge: Callable[[Facts, date], Answer] = bound("adult_at_referral", {"age_years": 18})
    again = pickle.loads(pickle.dumps(judge))  # noqa: S301  # our own
    assert again(Facts(None), date(2026, 1, 1)) == judge(Facts(None), date(2026, 1, 1))


def test_parameters_take_the_values_that_records_have() -> None:
    assert get_args(Modality) == shapes(Imaging)["modality"].values
    assert get_args(Method) == shapes(Biopsy)["method"].values
    assert get_args(Barrier) == shapes(Surgery)["margin_barrier"].values
    assert get_args(Menopause) == shapes(Referral)["menopausal_status"].values


def test_what_a_check_looks_up_in_comes_from_the_loader_and_from_no_file() -> None:
    given = {"authority": "AJCC", "edition": "8"}
    assert bound("stated_stage_agrees", given, scales()).keywords == {"scales": scales(), **given}  # type: ignore[attr-defined]
    assert "scales" not in bound("adult_at_referral", {"age_years": 18}, scales()).keywords  # type: ignore[attr-defined]
    assert faults("stated_stage_agrees", {**given, "scales": "mine"}) == ("there is no parameter 'scales'",)


@pytest.fixture
def registry() -> ModuleType:
    """A registry of its own, so that what a test registers is in no other."""
    found = importlib.util.find_spec("lmstrack.checks.registry")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def seen(case: Facts, on: date, **given: Any) -> Answer:
    """A check for these tests."""
    return MET


def test_a_check_is_found_under_its_own_name_and_is_of_anything(registry: ModuleType) -> None:
    assert registry.check(seen) is seen
    assert dict(registry.CHECKS) == {"seen": seen}
    assert registry.concern(partial(seen)) == (None, None, None)


def test_what_a_check_is_about_is_known_beforehand(registry: ModuleType) -> None:
    assert registry.check(of=(Surgery, Biopsy), treating="surgery", at=("uterus", "skin"))(seen) is seen
    assert dict(registry.CHECKS) == {"seen": seen}
    about = registry.concern(partial(seen))
    assert about == (frozenset({"surgery", "biopsy"}), "surgery", frozenset({"uterus", "skin"}))


@pytest.mark.parametrize(
    ("given", "sites"), [("uterus", {"uterus"}), (("uterus", "skin"), {"uterus", "skin"})], ids=["one", "several"]
)
def test_a_parameter_may_name_the_sites_that_a_check_is_about(
    given: object, sites: set[str], registry: ModuleType
) -> None:
    registry.check(at="where")(seen)
    assert registry.concern(partial(seen, where=given)) == (None, None, frozenset(sites))


def test_what_is_no_check_may_be_about_anything(registry: ModuleType) -> None:
    registry.check(of=(Surgery,))(seen)
    assert registry.concern(seen) == (None, None, None)
    assert registry.concern(partial(faults)) == (None, None, None)
