"""Writing the caches of some cases over what is cached of them, and what the tallies change by."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, Final

from lmstrack.store.cached import CASE_HEAD, OPEN, PAST
from lmstrack.store.converted import as_listed, bare, bare_heads
from lmstrack.store.lists import HEADS_OF, OPEN_OF, PAST_OF
from lmstrack.store.statements import removal, replacement
from lmstrack.store.tally import add_case, add_states

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lmstrack.listing import Head, Listed
    from lmstrack.store.link import Link
    from lmstrack.store.statements import Row
    from lmstrack.store.tally import Changes

    #: By case: its head, and all of its obligations.
    Cases = Mapping[str, tuple[Head, Sequence[Listed]]]

_KEY: Final = slice(len(OPEN.primary_key))
_ENDED: Final = OPEN.c.keys().index("ended")
_EXCLUDED: Final = CASE_HEAD.c.keys().index("excluded")


def cache_over(link: Link, cases: Cases, tally: Changes) -> None:
    """Make the caches of these cases say what is given, and add to *tally* what that changes.

    What is cached is compared as the database holds it: only what differs is written, or read as obligations.
    """
    names = list(cases)
    heads = list(link.rows_for(HEADS_OF, names))
    held = [*link.rows_for(OPEN_OF, names), *link.rows_for(PAST_OF, names)]
    listed = [row for _, rows in cases.values() for row in rows]
    new = bare(listed)
    _write_heads(link, heads, bare_heads([head for head, _ in cases.values()]))
    excluded = {head[0]: head[_EXCLUDED] for head in heads}
    if not held:
        _write_rows(link, (), new)
        _count(tally, cases, excluded, kept=(), gone=(), added=listed)
        return
    was = held if link.dialect == "sqlite" else bare(held)
    wanted = set(new)
    gone = [row for row, plain in zip(held, was, strict=True) if plain not in wanted]
    known = set(was)
    stays = [row in known for row in new]
    changes = [not stay for stay in stays]
    _write_rows(link, gone, list(compress(new, changes)))
    _count(tally, cases, excluded, compress(listed, stays), as_listed(link, gone), list(compress(listed, changes)))


def _count(
    tally: Changes,
    cases: Cases,
    excluded: Mapping[str, str | None],
    kept: Iterable[Listed],
    gone: Sequence[Listed],
    added: Sequence[Listed],
) -> None:
    """Take out of the tally what was counted of the obligations that changed and of their cases, and count anew."""
    add_states(tally, gone, -1)
    add_states(tally, added, 1)
    changed = {row.case for row in (*gone, *added)}
    was: dict[str, list[Listed]] = {}
    for row in (*kept, *gone):
        was.setdefault(row.case, []).append(row)
    for case, (head, rows) in cases.items():
        if case in changed or excluded.get(case) != head.excluded:
            add_case(tally, excluded.get(case), was.get(case, ()), -1)
            add_case(tally, head.excluded, rows, 1)


def _write_rows(link: Link, gone: Sequence[Row], added: Sequence[Row]) -> None:
    """Write obligations over others; one that has its key already takes its place in one statement."""
    for table, over in ((OPEN, False), (PAST, True)):
        new = [row for row in added if (row[_ENDED] is not None) is over]
        old = {row[_KEY] for row in gone if (row[_ENDED] is not None) is over}
        if old:
            link.run_each(removal(table), sorted(old.difference(row[_KEY] for row in new)))
            link.run_each(replacement(table), new)
        else:
            link.load(table, new)


def _write_heads(link: Link, held: Sequence[Row], heads: Sequence[Row]) -> None:
    if held:
        was = set(held if link.dialect == "sqlite" else bare_heads(held))
        link.run_each(replacement(CASE_HEAD), [head for head in heads if head not in was])
    else:
        link.load(CASE_HEAD, heads)
