"""Families of commands: how one is made with typer, and how one of its commands is run."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import typer
from typer.core import TyperCommand

from lmstrack.cli.commands import COMMANDS
from lmstrack.cli.examples import EXAMPLES
from lmstrack.errors import ExitCode, UsageFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lmstrack.cli.shell import Shell

F = TypeVar("F", bound="Callable[..., object]")

_WIDTH: Final = 80
# typer keeps its usage errors in a private package, but one of them is public and shares its ancestors.
_UsageError: Final[type[Exception]] = typer.BadParameter.__mro__[1]


class _Formatter(Protocol):
    def write(self, string: str) -> None: ...


class WithExamples(TyperCommand):
    """A command whose help begins with examples."""

    def format_help(self, ctx: Any, formatter: _Formatter) -> None:
        """Examples, usage, what it does, then the options."""
        command = COMMANDS[ctx.info_name]
        formatter.write("Examples:\n")
        for example in EXAMPLES[command.words]:
            formatter.write(_folded(example))
        usage = " ".join(part for part in ("lmstrack", command.words, command.takes, "[OPTIONS]") if part)
        formatter.write(f"\nUsage: {usage}\n\n{_paragraphs(self.help or command.says)}")
        parameters = [each for each in self.get_params(ctx) if not getattr(each, "hidden", False)]
        for title, kind in (("Arguments", "argument"), ("Options", "option")):
            told = [_told(each) for each in parameters if each.param_type_name == kind]
            if told:
                formatter.write(f"\n{title}:\n{_side_by_side(told)}")
        formatter.write("\nThe options of every command: lmstrack --help\n")


def _told(parameter: Any) -> tuple[str, str]:
    """A parameter as it is typed, and what it means."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper()), str(parameter.help or "")
    takes = f" {parameter.metavar}" if parameter.metavar else ""
    return f"{', '.join(parameter.opts)}{takes}", str(parameter.help or "")


def _side_by_side(pairs: Sequence[tuple[str, str]]) -> str:
    size = max(len(left) for left, _ in pairs)
    lines: list[str] = []
    for left, right in pairs:
        lines += textwrap.wrap(
            f"  {left:<{size}}  {right}",
            _WIDTH,
            subsequent_indent=" " * (size + 4),
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines) + "\n"


def _folded(example: str) -> str:
    lines = textwrap.wrap(
        example,
        _WIDTH - 4,
        initial_indent="  ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return " \\\n".join(lines) + "\n"


def _paragraphs(text: str) -> str:
    parts = [" ".join(part.split()) for part in text.split("\n\n")]
    return "\n\n".join(textwrap.fill(part, _WIDTH) for part in parts) + "\n"


def family() -> typer.Typer:
    """A family to which `command` adds."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

    @app.callback()
    def _whole() -> None:
        pass  # with it, a family of one command is still a family

    return app


def command(app: typer.Typer, words: str, **settings: Any) -> Callable[[F], F]:
    """Add a function as the command with these words."""
    return app.command(words, cls=WithExamples, context_settings={"max_content_width": _WIDTH, **settings})


def invoked(app: typer.Typer, words: str, arguments: Sequence[str], shell: Shell) -> int:
    """Run the command with these words; what it returns is the exit code, None meaning done."""
    whole = typer.main.get_command(app)
    try:
        answer = whole.main(
            [words, *arguments], prog_name="lmstrack", standalone_mode=False, obj=shell, terminal_width=_WIDTH
        )
    except typer.Exit as left:
        answer = left.exit_code
    except SystemExit:
        return ExitCode.DONE  # what typer makes of a reader who went away
    except typer.Abort:
        raise KeyboardInterrupt from None
    except _UsageError as error:
        raise _usage_fault(words, error) from None
    if answer == ExitCode.INTERRUPTED:  # what typer makes of an interrupt
        raise KeyboardInterrupt
    return ExitCode.DONE if answer is None else int(answer)


def _usage_fault(words: str, error: Any) -> UsageFault:
    """What is wrong with the line, without what was typed: a name may be in it."""
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = _parameter(parameter)
    usage = " ".join(part for part in ("lmstrack", words, COMMANDS[words].takes) if part)
    if kind == "NoSuchOption":
        near = list(getattr(error, "possibilities", None) or ())
        hint = f"Did you mean {' or '.join(near[:2])}? " if near else ""
        return UsageFault(
            f"Run lmstrack {words}", "there is no such option.", f"{hint}lmstrack {words} --help names them."
        )
    if kind == "MissingParameter":
        return UsageFault(f"Run lmstrack {words}", f"{name} is missing.", f"Usage: {usage}")
    if kind == "BadParameter" and parameter is not None:
        return UsageFault(
            f"Run lmstrack {words}", f"{name} cannot be read.", f"lmstrack {words} --help says what it takes."
        )
    if kind == "BadOptionUsage":
        option = str(getattr(error, "option_name", "an option"))
        return UsageFault(f"Run lmstrack {words}", f"{option} needs a value.", f"lmstrack {words} --help says which.")
    return UsageFault(
        f"Run lmstrack {words}",
        "there are more words than it takes.",
        f"Usage: {usage}{' [OPTIONS]' if COMMANDS[words].options else ''}; a text with spaces is quoted. "
        f"lmstrack {words} --help tells more.",
    )


def _parameter(parameter: Any) -> str:
    if parameter is None:
        return "something"
    options = [each for each in getattr(parameter, "opts", ()) if each.startswith("--")]
    return options[0] if options else str(getattr(parameter, "metavar", None) or parameter.name).upper()
