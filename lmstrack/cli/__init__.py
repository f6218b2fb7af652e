"""The command line. Nothing is loaded here: ``lmstrack --help`` has to answer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; *arguments* are those of the process where None."""
    try:
        from lmstrack.cli.running import run  # noqa: PLC0415  # an interrupt while loading is answered too

        return run(arguments)
    except KeyboardInterrupt:
        import sys  # noqa: PLC0415

        sys.stderr.write("\nInterrupted. Nothing was written.\n")
        return 130
