"""Opening a database: what it is, whether this version may use it, and making it where that is asked."""

from __future__ import annotations

import sqlite3
import time
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from lmstrack.dates import end_of_day
from lmstrack.errors import StoreUnavailable
from lmstrack.store.engine import PATIENCE, address, checked_out, engine_for, file_of, opening, prepare_file
from lmstrack.store.faults import told
from lmstrack.store.lines import instant_text
from lmstrack.store.link import WRITERS, Link
from lmstrack.store.schema import EARLIER, REVISION, make_schema, migrate
from lmstrack.store.store import Store
from lmstrack.store.tables import META

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    Run = Callable[[str], Iterable[Any]]

_FORMAT: Final = 1
_UPGRADE: Final = "Upgrade lmstrack: pip install --upgrade lmstrack"
_TABLES: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


class _Found(NamedTuple):
    """What a database holds: the revision of its schema and its zone, None where it is empty."""

    revision: str | None
    zone: str | None


def open_store(
    url: str | Path,
    *,
    create: bool = False,
    zone: str | None = None,
    at: datetime | None = None,
    patience: float = PATIENCE,
) -> Store:
    """The store at an address: a file, ``sqlite:///FILE``, ``sqlite://`` (in memory) or ``postgresql://…``.

    With *create* a missing or empty database is made one, of a site in this IANA *zone*, UTC where None;
    *at* is the instant that is noted for it. *patience* is how many seconds a writer waits for the others.

    Raises StoreUnavailable, with what can be done, for a database that is not there, not ours, locked,
    damaged, or of a newer version; it is then left as it was. Raises InvalidData for an unknown zone.
    """
    if zone is not None:
        end_of_day(date(2000, 1, 1), zone)  # raises for a zone that does not exist
    where = address(url)
    file = file_of(where)
    asked = opening(file)
    engine = engine_for(where, patience=patience)
    if file is not None:
        prepare_file(file, create=create)
    elif where.get_backend_name() == "sqlite":
        create = True  # in memory there is nothing to open yet
    try:
        held = _held(engine, asked)
        if held.revision != REVISION:
            _make_or_migrate(engine, asked, (zone or "UTC", at) if create else None)
            held = _held(engine, asked)
        if file is not None:
            write_ahead(engine, asked, patience)
        return Store(where, engine, held.zone or "UTC")
    except BaseException:
        engine.dispose()
        raise


def _held(engine: Engine, asked: str) -> _Found:
    """What the database holds. Nothing is changed by looking."""
    connection = checked_out(engine, asked)
    try:
        link = Link(connection, engine.dialect.name, asked)
        return _found(link.run_text, engine.dialect.name, asked)
    finally:
        connection.close()


def _found(run: Run, dialect: str, asked: str) -> _Found:
    """What stands in the database. Raises StoreUnavailable where it is not ours, or of a newer version."""
    tables = {row[0] for row in run(_TABLES[dialect])}
    ours = set(META.metadata.tables)
    if "alembic_version" not in tables or not {"meta", "event"} <= tables:
        # PostgreSQL databases are shared at times; a file belongs to one program.
        if tables if dialect == "sqlite" else tables & {*ours, "alembic_version"}:
            raise StoreUnavailable(
                asked,
                "It is the database of another program; it was left as it is.",
                "Name another with --db.",
            )
        return _Found(None, None)
    versions = [str(row[0]) for row in run("SELECT version_num FROM alembic_version")]
    revision = versions[0] if len(versions) == 1 else "unknown"
    if revision not in {REVISION, *EARLIER}:
        raise StoreUnavailable(
            asked, f"It was written by a newer version of lmstrack (schema {revision[:32]!a}).", _UPGRADE
        )
    formats = list(run("SELECT format, zone FROM meta"))
    if len(formats) != 1 or formats[0][0] != _FORMAT:
        raise StoreUnavailable(asked, "It was written in a format that this version does not know.", _UPGRADE)
    return _Found(revision, formats[0][1])


def _make_or_migrate(engine: Engine, asked: str, site: tuple[str, datetime | None] | None) -> None:
    try:
        with engine.begin() as connection:
            _set_up(connection, asked, site)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise told(error, asked) from None


def _set_up(connection: Connection, asked: str, site: tuple[str, datetime | None] | None) -> None:
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")
    # Looked at again, now that nobody else can set it up at the same time.
    held = _found(connection.exec_driver_sql, dialect, asked)
    if held.revision is None:
        if site is None:
            raise StoreUnavailable(asked, "It is empty.", "Set it up: lmstrack init")
        zone, at = site
        make_schema(connection)
        noted = None if at is None else instant_text(at)
        connection.execute(META.insert().values(id=1, zone=zone, created_at=noted, format=_FORMAT))
    elif held.revision != REVISION:
        migrate(connection)


def write_ahead(engine: Engine, asked: str, patience: float) -> None:
    """Turn on the write-ahead log, in which readers and a writer do not wait for each other; it stays on."""
    connection = checked_out(engine, asked)
    try:
        link = Link(connection, "sqlite", asked)
        if link.run_text("PRAGMA journal_mode")[0][0] == "wal":
            return
        give_up = time.monotonic() + patience
        while True:
            try:
                link.run_text("PRAGMA journal_mode = WAL")
            except StoreUnavailable:
                # SQLite does not wait here by itself when another program is just doing the same.
                if time.monotonic() >= give_up:
                    raise
                time.sleep(0.01)
            else:
                return
    finally:
        connection.close()
