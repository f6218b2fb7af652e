"""The calculators as they are typed, and the computed stage beside the stated one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

LIMB = ("site_group=extremity", "size_mm=51", "n=0", "m=0")
CONFINED = ("adnexa=no", "pelvic=no", "abdominal_sites=0", "nodes=no", "bladder_rectum=no", "distant=no")


def told(run: Run, *words: str) -> Any:
    answer = run("calc", *words, "--format", "json")
    assert answer.code == 0, answer.err
    return answer.json()


def test_a_stage_group_says_what_it_was_found_from(run: Run) -> None:
    stage = told(run, "stage", *LIMB, "grade=3", "authority=AJCC", "edition=8")
    assert [stage[name] for name in ("t", "n", "m", "g")] == ["T2", "N0", "M0", "G3"]
    assert (stage["stage_group"], stage["possible"], stage["flags"], stage["ask"]) == ("IIIA", ["IIIA"], [], [])
    assert (stage["authority"], stage["edition"], stage["reason"]) == ("AJCC", "8", None)
    assert [row["authority"] for row in stage["rows"]] == ["AJCC"]
    assert stage["source"].startswith("S38")


def test_what_is_not_known_leaves_the_groups_that_it_allows(run: Run) -> None:
    stage = told(run, "stage", *LIMB)
    assert (stage["stage_group"], stage["possible"], stage["ask"]) == (None, ["IB", "IIIA"], ["grade"])
    assert stage["g"] is None
    nothing = told(run, "stage")
    assert len(nothing["possible"]) == 7
    assert nothing["none_possible"] is True


def test_where_the_site_may_have_no_groups_none_is_named_among_what_is_possible(run: Run) -> None:
    stage = run("calc", "stage", "size_mm=60", "n=0", "m=0", "grade=3", "--format", "table").out
    assert stage.startswith("IIIA or none by AJCC 8 from T2 N0 M0 G3; not known: site_group.")


def test_the_other_authority_answers_for_the_edition_that_was_asked_for(run: Run) -> None:
    by_ajcc = told(run, "stage", *LIMB, "grade=3", "edition=9")
    assert [(row["authority"], row["edition"], row["stage_group"]) for row in by_ajcc["rows"]] == [
        ("AJCC", "9", None),
        ("UICC", "9", "IIIA"),
    ]


def test_ajcc_and_uicc_stand_beside_each_other_where_they_differ(run: Run) -> None:
    nodes = ("site_group=trunk", "t=2", "n=1", "m=0")
    by_ajcc = told(run, "stage", *nodes)
    assert [(row["authority"], row["stage_group"]) for row in by_ajcc["rows"]] == [("AJCC", "IV"), ("UICC", "IIIB")]
    assert by_ajcc["stage_group"] == "IV"
    by_uicc = told(run, "stage", *nodes, "authority=uicc", "edition=9")
    assert [(row["authority"], row["stage_group"]) for row in by_uicc["rows"]] == [("UICC", "IIIB"), ("AJCC", "IV")]
    assert by_uicc["rows"][1]["edition"] == "8"
    assert "AJCC and UICC differ here" in run("calc", "stage", *nodes, "--format", "table").out
    retroperitoneal = told(run, "stage", "site_group=retroperitoneum", *nodes[1:])
    assert [row["stage_group"] for row in retroperitoneal["rows"]] == ["IIIB"]


def test_a_site_without_groups_says_why(run: Run) -> None:
    stage = told(run, "stage", "site_group=head_neck", "t=2", "n=0", "m=0", "grade=2")
    assert (stage["stage_group"], stage["possible"], stage["flags"]) == (None, [], ["no_stage_group"])
    assert "no stage groups are defined" in stage["reason"]
    uterus = run("calc", "stage", "site_group=uterus", "--format", "table").out
    assert "calc figo" in uterus
    assert uterus.startswith("None by AJCC 8: ")


def test_gx_is_explained(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    stage = told(run, "stage", "site_group=extremity", "size_mm=120", "n=0", "m=0", "grade=gx")
    assert (stage["stage_group"], stage["flags"], stage["g"]) == ("IB", ["grade_unknown"], "GX")
    shown = run("calc", "stage", "site_group=extremity", "size_mm=120", "n=0", "m=0", "grade=x", "--format", "table")
    assert "a schedule takes it for high" in shown.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("stage", "site_group=extremty"), "did you mean 'extremity'?"),
        (("stage", "size=50"), "there is no field 'size'"),
        (("stage", "sizemm=50"), "did you mean 'size_mm'?"),
        (("stage", "t=2b"), "give size_mm instead"),
        (("stage", "grade=4"), "grade: '4' is not one of 1, 2, 3, X"),
        (("stage", "authority=AJC"), "did you mean 'AJCC'?"),
        (("stage", "prefix=r"), "prefix: 'r' is not one of c, p, yc, yp"),
        (("stage", "size_mm=big"), "size_mm: write a number"),
        (("figo", "adnexxa=no"), "did you mean 'adnexa'?"),
        (("figo", "adnexa=perhaps"), "adnexa: write true or false"),
        (("figo", "prefix=r"), "prefix: 'r' is not one of"),
        (("grade", "differentiation=4"), "differentiation: '4' is not one of 1, 2, 3"),
        (("grade", "mitosis_count=4"), "did you mean 'mitoses_count'?"),
        (("schedule", "ancor=2026-01-31"), "did you mean 'anchor'?"),
        (("schedule", "anchor=2026-01-31", "until=2026-01-30"), "until: 30 Jan 2026 is before the anchor"),
    ],
)
def test_a_wrong_value_ends_in_4_and_names_the_nearest(run: Run, words: tuple[str, ...], said: str) -> None:
    answer = run("calc", *words)
    assert (answer.code, answer.out) == (4, "")
    assert said in answer.err


def test_every_wrong_value_of_a_stage_is_told_at_once(run: Run) -> None:
    answer = run("calc", "stage", "site_group=arm", "authority=x", "prefix=r")
    assert answer.code == 4
    assert all(f"{name}: " in answer.err for name in ("site_group", "authority", "prefix"))


@pytest.mark.parametrize("words", [("stage", "size_mm=0"), ("figo", "size_mm=0"), ("grade", "necrosis_pct=101")])
def test_what_cannot_be_measured_ends_in_5(run: Run, words: tuple[str, ...]) -> None:
    assert run("calc", *words).code == 5


def test_a_figo_stage_says_what_it_is_in_tnm(run: Run) -> None:
    figo = told(run, "figo", "size_mm=60", *CONFINED, "prefix=p")
    assert (figo["figo"], figo["stage_group"], figo["edition"], figo["prefix"]) == ("IB", "IB", "2009", "p")
    assert [figo[name] for name in ("t", "n", "m")] == ["T1b", "N0", "M0"]
    adnexa = told(run, "figo", "size_mm=60", "adnexa=yes", *CONFINED[1:])
    assert (adnexa["figo"], adnexa["t"], adnexa["stage_group"]) == ("IIA", "T2a", "II")
    shown = run("calc", "figo", "cervix=yes", "nodes_assessed=no", "--format", "table").out
    assert "leaves open whether they are involved" in shown
    assert "count as free" not in shown


def test_a_grade_gives_its_score_and_what_is_missing(run: Run) -> None:
    grade = told(run, "grade", "differentiation=2", "mitoses_count=10", "necrosis_pct=0")
    assert (grade["score"], grade["grade"], grade["possible"], grade["ask"]) == (4, 2, [2], [])
    near = run("calc", "grade", "differentiation=2", "mitoses_count=11", "mitoses_area_mm2=2", "--format", "table").out
    assert near.startswith("FNCLCC grade 1 or 2; not known: necrosis pct.")
    assert "so near a bound" in near
    bare = run("calc", "grade", "mitoses_count=11", "--format", "table").out
    assert bare.startswith("FNCLCC grade 1, 2 or 3; not known: differentiation, necrosis pct.")


def test_a_case_gives_its_facts_and_what_is_typed_counts_instead(run: Run, followed: str) -> None:
    assert told(run, "stage", "--case", followed)["stage_group"] == "IIIA"
    assert told(run, "stage", "--case", followed, "grade=1")["stage_group"] == "IB"
    assert told(run, "stage", "--case", followed, "size_mm=151")["t"] == "T4"
    assert told(run, "stage", "--case", followed, "t=4")["t"] == "T4"
    assert told(run, "stage", "--case", followed, "t=4")["flags"] == []
    assert told(run, "figo", "--case", followed, *CONFINED)["figo"] == "IB"
    assert told(run, "figo", "--case", followed, *CONFINED, "size_mm=50")["figo"] == "IA"
    assert run("calc", "stage", "--case", "LMS-0099-9").code == 7


def test_a_calculator_needs_no_database(run: Run, home: Path) -> None:
    told(run, "stage", *LIMB)
    assert not (home / "ward.db").exists()
    assert run("calc", "stage", "--case", "LMS-0001-3").code == 9


def test_completion_offers_the_fields_of_a_calculator(run: Run, case: str) -> None:
    assert run("__complete", "calc", "").out.split() == ["stage", "figo", "grade", "schedule"]
    assert "size_mm=" in run("__complete", "calc", "stage", "").out.split()
    assert run("__complete", "calc", "figo", "adn").out.split() == ["adnexa="]
    assert run("__complete", "calc", "stage", "--ca").out.split() == ["--case"]
    assert run("__complete", "calc", "stage", "--case", "").out.split() == [case]


# ---- the computed stage beside the stated one


@pytest.fixture
def staged(run: Run, referred: str) -> str:
    for words in (
        ("pathology", "specimen=biopsy", "is_lms=true", "grade=2", "--on", "2026-11-05"),
        ("staging", "t=2", "n=0", "prefix=c", "--on", "2026-11-06"),
        ("staging", "m=0", "stage_group=IIIB", "--on", "2026-11-07"),
    ):
        assert run("record", referred, *words).code == 0
    return referred


def test_the_page_of_a_case_shows_the_computed_stage_beside_the_stated_one(run: Run, staged: str) -> None:
    page = run("show", staged, "--format", "list").out
    assert "stage group: IIIB\n" in page
    assert "computed stage: IIIA by AJCC 8 from cT2 N0 M0 G2\n" in page
    stage = run("show", staged, "--format", "json").json()["computed_stage"]
    assert (stage["stage"], stage["authority"], stage["edition"], stage["ask"]) == ("IIIA", "AJCC", "8", [])
    assert stage["categories"] == "cT2 N0 M0 G2"


def test_nothing_is_computed_for_a_case_that_nobody_has_staged(run: Run, referred: str) -> None:
    assert run("show", referred, "--format", "json").json()["computed_stage"] is None
    assert "computed" not in run("show", referred, "--format", "list").out


def test_the_timeline_shows_what_followed_at_the_time(run: Run, staged: str) -> None:
    rows = {row["line"]: row for row in run("timeline", staged, "--format", "json").json()["rows"]}
    assert [rows[line]["computed_stage"] for line in (1, 2)] == [None, None]
    assert rows[3]["computed_stage"] == "IIIA or IV by AJCC 8 from cT2 N0 G2; not known: m"
    assert rows[4]["computed_stage"] == "IIIA by AJCC 8 from cT2 N0 M0 G2"
    assert "stage group IIIB; computed: IIIA by AJCC 8" in run("timeline", staged, "--format", "list").out


def test_why_begins_with_the_computed_stage(run: Run, staged: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert (
        "  stage computed: IIIA by AJCC 8 from cT2 N0 M0 G2\n" in run("why", staged, "staging", "--format", "table").out
    )
    assert run("why", staged, "--format", "json").json()["computed_stage"]["stage"] == "IIIA"
    assert run("why", staged, "biopsy", "--format", "json").json()["computed_stage"] is None


def test_a_list_shows_the_stage_that_is_stated(run: Run, staged: str) -> None:
    assert [row["stage"] for row in run("case", "list", "--format", "json").json()["rows"]] == ["IIIB"]


def test_a_list_marks_a_stage_that_nobody_stated_as_computed(run: Run, followed: str) -> None:
    assert [row["stage"] for row in run("case", "list", "--format", "json").json()["rows"]] == ["IIIA (computed)"]
    assert {row["stage"] for row in run("overdue", "--format", "json").json()["rows"]} == {"IIIA (computed)"}


def test_a_stage_that_is_not_certain_is_on_no_list(run: Run, referred: str) -> None:
    assert run("record", referred, "pathology", "specimen=biopsy", "is_lms=true", "--on", "2026-11-05").code == 0
    assert run("record", referred, "staging", "t=2", "n=0", "m=0", "--on", "2026-11-06").code == 0
    assert [row["stage"] for row in run("case", "list", "--format", "json").json()["rows"]] == [None]
    page = run("show", referred, "--format", "list").out
    assert "computed stage: IB or IIIA by AJCC 8 from T2 N0 M0; not known: grade\n" in page
