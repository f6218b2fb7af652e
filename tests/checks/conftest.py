"""How these tests put a question: the log as one line per event, as a navigator would type it.

    answer("imaging_on_record", "2026-11-12 imaging region=chest modality=XR", "2026-11-23 biopsy")

The last line is the event that is judged; what lies after its day is not yet known. A day may be a month
or a year.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from lmstrack.checks import bound
from lmstrack.checks.asking import concerns, treatments
from lmstrack.dates import PartialDate
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Person, from_text, rank, read_person
from lmstrack.rules import NOT_ASKED
from lmstrack.workflow.scales import scales

if TYPE_CHECKING:
    from collections.abc import Callable

    from lmstrack.rules import Answer

SITES = ("extremity", "trunk", "head_neck", "skin")
BARRIERS = ("fascia", "periosteum", "epineurium", "vessel_wall", "peritoneum")
ANTHRACYCLINES = ("doxorubicin", "epirubicin")
PARAMETERS: dict[str, dict[str, Any]] = {
    "adult_at_referral": {"age_years": 18},
    "imaging_on_record": {"region": "primary", "modality": ["MRI", "CT"], "adequate": True},
    "biopsy_method_accepted": {
        "methods": ["core", "incisional"],
        "excisional_below_mm": 30,
        "excisional_depth": "superficial",
    },
    "modality_fits_site": {"preferred": ["MRI"], "ct_alone_for": ["retroperitoneum", "visceral"]},
    "histology_is_lms": {"morphologies": ["8890/3", "8891/3", "8896/3"]},
    "stated_stage_agrees": {"authority": "AJCC", "edition": "8"},
    "chest_imaged_before_mdt": {"modality": ["CT"], "instead": ["PET_CT"], "within_days": 42},
    "unplanned_excision_worked_up": {"modality": ["MRI"]},
    "margin_adequate": {"above_mm": 10, "barriers": BARRIERS, "sites": SITES},
    "radiotherapy_for_high_risk": {"above_mm": 50, "depth": "deep", "grades": [2, 3], "sites": SITES},
    "radiotherapy_for_close_margin": {"up_to_mm": 10, "barriers": BARRIERS, "sites": SITES},
    "imaged_or_explained": {
        "region": "abdomen_pelvis",
        "modality": ["CT", "MRI", "PET_CT"],
        "sites": ["retroperitoneum", "uterus"],
    },
    "chest_imaged_at_low_risk": {"up_to_mm": 50, "grades": [1], "modality": ["CT", "PET_CT"]},
    "radiotherapy_considered": {"above_mm": 10, "barriers": BARRIERS, "sites": SITES},
    "postoperative_dose_within": {
        "least_gy": 50,
        "most_gy": 66,
        "fraction_gy": [1.8, 2.0],
        "sites": (*SITES, "retroperitoneum"),
    },
    "preoperative_dose_within": {
        "least_gy": 50,
        "most_gy": 50.4,
        "fractions": [25, 28],
        "sites": (*SITES, "retroperitoneum"),
    },
    "boost_within": {"most_gy": 66},
    "interval_between_treatments": {
        "from_weeks": 3,
        "before_surgery_weeks": [6, 8],
        "after_surgery_weeks": [8, 12],
    },
    "seen_by_team_of_the_site": {"sites": ["retroperitoneum"]},
    "no_radiotherapy_before_surgery": {"site": "retroperitoneum"},
    "operation_fits_site": {"site": "uterus", "operations": ["total_hysterectomy"], "intact": True},
    "not_morcellated": {"site": "uterus"},
    "reconstruction_stated": {"sites": ["extremity", "retroperitoneum", "visceral"], "above_mm": 50},
    "treatment_before_surgery_considered": {"site": "retroperitoneum"},
    "ovaries_kept": {"menopause": ["pre"]},
    "no_adjuvant_radiotherapy": {"site": "uterus"},
    "first_line_anthracycline": {"anthracyclines": ANTHRACYCLINES, "line": "1"},
    "trabectedin_after_anthracycline": {"drug": "trabectedin", "anthracyclines": ANTHRACYCLINES},
    "drug_not_had_before": {"drug": "trabectedin"},
    "lvef_before_anthracycline": {"anthracyclines": ANTHRACYCLINES, "at_least_pct": 50},
    "lvef_again": {
        "anthracyclines": ANTHRACYCLINES,
        "from_mg_m2": 300,
        "at_least_pct": 50,
        "per_cycle_mg_m2": 75,
    },
    "cumulative_dose_within": {"anthracyclines": ANTHRACYCLINES, "up_to_mg_m2": 550, "per_cycle_mg_m2": 75},
    "cumulative_dose_with_cardiac_risk": {
        "anthracyclines": ANTHRACYCLINES,
        "up_to_mg_m2": 400,
        "per_cycle_mg_m2": 75,
    },
    "liver_allows_drugs": {"drugs": ANTHRACYCLINES, "up_to_mg_dl": 5, "not_for": ["C"]},
    "dose_reduced_for_liver": {
        "drugs": ANTHRACYCLINES,
        "from_mg_dl": 1.2,
        "below_mg_dl": 3.1,
        "at_most_mg_m2": 37.5,
    },
    "pregnancy_excluded": {"within_days": 28, "below_years": 55},
    "fertility_discussed": {"below_years": 50},
    "chemotherapy_around_surgery_chosen": {
        "above_mm": 50,
        "depth": "deep",
        "grades": [2, 3],
        "not_for": ["uterus"],
    },
    "chemotherapy_holds_drug": {"line": "adjuvant", "drugs": ["doxorubicin"]},
    "no_drug_without_evidence": {"drugs": ["eribulin"]},
    "metastasectomy_promising": {"free_months": 12, "up_to_nodules": 2},
}


def event(number: int, said: str) -> Event:
    """One line of the log from ``day kind field=value …``."""
    day, kind, *pairs = said.split()
    on = PartialDate.parse(day)
    fields = dict(pair.split("=", 1) for pair in pairs)
    record = from_text(kind, fields, today=date(2027, 1, 1))
    return Event("EXT-1", number, on.first, record, datetime(2027, 1, 1, tzinfo=UTC), "nurse", on.precision)


def facts(events: list[Event], asked: Event, born: str | None = None) -> Facts:
    """What is known on the day of *asked*, as the replay holds it."""
    case = Facts(None if born is None else Person(born=born))
    for each in sorted(events, key=lambda one: (one.on, rank(one.kind), one.line)):
        if each.on <= asked.on:
            case.add(each)
            if each.kind == "recurrence" and getattr(each.record, "status", "") == "confirmed":
                case.open_course(each.on)
    case.asked = asked
    return case


def _answer(
    name: str,
    *log: str,
    born: str | None = None,
    sex: str | None = None,
    listed: tuple[str, ...] = (),
    **parameters: Any,
) -> Answer:
    events = [event(number, said) for number, said in enumerate(log, 1)]
    judge = bound(name, PARAMETERS.get(name, {}) | parameters, scales())
    case = facts(events, events[-1], born)
    case.designated_centres = listed
    if sex is not None:
        case.person = read_person({"sex": sex} if born is None else {"sex": sex, "born": born})
    said = judge(case, events[-1].on)
    # What a check says of itself lets the replay pass it over, so every answer in these tests has to bear it out.
    assert said is NOT_ASKED or concerns(judge, events[-1].kind, treatments(events[-1].record), case.site_group())
    return said


@pytest.fixture(scope="session")
def answer() -> Callable[..., Answer]:
    """What a check says of the last of these lines."""
    return _answer


@pytest.fixture(scope="session")
def verdict() -> Callable[..., str]:
    """The verdict alone, as a word."""
    return lambda *said, **more: str(_answer(*said, **more).verdict)


@pytest.fixture(scope="session")
def asked_facts() -> Callable[..., list[tuple[str, int | None]]]:
    """The facts that an answer asks for, each with the line it is about."""
    return lambda *said, **more: [(ask.fact, ask.line) for ask in _answer(*said, **more).asks]


@pytest.fixture(scope="session")
def parameters() -> dict[str, dict[str, Any]]:
    """The parameters that these tests use for every check that has some."""
    return PARAMETERS


@pytest.fixture(scope="session")
def facts_of() -> Callable[..., Facts]:
    """What is known on the day of an event."""
    return facts
