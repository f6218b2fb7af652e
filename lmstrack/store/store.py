"""The store: a database as the rest of the program sees it."""

from __future__ import annotations

from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import text

from lmstrack.store.chain import Chained
from lmstrack.store.engine import checked_out, file_of
from lmstrack.store.link import Link
from lmstrack.store.statements import Statement
from lmstrack.store.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from sqlalchemy import URL, Engine

    from lmstrack.store.backup import Backup


COPY: Final = Statement(lambda _: text("VACUUM INTO :file"))


class Snapshot(Chained):
    """One state of the database, asked several times; what is written meanwhile does not show."""

    def __init__(self, link: Link) -> None:
        self._link = link

    @contextmanager
    def _connected(self) -> Iterator[Link]:
        yield self._link


class Store(Chained):
    """The people, their logs, and the caches of lists, in one database; use it as a context manager.

    Each question is answered from one state of the database; `reading` asks several of the same state.
    Threads may share a store.
    """

    def __init__(self, url: URL, engine: Engine, zone: str) -> None:
        self._address = url
        self._engine = engine
        self._dialect = engine.dialect.name
        self.zone: Final = zone
        # A database in memory is its one connection: everybody takes turns on it.
        self._only = (
            None
            if file_of(url) or self._dialect != "sqlite"
            else Link(checked_out(engine, "Use the store"), "sqlite", "Use the store")
        )
        self._turn = RLock()
        self._idle: list[Link] = []

    def __repr__(self) -> str:
        return f"Store({self.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The address, without the password."""
        return self._address.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The database's file, None where it has none of its own."""
        return file_of(self._address)

    def close(self) -> None:
        """Give back every connection."""
        while self._idle:
            self._idle.pop().connection.close()
        if self._only is not None:
            self._only.connection.close()
        self._engine.dispose()

    @contextmanager
    def _linked(self, asked: str) -> Iterator[Link]:
        if self._only is not None:
            with self._turn:
                yield self._only
            return
        link = self._free(asked)
        try:
            yield link
        finally:
            if link.broken:
                link.connection.close()
            else:
                self._idle.append(link)

    def _free(self, asked: str) -> Link:
        """A link that nobody uses: one that was used before, since the pool takes its time, or a new one."""
        try:
            link = self._idle.pop()
        except IndexError:
            return Link(checked_out(self._engine, asked), self._dialect, asked)
        link.asked = asked
        return link

    @contextmanager
    def _connected(self) -> Iterator[Link]:
        with self._linked("Read the store") as link:
            if link is self._only and link.in_transaction:
                yield link
                return
            link.begin_reading()
            try:
                yield link
            finally:
                link.rollback()

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """One state of the database for as long as the block lasts, so that several answers agree."""
        with self._connected() as link:
            yield Snapshot(link)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Write what the block writes, all of it or nothing; other writers wait until it is done.

        Raises StoreUnavailable where the database cannot be written, or others keep it for too long.
        """
        with self._linked("Write to the store") as link:
            link.begin_writing()
            try:
                writer = Writer(link)
                yield writer
                writer.flush()
                link.commit()
            except BaseException:
                link.rollback()
                raise

    def backup(self, path: str | Path, *, at: datetime | None = None) -> Backup:
        """Copy the database to a new file; see `backup.back_up`."""
        from lmstrack.store.backup import back_up  # noqa: PLC0415  # which itself opens stores

        return back_up(self, path, at=at)

    def copy_to(self, file: Path) -> None:
        """Write a compact copy of an SQLite database into an empty file, while others go on writing."""
        with self._linked("Copy the database") as link:
            link.rows(COPY, file=str(file.absolute()))

    def integrity(self) -> list[str]:
        """What the database itself finds wrong with its files, in its words; empty where nothing is.

        PostgreSQL checks its files with tools of its administrator, so there it is always empty.
        """
        if self._dialect != "sqlite":
            return []
        with self._connected() as link:
            pages = [str(row[0]) for row in link.run_text("PRAGMA integrity_check")]
            strays = link.run_text("PRAGMA foreign_key_check")
        faults = [] if pages == ["ok"] else pages
        return faults + [f"a row of {table} belongs to no row of {other}" for table, _, other, _ in strays]
