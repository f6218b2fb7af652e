"""The door for scripts and for the command line: one store, one clock, and the rules in between."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from lmstrack.adopting import Adoption, Chosen, adoption
from lmstrack.case_ids import case_named
from lmstrack.caseload import ListChanges, faults_found, list_changes, obligation_list
from lmstrack.dates import PartialDate, civil_day, end_of_day
from lmstrack.differences import Moment
from lmstrack.duplicates import Pair, pairs_in, pairs_of
from lmstrack.effort import ALONE, Effort, few_collections
from lmstrack.entering import Desk, Entry
from lmstrack.errors import Impossible, InvalidData, NotPermitted
from lmstrack.events import Event, known
from lmstrack.explaining import Why, why
from lmstrack.families import cache_one, told_of, view_of, views
from lmstrack.joined import seen, standing_together
from lmstrack.lists import ObligationList, groups_named, state_named
from lmstrack.merging import stands_for_itself
from lmstrack.oddities import oddities
from lmstrack.overview import Overview, overview
from lmstrack.plausible import impossible_birth
from lmstrack.recording import Recorded
from lmstrack.records import (
    AdoptWorkflow,
    Departure,
    Merge,
    MoveEvent,
    Person,
    Record,
    Unmerge,
    edited_person,
    read_person,
)
from lmstrack.standings import Standings, standings
from lmstrack.store import Store, open_store
from lmstrack.strands import with_known_strand
from lmstrack.versions import Versions
from lmstrack.workday import work_list
from lmstrack.workflow import Site, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from lmstrack.case import Case
    from lmstrack.loading import LoadReport, Unparsed
    from lmstrack.worklist import WorkList

    #: A day, or 2026-11-24 as text.
    Day = date | str
    #: The end of a day at the site, or an instant with its zone.
    KnownAt = date | datetime | str


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case that was just opened; its person is not part of its repr."""

    id: str


