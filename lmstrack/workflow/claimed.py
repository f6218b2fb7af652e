"""What a file claims to hold however a case goes: each claim has what its kind needs, and every name in it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lmstrack.plans import Service
from lmstrack.records import KINDS
from lmstrack.workflow.faults import listed, nearest, where
from lmstrack.workflow.fields import Selection
from lmstrack.workflow.loaded import Claim
from lmstrack.workflow.moved import ANY
from lmstrack.workflow.stated import Entry
from lmstrack.workflow.written import Flag, Names, OneOrMany, RuleId, Text, Word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from lmstrack.pathway import Move
    from lmstrack.workflow.faults import Faults, Place
    from lmstrack.workflow.ruled import Rulebook
    from lmstrack.workflow.shape import Shaped


class ExceptEntry(Entry):
    """What a claim leaves out."""

    moves: tuple[Text, ...] = ()
    """The short names of moves, such as X4."""
    departures: tuple[RuleId, ...] = ()
    """Rules: an entry that was recorded with a departure from one of them."""


class ClaimEntry(Entry):
    """What holds however a case goes; workflow check looks for a way around it."""

    says: Text
    """One plain sentence."""
    claim: Literal["never", "owed", "leads_on"]
    """never: nothing of a kind is recorded without another; owed: something is due; leads_on: no state is a trap."""
    by: Names = ()
    """never: the kinds of event."""
    without: dict[Word, OneOrMany] = Field(default_factory=dict)
    """never: the kind of event that has to be on record before, with the values that its fields must have."""
    ever: Flag = False
    """never: true where it may be of an earlier course of the disease."""
    exceptions: ExceptEntry = Field(default_factory=ExceptEntry, alias="except")
    """never: what is let pass."""
    during: Names = ()
    """owed: the states, or any: every state that is not final."""


_TAKES = {"never": ("by", "without", "ever", "except"), "owed": ("during",), "leads_on": ()}
_NEEDS = {"never": ("by", "without"), "owed": ("during",), "leads_on": ()}


class Claims:
    """Reads the claims of one file, each name in them looked up."""

    def __init__(self, shaped: Shaped, book: Rulebook, moves: Sequence[Move], faults: Faults) -> None:
        self._shaped = shaped
        self._book = book
        self._moves = moves
        self._faults = faults
        self.claims = tuple(self._claim(name, entry) for name, entry in shaped.file.proofs.items())

    def _claim(self, name: str, entry: ClaimEntry) -> Claim:
        place: Place = ("proofs", name)
        self._judge_parts(entry, place)
        self._known(entry.by, KINDS, "kind of event", (*place, "by"))
        without = self._without(entry, (*place, "without")) if entry.without else None
        states = self._shaped.declared.get("states", ())
        self._known(entry.during, (*states, ANY), "state", (*place, "during"))
        if "moves" in self._shaped.whole:
            names = dict.fromkeys(move.name for move in self._moves if move.by in entry.by and move.name)
            what = f"move by {listed(entry.by)}" if entry.by else "move"
            self._known(entry.exceptions.moves, names, what, (*place, "except"))
        return Claim(
            name=name,
            says=entry.says,
            kind=entry.claim,
            by=entry.by,
            without=without,
            ever=entry.ever,
            moves=entry.exceptions.moves,
            departures=tuple(self._book.named(rule, *place, "except") for rule in entry.exceptions.departures),
            during=self._states(entry.during),
        )

    def _states(self, named: tuple[str, ...]) -> tuple[str, ...]:
        if ANY not in named:
            return named
        return tuple(name for name, state in self._shaped.file.states.items() if not state.final)

    def _judge_parts(self, entry: ClaimEntry, place: Place) -> None:
        given = {
            info.alias or part for part, info in type(entry).model_fields.items() if part in entry.model_fields_set
        }
        for part in sorted(given - {"says", "claim", *_TAKES[entry.claim]}):
            self._faults.add(f"{where(place)}: a claim of the kind {entry.claim} takes no '{part}'.", *place, part)
        for part in _NEEDS[entry.claim]:
            if not getattr(entry, part):
                self._faults.add(f"{where(place)}: a claim of the kind {entry.claim} needs '{part}'.", *place)

    def _without(self, entry: ClaimEntry, place: Place) -> Service | None:
        fields = dict(entry.without)
        kind, *more = fields.pop("kind", ("",))
        if more or not isinstance(kind, str) or kind not in KINDS:
            said = f"{where(place)}: kind must be one kind of event{nearest(kind, KINDS)}"
            self._faults.add(said, *place, "kind")
            return None
        if kind in entry.by:
            self._faults.add(f"{where(place)}: {kind} is what the claim is about, so it is always on record.", *place)
        selection = Selection(kind, ())
        wanted: dict[str, tuple[object, ...]] = {}
        for field, given in fields.items():
            wanted[field], sentences = selection.read(field, given)
            for sentence in sentences:
                self._faults.add(f"{where(place)}: {sentence}", *place, field)
        return Service(kind, wanted)

    def _known(self, given: Iterable[str], names: Collection[str], what: str, place: Place) -> None:
        for name in given:
            if name not in names:
                self._faults.add(f"{where(place)}: there is no {what} '{name}'{nearest(name, names)}", *place)
