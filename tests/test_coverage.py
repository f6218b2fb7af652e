"""Nothing that the sources say is forgotten: what became of every statement, and where it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from lmstrack.coverage import coverage, stories_by_statement
from lmstrack.errors import NotFound, WorkflowFaults
from lmstrack.reports.statements import page_of
from lmstrack.rules import Rule
from lmstrack.statements import Note, RecordedFields
from lmstrack.workflow import load_workflow, released, story_texts, workflow_from
from tests.storyteller import WORKFLOW

TEXT = (Path(__file__).parent.parent / "workflows" / f"{WORKFLOW.name}.yaml").read_text(encoding="utf-8")


def changed(*pairs: tuple[str, str]) -> bytes:
    text = TEXT.replace("leiomyosarcoma-2026.1", "leiomyosarcoma-2099.1").replace('"2026.1"', '"2099.1"')
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def faults(*pairs: tuple[str, str]) -> list[str]:
    with pytest.raises(WorkflowFaults) as wrong:
        workflow_from(changed(*pairs))
    return [fault.partition(": ")[2] if fault.startswith("line ") else fault for fault in wrong.value.faults]


def test_every_statement_of_the_sources_became_something_and_every_rule_has_a_story() -> None:
    rows = coverage(WORKFLOW, stories_by_statement(story_texts(), WORKFLOW))
    assert [row.statement for row in rows if row.is_missing] == []
    assert len({row.statement for row in rows}) == len(rows)


def test_every_statement_that_asks_for_facts_has_a_story() -> None:
    rows = coverage(WORKFLOW, stories_by_statement(story_texts(), WORKFLOW))
    assert [row.statement for row in rows if row.became.startswith("recorded field") and not row.stories] == []


def test_a_statement_that_nothing_stands_for_is_missing() -> None:
    workflow = workflow_from(changed(("  LMS-ME: 4\n", "  LMS-ME: 5\n")))
    assert [
        row.statement for row in coverage(workflow, stories_by_statement(story_texts(), workflow)) if row.is_missing
    ] == ["LMS-ME-05"]


def test_a_rule_that_no_story_shows_is_missing_its_proof() -> None:
    rows = {row.statement: row for row in coverage(WORKFLOW, {})}
    assert rows["LMS-DX-01"].is_missing
    assert not rows["LMS-DX-13"].is_missing  # information decides nothing


def test_what_covers_a_statement_stands_for_it_with_its_stories() -> None:
    told = {"one.yaml": "- story: Nobody is biopsied unseen\n  refused by: [LMS-DX-01]\n"}
    rows = {row.statement: row for row in coverage(WORKFLOW, stories_by_statement(told, WORKFLOW))}
    assert (rows["LMS-PI-01"].number, rows["LMS-PI-01"].became) == ("LMS-DX-01", "rule, mandatory")
    assert [story.title for story in rows["LMS-PI-01"].stories] == ["Nobody is biopsied unseen"]
    assert rows["LMS-DX-01"].where == ("biopsy (T2)",)
    assert rows["LMS-ADD-05"].where[-2:] == ("surgery (X4, refusing nothing)", "surgery (T5)")


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ("  due: {clinic_review: {plan: low_grade}}\n", {"LMS-OP-01"}),
        ("  due: {clinic_review: {plan: uterus, phase: 2}}\n", {"LMS-FU-01", "LMS-FU-03"}),
        ("  due:\n    chest_imaging: {by: 2026-01-01}\n    report: {late: 1}\n", {"LMS-FU-05", "LMS-OP-04"}),
        ("  done: {biopsy_report: {2026-03-12: 0}}\n  state: biopsy\n", {"LMS-OP-14"}),
        ("  closed: {lost_review: {2026-03-12: died}}\n", {"LMS-OP-08"}),
        ("  nothing due: [treatment_summary, report]\n", {"LMS-OP-03", "LMS-OP-04"}),
        # Which rule it runs by depends on the plan, and this story names none.
        ("  due: {clinic_review: {by: 2026-01-01}}\n", set()),
        # A strand that is only named in the log says nothing of when it is due.
        ("  so far:\n    - 2026-01-01: {booking: {strand: report, for_date: 2026-01-02}}\n", set()),
    ],
)
def test_a_story_shows_the_rule_of_a_strand_that_it_says_something_of(said: str, rules: set[str]) -> None:
    assert set(stories_by_statement({"a.yaml": f"- story: One\n{said}"}, WORKFLOW)) == rules


def test_a_strand_that_no_story_shows_is_missing_its_proof() -> None:
    rows = {row.statement: row for row in coverage(WORKFLOW, {})}
    assert rows["LMS-OP-14"].is_missing


def test_a_story_ends_where_the_next_begins() -> None:
    told = {"a.yaml": "- story: One\n  x: [LMS-DX-01]\n- story: 'Two'\n  y: [LMS-DX-02]\n"}
    found = stories_by_statement(told, WORKFLOW)
    assert {name: [story.title for story in stories] for name, stories in found.items()} == {
        "LMS-DX-01": ["One"],
        "LMS-DX-02": ["Two"],
    }


@pytest.mark.parametrize(
    ("asked", "kind"),
    [("LMS-DX-01", Rule), ("LMS-PI-01", Rule), ("LMS-PF-02", RecordedFields), ("LMS-RF-05", Note)],
)
def test_every_statement_is_found_by_its_id_or_by_that_of_what_covers_it(asked: str, kind: type) -> None:
    assert isinstance(WORKFLOW.statement(asked), kind)


def test_an_unknown_statement_is_answered_with_near_ones() -> None:
    with pytest.raises(NotFound) as missing:
        WORKFLOW.statement("LMS-PF-21")
    assert "LMS-PF-01" in missing.value.candidates


def page(rule: str) -> list[tuple[str, str]]:
    (row,) = (row for row in coverage(WORKFLOW, {}) if row.statement == rule)
    return list(page_of(WORKFLOW, row))


def test_the_page_of_a_rule_that_schedules_says_how_often_in_each_plan_and_what_was_chosen_for_it() -> None:
    told = page("LMS-FU-06")
    assert [value for item, value in told if item == "schedules"] == [
        "metastatic_resected, rehabilitation_review, every 3 months",
        "high_grade, rehabilitation_review, every 3 months",
        "low_grade, rehabilitation_review, every 3 months",
        "rehabilitation_review, every 3 months",
    ]
    every = "the seed gives no rhythm (P9) (metastatic_resected, high_grade, low_grade, rehabilitation_review)"
    assert ("chosen: every", every) in told
    assert "asked at" not in dict(told)


def test_the_page_of_a_rule_for_some_years_shows_those_years_only() -> None:
    assert {value.partition("clinic_review, ")[2] for item, value in page("LMS-FU-03") if item == "schedules"} == {
        "every 6 months until 5 years"
    }


def test_the_page_of_what_is_due_on_a_day_of_the_record_says_so() -> None:
    assert dict(page("LMS-OP-07"))["schedules"] == "excuse_review, on the day named"


def test_notes_are_shown_with_the_kinds_and_the_rules_that_they_name() -> None:
    assert "LMS-DX-13" in [note.id for note in WORKFLOW.told_with("LMS-DX-12")]
    assert "LMS-DX-13" not in [note.id for note in WORKFLOW.told_with("biopsy", "LMS-DX-01")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "pathology.vascular_invasion:",
            "pathology.vascular_invasions:",
            "fields LMS-PF-02, asks: pathology has no field 'vascular_invasions'; did you mean 'vascular_invasion'?",
        ),
        (
            "asks: {pathology.ancillary:",
            "asks: {patholgy.ancillary:",
            "fields LMS-DX-11, asks: no kind of event is called 'patholgy'; did you mean 'pathology'?",
        ),
        (
            "    asks: [LMS-SU-03]\n",
            "    asks: [LMS-SU-13]\n",
            "no fields are called LMS-SU-13; did you mean 'LMS-SU-03'?",
        ),
        (
            "    about: {region: [primary]}",
            "    about: {regio: [primary]}",
            "fields LMS-PR-08, about: nothing that is asked here has a field 'regio'",
        ),
        (
            "    about: {region: [primary]}",
            "    about: {region: [primry]}",
            "fields LMS-PR-08, about: region: 'primry' is not possible; did you mean 'primary'?",
        ),
        ("    asks: [LMS-SU-03]\n", "", "fields LMS-SU-03 is asked by no move, and is not optional."),
        (
            "    optional: true\n",
            "",
            "fields LMS-PF-03 is asked by no move, and is not optional.",
        ),
        (
            "    shown_with: [LMS-DX-12]\n",
            "    shown_with: [LMS-DX-21]\n",
            "information LMS-DX-13, shown_with: there is no kind or rule 'LMS-DX-21'",
        ),
        ("  LMS-SU-03:\n", "  LMS-SU-01:\n", "rules LMS-SU-01 stands under fields as well."),
    ],
)
def test_a_slip_in_what_is_asked_for_or_told_is_named(old: str, new: str, said: str) -> None:
    assert any(said in fault for fault in faults((old, new))), faults((old, new))


def test_the_released_workflow_is_the_one_that_is_told_about() -> None:
    assert load_workflow(released()[-1]) is WORKFLOW
