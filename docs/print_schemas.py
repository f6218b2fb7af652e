"""Write the JSON Schema of every answer in JSON into docs/schemas; a test holds that they are current.

python docs/print_schemas.py
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lmstrack.lists import IN_STATE
from lmstrack.needs import Need
from lmstrack.reports.adopted import CHANGES as MOVED
from lmstrack.workflow import printed_overlay_schema, printed_schema

Schema = dict[str, Any]

FOLDER = Path(__file__).parent / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"

DAY = {"type": "string", "format": "date"}
DAY_OR_NONE = {"anyOf": [DAY, {"type": "null"}]}
PARTIAL = {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}
PARTIAL_OR_NONE = {"anyOf": [PARTIAL, {"type": "null"}]}
MOMENT_OR_NONE = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}
TEXT = {"type": "string"}
TEXT_OR_NONE = {"type": ["string", "null"]}
FLAG = {"type": "boolean"}
COUNT = {"type": "integer", "minimum": 0}
COUNT_OR_NONE = {"type": ["integer", "null"], "minimum": 0}
NUMBER_OR_NONE = {"type": ["number", "null"]}
CASE = {"type": "string", "pattern": "^LMS-[0-9]{4,}-[0-9]$"}
TEXTS = {"type": "array", "items": TEXT}
TEXT_BY_NAME = {"type": "object", "additionalProperties": TEXT}
COUNT_BY_NAME = {"type": "object", "additionalProperties": COUNT}
STATE = {
    "enum": [
        "void",
        "fulfilled",
        "excused",
        "closed",
        "suspended",
        "overdue",
        "due",
        "upcoming",
        "undetermined",
    ]
}
STATE_LISTED = {"enum": [state for state in IN_STATE if state != "overdue"]}
STRENGTH = {"enum": ["mandatory", "expected", "advisory"]}
ANSWER = {"enum": ["met", "not met", "unknown", "not asked"]}


def whole(keys: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object with exactly these keys, the optional ones left out or there."""
    return {
        "type": "object",
        "properties": {**keys, **(optional or {})},
        "required": list(keys),
        "additionalProperties": False,
    }


AGAINST = {"type": "array", "items": whole({"says": TEXT, "source": TEXT})}


def rows_of(
    address: str,
    row: Schema,
    totals: Schema,
    more: Mapping[str, Schema] | None = None,
    optional: Mapping[str, Schema] | None = None,
) -> Schema:
    """The envelope that every export of rows has."""
    return whole(
        {
            "schema": {"const": f"lmstrack.{address}/1"},
            "as_of": DAY_OR_NONE,
            "known_at": MOMENT_OR_NONE,
            "workflow": TEXT_OR_NONE,
            **(more or {}),
            "rows": {"type": "array", "items": row},
            "totals": totals,
        },
        optional,
    )


