"""A site's own file over a released workflow: what it may change, who has to sign, and that nothing else moves."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lmstrack import load_workflow
from lmstrack.case import assess
from lmstrack.dates import Interval, Rhythm
from lmstrack.errors import NotFound, WorkflowFaults
from lmstrack.rules import Strength
from lmstrack.workflow import Site, Workflow, printed_overlay_schema, released, workflow_file, workflow_from
from lmstrack.workflow.changeable import not_yours
from lmstrack.workflow.faults import Faults
from lmstrack.workflow.loosening import loosened
from lmstrack.workflow.reader import read

from .test_settled import FOLLOWED, case_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BASE = "leiomyosarcoma-2026.1"
NAME = f"{BASE}-northtown.1"
ROOT = Path(__file__).parent.parent
CHEST = "plans.high_grade.strands.chest_imaging"
CLOSER = [{"every": "3 months", "until": "3 years"}, {"every": "6 months", "until": "5 years"}, {"every": "1 year"}]


def header(**other: object) -> dict[str, object]:
    given = {
        "name": NAME,
        "over": BASE,
        "version": "northtown.1",
        "site": "Northtown",
        "about": "For tests.",
        "signed_by": "Dr Example",
        "signed_on": "2026-11-02",
        **other,
    }
    return {name: value for name, value in given.items() if value is not None}


def change(at: str, to: object, **other: object) -> dict[str, object]:
    return {"at": at, "to": to, "because": "it is so here", **other}


def text(*changes: Mapping[str, object], **other: object) -> bytes:
    """An overlay as JSON, which is YAML too, with each change on a line of its own, the first on line 3."""
    rows = ",\n".join(json.dumps(each) for each in changes)
    return f'{{"overlay": {json.dumps(header(**other))},\n"changes": [\n{rows}\n]}}\n'.encode()


def laid(*changes: Mapping[str, object], **other: object) -> Workflow:
    return workflow_from(text(*changes, **other))


def faults(*changes: Mapping[str, object], **other: object) -> tuple[str, ...]:
    try:
        laid(*changes, **other)
    except WorkflowFaults as refused:
        return refused.faults
    return ()


def strand(workflow: Workflow, plan: str, name: str) -> Any:
    return next(each for one in workflow.plans if one.name == plan for each in one.strands if each.name == name)


def _lines() -> Iterable[tuple[str | int, ...]]:
    """Every place of the released file."""
    found = Faults()
    read(workflow_file(BASE).read_bytes(), found)
    return [place for place in found.lines if place and all("." not in str(step) for step in place)]


# ---- what it is


def test_a_site_has_a_workflow_of_its_own_over_a_released_one():
    site = laid(change("settings.designated_centres", ["Northtown"]))
    assert (site.name, site.version, site.title) == (NAME, "northtown.1", load_workflow(BASE).title)
    assert site.settings.designated_centres == ("Northtown",)
    assert site.overlay is not None
    assert (site.overlay.base, site.overlay.site) == (BASE, "Northtown")
    assert (site.overlay.signed_by, site.overlay.signed_on) == ("Dr Example", date(2026, 11, 2))
    assert site.overlay.is_signed


def test_what_was_changed_is_told_before_and_after():
    site = laid(change("settings.lead", "6 weeks"), change(f"{CHEST}.phases.2.every", "4-6 months"))
    assert site.overlay is not None
    assert [(each.at, each.before, each.after, each.because) for each in site.overlay.changes] == [
        ("settings.lead", "28 days", "6 weeks", "it is so here"),
        (f"{CHEST}.phases.2.every", "6 months", "4-6 months", "it is so here"),
    ]
    assert site.overlay.under("settings") == site.overlay.changes[:1]
    assert site.overlay.under("plans", "high_grade") == site.overlay.changes[1:]
    assert site.overlay.under("plans", "low_grade") == ()


def test_a_workflow_as_it_was_released_has_no_overlay_and_is_kept_by_its_name():
    assert load_workflow(BASE).overlay is None
    assert load_workflow(BASE).pin == BASE


def test_a_site_is_kept_by_name_and_content():
    one, same = laid(change("settings.lead", "6 weeks")), laid(change("settings.lead", "6 weeks"))
    other = laid(change("settings.lead", "7 weeks"))
    assert one.pin == same.pin == f"{NAME}@{one.digest[:12]}"
    assert other.pin != one.pin
    assert load_workflow(BASE).digest not in {one.digest, other.digest}


def test_an_overlay_is_loaded_from_its_file(tmp_path: Path):
    file = tmp_path / "anything.yaml"
    file.write_bytes(text(change("settings.lead", "6 weeks")))
    assert load_workflow(file).settings.lead == Interval(0, 42)


WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(site=WORDS, about=WORDS, number=st.integers(1, 99))
def test_an_overlay_without_changes_equals_its_base_in_everything_but_its_name(site: str, about: str, number: int):
    version = f"north.{number}"
    made = laid(site=site, about=about, version=version, name=f"{BASE}-{version}")
    base = load_workflow(BASE)
    differ = {
        each.name
        for each in fields(base)
        if each.init
        and each.name not in {"pathway", "rules"}
        and repr(getattr(made, each.name)) != repr(getattr(base, each.name))
    }
    assert differ == {"name", "version", "digest", "overlay"}
    assert repr(made.pathway.moves) == repr(base.pathway.moves)
    assert repr(made.pathway.states) == repr(base.pathway.states)
    assert [repr(replace(rule, judge=None)) for rule in made.rules.values()] == [
        repr(replace(rule, judge=None)) for rule in base.rules.values()
    ]


# ---- that it moves what it says, and nothing else


def test_another_interval_moves_its_own_due_days_and_no_others():
    base, site = load_workflow(BASE), laid(change(f"{CHEST}.phases", CLOSER))
    assert strand(site, "high_grade", "chest_imaging").phases[0].every == Rhythm.parse("3 months")
    due = {}
    for workflow in (base, site):
        log = [step.event for step in case_of(*FOLLOWED).steps]
        case = assess(None, [replace(event, workflow=None) for event in log], workflow, date(2026, 12, 31))
        due[workflow.name] = {(each.strand, each.occurrence): (each.due_from, each.due_by) for each in case.obligations}
    moved = {strand for strand, days in due[NAME].items() if days != due[BASE].get(strand)}
    assert {name for name, _ in moved} == {"chest_imaging"}
    assert due[NAME].keys() == due[BASE].keys()


def test_the_reason_of_the_site_stands_where_the_workflow_gives_its_own():
    site = laid(
        change("settings.lead", "6 weeks"),
        change("rules.LMS-DX-12.with.within_days", 28, signed_by="Dr Example"),
        change(f"{CHEST}.phases", CLOSER),
        change(f"{CHEST}.done_by.modality", ["CT"], signed_by="Dr Example"),
        change("gaps.P1.reading", "Otherwise."),
    )
    said = "Northtown: it is so here"
    assert site.settings.chosen["lead"] == said
    assert site.rules["LMS-DX-12"].parameters["within_days"] == 28
    assert site.rules["LMS-DX-12"].chosen["within_days"] == said
    chest = strand(site, "high_grade", "chest_imaging")
    assert {"every", "until"}.isdisjoint(chest.chosen)
    assert (chest.chosen["phases"], chest.chosen["modality"]) == (said, said)
    assert chest.done_by.fields["modality"] == ("CT",)
    (gap,) = (each for each in site.gaps if each.id == "P1")
    assert (gap.reading, gap.why) == ("Otherwise.", said)


def test_two_changes_of_one_strand_give_both_reasons():
    site = laid(
        change(f"{CHEST}.phases.1.every", "3 months"),
        {**change(f"{CHEST}.phases.2.every", "5 months"), "because": "so as well"},
    )
    chosen = strand(site, "high_grade", "chest_imaging").chosen
    assert chosen["phases"] == "Northtown: it is so here; Northtown: so as well"


def test_an_expectation_is_switched_off_by_a_clinician():
    off = "expectations.faster_diagnosis.switched_off"
    site = laid(change(off, to=True, signed_by="Dr Example"))
    assert "faster_diagnosis" not in {each.name for each in site.expectations}
    assert len(site.expectations) == len(load_workflow(BASE).expectations) - 1
    assert faults(change(off, to=True)) == (
        (
            f"Line 3: {off}: nothing is owed there any more, "
            "so signed_by of this change must name the clinician who answers for it."
        ),
    )


# ---- strengths


def test_a_rule_may_be_named_by_one_that_it_covers():
    site = laid(change("rules.LMS-PI-01.strength", "expected", signed_by="Dr Example"))
    assert site.rules["LMS-DX-01"].strength is Strength.EXPECTED
    assert site.overlay is not None
    assert [(each.place, each.signed_by) for each in site.overlay.changes] == [
        (("rules", "LMS-DX-01", "strength"), "Dr Example")
    ]


@pytest.mark.parametrize("to", ["expected", "advisory"])
def test_a_rule_that_binds_less_needs_the_name_of_a_clinician(to: str):
    lower = change("rules.LMS-DX-01.strength", to)
    assert faults(lower) == (
        (
            f"Line 3: rules.LMS-DX-01.strength: LMS-DX-01 binds less than before, {to} and no longer mandatory, "
            "so signed_by of this change must name the clinician who answers for it."
        ),
    )
    assert faults({**lower, "signed_by": "Dr Example"}) == ()


def test_a_rule_that_binds_more_needs_a_reason_only():
    assert laid(change("rules.LMS-DX-12.strength", "mandatory")).rules["LMS-DX-12"].strength is Strength.MANDATORY
    without = {"at": "rules.LMS-DX-12.strength", "to": "mandatory"}
    assert faults(without) == ("Line 3: changes number 1 needs 'because'.",)


def test_what_meets_a_rule_that_refuses_is_changed_by_a_clinician_only():
    wider = change("rules.LMS-DX-12.with.within_days", 400)
    assert faults(wider) == (
        (
            "Line 3: rules.LMS-DX-12.with.within_days: what meets an expected rule is changed, "
            "so signed_by of this change must name the clinician who answers for it."
        ),
    )
    assert faults({**wider, "signed_by": "Dr Example"}) == ()


def test_what_an_advisory_rule_takes_is_changed_with_a_reason_only():
    (advisory,) = (each for each in load_workflow(BASE).rules.values() if each.check == "interval_between_treatments")
    assert advisory.strength is Strength.ADVISORY
    assert faults(change(f"rules.{advisory.id}.with.from_weeks", 4)) == ()


# ---- intervals and clocks


@pytest.mark.parametrize(
    ("at", "to", "why"),
    [
        (f"{CHEST}.phases.1.every", "3-7 months", "its interval is longer than before"),
        (f"{CHEST}.phases.1.every", "4-6 months", "its interval is longer than before"),
        (f"{CHEST}.phases.2.every", "7 months", "its interval is longer than before"),
        (f"{CHEST}.phases.2.every", "183 days", "its interval is longer than before"),
        (f"{CHEST}.phases.1.until", "35 months", "its interval is longer than before"),
        (f"{CHEST}.phases", [{"every": "1 year"}], "its interval is longer than before"),
        (f"{CHEST}.phases", [{"every": "3 months", "once": True}], "it is not due again where it was before"),
        (f"{CHEST}.phases", [{"every": "3 months", "until": "5 years"}], "it is not due again where it was before"),
        ("expectations.faster_diagnosis.phases.1.every", "0-29 days", "its interval is longer than before"),
        ("expectations.faster_diagnosis.phases", [{"every": "0-1 month"}], "its interval is longer than before"),
        ("expectations.palliative_review.phases", [], "it is not due again where it was before"),
        ("expectations.faster_diagnosis.switched_off", True, "nothing is owed there any more"),
        ("expectations.lost_review.phases.1.every", "91 days", "its interval is longer than before"),
        ("settings.treatment_review", "2 months", "it comes later than before"),
        ("settings.grace", "15 days", "it comes later than before"),
        ("settings.catch_up", "15 days", "it comes later than before"),
        (f"{CHEST}.done_by.modality", ["CT", "PET_CT", "XR"], "what fulfils it is changed"),
        ("plans.high_grade.strands.clinic_review.never.mode", ["video"], "what fulfils it is changed"),
        ("plans.high_grade.strands.clinic_review.unless_counted.purpose", ["wound"], "what fulfils it is changed"),
        ("expectations.suspicion_settled.done_by.status", ["confirmed"], "what fulfils it is changed"),
    ],
)
def test_what_comes_later_or_never_needs_the_name_of_a_clinician(at: str, to: object, why: str):
    told = f"Line 3: {at}: {why}, so signed_by of this change must name the clinician who answers for it."
    assert told in faults(change(at, to))
    assert told not in faults(change(at, to, signed_by="Dr Example"))


@pytest.mark.parametrize(
    ("at", "to"),
    [
        (f"{CHEST}.phases.1.every", "3-5 months"),
        (f"{CHEST}.phases.1.every", "2-6 months"),
        (f"{CHEST}.phases.2.every", "181 days"),
        (f"{CHEST}.phases.1.until", "37 months"),
        (f"{CHEST}.phases", CLOSER),
        (f"{CHEST}.next_action", "ring radiology"),
        ("plans.low_grade.strands.clinic_review.phases.1.nominal", "5 months"),
        ("expectations.faster_diagnosis.phases.1.every", "0-27 days"),
        ("expectations.lost_review.phases.1.every", "89 days"),
        ("settings.grace", "13 days"),
        ("settings.lead", "6 weeks"),
    ],
)
def test_what_comes_no_later_needs_its_reason_only(at: str, to: object):
    assert faults(change(at, to)) == ()


def test_whatever_lacks_its_name_is_told_at_once():
    said = "so signed_by of this change must name the clinician who answers for it."
    assert faults(
        change(f"{CHEST}.phases.1.every", "6 months"),
        change("expectations.report.phases.1.every", "0-21 days"),
        change("expectations.faster_diagnosis.switched_off", to=True),
        change("settings.grace", "4 weeks"),
        change("rules.LMS-DX-01.strength", "expected"),
    ) == (
        f"Line 3: {CHEST}.phases.1.every: its interval is longer than before, {said}",
        f"Line 4: expectations.report.phases.1.every: its interval is longer than before, {said}",
        f"Line 5: expectations.faster_diagnosis.switched_off: nothing is owed there any more, {said}",
        f"Line 6: settings.grace: it comes later than before, {said}",
        (
            "Line 7: rules.LMS-DX-01.strength: LMS-DX-01 binds less than before, expected and no longer mandatory, "
            f"{said}"
        ),
    )


LENGTHS = st.builds(
    lambda many, unit: f"{many} {unit}", st.integers(1, 30), st.sampled_from(["days", "weeks", "months"])
)


@settings(max_examples=60, deadline=None)
@given(before=LENGTHS, after=LENGTHS)
def test_an_interval_that_needs_no_name_is_at_no_time_later(before: str, after: str):
    below: Any = {"expectations": {"x": {"phases": [{"every": before}]}}}
    needs_name = loosened(below, ("expectations", "x", "phases", 0, "every"), after) is not None
    starts = [date(2026, 1, 1) + timedelta(days) for days in range(0, 1461, 7)]
    later = any(Interval.parse(after).after(day) > Interval.parse(before).after(day) for day in starts)
    assert needs_name or not later


# ---- everything that is wrong, at once


def test_every_fault_is_told_at_once_with_the_line_of_the_overlay():
    assert faults(
        change("settings.leed", "6 weeks"),
        change("settings.grace", "1 week"),
        change("rules.LMS-DX-12.with.within_days", "long", signed_by="Dr Example"),
        change("rules.LMS-DX-01.says", "Otherwise."),
        change("rules.LMS-DX-01.strength", "advisory"),
        change("plans.high_grade.strands.clinic_review.phases.2.until", "2 years"),
        change(f"{CHEST}.phases", [{"every": "often"}]),
        change(f"{CHEST}.phases.1.every", "6 weeks"),
        change("rules.LMS-FU-01.strength", "expected"),
        {"at": "settings.lead", "to": "6 weeks", "becuase": "a slip"},
    ) == (
        "Line 3: settings.leed: settings has no entry 'leed'; did you mean 'lead'?",
        "Line 5: rules LMS-DX-12, with: within_days: 'long' is not a whole number.",
        "Line 6: rules.LMS-DX-01.says is not a site's to change; of a rule strength and the values under with are.",
        (
            "Line 7: rules.LMS-DX-01.strength: LMS-DX-01 binds less than before, advisory and no longer mandatory, "
            "so signed_by of this change must name the clinician who answers for it."
        ),
        (
            "Line 8: plans.high_grade.strands.clinic_review.phases.2.until: its interval is longer than before, "
            "so signed_by of this change must name the clinician who answers for it."
        ),
        (
            "Line 8: plans high_grade, strands, clinic_review, phases, number 2: "
            "it ends after 2 years, but the one before it lasts 3 years; they overlap."
        ),
        (
            "Line 9: plans high_grade, strands, chest_imaging, phases, number 1, every: "
            "A rhythm is a whole number, or two with a dash, and a unit: days, weeks, months or years. "
            'Write it as "3-4 months" or "6 months".'
        ),
        f"Line 10: {CHEST}.phases.1.every is changed in line 9 already.",
        "Line 11: rules LMS-FU-01 names no check, so nothing can judge it: it can only be advisory.",
        "Line 12: changes number 10 has no entry 'becuase'; did you mean 'because'?",
    )


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("plan.high_grade.strands", "plan.high_grade.strands: a workflow has no entry 'plan'; did you mean 'plans'?"),
        ("rules.LMS-DX-99.strength", "rules.LMS-DX-99.strength: rules has no entry 'LMS-DX-99'; did you mean"),
        (f"{CHEST}.phases.9.every", f"{CHEST}.phases.9.every: plans high_grade, strands, chest_imaging, phases has no"),
        ("settings.lead.days", "settings.lead.days: settings, lead holds one value, and no 'days'."),
        ("rules.LMS-DX-12.with.within", "rules.LMS-DX-12.with.within: rules LMS-DX-12, with has no entry 'within'"),
    ],
)
def test_a_path_that_leads_nowhere_is_answered_with_the_nearest_name(at: str, said: str):
    (told,) = faults(change(at, "6 weeks"))
    assert told.startswith(f"Line 3: {said}")


@pytest.mark.parametrize(
    "at",
    [
        "workflow.signed",
        "states.biopsy.level",
        "moves.1.needs",
        "sources.seed.read",
        "rules.LMS-DX-01.covers",
        "rules.LMS-DX-01.check",
        "rules.LMS-DX-01.chosen",
        "settings.chosen",
        f"{CHEST}.rule",
        f"{CHEST}.says",
        f"{CHEST}.done_by.kind",
        "plans.high_grade.for",
        "expectations.faster_diagnosis.after",
        "expectations.faster_diagnosis.counted_from",
        "statements.LMS-DX",
        "gaps.P1.question",
    ],
)
def test_what_is_not_a_sites_to_change_is_left_alone(at: str):
    (told,) = faults(change(at, "otherwise"))
    assert told.startswith(f"Line 3: {at} is not a site's to change; ")


@pytest.mark.parametrize(
    ("at", "same", "other"),
    [
        ("settings.lead", "4 weeks", "29 days"),
        ("settings.designated_centres", [], ["Northtown"]),
        ("rules.LMS-DX-12.strength", "expected", "mandatory"),
        (f"{CHEST}.phases.2.every", "6 months", "7 months"),
        ("expectations.faster_diagnosis.switched_off", False, True),
    ],
)
def test_a_change_that_changes_nothing_is_a_fault(at: str, same: object, other: object):
    (told,) = faults(change(at, same, signed_by="Dr Example"))
    assert told.startswith(f"Line 3: {at} is ")
    assert told.endswith(" already, so this changes nothing.")
    assert faults(change(at, other, signed_by="Dr Example")) == ()


def test_a_name_says_what_it_lies_over_and_which_version_it_is():
    assert faults(name=f"{BASE}-southtown.1") == (
        f"Line 1: overlay: the name is that of the workflow below, a dash and the version, {NAME}.",
    )


def test_it_lies_over_a_released_workflow_only():
    assert faults(over="leiomyosarcoma-2026.2", name="leiomyosarcoma-2026.2-northtown.1") == (
        f"Line 1: overlay, over: 'leiomyosarcoma-2026.2' is not released here; did you mean '{released()[-1]}'?",
    )
    assert faults(over=None)[0] == "Line 1: overlay needs 'over'."


@pytest.mark.parametrize("missing", ["signed_by", "signed_on"])
def test_a_signature_has_a_name_and_a_day(missing: str):
    assert faults(**{missing: None}) == (
        "Line 1: overlay: signed_by and signed_on stand together, or not at all as long as it is a draft.",
    )
    draft = laid(signed_by=None, signed_on=None)
    assert draft.overlay is not None
    assert not draft.overlay.is_signed


def test_a_day_is_written_as_a_day():
    assert faults(signed_on="2 November") == (
        "Line 1: overlay, signed_on: write the day as year-month-day, such as 2026-03-04.",
    )


def test_without_a_list_of_changes_it_is_no_overlay():
    with pytest.raises(WorkflowFaults) as refused:
        workflow_from(json.dumps({"overlay": header()}).encode())
    assert refused.value.faults == ("the file needs 'changes'.",)
    with pytest.raises(WorkflowFaults) as refused:
        workflow_from(b"overlay: northtown\nchanges: []\n")
    assert refused.value.faults == ("Line 1: overlay: write names with their values, each after a colon.",)


# ---- the published schema and the examples


def test_the_published_schema_accepts_an_overlay_and_refuses_a_slip():
    schema = json.loads(printed_overlay_schema())
    Draft202012Validator.check_schema(schema)
    held = json.loads((ROOT / "docs" / "schemas" / "overlay.schema.json").read_text(encoding="utf-8"))
    assert held == schema, "python docs/print_schemas.py"
    checker = Draft202012Validator(schema)
    assert list(checker.iter_errors(json.loads(text(change("settings.lead", "6 weeks"))))) == []
    assert list(checker.iter_errors(json.loads(text({"at": "settings.lead", "to": "6 weeks"}))))


EXAMPLES = sorted((ROOT / "docs" / "overlays").glob("*.yaml"))


def test_there_are_examples():
    assert [file.name for file in EXAMPLES] == ["abroad-example.yaml", "england-example.yaml"]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_can_be_used_once_it_is_signed(file: Path):
    example = load_workflow(file)
    assert example.overlay is not None
    assert not example.overlay.is_signed
    assert example.overlay.changes
    checker = Draft202012Validator(json.loads(printed_overlay_schema()))
    assert list(checker.iter_errors(read(file.read_bytes(), Faults()))) == []


SHOWN = [
    block
    for page in ("docs/site.md", "workflows/README.md")
    for block in re.findall(
        r"^```yaml\n(overlay:\n.*?)^```$", (ROOT / page).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
]


@pytest.mark.parametrize("block", SHOWN, ids=[f"number {number}" for number, _ in enumerate(SHOWN, start=1)])
def test_what_a_page_shows_of_an_overlay_can_be_used(block: str):
    shown = workflow_from(block.encode()).overlay
    assert shown is not None
    assert shown.is_signed


def test_two_pages_show_an_overlay():
    assert len(SHOWN) == 2


# ---- whatever is written


PATHS = {".".join(str(step + 1 if isinstance(step, int) else step) for step in place): place for place in _lines()}
OURS = [path for path, place in PATHS.items() if not_yours(place, path) is None]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "3 months", "expected", "CT", "x"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["every", "until", "kind"]), inner),
    max_leaves=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(OURS) | st.sampled_from([*PATHS]), VALUES), min_size=1, max_size=4))
def test_whatever_is_changed_is_used_or_refused_with_a_line(changes: list[tuple[str, object]]):
    made = text(*(change(at, to, signed_by="Dr Example") for at, to in changes))
    found: tuple[str, ...] = ()
    try:
        used = workflow_from(made)
    except WorkflowFaults as refused:
        found = refused.faults
    if found:
        assert any(fault.startswith("Line ") for fault in found), found
    else:
        assert used.overlay is not None
        assert [each.at for each in used.overlay.changes] == [at for at, _ in changes]


# ---- the folder of a site


def site_with(folder: Path, **files: bytes) -> Site:
    for name, content in files.items():
        (folder / f"{name}.yaml").write_bytes(content)
    return Site(folder)


def version(number: int, **other: object) -> bytes:
    return text(version=f"northtown.{number}", name=f"{BASE}-northtown.{number}", **other)


def test_what_was_signed_last_is_what_new_cases_get(tmp_path: Path):
    site = site_with(
        tmp_path,
        a=version(10, signed_on="2026-05-01"),
        b=version(9, signed_on="2026-06-01"),
        c=version(11, signed_by=None, signed_on=None),
    )
    assert site.names == tuple(f"{BASE}-northtown.{number}" for number in (9, 10, 11))
    assert site.signed == tuple(f"{BASE}-northtown.{number}" for number in (10, 9))
    assert site.load(f"{BASE}-northtown.9").name == f"{BASE}-northtown.9"
    with pytest.raises(NotFound, match="has no overlay of that name"):
        site.load(f"{BASE}-northtown.1")


def test_a_folder_may_be_empty(tmp_path: Path):
    assert (Site(tmp_path).names, Site(tmp_path).signed) == ((), ())


def test_a_folder_that_is_not_there_is_not_taken_for_an_empty_one(tmp_path: Path):
    with pytest.raises(NotFound, match="there is no folder"):
        _ = Site(tmp_path / "none").signed


@pytest.mark.parametrize("content", [b"overlay: {", b"workflow: {name: other}\n", b"\xff"])
def test_a_file_that_cannot_be_read_might_be_the_one_in_force(tmp_path: Path, content: bytes):
    with pytest.raises(WorkflowFaults):
        _ = site_with(tmp_path, a=version(1), b=content).signed


def test_two_overlays_of_one_name_are_told_apart_by_nobody(tmp_path: Path):
    with pytest.raises(WorkflowFaults) as refused:
        _ = site_with(tmp_path, a=version(1), b=version(1)).names
    assert refused.value.faults == (f"overlay: a.yaml beside it has the same name, {BASE}-northtown.1.",)
