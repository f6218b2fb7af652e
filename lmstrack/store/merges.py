"""What concerns two cases: the index of merges against the log that it is made from, and where entries came from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, text

from lmstrack.store.statements import Statement
from lmstrack.store.tables import EVENT, MERGING, MOVES

if TYPE_CHECKING:
    from lmstrack.store.reading import Reader
    from lmstrack.store.writing import Writer

MERGE_LINES: Final = Statement(
    lambda _: (
        select(EVENT.c.case_id, EVENT.c.line, EVENT.c.body)
        .where(EVENT.c.kind == "merge")
        .order_by(EVENT.c.case_id, EVENT.c.line)
    )
)
MOVE_LINES: Final = Statement(
    # Written as text: the index on these rows only serves a query that says which.
    lambda _: select(EVENT.c.case_id, EVENT.c.body).where(text(MOVES)).order_by(EVENT.c.case_id, EVENT.c.line)
)
NO_MERGES: Final = Statement(lambda _: delete(MERGING))


def merges_in_log(reader: Reader) -> list[tuple[str, int, str]]:
    """Every merge on record, as `Reader.merges` gives them, read from the log itself, line by line."""
    with reader._connected() as link:
        return [(case, line, str(json.loads(body)["other_case"])) for case, line, body in link.rows(MERGE_LINES)]


def cases_moved_from(reader: Reader, case: str) -> list[str]:
    """The cases from which something was ever moved to this one, whether that stands or not, in their order."""
    with reader._connected() as link:
        found = [other for other, body in link.rows(MOVE_LINES) if json.loads(body)["to_case"] == case]
    return list(dict.fromkeys(found))


def index_faults(reader: Reader) -> list[str]:
    """Where the index differs from the log, a sentence each; empty if nowhere."""
    unknown = set(reader.merges()) ^ set(merges_in_log(reader))
    return sorted(f"{case}: the index of merges differs from the log at line {line}" for case, line, _ in unknown)


def index_merges(writer: Writer) -> None:
    """Make the index anew from the log; for repairs."""
    link = writer._settled()
    link.run_each(NO_MERGES, [()])
    link.load(MERGING, merges_in_log(writer))
