"""Importing a file through the tracker, and exporting everything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lmstrack.errors import InvalidData, NotFound
from lmstrack.events import standing
from lmstrack.exchange.grouping import cases_in, runs_of
from lmstrack.exchange.mapped import read_mapping
from lmstrack.exchange.ndjson import export_lines
from lmstrack.exchange.rejects import write_rejects
from lmstrack.exchange.tables import read_table
from lmstrack.exchange.tabular import cases_of
from lmstrack.exchange.workbooks import ENDINGS
from lmstrack.workflow.scales import scales

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.exchange.mapping import TableMapping
    from lmstrack.exchange.tables import Table
    from lmstrack.loading import LoadReport, Unparsed
    from lmstrack.records import Person

#: Beside the package in a working copy, inside it when installed.
_FOLDERS = (
    Path(__file__).resolve().parent.parent / "_mappings",
    Path(__file__).resolve().parent.parent.parent / "docs" / "mappings",
)


class Reads(Protocol):
    """What a file's day zero is looked up in: a store."""

    def by_identifier(self, system: str, value: str) -> str | None:
        """The case that an identifier names, None where it is not known."""

    def log(self, case: str) -> list[Event]:
        """The lines of a case."""

    def stream(self) -> Iterator[tuple[str, Person, list[Event]]]:
        """Every case with its person and its log."""


class Loads(Protocol):
    """What cases are handed to: a tracker."""

    @property
    def store(self) -> Reads:
        """Where the cases are."""

    def load(
        self,
        cases: Iterable[Unparsed],
        *,
        source: str | None,
        as_history: bool,
        commit: bool,
        processes: int,
        progress: Callable[[int], None] | None,
    ) -> LoadReport:
        """Take the cases in one transaction, or say what taking them would do."""


def import_file(
    tracker: Loads,
    path: str | Path,
    *,
    mapping: str | Path | None = None,
    source: str | None = None,
    as_history: bool = False,
    commit: bool = False,
    processes: int = 1,
    rejects: bool | None = None,
    progress: Callable[[int], None] | None = None,
) -> LoadReport:
    """Import a file: lines of JSON in the exchange form, or, with a *mapping*, a table.

    Without *commit* nothing is written, anywhere; the report is the same. *mapping* is a file, or the name of
    one that comes with the program. *source* names the system that the file comes from, the one that the
    mapping names where None. *as_history* keeps what the rules find instead of refusing it. *rejects* writes
    the rows that were not taken beside the file, so that they can be mended and imported again: None means
    when anything is committed.

    Raises NotFound where there is no such file or mapping, InvalidData where one of them cannot be read at
    all.
    """
    file = Path(path)
    if not file.is_file():
        raise NotFound(f"Import {file.name}", "there is no such file.")
    if mapping is None:
        if file.suffix.casefold() in {".csv", ".tsv", ".txt", *ENDINGS}:
            raise InvalidData(f"Import {file.name}", ["a table needs a mapping"], "Name one: --map FILE")
        table = None
        runs = runs_of(file)
        cases: Iterable[Unparsed] = cases_in(file, runs)
        rows_read = runs.rows_read
    else:
        read = mapping_named(mapping)
        source = source if source is not None else read.source
        table = read_table(file, read.layout, read.columns())
        cases = _tabled(tracker, table, read, source)
        rows_read = len(table.rows)
    report = tracker.load(
        cases, source=source, as_history=as_history, commit=commit, processes=processes, progress=progress
    )
    if report.rows_read != rows_read:
        raise InvalidData(f"Import {file.name}", ["the file was changed while it was read"], "Import it again.")
    if report.rejected and (rejects if rejects is not None else commit):
        written = write_rejects(file, table, report.rejected)
        report = replace(report, rejects=None if written is None else str(written))
    return report


def _tabled(tracker: Loads, table: Table, mapping: TableMapping, source: str | None) -> Iterable[Unparsed]:
    def referral_of(key: str) -> date | None:
        case = tracker.store.by_identifier(source, key) if source is not None else None
        events = standing(tracker.store.log(case)) if case is not None else ()
        return next((event.on for event in events if event.kind == "referral"), None)

    return cases_of(table, mapping, scales().fnclcc, referral_of)


def mapping_named(name: str | Path) -> TableMapping:
    """The mapping in a file, or one that comes with the program, by its name without the ending.

    Raises NotFound, and InvalidData with every fault in it.
    """
    path = Path(name)
    if path.suffix != ".toml" and path.name == str(name):
        folder = next((folder for folder in _FOLDERS if (folder / f"{name}.toml").is_file()), None)
        if folder is None:
            known = sorted({each.stem for folder in _FOLDERS for each in folder.glob("*.toml")})
            raise NotFound(f"Use the mapping {name}", "there is none of that name.", f"There are: {', '.join(known)}.")
        path = folder / f"{name}.toml"
    return read_mapping(path)


def export_events(store: Reads) -> Iterator[dict[str, object]]:
    """Every case of a store in the exchange form: a line about the person, then the lines of the log.

    Importing them into an empty store gives the same cases, line by line.
    """
    yield from export_lines(store.stream())
