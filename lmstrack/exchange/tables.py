"""Tables as they are found in hospitals: which encoding, which separator, where the data begins."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lmstrack.errors import InvalidData
from lmstrack.exchange.workbooks import ENDINGS, sheets
from lmstrack.records.faults import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from lmstrack.exchange.mapping import Layout

SEPARATORS = {"tab": "\t", "semicolon": ";", "comma": ",", "bar": "|"}
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HEADER_WITHIN = 40
_TOTALS = re.compile(r"(grand |sub)?totals?\b|sum\b|summe\b|gesamt\b|n ?= ?\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table with their numbers as a spreadsheet shows them, counted from 1.

    *columns* are the names in the header; one that stands several times is told apart as ``size (2)``.
    *above* are all rows down to the last of the header, as they stand in the file.
    """

    columns: tuple[str, ...]
    header_row: int
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    above: tuple[tuple[str, ...], ...]
    separator: str
    encoding: str

    def places(self) -> dict[str, int]:
        """Where each column stands; one that stands several times only by its numbered name."""
        places = {name: place for place, name in enumerate(self.columns)}
        for name in list(places):
            if f"{name} (2)" in places:
                places[f"{name} (1)"] = places.pop(name)
        return places


def read_table(path: Path, layout: Layout, named: Iterable[str]) -> Table:
    """Read a table; *named* are the columns that the mapping speaks of, by which the header is found.

    Raises InvalidData where it cannot be read at all, or lacks columns, naming each.
    """
    asked = f"Read {path.name}"
    named = tuple(dict.fromkeys(named))
    if path.suffix.casefold() in ENDINGS:
        return _of_sheets(path, layout, named, asked)
    text, encoding = _text(path, layout.encoding, asked)
    separator = SEPARATORS[layout.separator] if layout.separator else _separator(text)
    try:
        lines = io.StringIO(text, newline="")
        records = [tuple(record) for record in csv.reader(lines, delimiter=separator, strict=True)]
    except csv.Error as error:
        raise InvalidData(asked, [f"the table cannot be read: {error}"], "Look for a stray quotation mark.") from None
    table = _table(records, layout, named, asked, separator, encoding)
    _refuse_missing(table, named, asked)
    return table


def _table(
    records: Sequence[tuple[str, ...]],
    layout: Layout,
    named: Sequence[str],
    asked: str,
    separator: str,
    encoding: str,
) -> Table:
    header = _header(records, layout, named)
    if header is None:
        raise InvalidData(asked, ["the table is empty"])
    columns = _told_apart(records[header])
    first = header + 1 + layout.rows_below_header
    rows = tuple(_data(records, first, layout))
    table = Table(columns, header + 1, rows, tuple(records[:first]), separator, encoding)
    place = table.places().get(layout.only_with or "")
    if place is None:
        return table
    kept = tuple((number, row) for number, row in rows if len(row) <= place or row[place].strip())
    return replace(table, rows=kept)


def _of_sheets(path: Path, layout: Layout, named: Sequence[str], asked: str) -> Table:
    """The sheets of a workbook that have all the columns, one below the other.

    The first of them gives the order of the columns; rows of the further ones are numbered on from it. Rejects are
    written as CSV.
    """
    full = [rows for rows in sheets(path, asked) if not all(map(_blank, rows))]
    found = [_table(rows, layout, named, asked, ",", "utf-8-sig") for rows in full]
    if not found:
        raise InvalidData(asked, ["the workbook is empty"])
    fitting = [table for table in found if not _missing(table, named)]
    if not fitting:
        _refuse_missing(min(found, key=lambda table: len(_missing(table, named))), named, asked)
    first = fitting[0]
    held = first.places()
    wanted = sorted(held, key=held.__getitem__)
    last = first.header_row
    rows: list[tuple[int, tuple[str, ...]]] = []
    for table in fitting:
        places, before = table.places(), last if table is not first else 0
        for number, row in table.rows:
            moved = row if table is first else tuple(row[places[name]] if name in places else "" for name in wanted)
            rows.append((before + number, moved))
            last = max(last, before + number)
    return replace(first, rows=tuple(rows))


def _text(path: Path, stated: str | None, asked: str) -> tuple[str, str]:
    content = path.read_bytes()
    encodings = [stated] if stated else list(_encodings(content))
    for encoding in encodings:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise InvalidData(asked, [f"it is not text in {' or '.join(encodings)}"], "Name its encoding in the mapping.")


def _encodings(content: bytes) -> Iterator[str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            yield encoding
            return
    start = content[:400]
    if start.count(0) * 4 > len(start):
        # Text of mostly Latin letters without its mark: every other byte is zero.
        yield "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"
        return
    yield from ("utf-8", "cp1252")


def _separator(text: str) -> str:
    """The separator that the first lines agree on; decimal commas do not outvote a semicolon."""
    lines = [line for line in text.splitlines()[:_HEADER_WITHIN] if line.strip()]
    best = ",", 0, 0
    for separator in SEPARATORS.values():
        counts = Counter(line.count(separator) for line in lines if separator in line)
        if counts:
            times, agreeing = max(counts.items(), key=lambda each: (each[1], each[0]))
            if (agreeing, times) > (best[1], best[2]):
                best = separator, agreeing, times
    return best[0]


def _header(records: Sequence[tuple[str, ...]], layout: Layout, named: Sequence[str]) -> int | None:
    if layout.header_row is not None:
        return layout.header_row - 1 if len(records) >= layout.header_row else None
    best: tuple[int, int] | None = None
    for place, record in enumerate(records[:_HEADER_WITHIN]):
        cells = set(_told_apart(record))
        found = sum(1 for name in named if name in cells or name.removesuffix(" (1)") in cells)
        if found and (best is None or found > best[0]):
            best = found, place
    if best is not None:
        return best[1]
    return next((place for place, record in enumerate(records) if any(cell.strip() for cell in record)), None)


def _told_apart(record: Iterable[str]) -> tuple[str, ...]:
    times: Counter[str] = Counter()
    names: list[str] = []
    for cell in record:
        name = " ".join(cell.split())
        times[name] += 1
        names.append(name if times[name] == 1 else f"{name} ({times[name]})")
    return tuple(names)


def _data(records: Sequence[tuple[str, ...]], first: int, layout: Layout) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of data: no blank ones, and no totals at the end."""
    last = len(records)
    while last > first and (_blank(records[last - 1]) or _is_total(records[last - 1], layout)):
        last -= 1
    for place in range(first, last):
        if not _blank(records[place]):
            yield place + 1, records[place]


def _blank(record: Iterable[str]) -> bool:
    return not any(cell.strip() for cell in record)


def _is_total(record: Sequence[str], layout: Layout) -> bool:
    begins = next((cell.strip() for cell in record if cell.strip()), "")
    return _TOTALS.match(begins) is not None or any(
        begins.casefold().startswith(word.casefold()) for word in layout.footer
    )


def _refuse_missing(table: Table, named: Sequence[str], asked: str) -> None:
    faults = _missing(table, named)
    if faults:
        raise InvalidData(asked, faults, "Is this the file that the mapping is for?")


def _missing(table: Table, named: Sequence[str]) -> list[str]:
    """What the table lacks of the columns that are named, a sentence each."""
    places = table.places()
    faults = []
    for name in named:
        if name in places:
            continue
        if f"{name} (1)" in places:
            faults.append(f"the column '{name}' stands several times; say '{name} (1)' or '{name} (2)'")
        else:
            faults.append(f"there is no column '{name}'{did_you_mean(name, places)}")
    return faults
