"""The rows that were not taken, in a file of their own that can be mended and imported again."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from lmstrack.exchange.form import REASON
from lmstrack.exchange.workbooks import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lmstrack.exchange.tables import Table
    from lmstrack.loading import Rejected


def rejects_file(path: Path) -> Path:
    """Where the rejects of a file are written: beside it, so that nothing else is overwritten.

    >>> rejects_file(Path("ward.csv")).name
    'ward.csv.rejects.csv'
    """
    suffix = path.suffix.casefold()
    ending = path.suffix if suffix in {".csv", ".tsv", ".txt"} else ".csv" if suffix in ENDINGS else ".ndjson"
    return path.with_name(f"{path.name}.rejects{ending}")


def write_rejects(path: Path, table: Table | None, rejected: Sequence[Rejected]) -> Path | None:
    """Write the rejected rows as they stand in the file, each with the reason, for its owner alone.

    They go beside the file, or, where its folder is not to be written, where one is; the answer says where. None
    where nowhere can be written: the report still holds every reason.
    """
    reasons = {each.row: each.reason for each in rejected}
    content = _lines(path, reasons) if table is None else _rows(table, reasons)
    beside = rejects_file(path)
    for target in (beside, Path.cwd() / beside.name):
        try:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError:
            continue
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return target
    return None


def _lines(path: Path, reasons: dict[int, str]) -> bytes:
    kept: list[bytes] = []
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            if number in reasons:
                bare = text.removeprefix(b"\xef\xbb\xbf") if number == 1 else text
                kept.append(_with_reason(bare.rstrip(b"\r\n"), reasons[number]) + b"\n")
    return b"".join(kept)


def _with_reason(text: bytes, reason: str) -> bytes:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return text  # what cannot be read is left as it is; the report says why
    if not isinstance(held, dict):
        return text
    return json.dumps({**held, REASON: reason}, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _rows(table: Table, reasons: dict[int, str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=table.separator, lineterminator="\r\n")
    for number, cells in enumerate(table.above, 1):
        writer.writerow((*cells, REASON) if number == table.header_row else cells)
    for number, cells in table.rows:
        if number in reasons:
            writer.writerow((*cells, reasons[number]))
    return text.getvalue().encode(table.encoding, "replace")
