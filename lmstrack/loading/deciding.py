"""What becomes of the rows about one case. Pure, so that a preview cannot differ from the real thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lmstrack.case_ids import number_of
from lmstrack.errors import NotFound
from lmstrack.listing import cached
from lmstrack.loading.identity import Candidate, candidates_of, is_about_another
from lmstrack.loading.lines import Lined, lined_up
from lmstrack.loading.names import can_be_kept
from lmstrack.loading.people import Told, person_told
from lmstrack.loading.reports import Amendment, Decided, KnownCase, Named, Rejected
from lmstrack.loading.rules import assessed, impossible_lines, refused_lines
from lmstrack.records import CONCERNS_TWO_CASES
from lmstrack.records.faults import echoed
from lmstrack.strands import strand_names, strand_of_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lmstrack.case import Case
    from lmstrack.loading.incoming import IncomingCase
    from lmstrack.loading.terms import Terms


#: The commands that enter what concerns two cases.
ENTERED_BY = {"merge": "case merge", "move_event": "event move", "unmerge": "case unmerge"}


def decide(
    incoming: IncomingCase,
    known: KnownCase | None,
    terms: Terms,
    refused: Mapping[int, str] | None = None,
    name: str | None = None,
) -> Decided:
    """Decide about every row of a case, together.

    *refused* are rows that are rejected whatever they say. *name* is what a new case is called for now, its
    key in the file where None. A row is taken whole or not at all. It is rejected because it cannot be read
    or cannot be, and, unless history is loaded, for the rules that its own events do not meet; what comes
    after it is then judged without it.
    """
    return _Deciding(incoming, known, terms, dict(refused or {}), name or incoming.key).decided()


def _mistyped(key: str) -> bool:
    """Whether it is meant as one of our ids, and is none; it would else open a second case for somebody."""
    if not key.upper().startswith("LMS-"):
        return False
    try:
        number_of(key)
    except NotFound:
        return True
    return False


@dataclass(slots=True)
class _Deciding:
    """The rows of one case while they are decided about; *refused* says why each rejected one is."""

    incoming: IncomingCase
    known: KnownCase | None
    terms: Terms
    refused: dict[int, str]
    name: str
    candidates: Sequence[Candidate] = ()
    changed: dict[int, Amendment] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)

    def decided(self) -> Decided:
        """Take out what stands in its own way, row by row, until the rest can be taken."""
        for unreadable in self.incoming.unreadable:
            self.refused.setdefault(unreadable.row, unreadable.reason)
        log = () if self.known is None else self.known.log
        key = self.incoming.key
        self.candidates = candidates_of(key, self.incoming.events, log, self.terms.source)
        self._sort()
        while True:
            told = self._told()
            refused = dict(told.refused) or self._in_doubt(told)
            if not refused:
                new = [each for each in self.candidates if each.is_new and each.event.row not in self.refused]
                lined = lined_up(self.candidates, new, self.known, self.name, self.terms) if new else Lined()
                case, refused = self._judged(told, lined)
                if not refused:
                    return self._answer(told, lined, new, case)
            for row, reason in refused.items():
                self.refused.setdefault(row, reason)

    def _sort(self) -> None:
        """Part what is new from what is on record, changed or not."""
        case = self.incoming.key if self.known is None else self.known.id
        for candidate in self.candidates:
            row = candidate.event.row
            if candidate.refused is not None:
                self.refused.setdefault(row, candidate.refused)
            elif candidate.amends is not None:
                confirm = f"lmstrack event correct {case} {candidate.amends} …"
                self.changed.setdefault(row, Amendment(row, case, candidate.amends, confirm))
            elif candidate.is_new:
                self.new.add(row)
                if unknown := self._unknown_strand(candidate) or self._of_two_cases(candidate):
                    self.refused.setdefault(row, unknown)

    def _unknown_strand(self, candidate: Candidate) -> str | None:
        """Why an entry would attach to nothing: no workflow has a strand of that name; None where one has."""
        named = strand_of_record(candidate.event.record)
        if named is None or any(named in strand_names(each) for each in self.terms.workflows.values()):
            return None
        return f"strand: there is no strand {echoed(named)}"

    def _of_two_cases(self, candidate: Candidate) -> str | None:
        """Why an entry about two cases cannot be taken: what it names may be somebody else here; None where it can.

        In an empty store a whole export keeps its ids, and so what was merged, or moved, in it.
        """
        kind = candidate.event.record.kind
        if kind not in CONCERNS_TWO_CASES:
            return None
        if self.known is None and (
            kind == "move_event" or (self.terms.fresh and self.name == self.incoming.key.upper())
        ):
            return None
        return f"{kind} names a case by its id elsewhere: enter it here, lmstrack {ENTERED_BY[kind]} …"

    def _told(self) -> Told:
        rows = [person for person in self.incoming.persons if person.row not in self.refused]
        return person_told(rows, None if self.known is None else self.known.person, self.terms.today)

    def _in_doubt(self, told: Told) -> dict[int, str]:
        """The rows that are rejected because the case itself is in doubt."""
        left = [row for row in self.incoming.rows() if row not in self.refused]
        if self.known is not None and is_about_another(self.incoming, self.known):
            return dict.fromkeys(left, "the case of that name here is another one; name the file's --source")
        if self.known is not None and self.known.log:
            return {}
        if self.known is None and not can_be_kept(self.incoming.key):
            return dict.fromkeys(left, "what names the case is longer than a name, or is no text")
        if self.known is None and _mistyped(self.incoming.key):
            return dict.fromkeys(left, "this is no case id: its check digit does not fit")
        if self.known is None and self.incoming.only_known:
            return dict.fromkeys(left, "there is no such case here; first import the file that opens it")
        events = [each.event for each in self.candidates if each.event.row not in self.refused]
        # A whole log with its person, as an export writes it, needs no referral; anything less may be a mistyped name.
        lines = sorted(event.line or 0 for event in events)
        whole = not self.refused and lines == list(range(1, len(lines) + 1))
        introduced = self.known is None and bool(self.incoming.persons) and whole
        opened = introduced or any(event.record.kind == "referral" for event in events)
        if not events or opened:
            return {}
        reason = "nothing is on record of this case, and no referral is among its rows to begin with"
        return dict.fromkeys((event.row for event in events), reason)

    def _judged(self, told: Told, lined: Lined) -> tuple[Case | None, dict[int, str]]:
        """The case with the new lines, and the rows that cannot be taken, with the reason."""
        if not lined.events or lined.refused:
            return None, dict(lined.refused)
        log = () if self.known is None else self.known.log
        said = impossible_lines(told.person, log, lined.events, self.terms)
        case: Case | None = None
        if not said:
            case = assessed(told.person, [*log, *lined.events], self.terms)
            if not self.terms.as_history:
                said = refused_lines(told.person, log, lined, case, self.terms)
        rows = dict(zip((event.line for event in lined.events), lined.rows, strict=True))
        return case, {rows[line]: reason for line, reason in said.items()}

    def _answer(self, told: Told, lined: Lined, new: Sequence[Candidate], case: Case | None) -> Decided:
        key = self.incoming.key
        changed = {row: each for row, each in self.changed.items() if row not in self.refused}
        for row in told.changed:
            of = key if self.known is None else self.known.id
            changed.setdefault(row, Amendment(row, of, None, f"lmstrack case edit {of} …"))
        fresh = (self.new | set(told.new)) - self.refused.keys() - changed.keys()
        rows = self.incoming.rows()
        opens = self.known is None and bool(lined.events or told.new)
        lines = {event.line for event in lined.events}
        log = () if self.known is None else self.known.log
        held = None if case is None else cached(case, case.id, [*log, *lined.events])
        return Decided(
            key=key,
            case=None if self.known is None else self.known.id,
            new=len(fresh),
            known=len(rows) - len(fresh) - len(changed) - len(self.refused),
            changed=tuple(changed[row] for row in sorted(changed)),
            rejected=tuple(Rejected(row, key, self.refused[row]) for row in sorted(self.refused)),
            person=told.person if opens else None,
            events=lined.events,
            lines=len(lined.events),
            head=None if held is None else held[0],
            listed=() if held is None else tuple(held[1]),
            findings=0 if case is None else sum(1 for each in case.findings if each.line in lines),
            questions=0 if case is None else len(case.asks),
            named=tuple(self._named(new)),
        )

    def _named(self, new: Sequence[Candidate]) -> Iterator[Named]:
        for candidate in new:
            given = candidate.event.source_id is not None
            # Names made here hold the key of the case: in an empty store they cannot meet any other.
            if candidate.source_id is not None and (given or not self.terms.fresh):
                yield Named(candidate.event.row, candidate.source or "", candidate.source_id, given)
