"""The tables: people, the log, and the caches that make lists fast.

These classes describe the schema. They do not validate, and no row of theirs is ever made: rows travel as
tuples in the order of the columns. Dates are DATE on PostgreSQL and ISO 8601 text on SQLite; instants are
text in UTC with six decimals, so that their order as text is their order in time, and one hash covers the
same bytes in both.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Table
    from sqlalchemy.types import TypeEngine


class Ordered(TypeDecorator[str]):
    """Text that sorts by its bytes: a hospital's collation would pass over the dashes of a case id."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Ask PostgreSQL for the collation that SQLite has anyway."""
        return Text(collation="C") if dialect.name == "postgresql" else Text()


class Stored(SQLModel):
    """What all tables share: constraints named by rule, so that a later migration can find them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


def _key() -> Any:
    return Field(primary_key=True, sa_type=cast("Any", Ordered))


def _number_key() -> Any:
    return Field(primary_key=True, sa_type=cast("Any", BigInteger))


def _words() -> Any:
    return Field(sa_type=Text)


def _words_or_none() -> Any:
    return Field(default=None, sa_type=Text)


def _ordered_or_none() -> Any:
    return Field(default=None, sa_type=cast("Any", Ordered))


_CLUSTERED: Final = {"sqlite_with_rowid": False}  # rows of one case lie together, and one seek finds them


class Meta(Stored, table=True):
    """One row: the site's time zone, when the store was made (null: not known), and in which format."""

    __tablename__ = "meta"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: int = Field(primary_key=True)
    zone: str = _words()
    created_at: str | None = _words_or_none()
    format: int


class PersonRow(Stored, table=True):
    """A case and who it is about. *name_key* is the name as it is searched, *identifiers* a JSON object."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("number"), _CLUSTERED)
    case_id: str = _key()
    number: int = Field(sa_type=cast("Any", BigInteger))
    name: str | None = _words_or_none()
    name_key: str | None = _words_or_none()
    born: str | None = _words_or_none()
    sex: str | None = _words_or_none()
    identifiers: str = _words()
    contact_needs: str | None = _words_or_none()


class PersonChange(Stored, table=True):
    """The history of a person's data: all of it, as it was from then on."""

    __tablename__ = "person_change"
    __table_args__ = (ForeignKeyConstraint(["case_id"], ["person.case_id"]), _CLUSTERED)
    case_id: str = _key()
    version: int = _number_key()
    changed_at: str = _words()
    changed_by: str = _words()
    fields: str = _words()


class IdentifierRow(Stored, table=True):
    """An identifier names one case only."""

    __tablename__ = "identifier"
    __table_args__ = (
        ForeignKeyConstraint(["case_id"], ["person.case_id"]),
        Index(None, "value"),
        _CLUSTERED,
    )
    system: str = _key()
    value: str = _key()
    case_id: str = Field(sa_type=cast("Any", Ordered))


class EventRow(Stored, table=True):
    """A line of the log. *body* and *departures* are canonical JSON without the free text."""

    __tablename__ = "event"
    __table_args__ = (
        ForeignKeyConstraint(["case_id"], ["person.case_id"]),
        CheckConstraint("line >= 1", name="line_from_one"),
        Index(
            "uq_event_source_source_id",
            "source",
            "source_id",
            unique=True,
            sqlite_where=text("source IS NOT NULL AND source_id IS NOT NULL"),
            postgresql_where=text("source IS NOT NULL AND source_id IS NOT NULL"),
        ),
        _CLUSTERED,
    )
    case_id: str = _key()
    line: int = _number_key()
    on_day: date
    precision: str = _words()
    kind: str = _words()
    recorded_at: str = _words()
    recorded_by: str = _words()
    source: str | None = _ordered_or_none()
    source_id: str | None = _ordered_or_none()
    body: str = _words()
    departures: str = _words()
    as_history: bool
    workflow: str | None = _words_or_none()
    prev_hash: str = _words()
    hash: str = _words()


class NoteRow(Stored, table=True):
    """A free text of a line, kept apart so that it can be erased; *text* and *salt* are null once it was."""

    __tablename__ = "note"
    __table_args__ = (ForeignKeyConstraint(["case_id", "line"], ["event.case_id", "event.line"]), _CLUSTERED)
    case_id: str = _key()
    line: int = _number_key()
    field: str = _key()
    salt: str | None = _words_or_none()
    text: str | None = _words_or_none()


class CaseHead(Stored, table=True):
    """Cache: one case as lists hold it."""

    __tablename__ = "case_head"
    __table_args__ = (Index(None, "last_on"), _CLUSTERED)
    case_id: str = _key()
    lines: int
    last_on: date | None
    state: str = _words()
    course: int
    workflow: str | None = _words_or_none()
    navigator: str | None = _words_or_none()
    stage: str | None = _words_or_none()
    excluded: str | None = _words_or_none()
    open_obligations: int


class _Obligation(Stored):
    """The columns of `listing.Listed`, in its order."""

    case_id: str = _key()
    course: int = _number_key()
    strand: str = _key()
    occurrence: int = _number_key()
    strand_group: str = _words()
    since: date
    counts_from: date | None
    due_from: date | None
    due_by: date | None
    current_from: date
    current_until: date | None
    last_done: date | None
    phase: int | None
    plan: str | None = _words_or_none()
    provisional: bool
    catch_up: bool
    booked_for: date | None
    attempts: int
    contacts: int
    claimed: bool
    partial: str = _words()
    lost: bool
    transfer_pending: bool
    at_risk_from: date | None
    suspended_from: date | None
    review_on: date | None
    ended: str | None = _words_or_none()
    ended_on: date | None
    ended_by: int | None
    because: str = _words()
    stage: str | None = _words_or_none()
    navigator: str | None = _words_or_none()
    next_action: str = _words()
    rule: str = _words()
    source: str = _words()
    excluded: str | None = _words_or_none()


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
            postgresql_where=text(IN_SCOPE),
        ),
        _CLUSTERED,
    )


class ObligationPast(_Obligation, table=True):
    """Cache: obligations that ended, fulfilled, excused or closed."""

    __tablename__ = "obligation_past"
    __table_args__ = (_CLUSTERED,)


class TallyRow(Stored, table=True):
    """Cache: by how much a measure changes on a day; what it is on a day is the sum up to then."""

    __tablename__ = "tally"
    __table_args__ = (_CLUSTERED,)
    day: date = Field(primary_key=True)
    measure: str = _key()
    n: int = Field(sa_type=cast("Any", BigInteger))


def _table(name: str) -> Table:
    return Stored.metadata.tables[name]


META: Final = _table("meta")
PERSON: Final = _table("person")
PERSON_CHANGE: Final = _table("person_change")
IDENTIFIER: Final = _table("identifier")
EVENT: Final = _table("event")
NOTE: Final = _table("note")
CASE_HEAD: Final = _table("case_head")
OPEN: Final = _table("obligation_open")
PAST: Final = _table("obligation_past")
TALLY: Final = _table("tally")
