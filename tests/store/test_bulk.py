"""Cases that are opened by the hundred: the database holds what it would hold had each been opened alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lmstrack.case_ids import case_id
from lmstrack.errors import Conflict
from lmstrack.store import Store, open_store
from lmstrack.store.bulk import NewCase, last_number, open_cases, renumbered, rows_of
from tests.store.making import NOW, head, log_of, person, row

TODAY = date(2026, 11, 24)


def new(place: int, ahead: int = 0) -> NewCase:
    """A case with a log of all sorts, one open obligation and one that has ended; every third has no log.

    It has the number of its *place*, or one that is *ahead* of it.
    """
    case = case_id(place + ahead)
    who = person(f"Zoë Example {place}", identifiers={"mrn": f"0{place}"})
    if place % 3 == 0:
        return NewCase(place + ahead, (who,))
    past = row(case, occurrence=2, ended="fulfilled", ended_on=date(2026, 5, 1), ended_by=4)
    versions = (who, who.model_copy(update={"name": "Zoë Other"})) if place % 2 else (who,)
    log = [replace(event, case=case) for event in log_of(case_id(place))]
    return NewCase(place + ahead, versions, log, head(case), (row(case), past))


def one_by_one(store: Store, cases: list[NewCase]) -> None:
    with store.writing() as writer:
        for each in cases:
            case = writer.new_case(each.versions[0], "registry", NOW)
            for version in each.versions[1:]:
                writer.change_person(case, version, "registry", NOW)
            writer.append(each.events)
            if each.head is not None:
                writer.cache(each.head, each.listed)


def held(store: Store) -> dict[str, Any]:
    """All that can be asked of a store, but for the hashes, which hold the salts of texts."""
    assert store.chain_faults() == []
    assert store.tally_faults() == []
    return {
        "people": [(case, who) for case, who, _ in store.stream()],
        "logs": [log for _, _, log in store.stream()],
        "heads": store.heads(),
        "obligations": store.rows_of(store.case_ids()),
        "tally": store.tally(TODAY),
        "found": [store.by_identifier("mrn", f"0{number}") for number in range(40)],
        "counts": store.counts(),
    }


@pytest.mark.parametrize("ahead", [0, 1, 9, 10_000])
def test_many_cases_at_once_leave_what_each_alone_would_have_left(store: Store, ahead: int) -> None:
    decided = rows_of([new(place, ahead) for place in range(1, 31)], "registry", NOW)
    with store.writing() as writer:
        open_cases(writer, renumbered(decided, -ahead) if ahead else decided)
        assert last_number(writer) == 30
        assert writer.new_case(person("Somebody Else"), "registry", NOW) == case_id(31)
    with open_store("sqlite://", create=True, zone="Europe/Berlin") as other:
        one_by_one(other, [new(place) for place in range(1, 31)])
        with other.writing() as writer:
            writer.new_case(person("Somebody Else"), "registry", NOW)
        assert held(store) == held(other)


@pytest.mark.parametrize("again", [new(1), new(31)._replace(versions=new(2).versions)])
def test_a_number_or_an_identifier_that_is_on_record_is_a_conflict(store: Store, again: NewCase) -> None:
    with store.writing() as writer:
        open_cases(writer, rows_of([new(1), new(2)], "registry", NOW))
    with pytest.raises(Conflict), store.writing() as writer:
        open_cases(writer, rows_of([new(3), again], "registry", NOW))
    assert store.case_ids() == [case_id(1), case_id(2)]
