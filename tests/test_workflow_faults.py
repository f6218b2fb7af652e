"""A workflow file that is wrong is refused whole, and everything that is wrong in it is said at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lmstrack.errors import WorkflowFaults
from lmstrack.workflow import load_workflow, workflow_file, workflow_from

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """\
workflow:
  name: small-1
  version: "1"
  title: A small workflow
  disease: leiomyosarcoma
  signed: false
  about: For tests.
statuses: {verified: Read., chosen: Chosen.}
sources:
  seed: {what: An article, where: https://example.org/article, read: whole}
settings:
  lead: 28 days
  grace: 14 days
  catch_up: 14 days
  counting_share: 0.5
  treatment_review: 6 weeks
  designated_centres: []
  chosen:
    lead: time to book
    grace: time to ask
    catch_up: time to act
    counting_share: half of the way
    treatment_review: time to heal
    designated_centres: a site lists them
states:
  presentation: {says: Referred., level: 0}
  imaging: {says: Imaged., level: 1}
  surveillance: {says: Followed up., level: 6}
  closed: {says: Closed., level: 7, final: true}
initial: presentation
rules:
  LMS-DX-01:
    says: The tumour has been imaged.
    source: {cite: seed, ref: "6", place: Workup, status: verified}
    strength: mandatory
    covers: [LMS-PI-01]
    check: imaging_on_record
    with: {region: primary, adequate: true, modality: [MRI, CT]}
    chosen: {modality: either will do}
  LMS-FU-01:
    says: Patients are seen again.
    source: {cite: seed, place: Follow-up, status: verified}
    strength: advisory
moves:
  - {by: imaging, from: presentation, to: imaging, for: {region: [primary]}}
  - {by: surgery, from: any, to: surveillance, for: {emergency: [true]}}
  - {by: surgery, from: imaging, to: surveillance, needs: [LMS-DX-01]}
  - {by: death, from: any, to: closed}
plans:
  metastatic:
    says: Metastatic.
    during: surveillance
    for: {disease: [metastatic]}
    source: {cite: seed, place: Follow-up, status: verified}
    strands:
      chest_imaging:
        rule: LMS-FU-01
        says: A scan each year.
        source: {cite: seed, place: Follow-up, status: verified}
        done_by: {kind: imaging, region: [chest]}
        phases:
          - {every: 1 year}
        next_action: book a scan
  everybody:
    says: All others.
    during: surveillance
    source: {cite: seed, place: Follow-up, status: verified}
    strands:
      clinic_review:
        rule: LMS-FU-01
        says: Seen often, then less often.
        source: {cite: seed, place: Follow-up, status: verified}
        done_by: {kind: visit, components: [history, examination]}
        never: {mode: [telephone]}
        unless_counted: {purpose: [wound]}
        phases:
          - {every: 3-4 months, until: 3 years}
          - {every: 6 months, until: 5 years}
          - {every: 1 year, rule: LMS-FU-01}
        next_action: book a clinic review
expectations:
  treatment_summary:
    opened_by: last_treatment
    rule: LMS-FU-01
    says: Somebody says that it is over.
    source: {cite: seed, place: Follow-up, status: chosen}
    done_by: {kind: treatment_completed}
    phases:
      - {every: 0-42 days, once: true}
    next_action: record it
    chosen: {every: six weeks}
gaps:
  P1: {question: When?, reading: Then., why: Because.}
"""


def faults(content: str | bytes) -> tuple[str, ...]:
    """What is said about a file; empty where it is right."""
    try:
        workflow_from(content.encode() if isinstance(content, str) else content, "small.yaml")
    except WorkflowFaults as refused:
        return refused.faults
    return ()


def with_change(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, f"{old!r} must stand once in the small workflow"
    return SMALL.replace(old, new)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_small_workflow_is_right():
    assert faults(SMALL) == ()


REVIEW = "plans everybody, strands, clinic_review"
ONE_FAULT = {
    # rules and sources
    "unknown check": (
        "check: imaging_on_record",
        "check: imaging_on_recrd",
        "rules LMS-DX-01: there is no check 'imaging_on_recrd'; did you mean 'imaging_on_record'?",
    ),
    "unknown parameter value": (
        "modality: [MRI, CT]}",
        "modality: [MR, CT]}",
        "rules LMS-DX-01, with: modality: 'MR' is not one of MRI, CT, US, XR, PET_CT; did you mean 'MRI'?",
    ),
    "missing parameter": (
        "adequate: true, ",
        "",
        "rules LMS-DX-01, with: adequate is missing (true or false).",
    ),
    "parameter of a wrong type": (
        "adequate: true, ",
        "adequate: 1, ",
        "rules LMS-DX-01, with: adequate: 1 is not true or false.",
    ),
    "unknown source": (
        "{cite: seed, ref",
        "{cite: sead, ref",
        "rules LMS-DX-01: there is no source 'sead'; did you mean 'seed'?",
    ),
    "a status that is not explained": (
        "place: Workup, status: verified",
        "place: Workup, status: secondary",
        "rules LMS-DX-01: the status 'secondary' is not explained under statuses.",
    ),
    "a status that does not exist": (
        "place: Workup, status: verified",
        "place: Workup, status: verifed",
        "rules LMS-DX-01, source, status: 'verifed' is not possible here; did you mean 'verified'?",
    ),
    "a choice without its reason": (
        "    chosen: {every: six weeks}",
        "",
        "expectations treatment_summary: the source leaves it open (chosen), so chosen: must say why.",
    ),
    "an empty reason": (
        "{modality: either will do}",
        '{modality: ""}',
        "rules LMS-DX-01, chosen, modality: nothing is written.",
    ),
    "a reason for something that is not there": (
        "{modality: either will do}",
        "{modalities: either will do}",
        "rules LMS-DX-01, chosen: nothing here is called 'modalities'; did you mean 'modality'?",
    ),
    "a setting without its reason": (
        "    grace: time to ask\n",
        "",
        "settings: no guideline gives grace, so chosen: must say why it is 2 weeks.",
    ),
    "a reason for a setting that is not there": (
        "    lead: time to book\n",
        "    lead: time to book\n    led: time to book\n",
        "settings, chosen: there is no setting 'led'; did you mean 'lead'?",
    ),
    "a setting that is no length of time": (
        "lead: 28 days",
        "lead: 28",
        "settings, lead: write a length of time, such as 6 months.",
    ),
    "a share above one": (
        "counting_share: 0.5",
        "counting_share: 5",
        "settings, counting_share: 5 is outside the range; the limit is 1.0.",
    ),
    "a rule that is covered and stands": (
        "[LMS-PI-01]",
        "[LMS-FU-01]",
        "rules LMS-DX-01 covers LMS-FU-01, which stands under rules of its own.",
    ),
    "a rule without check that binds": (
        "strength: advisory",
        "strength: expected",
        "rules LMS-FU-01 names no check, so nothing can judge it: it can only be advisory.",
    ),
    "values without a check": (
        "    strength: advisory",
        "    strength: advisory\n    with: {age_years: 18}",
        "rules LMS-FU-01 gives values with: but names no check for them.",
    ),
    "a rule that nothing asks": (
        ", needs: [LMS-DX-01]",
        "",
        "rules LMS-DX-01 is asked by no move, so its check would never be made.",
    ),
    # states and moves
    "unknown rule in needs": (
        "needs: [LMS-DX-01]}",
        "needs: [LMS-DX-01, LMS-DX-02]}",
        "moves number 3, needs, number 2: there is no rule LMS-DX-02; did you mean 'LMS-DX-01'?",
    ),
    "a rule asked that no check judges": (
        "needs: [LMS-DX-01]}",
        "needs: [LMS-DX-01, LMS-FU-01]}",
        "moves number 3 needs LMS-FU-01, which no check can judge; a rule without one only schedules.",
    ),
    "the same rule asked twice": (
        "needs: [LMS-DX-01]}",
        "needs: [LMS-DX-01, LMS-PI-01]}",
        "moves number 3 needs LMS-DX-01 twice.",
    ),
    "unknown kind": (
        "by: death",
        "by: deth",
        "moves number 4: no kind of event is called 'deth'; did you mean 'death'?",
    ),
    "unknown state to go to": (
        "from: imaging, to: surveillance",
        "from: imaging, to: surveilance",
        "moves number 3: there is no state 'surveilance'; did you mean 'surveillance'?",
    ),
    "unknown state to come from": (
        "from: imaging, to: surveillance",
        "from: [imaging, imagin], to: surveillance",
        "moves number 3: there is no state 'imagin'; did you mean 'imaging'?",
    ),
    "any to go to": (
        "{by: death, from: any, to: closed}",
        "{by: death, from: any, to: closed}\n  - {by: discharge, from: any, to: any}",
        "moves number 5: there is no state 'any'; it may be presentation, imaging, surveillance or closed.",
    ),
    "any among others": (
        "{by: death, from: any, to: closed}",
        "{by: death, from: [any, imaging], to: closed}",
        "moves number 4: 'any' stands for every state, so it stands alone.",
    ),
    "a move out of a final state": (
        "{by: death, from: any, to: closed}",
        "{by: death, from: any, to: closed}\n  - {by: referral, from: closed, to: presentation}",
        "moves number 5 starts from 'closed', which is final.",
    ),
    "unknown initial state": (
        "initial: presentation",
        "initial: presentatio",
        "initial: there is no state 'presentatio'; did you mean 'presentation'?",
    ),
    "a final initial state": (
        "initial: presentation",
        "initial: closed",
        "initial: 'closed' is final, so no case could ever leave it.",
    ),
    "a state nobody reaches": (
        "  imaging: {says: Imaged., level: 1}",
        "  imaging: {says: Imaged., level: 1}\n  biopsy: {says: Tissue., level: 2}",
        "states biopsy: no move leads there, from presentation onward.",
    ),
    "a state nobody leaves": (
        "{by: death, from: any, to: closed}",
        "{by: death, from: [presentation, imaging], to: closed}",
        "states surveillance: no move leads from there to a final state.",
    ),
    "no final state": (
        ", final: true",
        "",
        "states: none is final, so no case could ever be closed.",
    ),
    "an unknown field to select by": (
        "for: {region: [primary]}",
        "for: {regio: [primary]}",
        ("moves number 1, for: imaging has no field 'regio', and no fact has that name; did you mean 'region'?"),
    ),
    "an unknown value to select by": (
        "for: {region: [primary]}",
        "for: {region: [primry]}",
        "moves number 1, for: region: 'primry' is not possible; did you mean 'primary'?",
    ),
    "one for true": (
        "for: {emergency: [true]}",
        "for: {emergency: [1]}",
        "moves number 2, for: emergency: 1 is not possible; it holds true or false.",
    ),
    "text to select by": (
        "for: {region: [primary]}",
        "for: {reason_not_done: [pacemaker]}",
        "moves number 1, for: 'reason_not_done' cannot be chosen by: it holds free text.",
    ),
    "an unknown fact": (
        "for: {disease: [metastatic]}",
        "for: {diseas: [metastatic]}",
        ("plans metastatic, for: 'diseas' is no fact of a case that can be chosen by here; did you mean 'disease'?"),
    ),
    # plans, strands and phases
    "an unknown value of a fact": (
        "for: {disease: [metastatic]}",
        "for: {disease: [metastatik]}",
        "plans metastatic, for: disease: 'metastatik' is not possible; did you mean 'metastatic'?",
    ),
    "unknown rule of a strand": (
        "        rule: LMS-FU-01\n        says: A scan each year.",
        "        rule: LMS-FU-11\n        says: A scan each year.",
        ("plans metastatic, strands, chest_imaging, rule: there is no rule LMS-FU-11; did you mean 'LMS-FU-01'?"),
    ),
    "unknown rule of a phase": (
        "rule: LMS-FU-01}",
        "rule: LMS-FU-21}",
        (f"{REVIEW}, phases, number 3, rule: there is no rule LMS-FU-21; did you mean 'LMS-FU-01'?"),
    ),
    "unknown kind that serves": (
        "{kind: visit,",
        "{kind: visits,",
        (f"{REVIEW}, done_by: no kind of event is called 'visits'; did you mean 'visit'?"),
    ),
    "unknown field that serves": (
        "components: [history, examination]",
        "component: [history, examination]",
        (f"{REVIEW}, done_by: visit has no field 'component'; did you mean 'components'?"),
    ),
    "unknown value that serves": (
        "components: [history, examination]",
        "components: [history, exam]",
        (f"{REVIEW}, done_by: components: 'exam' is not possible; it may be history or examination."),
    ),
    "unknown value that never serves": (
        "mode: [telephone]",
        "mode: [phone]",
        (f"{REVIEW}, never: mode: 'phone' is not possible; did you mean 'telephone'?"),
    ),
    "unknown value that serves only when counted": (
        "purpose: [wound]",
        "purpose: [wund]",
        (f"{REVIEW}, unless_counted: purpose: 'wund' is not possible; did you mean 'wound'?"),
    ),
    "a plan for no state": (
        "    during: surveillance\n    for",
        "    during: survellance\n    for",
        "plans metastatic: there is no state 'survellance'; did you mean 'surveillance'?",
    ),
    "a plan in a final state": (
        "    during: surveillance\n    for",
        "    during: closed\n    for",
        "plans metastatic runs during 'closed', which is final: nothing is due there.",
    ),
    "a strand that its plan excludes": (
        "says: A scan each year.",
        "says: A scan each year.\n        for: {disease: [localised]}",
        "plans metastatic, strands, chest_imaging can never run: its plan is for other values of disease.",
    ),
    "a gap in the phases": (
        "          - {every: 1 year, rule: LMS-FU-01}\n",
        "",
        (
            f"{REVIEW}, phases, number 2: it ends after 5 years and none follows; "
            "the last phase goes on, so it has no until."
        ),
    ),
    "phases that never begin": (
        "{every: 3-4 months, until: 3 years}",
        "{every: 3-4 months}",
        (f"{REVIEW}, phases, number 1: it has no until, so the phases after it would never begin."),
    ),
    "phases that overlap": (
        "until: 5 years",
        "until: 36 months",
        (f"{REVIEW}, phases, number 2: it ends after 3 years, but the one before it lasts 3 years; they overlap."),
    ),
    "a nominal point outside its range": (
        "{every: 3-4 months, until: 3 years}",
        "{every: 3-4 months, until: 3 years, nominal: 5 months}",
        (f"{REVIEW}, phases, number 1: its nominal point, 5 months, lies outside 3-4 months."),
    ),
    "phases that cannot be compared": (
        "until: 5 years",
        "until: 260 weeks",
        (
            f"{REVIEW}, phases, number 2: 3 years and 260 weeks cannot be compared; "
            "count both in months, or both in days."
        ),
    ),
    "a rhythm without time": (
        "every: 3-4 months",
        "every: 0-4 months",
        f"{REVIEW}, phases, number 1: what repeats needs some time in between.",
    ),
    "a rhythm that is none": (
        "every: 3-4 months",
        "every: often",
        (
            f"{REVIEW}, phases, number 1, every: A rhythm is a whole number, or two with a "
            'dash, and a unit: days, weeks, months or years. Write it as "3-4 months" or "6 months".'
        ),
    ),
    "a length that nobody lives": (
        "until: 5 years",
        "until: 101 years",
        f"{REVIEW}, phases, number 2, until: 101 years is longer than any life.",
    ),
    "a rhythm that nobody lives": (
        "every: 6 months",
        "every: 6-1201 months",
        f"{REVIEW}, phases, number 2, every: 1201 months is longer than any life.",
    ),
    "once and then again": (
        "every: 3-4 months, until: 3 years",
        "every: 3-4 months, until: 3 years, once: true",
        (f"{REVIEW}, phases, number 1: what is expected a single time has one phase only."),
    ),
    "no phases": (
        "    phases:\n      - {every: 0-42 days, once: true}",
        "    phases: []",
        "expectations treatment_summary: without phases nobody knows when it is due.",
    ),
    "phases for what the record dates": (
        "opened_by: last_treatment",
        "opened_by: suspension",
        "expectations treatment_summary: the record says when it is due, so phases must be empty.",
    ),
    "an unknown opener": (
        "opened_by: last_treatment",
        "opened_by: last_treatmnt",
        (
            "expectations treatment_summary, opened_by: 'last_treatmnt' is not possible "
            "here; did you mean 'last_treatment'?"
        ),
    ),
    "nothing that opens": (
        "    opened_by: last_treatment\n",
        "",
        (
            "expectations treatment_summary wants one of opened_by, after and during, to say what opens it; "
            "it has none of them."
        ),
    ),
    "two things that open": (
        "opened_by: last_treatment",
        "opened_by: last_treatment\n    during: imaging",
        (
            "expectations treatment_summary wants one of opened_by, after and during, to say what opens it; "
            "it has opened_by and during."
        ),
    ),
    "an unknown kind that opens": (
        "opened_by: last_treatment",
        "after: {kind: surgry}",
        "expectations treatment_summary, after: no kind of event is called 'surgry'; did you mean 'surgery'?",
    ),
    "an unknown field of what opens": (
        "opened_by: last_treatment",
        "after: [{kind: surgery}, {kind: radiotherapy, timing: preoperativ}]",
        (
            "expectations treatment_summary, after, number 2: timing: 'preoperativ' is not possible; "
            "did you mean 'preoperative'?"
        ),
    ),
    "an unknown value that does not open": (
        "opened_by: last_treatment",
        "after: {kind: radiotherapy, never: {status: begun}}",
        (
            "expectations treatment_summary, after, never: status: 'begun' is not possible; "
            "it may be started or completed."
        ),
    ),
    "a day that the opening record does not have": (
        "opened_by: last_treatment",
        "after: {kind: referral}\n    counted_from: [recieved_on, on]",
        "expectations treatment_summary, counted_from: there is no day 'recieved_on'; did you mean 'received_on'?",
    ),
    "a day behind one that is always known": (
        "opened_by: last_treatment",
        "after: {kind: referral}\n    counted_from: [on, received_on]",
        (
            "expectations treatment_summary, counted_from: 'on' is always known, so what stands after it is never "
            "looked at."
        ),
    ),
    "a field that is no day": (
        "done_by: {kind: treatment_completed}",
        "done_by: {kind: treatment_completed, day: next}",
        "expectations treatment_summary, done_by, day: there is no day 'next'; it may be on or review_on.",
    ),
    "an unknown state to be owed in": (
        "opened_by: last_treatment",
        "during: imagin",
        "expectations treatment_summary, during: there is no state 'imagin'; did you mean 'imaging'?",
    ),
    "a final state to be owed in": (
        "opened_by: last_treatment",
        "during: closed",
        "expectations treatment_summary, during: 'closed' is final, and nothing is due there.",
    ),
    "a state that may begin on no day": (
        "opened_by: last_treatment",
        "during: imaging\n    counted_from: reported_on",
        "expectations treatment_summary, counted_from ends with 'on', since every state begins on some day.",
    ),
    "a state that is overtaken": (
        "opened_by: last_treatment",
        "during: imaging\n    overtaken_by: {kind: death}",
        (
            "expectations treatment_summary runs during a state, and ends with it; "
            "overtaken_by and while_planned do not."
        ),
    ),
    "a plan that holds no such treatment": (
        "opened_by: last_treatment",
        "after: {kind: surgery}\n    while_planned: {treatment: radiotheraphy}",
        (
            "expectations treatment_summary, while_planned: treatment: 'radiotheraphy' is not possible; "
            "did you mean 'radiotherapy'?"
        ),
    ),
    "a name that ends in several ways": (
        "done_by: {kind: treatment_completed}",
        "done_by: [{kind: treatment_completed}, {kind: mdt}]",
        (
            "expectations treatment_summary is opened by a name, which knows by itself what ends it: "
            "it has one done_by only."
        ),
    ),
    "switched off without a reason": (
        "opened_by: last_treatment",
        "opened_by: last_treatment\n    switched_off: true",
        "expectations treatment_summary is switched off, so chosen: must say why.",
    ),
    # the file
    "a name without its version": (
        "name: small-1",
        "name: small-2",
        "workflow: the name 'small-2' must end in the version, -1.",
    ),
    "an unknown section": (
        "gaps:\n",
        "gasp: {}\ngaps:\n",
        "the file has no entry 'gasp'; did you mean 'gaps'?",
    ),
    "an unknown entry of a rule": (
        "    covers: [LMS-PI-01]",
        "    cover: [LMS-PI-01]",
        "rules LMS-DX-01 has no entry 'cover'; did you mean 'covers'?",
    ),
    "a missing entry of a rule": (
        "    says: The tumour has been imaged.\n",
        "",
        "rules LMS-DX-01 needs 'says'.",
    ),
    "a wrong strength": (
        "strength: mandatory",
        "strength: mandatry",
        "rules LMS-DX-01, strength: 'mandatry' is not possible here; did you mean 'mandatory'?",
    ),
    "an id that is none": (
        "  LMS-FU-01:\n    says",
        (
            "  fu1:\n    says: x\n    source: {cite: seed, place: x, status: verified}\n"
            "    strength: advisory\n"
            "  LMS-FU-01:\n    says"
        ),
        "rules fu1: 'fu1' is not written as it should be (^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$).",
    ),
    "text where a list is wanted": (
        "needs: [LMS-DX-01]}",
        "needs: LMS-DX-01}",
        "moves number 3, needs: write a list, in square brackets.",
    ),
    "a number for a name": (
        "title: A small workflow",
        "title: 7",
        "workflow, title: write text.",
    ),
    "yes for true": (
        "signed: false",
        "signed: no",
        "workflow, signed: write true or false.",
    ),
    "nothing where a value belongs": (
        "for: {region: [primary]}",
        "for: {region: }",
        "moves number 1, for, region: write text, a number, true or false.",
    ),
}


@pytest.mark.parametrize(("old", "new", "sentence"), ONE_FAULT.values(), ids=ONE_FAULT)
def test_one_slip_makes_one_fault(old: str, new: str, sentence: str):
    said = faults(with_change(old, new))
    assert [fault.partition(": ")[2] for fault in said] == [sentence]


def test_a_fault_names_its_line():
    text = with_change("check: imaging_on_record", "check: imaging_on_recrd")
    assert faults(text)[0].startswith(f"Line {line_of(text, 'imaging_on_recrd')}: ")
    nested = with_change("every: 6 months", "every: six months")
    assert faults(nested)[0].startswith(f"Line {line_of(nested, 'six months')}: ")


def test_all_faults_are_told_at_once_in_the_order_of_the_file():
    text = SMALL
    for old, new, _ in (
        ONE_FAULT[name]
        for name in (
            "a setting without its reason",
            "unknown check",
            "unknown kind",
            "an unknown value of a fact",
            "phases that never begin",
            "an unknown opener",
        )
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    said = faults(text)
    told = [fault.partition(": ")[2] for fault in said]
    assert told == [
        ONE_FAULT["a setting without its reason"][2],
        ONE_FAULT["unknown check"][2],
        ONE_FAULT["unknown kind"][2],
        ONE_FAULT["an unknown value of a fact"][2],
        ONE_FAULT["phases that never begin"][2],
        ONE_FAULT["an unknown opener"][2],
    ]
    lines = [int(fault.split()[1].rstrip(":")) for fault in said]
    assert lines == sorted(lines)


def test_what_is_switched_off_is_not_asked_for_and_its_rule_still_stands():
    text = with_change("opened_by: last_treatment", "opened_by: last_treatment\n    switched_off: true")
    text = text.replace(
        "chosen: {every: six weeks}", "chosen: {every: six weeks, switched_off: our summaries are elsewhere}"
    )
    assert workflow_from(text.encode(), "small.yaml").expectations == ()
    assert [each.name for each in workflow_from(SMALL.encode(), "small.yaml").expectations] == ["treatment_summary"]


def test_every_wrong_parameter_is_told():
    said = faults(with_change("{region: primary, adequate: true, modality", "{regin: primary, modality"))
    assert [fault.partition(", with: ")[2] for fault in said] == [
        "there is no parameter 'regin'; did you mean 'region'?",
        "region is missing (one of primary, chest, abdomen_pelvis, brain, whole_body, other).",
        "adequate is missing (true or false).",
    ]


def test_a_rule_that_cannot_be_read_still_tells_what_it_names_wrongly():
    text = with_change("strength: mandatory", "strength: mandatry")
    text = text.replace("check: imaging_on_record", "check: imaging_on_recrd")
    text = text.replace('{cite: seed, ref: "6", place: Workup', '{cite: sed, ref: "6", place: Workup')
    assert [fault.partition(": ")[2] for fault in faults(text)] == [
        "rules LMS-DX-01: there is no source 'sed'; did you mean 'seed'?",
        "rules LMS-DX-01, strength: 'mandatry' is not possible here; did you mean 'mandatory'?",
        ONE_FAULT["unknown check"][2],
    ]
    text = with_change("strength: mandatory", "strength: mandatry").replace("{region: primary,", "{regin: primary,")
    assert [fault.partition(", with: ")[2] for fault in faults(text)[1:]] == [
        "there is no parameter 'regin'; did you mean 'region'?",
        "region is missing (one of primary, chest, abdomen_pelvis, brain, whole_body, other).",
    ]


def test_what_is_missing_is_not_told_twice_where_its_place_is_wrong():
    # The rule cannot be read, but the move that names it is right.
    assert faults(with_change("    strength: mandatory\n", "")) == ("Line 32: rules LMS-DX-01 needs 'strength'.",)


FOLLOWED_BY_NOTHING = {
    "a misspelt for": ("for: {emergency: [true]}", "fro: {emergency: [true]}"),
    "a misspelt final": (", final: true", ", final: tru"),
    "a misspelt until": ("until: 3 years", "until: 3 yeras"),
    "a misspelt reason": ("chosen: {every: six weeks}", "chosen: {every: []}"),
    "a misspelt plan": ("    during: surveillance\n    for", "    durin: surveillance\n    for"),
    "a misspelt strand": ("says: A scan each year.", "say: A scan each year."),
    "a misspelt step": ("{by: imaging, from:", "{by: imaging, frm:"),
    "a misspelt state": ("{says: Imaged., level: 1}", "{says: Imaged., levl: 1}"),
}


@pytest.mark.parametrize(("old", "new"), FOLLOWED_BY_NOTHING.values(), ids=FOLLOWED_BY_NOTHING)
def test_a_slip_is_not_told_again_as_what_follows_from_it(old: str, new: str):
    text = with_change(old, new)
    said = faults(text)
    assert said
    assert {fault.partition(":")[0] for fault in said} == {f"Line {line_of(text, new)}"}


def test_a_move_behind_a_wider_one_is_found():
    ordinary_first = with_change("{by: surgery, from: any, to: surveillance, for: {emergency: [true]}}", "X").replace(
        "{by: surgery, from: imaging, to: surveillance, needs: [LMS-DX-01]}",
        "{by: surgery, from: any, to: surveillance, needs: [LMS-DX-01]}\n"
        "  - {by: surgery, from: imaging, to: surveillance, for: {emergency: [true]}}",
    )
    text = ordinary_first.replace("  - X\n", "")
    line = line_of(text, "{by: surgery, from: any")
    said = "moves number 3 can never be selected:"
    why = f"the one in line {line} stands before it and takes every such case."
    assert faults(text) == (f"Line {line + 1}: {said} {why}",)


def test_a_move_behind_several_narrow_ones_is_found():
    text = with_change(
        "  - {by: imaging, from: presentation, to: imaging, for: {region: [primary]}}\n",
        "  - {by: imaging, from: presentation, to: imaging, for: {region: [primary]}}\n"
        "  - {by: imaging, from: [presentation, imaging], to: imaging, for: {region: chest}}\n"
        "  - {by: imaging, from: [presentation, imaging], to: imaging, for: {region: [primary, chest]}}\n",
    )
    line = line_of(text, "for: {region: chest}")
    assert faults(text) == (
        (
            f"Line {line + 1}: moves number 3 can never be selected from presentation: "
            f"the one in line {line} "
            "stands before it and takes every such case."
        ),
    )


def test_a_move_with_a_further_field_is_not_hidden():
    text = with_change(
        "  - {by: surgery, from: imaging, to: surveillance, needs",
        "  - {by: surgery, from: imaging, to: surveillance, for: {operation: [amputation]}}\n"
        "  - {by: surgery, from: imaging, to: surveillance, needs",
    )
    assert faults(text) == ()


def test_a_plan_behind_a_wider_one_is_found():
    text = with_change("    for: {disease: [metastatic]}\n", "")
    line = line_of(text, "  everybody:")
    assert faults(text) == (
        f"Line {line}: plans everybody can never be selected: the plans before it take every such case.",
    )


def test_a_case_without_a_plan_is_found():
    text = with_change("    says: All others.\n", "    says: All others.\n    for: {site_group: [uterus]}\n")
    assert faults(text) == (
        (
            f"Line {line_of(text, 'plans:')}: plans: no plan runs during surveillance for a case with "
            "disease 'localised', "
            "site_group 'extremity' and schedule_grade 1; nothing would ever be due for it."
        ),
    )


def test_a_rule_that_is_scheduled_nowhere_is_found():
    text = with_change(
        "moves:\n",
        "  LMS-FU-02:\n    says: Forgotten.\n    source: {cite: seed, place: x, status: verified}\n"
        "    strength: advisory\nmoves:\n",
    )
    line = line_of(text, "  LMS-FU-02:")
    assert faults(text) == (f"Line {line}: rules LMS-FU-02 is scheduled by no plan and no expectation.",)


def test_a_scheduled_rule_with_a_check_must_be_asked_too():
    text = with_change(", needs: [LMS-DX-01]", "").replace("rule: LMS-FU-01}", "rule: LMS-DX-01}")
    assert [fault.partition(": ")[2] for fault in faults(text)] == [
        "rules LMS-DX-01 is asked by no move, so its check would never be made."
    ]


def test_two_rules_may_not_cover_the_same():
    text = with_change("    strength: advisory\n", "    strength: advisory\n    covers: [LMS-PI-01]\n")
    assert [fault.partition(": ")[2] for fault in faults(text)] == [
        "rules LMS-FU-01 covers LMS-PI-01, which LMS-DX-01 already covers."
    ]


# ---- the file itself

NOT_A_WORKFLOW = {
    "empty": (b"", "The file is empty."),
    "only blanks": (b" \n\n", "The file is empty."),
    "only a comment": (
        b"# later\n",
        "The file must hold the sections of a workflow, each as a name followed by a colon.",
    ),
    "a list": (
        b"- a\n- b\n",
        "The file must hold the sections of a workflow, each as a name followed by a colon.",
    ),
    "text": (b"hello", "The file must hold the sections of a workflow, each as a name followed by a colon."),
    "an empty mapping": (b"{}", "The file has no sections."),
    "binary": (b"\x89PNG\x00\x01", "This is not a text file."),
    "Latin-1": (b"a: 1\nb: M\xfcller", "Line 2: The text is not UTF-8; save the file with that encoding."),
    "too large": (b"a: " + b"x" * 1024 * 1024, "The file is larger than 1024 KiB, which no workflow is."),
    "broken": (b"a: b: c", "Line 1: This is not YAML: mapping values are not allowed here."),
    "deep": (
        b"a: " + b"[" * 100_000,
        "Line 1: Lists and mappings stand more than 20 deep in each other here.",
    ),
    "two documents": (
        b"a: 1\n---\nb: 2",
        "Line 2: A second document begins here; a file holds one workflow.",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), NOT_A_WORKFLOW.values(), ids=NOT_A_WORKFLOW)
def test_a_file_that_is_no_workflow_is_refused_with_one_sentence(content: bytes, sentence: str):
    assert faults(content) == (sentence,)


REFUSED_YAML = {
    "anchor": (
        "disease: leiomyosarcoma",
        "disease: &lms leiomyosarcoma",
        "The anchor &lms is not allowed; nothing may stand for something else.",
    ),
    "tag": (
        "disease: leiomyosarcoma",
        "disease: !!python/name:os.system leiomyosarcoma",
        ("The tag tag:yaml.org,2002:python/name:os.system is not allowed; a value is text, a number, true or false."),
    ),
    "duplicate key": (
        "  title: A small workflow",
        "  title: A small workflow\n  title: Another",
        "'title' already stands in line 4; the same name may not stand twice.",
    ),
    "endless number": (
        "level: 1}",
        f"level: {'9' * 5000}}}",
        "The number 999999999999999999… is too long.",
    ),
    "number that is too large": (
        "counting_share: 0.5",
        "counting_share: 1e999",
        "The number 1e999 is too large.",
    ),
    "half a character": (
        "title: A small workflow",
        'title: "\\ud800"',
        "The text holds an escape that is no character.",
    ),
    "merge key": ("  grace: 14 days", "  <<: {}\n  grace: 14 days", "settings has no entry '<<'"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), REFUSED_YAML.values(), ids=REFUSED_YAML)
def test_yaml_that_hides_something_is_refused(old: str, new: str, sentence: str):
    assert any(sentence in fault for fault in faults(with_change(old, new)))


def test_an_alias_is_refused_where_it_stands():
    text = with_change("disease: leiomyosarcoma", "disease: &x leiomyosarcoma").replace(
        "about: For tests.", "about: *x"
    )
    assert f"Line {line_of(text, '*x')}: The alias *x is not allowed; write out what it stands for." in faults(text)


def test_yaml_1_1_words_stay_text():
    # PyYAML would read NO as false and 12:30 as 750.
    text = with_change("title: A small workflow", "title: NO").replace("about: For tests.", "about: 12:30")
    read = workflow_from(text.encode())
    assert (read.title, read.about) == ("NO", "12:30")


def test_a_byte_order_mark_does_no_harm():
    assert faults(b"\xef\xbb\xbf" + SMALL.encode()) == ()


def test_windows_line_ends_do_no_harm():
    assert faults(SMALL.replace("\n", "\r\n")) == ()


def test_another_yaml_version_is_refused():
    assert "Line 2: The file must be plain YAML 1.2, without directives." in faults(f"%YAML 1.1\n---\n{SMALL}")


def test_no_such_file(tmp_path: Path):
    with pytest.raises(WorkflowFaults) as refused:
        load_workflow(tmp_path / "none.yaml")
    assert refused.value.faults == ("There is no such file.",)


def test_a_folder_is_no_file(tmp_path: Path):
    with pytest.raises(WorkflowFaults) as refused:
        load_workflow(tmp_path)
    assert refused.value.faults == ("This is a folder, not a file.",)


def test_an_impossible_file_name_is_said_so():
    with pytest.raises(WorkflowFaults) as refused:
        load_workflow("a\x00b.yaml")
    assert refused.value.faults == ("The file cannot be opened: its name is not possible.",)


def test_a_file_name_that_is_too_long_is_said_so():
    with pytest.raises(WorkflowFaults) as refused:
        load_workflow("a" * 5000 + ".yaml")
    assert refused.value.faults == ("The file cannot be opened: File name too long.",)


def test_a_changed_copy_may_not_keep_a_released_name(tmp_path: Path):
    released = workflow_file("leiomyosarcoma-2026.1").read_text(encoding="utf-8")
    copy = tmp_path / "mine.yaml"
    copy.write_text(released.replace("every: 3-4 months", "every: 2-3 months"), encoding="utf-8")
    with pytest.raises(WorkflowFaults) as refused:
        load_workflow(copy)
    (fault,) = refused.value.faults
    assert "leiomyosarcoma-2026.1 is released and never changes, but this file differs from it" in fault


def test_the_message_lists_every_fault_below_the_file():
    with pytest.raises(WorkflowFaults) as refused:
        workflow_from(with_change("by: death", "by: deth").encode(), "site.yaml")
    assert str(refused.value).startswith("Load workflow site.yaml: 1 fault found.\n  - Line ")


def test_any_slip_in_a_name_is_found():
    """Whichever word of the small workflow is misspelt, the file is refused or the word is plain text."""
    accepted = []
    for number, line in enumerate(SMALL.splitlines()):
        key = line.strip().removeprefix("- ").partition(":")[0]
        if not key.replace("_", "").isalnum() or "{" in key:
            continue
        lines = SMALL.splitlines()
        lines[number] = line.replace(key, f"{key}x", 1)
        if not faults("\n".join(lines)):
            accepted.append(key)
    # names that the file itself gives: of plans, strands and expectations
    assert accepted == [
        "metastatic",
        "chest_imaging",
        "everybody",
        "clinic_review",
        "treatment_summary",
    ]
