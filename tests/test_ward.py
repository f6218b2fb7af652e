"""A ward of random nurses: whatever they record in whatever order, nobody is lost and no list contradicts the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lmstrack.case import Case, assess
from lmstrack.errors import Conflict, Impossible, LmstrackError, Refused
from lmstrack.events import standing
from lmstrack.families import view_of
from lmstrack.listing import Listed, listed
from lmstrack.lists import IN_SCOPE, Totals, totals_of
from lmstrack.obligations import ObligationState
from lmstrack.records import Departure, Record, read_record
from lmstrack.store import open_store
from lmstrack.tracker import Recorded, Tracker
from tests.storyteller import WORKFLOWS

BEGUN = date(2021, 1, 4)
ANSWERED = Departure(because="known to the team", agreed_by="lead surgeon")
ENTRIES: list[tuple[str, dict[str, Any]]] = [
    ("referral", {"site_group": "extremity", "size_mm": 80, "depth": "deep"}),
    ("consultation", {"site_group": "retroperitoneum"}),
    ("imaging", {"region": "primary", "modality": "MRI", "adequate": True, "outcome": "suspicious"}),
    ("imaging", {"region": "chest", "modality": "CT"}),
    ("imaging", {"region": "chest", "modality": "CT", "evidence": "patient_said"}),
    (
        "imaging",
        {"regions": ["chest", "abdomen_pelvis"], "modality": "CT", "purpose": "response", "outcome": "disease"},
    ),
    ("biopsy", {"method": "core", "centre_designated": True, "track_planned_with_surgeon": True}),
    ("pathology", {"specimen": "biopsy", "is_lms": True, "grade": 3}),
    ("pathology", {"specimen": "review", "is_lms": True, "grade": 1, "reviewed_by_sarcoma_pathologist": True}),
    ("staging", {"t": 2, "n": 0, "m": 0}),
    ("staging", {"t": 2, "n": 0, "m": 1}),
    ("mdt", {"decision": "operate", "plan": [{"treatment": "surgery"}, {"treatment": "radiotherapy"}]}),
    ("mdt", {"decision": "watch", "plan": [{"treatment": "observation"}]}),
    ("surgery", {"operation": "wide_excision", "margin_mm": 15}),
    ("surgery", {"operation": "other", "emergency": True}),
    ("surgery", {"operation": "unplanned_excision"}),
    ("radiotherapy", {"timing": "postoperative"}),
    ("radiotherapy", {"timing": "palliative", "emergency": True}),
    ("systemic", {"line": "1", "regimen": ["doxorubicin"]}),
    ("systemic", {"line": "2", "regimen": ["trabectedin"]}),
    ("systemic", {"line": "adjuvant", "regimen": ["doxorubicin"]}),
    ("treatment_completed", {"next": "surveillance"}),
    ("treatment_completed", {"next": "surveillance"}),
    ("treatment_completed", {"next": "systemic_care"}),
    ("treatment_completed", {"next": "palliative_care", "review_on": "2022-06-01"}),
    ("visit", {"components": ["history", "examination"]}),
    ("visit", {"components": ["history"], "mode": "telephone"}),
    ("rehabilitation", {"phase": "started"}),
    ("rehabilitation", {"phase": "maximal_function"}),
    ("recurrence", {"status": "suspected"}),
    ("recurrence", {"status": "confirmed", "local": True, "sites": []}),
    ("recurrence", {"status": "confirmed", "sites": ["lung"]}),
    ("recurrence", {"status": "refuted"}),
    ("booking", {"strand": "clinic_review", "for_date": "2022-06-01"}),
    ("booking", {"strand": "treatment_summary", "for_date": "2022-06-01"}),
    ("did_not_attend", {}),
    ("contact", {"outcome": "no_answer"}),
    ("contact", {"outcome": "reached"}),
    ("excuse", {"strand": "clinic_review", "reason": "declined"}),
    ("excuse", {"strand": "report", "reason": "not_appropriate"}),
    ("excuse", {"strand": "treatment_summary", "reason": "declined"}),
    ("excuse", {"strand": "chest_imaging", "reason": "declined", "standing": True, "review_on": "2022-06-01"}),
    ("suspend", {"review_on": "2022-06-01"}),
    ("suspend", {"strand": "chest_imaging", "review_on": "2022-06-01"}),
    ("resume", {}),
    ("resume", {"strand": "chest_imaging"}),
    ("assign", {"navigator": "navigator-b"}),
    ("assign", {"navigator": "navigator-c", "until": "2022-03-01"}),
    ("transfer", {"status": "sent"}),
    ("transfer", {"status": "accepted"}),
    ("transfer", {"status": "returned"}),
    ("lost_to_follow_up", {"review_on": "2022-06-01"}),
    ("discharge", {}),
    ("death", {"cause": "other"}),
    ("not_lms", {"diagnosis": "lipoma"}),
]
entries = st.sampled_from(ENTRIES).map(lambda entry: read_record(*entry))
cases = st.integers(0, 2)
#: How long ago an event was when it is typed in; most are of the day.
ago = st.one_of(st.just(0), st.integers(0, 30), st.integers(0, 900))
precision = st.sampled_from([10, 10, 10, 7, 4])


class Ward(RuleBasedStateMachine):
    """Up to three patients, an in-memory store, and a calendar that only goes forward."""

    @initialize()
    def opens(self) -> None:
        self.store = open_store("sqlite://")
        self.today = BEGUN
        self.cases: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()

    @property
    def tracker(self) -> Tracker:
        return Tracker(self.store, by="navigator-a", today=self.today, workflows=WORKFLOWS)

    def records(self, case: str, record: Record, on: str) -> Recorded | None:
        """Enter it as the ward would: where rules refuse it, with the reasons of a clinician."""
        try:
            return self.tracker.record(case, record, on=on)
        except Refused as refused:
            despite = {finding.rule: ANSWERED for finding in refused.findings}
            return self.tracker.record(case, record, on=on, despite=despite)
        except (Impossible, Conflict):
            return None

    # ---- what nurses do

    @precondition(lambda self: len(self.cases) < 3)
    @rule()
    def a_patient_comes(self) -> None:
        opened = self.tracker.open_case(name="A B", born="1961-03", sex="female")
        self.cases.append(opened.id)

    @precondition(lambda self: self.cases)
    @rule(place=cases, record=entries, days=ago, length=precision)
    def something_is_recorded(self, place: int, record: Record, days: int, length: int) -> None:
        case = self.cases[place % len(self.cases)]
        self.records(case, record, (self.today - timedelta(days)).isoformat()[:length])

    @precondition(lambda self: self.cases)
    @rule(place=cases, months=st.integers(1, 24))
    def a_patient_is_treated(self, place: int, months: int) -> None:
        case = self.cases[place % len(self.cases)]
        for days, entry in ((90, 0), (80, 7), (40, 11), (20, 13), (0, 21)):
            on = self.today - timedelta(days + 30 * months)
            self.records(case, read_record(*ENTRIES[entry]), on.isoformat())

    @precondition(lambda self: self.cases)
    @rule(place=cases, line=st.integers(0, 40), days=ago, refined=st.booleans(), instead=st.none() | entries)
    def a_line_is_corrected(self, place: int, line: int, days: int, refined: bool, instead: Record | None) -> None:
        case = self.cases[place % len(self.cases)]
        length = len(self.tracker.log(case))
        nature = "refined" if refined else "entered_in_error"
        try:
            self.tracker.correct(
                case, 1 + line % max(length, 1), nature=nature, instead=instead, on=self.today - timedelta(days)
            )
        except LmstrackError:
            assert len(self.tracker.log(case)) == length

    @precondition(lambda self: self.cases)
    @rule(place=cases, line=st.none() | st.integers(0, 40))
    def a_line_is_undone(self, place: int, line: int | None) -> None:
        case = self.cases[place % len(self.cases)]
        length = len(self.tracker.log(case))
        try:
            self.tracker.undo(case, None if line is None else 1 + line % max(length, 1))
        except LmstrackError:
            assert len(self.tracker.log(case)) == length

    @precondition(lambda self: self.cases)
    @rule(place=cases, line=st.integers(1, 40), reported=st.booleans(), days=ago)
    def a_report_comes(self, place: int, line: int, reported: bool, days: int) -> None:
        case = self.cases[place % len(self.cases)]
        on = (self.today - timedelta(days)).isoformat()
        fields = {"reported_on": self.today.isoformat()} if reported else {"told_on": on}
        self.records(case, read_record("result", {"line": line, **fields}), on)

    # ---- what concerns two cases

    def tried(self, act: Callable[[], Recorded]) -> Recorded | None:
        """Do it if it can be; if it cannot, nothing is written."""
        before = {case: self.tracker.log(case) for case in self.cases}
        try:
            return act()
        except LmstrackError:
            assert {case: self.tracker.log(case) for case in self.cases} == before
            return None

    @precondition(lambda self: len(self.cases) > 1)
    @rule(place=cases, other=cases)
    def two_cases_are_one_patient(self, place: int, other: int) -> None:
        case, gone = self.cases[place % len(self.cases)], self.cases[other % len(self.cases)]
        if self.tried(lambda: self.tracker.merge(case, gone)) is not None:
            assert self.tracker.case(gone).into == case

    @precondition(lambda self: len(self.cases) > 1)
    @rule(place=cases, other=cases)
    def they_were_two_after_all(self, place: int, other: int) -> None:
        case, back = self.cases[place % len(self.cases)], self.cases[other % len(self.cases)]
        if self.tried(lambda: self.tracker.unmerge(case, back)) is not None:
            assert self.tracker.case(back).into is None

    @precondition(lambda self: len(self.cases) > 1)
    @rule(place=cases, other=cases, line=st.integers(0, 40), again=st.booleans())
    def an_entry_was_about_another_patient(self, place: int, other: int, line: int, again: bool) -> None:
        case, to_case = self.cases[place % len(self.cases)], self.cases[other % len(self.cases)]
        length = len(self.tracker.log(case))
        moved = self.tried(lambda: self.tracker.move(case, 1 + line % max(length, 1), to_case))
        if moved is None or not again:
            return
        before = [event.record for event in standing(self.tracker.log(to_case))]
        if self.tried(lambda: self.tracker.undo(case, moved.event.line)) is not None:
            after = [event.record for event in standing(self.tracker.log(to_case))]
            assert len(after) == len(before) - 1

    @rule(days=st.integers(1, 200))
    def time_goes_by(self, days: int) -> None:
        self.today += timedelta(days)

    # ---- what must hold all the time

    def by_hand(self, as_of: date) -> tuple[Counter[tuple[object, ...]], Totals, list[Case]]:
        """The overdue list without any cache: every log replayed."""
        tracker, rows, totals, assessed = self.tracker, list[Listed](), Totals(), list[Case]()
        for name in self.cases:
            view = view_of(self.store, name)
            case = assess(tracker.person(name), view, WORKFLOWS, as_of, case=name)
            own = listed(case)
            if self.had_begun(name, as_of):
                totals += totals_of([(case, own)], as_of)
            rows += [row for row in own if _overdue(row, as_of)]
            assessed.append(case)
        return Counter(tuple(row) for row in rows), totals, assessed

    def had_begun(self, case: str, as_of: date) -> bool:
        """Something that stands is dated to the day or earlier, or was entered by then; or nothing stands at all."""
        stands = standing(self.tracker.lines(case, as_of=as_of))
        return not stands or any(min(event.on, event.recorded_at.date()) <= as_of for event in stands)

    @invariant()
    def the_doctor_finds_nothing(self) -> None:
        if hasattr(self, "store"):
            assert self.tracker.doctor() == ()

    @invariant()
    def lists_equal_the_log_on_every_day(self) -> None:
        if not hasattr(self, "store"):
            return
        for days in (-300, -20, 0, 1, 45, 400, 4000):
            as_of = self.today + timedelta(days)
            found = self.tracker.overdue(as_of=as_of)
            rows, totals, assessed = self.by_hand(as_of)
            assert Counter(tuple(row) for row in found.rows) == rows
            assert found.totals == totals
            assert found.totals.add_up
            assert totals.cases == len(self.cases) or (days < 0 and totals.cases < len(self.cases))
            for case in assessed:
                assert_nobody_is_lost(case)
                named = Counter(each.id for each in case.obligations)
                assert max(named.values(), default=1) == 1


def assert_nobody_is_lost(case: Case) -> None:
    """Under care something falls due that neither waits nor was excused, whatever happened on the way there."""
    if case.left is None and case.state in {"treatment", "systemic_care", "surveillance"}:
        assert any(
            each.ending is None and each.due_by is not None and each.suspended_from is None for each in case.obligations
        )


def _overdue(row: Listed, as_of: date) -> bool:
    in_scope = row.group in IN_SCOPE and row.excluded is None and row.current(as_of)
    return in_scope and row.state(as_of) is ObligationState.OVERDUE


Ward.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestWard = Ward.TestCase
