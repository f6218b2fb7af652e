"""Timing by turns, a loop by which machines compare, and the lines that a benchmark prints."""

from __future__ import annotations

import gc
import os
import statistics
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from lmstrack.errors import LmstrackError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Timed:
    """What one turn of a piece of work took: processor seconds of this process, and seconds on the wall."""

    cpu: float
    wall: float


def timed(work: Callable[[], object]) -> Timed:
    """Do the work once. The garbage of whoever had the turn before is collected first."""
    gc.collect()
    cpu, wall = process_time(), perf_counter()
    work()
    return Timed(process_time() - cpu, perf_counter() - wall)


def by_turns(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[Timed]]:
    """Do each piece of work once a round, so that a machine that slows down slows all of them.

    A turn before the first round, which nobody counts, fills every cache.
    """
    for work in works.values():
        work()
    taken: dict[str, list[Timed]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(timed(work))
    return taken


#: What runs the command line in a process of its own.
OURS = "import sys; from lmstrack.cli import main; sys.exit(main())"


def commands_by_turns(commands: Mapping[str, Sequence[str]], home: Path, rounds: int) -> dict[str, list[Timed]]:
    """Run each command of Python once a round, as `by_turns` does; each time a new process, with a *home* folder."""
    taken: dict[str, list[Timed]] = {name: [] for name in commands}
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "HOME": str(home), "XDG_DATA_HOME": str(home)}
    for turn in range(rounds + 1):
        for name, arguments in commands.items():
            time = _run(arguments, environment)
            if turn:  # the first fills the caches of compiled modules and of the system
                taken[name].append(time)
    return taken


def _run(arguments: Sequence[str], environment: Mapping[str, str]) -> Timed:
    with Path(os.devnull).open("w") as nowhere:
        files = [(os.POSIX_SPAWN_DUP2, nowhere.fileno(), 1), (os.POSIX_SPAWN_DUP2, nowhere.fileno(), 2)]
        begun = perf_counter()
        process = os.posix_spawn(sys.executable, [sys.executable, *arguments], environment, file_actions=files)
        _, status, used = os.wait4(process, 0)
        took = perf_counter() - begun
    if status:
        raise LmstrackError("Run a command", f"it failed: {' '.join(arguments)}")
    return Timed(used.ru_utime + used.ru_stime, took)


def cpu(times: Sequence[Timed]) -> float:
    """Processor seconds of a turn: the median of all of them."""
    return statistics.median(time.cpu for time in times)


def wall(times: Sequence[Timed]) -> float:
    """Seconds on the wall of a turn: the median of all of them."""
    return statistics.median(time.wall for time in times)


def ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """How much longer *one* takes: the median over the rounds, each compared within itself."""
    return statistics.median(first / second for first, second in zip(one, other, strict=True))


def cpu_ratio(one: Sequence[Timed], other: Sequence[Timed]) -> float:
    """`ratio` of processor seconds."""
    return ratio([time.cpu for time in one], [time.cpu for time in other])


def wall_ratio(one: Sequence[Timed], other: Sequence[Timed]) -> float:
    """`ratio` of seconds on the wall."""
    return ratio([time.wall for time in one], [time.wall for time in other])


def calibration() -> int:
    """A fixed piece of plain Python of the kind the program is made of: dates, dictionaries, small tuples.

    How often a machine does this in a second says how its other figures compare with those of another
    machine.
    """
    held: dict[str, list[tuple[date, int]]] = {}
    day = date(2026, 1, 1)
    found = 0
    for number in range(20_000):
        on = day + timedelta(number % 700)
        held.setdefault(f"strand {number % 40}", []).append((on, number))
        found += on > day
    for rows in held.values():
        rows.sort()
        found += len([on for on, number in rows if number % 3])
    return found


# ---- what is printed


def shown(label: str, value: str) -> None:
    """Print one measured line."""
    sys.stdout.write(f"{label:<56} {value}\n")
    sys.stdout.flush()


def judged(label: str, value: float, *, at_most: float | None = None, at_least: float | None = None) -> None:
    """Print a ratio with its bar, and whether it is met."""
    if at_most is not None:
        bar, met = f"bar at most {at_most:g}", value <= at_most
    elif at_least is not None:
        bar, met = f"bar at least {at_least:,.0f}", value >= at_least
    else:
        shown(label, f"{value:.2f}x")
        return
    number = f"{value:,.0f}/s" if at_least is not None else f"{value:.2f}x"
    shown(label, f"{number}  ({bar}: {'met' if met else 'NOT MET'})")


# ---- memory


def resident_mb() -> float | None:
    """Megabytes that this process and its children hold in memory; None where the system does not tell."""
    total = 0
    waiting = ["self"]
    try:
        while waiting:
            process = Path("/proc") / waiting.pop()
            for line in (process / "status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
            for thread in (process / "task").iterdir():
                waiting += (thread / "children").read_text().split()
    except OSError:
        return None if total == 0 else total / 1024
    return total / 1024


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the garbage collector look as rarely as bulk commands do, for as long as the block lasts."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
