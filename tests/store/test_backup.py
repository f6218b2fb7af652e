"""A backup can be restored, and what is not the backup that was taken is refused."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from lmstrack.errors import Conflict, StoreUnavailable
from lmstrack.store import Store, open_store, restore
from tests.store.making import NOW, event, head, log_of, opened, row, tamper


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    with open_store(tmp_path / "ward.db", create=True, zone="Europe/Berlin") as store:
        case = opened(store)
        with store.writing() as writer:
            writer.cache(head(case), [row(case)])
    return tmp_path / "ward.db"


def everything(store: Store) -> object:
    return (list(store.stream()), store.heads(), list(store.every_row()), store.chain_head(), store.zone)


def test_a_backup_is_restored_as_it_was(ward: Path, tmp_path: Path) -> None:
    with open_store(ward) as store:
        before = everything(store)
        taken = store.backup(tmp_path / "monday.db", at=NOW)
        with store.writing() as writer:
            writer.append([event("LMS-0001-3", 6)])
        assert everything(store) != before
    put = restore(tmp_path / "monday.db", tmp_path / "new" / "ward.db")
    assert (put.chain_head, put.cases, put.lines) == (taken.chain_head, 1, 5)
    with open_store(tmp_path / "new" / "ward.db") as store:
        assert everything(store) == before
        assert store.chain_faults() == store.tally_faults() == store.integrity() == []
        with store.writing() as writer:
            writer.append([event("LMS-0001-3", 6)])


def test_a_backup_is_for_its_owner_only_and_says_what_it_holds(ward: Path, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with open_store(ward) as store:
            taken = store.backup(tmp_path / "monday.db", at=NOW)
            said = json.loads(taken.manifest.read_text())
            assert said["chain_head"] == taken.chain_head == store.chain_head()
    finally:
        os.umask(old)
    assert (said["cases"], said["lines"], said["notes"]) == (1, 5, 6)
    assert said["taken_at"] == "2026-11-24T09:30:15.123456+00:00"
    assert said["sha256"] == taken.sha256
    assert said["bytes"] == taken.file.stat().st_size
    if os.name == "posix":
        assert {stat.S_IMODE(file.stat().st_mode) for file in (taken.file, taken.manifest)} == {0o600}
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "monday.db",
        "monday.db.manifest.json",
        "ward.db",
    ]
    assert "Ada" not in taken.manifest.read_text()


def test_a_backup_is_taken_while_somebody_writes(ward: Path, tmp_path: Path) -> None:
    with open_store(ward) as store, open_store(ward) as other, other.writing() as writer:
        writer.append([event("LMS-0001-3", 6)])
        assert store.backup(tmp_path / "monday.db").lines == 5


def test_a_backup_never_takes_the_place_of_another(ward: Path, tmp_path: Path) -> None:
    with open_store(ward) as store:
        store.backup(tmp_path / "monday.db")
        with pytest.raises(Conflict, match="already"):
            store.backup(tmp_path / "monday.db")
        with pytest.raises(Conflict):
            store.backup(ward)
        with pytest.raises(StoreUnavailable, match="refuses"):
            store.backup(tmp_path / "nowhere" / "monday.db")


def test_a_damaged_database_is_not_backed_up_as_if_it_were_whole(ward: Path, tmp_path: Path) -> None:
    tamper(f"sqlite:///{ward}", "UPDATE event SET recorded_by = 'x' WHERE line = 2")
    with open_store(ward) as store, pytest.raises(StoreUnavailable, match="line 2"):
        store.backup(tmp_path / "monday.db")
    assert [file.name for file in tmp_path.iterdir() if "monday" in file.name] == []


def test_a_database_is_only_replaced_with_force_and_then_kept(ward: Path, tmp_path: Path) -> None:
    with open_store(ward) as store:
        store.backup(tmp_path / "monday.db")
        with store.writing() as writer:
            writer.append([event("LMS-0001-3", 6)])
    with pytest.raises(Conflict, match="already"):
        restore(tmp_path / "monday.db", ward)
    restore(tmp_path / "monday.db", f"sqlite:///{ward}", force=True)
    with open_store(ward) as store, open_store(tmp_path / "ward.db.before-restore") as kept:
        assert store.log("LMS-0001-3") == log_of("LMS-0001-3")
        assert len(kept.log("LMS-0001-3")) == 6
    with pytest.raises(Conflict, match="before-restore"):
        restore(tmp_path / "monday.db", ward, force=True)


def test_a_damaged_database_is_replaced_all_the_same(ward: Path, tmp_path: Path) -> None:
    with open_store(ward) as store:
        store.backup(tmp_path / "monday.db")
    ward.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    restore(tmp_path / "monday.db", ward, force=True)
    with open_store(ward) as store:
        assert store.log("LMS-0001-3") == log_of("LMS-0001-3")


def test_a_database_in_use_is_not_replaced(ward: Path, tmp_path: Path) -> None:
    with open_store(ward) as store:
        store.backup(tmp_path / "monday.db")
        store.case_ids()
        with pytest.raises(StoreUnavailable, match="locked"):
            restore(tmp_path / "monday.db", ward, force=True)
        assert store.log("LMS-0001-3") == log_of("LMS-0001-3")
    assert not (tmp_path / "ward.db.before-restore").exists()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda file: file.with_name("monday.db.manifest.json").unlink(), "manifest"),
        (lambda file: file.with_name("monday.db.manifest.json").write_text("{"), "manifest"),
        (lambda file: file.unlink(), "refuses"),
        (lambda file: file.write_bytes(file.read_bytes()[:-4096]), "."),
        (lambda file: file.write_bytes(b"SQLite format 3\x00"), "."),
        (lambda file: file.write_text("no database"), "."),
        (lambda file: tamper(f"sqlite:///{file}", "UPDATE person SET name = 'Somebody'"), "sha256"),
        (lambda file: tamper(f"sqlite:///{file}", "DELETE FROM event WHERE line = 3"), "damaged"),
    ],
)
def test_what_is_not_the_backup_that_was_taken_is_refused(
    ward: Path, tmp_path: Path, damage: object, told: str
) -> None:
    with open_store(ward) as store:
        store.backup(tmp_path / "monday.db")
    damage(tmp_path / "monday.db")  # type: ignore[operator]
    with pytest.raises(StoreUnavailable, match=told):
        restore(tmp_path / "monday.db", tmp_path / "new.db")
    assert [file.name for file in tmp_path.iterdir() if "new" in file.name] == []


def test_postgresql_is_backed_up_by_its_own_tools(new_postgresql: object, tmp_path: Path) -> None:
    url = new_postgresql()  # type: ignore[operator]
    with open_store(url, create=True) as store, pytest.raises(StoreUnavailable, match="pg_dump"):
        store.backup(tmp_path / "monday.db")
    with pytest.raises(StoreUnavailable, match="pg_restore"):
        restore(tmp_path / "monday.db", url)


def test_a_backup_that_was_looked_at_can_still_be_restored(ward: Path, tmp_path: Path) -> None:
    with open_store(ward) as store:
        store.backup(tmp_path / "backup.db")
    with open_store(tmp_path / "backup.db") as looked_at:
        assert len(looked_at.case_ids()) == 1
    restore(tmp_path / "backup.db", tmp_path / "restored.db")
    with open_store(tmp_path / "restored.db") as restored:
        assert len(restored.case_ids()) == 1
    assert not [file.name for file in tmp_path.iterdir() if "unfinished" in file.name]
