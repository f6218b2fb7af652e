"""Sentences on a terminal: broken between words, commands kept whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmstrack.reports.wrapping import wrapped

WORDS = st.lists(
    st.sampled_from(["a", "word", "and", "lmstrack", "show", "CASE,", "end.", "(3):", "line=LINE"]), max_size=40
)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", ["short"]),
        (
            "Nothing was written. To do it: lmstrack undo LMS-0001-3 4",
            ["Nothing was written. To do it:", "  lmstrack undo LMS-0001-3 4"],
        ),
        (
            "Add one: lmstrack case add, or look: lmstrack demo here. More.",
            ["Add one: lmstrack case add, or look:", "  lmstrack demo here. More."],
        ),
        (
            "  fix     lmstrack record LMS-0001-3 imaging region=primary --on DATE",
            ["  fix", "    lmstrack record LMS-0001-3 imaging region=primary --on DATE"],
        ),
        ("one\n\ntwo", ["one", "", "two"]),
    ],
)
def test_a_line_is_broken_before_a_command_and_never_within_it(text: str, lines: list[str]) -> None:
    assert wrapped(text, 40) == lines


@given(WORDS, st.integers(20, 100))
def test_no_word_is_lost_and_no_line_is_wider_unless_a_command_is(words: list[str], width: int) -> None:
    text = " ".join(words)
    lines = wrapped(text, width)
    assert " ".join(" ".join(lines).split()) == text
    assert all(len(line) <= width or "lmstrack" in line for line in lines)
