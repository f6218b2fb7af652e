"""Several logs read as one: what stands of them together, and that nothing depends on how they were put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack.case import Case, assess
from lmstrack.errors import InvalidData
from lmstrack.events import Event
from lmstrack.joined import idle, in_view, merged, seen, standing_together, survivor, viewed
from lmstrack.places import place
from lmstrack.plausible import impossible
from lmstrack.records import Departure, from_text, line_named, read_record
from tests.storyteller import WORKFLOWS
from tests.test_laws import LAST, Entries, beginning, entry, log_of, multiset

ONE, TWO, THREE = "LMS-0001-3", "LMS-0002-1", "LMS-0003-7"
MERGED_ON = LAST - timedelta(1)

entries = st.lists(entry, max_size=8)


def line(case: str, number: int, on: date, kind: str, minute: int = 0, **fields: Any) -> Event:
    at = datetime(on.year, on.month, on.day, 12, minute, tzinfo=UTC)
    return Event(case, number, on, read_record(kind, fields), at, "navigator-a")


def own(case: str, told: Entries) -> list[Event]:
    return [replace(event, case=case) for event in log_of(told)]


def with_line(log: Sequence[Event], case: str, kind: str, minute: int = 0, **fields: Any) -> list[Event]:
    return [*log, line(case, len(log) + 1, MERGED_ON, kind, minute, **fields)]


def looked_at(case: str, logs: Mapping[str, Sequence[Event]], as_of: date = LAST) -> Case:
    return assess(None, viewed(case, logs), WORKFLOWS, as_of, case=case)


def told(case: Case) -> tuple[object, ...]:
    return case.state, case.course, case.findings, case.departures, case.asks, case.obligations, case.left


def alike(case: Case) -> tuple[object, ...]:
    """What is said of a case, but for the numbers of lines."""
    return case.state, case.course, case.left, multiset(case), Counter(finding.rule for finding in case.findings)


# ---- laws


@settings(max_examples=60, deadline=None)
@given(entries, entries)
def test_a_merge_that_is_taken_back_leaves_both_cases_as_they_were(one: Entries, two: Entries) -> None:
    apart = {ONE: own(ONE, beginning() + one), TWO: own(TWO, beginning() + two)}
    merged_log = with_line(apart[ONE], ONE, "merge", other_case=TWO)
    back = {**apart, ONE: with_line(merged_log, ONE, "unmerge", 1, other_case=TWO)}
    for case in (ONE, TWO):
        assert told(looked_at(case, back)) == told(assess(None, apart[case], WORKFLOWS, LAST))


@settings(max_examples=60, deadline=None)
@given(entries, entries)
def test_a_merge_that_is_undone_leaves_both_cases_as_they_were(one: Entries, two: Entries) -> None:
    apart = {ONE: own(ONE, beginning() + one), TWO: own(TWO, beginning() + two)}
    merged_log = with_line(apart[ONE], ONE, "merge", other_case=TWO)
    undone = with_line(merged_log, ONE, "correct", 1, line=len(merged_log), nature="entered_in_error")
    for case in (ONE, TWO):
        assert told(looked_at(case, {**apart, ONE: undone})) == told(assess(None, apart[case], WORKFLOWS, LAST))


@settings(max_examples=60, deadline=None)
@given(entries, entries)
def test_two_cases_that_were_merged_are_what_one_case_would_be(one: Entries, two: Entries) -> None:
    first, second = beginning() + one, beginning() + two
    logs = {ONE: with_line(own(ONE, first), ONE, "merge", other_case=TWO), TWO: own(TWO, second)}
    # What both tell alike would have been entered once.
    together = own(ONE, [*first, *(each for each in second if each not in first)])
    assert alike(looked_at(ONE, logs)) == alike(assess(None, together, WORKFLOWS, LAST))


@settings(max_examples=60, deadline=None)
@given(entries, entries, st.integers(0, 20), st.randoms(use_true_random=False))
def test_when_the_merge_is_entered_decides_nothing(one: Entries, two: Entries, at: int, random: Any) -> None:
    mixed = list({(each[0], each[1]): each for each in [*one, *two]}.values())
    random.shuffle(mixed)
    cut = random.randint(0, len(mixed))
    mine, others = own(ONE, beginning() + mixed[:cut]), own(TWO, mixed[cut:])
    last = with_line(mine, ONE, "merge", other_case=TWO)
    within = [each for each in mine if each.line <= at]
    early = [*within, line(ONE, len(within) + 1, MERGED_ON, "merge", other_case=TWO)]
    early += [replace(each, line=each.line + 1) for each in mine if each.line > at]
    assert alike(looked_at(ONE, {ONE: last, TWO: others})) == alike(looked_at(ONE, {ONE: early, TWO: others}))


@settings(max_examples=60, deadline=None)
@given(entries, entries)
def test_which_of_the_two_goes_on_decides_nothing_but_its_name(one: Entries, two: Entries) -> None:
    mixed = list({(each[0], each[1]): each for each in [*beginning(), *one, *two]}.values())
    logs = {ONE: own(ONE, mixed[::2]), TWO: own(TWO, mixed[1::2])}
    into_one = {**logs, ONE: with_line(logs[ONE], ONE, "merge", other_case=TWO)}
    into_two = {**logs, TWO: with_line(logs[TWO], TWO, "merge", other_case=ONE)}
    assert alike(looked_at(ONE, into_one)) == alike(looked_at(TWO, into_two))


@settings(max_examples=40, deadline=None)
@given(entries, entries, st.integers(1, 3000))
def test_before_the_day_of_a_merge_there_are_two_cases(one: Entries, two: Entries, days: int) -> None:
    apart = {ONE: own(ONE, beginning() + one), TWO: own(TWO, beginning() + two)}
    logs = {**apart, ONE: with_line(apart[ONE], ONE, "merge", other_case=TWO)}
    earlier = MERGED_ON - timedelta(days)
    for case in (ONE, TWO):
        assert told(looked_at(case, logs, earlier)) == told(assess(None, apart[case], WORKFLOWS, earlier))


# ---- who is merged with whom


def test_a_case_that_was_merged_has_nothing_of_its_own() -> None:
    logs = {ONE: with_line(own(ONE, beginning()), ONE, "merge", other_case=TWO), TWO: own(TWO, beginning())}
    gone = looked_at(TWO, logs)
    assert (gone.left, gone.into, gone.obligations, gone.findings, gone.asks) == ("merged", ONE, (), (), ())
    assert gone.state == "surveillance"
    assert looked_at(ONE, logs).into is None


def test_a_chain_of_merges_ends_in_the_case_that_stands_for_all() -> None:
    three, two = line(TWO, 1, MERGED_ON, "merge", other_case=THREE), line(ONE, 1, MERGED_ON, "merge", 1, other_case=TWO)
    logs = {ONE: [two], TWO: [three], THREE: [line(THREE, 1, MERGED_ON, "assign", navigator="b")]}
    parents = merged(viewed(ONE, logs))
    assert parents == {THREE: TWO, TWO: ONE}
    assert [survivor(case, parents) for case in (ONE, TWO, THREE)] == [ONE, ONE, ONE]
    assert [event.line for event in seen(ONE, viewed(ONE, logs)).lines] == [1, place(TWO, 1), place(THREE, 1)]
    assert seen(THREE, viewed(THREE, logs)) == ([logs[THREE][0]], ONE)


@pytest.mark.parametrize("case", [ONE, TWO, THREE])
def test_a_merge_that_contradicts_an_earlier_one_says_nothing_through_whichever_case_one_looks(case: str) -> None:
    first, second = (
        line(ONE, 1, MERGED_ON, "merge", other_case=THREE),
        line(TWO, 1, MERGED_ON, "merge", 1, other_case=THREE),
    )
    circle = line(THREE, 1, MERGED_ON, "merge", 2, other_case=ONE)
    lines = viewed(case, {ONE: [first], TWO: [second], THREE: [circle]})
    assert merged(lines) == {THREE: ONE}
    assert [event.case for event in idle(lines)] == [TWO, THREE]


def test_a_merge_of_the_day_on_which_an_earlier_one_was_taken_back_stands() -> None:
    log = [
        line(ONE, 1, MERGED_ON, "merge", 0, other_case=TWO),
        line(ONE, 2, MERGED_ON, "unmerge", 1, other_case=TWO),
        line(ONE, 3, MERGED_ON, "merge", 2, other_case=TWO),
    ]
    assert merged(log[:2]) == {}
    assert merged(log) == {TWO: ONE}


def test_lines_of_one_case_are_given_back_as_they_are() -> None:
    log = own(ONE, beginning())
    assert seen(ONE, log).lines is log


# ---- lines that speak of lines


def test_a_line_of_another_case_speaks_of_the_lines_of_its_own_log() -> None:
    on = date(2026, 5, 4)
    inner = {"on": "2026-05-03", "kind": "result", "line": 2, "told_on": "2026-05-03"}
    correction = line(TWO, 4, on, "correct", line=3, nature="entered_in_error", instead=inner)
    told_in_one = in_view(ONE, correction)
    assert told_in_one.line == place(TWO, 4)
    assert line_named(told_in_one.record) == place(TWO, 3)
    assert told_in_one.record.instead is not None  # type: ignore[attr-defined]
    assert line_named(told_in_one.record.instead.record) == place(TWO, 2)  # type: ignore[attr-defined]
    assert in_view(TWO, correction) is correction


def test_a_line_that_speaks_of_the_case_one_looks_through_speaks_of_its_plain_line() -> None:
    result = line(TWO, 1, date(2026, 5, 4), "result", line=place(ONE, 7), told_on="2026-05-03")
    assert line_named(in_view(ONE, result).record) == 7
    assert line_named(in_view(TWO, result).record) == place(ONE, 7)
    assert line_named(in_view(THREE, result).record) == place(ONE, 7)


def test_what_both_tell_alike_is_told_once_with_the_reasons_of_both() -> None:
    on, later = date(2026, 4, 2), date(2026, 4, 9)
    scan = {"region": "chest", "modality": "CT"}
    mine = [
        replace(line(ONE, 1, on, "imaging", **scan), departures={"LMS-DX-12": Departure(because="mine")}),
        line(ONE, 2, on, "imaging", **scan),
    ]
    theirs = [
        replace(line(TWO, 1, on, "imaging", **scan), departures={"LMS-DX-05": Departure(because="theirs")}),
        line(TWO, 2, later, "result", line=1, outcome="no_disease"),
        line(TWO, 3, on, "imaging", region="chest", modality="MRI"),
    ]
    events = standing_together(viewed(ONE, {ONE: mine, TWO: theirs}))
    # What one case tells twice stands twice: only the other case repeats it.
    assert [event.line for event in events] == [1, 2, place(TWO, 3), place(TWO, 2)]
    assert {rule: given.because for rule, given in events[0].departures.items()} == {
        "LMS-DX-05": "theirs",
        "LMS-DX-12": "mine",
    }
    assert line_named(events[-1].record) == 1


def test_a_correction_holds_in_its_own_log_before_the_two_are_compared() -> None:
    on, by_video = date(2026, 4, 2), {"on": "2026-04-02", "kind": "visit", "mode": "video"}
    logs = {
        ONE: [line(ONE, 1, on, "visit", mode="video")],
        TWO: [
            line(TWO, 1, on, "visit", mode="telephone"),
            line(TWO, 2, on, "correct", line=1, nature="entered_in_error", instead=by_video),
        ],
    }
    assert [event.line for event in standing_together(viewed(ONE, logs))] == [1]


# ---- how a line of another case is typed


def test_a_line_of_another_case_is_typed_with_its_case() -> None:
    record = from_text("result", {"line": f"{TWO.lower()}:3", "told_on": "2026-05-03"}, today=LAST)
    assert line_named(record) == place(TWO, 3)
    assert line_named(from_text("excuse", {"strand": "s", "reason": "declined", "occurrence": "3"}, today=LAST)) == 3


@pytest.mark.parametrize("typed", ["LMS-0002-2:3", "LMS-0002-1:", "LMS-0002-1", "LMS-0002-1:x", ":3"])
def test_what_is_no_line_of_another_case_is_refused(typed: str) -> None:
    with pytest.raises(InvalidData, match="line: "):
        from_text("result", {"line": typed, "told_on": "2026-05-03"}, today=LAST)


def test_an_entry_names_a_line_of_another_case_only_where_it_stands() -> None:
    theirs = in_view(ONE, line(TWO, 3, date(2026, 5, 1), "imaging", region="chest"))
    result = line(ONE, 1, date(2026, 5, 4), "result", line=place(TWO, 3), told_on="2026-05-03")
    assert impossible(None, [theirs], result, LAST) is None
    assert impossible(None, [], result, LAST) == f"result names line 3 of {TWO}, which does not stand in this case."
