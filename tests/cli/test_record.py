from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run


WORKFLOW = "leiomyosarcoma-2026.1"
FIX = "imaging region=primary modality=MRI adequate=true"


def test_an_entry_is_answered_in_one_line_with_the_patient_the_day_the_move_and_the_way_back(
    run: Run, referred: str
) -> None:
    answer = run(
        "record",
        referred,
        "imaging",
        "region=primary",
        "modality=MRI",
        "adequate=true",
        "--on",
        "10 nov",
        "--key",
        "a",
    )
    assert answer.code == 0
    assert answer.out == (
        f"{referred} Ann Example, born 4 Mar 1961: recorded MRI of the primary, adequate,"
        " Tue 10 Nov 2026 (14 days ago), line 2. Moved from presentation to imaging."
        f" Next due: report, 10 Nov 2026 to 24 Nov 2026; 6 questions open. Undo: lmstrack undo {referred} 2\n"
    )


def test_no_names_leaves_the_patient_out_of_the_answer(run: Run, case: str) -> None:
    answer = run("--no-names", "record", case, "referral")
    assert answer.code == 0
    assert "Ann" not in answer.out + answer.err
    assert "1961" not in answer.out


def test_a_refusal_names_the_rule_what_it_needs_what_was_found_and_the_way_out(run: Run, referred: str) -> None:
    answer = run("record", referred, "biopsy", "method=core", "track_planned_with_surgeon=true", "--on", "yesterday")
    assert answer.code == 3
    assert answer.out == ""
    said = answer.err.splitlines()
    start = next(place for place, line in enumerate(said) if line.startswith("Refused"))
    assert said[start:] == [
        "Refused: biopsy, Mon 23 Nov 2026. 1 mandatory rule is not met; 1 question can be answered later.",
        "  LMS-DX-01  The primary tumour has been imaged adequately before tissue is taken.",
        "     needs   MRI or CT of the primary, adequate, on or before 23 Nov 2026",
        "     found   no imaging of the primary on record",
        "     source  seed ref. 6, Diagnostic Workup; Critical Pitfalls to Avoid · workflow " + WORKFLOW,
        f"     fix     lmstrack record {referred} {FIX} --on DATE",
        '     or, if it has already happened: --despite LMS-DX-01 --because "…" --agreed-by NAME',
        "  Only what is dated up to 23 Nov 2026 counts for this entry.",
    ]


def test_a_refusal_counts_what_stands_in_the_way_apart_from_what_can_wait(run: Run, case: str) -> None:
    for words in (
        ("referral", "site_group=uterus", "size_mm=60", "--on", "2026-10-01"),
        ("imaging", "region=primary", "modality=MRI", "adequate=true", "--on", "2026-10-02"),
    ):
        assert run("record", case, *words).code == 0
    answer = run("record", case, "biopsy", "--on", "2026-10-05")
    assert answer.code == 3
    (head,) = (line for line in answer.err.splitlines() if line.startswith("Refused"))
    assert head == (
        "Refused: biopsy, Mon 5 Oct 2026. 1 mandatory rule cannot be judged yet; 2 questions can be answered later."
    )
    assert "Only what is dated" not in answer.err  # nothing else has to be recorded first


def test_advice_says_where_it_is_not_known_whether_it_is_followed(run: Run, referred: str) -> None:
    after = ("treatment_completed", "next=surveillance", "--on", "2026-11-20")
    signed = ("--because", "done elsewhere", "--agreed-by", "Dr A")
    despite = [word for rule in ("MD-01", "DX-10", "ADD-06") for word in ("--despite", f"LMS-{rule}")]
    surgery = ("surgery", "operation=wide_excision", "r_class=R0", "--on", "2026-11-10", *despite, *signed)
    assert run("record", referred, *surgery, "margin_mm=8").code == 0
    told = run("record", referred, *after, "--despite", "LMS-RT-01", "--because", "declined")
    assert told.code == 0
    advice = [line.partition(":")[0] for line in told.err.splitlines() if line.startswith("Advice")]
    unknown = "not known whether it is followed"
    assert advice == [f"Advice, LMS-SU-02, {unknown}", f"Advice, LMS-PI-07, {unknown}", f"Advice, LMS-RT-06, {unknown}"]


