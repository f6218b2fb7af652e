"""How many cases a second are imported from a registry's file, assessed and stored, and in how much memory.

Two processes decide, one of which also writes; a case has 15 events and a line for the person. The memory
is that of all processes together, after a quarter of the cases and at the end.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.measuring import Timed, calibration, cpu, judged, resident_mb, shown, timed, wall
from benchmarks.patients import USUAL
from benchmarks.wards import import_file, write_file
from lmstrack.errors import LmstrackError


class Memory:
    """Looks at the memory whenever the import says how far it is."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self.at_a_quarter: float | None = None
        self.most_after: float | None = None

    def look(self, rows: int) -> None:
        """Note the memory at the first batch past a quarter of the rows, and the most there is after it."""
        if rows * 4 < self._rows:
            return
        held = resident_mb()
        if self.at_a_quarter is None:
            self.at_a_quarter = held
        if held is not None:
            self.most_after = max(self.most_after or 0, held)


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    options.add_argument("--cases", type=int, default=20_000, help="100000 is what the bar speaks of")
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--rounds", type=int, default=1)
    given = options.parse_args()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "registry.ndjson"
        write_file(file, given.cases)
        memory = Memory(given.cases * (USUAL + 1))
        loop = [timed(calibration)]
        took = []
        for number in range(given.rounds):
            took.append(_import(file, Path(folder) / f"ward-{number}.db", given.processes, memory))
            loop.append(timed(calibration))
        size = (Path(folder) / "ward-0.db").stat().st_size
    judged(f"imported, assessed and stored, {given.processes} processes", given.cases / wall(took), at_least=2000)
    shown("cases for a processor second of all processes", f"{given.cases / cpu(took):,.0f}")
    shown("cases for the processor time of one calibration loop", f"{given.cases / cpu(took) * cpu(loop):.1f}")
    if memory.at_a_quarter is None or memory.most_after is None:
        shown("memory", "the system does not tell")
    else:
        judged("memory at its most against a quarter", memory.most_after / memory.at_a_quarter, at_most=1.25)
        shown("memory of all processes at its most", f"{memory.most_after:,.0f} MB")
    shown("database, a case", f"{size / given.cases / 1024:.1f} kB")


def _import(file: Path, database: Path, processes: int, memory: Memory) -> Timed:
    before, start = os.times(), perf_counter()
    report = import_file(file, database, processes, memory.look)
    took, after = perf_counter() - start, os.times()
    if report.new != report.rows_read:
        raise LmstrackError("Measure an import", f"{report.rows_read - report.new} rows were not taken.")
    return Timed(sum(after[:4]) - sum(before[:4]), took)


if __name__ == "__main__":
    main()
