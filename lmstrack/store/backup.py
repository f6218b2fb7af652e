"""Backups: a copy that is checked when it is taken, a manifest that proves it later, and the way back."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lmstrack.errors import Conflict, StoreUnavailable
from lmstrack.store.engine import address, checked_out, engine_for, file_of, make_folder
from lmstrack.store.lines import instant_text
from lmstrack.store.link import Link
from lmstrack.store.opening import open_store, write_ahead
from lmstrack.store.schema import REVISION
from lmstrack.store.store import Store

if TYPE_CHECKING:
    from datetime import datetime

_FORMAT: Final = 1
_ON_A_SERVER: Final = "PostgreSQL is backed up by its own tools"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was taken: where it is, and what it holds."""

    file: Path
    manifest: Path
    chain_head: str
    cases: int
    lines: int
    sha256: str


def manifest_of(file: Path) -> Path:
    """Where the manifest of a backup stands: beside it."""
    return file.with_name(file.name + ".manifest.json")


def back_up(store: Store, path: str | Path, *, at: datetime | None = None) -> Backup:
    """Copy the whole database to a file of its own, for its owner only, while others go on writing.

    The copy is checked before it takes its name: its pages, and every hash of its log. *at* is the instant
    that its manifest gives.

    Raises Conflict where the file is there already, and StoreUnavailable where the database has no file,
    the copy fails its checks, or the disk refuses; nothing is left behind then.
    """
    asked = "Back up the database"
    if store.file is None:
        raise StoreUnavailable(asked, f"{_ON_A_SERVER}.", "Use pg_dump, or the backup of the server.")
    file = Path(path)
    for taken in (file, manifest_of(file)):
        if taken.exists():
            raise Conflict(asked, f"{taken.name} is there already.", "Name a new file; backups are kept.")
    draft = file.with_name(file.name + ".unfinished")
    try:
        _begin(draft)  # VACUUM INTO would let everybody read it
        store.copy_to(draft)
        _keep_a_log_ahead(draft, asked)
        found = _checked(draft, asked)
        said = {"format": _FORMAT, "schema": REVISION, **found, "bytes": draft.stat().st_size}
        if at is not None:
            said["taken_at"] = instant_text(at)
        # The manifest first: a backup under its name always has one.
        _write(manifest_of(file), json.dumps(said, indent=1) + "\n")
        _move(draft, file)
    except OSError as error:
        raise _refused(asked, error) from None
    finally:
        _clear(draft)
    return _told(file, manifest_of(file), found)


def restore(backup: str | Path, target: str | Path, *, force: bool = False) -> Backup:
    """Put a backup in the place of a database, once it proves to be what its manifest says.

    What stood there is moved aside with *force*, to the same name with ``.before-restore``, and nothing is
    deleted.

    Raises Conflict where there is a database and no *force*, or where one was moved aside before, and
    StoreUnavailable where the backup is not what was taken, the database is in use, or the disk refuses.
    """
    asked = "Restore a backup"
    where = address(target)
    place = file_of(where)
    if place is None:
        raise StoreUnavailable(asked, f"{_ON_A_SERVER}.", "Use pg_restore, then: lmstrack audit verify")
    source = Path(backup)
    draft = place.with_name(place.name + ".unfinished")
    try:
        said = _manifest(manifest_of(source), asked)
        if place.exists() and not force:
            raise Conflict(asked, f"{place.name} is there already.", "Name another, or let it be moved aside: force.")
        make_folder(place.parent)
        _begin(draft)
        shutil.copyfile(source, draft)
        found = _checked(draft, asked)
        wrong = [name for name, value in found.items() if value != said.get(name)]
        if wrong:
            raise StoreUnavailable(
                asked, f"It is not what was taken: {', '.join(wrong)} differ.", "Take another backup."
            )
        if place.exists():
            _set_aside(place, asked)
        _move(draft, place)
    except OSError as error:
        raise _refused(asked, error) from None
    finally:
        _clear(draft)
    open_store(place).close()  # turns its write-ahead log on again, and shows that it opens
    return _told(place, manifest_of(source), found)