DEPARTURE_OR_NONE = {"anyOf": [whole({"because": TEXT, "agreed_by": TEXT_OR_NONE}), {"type": "null"}]}
FINDING = whole(
    {
        "rule": TEXT,
        "says": TEXT,
        "strength": STRENGTH,
        "answer": ANSWER,
        "needs": TEXT_OR_NONE,
        "found": TEXT_OR_NONE,
        "source": TEXT,
        "fix": TEXT_OR_NONE,
        "kind": TEXT,
        "on": DAY,
        "line": COUNT_OR_NONE,
        "departure": DEPARTURE_OR_NONE,
    }
)
FINDINGS = {"type": "array", "items": FINDING}
QUESTION = whole({"fact": TEXT, "question": TEXT, "record": TEXT})
OBLIGATION: dict[str, Schema] = {
    "case": CASE,
    "course": COUNT,
    "strand": TEXT,
    "occurrence": COUNT,
    "state": STATE,
    "days_overdue": COUNT_OR_NONE,
    "counts_from": DAY_OR_NONE,
    "due_from": DAY_OR_NONE,
    "due_by": DAY_OR_NONE,
    "last_done": DAY_OR_NONE,
    "phase": COUNT_OR_NONE,
    "plan": TEXT_OR_NONE,
    "provisional": FLAG,
    "catch_up": FLAG,
    "booked_for": DAY_OR_NONE,
    "stage": TEXT_OR_NONE,
    "navigator": TEXT_OR_NONE,
    "next_action": TEXT,
    "rule": TEXT,
    "source": TEXT,
}
PERSON: dict[str, Schema] = {"name": TEXT_OR_NONE, "born": PARTIAL_OR_NONE, "identifiers": TEXT_BY_NAME}
TOTALS = whole(
    {
        **dict.fromkeys(
            (
                "in_scope",
                "overdue",
                "overdue_booked",
                "due",
                "upcoming",
                "excused",
                "suspended",
                "undetermined",
            ),
            COUNT,
        ),
        "cases": whole(
            {"total": COUNT, "with_obligation": COUNT, "without_obligation": COUNT, "excluded": COUNT_BY_NAME}
        ),
    }
)
WINDOW = whole(
    {
        "strand": TEXT,
        "course": COUNT,
        "occurrence": COUNT,
        "state": STATE,
        "since": DAY,
        "counts_from": DAY_OR_NONE,
        "due_from": DAY_OR_NONE,
        "due_by": DAY_OR_NONE,
        "book_by": DAY_OR_NONE,
        "ended": TEXT_OR_NONE,
        "every": TEXT_OR_NONE,
        "until": TEXT_OR_NONE,
        "phase": COUNT_OR_NONE,
        "plan": TEXT_OR_NONE,
        "says": TEXT,
        "rule": TEXT,
        "source": TEXT,
        "chosen": TEXT_BY_NAME,
    }
)
FACTS = whole(
    {
        "site_group": TEXT_OR_NONE,
        "size_mm": NUMBER_OR_NONE,
        "depth": TEXT_OR_NONE,
        "grade": COUNT_OR_NONE,
        "t": TEXT_OR_NONE,
        "n": TEXT_OR_NONE,
        "m": TEXT_OR_NONE,
        "stage_group": TEXT_OR_NONE,
        "figo_stage": TEXT_OR_NONE,
        "disease": TEXT_OR_NONE,
        "r_class": TEXT_OR_NONE,
        "margin_mm": NUMBER_OR_NONE,
    }
)

STAGE_GROUP = whole(
    {
        "authority": {"enum": ["AJCC", "UICC"]},
        "edition": TEXT,
        "stage_group": TEXT_OR_NONE,
        "possible": TEXTS,
        "none_possible": FLAG,
        "ask": TEXTS,
        "flags": TEXTS,
        "reason": TEXT_OR_NONE,
        "source": TEXT,
    }
)
FIGO_STAGE = whole(
    {
        "figo": TEXT_OR_NONE,
        "possible": TEXTS,
        "ask": TEXTS,
        "flags": TEXTS,
        **dict.fromkeys(("t", "n", "m", "stage_group", "reason"), TEXT_OR_NONE),
        "source": TEXT,
    }
)
GRADE = whole(
    {
        "score": COUNT_OR_NONE,
        "grade": COUNT_OR_NONE,
        "possible": {"type": "array", "items": COUNT},
        "ask": TEXTS,
        "flags": TEXTS,
        "source": TEXT,
    }
)
COMPUTED_STAGE = whole(
    {
        "authority": TEXT,
        "edition": TEXT,
        "stage": TEXT_OR_NONE,
        "possible": TEXTS,
        "none_possible": FLAG,
        "ask": TEXTS,
        "flags": TEXTS,
        "reason": TEXT_OR_NONE,
        "categories": TEXT_OR_NONE,
        "source": TEXT,
    }
)