def test_one_question_of_several_rules_is_put_once(run: Run, case: str) -> None:
    for words in (
        ("referral", "size_mm=80", "--on", "2026-10-01"),
        ("imaging", "region=primary", "modality=MRI", "adequate=true", "--on", "2026-10-02"),
        ("biopsy", "method=core", "track_planned_with_surgeon=true", "centre_designated=true", "--on", "2026-10-05"),
        ("pathology", "is_lms=true", "histology=8890/3", "grade=3", "--on", "2026-10-10"),
        ("imaging", "region=chest", "modality=CT", "--on", "2026-10-11"),
    ):
        assert run("record", case, *words).code == 0
    plan = 'plan=[{"treatment":"surgery","operation":"wide_excision"},{"treatment":"radiotherapy"}]'
    answer = run("record", case, "mdt", "decision=both", plan, "--on", "2026-10-16")
    assert answer.code == 0
    (asked,) = (line for line in answer.err.splitlines() if "Where does the tumour sit?" in line)
    assert asked.startswith("Question, LMS-UT-05, LMS-ST-01A, LMS-UT-01, LMS-RP-01: Where does the tumour sit? ")


def test_what_was_refused_can_be_recorded_with_a_departure(run: Run, referred: str) -> None:
    biopsy = (
        "record",
        referred,
        "biopsy",
        "method=core",
        "track_planned_with_surgeon=true",
        "--on",
        "yesterday",
    )
    answer = run(*biopsy, "--despite", "LMS-DX-01", "--because", "biopsied elsewhere", "--agreed-by", "lead surgeon")
    assert answer.code == 0
    assert "Departs from LMS-DX-01" in answer.err
    shown = run("show", referred, "--format", "json").json()
    assert shown["state"] == "biopsy"
    assert [each["departure"] for each in shown["departures"]] == [
        {"because": "biopsied elsewhere", "agreed_by": "lead surgeon"}
    ]


def test_a_departure_that_no_clinician_answers_for_is_refused_and_says_what_it_lacks(run: Run, referred: str) -> None:
    biopsy = ("record", referred, "biopsy", "method=core", "track_planned_with_surgeon=true", "--on", "yesterday")
    answer = run(*biopsy, "--despite", "LMS-PI-01", "--because", "biopsied elsewhere")  # another name of LMS-DX-01
    assert answer.code == 3
    assert answer.err.splitlines()[-2] == ("     lacks   the clinician who answers for the departure: --agreed-by NAME")
    program = run(*biopsy, "--despite", "LMS-DX-01", "--because", "biopsied elsewhere", "--format", "json")
    assert program.error()["hint"] == ("A departure from LMS-DX-01 needs the clinician who answers for it, agreed_by.")


@pytest.mark.parametrize(
    "words",
    [
        ("--despite", "LMS-DX-01"),
        ("--because", "no rule"),
        ("--despite", "LMS-DX-01", "--because", ""),
        ("--despite", "A", "--despite", "B", "--despite", "C", "--because", "x", "--because", "y"),
        ("--despite", "A", "--because", "x", "--agreed-by", "p", "--agreed-by", "q"),
    ],
)
def test_reasons_are_given_once_for_all_rules_or_once_for_each(run: Run, referred: str, words: tuple[str, ...]) -> None:
    assert run("record", referred, "biopsy", *words).code == 2


def test_a_later_departure_that_no_clinician_answers_for_says_that_the_rule_stays_open(run: Run, case: str) -> None:
    assert run("record", case, "referral", "site_group=uterus", "size_mm=80", "--on", "2026-11-01").code == 0
    operation = ("surgery", "operation=total_hysterectomy", "morcellation=yes", "emergency=yes", "--on", "2026-11-02")
    assert run("record", case, *operation).code == 0
    later = ("departure", "line=2", "rule=LMS-ADD-05", "because=bleeding")
    assert (
        "Still open on line 2: LMS-ADD-05 is mandatory, and agreed_by=NAME is lacking.\n"
        in run("record", case, *later).err
    )
    answered = run("record", case, *later, "agreed_by=Dr A").err
    assert "Still open" not in answered
    assert "No longer open on line 2: LMS-ADD-05" in answered


def test_a_departure_from_a_rule_that_is_not_unmet_is_noted(run: Run, referred: str) -> None:
    answer = run("record", referred, "imaging", "region=primary", "--despite", "LMS-DX-12", "--because", "x")
    assert answer.code == 0
    assert "Noted: LMS-DX-12" in answer.err


def test_a_dry_run_writes_nothing(run: Run, referred: str) -> None:
    answer = run("record", referred, "imaging", "region=primary", "--dry-run")
    assert answer.code == 0
    assert answer.out.endswith("Nothing was written.\n")
    assert run("show", referred, "--format", "json").json()["last_line"] == 1


