"""Databases to measure on: filled through the door by which a registry's file comes in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.patients import TODAY, USUAL, ndjson, workflow
from lmstrack.exchange.grouping import cases_in, runs_of
from lmstrack.loading import load
from lmstrack.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lmstrack.loading import LoadReport


def write_file(path: Path, cases: int, events: int = USUAL) -> None:
    """Write the file of a registry: the cases one after the other, a line an event."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(cases):
            file.writelines(f"{line}\n" for line in ndjson(number, events))


def import_file(
    file: Path, database: Path, processes: int = 2, progress: Callable[[int], None] | None = None
) -> LoadReport:
    """Import a file into a new database, as ``lmstrack import FILE --commit --as-history`` does."""
    with open_store(database, create=True) as store:
        return load(
            store,
            {workflow().name: workflow()},
            cases_in(file, runs_of(file)),
            by="registry",
            at=datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC),
            today=TODAY,
            source="registry",
            as_history=True,
            commit=True,
            processes=processes,
            progress=progress,
        )


def filled(folder: Path, cases: int, events: int = USUAL) -> Path:
    """A database of so many cases."""
    file, database = folder / "registry.ndjson", folder / "ward.db"
    write_file(file, cases, events)
    import_file(file, database)
    file.unlink()
    return database
