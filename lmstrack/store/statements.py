"""Statements that SQLAlchemy writes once, to be run on the driver's own cursor."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import bindparam, delete, insert

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, Dialect, Table
    from sqlalchemy.sql.elements import ClauseElement

    Value = str | int | bool | None
    Row = tuple[Any, ...]


@cache
def dialect_named(name: str) -> Dialect:
    """The dialect with its parameters by position, so that a row of a table is a row of parameters."""
    if name == "postgresql":
        from sqlalchemy.dialects.postgresql import psycopg  # noqa: PLC0415  # not for those who use SQLite

        return cast("Callable[..., Dialect]", psycopg.dialect)(paramstyle="format")
    from sqlalchemy.dialects.sqlite import pysqlite  # noqa: PLC0415  # nor the other way round

    return pysqlite.dialect(paramstyle="qmark")


class Statement:
    """One statement; what builds it is called when it is first needed, once for each kind of database.

    *build* is given the name of the dialect.
    """

    __slots__ = ("_build", "_compiled")

    def __init__(self, build: Callable[[str], ClauseElement]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[str, tuple[str, ...], Mapping[str, Any]]] = {}

    def text(self, dialect: str) -> str:
        """The SQL, with placeholders of the driver."""
        return self._on(dialect)[0]

    def values(self, dialect: str, values: Mapping[str, Value]) -> list[Any]:
        """Put named values into the order of the placeholders."""
        _, names, constants = self._on(dialect)
        return [values[name] if name in values else constants[name] for name in names]

    def _on(self, dialect: str) -> tuple[str, tuple[str, ...], Mapping[str, Any]]:
        made = self._compiled.get(dialect)
        if made is None:
            compiled = self._build(dialect).compile(
                dialect=dialect_named(dialect), compile_kwargs={"render_postcompile": True}
            )
            names = tuple(getattr(compiled, "positiontup", None) or ())
            constants = dict(getattr(compiled, "params", None) or {})
            made = self._compiled[dialect] = (str(compiled), names, constants)
        return made


class ForCases:
    """A statement about several cases at once: *build* is given their placeholders.

    Sizes are rounded up to a power of two, so that a handful of texts serves any number of cases.
    """

    most = 512

    def __init__(self, build: Callable[[Sequence[ColumnElement[Any]]], ClauseElement]) -> None:
        self._build = build
        self._sized: dict[int, Statement] = {}

    def sized(self, cases: Sequence[str]) -> tuple[Statement, dict[str, Value]]:
        """The statement for this many cases, at most *most*, and its values; the last case fills the rest."""
        size = 1 << (len(cases) - 1).bit_length()
        statement = self._sized.get(size)
        if statement is None:
            named: list[ColumnElement[Any]] = [bindparam(f"case_{place}") for place in range(size)]
            statement = self._sized[size] = Statement(lambda _: self._build(named))
        padded = [*cases, *[cases[-1]] * (size - len(cases))]
        return statement, {f"case_{place}": case for place, case in enumerate(padded)}


@cache
def insertion(table: Table) -> Statement:
    """Add a row, given in the order of the columns."""
    return Statement(lambda _: insert(table).values({column.name: bindparam(column.name) for column in table.c}))


@cache
def replacement(table: Table) -> Statement:
    """Add a row, or write it over the one with its key."""
    return Statement(lambda dialect: _upsert(table, dialect, None))


@cache
def addition(table: Table, number: Column[int]) -> Statement:
    """Add a row, or add its *number* to that of the row with its key."""
    return Statement(lambda dialect: _upsert(table, dialect, number))


def _upsert(table: Table, dialect: str, number: Column[int] | None) -> ClauseElement:
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as inserting  # noqa: PLC0415
    else:
        from sqlalchemy.dialects.sqlite import insert as inserting  # type: ignore[assignment]  # noqa: PLC0415
    made = inserting(table).values({column.name: bindparam(column.name) for column in table.c})
    keys = {column.name for column in table.primary_key}
    if number is not None:
        changed = {number.name: number + made.excluded[number.name]}
    else:
        changed = {column.name: made.excluded[column.name] for column in table.c if column.name not in keys}
    return made.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)


@cache
def removal(table: Table) -> Statement:
    """Remove the row with this key, given in the order of its columns."""
    keys = list(table.primary_key)
    return Statement(lambda _: delete(table).where(*(column == bindparam(column.name) for column in keys)))


@cache
def copying(table: Table) -> str:
    """How PostgreSQL takes rows of a table in bulk."""
    names = ", ".join(dialect_named("postgresql").identifier_preparer.format_column(column) for column in table.c)
    return f"COPY {table.name} ({names}) FROM STDIN"
