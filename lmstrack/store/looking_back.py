"""What reports look back on: what came due and what became of it, and the cases for which something is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, or_, select, text, union

from lmstrack.store.cached import IN_SCOPE, OPEN, PAST, current
from lmstrack.store.converted import as_listed
from lmstrack.store.finding import Finding
from lmstrack.store.statements import Statement

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Select, Table

    from lmstrack.listing import Listed


def _came_due(table: Table, *more: Any) -> Select[Any]:
    return select(*table.c).where(
        table.c.due_by < bindparam("before"), or_(table.c.due_by >= bindparam("since"), *more)
    )


def _current(table: Table, *more: Any) -> Select[Any]:
    return select(table.c.case_id).where(*current(table), *more)


CAME_DUE_OPEN: Final = Statement(lambda _: _came_due(OPEN))
CAME_DUE_PAST: Final = Statement(lambda _: _came_due(PAST, PAST.c.ended_on >= bindparam("since")))
# What was excused stays current until its window is over; what was fulfilled or closed does not.
LOOKED_AFTER: Final = Statement(lambda _: union(_current(OPEN), _current(PAST, PAST.c.ended == "excused")))
EXCUSED: Final = Statement(lambda _: select(*PAST.c).where(text(IN_SCOPE), PAST.c.ended == "excused", *current(PAST)))


class LookingBack(Finding):
    """Further questions to the caches; as for lists, they hold from the day of the last event of each case on."""

    def came_due(self, since: date, before: date) -> list[Listed]:
        """Every obligation whose last day lay before a day, and which was due or ended on or after another.

        Of every group and case, in no order.
        """
        days = {"since": since.isoformat(), "before": before.isoformat()}
        with self._connected() as link:
            rows = [*link.rows(CAME_DUE_OPEN, **days), *link.rows(CAME_DUE_PAST, **days)]
            return as_listed(link, rows)

    def excused_rows(self, as_of: date) -> list[Listed]:
        """The obligations in scope that were excused and are counted still on a day, in no order."""
        with self._connected() as link:
            return as_listed(link, link.rows(EXCUSED, as_of=as_of.isoformat()))

    def looked_after(self, as_of: date) -> set[str]:
        """The cases with an obligation of any group that is current on this day and neither done nor closed."""
        with self._connected() as link:
            return {row[0] for row in link.rows(LOOKED_AFTER, as_of=as_of.isoformat())}
