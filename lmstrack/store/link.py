"""One connection of the driver, in one transaction; every error it gives is told in our words."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final

from lmstrack.store.faults import told
from lmstrack.store.statements import ForCases, Statement, copying, insertion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Table

    from lmstrack.store.statements import Row, Value

#: Writers queue up on this number, which stands for "lmstrack" in the database's table of advisory locks.
WRITERS: Final = int.from_bytes(b"lmstrack", "big")

# Below this many rows COPY costs more than it saves.
_WORTH_COPYING: Final = 20


class Link:
    """Runs statements on a driver's connection. Columns come back as the driver gives them."""

    def __init__(self, connection: Any, dialect: str, asked: str) -> None:
        self.connection = connection
        self._driver = connection.driver_connection  # to set what the pool's stand-in would keep to itself
        self.dialect: Final = dialect
        self.asked = asked
        self.broken = False  # nothing more can be done on this connection
        self._cursor = connection.cursor()
        self._errors = _errors_of(dialect)

    @property
    def in_transaction(self) -> bool:
        """Whether one has begun and not ended; SQLite only."""
        return bool(self._driver.in_transaction)

    def begin_reading(self) -> None:
        """See one state of the database until the end, whatever is written meanwhile."""
        if self.dialect == "sqlite":
            self.run_text("BEGIN")
        else:
            self._begin(3, read_only=True)  # REPEATABLE READ

    def begin_writing(self) -> None:
        """Wait for the other writers, then see all that they wrote and keep them out until the end."""
        if self.dialect == "sqlite":
            self.run_text("BEGIN IMMEDIATE")
        else:
            # READ COMMITTED: a snapshot from before the lock would not hold what was written meanwhile.
            self._begin(2, read_only=False)
            self.run_text(f"SELECT pg_advisory_xact_lock({WRITERS})")

    def _begin(self, level: int, *, read_only: bool) -> None:
        # psycopg sends these with the first statement, so they cost nothing.
        self._driver.rollback()
        self._driver.isolation_level = level
        self._driver.read_only = read_only

    def commit(self) -> None:
        """Make it last; on SQLite it is on the disk when this returns."""
        if self.dialect == "sqlite":
            self.run_text("COMMIT")
        else:
            try:
                self.connection.commit()
            except self._errors as error:
                raise told(error, self.asked) from None

    def rollback(self) -> None:
        """Leave everything as it was; never fails, since it is where failures end."""
        try:
            self.connection.rollback()
        except self._errors:
            self.broken = True

    def run_text(self, sql: str) -> list[Row]:
        """Run SQL of our own without values."""
        try:
            self._cursor.execute(sql)
            return list(self._cursor.fetchall()) if self._cursor.description else []
        except self._errors as error:
            raise told(error, self.asked) from None

    def rows(self, statement: Statement, **values: Value) -> list[Row]:
        """Every row of the answer."""
        try:
            self._cursor.execute(statement.text(self.dialect), statement.values(self.dialect, values))
            return self._cursor.fetchall()  # type: ignore[no-any-return]  # drivers differ, both give tuples
        except self._errors as error:
            raise told(error, self.asked) from None

    def row(self, statement: Statement, **values: Value) -> Row | None:
        """The first row of the answer, None where there is none."""
        found = self.rows(statement, **values)
        return found[0] if found else None

    def rows_for(self, statement: ForCases, cases: Sequence[str]) -> Iterator[Row]:
        """The rows about these cases, however many they are."""
        for start in range(0, len(cases), ForCases.most):
            sized, values = statement.sized(cases[start : start + ForCases.most])
            yield from self.rows(sized, **values)

    def run_each(self, statement: Statement, rows: Sequence[Row]) -> None:
        """Run it with each of these rows of values, which are in the order of its placeholders."""
        if not rows:
            return
        try:
            if len(rows) == 1:
                self._cursor.execute(statement.text(self.dialect), rows[0])
            else:
                self._cursor.executemany(statement.text(self.dialect), rows)
        except self._errors as error:
            raise told(error, self.asked) from None

    def load(self, table: Table, rows: Sequence[Row]) -> None:
        """Add rows to a table, in the way that is fastest for so many."""
        if self.dialect != "postgresql" or len(rows) < _WORTH_COPYING:
            self.run_each(insertion(table), rows)
            return
        try:
            with self._cursor.copy(copying(table)) as copy:
                for row in rows:
                    copy.write_row(row)
        except self._errors as error:
            raise told(error, self.asked) from None


def _errors_of(dialect: str) -> type[Exception]:
    if dialect == "sqlite":
        return sqlite3.Error
    import psycopg  # noqa: PLC0415  # not everybody has it

    return psycopg.Error
