"""The FNCLCC grade, by the vectors of the rulebook and at every bound."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmstrack.errors import Impossible, InvalidData, WorkflowFaults
from lmstrack.staging.fnclcc import NEAR_A_BOUND, Grade, fnclcc
from lmstrack.workflow.files import folder
from lmstrack.workflow.scales import fnclcc_from, scales

if TYPE_CHECKING:
    from pathlib import Path

SCALE = scales().fnclcc
CONTENT = (folder() / "scales" / "fnclcc.yaml").read_bytes()

degrees = st.sampled_from([1, 2, 3])
counts = st.integers(0, 60)
shares = st.integers(0, 100)


@pytest.mark.parametrize(
    ("differentiation", "mitoses", "necrosis", "score", "grade"),
    [
        (2, 9, 0, 3, 1),
        (2, 10, 0, 4, 2),
        (2, 19, 49, 5, 2),
        (2, 20, 49, 6, 3),
        (3, 20, 50, 8, 3),
        (1, 0, 0, 2, 1),
        (1, 9, 50, 4, 2),
        (3, 5, 10, 5, 2),
        (3, 10, 10, 6, 3),
    ],
)
def test_the_vectors_of_the_rulebook(
    differentiation: int, mitoses: int, necrosis: float, score: int, grade: int
) -> None:
    answer = fnclcc(SCALE, differentiation=differentiation, mitoses_count=mitoses, necrosis_pct=necrosis)
    assert answer == Grade(score=score, grade=grade, still_possible=(grade,), source=SCALE.source)


def test_a_count_over_another_area_is_brought_to_ten_fields() -> None:
    twelve = fnclcc(SCALE, differentiation=2, mitoses_count=12, mitoses_area_mm2=2.0, necrosis_pct=0)
    assert twelve == Grade(score=4, grade=2, still_possible=(2,), source=SCALE.source)
    eleven = fnclcc(SCALE, differentiation=2, mitoses_count=11, mitoses_area_mm2=2.0, necrosis_pct=0)
    assert eleven == Grade(score=3, grade=1, still_possible=(1,), flags=(NEAR_A_BOUND,), source=SCALE.source)


@pytest.mark.parametrize(
    ("count", "area", "flags"),
    [
        (19, 3.468, (NEAR_A_BOUND,)),  # nine and a half in ten fields
        (39, 3.468, (NEAR_A_BOUND,)),
        (9, 1.734, ()),
        (17, 3.468, ()),  # eight and a half
        (21, 3.468, ()),  # ten and a half
        (9, None, ()),
        (19, None, ()),
        (1, 0.5, ()),
    ],
)
def test_only_a_count_that_rounding_would_carry_over_a_bound_is_flagged(
    count: int, area: float | None, flags: tuple[str, ...]
) -> None:
    answer = fnclcc(SCALE, differentiation=2, mitoses_count=count, mitoses_area_mm2=area, necrosis_pct=0)
    assert answer.flags == flags


def test_ten_mitoses_in_the_area_of_ten_fields_are_ten() -> None:
    assert SCALE.area_mm2 == Fraction("1.734")
    answer = fnclcc(SCALE, differentiation=2, mitoses_count=10, mitoses_area_mm2=1.734, necrosis_pct=0)
    assert answer == Grade(score=4, grade=2, still_possible=(2,), source=SCALE.source)


def test_a_little_necrosis_is_some() -> None:
    assert fnclcc(SCALE, differentiation=2, mitoses_count=9, necrosis_pct=0.5).score == 4
    assert fnclcc(SCALE, differentiation=2, mitoses_count=9, necrosis_pct=49.9).score == 4
    assert fnclcc(SCALE, differentiation=2, mitoses_count=9, necrosis_pct=50).score == 5


def test_what_is_not_known_leaves_the_grades_that_it_allows() -> None:
    nothing = fnclcc(SCALE, differentiation=None, mitoses_count=None, necrosis_pct=None)
    asked = ("differentiation", "mitoses_count", "necrosis_pct")
    assert nothing == Grade(score=None, grade=None, still_possible=(1, 2, 3), settled_by=asked, source=SCALE.source)
    no_necrosis = fnclcc(SCALE, differentiation=2, mitoses_count=9, necrosis_pct=None)
    assert no_necrosis == Grade(
        score=None, grade=None, still_possible=(1, 2), settled_by=("necrosis_pct",), source=SCALE.source
    )


def test_an_unknown_that_cannot_change_the_grade_is_not_asked_for() -> None:
    answer = fnclcc(SCALE, differentiation=3, mitoses_count=20, necrosis_pct=None)
    assert answer == Grade(score=None, grade=3, still_possible=(3,), source=SCALE.source)


@given(degrees, counts, shares)
def test_an_unknown_never_excludes_the_truth(differentiation: int, mitoses: int, necrosis: int) -> None:
    truth = fnclcc(SCALE, differentiation=differentiation, mitoses_count=mitoses, necrosis_pct=necrosis).grade
    for known in (
        fnclcc(SCALE, differentiation=None, mitoses_count=mitoses, necrosis_pct=necrosis),
        fnclcc(SCALE, differentiation=differentiation, mitoses_count=None, necrosis_pct=necrosis),
        fnclcc(SCALE, differentiation=differentiation, mitoses_count=mitoses, necrosis_pct=None),
    ):
        assert truth in known.still_possible


@given(degrees, counts, shares)
def test_more_of_anything_never_lowers_the_grade(differentiation: int, mitoses: int, necrosis: int) -> None:
    less = fnclcc(SCALE, differentiation=differentiation, mitoses_count=mitoses, necrosis_pct=necrosis)
    more = fnclcc(
        SCALE, differentiation=differentiation, mitoses_count=mitoses + 1, necrosis_pct=min(necrosis + 1, 100)
    )
    assert less.grade is not None
    assert more.grade is not None
    assert less.grade <= more.grade


def test_a_degree_that_the_scale_has_not_is_named() -> None:
    with pytest.raises(InvalidData, match="differentiation: 4 is not one of 1, 2, 3"):
        fnclcc(SCALE, differentiation=4, mitoses_count=1, necrosis_pct=0)


def test_what_cannot_be_is_said_with_the_range_where_there_is_one() -> None:
    with pytest.raises(Impossible, match=r"grade: necrosis_pct cannot be 101; the range is 0 to 100\.$"):
        fnclcc(SCALE, differentiation=2, mitoses_count=1, necrosis_pct=101)
    with pytest.raises(Impossible, match=r"grade: mitoses_count cannot be -1\.$"):
        fnclcc(SCALE, differentiation=2, mitoses_count=-1, necrosis_pct=0)
    with pytest.raises(Impossible, match=r"grade: mitoses_area_mm2 cannot be 0\.$"):
        fnclcc(SCALE, differentiation=2, mitoses_count=1, mitoses_area_mm2=0, necrosis_pct=0)


@pytest.mark.parametrize(("count", "area", "share"), [(-1, None, 0), (1, 0, 0), (1, None, 101), (1, None, -0.1)])
def test_a_measurement_that_cannot_be_is_refused(count: int, area: float | None, share: float) -> None:
    with pytest.raises(Impossible):
        fnclcc(SCALE, differentiation=2, mitoses_count=count, mitoses_area_mm2=area, necrosis_pct=share)


def test_a_missing_scale_is_a_fault_of_the_release(tmp_path: Path) -> None:
    with pytest.raises(WorkflowFaults, match="no such file"):
        scales(tmp_path / "lmstrack")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"below: 20", b"below: 5", "whose bounds rise"),
        (b"{score: 3}", b"{score: 3, below: 30}", "only the last has none"),
        (b"fields: 10", b"fields: ten", "'fields' must be a number"),
        (b"sources:", b"read_in:", "'sources' must be a list"),
        (b"near_a_bound: 1", b"near_the_bound: 1", "did you mean 'near_a_bound'?"),
        (b"{1: 1, 2: 2, 3: 3}", b"{1: 1, 2: two, 3: 3}", "must be whole numbers"),
        (b"grade:\n", b"grades:\n", "'grade' must hold names"),
    ],
)
def test_a_scale_that_cannot_be_right_is_refused_with_the_reason(old: bytes, new: bytes, fault: str) -> None:
    assert old in CONTENT
    with pytest.raises(WorkflowFaults) as caught:
        fnclcc_from(CONTENT.replace(old, new), "fnclcc.yaml")
    assert any(fault in each for each in caught.value.faults), caught.value.faults
