"""Rows as a data frame of pandas or polars, for analysts who have installed one; nothing else needs them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from lmstrack.errors import UsageFault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    Rows = Sequence[Mapping[str, object]]


def pandas_frame(rows: Rows, columns: Sequence[str], days: Collection[str]) -> Any:
    """Rows as a frame of pandas with these columns; those that hold *days* are datetimes, NaT where not known.

    Raises `UsageFault` where pandas is not installed.
    """
    try:
        import pandas  # noqa: PLC0415  # it need not be there
    except ImportError:
        raise _missing("pandas") from None
    frame = pandas.DataFrame(_by_column(rows, columns, days))
    for name in days:
        frame[name] = pandas.to_datetime(frame[name])
    return frame


def polars_frame(rows: Rows, columns: Sequence[str], days: Collection[str]) -> Any:
    """Rows as a frame of polars with these columns; those that hold *days* are dates, null where not known.

    Raises `UsageFault` where polars is not installed.
    """
    try:
        import polars  # noqa: PLC0415  # it need not be there
    except ImportError:
        raise _missing("polars") from None
    return polars.DataFrame(_by_column(rows, columns, days), schema_overrides=dict.fromkeys(days, polars.Date))


def _by_column(rows: Rows, columns: Sequence[str], days: Collection[str]) -> dict[str, list[object]]:
    held: dict[str, list[object]] = {name: [row.get(name) for row in rows] for name in columns}
    for name in days:
        held[name] = [date.fromisoformat(day) if isinstance(day, str) else None for day in held[name]]
    return held


def _missing(library: str) -> UsageFault:
    return UsageFault(f"Make a frame of {library}", f"{library} is not installed.", f"pip install {library}")
