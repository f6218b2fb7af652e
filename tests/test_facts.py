"""What a case remembers of its facts is what it would answer if it were asked for the first time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack.facts import Facts
from tests.test_laws import CHOICES, beginning, log_of

QUESTIONS = (
    Facts.site_group,
    Facts.depth,
    Facts.size_mm,
    Facts.graded,
    Facts.grade,
    Facts.schedule_grade,
    Facts.histology_reported,
    Facts.disease,
    Facts.plan,
    Facts.margin,
)
TELLING: list[tuple[str, dict[str, Any]]] = [
    ("referral", {"site_group": "trunk", "size_mm": 30}),
    ("consultation", {"site_group": "uterus", "depth": "superficial"}),
    ("imaging", {"region": "primary", "modality": "MRI", "size_mm": 90, "depth": "deep"}),
    ("pathology", {"specimen": "resection", "grade": 2, "size_mm": 70}),
    ("radiotherapy", {"timing": "preoperative"}),
    ("systemic", {"line": "neoadjuvant", "regimen": ["doxorubicin"]}),
    ("staging", {"m": "1"}),
    ("mdt", {"plan": [{"treatment": "surgery"}]}),
    ("surgery", {"operation": "metastasectomy"}),
]
entries = st.lists(st.sampled_from(TELLING + CHOICES), max_size=12)


@settings(max_examples=150, deadline=None)
@given(entries)
def test_what_is_remembered_is_what_a_fresh_look_gives(kinds: list[tuple[str, dict[str, Any]]]) -> None:
    later = [(date(2022, 1, 1) + timedelta(day), *told) for day, told in enumerate(kinds)]
    log = log_of([*beginning(), *later])
    growing = Facts(None)
    for place, event in enumerate(log, start=1):
        growing.add(event)
        fresh = Facts(None)
        for earlier in log[:place]:
            fresh.add(earlier)
        assert [ask(growing) for ask in QUESTIONS] == [ask(fresh) for ask in QUESTIONS]
