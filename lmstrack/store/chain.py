"""The chain of hashes through each log: what it ends in, and where it is broken."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, select

from lmstrack.store.fetched import by_case
from lmstrack.store.lines import START, digest, seal
from lmstrack.store.lists import Lists, heads_of
from lmstrack.store.looking_back import LookingBack
from lmstrack.store.reading import LINES_BETWEEN, NOTES_BETWEEN, PEOPLE_AFTER
from lmstrack.store.statements import Statement
from lmstrack.store.tables import EVENT, NOTE, PERSON
from lmstrack.store.working import Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Column, ScalarSelect, Select, Table

    from lmstrack.listing import Head
    from lmstrack.store.statements import Row

_LINE: Final = EVENT.c.keys().index("line")
_BEFORE: Final = EVENT.c.keys().index("prev_hash")
_HASH: Final = EVENT.c.keys().index("hash")
_BODY: Final = EVENT.c.keys().index("body")
_DEPARTURES: Final = EVENT.c.keys().index("departures")
_PLACEHOLDER: Final = re.compile(r'\{"sha256":"([0-9a-f]{64})"\}')


def last_lines() -> Select[tuple[str, int | None, str | None]]:
    """The number and hash of every case's last line, by seeks alone; None where it has no line."""
    # Not joined to the lines: PostgreSQL would read every line of the log to join them.
    return select(PERSON.c.case_id, _of_last(EVENT.c.line), _of_last(EVENT.c.hash))


def _of_last(column: Column[Any]) -> ScalarSelect[Any]:
    own = EVENT.c.case_id == PERSON.c.case_id
    return select(column).where(own).order_by(EVENT.c.line.desc()).limit(1).correlate(PERSON).scalar_subquery()


def _strays(table: Table) -> Select[tuple[str]]:
    """Cases that have rows here but are no cases any more."""
    known = select(PERSON.c.case_id).where(PERSON.c.case_id == table.c.case_id).exists()
    return select(table.c.case_id).where(~known).distinct().order_by(table.c.case_id)


ALL_LAST_LINES: Final = Statement(lambda _: last_lines().order_by(PERSON.c.case_id))
STRAY_LINES: Final = Statement(lambda _: _strays(EVENT))
STRAY_NOTES: Final = Statement(lambda _: _strays(NOTE))
NUMBERS: Final = Statement(lambda _: select(func.count(), func.max(PERSON.c.number)).select_from(PERSON))
NEXT_NUMBER: Final = Statement(
    lambda _: select(PERSON.c.number).where(PERSON.c.number > bindparam("after")).order_by(PERSON.c.number)
)


class Chained(Lists, LookingBack, Working):
    """What can be asked of the chain."""

    def chain_head(self) -> str:
        """One hash for the whole log: over case, last line and its hash, of all cases in order of their ids.

        Printed somewhere, it proves later that no line from before was changed, removed, or put in between.
        """
        with self._connected() as link:
            rows = link.rows(ALL_LAST_LINES)
        whole = sha256()
        for case, line, last in rows:
            whole.update(f"{case} {line or 0} {last or START}\n".encode())
        return whole.hexdigest()

    def chain_faults(self, batch: int = 500) -> list[str]:
        """Every place where the log is not what was written, each as a sentence; empty where all is well.

        Every hash is computed anew. Named are lines that were changed, removed or put in, texts that are
        not those that were recorded (erased ones are no fault), cases that are gone, and heads that do not
        fit the log. What was cut off at the end without a trace is only found by comparing `chain_head`
        with one printed earlier.
        """
        faults: list[str] = []
        after = ""
        while True:
            with self._connected() as link:
                people = link.rows(PEOPLE_AFTER, after=after, most=batch)
                if not people:
                    break
                cases = [person[0] for person in people]
                first, after = cases[0], cases[-1]
                lines = by_case(link.rows(LINES_BETWEEN, first=first, last=after))
                notes = by_case(link.rows(NOTES_BETWEEN, first=first, last=after))
                heads = {head.case: head for head in heads_of(link, cases)}
            for case in cases:
                faults += _case_faults(case, lines.get(case, []), notes.get(case, []), heads.get(case))
        faults += self._strays()
        return faults

    def _strays(self) -> Iterator[str]:
        with self._connected() as link:
            stray = {row[0] for row in (*link.rows(STRAY_LINES), *link.rows(STRAY_NOTES))}
            yield from (f"{case}: there is a log, but no case of it" for case in sorted(stray))
            count, greatest = link.rows(NUMBERS)[0]
            if count == (greatest or 0):
                return  # numbers are given one after the other, and no case is ever removed
            held = [row[0] for row in link.rows(NEXT_NUMBER, after=0)]
        expected = 1
        for number in held:
            if number > expected:
                yield f"case {expected}{'' if number == expected + 1 else f' to {number - 1}'}: gone"
            expected = number + 1


def _case_faults(case: str, rows: Sequence[Row], notes: Sequence[Row], head: Head | None) -> Iterator[str]:
    before, expected = START, 1
    by_line: dict[int, list[Row]] = {}
    for note in notes:
        by_line.setdefault(note[1], []).append(note)
    for row in rows:
        line = row[_LINE]
        if line != expected:
            gap = f"line {expected}" if line == expected + 1 else f"lines {expected} to {line - 1}"
            yield f"{case}: {gap} missing"
        elif row[_BEFORE] != before:
            yield f"{case} line {line}: does not follow from the line before it"
        if not _sealed(row):
            yield f"{case} line {line}: is not what was recorded"
        yield from _note_faults(case, row, by_line.pop(line, []))
        before, expected = row[_HASH], line + 1
    for line in sorted(by_line):
        yield f"{case} line {line}: there is a text, but no line of it"
    if head is not None and head.lines != len(rows):
        yield f"{case}: the lists know {head.lines} lines, the log holds {len(rows)}"


def _sealed(row: Row) -> bool:
    try:
        return seal(row) == str(row[_HASH])
    except (TypeError, ValueError):  # bytes where text was, for one
        return False


def _note_faults(case: str, row: Row, notes: Sequence[Row]) -> Iterator[str]:
    promised = _PLACEHOLDER.findall(row[_BODY]) + _PLACEHOLDER.findall(row[_DEPARTURES])
    if not promised and not notes:
        return
    line = row[_LINE]
    erased = 0
    for _, _, field, salt, text in notes:
        if salt is None or text is None:
            erased += 1
            continue
        found = digest(salt, text)
        if found in promised:
            promised.remove(found)
        else:
            yield f"{case} line {line}: the text of {field} is not what was recorded"
            erased += 1  # it answers for a promise, if wrongly; one fault is named once
    if len(promised) > erased:
        yield f"{case} line {line}: a text is missing"
    elif len(promised) < erased:
        yield f"{case} line {line}: there is a text that was not recorded"
