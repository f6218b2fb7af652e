"""How long the help and a list on a full database take, against commands that everybody knows.

Every command is a new process each time, by turns. Processor seconds of the process are compared, since
they do not depend on what else the machine is doing; the seconds that pass are shown beside them.
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import OURS, commands_by_turns, cpu, cpu_ratio, judged, shown, wall, wall_ratio
from benchmarks.patients import TODAY
from benchmarks.wards import filled

_SQLITE_UTILS = "import sys; from sqlite_utils.cli import cli; sys.exit(cli())"


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__)
    options.add_argument("--cases", type=int, default=10_000, help="cases in the database of the list")
    options.add_argument("--rounds", type=int, default=15)
    given = options.parse_args()
    with TemporaryDirectory() as folder:
        database = filled(Path(folder), given.cases)
        commands = {
            "python": ["-c", ""],
            "help": ["-c", OURS, "--help"],
            "sqlmodel": ["-c", "import sqlmodel"],
            "list": [
                "-c",
                OURS,
                "--db",
                str(database),
                "--today",
                TODAY.isoformat(),
                "overdue",
                "--no-names",
            ],
            "worklist": ["-c", OURS, "--db", str(database), "--today", TODAY.isoformat(), "worklist", "--no-names"],
            "status": ["-c", OURS, "--db", str(database), "--today", TODAY.isoformat()],
            "list with names": ["-c", OURS, "--db", str(database), "--today", TODAY.isoformat(), "overdue"],
        }
        if find_spec("sqlite_utils") is not None:
            commands["sqlite-utils"] = ["-c", _SQLITE_UTILS, "--help"]
        taken = commands_by_turns(commands, Path(folder), given.rounds)
    for name, times in taken.items():
        shown(name, f"{cpu(times) * 1e3:.0f} ms of the processor, {wall(times) * 1e3:.0f} ms pass")
    if "sqlite-utils" in taken:
        judged(
            "lmstrack --help against sqlite-utils --help",
            cpu_ratio(taken["help"], taken["sqlite-utils"]),
            at_most=1.2,
        )
        judged("the same, by the seconds that pass", wall_ratio(taken["help"], taken["sqlite-utils"]))
    else:
        shown("lmstrack --help against sqlite-utils --help", "not measured: sqlite-utils is not installed")
    bars = {"list": 2, "list with names": 2, "worklist": None, "status": None}
    for name, bar in bars.items():
        against = f"{name} on {given.cases:,} cases against import sqlmodel"
        judged(against, cpu_ratio(taken[name], taken["sqlmodel"]), at_most=bar)
        judged("the same, by the seconds that pass", wall_ratio(taken[name], taken["sqlmodel"]))


if __name__ == "__main__":
    main()
