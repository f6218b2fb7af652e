"""The exchange form: what a line may say, and what becomes of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lmstrack.errors import InvalidData, NotFound
from lmstrack.exchange import import_file, rejects_file
from lmstrack.workflow import released

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lmstrack.loading import LoadReport
    from tests.exchange.conftest import Ward

WORKFLOWS = released()
ANNA = '{"case": "EXT-17", "kind": "person", "name": "Anna Holm", "born": "1961-03-04", "sex": "female"}'
REFERRED = '{"case": "EXT-17", "on": "2026-01-02", "kind": "referral", "site_group": "extremity", "size_mm": 80}'
SCANNED = (
    '{"case": "EXT-17", "on": "2026-01-05", "kind": "imaging", "region": "primary", "modality": "MRI",'
    ' "adequate": true, "source_id": "ris:123"}'
)
BIOPSIED = (
    '{"case": "EXT-17", "on": "2026-01-09", "kind": "biopsy", "method": "core",'
    ' "track_planned_with_surgeon": true, "centre_designated": true}'
)
SEEN = '{"case": "EXT-17", "on": "2026-01-15", "kind": "visit", "components": ["history", "examination"]}'


def counts(report: LoadReport) -> tuple[int, int, int, int, int]:
    assert report.adds_up
    return report.rows_read, report.new, report.known, len(report.changed), len(report.rejected)


def reasons(report: LoadReport) -> list[tuple[int, str]]:
    return [(each.row, each.reason) for each in report.rejected]


def test_a_person_and_their_events_open_a_case(ward: Ward) -> None:
    report = ward.takes(ANNA, REFERRED, SCANNED, SEEN)
    assert counts(report) == (4, 4, 0, 0, 0)
    assert (report.cases_created, report.events, report.committed) == (1, 3, True)
    log = ward.store.log(ward.case("EXT-17"))
    assert [(event.line, event.kind, event.recorded_by) for event in log] == [
        (1, "referral", "navigator-a"),
        (2, "imaging", "navigator-a"),
        (3, "visit", "navigator-a"),
    ]
    assert log[0].workflow == max(WORKFLOWS)
    assert ward.store.by_source("import", "ris:123") == (ward.case("EXT-17"), 2)
    assert ward.store.chain_faults() == []


def test_a_second_commit_changes_nothing(ward: Ward) -> None:
    rows = ANNA, REFERRED, SCANNED, SEEN, SEEN
    ward.takes(*rows)
    before, head = ward.text(), ward.store.chain_head()
    assert counts(ward.takes(*rows)) == (5, 0, 5, 0, 0)
    assert (ward.text(), ward.store.chain_head()) == (before, head)


def test_a_preview_says_the_same_and_writes_nothing(ward: Ward) -> None:
    rows = ANNA, REFERRED, SEEN, "rubbish"
    previewed = ward.takes(*rows, commit=False, rejects=None)
    assert ward.store.case_ids() == []
    assert not rejects_file(ward.file).exists()
    committed = ward.takes(*rows)
    assert (previewed.committed, committed.committed) == (False, True)
    assert counts(previewed) == counts(committed) == (4, 3, 0, 0, 1)


def test_the_order_of_the_rows_makes_no_difference(new_ward: Callable[[], Ward]) -> None:
    one, other = new_ward(), new_ward()
    rows = [ANNA, REFERRED, SCANNED, BIOPSIED, SEEN]
    stranger = '{"case": "EXT-18", "kind": "person", "name": "Bea Lund"}'
    assert counts(one.takes(*rows, stranger)) == (6, 6, 0, 0, 0)
    assert counts(other.takes(*rows[2:], stranger, *rows[:2])) == (6, 6, 0, 0, 0)
    logs = [
        [(event.line, event.on, event.record) for event in each.store.log(each.case("EXT-17"))] for each in (one, other)
    ]
    assert logs[0] == logs[1]


def test_scattered_rows_of_a_case_are_judged_together(ward: Ward) -> None:
    others = [f'{{"case": "X-{number}", "kind": "person"}}' for number in range(3)]
    report = ward.takes(BIOPSIED, others[0], SCANNED, others[1], REFERRED, ANNA, others[2])
    assert counts(report) == (7, 7, 0, 0, 0)
    assert [event.kind for event in ward.store.log(ward.case("EXT-17"))] == ["referral", "imaging", "biopsy"]


def test_an_entry_under_the_same_name_with_other_content_is_an_amendment_to_confirm(ward: Ward) -> None:
    ward.takes(ANNA, REFERRED, SCANNED)
    before = ward.text()
    report = ward.takes(SCANNED.replace('"MRI"', '"CT"'))
    assert counts(report) == (1, 0, 0, 1, 0)
    (amendment,) = report.changed
    case = ward.case("EXT-17")
    assert (amendment.case, amendment.line) == (case, 2)
    assert amendment.confirm.startswith(f"lmstrack event correct {case} 2")
    assert ward.text() == before


def test_a_correction_made_here_leaves_the_row_known(ward: Ward) -> None:
    ward.takes(ANNA, REFERRED, SCANNED)
    instead = {"on": "2026-01-05", "kind": "imaging", "region": "primary", "modality": "CT", "adequate": True}
    correction = {"case": ward.case("EXT-17"), "on": "2026-01-20", "kind": "correct", "line": 2}
    correction |= {"nature": "entered_in_error", "because": "misread", "instead": instead}
    assert counts(ward.takes(json.dumps(correction))) == (1, 1, 0, 0, 0)
    assert counts(ward.takes(SCANNED)) == (1, 0, 1, 0, 0)
    assert counts(ward.takes(SCANNED.replace('"MRI"', '"CT"'))) == (1, 0, 1, 0, 0)
    assert counts(ward.takes(SCANNED.replace('"MRI"', '"US"'))) == (1, 0, 0, 1, 0)


def test_a_row_is_rejected_for_its_own_findings_and_what_follows_is_judged_without_it(ward: Ward) -> None:
    report = ward.takes(ANNA, REFERRED, BIOPSIED, SEEN)
    assert counts(report) == (4, 3, 0, 0, 1)
    ((row, reason),) = reasons(report)
    assert row == 3
    assert reason.startswith("biopsy, 2026-01-09: LMS-DX-01 needs ")
    assert [event.kind for event in ward.store.log(ward.case("EXT-17"))] == ["referral", "visit"]


def test_history_is_kept_with_its_findings(ward: Ward) -> None:
    report = ward.takes(ANNA, REFERRED, BIOPSIED, as_history=True)
    assert counts(report) == (3, 3, 0, 0, 0)
    assert report.findings > 0
    assert all(event.as_history for event in ward.store.log(ward.case("EXT-17")))


def test_a_departure_answers_a_rule(ward: Ward) -> None:
    said = '"departures": {"LMS-DX-01": {"because": "excised elsewhere", "agreed_by": "lead surgeon"}}'
    report = ward.takes(ANNA, REFERRED, BIOPSIED.replace("}", f", {said}}}"))
    assert counts(report) == (3, 3, 0, 0, 0)
    assert ward.store.log(ward.case("EXT-17"))[1].departures["LMS-DX-01"].agreed_by == "lead surgeon"


@pytest.mark.parametrize(
    ("departures", "reason"),
    [
        ('{"LMS-DX-01": {"because": "excised elsewhere"}}', "name the clinician who answers for it"),
        ('{"LMS-DX-99": {"because": "x", "agreed_by": "y"}}', "there is no rule LMS-DX-99"),
        ('{"LMS-DX-01": {"becuase": "x"}}', "did you mean 'because'?"),
        ('["LMS-DX-01"]', "departures: write an object"),
    ],
)
def test_a_departure_that_answers_for_nothing_is_rejected(ward: Ward, departures: str, reason: str) -> None:
    report = ward.takes(ANNA, REFERRED, BIOPSIED.replace("}", f', "departures": {departures}}}'))
    assert counts(report) == (3, 2, 0, 0, 1)
    assert reason in report.rejected[0].reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("rubbish", "the line is not JSON"),
        ("[]", "a line is an object"),
        ('"case"', "a line is an object"),
        ('{"on": "2026-01-02", "kind": "referral"}', "case is missing"),
        ('{"case": 17, "on": "2026-01-02", "kind": "referral"}', "so that its zeros stay"),
        ('{"case": "EXT-17", "on": "2026-01-02"}', "kind is missing"),
        ('{"case": "EXT-17", "on": "2026-01-02", "kind": "biospy"}', "did you mean 'biopsy'?"),
        ('{"case": "EXT-17", "kind": "visit"}', "on is missing"),
        ('{"case": "EXT-17", "on": 2026, "kind": "visit"}', "on: write a date as YYYY-MM-DD"),
        ('{"case": "EXT-17", "on": "2026-02-30", "kind": "visit"}', "on: February 2026 has 28 days."),
        (
            '{"case": "EXT-17", "on": "2026-01-02", "kind": "visit", "componets": []}',
            "did you mean 'components'?",
        ),
        (
            '{"case": "EXT-17", "on": "2026-01-02", "kind": "visit", "sourceid": "x"}',
            "did you mean 'source_id'?",
        ),
        (
            '{"case": "EXT-17", "on": "2026-01-02", "kind": "visit", "mode": "fax"}',
            "mode: 'fax' is not one of",
        ),
        ('{"case": "EXT-17", "on": "2026-01-02", "kind": "visit", "line": 0}', "line: write a whole number"),
        (
            '{"case": "EXT-17", "on": "2026-01-02", "kind": "visit", "line": true}',
            "line: write a whole number",
        ),
        (
            '{"case": "EXT-17", "on": "2026-01-02", "kind": "visit", "recorded_at": "2026-01-02T09:00"}',
            "its offset",
        ),
        (
            '{"case": "EXT-17", "on": "2026-01-02", "kind": "visit", "as_history": "yes"}',
            "write true or false",
        ),
        (
            '{"case": "EXT-17", "on": "2026-01-02", "on": "2026-01-03", "kind": "visit"}',
            "a name stands twice",
        ),
        (
            '{"case": "EXT-17", "on": "2026-01-02", "kind": "imaging", "region": "primary", "size_mm": NaN}',
            "no number",
        ),
        (
            '{"case": "EXT-17", "on": "2026-01-02", "kind": "imaging", "region": "primary", "size_mm": 9000}',
            "range",
        ),
        (
            '{"case": "EXT-17", "on": "2026-01-02", "kind": "visit", "source_id": "\\ud800"}',
            "source_id: write text",
        ),
        ('{"case": "EXT-17", "kind": "person", "born": "1961-13"}', "born"),
        ('{"case": "EXT-17", "kind": "person", "born": "2061"}', "lies in the future"),
        ('{"case": "EXT-17", "on": "2027-01-02", "kind": "visit"}', "lies in the future"),
        ('{"case": "EXT-17", "on": "2026-02-02", "kind": "result", "line": 9}', "which is not there"),
        ('{"case": "LMS-0042-1", "on": "2026-02-02", "kind": "referral"}', "its check digit does not fit"),
        (
            '{"case": "EXT-99", "on": "2026-02-02", "kind": "visit"}',
            "no referral is among its rows",
        ),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_its_line_and_why(ward: Ward, line: str, reason: str) -> None:
    report = ward.takes(ANNA, REFERRED, "", line, SEEN)
    assert counts(report) == (4, 3, 0, 0, 1)
    ((row, said),) = reasons(report)
    assert row == 4
    assert reason in said


def test_all_faults_of_a_line_are_told_at_once(ward: Ward) -> None:
    line = '{"case": "EXT-17", "on": "2026-02-30", "kind": "visit", "mode": "fax", "line": 0}'
    (rejected,) = ward.takes(line).rejected
    assert all(word in rejected.reason for word in ("February", "mode", "line"))


def test_a_mark_at_the_beginning_and_windows_line_ends_are_let_pass(ward: Ward) -> None:
    text = f"\ufeff{ANNA}\r\n\r\n{REFERRED}\r\n   \r\n{SEEN}\r\n".encode()
    assert counts(ward.takes(text)) == (3, 3, 0, 0, 0)


def test_a_line_that_is_not_utf_8_is_rejected_alone(ward: Ward) -> None:
    bad = b'{"case": "EXT-17", "kind": "person", "name": "M\xfcller"}'
    report = ward.takes(ANNA, REFERRED, bad, SEEN)
    assert counts(report) == (4, 3, 0, 0, 1)
    assert reasons(report) == [(3, "the line is not UTF-8; save the file with that encoding")]


def test_a_file_in_another_encoding_is_refused_whole(ward: Ward) -> None:
    with pytest.raises(InvalidData, match="UTF-16"):
        ward.takes(REFERRED.encode("utf-16"))
    assert ward.store.case_ids() == []


def test_an_empty_file_has_no_rows(ward: Ward) -> None:
    assert counts(ward.takes("")) == (0, 0, 0, 0, 0)
    assert counts(ward.takes(b"\xef\xbb\xbf")) == (0, 0, 0, 0, 0)


def test_a_file_that_is_not_there_is_said_to_be(ward: Ward) -> None:
    with pytest.raises(NotFound, match="no such file"):
        import_file(ward, "nowhere.ndjson")


def test_events_that_are_there_twice_are_two(ward: Ward) -> None:
    assert counts(ward.takes(ANNA, REFERRED, SEEN, SEEN)) == (4, 4, 0, 0, 0)


def test_an_entry_told_twice_under_one_name_is_one(ward: Ward) -> None:
    assert counts(ward.takes(ANNA, REFERRED, SCANNED, SCANNED)) == (4, 3, 1, 0, 0)


def test_one_name_for_two_entries_is_refused(ward: Ward) -> None:
    report = ward.takes(ANNA, REFERRED, SCANNED, SCANNED.replace("2026-01-05", "2026-01-06"))
    assert counts(report) == (4, 3, 0, 0, 1)
    assert "two different entries" in report.rejected[0].reason


@pytest.mark.parametrize("commit", [True, False])
def test_a_name_of_another_patients_entry_is_refused(ward: Ward, *, commit: bool) -> None:
    other = [line.replace("EXT-17", "EXT-18") for line in (ANNA, REFERRED, SCANNED)]
    report = ward.takes(ANNA, REFERRED, SCANNED, *other, commit=commit)
    assert counts(report) == (6, 5, 0, 0, 1)
    assert report.rejected[0].row == 6
    ward.takes(ANNA, REFERRED, SCANNED)
    third = [line.replace("EXT-17", "EXT-19") for line in (ANNA, REFERRED, SCANNED)]
    report = ward.takes(*third, commit=commit)
    assert counts(report) == (3, 2, 0, 0, 1)
    assert "is that of LMS-0001-3 line 2" in report.rejected[0].reason


def test_a_patient_whom_another_case_is_about_opens_no_second_one(ward: Ward) -> None:
    known = ANNA.replace("}", ', "identifiers": {"mrn": "0012345678"}}')
    ward.takes(known, REFERRED)
    again = [line.replace("EXT-17", "P-9") for line in (known, REFERRED)]
    for commit in (False, True):
        report = ward.takes(*again, source="pas", commit=commit)
        assert counts(report) == (2, 0, 0, 0, 2)
        assert "the mrn of this patient is that of LMS-0001-3" in report.rejected[0].reason


def test_the_case_id_of_somebody_else_takes_nothing(ward: Ward) -> None:
    ward.takes(ANNA, REFERRED)
    case = ward.case("EXT-17")
    other = '{"case": "EXT-17", "kind": "person", "name": "Bea Lund", "born": "1950-01-01"}'.replace("EXT-17", case)
    report = ward.takes(other, SEEN.replace("EXT-17", case))
    assert counts(report) == (2, 0, 0, 0, 2)
    assert "is another one" in report.rejected[0].reason


def test_another_name_is_an_amendment_to_confirm(ward: Ward) -> None:
    ward.takes(ANNA, REFERRED)
    report = ward.takes(ANNA.replace("Holm", "Lund"))
    assert counts(report) == (1, 0, 0, 1, 0)
    assert (report.changed[0].line, report.changed[0].confirm) == (None, "lmstrack case edit LMS-0001-3 …")
    assert ward.store.person("LMS-0001-3").name == "Anna Holm"


def test_cases_are_found_by_their_own_id_in_any_letters(ward: Ward) -> None:
    ward.takes(ANNA, REFERRED)
    assert counts(ward.takes(SEEN.replace("EXT-17", "lms-0001-3"))) == (1, 1, 0, 0, 0)
    assert len(ward.store.log("LMS-0001-3")) == 2


def test_a_source_keeps_its_cases_apart(ward: Ward) -> None:
    ward.takes(ANNA, REFERRED, source="pas")
    bea = ANNA.replace("Anna Holm", "Bea Lund")
    assert counts(ward.takes(bea, REFERRED, source="lab")) == (2, 2, 0, 0, 0)
    assert ward.case("EXT-17", "pas") != ward.case("EXT-17", "lab")


def test_after_a_death_nothing_more_happens_to_the_patient(ward: Ward) -> None:
    died = '{"case": "EXT-17", "on": "2026-01-10", "kind": "death"}'
    report = ward.takes(ANNA, REFERRED, SEEN, died)
    assert counts(report) == (4, 3, 0, 0, 1)
    assert reasons(report)[0][0] == 3
    assert "after the patient's death on 2026-01-10" in reasons(report)[0][1]


def test_history_that_cannot_be_is_rejected_too(ward: Ward) -> None:
    born = '{"case": "EXT-17", "on": "1960-01-10", "kind": "visit"}'
    report = ward.takes(ANNA, REFERRED, born, as_history=True)
    assert counts(report) == (3, 2, 0, 0, 1)
    assert "before the patient was born" in report.rejected[0].reason


def test_rejects_can_be_mended_and_imported_again(ward: Ward) -> None:
    wrong = SEEN.replace("history", "histroy")
    report = ward.takes(ANNA, REFERRED, wrong, "rubbish", rejects=None)
    assert counts(report) == (4, 2, 0, 0, 2)
    rejected = rejects_file(ward.file)
    assert rejected.stat().st_mode & 0o777 == 0o600
    lines = rejected.read_text().splitlines()
    assert "histroy" in lines[0]
    assert "rejected_because" in lines[0]
    assert lines[1] == "rubbish"
    assert counts(ward.takes(lines[0].replace("histroy", "history"))) == (1, 1, 0, 0, 0)


def test_rejects_of_a_folder_that_cannot_be_written_go_where_one_is(
    ward: Ward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ward.takes("")
    rejects_file(ward.file).mkdir()  # stands in the way of the file, for root too
    report = ward.takes("rubbish", rejects=None)
    assert report.rejects == str(tmp_path / "in.ndjson.rejects.ndjson")
    (tmp_path / "in.ndjson.rejects.ndjson").unlink()
    (tmp_path / "in.ndjson.rejects.ndjson").mkdir()
    assert ward.takes("rubbish", rejects=None).rejects is None
