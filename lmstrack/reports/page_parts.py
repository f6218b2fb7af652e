"""The smaller parts of a page: text, tables of counts, and pictures of them with the table beside."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from lmstrack.reports.tables import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lmstrack.reports.parts import Counted

#: So many columns stand beside other tables.
_NARROW: Final = 4
_LINE: Final = 26
_NAMES: Final = 110
_BARS: Final = 300
_WIDTH: Final = 460


def said(text: str) -> str:
    """A text as a page may hold it."""
    return escape(one_line(text))


def counts(counted: Iterable[Counted]) -> Iterator[str]:
    """What the rows amount to, the tables side by side where there is room."""
    yield '<div class="counts">'
    for place, each in enumerate(counted):
        look = "drawn" if each.drawn else "broad" if len(each.headings) > _NARROW else "plain"
        yield f'<div class="{look}">'
        yield "<div>"
        if each.rows:
            yield from small_table(each.title, each.headings, each.rows, f"counted{place}")
        else:
            yield f"<p>{said(each.title)}: nothing.</p>"
        if each.note:
            yield f"<p>{said(each.note)}</p>"
        yield "</div>"
        if each.drawn and each.rows:
            yield from _picture(each, f"counted{place}")
        yield "</div>"
    yield "</div>"


def small_table(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[str | int]], name: str | None = None
) -> Iterator[str]:
    """A table of a few numbers; the first cell of a row names it. *name* lets others refer to the title."""
    yield '<table class="states">' if name is None else "<table>"
    yield f"<caption>{said(title)}</caption>" if name is None else f'<caption id="{name}">{said(title)}</caption>'
    heads = (
        f'<th scope="col"{"" if place == 0 else _RIGHT}>{said(heading)}</th>' for place, heading in enumerate(headings)
    )
    yield f"<thead><tr>{''.join(heads)}</tr></thead>"
    yield "<tbody>"
    for first, *others in rows:
        cells = "".join(f"<td{_RIGHT}>{said(str(other))}</td>" for other in others)
        yield f'<tr><th scope="row">{said(str(first))}</th>{cells}</tr>'
    yield "</tbody></table>"


_RIGHT: Final = ' class="number"'


def _picture(counted: Counted, title: str) -> Iterator[str]:
    bars = counted.bars()
    most = max((number for _, number in bars), default=0) or 1
    yield f'<svg viewBox="0 0 {_WIDTH} {_LINE * len(bars)}" role="img" aria-labelledby="{title}">'
    for place, (name, number) in enumerate(bars):
        top = _LINE * place
        size = round(_BARS * number / most)
        yield f'<text class="name" x="{_NAMES - 8}" y="{top + 18}">{said(name)}</text>'
        if number:
            yield f'<rect x="{_NAMES}" y="{top + 4}" width="{max(size, 2)}" height="{_LINE - 8}"/>'
        yield f'<text x="{_NAMES + size + 6}" y="{top + 18}">{number}</text>'
    yield "</svg>"
