"""The standing events of one case up to a day, sorted by kind: what every question about the case looks at."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from lmstrack.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.records import Person

R = TypeVar("R", bound=Record)
K = TypeVar("K", bound="KnownEvents")
T = TypeVar("T")

#: By kind of event, the remembered answers that another one of the kind may change.
_CHANGED_BY: dict[str, list[str]] = {}
_NOTHING: Sequence[Event] = ()


def remembered(*kinds: str) -> Callable[[Callable[[K], T]], Callable[[K], T]]:
    """Answer a question once, until there is another event of the *kinds* it looks at."""

    def remember(question: Callable[[K], T]) -> Callable[[K], T]:
        name = question.__name__
        for kind in kinds:
            _CHANGED_BY.setdefault(kind, []).append(name)

        @wraps(question)
        def answered(facts: K) -> T:
            try:
                return facts._answers[name]  # type: ignore[return-value]
            except KeyError:
                answer = facts._answers[name] = question(facts)
                return answer

        return answered

    return remember


class KnownEvents:
    """The standing events of a case dated up to *day*, sorted by kind.

    The replay grows one of these day by day; whoever holds it afterwards only asks. *asked* is the event whose rules
    are being judged, None outside a judgement. *course* counts courses of disease from 1. *designated_centres* are the
    specialised centres that the settings of the workflow in force list.
    """

    __slots__ = (
        "_answers",
        "_course_start",
        "_kinds",
        "_newest_first",
        "_told",
        "asked",
        "course",
        "day",
        "designated_centres",
        "person",
    )

    def __init__(self, person: Person | None, designated_centres: tuple[str, ...] = ()) -> None:
        self.person = person
        self.designated_centres = designated_centres
        self.day: date | None = None
        self.asked: Event | None = None
        self.course = 1
        self._kinds: dict[str, list[Event]] = {}
        self._told: dict[str, list[tuple[Event, Record]]] = {}
        self._newest_first: dict[str, Sequence[tuple[Event, Record]]] = {}
        self._answers: dict[str, object] = {}
        self._course_start: date | None = None

    # ---- grown by the replay

    def add(self, event: Event) -> None:
        """One more standing event, not earlier than those already here."""
        record = event.record
        kind = record.kind
        held = self._kinds.get(kind)
        if held is None:
            self._kinds[kind] = [event]
            self._told[kind] = [(event, record)]
        else:
            held.append(event)
            self._told[kind].append((event, record))
            self._newest_first.pop(kind, None)
        self.day = event.on
        if self._answers and kind in _CHANGED_BY:
            for question in _CHANGED_BY[kind]:
                self._answers.pop(question, None)

    def open_course(self, on: date) -> None:
        """A confirmed recurrence begins a new course of disease, with the events from that day on."""
        self.course += 1
        self._course_start = on
        self._answers.clear()

    # ---- events

    def all(self, kind: str) -> Sequence[Event]:
        """Every standing event of this kind in the patient's life, oldest first."""
        return self._kinds.get(kind, _NOTHING)

    def by_kind(self) -> Mapping[str, Sequence[Event]]:
        """Every standing event, sorted by kind, oldest first."""
        return self._kinds

    def this_course(self, kind: str) -> Sequence[Event]:
        """The events of this kind that belong to the current course of disease, oldest first."""
        held = self._kinds.get(kind, _NOTHING)
        start = self._course_start
        return held if start is None or not held else [event for event in held if event.on >= start]

    def records(self, kind: type[R], *, course: bool = False) -> Sequence[tuple[Event, R]]:
        """Events of this class with their records, newest first."""
        name, start = kind.kind, self._course_start
        newest_first = self._newest_first.get(name)
        if newest_first is None:
            told = self._told.get(name)
            if told is None:
                return ()
            newest_first = self._newest_first[name] = told[::-1]
        if course and start is not None:
            newest_first = [each for each in newest_first if each[0].on >= start]
        # What is sorted under a kind is of its class, so nothing has to be checked again on this hot path.
        return newest_first  # type: ignore[return-value]
