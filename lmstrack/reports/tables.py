"""Tables for a terminal: they fit by dropping columns, and never cut an id, a date or a number."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from lmstrack.reports.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lmstrack.reports.report import Column, Report

_GAP: Final = "  "
_COLOURS: Final = {
    "overdue": "31",
    "not met": "31",
    "due": "33",
    "unknown": "33",
    "suspended": "36",
    "met": "32",
    "fulfilled": "32",
}


def table(report: Report, width: int, *, colour: bool = False) -> str:
    """The report as a person sees it on a terminal of this width: sentence, table, what stands below it."""
    return _whole(report, _drawn(report, width, colour), width)


def listing(report: Report, width: int) -> str:
    """The report for a screen reader: one line a field, an empty line between rows, nothing side by side."""
    return _whole(report, _lines(report), width)


def _whole(report: Report, body: Iterator[str], width: int) -> str:
    parts = [*wrapped(report.message, width)]
    if report.rows:
        parts += [*([""] if parts else []), *body]
    elif report.empty:
        parts += wrapped(report.empty, width)
    if report.below:
        parts.append("")
        for line in report.below:
            parts += wrapped(line, width)
    return "\n".join(parts) + "\n"


# ---- one field a line


def _lines(report: Report) -> Iterator[str]:
    if report.pairs:
        for row in report.rows:
            item, value = (one_line(column.shown(row)) for column in report.columns)
            yield f"{item}: {value}"
        return
    for number, row in enumerate(report.rows, start=1):
        if number > 1:
            yield ""
        yield f"Item {number} of {len(report.rows)}"
        for column in report.columns:
            said = one_line(column.shown(row))
            if said:
                yield f"{column.heading or column.key}: {said}"


# ---- side by side


def _drawn(report: Report, width: int, colour: bool) -> Iterator[str]:
    grouping = report.grouping
    groups = [list(report.rows)] if grouping is None else grouping.groups(report.rows)
    indent = "" if grouping is None else _GAP
    columns = report.columns_beside()
    cells = [[[one_line(column.shown(row)) for column in columns] for row in group] for group in groups]
    chosen = _fitting(columns, [row for group in cells for row in group], width - len(indent))
    if chosen is None:
        yield from _lines(report)
        return
    places, widths = chosen
    numbers = [columns[place].kind == "number" for place in places]
    yield indent + _row([columns[place].heading for place in places], widths, numbers)
    for group, told in zip(groups, cells, strict=True):
        if grouping is not None:
            yield from wrapped(one_line(grouping.line(group[0])), width)
        for row in told:
            beside = [_broken(row[place], size) for place, size in zip(places, widths, strict=True)]
            for line in range(max(map(len, beside))):
                shown = [part[line] if line < len(part) else "" for part in beside]
                marks = [
                    _COLOURS.get(text.split(",")[0]) if colour and columns[place].kind == "status" else None
                    for place, text in zip(places, shown, strict=True)
                ]
                yield indent + _row(shown, widths, numbers, marks)


def _fitting(
    columns: Sequence[Column], cells: Sequence[Sequence[str]], width: int
) -> tuple[list[int], list[int]] | None:
    """Which columns are shown and how wide; None where even those that are never dropped do not fit."""
    natural = [
        max(_span(columns[place].heading), *(_span(row[place]) for row in cells)) for place in range(len(columns))
    ]
    # A column that can be dropped is dropped before a word in it is broken.
    words = [
        max((_span(word) for row in cells for word in row[place].split()), default=0) for place in range(len(columns))
    ]
    places = list(range(len(columns)))
    while True:
        widths = _shared(columns, natural, words, places, width)
        if widths is not None:
            return places, widths
        droppable = [place for place in places if columns[place].keep]
        if not droppable:
            return None
        places.remove(max(droppable, key=lambda place: columns[place].keep))


def _shared(
    columns: Sequence[Column],
    natural: Sequence[int],
    words: Sequence[int],
    places: Sequence[int],
    width: int,
) -> list[int] | None:
    room = width - len(_GAP) * (len(places) - 1)
    fixed = [place for place in places if columns[place].kind != "text"]
    room -= sum(natural[place] for place in fixed)
    texts = [place for place in places if columns[place].kind == "text"]
    sizes = {place: natural[place] for place in fixed}
    # The narrow ones first: what they leave over goes to the wide ones.
    for count, place in enumerate(sorted(texts, key=lambda place: natural[place])):
        share = room // (len(texts) - count)
        size = min(natural[place], share)
        if size < min(natural[place], columns[place].least) or (columns[place].keep and size < words[place]):
            return None
        sizes[place] = size
        room -= size
    return [sizes[place] for place in places] if room >= 0 else None


def _broken(text: str, size: int) -> list[str]:
    if _span(text) <= size:
        return [text]
    lines: list[str] = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if _span(joined) <= size:
            lines[-1] = joined
            continue
        rest = word
        if lines[-1]:
            lines.append("")
        while _span(rest) > size:
            head = _first(rest, size)
            lines[-1] = head
            lines.append("")
            rest = rest[len(head) :]
        lines[-1] = rest
    return lines


def _first(text: str, size: int) -> str:
    taken = 0
    for place, sign in enumerate(text):
        taken += _span(sign)
        if taken > size:
            return text[: max(place, 1)]
    return text


def _row(
    texts: Sequence[str],
    widths: Sequence[int],
    numbers: Sequence[bool],
    marks: Sequence[str | None] | None = None,
) -> str:
    parts = []
    for place, (text, size, number) in enumerate(zip(texts, widths, numbers, strict=True)):
        space = " " * (size - _span(text))
        mark = marks[place] if marks else None
        shown = f"\x1b[{mark}m{text}\x1b[0m" if mark and text else text
        parts.append(f"{space}{shown}" if number else f"{shown}{space}")
    return _GAP.join(parts).rstrip()


def _span(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def one_line(text: str) -> str:
    """The text without line breaks and without signs that would steer the terminal."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else " " for sign in text)
