"""Deciding about many cases in several processes; only the one that writes knows the store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.case_ids import case_id
from lmstrack.errors import LmstrackError
from lmstrack.loading.deciding import decide
from lmstrack.loading.people import is_own, known_by
from lmstrack.sharing import shared_out
from lmstrack.store.bulk import NewCase, Rows, rows_of
from lmstrack.workflow import load_workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lmstrack.loading.incoming import Rejected, Unparsed
    from lmstrack.loading.reports import Amendment, Decided, Named
    from lmstrack.loading.terms import Terms
    from lmstrack.records import Person

    Batch = Sequence[Unparsed]


def _sendable(terms: Terms) -> bool:
    """Whether another process can load the same workflows by name; checks themselves cannot be sent."""
    try:
        return all(load_workflow(name).digest == each.digest for name, each in terms.workflows.items())
    except LmstrackError:
        return False


class Answer(NamedTuple):
    """What becomes of the rows of a new case, of all that is decided what has to be known beside what is written.

    *identifiers* are the names by which the patient would be found, and which must be no other's; None where
    no case is opened.
    """

    key: str
    new: int
    known: int
    changed: tuple[Amendment, ...]
    rejected: tuple[Rejected, ...]
    lines: int
    findings: int
    questions: int
    named: tuple[Named, ...]
    identifiers: Mapping[str, str] | None


class Answers(NamedTuple):
    """What becomes of a batch, whose cases are opened under the numbers that follow on *last*.

    *rows* is what is to be written; None for a preview.
    """

    last: int
    each: list[Answer]
    rows: Rows | None


def answers_to(
    batch: Batch, terms: Terms, last: int, refused: Sequence[Mapping[int, str] | None] | None = None
) -> Answers:
    """Decide about a batch of new cases; *refused* are rows of each that are rejected whatever they say."""
    each: list[Answer] = []
    opened: list[NewCase] = []
    for place, case in enumerate(batch):
        number = last + len(opened) + 1
        decided = decide(case.parsed(), None, terms, None if refused is None else refused[place], case_id(number))
        person = decided.person
        if person is not None:
            versions = _versions(person, decided.key, case_id(number), terms)
            opened.append(NewCase(number, versions, decided.events, decided.head, decided.listed))
        each.append(_answer(decided, None if person is None else known_by(person, terms.system, decided.key)))
    return Answers(last, each, rows_of(opened, terms.by, terms.at) if terms.writes else None)


def _versions(person: Person, key: str, case: str, terms: Terms) -> tuple[Person, ...]:
    """What is written of the person, who is found again under the key of the file."""
    if not is_own(key, terms.source):
        return (known_by(person, terms.system, key),)
    return (person,) if case == key.upper() else (person, known_by(person, terms.system, key))


def _answer(decided: Decided, person: Person | None) -> Answer:
    return Answer(
        decided.key,
        decided.new,
        decided.known,
        decided.changed,
        decided.rejected,
        decided.lines,
        decided.findings,
        decided.questions,
        decided.named,
        None if person is None else dict(person.identifiers),
    )


def in_batches(
    batches: Iterable[Batch], terms: Terms, last: Callable[[], int], processes: int
) -> Iterator[tuple[Batch, Answers]]:
    """Decide about the new cases of each batch, in the order of the batches, in so many *processes*.

    *last* says the number of the case that was opened last. Batches that are sent ahead take it that all cases before
    them are opened. With one process, or where a workflow cannot be had in another, everything is done here.
    """

    def ask(batch: Batch, earlier: Iterable[Batch]) -> tuple[Batch, int]:
        return batch, last() + sum(len(each) for each in earlier)

    return shared_out(
        batches,
        terms,
        _answers,
        ask,
        sent=(replace(terms, workflows={}), tuple(terms.workflows)),
        hold=_loaded,
        processes=processes if processes > 1 and _sendable(terms) else 1,
    )


def _loaded(sent: tuple[Terms, tuple[str, ...]]) -> Terms:
    """The terms in another process, which loads their workflows by name."""
    terms, workflows = sent
    return replace(terms, workflows={name: load_workflow(name) for name in workflows})


def _answers(terms: Terms, asked: tuple[Batch, int]) -> Answers:
    batch, last = asked
    return answers_to(batch, terms, last)
