"""The command line. Nothing is loaded here: ``lmstrack --help`` has to answer at once."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; *arguments* are those of the process where None."""
    try:
        from lmstrack.cli.running import run  # noqa: PLC0415  # an interrupt while loading is answered too

        code = run(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. Nothing was written.\n")
        code = _INTERRUPTED
    if code == _INTERRUPTED and arguments is None:
        # Where an exec() was interrupted, Python ends the process by the signal, whatever code it is given.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
