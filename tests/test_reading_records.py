"""What is said when a record cannot be read, and what typed text becomes."""

from __future__ import annotations

from datetime import date

import pytest

from lmstrack.errors import Impossible, InvalidData
from lmstrack.records import (
    KINDS,
    Biopsy,
    Booking,
    Correct,
    FigoExtent,
    Imaging,
    Instead,
    Mdt,
    PlannedTreatment,
    Record,
    Referral,
    Staging,
    Suspend,
    Systemic,
    Visit,
    from_text,
    read_body,
    read_record,
)
from lmstrack.records.base import Shape
from lmstrack.records.shape import FieldShape, shapes

TUESDAY = date(2026, 11, 24)


def faults(kind: str, fields: dict[str, object]) -> list[str]:
    with pytest.raises(InvalidData) as caught:
        read_record(kind, fields)
    assert caught.value.exit_code == 4
    return list(caught.value.faults)


def typing_faults(kind: str, **pairs: str) -> list[str]:
    with pytest.raises(InvalidData) as caught:
        from_text(kind, pairs, today=TUESDAY)
    return list(caught.value.faults)


def test_an_unknown_kind_is_refused_with_the_nearest_one() -> None:
    assert faults("imagng", {}) == ["there is no kind of record 'imagng'; did you mean 'imaging'?"]
    assert faults("lost to follow-up", {}) == [
        "there is no kind of record 'lost to follow-up'; did you mean 'lost_to_follow_up'?"
    ]
    assert faults("zzz", {}) == ["there is no kind of record 'zzz'"]


