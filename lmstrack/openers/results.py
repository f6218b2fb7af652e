"""What a scan asks for: its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.openers.view import NOTHING, Opened
from lmstrack.records import Imaging, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.openers.view import View
    from lmstrack.plans import Strand


def unreported_imaging(view: View, _: Strand) -> Iterator[Opened]:
    """Every scan that was not reported when it was recorded asks for its report."""
    for event in view.of_kind("imaging"):
        record = event.record
        if event.as_history or not isinstance(record, Imaging):
            continue
        if record.reported_on is not None or record.outcome is not None or record.reason_not_done is not None:
            continue
        for result in view.results.get(event.line, NOTHING):
            told = result.record
            if not isinstance(told, Result):
                continue
            if told.reported_on is not None:
                # Never later than it was entered under: lists of the days before could not know it.
                yield Opened(event, ended_by=result, ended_on=min(told.reported_on, result.on))
                break
            if told.outcome is not None and told.evidence != "patient_said":
                yield Opened(event, ended_by=result)
                break
        else:
            yield Opened(event)
