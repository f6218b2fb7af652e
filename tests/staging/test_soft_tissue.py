"""Stage groups outside the uterus, by the vectors of the rulebook, at every bound, and by their laws."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmstrack.errors import Impossible, InvalidData
from lmstrack.staging.soft_tissue import CATEGORIES, StageGroup, soft_tissue_group
from lmstrack.workflow.scales import scales

SCALE = scales().soft_tissue
SITES = ("extremity", "trunk", "retroperitoneum")
EVERY_SITE = (*SITES, "head_neck", "visceral", "uterus", "skin")


def found(**facts: Any) -> StageGroup:
    return soft_tissue_group(SCALE, **facts)


def group(**facts: Any) -> str | None:
    return found(**{"site_group": "extremity", "n": 0, "m": 0, **facts}).group


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("authority", ["AJCC", "UICC"])
@pytest.mark.parametrize(
    ("size_mm", "grade", "t", "expected"),
    [
        (50, 1, "1", "IA"),
        (51, 1, "2", "IB"),
        (50, 2, "1", "II"),
        (51, 3, "2", "IIIA"),
        (100, 3, "2", "IIIA"),
        (101, 2, "3", "IIIB"),
        (150, 2, "3", "IIIB"),
        (151, 2, "4", "IIIB"),
        (150, 1, "3", "IB"),
        (151, 1, "4", "IB"),
        (50, 3, "1", "II"),
        (50.1, 3, "2", "IIIA"),
        (100.1, 2, "3", "IIIB"),
    ],
)
def test_size_and_grade_give_the_group(
    site: str, authority: str, size_mm: float, grade: int, t: str, expected: str
) -> None:
    answer = found(site_group=site, size_mm=size_mm, n=0, m=0, grade=grade, authority=authority)
    assert (answer.t, answer.group, answer.still_possible) == (t, expected, (expected,))
    assert (answer.flags, answer.reason, answer.settled_by, answer.none_possible) == ((), "", (), False)


@pytest.mark.parametrize(
    ("size_mm", "t"), [(50, "1"), (50.01, "2"), (100, "2"), (100.01, "3"), (150, "3"), (150.01, "4")]
)
def test_t_changes_only_above_each_bound(size_mm: float, t: str) -> None:
    assert found(size_mm=size_mm).t == t


@pytest.mark.parametrize("grade", ["1", "2", "3", "X"])
@pytest.mark.parametrize("t", ["0", "1", "2", "3", "4", "X"])
def test_involved_nodes_are_another_stage_by_authority_and_site(t: str, grade: str) -> None:
    def by(site: str, authority: str) -> str | None:
        return group(site_group=site, t=t, n=1, grade=grade, authority=authority)

    assert {site: by(site, "AJCC") for site in SITES} == {"extremity": "IV", "trunk": "IV", "retroperitoneum": "IIIB"}
    assert {by(site, "UICC") for site in SITES} == {"IIIB"}


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("authority", ["AJCC", "UICC"])
@pytest.mark.parametrize("grade", ["1", "2", "3", "X"])
@pytest.mark.parametrize("n", ["0", "1", "X"])
@pytest.mark.parametrize("t", ["0", "1", "2", "3", "4", "X"])
def test_distant_spread_is_stage_four_everywhere(site: str, authority: str, t: str, n: str, grade: str) -> None:
    assert group(site_group=site, t=t, n=n, m=1, grade=grade, authority=authority) == "IV"


def test_a_grade_that_cannot_be_told_keeps_the_group_of_the_table_and_is_flagged() -> None:
    answer = found(site_group="extremity", size_mm=120, n=0, m=0, grade="X")
    assert (answer.group, answer.flags, answer.grade) == ("IB", ("grade_unknown",), "X")
    assert group(size_mm=50, grade="GX") == "IA"
    assert found(site_group="extremity", m=1, grade="X").flags == ("grade_unknown",)


def test_a_grade_nobody_has_told_leaves_both_groups() -> None:
    answer = found(site_group="extremity", size_mm=120, n=0, m=0)
    assert (answer.group, answer.still_possible, answer.settled_by) == (None, ("IB", "IIIB"), ("grade",))
    assert (answer.flags, answer.grade) == ((), None)


def test_nodes_that_were_not_assessed_count_as_free_and_are_flagged() -> None:
    answer = found(site_group="trunk", size_mm=60, n="NX", m=0, grade=2)
    assert (answer.group, answer.n, answer.flags) == ("IIIA", "X", ("nodes_not_assessed",))


def test_nodes_nobody_has_told_of_leave_both_groups() -> None:
    answer = found(site_group="trunk", size_mm=60, m=0, grade=2)
    assert (answer.still_possible, answer.settled_by) == (("IIIA", "IV"), ("n",))
    retroperitoneal = found(site_group="retroperitoneum", size_mm=101, m=0, grade=2)
    assert (retroperitoneal.group, retroperitoneal.settled_by) == ("IIIB", ())


def test_tx_is_computed_only_where_the_size_does_not_matter() -> None:
    for grade in (1, "X"):
        assert group(t="X", grade=grade) == "I"
        assert group(t="X", grade=grade, authority="UICC") is None
    high = found(site_group="extremity", t="X", n=0, m=0, grade=3)
    assert (high.group, high.still_possible, high.flags) == (None, (), ("t_not_assessable",))
    assert "TX" in high.reason
    assert high.none_possible
    unknown = found(site_group="extremity", t="X", n=0, m=0)
    assert (unknown.group, unknown.still_possible, unknown.none_possible) == (None, ("I",), True)
    assert (unknown.settled_by, unknown.flags, unknown.reason) == (("grade",), (), "")


@pytest.mark.parametrize("grade", [1, 2, 3, "X"])
@pytest.mark.parametrize("authority", ["AJCC", "UICC"])
def test_without_a_primary_there_is_no_group(grade: int | str, authority: str) -> None:
    answer = found(site_group="extremity", t=0, n=0, m=0, grade=grade, authority=authority)
    assert answer.group is None
    assert answer.flags[-1] == "no_primary"
    assert "T0" in answer.reason


@pytest.mark.parametrize(
    ("site", "flag", "word"),
    [
        ("head_neck", "no_stage_group", "head and neck"),
        ("visceral", "no_stage_group", "organs"),
        ("uterus", "staged_by_figo", "FIGO"),
        ("skin", "no_table", "skin"),
    ],
)
def test_some_sites_have_no_group_and_say_why(site: str, flag: str, word: str) -> None:
    for facts in ({}, {"size_mm": 30.0, "n": 0, "m": 0, "grade": 2}, {"t": 1, "m": 1}):
        answer = found(site_group=site, **facts)
        assert (answer.group, answer.still_possible, answer.flags) == (None, (), (flag,))
        assert word in answer.reason
        assert answer.settled_by == ()
    assert found(site_group=site, size_mm=30).t is None


def test_every_site_is_said_to_have_groups_or_why_not() -> None:
    assert SCALE.sites == SITES
    assert set(SCALE.without_group) == {"head_neck", "visceral", "uterus", "skin"}


def test_a_table_that_is_not_held_is_said_so() -> None:
    answer = found(site_group="extremity", size_mm=60, n=0, m=0, grade=3, edition="9")
    assert (answer.group, answer.flags, answer.system) == (None, ("no_table",), "AJCC 9")
    assert "AJCC 9" in answer.reason
    assert (answer.settled_by, answer.none_possible) == ((), True)
    assert group(size_mm=60, grade=3, authority="UICC", edition="9") == "IIIA"
    assert group(size_mm=60, grade=3, authority="UICC", edition="8") == "IIIA"


def test_nobody_saying_whose_stage_it_is_means_ajcc_of_the_eighth_edition() -> None:
    answer = found(site_group="extremity", size_mm=60, n=0, m=0, grade=3, prefix="yp")
    assert (answer.authority, answer.edition, answer.system) == ("AJCC", "8", "AJCC 8")
    assert answer.source.startswith("S38")
    assert (answer.prefix, answer.categories) == ("yp", "ypT2 N0 M0 G3")
    assert found(authority="UICC").source.startswith("S36")


def test_only_what_is_known_is_among_the_categories() -> None:
    assert found(site_group="extremity").categories == ""
    assert found(m=0, prefix="c").categories == "cM0"


def test_a_stated_t_that_is_not_that_of_the_size_leaves_both() -> None:
    answer = found(site_group="extremity", size_mm=120, t=2, n=0, m=0, grade=3)
    assert (answer.still_possible, answer.flags) == (("IIIA", "IIIB"), ("t_differs_from_size",))
    assert (answer.t, answer.settled_by) == (None, ("t",))
    agreed = found(site_group="extremity", size_mm=120, t=3, n=0, m=0, grade=3)
    assert (agreed.group, agreed.t, agreed.flags) == ("IIIB", "3", ())


def test_an_unknown_size_is_asked_for_as_such() -> None:
    answer = found(site_group="extremity", n=0, m=0, grade=3)
    assert (answer.still_possible, answer.settled_by) == (("II", "IIIA", "IIIB"), ("size_mm",))
    assert answer.none_possible


def test_a_fact_that_changes_nothing_is_not_asked_for() -> None:
    assert found(site_group="extremity", m=1).settled_by == ()
    assert found(site_group="extremity", n=1).settled_by == ()
    assert found(n=1, m=0).settled_by == ("site_group",)
    assert found(site_group="retroperitoneum", size_mm=151, grade=3).settled_by == ("m",)
    assert found().settled_by == ("site_group", "size_mm", "n", "m", "grade")
    assert found().still_possible == ("I", "IA", "IB", "II", "IIIA", "IIIB", "IV")


SEVENTH_EDITION = "the letters belong to the seventh edition, whose T2 is T2, T3 or T4 here: give size_mm instead"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"t": "2b"},
            f"t: '2b' is not one of 0, 1, 2, 3, 4, X; {SEVENTH_EDITION}",
        ),
        ({"t": "2c"}, "t: '2c' is not one of 0, 1, 2, 3, 4, X; did you mean '2'?"),
        ({"t": "Y"}, "t: 'Y' is not one of 0, 1, 2, 3, 4, X"),
        ({"t": ""}, "t: '' is not one of 0, 1, 2, 3, 4, X"),
        ({"t": 5}, "t: 5 is not one of 0, 1, 2, 3, 4, X"),
        ({"n": 2}, "n: 2 is not one of 0, 1, X"),
        ({"m": "X"}, "m: 'X' is not one of 0, 1"),
        ({"grade": 4}, "grade: 4 is not one of 1, 2, 3, X"),
        (
            {"site_group": "extremities"},
            f"site_group: 'extremities' is not one of {', '.join(EVERY_SITE)}; did you mean 'extremity'?",
        ),
        ({"authority": "AJC"}, "authority: 'AJC' is not one of AJCC, UICC; did you mean 'AJCC'?"),
        ({"edition": "7"}, "edition: '7' is not one of 8, 9"),
        ({"prefix": "r"}, "prefix: 'r' is not one of c, p, yc, yp"),
    ],
)
def test_a_value_that_there_is_not_is_refused_with_the_nearest(facts: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidData) as caught:
        found(**facts)
    assert caught.value.faults == (said,)


def test_every_wrong_value_is_told_at_once() -> None:
    with pytest.raises(InvalidData) as caught:
        found(t=7, n=7, m=7, grade=7, site_group="arm", authority="x", edition="x", prefix="x")
    assert len(caught.value.faults) == 8
    assert str(caught.value).startswith("Find the stage group: ")


def test_the_smallest_tumour_can_be_measured() -> None:
    assert found(size_mm=0.5).t == "1"


@pytest.mark.parametrize("size_mm", [0, -1, float("nan"), float("inf")])
def test_a_size_that_cannot_be_is_refused(size_mm: float) -> None:
    with pytest.raises(Impossible, match="size_mm cannot be"):
        found(size_mm=size_mm)


# ---- laws

FACTS: dict[str, tuple[Any, ...]] = {
    "site_group": EVERY_SITE,
    "t": CATEGORIES["t"],
    "n": CATEGORIES["n"],
    "m": CATEGORIES["m"],
    "grade": CATEGORIES["grade"],
}
some_facts = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in FACTS.items()})
authorities = st.sampled_from(["AJCC", "UICC"])


@given(some_facts, st.data(), authorities)
def test_what_is_possible_holds_the_stage_of_every_completion(
    known: dict[str, Any], data: st.DataObject, authority: str
) -> None:
    whole = {
        name: known[name] if name in known else data.draw(st.sampled_from(values)) for name, values in FACTS.items()
    }
    answer, truth = found(**known, authority=authority), found(**whole, authority=authority)
    if truth.group is None:
        assert answer.none_possible
        assert truth.reason
    else:
        assert truth.group in answer.still_possible


@given(some_facts, st.data(), authorities)
def test_more_facts_never_make_more_possible(known: dict[str, Any], data: st.DataObject, authority: str) -> None:
    kept = {name: value for name, value in known.items() if data.draw(st.booleans())}
    less, more = found(**kept, authority=authority), found(**known, authority=authority)
    assert set(more.still_possible) <= set(less.still_possible)
    assert more.none_possible <= less.none_possible
    if less.group is not None:
        assert more.group == less.group


@given(some_facts, authorities)
def test_the_questions_are_exactly_what_settles_it(known: dict[str, Any], authority: str) -> None:
    answer = found(**known, authority=authority)
    certain = len(answer.still_possible) + answer.none_possible == 1
    asked = {"t" if name == "size_mm" else name for name in answer.settled_by}
    assert not asked & set(known)
    if answer.still_possible:
        assert (not asked) == certain
    for values in product(*(FACTS[name] for name in sorted(asked))):
        settled = found(**known, **dict(zip(sorted(asked), values, strict=True)), authority=authority)
        assert len(settled.still_possible) + settled.none_possible == 1


@given(st.floats(0.1, 1000), some_facts)
def test_a_size_is_the_same_as_its_category(size_mm: float, known: dict[str, Any]) -> None:
    known = {**known, "site_group": "trunk", "t": None}
    measured = found(**{**known, "size_mm": size_mm})
    assert measured.t is not None
    assert measured.t == ("1" if size_mm <= 50 else "2" if size_mm <= 100 else "3" if size_mm <= 150 else "4")
    stated = found(**{**known, "t": measured.t})
    assert (measured.still_possible, measured.settled_by) == (stated.still_possible, stated.settled_by)
