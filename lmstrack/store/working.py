"""What a day's work is made from: the obligations that want something, and how many there are besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import String, and_, bindparam, case, func, literal_column, or_, select

from lmstrack.needs import CALL
from lmstrack.store.cached import CASE_HEAD, OPEN
from lmstrack.store.converted import as_date, as_listed
from lmstrack.store.finding import Finding
from lmstrack.store.statements import Statement
from lmstrack.worklist import OpenCounts

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement, Select

    from lmstrack.listing import Listed

_AS_OF: Final[Any] = bindparam("as_of")


def _answered_for() -> ColumnElement[bool]:
    """Rows of cases in scope of which nothing is dated after the day, so that the caches answer for them."""
    later = select(CASE_HEAD.c.case_id).where(CASE_HEAD.c.last_on > _AS_OF)
    return and_(OPEN.c.excluded.is_(None), OPEN.c.case_id.not_in(later))


def _current() -> ColumnElement[bool]:
    return and_(OPEN.c.current_from <= _AS_OF, or_(OPEN.c.current_until.is_(None), OPEN.c.current_until >= _AS_OF))


def _pressing() -> Select[Any]:
    return select(*OPEN.c).where(
        _answered_for(),
        _current(),
        OPEN.c.due_by.is_not(None),
        OPEN.c.due_from.is_not(None),
        or_(OPEN.c.suspended_from.is_(None), OPEN.c.suspended_from > _AS_OF),
        or_(
            OPEN.c.due_from <= _AS_OF,
            OPEN.c.due_by < _AS_OF,
            OPEN.c.booked_for > OPEN.c.due_by,
            OPEN.c.strand == CALL,
        ),
    )


def _counts() -> Select[Any]:
    # In the order in which the state of an open obligation is decided; see obligations.state_of_open.
    state = case(
        (~_current(), _word("not_begun")),
        (OPEN.c.suspended_from <= _AS_OF, _word("suspended")),
        (or_(OPEN.c.due_by.is_(None), OPEN.c.due_from.is_(None)), _word("undetermined")),
        (OPEN.c.due_by < _AS_OF, _word("overdue")),
        (OPEN.c.due_from <= _AS_OF, _word("due")),
        else_=_word("upcoming"),
    )
    each = select(state.label("state"), OPEN.c.due_from).where(_answered_for()).subquery()
    return select(each.c.state, func.count(), func.min(each.c.due_from)).group_by(each.c.state)


def _word(name: str) -> ColumnElement[str]:
    return literal_column(f"'{name}'", String)


PRESSING: Final = Statement(lambda _: _pressing())
COUNTS: Final = Statement(lambda _: _counts())
OPEN_BY_HEADS: Final = Statement(
    lambda _: select(func.sum(CASE_HEAD.c.open_obligations)).where(
        CASE_HEAD.c.excluded.is_(None), or_(CASE_HEAD.c.last_on.is_(None), CASE_HEAD.c.last_on <= _AS_OF)
    )
)
EXCLUDED: Final = Statement(lambda _: select(CASE_HEAD.c.case_id).where(CASE_HEAD.c.excluded.is_not(None)))


class Working(Finding):
    """Further questions to the caches, about the cases of which nothing is dated after the day that is asked for."""

    def pressing(self, as_of: date) -> list[Listed]:
        """The obligations of any group that are due or overdue, or whose appointment comes too late; and calls agreed.

        In no order; of cases in scope, those that are current, and not suspended.
        """
        with self._connected() as link:
            return as_listed(link, link.rows(PRESSING, as_of=as_of.isoformat()))

    def open_counts(self, as_of: date) -> OpenCounts:
        """How many open obligations of any group are in which state, of cases in scope."""
        with self._connected() as link:
            rows = link.rows(COUNTS, as_of=as_of.isoformat())
        first = {state: day for state, _, day in rows}
        return OpenCounts.of({state: int(n) for state, n, _ in rows}, as_date(first.get("upcoming")))

    def open_by_heads(self, as_of: date) -> int:
        """How many obligations are open, as the heads of the cases tell it."""
        with self._connected() as link:
            return int(link.rows(OPEN_BY_HEADS, as_of=as_of.isoformat())[0][0] or 0)

    def excluded_cases(self) -> set[str]:
        """The cases that lists leave out for a reason."""
        with self._connected() as link:
            return {row[0] for row in link.rows(EXCLUDED)}