def test_every_fault_is_told_at_once() -> None:
    fields: dict[str, object] = {
        "modalty": "MRI",
        "modality": "MR",
        "adequate": "true",
        "size_mm": 5000,
        "told_on": "2026-02-31",
        "counts": True,
    }
    assert faults("imaging", fields) == [
        "modality: 'MR' is not one of MRI, CT, US, XR, PET_CT; did you mean 'MRI'?",
        "adequate: write true or false",
        "size_mm: 5000 is not possible; the range is 1 to 1000 mm",
        "told_on: February 2026 has 28 days",
        "imaging has no field 'modalty'; did you mean 'modality'?",
        "imaging needs region, or regions for several at once, and not both",
        "imaging: counts wants because, the reason of the clinician who says so",
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("booking", {"strand": "clinic_review"}, "booking needs for_date"),
        ("recurrence", {}, "recurrence needs status (suspected, confirmed, refuted)"),
        ("excuse", {"strand": "chest_imaging"}, "excuse needs reason (declined, not_appropriate)"),
        ("visit", {"components": "history"}, "components: write a list"),
        (
            "visit",
            {"components": ["histry"]},
            "components[0]: 'histry' is not one of history, examination; did you mean 'history'?",
        ),
        ("visit", {"finding": 5}, "finding: write text"),
        ("visit", {"finding": "  "}, "finding: nothing is written; leave the field out when it is not known"),
        ("visit", {"finding": "a\x00b"}, "finding: the text holds a character that cannot be kept"),
        ("visit", {"finding": "x" * 20_001}, "finding: the text is longer than 20000 characters"),
        ("biopsy", {"technique_ok": 1}, "technique_ok: write true or false"),
        ("pathology", {"grade": 4}, "grade: 4 is not one of 1, 2, 3"),
        ("pathology", {"grade": True}, "grade: true is not one of 1, 2, 3"),
        ("pathology", {"grade": 2.0}, "grade: 2 is not one of 1, 2, 3"),
        ("pathology", {"mitoses_count": 2.5}, "mitoses_count: write a whole number"),
        ("pathology", {"necrosis_pct": "50"}, "necrosis_pct: write a number, such as 12 or 12.5"),
        ("pathology", {"necrosis_pct": float("nan")}, "necrosis_pct: write a number, such as 12 or 12.5"),
        ("pathology", {"histology": "8890"}, "histology: write an ICD-O-3 morphology, such as 8890/3"),
        ("pathology", {"reported_on": 20260304}, "reported_on: write a date as YYYY-MM-DD"),
        ("pathology", {"reported_on": "2026-03"}, "reported_on: write a date as YYYY-MM-DD"),
        ("pathology", {"reported_on": "0026-03-04"}, "reported_on: The year 26 is outside 1850 to 2200"),
        (
            "referral",
            {"symptom_onset": "last year"},
            "symptom_onset: write a date as YYYY-MM-DD, YYYY-MM or YYYY",
        ),
        ("referral", {"symptom_onset": "2026-13"}, "symptom_onset: There is no month 13"),
        ("staging", {"t": "5"}, "t: '5' is not one of 0, 1, 1a, 1b, 2, 2a, 2b, 3, 3a, 3b, 4, 4a, 4b, X"),
        ("staging", {"m": True}, "m: true is not one of 0, 1"),
        (
            "staging",
            {"figo_extent": "IB"},
            "figo_extent: write an object with the fields " + ", ".join(FigoExtent.model_fields),
        ),
        (
            "staging",
            {"figo_extent": {"adnex": True}},
            "figo_extent has no field 'adnex'; did you mean 'adnexa'?",
        ),
        ("systemic", {"line": "0"}, "line: write neoadjuvant, adjuvant, or the number of the line"),
        ("systemic", {"regimen": []}, "regimen: the list is empty; leave the field out when it is not known"),
        (
            "systemic",
            {"doses_mg_m2": {"doxorubicin": "75"}},
            "doses_mg_m2.doxorubicin: write a number, such as 12 or 12.5",
        ),
        ("systemic", {"doses_mg_m2": 75}, "doses_mg_m2: write an object, a number for each name"),
        (
            "mdt",
            {"plan": [{"bso": True}]},
            "plan[0] needs treatment (surgery, radiotherapy, systemic, observation, hyperthermia)",
        ),
        (
            "mdt",
            {"plan": [{"treatment": "surgery", "timing": "before"}]},
            "plan[0].timing: 'before' is not one of preoperative, postoperative, palliative, definitive",
        ),
        ("mdt", {"actions": [{"by": "2026-02-30"}]}, "actions[0].by: February 2026 has 28 days"),
        (
            "treatment_completed",
            {"next": "palliative_care"},
            "treatment_completed with next palliative_care needs review_on, the day to look again",
        ),
        (
            "excuse",
            {"strand": "s", "reason": "declined", "standing": True},
            "excuse with standing true needs review_on, the day to ask again",
        ),
        ("suspend", {"strand": "s"}, "suspend needs review_on"),
        ("visit", {"counts": False}, "visit: counts wants because, the reason of the clinician who says so"),
        (
            "imaging",
            {"region": "chest", "regions": ["chest"]},
            "imaging needs region, or regions for several at once, and not both",
        ),
        (
            "correct",
            {"line": 3, "nature": "refined"},
            "correct with nature refined needs instead, the event as it should read",
        ),
        (
            "correct",
            {"line": 3, "nature": "refined", "instead": 5},
            "instead: write an object with on, kind and the fields of the kind",
        ),
    ],
)
def test_a_fault_is_a_plain_sentence(kind: str, fields: dict[str, object], said: str) -> None:
    assert faults(kind, fields) == [said]


def test_an_exclusive_pair_is_refused_with_its_own_sentence() -> None:
    fields: dict[str, object] = {
        "strand": "chest_imaging",
        "reason": "declined",
        "standing": True,
        "occurrence": 4,
        "review_on": "2027-01-01",
    }
    assert faults("excuse", fields) == [
        "excuse takes occurrence for one obligation, or standing for all that follow, and not both"
    ]


def test_the_faults_of_the_event_inside_a_correction_are_told_with_their_place() -> None:
    instead = {"on": "2026-1", "kind": "imaging", "region": "chest", "modality": "MR", "regio": "chest"}
    assert faults("correct", {"line": 3, "nature": "refined", "instead": instead}) == [
        "instead.modality: 'MR' is not one of MRI, CT, US, XR, PET_CT; did you mean 'MRI'?",
        "instead: imaging has no field 'regio'; did you mean 'region'?",
        "instead.on: write a date as YYYY-MM-DD, YYYY-MM or YYYY",
    ]
    assert faults("correct", {"line": 3, "nature": "refined", "instead": {"on": "2026-01", "kind": "imagin"}}) == [
        "instead.kind: name the kind of record; did you mean 'imaging'?"
    ]
    with pytest.raises(Impossible):
        read_record(
            "correct",
            {
                "line": 3,
                "nature": "refined",
                "instead": {"on": "2026-01", "kind": "surgery", "margin_mm": -1},
            },
        )


