"""What it costs to assess every case of a database again, against only fetching the rows.

Re-assessing is what a change of the workflow asks for: each log is read and assessed, and its rows for
lists are made. To bring the lists up to date no rule has to be asked, for lists hold where a case stands and
what is due. The doctor also compares those with the lists, and computes every hash of the chain anew.
"""

from __future__ import annotations

import argparse
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.measuring import by_turns, cpu, cpu_ratio, few_collections, judged, shown
from benchmarks.patients import TODAY, workflow
from benchmarks.wards import filled
from lmstrack.case import assess
from lmstrack.listing import head_of, listed
from lmstrack.tracker import Tracker

if TYPE_CHECKING:
    from lmstrack.store import Store

_TABLES = ("person", "event", "note")


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.reassess", description=__doc__)
    options.add_argument("--cases", type=int, default=5000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with TemporaryDirectory() as folder, few_collections():
        database = filled(Path(folder), given.cases)
        rules = {workflow().name: workflow()}
        with Tracker.open(database, by="nobody", today=TODAY, workflows=rules) as tracker:
            taken = by_turns(
                {
                    "fetching": lambda: fetched(database),
                    "reading": lambda: read(tracker.store),
                    "assessing": lambda: assessed(tracker.store),
                    "listing": lambda: assessed(tracker.store, judging=()),
                    "doctor": tracker.doctor,
                },
                given.rounds,
            )
    shown("only fetching the rows, cases a second", f"{given.cases / cpu(taken['fetching']):,.0f}/s")
    shown("reading the logs, cases a second", f"{given.cases / cpu(taken['reading']):,.0f}/s")
    judged("assessed again, cases a second of one core", given.cases / cpu(taken["assessing"]), at_least=3000)
    judged("lists made again, cases a second of one core", given.cases / cpu(taken["listing"]), at_least=3000)
    judged("doctor, cases a second of one core", given.cases / cpu(taken["doctor"]), at_least=3000)
    judged("reading the logs against only fetching the rows", cpu_ratio(taken["reading"], taken["fetching"]))
    judged("assessing again against only fetching the rows", cpu_ratio(taken["assessing"], taken["fetching"]))
    judged("lists made again against only fetching the rows", cpu_ratio(taken["listing"], taken["fetching"]))
    judged("doctor against only fetching the rows", cpu_ratio(taken["doctor"], taken["fetching"]))


def fetched(database: Path) -> int:
    """Fetch every row that a case is read from, a case at a time in memory, and nothing else."""
    connection = sqlite3.connect(database)
    rows = 0
    try:
        for table in _TABLES:
            for _ in connection.execute(f"SELECT * FROM {table} ORDER BY case_id"):  # noqa: S608  # names of our own
                rows += 1
    finally:
        connection.close()
    return rows


def read(store: Store) -> int:
    """Read every person and log."""
    return sum(len(log) for _, _, log in store.stream())


def assessed(store: Store, judging: tuple[int, ...] | None = None) -> int:
    """Assess every case, *judging* these lines, None all, and make its rows for lists."""
    rules = workflow()
    rows = 0
    for case, person, log in store.stream():
        seen = assess(person, log, rules, TODAY, zone=store.zone, judging=judging)
        head_of(seen, case, log)
        rows += len(listed(seen))
    return rows


if __name__ == "__main__":
    main()
