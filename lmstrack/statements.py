"""Statements of the source that no check judges: what has to be on record, and what is good to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.rules import Ask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.rules import Contrary, Source


class FieldQuestion(NamedTuple):
    """One field that has to be on record, and the question that is put while it is not known.

    *kind* is the kind of event that holds it; ``consultation`` stands for the referral as well, ``person`` for what is
    kept beside the log.
    """

    kind: str
    name: str
    question: str

    @property
    def fact(self) -> str:
        """What the ask list calls it: a fact of patient or tumour by its name, else kind and name."""
        return self.name if self.kind in {"consultation", "person"} else f"{self.kind}.{self.name}"

    def put(self, statement: str, line: int | None) -> Ask:
        """The question, for the sake of a *statement*, about the event of a line, or None about the patient."""
        return _put(self, statement, line)


@lru_cache(maxsize=4096)  # the same few questions are open in most cases, and a dataclass is dear to make
def _put(wanted: FieldQuestion, statement: str, line: int | None) -> Ask:
    return Ask(wanted.fact, wanted.question, f"{wanted.kind} {wanted.name}=…", (statement,), line)


@dataclass(frozen=True, slots=True)
class RecordedFields:
    """A statement that asks for facts on record, and never refuses anything.

    *questions* are put from the move on that names the statement, to cases with the facts of *selects*. Where *asked*
    is False the fields are kept for whoever knows them, and nobody is asked.
    """

    id: str
    says: str
    source: Source
    questions: tuple[FieldQuestion, ...]
    asked: bool = True
    selects: Mapping[str, frozenset[object]] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    covers: tuple[str, ...] = ()
    against: tuple[Contrary, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A statement that is only told: beside the kinds of event and the rules that *shown_with* names."""

    id: str
    says: str
    source: Source
    shown_with: tuple[str, ...] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)
    covers: tuple[str, ...] = ()
    against: tuple[Contrary, ...] = ()
