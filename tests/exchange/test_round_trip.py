"""Export, import into an empty store, export again: the same bytes come out."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lmstrack import Tracker
from lmstrack.exchange import import_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.exchange.conftest import Ward

FIRST = date(2015, 1, 1)
PERSON = {
    "case": "A",
    "kind": "person",
    "name": "Zoë Müller",
    "born": "1961-03",
    "sex": "female",
}

days = st.integers(0, 3000).map(lambda days: (FIRST + timedelta(days=days)).isoformat())
partial = st.one_of(days, days.map(lambda day: day[:7]), days.map(lambda day: day[:4]))
flags = st.booleans()
words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20).filter(str.strip)


def line(kind: str, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({"on": partial, "kind": st.just(kind)}, optional=fields)


records = st.one_of(
    line("imaging", modality=st.sampled_from(["MRI", "CT"]), adequate=flags, size_mm=st.integers(1, 300)).map(
        lambda held: {**held, "region": "chest"}
    ),
    line("biopsy", method=st.just("core"), guidance=words),
    line("pathology", grade=st.integers(1, 3), mitoses_count=st.integers(0, 40), histology=st.just("8890/3")),
    line("mdt", decision=words, members=st.lists(words, min_size=1, max_size=2)),
    line("surgery", r_class=st.sampled_from(["R0", "R1"]), margin_mm=st.floats(0, 50)),
    line("systemic", line=st.sampled_from(["1", "adjuvant"]), regimen=st.just(["doxorubicin"])),
    line("visit", components=st.just(["history", "examination"]), finding=words),
    line("recurrence", local=flags).map(lambda held: {**held, "status": "confirmed"}),
)
completed = line("treatment_completed").map(lambda held: {**held, "next": "surveillance"})
logs = st.tuples(st.lists(records, min_size=1, max_size=8), st.lists(completed, max_size=1)).map(
    lambda parts: [*parts[0], *parts[1]]
)
several = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows(case: str, log: list[dict[str, object]]) -> list[str]:
    opened = [{**PERSON, "case": case}, {"case": case, "on": "2014-12-01", "kind": "referral", "ecog": 1}]
    return [json.dumps(each) for each in (*opened, *({"case": case, **each} for each in log))]


def again(ward: Ward, other: Ward) -> None:
    report = other.takes(ward.text())
    assert report.adds_up
    assert (report.rejected, report.changed, report.known) == ((), (), 0)
    assert other.text() == ward.text()
    assert other.store.heads() == ward.store.heads()
    cases = ward.store.case_ids()
    assert other.store.rows_of(cases) == ward.store.rows_of(cases)
    assert other.store.chain_faults() == []
    assert other.store.tally_faults() == []


@several
@given(st.lists(logs, min_size=1, max_size=3))
def test_a_round_trip_loses_nothing(new_ward: Callable[[], Ward], held: list[list[dict[str, object]]]) -> None:
    ward, other = new_ward(), new_ward()
    for number, log in enumerate(held):
        ward.takes(*rows(f"P{number}", log), as_history=True)
    again(ward, other)
    before = other.text()
    assert other.takes(ward.text()).new == 0
    assert other.text() == before


def record(case: str, on: str, kind: str, **fields: object) -> str:
    return json.dumps({"case": case, "on": on, "kind": kind, **fields})


def with_everything(ward: Ward) -> str:
    """A case with a correction, a result, a departure, lines that name lines, and a line of treatment."""
    ward.takes(
        *rows("P", [{"on": "2015-01-05", "kind": "imaging", "region": "primary", "modality": "MRI"}]),
        as_history=True,
    )
    case = ward.case("P")
    departure = {"LMS-DX-02": {"because": "emergency", "agreed_by": "lead surgeon"}}
    ward.takes(
        record(case, "2015-01-09", "biopsy", method="core", departures=departure),
        record(
            case,
            "2015-02",
            "systemic",
            line="adjuvant",
            regimen=["doxorubicin"],
            doses_mg_m2={"doxorubicin": 75},
        ),
        as_history=True,
    )
    instead = {"on": "2015-01-06", "kind": "imaging", "region": "primary", "modality": "CT", "adequate": True}
    ward.takes(
        record(case, "2015-03-01", "result", line=2, outcome="disease"),
        record(case, "2015-03-02", "correct", line=2, nature="refined", because="CT", instead=instead),
        record(case, "2015-03-03", "correct", line=4, nature="entered_in_error"),
        record(
            case,
            "2015-03-04",
            "departure",
            line=3,
            rule="LMS-DX-01",
            because="seen at once",
            agreed_by="lead",
        ),
        record(case, "2015-03-05", "adopt_workflow", workflow="leiomyosarcoma-2026.1"),
        record(case, "2015-03-06", "excuse", strand="clinic_review", occurrence=3, reason="declined"),
        as_history=True,
    )
    return case


def test_corrections_results_and_departures_come_through(new_ward: Callable[[], Ward]) -> None:
    ward, other = new_ward(), new_ward()
    case = with_everything(ward)
    assert len(ward.store.log(case)) == 10
    again(ward, other)


def test_the_hashes_are_equal_where_no_text_is_salted(new_ward: Callable[[], Ward]) -> None:
    ward, other = new_ward(), new_ward()
    ward.takes(*rows("P", [{"on": "2015-01-05", "kind": "visit", "mode": "in_person"}]), as_history=True)
    again(ward, other)
    assert other.store.chain_head() == ward.store.chain_head()


def test_what_later_lines_made_doubtful_comes_through_without_being_history(
    new_ward: Callable[[], Ward],
) -> None:
    ward, other = new_ward(), new_ward()
    scan = {"on": "2015-01-05", "kind": "imaging", "region": "primary", "modality": "MRI", "adequate": True}
    biopsy = {
        "on": "2015-01-09",
        "kind": "biopsy",
        "method": "core",
        "track_planned_with_surgeon": True,
        "centre_designated": True,
    }
    assert ward.takes(*rows("P", [scan, biopsy])).rejected == ()
    withdrawn = record(ward.case("P"), "2015-02-01", "correct", line=2, nature="entered_in_error")
    assert ward.takes(withdrawn).rejected == ()
    ward_text = ward.text()
    later = ward_text.replace('"recorded_at": "2026-11-24T09:30', '"recorded_at": "2026-11-23T09:30')
    report = other.takes(later)
    assert report.rejected == ()
    assert len(other.store.log(other.store.case_ids()[0])) == 4


def test_lines_move_up_where_one_cannot_be_taken_and_what_speaks_of_it_is_refused(
    new_ward: Callable[[], Ward],
) -> None:
    ward, other = new_ward(), new_ward()
    case = with_everything(ward)
    lines = ward.text().splitlines()
    spoiled = [text.replace('"method": "core"', '"method": "cure"') for text in lines]
    report = other.takes(*spoiled)
    assert report.adds_up
    said = {each.row: each.reason for each in report.rejected}
    assert len(said) == 3
    assert "method" in said[4]
    assert {reason for row, reason in said.items() if row != 4} == {
        "departure speaks of line 3, which is not taken",
        "excuse speaks of line 3, which is not taken",
    }
    named = [(event.line, getattr(event.record, "line", None)) for event in other.store.log(case)]
    assert named == [(1, None), (2, None), (3, "adjuvant"), (4, None), (5, 2), (6, 2), (7, 3)]


def test_an_export_that_comes_back_finds_its_lines(ward: Ward) -> None:
    case = with_everything(ward)
    before = ward.text()
    report = ward.takes(before)
    assert (report.new, report.changed, report.rejected) == (0, (), ())
    assert report.known == len(before.splitlines())
    changed = before.replace('"modality": "MRI"', '"modality": "US"')
    report = ward.takes(changed)
    assert [(each.case, each.line) for each in report.changed] == [(case, 2)]
    assert ward.text() == before


def test_an_export_into_a_store_with_other_cases_meets_none_of_them(new_ward: Callable[[], Ward]) -> None:
    ward, other = new_ward(), new_ward()
    ward.takes(*rows("P", []))
    other.takes(*(row.replace("1961-03", "1950-01").replace("Zo", "Mo") for row in rows("Q", [])))
    report = other.takes(ward.text())
    assert report.new == 0
    assert "is another one" in report.rejected[0].reason
    report = other.takes(ward.text(), source="sister-ward")
    assert (report.new, report.cases_created) == (2, 1)
    assert other.case("LMS-0001-3", "sister-ward") == other.store.case_ids()[1]


def test_an_entry_recorded_in_the_future_is_refused(ward: Ward) -> None:
    future = record("P", "2014-12-01", "referral", line=1, recorded_at="2026-11-25T00:00:00+00:00")
    report = ward.takes(json.dumps({**PERSON, "case": "P"}), future)
    assert "recorded in the future" in report.rejected[0].reason


def test_a_case_without_a_referral_makes_the_round_trip_too(tmp_path: Path) -> None:
    lines = [
        {"case": "LMS-0001-3", "kind": "person", "name": "Demo Birch Beech", "born": "1958", "sex": "male"},
        {"case": "LMS-0001-3", "on": "2026-01-09", "kind": "biopsy", "method": "core", "line": 1},
    ]
    file = tmp_path / "case.ndjson"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with Tracker.open("sqlite://", by="a", create=True, today=date(2026, 11, 24)) as tracker:
        report = import_file(tracker, file, as_history=True, commit=True)
        assert (report.new, report.rejected) == (2, ())


def test_lines_with_gaps_are_known_again_the_second_time(tmp_path: Path) -> None:
    lines = [
        {"case": "E", "on": "2026-01-02", "kind": "referral", "site_group": "extremity", "line": 11},
        {"case": "E", "on": "2026-01-05", "kind": "imaging", "region": "primary", "adequate": True, "line": 2},
        {"case": "E", "on": "2026-01-16", "kind": "death"},
    ]
    file = tmp_path / "case.ndjson"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with Tracker.open("sqlite://", by="a", create=True, today=date(2026, 11, 24)) as tracker:
        assert import_file(tracker, file, as_history=True, commit=True).new == 3
        again = import_file(tracker, file, as_history=True, commit=True)
        assert (again.new, again.known) == (0, 3)
