"""The demo: on whatever day it runs, every hard case is there, and nothing in it was refused."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from lmstrack.case import Case, assess
from lmstrack.demo import InventedPatient, fill, invented_patients, run_demo
from lmstrack.errors import Conflict, Refused
from lmstrack.events import Event, standing
from lmstrack.facts import Facts
from lmstrack.obligations import Obligation, ObligationState
from lmstrack.plausible import impossible
from lmstrack.recording import weighed
from lmstrack.records import Biopsy, Booking, Correct
from lmstrack.tracker import Tracker
from lmstrack.workflow import Workflow, load_workflow, released

TODAY = date(2026, 11, 24)
DAYS = (TODAY, date(2028, 2, 29), date(2026, 8, 31), date(2027, 3, 1), date(2025, 12, 28))
OVERDUE = ObligationState.OVERDUE
ORDINARY = 9
on_any_day = pytest.mark.parametrize("today", DAYS, ids=str)


@cache
def workflow() -> Workflow:
    return load_workflow(released()[-1])


@cache
def patients(today: date) -> dict[str, InventedPatient]:
    return {patient.person.name or "": patient for patient in invented_patients(today)}


@cache
def seen(name: str, today: date) -> Case:
    """Where the patient stands; *name* is what follows the word Demo."""
    patient = patients(today)[f"Demo {name}"]
    return assess(patient.person, patient.log, workflow(), today)


def due(name: str, strand: str, today: date) -> Obligation:
    """What is current of this strand."""
    return {each.strand: each for each in seen(name, today).current()}[strand]


def days_late(name: str, strand: str, today: date) -> list[int | None]:
    """By how many days each fulfilled obligation of the strand was late."""
    every = [each for each in seen(name, today).obligations if each.strand == strand]
    return [each.days_late() for each in every if each.days_late() is not None]


def refusals(patient: InventedPatient) -> list[tuple[str, str]]:
    """What would have been refused, had each entry been typed on its day."""
    found: list[tuple[str, str]] = []
    log: list[Event] = []
    for event in patient.log:
        typed_on = event.recorded_at.date()
        obstacle = impossible(patient.person, standing(log), event, typed_on)
        result = weighed(patient.person, log, event, {workflow().name: workflow()}, typed_on)
        unmet = {finding.rule for finding in result.findings}
        found += [(event.kind, obstacle)] if obstacle is not None else []
        found += [(event.kind, finding.rule) for finding in result.refusing]
        found += [(event.kind, f"{rule} is met") for rule in event.departures if rule not in unmet]
        log.append(event)
    return found


# ---- the patients as a whole


def test_the_same_day_and_seed_give_the_same_patients() -> None:
    assert invented_patients(TODAY, seed=1) == invented_patients(TODAY, seed=1)


def test_another_seed_gives_other_ordinary_patients_and_the_same_told_ones() -> None:
    one, other = invented_patients(TODAY, seed=1), invented_patients(TODAY, seed=2)
    assert [patient.person.name for patient in one] == [patient.person.name for patient in other]
    assert [patient.shows for patient in one] == [patient.shows for patient in other]
    assert one[-ORDINARY:] != other[-ORDINARY:]


@on_any_day
def test_there_are_sixty_and_nobody_takes_them_for_real(today: date) -> None:
    everybody = patients(today).values()
    assert len({patient.person.name for patient in everybody}) == 60
    assert [patient.key for patient in everybody] == [f"D-{number:04}" for number in range(1, 61)]
    assert all(re.fullmatch(r"Demo [A-Z][a-z]+ [A-Z][a-z]+", patient.person.name or "") for patient in everybody)
    assert all(patient.person.identifiers == {"demo": patient.key} for patient in everybody)


@on_any_day
def test_nothing_was_refused_and_every_departure_was_needed(today: date) -> None:
    assert {name: said for name, patient in patients(today).items() if (said := refusals(patient))} == {}


@on_any_day
def test_nothing_lies_in_the_future_and_clinics_are_closed_at_weekends(today: date) -> None:
    for patient in patients(today).values():
        assert all(event.on < today for event in patient.log)
        assert all(event.recorded_at.date() >= event.last for event in patient.log)
        days = [event.on for event in patient.log if event.precision == "day"]
        assert {day.weekday() for day in days} <= set(range(5))
        typed = [event.recorded_at for event in patient.log]
        assert typed == sorted(typed)
        assert patient.log[0].kind == "referral"


@on_any_day
def test_every_state_of_the_pathway_and_every_way_out_is_there(today: date) -> None:
    cases = [seen(name.removeprefix("Demo "), today) for name in patients(today)]
    assert {case.state for case in cases} == set(workflow().pathway.states)
    assert {case.left for case in cases} == {None, "died", "transferred", "discharged", "not leiomyosarcoma"}


@on_any_day
def test_every_site_is_there(today: date) -> None:
    sites = {Facts.site_group(seen(name.removeprefix("Demo "), today).facts) for name in patients(today)}
    assert sites == {"extremity", "trunk", "head_neck", "retroperitoneum", "uterus", "visceral", "skin"}


@on_any_day
def test_every_plan_runs_for_somebody(today: date) -> None:
    plans = {each.plan for name in patients(today) for each in seen(name.removeprefix("Demo "), today).current()}
    assert plans == {None, *(plan.name for plan in workflow().plans)}


@on_any_day
def test_who_keeps_every_appointment_is_never_late(today: date) -> None:
    ordinary = [name for name, patient in patients(today).items() if patient.shows == "keeps every appointment"]
    assert len(ordinary) == ORDINARY
    for name in ordinary:
        case = seen(name.removeprefix("Demo "), today)
        assert case.state == "surveillance"
        assert OVERDUE not in {each.state(today) for each in case.current()}
        assert all((each.days_late() or 0) <= 0 for each in case.obligations if each.group != "pathway")


# ---- the hard cases, one by one


@on_any_day
def test_a_patient_who_was_only_referred_waits_for_a_scan_an_answer_and_a_treatment(today: date) -> None:
    case = seen("Amber Aspen", today)
    waits = {"imaging_after_referral", "faster_diagnosis", "treatment_after_referral"}
    assert (case.state, {each.strand for each in case.current()}) == ("presentation", waits)


@on_any_day
@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("Beige Birch", "imaging"),
        ("Coral Cedar", "biopsy"),
        ("Dun Dogwood", "biopsy"),
        ("Ecru Elm", "staging"),
        ("Fawn Fir", "mdt_review"),
        ("Green Ginkgo", "treatment"),
        ("Hazel Hawthorn", "treatment"),
        ("Khaki Kauri", "systemic_care"),
        ("Rust Rhododendron", "recurrence"),
    ],
)
def test_patients_stand_at_every_step_of_the_way(name: str, state: str, today: date) -> None:
    assert seen(name, today).state == state


@on_any_day
@pytest.mark.parametrize(
    ("name", "strand", "least", "most"),
    [
        ("Beige Birch", "report", 8, 13),
        ("Indigo Ivy", "treatment_summary", 18, 24),
        ("Jasper Jacaranda", "emergency_mdt", 8, 14),
        ("Lime Linden", "palliative_review", 7, 13),
        ("Plum Pine", "clinic_review", 135, 147),
        ("Lemon Laurel", "clinic_review", 366, 700),
        ("Lemon Laurel", "chest_imaging", 366, 700),
        ("Umber Umbrella", "response_imaging", 28, 80),
    ],
)
def test_some_are_overdue(name: str, strand: str, least: int, most: int, today: date) -> None:
    assert least <= (due(name, strand, today).days_overdue(today) or 0) <= most


@on_any_day
def test_two_missed_intervals_are_one_item(today: date) -> None:
    reviews = [each for each in seen("Plum Pine", today).obligations if each.strand == "clinic_review"]
    assert len(reviews) == 1


@on_any_day
def test_one_visit_was_early_and_the_next_one_late(today: date) -> None:
    early, late = days_late("Navy Nutmeg", "clinic_review", today)
    assert early is not None
    assert late is not None
    assert early < 0 < late
    assert due("Navy Nutmeg", "clinic_review", today).state(today) is not OVERDUE


@on_any_day
def test_a_wound_check_and_a_visit_far_too_early_are_no_review(today: date) -> None:
    visits = [event.kind for event in patients(today)["Demo Ochre Oak"].log].count("visit")
    assert (visits, days_late("Ochre Oak", "clinic_review", today)) == (2, [])


@on_any_day
def test_one_attendance_serves_clinic_and_chest(today: date) -> None:
    clinic, chest = (due("Quartz Quince", strand, today).last_done for strand in ("clinic_review", "chest_imaging"))
    assert clinic is not None
    assert clinic == chest


@on_any_day
def test_a_telephone_visit_leaves_the_examination_due(today: date) -> None:
    review = due("Rose Redwood", "clinic_review", today)
    assert (review.state(today), review.partial) == (ObligationState.DUE, ("examination",))


@on_any_day
def test_a_scan_elsewhere_counts_once_its_report_is_here_and_is_only_claimed_before(today: date) -> None:
    chest = due("Sage Sequoia", "chest_imaging", today)
    assert (chest.state(today), chest.claimed) == (ObligationState.DUE, True)
    assert days_late("Sage Sequoia", "chest_imaging", today) == [0]


@on_any_day
def test_a_booking_does_not_cure_an_overdue_review(today: date) -> None:
    review = due("Tan Tamarack", "clinic_review", today)
    assert review.state(today) is OVERDUE
    assert review.booked_for is not None
    assert review.booked_for >= today


@on_any_day
def test_somebody_did_not_attend(today: date) -> None:
    review = due("Ultramarine Upas", "clinic_review", today)
    assert (review.state(today), review.attempts, review.contacts) == (OVERDUE, 1, 2)
    assert any(isinstance(event.record, Booking) for event in patients(today)["Demo Ultramarine Upas"].log)


@on_any_day
def test_a_declined_review_is_excused_and_the_next_counts_from_its_last_day(today: date) -> None:
    assert due("Vermilion Verbena", "clinic_review", today).state(today) is ObligationState.EXCUSED
    declined, coming = (each for each in seen("Wheat Walnut", today).obligations if each.strand == "clinic_review")
    assert declined.state(today) is ObligationState.EXCUSED
    assert (coming.since, coming.state(today)) == (declined.due_by, ObligationState.UPCOMING)


@on_any_day
def test_what_is_declined_for_good_is_offered_again(today: date) -> None:
    assert due("Saffron Sycamore", "chest_imaging", today).state(today) is ObligationState.EXCUSED
    review = due("Saffron Sycamore", "excuse_review", today)
    assert review.due_by is not None
    assert review.due_by > today


@on_any_day
def test_an_amended_grade_gives_time_to_catch_up(today: date) -> None:
    review = due("Azure Alder", "clinic_review", today)
    assert (review.state(today), review.catch_up, review.plan) == (ObligationState.DUE, True, "high_grade")


@on_any_day
def test_without_a_grade_the_strictest_plan_runs_provisionally(today: date) -> None:
    review = due("Bronze Beech", "clinic_review", today)
    assert (review.state(today), review.provisional) == (OVERDUE, True)
    assert "schedule_grade" in {ask.fact for ask in seen("Bronze Beech", today).asks}


@on_any_day
def test_a_late_entry_counts_on_its_day_and_the_list_of_then_stays(today: date) -> None:
    assert days_late("Cobalt Cypress", "clinic_review", today) == [0]
    patient = patients(today)["Demo Cobalt Cypress"]
    typed = max(event.recorded_at for event in patient.log if event.kind == "visit")
    before = assess(patient.person, patient.log, workflow(), typed.date(), typed - timedelta(days=1))
    assert {each.strand: each.state(typed.date()) for each in before.current()}["clinic_review"] is OVERDUE


@on_any_day
def test_a_corrected_date_is_the_same_visit(today: date) -> None:
    patient = patients(today)["Demo Denim Damson"]
    (line,) = [event.record.line for event in patient.log if isinstance(event.record, Correct)]
    review = due("Denim Damson", "clinic_review", today)
    assert review.occurrence == line
    assert review.last_done == next(event.on for event in standing(patient.log) if event.line == line)


@on_any_day
def test_the_phase_is_that_of_the_interval_s_start(today: date) -> None:
    review = due("Emerald Eucalyptus", "clinic_review", today)
    assert review.phase == 1
    completed = next(event for event in patients(today)["Demo Emerald Eucalyptus"].log if event.kind == "surgery")
    assert (today - completed.on).days > 3 * 365 + 1


@on_any_day
def test_a_date_known_to_the_month_gives_a_range(today: date) -> None:
    review = due("Flax Fig", "clinic_review", today)
    assert review.state(today) is ObligationState.DUE
    assert review.at_risk_from is not None
    assert review.due_by is not None
    assert review.at_risk_from < review.due_by


@on_any_day
def test_a_meeting_entered_after_the_operation_is_found_and_the_departure_kept(today: date) -> None:
    patient = patients(today)["Demo Gold Gum"]
    kinds = [event.kind for event in patient.log]
    assert kinds.index("surgery") < kinds.index("mdt")
    assert "LMS-MD-01" in next(event for event in patient.log if event.kind == "surgery").departures
    assert seen("Gold Gum", today).verdicts()["LMS-MD-01"] == "met"


@on_any_day
def test_a_death_entered_in_error_is_taken_back(today: date) -> None:
    assert "death" in {event.kind for event in patients(today)["Demo Heather Hickory"].log}
    case = seen("Heather Hickory", today)
    assert (case.left, case.state) == (None, "surveillance")
    assert len(case.current()) == 3


@on_any_day
def test_a_suspended_scan_has_a_review_and_a_resumed_one_time(today: date) -> None:
    assert due("Ivory Ilex", "chest_imaging", today).state(today) is ObligationState.SUSPENDED
    assert due("Ivory Ilex", "suspension_review", today).state(today) in {
        ObligationState.UPCOMING,
        ObligationState.DUE,
    }
    resumed = due("Jet Judas", "chest_imaging", today)
    assert resumed.state(today) is ObligationState.DUE
    assert resumed.due_by is not None
    assert timedelta(5) <= resumed.due_by - today <= timedelta(11)


@on_any_day
def test_treatment_during_follow_up_suspends_its_strands(today: date) -> None:
    states = {each.strand: each.state(today) for each in seen("Mint Magnolia", today).current()}
    assert states.pop("treatment_summary") is ObligationState.DUE
    assert set(states.values()) == {ObligationState.SUSPENDED}


@on_any_day
def test_who_is_lost_stays_on_the_list(today: date) -> None:
    review = due("Magenta Mulberry", "clinic_review", today)
    assert (review.state(today), review.lost) == (OVERDUE, True)
    assert due("Magenta Mulberry", "lost_review", today).state(today) is not OVERDUE


@on_any_day
def test_a_transfer_counts_when_it_is_accepted_and_ends_when_the_patient_returns(today: date) -> None:
    review = due("Nickel Neem", "clinic_review", today)
    assert (review.state(today), review.transfer_pending) == (OVERDUE, True)
    assert seen("Apricot Ash", today).left == "transferred"
    returned = seen("Onyx Orange", today)
    assert (returned.left, returned.state) == (None, "surveillance")
    assert "transferred" in {each.ending.because for each in returned.obligations if each.ending is not None}


@on_any_day
def test_a_suspected_recurrence_asks_and_a_confirmed_one_begins_a_course(today: date) -> None:
    suspected = seen("Pewter Pear", today)
    assert (suspected.state, suspected.course) == ("surveillance", 1)
    assert "recurrence" in {ask.fact for ask in suspected.asks}
    confirmed = seen("Rust Rhododendron", today)
    assert (confirmed.course, [each.strand for each in confirmed.current()]) == (2, ["recurrence_work_up"])
    assert "superseded by recurrence" in {each.ending.because for each in confirmed.obligations if each.ending}


@on_any_day
def test_after_the_second_course_the_years_count_anew(today: date) -> None:
    review = due("Scarlet Sumac", "clinic_review", today)
    assert (review.course, review.phase, review.state(today) is OVERDUE) == (2, 1, False)
    assert seen("Scarlet Sumac", today).verdicts()["LMS-RT-01"] == "departure"
    assert due("Topaz Tulipwood", "local_imaging", today).plan == "metastatic_resected"


@on_any_day
def test_on_systemic_treatment_only_the_response_is_watched(today: date) -> None:
    for name in ("Khaki Kauri", "Umber Umbrella"):
        strands = {each.strand for each in seen(name, today).current()}
        assert strands == {"response_imaging", "treatment_summary"}


@on_any_day
def test_the_special_ways_in_are_there(today: date) -> None:
    moves = {
        name: {step.move.name for step in seen(name, today).steps if step.move is not None}
        for name in ("Verdigris Vine", "Walnut Wisteria", "Khaki Kauri", "Jasper Jacaranda")
    }
    assert [way in moves[name] for name, way in zip(moves, ("X1", "X2", "X3", "X4"), strict=True)] == [True] * 4


@on_any_day
def test_departures_from_mandatory_rules_name_a_clinician_and_await_review(today: date) -> None:
    elsewhere = seen("Dun Dogwood", today)
    assert {finding.rule for finding in elsewhere.departures} == {"LMS-DX-01", "LMS-DX-03", "LMS-DX-06"}
    assert "departure_review" in {ask.fact for ask in elsewhere.asks}
    reasoned = seen("Xanadu Xylosma", today)
    assert {finding.rule for finding in reasoned.departures} == {"LMS-UT-02", "LMS-UT-05"}


# ---- the demo as it is run


@on_any_day
def test_the_lists_add_up_and_a_few_are_late(today: date) -> None:
    with Tracker.open("sqlite://", by="demo", today=today) as tracker:
        events = fill(tracker, today)
        assert events == sum(len(patient.log) for patient in patients(today).values())
        assert 800 < events < 1500
        overdue = tracker.overdue()
        assert overdue.totals.add_up
        assert overdue.totals.cases == 60
        assert 12 <= len(overdue.rows) <= 18
        assert len(overdue.rows) == overdue.totals.overdue + overdue.totals.overdue_booked
        assert overdue.totals.overdue_booked == 1
        assert overdue.totals.upcoming + overdue.totals.due > 5 * len(overdue.rows)
        assert overdue.totals.without_obligation == 0
        assert tracker.overdue(group="pathway").totals.add_up
        assert tracker.doctor() == ()


def test_what_is_recorded_is_what_was_invented() -> None:
    with Tracker.open("sqlite://", by="demo", today=TODAY) as tracker:
        fill(tracker, TODAY)
        for patient in patients(TODAY).values():
            case = tracker.store.by_identifier("demo", patient.key)
            assert case is not None
            log = tracker.log(case)
            assert [(event.line, event.on, event.record, event.recorded_at) for event in log] == [
                (event.line, event.on, event.record, event.recorded_at) for event in patient.log
            ]
            assert tracker.person(case) == patient.person


def test_the_demo_leaves_a_database_a_report_and_what_to_try(tmp_path: Path) -> None:
    done = run_demo(tmp_path / "try out", TODAY)
    assert (done.database, done.report) == (
        tmp_path / "try out" / "demo.db",
        tmp_path / "try out" / "overdue.html",
    )
    assert len(done.overdue.rows) == len(done.overdue.to_dicts()) > 0
    page = done.report.read_text(encoding="utf-8")
    assert all(row.case in page for row in done.overdue.rows)
    assert "Demo Lemon Laurel" in page
    assert all(step.startswith(f"lmstrack --db '{done.database}' ") for step in done.next_steps)
    with Tracker.open(done.database, by="demo", today=TODAY) as tracker:
        assert Counter(row.case for row in tracker.overdue().rows) == Counter(row.case for row in done.overdue.rows)


def test_a_demo_in_no_folder_makes_one_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = run_demo(None, TODAY)
    assert done.database.parent.parent == tmp_path


def test_a_demo_is_never_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "demo.db").write_text("kept", encoding="utf-8")
    with pytest.raises(Conflict):
        run_demo(tmp_path, TODAY)
    assert (tmp_path / "demo.db").read_text(encoding="utf-8") == "kept"


def test_the_biopsy_that_is_offered_to_try_is_refused(tmp_path: Path) -> None:
    done = run_demo(tmp_path, TODAY)
    (step,) = [step for step in done.next_steps if " biopsy " in step]
    case = step.split(" record ")[1].split()[0]
    with Tracker.open(done.database, by="demo", today=TODAY) as tracker, pytest.raises(Refused) as refused:
        tracker.record(case, Biopsy(method="core", track_planned_with_surgeon=True), on=TODAY - timedelta(1))
    assert [finding.rule for finding in refused.value.findings if finding.refuses] == ["LMS-DX-01"]
