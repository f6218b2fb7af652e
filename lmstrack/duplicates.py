"""Cases that are likely one patient, found by what is known of the people; nobody merges them but people."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.families import families
from lmstrack.store.people import search_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lmstrack.dates import PartialDate
    from lmstrack.records import Person
    from lmstrack.store.finding import Finding
    from lmstrack.store.reading import Reader

#: How alike two names have to be, from 0 to 1: a letter more, less or exchanged in a name of usual length.
_ALIKE: Final = 0.85
#: A shorter identifier, such as the number in a list, means nothing outside its system.
_TELLING: Final = 5


class Pair(NamedTuple):
    """Two cases, the one that was opened first and the *other*, and why they are likely one patient, in words.

    The words hold no names, dates or numbers of the patient.
    """

    case: str
    other: str
    why: tuple[str, ...]


class _Known(NamedTuple):
    """What of a person is compared."""

    case: str
    name: str
    words: frozenset[str]
    born: PartialDate | None


def pairs_in(reader: Reader) -> list[Pair]:
    """The likely pairs among all cases on record."""
    return likely_pairs(sorted(reader.people(reader.case_ids()).items()), families(reader.merges()))


def pairs_of(reader: Finding, case: str) -> list[Pair]:
    """The likely pairs of one case with those in whose names its own name is found; none where it has no name."""
    name = reader.person(case).name
    people = dict(reader.named(name)) if name is not None else {}
    people[case] = reader.person(case)
    return [pair for pair in likely_pairs(sorted(people.items()), families(reader.merges())) if case in pair[:2]]


def likely_pairs(people: Iterable[tuple[str, Person]], together: Mapping[str, frozenset[str]]) -> list[Pair]:
    """Pairs that share an identifier, or a birth and a similar name; those with most reasons first.

    *people* come in the order of their cases. *together* are the cases that somebody has decided about already: those
    that were ever merged with each other.
    """
    held = list(people)
    why: dict[tuple[str, str], list[str]] = {}
    for case, other, reason in (*_by_identifier(held), *_by_birth(held)):
        if other not in together.get(case, ()):
            said = why.setdefault((case, other), [])
            if reason not in said:
                said.append(reason)
    pairs = [Pair(case, other, tuple(said)) for (case, other), said in why.items()]
    return sorted(pairs, key=lambda pair: (-len(pair.why), pair.case, pair.other))


def _by_identifier(people: Sequence[tuple[str, Person]]) -> Iterator[tuple[str, str, str]]:
    held: dict[str, list[tuple[str, str]]] = {}
    for case, person in people:
        for system, value in person.identifiers.items():
            plain = "".join(sign for sign in value.casefold() if sign.isalnum())
            if len(plain) >= _TELLING:
                held.setdefault(plain.lstrip("0"), []).append((case, system))
    for named in held.values():
        for (case, system), (other, other_system) in combinations(named, 2):
            if case != other:
                yield case, other, f"the same identifier, {system} and {other_system}"


def _by_birth(people: Sequence[tuple[str, Person]]) -> Iterator[tuple[str, str, str]]:
    """Those born on one day, as far as it is known; compared are names that share the beginning of a word."""
    near: dict[tuple[int, str], list[_Known]] = {}
    for case, person in people:
        if person.name is None or person.born is None:
            continue
        words = frozenset(search_key(person.name).replace(",", " ").replace("-", " ").split())
        known = _Known(case, " ".join(sorted(words)), words, person.born)
        for initial in {word[0] for word in words}:
            near.setdefault((person.born.first.year, initial), []).append(known)
    for group in near.values():
        for one, other in combinations(group, 2):
            same = _same_birth(one.born, other.born)
            if same and (alike := _alike(one, other)):
                yield one.case, other.case, f"{same}, {alike}"


def _same_birth(one: PartialDate | None, other: PartialDate | None) -> str:
    """In which way the two are one day; empty where they cannot be."""
    if one is None or other is None:
        return ""
    if one.exact and other.exact:
        if one == other:
            return "born on the same day"
        first, second = one.first, other.first
        swapped = first.year == second.year and (first.month, first.day) == (second.day, second.month)
        return "born on the same day with day and month exchanged" if swapped else ""
    return "" if one.last < other.first or other.last < one.first else "born in the same month or year"


def _alike(one: _Known, other: _Known) -> str:
    """In which way the names are alike; empty where they are not."""
    if one.words == other.words:
        return "the same name"
    if min(len(one.words), len(other.words)) > 1 and (one.words <= other.words or other.words <= one.words):
        return "one name within the other"
    matcher = SequenceMatcher(None, one.name, other.name, autojunk=False)
    bounds: tuple[Callable[[], float], ...] = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return "similar names" if all(bound() >= _ALIKE for bound in bounds) else ""
