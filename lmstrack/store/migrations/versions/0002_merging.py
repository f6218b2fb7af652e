"""An index of the merges, and room in the caches for the lines of other cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the index, which is empty: until now no merge could be recorded."""
    op.create_table(
        "merging",
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("other_case", KEY, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "line", name=op.f("pk_merging")),
        sa.ForeignKeyConstraint(["case_id", "line"], ["event.case_id", "event.line"], name=op.f("fk_merging_event")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_merging_other_case"), "merging", ["other_case"])
    if op.get_bind().dialect.name == "postgresql":
        for name in ("obligation_open", "obligation_past"):
            op.alter_column(name, "ended_by", type_=sa.BigInteger())
