"""The claims of the workflow file hold, and each fails with the shortest way around it once its protection is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack.dates import Interval, Rhythm
from lmstrack.pathway import Move, Pathway, State
from lmstrack.plans import Phase, Plan, Service
from lmstrack.proofs import Proof, boundaries, checked, proved
from lmstrack.proofs.alphabet import opening_entries, pathway_entries
from lmstrack.proofs.boundaries import tiled
from lmstrack.proofs.claims import Watch
from lmstrack.proofs.duties import without_duty
from lmstrack.proofs.playing import FIRST_DAY, PATIENT, nothing_yet, played, story
from lmstrack.proofs.space import Situation, ToldApart, explored
from lmstrack.recording import weighed
from lmstrack.rules import MET, Answer, Strength, not_met
from lmstrack.workflow import Claim, workflow_from
from tests.storyteller import WORKFLOW
from tests.test_workflow_faults import SMALL, faults, line_of, with_change

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lmstrack.facts import Facts
    from lmstrack.proofs.playing import Played
    from lmstrack.workflow import Workflow

CLAIMS = {claim.name: claim for claim in WORKFLOW.claims}
OPEN = tuple(name for name, state in WORKFLOW.pathway.states.items() if not state.final)


def only(claim: Claim | str, workflow: Workflow = WORKFLOW) -> Proof:
    """What becomes of one claim, all others left aside."""
    stated = CLAIMS[claim] if isinstance(claim, str) else claim
    [proof] = proved(replace(workflow, claims=(stated,)))
    return proof


def with_moves(change: Callable[[Move], Move], *more: Move) -> Workflow:
    """The released workflow with other moves."""
    pathway = WORKFLOW.pathway
    moves = [*map(change, pathway.moves), *more]
    return replace(WORKFLOW, pathway=Pathway(pathway.states.values(), pathway.initial, moves))


def without_rule(rule: str, by: str, name: str) -> Workflow:
    """The released workflow, where some moves of a kind no longer ask for a rule."""

    def change(move: Move) -> Move:
        if (move.by, move.name) != (by, name) or rule not in move.needs:
            return move
        return replace(move, needs=tuple(each for each in move.needs if each != rule))

    return with_moves(change)


def with_rule(rule: str, **fields: Any) -> Workflow:
    return replace(WORKFLOW, rules={**WORKFLOW.rules, rule: replace(WORKFLOW.rules[rule], **fields)})


# ---- the released file


def test_every_claim_of_the_released_file_holds() -> None:
    proofs = proved(WORKFLOW)
    assert {proof.claim.name: (proof.holds, proof.story) for proof in proofs} == dict.fromkeys(CLAIMS, (True, ()))
    assert set(CLAIMS) >= {
        "team_before_treatment",
        "diagnosis_before_treatment",
        "imaging_before_tissue",
        "nobody_forgotten",
        "no_trap",
    }
    assert all(proof.situations > 100 and proof.entries > proof.situations for proof in proofs)
    assert all(0 <= proof.excepted < proof.spoken_of for proof in proofs)


def test_what_the_strict_reading_holds_is_said_with_numbers() -> None:
    found = {each.name: each for each in checked(WORKFLOW)}
    assert all(each.holds for each in found.values())
    assert found["states"].number == len(WORKFLOW.pathway.states)
    assert found["rules"].number == len(WORKFLOW.rules)
    assert found["plans"].number == 2 * 8 * 4 * 2  # disease, site and grade, not known included, in two states
    assert found["moves"].number == sum(len(move.origins) for move in WORKFLOW.pathway.moves)


# ---- nobody is treated without the team


def treats(line: str) -> bool:
    """Whether a line of a story is a treatment."""
    return any(word in line for word in ("surgery", "radiotherapy", "systemic", "cycle"))


@pytest.mark.parametrize(
    ("by", "name"),
    [("surgery", "T5"), ("radiotherapy", "T5"), ("radiotherapy", "T8"), ("systemic", "T5"), ("systemic", "T8")],
)
def test_a_treatment_that_no_longer_asks_for_the_team_is_found_out(by: str, name: str) -> None:
    workflow = without_rule("LMS-MD-01", by, name)
    proof = only("team_before_treatment", workflow)
    assert not proof.holds
    assert by in proof.story[-1] or (by == "systemic" and "cycle" in proof.story[-1])
    assert "LMS-MD-01" not in proof.story[-1]
    assert (
        len(proof.story) == 1
    )  # an entry out of order is asked the same rules, so it takes no more than the treatment


def test_the_story_tells_in_the_words_of_the_ward_what_was_departed_from() -> None:
    def change(move: Move) -> Move:
        return replace(move, needs=("LMS-DX-10",)) if (move.by, move.name) == ("surgery", "T5") else move

    proof = only("team_before_treatment", with_moves(change))
    assert proof.story == ("5 Jan 2026: surgery, despite LMS-DX-10; now treatment",)


def test_a_rule_that_only_warns_protects_nobody() -> None:
    proof = only("team_before_treatment", with_rule("LMS-MD-01", strength=Strength.ADVISORY))
    assert not proof.holds
    assert "LMS-MD-01" not in proof.story[-1]
    assert treats(proof.story[-1])


def test_a_rule_with_another_check_protects_nobody() -> None:
    # The name of the rule stays; what counts is what the rule of the file says when it is asked.
    proof = only("team_before_treatment", with_rule("LMS-MD-01", judge=WORKFLOW.rules["LMS-META-01"].judge))
    assert not proof.holds


def test_an_emergency_passes_only_where_the_claim_lets_it() -> None:
    proof = only(replace(CLAIMS["team_before_treatment"], moves=()))
    assert proof.story == ("5 Jan 2026: surgery: emergency; now treatment",)


def test_a_departure_passes_only_where_the_claim_lets_it() -> None:
    proof = only(replace(CLAIMS["team_before_treatment"], departures=()))
    assert len(proof.story) == 1
    assert "LMS-MD-01" in proof.story[0]
    assert "now treatment" in proof.story[0]


def test_a_recurrence_wants_a_meeting_of_its_own() -> None:
    def met_ever(case: Facts, on: date) -> Answer:
        return MET if case.all("mdt") else not_met("a meeting of the team", "none on record")

    proof = only("team_before_treatment", with_rule("LMS-MD-01", judge=met_ever))
    assert not proof.holds
    told = [line.partition(": ")[2] for line in proof.story]
    assert told[-2].startswith("recurrence: confirmed")
    assert treats(proof.story[-1])
    assert any(line.startswith("MDT") for line in told[:-2])
    assert only(replace(CLAIMS["team_before_treatment"], ever=True), with_rule("LMS-MD-01", judge=met_ever)).holds


def test_what_the_team_departed_from_answers_for_the_treatment_too() -> None:
    claim = replace(CLAIMS["diagnosis_before_treatment"], departures=())
    assert not only(claim).holds


# ---- no tissue without imaging


def test_a_biopsy_from_presentation_that_asks_nothing_is_found_out() -> None:
    proof = only("imaging_before_tissue", with_moves(lambda move: move, Move("biopsy", ("presentation",), "biopsy")))
    assert proof.story == ("5 Jan 2026: core biopsy, designated centre, track planned with the surgeon; now biopsy",)


def test_a_biopsy_that_no_longer_asks_for_imaging_is_found_out() -> None:
    proof = only("imaging_before_tissue", without_rule("LMS-DX-01", "biopsy", "T2"))
    assert not proof.holds
    assert "biopsy" in proof.story[-1]


def test_a_story_can_be_recorded_as_it_is_told() -> None:
    workflow = with_moves(lambda move: move, Move("biopsy", ("presentation",), "biopsy"))
    found: list[Played] = []

    def seen(before: Situation, after: Played) -> None:
        if after.step.event.kind == "biopsy" and len(after.log) == 2:
            found.append(after)

    explored(replace(workflow, claims=(CLAIMS["imaging_before_tissue"],)), seen)
    assert found
    for each in found:
        result = weighed(PATIENT, each.log[:-1], each.log[-1], {workflow.name: workflow}, each.log[-1].on)
        assert result.refusing == ()
        assert result.after.state == each.walk.state
        assert len(story(workflow, each.log)) == 2


# ---- nobody is forgotten


def test_without_the_summary_of_treatment_a_patient_is_forgotten() -> None:
    left = tuple(strand for strand in WORKFLOW.expectations if strand.name != "treatment_summary")
    claim = replace(CLAIMS["nobody_forgotten"], during=("treatment", "systemic_care", "surveillance"))
    proof = only(claim, replace(WORKFLOW, expectations=left))
    assert not proof.holds
    assert proof.story == (
        "5 Jan 2026: referral: incidental, uterus",
        "6 Jan 2026: surgery, despite LMS-MD-01, LMS-DX-10, LMS-ADD-05; now treatment",
    )


def test_what_is_declined_for_good_must_be_asked_again() -> None:
    left = tuple(strand for strand in WORKFLOW.expectations if strand.name != "excuse_review")
    workflow = replace(WORKFLOW, expectations=left)
    treated = played(workflow, (), pathway_entry("surgery", {}).record(FIRST_DAY), FIRST_DAY)
    assert treated is not None
    found = without_duty(workflow, OPEN, [treated.log])
    assert found.against is not None
    told = story(workflow, found.against)
    assert any("excuse" in line and "for good" in line for line in told)


def pathway_entry(kind: str, fields: Mapping[str, object]) -> Any:
    return next(entry for entry in pathway_entries(WORKFLOW) if entry.kind == kind and entry.fields == fields)


# ---- no trap


def test_a_milestone_that_only_an_exit_leaves_is_a_trap() -> None:
    pathway = WORKFLOW.pathway
    states = [*pathway.states.values(), State("limbo", "Waiting.", 6)]
    into = Move("treatment_completed", ("treatment",), "limbo", {"next": frozenset({"surveillance"})})
    out = Move("death", ("limbo",), "closed")
    workflow = replace(WORKFLOW, pathway=Pathway(states, pathway.initial, [into, *pathway.moves, out]))
    proof = only("no_trap", workflow)
    assert not proof.holds
    assert proof.story[-1].endswith("now limbo")


def test_a_milestone_that_another_entry_leaves_is_none() -> None:
    pathway = WORKFLOW.pathway
    states = [*pathway.states.values(), State("limbo", "Waiting.", 6)]
    into = Move("treatment_completed", ("treatment",), "limbo", {"next": frozenset({"surveillance"})})
    out = Move("mdt", ("limbo",), "mdt_review")
    workflow = replace(WORKFLOW, pathway=Pathway(states, pathway.initial, [into, *pathway.moves, out]))
    assert only("no_trap", workflow).holds


# ---- what a claim is worth


def test_a_claim_that_speaks_of_nothing_proves_nothing() -> None:
    claim = Claim("vain", "Cases are never moved.", "never", by=("move_event",), without=Service("mdt"))
    proof = only(claim)
    assert (proof.spoken_of, proof.holds, proof.story) == (0, False, ())


def test_without_claims_nothing_is_searched() -> None:
    assert proved(replace(WORKFLOW, claims=())) == ()


NEVER = tuple(claim for claim in WORKFLOW.claims if claim.kind == "never")
SEARCHED = replace(WORKFLOW, claims=NEVER)
ENTRIES = (*opening_entries(SEARCHED), *pathway_entries(SEARCHED))


@pytest.fixture(scope="module")
def situations() -> frozenset[object]:
    return frozenset(explored(SEARCHED, lambda before, after: None).situations)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ENTRIES), st.integers(1, 500)), min_size=1, max_size=12))
def test_no_other_order_or_distance_of_entries_leads_out_of_what_was_searched(
    situations: frozenset[object], entries: list[tuple[Any, int]]
) -> None:
    told_apart, reached, on = ToldApart(SEARCHED), nothing_yet(SEARCHED), FIRST_DAY
    watches = [Watch(claim, SEARCHED) for claim in NEVER]
    for number, (entry, wait) in enumerate(entries):
        if entry.kind == "referral" and number:
            continue
        on += timedelta(wait)
        after = played(SEARCHED, reached.log, entry.record(on), on)
        if after is None:
            continue
        for watch in watches:
            watch(Situation(None, reached.walk.state, reached.log, 0), after)
        reached = after
        assert told_apart(reached) in situations
    assert [watch.against for watch in watches] == [None] * len(watches)


# ---- the entries that are tried


def test_every_value_that_a_move_selects_by_is_tried() -> None:
    for move in WORKFLOW.pathway.moves:
        own = [entry for entry in ENTRIES if entry.kind == move.by]
        assert own, move.by
        for name, values in move.selects.items():
            holders = [entry for entry in ENTRIES if name in entry.fields]
            tried = {value for entry in holders for value in _several(entry.fields[name])}
            assert name in {"first_after_emergency", "histology_reported"} or values <= tried, (move.by, name)


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def test_every_candidate_is_the_first_that_holds_for_some_values() -> None:
    """Tried by brute force over the values that moves name, and one that none of them does."""
    pathway = WORKFLOW.pathway
    for kind, state in product(sorted(pathway.kinds), OPEN):
        candidates = [move for move in pathway.moves_for(kind) if state in move.origins]
        names = sorted({name for move in candidates for name in move.selects})
        domains = [sorted({v for move in candidates for v in move.selects.get(name, ())}, key=str) for name in names]
        first = set()
        for values in product(*([*domain, None] for domain in domains)):
            case = dict(zip(names, values, strict=True))
            chosen = [move for move in candidates if all(case[name] in each for name, each in move.selects.items())]
            first |= {id(move) for move in chosen[:1]}
        assert first == {id(move) for move in candidates}, (kind, state)


# ---- phases and the days of a sample patient


def test_the_days_of_a_sample_patient_stand_on_both_sides_of_each_boundary() -> None:
    review = [
        each
        for each in boundaries(WORKFLOW, date(2026, 1, 31))
        if (each.plan, each.strand) == ("high_grade", "clinic_review")
    ]
    assert [(each.phase, each.every, each.first, each.last) for each in review] == [
        (1, "3-4 months", date(2026, 1, 31), date(2029, 1, 30)),
        (2, "6 months", date(2029, 1, 31), date(2031, 1, 30)),
        (3, "1 year", date(2031, 1, 31), None),
    ]
    assert [(each.first_due.due_from, each.first_due.due_by) for each in review] == [
        (date(2026, 4, 30), date(2026, 5, 31)),
        (date(2029, 7, 3), date(2029, 7, 31)),
        (date(2032, 1, 3), date(2032, 1, 31)),
    ]
    assert [each.last_due and (each.last_due.due_from, each.last_due.due_by) for each in review] == [
        (date(2029, 4, 30), date(2029, 5, 30)),
        (date(2031, 7, 2), date(2031, 7, 30)),
        None,
    ]


def test_every_phase_of_every_plan_is_in_the_sample() -> None:
    sample = boundaries(WORKFLOW, date(2024, 2, 29))
    assert len(sample) == sum(len(strand.phases) for plan in WORKFLOW.plans for strand in plan.strands)
    assert {each.plan for each in sample} == {plan.name for plan in WORKFLOW.plans}
    assert all(
        each.once == (each.last is None and each.phase == 1) for each in sample if each.strand == "local_imaging"
    )


def phases(*told: tuple[str, str | None]) -> Workflow:
    """The workflow with one plan of one strand with these phases, however wrong they are."""
    plan = next(plan for plan in WORKFLOW.plans if plan.name == "high_grade")
    wrong = tuple(Phase(Rhythm.parse(every), None if until is None else Interval.parse(until)) for every, until in told)
    strand: Any = replace(plan.strands[0], phases=wrong)
    only_plan: Plan = replace(plan, strands=(strand,))
    return replace(WORKFLOW, plans=(only_plan,), expectations=())


def test_phases_follow_each_other_whatever_day_is_counted_from() -> None:
    right = tiled(phases(("3 months", "3 years"), ("6 months", "5 years"), ("1 year", None)))
    assert right.against == ""
    assert right.days == 1461 * 5


@pytest.mark.parametrize(
    "wrong",
    [
        (("3 months", "5 years"), ("6 months", "3 years"), ("1 year", None)),
        (("3 months", "3 years"), ("6 months", "3 years"), ("1 year", None)),
        (("3 months", None), ("6 months", "3 years"), ("1 year", None)),
    ],
    ids=["overlap", "empty", "endless first"],
)
def test_phases_that_overlap_or_never_run_are_found(wrong: tuple[tuple[str, str | None], ...]) -> None:
    assert "is not in phase" in tiled(phases(*wrong)).against


# ---- claims in the file

SMALL_CLAIM = """\
proofs:
  imaged:
    says: Nobody is operated on before imaging.
    claim: never
    by: surgery
    without: {kind: imaging, region: primary}
    except: {departures: [LMS-PI-01]}
  kept:
    says: Nobody is forgotten.
    claim: owed
    during: any
