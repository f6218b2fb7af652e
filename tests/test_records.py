"""What can be recorded: every kind goes out into plain data and comes back the same."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from contextlib import suppress
from datetime import date

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lmstrack.dates import PartialDate
from lmstrack.errors import Impossible, InvalidData, LmstrackError
from lmstrack.records import (
    KINDS,
    Action,
    Biopsy,
    Booking,
    CardiacFunction,
    Consultation,
    Contact,
    Correct,
    Death,
    Departure,
    FigoExtent,
    Imaging,
    Instead,
    Mdt,
    Pathology,
    Person,
    PlannedTreatment,
    Radiotherapy,
    Record,
    Referral,
    Staging,
    Surgery,
    Systemic,
    TreatmentCompleted,
    Visit,
    described,
    field_help,
    free_text,
    from_text,
    person_fields,
    rank,
    read_body,
    read_person,
    read_record,
    record_fields,
    with_free_text,
    without_free_text,
)
from lmstrack.records.base import Shape
from lmstrack.records.shape import FieldShape, shapes

TODAY = date(2026, 11, 24)
SPECIAL = {
    "histology": st.sampled_from(["8890/3", "8891/3", "9180/3"]),
    "symptom_onset": st.sampled_from(["2025", "2025-06", "2025-06-30"]),
    ("systemic", "line"): st.sampled_from(["neoadjuvant", "adjuvant", "1", "2", "12"]),
}
NAMES = st.sampled_from(["on", "kind", "treatment", "by", "what", "size_mm", "plan", "instead", "regions"])
WORDS = st.text("abcdefghijklmnopqrstuvwxyzäÄß'-", min_size=1, max_size=12)


def values(kind: str, name: str, shape: FieldShape) -> st.SearchStrategy[object]:
    special = SPECIAL.get(name, SPECIAL.get((kind, name)))
    if special is not None:
        return special
    one: st.SearchStrategy[object]
    if shape.values:
        one = st.sampled_from(shape.values)
    elif shape.base is bool:
        one = st.booleans()
    elif shape.base is int:
        assert shape.limits is not None, name
        one = st.integers(int(shape.limits.least), int(shape.limits.greatest))
    elif shape.base is float:
        assert shape.limits is not None, name
        one = st.integers(int(shape.limits.least * 100), int(shape.limits.greatest * 100)).map(
            lambda cents: cents / 100
        )
    elif shape.base is date:
        one = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat)
    elif shape.base is dict:
        one = st.dictionaries(st.sampled_from(["doxorubicin", "dacarbazine"]), st.integers(1, 100), min_size=1)
    elif shape.model is not None:
        one = fields_of("systemic", shape.model)
    else:
        one = WORDS
    return st.lists(one, min_size=1, max_size=3) if shape.many else one


def fields_of(kind: str, model: type[Shape]) -> st.SearchStrategy[dict[str, object]]:
    known = {name: values(kind, name, shape) for name, shape in shapes(model).items() if shape.model is not Instead}
    required = {name: value for name, value in known.items() if shapes(model)[name].required}
    optional = {name: value for name, value in known.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def records(draw: st.DrawFn) -> Record:
    kind = draw(st.sampled_from(list(KINDS)))
    fields = draw(fields_of(kind, KINDS[kind]))
    if kind == "imaging":
        fields.pop("regions", None)
        fields.setdefault("region", "chest")
    if kind == "excuse":
        fields.pop("occurrence", None)
        fields.setdefault("review_on", "2026-10-01")
    if kind == "treatment_completed":
        fields.setdefault("review_on", "2026-10-01")
    if kind in {"imaging", "visit"} and "counts" in fields:
        fields.setdefault("because", "seen elsewhere")
    if kind == "correct":
        inner = draw(records())
        fields["instead"] = {"on": "2026-03", "kind": inner.kind, **record_fields(inner)}
    return read_record(kind, fields)


def test_the_kinds_stand_in_the_order_of_the_pathway() -> None:
    assert list(KINDS) == [
        "referral",
        "consultation",
        "imaging",
        "biopsy",
        "pathology",
        "staging",
        "mdt",
        "decision_to_treat",
        "surgery",
        "radiotherapy",
        "systemic",
        "cardiac_function",
        "result",
        "treatment_completed",
        "visit",
        "rehabilitation",
        "recurrence",
        "booking",
        "did_not_attend",
        "contact",
        "excuse",
        "suspend",
        "resume",
        "assign",
        "transfer",
        "lost_to_follow_up",
        "discharge",
        "death",
        "not_lms",
        "adopt_workflow",
        "departure",
        "departure_review",
        "correct",
        "move_event",
        "merge",
        "unmerge",
    ]
    assert [rank(kind) for kind in KINDS] == list(range(36))
    assert all(KINDS[kind].kind == kind for kind in KINDS)


def test_what_happens_to_a_patient_ends_with_death_and_what_is_agreed_may_lie_ahead() -> None:
    follow_death = [kind for kind, model in KINDS.items() if not model.clinical]
    assert follow_death[:4] == ["result", "booking", "did_not_attend", "contact"]
    assert {"visit", "imaging", "surgery", "mdt", "recurrence"}.isdisjoint(follow_death)
    assert [kind for kind, model in KINDS.items() if not model.done] == ["suspend", "resume", "assign"]


@given(records())
def test_every_record_comes_back_the_same(record: Record) -> None:
    fields = record_fields(record)
    text = json.dumps(fields)
    assert read_record(record.kind, fields) == record
    assert read_body(record.kind, text) == record
    assert read_body(record.kind, text.encode()) == record
    assert json.dumps(record_fields(read_body(record.kind, text))) == text
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301  # our own bytes


@given(records())
def test_every_record_fits_the_published_schema(record: Record) -> None:
    jsonschema.validate(record_fields(record), KINDS[record.kind].model_json_schema())


@given(records())
def test_free_text_parts_from_a_record_and_comes_back(record: Record) -> None:
    fields = record_fields(record)
    bare, texts = without_free_text(fields, record.kind, lambda place, text: {"note": place, "length": len(text)})
    assert texts == free_text(record)
    assert list(bare) == list(fields)
    assert with_free_text(bare, texts) == fields
    gone, _ = without_free_text(fields, record.kind)
    assert not list(texts_left(gone, KINDS[record.kind]))
    assert record_fields(record) == fields


def texts_left(fields: Mapping[str, object], model: type[Shape]) -> list[str]:
    return [name for name, shape in shapes(model).items() if shape.free and name in fields]


@given(records())
def test_a_record_can_be_typed_as_it_is_written(record: Record) -> None:
    pairs = {name: typed(value) for name, value in record_fields(record).items()}
    assert from_text(record.kind, pairs, today=TODAY) == record


def typed(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], dict)):
        return json.dumps(value)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


@given(records())
def test_a_line_of_the_timeline_is_short_and_holds_no_free_text(record: Record) -> None:
    line = described(record)
    assert line
    assert "\n" not in line
    assert not line.endswith((":", ",", " "))
    marked = with_free_text(record_fields(record), dict.fromkeys(free_text(record), "Only in the notes"))
    assert described(read_record(record.kind, marked)) == line


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | NAMES, inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(list(KINDS)), st.data())
def test_nothing_but_our_own_errors_comes_of_what_is_given(kind: str, data: st.DataObject) -> None:
    names = st.sampled_from(list(KINDS[kind].model_fields)) | st.text(max_size=8)
    fields = data.draw(st.dictionaries(names, ANYTHING, max_size=6))
    with suppress(LmstrackError):
        record = read_record(kind, fields)
        assert read_record(kind, record_fields(record)) == record


@given(st.sampled_from(list(KINDS)), st.data())
def test_nothing_but_our_own_errors_comes_of_what_is_typed(kind: str, data: st.DataObject) -> None:
    texts = st.text(max_size=12) | st.sampled_from(
        ["yes", "12", "1,5", "[]", "{}", "[1]", "null", "a:1", "2026", "fri"]
    )
    pairs = data.draw(st.dictionaries(st.sampled_from([*KINDS[kind].model_fields]), texts, max_size=6))
    with suppress(LmstrackError):
        record = from_text(kind, pairs, today=TODAY)
        assert read_record(kind, record_fields(record)) == record


@given(st.text(max_size=30))
def test_nothing_but_our_own_errors_comes_of_a_broken_body(text: str) -> None:
    with pytest.raises(LmstrackError):
        read_body("booking", text)


def test_free_text_is_found_inside_plans_actions_and_corrections() -> None:
    mdt = Mdt(
        decision="operate first",
        plan=(PlannedTreatment(treatment="radiotherapy", boost_reason="close to the nerve"),),
        actions=(Action(owner="navigator", what="book the scan"),),
    )
    assert free_text(mdt) == {
        "decision": "operate first",
        "plan[0].boost_reason": "close to the nerve",
        "actions[0].what": "book the scan",
    }
    correction = Correct(line=4, nature="refined", because="letter came", instead=Instead(on="2026-03", record=mdt))
    assert list(free_text(correction)) == [
        "because",
        "instead.decision",
        "instead.plan[0].boost_reason",
        "instead.actions[0].what",
    ]
    assert record_fields(correction)["instead"] == {"on": "2026-03", "kind": "mdt", **record_fields(mdt)}


def test_a_record_cannot_be_changed_and_shows_only_what_is_known() -> None:
    biopsy = Biopsy(method="core")
    assert repr(biopsy) == "Biopsy(method='core')"
    with pytest.raises(ValidationError):
        biopsy.method = "fna"


def test_only_known_fields_are_written_and_whole_numbers_have_no_point() -> None:
    assert record_fields(Surgery(margin_mm=12.0, bso=False)) == {"margin_mm": 12, "bso": False}
    assert record_fields(Radiotherapy(dose_gy=50.4, started_on=date(2026, 3, 4))) == {
        "started_on": "2026-03-04",
        "dose_gy": 50.4,
    }


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (Imaging(region="primary", modality="MRI", adequate=True), "MRI of the primary, adequate"),
        (
            Imaging(regions=("chest", "abdomen_pelvis"), modality="CT"),
            "CT of the chest and abdomen and pelvis",
        ),
        (
            Imaging(region="whole_body", modality="PET_CT", adequate=False),
            "PET-CT of the whole body, not adequate",
        ),
        (
            Biopsy(method="core", track_planned_with_surgeon=True),
            "core biopsy, track planned with the surgeon",
        ),
        (Biopsy(method="fna"), "fine-needle aspiration"),
        (Biopsy(), "biopsy"),
        (Visit(components=("history", "examination")), "visit: history and examination"),
        (Visit(), "visit"),
        (Death(cause="disease"), "death (disease)"),
        (Death(), "death"),
        (
            Surgery(operation="wide_excision", r_class="R0", margin_mm=12),
            "surgery: wide excision, R0, margin 12 mm",
        ),
        (
            Staging(t="2", n="0", m="0", prefix="p", authority="AJCC", edition="8"),
            "staging pT2 N0 M0, AJCC 8",
        ),
        (
            Mdt(intent="curative", plan=(PlannedTreatment(treatment="surgery"),)),
            "MDT, plans surgery, curative",
        ),
        (Systemic(regimen=("doxorubicin",), cycle=2, line="1"), "cycle 2 of doxorubicin, line 1"),
        (CardiacFunction(lvef_pct=62), "cardiac function: LVEF 62 %"),
        (
            Consultation(menopausal_status="pre", prior_mediastinal_rt=False),
            "consultation: menopausal status pre, prior mediastinal RT: no",
        ),
        (
            Consultation(mri_contraindicated=True, malignancy_suspicion="high"),
            "consultation: malignancy suspicion high, MRI contraindicated",
        ),
        (Pathology(uterine_grade="high"), "pathology: uterine grade high"),
        (Systemic(regimen=("doxorubicin",), child_pugh="A"), "cycle of doxorubicin, Child-Pugh A"),
        (
            Booking(strand="clinic_review", for_date=date(2026, 3, 4)),
            "booked for 4 Mar 2026, strand clinic_review",
        ),
        (Contact(outcome="no_answer", channel="telephone"), "contact: no answer, channel telephone"),
        (TreatmentCompleted(next="surveillance"), "treatment completed, then surveillance"),
        (Referral(route="routine", size_mm=80, depth="deep"), "referral: routine, size 80 mm, deep"),
        (Correct(line=3, nature="entered_in_error"), "line 3 withdrawn (entered in error)"),
        (
            Correct(line=3, nature="refined", instead=Instead(on="2026-03", record=Biopsy(method="core"))),
            "line 3 corrected (refined): 2026-03, core biopsy",
        ),
    ],
)
def test_a_record_is_described_in_the_words_of_the_ward(record: Record, line: str) -> None:
    assert described(record) == line


def test_help_names_every_field_with_its_values() -> None:
    helped = {help_.field: help_ for help_ in field_help("booking")}
    assert helped["for_date"].holds == "date, required"
    assert [help_.field for help_ in field_help("imaging")] == list(Imaging.model_fields)
    assert {help_.field: help_.values for help_ in field_help("staging")}["n"] == ("0", "1", "X")
    with pytest.raises(InvalidData):
        field_help("bookin")
    for kind in KINDS:
        assert all(help_.holds for help_ in field_help(kind))


def test_the_extent_of_a_uterine_tumour_is_kept_with_the_stage() -> None:
    extent = FigoExtent(size_mm=60, adnexa=False, abdominal_sites=0)
    staging = Staging(figo_extent=extent)
    assert record_fields(staging) == {"figo_extent": {"size_mm": 60, "adnexa": False, "abdominal_sites": 0}}
    assert described(staging).endswith("size 60 mm, adnexa: no, abdominal sites 0")


def test_a_person_is_read_to_the_month_and_written_back() -> None:
    fields = {
        "name": "Jane Roe",
        "born": "1961-03",
        "sex": "female",
        "identifiers": {"mrn": "0012345678"},
        "contact_needs": {"language": "Polish", "interpreter": True},
    }
    person = read_person(fields)
    assert person.born == PartialDate.parse("1961-03")
    assert (person.born_first, person.born_last) == (date(1961, 3, 1), date(1961, 3, 31))
    assert person_fields(person) == fields
    assert person_fields(Person(name="Jane Roe")) == {"name": "Jane Roe"}
    assert (Person().born_first, Person().born_last) == (None, None)
    assert Person(born=date(1961, 3, 4)) == read_person({"born": "1961-03-04"})  # type: ignore[arg-type]
    jsonschema.validate(fields, Person.model_json_schema())


def test_a_person_is_never_shown_by_accident() -> None:
    fields = {"name": "Jane Roe", "born": "1961-03-04", "identifiers": {"mrn": "0012345678"}}
    person = read_person({**fields, "contact_needs": {"other": "ask for Jane's sister"}})
    for shown in (repr(person), str(person), f"{person}", repr([person]), repr(person.contact_needs)):
        assert "Jane" not in shown
        assert "0012345678" not in shown
        assert "1961" not in shown


def test_a_fault_of_a_person_repeats_nothing_that_identifies() -> None:
    with pytest.raises(InvalidData) as caught:
        read_person({"name": ["Jane Roe"], "born": "4/3/1961", "sex": "f", "identifiers": {"mrn": 12345678}})
    assert caught.value.faults == (
        "name: write text",
        "born: write a date as YYYY-MM-DD, YYYY-MM or YYYY",
        "sex: 'f' is not one of female, male, other, unknown",
        "identifiers.mrn: write it as text, so that its zeros stay",
    )


def test_a_departure_needs_its_reason() -> None:
    assert Departure(because="CT contraindicated").agreed_by is None
    with pytest.raises(InvalidData) as refused:
        Departure(because=" ")
    assert refused.value.faults == ("because: nothing is written; leave the field out when it is not known",)


def test_a_record_that_a_script_makes_is_told_every_fault_and_the_nearest_right_name() -> None:
    with pytest.raises(InvalidData) as refused:
        Imaging(region="chst", adequat=True)
    assert refused.value.asked == "Record imaging"
    assert refused.value.faults == (
        "region: 'chst' is not one of primary, chest, abdomen_pelvis, brain, whole_body, other; did you mean 'chest'?",
        "imaging has no field 'adequat'; did you mean 'adequate'?",
    )
    with pytest.raises(InvalidData) as of_a_part:
        PlannedTreatment(treatment="surgry")
    assert str(of_a_part.value) == (
        "Read the planned treatment: treatment: 'surgry' is not one of surgery, radiotherapy, systemic, observation, "
        "hyperthermia; did you mean 'surgery'?"
    )


def test_a_number_that_cannot_be_is_impossible_for_a_script_too() -> None:
    with pytest.raises(Impossible):
        Surgery(margin_mm=-1)


def test_what_is_read_from_elsewhere_is_not_made_a_second_time() -> None:
    assert not Imaging.__pydantic_custom_init__
