"""What there is to do: which rows want something, in which order, and that nothing is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack import Tracker
from lmstrack.errors import Impossible, Refused
from lmstrack.listing import Listed
from lmstrack.needs import _ANSWERED_BY, CLINIC, Need, WorkItem, answered_by, items_of, need_of, questions_of
from lmstrack.obligations import ObligationState
from lmstrack.records import KINDS, Booking, Contact, Departure, DidNotAttend, Imaging, Record, Referral, read_record
from lmstrack.reports.doing import RECORDED, command, pattern
from lmstrack.reports.work_counts import SAID, reconciliation
from lmstrack.rules import Ask
from tests.storyteller import WORKFLOW, WORKFLOWS

DUE_FROM, DUE_BY = date(2026, 4, 15), date(2026, 5, 15)
DAY = timedelta(1)


def row(**changed: Any) -> Listed:
    """A clinic review of a plan, due from 15 April to 15 May 2026, that nobody has booked."""
    told: dict[str, Any] = {
        **dict.fromkeys(Listed._fields),
        "case": "LMS-0001-3",
        "course": 1,
        "strand": "clinic_review",
        "occurrence": 9,
        "group": "surveillance",
        "since": date(2026, 1, 15),
        "due_from": DUE_FROM,
        "due_by": DUE_BY,
        "current_from": date(2026, 1, 20),
        "plan": "high_grade",
        "attempts": 0,
        "contacts": 0,
        "next_action": "book a clinic review",
        "rule": "LMS-FU-02",
        "source": "",
        "because": "",
        "partial": "",
        **changed,
    }
    return Listed(**told)


CALL = {"strand": "promised_call", "group": "pathway", "plan": None, "due_from": DUE_BY, "due_by": DUE_BY}


# ---- which rows want something


@pytest.mark.parametrize(
    ("as_of", "need"),
    [
        (DUE_FROM - DAY, None),
        (DUE_FROM, Need.DUE),
        (DUE_BY, Need.DUE),
        (DUE_BY + DAY, Need.OVERDUE),
        (date(2027, 5, 15), Need.OVERDUE),
        (date(2036, 5, 15), Need.OVERDUE),
    ],
)
def test_what_is_due_today_is_due_and_nothing_drops_off_with_age(as_of: date, need: Need | None) -> None:
    assert need_of(row(), as_of) is need


@pytest.mark.parametrize(
    ("booked_for", "as_of", "need"),
    [
        (DUE_BY, date(2026, 5, 1), None),
        (DUE_BY + DAY, date(2026, 5, 1), Need.BOOKED_LATE),
        (DUE_BY + DAY, DUE_FROM - DAY, Need.BOOKED_LATE),
        (date(2026, 6, 3), date(2026, 6, 3), Need.BOOKED_LATE),
        (date(2026, 6, 3), date(2026, 6, 4), Need.PASSED_OVERDUE),
        (date(2026, 5, 4), date(2026, 5, 4), None),
        (date(2026, 5, 4), date(2026, 5, 5), Need.PASSED_DUE),
        (date(2026, 4, 1), DUE_FROM - DAY, None),
    ],
)
def test_an_appointment_is_enough_only_while_it_lies_ahead_and_in_the_window(
    booked_for: date, as_of: date, need: Need | None
) -> None:
    assert need_of(row(booked_for=booked_for), as_of) is need


def test_whoever_stayed_away_stands_first_until_an_appointment_is_made() -> None:
    late, due = DUE_BY + DAY, DUE_BY
    assert (need_of(row(attempts=1), late), need_of(row(attempts=1), due)) == (Need.MISSED_OVERDUE, Need.MISSED_DUE)
    assert need_of(row(attempts=1, booked_for=DUE_BY), due) is None
    assert min(Need, key=lambda need: need.place) is Need.MISSED_OVERDUE


@pytest.mark.parametrize(
    ("changed", "due", "overdue"),
    [
        ({"group": "result", "strand": "report", "plan": None}, Need.RESULT_DUE, Need.RESULT_OVERDUE),
        ({"group": "pathway", "strand": "biopsy_report", "plan": None}, Need.STEP_DUE, Need.STEP_OVERDUE),
        ({"strand": "treatment_summary", "plan": None}, Need.TASK_DUE, Need.TASK_OVERDUE),
        (CALL, Need.CALL, Need.CALL),
    ],
)
def test_results_steps_tasks_and_calls_have_needs_of_their_own(
    changed: dict[str, Any], due: Need, overdue: Need
) -> None:
    assert (need_of(row(**changed), DUE_BY), need_of(row(**changed), DUE_BY + DAY)) == (due, overdue)


def test_a_promised_call_waits_until_its_day() -> None:
    assert need_of(row(**CALL), DUE_BY - DAY) is None
    assert need_of(row(**CALL), DUE_BY) is Need.CALL


@pytest.mark.parametrize(
    "changed",
    [
        {"suspended_from": date(2026, 3, 1)},
        {"due_from": None, "due_by": None},
        {"ended": "fulfilled", "ended_on": date(2026, 5, 20)},
        {"ended": "excused", "ended_on": date(2026, 5, 1)},
    ],
)
def test_what_waits_is_undetermined_or_over_wants_nothing(changed: dict[str, Any]) -> None:
    assert need_of(row(**changed), date(2026, 6, 1)) is None


# ---- in which order


def test_the_order_is_need_then_calls_agreed_for_later_then_the_last_day() -> None:
    as_of = date(2026, 6, 1)
    agreed = row(case="LMS-0002-1", **{**CALL, "due_from": date(2026, 6, 9), "due_by": date(2026, 6, 9)})
    rows = [
        row(case="LMS-0003-7", due_by=date(2026, 5, 20)),
        row(case="LMS-0004-5", due_by=date(2026, 5, 19)),
        row(case="LMS-0002-1", due_by=date(2024, 5, 19)),
        row(case="LMS-0002-1", strand="report", group="result", plan=None),
        row(case="LMS-0001-3", attempts=2, due_by=date(2026, 5, 30)),
        agreed,
    ]
    items = sorted(items_of(rows, as_of), key=lambda item: item.order)
    assert [(item.case, item.need, item.call_agreed_for) for item in items] == [
        ("LMS-0001-3", Need.MISSED_OVERDUE, None),
        ("LMS-0004-5", Need.OVERDUE, None),
        ("LMS-0003-7", Need.OVERDUE, None),
        ("LMS-0002-1", Need.OVERDUE, date(2026, 6, 9)),
        ("LMS-0002-1", Need.RESULT_OVERDUE, date(2026, 6, 9)),
    ]


def test_whatever_is_late_stands_before_whatever_is_only_due() -> None:
    late = [need for need in Need if need.value.endswith("overdue")]
    due = [need for need in Need if need.value == "due" or need.value.endswith("_due")]
    assert max(need.place for need in late) < Need.CALL.place < min(need.place for need in due)
    assert [need.place for need in Need] == list(range(1, len(Need) + 1))


# ---- who can answer, and what to type


def test_every_kind_of_record_has_somebody_who_can_answer_and_nobody_else_is_named() -> None:
    assert set(_ANSWERED_BY) - {"person"} <= set(KINDS)
    said = {kind: answered_by(Ask("x", "?", f"{kind} field=…")) for kind in ("imaging", "pathology", "mdt", "surgery")}
    assert said == {
        "imaging": "radiology",
        "pathology": "pathologist",
        "mdt": "sarcoma team",
        "surgery": "treating clinician",
    }
    assert answered_by(Ask("growing", "?", "consultation growing=…")) == CLINIC
    assert answered_by(Ask("born", "?", "person born=…")) == "registration"
    assert answered_by(Ask("departure_review", "?", "departure_review line=3 rule=LMS-DX-01")) == "sarcoma team"


def test_questions_stand_together_for_each_who_can_answer_them() -> None:
    asks = [
        Ask("growing", "Does it grow?", "consultation growing=…"),
        Ask("grade", "Which grade?", "pathology grade=…"),
        Ask("painful", "Does it hurt?", "consultation painful=…"),
    ]
    items = list(questions_of("LMS-0001-3", "jw", asks))
    assert [(item.answered_by, len(item.questions)) for item in items] == [("clinic", 2), ("pathologist", 1)]
    assert [command(item) for item in items] == [
        "lmstrack record LMS-0001-3 consultation growing=… painful=…",
        "lmstrack record LMS-0001-3 pathology grade=…",
    ]


def test_every_strand_of_the_workflow_says_what_to_record_once_it_is_done() -> None:
    strands = [*WORKFLOW.expectations, *(strand for plan in WORKFLOW.plans for strand in plan.strands)]
    assert {strand.name for strand in strands} == set(RECORDED)
    for strand in strands:
        assert RECORDED[strand.name].split()[0] == strand.done_by.kind
        assert RECORDED[strand.name].split()[0] in KINDS


@pytest.mark.parametrize("need", Need)
def test_every_need_has_words_and_a_command(need: Need) -> None:
    assert SAID[need]
    about = None if need in {Need.NOTHING_DUE, Need.QUESTION} else row(booked_for=date(2026, 5, 1))
    assert command(WorkItem(need, "LMS-0001-3", None, about)).startswith("lmstrack ")
    assert pattern(need).startswith("lmstrack ")


def test_a_strand_that_nobody_knows_yet_still_has_a_command() -> None:
    unknown = row(strand="second_opinion", group="pathway", plan=None)
    assert command(WorkItem(Need.STEP_DUE, "LMS-0001-3", None, unknown)) == "lmstrack next LMS-0001-3"
    passed = row(strand="second_opinion", booked_for=date(2026, 5, 1))
    assert "did_not_attend strand=second_opinion" in command(WorkItem(Need.PASSED_DUE, "LMS-0001-3", None, passed))


# ---- from the database


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    with Tracker.open("sqlite://", by="navigator-a", today=date(2026, 11, 24), workflows=WORKFLOWS) as opened:
        yield opened


def referred(tracker: Tracker) -> str:
    case = tracker.open_case(name="Ann Example", born=date(1961, 3, 4), sex="female").id
    tracker.record(case, Referral(site_group="extremity"), on=date(2026, 11, 2))
    return case


def needs(tracker: Tracker, **asked: Any) -> list[tuple[str | None, Need]]:
    found = tracker.worklist(questions=False, **asked)
    assert found.totals.add_up
    return [(item.row.strand if item.row is not None else None, item.need) for item in found]


def test_an_empty_database_has_nothing_to_do_and_adds_up(tracker: Tracker) -> None:
    found = tracker.worklist()
    assert (len(found), found.totals.open, found.totals.add_up, found.totals.questions) == (0, 0, True, 0)


def test_a_case_of_which_nothing_is_recorded_is_on_the_list(tracker: Tracker) -> None:
    tracker.open_case(name="Ann Example")
    assert needs(tracker) == [(None, Need.NOTHING_DUE)]
    assert needs(tracker, known_at=date(2030, 1, 1)) == [(None, Need.NOTHING_DUE)]


def test_who_has_died_is_on_no_list(tracker: Tracker) -> None:
    case = referred(tracker)
    tracker.record(case, read_record("death", {"cause": "other"}), on=date(2026, 11, 20))
    assert needs(tracker) == []
    assert needs(tracker, as_of=date(2026, 11, 17)) == [("imaging_after_referral", Need.STEP_OVERDUE)]


def test_a_call_is_on_the_list_from_its_day_on_and_moves_no_last_day(tracker: Tracker) -> None:
    case = referred(tracker)
    before = tracker.worklist(questions=False)
    tracker.record(case, Contact(outcome="call_back", next_on=date(2026, 12, 3)), on=date(2026, 11, 24))
    after = tracker.worklist(questions=False)
    assert [(item.row.due_by, item.need) for item in after if item.row] == [
        (item.row.due_by, item.need) for item in before if item.row
    ]
    assert [item.call_agreed_for for item in after] == [date(2026, 12, 3)]
    assert needs(tracker, as_of=date(2026, 12, 2)) == [("imaging_after_referral", Need.STEP_OVERDUE)]
    on_the_day = tracker.worklist(as_of=date(2026, 12, 3), questions=False)
    assert [(item.need, item.call_agreed_for) for item in on_the_day] == [(Need.STEP_OVERDUE, None), (Need.CALL, None)]


def test_a_call_that_was_made_leaves_the_list(tracker: Tracker) -> None:
    case = referred(tracker)
    tracker.record(case, Contact(outcome="call_back", next_on=date(2026, 11, 23)), on=date(2026, 11, 20))
    assert ("promised_call", Need.CALL) in needs(tracker)
    tracker.record(case, Contact(outcome="no_answer"), on=date(2026, 11, 24))
    assert ("promised_call", Need.CALL) in needs(tracker)
    tracker.record(case, Contact(outcome="reached"), on=date(2026, 11, 24))
    assert ("promised_call", Need.CALL) not in needs(tracker)


def test_booking_and_staying_away_move_a_row_along(tracker: Tracker) -> None:
    case = referred(tracker)
    strand = "imaging_after_referral"
    assert needs(tracker, as_of=date(2026, 11, 10)) == [(strand, Need.STEP_DUE)]
    tracker.record(case, Booking(strand=strand, for_date=date(2026, 11, 16)), on=date(2026, 11, 9))
    assert needs(tracker, as_of=date(2026, 11, 10)) == []
    assert needs(tracker, as_of=date(2026, 11, 17)) == [(strand, Need.PASSED_OVERDUE)]
    tracker.record(case, DidNotAttend(strand=strand), on=date(2026, 11, 16))
    assert needs(tracker) == [(strand, Need.STEP_OVERDUE)]
    tracker.record(case, Booking(strand=strand, for_date=date(2026, 12, 1)), on=date(2026, 11, 20))
    assert needs(tracker) == [(strand, Need.BOOKED_LATE)]


def test_a_scan_wants_its_report_on_the_list_at_once(tracker: Tracker) -> None:
    case = referred(tracker)
    tracker.record(case, Imaging(region="primary", modality="MRI", adequate=True), on=date(2026, 11, 24))
    assert ("report", Need.RESULT_DUE) in needs(tracker)


def test_the_day_of_the_list_decides_and_not_the_calendar(tracker: Tracker) -> None:
    referred(tracker)
    assert needs(tracker, as_of=date(2026, 11, 16)) == [("imaging_after_referral", Need.STEP_DUE)]
    assert needs(tracker, as_of=date(2026, 11, 17)) == [("imaging_after_referral", Need.STEP_OVERDUE)]
    assert needs(tracker, as_of=date(2027, 11, 16)) == [("imaging_after_referral", Need.STEP_OVERDUE)]


def test_questions_are_left_out_where_nobody_asks_for_them(tracker: Tracker) -> None:
    case = referred(tracker)
    scan = Imaging(region="primary", modality="MRI", adequate=True, outcome="suspicious")
    tracker.record(case, scan, on=date(2026, 11, 3))
    without, with_them = tracker.worklist(questions=False), tracker.worklist()
    assert (without.totals.questions, {item.need for item in without}) == (None, {Need.STEP_OVERDUE})
    asked = [item for item in with_them if item.need is Need.QUESTION]
    assert with_them.totals.questions == sum(len(item.questions) for item in asked) > 0
    assert {item.answered_by for item in asked} <= {CLINIC, *_ANSWERED_BY.values()}


def test_the_counts_say_so_where_a_cache_lost_somebody(tracker: Tracker) -> None:
    case = referred(tracker)
    with tracker.store.writing() as writer:
        head = tracker.store.head(case)
        assert head is not None
        writer.cache(head, [])
    assert not tracker.worklist(questions=False).totals.add_up
    assert tracker.doctor(repair=True) != ()
    assert tracker.worklist(questions=False).totals.add_up


def test_the_reconciliation_adds_up_to_the_open_obligations(tracker: Tracker) -> None:
    referred(tracker)
    referred(tracker)
    totals = tracker.worklist(questions=False).totals
    assert reconciliation(totals) == (
        "2 open obligations = 2 on the list + 0 booked in time + 0 upcoming",
        "2 on the list = 2 pathway steps overdue",
    )


# ---- whatever was recorded: from the caches as from the log, and each obligation once

ENTRIES: list[tuple[str, dict[str, Any]]] = [
    ("imaging", {"region": "primary", "modality": "MRI", "adequate": True, "outcome": "suspicious"}),
    ("imaging", {"region": "chest", "modality": "CT"}),
    ("imaging", {"region": "chest", "modality": "CT", "reported_on": "2026-02-01"}),
    ("biopsy", {"method": "core", "centre_designated": True, "track_planned_with_surgeon": True}),
    ("pathology", {"specimen": "biopsy", "is_lms": True, "grade": 3, "reported_on": "2026-02-01"}),
    ("staging", {"t": 2, "n": 0, "m": 0}),
    ("mdt", {"decision": "operate", "plan": [{"treatment": "surgery"}]}),
    ("surgery", {"operation": "wide_excision", "margin_mm": 15}),
    ("treatment_completed", {"next": "surveillance"}),
    ("treatment_completed", {"next": "surveillance"}),
    ("visit", {"components": ["history", "examination"]}),
    ("recurrence", {"status": "confirmed", "local": True, "sites": []}),
    ("booking", {"strand": "clinic_review", "for_date": "2026-06-01"}),
    ("booking", {"strand": "chest_imaging", "for_date": "2026-12-01"}),
    ("did_not_attend", {}),
    ("did_not_attend", {"strand": "clinic_review"}),
    ("contact", {"outcome": "no_answer", "next_on": "2026-06-01"}),
    ("contact", {"outcome": "call_back", "next_on": "2026-09-01"}),
    ("contact", {"outcome": "reached"}),
    ("excuse", {"strand": "clinic_review", "reason": "declined"}),
    ("excuse", {"strand": "promised_call", "reason": "not_appropriate"}),
    ("excuse", {"strand": "chest_imaging", "reason": "declined", "standing": True, "review_on": "2026-10-01"}),
    ("suspend", {"review_on": "2026-08-01"}),
    ("resume", {}),
    ("assign", {"navigator": "navigator-b"}),
    ("assign", {"navigator": "navigator-c", "until": "2026-07-01"}),
    ("lost_to_follow_up", {"review_on": "2026-09-01"}),
    ("death", {"cause": "other"}),
    ("discharge", {}),
]
entries = st.sampled_from(ENTRIES).map(lambda entry: read_record(*entry))
logs = st.lists(st.tuples(st.integers(0, 2), entries, st.integers(0, 300)), max_size=25)
ANSWERED = Departure(because="known to the team", agreed_by="lead surgeon")


def enter(tracker: Tracker, case: str, record: Record, on: date) -> None:
    """As the ward would: where rules refuse it, with the reasons of a clinician."""
    try:
        tracker.record(case, record, on=on)
    except Refused as refused:
        tracker.record(case, record, on=on, despite={finding.rule: ANSWERED for finding in refused.findings})
    except Impossible:
        pass


@given(logs)
@settings(max_examples=30, deadline=None)
def test_the_list_from_the_caches_is_the_one_from_the_log_and_nothing_is_missing(
    told: list[tuple[int, Record, int]],
) -> None:
    today = date(2026, 11, 24)
    with Tracker.open("sqlite://", by="navigator-a", today=today, workflows=WORKFLOWS) as tracker:
        cases = [tracker.open_case(born=date(1961, 3, 4)).id for _ in range(3)]
        for place, record, days in told:
            if not tracker.log(cases[place]):
                enter(tracker, cases[place], Referral(site_group="extremity"), date(2026, 1, 5))
            enter(tracker, cases[place], record, date(2026, 1, 5) + timedelta(days))
        for as_of in (date(2026, 3, 1), date(2026, 6, 1), today, today + timedelta(30), today + timedelta(365)):
            quick = tracker.worklist(as_of=as_of, questions=False)
            slow = tracker.worklist(as_of=as_of, known_at=date(2100, 1, 1), questions=False)
            assert list(quick) == list(slow)
            assert quick.totals == slow.totals
            assert quick.totals.add_up
            assert all(one.order <= other.order for one, other in pairwise(quick))
            named = Counter(item.row[:4] for item in quick if item.row is not None)
            assert max(named.values(), default=1) == 1
            late = {row[:4] for row in tracker.overdue(as_of=as_of, group="all")}
            on_the_list = {item.row[:4] for item in quick if item.row and item.row.due_by and item.row.due_by < as_of}
            assert on_the_list == late
            assert all(item.row.state(as_of) is not ObligationState.SUSPENDED for item in quick if item.row)
