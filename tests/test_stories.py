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


#: The ways through the pathway that every release has to know, each by the sentence of its story.
JOURNEYS = {
    "deep, grade 3, in the thigh": "A deep grade 3 tumour of the thigh is irradiated, operated on and followed up",
    "a small superficial grade 1 tumour": (
        "A small superficial grade 1 tumour is operated on alone and followed up at longer intervals"
    ),
    "behind the peritoneum": ("A tumour behind the peritoneum is removed with its neighbours and followed up for ever"),
    "the uterus before the menopause": (
        "A premenopausal patient with a tumour of the uterus keeps her ovaries and is not irradiated"
    ),
    "found by chance in the uterus": "A tumour of the uterus is found after an operation for fibroids",
    "an unplanned excision": "A lump is cut out unawares and its bed is excised again",
    "spread at presentation": (
        "A tumour that has spread to the lung is treated with doxorubicin, then trabectedin, then cared for"
    ),
    "an emergency": "A bleeding tumour is operated on at once and the team meets afterwards",
    "back after four years": "A tumour of the thigh comes back in the lung after four years and is removed",
}


@pytest.mark.parametrize("sentence", JOURNEYS.values(), ids=JOURNEYS)
def test_a_journey_is_told_whole_from_the_referral_on_with_everything_that_is_due_at_its_end(sentence: str) -> None:
    (story,) = (story for story in TOLD if story["story"] == sentence)
    assert story["passes"]
    assert {"moves", "findings"} <= story.keys()
    case = case_told(story)
    assert "T0" in story["moves"]
    assert case.state in {"surveillance", "closed"}
    assert set(story.get("due", ())) == {each.strand for each in case.current()}
    assert all({"from", "by"} <= wanted.keys() for wanted in story.get("due", {}).values())


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
