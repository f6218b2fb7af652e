"""The pathway's own lookup and the stock machine of `transitions` say the same."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.pathway import Move, Pathway, Question, State
from lmstrack.records import read_record
from tests.storyteller import WORKFLOW

PATHWAY = WORKFLOW.pathway
KINDS = sorted({move.by for move in PATHWAY.moves})
DETAILS: dict[str, list[dict[str, object]]] = {
    "referral": [{}, {"site_group": "uterus", "route": "incidental"}, {"route": "unplanned_excision"}],
    "imaging": [{"region": "primary"}, {"region": "chest"}, {"regions": ["chest", "primary"]}],
    "biopsy": [{}],
    "pathology": [{"is_lms": True}, {}],
    "staging": [{"m": "1"}, {"m": "0"}, {}],
    "mdt": [{"decision": "surgery"}],
    "surgery": [{}, {"emergency": True}, {"operation": "unplanned_excision"}],
    "radiotherapy": [
        {"timing": "palliative"},
        {"timing": "palliative", "emergency": True},
        {"timing": "preoperative"},
        {},
    ],
    "systemic": [{"line": "1"}, {"line": "adjuvant"}, {"line": "adjuvant", "emergency": True}, {}],
    "treatment_completed": [{"next": "surveillance"}, {"next": "systemic_care"}],
    "recurrence": [{"status": "confirmed"}, {"status": "suspected"}],
    "death": [{}],
    "discharge": [{}],
    "not_lms": [{}],
    "transfer": [{"status": "sent"}, {"status": "accepted"}],
}


def event(line: int, kind: str, fields: dict[str, object]) -> Event:
    return Event(
        "LMS-0001-2", line, date(2026, 1, line), read_record(kind, fields), datetime(2026, 1, 1, tzinfo=UTC), "a"
    )


entries = st.sampled_from([(kind, fields) for kind, choices in DETAILS.items() for fields in choices])


@settings(max_examples=300, deadline=None)
@given(st.lists(entries, max_size=6), entries, st.sampled_from(sorted(PATHWAY.states)), st.booleans(), st.booleans())
def test_the_lookup_agrees_with_the_stock_machine(
    before: list[tuple[str, dict[str, object]]],
    asked: tuple[str, dict[str, object]],
    state: str,
    passes: bool,
    weighs: bool,
) -> None:
    facts = Facts(None)
    for line, (kind, fields) in enumerate(before, start=1):
        facts.add(event(line, kind, fields))
    new = event(len(before) + 1, *asked)
    facts.add(new)
    facts.asked = new
    quick = PATHWAY.move(state, asked[0], facts)
    question = Question(state, facts, (lambda move, seen: passes) if weighs else None)
    moved = PATHWAY.ask(asked[0], question)
    assert question.selected is quick
    assert moved == (quick is not None and (passes or not weighs))
    assert question.state == (quick.to if quick is not None and moved else state)


def test_a_refused_move_does_not_fall_through_to_the_next_candidate() -> None:
    special = Move("mdt", ("a",), "b", {"m": frozenset({"1"})}, (), "special")
    ordinary = Move("mdt", ("a",), "c", {}, (), "ordinary")
    pathway = Pathway([State("a", "", 0), State("b", "", 1), State("c", "", 1)], "a", [special, ordinary])
    facts = Facts(None)
    facts.add(event(1, "staging", {"m": "1"}))
    question = Question("a", facts, lambda move, seen: False)
    assert pathway.ask("mdt", question) is False
    assert (question.state, question.selected) == ("a", special)


def test_no_move_is_made_by_a_method_that_skips_the_guards() -> None:
    assert not [trigger for trigger in PATHWAY._machine.events if trigger.startswith("to_")]


def test_open_from_lists_the_moves_out_of_a_state_in_the_order_of_the_file() -> None:
    names = [(move.by, move.name) for move in PATHWAY.open_from("imaging")]
    assert ("biopsy", "T2") in names
    assert names == [(move.by, move.name) for move in PATHWAY.moves if "imaging" in move.origins]


def test_the_diagram_shows_every_state() -> None:
    drawn = PATHWAY.diagram()
    assert drawn.startswith("---") or "stateDiagram" in drawn
    assert all(state in drawn for state in PATHWAY.states)