"""


def test_a_claim_is_read_with_its_names_looked_up() -> None:
    workflow = workflow_from((SMALL + SMALL_CLAIM).encode())
    imaged, kept = workflow.claims
    assert imaged.by == ("surgery",)
    assert imaged.without == Service("imaging", {"region": ("primary",)})
    assert imaged.departures == ("LMS-DX-01",)
    assert kept.during == ("presentation", "imaging", "surveillance")


WRONG_CLAIM = {
    "unknown kind": (
        "by: surgery",
        "by: surgry",
        "proofs imaged, by: there is no kind of event 'surgry'; did you mean 'surgery'?",
    ),
    "unknown kind that is wanted": (
        "{kind: imaging, region: primary}",
        "{kind: imagin, region: primary}",
        "proofs imaged, without: kind must be one kind of event; did you mean 'imaging'?",
    ),
    "no kind that is wanted": (
        "{kind: imaging, region: primary}",
        "{region: primary}",
        "proofs imaged, without: kind must be one kind of event.",
    ),
    "unknown value that is wanted": (
        "region: primary}",
        "region: primry}",
        "proofs imaged, without: region: 'primry' is not possible; did you mean 'primary'?",
    ),
    "what it is about": (
        "{kind: imaging, region: primary}",
        "{kind: surgery}",
        "proofs imaged, without: surgery is what the claim is about, so it is always on record.",
    ),
    "unknown rule": (
        "departures: [LMS-PI-01]",
        "departures: [LMS-PI-99]",
        "proofs imaged, except: there is no rule LMS-PI-99; did you mean 'LMS-PI-01'?",
    ),
    "unknown move": (
        "departures: [LMS-PI-01]",
        "moves: [X4]",
        "proofs imaged, except: there is no move by surgery 'X4'.",
    ),
    "unknown state": (
        "during: any",
        "during: imagin",
        "proofs kept, during: there is no state 'imagin'; did you mean 'imaging'?",
    ),
    "what another kind of claim takes": (
        "during: any",
        "during: any\n    by: visit",
        "proofs kept: a claim of the kind owed takes no 'by'.",
    ),
    "what it needs": ("    by: surgery\n", "", "proofs imaged: a claim of the kind never needs 'by'."),
    "unknown kind of claim": (
        "claim: owed",
        "claim: owned",
        "proofs kept, claim: 'owned' is not possible here; did you mean 'owed'?",
    ),
    "no sentence": ("    says: Nobody is forgotten.\n", "", "proofs kept needs 'says'."),
}


@pytest.mark.parametrize(("old", "new", "sentence"), WRONG_CLAIM.values(), ids=WRONG_CLAIM)
def test_a_slip_in_a_claim_makes_one_fault(old: str, new: str, sentence: str) -> None:
    assert SMALL_CLAIM.count(old) == 1
    text = SMALL + SMALL_CLAIM.replace(old, new)
    assert [fault.partition(": ")[2] for fault in faults(text)] == [sentence]


def test_a_strand_that_other_plans_leave_nothing_for_is_found() -> None:
    says = "        says: Seen often, then less often.\n"
    grown = with_change(says, f"{says}        for: {{disease: [metastatic]}}\n")
    line = line_of(grown, "        for: {disease: [metastatic]}")
    said = "plans everybody, strands, clinic_review can never run: the plans before its own take every such case."
    assert f"Line {line}: {said}" in faults(grown)


def test_a_plan_of_which_no_strand_runs_for_a_case_is_found() -> None:
    says = "        says: Seen often, then less often.\n"
    text = with_change(says, f"{says}        for: {{site_group: [uterus]}}\n")
    line = line_of(text, "  everybody:")
    [said] = faults(text)
    assert said == (
        f"Line {line}: plans everybody: no strand runs during surveillance for a case with disease 'localised', "
        "site_group 'extremity' and schedule_grade 1; nothing would ever be due for it."
    )
