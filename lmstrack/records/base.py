"""What every record is made of: the types of its fields, and the base that all kinds share."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Strict,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from lmstrack.dates import PartialDate
from lmstrack.errors import InvalidData

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import GetCoreSchemaHandler

    from lmstrack.errors import LmstrackError

_ISO = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@dataclass(frozen=True, slots=True)
class Means:
    """How a field is named to people, whether it holds free text, which a store keeps apart, or a day that has been."""

    words: str
    free: bool = False
    past: bool = False


@dataclass(frozen=True, slots=True)
class Physical:
    """The least and the greatest value that can be measured at all; outside them lies a slip."""

    least: float
    greatest: float
    unit: str = ""

    def __get_pydantic_core_schema__(
        self, source: type[int | float], handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Fold the range into the number's own schema, so that it costs nothing on the way in."""
        if source is int:
            return core_schema.int_schema(ge=int(self.least), le=int(self.greatest), strict=True)
        return core_schema.float_schema(ge=self.least, le=self.greatest, strict=True, allow_inf_nan=False)

    def __str__(self) -> str:
        said = f"{_plain(float(self.least))} to {_plain(float(self.greatest))}"
        return f"{said} {self.unit}" if self.unit else said


def _unreadable(why: str) -> PydanticCustomError:
    return PydanticCustomError("unreadable_date", "{why}", {"why": why})


def _day(value: object) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str) and len(value) == len("YYYY-MM-DD"):
        return parsed_day(value, "YYYY-MM-DD").first
    raise _unreadable("write a date as YYYY-MM-DD")


def partial_day(value: object) -> str:
    """Give a day, month or year as ISO text, once it is known to exist."""
    if type(value) is date:
        return value.isoformat()
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, str):
        return str(parsed_day(value))
    raise _unreadable("write a date as YYYY-MM-DD, YYYY-MM or YYYY")


def parsed_day(text: str, form: str = "YYYY-MM-DD, YYYY-MM or YYYY") -> PartialDate:
    """Read a day, month or year; *form* is how it should be written."""
    try:
        return PartialDate.parse(text)
    except InvalidData as error:
        why = error.faults[0].rstrip(".") if _ISO.fullmatch(text) else f"write a date as {form}"
        raise _unreadable(why) from None


def _number_as_text(value: object) -> object:
    return str(value) if type(value) is int else value


def _yes_as_text(value: object) -> object:
    return ("yes" if value else "no") if type(value) is bool else value


def _whole(value: object) -> object:
    # A literal 1 would let true and 1.0 through, because they are equal to it.
    if type(value) is not int:
        raise PydanticCustomError("literal_error", "not one of the values")
    return value


Flag = Annotated[bool, Strict(), Means("true or false")]
Day = Annotated[date, BeforeValidator(_day), Means("date")]
#: A day on which something was done, so that it cannot lie in the future.
PastDay = Annotated[date, BeforeValidator(_day), Means("date", past=True)]
PartialDay = Annotated[str, BeforeValidator(partial_day), Means("date, month or year")]

# PostgreSQL cannot keep the character zero, so no text may hold it.
_NO_ZERO = r"^[^\x00]*$"
Text = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=500, pattern=_NO_ZERO),
    Means("text"),
]
FreeText = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=20_000, pattern=_NO_ZERO),
    Means("free text", free=True),
]
Remark = Annotated[FreeText, BeforeValidator(_yes_as_text)]
"""Free text for which people also say a bare true or false; kept as *yes* or *no*."""

Drug = Annotated[
    str,
    StringConstraints(
        strict=True, strip_whitespace=True, to_lower=True, min_length=1, max_length=100, pattern=_NO_ZERO
    ),
    Means("drug"),
]
#: A line of the case's own log, or of a case that is the same patient; see `places`.
SourceLine = Annotated[int, Physical(1, 999_999_999_999_999), Means("line of the case's log")]

NumberAsText = BeforeValidator(_number_as_text)
"""For values that are written as text but typed as numbers: ``n: 0`` is the same as ``n: "0"``."""

WholeNumber = BeforeValidator(_whole)
"""For literal numbers."""


_AS_IT_IS = (str, bool, int)


def _plain(value: object) -> object:
    if isinstance(value, _AS_IT_IS):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Shape):
        return value.plain()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value)


class Shape(BaseModel):
    """Frozen data of which no field is unknown to us; None always means *not known*."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        defer_build=True,
        protected_namespaces=(),
    )

    if not TYPE_CHECKING:  # a type checker reads the parameters from the fields

        def __init__(self, /, **fields: object) -> None:
            """Make it of its fields; one that is left out, or None, is not known.

            Raises InvalidData with every fault, or Impossible where nothing is wrong but numbers outside their
            physical range.
            """
            try:
                super().__init__(**fields)
            except ValidationError as error:
                fault = _answered(error, type(self), fields)
            else:
                return
            raise fault

        # What is read from elsewhere does not pass through here: pydantic fills it in, and its reader tells the faults.
        __init__.__pydantic_base_init__ = True

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Show only what is known, so that a line can be read."""
        return ((name, value) for name, value in super().__repr_args__() if value is not None)

    def plain(self) -> dict[str, object]:
        """Give what JSON can hold: the fields that are known, in their order, days as ISO 8601."""
        held = self.__dict__
        return {name: _plain(held[name]) for name in type(self).__pydantic_fields__ if held[name] is not None}


def _answered(error: ValidationError, model: type[Shape], fields: Mapping[str, object]) -> LmstrackError:
    from lmstrack.records.faults import faults_in, refusal  # noqa: PLC0415  # which speaks of the shapes made here

    kind = getattr(model, "kind", None)
    said = kind or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()
    return refusal(f"Record {kind}" if kind else f"Read the {said}", faults_in(error, model, said, fields))


BY_KIND: dict[str, type[Record]] = {}
"""Every kind of record that has been defined, in no order that matters."""


class Record(Shape):
    """One fact about a patient. Its kind names it everywhere: in JSON, on the command line, in stories.

    *clinical* marks what cannot happen to a patient after death; *done* what cannot lie in the future.
    """

    kind: ClassVar[str]
    clinical: ClassVar[bool] = True
    done: ClassVar[bool] = True

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Make the new kind known by its name; a kind stays the class that was there first."""
        super().__pydantic_init_subclass__(**kwargs)
        if "kind" in cls.__dict__:
            BY_KIND.setdefault(cls.kind, cls)


class Joined(Record):
    """A record whose fields have to fit together."""

    @abstractmethod
    def contradictions(self) -> Iterator[str]:
        """Say in a sentence each what does not fit; nothing where nothing is wrong."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        sentences = tuple(self.contradictions())
        if sentences:
            raise PydanticCustomError("contradiction", "{said}", {"said": "; ".join(sentences), "each": sentences})
        return self
