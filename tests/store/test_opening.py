"""Opening says clearly what is wrong, changes nothing then, and leaves files that only their owner can
read.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from lmstrack.errors import ExitCode, InvalidData, StoreUnavailable
from lmstrack.store import open_store
from lmstrack.store.engine import address
from tests.store.making import NOW, event, opened, person, tamper

ROOT = getattr(os, "geteuid", lambda: 1)() == 0
POSIX = pytest.mark.skipif(os.name != "posix", reason="the rights of files are those of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@POSIX
def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with open_store(tmp_path / "data" / "deep" / "ward.db", create=True) as store:
            opened(store)
            folder = tmp_path / "data" / "deep"
            files = sorted(folder.iterdir())
            assert [file.name for file in files] == ["ward.db", "ward.db-shm", "ward.db-wal"]
            assert {mode(file) for file in files} == {0o600}
            assert {mode(folder), mode(folder.parent)} == {0o700}
    finally:
        os.umask(old)


@POSIX
def test_a_folder_that_was_there_keeps_its_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    open_store(tmp_path / "ward.db", create=True).close()
    assert mode(tmp_path) == 0o750


def test_sqlite_is_set_to_lose_nothing(tmp_path: Path) -> None:
    asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    with open_store(tmp_path / "ward.db", create=True) as store, store._connected() as link:
        said = {name: link.run_text(f"PRAGMA {name}")[0][0] for name in asked}
    assert said == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 30_000,
    }


def refused(url: str | Path, **options: bool) -> StoreUnavailable:
    with pytest.raises(StoreUnavailable) as caught:
        open_store(url, patience=0.2, **options)  # type: ignore[arg-type]
    assert caught.value.exit_code is ExitCode.STORE
    assert caught.value.remedy
    return caught.value


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    error = refused(tmp_path / "none" / "ward.db")
    assert "init" in error.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize("content", [b"Name;Born\nAda;1961\n", b"SQLite format", b"\x00" * 200])
def test_another_file_is_refused_and_left_alone(tmp_path: Path, content: bytes, create: bool) -> None:
    file = tmp_path / "patients.csv"
    file.write_bytes(content)
    assert "not a database of lmstrack" in refused(file, create=create).obstacle
    assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


def test_an_empty_file_is_set_up_only_when_asked(tmp_path: Path) -> None:
    file = tmp_path / "ward.db"
    file.touch()
    assert "init" in refused(file).remedy
    assert file.read_bytes() == b""
    open_store(file, create=True).close()
    open_store(file).close()


@pytest.mark.parametrize("create", [False, True])
def test_a_folder_is_refused(tmp_path: Path, create: bool) -> None:
    assert "folder" in refused(tmp_path, create=create).obstacle
    assert list(tmp_path.iterdir()) == []


def test_the_folder_that_one_is_in_has_a_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(Path()).asked == "Open ."


@POSIX
@pytest.mark.skipif(ROOT, reason="root may read everything")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ward.db"
    open_store(file, create=True).close()
    file.chmod(0)
    assert "refuses" in refused(file).obstacle


@POSIX
def test_what_is_no_file_at_all_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ward.db")
    assert "no ordinary file" in refused(tmp_path / "ward.db").obstacle
    assert "refuses" in refused(tmp_path / ("x" * 5000)).obstacle


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize("table", ["other", "event", "alembic_version"])
def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, table: str, create: bool) -> None:
    file = tmp_path / "other.db"
    connection = sqlite3.connect(file)
    connection.execute(f"CREATE TABLE {table} (version_num TEXT)")
    connection.commit()
    connection.close()
    before = file.read_bytes()
    assert "another program" in refused(file, create=create).obstacle
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE alembic_version SET version_num = '9999'",
        "DELETE FROM alembic_version",
        "INSERT INTO alembic_version VALUES ('9999')",
        "UPDATE meta SET format = 2",
        "DELETE FROM meta",
    ],
)
def test_a_newer_schema_is_refused_and_left_alone(url: str, change: str, create: bool) -> None:
    open_store(url, create=True).close()
    tamper(url, change)
    error = refused(url, create=create)
    assert "version" in error.obstacle
    assert "Upgrade lmstrack" in error.remedy


def test_a_damaged_file_is_told_as_damaged(tmp_path: Path) -> None:
    file = tmp_path / "ward.db"
    with open_store(file, create=True) as store:
        opened(store)
    file.write_bytes(file.read_bytes()[:100] + b"\xff" * 8000)
    error = refused(file)
    assert "damaged" in error.obstacle or "not a database" in error.obstacle


def test_making_it_twice_changes_nothing(url: str) -> None:
    with open_store(url, create=True, zone="Europe/Berlin", at=NOW) as store:
        case = opened(store)
    with open_store(url, create=True, zone="America/New_York") as store:
        assert (store.zone, store.case_ids()) == ("Europe/Berlin", [case])


def test_an_unknown_zone_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match="no such zone"):
        open_store(tmp_path / "ward.db", create=True, zone="Mars/Olympus")
    assert list(tmp_path.iterdir()) == []


def test_addresses_of_all_kinds(tmp_path: Path) -> None:
    for said in (tmp_path / "a b%20#?.db", f"sqlite:///{tmp_path / 'c.db'}", str(tmp_path / "d.db")):
        with open_store(said, create=True) as store:
            opened(store)
        with open_store(said) as store:
            assert len(store.case_ids()) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a b%20#?.db", "c.db", "d.db"]
    assert address("postgresql://me@h/db").drivername == "postgresql+psycopg"
    assert address("postgres://me@h/db").drivername == "postgresql+psycopg"
    assert "not served" in refused("mysql://me:secret@h/db").obstacle
    assert "secret" not in str(refused("mysql://me:secret@h/db")) + str(refused("sqlite:secret://://"))


def test_a_database_in_memory_is_ready_at_once_and_joins_what_is_under_way() -> None:
    with open_store("sqlite://", zone="Europe/Berlin") as store:
        assert store.zone == "Europe/Berlin"
        with store.writing() as writer:
            case = writer.new_case(person(), "a", NOW)
            assert writer.case_ids() == [case]
            assert store.case_ids() == [case]
            writer.append([event(case, 1)])
        with suppress(ZeroDivisionError), store.writing() as writer:
            writer.append([event(case, 2)])
            raise ZeroDivisionError
        assert len(store.log(case)) == 1
        with pytest.raises(StoreUnavailable, match="PostgreSQL"):
            store.backup("x.db")


def test_a_locked_database_is_told_after_the_time_given(tmp_path: Path) -> None:
    file = tmp_path / "ward.db"
    with open_store(file, create=True) as store:
        case = opened(store, lines=1)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_store(file, patience=0.2) as store:
        assert len(store.log(case)) == 1  # readers do not wait for a writer
        began = time.monotonic()
        with pytest.raises(StoreUnavailable, match="locked") as caught, store.writing():
            pass
        assert 0.1 < time.monotonic() - began < 10
        assert caught.value.exit_code is ExitCode.STORE
        other.execute("ROLLBACK")
        with store.writing() as writer:
            writer.append([event(case, 2)])
    other.close()


def test_a_server_on_which_somebody_writes_for_too_long_is_told(new_postgresql: Callable[[], str]) -> None:
    url = new_postgresql()
    with (
        open_store(url, create=True) as other,
        open_store(url, patience=0.2) as store,
        other.writing() as writer,
    ):
        case = writer.new_case(person(), "a", NOW)
        assert store.case_ids() == []  # readers do not wait for a writer
        with pytest.raises(StoreUnavailable, match="locked"), store.writing():
            pass
        writer.append([event(case, 1)])
    with open_store(url) as store:
        assert len(store.log(case)) == 1


@POSIX
@pytest.mark.skipif(ROOT, reason="root may write everywhere")
def test_a_file_that_may_only_be_read_says_so(tmp_path: Path) -> None:
    file = tmp_path / "ward.db"
    with open_store(file, create=True) as store:
        case = opened(store, lines=1)
        file.chmod(0o400)
    with (
        open_store(file) as store,
        pytest.raises(StoreUnavailable, match="only be read"),
        store.writing() as writer,
    ):
        writer.append([event(case, 2)])


def test_errors_of_the_database_name_no_patient(url: str) -> None:
    with open_store(url, create=True) as store:
        opened(store, "Canary Bird", identifiers={"mrn": "55512345"})
        tamper(url, "ALTER TABLE person RENAME TO persons")
        for ask in (lambda: store.find("Canary"), lambda: store.person("LMS-0001-3"), store.case_ids):
            with pytest.raises(StoreUnavailable) as caught:
                ask()
            assert "Canary" not in str(caught.value)
            assert caught.value.__cause__ is None
            assert caught.value.__suppress_context__


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    error = refused(f"postgresql://me:secret@/ward?host={tmp_path}")
    assert "cannot be reached" in error.obstacle
    assert "secret" not in str(error)


def test_the_password_is_never_shown(new_postgresql: Callable[[], str]) -> None:
    url = new_postgresql().replace("postgres:@", "postgres:secret@")
    with open_store(url, create=True) as store:
        assert "secret" not in store.url + repr(store)
        assert "***" in store.url


def run(code: str) -> str:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent.parent,
    ).stdout


def test_what_opening_does_not_need_is_not_imported(tmp_path: Path) -> None:
    out = run(f"""
        import sys
        from lmstrack.store import open_store
        store = open_store({str(tmp_path / "ward.db")!r}, create=True)
        print(store.case_ids(), sorted({{"alembic", "psycopg", "pendulum"}} & set(sys.modules)))
        store.close()
    """)
    assert out == "[] []\n"


def test_a_missing_driver_says_what_to_install() -> None:
    out = run("""
        import sys
        sys.modules["psycopg"] = None
        from lmstrack.errors import StoreUnavailable
        from lmstrack.store import open_store
        try:
            open_store("postgresql://me@localhost/ward")
        except StoreUnavailable as error:
            print(error)
    """)
    assert "pip install 'lmstrack[postgres]'" in out


def test_it_opens_on_the_day_of_any_zone(url: str) -> None:
    with open_store(url, create=True) as store:
        assert store.zone == "UTC"
        assert store.tally(date(2026, 1, 1)).cases == 0
        assert store.integrity() == []
