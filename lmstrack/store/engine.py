"""Addresses of databases, and the engines and connections that they lead to."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import QueuePool, StaticPool

from lmstrack.errors import StoreUnavailable
from lmstrack.store.faults import told

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

_MAGIC: Final = b"SQLite format 3\x00"
_NAME_A_STORE: Final = "Name a file, sqlite:///FILE or postgresql://USER@HOST/DATABASE."

#: How long a writer waits for the others, in seconds, before it gives up.
PATIENCE: Final = 30.0


def address(url: str | Path) -> URL:
    """The address as SQLAlchemy reads it, the driver chosen; a bare path is a file of SQLite.

    Raises StoreUnavailable for an address of another kind. The message does not repeat it: it may hold a
    password.
    """
    asked = "Open the database"
    said = str(url)
    if isinstance(url, Path) or "://" not in said:
        from sqlalchemy import URL as made  # noqa: N811, PLC0415  # the name is taken by the type

        return made.create("sqlite", database=said)
    try:
        read = make_url(said)
    except (ArgumentError, ValueError):
        raise StoreUnavailable(asked, "Its address cannot be read.", _NAME_A_STORE) from None
    kind = read.drivername
    if kind in {"postgresql", "postgres", "postgresql+psycopg"}:
        return read.set(drivername="postgresql+psycopg")
    if kind in {"sqlite", "sqlite+pysqlite"}:
        return read.set(drivername="sqlite")
    raise StoreUnavailable(asked, f"Databases of the kind {kind[:20]!a} are not served.", _NAME_A_STORE)


def file_of(url: URL) -> Path | None:
    """The file that an address names, None for a database in memory or on a server."""
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database))


def engine_for(url: URL, *, patience: float = PATIENCE, read_only: bool = False) -> Engine:
    """An engine that keeps connections for further use; none is made yet.

    Raises StoreUnavailable where the driver for PostgreSQL is not installed.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite(file_of(url), patience, read_only=read_only)
    try:
        return _postgresql(url, patience)
    except ImportError:
        raise StoreUnavailable(
            "Open the database",
            "The driver for PostgreSQL is not installed.",
            "Install it: pip install 'lmstrack[postgres]'",
        ) from None


def _postgresql(url: URL, patience: float) -> Engine:
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _wait_so_long(connection: Any, _: object) -> None:
        connection.execute(f"SET lock_timeout = {round(patience * 1000)}")  # or one who hangs holds up all others
        connection.commit()

    return engine


def _sqlite(file: Path | None, patience: float, *, read_only: bool) -> Engine:
    where = ":memory:" if file is None else f"{file.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            where,
            uri=file is not None,
            timeout=patience,
            isolation_level=None,  # we say BEGIN ourselves: the driver's own begins too late
            check_same_thread=False,  # the pool gives a connection to one at a time
            cached_statements=256,
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    engine = create_engine(
        "sqlite://",
        creator=connect,
        hide_parameters=True,
        poolclass=StaticPool if file is None else QueuePool,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Deferred, two transactions that read before they write cannot both go on.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def checked_out(engine: Engine, asked: str) -> Any:
    """A connection of the pool, to be closed after use. Raises StoreUnavailable."""
    try:
        return engine.raw_connection()
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise told(error, asked) from None
    except Exception as error:
        if hasattr(error, "sqlstate"):  # of psycopg, which cannot be named before it is installed
            raise told(error, asked) from None
        raise


def opening(file: Path | None) -> str:
    """What is asked where a database is opened, None standing for one without a file of its own.

    The name alone, since folders may tell of people; the folder that one is in has none.
    """
    return "Open the database" if file is None else f"Open {file.name or file}"


def prepare_file(file: Path, *, create: bool) -> bool:
    """Look at the file before SQLite does, which would change it; answer whether it is empty.

    With *create* a missing file is made, for its owner only, and so is its folder. Raises StoreUnavailable
    where there is no file, or one that is no database or cannot be read.
    """
    asked = opening(file)
    try:
        if create:
            _make(file)
        mode = file.stat().st_mode
        if stat.S_ISDIR(mode):
            raise StoreUnavailable(asked, "It is a folder.", "Name a file in it, such as ward.db.")
        if not stat.S_ISREG(mode):
            raise StoreUnavailable(asked, "It is no ordinary file.", _NAME_A_STORE)
        with file.open("rb") as held:
            head = held.read(len(_MAGIC))
    except FileNotFoundError:
        raise StoreUnavailable(
            asked,
            "There is no such file.",
            f"Create it: lmstrack --db {file.name} init, or name another with --db.",
        ) from None
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else "it cannot be opened"
        raise StoreUnavailable(asked, f"The system refuses: {why}.", "Check the path and the rights to it.") from None
    if head and head != _MAGIC:
        raise StoreUnavailable(
            asked, "It is not a database of lmstrack; it was left as it is.", "Name another file with --db."
        )
    return not head


def make_folder(folder: Path) -> None:
    """Make the folder, and those above it, for their owner only; one that is there keeps its rights."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def _make(file: Path) -> None:
    make_folder(file.parent)
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
