"""What one durable event costs through the tracker, against a bare durable insert of the same rows.

Each event is recorded in one database by ``Tracker.record``, rules and caches included. What changed there
is then written to a copy of it by plain statements of the driver, prepared beforehand, in one transaction,
on the same file system and with ``synchronous=FULL`` too. The two take turns, event by event, and the two
databases are equal at the end.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import Timed, cpu, judged, shown, wall
from benchmarks.patients import TODAY, next_visit, workflow
from benchmarks.wards import filled
from lmstrack.errors import LmstrackError
from lmstrack.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Tables that recording an event writes to, each with the number of leading columns that are its key.
_TABLES = {"event": 2, "note": 3, "case_head": 1, "obligation_open": 4, "obligation_past": 4, "tally": 2}
Rows = dict[tuple[Any, ...], tuple[Any, ...]]


@dataclass(slots=True)
class Changes:
    """What one event changed, as statements with their rows."""

    statements: list[tuple[str, list[tuple[Any, ...]]]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows are written or removed."""
        return sum(len(rows) for _, rows in self.statements)


class Bare:
    """A database written to by plain statements."""

    def __init__(self, database: Path) -> None:
        self.connection = sqlite3.connect(database, isolation_level=None)
        self.connection.execute("PRAGMA synchronous = FULL")
        self.columns = {
            table: [row[1] for row in self.connection.execute(f"PRAGMA table_info({table})")] for table in _TABLES
        }

    def write(self, changes: Changes) -> None:
        """Write the changes, so that they last."""
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        for statement, rows in changes.statements:
            self.connection.executemany(statement, rows)
        execute("COMMIT")

    def changes(self, before: dict[str, Rows], after: dict[str, Rows]) -> Changes:
        """The statements that make the one out of the other."""
        found = Changes()
        for table, keys in _TABLES.items():
            old, new = before[table], after[table]
            columns = self.columns[table]
            gone = [key for key in old if key not in new]
            put = [row for key, row in new.items() if old.get(key) != row]
            if gone:
                same = " AND ".join(f"{column} = ?" for column in columns[:keys])
                found.statements.append((f"DELETE FROM {table} WHERE {same}", gone))  # noqa: S608  # our own names
            if put:
                verb = "INSERT" if table in {"event", "note"} else "INSERT OR REPLACE"
                places = ", ".join("?" * len(columns))
                found.statements.append((f"{verb} INTO {table} VALUES ({places})", put))
        return found


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.record", description=__doc__)
    options.add_argument("--cases", type=int, default=1000, help="cases in the database")
    options.add_argument("--events", type=int, default=400, help="events recorded, at most one a case")
    given = options.parse_args()
    with TemporaryDirectory(dir=Path.cwd()) as folder:  # the temporary folder of a system may be in memory
        database = filled(Path(folder), given.cases)
        copy = Path(folder) / "copy.db"
        shutil.copy(database, copy)
        ours, theirs, rows = _recorded(database, copy, min(given.events, given.cases))
    shown("a bare durable insert", f"{1 / wall(theirs):,.0f}/s, {statistics.mean(rows):.1f} rows each")
    shown("an event through the tracker", f"{1 / wall(ours):,.0f}/s, {cpu(ours) * 1e3:.2f} ms of the processor")
    judged("event through the tracker against the bare insert", wall(ours) / wall(theirs), at_most=3)


def _recorded(database: Path, copy: Path, events: int) -> tuple[list[Timed], list[Timed], list[int]]:
    bare = Bare(copy)
    looking = sqlite3.connect(database)
    ours: list[Timed] = []
    theirs: list[Timed] = []
    rows: list[int] = []
    visit = next_visit()
    rules = {workflow().name: workflow()}
    with Tracker.open(database, by="navigator-a", today=TODAY, workflows=rules) as tracker:
        for case in tracker.store.case_ids()[:events]:
            before = _held(looking, case)
            start = perf_counter(), process_time()
            tracker.record(case, visit, on=TODAY)
            ours.append(Timed(process_time() - start[1], perf_counter() - start[0]))
            changes = bare.changes(before, _held(looking, case))
            rows.append(changes.rows)
            start = perf_counter(), process_time()
            bare.write(changes)
            theirs.append(Timed(process_time() - start[1], perf_counter() - start[0]))
    _compare(looking, bare.connection)
    looking.close()
    bare.connection.close()
    return ours, theirs, rows


def _held(connection: sqlite3.Connection, case: str) -> dict[str, Rows]:
    """What stands about a case, and the tallies of all cases."""
    held: dict[str, Rows] = {}
    for table, keys in _TABLES.items():
        of_case, values = ("", ()) if table == "tally" else (" WHERE case_id = ?", (case,))
        rows = connection.execute(f"SELECT * FROM {table}{of_case}", values)  # noqa: S608  # names of our own
        held[table] = {row[:keys]: row for row in rows}
    return held


def _compare(one: sqlite3.Connection, other: sqlite3.Connection) -> None:
    for table in _TABLES:
        both: Sequence[list[tuple[Any, ...]]] = [
            sorted(each.execute(f"SELECT * FROM {table}"), key=repr)  # noqa: S608  # names of our own
            for each in (one, other)
        ]
        if both[0] != both[1]:
            raise LmstrackError("Compare the two databases", f"their tables {table} differ.")


if __name__ == "__main__":
    main()
