"""What an import is done under: by whom, when, by which rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from lmstrack.workflow import Workflow

#: Where cases and entries are named that come in without a source.
NO_SOURCE = "import"


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every row of one import.

    *by* answers for the entries, *at* is the instant at which they become known, *today* the last day on
    which something can have been done. *source* is the system that the file comes from, None where none was
    named. *as_history* keeps findings instead of refusing. New cases are pinned to *pinned_to*. *zone* is the
    site's. *fresh* says that no case is on record yet, *writes* that this is no preview.
    """

    workflows: Mapping[str, Workflow]
    pinned_to: str
    by: str
    at: datetime
    today: date
    source: str | None = None
    as_history: bool = False
    zone: str = "UTC"
    fresh: bool = False
    writes: bool = True

    @property
    def system(self) -> str:
        """The system in which the cases and entries of this import have their names."""
        return self.source if self.source is not None else NO_SOURCE