DUE_OR_NONE = {
    "anyOf": [
        whole(
            {"occurrence": COUNT, "state": STATE, "due_from": DAY_OR_NONE, "due_by": DAY_OR_NONE, "rule": TEXT},
        ),
        {"type": "null"},
    ]
}
CHANGES = whole(
    {
        "state": {"anyOf": [{"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}, {"type": "null"}]},
        "findings": FINDINGS,
        "findings_gone": FINDINGS,
        "questions": TEXTS,
        "questions_gone": TEXTS,
        "due": {
            "type": "array",
            "items": whole({"course": COUNT, "strand": TEXT, "before": DUE_OR_NONE, "after": DUE_OR_NONE, "why": TEXT}),
        },
    }
)

SCHEMAS: dict[str, Schema] = {
    "overdue": rows_of("overdue", whole(OBLIGATION, PERSON), TOTALS),
    "in_state": rows_of(
        "in_state",
        whole({**OBLIGATION, "since": DAY_OR_NONE, "because": TEXT_OR_NONE, "review_on": DAY_OR_NONE}, PERSON),
        TOTALS,
        {"state": STATE_LISTED},
    ),
    "worklist": rows_of(
        "worklist",
        whole(
            {
                "rank": TEXT,
                "need": {"enum": [need.value for need in Need]},
                "case": CASE,
                "course": COUNT_OR_NONE,
                "strand": TEXT_OR_NONE,
                "occurrence": COUNT_OR_NONE,
                "state": {"anyOf": [STATE, {"type": "null"}]},
                "days_overdue": COUNT_OR_NONE,
                "due_from": DAY_OR_NONE,
                "due_by": DAY_OR_NONE,
                "booked_for": DAY_OR_NONE,
                "days_booked_late": COUNT_OR_NONE,
                "attempts": COUNT_OR_NONE,
                "contacts": COUNT_OR_NONE,
                "call_agreed_for": DAY_OR_NONE,
                "answered_by": TEXT_OR_NONE,
                "questions": TEXTS,
                "navigator": TEXT_OR_NONE,
                "next_action": TEXT,
                "command": TEXT,
                "rule": TEXT_OR_NONE,
            },
            PERSON,
        ),
        whole(
            {
                **dict.fromkeys(
                    ("open", "listed", "booked", "upcoming", "suspended", "undetermined", "not_begun"), COUNT
                ),
                "needs": whole({need.value: COUNT for need in Need}),
                "questions": COUNT_OR_NONE,
                "cases": TOTALS["properties"]["cases"],
            }
        ),
    ),
    "obligations": rows_of("obligations", whole(OBLIGATION, PERSON), TOTALS),
    "show": rows_of(
        "show",
        whole(OBLIGATION),
        whole({"obligations": COUNT, "overdue": COUNT, "findings": COUNT, "questions": COUNT}),
        {
            "case": CASE,
            "state": TEXT,
            "course": COUNT,
            "left": TEXT_OR_NONE,
            "last_line": COUNT,
            "sex": TEXT_OR_NONE,
            "facts": FACTS,
            "computed_stage": {"anyOf": [COMPUTED_STAGE, {"type": "null"}]},
            "findings": FINDINGS,
            "departures": FINDINGS,
            "questions": {
                "type": "array",
                "items": whole({"fact": TEXT, "question": TEXT, "record": TEXT, "rules": TEXTS, "line": COUNT_OR_NONE}),
            },
        },
        PERSON,
    ),
    "why": rows_of(
        "why",
        whole(
            {
                "rule": TEXT,
                "answer": ANSWER,
                "strength": STRENGTH,
                "says": TEXT,
                "needs": TEXT_OR_NONE,
                "found": TEXT_OR_NONE,
                "fix": TEXT_OR_NONE,
                "source": TEXT,
                "chosen": TEXT_BY_NAME,
                "against": AGAINST,
                "kind": TEXT,
                "line": COUNT_OR_NONE,
                "on": DAY_OR_NONE,
                "departure": DEPARTURE_OR_NONE,
            }
        ),
        COUNT_BY_NAME,
        {
            "case": CASE,
            "topic": TEXT,
            "state": TEXT,
            "move": TEXT_OR_NONE,
            "computed_stage": {"anyOf": [COMPUTED_STAGE, {"type": "null"}]},
            "obligations": {"type": "array", "items": WINDOW},
            "notes": {
                "type": "array",
                "items": whole({"statement": TEXT, "became": TEXT, "says": TEXT, "source": TEXT, "against": AGAINST}),
            },
        },
    ),
    "next": rows_of(
        "next",
        whole(
            {
                "kind": TEXT,
                "to": TEXT,
                "ready": {"enum": ["yes", "no", "depends"]},
                "not_met": TEXTS,
                "unknown": TEXTS,
                "says": TEXT_OR_NONE,
                "fix": TEXTS,
            }
        ),
        whole({"ready": COUNT, "questions": COUNT}),
        {
            "case": CASE,
            "state": TEXT,
            "questions": {"type": "array", "items": QUESTION},
        },
    ),
    "duplicates": rows_of(
        "duplicates",
        whole(
            {"case": CASE, "other": CASE, "why": TEXTS, "command": TEXT},
            {"name": TEXT_OR_NONE, "born": TEXT_OR_NONE, "other_name": TEXT_OR_NONE, "other_born": TEXT_OR_NONE},
        ),
        whole({"pairs": COUNT}),
    ),
    "timeline": rows_of(
        "timeline",
        whole(
            {
                "case": CASE,
                "line": COUNT,
                "on": PARTIAL,
                "kind": TEXT,
                "what": TEXT,
                "moved_to": TEXT_OR_NONE,
                "out_of_order": FLAG,
                "open": TEXTS,
                "departures": TEXTS,
                "stands": FLAG,
                "corrected": FLAG,
                "record": {"type": "object"},
                "computed_stage": TEXT_OR_NONE,
                "recorded_on": DAY,
                "recorded_at": {"type": "string", "format": "date-time"},
                "recorded_by": TEXT,
                "source": TEXT_OR_NONE,
                "source_id": TEXT_OR_NONE,
            }
        ),
        whole({"lines": COUNT, "standing": COUNT}),
        {
            "case": CASE,
            "state": TEXT,
        },
    ),
    "cases": rows_of(
        "cases",
        whole(
            {
                "case": CASE,
                "state": TEXT,
                "course": COUNT,
                "stage": TEXT_OR_NONE,
                "navigator": TEXT_OR_NONE,
                "last_on": DAY_OR_NONE,
                "lines": COUNT,
                "left": TEXT_OR_NONE,
                "workflow": TEXT_OR_NONE,
            },
            {**PERSON, "sex": TEXT_OR_NONE},
        ),
        whole({"cases": COUNT}, {"states": COUNT_BY_NAME}),
    ),
    "case": whole({"case": CASE}),
    "recorded": whole(
        {
            "schema": {"const": "lmstrack.recorded/1"},
            "case": CASE,
            "line": COUNT,
            "kind": TEXT,
            "on": PARTIAL,
            "written": FLAG,
            "already": FLAG,
            "state": TEXT,
            "moved": {"anyOf": [{"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}, {"type": "null"}]},
            "findings": FINDINGS,
            "consequences": FINDINGS,
            "resolved": FINDINGS,
            "noted": TEXTS,
            "questions": {"type": "array", "items": QUESTION},
            "changes": {"anyOf": [CHANGES, {"type": "null"}]},
            "elsewhere": {
                "type": "array",
                "items": whole(
                    {"case": CASE, "line": COUNT_OR_NONE, "kind": TEXT, "findings": FINDINGS, "changes": CHANGES}
                ),
            },
            "came_from": {"anyOf": [whole({"case": CASE, "line": COUNT, "undo": TEXT}), {"type": "null"}]},
            "ahead": TEXT_OR_NONE,
            "undo": TEXT_OR_NONE,
        }
    ),
    "error": whole({"error": whole({"code": COUNT, "message": TEXT, "hint": TEXT_OR_NONE, "findings": FINDINGS})}),
    "schedule": rows_of(
        "schedule",
        whole(
            {
                "on": DAY,
                "strand": TEXT,
                "visit": COUNT,
                "after": TEXT,
                "every": TEXT,
                "phase": COUNT,
                "plan": TEXT,
                "rule": TEXT,
                "source": TEXT,
            }
        ),
        COUNT_BY_NAME,
        {
            "anchor": DAY,
            "until": DAY,
            "plan": TEXT,
            "provisional": FLAG,
            "missing": TEXTS,
        },
    ),
    "stage": rows_of(
        "stage",
        STAGE_GROUP,
        whole({}),
        {
            "site_group": TEXT_OR_NONE,
            "prefix": TEXT_OR_NONE,
            **dict.fromkeys(("t", "n", "m", "g"), TEXT_OR_NONE),
            **STAGE_GROUP["properties"],
        },
    ),
    "figo": rows_of(
        "figo", FIGO_STAGE, whole({}), {"edition": TEXT, "prefix": TEXT_OR_NONE, **FIGO_STAGE["properties"]}
    ),
    "grade": rows_of("grade", GRADE, whole({}), GRADE["properties"]),
    "rules": rows_of(
        "rules",
        whole(
            {
                "rule": TEXT,
                "became": TEXT,
                "strength": {"anyOf": [STRENGTH, {"type": "null"}]},
                "says": TEXT,
                "source": TEXT,
                "status": TEXT,
                "check": TEXT_OR_NONE,
                "parameters": {"type": "object"},
                "questions": TEXT_BY_NAME,
                "chosen": TEXT_BY_NAME,
                "against": AGAINST,
                "covers": TEXTS,
                "asked_by": TEXTS,
                "where": TEXTS,
                "strands": TEXTS,
                "departure": TEXT_OR_NONE,
                "stories": {"type": "array", "items": whole({"story": TEXT, "file": TEXT})},
            }
        ),
        COUNT_BY_NAME,
    ),
    "coverage": rows_of(
        "coverage",
        whole(
            {
                "statement": TEXT,
                "as": TEXT_OR_NONE,
                "became": TEXT,
                "where": TEXTS,
                "stories": TEXTS,
                "says": TEXT_OR_NONE,
            }
        ),
        COUNT_BY_NAME,
    ),
    "diff": rows_of(
        "diff",
        whole(
            {
                "case": CASE,
                "course": COUNT,
                "strand": TEXT,
                "occurrence": COUNT,
                "change": {"enum": ["new", "gone"]},
                "cause": {
                    "enum": [
                        "time passed",
                        "visit recorded",
                        "late entry",
                        "correction",
                        "exit",
                        "merge",
                        "rule change",
                        "departure",
                        "booking",
                    ]
                },
                "by_line": COUNT_OR_NONE,
                "by_kind": TEXT_OR_NONE,
                "by_on": DAY_OR_NONE,
                "recorded_on": DAY_OR_NONE,
                "due_by": DAY_OR_NONE,
                "navigator": TEXT_OR_NONE,
                "rule": TEXT,
            },
            {"name": TEXT_OR_NONE, "born": PARTIAL_OR_NONE},
        ),
        whole({"earlier": COUNT, "new": COUNT, "gone": COUNT, "later": COUNT, "causes": COUNT_BY_NAME}),
        {"earlier_as_of": DAY, "earlier_known_at": MOMENT_OR_NONE},
    ),
    "gaps": rows_of("gaps", whole({"gap": TEXT, "question": TEXT, "reading": TEXT, "why": TEXT}), COUNT_BY_NAME),
    "workflows": rows_of(
        "workflows",
        whole(
            {
                "workflow": TEXT,
                "title": TEXT,
                "version": TEXT,
                "disease": TEXT,
                "over": TEXT_OR_NONE,
                "site": TEXT_OR_NONE,
                "signed": {"enum": ["yes", "no"]},
                "signed_by": TEXT_OR_NONE,
                "signed_on": DAY_OR_NONE,
                "changes": COUNT_OR_NONE,
                "new_cases": FLAG,
                "rules": COUNT,
                "plans": COUNT,
                "gaps": COUNT,
                "digest": TEXT,
            }
        ),
        COUNT_BY_NAME,
    ),
    "workflow_parts": rows_of(
        "workflow_parts",
        whole(
            {
                "part": TEXT,
                "name": TEXT,
                "says": TEXT,
                "more": TEXT,
                "changed": TEXT_OR_NONE,
                "because": TEXT_OR_NONE,
                "signed_by": TEXT_OR_NONE,
            }
        ),
        COUNT_BY_NAME,
    ),
    "adoption": rows_of(
        "adoption",
        whole(
            {
                "case": CASE,
                "course": COUNT,
                "strand": TEXT,
                "change": {"enum": list(MOVED)},
                **{
                    f"{when}_{name}": held
                    for when in ("before", "after")
                    for name, held in (
                        ("occurrence", COUNT_OR_NONE),
                        ("state", {"anyOf": [STATE, {"type": "null"}]}),
                        ("due_from", DAY_OR_NONE),
                        ("due_by", DAY_OR_NONE),
                    )
                },
                "catch_up": FLAG,
                "why": TEXT,
                "line": COUNT_OR_NONE,
                "navigator": TEXT_OR_NONE,
                "rule": TEXT_OR_NONE,
            },
            {"name": TEXT_OR_NONE, "born": PARTIAL_OR_NONE},
        ),
        whole(
            {
                **dict.fromkeys(("cases", "catch_up", "changed", "unchanged", "already"), COUNT),
                "left_out": COUNT_BY_NAME,
                "findings": COUNT,
                "findings_gone": COUNT,
            }
        ),
        {"written": FLAG},
    ),
    "check": rows_of(
        "check",
        whole(
            {
                "file": TEXT,
                "part": {"enum": ["fault", "checked", "proved", "story", "sample"]},
                "name": TEXT,
                "holds": {"type": ["boolean", "null"]},
                "count": COUNT_OR_NONE,
                "says": TEXT,
                "plan": TEXT_OR_NONE,
                "strand": TEXT_OR_NONE,
                "phase": COUNT_OR_NONE,
                "rule": TEXT_OR_NONE,
                "first": DAY_OR_NONE,
                "first_due_from": DAY_OR_NONE,
                "first_due_by": DAY_OR_NONE,
                "last": DAY_OR_NONE,
                "last_due_from": DAY_OR_NONE,
                "last_due_by": DAY_OR_NONE,
            }
        ),
        whole(dict.fromkeys(("files", "faults", "proved", "refuted", "situations"), COUNT)),
        {
            "anchor": DAY,
            "files": {"type": "array", "items": whole({"file": TEXT, "faults": TEXTS, "holds": FLAG})},
        },
    ),
    "import": rows_of(
        "import",
        whole(
            {
                "row": COUNT,
                "case": TEXT,
                "became": {"enum": ["rejected", "changed"]},
                "line": COUNT_OR_NONE,
                "why": TEXT,
            }
        ),
        whole(
            dict.fromkeys(
                (
                    "rows_read",
                    "new",
                    "known",
                    "changed",
                    "rejected",
                    "cases_created",
                    "events",
                    "findings",
                    "questions",
                ),
                COUNT,
            )
        ),
        {
            "file": TEXT,
            "committed": FLAG,
            "rejects": TEXT_OR_NONE,
        },
    ),
    "doctor": rows_of(
        "doctor", whole({"finding": TEXT, "fault": FLAG}), whole({"cases": COUNT, "findings": COUNT, "odd": COUNT})
    ),
    "audit": whole(
        {
            "schema": {"const": "lmstrack.audit/1"},
            "head": TEXT,
            "faults": {"anyOf": [TEXTS, {"type": "null"}]},
        }
    ),
    "config": rows_of("config", whole({"setting": TEXT, "value": TEXT, "from": TEXT}), COUNT_BY_NAME),
    "init": whole({"schema": {"const": "lmstrack.init/1"}, "db": TEXT, "zone": TEXT, "workflow": TEXT}),
    "demo": whole(
        {
            "schema": {"const": "lmstrack.demo/1"},
            "database": TEXT,
            "report": TEXT,
            "events": COUNT,
            "overdue": COUNT,
            "next_steps": TEXTS,
        }
    ),
    **{
        name: whole(
            {
                "schema": {"const": f"lmstrack.{name}/1"},
                "file": TEXT,
                "cases": COUNT,
                "lines": COUNT,
                "sha256": TEXT,
                "head": TEXT,
            }
        )
        for name in ("backup", "restore")
    },
}


def printed(name: str) -> str:
    """The schema of one answer, as it stands in its file."""
    titled = {"$schema": DRAFT, "$id": f"lmstrack.{name}/1", "title": f"lmstrack {name}", **SCHEMAS[name]}
    return json.dumps(titled, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(exist_ok=True)
    for name in SCHEMAS:
        (FOLDER / f"{name}.schema.json").write_text(printed(name), encoding="utf-8")
    (FOLDER / "workflow.schema.json").write_text(printed_schema(), encoding="utf-8")
    (FOLDER / "overlay.schema.json").write_text(printed_overlay_schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