def test_what_is_wrong_in_free_text_is_never_repeated() -> None:
    secret = "Jane Roe " * 3000
    for kind, field in [
        ("mdt", "decision"),
        ("visit", "finding"),
        ("departure", "because"),
        ("mdt", "key_worker"),
    ]:
        with pytest.raises(InvalidData) as caught:
            read_record(kind, {field: secret})
        assert "Jane" not in str(caught.value)


def test_a_value_that_is_repeated_is_cut_short() -> None:
    assert len(faults("imaging", {"region": "chest", "modality": "M" * 5000})[0]) < 120
    assert len(faults("imaging", {"region": "chest", "M" * 5000: 1})[0]) < 120
    with pytest.raises(Impossible, match=r"^Record imaging: size_mm: this is not possible; the range is 1 to 1000 mm"):
        read_record("imaging", {"region": "chest", "size_mm": 1e300})


def test_a_value_that_is_repeated_cannot_command_the_terminal() -> None:
    said = faults("imaging", {"region": "chest", "modality": "\x1b[2JMRI", "\x1b[0m": 1})
    assert said[0] == "modality: '?[2JMRI' is not one of MRI, CT, US, XR, PET_CT; did you mean 'MRI'?"
    assert said[1] == "imaging has no field '?[0m'; lmstrack help imaging names its fields"


def test_a_broken_body_is_told_apart_from_wrong_fields() -> None:
    with pytest.raises(InvalidData, match="this is not JSON"):
        read_body("booking", "{")
    with pytest.raises(InvalidData, match="write an object"):
        read_body("booking", "[]")
    with pytest.raises(InvalidData, match="booking needs strand; booking needs for_date"):
        read_body("booking", "{}")
    with pytest.raises(InvalidData, match="because"):
        read_body("visit", '{"counts": true, "mode": "phone"}')


def test_who_asked_begins_the_message() -> None:
    with pytest.raises(InvalidData, match=r"^Line 7: imaging needs region"):
        read_record("imaging", {}, asked="Line 7")
    with pytest.raises(InvalidData, match=r"^Line 7: there is no kind"):
        read_record("imagin", {}, asked="Line 7")


def physical() -> list[tuple[str, str, FieldShape]]:
    found = []
    for kind, model in KINDS.items():
        for name, shape in shapes(model).items():
            if shape.limits is not None:
                found.append((kind, name, shape))
    return found


@pytest.mark.parametrize(("kind", "name", "shape"), physical())
def test_a_number_outside_its_physical_range_is_impossible_and_its_ends_are_not(
    kind: str, name: str, shape: FieldShape
) -> None:
    limits = shape.limits
    assert limits is not None
    step = 1 if shape.base is int else 0.01
    whole = int if shape.base is int else float
    for end in (limits.least, limits.greatest):
        assert getattr(lone(kind, name, wrapped(shape, whole(end))), name) is not None
    for beyond in (limits.least - step, limits.greatest + step):
        with pytest.raises(Impossible, match="is not possible; the range is") as caught:
            lone(kind, name, wrapped(shape, whole(beyond)))
        assert caught.value.exit_code == 5


def wrapped(shape: FieldShape, number: float) -> object:
    return {"doxorubicin": number} if shape.base is dict else number


NEEDED: dict[type, object] = {bool: True, int: 1, str: "some", date: "2026-03-04"}


def lone(kind: str, name: str, value: object) -> Record:
    """The record with this field, and beside it only what its kind cannot do without."""
    model: type[Shape] = KINDS[kind]
    fields: dict[str, object] = {
        field: shape.values[0] if shape.values else NEEDED[shape.base]
        for field, shape in shapes(model).items()
        if shape.required
    }
    if kind == "imaging":
        fields["region"] = "chest"
    return read_record(kind, {**fields, name: value})


def test_a_slip_beside_an_impossible_number_is_invalid_data_that_names_both() -> None:
    assert faults("surgery", {"margin_mm": -1, "r_class": "R3"}) == [
        "r_class: 'R3' is not one of R0, R1, R2, RX",
        "margin_mm: -1 is not possible; the range is 0 to 200 mm",
    ]


def test_a_zero_that_is_a_measurement_is_kept() -> None:
    assert read_record("surgery", {"margin_mm": 0}) == read_record("surgery", {"margin_mm": 0.0})
    assert read_record("referral", {"ecog": 0}) == Referral(ecog=0)


