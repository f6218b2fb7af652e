"""Runs the stories: reads what was recorded, asks the library, and compares whole answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from lmstrack.case import Case, assess
from lmstrack.dates import PartialDate, end_of_day
from lmstrack.events import Event, standing
from lmstrack.obligations import ObligationState
from lmstrack.plausible import impossible
from lmstrack.recording import weighed
from lmstrack.records import Departure, Person, read_person, read_record
from lmstrack.replay import Step
from lmstrack.rules import Strength, Verdict
from lmstrack.workflow import Workflow, load_workflow

STORIES = Path(__file__).parent / "stories"
WORKFLOW = load_workflow("leiomyosarcoma-2026.1")
WORKFLOWS = {WORKFLOW.name: WORKFLOW}
KEYS = {
    "story", "person", "so far", "then", "as of", "known at",
    "refused by", "impossible", "warns of", "passes", "consequences", "resolved",
    "asks", "asks nothing about", "asks for", "has on record", "answers", "found", "findings",
    "state", "moves", "left", "course",
    "due", "done", "closed", "nothing due",
}  # fmt: skip


def stories() -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for file in sorted(STORIES.glob("*.yaml")):
        told += [{**story, "file": file.name} for story in YAML(typ="safe").load(file) or ()]
    return told


def case_told(story: dict[str, Any]) -> Case:
    """The case at the end of a story, its one more entry included, on the day that it is looked from or later."""
    entries = [*story.get("so far", ()), *([story["then"]] if "then" in story else ())]
    log = [_event(line, entry) for line, entry in enumerate(entries, start=1)]
    person = read_person(story["person"]) if "person" in story else None
    days = [event.last for event in log] + ([_day(story["as of"])] if "as of" in story else [])
    return assess(person, log, WORKFLOWS, max(days))


def tell(story: dict[str, Any], workflows: dict[str, Workflow] = WORKFLOWS) -> None:
    """Run one story and assert everything it says."""
    unknown = set(story) - KEYS - {"file"}
    assert not unknown, f"no such keys: {unknown}"
    person = read_person(story["person"]) if "person" in story else None
    log = [_event(line, entry) for line, entry in enumerate(story.get("so far", ()), start=1)]
    last = max((event.on for event in log), default=date(2026, 1, 1))
    said = False
    if "passes" in story:
        assert story["passes"] is True, "passes is true, or left out"
        _every_entry_passes(person, log, workflows)
        said = True
    if "then" in story:
        event = _event(len(log) + 1, story["then"])
        today = _day(story["as of"]) if "as of" in story else max(last, event.last)
        if "impossible" in story:
            assert (impossible(person or Person(), standing(log), event, today) or "") != ""
            return
        said = _weigh(story, person, log, event, today, workflows)
        log.append(event)
        last = max(last, event.on)
    as_of = _day(story["as of"]) if "as of" in story else last
    known_at = end_of_day(_day(story["known at"]), "UTC") if "known at" in story else None
    case = assess(person, log, workflows, as_of, known_at)
    said = _looks(story, case) or said
    assert said, "a story that claims nothing cannot fail"


def _every_entry_passes(person: Person | None, log: list[Event], workflows: dict[str, Workflow]) -> None:
    """Enter the log line by line, each on the day it was typed in, as the ward would: nothing is refused."""
    for place, event in enumerate(log):
        today = max(event.recorded_at.date(), event.last)
        fault = impossible(person or Person(), standing(log[:place]), event, today)
        assert fault is None, fault
        refusing = weighed(person, log[:place], event, workflows, today).refusing
        said = [f"{finding.rule}: needs {finding.needs}; found {finding.found}" for finding in refusing]
        assert not said, f"line {event.line}, {event.kind}, is refused: {said}"


def _weigh(
    story: dict[str, Any],
    person: Person | None,
    log: list[Event],
    event: Event,
    today: date,
    workflows: dict[str, Workflow],
) -> bool:
    result = weighed(person, log, event, workflows, today)
    said = False
    if "refused by" in story:
        _same("refused by", sorted(story["refused by"]), sorted(finding.rule for finding in result.refusing))
        assert all(finding.needs or finding.asks for finding in result.refusing)
        said = True
    if "warns of" in story:
        warned = [
            finding.rule
            for finding in result.findings
            if finding.strength is Strength.ADVISORY and finding.answer is Verdict.NOT_MET
        ]
        _same("warns of", sorted(story["warns of"]), sorted(warned))
        said = True
    for name in ("consequences", "resolved"):
        if name in story:
            found = sorted(finding.rule for finding in getattr(result, name))
            _same(name, sorted(story[name]), found)
            said = True
    return said


def _looks(story: dict[str, Any], case: Case) -> bool:
    said = False
    if "state" in story:
        _same("state", story["state"], case.state)
        said = True
    for name in ("left", "course"):
        if name in story:
            _same(name, story[name], getattr(case, name))
            said = True
    if "moves" in story:
        made = [
            f"{step.move.name} ahead" if step.jumped else step.move.name for step in case.steps if step.move is not None
        ]
        _same("moves", story["moves"], made)
        said = True
    if "asks" in story:
        asked = {ask.fact for ask in case.asks}
        assert set(story["asks"]) <= asked, f"asked are {sorted(asked)}"
        said = True
    if "asks nothing about" in story:
        _same("asks nothing about", set(), set(story["asks nothing about"]) & {ask.fact for ask in case.asks})
        said = True
    if "asks for" in story:
        asked_for = {
            statement: sorted(ask.fact for ask in case.asks if statement in ask.rules)
            for statement in story["asks for"]
        }
        _same("asks for", {statement: sorted(facts) for statement, facts in story["asks for"].items()}, asked_for)
        said = True
    if "has on record" in story:
        named = {statement for step in case.steps if step.move is not None for statement in step.move.asks}
        open_ones = {statement for ask in case.asks for statement in ask.rules}
        wanted = set(story["has on record"])
        assert wanted <= named, f"no move that was made asks for {sorted(wanted - named)}"
        _same("has on record", set(), wanted & open_ones)
        said = True
    if "findings" in story:
        _same("findings", sorted(story["findings"]), sorted({finding.rule for finding in case.findings}))
        said = True
    if "answers" in story:
        latest = {
            judgement.rule.id: "departure" if judgement.departure else str(judgement.answer.verdict)
            for step in _steps_told_of(story, case)
            for judgement in step.judgements
        }
        _same("answers", story["answers"], {rule: latest.get(rule, "not asked") for rule in story["answers"]})
        said = True
    if "found" in story:
        words = {
            judgement.rule.id: judgement.answer.found
            for step in _steps_told_of(story, case)
            for judgement in step.judgements
        }
        _same("found", story["found"], {rule: words.get(rule) for rule in story["found"]})
        said = True
    return _schedule(story, case) or said


def _steps_told_of(story: dict[str, Any], case: Case) -> tuple[Step, ...]:
    """The step of the one more entry; all where there is none, or where it is about an earlier line."""
    if "then" not in story:
        return case.steps
    line = len(story.get("so far", ())) + 1
    entered = tuple(step for step in case.steps if step.event.line == line)
    return entered if entered and entered[0].event.kind not in {"departure", "departure_review"} else case.steps


def _schedule(story: dict[str, Any], case: Case) -> bool:
    said = False
    current = {each.strand: each for each in case.current()}
    for strand, wanted in story.get("due", {}).items():
        assert strand in current, f"{strand} is not current; current are {sorted(current)}"
        each = current[strand]
        seen = {
            "state": str(each.state(case.as_of)),
            "from": each.due_from,
            "by": each.due_by,
            "counts from": each.counts_from,
            "late": each.days_overdue(case.as_of),
            "occurrence": each.occurrence,
            "booked": each.booked_for,
            "provisional": each.provisional,
            "catch up": each.catch_up,
            "phase": each.phase,
            "plan": each.plan,
            "partial": list(each.partial),
            "claimed": each.claimed,
            "attempts": each.attempts,
            "contacts": each.contacts,
            "lost": each.lost,
            "transfer pending": each.transfer_pending,
            "at risk from": each.at_risk_from,
            "review on": each.review_on,
            "rule": each.rule,
            "group": each.group,
            "course": each.course,
        }
        told = {key: _plain(value) for key, value in wanted.items()}
        _same(f"due, {strand}", told, {key: seen[key] for key in wanted})
        said = True
    for strand in story.get("nothing due", ()):
        assert strand not in current, f"{strand} is due: {current[strand]}"
        said = True
    for strand, wanted in story.get("done", {}).items():
        late = {each.ending.on: each.days_late() for each in case.obligations if each.strand == strand and each.ending}
        for day, days in wanted.items():
            _same(f"done, {strand} on {day}", days, late.get(_day(day), "not fulfilled"))
        said = True
    for strand, wanted in story.get("closed", {}).items():
        ends = {
            each.ending.on: each.ending.because
            for each in case.obligations
            if each.strand == strand and each.ending and each.ending.state is ObligationState.CLOSED
        }
        for day, because in wanted.items():
            _same(f"closed, {strand} on {day}", because, ends.get(_day(day), "not closed"))
        said = True
    return said


def _same(what: str, told: object, found: object) -> None:
    assert told == found, f"{what}: the story says {told}, and the library says {found}"


def _event(line: int, entry: dict[str, Any]) -> Event:
    ((on, told), *more) = entry.items()
    told = {**told, **dict(more)}
    line = told.pop("line", line)
    recorded = told.pop("recorded", None)
    despite = told.pop("despite", {})
    by = told.pop("by", "navigator-a")
    history = told.pop("as history", False)
    ((kind, fields),) = told.items()
    when = on if isinstance(on, PartialDate) else PartialDate.parse(str(on))
    day = _day(recorded) if recorded is not None else when.last
    return Event(
        case="LMS-0001-2",
        line=line,
        on=when.first,
        precision=when.precision,
        record=read_record(kind, _iso(fields or {})),
        recorded_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(seconds=line),
        recorded_by=by,
        departures={rule: Departure(**given) for rule, given in despite.items()},
        as_history=history,
        workflow=WORKFLOW.name if line == 1 else None,
    )


def _iso(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _iso(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_iso(held) for held in value]
    return value.isoformat() if isinstance(value, date) else value


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value
