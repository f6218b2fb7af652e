"""Corrections: events that say that another one should read otherwise, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, InstanceOf, PlainSerializer, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from lmstrack.records.base import (
    BY_KIND,
    FreeText,
    Joined,
    Means,
    PartialDay,
    Record,
    Shape,
    SourceLine,
    Text,
)
from lmstrack.records.faults import Fault, did_you_mean, faults_in

if TYPE_CHECKING:
    from collections.abc import Iterator


class Instead(Shape):
    """An event as it should read: the day that it happened, to the precision known, and the record."""

    on: PartialDay
    record: InstanceOf[Record]

    @property
    def kind(self) -> str:
        """The kind of the record."""
        return self.record.kind

    def plain(self) -> dict[str, object]:
        """Give the exchange form: day, kind and the record's own fields, side by side."""
        return {"on": self.on, "kind": self.kind, **self.record.plain()}


def _unflattened(value: object) -> Instead:
    if isinstance(value, Instead):
        return value
    if not isinstance(value, Mapping):
        raise _within([Fault("instead: write an object with on, kind and the fields of the kind")])
    fields = {str(name): held for name, held in value.items()}
    faults: list[Fault] = []
    on = fields.pop("on", None)
    kind = fields.pop("kind", None)
    model = BY_KIND.get(kind) if isinstance(kind, str) else None
    record: Record | None = None
    if model is None:
        hint = did_you_mean(kind, BY_KIND) if isinstance(kind, str) else ""
        faults.append(Fault(f"instead.kind: name the kind of record{hint or ', such as imaging'}"))
    else:
        try:
            record = model.model_validate(fields)
        except ValidationError as error:
            faults += [_in_instead(fault) for fault in faults_in(error, model, model.kind, fields)]
    day = None
    try:
        day = _OnlyDay.model_validate({"on": on})
    except ValidationError as error:
        faults += [Fault(f"instead.{each.sentence}") for each in faults_in(error, _OnlyDay, "instead", {})]
    if faults or record is None or day is None:
        raise _within(faults)
    return Instead(on=day.on, record=record)


class _OnlyDay(Shape):
    on: PartialDay


def _in_instead(fault: Fault) -> Fault:
    # A sentence of a field begins with its place; others begin with the kind.
    join = "." if fault.at and fault.sentence.startswith(f"{fault.at}:") else ": "
    return Fault(f"instead{join}{fault.sentence}", fault.impossible)


def _within(faults: list[Fault]) -> PydanticCustomError:
    said = "; ".join(fault.sentence for fault in faults)
    return PydanticCustomError("within", "{said}", {"said": said, "faults": tuple(faults)})


_FLAT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "The event as it should read: on, kind and the fields of that kind.",
    "properties": {"on": {"type": "string"}, "kind": {"type": "string"}},
    "required": ["on", "kind"],
}


class Correct(Joined):
    """An earlier line should read otherwise: *instead*; or it is withdrawn, where *instead* is None.

    *nature* says whether the line was never true (``entered_in_error``), or was true and is known better now
    (``refined``).
    """

    kind: ClassVar[str] = "correct"
    clinical: ClassVar[bool] = False
    line: SourceLine
    nature: Literal["entered_in_error", "refined"]
    because: FreeText | None = None
    instead: (
        Annotated[
            Instead,
            BeforeValidator(_unflattened),
            PlainSerializer(Instead.plain),
            WithJsonSchema(_FLAT_SCHEMA),
            Means("object with on, kind and the fields of the kind"),
        ]
        | None
    ) = None

    def contradictions(self) -> Iterator[str]:
        """Want the event as it should read where it is known better now."""
        if self.nature == "refined" and self.instead is None:
            yield "correct with nature refined needs instead, the event as it should read"


class MoveEvent(Record):
    """An event was written to the wrong patient: withdrawn here, recorded there.

    *to_line* is the line that it became in the log of *to_case*; None where that is not known.
    """

    kind: ClassVar[str] = "move_event"
    clinical: ClassVar[bool] = False
    line: SourceLine
    to_case: Text
    to_line: SourceLine | None = None
    because: FreeText | None = None


class Merge(Record):
    """The other case is the same patient: from that day on the two are read as one."""

    kind: ClassVar[str] = "merge"
    clinical: ClassVar[bool] = False
    other_case: Text
    because: FreeText | None = None


class Unmerge(Record):
    """The other case is another patient after all."""

    kind: ClassVar[str] = "unmerge"
    clinical: ClassVar[bool] = False
    other_case: Text
    because: FreeText | None = None