def test_null_is_the_same_as_left_out() -> None:
    assert read_record("biopsy", {"method": None}) == Biopsy()
    assert read_body("biopsy", '{"method": null}') == Biopsy()


def test_false_none_and_not_known_are_three_things() -> None:
    assert Referral(germline_syndrome="none").germline_syndrome == "none"
    assert Referral().germline_syndrome is None
    assert read_record("referral", {"pregnant": False}) != read_record("referral", {})


def test_stages_may_be_written_as_numbers() -> None:
    assert read_record("staging", {"t": 2, "n": 0, "m": 1, "edition": 8}) == Staging(t="2", n="0", m="1", edition="8")
    assert read_record("systemic", {"line": 1}) == Systemic(line="1")


def test_drugs_are_kept_in_lower_case() -> None:
    given = {"regimen": ["Doxorubicin"], "doses_mg_m2": {" Doxorubicin ": 75}}
    assert read_record("systemic", given) == Systemic(regimen=("doxorubicin",), doses_mg_m2={"doxorubicin": 75})


def test_a_bare_yes_is_kept_where_people_say_it_of_a_remark() -> None:
    assert read_record("referral", {"functional_impact": True}) == Referral(functional_impact="yes")
    assert read_record("biopsy", {"complication": False}) == Biopsy(complication="no")


def test_a_correction_is_read_in_its_exchange_form() -> None:
    instead = {"on": "2026-03", "kind": "biopsy", "method": "core"}
    correction = read_record("correct", {"line": 3, "nature": "refined", "instead": instead})
    assert correction == Correct(line=3, nature="refined", instead=Instead(on="2026-03", record=Biopsy(method="core")))
    assert isinstance(correction, Correct)
    assert correction.instead is not None
    assert correction.instead.kind == "biopsy"
    assert correction.model_dump(exclude_none=True)["instead"] == instead


@pytest.mark.parametrize(
    ("kind", "pairs", "record"),
    [
        (
            "imaging",
            {"region": "primary", "modality": "MRI", "adequate": "true"},
            Imaging(region="primary", modality="MRI", adequate=True),
        ),
        (
            "imaging",
            {"region": "chest", "modality": "ct", "adequate": "N"},
            Imaging(region="chest", modality="CT", adequate=False),
        ),
        (
            "imaging",
            {"regions": "chest, abdomen_pelvis", "size_mm": "12.5"},
            Imaging(regions=("chest", "abdomen_pelvis"), size_mm=12.5),
        ),
        (
            "imaging",
            {"regions": '["chest"]', "told_on": "yesterday"},
            Imaging(regions=("chest",), told_on=date(2026, 11, 23)),
        ),
        (
            "visit",
            {"components": "history,examination", "finding": "well, no lump"},
            Visit(components=("history", "examination"), finding="well, no lump"),
        ),
        (
            "booking",
            {"strand": "clinic_review", "for_date": "fri"},
            Booking(strand="clinic_review", for_date=date(2026, 11, 27)),
        ),
        ("suspend", {"review_on": "in 3 months"}, Suspend(review_on=date(2027, 2, 24))),
        (
            "referral",
            {"symptom_onset": "2026-03", "ecog": "0", "pregnant": "yes"},
            Referral(symptom_onset="2026-03", ecog=0, pregnant=True),
        ),
        ("staging", {"t": "1A", "n": "x", "m": "0"}, Staging(t="1a", n="X", m="0")),
        (
            "systemic",
            {"regimen": "Doxorubicin,trabectedin", "cycle": "2", "line": "1"},
            Systemic(regimen=("doxorubicin", "trabectedin"), cycle=2, line="1"),
        ),
        (
            "systemic",
            {"doses_mg_m2": "doxorubicin:75, trabectedin: 1.1"},
            Systemic(doses_mg_m2={"doxorubicin": 75, "trabectedin": 1.1}),
        ),
        ("systemic", {"doses_mg_m2": '{"doxorubicin": 75}'}, Systemic(doses_mg_m2={"doxorubicin": 75})),
        (
            "mdt",
            {"plan": '[{"treatment": "surgery", "bso": false}]'},
            Mdt(plan=(PlannedTreatment(treatment="surgery", bso=False),)),
        ),
        ("death", {"cause": "unknown"}, read_record("death", {"cause": "unknown"})),
        ("surgery", {"margin_barrier": "none"}, read_record("surgery", {"margin_barrier": "none"})),
    ],
)
def test_typed_text_becomes_what_the_field_holds(kind: str, pairs: dict[str, str], record: Record) -> None:
    assert from_text(kind, pairs, today=TUESDAY) == record


