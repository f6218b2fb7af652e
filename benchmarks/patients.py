"""Invented patients: the same ones in every run, on four ways through the pathway."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from lmstrack.case_ids import case_id
from lmstrack.events import Event
from lmstrack.records import Person, read_person, read_record
from lmstrack.workflow import Workflow, load_workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.records import Record

    Entry = tuple[date, str, dict[str, object]]

#: The day on which everything is assessed and every list is made.
TODAY = date(2026, 11, 1)
#: Events of a case unless something else is asked for.
USUAL = 15
#: Every how many days a patient comes for follow-up, and how much longer one who is late has been away.
_EVERY = 100
_LATE = 400
_WORKFLOW = "leiomyosarcoma-2026.1"

_SITES: tuple[dict[str, object], ...] = (
    {"site_group": "extremity", "size_mm": 80, "depth": "deep"},
    {"site_group": "uterus", "size_mm": 60},
    {"site_group": "retroperitoneum", "size_mm": 120, "depth": "deep"},
    {"site_group": "trunk", "size_mm": 40, "depth": "superficial"},
)
#: The operation that each site asks for, with what has to be said of it.
_OPERATIONS: dict[object, dict[str, object]] = {
    "uterus": {"operation": "total_hysterectomy", "lymphadenectomy": False, "specimen_intact": True},
    "retroperitoneum": {"operation": "compartmental_en_bloc", "lymphadenectomy": False},
}
_WIDE: dict[str, object] = {"operation": "wide_excision"}
_REVIEW: dict[str, object] = {"components": ["history", "examination"]}
_CHEST: dict[str, object] = {"region": "chest", "modality": "CT", "outcome": "no_disease"}


@cache
def workflow() -> Workflow:
    """The released workflow, loaded once."""
    return load_workflow(_WORKFLOW)


def entries(number: int, events: int = USUAL) -> list[Entry]:
    """What happened to a patient: diagnosis, treatment, and as much follow-up as *events* leave room for.

    Follow-up is up to date but for one patient in ten. Every third has had no CT of the chest, every fifth no
    grade, so that there are findings and questions.
    """
    site = _SITES[number % len(_SITES)]
    operation = _OPERATIONS.get(site["site_group"], _WIDE)
    planned: list[dict[str, object]] = [{"treatment": "surgery", **operation}]
    pathology: dict[str, object] = {"specimen": "biopsy", "histology": "8890/3", "is_lms": True}
    first: list[tuple[int, str, dict[str, object]]] = [
        (0, "referral", site),
        (7, "imaging", {"region": "primary", "modality": "MRI", "adequate": True, "outcome": "suspicious"}),
        (14, "biopsy", {"method": "core", "track_planned_with_surgeon": True, "centre_designated": True}),
        (21, "pathology", pathology if number % 5 == 0 else {**pathology, "grade": 1 + number % 3}),
        (24, "imaging", {**_CHEST, "modality": "XR" if number % 3 == 0 else "CT"}),
        (28, "staging", {"t": "2", "n": "0", "m": "0", "stage_group": "IIIA"}),
        (31, "mdt", {"decision": "operate", "centre_designated": True, "rps_expertise": True, "plan": planned}),
        (
            45,
            "surgery",
            {**operation, "margin_mm": 4 + number % 12, "margin_barrier": "none"},
        ),
        (59, "pathology", {"specimen": "resection", "is_lms": True, "size_mm": 70}),
        (75, "treatment_completed", {"next": "surveillance"}),
    ]
    inside = site["site_group"] in {"uterus", "retroperitoneum"}
    follow_up: list[tuple[str, dict[str, object]]] = [
        ("visit", _REVIEW),
        ("imaging", _CHEST),
        (
            "imaging",
            {"region": "abdomen_pelvis" if inside else "primary", "modality": "MRI", "outcome": "no_disease"},
        ),
        ("rehabilitation", {"phase": "review"}),
    ]
    begun, rounds = divmod(max(0, events - len(first)), len(follow_up))[::-1]
    later = [(75 + _EVERY, *told) for told in follow_up[:begun]]
    for passed in range(rounds):
        later += [(75 + _EVERY * (passed + 2), *told) for told in follow_up]
    told = [*first, *later][:events]
    away = number * 37 % _EVERY + (number * 37 % _LATE if number % 10 == 7 else 0)
    start = TODAY - timedelta(told[-1][0] + away)
    return [(start + timedelta(day), kind, fields) for day, kind, fields in told]


def log(number: int, events: int = USUAL, case: str | None = None) -> list[Event]:
    """The log of a patient, each line entered on the day it speaks of."""
    return [
        Event(
            case=case or case_id(number + 1),
            line=line,
            on=on,
            record=read_record(kind, fields),
            recorded_at=datetime(on.year, on.month, on.day, 12, tzinfo=UTC),
            recorded_by="navigator-a",
            workflow=_WORKFLOW if line == 1 else None,
        )
        for line, (on, kind, fields) in enumerate(entries(number, events), start=1)
    ]


def person(number: int) -> Person:
    """Who the patient is."""
    return read_person(_person_fields(number))


def _person_fields(number: int) -> dict[str, object]:
    born = date(1930, 1, 1) + timedelta(number * 101 % 20_000)
    sex = "female" if _SITES[number % len(_SITES)]["site_group"] == "uterus" or number % 2 else "male"
    return {"name": f"Example, Patient {number}", "born": born.isoformat(), "sex": sex}


def ndjson(number: int, events: int = USUAL) -> Iterator[str]:
    """The lines of a patient in a file of a registry, the person first."""
    key = f"R{number:07d}"
    yield json.dumps({"case": key, "kind": "person", **_person_fields(number)})
    for place, (on, kind, fields) in enumerate(entries(number, events), start=1):
        yield json.dumps({"case": key, "on": on.isoformat(), "kind": kind, "source_id": f"{key}-{place}", **fields})


def next_visit() -> Record:
    """A review of the clinic, as the navigator would enter it after all that `entries` tells."""
    return read_record("visit", _REVIEW)
