"""Questions that only the logs can answer, asked of many cases in as many processes as there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from lmstrack.dates import civil_day
from lmstrack.effort import ALONE
from lmstrack.errors import LmstrackError
from lmstrack.events import known, standing
from lmstrack.families import families, views
from lmstrack.joined import seen
from lmstrack.store.fetched import cases_in
from lmstrack.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from lmstrack.case import Case
    from lmstrack.effort import Effort
    from lmstrack.events import Event
    from lmstrack.records import Person
    from lmstrack.store import Snapshot, Store
    from lmstrack.store.fetched import Part
    from lmstrack.workflow import Site

#: Cases that are looked at in one go, and from how many on it is worth the time that another process takes to start.
_AT_ONCE: Final = 200
_WORTH_IT: Final = 2000

Answer_co = TypeVar("Answer_co", covariant=True)


class Question(Protocol[Answer_co]):
    """What is asked of cases as of a day, as known at an instant; it can be sent to another process, as its answer."""

    @property
    def as_of(self) -> date:
        """The day."""

    @property
    def known_at(self) -> datetime | None:
        """Up to when entries count, None for all."""

    def answer(self, cases: Iterable[tuple[Case, Sequence[Event]]]) -> Answer_co:
        """What these cases, each with its whole log, answer together."""


def replayed(
    store: Store | Snapshot,
    zone: str,
    versions: Versions,
    cases: Sequence[str],
    question: Question[Answer_co],
    effort: Effort = ALONE,
) -> Iterator[Answer_co]:
    """The answers of all these cases that were known and had begun by the day, some at a time and in no order.

    Cases that were merged are read together, and so here. Where a workflow cannot be had in another process, or the
    cases are few, everything is done here.
    """
    kin = families(store.merges())
    together = [case for case in cases if case in kin]
    alone = [case for case in cases if case not in kin] if kin else cases
    held = (versions, question, zone)
    if together:
        yield question.answer(_assessed(views(store, together, question.known_at), held))
    done = len(together)
    for part, answer in _shared_out(store.parts(alone, _AT_ONCE, question.known_at), held, len(alone), effort):
        done += len(part.people)
        effort.tell(done)
        yield answer


def _shared_out(parts: Iterable[Part], held: _Held, many: int, effort: Effort) -> Iterator[tuple[Part, Any]]:
    source = _sendable(held[0]) if effort.processes > 1 and many >= _WORTH_IT else None
    if source is None:
        return ((part, _answer(held, part)) for part in parts)
    from lmstrack.sharing import shared_out  # noqa: PLC0415  most lists need no other process

    sent = (source, *held[1:])
    return shared_out(parts, held, _answer, _itself, sent=sent, hold=_loaded, processes=effort.processes)


_Held = tuple[Versions, Question[Any], str]
_Source = tuple[tuple[str, ...], "Site | None"]


def _sendable(versions: Versions) -> _Source | None:
    """What another process loads the same workflows by; None where it cannot, since checks themselves are not sent."""
    names, site = versions.sources
    try:
        alike = all(Versions(site=site).named(name).digest == versions.named(name).digest for name in names)
    except LmstrackError:
        return None
    return (names, site) if alike else None


def _loaded(sent: tuple[_Source, Question[Any], str]) -> _Held:
    (names, site), question, zone = sent
    found = Versions(site=site)
    given = {name: found.named(name) for name in names}
    return Versions(given, site) if given else found, question, zone


def _answer(held: _Held, part: Part) -> Any:
    return held[1].answer(_assessed(cases_in(part), held))


def _itself(part: Part, _: object) -> Part:
    return part


def _assessed(cases: Iterable[tuple[str, Person, list[Event]]], held: _Held) -> Iterator[tuple[Case, Sequence[Event]]]:
    versions, question, zone = held
    as_of, known_at = question.as_of, question.known_at
    for case, person, log in cases:
        assessed = versions.assessed(case, person, log, as_of, known_at, zone, judging=())
        if assessed.facts.day is not None or _begun(case, list(known(log, known_at)), as_of, zone):
            yield assessed, log


def _begun(case: str, lines: Sequence[Event], as_of: date, zone: str) -> bool:
    """Whether a case was there on a day: of what stands something is dated to it or earlier, or was entered by then.

    Of whom nothing stands, nobody knows since when they should have been followed: they are there on every day.
    """
    stands = standing(seen(case, lines, as_of).lines)
    return not stands or any(event.on <= as_of or civil_day(event.recorded_at, zone) <= as_of for event in stands)
