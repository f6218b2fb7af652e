"""Sentences on a terminal, broken between words, and never within a command that somebody will copy."""

from __future__ import annotations

import re
import textwrap
from typing import Final

#: From its name to the next sign that ends it; what is no command is kept together too, which does no harm.
_COMMAND: Final = re.compile(r"\blmstrack [^,;\n]+?(?=[,;]|\.?$|\. |\s{2,})")
_KEPT: Final = "\ufffc"  # stands for a space at which no line is broken


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, each that is wider broken; what follows stands two columns further in.

    A command that is wider than the terminal stands on a line of its own, which the terminal breaks.

    >>> wrapped("Nothing was written. To do it: lmstrack undo LMS-0001-3 4", 40)
    ['Nothing was written. To do it:', '  lmstrack undo LMS-0001-3 4']
    """
    lines: list[str] = []
    for line in text.splitlines():
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        kept = _COMMAND.sub(lambda found: found[0].replace(" ", _KEPT), line)
        broken = textwrap.wrap(kept, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        lines += [part.replace(_KEPT, " ") for part in broken] or [""]
    return lines
