"""The pathologist says what the tumour is, and how malignant."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, Answer, Ask, Verdict, not_met

STAGING = "2026-03-10 staging t=2"
GRADE = Ask("grade", "Which FNCLCC grade does the pathologist give, or why none?", "pathology grade=NUMBER")
NEEDS_GRADE = "a pathology report with the grade, or with the reason why none is given"
NEEDS_LMS = "a pathology report of leiomyosarcoma (8890/3, 8891/3 or 8896/3)"


@pytest.mark.parametrize("said", ["grade=1", "grade=3", "grade_unknown_reason=tiny"])
def test_a_grade_or_the_reason_why_there_is_none(answer, said: str) -> None:
    assert answer("grade_reported", f"2026-03-01 pathology {said}", STAGING) == MET


def test_a_report_without_a_grade_is_asked_for_it(answer) -> None:
    told = answer("grade_reported", "2026-03-01 pathology is_lms=true", STAGING)
    found = "no grade in the report of 1 Mar"
    assert told == Answer(Verdict.UNKNOWN, NEEDS_GRADE, found, "pathology grade=NUMBER", (GRADE,), (1,))


def test_without_any_report_no_grade_is_reported(answer) -> None:
    told = answer("grade_reported", STAGING)
    assert told == not_met(NEEDS_GRADE, "no pathology on record", "pathology grade=NUMBER")


def test_the_grade_of_treated_tissue_does_not_count(answer) -> None:
    treated = "2026-03-01 pathology specimen=resection treated_specimen=true grade=2"
    told = answer("grade_reported", treated, STAGING)
    assert (told.verdict, told.found) == (
        "unknown",
        "no grade in the report of 1 Mar (that of 1 Mar is of treated tissue)",
    )


@pytest.mark.parametrize("grade", ["low", "high", "not_graded"])
def test_the_uterus_has_its_own_grade(verdict, asked_facts, grade: str) -> None:
    report = f"2026-03-01 pathology uterine_grade={grade}"
    assert verdict("grade_reported", "2026-02-01 referral site_group=uterus", report, STAGING) == "met"
    limb = "2026-02-01 referral site_group=extremity"
    assert asked_facts("grade_reported", limb, report, STAGING) == [("grade", None)]
    assert asked_facts("grade_reported", report, STAGING) == [("site_group", None)]


def test_a_tumour_of_the_uterus_is_asked_in_its_own_words(answer) -> None:
    told = answer("grade_reported", "2026-02-01 referral site_group=uterus", STAGING)
    assert told.fix == "pathology uterine_grade=high"


@pytest.mark.parametrize(
    "said", ["is_lms=true", "histology=8890/3", "histology=8891/3", "histology=8805/3 is_lms=true"]
)
def test_a_leiomyosarcoma_is_named_or_coded(answer, said: str) -> None:
    assert answer("histology_is_lms", f"2026-03-01 pathology {said}", STAGING) == MET


def test_another_tumour_is_named(answer) -> None:
    other = "2026-03-01 pathology specimen=biopsy histology=8850/3"
    told = not_met(NEEDS_LMS, "the biopsy report of 1 Mar has 8850/3", 'not_lms diagnosis="…"', (1,))
    assert answer("histology_is_lms", other, STAGING) == told
    denied = answer("histology_is_lms", "2026-03-01 pathology is_lms=false", STAGING)
    assert denied.found == "the pathology report of 1 Mar has another tumour than leiomyosarcoma"


def test_a_report_that_contradicts_itself_is_asked_about(asked_facts) -> None:
    report = "2026-03-01 pathology histology=8890/3 is_lms=false"
    assert asked_facts("histology_is_lms", report, STAGING) == [("pathology.is_lms", 1)]


def test_a_review_outranks_a_resection_and_a_resection_a_biopsy(verdict) -> None:
    review = "2026-03-01 pathology specimen=review is_lms=true"
    resection = "2026-03-02 pathology specimen=resection is_lms=false"
    biopsy = "2026-03-03 pathology specimen=biopsy is_lms=true"
    assert verdict("histology_is_lms", review, resection, biopsy, STAGING) == "met"
    assert verdict("histology_is_lms", resection, biopsy, STAGING) == "not met"
    assert verdict("histology_is_lms", biopsy, STAGING) == "met"


def test_of_two_biopsies_the_later_counts_and_an_empty_report_does_not(verdict) -> None:
    earlier = "2026-03-01 pathology specimen=biopsy is_lms=false"
    later = "2026-03-02 pathology specimen=biopsy is_lms=true"
    empty = "2026-03-03 pathology specimen=review grade=2"
    assert verdict("histology_is_lms", earlier, later, empty, STAGING) == "met"


def test_without_a_diagnosis_it_is_asked(answer) -> None:
    ask = Ask(
        "histology",
        "What does the pathologist say that the tumour is?",
        "pathology specimen=biopsy histology=8890/3",
    )
    nothing = Answer(Verdict.UNKNOWN, NEEDS_LMS, "no pathology on record", ask.record, (ask,))
    assert answer("histology_is_lms", STAGING) == nothing
    found = "the report of 1 Mar does not say what the tumour is"
    told = answer("histology_is_lms", "2026-03-01 pathology grade=2", STAGING)
    assert told == Answer(Verdict.UNKNOWN, NEEDS_LMS, found, ask.record, (ask,), (1,))


def test_a_sarcoma_pathologist_has_seen_the_tissue(answer, verdict) -> None:
    seen = "2026-03-01 pathology specimen=review reviewed_by_sarcoma_pathologist=true"
    unseen = "2026-03-05 pathology specimen=resection reviewed_by_sarcoma_pathologist=false"
    silent = "2026-03-05 pathology specimen=biopsy is_lms=true"
    needs = "a report that a sarcoma pathologist has made or reviewed"
    fix = "pathology specimen=review reviewed_by_sarcoma_pathologist=true"
    assert verdict("pathology_reviewed", seen, unseen, STAGING) == "met"
    found = "the pathology of 5 Mar was not seen by a sarcoma pathologist"
    assert answer("pathology_reviewed", unseen, STAGING) == not_met(needs, found, fix)
    assert answer("pathology_reviewed", STAGING) == not_met(needs, "no pathology on record", fix)
    question = "Has a sarcoma pathologist seen the pathology of 5 Mar?"
    ask = Ask(
        "pathology.reviewed_by_sarcoma_pathologist", question, "pathology reviewed_by_sarcoma_pathologist=true", (), 2
    )
    said = "the pathology of 5 Mar does not say who has seen it"
    first = unseen.replace("2026-03-05", "2026-03-01")
    assert answer("pathology_reviewed", first, silent, STAGING) == Answer(Verdict.UNKNOWN, needs, said, "", (ask,))
