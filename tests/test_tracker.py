"""The door for scripts: what it takes, and how it answers what it cannot take."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib.util import find_spec

import pytest

from lmstrack import Imaging, InvalidData, LmstrackError, Referral, Tracker, load_workflow
from lmstrack.workflow import released

NOON = datetime(2026, 11, 16, 12)  # noqa: DTZ001  # as a script may well give it


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    with Tracker.open("sqlite://", by="script", today="2026-11-24", create=True) as opened:
        case = opened.open_case(name="Demo Alder Ash", born="1961").id
        opened.record(case, Referral(site_group="extremity"), on="2026-11-02")
        opened.record(case, Imaging(region="primary", modality="MRI", adequate=True), on=date(2026, 11, 2))
        yield opened


def test_a_day_is_given_as_such_or_as_text(tracker: Tracker) -> None:
    assert tracker.today == date(2026, 11, 24)
    for day, text in ((date(2026, 11, 16), "2026-11-16"), (date(2026, 11, 17), "2026-11-17")):
        assert tracker.overdue(as_of=text).to_dicts() == tracker.overdue(as_of=day).to_dicts()
        assert tracker.case("1", as_of=text) == tracker.case("1", as_of=day)
    assert [row.strand for row in tracker.overdue(as_of="2026-11-17")] == ["report"]
    assert tracker.case("1", known_at="2020-01-01") == tracker.case("1", known_at=date(2020, 1, 1))
    assert tracker.diff("2026-11-16", "2026-11-17", known_at=(None, None)).changes[0].row.strand == "report"


@pytest.mark.parametrize(
    "asked",
    [
        lambda tracker, day: tracker.record("LMS-0001-3", Imaging(region="chest"), on=day),
        lambda tracker, day: tracker.case("1", as_of=day),
        lambda tracker, day: tracker.lines("1", as_of=day),
        lambda tracker, day: tracker.why("1", "biopsy", as_of=day),
        lambda tracker, day: tracker.overdue(as_of=day),
        lambda tracker, day: tracker.obligations(as_of=day),
        lambda tracker, day: tracker.worklist(as_of=day),
        lambda tracker, day: tracker.standings(as_of=day),
        lambda tracker, day: tracker.diff(day),
        lambda tracker, day: Tracker.open("sqlite://", today=day, create=True),
    ],
)
def test_an_instant_is_no_day_and_never_makes_somebody_overdue_at_noon(
    tracker: Tracker, asked: Callable[[Tracker, object], object]
) -> None:
    with pytest.raises(InvalidData) as refused:
        asked(tracker, NOON)
    assert str(refused.value) == "Read a date: An instant was given, not a day. Give its day: instant.date()."


@pytest.mark.parametrize("month", ["2026-11", "2026"])
def test_a_list_is_of_one_day(tracker: Tracker, month: str) -> None:
    with pytest.raises(InvalidData, match=r"It is a whole (month|year)"):
        tracker.overdue(as_of=month)


def test_an_instant_of_knowledge_has_its_zone(tracker: Tracker) -> None:
    assert tracker.case("1", known_at=datetime(2020, 1, 1, tzinfo=UTC)).steps == ()
    with pytest.raises(InvalidData, match="without its zone"):
        tracker.case("1", known_at=NOON)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_list_is_a_frame_with_days_for_those_who_have_a_library_for_it(tracker: Tracker, library: str) -> None:
    if find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    found = tracker.overdue(as_of="2026-12-24")
    frame, none = (getattr(each, f"to_{library}")() for each in (found, tracker.overdue(as_of="2026-11-03")))
    assert list(frame.columns) == list(none.columns) == list(found.to_dicts()[0])
    assert (len(frame), len(none)) == (1, 0)
    assert (frame["strand"][0], frame["days_overdue"][0]) == ("report", 38)
    assert str(frame["due_by"][0])[:10] == "2026-11-16"
    assert list((frame["due_by"] - frame["due_from"]).dt.total_seconds()) == [14 * 86400]
    named = tracker.overdue(as_of="2026-12-24", names=True)
    assert list(getattr(named, f"to_{library}")()["name"]) == ["Demo Alder Ash"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_without_the_library_it_is_named(tracker: Tracker, monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(LmstrackError, match=f"pip install {library}"):
        getattr(tracker.overdue(), f"to_{library}")()


def test_without_a_name_the_newest_release_is_loaded() -> None:
    assert load_workflow() is load_workflow(released()[-1])
