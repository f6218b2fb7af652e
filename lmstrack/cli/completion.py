"""Completion scripts, and the words they offer: commands, options, ids, kinds and fields; never names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from lmstrack.cli.commands import COMMANDS, NOUNS, of_noun
from lmstrack.cli.lately import lately
from lmstrack.cli.settings import COLOURS, FORMATS, data_folder, parted, settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lmstrack.cli.settings import Settings

SHELLS: Final = ("bash", "zsh", "fish")
TOPICS: Final = ("exit-codes", "dates", "records", "kinds", "departures", "formats")
_GLOBAL: Final = (
    "--db",
    "--today",
    "--by",
    "--site",
    "--format",
    "--output",
    "--no-input",
    "--no-names",
    "--color",
    "--help",
)
_VALUES: Final = {"--format": FORMATS, "--color": COLOURS}
_TAKES_CASE: Final = frozenset(
    words for words, command in COMMANDS.items() if command.takes.startswith(("CASE", "[CASE"))
)
_TAKES_KIND: Final = {"record": 1, "why": 1, "event correct": 2}

_BASH: Final = """\
_lmstrack() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(lmstrack __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" \\
    -- "${COMP_WORDS[COMP_CWORD]}"))
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
complete -o default -F _lmstrack lmstrack
"""
_ZSH: Final = """\
#compdef lmstrack
_lmstrack() {
  local -a offered
  offered=("${(@f)$(lmstrack __complete "${words[@]:1:$((CURRENT-1))}" 2>/dev/null)}")
  compadd -Q -S '' -- $offered || _files
}
compdef _lmstrack lmstrack
"""
_FISH: Final = """\
function __lmstrack
  set -l words (commandline -opc) (commandline -ct)
  lmstrack __complete $words[2..-1] 2>/dev/null
end
complete -c lmstrack -a '(__lmstrack)'
"""
SCRIPTS: Final = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def candidates(words: Sequence[str]) -> list[str]:
    """What the last of these words, which may be empty, can become."""
    *before, last = words or [""]
    if before and before[-1] == "--case":
        return [case for case in lately(data_folder(os.environ), settled({}).db).cases if case.startswith(last)]
    if before and before[-1] in _VALUES:
        return [word for word in _VALUES[before[-1]] if word.startswith(last)]
    given, options = parted(before)
    return [word for word in dict.fromkeys(_offered(given, last, settled(options))) if word.startswith(last)]


def _offered(before: Sequence[str], last: str, settings: Settings) -> Iterable[str]:
    if not before:
        return [*_flat_words(), *_GLOBAL, "--version"]
    if len(before) == 1 and before[0] in NOUNS:
        return [command.words.split()[1] for command in of_noun(before[0])]
    name = " ".join(before[:2]) if " ".join(before[:2]) in COMMANDS else before[0]
    command = COMMANDS.get(name)
    if command is None:
        return []
    if last.startswith("-"):
        return [*(option.removesuffix("=") for option in command.options), *_GLOBAL]
    return _arguments(name, before[len(name.split()) :], settings)


def _arguments(name: str, given: Sequence[str], settings: Settings) -> Iterable[str]:
    if name == "completion":
        return SHELLS
    if name == "help":
        return [*TOPICS, *_kinds()]
    if name in _TAKES_CASE and not given:
        return lately(data_folder(os.environ), settings.db).cases
    if name == "contact":
        return _outcomes() if len(given) == 1 else []
    if COMMANDS[name].fields:
        return [f"{field}=" for field in COMMANDS[name].fields]
    place = _TAKES_KIND.get(name)
    if place is None:
        return []
    if len(given) == place:
        return _kinds()
    kinds = [word for word in given[place : place + 1] if word in _kinds()]
    return _fields(kinds[0]) if kinds and name != "why" else []


def _flat_words() -> Iterable[str]:
    return dict.fromkeys(words.split()[0] for words in COMMANDS)


def _kinds() -> Iterable[str]:
    from lmstrack.records import KINDS  # noqa: PLC0415  # not needed to complete a command

    return KINDS


def _fields(kind: str) -> Iterable[str]:
    from lmstrack.records import field_help  # noqa: PLC0415

    return [f"{each.field}=" for each in field_help(kind)]


def _outcomes() -> Iterable[str]:
    from lmstrack.records import field_help  # noqa: PLC0415

    return next(each.values for each in field_help("contact") if each.field == "outcome")
