"""Cases that are likely one patient: what is said of a pair, and what is not taken for one."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta

import pytest

from lmstrack.case_ids import case_id
from lmstrack.duplicates import Pair, likely_pairs
from lmstrack.records import Person, read_person


def pairs(*people: dict[str, object], together: tuple[int, ...] = ()) -> list[Pair]:
    decided = frozenset(map(case_id, together))
    named = [(case_id(number), read_person(fields)) for number, fields in enumerate(people, 1)]
    return likely_pairs(named, dict.fromkeys(decided, decided))


def why(*people: dict[str, object]) -> list[tuple[str, ...]]:
    return [pair.why for pair in pairs(*people)]


def who(name: str, born: str = "1961-03-04") -> dict[str, object]:
    return {"name": name, "born": born}


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Ada Example", "Ada Example", "born on the same day, the same name"),
        ("Ada Example", "EXAMPLE, Ada", "born on the same day, the same name"),
        ("Zoë Müller", "Zoe Muller", "born on the same day, the same name"),
        ("Ada Example", "Ada Exampel", "born on the same day, similar names"),
        ("Ada Example", "Ada Maria Example", "born on the same day, one name within the other"),
        ("Ada Example", "Ada Other", None),
        ("Ada", "Ada Example", None),
    ],
)
def test_names_of_one_birthday_are_compared_whatever_their_order_capitals_and_accents(
    one: str, other: str, said: str | None
) -> None:
    assert why(who(one), who(other)) == ([] if said is None else [(said,)])


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("1961-03-04", "1961-04-03", "born on the same day with day and month exchanged, the same name"),
        ("1961-03-04", "1961-03", "born in the same month or year, the same name"),
        ("1961-03-04", "1961", "born in the same month or year, the same name"),
        ("1961-03-04", "1961-04", None),
        ("1961-03-04", "1961-03-05", None),
        ("1961-03-04", "1962-03-04", None),
    ],
)
def test_a_birth_is_one_as_far_as_it_is_known(one: str, other: str, said: str | None) -> None:
    assert why(who("Ada Example", one), who("Ada Example", other)) == ([] if said is None else [(said,)])


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("0012345678", "12345678", True),
        ("943 476 5919", "943-476-5919", True),
        ("0017", "17", False),
        ("12345678", "12345679", False),
    ],
)
def test_one_number_in_two_systems_is_one_patient_if_it_is_long_enough(one: str, other: str, found: bool) -> None:
    said = why({"identifiers": {"mrn": one}}, {"identifiers": {"nhs": other}})
    assert said == ([("the same identifier, mrn and nhs",)] if found else [])


def test_two_numbers_of_one_case_are_no_pair() -> None:
    assert why({"identifiers": {"mrn": "0012345678", "nhs": "12345678"}}) == []


def test_what_somebody_has_decided_about_is_not_asked_again() -> None:
    assert pairs(who("Ada Example"), who("Ada Example"), together=(1, 2)) == []


def test_the_pair_with_most_reasons_comes_first_and_names_the_older_case_first() -> None:
    found = pairs(
        who("Bo Other", "1970-01-01"),
        who("Bo Other", "1970-01-01"),
        {**who("Ada Example"), "identifiers": {"mrn": "0012345678"}},
        {**who("Ada Example"), "identifiers": {"nhs": "0012345678"}},
    )
    assert [(pair.case, pair.other, len(pair.why)) for pair in found] == [
        (case_id(3), case_id(4), 2),
        (case_id(1), case_id(2), 1),
    ]


def test_no_reason_repeats_what_is_known_of_the_patient() -> None:
    one = {**who("Ada Example"), "identifiers": {"mrn": "0012345678"}}
    other = {**who("Ada Exampel"), "identifiers": {"nhs": "0012345678"}}
    said = " ".join(*why(one, other))
    assert not any(secret in said for secret in ("Ada", "Example", "1961", "12345678"))


def test_ten_thousand_cases_are_compared_within_seconds() -> None:
    draw = random.Random(7)  # noqa: S311  # invented people
    first = [name + end for name in ("Ada", "Bea", "Cleo", "Dora", "Eva", "Fay") for end in ("", "n", "ra", "lie")]
    last = [name + end for name in ("Smith", "Berg", "Mora", "Lind", "Novak") for end in ("", "son", "er", "ova")]
    people: list[tuple[str, Person]] = []
    for number in range(1, 10_001):
        born = date(1930, 1, 1) + timedelta(draw.randrange(365 * 70))
        name = f"{draw.choice(first)} {draw.choice(last)}"
        people.append((case_id(number), read_person({"name": name, "born": born.isoformat()})))
    begun = time.perf_counter()
    found = likely_pairs(people, {})
    assert time.perf_counter() - begun < 10
    assert all(pair.why for pair in found)
