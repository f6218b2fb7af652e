"""``completion`` and ``help``: pages that are printed and need no database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lmstrack.cli.commands import COMMANDS, NOUNS
from lmstrack.cli.completion import SCRIPTS, SHELLS
from lmstrack.cli.family import command, family
from lmstrack.cli.front import noun_page, page
from lmstrack.cli.topics import TOPICS, kind_page
from lmstrack.errors import NotFound, UsageFault
from lmstrack.records import KINDS
from lmstrack.records.faults import did_you_mean

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell

app = family()


@command(app, "completion")
def completion(
    ctx: typer.Context, shell_name: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")]
) -> None:
    """Print the completion script of a shell; it offers commands, options, kinds, fields and ids, no names.

    The ids offered are those you used lately, from a file of your own; the database is not opened.
    """
    shell: Shell = ctx.obj
    if shell_name not in SCRIPTS:
        raise UsageFault("Print a completion script", "the shell is not known.", f"Known are {', '.join(SHELLS)}.")
    shell.line(SCRIPTS[shell_name])


@command(app, "help")
def helped(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(metavar="TOPIC", help="A topic, a kind, or a command.")] = None,
) -> None:
    """More about a topic, a kind of record, or a command."""
    shell: Shell = ctx.obj
    topic = " ".join(words or [])
    if not topic:
        shell.line(page())
    elif topic in TOPICS:
        shell.line(TOPICS[topic]())
    elif topic in KINDS:
        shell.line(kind_page(topic))
    elif topic in NOUNS:
        shell.line(noun_page(topic))
    elif topic in COMMANDS:
        from lmstrack.cli.running import run  # noqa: PLC0415

        run([*topic.split(), "--help"])
    else:
        near = did_you_mean(topic, (*TOPICS, *KINDS, *COMMANDS)).removeprefix("; ").capitalize()
        pages = f"Topics: {', '.join(TOPICS)}, any kind, any command."
        raise NotFound("Help", "there is no such topic.", f"{near} {pages}".strip())
