"""Cases to put into a store, and the way round its triggers that a tamperer would take."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lmstrack.events import Event
from lmstrack.listing import Head, Listed
from lmstrack.records import Departure, Person, Record, read_person, read_record
from lmstrack.store import Store

NOW = datetime(2026, 11, 24, 9, 30, 15, 123456, tzinfo=UTC)


def person(name: str = "Ada Example", **fields: object) -> Person:
    return read_person({"name": name, "born": "1961-03-04", "sex": "female", **fields})


def event(
    case: str, line: int, kind: str = "contact", fields: Mapping[str, object] | None = None, **more: Any
) -> Event:
    record: Record = read_record(kind, fields if fields is not None else {"outcome": "reached"})
    on = more.pop("on", date(2026, 1, 1) + timedelta(days=line))
    return Event(case, line, on, record, NOW + timedelta(minutes=line), "navigator-a", **more)


def log_of(case: str) -> list[Event]:
    """Lines of all sorts: free text on top and further in, departures, a partial date, a source, a
    correction.
    """
    return [
        event(
            case,
            1,
            "referral",
            {"site_group": "extremity", "size_mm": 80.5},
            workflow="leiomyosarcoma-2026.1",
        ),
        event(case, 2, "imaging", {"region": "primary", "modality": "MRI"}, source="ris", source_id=f"{case}:1"),
        event(
            case,
            3,
            "mdt",
            {
                "decision": 'Operate "en bloc"',
                "actions": [{"what": "Ring Zoë"}, {"owner": "x", "what": "Book"}],
            },
            on=date(2026, 2, 1),
            precision="month",
            departures={"LMS-DX-12": Departure(because="CT kontraindiziert \\ Ärztin", agreed_by="lead surgeon")},
        ),
        event(
            case,
            4,
            "visit",
            {"components": ["history"]},
            as_history=True,
            source="clinic",
            source_id=f"{case}:1",
        ),
        event(
            case,
            5,
            "correct",
            {
                "line": 3,
                "nature": "refined",
                "because": "typed twice",
                "instead": {"on": "2026-02", "kind": "mdt", "decision": "Wait", "intent": "palliative"},
            },
        ),
    ]


def opened(store: Store, name: str = "Ada Example", lines: int | None = None, **fields: object) -> str:
    """A case with the lines of `log_of`, or with so many contacts."""
    with store.writing() as writer:
        case = writer.new_case(person(name, **fields), "navigator-a", NOW)
        writer.append(log_of(case) if lines is None else [event(case, n + 1) for n in range(lines)])
    return case


def row(case: str, **fields: Any) -> Listed:
    """An obligation from 1 March 2026 that is open and due from 1 to 30 June; *fields* say otherwise."""
    plain: dict[str, Any] = dict.fromkeys(Listed._fields)
    plain |= {
        "case": case,
        "course": 1,
        "strand": "clinic_review",
        "occurrence": 3,
        "group": "surveillance",
        "since": date(2026, 3, 1),
        "counts_from": date(2026, 4, 15),
        "due_from": date(2026, 6, 1),
        "due_by": date(2026, 6, 30),
        "current_from": date(2026, 3, 1),
        "provisional": False,
        "catch_up": True,
        "attempts": 0,
        "contacts": 2,
        "claimed": False,
        "partial": "history",
        "lost": False,
        "transfer_pending": False,
        "because": "",
        "next_action": "book a visit",
        "rule": "LMS-FU-01",
        "source": "seed 6, Follow-Up Protocol",
    }
    return Listed(**(plain | fields))


def head(case: str, lines: int = 5, **fields: Any) -> Head:
    plain: dict[str, Any] = {
        "case": case,
        "lines": lines,
        "last_on": date(2026, 2, 1),
        "state": "surveillance",
        "course": 1,
        "workflow": "leiomyosarcoma-2026.1",
        "navigator": None,
        "stage": "IIIA",
        "excluded": None,
        "open": 1,
    }
    return Head(**(plain | fields))


def tamper(url: str, *statements: str) -> None:
    """Change a database behind the back of the library, with its triggers off."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return
    import psycopg  # noqa: PLC0415

    with psycopg.connect(url) as server:
        server.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
        for statement in statements:
            server.execute(statement)
