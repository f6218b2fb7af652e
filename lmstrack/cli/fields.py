"""FIELD=VALUE as it is typed, files and JSON included, and departures as they are typed."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lmstrack.errors import InvalidData, UsageFault
from lmstrack.records import Departure, record_fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lmstrack.records import Record


_RULE = re.compile(r"[A-Za-z0-9-]{1,40}")  # anything else that was typed is not repeated


def paired(words: Sequence[str], asked: str) -> dict[str, str]:
    """Field and text of each word; ``@FILE`` as a value stands for what the file holds.

    Raises `UsageFault` for a word without ``=`` and `InvalidData` for a field that is given twice.
    """
    pairs: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageFault(
                asked,
                "what follows the kind is written FIELD=VALUE.",
                "Quote a value that holds spaces: decision='operate first'.",
            )
        if name in pairs:
            raise InvalidData(asked, [f"{name} is given twice"], "Lists are written with commas.")
        pairs[name] = _file(value.removeprefix("@"), f"{asked}, {name}") if value.startswith("@") else value
    return pairs


def loaded(source: str, asked: str) -> dict[str, object]:
    """The JSON object in a file, or on the standard input where *source* is ``-``.

    Raises `InvalidData` where it is none.
    """
    try:
        text = sys.stdin.read() if source == "-" else _file(source, asked)
        held = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidData(asked, ["this is not JSON"], 'Write {"region": "primary", "modality": "MRI"}.') from None
    if not isinstance(held, dict):
        raise InvalidData(asked, ["this is not a JSON object"], 'Write {"region": "primary", "modality": "MRI"}.')
    return held


def _file(name: str, asked: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InvalidData(asked, [f"the file cannot be read ({type(error).__name__})"]) from None


def departures(despite: Sequence[str], because: Sequence[str], agreed_by: Sequence[str]) -> dict[str, Departure]:
    """The departures that were typed: a reason, and who agreed, once for all rules or once for each.

    Raises `UsageFault` for any other number of them.
    """
    if not despite:
        if because or agreed_by:
            raise UsageFault(
                "Depart from a rule",
                "no rule is named.",
                'Name it: --despite LMS-DX-12 --because "…" [--agreed-by NAME]',
            )
        return {}
    asked = f"Depart from {', '.join(rule for rule in despite if _RULE.fullmatch(rule)) or 'a rule'}"
    if len(because) not in {1, len(despite)}:
        raise UsageFault(
            asked,
            f"there are {len(because)} reasons for {len(despite)} rules." if because else "the reason is missing.",
            "Give --because once for all rules, or once for each --despite.",
        )
    if len(agreed_by) not in {0, 1, len(despite)}:
        raise UsageFault(
            asked,
            f"{len(agreed_by)} people agreed to {len(despite)} rules.",
            "Give --agreed-by once for all rules, or once for each --despite.",
        )
    reasons = because if len(because) == len(despite) else list(because) * len(despite)
    people = agreed_by if len(agreed_by) == len(despite) else list(agreed_by or [""]) * len(despite)
    return {rule: departure(reason, person) for rule, reason, person in zip(despite, reasons, people, strict=True)}


def reasoned(asked: str, because: str) -> None:
    """Raise `UsageFault` where no reason was typed for what needs one."""
    if not because.strip():
        raise UsageFault(asked, "the reason is missing.", 'Say why: --because "…"')


def departure(because: str, agreed_by: str) -> Departure:
    """One departure; raises `UsageFault` where it says nothing."""
    if not because.strip():
        raise UsageFault("Depart from a rule", "the reason is empty.", 'Say why: --because "…"')
    return Departure(because=because, agreed_by=agreed_by.strip() or None)


def departures_in(told: object, asked: str) -> dict[str, Departure]:
    """The departures of an event in the exchange form."""
    if not isinstance(told, dict):
        raise InvalidData(asked, ["departures: write an object with a rule id for each"])
    found: dict[str, Departure] = {}
    for rule, each in told.items():
        if (
            not isinstance(each, dict)
            or not isinstance(each.get("because"), str)
            or set(each) - {"because", "agreed_by"}
        ):
            raise InvalidData(asked, [f"departures.{rule}: write an object with because and agreed_by"])
        found[str(rule)] = departure(each["because"], str(each.get("agreed_by") or ""))
    return found


def as_typed(record: Record) -> dict[str, str]:
    """The known fields of a record as they would be typed."""
    return {name: _typed(value) for name, value in record_fields(record).items()}


def _typed(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def changed(held: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """What was held with what was given in its place; an empty value takes a field away."""
    return {name: text for name, text in {**held, **given}.items() if text.strip()}
