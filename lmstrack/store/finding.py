"""Finding the case that somebody means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, or_, select

from lmstrack.case_ids import case_id, number_of
from lmstrack.store.people import read_person_row, search_key
from lmstrack.store.reading import Reader
from lmstrack.store.statements import Statement
from lmstrack.store.tables import IDENTIFIER, PERSON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lmstrack.records import Person
    from lmstrack.store.statements import Row

NUMBERED: Final = Statement(lambda _: select(*PERSON.c).where(PERSON.c.number == bindparam("number")))
FOUND: Final = Statement(
    lambda _: (
        select(*PERSON.c)
        .where(
            or_(
                PERSON.c.name_key.like(bindparam("pattern"), escape="\\"),
                PERSON.c.case_id.in_(select(IDENTIFIER.c.case_id).where(IDENTIFIER.c.value == bindparam("value"))),
            )
        )
        .order_by(PERSON.c.case_id)
    )
)
IDENTIFIED: Final = Statement(lambda _: select(IDENTIFIER.c.case_id).where(IDENTIFIER.c.value == bindparam("value")))
_ESCAPED: Final = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


class Finding(Reader):
    """What people ask for a case by."""

    def find(self, text: str) -> list[tuple[str, Person]]:
        """The cases that *text* may mean, in the order of their ids.

        A case id or its bare number, the value of an identifier, or words of a name in any order, whatever
        their capitals and accents. Raises NotFound for a case id whose check digit does not fit.
        """
        text = text.strip()
        if not text:
            return []
        if text[:4].upper() == "LMS-":
            return self._numbered(number_of(text))
        # isdecimal alone would let other scripts through; and no number of a case has more digits.
        number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
        words = [] if number is not None else _words(text)
        with self._connected() as link:
            rows = [] if number is None else link.rows(NUMBERED, number=number)
            identified = {row[0] for row in link.rows(IDENTIFIED, value=text)}
            rows += [
                row
                for row in link.rows(FOUND, pattern=_pattern(words), value=text)
                if row not in rows and (row[0] in identified or _holds(row, words))
            ]
        return [(row[0], read_person_row(row, "Find a case")) for row in rows]

    def named(self, name: str) -> list[tuple[str, Person]]:
        """The cases in whose names all words of this one are found, in the order of their ids."""
        words = _words(name)
        with self._connected() as link:
            rows = [row for row in link.rows(FOUND, pattern=_pattern(words), value="") if _holds(row, words)]
        return [(row[0], read_person_row(row, "Find a case")) for row in rows]

    def _numbered(self, number: int) -> list[tuple[str, Person]]:
        with self._connected() as link:
            rows = link.rows(NUMBERED, number=number)
        return [(row[0], read_person_row(row, f"Find {case_id(number)}")) for row in rows]


def _words(name: str) -> list[str]:
    return search_key(name).replace(",", " ").split()


def _pattern(words: Sequence[str]) -> str:
    return f"%{words[0].translate(_ESCAPED)}%" if words else ""


def _holds(row: Row, words: Sequence[str]) -> bool:
    name = row[3]
    return bool(words) and name is not None and all(word in name for word in words)
