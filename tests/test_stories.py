"""Every story in tests/stories, each a test named by its sentence; and that every rule has one either way."""

from __future__ import annotations

from typing import Any

import pytest

from lmstrack.rules import Strength
from tests.storyteller import WORKFLOW, case_told, stories, tell

TOLD = stories()


@pytest.mark.parametrize("story", TOLD, ids=[story["story"] for story in TOLD])
def test_story(story: dict[str, Any]) -> None:
    tell(story)


def test_no_two_stories_have_the_same_sentence() -> None:
    sentences = [story["story"] for story in TOLD]
    assert len(sentences) == len(set(sentences))


ASKED = sorted(rule for rule in WORKFLOW.rules if WORKFLOW.rules[rule].check is not None)


@pytest.mark.parametrize("rule", ASKED)
def test_each_rule_has_a_story_where_it_stops_or_warns_one_where_it_is_met_and_one_where_it_asks(rule: str) -> None:
    shown = {"not met": False, "met": False, "unknown": False}
    for story in TOLD:
        if rule in story.get("refused by", ()) or rule in story.get("warns of", ()):
            shown["not met"] = True
        answer = story.get("answers", {}).get(rule)
        if answer in shown:
            shown[answer] = True
    assert shown == {"not met": True, "met": True, "unknown": True}


BINDING = [rule for rule in ASKED if WORKFLOW.rules[rule].strength is not Strength.ADVISORY]


@pytest.mark.parametrize("rule", BINDING)
def test_a_rule_that_can_refuse_has_a_story_that_shows_its_question(rule: str) -> None:
    unknown = [story for story in TOLD if story.get("answers", {}).get(rule) == "unknown" and "asks" in story]
    assert any(_asked_for(rule, story).intersection(story["asks"]) for story in unknown)


def _asked_for(rule: str, story: dict[str, Any]) -> set[str]:
    judgements = (judgement for step in case_told(story).steps for judgement in step.open)
    return {ask.fact for judgement in judgements if judgement.rule.id == rule for ask in judgement.answer.asks}


@pytest.mark.parametrize("rule", BINDING)
def test_a_rule_that_can_refuse_has_a_story_of_a_departure_from_it(rule: str) -> None:
    assert any(story.get("answers", {}).get(rule) == "departure" for story in TOLD)
