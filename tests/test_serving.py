"""What an event does for a strand: all of it, a part of it, by hearsay only, or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lmstrack.events import Event
from lmstrack.plans import Service
from lmstrack.records import read_record
from lmstrack.serving import Served, begins, ends, serves, wholly

REVIEW = Service(
    "visit",
    {"components": ("history", "examination")},
    never={"mode": ("video", "telephone")},
    unless_counted={"purpose": ("wound", "other")},
)
CHEST = Service(
    "imaging", {"region": ("chest", "whole_body"), "modality": ("CT", "PET_CT")}, never={"adequate": (False,)}
)
ANY_SCAN = Service("imaging")
NOTHING, WHOLLY, CLAIMED, COUNTED = Served(nothing=True), Served(), Served(claimed=True), Served(counted=True)
BOTH = ["history", "examination"]


def event(kind: str, **fields: Any) -> Event:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    return Event("LMS-0001-2", 1, date(2026, 3, 1), read_record(kind, fields), noon, "navigator-a")


def scan(**fields: Any) -> Event:
    where = {} if "regions" in fields else {"region": "chest"}
    return event("imaging", **{**where, "modality": "CT", **fields})


def lacking(*components: str) -> Served:
    return Served(missing=components)


@pytest.mark.parametrize(
    ("fields", "served"),
    [
        ({"components": BOTH}, WHOLLY),
        ({"components": ["history"]}, lacking("examination")),
        ({"components": ["examination"]}, lacking("history")),
        ({"components": []}, NOTHING),
        ({}, lacking("history", "examination")),
        ({"components": BOTH, "mode": "in_person"}, WHOLLY),
        ({"components": BOTH, "mode": "telephone"}, lacking("examination")),
        ({"components": BOTH, "mode": "video"}, lacking("examination")),
        ({"components": ["examination"], "mode": "telephone"}, lacking("history")),
        ({"mode": "telephone"}, lacking("history", "examination")),
        ({"components": [], "mode": "telephone"}, NOTHING),
        ({"components": BOTH, "purpose": "surveillance"}, WHOLLY),
        ({"components": BOTH, "counts": False, "because": "too short"}, NOTHING),
        ({"components": BOTH, "purpose": "wound"}, NOTHING),
        ({"components": BOTH, "purpose": "other"}, NOTHING),
        ({"components": ["history"], "purpose": "wound"}, NOTHING),
        ({"components": BOTH, "purpose": "wound", "counts": True, "because": "seen"}, COUNTED),
        ({"components": BOTH, "counts": True, "because": "seen"}, COUNTED),
        ({"components": ["history"], "counts": True, "because": "seen"}, lacking("examination")),
        ({"components": BOTH, "mode": "telephone", "counts": True, "because": "seen"}, lacking("examination")),
    ],
)
def test_a_visit_serves_by_what_was_done_in_it(fields: dict[str, Any], served: Served) -> None:
    assert serves(REVIEW, event("visit", **fields)) == served


@pytest.mark.parametrize(
    ("fields", "served"),
    [
        ({}, WHOLLY),
        ({"modality": "PET_CT"}, WHOLLY),
        ({"modality": "XR"}, NOTHING),
        ({"modality": None}, NOTHING),
        ({"region": "whole_body"}, WHOLLY),
        ({"region": "primary"}, NOTHING),
        ({"regions": ["chest", "primary"]}, WHOLLY),
        ({"regions": ["primary", "whole_body"]}, WHOLLY),
        ({"regions": ["primary", "brain"]}, NOTHING),
        ({"adequate": True}, WHOLLY),
        ({"adequate": False}, NOTHING),
        ({"evidence": "patient_said"}, CLAIMED),
        ({"evidence": "report"}, WHOLLY),
        ({"modality": "XR", "evidence": "patient_said"}, NOTHING),
    ],
)
def test_a_scan_serves_by_what_it_shows_and_how_it_was_done(fields: dict[str, Any], served: Served) -> None:
    assert serves(CHEST, scan(**fields)) == served
    assert wholly(CHEST, scan(**fields)) is (served == WHOLLY)


def test_what_is_of_another_kind_serves_nothing() -> None:
    assert serves(CHEST, event("visit", components=BOTH)) == NOTHING
    assert serves(Service("visit"), scan()) == NOTHING
    assert not wholly(ANY_SCAN, event("visit"))


def test_where_the_kind_is_all_that_is_asked_everything_of_it_serves() -> None:
    assert serves(ANY_SCAN, scan(region="brain", adequate=False)) == WHOLLY
    assert wholly(ANY_SCAN, scan(region="brain", adequate=False))
    assert serves(ANY_SCAN, scan(evidence="patient_said")) == CLAIMED
    assert not wholly(ANY_SCAN, scan(evidence="patient_said"))


SAID = {"evidence": "patient_said"}


@pytest.mark.parametrize(
    ("told", "results", "hearsay"),
    [
        (SAID, [], True),
        (SAID, [{"evidence": "report"}], False),
        (SAID, [{"reported_on": "2026-03-05"}], False),
        (SAID, [{"outcome": "no_disease"}], True),
        (SAID, [{"reported_on": "2026-03-05"}, {"outcome": "no_disease"}], False),
        (SAID, [{"evidence": "report"}, SAID], True),
        (SAID, [SAID, {"evidence": "report"}], False),
        (SAID, [{"reported_on": "2026-03-05", **SAID}], True),
        ({}, [], False),
        ({}, [SAID], True),
        ({}, [{"outcome": "no_disease"}], False),
    ],
)
def test_the_latest_result_that_gives_its_evidence_says_whether_a_scan_is_hearsay(
    told: dict[str, Any], results: list[dict[str, Any]], hearsay: bool
) -> None:
    done = scan(**told)
    later = [event("result", line=done.line, **result) for result in results]
    for service in (CHEST, ANY_SCAN):
        assert serves(service, done, later) == (CLAIMED if hearsay else WHOLLY)
        assert wholly(service, done, later) is not hearsay


@pytest.mark.parametrize(
    ("phase", "over", "again"),
    [
        ("started", False, True),
        ("review", False, False),
        ("maximal_function", True, False),
        ("declined", True, False),
    ],
)
def test_rehabilitation_ends_with_what_it_can_reach_or_a_refusal_and_begins_with_a_start(
    phase: str, over: bool, again: bool
) -> None:
    told = event("rehabilitation", phase=phase)
    assert (ends(told), begins(told, "rehabilitation")) == (over, again)
    assert not begins(told, "visit")


def test_what_is_no_rehabilitation_ends_and_begins_nothing() -> None:
    assert not ends(event("visit"))
    assert not begins(event("visit"), "visit")


def test_what_a_clinician_marks_as_not_counting_does_not_serve_at_all() -> None:
    unread = scan(counts=False, because="too blurred to read")
    assert (serves(ANY_SCAN, unread), wholly(ANY_SCAN, unread), wholly(CHEST, unread)) == (NOTHING, False, False)
