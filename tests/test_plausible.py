"""What cannot have happened is refused outright; what may have happened is not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lmstrack.dates import PartialDate
from lmstrack.events import Event, standing
from lmstrack.plausible import impossible, impossible_again, impossible_birth
from lmstrack.records import Person, line_named, read_person, read_record

TODAY = date(2026, 11, 24)
BORN = read_person({"born": "1961-03-04"})


def event(at_line: int, on: str, kind: str, /, **fields: object) -> Event:
    day = PartialDate.parse(on)
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return Event("A", at_line, day.first, read_record(kind, fields), at, "navigator-a", day.precision)


def said(new: Event, *log: Event, person: Person | None = BORN) -> str | None:
    return impossible(person, standing(log), new, TODAY)


@pytest.mark.parametrize("on", ["1961-03-04", "1961-03", "1961", "2026-11-24", "2026-11", "2026"])
def test_what_may_have_been_on_some_day_is_possible(on: str) -> None:
    assert said(event(1, on, "visit")) is None


@pytest.mark.parametrize("on", ["1961-03-03", "1961-02", "1960"])
def test_nothing_happens_before_birth(on: str) -> None:
    assert said(event(1, on, "visit")) == f"visit on {on} is before the patient was born (1961-03-04)."
    assert said(event(1, on, "visit"), person=Person()) is None
    assert said(event(1, on, "visit"), person=None) is None


@pytest.mark.parametrize("on", ["2026-11-25", "2026-12", "2027"])
def test_nothing_is_done_in_the_future(on: str) -> None:
    assert said(event(1, on, "visit")) == f"visit on {on} lies in the future: today is 2026-11-24."


@pytest.mark.parametrize(
    ("kind", "field", "fields"),
    [
        ("imaging", "reported_on", {"region": "chest"}),
        ("result", "reviewed_on", {"line": 1}),
        ("result", "told_on", {"line": 1}),
        ("referral", "received_on", {}),
        ("radiotherapy", "started_on", {}),
        ("mdt", "shared_decision_on", {}),
        ("consultation", "fertility_discussed_on", {}),
    ],
)
def test_what_an_entry_tells_to_be_done_lies_in_the_past(kind: str, field: str, fields: dict[str, object]) -> None:
    scan = event(1, "2026-11-20", "imaging", region="chest")
    assert said(event(2, "2026-11-24", kind, **fields, **{field: date(2026, 11, 24)}), scan) is None
    assert said(event(2, "2026-11-24", kind, **fields, **{field: date(2026, 11, 25)}), scan) == (
        f"{kind} on 2026-11-24 says {field}=2026-11-25, which lies in the future: today is 2026-11-24."
    )


def test_what_an_entry_plans_may_lie_in_the_future() -> None:
    plan = ({"treatment": "radiotherapy", "timing": "preoperative", "started_on": "2026-12-01"},)
    assert said(event(1, "2026-11-24", "mdt", plan=plan)) is None
    assert said(event(1, "2026-11-24", "contact", outcome="call_back", next_on=date(2026, 12, 1))) is None


def test_a_pause_can_be_agreed_before_it_begins() -> None:
    assert said(event(1, "2026-12-01", "suspend", review_on=date(2027, 1, 1))) is None


def test_after_a_death_nothing_more_happens() -> None:
    died = event(1, "2026-05-10", "death")
    assert said(event(2, "2026-05-10", "visit"), died) is None
    assert said(event(2, "2026-05", "visit"), died) is None
    assert said(event(2, "2026-05-11", "visit"), died) == (
        "visit on 2026-05-11 is after the patient's death on 2026-05-10, line 1."
    )
    assert said(event(2, "2026-05-31", "visit"), event(1, "2026-05", "death")) is None
    assert said(event(2, "2026-06-01", "contact", outcome="reached"), died) is None


def test_a_death_that_was_withdrawn_ends_nothing() -> None:
    died = event(1, "2026-05-10", "death")
    withdrawn = event(2, "2026-05-20", "correct", line=1, nature="entered_in_error")
    assert said(event(3, "2026-06-01", "visit"), died, withdrawn) is None


def test_nobody_dies_before_they_were_last_seen_nor_twice() -> None:
    seen = event(1, "2026-05-10", "visit")
    assert said(event(2, "2026-05-10", "death"), seen) is None
    assert said(event(2, "2026-05-09", "death"), seen) == ("death on 2026-05-09 is before line 1, visit on 2026-05-10.")
    died = event(2, "2026-06-01", "death")
    assert said(event(3, "2026-06-01", "death"), seen, died) is None
    assert said(event(3, "2026-06", "death"), seen, died) is None
    assert said(event(3, "2026-06-02", "death"), seen, died) == (
        "death on 2026-06-02: a death on 2026-06-01 is on record, line 2."
    )


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("correct", {"line": 2, "nature": "entered_in_error"}),
        ("result", {"line": 2}),
        ("departure", {"line": 2, "rule": "LMS-DX-01", "because": "x"}),
        ("departure_review", {"line": 2, "rule": "LMS-DX-01", "outcome": "agreed"}),
        ("excuse", {"strand": "clinic_review", "occurrence": 2, "reason": "declined"}),
    ],
)
def test_a_line_that_is_named_has_to_be_there(kind: str, fields: dict[str, object]) -> None:
    log = [event(1, "2026-05-10", "visit"), event(2, "2026-05-11", "visit")]
    assert said(event(3, "2026-05-12", kind, **fields), *log) is None
    assert said(event(2, "2026-05-12", kind, **fields), log[0]) == (
        f"{kind} names line 2, which is not there: the log ends at line 1."
    )
    assert line_named(log[0].record) is None


def test_a_correction_can_be_no_more_impossible_than_an_entry() -> None:
    log = [event(1, "2026-05-10", "visit"), event(2, "2026-06-10", "death")]

    def moved_to(on: str) -> str | None:
        instead = {"on": on, "kind": "visit"}
        correction = {"line": 1, "nature": "refined", "instead": instead}
        return said(event(3, "2026-11-01", "correct", **correction), *log)

    assert moved_to("2026-06-10") is None
    assert moved_to("2026-06-11") == (
        "The corrected visit on 2026-06-11 is after the patient's death on 2026-06-10, line 2."
    )
    assert moved_to("1961-03-03") == ("The corrected visit on 1961-03-03 is before the patient was born (1961-03-04).")
    earlier = {"line": 2, "nature": "refined", "instead": {"on": "2026-05-09", "kind": "death"}}
    assert said(event(3, "2026-11-01", "correct", **earlier), *log) == (
        "The corrected death on 2026-05-09 is before line 1, visit on 2026-05-10."
    )


def test_a_correction_of_a_correction_names_an_earlier_line() -> None:
    log = [event(number, "2026-05-10", "visit") for number in (1, 2)]

    def reads(kind: str, line: int) -> str | None:
        instead = {"on": "2026-05-11", "kind": kind, "line": line}
        instead |= {"nature": "entered_in_error"} if kind == "correct" else {}
        correction = {"line": 2, "nature": "entered_in_error", "instead": instead}
        return said(event(3, "2026-05-12", "correct", **correction), *log)

    assert reads("correct", 1) is None
    assert reads("correct", 2) == "The corrected correct names line 2, which is not a line before 2."
    assert reads("result", 2) is None
    assert reads("result", 3) == "The corrected result names line 3, which is not a line before 3."


def test_a_death_does_not_come_back_before_what_was_recorded_after_it_was_withdrawn() -> None:
    death, seen = event(1, "2026-05-10", "death"), event(3, "2026-05-12", "visit")
    assert impossible_again(BORN, [seen], [death, seen], TODAY) == (
        "What would stand then, death on 2026-05-10 is before line 3, visit on 2026-05-12."
    )
    assert impossible_again(BORN, [], [death], TODAY) is None
    assert impossible_again(BORN, [death, seen], [death, seen], TODAY) is None


def test_a_birth_is_neither_tomorrow_nor_after_what_happened() -> None:
    log = [event(1, "2026-05-10", "visit"), event(2, "1960", "visit")]
    assert impossible_birth(Person(), log, TODAY) is None
    assert impossible_birth(BORN, log[:1], TODAY) is None
    assert impossible_birth(BORN, log, TODAY) == "A birth on 1961-03-04 is after line 2, visit on 1960."
    born = read_person({"born": "2026-11-25"})
    assert impossible_birth(born, (), TODAY) == "A birth on 2026-11-25 lies in the future: today is 2026-11-24."
