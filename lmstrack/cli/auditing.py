"""The chain of hashes that every entry is part of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer  # typer reads the annotations

from lmstrack.cli.family import command, family
from lmstrack.errors import ExitCode

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell

app = family()


@command(app, "audit verify")
def verify(ctx: typer.Context) -> int:
    """Compute every hash of the log anew and name each place where it does not fit (exit code 10)."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        faults = tracker.store.chain_faults()
        head = tracker.store.chain_head()
    if shell.settings.format in {"json", "ndjson"}:
        shell.json({"schema": "lmstrack.audit/1", "head": head, "faults": list(faults)})
    elif faults:
        shell.line("\n".join(faults))
        shell.say(f"{len(faults)} faults. Keep this database as it is, and restore the last backup beside it.")
    else:
        shell.told(f"The chain is whole. Head {head}")
    return ExitCode.FINDINGS if faults else ExitCode.DONE


@command(app, "audit head")
def head(ctx: typer.Context) -> None:
    """One hash for the whole record; kept, it proves later that nothing before it was changed."""
    shell: Shell = ctx.obj
    with shell.tracker() as tracker:
        value = tracker.store.chain_head()
    if shell.settings.format in {"json", "ndjson"}:
        shell.json({"schema": "lmstrack.audit/1", "head": value, "faults": None})
    else:
        shell.line(value)