@pytest.mark.parametrize(
    ("kind", "pairs", "said"),
    [
        ("biopsy", {"method": ""}, "method: nothing is written; leave the field out when it is not known"),
        (
            "biopsy",
            {"technique_ok": "unknown"},
            "technique_ok: write true or false; leave the field out when it is not known",
        ),
        (
            "biopsy",
            {"technique_ok": "1"},
            "technique_ok: write true or false; leave the field out when it is not known",
        ),
        (
            "biopsy",
            {"method": "unknown"},
            "method: 'unknown' is not one of core, incisional, excisional, fna",
        ),
        ("biopsy", {"methd": "core"}, "biopsy has no field 'methd'; did you mean 'method'?"),
        ("surgery", {"margin_mm": "1,5"}, "margin_mm: write '1.5', with a point"),
        ("surgery", {"margin_mm": "nan"}, "margin_mm: write a number, such as 12 or 12.5"),
        ("surgery", {"margin_mm": "inf"}, "margin_mm: write a number, such as 12 or 12.5"),
        ("surgery", {"margin_mm": "1e1"}, "margin_mm: write a number, such as 12 or 12.5"),
        ("surgery", {"margin_mm": "١٢"}, "margin_mm: write a number, such as 12 or 12.5"),
        ("systemic", {"cycle": "2.0"}, "cycle: write a whole number, 1 to 200"),
        (
            "systemic",
            {"doses_mg_m2": "doxorubicin"},
            "doses_mg_m2: write each name once with its number, such as doxorubicin:75,dacarbazine:400",
        ),
        (
            "systemic",
            {"doses_mg_m2": "a:1,A:2"},
            "doses_mg_m2: write each name once with its number, such as doxorubicin:75,dacarbazine:400",
        ),
        ("mdt", {"plan": "surgery"}, 'plan: this is not JSON; write [{"…": …}]'),
        ("mdt", {"plan": '{"treatment": "surgery"}'}, "plan: write a list of objects, as JSON"),
        (
            "staging",
            {"figo_extent": '{"adnexa": true, "adnexa": false}'},
            'figo_extent: this is not JSON; write {"…": …}',
        ),
        ("staging", {"figo_extent": '{"size_mm": NaN}'}, 'figo_extent: this is not JSON; write {"…": …}'),
        (
            "booking",
            {"strand": "s", "for_date": "31 feb 2026"},
            "for_date: February 2026 has 28 days. Type it like one of these: 2026-11-24, 24 Nov 2026",
        ),
    ],
)
def test_typed_text_that_cannot_be_meant_is_refused(kind: str, pairs: dict[str, str], said: str) -> None:
    assert typing_faults(kind, **pairs) == [said]


def test_typed_faults_are_told_together_with_those_of_the_record() -> None:
    assert typing_faults("booking", for_date="hello", plac="clinic")[0].startswith("for_date: No date can be made out")
    assert typing_faults("booking", for_date="hello", plac="clinic")[1:] == [
        "booking has no field 'plac'; did you mean 'place'?",
        "booking needs strand",
    ]
    assert typing_faults("booking", strand="s", for_date="fri", nosuchfield="1") == [
        "booking has no field 'nosuchfield'; lmstrack help booking names its fields"
    ]
    assert typing_faults("imaging", regions="chest,brian") == [
        (
            "regions: 'brian' is not one of primary, chest, abdomen_pelvis, brain, whole_body, other; "
            "did you mean 'brain'?"
        )
    ]


def test_a_typed_number_outside_its_physical_range_is_impossible() -> None:
    with pytest.raises(Impossible, match="size_mm: 0 is not possible; the range is 1 to 1000 mm"):
        from_text("imaging", {"region": "primary", "size_mm": "0"}, today=TUESDAY)


def test_a_date_with_slashes_needs_the_order_of_the_site() -> None:
    pairs = {"strand": "clinic_review", "for_date": "03/04/2027"}
    assert from_text("booking", pairs, today=TUESDAY, order="dmy") == Booking(
        strand="clinic_review", for_date=date(2027, 4, 3)
    )
    with pytest.raises(InvalidData, match="for_date"):
        from_text("booking", pairs, today=TUESDAY)
