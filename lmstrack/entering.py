"""Entering what happened: one transaction, in which an event is weighed, written and brought into the lists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lmstrack.case_ids import case_id, number_of
from lmstrack.dates import PartialDate
from lmstrack.errors import Conflict, Impossible, InvalidData
from lmstrack.events import Event, horizon, standing
from lmstrack.families import cache_all, family_of, view_of
from lmstrack.joined import in_view, seen
from lmstrack.listing import cached
from lmstrack.merging import check_consistent, check_merge, leaving_or_returning, merged_into
from lmstrack.moving import Move, is_copy, movable, moves, returning, stands
from lmstrack.places import at_home, own_place
from lmstrack.recording import Recorded, admitted
from lmstrack.records import CONCERNS_TWO_CASES, Correct, Instead, Merge, MoveEvent, Unmerge, renumbered
from lmstrack.store.merges import cases_moved_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from lmstrack.families import Family
    from lmstrack.records import Departure, Person, Record
    from lmstrack.store import Writer
    from lmstrack.versions import Versions

#: What may still be entered in the log of a case that was merged into another: it is about that log alone.
_OF_THE_LOG = frozenset({"correct", "move_event", "unmerge"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as somebody enters it; *departures* as their rules were named, the rest as in `Event`.

    *expected_line* is the last line that whoever enters has read, None where that does not matter.
    """

    case: str
    record: Record
    when: PartialDate
    departures: Mapping[str, Departure] | None = None
    source: str | None = None
    source_id: str | None = None
    expected_line: int | None = None
    as_history: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """Where events are entered within one transaction: by whom, on which day, at which instant.

    With *dry_run* everything is decided and nothing written.
    """

    writer: Writer
    versions: Versions
    by: str
    today: date
    at: datetime
    zone: str
    dry_run: bool = False

    def enter(self, entry: Entry) -> Recorded:
        """Enter an event, and whatever it does in another case; raises as `Tracker.record` does."""
        entry = self._where_it_belongs(entry)
        writer, case, record = self.writer, entry.case, entry.record
        person = writer.person(case)  # raises NotFound where there is no such case
        if entry.source_id is not None:
            held = writer.by_source(entry.source or "", entry.source_id)
            if held is not None:
                return self._already(*held)
        log = writer.log(case)
        if entry.expected_line is not None and entry.expected_line != len(log):
            raise Conflict(
                f"Record {record.kind} for {case} after line {entry.expected_line}",
                f"the case has moved on and is at line {len(log)}.",
                f"Look at what came in with: lmstrack timeline {case}",
            )
        match record:
            case Merge() | Unmerge():
                record = self._other_named(record)
                return self._written(case, person, log, self._event(replace(entry, record=record), log))
            case MoveEvent():
                return self._moved(entry, person, log, record)
            case Correct():
                return self._corrected(entry, person, log, record)
        return self._written(case, person, log, self._event(entry, log))

    def reading(self, case: str, line: int) -> Event:
        """A line as it reads now, or as it was written where it does not stand. Raises `Impossible` for no line."""
        log = self.writer.log(case)
        reading = next((event for event in (*standing(log), *log) if event.line == line), None)
        if reading is None:
            raise Impossible(
                f"Correct line {line} of {case}",
                f"the log has {len(log)} lines.",
                f"See them with: lmstrack timeline {case}",
            )
        return reading

    def correction(
        self,
        case: str,
        line: int | None,
        nature: str,
        because: str | None,
        instead: Record | None = None,
        on: PartialDate | None = None,
    ) -> tuple[str, Correct]:
        """The case whose line it is, and what says that it should read otherwise, or never was; None: the last one."""
        if nature not in {"entered_in_error", "refined"}:
            raise InvalidData("Correct a line", [f"nature: {nature!r} is neither entered_in_error nor refined"])
        if line is None:
            lines = seen(case, view_of(self.writer, case)).lines
            if not lines:
                raise Impossible(f"Undo in {case}", "nothing is recorded for this case.")
            line = max(lines, key=lambda event: (event.recorded_at, event.line)).line  # of whichever log, if merged
        other, line = own_place(at_home(case, line))
        reads = self.reading(other or case, line)
        new_reading: Instead | None = None
        if instead is not None or on is not None:
            day = on if on is not None else PartialDate(reads.on, reads.precision)
            new_reading = Instead(on=str(day), record=instead if instead is not None else reads.record)
        correct = Correct(line=line, nature=nature, because=because, instead=new_reading)  # type: ignore[arg-type]
        return other or case, correct

    # ---- one line

    def _where_it_belongs(self, entry: Entry) -> Entry:
        """The entry for the log that it is about: a line is corrected in the log in which it stands."""
        record = renumbered(entry.record, lambda line: at_home(entry.case, line))
        if isinstance(record, Correct | MoveEvent):
            other, line = own_place(record.line)
            if other is not None:
                return replace(entry, case=other, record=record.model_copy(update={"line": line}))
        return entry if record is entry.record else replace(entry, record=record)

    def _event(self, entry: Entry, log: Sequence[Event]) -> Event:
        newest = self.versions.newest
        sourced = entry.source is not None or entry.source_id is not None
        return Event(
            case=entry.case,
            line=len(log) + 1,
            on=entry.when.first,
            precision=entry.when.precision,
            record=entry.record,
            recorded_at=_after(log, self.at),
            recorded_by=self.by,
            source=(entry.source or "") if sourced else None,
            source_id=entry.source_id,
            departures={newest.rule(rule).id: given for rule, given in (entry.departures or {}).items()},
            as_history=entry.as_history,
            workflow=newest.pin if not log else None,
        )

    def _written(
        self, case: str, person: Person, log: Sequence[Event], event: Event, *, refusing: bool = True
    ) -> Recorded:
        """Weigh an event, write it, and bring the lists up to date."""
        record, writer = event.record, self.writer
        family = (
            family_of(writer, case, record.other_case)
            if isinstance(record, Merge | Unmerge)
            else family_of(writer, case)
        )
        if family is not None:
            return self._written_among(family, event, refusing=refusing)
        versions = self.versions.of([*log, event])
        recorded = admitted(person, log, event, versions, self.today, self.zone, refusing=refusing)
        if not self.dry_run:
            writer.append([event])
            writer.cache(*cached(recorded.outline, case, [*log, event]))
        return recorded

    def _written_among(self, family: Family, event: Event, *, refusing: bool) -> Recorded:
        """As `_written`, in a case that is, was, or will be read together with others."""
        parents, grown = family.parents(), family.grown(event)
        check_merge(event, parents)
        into = family.survivor(event.case)
        if into != event.case and event.kind not in _OF_THE_LOG:
            raise merged_into(f"Record {event.kind} for {event.case}", event.case, into, f"record {into} {event.kind}")
        view, entered = family.view(into), in_view(into, event)
        check_consistent(event, family, grown)
        versions = self.versions.of([*view, entered])
        person = self.writer.person(into)
        recorded = admitted(person, view, entered, versions, self.today, self.zone, into, refusing=refusing)
        elsewhere = tuple(leaving_or_returning(self.writer, self.versions, family, grown, event, self.today, self.zone))
        if not self.dry_run:
            self.writer.append([event])
            cache_all(self.writer, self.versions, grown, self.today, self.zone)
        return replace(recorded, event=event, elsewhere=elsewhere)

    def _already(self, case: str, line: int) -> Recorded:
        """An entry that is on record under its source id, where it stands now."""
        moved = next((move for move in moves(self.writer.log(case)) if move.line == line), None)
        if moved is not None and moved.to_line is not None:
            case, line = moved.to_case, moved.to_line
        log = self.writer.log(case)
        event = next(event for event in log if event.line == line)
        family = family_of(self.writer, case)
        into = case if family is None else family.survivor(case)
        view = log if family is None else family.view(into)
        person = self.writer.person(into)
        as_of = max(self.today, horizon(view) or self.today)
        after = self.versions.assessed(into, person, view, as_of, None, self.zone)
        return Recorded(lambda: after, after, lambda: after, event, None, (), (), (), written=False, already=True)

    # ---- what concerns two cases

    def _other_named(self, record: Merge | Unmerge) -> Merge | Unmerge:
        return record.model_copy(update={"other_case": self._case_named(record.other_case)})

    def _case_named(self, text: str) -> str:
        """The id of another case, as it is kept. Raises `NotFound` where there is none."""
        named = case_id(number_of(text))
        self.writer.person(named)
        return named

    def _apart(self, case: str, to_case: str, line: int) -> None:
        """Raise where a line cannot be moved there: it is the same patient, or told under another case."""
        asked = f"Move line {line} of {case}"
        family = family_of(self.writer, to_case)
        into = to_case if family is None else family.survivor(to_case)
        if case == to_case or (family is not None and family.survivor(case) == into):
            raise Impossible(asked, f"{to_case} is the same patient.", "Its lines are read together already.")
        if into != to_case:
            raise merged_into(asked, to_case, into, f"event move {case} {line} {into}")

    def _moved(self, entry: Entry, person: Person, log: Sequence[Event], record: MoveEvent) -> Recorded:
        """Withdraw a line here and record it there, under one instant."""
        writer = self.writer
        to_case = self._case_named(record.to_case)
        self._apart(entry.case, to_case, record.line)
        there_person, there_log = writer.person(to_case), writer.log(to_case)
        instant = max(_after(log, self.at), _after(there_log, self.at))
        desk = replace(self, at=instant)
        reads = movable(entry.case, log, record.line)
        copy = Entry(
            to_case,
            reads.record,
            PartialDate(reads.on, reads.precision),
            source=reads.source,
            as_history=reads.as_history,
        )
        moved = replace(desk._event(copy, there_log), departures=reads.departures)
        told = record.model_copy(update={"to_case": to_case, "to_line": moved.line})
        here = desk._written(entry.case, person, log, desk._event(replace(entry, record=told), log))
        there = desk._written(to_case, there_person, there_log, moved, refusing=False)
        return replace(here, elsewhere=(*here.elsewhere, there))

    def _corrected(self, entry: Entry, person: Person, log: Sequence[Event], record: Correct) -> Recorded:
        """Correct a line; where that takes back, or makes good, that an event was moved, the other case follows."""
        target = next((event for event in log if event.line == record.line), None)
        of_two = {target.kind} if target is not None else set()
        if record.instead is not None and (of_two | {record.instead.kind}) & CONCERNS_TWO_CASES:
            raise Impossible(
                f"Correct line {record.line} of {entry.case}",
                "what concerns two cases is withdrawn or entered, and has no other reading.",
                "Undo it, then enter what is right: event move, case merge, case unmerge.",
            )
        event = self._event(entry, log)
        recorded = self._written(entry.case, person, log, event)
        was, now = set(moves(log)), set(moves([*log, event]))
        elsewhere = [self._follows(move, back=move in now) for move in sorted(was ^ now)]
        return replace(
            recorded,
            elsewhere=(*recorded.elsewhere, *(each for each in elsewhere if each is not None)),
            came_from=self._came_from(target, log, [*log, event]),
        )

    def _came_from(self, target: Event | None, was: Sequence[Event], now: Sequence[Event]) -> Move | None:
        """The move by which a line came here that no longer stands, so that it stands nowhere; None for any other."""
        if target is None or stands(now, target) or not stands(was, target):
            return None
        here = (move for case in cases_moved_from(self.writer, target.case) for move in moves(self.writer.log(case)))
        return next((move for move in here if is_copy(target, move)), None)

    def _follows(self, move: Move, *, back: bool) -> Recorded | None:
        """Let the copy in the other case stand again, or no longer; None where it does so already."""
        log = self.writer.log(move.to_case)
        correct = returning(move, log, back=back)
        if correct is None:
            return None
        entry = Entry(move.to_case, correct, PartialDate.day(self.today))
        return self._written(move.to_case, self.writer.person(move.to_case), log, self._event(entry, log))


def _after(log: Sequence[Event], at: datetime) -> datetime:
    """Now, or just after the last line where the clock was set back: the log's own order never runs backwards."""
    return max(at, log[-1].recorded_at) if log else at