def test_the_same_key_writes_once(run: Run, referred: str) -> None:
    entry = ("record", referred, "imaging", "region=primary", "--key", "ris:1", "--format", "json")
    assert [run(*entry).json()["written"] for _ in range(2)] == [True, False]


def test_somebody_elses_entry_in_between_is_a_conflict(run: Run, referred: str) -> None:
    assert run("record", referred, "imaging", "region=primary", "--expect", "0").code == 6


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nonsense",), 4),
        (("imaging", "region=primry"), 4),
        (("imaging", "adequat=true"), 4),
        (("imaging", "region=primary", "region=chest"), 4),
        (("imaging", "plan=@/does/not/exist"), 4),
        (("imaging", "--on", "31 Feb 2026"), 4),
        (("imaging", "--on", "03/04/2026"), 4),
        (("imaging", "--on", "1961"), 4),
        (("imaging", "region"), 2),
        (("visit", "--on", "2026-12-01"), 5),
        (("visit", "--on", "1950-01-01"), 5),
        ((), 2),
    ],
)
def test_what_cannot_be_recorded_ends_in_its_own_code(
    run: Run, referred: str, words: tuple[str, ...], code: int
) -> None:
    answer = run("record", referred, *words)
    assert answer.code == code
    assert answer.out == ""
    assert len(answer.err.splitlines()) <= 1 + 6


def test_a_number_is_not_enough_to_write(run: Run, referred: str) -> None:
    assert run("record", "1", "imaging").code == 7
    assert run("show", "1").code == 0


def test_a_mistyped_id_is_caught(run: Run, referred: str) -> None:
    assert run("record", "LMS-0001-4", "imaging").code == 7


def test_a_month_is_exact_enough_for_what_was_done(run: Run, referred: str) -> None:
    answer = run("record", referred, "imaging", "region=chest", "--on", "2026-10", "--format", "json")
    assert answer.json()["on"] == "2026-10"


def test_a_record_can_come_as_json(run: Run, referred: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        "kind": "imaging",
        "on": "2026-11-10",
        "region": "primary",
        "modality": "MRI",
        "source_id": "ris:7",
    }
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(told)))
    answer = run("record", referred, "--json", "-", "--format", "json")
    assert (answer.json()["kind"], answer.json()["on"]) == ("imaging", "2026-11-10")


def test_a_record_in_a_file_and_an_object_in_a_file_are_read(run: Run, referred: str, home: Path) -> None:
    whole, plan = home / "imaging.json", home / "plan.json"
    whole.write_text('{"region": "primary", "modality": "CT"}', encoding="utf-8")
    plan.write_text('[{"treatment": "surgery"}]', encoding="utf-8")
    assert run("record", referred, "imaging", "--json", str(whole)).code == 0
    answer = run("record", referred, "mdt", f"plan=@{plan}", "--dry-run")
    assert "plans surgery" in answer.out


@pytest.mark.parametrize(
    "told", ["not json", "[]", '{"kind": "visit"}', '{"departures": 3}', '{"departures": {"X": {}}}']
)
def test_json_that_is_no_record_is_refused(run: Run, referred: str, monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(told))
    assert run("record", referred, "imaging", "--json", "-").code in {2, 4}


def test_undo_withdraws_the_line_and_says_where_the_case_stands(run: Run, referred: str) -> None:
    run("record", referred, "imaging", "region=primary", "--on", "2026-11-10")
    answer = run("undo", referred, "2")
    assert answer.code == 0
    assert "Moved from imaging to presentation" in answer.out


def test_undo_alone_takes_back_what_was_entered_last_from_here(run: Run, referred: str) -> None:
    run("record", referred, "imaging", "region=primary", "--on", "2026-11-10")
    assert run("undo").code == 0
    assert run("show", referred, "--format", "json").json()["state"] == "presentation"


def test_undo_alone_does_not_guess(run: Run, case: str) -> None:
    assert run("undo").code == 2


def test_a_corrected_field_leaves_the_others_as_they_were(run: Run, referred: str) -> None:
    run("record", referred, "imaging", "region=primary", "modality=CT", "adequate=true", "--on", "2026-11-10")
    answer = run("event", "correct", referred, "2", "modality=MRI", "--because", "typed wrongly")
    assert answer.code == 0, answer.err
    [row] = [row for row in run("timeline", referred, "--format", "json").json()["rows"] if row["line"] == 2]
    assert row["record"] == {"region": "primary", "modality": "MRI", "adequate": True}
    assert row["corrected"] is True


