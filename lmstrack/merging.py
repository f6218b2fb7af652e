"""What a merge or its end does to the other case, and what stands in the way of it, or of entries for a merged case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lmstrack.errors import Conflict, Impossible, NotFound
from lmstrack.joined import idle, in_view
from lmstrack.recording import followed
from lmstrack.records import Correct, Merge, Unmerge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from lmstrack.case import Case
    from lmstrack.events import Event
    from lmstrack.families import Family
    from lmstrack.recording import Recorded
    from lmstrack.store.reading import Reader
    from lmstrack.versions import Versions


def merged_into(asked: str, case: str, into: str, command: str) -> Conflict:
    """The answer to an entry for a case that was merged into another."""
    return Conflict(
        asked, f"{case} was merged into {into}, so nothing was written.", f"Enter it there: lmstrack {command} …"
    )


def stands_for_itself(case: Case, verb: str) -> None:
    """Raise `NotFound`, which names the other and the command *verb*, for a case that was merged into another one."""
    if case.into is not None:
        raise NotFound(
            f"Look at {case.id}",
            f"it was merged into {case.into}, which tells all of it.",
            f"Look there: lmstrack {verb} {case.into}",
        )


def check_merge(event: Event, parents: Mapping[str, str]) -> None:
    """Raise where a merge, or its end, contradicts what stands."""
    record, case = event.record, event.case
    if not isinstance(record, Merge | Unmerge):
        return
    other = record.other_case
    held_by = parents.get(other)
    if isinstance(record, Unmerge):
        if held_by != case:
            asked = f"Take {other} out of {case}"
            if held_by is None:
                raise NotFound(asked, f"{other} is not merged into any case.", f"Look at it: lmstrack show {other}")
            raise NotFound(asked, f"{other} was merged into {held_by}.", f"lmstrack case unmerge {held_by} {other} …")
        return
    asked = f"Merge {other} into {case}"
    if other == case:
        raise Impossible(asked, "this is one and the same case.", "Likely pairs: lmstrack case duplicates")
    if held_by == case:
        raise Conflict(asked, "it is merged into it already.", f"Look at it: lmstrack show {case}")
    if held_by is not None:
        raise Conflict(
            asked,
            f"{other} is merged into {held_by} already.",
            f"Merge {held_by}, or first: lmstrack case unmerge {held_by} {other} …",
        )


def check_consistent(event: Event, family: Family, grown: Family) -> None:
    """Raise where an entry would not do what it says, or leave a merge that says nothing."""
    record = event.record
    asked = f"Record {event.kind} for {event.case}"
    if isinstance(record, Merge | Unmerge):
        joined = grown.parents().get(record.other_case) == event.case
        if joined is not isinstance(record, Merge):
            raise Impossible(asked, "an entry of a later day says otherwise.", f"See: lmstrack timeline {event.case}")
    elif isinstance(record, Correct):
        said_nothing = {each.line for each in idle(family.view(event.case))}
        for each in idle(grown.view(event.case)):
            if each.line not in said_nothing:
                raise Conflict(
                    asked,
                    f"{each.case} would then be merged with a case that is merged elsewhere by now.",
                    "Take that merge back first: lmstrack case unmerge",
                )


def leaving_or_returning(
    reader: Reader, versions: Versions, family: Family, grown: Family, event: Event, today: date, zone: str
) -> Iterator[Recorded]:
    """What an event does to the cases that stand for themselves without it, or with it, and not both.

    *grown* is the *family* with the event.
    """
    for case in sorted(family.parents().keys() ^ grown.parents().keys()):
        view, entered = family.view(case), in_view(case, event)
        of_them = versions.of([*view, entered])
        there = followed(reader.person(case), view, entered, of_them, today, zone, case)
        yield replace(there, event=event)
