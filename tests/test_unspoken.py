"""A strand that nobody spoke about is followed on a short way of its own, which leads to the same obligations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lmstrack.case import assess
from lmstrack.following import FOLLOWING
from lmstrack.records import read_record
from tests.storyteller import WORKFLOWS
from tests.test_laws import ANCHOR, CHOICES, beginning, log_of

MORE: list[tuple[str, dict[str, Any]]] = [
    ("imaging", {"region": "abdomen_pelvis", "modality": "CT", "reported_on": "2021-06-01"}),
    ("imaging", {"region": "primary", "modality": "MRI"}),
    (
        "visit",
        {"components": ["history", "examination"], "purpose": "wound", "counts": True, "because": "seen"},
    ),
    ("biopsy", {"method": "core"}),
    ("staging", {"t": "2", "n": "0", "m": "0"}),
    ("staging", {"m": "1"}),
    ("mdt", {"decision": "irradiate", "plan": [{"treatment": "radiotherapy", "timing": "postoperative"}]}),
    ("radiotherapy", {"timing": "preoperative"}),
    ("radiotherapy", {"timing": "postoperative"}),
    ("surgery", {"operation": "other", "emergency": True}),
    ("decision_to_treat", {}),
    ("referral", {"site_group": "uterus", "route": "urgent_suspected_cancer"}),
    ("consultation", {"site_group": "retroperitoneum"}),
    ("recurrence", {"status": "refuted"}),
    ("death", {"cause": "other"}),
    ("not_lms", {"diagnosis": "lipoma"}),
]
UNSPOKEN = [(kind, fields) for kind, fields in (*CHOICES, *MORE) if kind not in FOLLOWING]
AS_OF = ANCHOR + timedelta(days=2500)

days = st.integers(-90, 2400).map(lambda later: ANCHOR + timedelta(later))
entries = st.tuples(days, st.sampled_from(UNSPOKEN)).map(lambda told: (told[0], *told[1]))
precision = st.sampled_from(["day", "day", "day", "month", "year"])


def after(days: int, kind: str, **fields: Any) -> tuple[tuple[date, str, dict[str, Any]], str]:
    return (ANCHOR + timedelta(days), kind, fields), "day"


COUNTED: dict[str, Any] = {"components": ["history", "examination"], "counts": True, "because": "seen"}
CHEST: dict[str, Any] = {"region": "chest", "modality": "CT"}


@example([after(0, "visit", **COUNTED)], ANCHOR, True)
@example([after(20, "visit", **COUNTED)], ANCHOR, True)
@example([after(100, "imaging", **CHEST, evidence="patient_said"), after(110, "imaging", **CHEST)], ANCHOR, True)
@example(
    [after(40, "rehabilitation", phase="maximal_function"), after(90, "rehabilitation", phase="started")], ANCHOR, True
)
@given(st.lists(st.tuples(entries, precision), max_size=25), days, st.booleans())
@settings(max_examples=400, deadline=None)
def test_a_word_that_changes_nothing_changes_no_obligation(later, heard_on, followed_up) -> None:
    assert_a_word_changes_nothing(later, heard_on, followed_up)


SERVING = [(kind, fields) for kind, fields in UNSPOKEN if kind in {"visit", "imaging", "rehabilitation"}]
LATER_KNOWN: list[dict[str, Any]] = [{"evidence": "report"}, {"evidence": "patient_said"}, {"outcome": "no_disease"}]


@pytest.mark.parametrize("seed", range(60))
def test_of_these_patients_a_word_that_changes_nothing_changes_no_obligation(seed: int) -> None:
    """The same law of patients that are the same at every run and are followed up, so that it is asked in a second."""
    drawn = Random(seed)  # noqa: S311  # not for secrets
    lines = len(beginning())
    later: list[tuple[tuple[date, str, dict[str, Any]], str]] = []
    on = ANCHOR
    for _ in range(drawn.randint(4, 20)):
        on = drawn.choice([on, on, ANCHOR, *(ANCHOR + timedelta(drawn.randint(-30, 1500)) for _ in range(9))])
        kind, fields = drawn.choice(SERVING if drawn.random() < 0.9 else UNSPOKEN)
        later.append(((on, kind, fields), drawn.choice(["day"] * 5 + ["month", "year"])))
        if kind == "imaging" and drawn.random() < 0.5:
            result = {"line": lines + len(later), **drawn.choice(LATER_KNOWN)}
            later.append(((on + timedelta(drawn.randint(0, 30)), "result", result), "day"))
    assert_a_word_changes_nothing(later, ANCHOR, followed_up=True)


def assert_a_word_changes_nothing(
    later: list[tuple[tuple[date, str, dict[str, Any]], str]], heard_on: date, followed_up: bool
) -> None:
    """To resume what never paused makes every strand one that somebody spoke about, and says nothing of it."""
    told = [*(beginning() if followed_up else beginning()[:1]), *(entry for entry, _ in later)]
    log = log_of(told)
    for place, (_, known_to) in enumerate(later, start=len(log) - len(later)):
        day = log[place].on
        first = {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[known_to]
        log[place] = replace(log[place], on=first, precision=known_to)
    heard_on = max(heard_on, min(event.on for event in log) + timedelta(1))  # with the first event the case begins
    word = replace(log[0], line=len(log) + 1, on=heard_on, record=read_record("resume", {}), workflow=None)
    unspoken = assess(None, log, WORKFLOWS, AS_OF)
    spoken = assess(None, [*log, word], WORKFLOWS, AS_OF)
    assert unspoken.obligations == spoken.obligations
