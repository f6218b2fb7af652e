"""Write docs/cli.md from what ``--help`` and ``help TOPIC`` say; a test holds that it is current.

python docs/print_pages.py
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from lmstrack.cli import main as lmstrack
from lmstrack.cli.commands import GROUPS
from lmstrack.cli.topics import TOPICS

PAGE = Path(__file__).parent / "cli.md"
_BEGIN = """\
# The command line

This page is printed from `--help` by `python docs/print_pages.py`. A command is one or two words; options may
stand before or after it. The JSON answers are described by the schemas in `docs/schemas`.
"""


def said(*words: str) -> str:
    """What a command line prints."""
    held = io.StringIO()
    with contextlib.redirect_stdout(held):
        lmstrack(list(words))
    return held.getvalue().rstrip()


def printed() -> str:
    """The whole page."""
    parts = [_BEGIN, f"```text\n{said('--help')}\n```\n"]
    for group in GROUPS:
        parts.append(f"## {group.title}\n")
        for command in group.commands:
            shown = said(*command.words.split(), "--help")
            parts.append(f"### lmstrack {command.words}\n\n```text\n{shown}\n```\n")
    parts.append("## Topics\n")
    parts += [f"### lmstrack help {topic}\n\n```text\n{said('help', topic)}\n```\n" for topic in TOPICS]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(printed(), encoding="utf-8")
