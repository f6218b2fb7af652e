"""Who a case is about, as a row."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

from lmstrack.errors import LmstrackError
from lmstrack.records import Person, person_fields, read_person
from lmstrack.store.faults import damaged
from lmstrack.store.lines import canonical, instant_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from lmstrack.store.statements import Row


def search_key(name: str) -> str:
    """A name as it is searched: no capitals, no accents.

    >>> search_key("Zoë MÜLLER")
    'zoe muller'
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def person_row(case: str, number: int, person: Person) -> Row:
    """The row of a person, in the order of the columns."""
    needs = person.contact_needs
    return (
        case,
        number,
        person.name,
        None if person.name is None else search_key(person.name),
        None if person.born is None else str(person.born),
        person.sex,
        canonical(dict(person.identifiers)),
        None if needs is None else canonical(needs.plain()),
    )


def person_text(person: Person) -> str:
    """All that is known of a person, as the history of their data keeps it."""
    return canonical(person_fields(person))


def identifier_rows(case: str, identifiers: Mapping[str, str]) -> list[Row]:
    """The rows of the names that a case has in other systems."""
    return [(system, value, case) for system, value in identifiers.items()]


def version_row(case: str, version: int, person: Person, by: str, at: datetime) -> Row:
    """The row of a person in the history of their data."""
    return (case, version, instant_text(at), by, person_text(person))


def read_person_row(row: Row, asked: str) -> Person:
    """The person of a row; raises StoreUnavailable where it cannot be what was written."""
    case, _, name, _, born, sex, identifiers, needs = row
    fields: dict[str, object] = {"name": name, "born": born, "sex": sex}
    try:
        if identifiers != "{}":
            fields["identifiers"] = json.loads(identifiers)
        if needs is not None:
            fields["contact_needs"] = json.loads(needs)
        return read_person(fields)
    except (LmstrackError, ValueError, TypeError):
        raise damaged(asked, f"the person of {case}") from None


def version_known(versions: Sequence[Row], first_line: str | None, known_at: str, asked: str) -> Person | None:
    """Who the case was said to be about at an instant; None where nothing was known of it.

    *versions* are the rows of its history in their order; *first_line* is when its first line was recorded, None where
    it has none. Where lines were known before any version, as after an import that kept their days, the first counts.
    """
    then = [row for row in versions if row[2] <= known_at]
    if not then and (first_line is None or first_line > known_at):
        return None
    case, *_, fields = then[-1] if then else versions[0]
    try:
        return read_person(json.loads(fields))
    except (LmstrackError, ValueError, TypeError):
        raise damaged(asked, f"the history of the person of {case}") from None
