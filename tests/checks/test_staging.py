"""The stated stage against the one that follows from what is on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lmstrack.rules import NOT_ASKED, Answer

LIMB = "2026-03-02 referral site_group=extremity"
SIZE = "2026-03-09 imaging region=primary modality=MRI size_mm=80"
REPORT = "2026-03-16 pathology specimen=biopsy grade=3"
UTERUS = "2026-03-02 referral site_group=uterus size_mm=60"
CONFINED = '{"adnexa":false,"pelvic":false,"abdominal_sites":0,"nodes":false,"bladder_rectum":false,"distant":false}'

Ask = Callable[..., Answer]
Word = Callable[..., str]


def staging(fields: str) -> str:
    return f"2026-03-20 staging {fields}"


@pytest.mark.parametrize("stated", ["IIIA", "iiia", "3a", "III", "3", "stage:IIIA", "AJCC:IIIA"])
def test_the_stage_that_follows_is_met_however_it_is_written(verdict: Word, stated: str) -> None:
    log = (LIMB, SIZE, REPORT, staging(f"n=0 m=0 stage_group={stated}"))
    assert verdict("stated_stage_agrees", *log) == "met"


@pytest.mark.parametrize("stated", ["IIIB", "IIA", "IV", "II", "I", "4"])
def test_another_stage_is_told_with_the_one_that_follows(answer: Ask, stated: str) -> None:
    said = answer("stated_stage_agrees", LIMB, SIZE, REPORT, staging(f"t=2 n=0 m=0 prefix=c stage_group={stated}"))
    assert said.verdict == "not met"
    assert said.needs == "the stage that follows from what is on record"
    assert said.found == f"stage '{stated}' of 20 Mar; what follows is IIIA by AJCC 8 from cT2 N0 M0 G3"
    assert said.fix == "staging stage_group=IIIA"
    assert said.lines == (4,)


def test_a_grade_that_is_not_known_leaves_it_open(answer: Ask) -> None:
    said = answer("stated_stage_agrees", LIMB, SIZE, staging("n=0 m=0 stage_group=IIIA"))
    assert (said.verdict, [ask.fact for ask in said.asks]) == ("unknown", ["grade"])
    assert said.found.endswith("IB or IIIA by AJCC 8 from T2 N0 M0; not known: grade")
    assert answer("stated_stage_agrees", LIMB, SIZE, staging("n=0 m=0 stage_group=IV")).verdict == "not met"
    assert answer("stated_stage_agrees", LIMB, SIZE, staging("n=0 m=0 stage_group=IV")).fix == ""


def test_a_stage_without_its_letter_agrees_with_each_that_has_one(verdict: Word) -> None:
    log = (LIMB, REPORT, staging("t=2 n=0 m=0 stage_group=III"))
    assert verdict("stated_stage_agrees", *log) == "met"
    assert verdict("stated_stage_agrees", LIMB, staging("t=2 n=0 m=0 stage_group=III")) == "unknown"


def test_a_size_that_contradicts_t_leaves_both_and_asks_which(answer: Ask) -> None:
    large = "2026-03-09 imaging region=primary modality=MRI size_mm=120"
    said = answer("stated_stage_agrees", LIMB, large, REPORT, staging("t=2 n=0 m=0 stage_group=IIIA"))
    assert (said.verdict, [ask.fact for ask in said.asks]) == ("unknown", ["t"])
    assert answer("stated_stage_agrees", LIMB, large, REPORT, staging("t=2 n=0 m=0 stage_group=III")).verdict == "met"


def test_a_group_that_may_turn_out_to_be_none_is_not_yet_met(verdict: Word) -> None:
    assert verdict("stated_stage_agrees", LIMB, staging("t=X n=0 m=0 stage_group=I")) == "unknown"


def test_a_grade_that_the_pathologist_cannot_give_is_gx(verdict: Word) -> None:
    gx = "2026-03-16 pathology specimen=biopsy grade_unknown_reason=crushed"
    assert verdict("stated_stage_agrees", LIMB, SIZE, gx, staging("n=0 m=0 stage_group=IB")) == "met"
    assert verdict("stated_stage_agrees", LIMB, SIZE, gx, staging("n=0 m=0 stage_group=IIIA")) == "not met"


def test_whose_stage_it_is_decides_about_involved_nodes(answer: Ask, verdict: Word) -> None:
    def log(fields: str) -> tuple[str, ...]:
        return LIMB, SIZE, REPORT, staging(f"n=1 m=0 {fields}")

    assert verdict("stated_stage_agrees", *log("stage_group=IV")) == "met"
    assert verdict("stated_stage_agrees", *log("stage_group=IV authority=AJCC")) == "met"
    assert verdict("stated_stage_agrees", *log("stage_group=IV authority=UICC")) == "not met"
    assert verdict("stated_stage_agrees", *log("stage_group=IIIB authority=UICC")) == "met"
    assert verdict("stated_stage_agrees", *log("stage_group=IIIB"), authority="UICC") == "met"
    assert verdict("stated_stage_agrees", *log("stage_group=IIIB authority=UICC edition=9")) == "met"
    said = answer("stated_stage_agrees", *log("stage_group=IIIB"), authority="UICC", edition="9")
    assert said.verdict == "met"


@pytest.mark.parametrize(
    "log",
    [
        (LIMB, SIZE, REPORT, staging("t=2 n=0 m=0")),
        (LIMB, SIZE, REPORT, staging("t=2 n=0 m=0 figo_stage=IB")),
        (LIMB, SIZE, REPORT, staging("n=0 m=0 stage_group=I authority=AJCC edition=9")),
        ("2026-03-02 referral site_group=skin size_mm=20", staging("t=1 n=0 m=0 stage_group=IA")),
        (LIMB, SIZE, REPORT, staging("n=0 m=0 stage_group=I"), "2026-03-27 mdt"),
    ],
    ids=["nothing stated", "FIGO of a limb", "no table of the edition", "no table of the skin", "another kind"],
)
def test_it_is_not_asked_where_there_is_nothing_to_compare(answer: Ask, log: tuple[str, ...]) -> None:
    assert answer("stated_stage_agrees", *log) is NOT_ASKED


@pytest.mark.parametrize("site", ["head_neck", "visceral"])
def test_a_group_where_none_is_defined_is_told_with_the_reason(answer: Ask, site: str) -> None:
    referral = f"2026-03-02 referral site_group={site} size_mm=30"
    said = answer("stated_stage_agrees", referral, REPORT, staging("t=2 n=0 m=0 stage_group=IIIA"))
    assert said.verdict == "not met"
    assert "no stage groups are defined" in said.found
    assert said.fix == ""


def test_words_that_are_no_stage_are_asked_about(answer: Ask) -> None:
    said = answer("stated_stage_agrees", LIMB, SIZE, REPORT, staging("n=0 m=0 stage_group=advanced"))
    assert (said.verdict, said.asks[0].fact, said.asks[0].line) == ("unknown", "staging.stage_group", 4)
    assert said.asks[0].question == "Which stage is meant by 'advanced'?"


def test_the_uterus_is_judged_by_figo(answer: Ask, verdict: Word) -> None:
    extent = f"figo_extent={CONFINED}"
    assert verdict("stated_stage_agrees", UTERUS, staging(f"{extent} figo_stage=IB")) == "met"
    assert verdict("stated_stage_agrees", UTERUS, staging(f"{extent} figo_stage=FIGO:IB stage_group=IA")) == "met"
    assert verdict("stated_stage_agrees", UTERUS, staging(f"{extent} stage_group=IB")) == "met"
    said = answer("stated_stage_agrees", UTERUS, staging(f"{extent} figo_stage=IIB"))
    assert (said.verdict, said.fix) == ("not met", "staging figo_stage=IB")
    assert said.found.endswith(" is IB by FIGO 2009 from T1b N0 M0")


def test_a_stated_t_is_not_turned_into_figo(answer: Ask) -> None:
    said = answer("stated_stage_agrees", UTERUS, staging("t=1b n=0 m=0 figo_stage=IB"))
    asked = [ask.fact for ask in said.asks]
    assert (said.verdict, asked) == ("unknown", ["adnexa", "pelvic", "abdominal_sites", "bladder_rectum"])
    assert said.asks[0].record == "staging figo_extent='{\"adnexa\":VALUE}'"


def test_everything_that_would_settle_it_is_asked_and_can_be_recorded(answer: Ask) -> None:
    limb = answer("stated_stage_agrees", staging("stage_group=IIIA"))
    assert [(ask.fact, ask.record) for ask in limb.asks] == [
        ("site_group", "consultation site_group=extremity"),
        ("size_mm", "consultation size_mm=NUMBER"),
        ("n", "staging n=NUMBER"),
        ("m", "staging m=NUMBER"),
        ("grade", "pathology grade=NUMBER"),
    ]
    uterus = answer("stated_stage_agrees", "2026-03-02 referral site_group=uterus", staging("figo_stage=IB"))
    extents = ["adnexa", "pelvic", "abdominal_sites", "nodes", "bladder_rectum", "distant"]
    assert [(ask.fact, ask.record) for ask in uterus.asks] == [
        ("size_mm", "consultation size_mm=NUMBER"),
        *((name, f"staging figo_extent='{{\"{name}\":VALUE}}'") for name in extents),
    ]
    # Size and distant spread are asked alike for both.
    assert len({ask.question for ask in (*limb.asks, *uterus.asks)}) == 10
