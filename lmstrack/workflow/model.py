"""The shape of a workflow file. The JSON Schema for editors is printed from here, so that they agree."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from lmstrack.workflow.claimed import ClaimEntry
from lmstrack.workflow.scheduled import ExpectationEntry, PlanEntry
from lmstrack.workflow.stated import Entry, FieldsEntry, NoteEntry, RuleEntry, SourceEntry
from lmstrack.workflow.written import (
    Flag,
    HowMany,
    LengthOfTime,
    Name,
    Names,
    RuleFamily,
    RuleId,
    Selects,
    SourceId,
    Status,
    Text,
    Word,
)

SCHEMA_ADDRESS = "lmstrack.workflow/1"


class Header(Entry):
    """Which workflow this is."""

    name: Name
    """The name that cases keep, such as leiomyosarcoma-2026.1; it ends in the version."""
    version: Name
    """The year and the number of the release in it, such as "2026.1", in quotes."""
    title: Text
    """What a reader calls it."""
    disease: Text
    """Which disease it is for."""
    signed: Flag
    """true once a clinician has signed it."""
    about: Text
    """What a reader should know before using it."""


class SettingsEntry(Entry):
    """What a site may set. None of it comes from the guideline."""

    lead: LengthOfTime
    """How long before its last day a single interval becomes due."""
    grace: LengthOfTime
    """How long after the last day a row escalates; it never moves the last day."""
    catch_up: LengthOfTime
    """The time given for a duty that became known late."""
    counting_share: Annotated[float, Field(strict=True, gt=0, le=1)]
    """Which part of the way to the first due day must have passed before a visit counts."""
    treatment_review: LengthOfTime
    """When a suspension by treatment is looked at again."""
    designated_centres: tuple[Text, ...]
    """The specialised centres, as they are written in records."""
    chosen: dict[Word, Text]
    """The reason for each of them."""


class StateEntry(Entry):
    """A milestone of the pathway."""

    says: Text
    level: Annotated[int, Field(strict=True, ge=0, le=99)]
    """Orders the milestones; of two moves, what is recorded late never leads to a lower one."""
    final: Flag = False
    """true where the pathway ends."""


class MoveEntry(Entry):
    """What recording an event does."""

    by: Word
    """The kind of event."""
    origins: Names = Field(alias="from")
    """The states it starts from, or any: every state that is not final."""
    to: Word
    selects: Selects = Field(default_factory=dict, alias="for")
    """Only for events and cases with one of these values of each field."""
    needs: tuple[RuleId, ...] = ()
    """The rules that are asked."""
    asks: tuple[RuleId, ...] = ()
    """The fields that have to be on record from this move on."""
    refuses: Flag = True
    """false where what its rules find refuses nothing, and stays open until somebody answers for it."""
    name: Text | None = None
    """Its short name in the rulebook, such as T2."""
    says: str = ""


class GapEntry(Entry):
    """A point that the source leaves open."""

    question: Text
    reading: Text
    """What this workflow takes until a site signs another reading."""
    why: Text


class WorkflowFile(Entry):
    """The whole file."""

    workflow: Header
    statuses: dict[Status, Text]
    """What the status of a source means."""
    sources: Annotated[dict[SourceId, SourceEntry], Field(min_length=1)]
    settings: SettingsEntry
    states: Annotated[dict[Word, StateEntry], Field(min_length=1)]
    initial: Word
    """The state of a case before anything is recorded."""
    rules: Annotated[dict[RuleId, RuleEntry], Field(min_length=1)]
    fields: dict[RuleId, FieldsEntry] = Field(default_factory=dict)
    """Facts that have to be on record, from the move on that names them under asks."""
    information: dict[RuleId, NoteEntry] = Field(default_factory=dict)
    """What is good to know and decides nothing."""
    statements: dict[RuleFamily, HowMany] = Field(default_factory=dict)
    """How many statements of each family the sources make, numbered from 01; none of them may be forgotten."""
    moves: Annotated[tuple[MoveEntry, ...], Field(min_length=1)]
    """Of several moves by one kind, the first whose for: holds is made: the most special stand first."""
    plans: Annotated[dict[Word, PlanEntry], Field(min_length=1)]
    """The strictest stand first: the first that the known facts do not contradict runs."""
    expectations: dict[Word, ExpectationEntry]
    gaps: dict[Annotated[str, StringConstraints(pattern=r"^P[0-9]+$")], GapEntry]
    proofs: dict[Word, ClaimEntry] = Field(default_factory=dict)
    """What is to hold however a case goes; workflow check looks for a way around each of them."""


def schema() -> dict[str, Any]:
    """The JSON Schema of a workflow file, for editors and for other programs."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ADDRESS,
        **WorkflowFile.model_json_schema(by_alias=True),
    }


def printed_schema() -> str:
    """The schema as it stands in ``docs/schemas/workflow.schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
