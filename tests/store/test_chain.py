"""Whoever changes a log behind the back of the library is found out."""

# ruff: noqa: S608  # statements of a tamperer, on cases of our own

from __future__ import annotations

import pytest

from lmstrack.store import Store, open_store
from lmstrack.store.lines import START, canonical, seal
from tests.store.making import event, head, log_of, opened, tamper

ONE, TWO = "LMS-0001-3", "LMS-0002-1"
FORGED = """
    INSERT INTO event SELECT case_id, 6, on_day, precision, kind, recorded_at, recorded_by, NULL, NULL, body,
    departures, as_history, workflow, hash, hash FROM event WHERE line = 5 AND case_id = '{0}'
"""


@pytest.fixture
def sealed(store: Store) -> str:
    """The head of a store with two cases of five lines each."""
    assert (opened(store), opened(store, "Bea Other")) == (ONE, TWO)
    with store.writing() as writer:
        writer.cache(head(ONE), [])
        writer.cache(head(TWO), [])
    assert store.chain_faults() == []
    return store.chain_head()


def test_a_log_that_is_whole_has_no_faults_and_one_head(store: Store, sealed: str) -> None:
    assert store.chain_faults(batch=1) == []
    assert store.chain_head() == sealed
    with store.writing() as writer:
        writer.append([event(TWO, 6)])
        writer.cache(head(TWO, 6), [])
    assert store.chain_head() != sealed
    assert store.chain_faults() == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE event SET body = '{\"outcome\":\"declined\"}' WHERE line = 4 AND case_id = '{0}'", "line 4"),
        ("UPDATE event SET on_day = '2020-01-01' WHERE line = 1 AND case_id = '{0}'", "line 1"),
        ("UPDATE event SET recorded_by = 'me' WHERE line = 5 AND case_id = '{0}'", "line 5"),
        ("UPDATE event SET as_history = NOT as_history WHERE line = 2 AND case_id = '{0}'", "line 2"),
        ("UPDATE event SET source = 'x' WHERE line = 2 AND case_id = '{0}'", "line 2"),
        ("UPDATE event SET workflow = NULL WHERE line = 1 AND case_id = '{0}'", "line 1"),
        ("UPDATE event SET hash = 'x' WHERE line = 3 AND case_id = '{0}'", "line 3"),
        ("UPDATE event SET prev_hash = 'x' WHERE line = 3 AND case_id = '{0}'", "line 3"),
        ("UPDATE note SET text = 'Amputate' WHERE field = 'decision' AND case_id = '{0}'", "line 3"),
        ("UPDATE note SET salt = 'x' WHERE field = 'because' AND case_id = '{0}'", "line 5"),
        ("DELETE FROM note WHERE field = 'because' AND case_id = '{0}'", "line 5"),
        ("INSERT INTO note VALUES ('{0}', 2, 'reason_not_done', 's', 'made up')", "line 2"),
        ("INSERT INTO note VALUES ('{0}', 9, 'decision', 's', 'made up')", "line 9"),
        ("DELETE FROM event WHERE line = 2 AND case_id = '{0}'", "line 2 missing"),
        ("DELETE FROM event WHERE line = 5 AND case_id = '{0}'", "the log holds 4"),
        ("UPDATE case_head SET lines = 4 WHERE case_id = '{0}'", "know 4 lines"),
        (FORGED, "line 6"),
    ],
)
def test_a_change_is_found_and_named(url: str, store: Store, sealed: str, change: str, named: str) -> None:
    tamper(url, change.replace("{0}", ONE))
    faults = store.chain_faults()
    assert faults
    assert all(fault.startswith(ONE) for fault in faults)
    assert any(named in fault for fault in faults)


def test_two_lines_that_changed_places_are_found(url: str, store: Store, sealed: str) -> None:
    tamper(
        url,
        f"UPDATE event SET line = 99 WHERE line = 1 AND case_id = '{ONE}'",
        f"UPDATE event SET line = 1 WHERE line = 2 AND case_id = '{ONE}'",
        f"UPDATE event SET line = 2 WHERE line = 99 AND case_id = '{ONE}'",
    )
    faults = store.chain_faults()
    assert f"{ONE} line 1: is not what was recorded" in faults
    assert f"{ONE} line 2: does not follow from the line before it" in faults


def test_a_line_moved_to_another_case_is_found(url: str, store: Store, sealed: str) -> None:
    tamper(url, f"UPDATE event SET case_id = '{TWO}', line = 6 WHERE line = 4 AND case_id = '{ONE}'")
    faults = "\n".join(store.chain_faults())
    assert f"{ONE}: line 4 missing" in faults
    assert f"{TWO} line 6: is not what was recorded" in faults


def test_a_case_that_is_gone_is_found(url: str, store: Store, sealed: str) -> None:
    tamper(url, f"DELETE FROM person WHERE case_id = '{ONE}'")
    assert store.chain_faults() == [f"{ONE}: there is a log, but no case of it", "case 1: gone"]


def test_a_log_rewritten_with_new_hashes_is_found_against_a_printed_head(url: str, store: Store, sealed: str) -> None:
    tamper(url, f"DELETE FROM event WHERE case_id = '{ONE}'", f"DELETE FROM note WHERE case_id = '{ONE}'")
    rewritten = [*log_of(ONE)[:3], event(ONE, 4), event(ONE, 5)]
    with open_store(url) as again, again.writing() as writer:
        writer.append(rewritten)
    assert store.chain_faults() == []
    assert store.chain_head() != sealed


def test_the_hash_is_over_the_hash_before_and_the_canonical_json_of_every_other_column(store: Store) -> None:
    from hashlib import sha256  # noqa: PLC0415

    from lmstrack.store.reading import LINES  # noqa: PLC0415
    from lmstrack.store.tables import EVENT  # noqa: PLC0415

    case = opened(store)
    with store.reading() as snapshot, snapshot._connected() as link:
        rows = link.rows(LINES, case=case)
    before = START
    for row in rows:
        columns = dict(zip(EVENT.c.keys(), row, strict=True))
        assert columns.pop("prev_hash") == before
        before = columns.pop("hash")
        columns |= {"on_day": str(columns["on_day"]), "as_history": bool(columns["as_history"])}
        assert before == sha256((row[-2] + canonical(columns)).encode()).hexdigest() == seal(row)


def test_both_databases_seal_the_same_bytes() -> None:
    from lmstrack.store.lines import written  # noqa: PLC0415

    made, notes = written(event("LMS-0001-3", 1), START)
    assert notes == []
    assert seal(made) == made[-1] == "0da8d4f3736291ea18e52d97515ac556c1819a10ddef1ee80b56161aa4c0c382"
