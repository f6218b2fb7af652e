"""The shape of what a workflow file states: in one sentence, with its source, and with what was chosen."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from lmstrack.rules import Strength
from lmstrack.workflow.written import (
    FieldName,
    Flag,
    Parameter,
    RuleId,
    Selects,
    SourceId,
    Status,
    Text,
    Word,
)


class Entry(BaseModel):
    """What every part of the file has in common: no name that is not known, and nothing changed once read."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        protected_namespaces=(),
        validate_by_name=False,
        use_attribute_docstrings=True,
    )


class SourceEntry(Entry):
    """Something that can be opened and read."""

    what: Text
    """Author, title, year."""
    where: Text
    """A place one can open."""
    read: Text
    """How it was read: whole, as an abstract, through another page, or not at all."""


class Cited(Entry):
    """Where a statement stands."""

    cite: SourceId
    """The name of one of the sources of this file."""
    ref: Text | None = None
    """The number of the reference that the source itself gives, in quotes."""
    place: Text
    """The heading or table in the source."""
    status: Status
    """How sure we are, in one of the words explained under statuses."""


class ContraryEntry(Entry):
    """What another source says to the contrary."""

    says: Text
    source: Cited


class Sourced(Entry):
    """A statement in our own words, with its source and with what was chosen where the source is silent."""

    says: Text
    """One plain sentence."""
    source: Cited
    chosen: dict[Word, Text] = Field(default_factory=dict)
    """For each value that the source does not give: its name, and the reason for it."""


class Statement(Sourced):
    """A statement of the source under its own id."""

    covers: tuple[RuleId, ...] = ()
    """Other statements of the source that say the same."""
    against: tuple[ContraryEntry, ...] = ()
    """What other sources say to the contrary; both sides are shown."""


class RuleEntry(Statement):
    """One sentence of the guideline, how much it binds, and the check that judges it."""

    strength: Strength
    check: Word | None = None
    """The check that judges it; none for a rule that only schedules."""
    given: dict[Word, Parameter] = Field(default_factory=dict, alias="with")
    """The values that the check works with."""


class FieldsEntry(Statement):
    """Facts that have to be on record; while one is not known there is a question, and nothing is refused."""

    asks: dict[FieldName, Text] = Field(min_length=1)
    """Kind and field, such as pathology.vascular_invasion, with the question to put."""
    selects: Selects = Field(default_factory=dict, alias="for")
    """Only for cases with one of these values of each fact."""
    about: Selects = Field(default_factory=dict)
    """Only of events with one of these values of each field, such as scans of the primary."""
    optional: Flag = False
    """true where the field is kept for whoever knows it, and nobody is asked."""


class NoteEntry(Statement):
    """Something good to know, which decides nothing."""

    shown_with: tuple[Word | RuleId, ...] = ()
    """The kinds of event and the rules beside which it is shown; without any, only on its own page."""
