"""What a database driver reports, told without a patient's data: never its own words, never parameters."""

from __future__ import annotations

import sqlite3

from lmstrack.errors import Conflict, LmstrackError, StoreUnavailable

_SEE_DOCTOR = "Run lmstrack doctor; if it finds breaks, restore the last backup."

# By the primary code, the low byte of what SQLite answers.
_SQLITE: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: (
        "Another program has kept the database locked all the time.",
        "Close what has it open, or try again in a minute.",
    ),
    sqlite3.SQLITE_LOCKED: ("The database is locked.", "Try again in a minute."),
    sqlite3.SQLITE_READONLY: (
        "The database may only be read.",
        "Ask for the right to write to the file and to its folder.",
    ),
    sqlite3.SQLITE_PERM: ("The database may not be opened.", "Ask for the right to read the file."),
    sqlite3.SQLITE_CANTOPEN: (
        "The database cannot be opened.",
        "Check that the file and its folder are there and may be read and written.",
    ),
    sqlite3.SQLITE_FULL: ("The disk is full; nothing was written.", "Make room, then repeat."),
    sqlite3.SQLITE_IOERR: ("The disk reports an error; nothing was written.", "Check the disk, then repeat."),
    sqlite3.SQLITE_CORRUPT: ("The database file is damaged.", _SEE_DOCTOR),
    sqlite3.SQLITE_NOTADB: ("The file is not a database.", "Name the file that lmstrack init made."),
    sqlite3.SQLITE_NOMEM: ("There is not enough memory.", "Close other programs, then repeat."),
}

# By the first two characters of the SQLSTATE.
_POSTGRESQL: dict[str, tuple[str, str]] = {
    "08": ("The PostgreSQL server does not answer.", "Check that it runs, then try again."),
    "28": ("The PostgreSQL server refuses this login.", "Check user and password in the address."),
    "3D": (
        "There is no such database on the PostgreSQL server.",
        "Create it with createdb, then: lmstrack init",
    ),
    "42": ("The database refuses this, or its tables are not those of lmstrack.", "Ask its administrator."),
    "25": ("The database may only be read.", "Connect to the primary server, not to a replica."),
    "40": ("Another program wrote at the same time.", "Repeat the entry."),
    "53": ("The PostgreSQL server has run out of disk, memory or connections.", "Tell its administrator."),
    "55": ("The database is locked.", "Try again in a minute."),
    "57": ("The PostgreSQL server is stopping or was told to stop.", "Try again in a minute."),
    "58": ("The PostgreSQL server reports an error of its disk.", "Tell its administrator."),
    "XX": ("The PostgreSQL database is damaged.", _SEE_DOCTOR),
}
_UNIQUE = "23505"
_APPEND_ONLY = "23001"


def told(error: BaseException, asked: str) -> LmstrackError:
    """What to raise for an error of the driver, or of SQLAlchemy around it.

    A broken uniqueness becomes a Conflict, everything else a StoreUnavailable.
    """
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None)
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, asked)
    if state == _UNIQUE:
        return already_there(asked)
    if state == _APPEND_ONLY:
        return append_only(asked)
    unreachable = type(cause).__name__ == "OperationalError" and state is None
    known = _POSTGRESQL.get("08" if unreachable else (state or "")[:2])
    if unreachable:
        known = (
            "The PostgreSQL server cannot be reached, or refuses this login.",
            "Check the address and that it runs.",
        )
    if known is None:
        known = (
            f"The database reports {type(cause).__name__} {state or ''}".rstrip() + ".",
            "Run lmstrack doctor.",
        )
    return StoreUnavailable(asked, *known)


def _of_sqlite(error: sqlite3.Error, asked: str) -> LmstrackError:
    code = getattr(error, "sqlite_errorcode", None)
    if code in {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}:
        return already_there(asked)
    if code == sqlite3.SQLITE_CONSTRAINT_TRIGGER:
        return append_only(asked)
    known = _SQLITE.get(code & 0xFF) if code is not None else None
    if known is None:
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        known = (f"The database reports {name}.", _SEE_DOCTOR)
    return StoreUnavailable(asked, *known)


def already_there(asked: str) -> Conflict:
    """The answer to an entry of which the source, or the number, is on record."""
    return Conflict(asked, "An entry with this line or this source id is already on record.", "Read the case again.")


def append_only(asked: str) -> StoreUnavailable:
    """The answer to an attempt to change what was recorded."""
    return StoreUnavailable(asked, "The log is append-only.", "Record a correction instead: lmstrack event correct")


def damaged(asked: str, what: str) -> StoreUnavailable:
    """The answer where *what* was read cannot be what was written."""
    return StoreUnavailable(asked, f"{what} is damaged.", "Run lmstrack audit verify, then restore the last backup.")
