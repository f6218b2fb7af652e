"""By when to book what is due on a day on which nobody works; the day itself never moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.dates import worded, working_day_before
from lmstrack.obligations import ObligationState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from lmstrack.obligations import Obligation


def book_by(obligation: Obligation, as_of: date, holidays: Collection[date] = ()) -> date | None:
    """The last working day of its window where its last day is none; None where it is one, or nothing waits for it."""
    due_by = obligation.due_by
    if due_by is None or obligation.state(as_of) not in {ObligationState.DUE, ObligationState.UPCOMING}:
        return None
    working = working_day_before(due_by, holidays)
    return None if working == due_by else working


def suggestion(obligation: Obligation, as_of: date, holidays: Collection[date] = ()) -> str:
    """The same in words: book by Fri 29 May 2026; empty where there is nothing to suggest."""
    working = book_by(obligation, as_of, holidays)
    return "" if working is None else f"book by {worded(working)}"