class Tracker:
    """Records what happens to patients, and answers where each stands and who is overdue.

    Everything that is decided is decided by ``assess``; the tracker brings it the log, the workflows and today, and
    keeps what it says. Use it as a context manager.
    """

    def __init__(
        self,
        store: Store,
        *,
        by: str | None = None,
        today: Day | None = None,
        workflows: Mapping[str, Workflow] | None = None,
        site: str | Path | None = None,
        effort: Effort = ALONE,
    ) -> None:
        self._store = store
        self._by = by
        self._today = None if today is None else PartialDate.exact_day(today)
        self._versions = Versions(workflows, Site(Path(site)) if site is not None else None)
        self._effort = effort

    @classmethod
    def open(
        cls,
        url: str | Path,
        *,
        by: str | None = None,
        today: Day | None = None,
        create: bool = False,
        zone: str | None = None,
        workflows: Mapping[str, Workflow] | None = None,
        site: str | Path | None = None,
        effort: Effort = ALONE,
    ) -> Self:
        """Open a database: a path, ``sqlite:///…`` or ``postgresql://…``.

        *by* is who answers for what is written, the operating system's user where None. *today* overrides the clock
        (it never alters when something is recorded). *create* makes the database where there is none; *zone* is then
        the site's IANA time zone. *site* is the folder of the site's overlays, None where there is none. *effort* says
        how many processes a list may take that only the logs can answer; a script that gives more than one has to be
        guarded by ``if __name__ == "__main__":``, since each of them imports it.

        Raises `StoreUnavailable` where there is no database, or one that this version cannot read.
        """
        store = open_store(url, create=create, zone=zone)
        return cls(store, by=by, today=today, workflows=workflows, site=site, effort=effort)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self._store.close()

    # ---- clock, actor, workflows

    @property
    def store(self) -> Store:
        """What the tracker writes to and reads from."""
        return self._store

    @property
    def by(self) -> str:
        """Who answers for what is written.

        Raises `NotPermitted` where nobody was named and the operating system does not know either.
        """
        if self._by is None:
            self._by = _operating_user()
        return self._by

    @property
    def today(self) -> date:
        """The civil day at the site, or the one that was set."""
        return self._today if self._today is not None else civil_day(_now(), self._store.zone)

    @property
    def workflow(self) -> Workflow:
        """The one that new cases are pinned to: what the site signed last, else the newest that is released."""
        return self._versions.newest

    def workflow_named(self, name: str) -> Workflow:
        """A workflow by its name, loaded once."""
        return self._versions.named(name)

    # ---- cases and people

    def open_case(
        self,
        *,
        name: str | None = None,
        born: date | str | PartialDate | None = None,
        sex: str | None = None,
        identifiers: Mapping[str, str] | None = None,
        contact_needs: Mapping[str, object] | None = None,
        **more_identifiers: str,
    ) -> OpenedCase:
        """Open a case for a person; further keywords are identifiers, such as ``mrn="0012345678"``.

        Raises `Conflict`, naming the case, where an identifier is already known, and `InvalidData` for fields that
        cannot be read.
        """
        named = {**(identifiers or {}), **more_identifiers}
        given = {"name": name, "born": born, "sex": sex, "identifiers": named, "contact_needs": contact_needs or None}
        person = read_person(given)
        if person.born is not None and person.born.first > self.today:
            raise Impossible("Open a case", f"{person.born} as a day of birth lies in the future.", "Check the date.")
        with self._store.writing() as writer:
            return OpenedCase(writer.new_case(person, self.by, _now()))

    def edit_person(self, case: str, **changes: object) -> Person:
        """Change what is known of the person: name, born, sex, identifiers (added to, or None to remove one).

        Raises `NotFound` for an unknown case, `InvalidData` for fields that cannot be read, and `Impossible` where the
        patient would be born after something on record.
        """
        case = self.resolve(case)
        with self._store.writing() as writer:
            person = edited_person(writer.person(case), changes)
            log = view_of(writer, case)
            stands = standing_together(seen(case, log).lines) if "born" in changes else ()
            said = impossible_birth(person, stands, self.today) if "born" in changes else None
            if said is not None:
                raise Impossible(f"Change {case}", said, "Check the date and the patient.")
            writer.change_person(case, person, self.by, _now())
            cache_one(writer, self._versions, case, person, log, self.today, self._store.zone)
        return person

    def person(self, case: str, *, known_at: KnownAt | None = None) -> Person:
        """Who the patient is, or was said to be by the end of a day. Raises `NotFound` for an unknown case."""
        return self._store.person(self.resolve(case), self._instant(known_at))

    def log(self, case: str) -> list[Event]:
        """The lines of the case's own log, as recorded. Raises `NotFound` for an unknown case."""
        return self._store.log(self.resolve(case))

    def lines(self, case: str, *, as_of: Day | None = None, known_at: KnownAt | None = None) -> list[Event]:
        """Every line that is about the patient, as `case` looks at them: also those of the cases that were merged.

        A line of another case has the number that `places` gives it.
        """
        case = self.resolve(case, exact=False)
        with self._store.reading() as store:
            log = list(known(view_of(store, case), self._instant(known_at)))
        return list(seen(case, log, self._day(as_of)).lines)

    def find(self, text: str) -> list[tuple[str, Person]]:
        """Cases by id or number, identifier, or part of a name; for one that was merged, the one that tells of it."""
        with self._store.reading() as store:
            return told_of(store, store.find(text))

    def duplicates(self, case: str | None = None) -> list[Pair]:
        """Pairs of cases that are likely one patient, those with most reasons first; nothing is merged by itself.

        With *case* only its own, with cases in whose names its name is found, which is told at once.
        """
        with self._store.reading() as store:
            return pairs_in(store) if case is None else pairs_of(store, self.resolve(case))

    def resolve(self, text: str, *, exact: bool = True) -> str:
        """The id of the case that *text* names: an id with its check digit, or, unless *exact*, a bare number.

        Raises `NotFound` where the check digit does not fit or there is no such case.
        """
        identifier = case_named(text, exact=exact)
        self._store.person(identifier)  # raises NotFound where there is no such case
        return identifier

    # ---- recording

    def record(
        self,
        case: str,
        record: Record,
        *,
        on: date | str | PartialDate | None = None,
        despite: Mapping[str, Departure] | None = None,
        source: str | None = None,
        source_id: str | None = None,
        expected_line: int | None = None,
        dry_run: bool = False,
    ) -> Recorded:
        """Record what happened to the patient *on* a day (today where None); the kind of record is the trigger.

        *despite* answers rules that are not met with a documented departure. *source_id* makes an entry idempotent:
        the same one again is not written twice. *expected_line* is the last line the caller has read.

        Raises `Refused` with every finding where a rule stands in the way, `Impossible` for what cannot have happened,
        `Conflict` where the case has moved on past *expected_line*, and `NotFound` for an unknown case or rule.
        """
        case = case_named(case, exact=True)
        when = PartialDate.of(on if on is not None else self.today)
        record = self._versions.adopted(with_known_strand(record, self.workflow), preview=dry_run)
        with self._desk(dry_run=dry_run) as desk:
            return desk.enter(Entry(case, record, when, despite, source, source_id, expected_line))

    def correct(
        self,
        case: str,
        line: int,
        *,
        nature: str = "entered_in_error",
        because: str | None = None,
        instead: Record | None = None,
        on: date | str | PartialDate | None = None,
        expected_line: int | None = None,
        dry_run: bool = False,
    ) -> Recorded:
        """Say that a line should read otherwise, or, without *instead* and *on*, that it never was.

        *nature* is ``entered_in_error`` or ``refined``. What is not given stays as the line reads now.

        Raises `Impossible` where there is no such line.
        """
        case, day = case_named(case, exact=True), None if on is None else PartialDate.of(on)
        with self._desk(dry_run=dry_run) as desk:
            case, correct = desk.correction(case, line, nature, because, instead, day)
            record = self._versions.adopted(with_known_strand(correct, self.workflow), preview=dry_run)
            entry = Entry(case, record, PartialDate.day(self.today), expected_line=expected_line)
            return desk.enter(entry)

    def undo(self, case: str, line: int | None = None, *, because: str = "undone") -> Recorded:
        """Withdraw a line, the last one where None; what it was stays in the log, and the undoing can be undone.

        Raises `Impossible` where there is nothing to undo.
        """
        with self._desk() as desk:
            case, correct = desk.correction(case_named(case, exact=True), line, "entered_in_error", because)
            return desk.enter(Entry(case, correct, PartialDate.day(self.today)))

    def move(
        self, case: str, line: int, to_case: str, *, because: str | None = None, dry_run: bool = False
    ) -> Recorded:
        """Say that a line is about another patient: it is withdrawn here and recorded there, or neither is done.

        `Recorded.elsewhere` tells what it does there. The rules of the other case do not refuse it, and what they find
        is kept. Undoing it brings the line back. Raises `Impossible` where it cannot have happened there.
        """
        return self.record(case, MoveEvent(line=line, to_case=to_case, because=because), dry_run=dry_run)

    def merge(self, case: str, other: str, *, because: str | None = None, dry_run: bool = False) -> Recorded:
        """Say that *other* is the same patient: from today on both logs are read as one, and *other* leaves the lists.

        Raises `Conflict` where either is merged already, and `Impossible` where both cannot have happened to one.
        """
        return self.record(case, Merge(other_case=other, because=because), dry_run=dry_run)

    def unmerge(self, case: str, other: str, *, because: str | None = None, dry_run: bool = False) -> Recorded:
        """Say that *other* is another patient after all; both cases are what they would be without the merge.

        Raises `NotFound` where *other* is not merged into *case*.
        """
        return self.record(case, Unmerge(other_case=other, because=because), dry_run=dry_run)

    def adopt(
        self,
        workflow: str,
        cases: Collection[str] | None = None,
        *,
        navigator: str | None = None,
        state: str | None = None,
        commit: bool = False,
        names: bool = False,
    ) -> Adoption:
        """Let cases adopt another version of the guideline today, all or none, or, without *commit*, say what changes.

        *cases* names them; None: all that are followed, of a *navigator* or in a *state* where one is given. Raises
        `NotFound` for an unknown version, and `NotPermitted` for a site's that nobody has signed.
        """
        self._versions.adopted(AdoptWorkflow(workflow=workflow), preview=not commit)  # raises where nobody signed it
        only = None if cases is None else {self.resolve(case) for case in cases}
        chosen, to = Chosen(only, navigator, state), self.workflow_named(workflow)
        return adoption(self.standings(names=names), to, self._desk, chosen, commit=commit, effort=self._effort)

    @contextmanager
    def _desk(self, *, dry_run: bool = False) -> Iterator[Desk]:
        """Where events are entered, all that the block enters or nothing."""
        with self._store.writing() as writer:
            yield Desk(writer, self._versions, self.by, self.today, _now(), self._store.zone, dry_run)

    def load(
        self,
        cases: Iterable[Unparsed],
        *,
        source: str | None = None,
        as_history: bool = False,
        commit: bool = False,
        processes: int = 1,
        progress: Callable[[int], None] | None = None,
    ) -> LoadReport:
        """Load many cases in one transaction, or, without *commit*, say what loading them would do.

        *source* names the system that they come from. *as_history* keeps what the rules find instead of refusing.
        Raises `LmstrackError`, with nothing written, where the rows counted do not add up to those read.
        """
        from lmstrack.loading import load  # noqa: PLC0415  only loading needs worker processes

        return load(
            self._store,
            self._versions.all(),
            cases,
            by=self.by,
            at=_now(),
            today=self.today,
            source=source,
            as_history=as_history,
            commit=commit,
            processes=processes,
            pinned_to=self.workflow.pin,
            progress=progress,
        )

    # ---- answers

    def case(self, case: str, *, as_of: Day | None = None, known_at: KnownAt | None = None) -> Case:
        """Where the case stands as of a day (today where None), as known at an instant or the end of a day.

        Raises `NotFound` for an unknown case. One that was merged into another has left, and names it as `into`.
        """
        case = self.resolve(case, exact=False)
        with self._store.reading() as store:
            person, log = store.person(case, self._instant(known_at)), view_of(store, case)
        return self._versions.assessed(case, person, log, self._day(as_of), self._instant(known_at), self._store.zone)

    def why(
        self,
        case: str,
        topic: str | None = None,
        *,
        as_of: Day | None = None,
        known_at: KnownAt | None = None,
    ) -> Why:
        """Every rule of a kind of event, or the rhythm of a strand, with answers and sources.

        Raises `NotFound` for a topic that is neither a kind, a strand nor a rule.
        """
        assessed = self.case(case, as_of=as_of, known_at=known_at)
        stands_for_itself(assessed, "why")
        return why(assessed, self.workflow_named(assessed.workflow), topic)

    def overdue(
        self,
        *,
        as_of: Day | None = None,
        known_at: KnownAt | None = None,
        names: bool = False,
        group: str | None = None,
        state: str = "overdue",
    ) -> ObligationList:
        """Who is late as of a day, most overdue first, with totals that add up.

        *group* is surveillance, result, pathway (the clocks before treatment) or all; None stands for the first two.
        *state* lists what else the totals count, one of `lists.IN_STATE`. Raises `InvalidData` for any other.
        """
        return self._list(as_of, known_at, names=names, state=state_named(state), group=group)

    def worklist(
        self,
        *,
        as_of: Day | None = None,
        known_at: KnownAt | None = None,
        names: bool = False,
        questions: bool | None = None,
    ) -> WorkList:
        """What there is to do on a day, the most urgent first, with totals that add up.

        *questions* says whether open questions are among it, for which every log is read; None: where cases are few.
        """
        day, known_at = self._day(as_of), self._instant(known_at)
        held = (self._store, self._versions)
        return work_list(*held, day, known_at, names=names, questions=questions, effort=self._effort)

    def diff(
        self,
        earlier: Day,
        later: Day | None = None,
        *,
        known_at: tuple[KnownAt | None, KnownAt | None] | None = None,
        names: bool = False,
        group: str | None = None,
    ) -> ListChanges:
        """What changed on the overdue list from one day to a later one (today where None), each row with its cause.

        Each list is taken as it was known at the end of its day, unless *known_at* says otherwise for both; that of
        today knows everything on record.
        """
        days = (self._day(earlier), self._day(later))
        known = known_at or (days[0], None if days[1] >= self.today else days[1])
        moments = [Moment(day, self._instant(at)) for day, at in zip(days, known, strict=True)]
        wanted = groups_named(group)
        return list_changes(self._store, self._versions, *moments, names=names, groups=wanted, effort=self._effort)

    def obligations(
        self, *, as_of: Day | None = None, known_at: KnownAt | None = None, names: bool = False
    ) -> ObligationList:
        """Every obligation in every state, past ones too."""
        return self._list(as_of, known_at, names=names, state=None)

    def overview(self, found: ObligationList, *, names: bool = False) -> Overview:
        """What stands behind a list: who is on none and why, and what came due in the twelve months before its day."""
        return overview(self._store, self._versions, found, names=names, effort=self._effort)

    def standings(self, *, as_of: Day | None = None, known_at: KnownAt | None = None, names: bool = False) -> Standings:
        """Every case that was known, and where it stood on a day."""
        day, known = self._day(as_of), self._instant(known_at)
        return standings(self._store, self._versions, day, known, names=names, effort=self._effort)

    def _list(
        self,
        as_of: Day | None,
        known_at: KnownAt | None,
        *,
        names: bool,
        state: str | None,
        group: str | None = None,
    ) -> ObligationList:
        return obligation_list(
            self._store,
            self._versions,
            self._day(as_of),
            self._instant(known_at),
            names=names,
            state=state,
            groups=groups_named(group),
            effort=self._effort,
        )

    def _day(self, as_of: Day | None) -> date:
        return self.today if as_of is None else PartialDate.exact_day(as_of)

    def _instant(self, known_at: KnownAt | None) -> datetime | None:
        if known_at is None:
            return None
        if not isinstance(known_at, datetime):
            return end_of_day(PartialDate.exact_day(known_at), self._store.zone)
        if known_at.utcoffset() is None:
            fault = "An instant was given without its zone."
            raise InvalidData("Look at what was known then", [fault], "Give a day, or an instant with its zone.")
        return known_at

    # ---- keeping it true

    def doctor(self, *, repair: bool = False) -> tuple[str, ...]:
        """What is wrong with the database: breaks of the chain, and every cached row that the log does not give.

        With *repair* the caches are written anew from the log; the log itself is never touched.
        """
        with few_collections():
            return tuple(faults_found(self._store, self._versions, self.today, repair=repair))

    def oddities(self) -> tuple[str, ...]:
        """What can have happened and still looks like a slip of the hand, each with its case; it need not be wrong."""
        today = self.today
        return tuple(f"{case}: {said}" for case, _, log in views(self._store) for said in oddities(case, log, today))


def _now() -> datetime:
    return datetime.now(UTC)


def _operating_user() -> str:
    named = os.environ.get("LMSTRACK_BY")
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise NotPermitted(
            "Write to the database", "nobody answers for the entry.", "Say who you are: --by NAME or LMSTRACK_BY."
        ) from None
