"""Writing to a console, whatever it can show, and to files; a reader who goes away early is no fault."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING, Final, TextIO

from lmstrack.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: What a console that knows no such sign shows instead.
_PLAIN: Final = str.maketrans({
    "·": "-",
    "…": "...",
    "→": "->",
    "–": "-",  # noqa: RUF001
    "—": "-",
    "≤": "<=",
    "≥": ">=",
    "×": "x",  # noqa: RUF001
    "⊕": "+",
    "“": '"',
    "”": '"',
    "‘": "'",  # noqa: RUF001
    "’": "'",  # noqa: RUF001
    "\u00a0": " ",
})  # fmt: skip
_NARROWEST: Final = 40


class Progress:
    """Tells on a terminal, after a second, how far something is; what is printed next takes its place."""

    def __init__(self) -> None:
        self._begun = self._last = 0.0
        self._shown = ""

    def of(self, noun: str) -> Callable[[int], None] | None:
        """What is told how many *noun* are done; None where nobody looks."""
        if not is_terminal(sys.stderr):
            return None
        self._begun = self._last = time.monotonic()

        def tell(done: int) -> None:
            now = time.monotonic()
            if now - self._begun > 1 and now - self._last > 0.2:
                self._last = now
                self._shown = f"{done} {noun} …"
                self._write(f"{shown(self._shown, sys.stderr.encoding)}\r")

        return tell

    def clear(self) -> None:
        """Leave the line as if nothing had been told."""
        if self._shown:
            blank, self._shown = " " * len(self._shown), ""
            self._write(f"{blank}\r")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()


#: The one line of this run.
PROGRESS: Final = Progress()


class ReaderGone(Exception):  # no error: whoever read the output has seen enough
    """The other end of the pipe is closed."""


def is_terminal(stream: TextIO) -> bool:
    """Whether a person looks at it."""
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def width() -> int:
    """How many characters fit on a line of the terminal; 80 where nobody knows."""
    return max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns)


def wants_colour(choice: str, stream: TextIO) -> bool:
    """Whether to colour what goes to *stream*; not where NO_COLOR is set or TERM is dumb, unless asked to."""
    if choice != "auto":
        return choice == "always"
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(text: str) -> None:
    """Tell a person something, on the standard error; where nobody can be told, so be it."""
    with contextlib.suppress(ReaderGone, StoreUnavailable):
        put(broken(text, sys.stderr), sys.stderr)


def broken(text: str, stream: TextIO) -> str:
    """Sentences as they fit the terminal that *stream* is; elsewhere, and JSON, as they are."""
    most = width()
    if text.startswith("{") or all(len(line) <= most for line in text.splitlines()) or not is_terminal(stream):
        return text
    from lmstrack.reports.wrapping import wrapped  # noqa: PLC0415  # most of what is said fits

    return "\n".join(part for line in text.splitlines() for part in (wrapped(line, most) or [""]))


def put(text: str, stream: TextIO | None = None) -> None:
    """Write a text, with plainer signs where the encoding has none for them.

    Raises `ReaderGone` where nobody reads any more, and `StoreUnavailable` where nothing can be written.
    """
    PROGRESS.clear()
    stream = sys.stdout if stream is None else stream
    if text and not text.endswith("\n"):
        text += "\n"
    try:
        stream.write(shown(text, getattr(stream, "encoding", None)))
        stream.flush()
    except OSError as error:
        raise _unwritten(error, stream) from None


def _unwritten(error: OSError, stream: TextIO) -> Exception:
    """What it means that nothing more can be written there."""
    _swallow(stream)
    if error.errno in {errno.EPIPE, errno.ESHUTDOWN} or (sys.platform == "win32" and error.errno == errno.EINVAL):
        return ReaderGone()
    return StoreUnavailable("Print the answer", f"it cannot be written ({type(error).__name__}).", "Is the disk full?")


def shown(text: str, encoding: str | None) -> str:
    """The text as this encoding can hold it.

    >>> shown("a → b · café", "cp1252")
    'a -> b · café'
    >>> shown("名", "ascii")
    '?'
    """
    encoding = encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        kept = "".join(sign if _fits(sign, encoding) else sign.translate(_PLAIN) for sign in text)
        return kept.encode(encoding, errors="replace").decode(encoding)
    except LookupError:
        return text.encode("ascii", errors="replace").decode("ascii")
    return text


def _fits(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _swallow(stream: TextIO) -> None:
    """Leave nothing to be flushed at exit, which would complain once more."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Raises OSError where it cannot be written.
    """
    if file.exists() and not file.is_file():  # /dev/stdout and its like cannot be replaced
        file.write_bytes(content)
        return
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_private(file: Path, content: str) -> None:
    """Write a small file of this user's that nobody else may read."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as text:
        text.write(content)


def append_private(file: Path, content: str) -> None:
    """Add to a file of this user's that nobody else may read."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(opened, "a", encoding="utf-8") as text:
        text.write(content)


def put_bytes(content: bytes) -> None:
    """Write bytes to the standard output. Raises `ReaderGone` where nobody reads any more."""
    PROGRESS.clear()
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise _unwritten(error, sys.stdout) from None


def escaped(json_text: str) -> str:
    """JSON in which every sign that the standard output cannot show is escaped; it means the same."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if encoding.lower().replace("-", "") == "utf8" or json_text.isascii():
        return json_text
    return "".join(sign if sign.isascii() else json.dumps(sign)[1:-1] for sign in json_text)
