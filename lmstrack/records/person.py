"""Who the patient is; kept apart from the log, and never shown by accident."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, InstanceOf, PlainSerializer, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from lmstrack.dates import PartialDate
from lmstrack.records.base import Flag, Shape, Text, parsed_day, partial_day
from lmstrack.records.faults import faults_in, refusal


def _partial_date(value: object) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    return parsed_day(value if isinstance(value, str) else partial_day(value))


def _not_a_number(value: object) -> object:
    if isinstance(value, int | float):
        raise PydanticCustomError("number_as_identifier", "{why}", {"why": "write it as text, so that its zeros stay"})
    return value


Born = Annotated[
    InstanceOf[PartialDate],
    BeforeValidator(_partial_date),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "description": "YYYY-MM-DD, YYYY-MM or YYYY"}),
]
Identifier = Annotated[Text, BeforeValidator(_not_a_number)]


class ContactNeeds(Shape):
    """What somebody who calls or writes has to know."""

    language: Text | None = None
    interpreter: Flag | None = None
    hearing: Text | None = None
    other: Text | None = None

    def __repr__(self) -> str:
        return "ContactNeeds(…)"

    __str__ = __repr__


class Person(Shape):
    """Who the patient is. Any field may be None, not known; ``unknown`` as sex: asked, and not to be had.

    *born* may be known to the month or the year only. *identifiers* gives the value in each system, as text,
    with its zeros. Neither name nor identifiers nor the day of birth appear in its repr.
    """

    name: Text | None = None
    born: Born | None = None
    sex: Literal["female", "male", "other", "unknown"] | None = None
    identifiers: Mapping[Text, Identifier] = Field(default_factory=dict)
    contact_needs: ContactNeeds | None = None

    @property
    def born_first(self) -> date | None:
        """The first day on which they can have been born; None where nothing is known."""
        return None if self.born is None else self.born.first

    @property
    def born_last(self) -> date | None:
        """The last day on which they can have been born; None where nothing is known."""
        return None if self.born is None else self.born.last

    def __repr__(self) -> str:
        return f"Person(sex={self.sex!r}, …)"

    __str__ = __repr__


def read_person(fields: Mapping[str, object], *, asked: str = "Read the person") -> Person:
    """Make the person whom *fields* describe, as `person_fields` gives them.

    Raises InvalidData with every fault; no fault repeats what was written.

    >>> read_person({"born": "1961-03", "sex": "female"}).born_last
    datetime.date(1961, 3, 31)
    """
    try:
        return Person.model_validate(fields)
    except ValidationError as error:
        faults = faults_in(error, Person, "person", fields)
    raise refusal(asked, faults)


def person_fields(person: Person) -> dict[str, object]:
    """Give the known fields as JSON holds them."""
    fields = person.plain()
    if not person.identifiers:
        del fields["identifiers"]
    return fields


def edited_person(person: Person, changes: Mapping[str, object]) -> Person:
    """Make the person who differs in these fields: identifiers are added to the held ones, and None takes one away.

    Raises InvalidData as `read_person` does.

    >>> person = Person(sex="male", identifiers={"mrn": "7", "his": "8"})
    >>> edited_person(person, {"identifiers": {"mrn": None}}).identifiers
    {'his': '8'}
    """
    fields = {**person_fields(person), **changes}
    named = changes.get("identifiers")
    if isinstance(named, Mapping):
        held = {**person.identifiers, **named}
        fields["identifiers"] = {system: value for system, value in held.items() if value is not None}
    return read_person({name: value for name, value in fields.items() if value is not None})
