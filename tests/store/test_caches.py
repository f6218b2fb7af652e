"""The caches of lists: what is put in comes out, in place of what was there, and the tallies always agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lmstrack.errors import StoreUnavailable
from lmstrack.listing import Listed
from lmstrack.store import Store, Tally, open_store
from tests.store.making import NOW, head, opened, person, row, tamper

AS_OF = date(2026, 7, 15)
GROUPS = {"surveillance", "result"}


def cached(store: Store, case: str, rows: list[Listed], **fields: Any) -> None:
    with store.writing() as writer:
        writer.cache(head(case, **fields), rows)


def test_rows_come_back_as_they_were(store: Store) -> None:
    case = opened(store)
    full = row(
        case,
        strand="chest_imaging",
        course=2,
        current_until=date(2027, 1, 1),
        last_done=date(2026, 3, 1),
        phase=2,
        plan="high_grade",
        provisional=True,
        booked_for=date(2026, 8, 1),
        claimed=True,
        lost=True,
        transfer_pending=True,
        at_risk_from=date(2026, 6, 2),
        suspended_from=date(2026, 9, 1),
        review_on=date(2026, 12, 1),
        stage="IIIA",
        navigator="navigator-a",
    )
    ended = row(case, occurrence=1, ended="fulfilled", ended_on=date(2026, 5, 1), ended_by=4, because="visit")
    pathway = row(case, strand="report", group="pathway", counts_from=None, due_from=None, due_by=None)
    cached(store, case, [pathway, full, ended])
    assert store.rows_of([case]) == [ended, pathway, full]
    assert list(store.every_row()) == [ended, pathway, full]
    assert [type(value) for value in store.rows_of([case])[2]] == [type(value) for value in full]
    assert store.open_rows(AS_OF, only_overdue=False) == [full]
    assert store.head(case) == head(case)
    assert store.heads() == [head(case)]


def test_a_new_cache_takes_the_place_of_the_old(store: Store) -> None:
    case, other = opened(store), opened(store, "Bea Other")
    cached(store, other, [row(other)])
    first = row(case)
    cached(store, case, [first, row(case, strand="chest_imaging")])
    done = first._replace(ended="fulfilled", ended_on=date(2026, 7, 1), ended_by=6)
    following = row(case, occurrence=6, due_by=date(2026, 11, 1))
    cached(store, case, [done, following], lines=6, last_on=date(2026, 7, 1))
    assert store.rows_of([case]) == [done, following]
    assert store.rows_of([other]) == [row(other)]
    assert store.tally_faults() == []
    cached(store, case, [], excluded="died")
    assert store.rows_of([case]) == []
    assert store.tally_faults() == []
    assert store.tally(AS_OF) == Tally(overdue=1, cases=2, with_obligation=1, excluded={"died": 1})


def test_a_cached_row_that_stays_as_it_was_is_not_written_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    with open_store(url, create=True) as store:
        case = opened(store)
        done = row(case, occurrence=1, ended="fulfilled", ended_on=date(2026, 5, 1), ended_by=4, because="visit")
        cached(store, case, [done, row(case), row(case, strand="chest_imaging", booked_for=date(2026, 6, 3))])
    tamper(
        url,
        *(
            f"CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} WHEN {row}.strand = 'clinic_review' "
            "BEGIN SELECT RAISE(ABORT, 'touched'); END"
            for table in ("obligation_open", "obligation_past")
            for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
        ),
    )
    with open_store(url) as store:
        booked = row(case, strand="chest_imaging", booked_for=date(2026, 8, 1))
        cached(store, case, [done, row(case), booked])
        assert store.rows_of([case]) == [booked, done, row(case)]
        assert store.tally_faults() == []
        with pytest.raises(StoreUnavailable):
            cached(store, case, [done, row(case, attempts=1), booked])


def test_many_are_cached_as_one_by_one(store: Store) -> None:
    with store.writing() as writer:
        cases = [writer.new_case(person(f"Patient {n}"), "a", NOW) for n in range(40)]
        writer.cache_many([(head(case), [row(case), row(case, strand="x")]) for case in cases])
        writer.cache_many([(head(case), [row(case)]) for case in cases[:20]])
    assert len(store.open_rows(AS_OF, only_overdue=True)) == 60
    assert store.tally(AS_OF) == Tally(overdue=60, cases=40, with_obligation=40)
    assert store.tally_faults() == []


@pytest.mark.parametrize(
    ("fields", "listed"),
    [
        ({}, True),
        ({"due_by": AS_OF - timedelta(days=1)}, True),
        ({"due_by": AS_OF}, False),
        ({"due_from": None, "due_by": None}, False),
        ({"due_from": None}, False),
        ({"group": "result"}, True),
        ({"group": "pathway"}, False),
        ({"excluded": "died"}, False),
        ({"current_from": AS_OF}, True),
        ({"current_from": AS_OF + timedelta(days=1)}, False),
        ({"current_until": AS_OF}, True),
        ({"current_until": AS_OF - timedelta(days=1)}, False),
        ({"suspended_from": AS_OF}, False),
        ({"suspended_from": AS_OF + timedelta(days=1)}, True),
        ({"booked_for": AS_OF}, True),
        ({"due_by": date(1990, 1, 1), "due_from": date(1989, 1, 1), "current_from": date(1988, 1, 1)}, True),
        ({"ended": "excused", "ended_on": date(2026, 6, 1)}, False),
    ],
)
def test_overdue_lists_what_is_overdue_on_the_day(store: Store, fields: dict[str, Any], listed: bool) -> None:
    case = opened(store, lines=0)
    cached(store, case, [row(case, **fields)])
    assert store.open_rows(AS_OF, only_overdue=True) == ([row(case, **fields)] if listed else [])


def test_an_overdue_list_is_sorted_and_can_say_who(store: Store) -> None:
    first = opened(store, "Zoë Müller", lines=0, born="1961-03", identifiers={"mrn": "0012"})
    second = opened(store, "Bea Other", lines=0)
    late = row(second, due_by=date(2026, 6, 1), due_from=date(2026, 5, 1))
    cached(store, first, [row(first)])
    cached(store, second, [row(second), late._replace(strand="x")])
    rows = store.open_rows(AS_OF, only_overdue=True)
    assert [(each.case, each.strand) for each in rows] == [
        (second, "x"),
        (first, "clinic_review"),
        (second, "clinic_review"),
    ]
    named = store.open_rows(AS_OF, only_overdue=True, names=True)
    assert [each[:36] for each in named] == [tuple(each) for each in rows]
    assert [each[36:] for each in named][:2] == [
        ("Bea Other", "1961-03-04", "{}"),
        ("Zoë Müller", "1961-03", '{"mrn":"0012"}'),
    ]


def test_cases_with_later_events_are_named(store: Store) -> None:
    cases = [opened(store, lines=0) for _ in range(3)]
    for case, last_on in zip(cases, (AS_OF, AS_OF + timedelta(days=1), None), strict=True):
        cached(store, case, [], last_on=last_on)
    assert store.replayed_for(AS_OF) == [cases[1]]
    assert store.replayed_for(AS_OF - timedelta(days=1)) == cases[:2]
    assert store.replayed_for(AS_OF + timedelta(days=1)) == []


@pytest.mark.parametrize(
    "sabotage",
    [
        "UPDATE obligation_open SET due_by = '2026-01-01'",
        "DELETE FROM obligation_open",
        "UPDATE tally SET n = n + 1 WHERE measure = 'overdue'",
        "DELETE FROM tally",
        "UPDATE case_head SET excluded = 'died'",
    ],
)
def test_a_cached_row_that_was_changed_is_found_and_repaired(url: str, store: Store, sabotage: str) -> None:
    case = opened(store)
    cached(store, case, [row(case)])
    tamper(url, sabotage)
    assert store.tally_faults()
    with store.writing() as writer:
        writer.cache(head(case), [row(case)])
        writer.rebuild_tally()
    assert store.tally_faults() == []
    assert store.tally(AS_OF) == Tally(overdue=1, cases=1, with_obligation=1)


def test_several_answers_of_one_reading_agree(store: Store) -> None:
    case = opened(store)
    cached(store, case, [row(case)])
    with store.reading() as snapshot:
        assert snapshot.tally(AS_OF).overdue == 1
        cached(store, case, [])
        assert snapshot.tally(AS_OF).overdue == 1
        assert len(snapshot.open_rows(AS_OF, only_overdue=True)) == 1
    assert store.tally(AS_OF).overdue == 0


# ---- the law: the tallies are what counting every row gives

DAYS = st.integers(0, 40).map(lambda day: date(2026, 1, 1) + timedelta(days=day))
ENDED = st.one_of(
    st.just((None, None)),
    st.tuples(st.sampled_from(["fulfilled", "excused", "closed"]), DAYS),
)


@st.composite
def rows(draw: st.DrawFn, case: str, excluded: str | None) -> list[Listed]:
    made = []
    for occurrence in range(draw(st.integers(0, 4))):
        window = draw(st.one_of(st.just((None, None)), st.tuples(DAYS, DAYS), st.tuples(st.none(), DAYS)))
        ended, ended_on = draw(ENDED)
        made.append(
            row(
                case,
                occurrence=occurrence,
                group=draw(st.sampled_from(["surveillance", "surveillance", "result", "pathway"])),
                due_from=window[0],
                due_by=window[1],
                current_from=draw(DAYS),
                current_until=draw(st.one_of(st.none(), DAYS)),
                suspended_from=draw(st.one_of(st.none(), st.none(), DAYS)),
                booked_for=draw(st.one_of(st.none(), DAYS)),
                ended=ended,
                ended_on=ended_on,
                excluded=excluded,
            )
        )
    return made


def counted(cases: dict[str, tuple[str | None, list[Listed]]], as_of: date) -> Tally:
    """The totals by looking at every row."""
    states: Counter[str] = Counter()
    excluded: Counter[str] = Counter()
    having = 0
    for reason, held in cases.values():
        current = [each for each in held if each.current(as_of)]
        alive = [each for each in current if each.state(as_of) not in {"fulfilled", "closed", "void"}]
        if reason is not None:
            excluded[reason] += 1
        elif alive:
            having += 1
        for each in alive:
            if each.excluded is None and each.group in GROUPS:
                booked = each.booked_for is not None and each.booked_for >= as_of
                state = str(each.state(as_of))
                states["overdue_booked" if state == "overdue" and booked else state] += 1
    return Tally(**states, cases=len(cases), with_obligation=having, excluded=dict(excluded))


@pytest.fixture(scope="module")
def law_store() -> Iterator[Store]:
    with open_store("sqlite://") as store:
        with store.writing() as writer:
            for n in range(3):
                writer.new_case(person(f"Patient {n}"), "a", NOW)
        yield store


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_tally_is_what_counting_every_row_gives(law_store: Store, data: st.DataObject) -> None:
    store = law_store
    cases: dict[str, tuple[str | None, list[Listed]]] = {}
    for case in store.case_ids():
        excluded = data.draw(st.sampled_from([None, None, None, "died", "discharged"]))
        cases[case] = (excluded, data.draw(rows(case, excluded)))
        cached(store, case, cases[case][1], excluded=excluded)
    left_out = data.draw(st.sets(st.sampled_from(sorted(cases))))
    kept = {case: held for case, held in cases.items() if case not in left_out}
    assert store.tally_faults() == []
    for day in range(-2, 44):
        as_of = date(2026, 1, 1) + timedelta(days=day)
        tally = store.tally(as_of)
        assert tally == counted(cases, as_of)
        assert store.tally(as_of, without=left_out) == counted(kept, as_of)
        assert tally.in_scope == sum(
            each.current(as_of)
            and each.excluded is None
            and each.group in GROUPS
            and each.state(as_of) not in {"fulfilled", "closed"}
            for _, held in cases.values()
            for each in held
        )
        late = [each for _, held in cases.values() for each in held if is_open_and_late(each, as_of)]
        listed = store.open_rows(as_of, only_overdue=True)
        assert sorted(listed, key=lambda each: each[:4]) == sorted(late, key=lambda each: each[:4])


def is_open_and_late(each: Listed, as_of: date) -> bool:
    return (
        each.ended is None
        and each.excluded is None
        and each.group in GROUPS
        and each.current(as_of)
        and each.state(as_of) == "overdue"
    )