def _keep_a_log_ahead(file: Path, asked: str) -> None:
    """Turn the write-ahead log on now: opening the file to look at it would, and change what its manifest says."""
    engine = engine_for(address(file))
    try:
        write_ahead(engine, asked, patience=5)
    finally:
        engine.dispose()


def _clear(draft: Path) -> None:
    for beside in ("", "-wal", "-shm"):
        draft.with_name(draft.name + beside).unlink(missing_ok=True)


def _told(file: Path, manifest: Path, found: dict[str, str | int]) -> Backup:
    head, digest = str(found["chain_head"]), str(found["sha256"])
    return Backup(file, manifest, head, int(found["cases"]), int(found["lines"]), digest)


def _checked(file: Path, asked: str) -> dict[str, str | int]:
    """What the file holds. Raises StoreUnavailable where its pages or its log are not sound."""
    engine = engine_for(address(file), read_only=True)
    with Store(address(file), engine, "UTC") as copy:
        faults = copy.integrity() + copy.chain_faults()
        if faults:
            more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
            raise StoreUnavailable(asked, f"The copy is damaged: {faults[0]}{more}.", "Run lmstrack doctor.")
        cases, lines, notes = copy.counts()
        head = copy.chain_head()
    with file.open("rb") as held:
        digest = file_digest(held, "sha256").hexdigest()
    return {"sha256": digest, "chain_head": head, "cases": cases, "lines": lines, "notes": notes}


def _manifest(file: Path, asked: str) -> dict[str, object]:
    try:
        said = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise StoreUnavailable(
            asked,
            f"Its manifest {file.name} is not there.",
            "Put it beside the backup, where it was written.",
        ) from None
    except ValueError:
        said = None
    if not isinstance(said, dict) or said.get("format") != _FORMAT:
        raise StoreUnavailable(asked, "Its manifest cannot be read.", "Take another backup.")
    return said


def _set_aside(place: Path, asked: str) -> None:
    aside = place.with_name(place.name + ".before-restore")
    if aside.exists():
        raise Conflict(asked, f"{aside.name} is there already.", "Move it away first; it may be needed.")
    _wait_for_sole_use(place, asked)
    for end in ("-wal", "-shm", ""):
        part = place.with_name(place.name + end)
        if part.exists():
            part.rename(aside.with_name(aside.name + end))


def _wait_for_sole_use(place: Path, asked: str) -> None:
    """Make sure that nobody has the database open that is about to be moved; a damaged one is nobody's."""
    engine = engine_for(address(place), patience=5)
    try:
        connection = checked_out(engine, asked)
        try:
            link = Link(connection, "sqlite", asked)
            # Refused as long as anybody has the database open, even idly; and all is in one file afterwards.
            link.run_text("PRAGMA journal_mode = DELETE")
        finally:
            connection.close()
    except StoreUnavailable as error:
        if "locked" in error.obstacle:
            raise
    finally:
        engine.dispose()


def _write(file: Path, text: str) -> None:
    draft = file.with_name(file.name + ".unfinished")
    try:
        _begin(draft)
        draft.write_text(text, encoding="utf-8")
        _move(draft, file)
    finally:
        _clear(draft)


def _begin(draft: Path) -> None:
    """Make an empty file that only its owner can read."""
    draft.unlink(missing_ok=True)  # of a backup that was cut short
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _move(draft: Path, file: Path) -> None:
    """Give a finished file its name, so that after a loss of power there is the whole of it or nothing."""
    _sync(draft, os.O_RDWR)
    draft.replace(file)
    if os.name != "nt":  # which does not open folders
        _sync(file.parent, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refused(asked: str, error: OSError) -> StoreUnavailable:
    why = os.strerror(error.errno) if error.errno else "it cannot be written"
    return StoreUnavailable(asked, f"The system refuses: {why}.", "Check the path, the rights to it, and the disk.")
