"""The tables of people and of the log; those of the caches stand in `cached`.

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


def a_key() -> Any:
    """A column of text in the primary key."""
    return Field(primary_key=True, sa_type=cast("Any", Ordered))


def a_number_key() -> Any:
    """A column of numbers in the primary key."""
    return Field(primary_key=True, sa_type=cast("Any", BigInteger))


def words() -> Any:
    """A column of text."""
    return Field(sa_type=Text)


def words_or_none() -> Any:
    """A column of text that may be null: not known."""
    return Field(default=None, sa_type=Text)


def ordered_or_none() -> Any:
    """A column of text that is looked up, and may be null."""
    return Field(default=None, sa_type=cast("Any", Ordered))


#: The lines by which events were moved to other cases, as an index says it; a query has to say the same to be served.
MOVES: Final = "kind = 'move_event'"
CLUSTERED: Final = {"sqlite_with_rowid": False}  # rows of one case lie together, and one seek finds them


class Meta(Stored, table=True):
    """One row: the site's time zone, when the store was made (null: not known), and in which format."""

    __tablename__ = "meta"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: int = Field(primary_key=True)
    zone: str = words()
    created_at: str | None = words_or_none()
    format: int


class PersonRow(Stored, table=True):
    """A case and who it is about. *name_key* is the name as it is searched, *identifiers* a JSON object."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("number"), CLUSTERED)
    case_id: str = a_key()
    number: int = Field(sa_type=cast("Any", BigInteger))
    name: str | None = words_or_none()
    name_key: str | None = words_or_none()
    born: str | None = words_or_none()
    sex: str | None = words_or_none()
    identifiers: str = words()
    contact_needs: str | None = words_or_none()


class PersonChange(Stored, table=True):
    """The history of a person's data: all of it, as it was from then on."""

    __tablename__ = "person_change"
    __table_args__ = (ForeignKeyConstraint(["case_id"], ["person.case_id"]), CLUSTERED)
    case_id: str = a_key()
    version: int = a_number_key()
    changed_at: str = words()
    changed_by: str = words()
    fields: str = words()


class IdentifierRow(Stored, table=True):
    """An identifier names one case only."""

    __tablename__ = "identifier"
    __table_args__ = (
        ForeignKeyConstraint(["case_id"], ["person.case_id"]),
        Index(None, "value"),
        CLUSTERED,
    )
    system: str = a_key()
    value: str = a_key()
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
        ),
        Index("ix_event_moves", "case_id", "line", sqlite_where=text(MOVES)),
        CLUSTERED,
    )
    case_id: str = a_key()
    line: int = a_number_key()
    on_day: date
    precision: str = words()
    kind: str = words()
    recorded_at: str = words()
    recorded_by: str = words()
    source: str | None = ordered_or_none()
    source_id: str | None = ordered_or_none()
    body: str = words()
    departures: str = words()
    as_history: bool
    workflow: str | None = words_or_none()
    prev_hash: str = words()
    hash: str = words()


class NoteRow(Stored, table=True):
    """A free text of a line, kept apart so that it can be erased; *text* and *salt* are null once it was."""

    __tablename__ = "note"
    __table_args__ = (ForeignKeyConstraint(["case_id", "line"], ["event.case_id", "event.line"]), CLUSTERED)
    case_id: str = a_key()
    line: int = a_number_key()
    field: str = a_key()
    salt: str | None = words_or_none()
    text: str | None = words_or_none()


class MergeRow(Stored, table=True):
    """An index of the log: the lines by which a case was merged with another, whether they stand or not."""

    __tablename__ = "merging"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "line"], ["event.case_id", "event.line"]),
        Index(None, "other_case"),
        CLUSTERED,
    )
    case_id: str = a_key()
    line: int = a_number_key()
    other_case: str = Field(sa_type=cast("Any", Ordered))


def table(name: str) -> Table:
    """The table of this name, of those described so far."""
    return Stored.metadata.tables[name]


META: Final = table("meta")
PERSON: Final = table("person")
PERSON_CHANGE: Final = table("person_change")
IDENTIFIER: Final = table("identifier")
EVENT: Final = table("event")
NOTE: Final = table("note")
MERGING: Final = table("merging")
