"""From a command line to an exit code: finds the command, runs it, and answers for whatever goes wrong."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from lmstrack.cli.commands import COMMANDS, NOUNS
from lmstrack.cli.settings import parted, settled
from lmstrack.cli.streams import ReaderGone, put, say
from lmstrack.errors import ExitCode, LmstrackError, StoreUnavailable, UsageFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lmstrack.cli.shell import Shell

_HELP = {"--help", "-h"}


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every way in which it can end is one of ``ExitCode``."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # to the end
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # a stand-in without encoding, or a closed one
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    interrupts: list[int] = []
    if arguments is None:
        _watch(interrupts)
    try:
        return int(_answered(list(sys.argv[1:] if arguments is None else arguments), interrupts))
    except ReaderGone:
        return int(ExitCode.DONE)


def _watch(interrupts: list[int]) -> None:
    """Keep a note of every interrupt: a library may turn one into an error of its own."""

    def noted(number: int, frame: object) -> None:
        interrupts.append(number)
        raise KeyboardInterrupt

    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGINT, noted)


def _answered(arguments: list[str], interrupts: Sequence[int]) -> int:
    if arguments[:1] == ["__complete"]:
        return _completed(arguments[1:])
    json_wanted = _wants_json(arguments)
    words: list[str] = []
    shell: Shell | None = None
    try:
        words, options = parted(_readable(arguments))
        if not words or words[0] in _HELP or words[0] in {"--version", "-V"}:
            return _front(words, options)
        noun = words[0]
        if noun in NOUNS and (len(words) == 1 or words[1] in _HELP):
            return _noun_page(noun, asked=len(words) > 1)
        name = _named(words)
        from lmstrack.cli.shell import Shell  # noqa: PLC0415  # the front page needs none

        shell = Shell(settled(options), name)
        return _run(name, words[len(name.split()) :], shell)
    except LmstrackError as error:
        return _told(error, json_wanted, shell)
    except KeyboardInterrupt:
        return _interrupted(shell)
    except ReaderGone:
        raise
    except OSError as error:
        if interrupts:
            return _interrupted(shell)
        return _told(_refused_by_the_system(error), json_wanted, shell)
    except Exception as error:  # whatever it is, nobody is shown a traceback
        if interrupts:
            return _interrupted(shell)
        command = words[0] if words and words[0] in _first_words() else ""
        return _our_fault(error, command, json_wanted)


def _front(words: Sequence[str], options: dict[str, str]) -> int:
    from lmstrack.cli import front  # noqa: PLC0415

    if words and words[0] in {"--version", "-V"}:
        put(front.version())
    elif words:
        put(front.page())
    else:
        from lmstrack.cli.shell import Shell  # noqa: PLC0415
        from lmstrack.cli.status import status  # noqa: PLC0415

        put(status(Shell(settled(options), "status")))
    return ExitCode.DONE


def _completed(words: Sequence[str]) -> int:
    """Answer a shell that asks for completions; whatever is wrong with the line, it is not told of it."""
    from lmstrack.cli.completion import candidates  # noqa: PLC0415

    with contextlib.suppress(LmstrackError, OSError):
        put("\n".join(candidates(words)))
    return ExitCode.DONE


def _noun_page(noun: str, *, asked: bool) -> int:
    from lmstrack.cli import front  # noqa: PLC0415

    if asked:
        put(front.noun_page(noun))
        return int(ExitCode.DONE)
    say(front.noun_page(noun))
    return ExitCode.USAGE


def _named(words: Sequence[str]) -> str:
    """The command that the words begin with; a usage fault, with the nearest, where there is none."""
    two = " ".join(words[:2])
    if two in COMMANDS:
        return two
    if words[0] in COMMANDS:
        return words[0]
    from lmstrack.cli.front import unknown  # noqa: PLC0415

    raise unknown(words)


def _run(name: str, rest: Sequence[str], shell: Shell) -> int:
    from lmstrack.cli.family import invoked  # noqa: PLC0415  # it loads typer

    family = import_module(f"lmstrack.cli.{COMMANDS[name].module}")
    return invoked(family.app, name, rest, shell)


def _told(error: LmstrackError, json_wanted: bool, shell: Shell | None) -> int:
    from lmstrack.cli.failures import error_as_json, told  # noqa: PLC0415

    say(told(error, shell.workflow if shell is not None else None))
    if shell is not None and shell.written:
        say("What was entered stands: see lmstrack timeline.")
    if json_wanted:
        say(error_as_json(error))
    return error.exit_code


def _refused_by_the_system(error: OSError) -> LmstrackError:
    """A file or a disk that cannot be used is no fault of ours; the path is left out, it may be a name."""
    why = error.strerror or type(error).__name__
    return StoreUnavailable("Use a file", f"the system refuses: {why}.", "Check its name and its permissions.")


def _interrupted(shell: Shell | None) -> int:
    if shell is not None and shell.written:
        say("\nInterrupted while answering. What was entered stands: see lmstrack timeline.")
        return int(ExitCode.DONE)
    say("\nInterrupted. Nothing was written.")
    return ExitCode.INTERRUPTED


def _our_fault(error: Exception, command: str, json_wanted: bool) -> int:
    from datetime import UTC, datetime  # noqa: PLC0415

    from lmstrack.cli.failures import as_json, logged  # noqa: PLC0415

    try:
        fault = logged(error, command, datetime.now(UTC))
        where = f"Fault {fault} is kept, without any patient's data, in faults.log of your data folder."
    except OSError:
        where = f"It could not be logged; it is a {type(error).__name__}."
    message = f"This is a fault of lmstrack itself, not of what you typed. {where}"
    say(f"{message}\n  lmstrack config show names the folder. Please report the fault with its log entry.")
    if json_wanted:
        say(as_json(ExitCode.OUR_FAULT, message, "Report it with its entry in faults.log."))
    return ExitCode.OUR_FAULT


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether errors are told as JSON too, asked before anything can go wrong."""
    wanted = ""
    for place, word in enumerate(arguments):
        if word == "--":
            break
        if word == "--format" and place + 1 < len(arguments):
            wanted = arguments[place + 1]
        elif word.startswith("--format="):
            wanted = word.partition("=")[2]
    return wanted in {"json", "ndjson"}


def _readable(arguments: list[str]) -> list[str]:
    """What was typed, once it is known to be text: bytes that are none arrive as halves of signs."""
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for word in arguments for sign in word):
        raise UsageFault("Run lmstrack", "what was typed holds a sign that is no text.")
    return arguments


def _first_words() -> set[str]:
    return {words.split()[0] for words in COMMANDS}
