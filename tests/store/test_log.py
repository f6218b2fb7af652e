"""What is written comes back the same, and nothing that was written changes."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from lmstrack.errors import Conflict, NotFound, StoreUnavailable
from lmstrack.store import Store, open_store
from lmstrack.store.engine import address
from tests.store.making import NOW, event, log_of, opened, person, tamper


def fetched(url: str, sql: str) -> list[Any]:
    engine = create_engine(address(url))
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql))]
    finally:
        engine.dispose()


def test_a_log_comes_back_as_it_was_written(store: Store) -> None:
    case = opened(store)
    assert store.log(case) == log_of(case)
    assert list(store.stream()) == [(case, person(), log_of(case))]
    with store.writing() as writer:
        assert writer.log(case) == log_of(case)
        assert writer.person(case) == person()
        assert writer.by_source("ris", f"{case}:1") == (case, 2)


def test_a_log_outlives_the_program(url: str) -> None:
    with open_store(url, create=True, zone="Europe/Berlin") as store:
        case = opened(store)
        sealed = store.chain_head()
    with open_store(url) as store:
        assert store.zone == "Europe/Berlin"
        assert store.log(case) == log_of(case)
        assert store.chain_head() == sealed
        assert store.chain_faults() == []


def test_free_text_stands_apart_from_the_log(url: str, store: Store) -> None:
    opened(store)
    held = json.dumps(fetched(url, "SELECT body, departures FROM event"), ensure_ascii=False)
    for words in ("Operate", "Zoë", "kontraindiziert", "typed twice", "Wait"):
        assert words not in held
    assert "lead surgeon" in held
    places = fetched(url, "SELECT line, field FROM note ORDER BY line, field")
    assert places == [
        (3, "actions[0].what"),
        (3, "actions[1].what"),
        (3, "decision"),
        (3, "departures/LMS-DX-12"),
        (5, "because"),
        (5, "instead.decision"),
    ]


def test_an_erased_text_is_said_to_be_erased(url: str, store: Store) -> None:
    case = opened(store)
    tamper(
        url,
        "UPDATE note SET salt = NULL, text = NULL WHERE field IN ('decision', 'departures/LMS-DX-12')",
    )
    mdt = store.log(case)[2]
    assert mdt.record.plain()["decision"] == "(erased)"
    assert mdt.departures["LMS-DX-12"].because == "(erased)"
    assert mdt.departures["LMS-DX-12"].agreed_by == "lead surgeon"
    assert store.chain_faults() == []


def test_instants_are_kept_to_the_microsecond_in_utc(url: str, store: Store) -> None:
    case = opened(store, lines=0)
    summer = timezone(timedelta(hours=2))
    early = event(case, 1)
    local = datetime(2026, 7, 1, 0, 30, 0, 1, tzinfo=summer)
    with store.writing() as writer:
        writer.append([type(early)(case, 1, date(2026, 7, 1), early.record, local, "a")])
    assert store.log(case)[0].recorded_at == local
    assert str(store.log(case)[0].recorded_at.tzinfo) == "UTC"
    assert fetched(url, "SELECT recorded_at FROM event") == [("2026-06-30T22:30:00.000001+00:00",)]


def test_a_line_that_is_not_the_next_is_a_conflict(store: Store) -> None:
    case = opened(store, lines=2)
    for line in (2, 4):
        with pytest.raises(Conflict, match="has 2 lines by now"), store.writing() as writer:
            writer.append([event(case, line)])
    with pytest.raises(Conflict), store.writing() as writer:
        writer.append([event(case, 3), event(case, 3)])
    assert len(store.log(case)) == 2


def test_an_entry_of_another_system_is_written_once(store: Store) -> None:
    case = opened(store, lines=1)
    with store.writing() as writer:
        writer.append([event(case, 2, source="ris", source_id="7"), event(case, 3, source="lab", source_id="7")])
    with pytest.raises(Conflict, match=f"{case} line 2"), store.writing() as writer:
        writer.append([event(case, 4, source="ris", source_id="7")])
    many = [event(case, 4 + n, source="ris", source_id=str(n)) for n in range(30)]
    with pytest.raises(Conflict, match="on record"), store.writing() as writer:
        writer.append(many)
    assert len(store.log(case)) == 3
    assert store.by_source("lab", "7") == (case, 3)
    assert store.by_source("lab", "8") is None


def test_a_block_that_fails_writes_nothing(store: Store) -> None:
    case = opened(store, lines=1)

    def fail() -> None:
        with store.writing() as writer:
            writer.append([event(case, 2)])
            writer.new_case(person("Another"), "a", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (len(store.log(case)), store.case_ids()) == (1, [case])
    assert store.tally(date(2026, 6, 1)).cases == 1


@pytest.mark.parametrize("table", ["event", "note", "person_change"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET case_id = case_id", "DELETE FROM {0}"])
def test_the_log_refuses_to_be_changed(url: str, store: Store, table: str, change: str) -> None:
    case = opened(store)
    engine = create_engine(address(url))
    with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
        connection.execute(text(change.format(table)))
    if url.startswith("postgresql"):
        with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {table} CASCADE"))
    else:
        with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
            connection.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))  # noqa: S608
    engine.dispose()
    assert store.log(case) == log_of(case)


def test_several_cases_are_written_and_streamed_together(store: Store) -> None:
    with store.writing() as writer:
        cases = [writer.new_case(person(f"Patient {n}"), "a", NOW) for n in range(30)]
        writer.append([event(case, line) for line in (1, 2, 3) for case in cases])
    assert store.case_ids() == cases
    told = list(store.stream(batch=7))
    assert [case for case, _, _ in told] == cases
    assert [who.name for _, who, _ in told] == [f"Patient {n}" for n in range(30)]
    assert all(log == store.log(case) and len(log) == 3 for case, _, log in told)
    some = [cases[20], cases[3], cases[11]]
    assert [case for case, _, _ in store.stream(some, batch=2)] == some
    assert store.counts() == (30, 90, 0)


def test_an_unknown_case_is_not_found(store: Store) -> None:
    for ask in (store.log, store.person, lambda case: list(store.stream([case]))):
        with pytest.raises(NotFound, match="no such case"):
            ask("LMS-0042-7")
    with pytest.raises(NotFound), store.writing() as writer:
        writer.append([event("LMS-0042-7", 1)])
    assert store.head("LMS-0042-7") is None


def test_a_case_without_lines_has_an_empty_log(store: Store) -> None:
    assert store.log(opened(store, lines=0)) == []


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE event SET body = '{' WHERE line = 2",
        "UPDATE event SET kind = 'nonsense' WHERE line = 2",
        "UPDATE event SET recorded_at = 'x' WHERE line = 2",
        "UPDATE note SET text = 'Amputate' WHERE field = 'decision'",
        "DELETE FROM note WHERE field = 'decision'",
        "UPDATE event SET departures = '[1]' WHERE line = 1",
    ],
)
def test_a_damaged_line_is_not_read_as_something_else(url: str, store: Store, damage: str) -> None:
    case = opened(store)
    tamper(url, damage)
    with pytest.raises(StoreUnavailable, match=r"line [123] is damaged"):
        store.log(case)
