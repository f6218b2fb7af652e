"""Records from plain data, with every fault told at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import ValidationError

from lmstrack.errors import InvalidData
from lmstrack.records.faults import did_you_mean, echoed, faults_in, refusal
from lmstrack.records.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.records.base import Record


def class_of(kind: str, *, asked: str = "") -> type[Record]:
    """Find the class of a kind; raise InvalidData, with the nearest kind, where there is none."""
    model = KINDS.get(kind)
    if model is None:
        sentence = f"there is no kind of record {echoed(kind)}{did_you_mean(kind, KINDS)}"
        raise InvalidData(asked or "Record an event", [sentence], "All kinds: lmstrack help kinds")
    return model


def read_record(kind: str, fields: Mapping[str, object], *, asked: str = "") -> Record:
    """Make the record that *fields* describe: data as JSON holds it; dates may be dates, lists tuples.

    *asked* begins the message when something is wrong. A field that is absent, or None, is not known.
    Raises InvalidData with every fault, or Impossible where nothing is wrong but numbers outside their
    physical range.

    >>> read_record("imaging", {"region": "primary", "adequat": True})
    Traceback (most recent call last):
        ...
    lmstrack.errors.InvalidData: Record imaging: imaging has no field 'adequat'; did you mean 'adequate'?
    """
    model = class_of(kind, asked=asked)
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        faults = faults_in(error, model, kind, fields)
    raise refusal(asked or f"Record {kind}", faults)


def read_body(kind: str, json_text: str | bytes) -> Record:
    """Make the record whose fields stand in *json_text*; the fast way in for what a store holds.

    Raises what `read_record` raises.
    """
    model = class_of(kind)
    try:
        return model.model_validate_json(json_text)
    except ValidationError as error:
        faults = faults_in(error, model, kind, _loaded(json_text))
    raise refusal(f"Read {kind}", faults)


def _loaded(json_text: str | bytes) -> object:
    try:
        return json.loads(json_text)
    except (ValueError, RecursionError):
        return None


def record_fields(record: Record) -> dict[str, object]:
    """Give the known fields as JSON holds them, in the order of declaration; `read_record` reads them.

    >>> record_fields(read_record("biopsy", {"method": "core", "centre": None}))
    {'method': 'core'}
    """
    return record.plain()
