"""Real patients, forty of them, through the mappings that come with the program."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lmstrack.case import assess
from lmstrack.exchange import import_file, mapping_named
from tests.exchange.conftest import TODAY, WORKFLOWS

if TYPE_CHECKING:
    from lmstrack.loading import LoadReport
    from tests.exchange.conftest import Ward

WORKFLOW = WORKFLOWS["leiomyosarcoma-2026.1"]
FOLDER = Path(__file__).parents[3] / "shared" / "data" / "tcga_sarc_lms"
FILES = {
    "tcga-sarc-patient": "clinical_patient_2014.txt",
    "tcga-sarc-radiation": "radiations_2015.tsv",
    "tcga-sarc-drugs": "drugs_2015.tsv",
    "tcga-sarc-new-tumour-primary": "new_tumor_events_primary_form_2015.tsv",
    "tcga-sarc-new-tumour-followup": "new_tumor_events_follow_up_forms_2015.tsv",
}
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the data are not part of the project: no {FOLDER.name}")


def takes(ward: Ward, mapping: str, *, commit: bool = True) -> LoadReport:
    report = import_file(ward, FOLDER / FILES[mapping], mapping=mapping, as_history=True, commit=commit, rejects=False)
    assert report.adds_up
    return report


def counts(report: LoadReport) -> tuple[int, int, int, int, int]:
    return report.rows_read, report.new, report.known, len(report.changed), len(report.rejected)


def test_every_mapping_says_what_it_assumes() -> None:
    for name in FILES:
        mapping = mapping_named(name)
        assert mapping.source == "tcga"
        assert mapping.assumes


def test_the_patient_form_alone_makes_forty_whole_cases(ward: Ward) -> None:
    assert counts(takes(ward, "tcga-sarc-patient", commit=False)) == (40, 40, 0, 0, 0)
    assert ward.store.case_ids() == []
    report = takes(ward, "tcga-sarc-patient")
    assert counts(report) == (40, 40, 0, 0, 0)
    assert (report.cases_created, report.events) == (40, 200)
    kinds = Counter(event.kind for _, _, log in ward.store.stream() for event in log)
    assert kinds == {
        "referral": 40,
        "pathology": 40,
        "surgery": 40,
        "treatment_completed": 40,
        "visit": 28,
        "death": 12,
    }
    assert counts(takes(ward, "tcga-sarc-patient")) == (40, 0, 40, 0, 0)


def test_a_grade_is_there_where_all_of_it_is_and_never_for_the_uterus(
    ward: Ward,
) -> None:
    takes(ward, "tcga-sarc-patient")
    with (FOLDER / FILES["tcga-sarc-patient"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))[2:]
    expected = {
        row["bcr_patient_barcode"]
        for row in rows
        if row["mitotic_count"].isdigit()
        and row["necrosis_percent"].isdigit()
        and row["leiomyosarcoma_uterine_involvement"] == "NO"
    }
    graded = {
        person.identifiers["tcga"]: event.record.grade  # type: ignore[attr-defined]
        for _, person, log in ward.store.stream()
        for event in log
        if event.kind == "pathology" and event.record.grade is not None  # type: ignore[attr-defined]
    }
    assert graded.keys() == expected
    assert Counter(graded.values()) == {2: 7, 3: 2}


def test_a_stated_r0_beside_a_positive_margin_is_not_believed(ward: Ward) -> None:
    takes(ward, "tcga-sarc-patient")
    classes = Counter(
        event.record.r_class  # type: ignore[attr-defined]
        for _, _, log in ward.store.stream()
        for event in log
        if event.kind == "surgery"
    )
    assert classes == {"R0": 25, "R1": 7, "RX": 2, None: 6}


def test_who_is_late_in_the_middle_of_2015_is_listed(ward: Ward) -> None:
    takes(ward, "tcga-sarc-patient")
    as_of = date(2015, 6, 30)
    tally = ward.store.tally(as_of)
    assert (tally.cases, dict(tally.excluded)) == (40, {"died": 12})
    late = {row[0] for row in ward.store.open_rows(as_of, only_overdue=True)}
    assert late
    dead = {case for case, _, log in ward.store.stream() if any(event.kind == "death" for event in log)}
    assert not late & dead


def test_the_tables_of_the_next_year_add_to_the_same_cases(ward: Ward) -> None:
    for mapping in list(FILES)[1:]:
        report = takes(ward, mapping)
        assert (report.new, len(report.rejected)) == (0, report.rows_read)
        assert all("no referral of this case" in each.reason for each in report.rejected)
    takes(ward, "tcga-sarc-patient")
    found = {mapping: counts(takes(ward, mapping)) for mapping in list(FILES)[1:]}
    assert found == {
        "tcga-sarc-radiation": (12, 12, 0, 0, 0),
        "tcga-sarc-drugs": (59, 58, 0, 0, 1),
        "tcga-sarc-new-tumour-primary": (45, 42, 1, 0, 2),
        "tcga-sarc-new-tumour-followup": (57, 26, 29, 0, 2),
    }
    assert len(ward.store.case_ids()) == 40
    for mapping in FILES:
        report = takes(ward, mapping)
        assert report.new == 0
        assert report.changed == ()
    assert ward.store.chain_faults() == []
    assert ward.store.tally_faults() == []


def test_doses_are_in_gray_and_drugs_have_one_name(ward: Ward) -> None:
    for mapping in ("tcga-sarc-patient", "tcga-sarc-radiation", "tcga-sarc-drugs"):
        takes(ward, mapping)
    doses: Counter[object] = Counter()
    drugs: set[str] = set()
    for _, _, log in ward.store.stream():
        for event in log:
            if event.kind == "radiotherapy":
                doses[event.record.dose_gy] += 1  # type: ignore[attr-defined]
            if event.kind == "systemic":
                drugs.update(event.record.regimen)  # type: ignore[attr-defined]
    assert doses[66.0] == 2
    assert doses[None] == 2  # one without a dose, one in millicurie
    assert {"doxorubicin", "docetaxel", "trabectedin"} < drugs
    assert not {"adriamycin", "taxotere", "et-743", "doxil"} & drugs


def test_what_cannot_be_is_rejected_with_the_reason(ward: Ward) -> None:
    takes(ward, "tcga-sarc-patient")
    (rejected,) = takes(ward, "tcga-sarc-drugs").rejected
    assert rejected.reason.startswith("systemic on 2012-08-18 is after the patient's death on 2003-10-29")


def test_every_rule_answers_for_each_of_the_forty_and_the_counts_add_up(ward: Ward) -> None:
    for mapping in FILES:
        takes(ward, mapping)
    words = ("met", "departure", "not met", "unknown", "not asked")
    asked = [name for name, rule in WORKFLOW.rules.items() if rule.check is not None]
    counted = {rule: Counter[str]() for rule in asked}
    for _, person, log in ward.store.stream():
        verdicts = assess(person, log, WORKFLOW, TODAY).verdicts()
        for rule in asked:
            counted[rule][verdicts.get(rule, "not asked")] += 1
    assert {rule: sum(count.values()) for rule, count in counted.items()} == dict.fromkeys(asked, 40)
    assert {word for count in counted.values() for word in count} <= set(words)
    # What the form cannot hold, such as a meeting of the team before the operation, shows in the counts.
    assert counted["LMS-MD-01"]["met"] == 0
