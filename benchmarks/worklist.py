"""What the list of a day's work costs, against the bare SQL that fetches the obligations it is made of.

The database is filled through the door by which a registry's file comes in. The list
also counts everything that is open, in two ways that have to agree, and looks for patients for whom nothing is due.

Then both lists are asked for at the command line, each time by a new process, by turns on this database and on one
without patients: the difference is what the patients cost beyond start-up.
"""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import (
    OURS,
    by_turns,
    commands_by_turns,
    cpu,
    few_collections,
    judged,
    shown,
    wall,
    wall_ratio,
)
from benchmarks.patients import TODAY, USUAL
from benchmarks.wards import filled
from lmstrack.errors import LmstrackError
from lmstrack.listing import Listed
from lmstrack.store import open_store
from lmstrack.tracker import Tracker

_COLUMNS = ("case_id", *Listed._fields[1:])
_PRESSING = """
SELECT {columns} FROM obligation_open
WHERE excluded IS NULL AND current_from <= :day AND (current_until IS NULL OR current_until >= :day)
  AND due_from <= :day AND due_by IS NOT NULL AND (suspended_from IS NULL OR suspended_from > :day)
"""


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.worklist", description=__doc__)
    options.add_argument("--cases", type=int, default=10_000)
    options.add_argument("--events", type=int, default=USUAL, help="events a case")
    options.add_argument("--rounds", type=int, default=9)
    given = options.parse_args()
    with TemporaryDirectory() as folder, few_collections():
        database = filled(Path(folder), given.cases, given.events)
        with closing(sqlite3.connect(database)) as bare, Tracker.open(database, by="nobody", today=TODAY) as tracker:
            _compare(bare, tracker, given.cases, given.rounds)
        _beyond_start(Path(folder), database, given.cases * given.events, given.rounds)


def _compare(bare: sqlite3.Connection, tracker: Tracker, cases: int, rounds: int) -> None:
    columns = ", ".join("strand_group" if name == "group" else name for name in _COLUMNS)
    sql = _PRESSING.format(columns=columns)

    def fetched() -> list[tuple[object, ...]]:
        return bare.execute(sql, {"day": TODAY.isoformat()}).fetchall()

    found, rows = tracker.worklist(questions=False), len(fetched())
    if not found.totals.add_up or found.totals.listed + found.totals.booked != rows:
        raise LmstrackError("Compare the lists", f"{found.totals.listed} are listed, and {rows} rows want something.")
    taken = by_turns(
        {
            "bare": fetched,
            "worklist": lambda: tracker.worklist(questions=False),
            "with names": lambda: tracker.worklist(questions=False, names=True),
        },
        rounds,
    )
    said = f"{cases:,} cases, {rows:,} things to do"
    shown(f"{said}, bare SQL", f"{wall(taken['bare']) * 1e3:.0f} ms")
    for name in ("worklist", "with names"):
        shown(f"{said}, {name}", f"{wall(taken[name]) * 1e3:.0f} ms")
        judged(f"{name} against the bare SQL", wall_ratio(taken[name], taken["bare"]))


def _beyond_start(folder: Path, database: Path, events: int, rounds: int) -> None:
    """Ask for both lists on the database and on an empty one, in processes of their own."""
    empty = folder / "empty.db"
    open_store(empty, create=True).close()

    def asked(file: Path, *words: str) -> list[str]:
        return ["-c", OURS, "--db", str(file), "--today", TODAY.isoformat(), *words]

    lists = {"overdue": ("overdue",), "worklist": ("worklist",), "status": ()}
    commands = {
        f"{name} on {file.name}": asked(file, *words) for name, words in lists.items() for file in (empty, database)
    }
    taken = commands_by_turns(commands, folder, rounds)
    for name in lists:
        start, full = (taken[f"{name} on {file.name}"] for file in (empty, database))
        said = f"lmstrack {name if name != 'status' else ''}".rstrip()
        shown(f"{said} on {events:,} events", f"{wall(full):.2f} s pass, {wall(start):.2f} s of them to start")
        judged(f"{said}, beyond it, against a second", cpu(full) - cpu(start), at_most=1)


if __name__ == "__main__":
    main()
