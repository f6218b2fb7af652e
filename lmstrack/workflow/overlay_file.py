"""The shape of a site's overlay: a small file that names a released workflow and what is otherwise at this site."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

from pydantic import PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from lmstrack.workflow.stated import Entry
from lmstrack.workflow.written import Name, Text

OVERLAY_SCHEMA_ADDRESS = "lmstrack.overlay/1"


def _day(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        why = "write the day as year-month-day, such as 2026-03-04."
        raise PydanticCustomError("unreadable", "{why}", {"why": why}) from None


Day = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Path = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$")]


class OverlayHeader(Entry):
    """Whose changes these are, and over which workflow they lie."""

    name: Name
    """The name that cases keep: that of the workflow below, a dash, and the version."""
    over: Name
    """The released workflow that it is laid over."""
    version: Name
    """The site in one word and the number of the release there, such as northtown.1."""
    site: Text
    """Which hospital or network it is for."""
    about: Text
    """What a reader should know before using it."""
    signed_by: Text | None = None
    """The clinician who put it into force; left out as long as it is a draft."""
    signed_on: Day | None = None
    """The day of the signature."""


class ChangeEntry(Entry):
    """One value that is otherwise at this site."""

    at: Path
    """Where it stands in the workflow: names with a point between them; entries of a list by number, from 1."""
    to: Any
    """The value at this site."""
    because: Text
    """Why; it is shown wherever the value is explained."""
    signed_by: Text | None = None
    """The clinician who answers for a rule that binds less than before, or for something due later or no longer."""


class OverlayFile(Entry):
    """The whole file."""

    overlay: OverlayHeader
    changes: tuple[ChangeEntry, ...]
    """May be empty: then the site signs the workflow as it stands."""


def overlay_schema() -> dict[str, Any]:
    """The JSON Schema of an overlay file, for editors and for other programs."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": OVERLAY_SCHEMA_ADDRESS,
        **OverlayFile.model_json_schema(by_alias=True),
    }


def printed_overlay_schema() -> str:
    """The schema as it stands in ``docs/schemas/overlay.schema.json``."""
    return json.dumps(overlay_schema(), indent=2, ensure_ascii=False) + "\n"
