"""Which lines of a large file belong together, found in one cheap pass over it."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from lmstrack.errors import InvalidData
from lmstrack.exchange.line import key_of
from lmstrack.exchange.ndjson import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Most lines begin like this; then nothing else of them has to be read to know whose they are.
_BEGINS = re.compile(rb'\s*\{\s*"case"\s*:\s*"([^"\\\x00-\x20]{1,100})"')
_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NOBODY = ""


@dataclass(slots=True)
class Runs:
    """The runs of neighbouring lines about one case: whose, where in the file, from which line on, how many.

    A file in the order of its cases has one run a case; scattered rows make more. The four arrays and the
    keys are all that is kept of a file: some 150 bytes a case.
    """

    keys: dict[str, int] = field(default_factory=dict)
    whose: array[int] = field(default_factory=lambda: array("L"))
    starts: array[int] = field(default_factory=lambda: array("Q"))
    first_rows: array[int] = field(default_factory=lambda: array("L"))
    lines: array[int] = field(default_factory=lambda: array("L"))
    rows_read: int = 0

    def note(self, key: str, start: int, row: int) -> None:
        """One more line."""
        owner = self.keys.setdefault(key, len(self.keys))
        self.rows_read += 1
        # A run holds blank lines too: it is read line by line until it has given as many as it has.
        if self.whose and self.whose[-1] == owner and key != _NOBODY:
            self.lines[-1] += 1
        else:
            self.whose.append(owner)
            self.starts.append(start)
            self.first_rows.append(row)
            self.lines.append(1)

    def in_order(self) -> Iterator[tuple[str, list[int]]]:
        """Each case with its runs, in the order in which the cases first appear."""
        keys = list(self.keys)
        if len(self.whose) == len(keys):
            yield from ((keys[owner], [run]) for run, owner in enumerate(self.whose))
            return
        runs = sorted(range(len(self.whose)), key=self.whose.__getitem__)
        held: list[int] = []
        for run in runs:
            if held and self.whose[held[0]] != self.whose[run]:
                yield keys[self.whose[held[0]]], held
                held = []
            held.append(run)
        if held:
            yield keys[self.whose[held[0]]], held


def runs_of(path: Path) -> Runs:
    """Read through the file once.

    Raises InvalidData where it is not text in UTF-8 at all; single lines that are not are left to their
    reader.
    """
    runs = Runs()
    with path.open("rb") as file:
        start = 0
        for row, text in enumerate(file, 1):
            if row == 1:
                _refuse_another_encoding(path, text)
            bare = text.removeprefix(_MARK) if row == 1 else text
            if not bare.isspace() and bare:
                runs.note(_whose(bare), start, row)
            start += len(text)
    return runs


def _refuse_another_encoding(path: Path, text: bytes) -> None:
    if text.startswith(_OTHER_MARKS) or b"\x00" in text[:1000]:
        raise InvalidData(
            f"Read {path.name}",
            ["it is not UTF-8, but UTF-16 or no text at all"],
            "Save the file as UTF-8; a table is read with --map.",
        )


def _whose(text: bytes) -> str:
    begins = _BEGINS.match(text)
    if begins is not None and text.count(b'"case"') == 1:
        try:
            return begins[1].decode("utf-8")
        except UnicodeDecodeError:
            return _NOBODY
    return key_of(text) or _NOBODY


def cases_in(path: Path, runs: Runs) -> Iterator[Lines]:
    """Each case of the file with all its lines; those that name no case come one by one."""
    with path.open("rb") as file:
        for key, held in runs.in_order():
            rows: list[int] = []
            texts: list[bytes] = []
            for run in held:
                file.seek(runs.starts[run])
                _read_run(file, runs, run, rows, texts)
            if key != _NOBODY:
                yield Lines(key, tuple(rows), tuple(texts))
            else:
                yield from (Lines(key, (row,), (text,)) for row, text in zip(rows, texts, strict=True))


def _read_run(file: BinaryIO, runs: Runs, run: int, rows: list[int], texts: list[bytes]) -> None:
    row = runs.first_rows[run]
    wanted = runs.lines[run]
    while wanted:
        text = file.readline()
        if row == 1:
            text = text.removeprefix(_MARK)
        if not text.isspace():
            rows.append(row)
            texts.append(text)
            wanted -= 1
        row += 1
