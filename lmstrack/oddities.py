"""What can have happened and still looks like a slip of the hand: it is written, and listed for somebody to look at."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from lmstrack.dates import Interval, short
from lmstrack.joined import seen, standing_together
from lmstrack.places import all_told, told
from lmstrack.records import Pathology, Radiotherapy, Surgery, Systemic, described

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lmstrack.events import Event

#: An entry of something further back, or a silence that is longer, is asked about.
_LONG: Final = Interval.parse("2 years")
#: How soon after it happened most is entered.
_PROMPTLY: Final = timedelta(days=7)
#: What is often done before a patient is referred.
_ELSEWHERE: Final = frozenset({"consultation", "imaging", "biopsy", "pathology", "surgery", "recurrence"})


def oddities(case: str, log: Sequence[Event], today: date) -> Iterator[str]:
    """What looks odd in the lines about the patient of one case, in sentences without the patient's name.

    The same entry twice on a day; a treatment before the diagnosis; an entry from which exchanging day and month
    would take what is wrong with its order, on the pathway or among the entries before and after it; one of something
    more than two years back; more than two years of which nothing is known. *today* is the last day that an exchanged
    date may fall on.
    """
    visible, into = seen(case, log, today)
    if into is not None:
        return
    events = [event for event in standing_together(visible) if event.record.clinical]
    yield from _twice(events)
    explained: set[int] = set()
    for event, before, always in _too_early(events):
        said = f"{told(event.line)}, {event.kind} on {short(event.on)}, is before"
        said += f" the {'first ' if always else ''}{before.kind} ({short(before.on)})"
        exchanged = _exchanged(event)
        if exchanged is not None and before.on <= exchanged <= today:
            explained.add(event.line)
            yield f"{said}; {short(exchanged)} would be in order: are day and month exchanged?"
        elif always:
            yield said
    for event, before, exchanged in _out_of_turn(events):
        if event.line not in explained:
            said = f"{told(event.line)}, {event.kind} on {short(event.on)}, is before {told(before.line)}"
            said += f" ({before.kind} on {short(before.on)}), which was entered first"
            yield f"{said}; {short(exchanged)} would be in order: are day and month exchanged?"
    for event in events:
        if not event.as_history and _LONG.after(event.last) < event.recorded_at.date():
            yield f"{told(event.line)}, {event.kind} on {short(event.on)}, was entered more than two years later"
    for before, after in pairwise(events):
        if _LONG.after(before.last) < after.on:
            yield (
                f"nothing between {short(before.on)} ({told(before.line)}) and {short(after.on)} ({told(after.line)})"
            )


def _twice(events: Sequence[Event]) -> Iterator[str]:
    first: dict[tuple[date, str], list[Event]] = {}
    for event in events:
        alike = first.setdefault((event.on, event.kind), [])
        same = next((other for other in alike if other.record == event.record), None)
        if same is not None:
            lines = all_told((same.line, event.line))
            yield f"{lines} say the same of {short(event.on)} ({described(event.record)})"
        alike.append(event)


def _too_early(events: Sequence[Event]) -> Iterator[tuple[Event, Event, bool]]:
    """Entries before one that they should follow, that one, and whether this is odd even where no swap explains it."""
    referral = next((event for event in events if event.kind == "referral"), None)
    report = next((event for event in events if event.kind == "pathology"), None)
    for event in events:
        if report is not None and event.on < report.on and _follows(event, report):
            yield event, report, True
        elif referral is not None and event.on < referral.on and event.kind not in _ELSEWHERE:
            yield event, referral, False


def _out_of_turn(events: Sequence[Event]) -> Iterator[tuple[Event, Event, date]]:
    """Entries that go back behind the one before them, though not with day and month exchanged, and the day then.

    Much is entered late and in no order; what is entered within days of the exchanged day was meant for it.
    """
    logs: dict[str, list[Event]] = {}
    for event in events:
        logs.setdefault(event.case, []).append(event)
    for log in logs.values():
        for before, event in pairwise(sorted(log, key=lambda each: each.line)):
            exchanged = _exchanged(event)
            if exchanged is None or event.as_history or event.on >= before.on:
                continue
            entered = event.recorded_at.date()
            if before.on <= exchanged <= entered <= exchanged + _PROMPTLY:
                yield event, before, exchanged


def _follows(event: Event, report: Event) -> bool:
    """Whether it is a treatment that comes after the first report, as none does in an emergency or by surprise."""
    record = event.record
    if isinstance(record, Surgery):
        of_it = isinstance(report.record, Pathology) and report.record.specimen == "resection"
        return record.operation != "unplanned_excision" and not record.emergency and not of_it
    return (isinstance(record, Radiotherapy) and not record.emergency) or isinstance(record, Systemic)


def _exchanged(event: Event) -> date | None:
    """The day with day and month exchanged; None where there is no other such day."""
    on = event.on
    if event.precision != "day" or on.day > 12 or on.day == on.month:
        return None
    return date(on.year, on.day, on.month)
