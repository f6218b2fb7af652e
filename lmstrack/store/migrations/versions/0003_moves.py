"""An index of the lines by which events were moved to other cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOVES = sa.text("kind = 'move_event'")


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_event_moves", "event", ["case_id", "line"], sqlite_where=MOVES, postgresql_where=MOVES)
