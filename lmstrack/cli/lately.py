"""What this user worked on last: ids for completion, the entry that ``undo`` takes back; no names, 0600."""

from __future__ import annotations

import contextlib
import hashlib
import json
from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.cli.streams import write_private

if TYPE_CHECKING:
    from pathlib import Path

_KEPT: Final = 200


class Lately(NamedTuple):
    """The ids that were used, the latest first, and the entry that was written last."""

    cases: tuple[str, ...] = ()
    written: tuple[str, int] | None = None


def remember(folder: Path, database: str, case: str, line: int | None) -> None:
    """Put the case in front of those used before; failing to is no reason to fail."""
    held = lately(folder, database)
    cases = (case, *(each for each in held.cases if each != case))[:_KEPT]
    _keep(folder, database, held, Lately(cases, held.written if line is None else (case, line)))


def forget_written(folder: Path, database: str) -> None:
    """Leave nothing to undo without naming it."""
    held = lately(folder, database)
    _keep(folder, database, held, Lately(held.cases))


def lately(folder: Path, database: str) -> Lately:
    """What is remembered; nothing where it cannot be read."""
    try:
        held = json.loads(_file(folder, database).read_text(encoding="utf-8"))
        written = held["written"]
        return Lately(
            tuple(str(each) for each in held["cases"]),
            None if written is None else (str(written[0]), int(written[1])),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return Lately()


def _keep(folder: Path, database: str, held: Lately, new: Lately) -> None:
    if new != held:
        with contextlib.suppress(OSError):
            write_private(_file(folder, database), json.dumps(new._asdict()))


def _file(folder: Path, database: str) -> Path:
    return folder / "lately" / f"{hashlib.sha256(database.encode()).hexdigest()[:16]}.json"
