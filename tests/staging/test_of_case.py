"""Which facts of a case the computed stage is made from."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lmstrack.errors import Impossible, InvalidData
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import from_text
from lmstrack.staging.figo import FigoStage
from lmstrack.staging.fnclcc import fnclcc
from lmstrack.staging.of_case import Stage, computed_stage, figo_inputs, in_words, stage_inputs
from lmstrack.staging.soft_tissue import StageGroup, soft_tissue_group
from lmstrack.workflow.scales import scales

SCALES = scales()
LIMB = "referral site_group=extremity size_mm=80"
UTERUS = "referral site_group=uterus size_mm=60"
GRADED = "pathology specimen=biopsy grade=3"
CONFINED = '{"adnexa":false,"pelvic":false,"abdominal_sites":0,"bladder_rectum":false}'


def known(*said: str) -> Facts:
    """What is known after these entries, one a day."""
    facts = Facts(None)
    for number, words in enumerate(said, 1):
        kind, *pairs = words.split()
        on = date(2026, 3, number)
        record = from_text(kind, dict(pair.split("=", 1) for pair in pairs), today=date(2026, 12, 1))
        facts.add(Event("E-1", number, on, record, datetime(2026, 12, 1, tzinfo=UTC), "nurse", "day"))
        if words.startswith("recurrence status=confirmed"):
            facts.open_course(on)
    return facts


def computed(*said: str) -> Stage:
    return computed_stage(known(*said), SCALES)


def group(*said: str) -> StageGroup:
    stage = computed(*said)
    assert isinstance(stage, StageGroup)
    return stage


def test_size_grade_and_what_was_staged_make_the_group() -> None:
    stage = group(LIMB, GRADED, "staging n=0 m=0 prefix=c")
    assert (stage.certain, stage.categories, stage.system) == ("IIIA", "cT2 N0 M0 G3", "AJCC 8")


def test_of_several_stagings_of_one_kind_the_latest_that_tells_a_category_counts() -> None:
    earlier, later = "staging t=1 n=1 m=0 prefix=c", "staging t=2 n=0 prefix=c"
    site = "referral site_group=extremity"
    assert group(site, GRADED, earlier, later).categories == "cT2 N0 M0 G3"
    assert group(site, GRADED, later, earlier).categories == "cT1 N1 M0 G3"
    assert group(site, GRADED, earlier, "staging n=0 prefix=c").categories == "cT1 N0 M0 G3"


def test_a_prefix_alone_is_no_category() -> None:
    for site in ("extremity", "uterus"):
        assert computed(f"referral site_group={site}", "staging prefix=c").categories == ""


def test_nodes_that_were_not_assessed_leave_t_as_it_is() -> None:
    stage = computed(UTERUS, f"staging n=X m=0 figo_extent={CONFINED}")
    assert isinstance(stage, FigoStage)
    assert (stage.t, stage.n, stage.m) == ("1b", "X", "0")


def test_what_is_flagged_of_the_grade_is_told_beside_that_there_is_no_group() -> None:
    refused = "pathology specimen=biopsy grade_unknown_reason=crushed"
    stage = group("referral site_group=head_neck size_mm=30", refused, "staging n=0 m=0")
    assert (stage.site_group, stage.flags) == ("head_neck", ("grade_unknown", "no_stage_group"))


@pytest.mark.parametrize("t", ["1a", "1b", "2a", "2b"])
def test_a_t_with_the_letter_of_an_earlier_edition_is_none_and_flagged(t: str) -> None:
    stage = group("referral site_group=extremity", GRADED, f"staging t={t} n=0 m=0")
    assert (stage.t, stage.flags) == (None, ("t_not_of_this_edition",))


@pytest.mark.parametrize("t", ["1a", "1B"])
def test_whoever_types_a_t_of_an_earlier_edition_is_told_of_it(t: str) -> None:
    with pytest.raises(InvalidData, match="the letters belong to the seventh edition"):
        soft_tissue_group(SCALES.soft_tissue, t=t)
    with pytest.raises(InvalidData, match="did you mean '1'"):
        soft_tissue_group(SCALES.soft_tissue, t="1c")


def test_a_calculator_that_refuses_says_what_it_was_asked() -> None:
    with pytest.raises(Impossible) as told:
        soft_tissue_group(SCALES.soft_tissue, size_mm=0)
    assert str(told.value) == "Find the stage group: size_mm cannot be 0."
    with pytest.raises(InvalidData) as refused:
        fnclcc(SCALES.fnclcc, differentiation=7, mitoses_count=1, necrosis_pct=0)
    assert str(refused.value) == "Compute the FNCLCC grade: differentiation: 7 is not one of 1, 2, 3"


def test_a_grade_that_is_not_on_record_is_not_gx() -> None:
    unknown = group(LIMB, "pathology specimen=biopsy is_lms=true", "staging n=0 m=0")
    assert (unknown.grade, unknown.still_possible, unknown.flags) == (None, ("IB", "IIIA"), ())
    refused = group(LIMB, "pathology specimen=biopsy grade_unknown_reason=crushed", "staging n=0 m=0")
    assert (refused.grade, refused.certain, refused.flags) == ("X", "IB", ("grade_unknown",))
    later = group(LIMB, "pathology specimen=biopsy grade_unknown_reason=crushed", GRADED, "staging n=0 m=0")
    assert (later.grade, later.flags) == ("3", ())


@pytest.mark.parametrize("report", ["is_lms=true", "grade_unknown_reason=crushed", "grade=1"])
def test_neither_gx_nor_an_unknown_nor_an_unreviewed_low_grade_selects_the_follow_up_of_low_grade(report: str) -> None:
    assert known(LIMB, f"pathology specimen=biopsy {report}", "staging n=0 m=0").schedule_grade() is None


def test_only_a_low_grade_that_a_sarcoma_pathologist_gives_selects_it() -> None:
    reviewed = known(LIMB, "pathology specimen=biopsy grade=1 reviewed_by_sarcoma_pathologist=true")
    assert reviewed.schedule_grade() == 1


def test_t_and_n_of_one_prefix_are_not_mixed_with_those_of_another() -> None:
    pathological = group(LIMB, GRADED, "staging t=1 n=1 m=0 prefix=c", "staging t=2 prefix=p")
    assert (pathological.prefix, pathological.t, pathological.n) == ("p", "2", None)
    assert (pathological.m, pathological.still_possible) == ("0", ("IIIA", "IV"))
    clinical = group(LIMB, GRADED, "staging t=2 n=0 m=0 prefix=p", "staging n=1 prefix=c")
    assert (clinical.prefix, clinical.t, clinical.n) == ("c", "2", "1")


def test_an_entry_without_a_prefix_goes_with_any() -> None:
    stage = group(LIMB, GRADED, "staging n=0 prefix=c", "staging t=2 m=0")
    assert (stage.prefix, stage.categories, stage.certain) == ("c", "cT2 N0 M0 G3", "IIIA")
    none = group(LIMB, GRADED, "staging n=0 m=0", "staging t=2")
    assert (none.prefix, none.certain) == (None, "IIIA")


@pytest.mark.parametrize("prefix", ["yc", "yp"])
def test_a_size_before_treatment_says_nothing_about_a_t_after_it(prefix: str) -> None:
    stage = group(LIMB, GRADED, f"staging t=1 n=0 m=0 prefix={prefix}")
    assert (stage.t, stage.certain, stage.flags) == ("1", "II", ())
    untold = group(LIMB, GRADED, f"staging n=0 m=0 prefix={prefix}")
    assert (untold.t, untold.settled_by) == (None, ("size_mm",))


def test_a_t_with_a_letter_belongs_to_another_edition_and_the_size_is_taken() -> None:
    stage = group(LIMB, GRADED, "staging t=2b n=0 m=0")
    assert (stage.t, stage.certain, stage.flags) == ("2", "IIIA", ("t_not_of_this_edition",))
    unsized = group("referral site_group=trunk", GRADED, "staging t=1a n=0 m=0")
    assert (unsized.t, unsized.flags) == (None, ("t_not_of_this_edition",))


def test_whose_stage_was_stated_last_is_whose_is_computed() -> None:
    staged = (LIMB, GRADED, "staging n=1 m=0 authority=UICC edition=9", "staging t=2")
    assert (group(*staged).certain, group(*staged).system) == ("IIIB", "UICC 9")
    facts = known(LIMB, GRADED, "staging n=1 m=0")
    by_uicc = computed_stage(facts, SCALES, authority="UICC", edition="9")
    assert (by_uicc.certain, by_uicc.system) == ("IIIB", "UICC 9")
    assert computed_stage(facts, SCALES).certain == "IV"
    stated = known(LIMB, GRADED, "staging n=1 m=0 authority=AJCC edition=8")
    assert computed_stage(stated, SCALES, authority="UICC", edition="9").system == "AJCC 8"


def test_a_recurrence_begins_without_a_stage() -> None:
    recurred = group(LIMB, GRADED, "staging t=2 n=0 m=0 prefix=c", "recurrence status=confirmed local=true")
    assert (recurred.n, recurred.m, recurred.prefix) == (None, None, None)


def test_a_recurrence_in_the_uterus_begins_without_an_extent() -> None:
    staged = (UTERUS, f"staging n=0 m=0 figo_extent={CONFINED}")
    assert computed(*staged).certain == "IB"
    assert figo_inputs(known(*staged, "recurrence status=confirmed local=true"))["adnexa"] is None


def test_the_uterus_is_staged_by_the_extent_that_was_told_last() -> None:
    stage = computed(UTERUS, f"staging n=0 m=0 figo_extent={CONFINED}", 'staging prefix=p figo_extent={"adnexa":true}')
    assert isinstance(stage, FigoStage)
    assert (stage.certain, stage.categories) == ("IIA", "pT2a N0 M0")


def test_n_and_m_complete_the_extent_and_t_does_not() -> None:
    inputs = figo_inputs(known(UTERUS, f"staging t=3b n=1 m=1 figo_extent={CONFINED}"))
    assert (inputs["nodes"], inputs["nodes_assessed"], inputs["distant"]) == (True, None, True)
    assert (inputs["size_mm"], inputs["abdominal_sites"]) == (60, 0)
    free = figo_inputs(known(UTERUS, "staging n=0 m=0"))
    assert (free["nodes"], free["distant"], free["adnexa"]) == (False, False, None)
    unassessed = figo_inputs(known(UTERUS, "staging n=X"))
    assert (unassessed["nodes"], unassessed["nodes_assessed"], unassessed["distant"]) == (None, False, None)


def test_what_the_extent_says_counts_before_n_m_and_the_size_on_record() -> None:
    extent = '{"size_mm":40,"nodes":false,"distant":false}'
    inputs = figo_inputs(known(UTERUS, f"staging n=1 m=1 figo_extent={extent}"))
    assert (inputs["nodes"], inputs["distant"], inputs["size_mm"]) == (False, False, 40)
    deposit = figo_inputs(known(UTERUS, 'staging n=1 figo_extent={"nodal_deposit_mm":0.1}'))
    assert (deposit["nodes"], deposit["nodal_deposit_mm"]) == (None, 0.1)
    assessed = figo_inputs(known(UTERUS, 'staging n=X figo_extent={"nodes_assessed":true}'))
    assert (assessed["nodes"], assessed["nodes_assessed"]) == (None, True)


def test_the_inputs_of_a_case_are_those_that_the_calculator_takes() -> None:
    assert stage_inputs(known(LIMB, GRADED, "staging t=2b n=X m=0 prefix=c authority=UICC edition=9")) == {
        "site_group": "extremity",
        "size_mm": 80,
        "t": None,
        "n": "X",
        "m": "0",
        "grade": "3",
        "prefix": "c",
        "authority": "UICC",
        "edition": "9",
    }


def test_a_stage_is_said_with_whose_it_is_what_it_was_found_from_and_what_would_settle_it() -> None:
    assert in_words(computed(LIMB, GRADED, "staging n=0 m=0")) == "IIIA by AJCC 8 from T2 N0 M0 G3"
    assert in_words(computed(LIMB, "staging n=0 m=0")) == "IB or IIIA by AJCC 8 from T2 N0 M0; not known: grade"
    assert in_words(computed(LIMB, "staging n=0")) == "IB, IIIA or IV by AJCC 8 from T2 N0; not known: m, grade"
    skin = in_words(computed("referral site_group=skin"))
    assert skin.startswith("none by AJCC 8: no source says which table")
    assert in_words(computed("visit components=history")).startswith(
        "I, IA, IB, II, IIIA, IIIB, IV or none by AJCC 8; not"
    )
