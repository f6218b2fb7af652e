"""Any day, as known at any time: lists from the caches, from the logs and from other processes say the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack import replaying, sharing
from lmstrack.case import assess
from lmstrack.effort import ALONE, Effort
from lmstrack.events import Event
from lmstrack.families import cache_one
from lmstrack.lists import IN_STATE
from lmstrack.records import Assign, Imaging, Referral, read_person, read_record
from lmstrack.store import Store, open_store
from lmstrack.tracker import Tracker
from lmstrack.versions import Versions
from tests.elsewhere import Elsewhere
from tests.storyteller import WORKFLOWS
from tests.test_laws import ANCHOR, CHOICES, beginning

TODAY = ANCHOR + timedelta(365 * 3)
#: After everything that these tests record.
LATER = datetime(2040, 1, 1, tzinfo=UTC)

days = st.integers(0, 365 * 3).map(lambda after: ANCHOR + timedelta(after))
told = st.tuples(days, st.sampled_from(CHOICES), st.integers(0, 60))
wards = st.lists(st.lists(told, max_size=10), min_size=1, max_size=3)
looked_at = st.lists(st.integers(-200, 365 * 6).map(lambda after: ANCHOR + timedelta(after)), min_size=1, max_size=3)


def filled(store: Store, ward: list[list[Any]]) -> None:
    """Write what is told of each patient, each line entered some days after it happened."""
    versions = Versions(WORKFLOWS)
    for lines in ward:
        entries = [(on, kind, fields, 0) for on, kind, fields in beginning()]
        entries += [(on, kind, fields, late) for on, (kind, fields), late in lines]
        person = read_person({"name": "A B", "born": "1961-03", "sex": "female"})
        with store.writing() as writer:
            case = writer.new_case(person, "navigator-a", datetime(2020, 1, 1, tzinfo=UTC))
            log = [
                Event(
                    case=case,
                    line=line,
                    on=on,
                    record=read_record(kind, fields),
                    recorded_at=datetime(on.year, on.month, on.day, 12, tzinfo=UTC) + timedelta(late, line),
                    recorded_by="navigator-a",
                    workflow="leiomyosarcoma-2026.1" if line == 1 else None,
                )
                for line, (on, kind, fields, late) in enumerate(entries, start=1)
            ]
            writer.append(log)
            cache_one(writer, versions, case, person, log, TODAY, store.zone)


def ward_of(store: Store, effort: Effort = ALONE) -> Tracker:
    return Tracker(store, by="navigator-a", today=TODAY, workflows=WORKFLOWS, effort=effort)


@settings(max_examples=40, deadline=None)
@given(wards, looked_at)
def test_the_caches_and_the_logs_give_the_same_rows_and_totals_on_every_day(ward: list[Any], on: list[date]) -> None:
    with open_store("sqlite://") as store:
        filled(store, ward)
        tracker = ward_of(store)
        for as_of in (*on, TODAY):
            fast, slow = tracker.overdue(as_of=as_of), tracker.overdue(as_of=as_of, known_at=LATER)
            assert (list(fast), fast.totals) == (list(slow), slow.totals)
            assert fast.totals.add_up
            for group in ("surveillance", "result", "pathway", "all"):
                one = tracker.overdue(as_of=as_of, group=group)
                other = tracker.overdue(as_of=as_of, known_at=LATER, group=group)
                assert (list(one), one.totals) == (list(other), other.totals)
            for state in IN_STATE:
                one = tracker.overdue(as_of=as_of, state=state)
                other = tracker.overdue(as_of=as_of, known_at=LATER, state=state)
                assert (list(one), one.totals) == (list(other), other.totals)
                counts = {**one.totals.to_dict(), "declined": one.totals.declined}
                booked = one.totals.overdue_booked if state == "overdue" else 0
                assert len(one) - booked == counts[state]
            every, replayed = tracker.obligations(as_of=as_of), tracker.obligations(as_of=as_of, known_at=LATER)
            assert (list(every), every.totals) == (list(replayed), replayed.totals)
            assert every.totals == fast.totals


@settings(max_examples=40, deadline=None)
@given(wards, looked_at)
def test_where_cases_stand_is_the_same_from_the_caches_and_from_the_logs(ward: list[Any], on: list[date]) -> None:
    with open_store("sqlite://") as store:
        filled(store, ward)
        tracker = ward_of(store)
        for as_of in (*on, TODAY):
            fast, slow = tracker.standings(as_of=as_of), tracker.standings(as_of=as_of, known_at=LATER)
            assert fast.cases == slow.cases
            totals = tracker.overdue(as_of=as_of).totals
            assert sum(1 for each in fast.cases if not each.looked_after) == totals.without_obligation
            for each in fast.cases:
                case = tracker.case(each.case, as_of=as_of)
                assert case == tracker.case(each.case, as_of=as_of, known_at=LATER)
                if each.head is not None:
                    assert (each.head.state, each.head.course, each.head.excluded) == (
                        case.state,
                        case.course,
                        case.left,
                    )


@settings(max_examples=40, deadline=None)
@given(wards, looked_at)
def test_a_case_is_in_the_caseload_from_the_day_of_its_first_entry_on(ward: list[Any], on: list[date]) -> None:
    with open_store("sqlite://") as store:
        filled(store, ward)
        tracker = ward_of(store)
        began = {case: min(event.on for event in store.log(case)) for case in store.case_ids()}
        for as_of in (*on, *began.values(), *(day - timedelta(1) for day in began.values())):
            begun = [case for case in sorted(began) if began[case] <= as_of]
            for known_at in (None, LATER):
                assert [each.case for each in tracker.standings(as_of=as_of, known_at=known_at).cases] == begun
                totals = tracker.overdue(as_of=as_of, known_at=known_at).totals
                assert (totals.cases, totals.add_up) == (len(begun), True)
                work = tracker.worklist(as_of=as_of, known_at=known_at)
                assert (work.totals.cases, work.totals.add_up) == (totals, True)
                assert {item.case for item in work} <= set(begun)
                listed = tracker.overdue(as_of=as_of, known_at=known_at)
                assert {each.case for each in tracker.overview(listed).aside} <= set(begun)


def test_lists_of_a_day_before_a_case_began_do_not_count_it(tmp_path: Any) -> None:
    with Tracker.open(tmp_path / "ward.db", by="a", today=TODAY, create=True, workflows=WORKFLOWS) as tracker:
        began = TODAY - timedelta(30)
        case = tracker.open_case(name="Ann Example", born="1961").id
        empty = tracker.open_case(name="Ben Example").id
        assigned = tracker.open_case(name="Cid Example").id
        withdrawn = tracker.open_case(name="Dan Example", born="1961").id
        tracker.record(case, Referral(site_group="extremity"), on=began)
        tracker.record(assigned, Assign(navigator="b"), on=datetime.now(UTC).date() + timedelta(9))
        tracker.record(withdrawn, Referral(site_group="extremity"), on=began)
        tracker.undo(withdrawn)

        def listed(as_of: date, known_at: datetime | None = None) -> list[str]:
            counted = tracker.overdue(as_of=as_of, known_at=known_at).totals
            assert counted == tracker.worklist(as_of=as_of, known_at=known_at).totals.cases
            found = [each.case for each in tracker.standings(as_of=as_of, known_at=known_at).cases]
            assert counted.cases == len(found)
            return found

        # Of whom nothing is on record, nobody knows since when: somebody has to look.
        for known_at in (None, datetime.now(UTC)):
            assert listed(began, known_at) == [case, empty, withdrawn]
            assert listed(began - timedelta(1), known_at) == [empty, withdrawn]
        # Who is given to somebody from a later day on was on record when that was entered.
        entered = datetime.now(UTC).date()
        for day, there in ((entered - timedelta(1), False), (entered, True), (entered + timedelta(9), True)):
            assert (assigned in listed(day)) is (assigned in listed(day, datetime.now(UTC))) is there


@settings(max_examples=40, deadline=None)
@given(wards, st.integers(0, 365 * 3), st.integers(0, 365 * 4))
def test_a_list_as_known_then_is_the_list_that_was_printed_then(ward: list[Any], entered: int, after: int) -> None:
    known_at = datetime(ANCHOR.year, ANCHOR.month, ANCHOR.day, 23, tzinfo=UTC) + timedelta(entered)
    as_of = ANCHOR + timedelta(after)
    with open_store("sqlite://") as store:
        filled(store, ward)
        now = ward_of(store).overdue(as_of=as_of, known_at=known_at)
        kept = []
        for case in store.case_ids():
            # Only what had been entered by then, and nothing that was entered since.
            log = [event for event in store.log(case) if event.recorded_at <= known_at]
            found = assess(store.person(case), log, WORKFLOWS, as_of)
            kept += [each.id for each in found.current() if each.days_overdue(as_of) and each.group != "pathway"]
        assert sorted(row[:4] for row in now) == sorted((case, course, strand, at) for case, course, strand, at in kept)


# ---- who the patient was


def test_a_person_is_shown_as_known_then(tmp_path: Any) -> None:
    with Tracker.open(tmp_path / "ward.db", by="a", today=TODAY, create=True, workflows=WORKFLOWS) as tracker:
        case = tracker.open_case(name="Ann Example", born="1961", sex="female", mrn="7").id
        tracker.record(case, Referral(site_group="extremity"), on=TODAY)
        before = datetime.now(UTC)
        tracker.edit_person(case, name="Ann Other", identifiers={"mrn": None, "nhs": "8"})
        assert tracker.person(case).name == "Ann Other"
        then = tracker.person(case, known_at=before)
        assert (then.name, dict(then.identifiers)) == ("Ann Example", {"mrn": "7"})
        late = TODAY + timedelta(400)
        listed = tracker.overdue(as_of=late, known_at=before, names=True, group="all")
        assert {each.name for each in listed.people.values()} == {"Ann Example"}
        assert {each.name for each in tracker.standings(known_at=before, names=True).people.values()} == {"Ann Example"}
        assert {each.name for each in tracker.standings(names=True).people.values()} == {"Ann Other"}


def test_a_case_that_was_opened_later_is_in_no_count_of_then(tmp_path: Any) -> None:
    with Tracker.open(tmp_path / "ward.db", by="a", today=TODAY, create=True, workflows=WORKFLOWS) as tracker:
        first = tracker.open_case(name="Ann Example").id
        before = datetime.now(UTC)
        second = tracker.open_case(name="Ben Example").id
        assert tracker.overdue().totals.cases == 2
        assert tracker.overdue(known_at=before).totals.cases == 1
        assert [each.case for each in tracker.standings(known_at=before).cases] == [first]
        assert tracker.worklist(known_at=before).totals.cases == tracker.overdue(known_at=before).totals
        assert tracker.person(second, known_at=before).name is None


def test_a_case_whose_lines_were_known_before_its_person_is_known_with_the_first_that_is_said_of_it() -> None:
    with open_store("sqlite://") as store:
        with store.writing() as writer:
            person = read_person({"name": "Ann Example"})
            case = writer.new_case(person, "import", datetime(2026, 11, 1, tzinfo=UTC))
            on = date(2025, 3, 4)
            at = datetime(2025, 3, 5, tzinfo=UTC)
            writer.append([Event(case, 1, on, Referral(), at, "navigator-a", workflow="leiomyosarcoma-2026.1")])
        assert store.people([case], datetime(2025, 3, 4, 23, tzinfo=UTC)) == {}
        assert store.people([case], datetime(2025, 3, 5, tzinfo=UTC)) == {case: person}
        assert [who for _, who, _ in store.stream(known_at=datetime(2026, 1, 1, tzinfo=UTC))] == [person]


# ---- by as many processes as there are


def ward_of_many(store: Store) -> None:
    for number in range(9):
        filled(store, [[(ANCHOR + timedelta(90 + number * 20), CHOICES[number], number)]])


@pytest.mark.parametrize("known_at", [None, LATER])
def test_other_processes_say_the_same(monkeypatch: pytest.MonkeyPatch, known_at: datetime | None) -> None:
    monkeypatch.setattr(sharing, "OtherProcesses", Elsewhere)
    monkeypatch.setattr(replaying, "_AT_ONCE", 2)
    monkeypatch.setattr(replaying, "_WORTH_IT", 4)
    Elsewhere.sent = 0
    done: list[int] = []
    with open_store("sqlite://") as store:
        ward_of_many(store)
        alone, together = ward_of(store), ward_of(store, Effort(3, done.append))
        as_of = ANCHOR + timedelta(500)
        for ask in (
            lambda ward: ward.overdue(as_of=as_of, known_at=known_at, group="all"),
            lambda ward: ward.obligations(as_of=as_of, known_at=known_at),
        ):
            one, other = ask(alone), ask(together)
            assert (list(one), one.totals) == (list(other), other.totals)
        assert alone.standings(known_at=LATER).cases == together.standings(known_at=LATER).cases
    assert Elsewhere.sent > 3
    assert done[-1] == 9


def test_a_workflow_that_no_other_process_can_load_keeps_the_work_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "OtherProcesses", Elsewhere)
    monkeypatch.setattr(replaying, "_WORTH_IT", 1)
    Elsewhere.sent = 0
    other = {
        "leiomyosarcoma-2026.1": WORKFLOWS["leiomyosarcoma-2026.1"],
        "of-my-own": WORKFLOWS["leiomyosarcoma-2026.1"],
    }
    with open_store("sqlite://") as store:
        ward_of_many(store)
        tracker = Tracker(store, by="a", today=TODAY, workflows=other, effort=Effort(3))
        assert tracker.overdue(known_at=LATER).totals == ward_of(store).overdue().totals
    assert Elsewhere.sent == 0


def test_real_processes_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "_AT_ONCE", 1)
    monkeypatch.setattr(replaying, "_WORTH_IT", 1)
    with open_store("sqlite://") as store:
        ward_of_many(store)
        one = ward_of(store).overdue(known_at=LATER, group="all")
        other = ward_of(store, Effort(2)).overdue(known_at=LATER, group="all")
        assert (list(one), one.totals) == (list(other), other.totals)
        assert len(one) > 9


def test_a_scan_entered_late_is_on_the_list_of_then_and_on_none_of_now(tmp_path: Any) -> None:
    with Tracker.open(tmp_path / "ward.db", by="a", today=TODAY, create=True, workflows=WORKFLOWS) as tracker:
        case = tracker.open_case(name="Ann Example", born="1961").id
        tracker.record(case, Referral(site_group="extremity"), on=TODAY - timedelta(30))
        tracker.record(case, Imaging(region="chest", modality="CT"), on=TODAY - timedelta(20))
        before = datetime.now(UTC)
        tracker.record(case, read_record("result", {"line": 2, "reported_on": TODAY.isoformat()}), on=TODAY)
        assert [row.strand for row in tracker.overdue(known_at=before)] == ["report"]
        assert [row.strand for row in tracker.overdue()] == []
