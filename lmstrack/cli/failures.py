"""What went wrong, for a person in a few lines, for a program as JSON, and for us in a private log."""

from __future__ import annotations

import json
import os
import secrets
import textwrap
from typing import TYPE_CHECKING, Final

from lmstrack.cli.settings import data_folder
from lmstrack.cli.streams import append_private
from lmstrack.dates import short, worded
from lmstrack.errors import ExitCode, InvalidData, LmstrackError, NotFound, Refused, WorkflowFaults
from lmstrack.reports.findings import finding_fields
from lmstrack.rules import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from types import TracebackType

    from lmstrack.rules import Finding

_LONGEST: Final = 6
_WIDTH: Final = 110
_INDENT: Final = "     "


def told(error: LmstrackError, workflow: str | None = None) -> str:
    """What was asked, what stands in the way, how to put it right: six lines, or six a rule."""
    if isinstance(error, Refused):
        return "\n".join(_refusal(error, workflow))
    faults = error.faults if isinstance(error, InvalidData | WorkflowFaults) else (error.obstacle,)
    if len(faults) == 1:
        lines = [f"{error.asked}: {_sentence(faults[0])}"]
    else:
        room = _LONGEST - 2
        shown = [*faults[: room - 1], f"… and {len(faults) - room + 1} more"] if len(faults) > room else faults
        lines = [f"{error.asked}:", *(f"  {_sentence(fault)}" for fault in shown)]
    if error.remedy:
        lines.append(f"  {error.remedy}")
    if isinstance(error, NotFound) and error.candidates and "mean" not in error.remedy:
        near = ", ".join(error.candidates[:5])
        if len(near) < _WIDTH:
            lines.append(f"  Near: {near}{', …' if len(error.candidates) > 5 else ''}")
    return "\n".join(lines[:_LONGEST])


def _sentence(said: str) -> str:
    said = said.strip()
    return said if said.endswith((".", "?", "!", "…")) else f"{said}."


def _refusal(refused: Refused, workflow: str | None) -> Iterator[str]:
    yield f"Refused: {refused.kind}, {worded(refused.on)}. {_counted(refused.findings)}"
    for finding in refused.findings:
        if not finding.refuses:
            continue  # a question: counted above, and asked once the entry is on record
        yield from textwrap.wrap(
            f"{finding.rule}  {finding.says}", _WIDTH, initial_indent="  ", subsequent_indent=" " * 14
        )
        yield from _part("needs", finding.needs)
        yield from _part("found", finding.found)
        yield from _part("source", f"{finding.source}{f' · workflow {workflow}' if workflow else ''}")
        if finding.fix:
            yield f"{_INDENT}fix     lmstrack record {refused.case} {finding.fix} --on DATE"
        else:
            yield from _asked(refused.case, finding)
        if finding.rule in refused.unsigned:
            yield from _part("lacks", "the clinician who answers for the departure: --agreed-by NAME")
            continue
        agreed = " --agreed-by NAME" if finding.strength == "mandatory" else ""
        yield f'{_INDENT}or, if it has already happened: --despite {finding.rule} --because "…"{agreed}'
    if any(finding.refuses and finding.fix for finding in refused.findings):
        yield f"  Only what is dated up to {short(refused.on)} counts for this entry."


def _asked(case: str, finding: Finding) -> Iterator[str]:
    """What would answer a rule that cannot be judged: a field of the entry itself, or something to record."""
    for ask in finding.asks:
        kind, _, field = ask.record.partition(" ")
        own = kind == finding.kind and ask.line == finding.line
        how = f"Add to the entry: {field}" if own else f"lmstrack record {case} {ask.record}"
        yield from _part("ask", f"{ask.question} {how}")


def _part(name: str, said: str) -> Iterator[str]:
    if said:
        yield from textwrap.wrap(
            said,
            _WIDTH,
            initial_indent=f"{_INDENT}{name:<8}",
            subsequent_indent=" " * 13,
            break_on_hyphens=False,
        )


def _counted(findings: Sequence[Finding]) -> str:
    """1 mandatory rule is not met, 1 cannot be judged yet; 2 questions can be answered later."""
    said = []
    for strength in ("mandatory", "expected"):
        count = sum(1 for each in findings if each.strength == strength and each.answer is Verdict.NOT_MET)
        if count:
            said.append(f"{count} {strength} rule{'s are' if count > 1 else ' is'} not met")
    unknown = [each for each in findings if each.answer is Verdict.UNKNOWN]
    undecided = sum(1 for each in unknown if each.refuses)
    if undecided:  # only a mandatory rule refuses while it is not known whether it is met
        said.append(f"{undecided} mandatory rule{'s' if undecided > 1 else ''} cannot be judged yet")
    later = len(unknown) - undecided
    can_wait = f"; {later} question{'s' if later > 1 else ''} can be answered later" if later else ""
    return f"{', '.join(said)}{can_wait}."


def as_json(code: ExitCode, message: str, hint: str = "", findings: Sequence[Finding] = ()) -> str:
    """The same for a program, in one line."""
    error = {
        "code": int(code),
        "message": message,
        "hint": hint or None,
        "findings": [finding_fields(finding) for finding in findings],
    }
    return json.dumps({"error": error}, ensure_ascii=True)


def error_as_json(error: LmstrackError) -> str:
    """An error with its parts, in one line of JSON."""
    message = f"{error.asked}: {error.obstacle}"
    if isinstance(error, WorkflowFaults):
        message = f"{error.asked}: {'; '.join(error.faults)}"
    findings = error.findings if isinstance(error, Refused) else ()
    return as_json(error.exit_code, message, error.remedy, findings)


# ---- our own fault


def logged(error: BaseException, command: str, at: datetime) -> str:
    """Keep where it happened, without any value that was in play, and give the id under which it is kept."""
    fault = secrets.token_hex(4)
    lines = [f"{fault} {at.isoformat(timespec='seconds')} lmstrack {command}"]
    lines += [f"  {line}" for line in _chain(error)]
    append_private(data_folder(os.environ) / "faults.log", "\n".join(lines) + "\n")
    return fault


def _chain(error: BaseException | None) -> Iterator[str]:
    seen = 0
    while error is not None and seen < 10:
        # The message of an exception may hold a patient's data, so only its type is kept.
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        yield from _frames(error.__traceback__)
        error = error.__cause__ or error.__context__
        seen += 1


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        parts = code.co_filename.replace("\\", "/").split("/")
        yield f"  {'/'.join(parts[-3:])}:{traceback.tb_lineno} in {code.co_name}"
        traceback = traceback.tb_next
