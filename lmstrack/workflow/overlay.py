"""What a site laid over a released workflow: who signed it, and every value before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from lmstrack.workflow.faults import Place

#: Stands between the name of a site's workflow and what its content is known by, where a case keeps it.
PIN = "@"


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a workflow that a site set otherwise.

    *at* is the path as the site wrote it, *place* the steps of it, entries of a list counted from nought. *before* and
    *after* are the values in words. *signed_by* is the clinician who answers for what binds less than before, None
    where nobody had to.
    """

    at: str
    place: Place
    before: str
    after: str
    because: str
    signed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Overlay:
    """What makes a site's workflow differ from *base*, the released one that it lies over.

    *signed_by* and *signed_on* are None as long as it is a draft, which no case is pinned to.
    """

    base: str
    site: str
    about: str
    signed_by: str | None = None
    signed_on: date | None = None
    changes: tuple[Change, ...] = ()

    @property
    def is_signed(self) -> bool:
        """Whether the site has put it into force."""
        return self.signed_by is not None

    def under(self, *place: str | int) -> tuple[Change, ...]:
        """The changes at this place or inside it."""
        return tuple(change for change in self.changes if change.place[: len(place)] == place)
