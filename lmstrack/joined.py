"""Several logs read as one: the cases that are one patient, and what stands of their lines together.

Cases that were ever merged are a family. Each of them can be looked at through the lines of all, its own under their
own numbers and the others' under those that `places` gives. What is seen of these on a day follows from the merges
that stand: the lines of the cases that were merged into it by then, and of no others. So a list of an earlier day, or
as it was known earlier, sees the cases apart, and to take a merge back needs no more than a line that says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.events import standing
from lmstrack.places import LINES, at_home, own_place, place
from lmstrack.records import Merge, Unmerge, renumbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from lmstrack.events import Event

#: Why a case that was merged into another is closed.
MERGED = "merged"


def in_view(case: str, event: Event) -> Event:
    """A line as it is numbered in the view of *case*, speaking of others by the numbers that they have there.

    The version that a case is pinned to stays with that case: two that are one patient have one.
    """
    if event.case == case:
        record = renumbered(event.record, lambda line: at_home(case, line))
        return event if record is event.record else replace(event, record=record)
    record = renumbered(event.record, lambda line: at_home(case, place(event.case, line)))
    return replace(event, line=place(event.case, event.line), record=record, workflow=None)


def viewed(case: str, logs: Mapping[str, Sequence[Event]]) -> list[Event]:
    """The lines of a whole family in the view of *case*: its own first, then those of the others by their ids."""
    others = (in_view(case, event) for other in sorted(logs) if other != case for event in logs[other])
    return [*(in_view(case, event) for event in logs.get(case, ())), *others]


def own_lines(log: Iterable[Event]) -> int:
    """How many lines the case itself has."""
    return sum(1 for event in log if event.line < LINES)


class Seen(NamedTuple):
    """What is seen of a family through one of its cases: the *lines* that are about its patient.

    *into* is the case that it was merged into, None where it stands for itself; then only its own lines are seen.
    """

    lines: Sequence[Event]
    into: str | None = None


def seen(case: str, lines: Sequence[Event], as_of: date | None = None) -> Seen:
    """What is seen through *case*, of lines in its view, as of a day; None: whatever the day.

    Lines of a case that was never merged are given back as they are.
    """
    if not any(event.line >= LINES for event in lines):
        return Seen(lines)
    parents = merged(lines, as_of)
    if case in parents:
        return Seen([event for event in lines if event.line < LINES], survivor(case, parents))
    return Seen([event for event in lines if event.line < LINES or survivor(event.case, parents) == case])


def merged(lines: Iterable[Event], as_of: date | None = None) -> dict[str, str]:
    """The cases that are merged on a day, each with the one that it was merged into; that may be merged itself.

    Taken in the order of their days, and within a day as they were entered. A merge that contradicts one before it,
    because the case is merged elsewhere or the two are one already, changes nothing: see `idle`.
    """
    return _followed(lines, as_of)[0]


def idle(lines: Iterable[Event]) -> list[Event]:
    """Merges that stand and change nothing, because what stands before them contradicts them."""
    return _followed(lines, None)[1]


def _followed(lines: Iterable[Event], as_of: date | None) -> tuple[dict[str, str], list[Event]]:
    said = [
        event
        for event in standing(lines)
        if isinstance(event.record, Merge | Unmerge) and (as_of is None or event.on <= as_of)
    ]
    parents: dict[str, str] = {}
    without_effect: list[Event] = []
    for event in sorted(said, key=_as_said):
        into, record = event.case, event.record
        if isinstance(record, Unmerge):
            if parents.get(record.other_case) == into:
                del parents[record.other_case]
            without_effect = [each for each in without_effect if not _ends(event, each)]
        elif isinstance(record, Merge):
            if record.other_case in parents or survivor(into, parents) == survivor(record.other_case, parents):
                without_effect.append(event)
            else:
                parents[record.other_case] = into
    return parents, without_effect


def _ends(event: Event, merge: Event) -> bool:
    """Whether a merge that changed nothing is taken back."""
    said, taken_back = merge.record, event.record
    if not isinstance(said, Merge) or not isinstance(taken_back, Unmerge):
        return False
    return merge.case == event.case and said.other_case == taken_back.other_case


def _as_said(event: Event) -> tuple[date, datetime, str, int]:
    """The same order through whichever case one looks."""
    return event.on, event.recorded_at, event.case, own_place(event.line)[1]


def survivor(case: str, parents: Mapping[str, str]) -> str:
    """The case that stands for the patient of *case*: itself where it was not merged."""
    while case in parents:
        case = parents[case]
    return case


def told_once(events: list[Event]) -> list[Event]:
    """Standing events in clinical order, each that two cases tell alike kept once, under the line that comes first.

    What speaks of the other line speaks of the one that is kept, which has the departures of both. Within one case
    nothing is taken together: there the same entry twice may mean what it says.
    """
    if not any(event.line >= LINES for event in events):
        return events
    kept: dict[int, Event] = {}
    alike: dict[tuple[date, str, str], list[int]] = {}
    twins: dict[int, int] = {}
    for event in events:
        record = renumbered(event.record, lambda line: twins.get(line, line))
        of_the_day = alike.setdefault((event.on, event.precision, event.kind), [])
        twin = next((line for line in of_the_day if _elsewhere(line, event) and kept[line].record == record), None)
        if twin is not None:
            twins[event.line] = twin
            if event.departures:
                both = {**event.departures, **kept[twin].departures}
                kept[twin] = replace(kept[twin], departures=both)
            continue
        of_the_day.append(event.line)
        kept[event.line] = event if record is event.record else replace(event, record=record)
    return list(kept.values())


def _elsewhere(line: int, event: Event) -> bool:
    return line // LINES != event.line // LINES


def standing_together(lines: Iterable[Event]) -> list[Event]:
    """The events that count of lines that are `seen` together, in clinical order."""
    return told_once(standing(lines))
