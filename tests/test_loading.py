"""What becomes of incoming rows, without any file: the decision is pure, and the counts add up."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta

import pytest

from lmstrack import sharing
from lmstrack.case_ids import case_id
from lmstrack.dates import PartialDate
from lmstrack.errors import InvalidData, LmstrackError
from lmstrack.events import Event, made_event
from lmstrack.loading import (
    IncomingCase,
    IncomingEvent,
    IncomingPerson,
    KnownCase,
    Terms,
    decide,
    load,
    writing,
)
from lmstrack.loading.seen import Seen
from lmstrack.records import Departure, Person, read_person, read_record
from lmstrack.store import open_store
from lmstrack.workflow import load_workflow, released
from tests.elsewhere import Elsewhere

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
WORKFLOWS = {name: load_workflow(name) for name in released()}
PINNED = max(WORKFLOWS)
TERMS = Terms(WORKFLOWS, PINNED, "navigator-a", NOW, TODAY)
ANNA = IncomingPerson(1, read_person({"name": "Anna Holm", "born": "1961-03-04"}))


def told(row: int, on: str, kind: str, fields: dict[str, object] | None = None, **more: object) -> IncomingEvent:
    return IncomingEvent(row, PartialDate.parse(on), read_record(kind, fields or {}), **more)  # type: ignore[arg-type]


REFERRED = told(2, "2026-01-02", "referral")
SCANNED = told(3, "2026-01-05", "imaging", {"region": "primary", "modality": "MRI", "adequate": True})
BIOPSIED = told(
    4,
    "2026-01-09",
    "biopsy",
    {"method": "core", "track_planned_with_surgeon": True, "centre_designated": True},
)


def case(*events: IncomingEvent, key: str = "E-1") -> IncomingCase:
    return IncomingCase(key, (ANNA,), events)


def test_the_decision_holds_all_that_has_to_be_written() -> None:
    answer = decide(case(REFERRED, SCANNED), None, TERMS)
    assert (answer.case, answer.new, answer.known, answer.changed, answer.rejected) == (None, 3, 0, (), ())
    assert answer.person == ANNA.person
    assert [(event.case, event.line, event.kind, event.workflow) for event in answer.events] == [
        ("E-1", 1, "referral", PINNED),
        ("E-1", 2, "imaging", None),
    ]
    assert answer.head is not None
    assert (answer.head.case, answer.head.lines, answer.head.state) == ("E-1", 2, "imaging")


def test_what_is_decided_is_decided_again_from_the_log() -> None:
    first = decide(case(REFERRED, SCANNED), None, TERMS)
    known = KnownCase("LMS-0001-3", ANNA.person, first.events)
    again = decide(case(REFERRED, SCANNED, BIOPSIED), known, TERMS)
    assert (again.case, again.new, again.known) == ("LMS-0001-3", 1, 3)
    assert [(event.line, event.kind) for event in again.events] == [(3, "biopsy")]
    assert again.person is None


def test_a_row_of_several_events_is_taken_whole_or_not_at_all() -> None:
    both = [told(3, "2026-01-05", "visit"), told(3, "2027-01-05", "visit")]
    answer = decide(case(REFERRED, *both), None, TERMS)
    assert (answer.new, [each.row for each in answer.rejected]) == (2, [3])
    assert [event.kind for event in answer.events] == ["referral"]


def test_a_row_that_changes_one_thing_and_adds_another_is_counted_as_changed_and_adds_it() -> None:
    seen = told(3, "2026-01-15", "visit", source_id="3/seen")
    first = decide(case(REFERRED, seen), None, TERMS)
    known = KnownCase("LMS-0001-3", ANNA.person, first.events)
    later = told(3, "2026-01-16", "visit", source_id="3/seen")
    died = told(3, "2026-02-01", "death", source_id="3/died")
    answer = decide(case(REFERRED, later, died), known, TERMS)
    assert (answer.new, answer.known, [(each.row, each.line) for each in answer.changed]) == (0, 2, [(3, 2)])
    assert [event.kind for event in answer.events] == ["death"]


def test_who_recorded_it_when_and_where_is_kept_for_new_cases_only() -> None:
    before = NOW - timedelta(days=30)
    exported = told(2, "2026-01-02", "referral", recorded_at=before, recorded_by="navigator-b", line=1, as_history=True)
    answer = decide(case(exported), None, TERMS)
    (event,) = answer.events
    assert (event.recorded_at, event.recorded_by, event.as_history) == (before, "navigator-b", True)
    later = told(3, "2026-01-15", "visit", recorded_at=before, recorded_by="navigator-b", line=2, as_history=True)
    known = KnownCase("LMS-0001-3", ANNA.person, answer.events)
    (event,) = decide(case(exported, later), known, TERMS).events
    assert (event.recorded_at, event.recorded_by, event.as_history) == (NOW, "navigator-a", False)


def test_a_case_is_pinned_to_the_workflow_that_it_had_if_there_is_one() -> None:
    pinned = told(2, "2026-01-02", "referral", workflow="leiomyosarcoma-1999.1")
    (rejected,) = decide(case(pinned), None, TERMS).rejected
    assert "there is no workflow 'leiomyosarcoma-1999.1' here" in rejected.reason
    adopting = told(3, "2026-01-03", "adopt_workflow", {"workflow": "leiomyosarcoma-1999.1"})
    (rejected,) = decide(case(REFERRED, adopting), None, TERMS).rejected
    assert rejected.row == 3


def test_a_departure_by_another_name_of_the_rule_counts() -> None:
    alias = next((alias for alias, rule in WORKFLOWS[PINNED].aliases.items() if rule == "LMS-DX-01"), "LMS-DX-01")
    given = {alias: Departure(because="excised elsewhere", agreed_by="lead surgeon")}
    departed = told(4, "2026-01-09", "biopsy", BIOPSIED.record.plain(), departures=given)
    assert decide(case(REFERRED, departed), None, TERMS).rejected == ()


def test_rows_are_refused_from_the_earliest_day_on() -> None:
    early = told(3, "2026-01-03", "biopsy", {"method": "core"})
    late = told(5, "2026-01-10", "biopsy", BIOPSIED.record.plain())
    answer = decide(case(REFERRED, early, SCANNED_LATER, late), None, TERMS)
    assert [each.row for each in answer.rejected] == [3]


SCANNED_LATER = told(4, "2026-01-05", "imaging", {"region": "primary", "modality": "MRI", "adequate": True})


def test_an_entry_of_two_sources_is_two() -> None:
    one = told(3, "2026-01-15", "visit", source="ris", source_id="7")
    other = told(4, "2026-01-16", "visit", source="pas", source_id="7")
    assert decide(case(REFERRED, one, other), None, TERMS).rejected == ()


@pytest.mark.parametrize("key", ["", "E" * 201, "E\x00", "\ud800"])
def test_a_case_needs_a_name_that_can_be_kept(key: str) -> None:
    answer = decide(case(REFERRED, key=key), None, TERMS)
    assert answer.new == 0 or key == ""


def test_names_are_seen_once() -> None:
    seen = Seen()
    texts = [f"name {number}" for number in range(5000)]
    assert not any(seen.add(text) for text in texts)
    assert all(seen.add(text) for text in texts)
    assert not seen.add("another")


def test_a_source_needs_a_name() -> None:
    with (
        open_store("sqlite://", create=True, zone="UTC") as store,
        pytest.raises(InvalidData, match="source"),
    ):
        load(store, WORKFLOWS, [], by="a", at=NOW, today=TODAY, source=" ")


class Miscounted:
    """A case that says it has more rows than it has."""

    key = "E-1"
    row_count = 4

    def parsed(self) -> IncomingCase:
        return case(REFERRED, SCANNED)


def test_nothing_is_written_where_the_rows_do_not_add_up() -> None:
    with open_store("sqlite://", create=True, zone="UTC") as store:
        with pytest.raises(LmstrackError, match="4 rows were read, and 3 are accounted for"):
            load(store, WORKFLOWS, [Miscounted()], by="a", at=NOW, today=TODAY, commit=True)
        assert store.case_ids() == []


def test_an_interrupt_leaves_nothing_half_written() -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    with open_store("sqlite://", create=True, zone="UTC") as store:
        with pytest.raises(KeyboardInterrupt):
            load(
                store,
                WORKFLOWS,
                [case(REFERRED)],
                by="a",
                at=NOW,
                today=TODAY,
                commit=True,
                progress=interrupted,
            )
        assert store.case_ids() == []
        report = load(store, WORKFLOWS, [case(REFERRED)], by="a", at=NOW, today=TODAY, commit=True)
        assert (report.new, report.cases_created) == (2, 1)


def test_several_processes_decide_the_same() -> None:
    cases = [
        IncomingCase(
            f"E-{number}",
            (IncomingPerson(number * 10, ANNA.person),),
            (
                told(number * 10 + 1, "2026-01-02", "referral", source_id=f"{number}/1"),
                told(number * 10 + 2, "2026-01-09", "biopsy", {"method": "core"}),
            ),
        )
        for number in range(450)
    ]
    reports = []
    heads = []
    for processes in (1, 2):
        with open_store("sqlite://", create=True, zone="UTC") as store:
            reports.append(load(store, WORKFLOWS, cases, by="a", at=NOW, today=TODAY, commit=True, processes=processes))
            heads.append((store.chain_head(), store.heads()))
    assert reports[0] == reports[1]
    assert heads[0] == heads[1]
    assert (reports[0].new, len(reports[0].rejected), reports[0].cases_created) == (900, 450, 450)


@pytest.mark.parametrize("source", ["registry", None])
def test_what_is_decided_ahead_is_what_would_have_been_decided_in_turn(
    monkeypatch: pytest.MonkeyPatch, source: str | None
) -> None:
    # Some cases are not opened, so that later ones get other ids; some give a name that another case has.
    def incoming(number: int) -> IncomingCase:
        opened = number % 7 != 3
        named = number - 1 if number % 11 == 5 else number
        events = (
            told(number * 10 + 1, "2026-01-02", "referral" if opened else "visit", source_id=f"{number}/1"),
            told(number * 10 + 2, "2026-01-09", "imaging", {"region": "chest"}, source_id=f"{named}/2"),
            told(number * 10 + 3, "2026-01-10", "mdt", {"decision": "Wait"}),
        )
        return IncomingCase(f"E-{number}", (), events)

    monkeypatch.setattr(sharing, "OtherProcesses", Elsewhere)
    monkeypatch.setattr(writing, "_CASES_AT_ONCE", 4)
    seen = []
    for processes in (1, 3):
        Elsewhere.sent = 0
        with open_store("sqlite://", create=True, zone="UTC") as store:
            cases = [incoming(number) for number in range(120)]
            report = load(
                store,
                WORKFLOWS,
                cases,
                by="a",
                at=NOW,
                today=TODAY,
                source=source,
                as_history=True,
                commit=True,
                processes=processes,
            )
            assert store.chain_faults() == []
            assert store.tally_faults() == []
            logs = [(id_, who, log) for id_, who, log in store.stream()]
            seen.append((report, logs, store.heads(), store.rows_of(store.case_ids()), store.tally(TODAY)))
        assert (Elsewhere.sent > 5) is (processes > 1)
    assert seen[0] == seen[1]
    assert 0 < len(seen[0][0].rejected) < seen[0][0].rows_read
    assert seen[0][0].cases_created < 120


def test_an_export_of_our_own_that_was_decided_ahead_keeps_the_names_of_its_cases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [IncomingCase(case_id(number + 1), (), (REFERRED if number % 3 else SCANNED,)) for number in range(60)]
    monkeypatch.setattr(sharing, "OtherProcesses", Elsewhere)
    monkeypatch.setattr(writing, "_CASES_AT_ONCE", 4)
    seen = []
    for processes in (1, 3):
        with open_store("sqlite://", create=True, zone="UTC") as store:
            load(
                store,
                WORKFLOWS,
                cases,
                by="a",
                at=NOW,
                today=TODAY,
                as_history=True,
                commit=True,
                processes=processes,
            )
            assert store.chain_faults() == []
            seen.append([(id_, who) for id_, who, _ in store.stream()])
    assert seen[0] == seen[1]
    assert any(who.identifiers for _, who in seen[0])


def test_an_event_made_of_all_its_fields_is_the_one_that_its_class_makes() -> None:
    fields = ("E-1", 1, TODAY, REFERRED.record, NOW, "a", "day", "ris", "7", {}, True, PINNED)
    made = made_event(*fields)
    assert made == Event(*fields)  # type: ignore[arg-type]
    assert type(made) is Event
    with pytest.raises(FrozenInstanceError):
        made.line = 2  # type: ignore[misc]


def test_a_person_without_a_name_is_somebody_all_the_same() -> None:
    answer = decide(IncomingCase("E-1", (IncomingPerson(1, Person()),)), None, TERMS)
    assert (answer.new, answer.person) == (1, Person())


def test_a_row_about_a_strand_that_there_is_not_is_rejected() -> None:
    booked = told(5, "2026-01-06", "booking", {"strand": "clinic_reviw", "for_date": "2026-05-01"})
    answer = decide(case(REFERRED, booked), None, TERMS)
    assert [(row.row, row.reason) for row in answer.rejected] == [(5, "strand: there is no strand 'clinic_reviw'")]
    assert answer.new == 2
