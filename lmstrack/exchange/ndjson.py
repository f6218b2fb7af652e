"""The exchange form: one event a line, as JSON; what is written here is what is read here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from pydantic import ValidationError

from lmstrack.dates import PartialDate
from lmstrack.errors import LmstrackError
from lmstrack.loading.incoming import IncomingCase, IncomingEvent, IncomingPerson, Rejected
from lmstrack.records import KINDS, Departure, person_fields, read_person, read_record, record_fields
from lmstrack.records.faults import did_you_mean, echoed, faults_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lmstrack.events import Event
    from lmstrack.records import Person

#: What a line says besides the fields of its kind.
ENVELOPE = (
    "case",
    "on",
    "kind",
    "source",
    "source_id",
    "departures",
    "line",
    "recorded_at",
    "recorded_by",
    "workflow",
    "as_history",
)
#: Kinds with a field of the same name keep it; what the line says of itself then stands under the longer
#: name.
LONGER = {"line": "event_line", "workflow": "event_workflow"}
#: Written into a file of rejects beside each row, and passed over when the mended file is read.
REASON = "rejected_because"

_LONGEST = 200


class _Unreadable(Exception):  # noqa: N818  # never leaves this module: it carries the faults of one line
    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__(*faults)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file about one case, as they stand there; *rows* gives the number of each."""

    key: str
    rows: tuple[int, ...]
    texts: tuple[bytes, ...]

    @property
    def row_count(self) -> int:
        """How many lines there are."""
        return len(self.rows)

    def parsed(self) -> IncomingCase:
        """Read them; one that cannot be read is kept with every fault in it."""
        persons: list[IncomingPerson] = []
        events: list[IncomingEvent] = []
        unreadable: list[Rejected] = []
        for row, text in zip(self.rows, self.texts, strict=True):
            try:
                read = read_line(row, text)
            except _Unreadable as error:
                unreadable.append(Rejected(row, self.key, "; ".join(error.faults)))
                continue
            if isinstance(read, IncomingPerson):
                persons.append(read)
            else:
                events.append(read)
        return IncomingCase(self.key, tuple(persons), tuple(events), tuple(unreadable))


def read_line(row: int, text: bytes) -> IncomingEvent | IncomingPerson:
    """Read one line; raises `_Unreadable` with every fault."""
    fields = _object(text)
    faults: list[str] = []
    _case(fields, faults)
    kind = fields.pop("kind", None)
    fields.pop(REASON, None)
    if kind == "person":
        return _person(row, fields, faults)
    if not isinstance(kind, str) or kind not in KINDS:
        hint = did_you_mean(kind, (*KINDS, "person")) if isinstance(kind, str) else ""
        faults.append(
            f"there is no kind of record {echoed(kind)}{hint}" if kind is not None else "kind is missing"
        )
        raise _Unreadable(*faults)
    return _event(row, kind, fields, faults)


def key_of(text: bytes) -> str | None:
    """Find the case that a line is about; None where the line cannot be read so far."""
    try:
        fields = _object(text)
        return _case(fields, [])
    except _Unreadable:
        return None


def _object(text: bytes) -> dict[str, object]:
    try:
        held = json.loads(text.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_once_each)
    except UnicodeDecodeError:
        raise _Unreadable("the line is not UTF-8; save the file with that encoding") from None
    except _Unreadable:
        raise
    except (ValueError, RecursionError):
        raise _Unreadable("the line is not JSON") from None
    if not isinstance(held, dict):
        raise _Unreadable("a line is an object: {…}")
    return held


def _no_constant(name: str) -> NoReturn:
    raise _Unreadable(f"{name} is no number")


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    held = dict(pairs)
    if len(held) != len(pairs):
        raise _Unreadable("a name stands twice in one object")
    return held


def _case(fields: dict[str, object], faults: list[str]) -> str | None:
    case = fields.pop("case", None)
    if isinstance(case, str) and case.strip() and _kept(case):
        return case.strip()
    if case is None:
        faults.append("case is missing")
    elif isinstance(case, int):
        faults.append("case: write it as text, so that its zeros stay")
    else:
        faults.append("case: write the case id, or an identifier, as text")
    return None


def _person(row: int, fields: dict[str, object], faults: list[str]) -> IncomingPerson:
    try:
        person = read_person(fields)
    except LmstrackError as error:
        faults += _faults_of(error)
    if faults:
        raise _Unreadable(*faults)
    return IncomingPerson(row, person)


def _event(row: int, kind: str, fields: dict[str, object], faults: list[str]) -> IncomingEvent:
    envelope = _envelope(kind, fields)
    on = _on(envelope.get("on"), faults)
    said = {
        "source": _text("source", envelope, faults),
        "source_id": _text("source_id", envelope, faults),
        "recorded_by": _text("recorded_by", envelope, faults),
        "workflow": _text("workflow", envelope, faults),
    }
    line = envelope.get("line")
    if line is not None and (not isinstance(line, int) or isinstance(line, bool) or line < 1):
        faults.append("line: write a whole number from 1")
    as_history = envelope.get("as_history", False)
    if not isinstance(as_history, bool):
        faults.append("as_history: write true or false")
    recorded_at = _instant(envelope.get("recorded_at"), faults)
    departures = _departures(envelope.get("departures"), faults)
    try:
        record = read_record(kind, fields)
    except LmstrackError as error:
        faults += _with_envelope(kind, fields, _faults_of(error))
    if faults or on is None:
        raise _Unreadable(*faults)
    return IncomingEvent(
        row,
        on,
        record,
        source_id=said["source_id"],
        source=said["source"],
        departures=departures,
        recorded_by=said["recorded_by"],
        recorded_at=recorded_at,
        line=line,  # type: ignore[arg-type]  # a whole number, or there would be a fault
        workflow=said["workflow"],
        as_history=as_history,  # type: ignore[arg-type]  # likewise
    )


