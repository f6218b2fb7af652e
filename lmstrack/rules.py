"""What a rule of the guideline is, what a check can answer, and what an unmet rule leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from lmstrack.facts import Facts
    from lmstrack.records import Departure

    Check = Callable[..., "Answer"]


class Strength(StrEnum):
    """How much a rule binds whoever records an event."""

    MANDATORY = "mandatory"
    EXPECTED = "expected"
    ADVISORY = "advisory"


class Verdict(StrEnum):
    """What a check can say. Unknown is not no, and a rule that does not concern the case is not met either."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a clinical statement can be read: the citation, the reference in it, the place, and how sure we are.

    *status* is verified, secondary, unverified, chosen or gap, as the workflow file explains them.
    """

    cite: str
    place: str
    ref: str | None = None
    status: str = "verified"

    def __str__(self) -> str:
        cited = f"{self.cite} ref. {self.ref}" if self.ref else self.cite
        return f"{cited}, {self.place}" if self.status == "verified" else f"{cited}, {self.place} ({self.status})"


@dataclass(frozen=True, slots=True)
class Contrary:
    """What another source says against a statement, told beside it so that both sides are seen."""

    says: str
    source: Source


class Ask(NamedTuple):
    """A question that somebody has to answer before a rule or a schedule can be judged.

    *fact* names what is missing; *record* is the kind and the fields that would answer it. *line* is the event that
    the question is about, or None where it is about the patient or the tumour.
    """

    fact: str
    question: str
    record: str
    rules: tuple[str, ...] = ()
    line: int | None = None


class Answer(NamedTuple):
    """What a check says, with the words for it, made where the reason was found.

    *needs* is what would satisfy the rule, *found* what is on record instead, *fix* the kind and fields to record.
    *asks* are the questions that would turn *unknown* into an answer; *lines* the events that were looked at.
    """

    verdict: Verdict
    needs: str = ""
    found: str = ""
    fix: str = ""
    asks: tuple[Ask, ...] = ()
    lines: tuple[int, ...] = ()


MET = Answer(Verdict.MET)
NOT_ASKED = Answer(Verdict.NOT_ASKED)


def met(*lines: int) -> Answer:
    """The rule is satisfied, by these lines of the log."""
    return Answer(Verdict.MET, "", "", "", (), lines)


def not_met(needs: str, found: str, fix: str = "", lines: tuple[int, ...] = ()) -> Answer:
    """The rule is not satisfied, and what is known suffices to say so."""
    return Answer(Verdict.NOT_MET, needs, found, fix, (), lines)


def unknown(needs: str, found: str, *asks: Ask, fix: str = "", lines: tuple[int, ...] = ()) -> Answer:
    """The rule cannot be judged until the questions in *asks* are answered."""
    return Answer(Verdict.UNKNOWN, needs, found, fix or (asks[0].record if asks else ""), asks, lines)


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of the guideline, its source, how much it binds, and the check that judges it.

    *judge* is the check with its parameters filled in; it is None, like *check*, for a rule that only schedules: its
    answer is the window of the strands that name it. *chosen* says, for everything that the source leaves open, what
    this workflow takes and why. *covers* are other statements of the source that say the same, *against* what other
    sources say to the contrary.
    """

    id: str
    says: str
    source: Source
    strength: Strength
    check: str | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    judge: Callable[[Facts, date], Answer] | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    covers: tuple[str, ...] = ()
    against: tuple[Contrary, ...] = ()


class Judgement(NamedTuple):
    """What one rule says of one event, and the departure that answers it, None where nobody has given one."""

    rule: Rule
    answer: Answer
    departure: Departure | None


class Finding(NamedTuple):
    """A rule that an event does not meet, or that cannot be judged for it.

    *answer* is ``not met`` or ``unknown``. *line* is the event's line in the log, None while it is only proposed.
    *departure* is the documented reason for leaving the rule, None where nobody has given one. It is *binding* unless
    the event is one that no rule refuses, such as an emergency.
    """

    rule: str
    says: str
    strength: Strength
    answer: Verdict
    needs: str
    found: str
    source: Source
    fix: str
    kind: str
    on: date
    line: int | None = None
    asks: tuple[Ask, ...] = ()
    departure: Departure | None = None
    binding: bool = True

    @property
    def refuses(self) -> bool:
        """Whether an entry with this finding is refused unless a departure answers it."""
        if not self.binding or self.departure is not None or self.strength is Strength.ADVISORY:
            return False
        return self.answer is Verdict.NOT_MET or self.strength is Strength.MANDATORY
