"""A ward to import into: a real store in memory, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from lmstrack.exchange import export_events, import_file
from lmstrack.exchange.ndjson import written
from lmstrack.loading import LoadReport, Unparsed, load
from lmstrack.store import Store, open_store
from lmstrack.workflow import load_workflow, released

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
WORKFLOWS = {name: load_workflow(name) for name in released()}


class Ward:
    """What a tracker is to an import: a store, somebody who answers, and a day."""

    def __init__(self, folder: Path, today: date = TODAY) -> None:
        self.store: Store = open_store("sqlite://", create=True, zone="Europe/Berlin")
        self._folder = folder
        self._today = today
        self.file = folder

    def load(self, cases: Iterable[Unparsed], **terms: Any) -> LoadReport:
        return load(self.store, WORKFLOWS, cases, by="navigator-a", at=NOW, today=self._today, **terms)

    def takes(self, *rows: str | bytes, name: str = "in.ndjson", **terms: Any) -> LoadReport:
        """Import a file of these rows; committed unless said otherwise."""
        self.file = self._folder / name
        self.file.write_bytes(b"\n".join(row.encode() if isinstance(row, str) else row for row in rows))
        return import_file(self, self.file, **{"commit": True, "rejects": False, **terms})

    def lines(self) -> list[dict[str, object]]:
        return list(export_events(self.store))

    def text(self) -> str:
        return "".join(f"{written(line)}\n" for line in self.lines())

    def case(self, key: str, source: str = "import") -> str:
        found = self.store.by_identifier(source, key)
        assert found is not None
        return found


@pytest.fixture
def new_ward(tmp_path: Path) -> Iterator[Callable[[], Ward]]:
    wards: list[Ward] = []

    def opened() -> Ward:
        folder = tmp_path / str(len(wards))
        folder.mkdir()
        wards.append(Ward(folder))
        return wards[-1]

    yield opened
    for each in wards:
        each.store.close()


@pytest.fixture
def ward(new_ward: Callable[[], Ward]) -> Ward:
    return new_ward()
