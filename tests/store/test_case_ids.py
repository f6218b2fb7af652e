"""Case ids carry a check digit, so that a mistyped one is caught."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmstrack.case_ids import case_id, check_digit, number_of
from lmstrack.errors import ExitCode, NotFound

numbers = st.integers(min_value=1, max_value=10**12)


def test_the_digit_of_the_thesis() -> None:
    assert check_digit("572") == 4
    assert check_digit("43881234567") == 9


def test_an_id_has_at_least_four_digits_and_grows() -> None:
    assert [case_id(number) for number in (1, 42, 107, 9999, 10000)] == [
        "LMS-0001-3",
        "LMS-0042-7",
        "LMS-0107-8",
        "LMS-9999-2",
        "LMS-10000-9",
    ]


@given(numbers)
def test_an_id_gives_its_number_back(number: int) -> None:
    assert number_of(case_id(number)) == number
    assert number_of(f" {case_id(number).lower()}") == number


@given(numbers, st.data())
def test_a_wrong_digit_is_always_caught(number: int, data: st.DataObject) -> None:
    typed = case_id(number)
    place = data.draw(st.sampled_from([at for at, sign in enumerate(typed) if sign.isdigit()]))
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != typed[place]]))
    with pytest.raises(NotFound, match="check digit does not fit"):
        number_of(typed[:place] + digit + typed[place + 1 :])


@given(numbers, st.data())
def test_two_digits_that_changed_places_are_always_caught(number: int, data: st.DataObject) -> None:
    digits = case_id(number).removeprefix("LMS-").replace("-", "")
    place = data.draw(st.integers(min_value=0, max_value=len(digits) - 2))
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if swapped != digits:
        with pytest.raises(NotFound):
            number_of(f"LMS-{swapped[:-1]}-{swapped[-1]}")


@pytest.mark.parametrize("text", ["", "Ada Example", "LMS-0042", "LMS--7", "42", "LMS-٤٢-7", "LMS-0042-7; x"])
def test_what_is_no_id_is_not_repeated(text: str) -> None:
    with pytest.raises(NotFound) as caught:
        number_of(text)
    assert caught.value.exit_code is ExitCode.NOT_FOUND
    assert text == "" or text not in str(caught.value).replace("LMS-0042-7.", "")
