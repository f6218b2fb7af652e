"""The shape of what a workflow file schedules: strands of plans, and what is owed once something has happened."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from lmstrack.workflow.stated import Entry, Sourced
from lmstrack.workflow.written import (
    Flag,
    HowOften,
    LengthOfTime,
    Names,
    OneOrMany,
    OpenedBy,
    RuleId,
    Selects,
    Text,
    Word,
    one_or_many,
)


class PhaseEntry(Entry):
    """How often, as long as the interval starts before a time after the anchor."""

    every: HowOften
    until: LengthOfTime | None = None
    """Left out in the last phase, which goes on."""
    once: Flag = False
    """true where it is expected a single time."""
    rule: RuleId | None = None
    """The rule that asks for this rhythm, where it is another one than the strand's."""
    nominal: LengthOfTime | None = None
    """The point inside the range that printed schedules name; left out, its lower end."""
    nominal_grade_1: LengthOfTime | None = None
    """The same for a tumour of grade 1, where it is another point."""


class ServiceEntry(Entry):
    """Which kind of event serves a strand; further entries are fields of it with the values they may have."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, OneOrMany]

    kind: Word


class EventEntry(ServiceEntry):
    """An event that starts a clock or stops it; further entries are fields of it with the values they may have."""

    never: dict[Word, OneOrMany] = Field(default_factory=dict)
    """Values with which it does not."""
    day: Names = ("on",)
    """Which of its days counts: the first of these fields that is known; on is the day of the event."""


Events = Annotated[
    tuple[EventEntry, ...],
    Field(min_length=1),
    BeforeValidator(one_or_many, json_schema_input_type=EventEntry | tuple[EventEntry, ...]),
]


class DutyEntry(Sourced):
    """One thing that is due, by which rule, for whom and when."""

    rule: RuleId
    group: Literal["surveillance", "result", "pathway"] = "surveillance"
    selects: Selects = Field(default_factory=dict, alias="for")
    """Only for cases with one of these values of each fact."""
    phases: tuple[PhaseEntry, ...]
    next_action: Text
    """What to do when it is due, in the words of the ward."""


class StrandEntry(DutyEntry):
    """One thing that is repeated as long as its plan runs."""

    done_by: ServiceEntry
    never: dict[Word, OneOrMany] = Field(default_factory=dict)
    """Values with which an event does not serve."""
    unless_counted: dict[Word, OneOrMany] = Field(default_factory=dict)
    """Values with which an event serves only where a clinician marked it as counting."""


class ExpectationEntry(DutyEntry):
    """Something that is expected once something else has happened.

    Exactly one of opened_by, after and during says what opens it.
    """

    opened_by: OpenedBy | None = None
    """What opens it, by a name that the program knows."""
    after: Events | None = None
    """The events that start its clock, each of them or any."""
    during: Word | None = None
    """The state that the case is in as long as it is owed."""
    counted_from: Names = ("on",)
    """The day that the clock starts on: the first of these fields of the opening event that is known."""
    while_planned: Selects = Field(default_factory=dict)
    """Only while the team's plan holds a treatment with these values."""
    done_by: Events
    """What fulfils it: any of these."""
    overtaken_by: Events | None = None
    """What ends it without fulfilling it."""
    switched_off: Flag = False
    """true where a site does not follow this; chosen then says why."""


class PlanEntry(Sourced):
    """The strands that run for the cases with these facts."""

    during: Word
    """The state in which they run."""
    selects: Selects = Field(default_factory=dict, alias="for")
    strands: Annotated[dict[Word, StrandEntry], Field(min_length=1)]
