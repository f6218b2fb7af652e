"""The tables of the caches, which make lists fast and can be made anew from the log at any time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import BigInteger, Index, Integer, bindparam, or_, text
from sqlmodel import Field

from lmstrack.store.tables import CLUSTERED, Stored, a_key, a_number_key, table, words, words_or_none

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table


class CaseHead(Stored, table=True):
    """Cache: one case as lists hold it."""

    __tablename__ = "case_head"
    __table_args__ = (Index(None, "last_on"), CLUSTERED)
    case_id: str = a_key()
    lines: int
    last_on: date | None
    state: str = words()
    course: int
    workflow: str | None = words_or_none()
    navigator: str | None = words_or_none()
    stage: str | None = words_or_none()
    excluded: str | None = words_or_none()
    open_obligations: int


class _Obligation(Stored):
    """The columns of `listing.Listed`, in its order."""

    case_id: str = a_key()
    course: int = a_number_key()
    strand: str = a_key()
    occurrence: int = a_number_key()
    strand_group: str = words()
    since: date
    counts_from: date | None
    due_from: date | None
    due_by: date | None
    current_from: date
    current_until: date | None
    last_done: date | None
    phase: int | None
    plan: str | None = words_or_none()
    provisional: bool
    catch_up: bool
    booked_for: date | None
    attempts: int
    contacts: int
    claimed: bool
    partial: str = words()
    lost: bool
    transfer_pending: bool
    at_risk_from: date | None
    suspended_from: date | None
    review_on: date | None
    ended: str | None = words_or_none()
    ended_on: date | None
    # A line of another case has a large number; to SQLite every number is one.
    ended_by: int | None = Field(default=None, sa_type=cast("Any", BigInteger().with_variant(Integer(), "sqlite")))
    because: str = words()
    stage: str | None = words_or_none()
    navigator: str | None = words_or_none()
    next_action: str = words()
    rule: str = words()
    source: str = words()
    excluded: str | None = words_or_none()


#: What lists of overdue follow-up look at, as the index says it; a query has to say the same to be served.
IN_SCOPE: Final = "strand_group IN ('surveillance', 'result') AND excluded IS NULL"


class ObligationOpen(_Obligation, table=True):
    """Cache: obligations that have not ended; apart from the others, or PostgreSQL misjudges the index."""

    __tablename__ = "obligation_open"
    __table_args__ = (
        Index(
            "ix_obligation_open_due_by",
            "due_by",
            "case_id",
            "course",
            "strand",
            "occurrence",
            sqlite_where=text(IN_SCOPE),
        ),
        CLUSTERED,
    )


class ObligationPast(_Obligation, table=True):
    """Cache: obligations that ended, fulfilled, excused or closed."""

    __tablename__ = "obligation_past"
    __table_args__ = (CLUSTERED,)


class TallyRow(Stored, table=True):
    """Cache: by how much a measure changes on a day; what it is on a day is the sum up to then."""

    __tablename__ = "tally"
    __table_args__ = (CLUSTERED,)
    day: date = Field(primary_key=True)
    measure: str = a_key()
    n: int = Field(sa_type=cast("Any", BigInteger))


CASE_HEAD: Final = table("case_head")
OPEN: Final = table("obligation_open")
PAST: Final = table("obligation_past")
TALLY: Final = table("tally")


def current(obligations: Table) -> tuple[ColumnElement[bool], ...]:
    """That an obligation is one that lists of the day ``as_of`` count."""
    return (
        obligations.c.current_from <= bindparam("as_of"),
        or_(obligations.c.current_until.is_(None), obligations.c.current_until >= bindparam("as_of")),
    )
