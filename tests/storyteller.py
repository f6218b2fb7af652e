"""Runs the stories: reads what was recorded, asks the library, and compares whole answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from lmstrack.case import Case, assess
from lmstrack.dates import PartialDate, end_of_day
from lmstrack.events import Event, standing
from lmstrack.plausible import impossible
from lmstrack.records import Departure, Person, read_person, read_record
from lmstrack.recording import weighed
from lmstrack.rules import Strength, Verdict
from lmstrack.workflow import Workflow, load_workflow

STORIES = Path(__file__).parent / "stories"
WORKFLOW = load_workflow("leiomyosarcoma-2026.1")
WORKFLOWS = {WORKFLOW.name: WORKFLOW}
KEYS = {
    "story", "person", "so far", "then", "refused by", "impossible", "warns of", "asks", "answers", "state", "as of",
    "known at", "due", "done", "nothing due", "left", "course", "findings", "consequences", "resolved",
}  # fmt: skip


def stories() -> list[dict[str, Any]]:
    told = []
    for file in sorted(STORIES.glob("*.yaml")):
        for story in YAML(typ="safe").load(file) or ():
            told.append({**story, "file": file.name})
    return told


def tell(story: dict[str, Any], workflows: dict[str, Workflow] = WORKFLOWS) -> None:
    """Run one story and assert everything it says."""
    unknown = set(story) - KEYS - {"file"}
    assert not unknown, f"no such keys: {unknown}"
    person = read_person(story["person"]) if "person" in story else None
    log = [_event(line, entry) for line, entry in enumerate(story.get("so far", ()), start=1)]
    last = max((event.on for event in log), default=date(2026, 1, 1))
    said = False
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
        assert sorted(finding.rule for finding in result.refusing) == sorted(story["refused by"])
        assert all(finding.needs or finding.asks for finding in result.refusing)
        said = True
    if "warns of" in story:
        warned = [
            finding.rule
            for finding in result.findings
            if finding.strength is Strength.ADVISORY and finding.answer is Verdict.NOT_MET
        ]
        assert sorted(warned) == sorted(story["warns of"])
        said = True
    for name in ("consequences", "resolved"):
        if name in story:
            found = sorted(finding.rule for finding in getattr(result, name))
            assert found == sorted(story[name])
            said = True
    return said


def _looks(story: dict[str, Any], case: Case) -> bool:
    said = False
    if "state" in story:
        assert case.state == story["state"]
        said = True
    for name in ("left", "course"):
        if name in story:
            assert getattr(case, name) == story[name]
            said = True
    if "asks" in story:
        asked = {ask.fact for ask in case.asks}
        assert set(story["asks"]) <= asked, f"asked are {sorted(asked)}"
        said = True
    if "findings" in story:
        assert sorted({finding.rule for finding in case.findings}) == sorted(story["findings"])
        said = True
    if "answers" in story:
        latest = {
            judgement.rule.id: "departure" if judgement.departure else str(judgement.answer.verdict)
            for step in case.steps
            for judgement in step.judgements
        }
        assert {rule: latest.get(rule, "not asked") for rule in story["answers"]} == story["answers"]
        said = True
    return _schedule(story, case) or said


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
            "lost": each.lost,
            "transfer pending": each.transfer_pending,
            "at risk from": each.at_risk_from,
            "review on": each.review_on,
            "rule": each.rule,
            "course": each.course,
        }
        assert {key: seen[key] for key in wanted} == {key: _plain(value) for key, value in wanted.items()}
        said = True
    for strand in story.get("nothing due", ()):
        assert strand not in current
        said = True
    for strand, wanted in story.get("done", {}).items():
        late = {each.ending.on: each.days_late() for each in case.obligations if each.strand == strand and each.ending}
        for day, days in wanted.items():
            assert late.get(_day(day), "not fulfilled") == days
        said = True
    return said


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
