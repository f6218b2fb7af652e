"""Statements of the source that no check judges: what has to be on record, and what is good to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.rules import Ask

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from lmstrack.rules import Contrary, Source


class FieldQuestion(NamedTuple):
    """One field that has to be on record, and how it is asked for while it is not known.

    *kind* is the kind of event that holds it; ``consultation`` stands for the referral as well, ``person`` for what is
    kept beside the log. *ask* is the question as it is put about the patient, and about an event that is not there.
    *about* are the values that an event must have to be asked, None where any of the kind is.
    """

    kind: str
    name: str
    ask: Ask
    about: Mapping[str, frozenset[object]] | None = None

    @classmethod
    def of(
        cls,
        statement: str,
        kind: str,
        name: str,
        question: str,
        about: Mapping[str, frozenset[object]] | None = None,
    ) -> Self:
        """The *question* for a field for the sake of a *statement*."""
        # The ask list knows a fact of patient or tumour by its name, everything else by kind and name.
        fact = name if kind in {"consultation", "person"} else f"{kind}.{name}"
        return cls(kind, name, Ask(fact, question, f"{kind} {name}=…", (statement,)), about)

    @property
    def fact(self) -> str:
        """What the ask list calls it."""
        return self.ask.fact

    @property
    def question(self) -> str:
        """The question in words."""
        return self.ask.question

    def put(self, line: int) -> Ask:
        """The question about the event of a line."""
        fact, question, record, rules, _ = self.ask
        return Ask(fact, question, record, rules, line)


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
