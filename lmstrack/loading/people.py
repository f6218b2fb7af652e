"""Who the patient of an incoming case is: rows that agree, that add something, or mean somebody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lmstrack.plausible import impossible_birth
from lmstrack.records import Person, person_fields, read_person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from lmstrack.loading.incoming import IncomingPerson


@dataclass(slots=True)
class Told:
    """The person, and what becomes of the rows that speak of them."""

    person: Person
    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def person_told(rows: Sequence[IncomingPerson], held: Person | None, today: date) -> Told:
    """The person of a case: *held* where the case is on record, else what the rows say together.

    What a row says otherwise than the record is an amendment to confirm.
    """
    return _compared(rows, held) if held is not None else _gathered(rows, today)


def _compared(rows: Sequence[IncomingPerson], held: Person) -> Told:
    told = Told(held)
    for row in rows:
        if not _holds(held, row.person):
            told.changed.append(row.row)
    return told


def is_another(said: Person, held: Person) -> bool:
    """Whether the two cannot be one patient.

    That is where the days of birth differ and no equal name speaks for one patient, or where both the name
    and an identifier of the same system differ.
    """
    named = said.name is not None and held.name is not None
    if said.born is not None and held.born is not None:
        apart = said.born.last < held.born.first or held.born.last < said.born.first
        if apart and not (named and said.name == held.name):
            return True
    return (
        named
        and said.name != held.name
        and any(held.identifiers.get(system, given) != given for system, given in said.identifiers.items())
    )


def _holds(held: Person, said: Person) -> bool:
    have = person_fields(held)
    return all(
        all(held.identifiers.get(system) == given for system, given in said.identifiers.items())
        if name == "identifiers"
        else have.get(name) == value
        for name, value in person_fields(said).items()
    )


def _gathered(rows: Sequence[IncomingPerson], today: date) -> Told:
    if len(rows) == 1 and impossible_birth(rows[0].person, (), today) is None:
        return Told(rows[0].person, new=[rows[0].row])
    fields: dict[str, object] = {}
    told = Told(Person())
    for row in rows:
        said = person_fields(row.person)
        obstacle = impossible_birth(row.person, (), today) or _contradiction(fields, said)
        if obstacle is not None:
            told.refused[row.row] = obstacle
            continue
        identifiers = {**_identifiers(fields), **_identifiers(said)}
        fields.update(said)
        if identifiers:
            fields["identifiers"] = identifiers
        told.new.append(row.row)
    told.person = read_person(fields)
    return told


def known_by(person: Person, system: str, key: str) -> Person:
    """The person, found again under the key of the file, unless they have a name in that system already."""
    if system in person.identifiers:
        return person
    return person.model_copy(update={"identifiers": {**person.identifiers, system: key}})


def is_own(key: str, source: str | None) -> bool:
    """Whether the key is, or is meant as, an id of our own: an export of this program, in which no source was named."""
    return source is None and key.upper().startswith("LMS-")


def _identifiers(fields: Mapping[str, object]) -> dict[str, object]:
    held = fields.get("identifiers")
    return dict(held) if isinstance(held, dict) else {}


def _contradiction(fields: Mapping[str, object], said: Mapping[str, object]) -> str | None:
    for name, value in said.items():
        if name == "identifiers":
            held = _identifiers(fields)
            if any(held.get(system, given) != given for system, given in _identifiers(said).items()):
                return "another row of this case gives another identifier of the same system"
        elif fields.get(name, value) != value:
            return f"another row of this case gives another {name}"
    return None
