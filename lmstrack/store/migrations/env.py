"""How Alembic runs our migrations: on the connection that it is given, in its transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context

from lmstrack.store.cached import OPEN

if TYPE_CHECKING:
    from sqlalchemy import Connection


def run(connection: Connection) -> None:
    """Run what is missing."""
    context.configure(
        connection=connection,
        target_metadata=OPEN.metadata,
        render_as_batch=connection.dialect.name == "sqlite",  # it cannot alter a table otherwise
        transactional_ddl=True,  # the engine says BEGIN, so SQLite takes back a half-run migration too
    )
    with context.begin_transaction():
        context.run_migrations()


# Whoever collects doctests imports this file outside of any migration.
if hasattr(context, "config"):
    run(context.config.attributes["connection"])
