"""What starts the clock of an expectation, and what ends it: what the file names exists, and something is named."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from lmstrack.plans import Opening, Service
from lmstrack.records import KINDS, PlannedTreatment
from lmstrack.records.shape import shapes
from lmstrack.workflow.faults import nearest, where
from lmstrack.workflow.fields import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lmstrack.workflow.faults import Faults, Place
    from lmstrack.workflow.scheduled import EventEntry, ExpectationEntry
    from lmstrack.workflow.shape import Shaped

#: What is due on the day that the record itself names has no phases.
DATED_BY_THE_RECORD = frozenset({"suspension", "standing_excuse"})
_OWN_DAY = "on"


class Services:
    """Reads which events do something: their kind, their fields, and which of their days counts."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def read(
        self,
        kind: str,
        fields: Mapping[str, tuple[object, ...]],
        never: tuple[Mapping[str, tuple[object, ...]], Place],
        unless_counted: tuple[Mapping[str, tuple[object, ...]], Place],
        day: Sequence[str],
        place: Place,
    ) -> Service:
        """The service at *place*; *never* and *unless_counted* come with the places that they stand at."""
        if kind not in KINDS:
            said = f"{where(place)}: no kind of event is called '{kind}'{nearest(kind, KINDS)}"
            self.faults.add(said, *place, "kind")
            return Service(kind)
        selection = Selection(kind, ())
        self.days(day, (kind,), (*place, "day"))
        return Service(
            kind,
            self.values(selection, fields, place),
            self.values(selection, *never),
            self.values(selection, *unless_counted),
            tuple(day),
        )

    def events(self, entries: Sequence[EventEntry], place: Place) -> tuple[Service, ...]:
        """The events that start or end a clock."""
        places = [place] if len(entries) == 1 else [(*place, number) for number in range(len(entries))]
        return tuple(
            self.read(each.kind, each.model_extra or {}, (each.never, (*at, "never")), ({}, at), each.day, at)
            for each, at in zip(entries, places, strict=True)
        )

    def days(self, names: Sequence[str], kinds: Iterable[str], place: Place) -> None:
        """Want every name to be a day that a record of one of the *kinds* holds."""
        known = [_OWN_DAY]
        known += [name for kind in kinds if kind in KINDS for name, shape in shapes(KINDS[kind]).items() if _day(shape)]
        for name in names:
            if name not in known:
                self.faults.add(f"{where(place)}: there is no day '{name}'{nearest(name, known)}", *place)
        if _OWN_DAY in names[:-1]:
            said = f"{where(place)}: '{_OWN_DAY}' is always known, so what stands after it is never looked at."
            self.faults.add(said, *place)

    def values(
        self, selection: Selection, given: Mapping[str, tuple[object, ...]], place: Place
    ) -> dict[str, tuple[object, ...]]:
        """Fields with the values that records hold for them."""
        read: dict[str, tuple[object, ...]] = {}
        for name, wanted in given.items():
            read[name], sentences = selection.read(name, wanted)
            for sentence in sentences:
                self.faults.add(f"{where(place)}: {sentence}", *place, name)
        return read


def _day(shape: object) -> bool:
    return getattr(shape, "base", None) is date and not getattr(shape, "many", True)


def opening_of(
    entry: ExpectationEntry, or_by: tuple[Service, ...], services: Services, shaped: Shaped, place: Place
) -> Opening | None:
    """What the file describes of an expectation; None where a name says what opens it. *or_by* is read already."""
    faults = services.faults
    given = [name for name in ("opened_by", "after", "during") if getattr(entry, name) is not None]
    if len(given) > 1 or (not given and "expectations" in shaped.whole):  # else what was given is told as wrong
        found = f"it has {' and '.join(given)}" if given else "it has none of them"
        said = f"{where(place)} wants one of opened_by, after and during, to say what opens it; {found}."
        faults.add(said, *place, *given[1:2])
    after = services.events(entry.after or (), (*place, "after"))
    if entry.during is not None:
        if entry.overtaken_by or entry.while_planned:
            said = f"{where(place)} runs during a state, and ends with it; overtaken_by and while_planned do not."
            faults.add(said, *place, "during")
        _judge_state(entry.during, shaped, faults, (*place, "during"))
        if entry.counted_from[-1] != _OWN_DAY:
            said = f"{where((*place, 'counted_from'))} ends with '{_OWN_DAY}', since every state begins on some day."
            faults.add(said, *place, "counted_from")
    opened_by = tuple(KINDS) if entry.during is not None else tuple(service.kind for service in after)
    services.days(entry.counted_from, opened_by, (*place, "counted_from"))
    overtaken_by = services.events(entry.overtaken_by or (), (*place, "overtaken_by"))
    of_a_plan = Selection("a planned treatment", (), PlannedTreatment)
    planned = services.values(of_a_plan, entry.while_planned, (*place, "while_planned"))
    if entry.opened_by is not None:
        if or_by or overtaken_by or planned or entry.counted_from != (_OWN_DAY,):
            said = f"{where(place)} is opened by a name, which knows by itself what ends it: it has one done_by only."
            faults.add(said, *place)
        return None
    return Opening(
        after=after,
        during=entry.during,
        counted_from=entry.counted_from,
        while_planned=planned,
        or_by=or_by,
        overtaken_by=overtaken_by,
    )


def _judge_state(state: str, shaped: Shaped, faults: Faults, place: Place) -> None:
    declared = shaped.declared.get("states", ())
    states = shaped.file.states
    if state not in declared:
        faults.add(f"{where(place)}: there is no state '{state}'{nearest(state, declared)}", *place)
    elif state in states and states[state].final:
        faults.add(f"{where(place)}: '{state}' is final, and nothing is due there.", *place)
