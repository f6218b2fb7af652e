"""Which schema a database has, making it in an empty one, and bringing an older one up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from lmstrack.store.cached import OPEN
from lmstrack.store.triggers import triggers

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: The revision of the schema that this version writes; the last file in ``migrations/versions``.
REVISION: Final = "0003"
#: Revisions that this version can bring up to date.
EARLIER: Final[tuple[str, ...]] = ("0001", "0002")

# All tables: those of the log, and those that `cached` adds to them.
_METADATA: Final = OPEN.metadata

_VERSION_TABLE: Final = """
CREATE TABLE alembic_version (
\tversion_num VARCHAR(32) NOT NULL,
\tCONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""


def make_schema(connection: Connection) -> None:
    """Make all tables and triggers at once, in the transaction under way, and mark them with the revision.

    It gives what `migrate` gives, which a test compares, in a tenth of the time.
    """
    if connection.dialect.name == "postgresql":
        _say_partial()
    _METADATA.create_all(connection, checkfirst=False)
    for statement in triggers(connection.dialect.name):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(_VERSION_TABLE)
    connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{REVISION}')")  # noqa: S608  # our own constant


def _say_partial() -> None:
    """Let PostgreSQL index the same rows as SQLite; said here, since whoever says it has to load its dialect."""
    for table in _METADATA.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            if where is not None:
                index.dialect_options["postgresql"]["where"] = where


def migrate(connection: Connection, revision: str = "head") -> None:
    """Run the migrations that are missing, in the transaction that is under way."""
    # Half a second that only a migration is worth.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