def test_a_corrected_day_a_field_taken_away_and_another_kind(run: Run, referred: str) -> None:
    run("record", referred, "imaging", "region=primary", "modality=CT", "--on", "2026-11-10")
    assert run("event", "correct", referred, "2", "--on", "2026-11-12", "--because", "x").code == 0
    assert run("event", "correct", referred, "2", "modality=", "--because", "x").code == 0
    rows = {row["line"]: row for row in run("timeline", referred, "--format", "json").json()["rows"]}
    assert (rows[2]["on"], rows[2]["record"]) == ("2026-11-12", {"region": "primary"})
    assert run("event", "correct", referred, "2", "visit", "components=history", "--because", "x").code == 0
    rows = {row["line"]: row for row in run("timeline", referred, "--format", "json").json()["rows"]}
    assert rows[2]["kind"] == "visit"


def test_a_withdrawn_line_stays_in_the_timeline(run: Run, referred: str) -> None:
    run("record", referred, "imaging", "region=primary", "--on", "2026-11-10")
    assert run("event", "correct", referred, "2", "--withdraw", "--because", "wrong patient").code == 0
    rows = {row["line"]: row for row in run("timeline", referred, "--format", "json").json()["rows"]}
    assert (rows[2]["stands"], rows[2]["what"]) == (False, "withdrawn: imaging of the primary")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("1", "--because", "x"), 2),
        (("1", "--withdraw"), 2),
        (("1", "--withdraw", "size_mm=3", "--because", "x"), 2),
        (("9", "--withdraw", "--because", "x"), 5),
        (("1", "size_mm=x", "--because", "x"), 4),
        (("1", "size_mm=70", "--nature", "maybe", "--because", "x"), 4),
        (("one", "--withdraw", "--because", "x"), 2),
    ],
)
def test_a_correction_says_what_and_why(run: Run, referred: str, words: tuple[str, ...], code: int) -> None:
    assert run("event", "correct", referred, *words).code == code


@pytest.mark.parametrize(
    "words",
    [
        ("booking", "for_date=2026-12-15"),
        ("contact", "outcome=reached"),
        ("did_not_attend",),
        ("excuse", "reason=declined"),
        ("suspend", "because=pregnancy", "review_on=2027-03-01"),
    ],
)
def test_what_is_recorded_of_a_strand_names_one_that_there_is(run: Run, followed: str, words: tuple[str, ...]) -> None:
    kind, *fields = words
    before = run("audit", "head").out
    answer = run("record", followed, kind, *fields, "strand=clinic_reviw")
    assert answer.code == 4, answer.out
    assert "did you mean 'clinic_review'?" in answer.err
    assert "lmstrack show CASE names what is due" in answer.err
    assert [line for line in answer.err.splitlines() if len(line) > 110] == []
    assert run("audit", "head").out == before
    assert run("record", followed, kind, *fields, "strand=clinic review", "--dry-run").code == 0


def test_a_booking_for_a_strand_in_words_is_seen_on_the_list(run: Run, followed: str) -> None:
    assert run("record", followed, "booking", "strand=Clinic review", "for_date=2026-12-15").code == 0
    rows = {row["strand"]: row for row in run("overdue", "--format", "json").json()["rows"]}
    assert rows["clinic_review"]["booked_for"] == "2026-12-15"


def test_a_corrected_strand_is_one_that_there_is(run: Run, followed: str) -> None:
    assert run("record", followed, "booking", "strand=clinic_review", "for_date=2026-12-15").code == 0
    line = run("show", followed, "--format", "json").json()["last_line"]
    answer = run("event", "correct", followed, str(line), "strand=chest", "--because", "mistyped")
    assert answer.code == 4
    assert run("event", "correct", followed, str(line), "strand=chest imaging", "--because", "mistyped").code == 0


def test_a_rule_that_waits_for_an_answer_says_how_to_give_it(run: Run, referred: str) -> None:
    run("record", referred, "imaging", "region=primary", "modality=MRI", "adequate=true", "--on", "2026-11-05")
    answer = run("record", referred, "biopsy", "method=core", "--on", "2026-11-16")
    assert answer.code == 3
    [asked] = [line for line in answer.err.splitlines() if line.startswith("     ask ")]
    assert asked.endswith("Add to the entry: track_planned_with_surgeon=true")
