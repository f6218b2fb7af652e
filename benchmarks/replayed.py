"""A list as it was known, which only the logs can give: by one process against as many as there are cores.

Every case is read and replayed. The other processes load the workflow first, so that few cases gain little.
"""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.measuring import by_turns, cpu_ratio, few_collections, shown, wall, wall_ratio
from benchmarks.patients import TODAY
from benchmarks.wards import filled
from lmstrack.effort import Effort
from lmstrack.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Callable

#: After every entry, so that the list is that of the caches.
_KNOWN_AT = datetime(2100, 1, 1, tzinfo=UTC)


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.replayed", description=__doc__)
    options.add_argument("--cases", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = options.parse_args()
    with TemporaryDirectory() as folder, few_collections():
        database = filled(Path(folder), given.cases)
        works: dict[str, Callable[[], object]] = {
            "caches": lambda: listed(database, 1, None),
            "one": lambda: listed(database, 1, _KNOWN_AT),
            "all": lambda: listed(database, given.processes, _KNOWN_AT),
        }
        taken = by_turns(works, given.rounds)
    shown("a list from the caches, cases a second", f"{given.cases / wall(taken['caches']):,.0f}/s")
    shown("a list as it was known, one process, cases a second", f"{given.cases / wall(taken['one']):,.0f}/s")
    shown(f"the same, processes {given.processes}, cases a second", f"{given.cases / wall(taken['all']):,.0f}/s")
    shown("one process against as many as there are cores", f"{wall_ratio(taken['one'], taken['all']):.2f}x")
    # On a machine that is busy the others wait for a core; what is left to this process does not depend on it.
    shown("processor seconds of this process, alone against helped", f"{cpu_ratio(taken['one'], taken['all']):.2f}x")


def listed(database: Path, processes: int, known_at: datetime | None) -> int:
    """How many rows the list of a day has."""
    with Tracker.open(database, by="nobody", today=TODAY, effort=Effort(processes)) as tracker:
        return len(tracker.overdue(known_at=known_at))


if __name__ == "__main__":
    main()
