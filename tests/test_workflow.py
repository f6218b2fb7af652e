"""The released workflow, where it is found, and what it promises to every other part."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from lmstrack.checks import CHECKS
from lmstrack.dates import Interval, Rhythm
from lmstrack.errors import InvalidData, NotFound, WorkflowFaults
from lmstrack.facts import SELECTORS
from lmstrack.plans import Service, chosen_plan
from lmstrack.rules import Strength
from lmstrack.workflow import load_workflow, printed_schema, released, workflow_file, workflow_from
from lmstrack.workflow.faults import Faults
from lmstrack.workflow.fields import FACT_VALUES, PLAN_FACTS
from lmstrack.workflow.reader import read, read_yaml

if TYPE_CHECKING:
    from lmstrack.plans import Strand

NAME = "leiomyosarcoma-2026.1"
ROOT = Path(__file__).parent.parent
WORKFLOW = load_workflow(NAME)
CONTENT = workflow_file(NAME).read_bytes()
DATA = read(CONTENT, Faults())
STRANDS = [strand for plan in WORKFLOW.plans for strand in plan.strands]
EVERY_STRAND = [*STRANDS, *WORKFLOW.expectations]


def plan_strand(plan: str, strand: str) -> Strand:
    (found,) = (each for one in WORKFLOW.plans if one.name == plan for each in one.strands if each.name == strand)
    return found


def rhythm(strand: Strand) -> list[str]:
    return [f"{phase.every} until {phase.until}" if phase.until else str(phase.every) for phase in strand.phases]


# ---- loading


def test_a_released_workflow_is_loaded_by_its_name_or_by_its_file():
    by_file = load_workflow(workflow_file(NAME))
    assert (WORKFLOW.name, WORKFLOW.version, WORKFLOW.title) == (NAME, "2026.1", "Leiomyosarcoma in adults")
    assert by_file.digest == WORKFLOW.digest == hashlib.sha256(CONTENT).hexdigest()


def test_it_is_not_signed_yet():
    assert WORKFLOW.signed is False


def test_a_file_is_read_once_while_it_stays_the_same():
    assert load_workflow(NAME) is WORKFLOW


def test_a_copy_elsewhere_is_the_same_workflow(tmp_path: Path):
    copy = tmp_path / "anything.yaml"
    copy.write_bytes(CONTENT)
    assert load_workflow(str(copy)).digest == WORKFLOW.digest


def test_a_new_version_is_loaded_from_a_file(tmp_path: Path):
    text = CONTENT.decode().replace("leiomyosarcoma-2026.1", "leiomyosarcoma-2026.2")
    file = tmp_path / "leiomyosarcoma-2026.2.yaml"
    file.write_text(text.replace('version: "2026.1"', 'version: "2026.2"'), encoding="utf-8")
    assert load_workflow(file).name == "leiomyosarcoma-2026.2"


def test_an_unknown_name_is_answered_with_near_ones():
    with pytest.raises(NotFound) as missing:
        load_workflow("leiomyosarcoma-2026.2")
    assert missing.value.candidates == (NAME,)
    assert missing.value.remedy == f"Released are: {', '.join(released())}."


def test_a_name_never_leads_out_of_the_folder():
    with pytest.raises(NotFound):
        workflow_file("../workflows/leiomyosarcoma-2026.1")
    with pytest.raises(WorkflowFaults):
        load_workflow("../leiomyosarcoma-2026.1")


def test_in_a_working_copy_the_files_stand_beside_the_package(tmp_path: Path):
    (tmp_path / "lmstrack").mkdir()
    (tmp_path / "workflows").mkdir()
    for name in ("lms-2026.10.yaml", "lms-2026.9.yaml", "README.md", "Draft 1.yaml"):
        (tmp_path / "workflows" / name).touch()
    assert released(tmp_path / "lmstrack") == ("lms-2026.9", "lms-2026.10")
    assert workflow_file("lms-2026.9", tmp_path / "lmstrack") == tmp_path / "workflows" / "lms-2026.9.yaml"


def test_in_a_wheel_they_are_part_of_the_package(tmp_path: Path):
    inside = tmp_path / "lmstrack" / "_workflows"
    inside.mkdir(parents=True)
    (tmp_path / "workflows").mkdir()  # somebody else's folder beside an installed package
    (tmp_path / "workflows" / "other-1.yaml").touch()
    (inside / "lms-2026.1.yaml").touch()
    assert released(tmp_path / "lmstrack") == ("lms-2026.1",)
    assert workflow_file("lms-2026.1", tmp_path / "lmstrack") == inside / "lms-2026.1.yaml"


def test_the_wheel_takes_the_folder_along():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]["workflows"] == "lmstrack/_workflows"


def test_a_name_that_nobody_released_is_answered_where_nothing_is_released(tmp_path: Path):
    with pytest.raises(NotFound) as missing:
        workflow_file("lms-1", tmp_path / "lmstrack")
    assert missing.value.remedy == "None is released here."


# ---- the published schema


def test_the_published_schema_is_current():
    printed = (ROOT / "docs" / "schemas" / "workflow.schema.json").read_text(encoding="utf-8")
    assert printed == printed_schema(), "print it anew: from lmstrack.workflow import printed_schema"


def test_the_schema_accepts_the_released_file_and_refuses_a_slip():
    schema = json.loads(printed_schema())
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator(schema)
    assert list(checker.iter_errors(DATA)) == []
    slip = json.loads(json.dumps(DATA).replace('"strength"', '"strenght"', 1))
    assert list(checker.iter_errors(slip))
    slip = json.loads(json.dumps(DATA).replace('"3-4 months"', '"often"', 1))
    assert list(checker.iter_errors(slip))


def test_a_workflow_may_also_be_written_as_json():
    text = (
        json.dumps(DATA, indent=1)
        .replace(NAME, "leiomyosarcoma-json")
        .replace('"version": "2026.1"', '"version": "json"')
    )
    assert workflow_from(text.encode()).rules.keys() == WORKFLOW.rules.keys()


# ---- rules

MANDATORY = {
    "LMS-META-01",
    "LMS-DX-01",
    "LMS-DX-06",
    "LMS-DX-10",
    "LMS-MD-01",
    "LMS-ADD-02",
    "LMS-ADD-05",
    "LMS-ADD-06",
}
EXPECTED = {
    *(
        "LMS-DX-02",
        "LMS-DX-03",
        "LMS-DX-05",
        "LMS-DX-09",
        "LMS-DX-12",
        "LMS-ST-01A",
        "LMS-ADD-07",
        "LMS-ADD-08",
        "LMS-PI-05",
        "LMS-RP-01",
        "LMS-UT-01",
        "LMS-SU-01",
        "LMS-RT-01",
    ),
    *("LMS-RT-05", "LMS-UT-02", "LMS-UT-04", "LMS-UT-05", "LMS-ME-01", "LMS-ME-02", "LMS-ME-03", "LMS-CT-01"),
    *("LMS-ADD-01", "LMS-ADD-02B", "LMS-ADD-02C", "LMS-ADD-03", "LMS-ADD-09", "LMS-ADD-09A"),
}
ADVISORY = {
    *(
        "LMS-ST-01",
        "LMS-PI-07",
        "LMS-SU-05",
        "LMS-RT-02",
        "LMS-RT-03",
        "LMS-RT-04",
        "LMS-RT-06",
        "LMS-RP-02",
        "LMS-RP-02A",
    ),
    "LMS-PF-08",
    "LMS-SU-02",
    *(f"LMS-FU-0{number}" for number in range(1, 8)),
    *(f"LMS-OP-{n:02}" for n in range(1, 20)),
    "LMS-OP-25",
    "LMS-ADD-04",
    "LMS-ADD-10",
    *("LMS-CT-02", "LMS-ADD-02A", "LMS-ADD-03A", "LMS-ADD-03B", "LMS-ADD-11", "LMS-ME-02A", "LMS-ME-03A"),
}
COVERED = {
    "LMS-PI-01": "LMS-DX-01",
    "LMS-PI-02": "LMS-DX-06",
    "LMS-SU-04": "LMS-SU-02",
    "LMS-PI-03": "LMS-UT-02",
    "LMS-PI-06": "LMS-UT-04",
    "LMS-UT-06": "LMS-UT-05",
    **{f"LMS-RF-0{number}": "LMS-RF-01" for number in range(2, 8)},
    "LMS-PI-04": "LMS-UT-05",
}


@pytest.mark.parametrize(
    ("strength", "ids"),
    [(Strength.MANDATORY, MANDATORY), (Strength.EXPECTED, EXPECTED), (Strength.ADVISORY, ADVISORY)],
)
def test_every_rule_binds_as_much_as_it_should(strength: Strength, ids: set[str]):
    assert {name for name, rule in WORKFLOW.rules.items() if rule.strength is strength} == ids


def test_either_name_of_a_rule_finds_it():
    assert dict(WORKFLOW.aliases) == COVERED
    for covered, name in COVERED.items():
        assert WORKFLOW.statement(covered) is WORKFLOW.statement(name)


def test_an_unknown_rule_is_answered_with_near_ones():
    with pytest.raises(NotFound) as missing:
        WORKFLOW.rule("lms-dx-1")
    assert "LMS-DX-01" in missing.value.candidates
    assert missing.value.remedy.startswith("Did you mean LMS-DX-")
    with pytest.raises(NotFound) as missing:
        WORKFLOW.rule("weather")
    assert missing.value.candidates == ()


def test_a_rule_carries_its_check_with_its_values():
    rule = WORKFLOW.rule("LMS-DX-12")
    assert rule.check == "chest_imaged_before_mdt"
    assert dict(rule.parameters) == {"modality": ("CT",), "instead": ("PET_CT",), "within_days": 42}
    assert rule.judge is not None
    assert "six weeks" in rule.chosen["within_days"]
    assert str(rule.source) == "seed ref. 6, 4, Diagnostic Workup, Essential Diagnostic Steps"


def test_every_check_is_used():
    assert {rule.check for rule in WORKFLOW.rules.values() if rule.check} <= set(CHECKS)


def test_rules_know_who_asks_them():
    assert [(move.by, move.name) for move in WORKFLOW.asked_by("LMS-PI-01")] == [("biopsy", "T2")]
    assert {(move.by, move.name) for move in WORKFLOW.asked_by("LMS-RT-01")} == {
        ("mdt", "X1"),
        ("mdt", "T4"),
        ("mdt", "X4"),
        ("surgery", "T5"),
        ("radiotherapy", "T5"),
        ("treatment_completed", "T6"),
    }
    assert WORKFLOW.asked_by("LMS-FU-02") == ()


def test_rules_know_what_they_schedule():
    assert {strand.name for strand in WORKFLOW.strands_of("LMS-FU-03")} == {"clinic_review"}
    assert [strand.name for strand in WORKFLOW.strands_of("LMS-MD-01")] == ["emergency_mdt"]
    assert WORKFLOW.strands_of("LMS-DX-01") == ()


# ---- sources


def sourced() -> list[tuple[str, str, object]]:
    plans = [(plan.name, plan.says, plan.source) for plan in WORKFLOW.plans]
    strands = [(strand.name, strand.says, strand.source) for strand in EVERY_STRAND]
    return [*((rule.id, rule.says, rule.source) for rule in WORKFLOW.rules.values()), *plans, *strands]


def test_nothing_is_unsourced():
    for name, says, source in sourced():
        assert says.endswith("."), name
        assert source.cite in WORKFLOW.sources, name
        assert source.place, name


def test_every_source_is_cited_or_named_in_a_reason():
    text = CONTENT.decode()
    for name in WORKFLOW.sources:
        assert text.count(name) > 1, name


def test_every_source_says_what_it_is_where_it_is_and_how_it_was_read():
    for source in WORKFLOW.sources.values():
        assert source.what, source.id
        assert source.read, source.id
        assert source.where.startswith("https://") or source.id == "project"


def test_every_status_is_explained():
    assert set(WORKFLOW.statuses) == {"verified", "secondary", "unverified", "chosen", "gap"}


def test_reasons_name_gaps_that_exist():
    assert [gap.id for gap in WORKFLOW.gaps] == [f"P{number}" for number in range(1, 12)]
    assert all(gap.question.endswith("?") and gap.reading and gap.why for gap in WORKFLOW.gaps)


def test_the_wording_is_not_the_seeds():
    """No sentence of the seed stands here: facts carry over, wording does not."""
    for phrase in (
        "meticulous",
        "cornerstone",
        "NOT routinely",
        "macroscopic",
        "specialized sarcoma",
        "resistant anatomic",
    ):
        assert phrase not in CONTENT.decode()


# ---- settings


def test_settings_are_chosen_values_with_reasons():
    settings = WORKFLOW.settings
    assert (settings.lead, settings.grace, settings.catch_up) == (
        Interval(0, 28),
        Interval(0, 14),
        Interval(0, 14),
    )
    assert settings.counting_share == 0.5
    assert settings.treatment_review == Interval(0, 42)
    assert settings.designated_centres == ()
    assert set(settings.chosen) == {
        *(
            "lead",
            "grace",
            "catch_up",
            "counting_share",
            "treatment_review",
            "designated_centres",
        )
    }


# ---- moves


def test_the_states_stand_in_the_order_of_the_pathway():
    assert [(state.name, state.level) for state in WORKFLOW.pathway.states.values()] == [
        ("presentation", 0),
        ("recurrence", 0),
        ("imaging", 1),
        ("biopsy", 2),
        ("staging", 3),
        ("mdt_review", 4),
        ("treatment", 5),
        ("systemic_care", 5),
        ("surveillance", 6),
        ("closed", 7),
    ]
    assert [state.name for state in WORKFLOW.pathway.states.values() if state.final] == ["closed"]
    assert WORKFLOW.pathway.initial == "presentation"


@pytest.mark.parametrize(
    ("kind", "names"),
    {
        "referral": ["T0"],
        "imaging": ["T1", "T7"],
        "biopsy": ["T2"],
        "staging": ["X3", "X2", "T3"],
        "mdt": ["X3", "X1", "T4", "X4", "X4", "X4"],
        "surgery": ["X4", "T5"],
        "radiotherapy": ["X4", "X4", "T8", "T5"],
        "systemic": ["X4", "X4", "T5", "T8"],
        "treatment_completed": ["T8", "T6"],
        "recurrence": ["T7"],
    }.items(),
)
def test_candidates_stand_most_special_first(kind: str, names: list[str]):
    assert [move.name for move in WORKFLOW.pathway.moves_for(kind)] == names


def test_any_means_every_state_that_is_not_final():
    (death,) = WORKFLOW.pathway.moves_for("death")
    assert death.origins == tuple(name for name in WORKFLOW.pathway.states if name != "closed")


def test_a_biopsy_is_asked_every_rule_of_tissue():
    (biopsy,) = WORKFLOW.pathway.moves_for("biopsy")
    assert biopsy.needs == ("LMS-DX-01", "LMS-DX-02", "LMS-DX-03", "LMS-DX-05", "LMS-DX-06")


def test_the_team_that_meets_about_what_has_spread_is_asked_no_rule_that_is_silent_on_it():
    (spread,) = (move for move in WORKFLOW.pathway.moves if move.by == "mdt" and "m" in move.selects)
    localised = {f"LMS-{each}" for each in ("SU-01", "RT-01", "UT-01", "UT-05", "RP-01", "RP-02", "RP-02A", "PI-07")}
    assert localised.isdisjoint(spread.needs)


def test_no_rule_refuses_an_emergency_and_each_is_asked_what_it_did():
    emergencies = [move for move in WORKFLOW.pathway.moves if move.selects.get("emergency") == {True}]
    assert len(emergencies) == 5
    assert all(move.name == "X4" and move.needs and not move.refuses for move in emergencies)
    before_it = {"LMS-MD-01", "LMS-DX-10", "LMS-ADD-06", "LMS-PI-05", "LMS-SU-01"}
    assert all(before_it.isdisjoint(move.needs) for move in emergencies)
    assert all(move.refuses for move in WORKFLOW.pathway.moves if move not in emergencies)


def test_the_team_is_asked_after_an_emergency_all_that_it_is_asked_before_a_treatment():
    (ordinary,) = (move for move in WORKFLOW.pathway.moves_for("mdt") if move.name == "T4")
    after = [move for move in WORKFLOW.pathway.moves_for("mdt") if move.name == "X4"]
    assert [(move.origins, move.to) for move in after] == [
        ((state,), state) for state in ("treatment", "systemic_care", "surveillance")
    ]
    for move in after:
        assert move.needs == ("LMS-DX-09", "LMS-DX-10", *ordinary.needs)
        assert set(move.asks) >= set(ordinary.asks)


def test_values_to_select_by_have_the_types_of_records():
    moves = WORKFLOW.pathway.moves_for("mdt")
    assert moves[0].selects == {"m": frozenset({"1"})}
    assert moves[1].selects == {
        "route": frozenset({"unplanned_excision"}),
        "histology_reported": frozenset({True}),
    }


def test_a_number_stands_for_text_where_records_hold_text():
    text = CONTENT.decode().replace('{m: ["1"]}', "{m: 1}").replace("2026.1", "2026.9")
    assert workflow_from(text.encode()).pathway.moves_for("mdt")[0].selects == {"m": frozenset({"1"})}


# ---- plans


def test_plans_stand_strictest_first():
    assert [(plan.name, plan.during) for plan in WORKFLOW.plans] == [
        ("metastatic_resected", "surveillance"),
        ("uterus", "surveillance"),
        ("retroperitoneum", "surveillance"),
        ("high_grade", "surveillance"),
        ("low_grade", "surveillance"),
        ("systemic", "systemic_care"),
    ]


@pytest.mark.parametrize(
    ("disease", "site", "grade", "plan", "provisional"),
    [
        ("metastatic", "extremity", 1, "metastatic_resected", False),
        ("localised", "uterus", 1, "uterus", False),
        ("localised", "visceral", None, "retroperitoneum", False),
        ("localised", "skin", 2, "high_grade", False),
        ("localised", "extremity", 1, "low_grade", False),
        ("localised", "extremity", None, "high_grade", True),
        ("localised", None, None, "uterus", True),
    ],
)
def test_known_facts_choose_a_plan(disease: str, site: str | None, grade: int | None, plan: str, provisional: bool):
    known = {"disease": disease, "site_group": site, "schedule_grade": grade}
    choice = chosen_plan(WORKFLOW.plans, "surveillance", known)
    assert choice is not None
    assert (choice.plan.name, choice.provisional) == (plan, provisional)


RHYTHMS = {
    ("metastatic_resected", "clinic_review"): [
        "3-4 months until 3 years",
        "6 months until 5 years",
        "1 year",
    ],
    ("metastatic_resected", "chest_imaging"): [
        "3-4 months until 3 years",
        "6 months until 5 years",
        "1 year",
    ],
    ("metastatic_resected", "local_imaging"): [
        "3-4 months until 3 years",
        "6 months until 5 years",
        "1 year",
    ],
    ("metastatic_resected", "abdomen_pelvis_imaging"): [
        "3-4 months until 3 years",
        "6 months until 5 years",
        "1 year",
    ],
    ("metastatic_resected", "rehabilitation_review"): ["3 months"],
    ("uterus", "clinic_review"): ["3-4 months until 3 years", "6 months until 5 years", "1 year"],
    ("uterus", "chest_imaging"): ["3-6 months until 3 years", "6-12 months until 5 years", "1 year"],
    ("uterus", "abdomen_pelvis_imaging"): ["3-6 months until 3 years", "6-12 months until 5 years", "1 year"],
    ("retroperitoneum", "clinic_review"): ["3-6 months until 3 years", "6 months until 5 years", "1 year"],
    ("retroperitoneum", "chest_imaging"): ["3-6 months until 3 years", "6 months until 5 years", "1 year"],
    ("retroperitoneum", "abdomen_pelvis_imaging"): [
        "3-6 months until 3 years",
        "6 months until 5 years",
        "1 year",
    ],
    ("high_grade", "clinic_review"): ["3-4 months until 3 years", "6 months until 5 years", "1 year"],
    ("high_grade", "chest_imaging"): ["3-6 months until 3 years", "6 months until 5 years", "1 year"],
    ("high_grade", "local_imaging"): ["3-6 months"],
    ("high_grade", "rehabilitation_review"): ["3 months"],
    ("low_grade", "clinic_review"): ["4-6 months until 5 years", "1 year"],
    ("low_grade", "chest_imaging"): ["6-12 months until 5 years", "1 year"],
    ("low_grade", "local_imaging"): ["3-6 months"],
    ("low_grade", "rehabilitation_review"): ["3 months"],
    ("systemic", "response_imaging"): ["5-7 weeks until 24 weeks", "8-10 weeks"],
}


def test_every_strand_has_its_rhythm():
    told = {(plan.name, strand.name): rhythm(strand) for plan in WORKFLOW.plans for strand in plan.strands}
    assert told == RHYTHMS


def test_only_the_baseline_scan_is_expected_once():
    once = {(strand.name, phase.once) for strand in STRANDS for phase in strand.phases}
    assert {name for name, single in once if single} == {"local_imaging"}
    assert plan_strand("metastatic_resected", "local_imaging").phases[0].once is False


def test_each_phase_of_the_clinic_names_its_statement():
    phases = plan_strand("high_grade", "clinic_review").phases
    assert [phase.rule for phase in phases] == ["LMS-FU-02", "LMS-FU-03", "LMS-FU-04"]


@pytest.mark.parametrize("plan", ["metastatic_resected", "uterus", "retroperitoneum", "high_grade", "low_grade"])
def test_a_clinic_review_is_history_and_examination_in_person(plan: str):
    assert plan_strand(plan, "clinic_review").done_by == Service(
        "visit",
        {"components": ("history", "examination")},
        {"mode": ("video", "telephone")},
        {"purpose": ("wound", "other")},
    )


@pytest.mark.parametrize("plan", ["metastatic_resected", "uterus", "retroperitoneum", "high_grade", "low_grade"])
def test_the_chest_is_scanned_with_ct(plan: str):
    assert plan_strand(plan, "chest_imaging").done_by == Service(
        "imaging", {"region": ("chest", "whole_body"), "modality": ("CT", "PET_CT")}, {"adequate": (False,)}
    )


def test_therapy_is_followed_from_the_start_for_limb_and_trunk_only():
    assert plan_strand("high_grade", "rehabilitation_review").selects == {
        "site_group": frozenset({"extremity", "trunk"})
    }
    (later,) = (strand for strand in WORKFLOW.expectations if strand.name == "rehabilitation_review")
    assert later.opened_by == "rehabilitation_started"
    assert later.selects["site_group"] | {"extremity", "trunk"} == set(FACT_VALUES["site_group"])


def test_expectations_are_opened_by_what_happened():
    assert {
        strand.name: (strand.opened_by, strand.group, strand.done_by.kind, rhythm(strand))
        for strand in WORKFLOW.expectations
        if strand.opening is None
    } == {
        "treatment_summary": (
            "last_treatment",
            "surveillance",
            "treatment_completed",
            [str(Rhythm.parse("0-42 days"))],
        ),
        "emergency_mdt": ("emergency_treatment", "surveillance", "mdt", [str(Rhythm.parse("0-14 days"))]),
        "report": ("unreported_imaging", "result", "result", [str(Rhythm.parse("0-14 days"))]),
        "palliative_review": ("palliative_care", "surveillance", "visit", ["3 months"]),
        "systemic_start": (
            "systemic_planned",
            "surveillance",
            "systemic",
            [str(Rhythm.parse("0-42 days"))],
        ),
        "suspension_review": ("suspension", "surveillance", "resume", []),
        "excuse_review": ("standing_excuse", "surveillance", "excuse", []),
        "lost_review": ("lost_to_follow_up", "surveillance", "contact", ["90 days"]),
        "rehabilitation_review": ("rehabilitation_started", "surveillance", "rehabilitation", ["3 months"]),
        "promised_call": ("promised_call", "pathway", "contact", ["0 days"]),
    }


def test_clocks_are_described_by_the_file():
    assert {
        strand.name: (sorted(strand.opening.kinds) or strand.opening.during, strand.rule, *rhythm(strand))
        for strand in WORKFLOW.expectations
        if strand.opening is not None
    } == {
        "result_review": (["imaging", "pathology"], "LMS-OP-10", str(Rhythm.parse("0-7 days"))),
        "result_told": (["imaging", "pathology"], "LMS-OP-11", str(Rhythm.parse("0-7 days"))),
        "faster_diagnosis": (["referral"], "LMS-ADD-10", str(Rhythm.parse("0-28 days"))),
        "treatment_after_decision": (["decision_to_treat"], "LMS-ADD-10", str(Rhythm.parse("0-31 days"))),
        "treatment_after_referral": (["referral"], "LMS-ADD-10", str(Rhythm.parse("0-62 days"))),
        "imaging_after_referral": ("presentation", "LMS-OP-12", str(Rhythm.parse("0-14 days"))),
        "biopsy_after_imaging": ("imaging", "LMS-OP-13", str(Rhythm.parse("0-14 days"))),
        "biopsy_report": (["biopsy", "surgery"], "LMS-OP-14", str(Rhythm.parse("0-14 days"))),
        "staging_after_biopsy": ("biopsy", "LMS-OP-15", str(Rhythm.parse("0-21 days"))),
        "mdt_after_staging": ("staging", "LMS-OP-16", str(Rhythm.parse("0-14 days"))),
        "treatment_after_mdt": ("mdt_review", "LMS-OP-17", str(Rhythm.parse("0-21 days"))),
        "recurrence_work_up": ("recurrence", "LMS-OP-18", str(Rhythm.parse("0-14 days"))),
        "suspicion_settled": (["recurrence"], "LMS-OP-19", str(Rhythm.parse("0-28 days"))),
        "surgery_after_radiotherapy": (["radiotherapy"], "LMS-ADD-04", "3-6 weeks"),
        "radiotherapy_after_surgery": (["surgery"], "LMS-ADD-04", "3-8 weeks"),
    }


def test_every_state_before_treatment_asks_for_its_next_step():
    during = {strand.opening.during for strand in WORKFLOW.expectations if strand.opening is not None}
    later = {"treatment", "systemic_care", "surveillance"}  # the summary of treatment, and plans, ask there
    open_states = {name for name, state in WORKFLOW.pathway.states.items() if not state.final}
    assert during - {None} == open_states - later


def test_every_strand_says_what_to_do_next():
    assert all(strand.next_action and not strand.next_action.endswith(".") for strand in EVERY_STRAND)


def test_names_of_strands_are_the_promised_ones():
    assert {strand.name for strand in STRANDS} == {
        "clinic_review",
        "chest_imaging",
        "local_imaging",
        "abdomen_pelvis_imaging",
        "rehabilitation_review",
        "response_imaging",
    }


# ---- what files may select by


def test_every_fact_that_may_be_selected_by_has_its_values():
    assert FACT_VALUES.keys() == SELECTORS.keys()
    assert set(PLAN_FACTS) <= FACT_VALUES.keys()


# ---- other plain files


def test_stories_are_read_as_plainly(tmp_path: Path):
    file = tmp_path / "story.yaml"
    file.write_text(
        "- story: One\n  so far:\n    - 2026-03-01: {size_mm: 80, deep: true, who: null}\n", encoding="utf-8"
    )
    assert read_yaml(file) == [{"story": "One", "so far": [{"2026-03-01": {"size_mm": 80, "deep": True, "who": None}}]}]


def test_a_story_that_is_no_yaml_says_where(tmp_path: Path):
    file = tmp_path / "story.yaml"
    file.write_text("- story: One\n  story: Two\n", encoding="utf-8")
    with pytest.raises(InvalidData) as wrong:
        read_yaml(file)
    assert wrong.value.faults == ("Line 2: 'story' already stands in line 1; the same name may not stand twice.",)
