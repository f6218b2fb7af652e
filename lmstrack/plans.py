"""What a workflow file says about follow-up: plans, strands, phases, and the settings of a site."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.dates import Interval, Rhythm
    from lmstrack.rules import Source

Group = Literal["surveillance", "result", "pathway"]


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """What a site may set: none of it comes from the guideline, each value stands in the workflow with its reason.

    They are themselves only, so that what follows from them can be kept.

    *lead*: how long before its last day a single interval becomes due. *grace*: how long after it a row escalates.
    *catch_up*: the time given for a duty that became known late. *counting_share*: which part of the way to the first
    due day must have passed before a visit counts. *treatment_review*: when a suspension by treatment is
    looked at again.
    """

    lead: Interval
    grace: Interval
    catch_up: Interval
    counting_share: float
    treatment_review: Interval
    designated_centres: tuple[str, ...] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """How often a strand is due while its interval starts before *until* after the anchor; None means for ever.

    *once* marks something that is expected a single time. *nominal* is the point inside a range that printed schedules
    name, None for its lower end, *nominal_grade_1* that for a tumour of grade 1 where it is another. *rule* is the rule
    that asks for this rhythm, where it is another one than that of the strand.
    """

    every: Rhythm
    until: Interval | None = None
    once: bool = False
    rule: str | None = None
    nominal: Interval | None = None
    nominal_grade_1: Interval | None = None

    def point(self, grade: object) -> Interval:
        """The point inside the range that printed schedules name for a tumour of this grade, None: not known."""
        low = self.nominal_grade_1 if grade == 1 else None
        return low or self.nominal or self.every.earliest


@dataclass(frozen=True, slots=True)
class Service:
    """Which events serve a strand.

    *fields*: each names the values one of which the event must have, or, for a list field, all that it must hold.
    *never*: values that rule an event out. *unless_counted*: values that rule it out unless a clinician marked it as
    counting. *day*: which of its days counts, the first of these fields that is known; ``on`` is the day of the event.
    *any_of_kind*: whether it asks for nothing but the kind.
    """

    kind: str
    fields: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    never: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    unless_counted: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    day: tuple[str, ...] = ("on",)
    any_of_kind: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look once whether there is anything to compare: a service is asked of many events of every case."""
        object.__setattr__(self, "any_of_kind", not (self.fields or self.never or self.unless_counted))


@dataclass(frozen=True, slots=True)
class Opening:
    """What starts the clock of a one-off expectation, and what ends it, as the workflow file describes them.

    It starts with each event that is one of *after*, or runs *during* a state; exactly one of the two is given.
    *counted_from* names the days of that event that the clock may start on, the first known one does. *while_planned*
    gives fields and values that a treatment of the team's plan must have, empty where it matters to no plan. *or_by* is
    what fulfils it besides ``done_by``; *overtaken_by* what ends it without fulfilling it. *kinds* are those of
    *after*; *told_days* the days of *counted_from* that a record has to tell; *from_any_day* whether it starts without
    them too.
    """

    after: tuple[Service, ...] = ()
    during: str | None = None
    counted_from: tuple[str, ...] = ("on",)
    while_planned: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    or_by: tuple[Service, ...] = ()
    overtaken_by: tuple[Service, ...] = ()
    kinds: frozenset[str] = field(init=False, repr=False, compare=False)
    told_days: tuple[str, ...] = field(init=False, repr=False, compare=False)
    from_any_day: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what is asked of every case."""
        object.__setattr__(self, "kinds", frozenset(service.kind for service in self.after))
        object.__setattr__(self, "told_days", tuple(name for name in self.counted_from if name != "on"))
        object.__setattr__(self, "from_any_day", self.counted_from[-1] == "on")


@dataclass(frozen=True, slots=True)
class Strand:
    """One thing that is repeated or expected, with its own rhythm, its rule and its source.

    *opened_by* names what opens a one-off expectation, or *opening* describes it; plans leave both None: their strands
    start with the anchor.
    *selects* narrows the strand to cases whose facts have one of these values, beyond what selects its plan.
    *services* are all ways of doing it, *done_by* the first of them; *cites* is its source in words; *always* the phase
    that every day belongs to, None where there are several or it ends.
    """

    name: str
    rule: str
    says: str
    source: Source
    done_by: Service
    phases: tuple[Phase, ...]
    group: Group = "surveillance"
    next_action: str = ""
    opened_by: str | None = None
    opening: Opening | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    selects: Mapping[str, frozenset[object]] = field(default_factory=dict)
    services: tuple[Service, ...] = field(init=False, repr=False, compare=False)
    cites: str = field(init=False, repr=False, compare=False)
    always: Phase | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what every obligation of the strand needs."""
        others = () if self.opening is None else self.opening.or_by
        object.__setattr__(self, "services", (self.done_by, *others))
        object.__setattr__(self, "cites", str(self.source))
        lasting = self.phases[:1] if len(self.phases) == 1 and self.phases[0].until is None else (None,)
        object.__setattr__(self, "always", lasting[0])


@dataclass(frozen=True, slots=True)
class Plan:
    """The strands that run for the cases whose facts *selects* names, while the case is in the state *during*."""

    name: str
    says: str
    during: str
    selects: Mapping[str, frozenset[object]]
    strands: tuple[Strand, ...]
    source: Source
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """A point that the source leaves open, and the reading that was chosen until a site signs another."""

    id: str
    question: str
    reading: str
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The plan that runs, and whether a missing fact could still select another one.

    *missing* names the facts that would settle it.
    """

    plan: Plan
    provisional: bool
    missing: tuple[str, ...] = ()


def chosen_plan(plans: tuple[Plan, ...], during: str, known: Mapping[str, object]) -> Choice | None:
    """The first plan, strictest first, that the known facts do not contradict; None where every one is contradicted.

    *known* maps the facts that select a plan to their value, None where it is not known.
    """
    possible = [plan for plan in plans if plan.during == during and possible_for(plan.selects, known)]
    if not possible:
        return None
    plan = possible[0]
    missing = tuple(name for name in plan.selects if known.get(name) is None)
    return Choice(plan, bool(missing) and len(possible) > 1, missing if len(possible) > 1 else ())


def possible_for(selects: Mapping[str, frozenset[object]], known: Mapping[str, object]) -> bool:
    """Whether no known fact rules out a plan or strand that *selects* so; what is not known rules nothing out."""
    for name, allowed in selects.items():
        value = known.get(name)
        if value is not None and value not in allowed:
            return False
    return True
