"""Writers take turns: nothing is lost, and nobody is told that the database is locked."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lmstrack.errors import Conflict, StoreUnavailable
from lmstrack.store import Store, open_store
from tests.store.making import NOW, event, head, opened, person, row

ROOT = Path(__file__).parent.parent.parent
WRITERS, ENTRIES = 4, 50

WRITE = f"""
import sys
from lmstrack.store import open_store
from tests.store.making import event, head, row

url, name = sys.argv[1:]
with open_store(url) as store:
    for number in range({ENTRIES}):
        for case in store.case_ids()[:2]:
            if number % 2 and case.startswith("LMS-0002"):
                continue
            with store.writing() as writer:
                line = len(writer.log(case)) + 1
                named = dict(source=name, source_id=f"{{number}}") if case.startswith("LMS-0001") else {{}}
                writer.append([event(case, line, **named)])
                writer.cache(head(case, line), [row(case, occurrence=line)])
"""


def test_processes_that_write_at_once_lose_nothing(url: str) -> None:
    with open_store(url, create=True) as store:
        one, two = opened(store, lines=0), opened(store, lines=0)
        writers = [
            subprocess.Popen(  # noqa: S603
                [sys.executable, "-W", "error", "-c", WRITE, url, f"writer {n}"],
                cwd=ROOT,
                stderr=subprocess.PIPE,
                text=True,
            )
            for n in range(WRITERS)
        ]
        said = [writer.communicate(timeout=300)[1] for writer in writers]
        assert said == [""] * WRITERS
        assert [writer.returncode for writer in writers] == [0] * WRITERS
        assert [line.line for line in store.log(one)] == list(range(1, WRITERS * ENTRIES + 1))
        assert len(store.log(two)) == WRITERS * ENTRIES // 2
        assert len({(line.source, line.source_id) for line in store.log(one)}) == WRITERS * ENTRIES
        assert store.chain_faults() == store.tally_faults() == store.integrity() == []
        assert store.tally(date(2026, 7, 15)).overdue == 2


def test_threads_share_a_store(url: str) -> None:
    with open_store(url, create=True) as store:
        assert _threads_write(store) == 40


def test_threads_share_a_database_in_memory() -> None:
    with open_store("sqlite://") as store:
        assert _threads_write(store) == 40


def _threads_write(store: Store) -> int:
    case = opened(store, lines=0)
    failed: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(10):
                with store.writing() as writer:
                    line = len(writer.log(case)) + 1
                    writer.append([event(case, line)])
                    writer.cache(head(case, line), [row(case)])
                store.log(case)
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert store.chain_faults() == []
    return len(store.log(case))


def test_two_who_read_the_same_line_do_not_both_write_the_next(store: Store) -> None:
    case = opened(store, lines=1)
    seen = len(store.log(case))
    with store.writing() as writer:
        writer.append([event(case, seen + 1)])
    with pytest.raises(Conflict, match="has 2 lines by now"), store.writing() as writer:
        writer.append([event(case, seen + 1)])


def test_a_writer_knows_where_the_logs_end_that_it_read_and_wrote(url: str) -> None:
    with open_store(url, create=True) as store, open_store(url) as other:
        one, two = opened(store, lines=1), opened(store, lines=2)
        with store.writing() as writer:
            assert len(writer.log(one)) == 1
            writer.append([event(two, 3), event(one, 2)])
            writer.append([event(one, 3), event(one, 4)])
            assert len(writer.log(one)) == 4
            with pytest.raises(Conflict, match="has 4 lines by now"):
                writer.append([event(one, 6)])
            writer.append([event(one, 5)])
        with other.writing() as writer:
            assert len(writer.log(one)) == 5
            writer.append([event(one, 6)])
        with store.writing() as writer:
            assert len(writer.log(one)) == 6
            writer.append([event(one, 7)])
        assert store.chain_faults() == []


def test_a_connection_that_broke_is_used_by_nobody_else(new_postgresql: Callable[[], str]) -> None:
    import psycopg  # noqa: PLC0415

    url = new_postgresql()
    with open_store(url, create=True) as store:
        case = opened(store, lines=1)
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        with pytest.raises(StoreUnavailable):
            store.log(case)
        assert len(store.log(case)) == 1


def test_databases_are_made_by_several_at_once(url: str) -> None:
    code = "import sys; from lmstrack.store import open_store; open_store(sys.argv[1], create=True).close()"
    makers = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-W", "error", "-c", code, url], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert [maker.communicate(timeout=120)[1] for maker in makers] == [""] * 4
    with open_store(url) as store:
        opened(store)
        assert store.chain_faults() == []


def test_an_entry_is_there_for_others_once_it_is_written(url: str) -> None:
    with open_store(url, create=True) as store, open_store(url) as other:
        case = opened(store, lines=1)
        with store.writing() as writer:
            writer.append([event(case, 2)])
            assert len(other.log(case)) == 1
        assert len(other.log(case)) == 2
        with other.writing() as writer:
            assert writer.new_case(person("Bea"), "a", NOW) == "LMS-0002-1"


def test_a_killed_writer_leaves_a_whole_log(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    with open_store(url, create=True) as store:
        case = opened(store, lines=0)
    code = WRITE.replace("range(50)", "range(100000)")
    for lines in (1, 5, 20):
        writer = subprocess.Popen([sys.executable, "-c", code, url, f"writer {lines}"], cwd=ROOT)  # noqa: S603
        with open_store(url) as store:
            held = len(store.log(case))
            while len(store.log(case)) < held + lines:
                assert writer.poll() is None
            writer.kill()
            writer.wait()
            assert store.chain_faults() == store.tally_faults() == store.integrity() == []
            assert store.head(case) == head(case, len(store.log(case)))
