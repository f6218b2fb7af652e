"""The first schema: people, the log, and the caches."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from lmstrack.store.triggers import triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Text that sorts by its bytes, whatever the collation of the database.
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
IN_SCOPE = "strand_group IN ('surveillance', 'result') AND excluded IS NULL"
SOURCED = "source IS NOT NULL AND source_id IS NOT NULL"


def upgrade() -> None:
    """Make every table, its indexes and its triggers."""
    _people()
    _log()
    _caches()
    for statement in triggers(op.get_bind().dialect.name):
        op.execute(statement)


def _must(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _clustered(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(name, *columns, sqlite_with_rowid=False)


def _people() -> None:
    op.create_table(
        "meta",
        _must("id", sa.Integer()),
        _must("zone", sa.Text()),
        _may("created_at", sa.Text()),
        _must("format", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meta")),
        sa.CheckConstraint("id = 1", name=op.f("ck_meta_one_row")),
    )
    _clustered(
        "person",
        _must("case_id", KEY),
        _must("number", sa.BigInteger()),
        _may("name", sa.Text()),
        _may("name_key", sa.Text()),
        _may("born", sa.Text()),
        _may("sex", sa.Text()),
        _must("identifiers", sa.Text()),
        _may("contact_needs", sa.Text()),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_person")),
        sa.UniqueConstraint("number", name=op.f("uq_person_number")),
    )
    _clustered(
        "identifier",
        _must("system", KEY),
        _must("value", KEY),
        _must("case_id", KEY),
        sa.PrimaryKeyConstraint("system", "value", name=op.f("pk_identifier")),
        sa.ForeignKeyConstraint(["case_id"], ["person.case_id"], name=op.f("fk_identifier_person")),
    )
    op.create_index(op.f("ix_identifier_value"), "identifier", ["value"])
    _clustered(
        "person_change",
        _must("case_id", KEY),
        _must("version", sa.BigInteger()),
        _must("changed_at", sa.Text()),
        _must("changed_by", sa.Text()),
        _must("fields", sa.Text()),
        sa.PrimaryKeyConstraint("case_id", "version", name=op.f("pk_person_change")),
        sa.ForeignKeyConstraint(["case_id"], ["person.case_id"], name=op.f("fk_person_change_person")),
    )


def _log() -> None:
    _clustered(
        "event",
        _must("case_id", KEY),
        _must("line", sa.BigInteger()),
        _must("on_day", sa.Date()),
        _must("precision", sa.Text()),
        _must("kind", sa.Text()),
        _must("recorded_at", sa.Text()),
        _must("recorded_by", sa.Text()),
        _may("source", KEY),
        _may("source_id", KEY),
        _must("body", sa.Text()),
        _must("departures", sa.Text()),
        _must("as_history", sa.Boolean()),
        _may("workflow", sa.Text()),
        _must("prev_hash", sa.Text()),
        _must("hash", sa.Text()),
        sa.PrimaryKeyConstraint("case_id", "line", name=op.f("pk_event")),
        sa.ForeignKeyConstraint(["case_id"], ["person.case_id"], name=op.f("fk_event_person")),
        sa.CheckConstraint("line >= 1", name=op.f("ck_event_line_from_one")),
    )
    op.create_index(
        op.f("uq_event_source_source_id"),
        "event",
        ["source", "source_id"],
        unique=True,
        sqlite_where=sa.text(SOURCED),
        postgresql_where=sa.text(SOURCED),
    )
    _clustered(
        "note",
        _must("case_id", KEY),
        _must("line", sa.BigInteger()),
        _must("field", KEY),
        _may("salt", sa.Text()),
        _may("text", sa.Text()),
        sa.PrimaryKeyConstraint("case_id", "line", "field", name=op.f("pk_note")),
        sa.ForeignKeyConstraint(["case_id", "line"], ["event.case_id", "event.line"], name=op.f("fk_note_event")),
    )


def _caches() -> None:
    _clustered(
        "case_head",
        _must("case_id", KEY),
        _must("lines", sa.Integer()),
        _may("last_on", sa.Date()),
        _must("state", sa.Text()),
        _must("course", sa.Integer()),
        _may("workflow", sa.Text()),
        _may("navigator", sa.Text()),
        _may("stage", sa.Text()),
        _may("excluded", sa.Text()),
        _must("open_obligations", sa.Integer()),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_head")),
    )
    op.create_index(op.f("ix_case_head_last_on"), "case_head", ["last_on"])
    _obligations("obligation_open")
    op.create_index(
        op.f("ix_obligation_open_due_by"),
        "obligation_open",
        ["due_by", "case_id", "course", "strand", "occurrence"],
        sqlite_where=sa.text(IN_SCOPE),
        postgresql_where=sa.text(IN_SCOPE),
    )
    _obligations("obligation_past")
    _clustered(
        "tally",
        _must("day", sa.Date()),
        _must("measure", KEY),
        _must("n", sa.BigInteger()),
        sa.PrimaryKeyConstraint("day", "measure", name=op.f("pk_tally")),
    )


def _obligations(name: str) -> None:
    _clustered(
        name,
        _must("case_id", KEY),
        _must("course", sa.BigInteger()),
        _must("strand", KEY),
        _must("occurrence", sa.BigInteger()),
        _must("strand_group", sa.Text()),
        _must("since", sa.Date()),
        _may("counts_from", sa.Date()),
        _may("due_from", sa.Date()),
        _may("due_by", sa.Date()),
        _must("current_from", sa.Date()),
        _may("current_until", sa.Date()),
        _may("last_done", sa.Date()),
        _may("phase", sa.Integer()),
        _may("plan", sa.Text()),
        _must("provisional", sa.Boolean()),
        _must("catch_up", sa.Boolean()),
        _may("booked_for", sa.Date()),
        _must("attempts", sa.Integer()),
        _must("contacts", sa.Integer()),
        _must("claimed", sa.Boolean()),
        _must("partial", sa.Text()),
        _must("lost", sa.Boolean()),
        _must("transfer_pending", sa.Boolean()),
        _may("at_risk_from", sa.Date()),
        _may("suspended_from", sa.Date()),
        _may("review_on", sa.Date()),
        _may("ended", sa.Text()),
        _may("ended_on", sa.Date()),
        _may("ended_by", sa.Integer()),
        _must("because", sa.Text()),
        _may("stage", sa.Text()),
        _may("navigator", sa.Text()),
        _must("next_action", sa.Text()),
        _must("rule", sa.Text()),
        _must("source", sa.Text()),
        _may("excluded", sa.Text()),
        sa.PrimaryKeyConstraint("case_id", "course", "strand", "occurrence", name=op.f(f"pk_{name}")),
    )
