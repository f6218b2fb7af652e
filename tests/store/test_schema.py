"""The migrations give the schema that the tables describe, to the letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, text

from lmstrack.listing import Head, Listed
from lmstrack.store import open_store
from lmstrack.store.cached import CASE_HEAD, OPEN, PAST
from lmstrack.store.engine import address, engine_for, file_of, prepare_file
from lmstrack.store.schema import EARLIER, REVISION, make_schema, migrate
from tests.store.making import opened

MIGRATIONS = Path(__file__).parent.parent.parent / "lmstrack" / "store" / "migrations" / "versions"

POSTGRESQL = (
    """
    SELECT table_name, column_name, ordinal_position, data_type, is_nullable, collation_name, column_default
    FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 3
    """,
    """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace ORDER BY 1, 2
    """,
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1, 2",
    """
    SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text NOT LIKE '%.%' ORDER BY 1, 2
    """,
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace ORDER BY 1",
    "SELECT version_num FROM alembic_version",
)
SQLITE = (
    "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name",
    "SELECT version_num FROM alembic_version",
)


def engine(url: str) -> Engine:
    where: URL = address(url)
    file = file_of(where)
    if file is not None:
        prepare_file(file, create=True)
    return engine_for(where)


def schema(made: Engine) -> list[list[tuple[Any, ...]]]:
    asked = SQLITE if made.dialect.name == "sqlite" else POSTGRESQL
    with made.connect() as connection:
        told = [[tuple(row) for row in connection.execute(text(question))] for question in asked]
        here = "" if made.dialect.name == "sqlite" else connection.execute(text("SELECT current_schema()")).scalar()
    made.dispose()
    # The one schema has another name than the other, and Alembic writes its own table with other blanks.
    return [
        [tuple(" ".join(str(part).replace(f"{here}.", "").split()) for part in row) for row in answer]
        for answer in told
    ]


def test_the_migrations_give_what_the_tables_describe(url: str, request: Any, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'migrated.db'}"
    if url.startswith("postgresql"):
        other = request.getfixturevalue("new_postgresql")()
    at_once, migrated = engine(url), engine(other)
    with at_once.begin() as connection:
        make_schema(connection)
    with migrated.begin() as connection:
        migrate(connection)
    for one, two in zip(schema(at_once), schema(migrated), strict=True):
        assert [row for row in one if row not in two] == [row for row in two if row not in one] == []


def test_a_migrated_database_is_used_like_any_other(url: str) -> None:
    made = engine(url)
    with made.begin() as connection:
        migrate(connection)
        connection.execute(text("INSERT INTO meta (id, zone, format) VALUES (1, 'Europe/Berlin', 1)"))
    made.dispose()
    with open_store(url) as store:
        opened(store)
        assert store.chain_faults() == []
        assert store.zone == "Europe/Berlin"


def test_a_migration_that_fails_leaves_nothing(url: str) -> None:
    made = engine(url)
    with made.connect() as connection, connection.begin() as transaction:
        migrate(connection)
        transaction.rollback()
    asked = "SELECT count(*) FROM sqlite_master"
    if made.dialect.name == "postgresql":
        asked = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
    with made.connect() as connection:
        assert connection.execute(text(asked)).scalar() == 0
    made.dispose()


def test_every_migration_is_known_to_the_program() -> None:
    revisions = sorted(file.name[:4] for file in MIGRATIONS.glob("[0-9]*.py"))
    assert revisions == [*EARLIER, REVISION]


def test_every_constraint_has_a_name_that_follows_the_rule() -> None:
    for table in OPEN.metadata.tables.values():
        for constraint in table.constraints:
            assert str(constraint.name).startswith(("pk_", "fk_", "uq_", "ck_"))
            assert table.name in str(constraint.name)
        for index in table.indexes:
            assert str(index.name).startswith(("ix_", "uq_"))


def test_the_caches_hold_every_column_of_a_list() -> None:
    renamed = {"case": "case_id", "group": "strand_group", "open": "open_obligations"}
    for table in (OPEN, PAST):
        assert table.c.keys() == [renamed.get(name, name) for name in Listed._fields]
    assert CASE_HEAD.c.keys() == [renamed.get(name, name) for name in Head._fields]
