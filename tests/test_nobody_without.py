"""The law of the pathway: whoever is not excluded has something open, in every state from the referral on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lmstrack.case import Case
from lmstrack.listing import listed
from lmstrack.lists import totals_of
from tests.test_laws import CHOICES, at, log_of

REFERRED = date(2021, 1, 31)
#: What the way to a treatment is made of, beside what happens afterwards.
BEFORE: list[tuple[str, dict[str, Any]]] = [
    ("referral", {"site_group": "extremity", "route": "urgent_suspected_cancer"}),
    ("referral", {"route": "incidental", "site_group": "uterus"}),
    ("referral", {"route": "unplanned_excision"}),
    ("consultation", {"depth": "deep"}),
    ("imaging", {"region": "primary", "modality": "MRI", "adequate": True, "reported_on": "2021-03-01"}),
    ("imaging", {"region": "chest", "modality": "CT"}),
    ("biopsy", {"method": "core"}),
    ("pathology", {"specimen": "biopsy", "histology": "8890/3", "grade": 3, "reviewed_on": "2021-06-01"}),
    ("pathology", {"specimen": "biopsy", "is_lms": False}),
    ("staging", {"t": "2", "n": "0", "m": "0"}),
    ("staging", {"m": "1"}),
    ("mdt", {"decision": "operate", "plan": [{"treatment": "surgery"}]}),
    ("mdt", {"plan": [{"treatment": "surgery"}, {"treatment": "radiotherapy", "timing": "postoperative"}]}),
    ("mdt", {"decision": "wait"}),
    ("decision_to_treat", {"earliest_clinically_appropriate": "2021-09-01"}),
    ("surgery", {"operation": "other", "emergency": True}),
    ("surgery", {"operation": "wide_excision"}),
    ("radiotherapy", {"timing": "preoperative", "status": "started"}),
    ("radiotherapy", {"timing": "preoperative", "started_on": "2021-04-01"}),
    ("radiotherapy", {"timing": "palliative"}),
    ("systemic", {"line": "neoadjuvant", "regimen": ["doxorubicin"]}),
    ("systemic", {"regimen": ["pazopanib"]}),
    ("result", {"line": 1, "told_on": "2021-07-01"}),
    ("recurrence", {"status": "refuted"}),
    ("not_lms", {"diagnosis": "lipoma"}),
    ("excuse", {"strand": "imaging_after_referral", "reason": "declined"}),
    ("excuse", {"strand": "treatment_after_mdt", "standing": True, "reason": "declined", "review_on": "2022-01-01"}),
    ("suspend", {"strand": "biopsy_after_imaging", "review_on": "2022-01-01"}),
]
days = st.integers(-400, 365 * 4).map(lambda after: REFERRED + timedelta(after))
entries = st.tuples(days, st.sampled_from([*BEFORE, *CHOICES])).map(lambda made: (made[0], made[1][0], made[1][1]))
ways = st.lists(entries, max_size=16).map(lambda more: [(REFERRED, *BEFORE[0]), *more])
DAY = timedelta(1)


def without_any(case: Case) -> int:
    return totals_of([(case, listed(case))], case.as_of).without_obligation


@settings(max_examples=400, deadline=None)
@given(ways, st.integers(0, 365 * 6))
@example([(REFERRED, *BEFORE[0]), (REFERRED + DAY, "recurrence", {"status": "confirmed", "sites": ["lung"]})], 1)
@example([(REFERRED, *BEFORE[0]), (REFERRED + DAY, "staging", {"m": "1"}), (REFERRED + 2 * DAY, *BEFORE[13])], 2)
@example([(REFERRED, *BEFORE[0]), (REFERRED + DAY, *BEFORE[19])], 400)
@example([(REFERRED, *BEFORE[0]), (REFERRED + DAY, "transfer", {"status": "sent"})], 400)
def test_nobody_who_is_not_excluded_is_without_an_open_obligation(
    told: list[tuple[date, str, dict[str, Any]]], after: int
) -> None:
    case = at(log_of(told), REFERRED + timedelta(after))
    assert without_any(case) == 0, (case.state, [obligation.strand for obligation in case.current()])


@settings(max_examples=100, deadline=None)
@given(ways, st.integers(0, 365 * 6), st.booleans())
def test_a_cohort_that_was_loaded_as_it_is_has_them_too_and_no_result_is_chased(
    told: list[tuple[date, str, dict[str, Any]]], after: int, by_month: bool
) -> None:
    log = [replace(event, as_history=True) for event in log_of(told)]
    if by_month:
        log = [replace(event, on=event.on.replace(day=1), precision="month") for event in log]
    case = at(log, REFERRED + timedelta(after))
    assert without_any(case) == 0
    assert not [obligation for obligation in case.obligations if obligation.group == "result"]
