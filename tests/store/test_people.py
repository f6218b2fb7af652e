"""Who the cases are about: found in the ways people ask, and never two with one number."""

from __future__ import annotations

import pytest

from lmstrack.errors import Conflict, NotFound
from lmstrack.records import read_person
from lmstrack.store import Store
from tests.store.making import NOW, opened, person


def found(store: Store, text: str) -> list[str]:
    return [case for case, _ in store.find(text)]


def test_a_person_comes_back_as_they_were(store: Store) -> None:
    whole = read_person(
        {
            "name": "Zoë O'Müller",
            "born": "1961-03",
            "sex": "other",
            "identifiers": {"mrn": "0012345678", "nhs": "943 476 5919"},
            "contact_needs": {"language": "Deutsch", "interpreter": True},
        }
    )
    with store.writing() as writer:
        case, nobody = writer.new_case(whole, "a", NOW), writer.new_case(read_person({}), "a", NOW)
    assert store.person(case) == whole
    assert store.person(nobody) == read_person({})
    assert store.people([case, nobody, "LMS-0042-7"]) == {case: whole, nobody: read_person({})}


def test_numbers_are_given_one_after_the_other(store: Store) -> None:
    assert [opened(store, lines=0) for _ in range(3)] == ["LMS-0001-3", "LMS-0002-1", "LMS-0003-7"]


def test_a_known_identifier_names_its_case(store: Store) -> None:
    case = opened(store, lines=0, identifiers={"mrn": "0012"})
    with pytest.raises(Conflict, match=case) as caught, store.writing() as writer:
        writer.new_case(person("Somebody", identifiers={"mrn": "0012"}), "a", NOW)
    assert "0012" not in str(caught.value)
    assert store.case_ids() == [case]
    other = opened(store, "Somebody", lines=0, identifiers={"mrn": "12", "nhs": "0012"})
    assert store.by_identifier("mrn", "12") == store.case_of_source("nhs", "0012") == other
    assert store.by_identifier("nhs", "12") is None


def test_a_change_keeps_what_was(url: str, store: Store) -> None:
    case = opened(store, lines=0, identifiers={"mrn": "1", "nhs": "2"})
    later = person("Ada Married", identifiers={"mrn": "3", "nhs": "2"})
    with store.writing() as writer:
        writer.change_person(case, later, "b", NOW)
    assert store.person(case) == later
    assert (store.by_identifier("mrn", "1"), store.by_identifier("mrn", "3")) == (None, case)
    assert (found(store, "married"), found(store, "example")) == ([case], [])
    with store.reading() as snapshot, snapshot._connected() as link:
        history = link.run_text("SELECT version, changed_by, fields FROM person_change ORDER BY version")
    assert [(version, by) for version, by, _ in history] == [(1, "navigator-a"), (2, "b")]
    assert "Ada Example" in history[0][2]
    other = opened(store, "Somebody", lines=0)
    with pytest.raises(Conflict, match=case), store.writing() as writer:
        writer.change_person(other, person("Somebody", identifiers={"nhs": "2"}), "b", NOW)
    with pytest.raises(NotFound), store.writing() as writer:
        writer.change_person("LMS-0042-7", later, "b", NOW)


def test_a_case_is_found_by_id_number_identifier_and_name(store: Store) -> None:
    first = opened(store, "Zoë Müller-Lüdenscheidt", lines=0, identifiers={"mrn": "0002"})
    second = opened(store, "Zoe 100% O'Neill", lines=0, identifiers={"nhs": "77_7"})
    assert found(store, first) == found(store, first.lower()) == found(store, "1") == [first]
    assert found(store, "zoe") == [first, second]
    assert found(store, "MULLER") == found(store, "müller, zoë") == found(store, "lüd") == [first]
    assert found(store, "0002") == [second, first]  # a number of a case, and an identifier
    assert found(store, "77_7") == [second]
    assert found(store, "100%") == found(store, "o'neill") == [second]
    assert found(store, "%") == [second]
    assert found(store, "_") == found(store, "") == found(store, "  ") == found(store, "\\") == []
    assert found(store, "9" * 40) == found(store, "LMS-0042-7") == []
    with pytest.raises(NotFound, match="check digit"):
        store.find("LMS-0001-4")
