"""The words that several checks share read well, and in the same order at every run."""

from __future__ import annotations

import pytest

from lmstrack.checks.wording import both, either, modalities, number, treatment_line


def test_what_stands_in_no_order_is_read_in_the_order_of_its_letters() -> None:
    assert modalities({"US", "MRI", "CT"}) == "CT, MRI or ultrasound"
    assert modalities(frozenset({"US", "MRI", "CT"})) == "CT, MRI or ultrasound"
    assert either({"b", "c", "a"}) == "a, b or c"
    assert both(frozenset({"b", "a"})) == "a and b"


def test_what_stands_in_an_order_keeps_it() -> None:
    assert modalities(("US", "MRI", "CT")) == "ultrasound, MRI or CT"
    assert either(["b", "c", "a"]) == "b, c or a"


def test_one_stands_alone_and_none_is_said() -> None:
    assert (either(["a"]), both(["a"]), either([]), both(())) == ("a", "a", "none", "none")


@pytest.mark.parametrize(
    ("line", "said"),
    [("2", "line 2"), ("adjuvant", "the adjuvant treatment"), ("maintenance", "the maintenance treatment")],
)
def test_a_line_that_is_counted_has_its_number(line: str, said: str) -> None:
    assert treatment_line(line) == said


@pytest.mark.parametrize(("value", "said"), [(30.0, "30"), (7.5, "7.5"), (0.0, "0"), (100000, "100000")])
def test_a_number_has_no_needless_fraction(value: float, said: str) -> None:
    assert number(value) == said
