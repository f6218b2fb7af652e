"""Rows of the caches as Python has them and as the databases do: SQLite knows no dates and no booleans.

By column, and each day once: a loop over the values of every row would take longer than fetching it.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from lmstrack.listing import Listed
from lmstrack.store.cached import OPEN
from lmstrack.store.faults import damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lmstrack.store.link import Link
    from lmstrack.store.statements import Row


Made = TypeVar("Made")


class _Days(dict[str | None, date | None]):
    """Days by their text; a list names few days many times, so that each is read once."""

    def __missing__(self, text: str) -> date:
        day = self[text] = date.fromisoformat(text)
        return day


_FALSE_TRUE: Final = (False, True)
_DAYS_AT: Final = tuple(place for place, column in enumerate(OPEN.c) if column.type.python_type is date)
_FLAGS_AT: Final = tuple(place for place, column in enumerate(OPEN.c) if column.type.python_type is bool)


# So many rows at a time that their columns stay in the processor's own memory.
_AT_ONCE: Final = 500


def plain(link: Link, rows: list[Row]) -> list[Row]:
    """Rows of obligations with dates and booleans as Python has them, whatever stands after their columns.

    Raises StoreUnavailable where a value cannot be what was written.
    """
    return rows if link.dialect != "sqlite" else _converted(link, rows, tuple)


def as_listed(link: Link, rows: list[Row]) -> list[Listed]:
    """`plain` rows of obligations by the names of their columns."""
    new = partial(tuple.__new__, Listed)  # what `_make` does before it counts the values of each once more
    return list(map(new, rows)) if link.dialect != "sqlite" else _converted(link, rows, new)


def _converted(link: Link, rows: list[Row], make: Callable[[Row], Made]) -> list[Made]:
    days = _Days({None: None})
    made: list[Made] = []
    try:
        for start in range(0, len(rows), _AT_ONCE):
            columns: list[Any] = list(zip(*rows[start : start + _AT_ONCE], strict=True))
            for place in _DAYS_AT:
                columns[place] = map(days.__getitem__, columns[place])
            for place in _FLAGS_AT:
                columns[place] = map(_FALSE_TRUE.__getitem__, columns[place])
            made.extend(map(make, zip(*columns, strict=True)))
    except (ValueError, TypeError, IndexError):
        raise damaged(link.asked, "a list of obligations") from None
    return made


@lru_cache(maxsize=1 << 14)  # the days of forty years
def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def bare(rows: Sequence[Row]) -> list[Row]:
    """Rows of obligations as both databases take them: days as text, which PostgreSQL reads as well."""
    if not rows:
        return []
    columns: list[Any] = list(zip(*rows, strict=True))
    for place in _DAYS_AT:
        columns[place] = map(_text, columns[place])
    return list(zip(*columns, strict=True))


def bare_heads(heads: Iterable[Row]) -> list[Row]:
    """Heads as both databases take them."""
    return [tuple(each.isoformat() if isinstance(each, date) else each for each in head) for head in heads]


def as_date(day: Any) -> date | None:
    """A day as Python has it, None where there is none."""
    return day if day is None or isinstance(day, date) else date.fromisoformat(day)


def as_ordinal(day: Any) -> int:
    """A day as a number."""
    return (day if isinstance(day, date) else date.fromisoformat(day)).toordinal()
