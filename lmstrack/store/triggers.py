"""What keeps the log from being rewritten: triggers, since every program that opens the database meets them.

The first migration makes these. They are not to be edited: a change is a migration with statements of its
own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What the databases say when a line is to be changed; nothing of the line itself.
REFUSAL: Final = "is append-only"

#: Tables of which no row may change or go, each with its key.
APPEND_ONLY: Final[Mapping[str, tuple[str, ...]]] = {
    "event": ("case_id", "line"),
    "note": ("case_id", "line", "field"),
    "person_change": ("case_id", "version"),
}

_SQLITE: Final = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} BEGIN SELECT RAISE(ABORT, '{table} {refusal}'); END"
)

# INSERT OR REPLACE deletes without asking the delete trigger, unless recursive triggers are on.
_SQLITE_REPLACE: Final = (
    "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
    "WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
    "BEGIN SELECT RAISE(ABORT, '{table} {refusal}'); END"
)

_FUNCTION: Final = """
CREATE FUNCTION lmstrack_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' {refusal}', ERRCODE = 'restrict_violation';
END
$$
"""
_POSTGRESQL: Final = (
    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION lmstrack_append_only()"
)


def triggers(dialect: str) -> list[str]:
    """The statements that make the tables append-only, for ``sqlite`` or ``postgresql``."""
    if dialect == "postgresql":
        made = [_POSTGRESQL.format(table=table) for table in APPEND_ONLY]
        return [_FUNCTION.format(refusal=REFUSAL).strip(), *made]
    made = []
    for table, key in APPEND_ONLY.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        made += [
            _SQLITE.format(table=table, verb="update", VERB="UPDATE", refusal=REFUSAL),
            _SQLITE.format(table=table, verb="delete", VERB="DELETE", refusal=REFUSAL),
            _SQLITE_REPLACE.format(table=table, same=same, refusal=REFUSAL),
        ]
    return made
