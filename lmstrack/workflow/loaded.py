"""A workflow, ready to be asked: what a file says once it has been found to be right."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from lmstrack.errors import NotFound
from lmstrack.workflow.overlay import PIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.checks.asking import Asking
    from lmstrack.pathway import Move, Pathway
    from lmstrack.plans import Gap, Plan, Service, Settings, Strand
    from lmstrack.rules import Rule
    from lmstrack.staging.scales import Scales
    from lmstrack.statements import Note, RecordedFields
    from lmstrack.workflow.overlay import Overlay


@dataclass(frozen=True, slots=True)
class CitedSource:
    """Something that the file cites: *what* it is, *where* it can be opened, and how it was *read*."""

    id: str
    what: str
    where: str
    read: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What the file says holds however a case goes; ``workflow check`` looks for a way around it.

    *kind* ``never``: no event of a kind in *by* is recorded unless what *without* describes is on record, in this
    course of the disease, or, with *ever*, in any; let pass are the *moves* of these names, and what was recorded with
    a departure from one of the rules *departures*. ``owed``: in each of the states *during* something is due.
    ``leads_on``: from every open state the order of the pathway leads to another one.
    """

    name: str
    says: str
    kind: Literal["never", "owed", "leads_on"]
    by: tuple[str, ...] = ()
    without: Service | None = None
    ever: bool = False
    moves: tuple[str, ...] = ()
    departures: tuple[str, ...] = ()
    during: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Workflow:
    """The pathway, rules, plans and sources of one version. It never changes, so it is itself only.

    *digest* is the SHA-256 of the file. *fields* are the facts to have on record, *notes* what is good to know;
    *statements* are the ids of everything that the sources state, in their order. *aliases* maps what a rule, fields or
    a note cover to it. *statuses* says what the status of a source means; *scales* are what its checks and calculators
    look up in. *claims* are what holds however a case goes. *signed* is True once a clinician has signed
    the file. *overlay* is what a site laid over it, None for a workflow as it was released; *digest* then is that of
    the released file and of what the overlay says.
    """

    name: str
    title: str
    version: str
    disease: str
    about: str
    signed: bool
    digest: str
    pathway: Pathway
    rules: Mapping[str, Rule]
    fields: Mapping[str, RecordedFields]
    notes: Mapping[str, Note]
    statements: tuple[str, ...]
    aliases: Mapping[str, str]
    plans: tuple[Plan, ...]
    expectations: tuple[Strand, ...]
    settings: Settings
    gaps: tuple[Gap, ...]
    sources: Mapping[str, CitedSource]
    statuses: Mapping[str, str]
    scales: Scales
    claims: tuple[Claim, ...] = ()
    overlay: Overlay | None = None
    # Worked out once for events that are alike, of which there are few among millions.
    _askings: dict[tuple[object, ...], Asking] = field(default_factory=dict, init=False, repr=False)

    @property
    def pin(self) -> str:
        """The name that cases keep: a site's workflow is known by its content too, so that a change is noticed."""
        return self.name if self.overlay is None else f"{self.name}{PIN}{self.digest[:12]}"

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id, or the one that covers it; raise NotFound, with near ids, for any other."""
        found = self.rules.get(self.aliases.get(rule_id, rule_id))
        if found is not None:
            return found
        known = [*self.rules, *self.fields, *self.notes, *self.aliases]
        typed = re.sub(r"(?<=-)(\d)$", r"0\1", rule_id.upper())  # people leave out the nought of LMS-DX-01
        near = get_close_matches(typed, known, n=3, cutoff=0.6)
        remedy = f"Did you mean {' or '.join(near)}?" if near else "lmstrack rules list shows them all."
        raise NotFound(f"Find rule {rule_id[:40]}", f"{self.name} has no such rule.", remedy, near)

    def statement(self, statement_id: str) -> Rule | RecordedFields | Note:
        """The rule, the fields or the note with this id, or the one that covers it; raise NotFound for any other."""
        name = self.aliases.get(statement_id, statement_id)
        found = self.rules.get(name) or self.fields.get(name) or self.notes.get(name)
        return found if found is not None else self.rule(statement_id)

    def asking(self, needs: tuple[str, ...], kind: str, treatments: frozenset[str], site: str | None) -> Asking:
        """How the rules *needs* are asked of an event of this kind with these treatments, of a tumour of this site."""
        alike = (needs, kind, treatments, site)
        held = self._askings.get(alike)
        if held is None:
            from lmstrack.checks.asking import asking  # noqa: PLC0415  whoever only reads it needs no check

            held = self._askings[alike] = asking([self.rules[name] for name in needs], kind, treatments, site)
        return held

    def asked_by(self, rule_id: str) -> tuple[Move, ...]:
        """The moves that ask a rule, in the order of the file."""
        name = self.rule(rule_id).id
        return tuple(move for move in self.pathway.moves if name in move.needs)

    def told_with(self, *names: str) -> tuple[Note, ...]:
        """The notes that are shown beside these kinds of event and rules, each once, in the order of the file."""
        return tuple(note for note in self.notes.values() if not set(names).isdisjoint(note.shown_with))

    def strands_of(self, rule_id: str) -> tuple[Strand, ...]:
        """The strands of plans, then the expectations, that run by a rule, wholly or in one phase."""
        name = self.rule(rule_id).id
        every = (*(strand for plan in self.plans for strand in plan.strands), *self.expectations)
        return tuple(
            strand for strand in every if name == strand.rule or any(phase.rule == name for phase in strand.phases)
        )
