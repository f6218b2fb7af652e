"""Sixty invented patients, dated so that on any day some are early, some on time, and some late.

The patients of ``patients.toml`` show one thing each; the others are drawn by the seed and do what they are
asked. What a patient is asked for comes from the library itself, so no interval of the guideline is written
here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from lmstrack.case import assess
from lmstrack.dates import PartialDate, add_months
from lmstrack.demo.told import Character, Told, cast, dated, ends_with, happened, on_a_weekday, refers
from lmstrack.events import Event
from lmstrack.obligations import ObligationState
from lmstrack.records import NAMES_A_LINE, rank, read_person, read_record
from lmstrack.records.shape import days_told
from lmstrack.workflow import Workflow, load_workflow, released

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lmstrack.obligations import Obligation
    from lmstrack.records import Departure, Person, Record

HOW_MANY = 60
SEED = 8890
_OPEN = frozenset({ObligationState.UPCOMING, ObligationState.DUE, ObligationState.OVERDUE})
_EVERYTHING = "everything"
_TYPED_AT = time(10, tzinfo=UTC)  # on the same civil day wherever the demo runs
_MONTHS_A_YEAR = 12
_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class InventedPatient:
    """Somebody who does not exist: *key* is their identifier, *shows* what they are an example of.

    The events of *log* carry the key for a case, have their lines, and were recorded on the day they were
    typed in.
    """

    key: str
    shows: str
    person: Person
    log: tuple[Event, ...]


def invented_patients(today: date, seed: int = SEED) -> tuple[InventedPatient, ...]:
    """The patients of a demo that runs on *today*; the same day and seed give the same patients."""
    workflow = _newest()
    characters = [*cast().characters]
    characters += _ordinary(Random(seed), HOW_MANY - len(characters))  # noqa: S311  # nothing is secret here
    return tuple(
        _patient(f"D-{number:04}", character, today, seed, workflow)
        for number, character in enumerate(characters, start=1)
    )


@cache
def _newest() -> Workflow:
    return load_workflow(released()[-1])


def _ordinary(chance: Random, count: int) -> Iterable[Character]:
    """Patients who keep everything: where the tumour sat and when it was treated is drawn."""
    held = cast()
    for name in held.names[:count]:
        habit = chance.choice(held.habits)
        yield Character(
            shows="keeps every appointment",
            name=name,
            sex="female" if habit.way == "uterus" else chance.choice(("female", "male")),
            age=chance.randint(*held.ages),
            way=habit.way,
            treated=chance.randint(habit.first, habit.last),
        )


def _patient(key: str, character: Character, today: date, seed: int, workflow: Workflow) -> InventedPatient:
    chance = Random(f"{seed} {key}")  # noqa: S311  # one each, so that editing one patient leaves the others alone
    born = add_months(today, -_MONTHS_A_YEAR * character.age) - timedelta(chance.randrange(360))
    told = {"name": character.name, "born": born, "sex": character.sex, "identifiers": {"demo": key}}
    person = read_person(told)
    life = _Life(key, person, workflow)
    if character.way is not None:
        treated = today + timedelta(character.treated)
        for entry in ends_with(cast().ways[character.way], character.up_to):
            life.add(entry, treated, before=today)
    for entry in character.log:
        life.add(entry, today, before=today)
    _keep_appointments(life, character, today, chance)
    return InventedPatient(key, character.shows, person, life.log())


@dataclass(frozen=True, slots=True)
class _Draft:
    """An entry before it has a line. *record* is None where it names the line of another one."""

    told: Told
    on: PartialDate
    typed: date
    fields: Mapping[str, object]
    record: Record | None

    @property
    def order(self) -> tuple[date, date, int]:
        return (self.typed, self.on.first, rank(self.told.kind))


class _Life:
    """What has happened to one patient, as it grows."""

    def __init__(self, key: str, person: Person, workflow: Workflow) -> None:
        self.key = key
        self.person = person
        self.workflow = workflow
        self.drafts: list[_Draft] = []

    def add(self, told: Told, base: date, *, before: date) -> None:
        """One entry more, unless it has not happened *before* that day."""
        on = happened(told, base)
        fields = dated(told.kind, told.fields, base)
        record = None if refers(told) else read_record(told.kind, fields)
        known = (on.last, *(days_told(record).values() if record is not None else ()))
        typed = max(known) if told.typed is None else on_a_weekday(base + timedelta(told.typed))
        if typed >= before:
            return
        self.drafts.append(_Draft(told, on, typed, fields, record))
        self.drafts.sort(key=lambda draft: draft.order)

    def log(self) -> tuple[Event, ...]:
        """The entries as lines of a log, in the order in which they were typed."""
        lines = {draft.told.called: line for line, draft in enumerate(self.drafts, start=1)}
        return tuple(self._event(line, draft, lines) for line, draft in enumerate(self.drafts, start=1))

    def _event(self, line: int, draft: _Draft, lines: Mapping[str | None, int]) -> Event:
        typed_at = datetime.combine(draft.typed, _TYPED_AT) + timedelta(seconds=line)
        despite: Mapping[str, Departure] = draft.told.despite or {}
        return Event(
            case=self.key,
            line=line,
            on=draft.on.first,
            precision=draft.on.precision,
            record=draft.record or self._referring(draft, lines),
            recorded_at=typed_at,
            recorded_by="demo",
            departures=despite,
            workflow=self.workflow.name if line == 1 else None,
        )

    def _referring(self, draft: _Draft, lines: Mapping[str | None, int]) -> Record:
        line = lines[refers(draft.told)]
        fields = {**draft.fields, NAMES_A_LINE[draft.told.kind]: line}
        instead = fields.get("instead")
        if isinstance(instead, dict) and "on" not in instead:
            fields["instead"] = {"on": str(self.drafts[line - 1].on), **instead}
        return read_record(draft.told.kind, fields)

    def open_on(self, day: date) -> list[Obligation]:
        """What the patient is asked for on this day, from what had happened by then."""
        case = assess(self.person, self.log(), self.workflow, day)
        return [obligation for obligation in case.current() if obligation.state(day) in _OPEN]

    def next_after(self, day: date) -> date | None:
        """The next day on which something is on record; None after the last."""
        return min((draft.on.first for draft in self.drafts if draft.on.first > day), default=None)


def _keep_appointments(life: _Life, character: Character, today: date, chance: Random) -> None:
    """Let the patient come to everything that is not missed, each time on some day of its window."""
    attendance = cast().attendance
    missed_from = date.min if character.misses_from is None else today + timedelta(character.misses_from)
    missed = attendance.keys() if _EVERYTHING in character.misses else set(character.misses)
    shares: dict[tuple[str, date], float] = {}
    now = life.next_after(date.min)
    while now is not None and now < today:
        planned: dict[str, date] = {}
        waiting = [obligation for obligation in life.open_on(now) if obligation.strand in attendance]
        for obligation in waiting:
            share = shares.setdefault((obligation.strand, obligation.since), chance.random())
            day = max(_somewhere(obligation, share), _weekday_after(now))
            if day < today and (obligation.strand not in missed or day < missed_from):
                planned[obligation.strand] = day
        soonest = min(planned.values(), default=None)
        told_next = life.next_after(now)
        if soonest is None or (told_next is not None and told_next <= soonest):
            now = told_next
            continue
        for obligation in waiting:
            if obligation.strand in planned and (obligation.due_from or date.max) <= soonest:
                life.add(replace(attendance[obligation.strand], day=0), soonest, before=today)
        now = soonest


def _somewhere(obligation: Obligation, share: float) -> date:
    """A weekday of the window, this share of the way through it."""
    if obligation.due_from is None or obligation.due_by is None:
        return date.max
    day = obligation.due_from + timedelta(int(share * (obligation.due_by - obligation.due_from).days))
    return max(on_a_weekday(day), _weekday_after(obligation.due_from - _DAY))


def _weekday_after(day: date) -> date:
    after = day + _DAY
    return after if on_a_weekday(after) == after else after + timedelta(7 - after.weekday())
