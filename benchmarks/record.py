"""What one durable event costs through the tracker, against a bare durable insert of the same rows.

Each event is recorded in one database by ``Tracker.record``, rules and caches included. What changed there
is then written to a copy of it by plain statements of the driver, prepared beforehand, in one transaction,
on the same file system and with ``synchronous=FULL`` too. The two take turns, event by event, and the two
databases are equal at the end.

Before each event it is asked what the entry would change, as ``lmstrack whatif`` asks. That is compared with the event
and the case after it, with which ``lmstrack record`` answers.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, TypeVar

from benchmarks.measuring import Timed, cpu, judged, shown, wall
from benchmarks.patients import TODAY, USUAL, next_visit, workflow
from benchmarks.wards import filled
from lmstrack.errors import LmstrackError
from lmstrack.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

#: Tables that recording an event writes to, each with the number of leading columns that are its key.
_TABLES = {"event": 2, "note": 3, "case_head": 1, "obligation_open": 4, "obligation_past": 4, "tally": 2}
Statements = list[tuple[str, list[tuple[Any, ...]]]]


class Bare:
    """A database written to by plain statements, beside the one that it is a copy of.

    What differs between the two is worked out by the database itself, so that no garbage of ours is collected while
    somebody is timed.
    """

    def __init__(self, database: Path, copy: Path) -> None:
        self.connection = sqlite3.connect(copy, isolation_level=None)
        self.connection.execute("PRAGMA synchronous = FULL")
        self._both = sqlite3.connect(database)
        self._both.execute("ATTACH ? AS copy", (str(copy),))
        self.columns = {
            table: [row[1] for row in self.connection.execute(f"PRAGMA table_info({table})")] for table in _TABLES
        }

    def close(self) -> None:
        """Give both databases back."""
        self._both.close()
        self.connection.close()

    def write(self, changes: Statements) -> None:
        """Write the changes, so that they last."""
        self.connection.execute("BEGIN IMMEDIATE")
        for statement, rows in changes:
            self.connection.executemany(statement, rows)
        self.connection.execute("COMMIT")

    def changes(self, case: str | None = None) -> Statements:
        """The statements that make the copy what the database is; only about a *case* where one is named."""
        found: Statements = []
        for table, keys in _TABLES.items():
            key = self.columns[table][:keys]
            gone = self._differing(", ".join(key), "copy", "main", table, case)
            put = self._differing("*", "main", "copy", table, case)
            if gone:
                same = " AND ".join(f"{column} = ?" for column in key)
                found.append((f"DELETE FROM {table} WHERE {same}", gone))  # noqa: S608  # names of our own
            if put:
                verb = "INSERT" if table in {"event", "note"} else "INSERT OR REPLACE"
                places = ", ".join("?" * len(self.columns[table]))
                found.append((f"{verb} INTO {table} VALUES ({places})", put))
        return found

    def _differing(self, what: str, here: str, there: str, table: str, case: str | None) -> list[tuple[Any, ...]]:
        of_case = "" if table == "tally" or case is None else " WHERE case_id = ?"
        one, other = (f"SELECT {what} FROM {place}.{table}{of_case}" for place in (here, there))  # noqa: S608
        return self._both.execute(f"{one} EXCEPT {other}", (case,) * 2 if of_case else ()).fetchall()


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.record", description=__doc__)
    options.add_argument("--cases", type=int, default=1000, help="cases in the database")
    options.add_argument("--lines", type=int, default=USUAL, help="events that each case has before")
    options.add_argument("--events", type=int, default=400, help="events recorded, at most one a case")
    given = options.parse_args()
    with TemporaryDirectory(dir=Path.cwd()) as folder:  # the temporary folder of a system may be in memory
        database = filled(Path(folder), given.cases, given.lines)
        copy = Path(folder) / "copy.db"
        shutil.copy(database, copy)
        ours, answered, theirs, asked, rows = _recorded(database, copy, min(given.events, given.cases))
    written = f"{statistics.mean(rows):.1f} rows each, {cpu(theirs) * 1e3:.2f} ms of the processor"
    shown("a bare durable insert", f"{1 / wall(theirs):,.0f}/s, {written}")
    shown("an event through the tracker", f"{1 / wall(ours):,.0f}/s, {cpu(ours) * 1e3:.2f} ms of the processor")
    judged("event through the tracker against the bare insert", wall(ours) / wall(theirs), at_most=3)
    rate = f"{1 / wall(asked):,.0f}/s, {cpu(asked) * 1e3:.2f} ms of the processor"
    shown("what the same entry would change, nothing written", rate)
    judged("what it would change against the event with its answer", wall(asked) / wall(answered))
    judged("the same, by the processor", cpu(asked) / cpu(answered))


def _timed(work: Callable[[], T]) -> tuple[Timed, T]:
    start = perf_counter(), process_time()
    done = work()
    return Timed(process_time() - start[1], perf_counter() - start[0]), done


def _recorded(
    database: Path, copy: Path, events: int
) -> tuple[list[Timed], list[Timed], list[Timed], list[Timed], list[int]]:
    bare = Bare(database, copy)
    ours: list[Timed] = []
    answered: list[Timed] = []
    theirs: list[Timed] = []
    asked: list[Timed] = []
    rows: list[int] = []
    visit = next_visit()
    rules = {workflow().name: workflow()}
    with Tracker.open(database, by="navigator-a", today=TODAY, workflows=rules) as tracker:
        for case in tracker.store.case_ids()[:events]:
            entry = partial(tracker.record, case, visit, on=TODAY)
            asked.append(_timed(lambda: entry(dry_run=True).effect)[0])  # noqa: B023  # it is done at once
            took, recorded = _timed(entry)
            answer = _timed(lambda: recorded.case)[0]  # noqa: B023
            ours.append(took)
            answered.append(Timed(took.cpu + answer.cpu, took.wall + answer.wall))
            changes = bare.changes(case)
            rows.append(sum(len(each) for _, each in changes))
            theirs.append(_timed(partial(bare.write, changes))[0])
    left = bare.changes()
    bare.close()
    if left:
        raise LmstrackError("Compare the two databases", f"they differ, so one would need: {left[0][0]}")
    return ours, answered, theirs, asked, rows


if __name__ == "__main__":
    main()
