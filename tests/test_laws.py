"""What must hold for every log: the laws of what is due, tried on random ones."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lmstrack.case import Case, assess
from lmstrack.dates import Interval
from lmstrack.events import Event, horizon
from lmstrack.families import cache_one
from lmstrack.listing import Listed, cached, listed
from lmstrack.lists import counted, totals_of
from lmstrack.obligations import Obligation, ObligationState
from lmstrack.records import read_person, read_record
from lmstrack.store import open_store
from lmstrack.store.tally import spans
from lmstrack.tracker import Tracker
from lmstrack.versions import Versions
from tests.storyteller import WORKFLOWS

ANCHOR = date(2021, 1, 31)
STRANDS = ("clinic_review", "chest_imaging", "local_imaging", "rehabilitation_review")
CHOICES: list[tuple[str, dict[str, Any]]] = [
    ("visit", {"components": ["history", "examination"]}),
    ("visit", {"components": ["history"], "mode": "telephone"}),
    ("visit", {"components": ["history", "examination"], "purpose": "wound"}),
    ("visit", {}),
    ("imaging", {"region": "chest", "modality": "CT"}),
    ("imaging", {"region": "chest", "modality": "CT", "evidence": "patient_said"}),
    ("imaging", {"regions": ["chest", "primary"], "modality": "PET_CT", "outcome": "no_disease"}),
    ("imaging", {"region": "primary", "modality": "MRI", "outcome": "no_disease"}),
    ("rehabilitation", {"phase": "review"}),
    ("pathology", {"specimen": "review", "grade": 1, "reviewed_by_sarcoma_pathologist": True}),
    ("surgery", {"operation": "re_excision"}),
    ("systemic", {"line": "1", "regimen": ["doxorubicin"]}),
    ("radiotherapy", {"timing": "palliative", "emergency": True}),
    ("treatment_completed", {"next": "surveillance"}),
    ("treatment_completed", {"next": "palliative_care", "review_on": "2026-01-01"}),
    ("recurrence", {"status": "confirmed", "sites": ["lung"]}),
    ("recurrence", {"status": "suspected"}),
    ("booking", {"strand": "clinic_review", "for_date": "2022-06-01"}),
    ("did_not_attend", {"strand": "clinic_review"}),
    ("contact", {"outcome": "reached", "strand": "chest_imaging"}),
    ("excuse", {"strand": "clinic_review", "reason": "declined"}),
    ("excuse", {"strand": "chest_imaging", "reason": "declined", "standing": True, "review_on": "2023-01-01"}),
    ("suspend", {"strand": "chest_imaging", "review_on": "2023-01-01"}),
    ("suspend", {"review_on": "2023-01-01"}),
    ("resume", {}),
    ("lost_to_follow_up", {"review_on": "2023-01-01"}),
    ("transfer", {"status": "sent"}),
    ("transfer", {"status": "accepted"}),
    ("discharge", {}),
    ("assign", {"navigator": "navigator-a"}),
    ("assign", {"navigator": "navigator-b", "until": "2023-03-01"}),
    ("treatment_completed", {"next": "systemic_care"}),
    ("treatment_completed", {"next": "surveillance"}),
    ("mdt", {"decision": "watch", "plan": [{"treatment": "observation"}]}),
    ("excuse", {"strand": "treatment_summary", "reason": "declined"}),
    ("excuse", {"strand": "systemic_start", "reason": "declined"}),
    ("excuse", {"strand": "palliative_review", "reason": "declined"}),
    ("excuse", {"strand": "suspension_review", "reason": "declined"}),
    ("excuse", {"strand": "excuse_review", "reason": "declined"}),
    ("suspend", {"strand": "treatment_summary", "review_on": "2023-01-01"}),
    ("suspend", {"strand": "suspension_review", "review_on": "2023-01-01"}),
    ("transfer", {"status": "returned"}),
    ("rehabilitation", {"phase": "started"}),
    ("rehabilitation", {"phase": "maximal_function"}),
    ("surgery", {"operation": "unplanned_excision"}),
    ("imaging", {"region": "chest", "modality": "CT", "purpose": "response"}),
    ("systemic", {"line": "2", "regimen": ["trabectedin"]}),
    ("systemic", {"line": "adjuvant", "regimen": ["doxorubicin"]}),
    ("recurrence", {"status": "confirmed", "local": True}),
]


def beginning() -> list[tuple[date, str, dict[str, Any]]]:
    return [
        (ANCHOR - timedelta(60), "referral", {"site_group": "extremity", "size_mm": 80, "depth": "deep"}),
        (ANCHOR - timedelta(40), "pathology", {"specimen": "biopsy", "histology": "8890/3", "grade": 3}),
        (ANCHOR, "surgery", {"operation": "wide_excision"}),
        (ANCHOR + timedelta(5), "treatment_completed", {"next": "surveillance"}),
    ]


def log_of(entries: list[tuple[date, str, dict[str, Any]]]) -> list[Event]:
    return [
        Event(
            case="LMS-0001-2",
            line=line,
            on=on,
            record=read_record(kind, fields),
            recorded_at=datetime(on.year, on.month, on.day, 12, tzinfo=UTC),
            recorded_by="navigator-a",
            workflow="leiomyosarcoma-2026.1" if line == 1 else None,
        )
        for line, (on, kind, fields) in enumerate(entries, start=1)
    ]


days = st.integers(0, 365 * 6).map(lambda after: ANCHOR + timedelta(after))
entry = st.tuples(days, st.sampled_from(CHOICES)).map(lambda made: (made[0], made[1][0], made[1][1]))
logs = st.lists(entry, max_size=14).map(lambda more: log_of(beginning() + more))
#: One event of a kind on a day, so that the order of entry within a day cannot matter.
spread = st.lists(entry, max_size=14, unique_by=lambda made: (made[0], made[1])).map(lambda more: beginning() + more)
LAST = ANCHOR + timedelta(365 * 10)
Entries = list[tuple[date, str, dict[str, Any]]]


def at(log: list[Event], as_of: date) -> Case:
    return assess(None, log, WORKFLOWS, as_of)


def seen(obligation: Obligation, as_of: date) -> tuple[object, ...]:
    """An obligation without its line number, which follows the order of entry."""
    return (
        obligation.course,
        obligation.strand,
        obligation.state(as_of),
        obligation.since,
        obligation.counts_from,
        obligation.due_from,
        obligation.due_by,
        obligation.plan,
        obligation.provisional,
        obligation.current_from,
        obligation.current_until,
        obligation.suspended_from,
        obligation.booked_for,
        obligation.attempts,
    )


def multiset(case: Case) -> Counter[tuple[object, ...]]:
    return Counter(seen(obligation, case.as_of) for obligation in case.obligations)


@settings(max_examples=60, deadline=None)
@given(logs, st.integers(0, 365 * 10))
def test_each_recurring_strand_of_a_course_has_at_most_one_current_obligation(log: list[Event], after: int) -> None:
    case = at(log, ANCHOR + timedelta(after))
    current = Counter((each.course, each.strand) for each in case.current() if each.strand in STRANDS)
    assert not [strand for strand, times in current.items() if times > 1]


@settings(max_examples=60, deadline=None)
@given(logs, st.integers(0, 365 * 10))
def test_the_states_of_what_is_current_sum_to_the_caseload(log: list[Event], after: int) -> None:
    day = ANCHOR + timedelta(after)
    case = at(log, day)
    rows = listed(case)
    totals = totals_of([(case, rows)], day)
    assert totals.add_up
    in_scope = [row for row in rows if row.excluded is None and row.group != "pathway" and row.current(day)]
    ended = {ObligationState.FULFILLED, ObligationState.CLOSED}
    assert sum(counted(rows, day).values()) == len([row for row in in_scope if row.state(day) not in ended])


@settings(max_examples=60, deadline=None)
@given(logs, st.integers(0, 365 * 10))
def test_a_listed_row_has_the_state_of_its_obligation(log: list[Event], after: int) -> None:
    day = ANCHOR + timedelta(after)
    case = at(log, day)
    assert [row.state(day) for row in listed(case)] == [each.state(day) for each in case.obligations]


@settings(max_examples=40, deadline=None)
@given(spread, st.randoms(use_true_random=False))
def test_the_order_of_entry_decides_nothing(entries: list[tuple[date, str, dict[str, Any]]], random: Any) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)
    one, other = at(log_of(entries), LAST), at(log_of(shuffled), LAST)
    assert one.state == other.state
    assert multiset(one) == multiset(other)
    assert Counter(finding.rule for finding in one.findings) == Counter(finding.rule for finding in other.findings)


@settings(max_examples=40, deadline=None)
@given(logs, st.integers(1, 400))
def test_a_late_entry_equals_one_in_time_once_it_is_known(log: list[Event], late: int) -> None:
    typed_later = [replace(event, recorded_at=event.recorded_at + timedelta(late)) for event in log]
    assert at(log, LAST).obligations == at(typed_later, LAST).obligations


@settings(max_examples=40, deadline=None)
@given(logs)
def test_an_unrelated_event_changes_nothing(log: list[Event]) -> None:
    more = log_of([(LAST, "assign", {"navigator": "navigator-b"})])[0]
    plus = [*log, replace(more, line=len(log) + 1, workflow=None)]
    assert at(log, LAST).obligations == at(plus, LAST).obligations


@settings(max_examples=40, deadline=None)
@given(logs, st.integers(0, 365 * 8))
def test_what_is_overdue_stays_overdue_until_something_is_recorded(log: list[Event], after: int) -> None:
    last = max(event.on for event in log)
    day = last + timedelta(after)
    for obligation in at(log, day).current():
        if obligation.state(day) is ObligationState.OVERDUE:
            assert obligation.state(day + timedelta(1)) is ObligationState.OVERDUE
            assert obligation.days_overdue(day + timedelta(1)) == (obligation.days_overdue(day) or 0) + 1


DECLINED_THEN_TREATED = [
    (ANCHOR, "treatment_completed", {"next": "surveillance"}),
    (ANCHOR, "excuse", {"strand": "clinic_review", "reason": "declined"}),
    (ANCHOR + timedelta(6), "systemic", {"line": "1", "regimen": ["doxorubicin"]}),
    (ANCHOR + timedelta(122), "treatment_completed", {"next": "surveillance"}),
]


@settings(max_examples=40, deadline=None)
@given(logs, st.sampled_from(STRANDS), st.integers(0, 700))
@example(log_of(beginning() + DECLINED_THEN_TREATED), "clinic_review", 121)
def test_a_booking_or_a_call_never_moves_a_due_date(log: list[Event], strand: str, after: int) -> None:
    on = ANCHOR + timedelta(after)
    said = [
        (on, "booking", {"strand": strand, "for_date": (on + timedelta(9)).isoformat()}),
        (on, "contact", {"outcome": "voicemail", "strand": strand}),
    ]
    more = [replace(event, line=len(log) + event.line, workflow=None) for event in log_of(said)]
    dates = [(each.id, each.due_from, each.due_by) for each in at(log, LAST).obligations]
    assert dates == [(each.id, each.due_from, each.due_by) for each in at([*log, *more], LAST).obligations]


@settings(max_examples=40, deadline=None)
@given(logs)
def test_every_obligation_names_its_rule_and_its_source(log: list[Event]) -> None:
    workflow = WORKFLOWS["leiomyosarcoma-2026.1"]
    for obligation in at(log, LAST).obligations:
        assert obligation.source
        assert workflow.rule(obligation.rule).source.place


@settings(max_examples=40, deadline=None)
@given(logs, st.integers(0, 365 * 8))
def test_assessing_as_of_a_day_sees_nothing_later(log: list[Event], after: int) -> None:
    day = ANCHOR + timedelta(after)
    assert at(log, day) == at([event for event in log if event.on <= day], day)


@pytest.fixture
def in_zone() -> Iterator[Callable[[str], None]]:
    before = os.environ.get("TZ")

    def move(zone: str) -> None:
        os.environ["TZ"] = zone
        time.tzset()

    yield move
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system cannot change its time zone while running")
def test_no_answer_depends_on_the_time_zone(in_zone: Callable[[str], None]) -> None:
    log = log_of([*beginning(), (date(2021, 5, 20), *CHOICES[0]), (date(2021, 8, 1), *CHOICES[4])])
    answers = []
    for zone in ("UTC", "Europe/London", "America/New_York", "Pacific/Apia"):
        in_zone(zone)
        answers.append(at(log, LAST).obligations)
    assert all(answer == answers[0] for answer in answers)


def windows_by_counting_days(since: date, months: int) -> date:
    """Add months by walking the calendar month by month: slow, and shares nothing with the schedule."""
    year, month = since.year, since.month
    for _ in range(months):
        month += 1
        if month > 12:
            year, month = year + 1, 1
    day = since.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


@pytest.mark.parametrize("year", range(2000, 2041, 5))
def test_the_first_window_agrees_with_a_calendar_walked_by_hand(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        entries = [
            (day - timedelta(9), "referral", {"site_group": "extremity"}),
            (day - timedelta(8), "pathology", {"specimen": "biopsy", "histology": "8890/3", "grade": 3}),
            (day, "treatment_completed", {"next": "surveillance"}),
        ]
        current = {each.strand: each for each in at(log_of(entries), day).current()}
        review = current["clinic_review"]
        assert (review.due_from, review.due_by) == (windows_by_counting_days(day, 3), windows_by_counting_days(day, 4))
        day += timedelta(1)


@settings(max_examples=100, deadline=None)
@given(logs)
def test_an_obligation_is_named_once(log: list[Event]) -> None:
    named = Counter(each.id for each in at(log, LAST).obligations)
    assert not {place: times for place, times in named.items() if times > 1}


def test_the_horizon_sees_the_day_that_a_correction_of_a_correction_speaks_of() -> None:
    inner = {"kind": "visit", "on": "2021-09-01"}
    outer = {"kind": "correct", "on": "2021-06-02", "line": 5, "nature": "entered_in_error", "instead": inner}
    entries = [
        *beginning(),
        (date(2021, 6, 1), "visit", {}),
        (date(2021, 6, 2), "correct", {"line": 5, "nature": "entered_in_error"}),
        (date(2021, 6, 3), "correct", {"line": 6, "nature": "entered_in_error", "instead": outer}),
    ]
    assert horizon(log_of(entries)) == date(2021, 9, 1)


@settings(max_examples=100, deadline=None)
@given(logs, st.integers(0, 365 * 5))
def test_nothing_that_lists_hold_depends_on_the_day_of_the_list(log: list[Event], after: int) -> None:
    last = horizon(log)
    assert last is not None
    at_once, later = at(log, last), at(log, last + timedelta(after))
    held = cached(at_once, "LMS-0001-2", log)
    assert held == cached(later, "LMS-0001-2", log)
    settled = at(log, max(held[0].last_on or last, last) + timedelta(after))
    assert listed(settled) == held[1]
    assert all(each.ending is None or each.ending.on <= last for each in at_once.obligations)


@settings(max_examples=100, deadline=None)
@given(logs, st.integers(0, 365 * 10))
def test_nobody_under_care_is_without_a_duty_that_falls_due(log: list[Event], after: int) -> None:
    case = at(log, ANCHOR + timedelta(after))
    if case.left is not None or case.state not in {"treatment", "systemic_care", "surveillance"}:
        return
    runs = [
        each
        for each in case.obligations
        if each.ending is None and each.due_by is not None and each.suspended_from is None and each.group != "pathway"
    ]
    assert runs


SETTLED_FACTS = [choice for choice in CHOICES if choice[0] not in {"pathology", "recurrence", "treatment_completed"}]
later_entries = st.tuples(days, st.sampled_from(SETTLED_FACTS)).map(lambda made: (made[0], made[1][0], made[1][1]))


@settings(max_examples=100, deadline=None)
@given(st.lists(later_entries, max_size=14), st.integers(0, 365 * 6), st.integers(0, 365 * 6))
def test_what_was_fulfilled_keeps_its_name(entries: list[Any], one: int, other: int) -> None:
    log = log_of(beginning() + entries)
    first, last = sorted((one, other))
    done = {
        each.id
        for each in at(log, ANCHOR + timedelta(first)).obligations
        if each.ending is not None and each.ending.state is ObligationState.FULFILLED
    }
    assert done <= {each.id for each in at(log, ANCHOR + timedelta(last)).obligations}


# ---- every day of ten years


def bucket(row: Listed, day: date) -> str | None:
    """What a list of the day counts the row as; None where it counts it as nothing."""
    state = row.state(day)
    if not row.current(day) or state in {ObligationState.FULFILLED, ObligationState.CLOSED}:
        return None
    booked = state is ObligationState.OVERDUE and row.booked_for is not None and row.booked_for >= day
    return "overdue_booked" if booked else str(state)


@settings(max_examples=8, deadline=None)
@given(logs)
def test_on_each_day_of_ten_years_an_obligation_has_exactly_one_state(log: list[Event]) -> None:
    for row in listed(at(log, LAST)):
        stretches = [each for each in spans(row) if each[0] != "declined"]
        for day in (ANCHOR + timedelta(after) for after in range(365 * 10)):
            ordinal = day.toordinal()
            held = [state for state, first, end in stretches if first <= ordinal < end]
            assert held == [state for state in (bucket(row, day),) if state is not None]


BOUNDS = [date(2020, 2, 29), *(date(2019, month, day) for month in (1, 3, 5, 8, 10, 12) for day in (28, 29, 30, 31))]


@pytest.mark.parametrize("anchor", BOUNDS)
@pytest.mark.parametrize(("months", "after"), [(36, 2), (60, 3)])
def test_a_phase_begins_on_the_very_day_that_its_years_are_over(anchor: date, months: int, after: int) -> None:
    over = windows_by_counting_days(anchor, months)
    for days, phase in ((-1, after - 1), (0, after), (1, after)):
        entries = [
            (anchor - timedelta(9), "referral", {"site_group": "extremity"}),
            (anchor - timedelta(8), "pathology", {"specimen": "biopsy", "histology": "8890/3", "grade": 3}),
            (anchor, "treatment_completed", {"next": "surveillance"}),
            (over + timedelta(days), "visit", {"components": ["history", "examination"]}),
        ]
        current = {each.strand: each for each in at(log_of(entries), over + timedelta(days)).current()}
        assert (current["clinic_review"].since, current["clinic_review"].phase) == (over + timedelta(days), phase)


@pytest.mark.parametrize("anchor", BOUNDS)
def test_a_window_is_upcoming_due_and_overdue_on_the_days_at_its_ends(anchor: date) -> None:
    entries = [
        (anchor - timedelta(9), "referral", {"site_group": "extremity"}),
        (anchor - timedelta(8), "pathology", {"specimen": "biopsy", "histology": "8890/3", "grade": 3}),
        (anchor, "treatment_completed", {"next": "surveillance"}),
    ]
    first, last = windows_by_counting_days(anchor, 3), windows_by_counting_days(anchor, 4)
    for day, state in (
        (first - timedelta(1), ObligationState.UPCOMING),
        (first, ObligationState.DUE),
        (last, ObligationState.DUE),
        (last + timedelta(1), ObligationState.OVERDUE),
    ):
        current = {each.strand: each for each in at(log_of(entries), day).current()}
        assert current["clinic_review"].state(day) is state


@settings(max_examples=40, deadline=None)
@given(logs, st.integers(0, 400))
def test_how_long_a_row_may_wait_before_it_escalates_moves_no_due_date(log: list[Event], days: int) -> None:
    (workflow,) = WORKFLOWS.values()
    other = replace(workflow, settings=replace(workflow.settings, grace=Interval(days=days)))
    assert at(log, LAST).obligations == assess(None, log, {other.name: other}, LAST).obligations


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system cannot change its time zone while running")
@pytest.mark.parametrize("now", [0.0, 1e9, 4e9])
def test_no_list_depends_on_the_clock_or_the_zone_of_the_machine(
    in_zone: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, now: float
) -> None:
    log = log_of([*beginning(), (date(2021, 5, 20), *CHOICES[0]), (date(2021, 8, 1), *CHOICES[4])])
    known_at = date(2021, 5, 20)
    answers = []
    with open_store("sqlite://", create=True, zone="Europe/London") as store:
        with store.writing() as writer:
            case = writer.new_case(read_person({}), "navigator-a", log[0].recorded_at)
            lines = [replace(event, case=case) for event in log]
            writer.append(lines)
            cache_one(writer, Versions(WORKFLOWS), case, read_person({}), lines, LAST, store.zone)
        monkeypatch.setattr(time, "time", lambda: now)
        for zone in ("UTC", "Europe/London", "America/New_York", "Pacific/Apia", "Pacific/Kiritimati"):
            in_zone(zone)
            tracker = Tracker(store, by="navigator-a", today=LAST, workflows=WORKFLOWS)
            for as_of in (date(2021, 5, 31), date(2021, 6, 1), LAST):
                found, then = tracker.overdue(as_of=as_of), tracker.overdue(as_of=as_of, known_at=known_at)
                answers.append((as_of, list(found), found.totals, list(then), then.totals))
    assert len(answers) == 15
    assert all(answers[place] == answers[place % 3] for place in range(15))
