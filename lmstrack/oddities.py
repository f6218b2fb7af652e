"""What can have happened and still looks like a slip of the hand: it is written, and listed for somebody to look at."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from lmstrack.dates import Interval, short
from lmstrack.joined import seen, standing_together
from lmstrack.places import all_told, told
from lmstrack.records import Imaging, Pathology, Radiotherapy, Result, Surgery, Systemic, described
from lmstrack.records.shape import days_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lmstrack.events import Event

#: An entry of something further back, or a silence that is longer, is asked about.
_LONG: Final = Interval.parse("2 years")
#: What becomes known of a scan or of tissue, in words.
_RESULT: Final = {"reported_on": "reported", "reviewed_on": "reviewed", "told_on": "told"}
#: How soon after it happened most is entered.
_PROMPTLY: Final = timedelta(days=7)
#: What is often done before a patient is referred.
_ELSEWHERE: Final = frozenset({"consultation", "imaging", "biopsy", "pathology", "surgery", "recurrence"})


def oddities(case: str, log: Sequence[Event], today: date) -> Iterator[str]:
    """What looks odd in the lines about the patient of one case, in sentences without the patient's name.

    A result that was known before its scan or tissue; the same entry twice on a day; a treatment before the diagnosis;
    an entry from which exchanging day and month would take what is wrong with its order, on the pathway or among the
    entries before and after it; one of something more than two years back; more than two years of which nothing is
    known. *today* is the last day that an exchanged date may fall on.
    """
    visible, into = seen(case, log, today)
    if into is not None:
        return
    every = standing_together(visible)
    yield from _known_too_early(every)
    events = [event for event in every if event.record.clinical]
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


def _known_too_early(events: Sequence[Event]) -> Iterator[str]:
    """Results that are said to be known before what they are of was done."""
    by_line = {event.line: event for event in events}
    for event in events:
        record = event.record
        if not isinstance(record, Imaging | Pathology | Result):
            continue
        of = by_line.get(record.line) if isinstance(record, Result) else event
        early: dict[date, list[str]] = {}
        for name, day in days_told(record).items():
            if of is not None and day < of.on and name in _RESULT:
                early.setdefault(day, []).append(_RESULT[name])
        if of is None or not early:
            continue
        done = f"{of.kind} on {short(of.on)}"
        about = done if of is event else f"{event.kind} of {told(of.line)} ({done})"
        said = " and ".join(f"{', '.join(known)} on {short(day)}" for day, known in early.items())
        yield f"{told(event.line)}, {about}, is said to be {said}, before it was done"


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
