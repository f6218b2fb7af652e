"""Loading cases into the store: one transaction for a whole file, or, for a preview, none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from lmstrack.case_ids import case_id, number_of
from lmstrack.effort import few_collections
from lmstrack.errors import InvalidData, LmstrackError, NotFound
from lmstrack.families import family_of
from lmstrack.loading.deciding import decide
from lmstrack.loading.identity import is_about_another
from lmstrack.loading.names import can_be_kept
from lmstrack.loading.people import is_own
from lmstrack.loading.reports import Amendment, KnownCase, LoadReport, Rejected
from lmstrack.loading.seen import Seen
from lmstrack.loading.terms import Terms
from lmstrack.loading.together import join_new_ones, known_as, said_of, write_together
from lmstrack.loading.workers import answers_to, in_batches
from lmstrack.store.bulk import last_number, much_at_once, open_cases, renumbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from lmstrack.loading.incoming import Unparsed
    from lmstrack.loading.reports import Decided, Named
    from lmstrack.loading.workers import Answer, Answers
    from lmstrack.store import Snapshot, Store, Writer
    from lmstrack.workflow import Workflow

_CASES_AT_ONCE: Final = 200


def load(
    store: Store,
    workflows: Mapping[str, Workflow],
    incoming: Iterable[Unparsed],
    *,
    by: str,
    at: datetime,
    today: date,
    source: str | None = None,
    as_history: bool = False,
    commit: bool = False,
    processes: int = 1,
    pinned_to: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> LoadReport:
    """Load cases, or, without *commit*, say what loading them would do.

    *workflows* holds every version that a case on record, or one that comes in, is pinned to or adopts; new
    cases are pinned to *pinned_to*, the last of them by name where None. *by* answers for what is written,
    *at* is when, *today* the site's day. *source* names the system that the cases come from. *as_history*
    keeps findings instead of refusing. *progress* is told the number of rows so far.

    Everything is written in one transaction, or nothing is. A second time nothing is new. Raises
    `LmstrackError` where the rows do not add up, with nothing written.
    """
    if source is not None and not can_be_kept(source):
        raise InvalidData("Load cases", ["source: write the name of a system"])
    terms = Terms(workflows, pinned_to or max(workflows), by, at, today, source, as_history, store.zone)
    with few_collections():
        if not commit:
            with store.reading() as snapshot:
                return _Loading(snapshot, None, terms, progress).run(incoming, processes)
        with store.writing() as writer, much_at_once(writer):
            return _Loading(writer, writer, terms, progress).run(incoming, processes)


@dataclass(slots=True)
class _Loading:
    """One import under way: what it reads from, what it writes to (None for a preview), and the counts.

    *last* is the number of the case that was opened last.
    """

    reader: Snapshot | Writer
    writer: Writer | None
    terms: Terms
    progress: Callable[[int], None] | None
    names: Seen = field(default_factory=Seen)
    last: int = 0
    rows_read: int = 0
    rows_done: int = 0
    new: int = 0
    on_record: int = 0
    changed: list[Amendment] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    created: int = 0
    lines: int = 0
    findings: int = 0
    questions: int = 0

    def run(self, incoming: Iterable[Unparsed], processes: int) -> LoadReport:
        """Take every case, and say what became of the rows."""
        fresh = self.reader.counts()[0] == 0
        self.terms = replace(self.terms, fresh=fresh, writes=self.writer is not None)
        self.last = 0 if self.writer is None else last_number(self.writer)
        for batch, answers in in_batches(self._new_ones(incoming), self.terms, lambda: self.last, processes):
            self._take_new(self._checked(batch, answers))
        if fresh and self.writer is not None:
            join_new_ones(self.writer, self.terms)
        report = LoadReport(
            rows_read=self.rows_read,
            new=self.new,
            known=self.on_record,
            changed=tuple(sorted(self.changed, key=_by_row)),
            rejected=tuple(sorted(self.rejected, key=_by_row)),
            cases_created=self.created,
            events=self.lines,
            findings=self.findings,
            questions=self.questions,
            committed=self.writer is not None,
        )
        if not report.adds_up:
            counted = report.new + report.known + len(report.changed) + len(report.rejected)
            raise LmstrackError(
                "Load cases",
                f"{report.rows_read} rows were read, and {counted} are accounted for.",
                "Nothing was written. Please report this.",
            )
        return report

    def _new_ones(self, incoming: Iterable[Unparsed]) -> Iterator[list[Unparsed]]:
        """Batches of cases that are not on record; those that are, are taken on the way."""
        cases = iter(incoming)
        while batch := list(islice(cases, _CASES_AT_ONCE)):
            new: list[Unparsed] = []
            for case in batch:
                self.rows_read += case.row_count
                if self.terms.fresh or not case.key or not self._took_known(case):
                    new.append(case)
            yield new

    def _own(self, key: str) -> str | None:
        """The case whose id the key is, None where it is none of ours."""
        if not key.upper().startswith("LMS-"):
            return None
        try:
            own = case_id(number_of(key))
            self.reader.person(own)
        except NotFound:
            return None
        return own

    # ---- cases on record

    def _took_known(self, case: Unparsed) -> bool:
        """Take a case that is on record, by its identifier in the source or its own id; False for others."""
        identified = self.reader.by_identifier(self.terms.system, case.key)
        held = identified if identified is not None else self._own(case.key)
        if held is None:
            return False
        on_record = KnownCase(held, self.reader.person(held), tuple(self.reader.log(held)))
        incoming = case.parsed()
        if identified is None and self.terms.source is not None and is_about_another(incoming, on_record):
            return False  # the source is a store like this one, and gave the same id to somebody else
        family = family_of(self.reader, held)
        if family is not None:
            on_record = known_as(self.reader, family, held)
            incoming = said_of(incoming, held, on_record.id)
        answer = decide(incoming, on_record, self.terms)
        if taken := self._names_taken(answer.named):
            answer = decide(incoming, on_record, self.terms, taken)
        self._count(answer)
        if self.writer is not None and answer.events and family is not None:
            write_together(self.writer, self.terms, family, answer.events)
        elif self.writer is not None and answer.events and answer.head is not None:
            self.writer.append(answer.events)
            self.writer.cache_many([(answer.head, answer.listed)])
        return True

    # ---- new cases

    def _checked(self, batch: Sequence[Unparsed], answers: Answers) -> Answers:
        """The answers, once no name in them is somebody else's, under the numbers that follow on the last one."""
        refused = [self._taken(case, answer) for case, answer in zip(batch, answers.each, strict=True)]
        apart = self.last - answers.last
        if any(refused) or (apart and any(is_own(answer.key, self.terms.source) for answer in answers.each)):
            return answers_to(batch, self.terms, self.last, refused)
        if apart and answers.rows is not None:
            return answers._replace(rows=renumbered(answers.rows, apart))
        return answers

    def _taken(self, case: Unparsed, answer: Answer) -> dict[int, str]:
        """Rows of a new case that are about another one, or have a name that belongs to it, with the reason."""
        if answer.identifiers is None:
            return {}
        whose = self._identified_as_another(answer.identifiers)
        return self._names_taken(answer.named) if whose is None else dict.fromkeys(case.parsed().rows(), whose)

    def _names_taken(self, names: Iterable[Named]) -> dict[int, str]:
        """Rows with a name that belongs to another case, with the reason."""
        taken: dict[int, str] = {}
        for named in names:
            if named.given and self.names.add(f"event {named.source} {named.source_id}"):
                taken[named.row] = f"the name {named.source_id} is given to an entry of another case too"
            elif not self.terms.fresh and (held := self.reader.by_source(named.source, named.source_id)):
                taken[named.row] = f"the name {named.source_id} is that of {held[0]} line {held[1]}"
        return taken

    def _identified_as_another(self, identifiers: Mapping[str, str]) -> str | None:
        """Why the patient is one that another case is about, None where they are not."""
        for system, value in identifiers.items():
            if self.names.add(f"person {system} {value}"):
                return f"the {system} of this patient is that of another case of the file"
            holder = None if self.terms.fresh else self.reader.by_identifier(system, value)
            if holder is not None:
                return f"the {system} of this patient is that of {holder}; import the rows under its key"
        return None

    def _take_new(self, answers: Answers) -> None:
        opened = 0
        for answer in answers.each:
            self._count(answer)
            opened += answer.identifiers is not None
        self.created += opened
        self.last += opened
        if self.writer is not None and answers.rows is not None:
            open_cases(self.writer, answers.rows)
        if self.progress is not None:
            self.progress(self.rows_done)

    def _count(self, answer: Answer | Decided) -> None:
        self.new += answer.new
        self.on_record += answer.known
        self.changed.extend(answer.changed)
        self.rejected.extend(answer.rejected)
        self.lines += answer.lines
        self.findings += answer.findings
        self.questions += answer.questions
        self.rows_done += answer.new + answer.known + len(answer.changed) + len(answer.rejected)


def _by_row(each: Amendment | Rejected) -> int:
    return each.row
