"""What can go wrong, said as an answer: what was asked, what stands in the way, what to do."""

from __future__ import annotations

import copyreg
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from lmstrack.rules import Finding


class ExitCode(IntEnum):
    """How the command line ends; other programs rely on these numbers."""

    DONE = 0
    OUR_FAULT = 1
    USAGE = 2
    REFUSED = 3
    INVALID = 4
    IMPOSSIBLE = 5
    CONFLICT = 6
    NOT_FOUND = 7
    NOT_PERMITTED = 8
    STORE = 9
    FINDINGS = 10
    INTERRUPTED = 130


class LmstrackError(Exception):
    """Everything that is raised on purpose, made with its parts, which stay on it.

    *asked* is what somebody wanted, *obstacle* what stands in the way, *remedy* what they can do now.
    No part ever holds a patient's name.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.OUR_FAULT

    def __init__(self, asked: str, obstacle: str, remedy: str = "") -> None:
        super().__init__(asked, obstacle, remedy)
        self.asked = asked
        self.obstacle = obstacle
        self.remedy = remedy

    def __str__(self) -> str:
        said = f"{self.asked}: {self.obstacle}"
        return f"{said} {self.remedy}" if self.remedy else said

    def __reduce__(self) -> tuple[object, ...]:
        # Each kind is made with other parts than the three it is raised with; sent elsewhere, it is not made again.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class UsageFault(LmstrackError):
    """The question itself was put in a way that has no answer."""

    exit_code = ExitCode.USAGE


class InvalidData(LmstrackError):
    """An unknown kind, field or value, or a date that cannot be read; *faults* holds each of them."""

    exit_code = ExitCode.INVALID

    def __init__(self, asked: str, faults: Sequence[str], remedy: str = "") -> None:
        super().__init__(asked, "; ".join(faults), remedy)
        self.faults = tuple(faults)


class Impossible(LmstrackError):
    """What was said cannot have happened: a visit before birth, a scan in the future."""

    exit_code = ExitCode.IMPOSSIBLE


class Conflict(LmstrackError):
    """Somebody else wrote in the meantime, or what is to be created is already there."""

    exit_code = ExitCode.CONFLICT


class NotFound(LmstrackError):
    """There is no such case, event or rule, or there are several; *candidates* names near ones."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, asked: str, obstacle: str, remedy: str = "", candidates: Sequence[str] = ()) -> None:
        super().__init__(asked, obstacle, remedy)
        self.candidates = tuple(candidates)


class NotPermitted(LmstrackError):
    """This actor may not do this, or is unknown."""

    exit_code = ExitCode.NOT_PERMITTED


class StoreUnavailable(LmstrackError):
    """The database cannot be opened, is locked, or was written by another version."""

    exit_code = ExitCode.STORE


class WorkflowFaults(LmstrackError):
    """A workflow file that cannot be used; *faults* lists every fault in it, not the first."""

    exit_code = ExitCode.FINDINGS

    def __init__(self, file: str, faults: Sequence[str]) -> None:
        count = f"{len(faults)} fault" + ("s" if len(faults) != 1 else "")
        super().__init__(
            f"Load workflow {file}", f"{count} found.", "Mend each of them, then run: lmstrack workflow check"
        )
        self.file = file
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join([f"{self.asked}: {self.obstacle}", *(f"  - {fault}" for fault in self.faults)])


class Refused(LmstrackError):
    """A rule stands in the way of an entry; what has really happened is recorded with a departure.

    *findings* holds every rule that is not met, each with what it needs, what was found, its source and the
    command that would resolve it. *unsigned* are those that a departure was given from without the clinician who
    answers for it.
    """

    exit_code = ExitCode.REFUSED

    def __init__(
        self, case: str, kind: str, on: date, state: str, findings: Sequence[Finding], unsigned: Sequence[str] = ()
    ) -> None:
        self.case = case
        self.kind = kind
        self.on = on
        self.state = state
        self.findings = tuple(findings)
        self.unsigned = tuple(unsigned)
        unmet = ", ".join(finding.rule for finding in self.findings)
        super().__init__(
            f"{kind}, {on.isoformat()}, is refused",
            f"not met: {unmet}.",
            f"A departure from {', '.join(self.unsigned)} needs the clinician who answers for it, agreed_by."
            if self.unsigned
            else "Record what is missing, or, if it has already happened, say why with a departure.",
        )
