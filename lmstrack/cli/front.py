"""The pages in front of the commands: help, version, and the answer to a word that is none of them."""

from __future__ import annotations

import platform
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from lmstrack import __version__
from lmstrack.cli.commands import COMMANDS, GROUPS, NOUNS, of_noun
from lmstrack.cli.examples import EXAMPLES
from lmstrack.errors import UsageFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lmstrack.cli.commands import Command

_WIDTH: Final = 80
_EXAMPLES: Final = """\
Examples:
  lmstrack case add --name "Ann Example" --born 1961-03-04 --sex female
  lmstrack record LMS-0107-8 referral site_group=extremity size_mm=80
  lmstrack why LMS-0107-8 biopsy
  lmstrack worklist
  lmstrack overdue -o overdue.xlsx

Usage: lmstrack COMMAND [ARGUMENTS] [OPTIONS]

Where each patient stands on the leiomyosarcoma pathway, what the guideline
asks next and why, and who is overdue.
"""
_GLOBAL: Final = """\
Options, before or after any command:
  --db URL_OR_PATH    the database (LMSTRACK_DB)
  --today DATE        pretend that this is today (LMSTRACK_TODAY)
  --by NAME           who answers for what is written (LMSTRACK_BY)
  --site FOLDER       your hospital's own workflows (LMSTRACK_SITE)
  --format FORMAT     table, list, tsv, csv, json, ndjson or md
  -o, --output FILE   write a file; .xlsx .csv .html .ics .json and others
  --no-names          leave out names, birth dates and identifiers
  --no-input          never ask anything
  --color WHEN        auto, always or never
  --version           the version
  --help              this page; lmstrack COMMAND --help tells more of one
"""


def version() -> str:
    """The version of the program, and of what runs it."""
    return f"lmstrack {__version__} (Python {platform.python_version()})"


def page() -> str:
    """The front page: examples, commands, options."""
    parts = [_EXAMPLES]
    parts += [f"{group.title}:\n" + "\n".join(_entries(group.commands)) + "\n" for group in GROUPS]
    return "\n".join([*parts, _GLOBAL])


def noun_page(noun: str) -> str:
    """The commands that begin with this word."""
    commands = of_noun(noun)
    short = ([line for line in EXAMPLES[command.words] if len(line) <= _WIDTH - 2] for command in commands)
    examples = [f"  {lines[0]}" for lines in short if lines]
    lines = [
        "Examples:",
        *examples,
        "",
        f"Usage: lmstrack {noun} COMMAND [ARGUMENTS] [OPTIONS]",
        "",
        "Commands:",
    ]
    return "\n".join([*lines, *_entries(commands), "", f"More: lmstrack {noun} COMMAND --help"]) + "\n"


def _entries(commands: Sequence[Command]) -> Iterator[str]:
    for command in commands:
        yield f"  {command.words:<18}  {command.says}"


def unknown(words: Sequence[str]) -> UsageFault:
    """The answer to words that are no command. They are not repeated: a name may be among them."""
    first = words[0]
    if first in NOUNS:
        verbs = [command.words.split()[1] for command in of_noun(first)]
        near = get_close_matches(words[1], verbs, n=1, cutoff=0.6)
        hint = f"Did you mean lmstrack {first} {near[0]}? " if near else ""
        return UsageFault(f"Run lmstrack {first}", f"{first} is followed by {', '.join(verbs)}.", f"{hint}".strip())
    if first.startswith("-"):
        return UsageFault("Run lmstrack", "there is no such option before a command.", "lmstrack --help names them.")
    choices = [*COMMANDS, *NOUNS]
    near = get_close_matches(first.lower(), choices, n=1, cutoff=0.6)
    hint = f"Did you mean lmstrack {near[0]}? " if near else ""
    return UsageFault("Run a command", "there is no such command.", f"{hint}lmstrack --help names them all.")