def _envelope(kind: str, fields: dict[str, object]) -> dict[str, object]:
    """Take out what the line says of itself."""
    own = KINDS[kind].model_fields
    envelope: dict[str, object] = {}
    for name in ENVELOPE:
        longer = LONGER.get(name)
        if longer is not None and longer in fields:
            envelope[name] = fields.pop(longer)
        if name in fields and name not in own:
            envelope[name] = fields.pop(name)
    return envelope


def _on(value: object, faults: list[str]) -> PartialDate | None:
    if value is None:
        faults.append("on is missing: the day on which it happened")
        return None
    if not isinstance(value, str):
        faults.append("on: write a date as YYYY-MM-DD, YYYY-MM or YYYY, as text")
        return None
    try:
        return PartialDate.parse(value)
    except LmstrackError as error:
        faults.append(f"on: {'; '.join(_faults_of(error))}")
        return None


def _text(name: str, envelope: Mapping[str, object], faults: list[str]) -> str | None:
    value = envelope.get(name)
    if value is None:
        return None
    if isinstance(value, str) and value.strip() and _kept(value):
        return value.strip()
    faults.append(f"{name}: write text of 1 to {_LONGEST} characters")
    return None


def _kept(text: str) -> bool:
    """Whether a database can keep it: not too long, without the character zero or halves of characters."""
    return (
        len(text) <= _LONGEST
        and "\x00" not in text
        and not any("\ud800" <= sign <= "\udfff" for sign in text)
    )


def _instant(value: object, faults: list[str]) -> datetime | None:
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        if instant is not None and instant.utcoffset() is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    faults.append("recorded_at: write an instant with its offset, such as 2026-01-15T09:30:00+00:00")
    return None


def _departures(value: object, faults: list[str]) -> dict[str, Departure]:
    if value is None:
        return {}
    found: dict[str, Departure] = {}
    if not isinstance(value, dict):
        faults.append(
            'departures: write an object, such as {"LMS-DX-12": {"because": "…", "agreed_by": "…"}}'
        )
        return found
    for rule, given in value.items():
        if not _kept(rule) or not rule.strip():
            faults.append("departures: name the rule that is departed from")
            continue
        try:
            found[rule] = Departure.model_validate(given)
        except ValidationError as error:
            faults += [
                f"departures.{rule}: {fault.sentence}" for fault in faults_in(error, Departure, rule, given)
            ]
    return found


def _faults_of(error: LmstrackError) -> list[str]:
    return list(getattr(error, "faults", ())) or [error.obstacle.rstrip(".")]


def _with_envelope(kind: str, fields: Mapping[str, object], faults: list[str]) -> list[str]:
    """Name what the line may say of itself too, where a name is neither that nor a field of the kind."""
    near = {
        f"{kind} has no field {echoed(name)}": did_you_mean(name, (*KINDS[kind].model_fields, *ENVELOPE))
        for name in fields
        if name not in KINDS[kind].model_fields
    }
    return [
        next((begin + end for begin, end in near.items() if fault.startswith(begin)), fault)
        for fault in faults
    ]


# ---- writing


def person_line(case: str, person: Person) -> dict[str, object]:
    """Who the patient is, as the line that comes before the events of the case."""
    return {"case": case, "kind": "person", **person_fields(person)}


def event_line(event: Event) -> dict[str, object]:
    """One event, with all that the log knows of it; what is not known is left out."""
    kind = event.kind
    own = KINDS[kind].model_fields
    line: dict[str, object] = {
        "case": event.case,
        "on": str(PartialDate(event.on, event.precision)),
        "kind": kind,
        **record_fields(event.record),
    }
    about = {
        "source": event.source,
        "source_id": event.source_id,
        "departures": {rule: given.plain() for rule, given in event.departures.items()} or None,
        "line": event.line,
        "recorded_at": event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "recorded_by": event.recorded_by,
        "workflow": event.workflow,
        "as_history": event.as_history or None,
    }
    for name, value in about.items():
        if value is not None:
            line[LONGER[name] if name in own else name] = value
    return line


def export_lines(cases: Iterable[tuple[str, Person, Iterable[Event]]]) -> Iterator[dict[str, object]]:
    """Every case: the person, then the events in the order of the log. Importing them loses nothing."""
    for case, person, log in cases:
        yield person_line(case, person)
        for event in log:
            yield event_line(event)


def written(line: Mapping[str, object]) -> str:
    """A line as it stands in a file, without the end of the line."""
    return json.dumps(line, ensure_ascii=False, separators=(", ", ": "), allow_nan=False)


__all__ = ["ENVELOPE", "REASON", "Lines", "event_line", "export_lines", "key_of", "person_line", "written"]
