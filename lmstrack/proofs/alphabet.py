"""The entries that the search tries: of every kind one well documented, and one for each way that moves select."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING

from lmstrack.facts import SELECTORS
from lmstrack.records import KINDS, NAMES_A_LINE, read_record
from lmstrack.records.shape import shapes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from lmstrack.pathway import Move
    from lmstrack.plans import Service
    from lmstrack.records import Record
    from lmstrack.workflow import Workflow

Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One way of recording a kind of event; *ahead* are the days that it names, counted from its own."""

    kind: str
    fields: Mapping[str, object] = field(default_factory=dict)
    ahead: Mapping[str, int] = field(default_factory=dict)

    def record(self, on: date) -> Record:
        """The record as it is entered on a day."""
        days = {name: (on + timedelta(days)).isoformat() for name, days in self.ahead.items()}
        return read_record(self.kind, {**self.fields, **days})


_DOCUMENTED: Mapping[str, tuple[Fields, ...]] = {
    "referral": ({"site_group": "extremity"},),
    "imaging": (
        {"region": "primary", "modality": "MRI", "adequate": True},
        {"region": "chest", "modality": "CT", "adequate": True},
    ),
    "biopsy": ({"method": "core", "centre_designated": True, "track_planned_with_surgeon": True},),
    "pathology": (
        {"specimen": "biopsy", "is_lms": True, "grade": 2, "reviewed_by_sarcoma_pathologist": True},
        {"specimen": "biopsy", "is_lms": False},
    ),
    "staging": ({"m": "0", "n": "0"},),
    "mdt": ({"decision": "as planned", "intent": "curative", "plan": [{"treatment": "surgery"}]},),
    "radiotherapy": ({"timing": "preoperative"},),
    "systemic": ({"line": "1", "regimen": ["doxorubicin"]},),
    "treatment_completed": ({"next": "surveillance"},),
    "recurrence": ({"status": "suspected"},),
    "transfer": ({"status": "sent"}, {"status": "returned"}),
    "visit": ({"components": ["history", "examination"]}, {"components": ["history"], "mode": "telephone"}),
    "rehabilitation": ({"phase": "started"}, {"phase": "maximal_function"}),
    "contact": ({"outcome": "reached"}, {"outcome": "no_answer"}),
}
"""What a careful ward writes down; values that moves select by are put in their place."""

_AHEAD: Mapping[str, Mapping[str, int]] = {
    "treatment_completed": {"review_on": 90},
    "suspend": {"review_on": 90},
    "lost_to_follow_up": {"review_on": 90},
}
_ANY_DAY = date(2000, 1, 1)
_ABOUT_FOLLOW_UP = ("visit", "rehabilitation", "contact", "suspend", "resume", "lost_to_follow_up", "did_not_attend")


def opening_entries(workflow: Workflow) -> tuple[Entry, ...]:
    """The referrals that a case can begin with."""
    return tuple(entry for entry in _entries(workflow) if entry.kind == "referral")


def pathway_entries(workflow: Workflow) -> tuple[Entry, ...]:
    """Everything else that the pathway moves by, selects by, or that a claim asks for."""
    return tuple(entry for entry in _entries(workflow) if entry.kind != "referral")


def follow_up_entries(workflow: Workflow) -> tuple[Entry, ...]:
    """What serves or stops the strands of the file, beyond what the pathway moves by."""
    found: list[Entry] = [Entry(kind, fields, _ahead(kind)) for kind in _ABOUT_FOLLOW_UP for fields in _ways(kind)]
    strands = (*(strand for plan in workflow.plans for strand in plan.strands), *workflow.expectations)
    found += [_serving(strand.done_by) for strand in strands if strand.done_by.kind not in NAMES_A_LINE]
    return _each_once(found)


def _entries(workflow: Workflow) -> tuple[Entry, ...]:
    moves = workflow.pathway.moves
    wanted = [claim.without for claim in workflow.claims if claim.without is not None]
    facts = {name for move in moves for name in move.selects if name in SELECTORS}
    kinds = {"referral", "pathology"}  # every case begins with the one, and most of what is known comes from the other
    kinds |= {move.by for move in moves} | {service.kind for service in wanted}
    kinds |= {kind for claim in workflow.claims for kind in claim.by}
    kinds |= {kind for name in facts if (kind := _kind_of(name)) is not None}
    found: list[Entry] = []
    for kind in (each for each in KINDS if each in kinds):
        found += [Entry(kind, fields, _ahead(kind)) for fields in _ways(kind)]
        found += [Entry(kind, fields, _ahead(kind)) for move in moves for fields in _selected(kind, move, facts)]
    return _each_once([*found, *map(_serving, wanted)])


def _selected(kind: str, move: Move, facts: Collection[str]) -> Iterator[Fields]:
    """The entries of a kind with the values that a move selects by: fields of its own event, or facts of the case."""
    own = shapes(KINDS[kind])
    about = own.keys() if move.by == kind else own.keys() & facts
    chosen = {name: sorted(values, key=str) for name, values in move.selects.items() if name in about}
    for values in product(*chosen.values()) if chosen else ():
        named = {name: [value] if own[name].many else value for name, value in zip(chosen, values, strict=True)}
        yield {**_ways(kind)[0], **named}


def _kind_of(fact: str) -> str | None:
    """The first kind of event that has a field of this name."""
    return next((kind for kind, model in KINDS.items() if fact in shapes(model)), None)


def _ways(kind: str) -> tuple[Fields, ...]:
    return _DOCUMENTED.get(kind) or (_required(kind),)


def _ahead(kind: str) -> Mapping[str, int]:
    return _AHEAD.get(kind, {})


def _required(kind: str) -> Fields:
    """The shortest entry of a kind: what it cannot do without, by the first value that is allowed."""
    return {
        name: shape.values[0] if shape.values else "…" if shape.base is str else 1
        for name, shape in shapes(KINDS[kind]).items()
        if shape.required and shape.base is not date
    }


def _serving(service: Service) -> Entry:
    """What does wholly what a strand asks for."""
    own = shapes(KINDS[service.kind])
    asked = {name: [*values] if own[name].many else values[0] for name, values in service.fields.items() if name in own}
    base = {name: value for name, value in _ways(service.kind)[0].items() if name != "region" or "regions" not in asked}
    return Entry(service.kind, {**base, **asked}, _ahead(service.kind))


def _each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple({repr(entry.record(_ANY_DAY)): entry for entry in reversed(list(entries))}.values())[::-1]
