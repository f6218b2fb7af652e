"""A rule that cannot concern an event is not asked of it, and nobody could tell the difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack.case import assess
from lmstrack.checks import CHECKS, bound
from lmstrack.checks.asking import asking, concerns, treatments
from lmstrack.checks.values import SiteGroup
from lmstrack.records import read_record
from lmstrack.rules import MET, NOT_ASKED, Judgement
from lmstrack.workflow.scales import scales
from tests.checks.test_every_check import logs
from tests.storyteller import WORKFLOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from lmstrack.events import Event
    from lmstrack.facts import Facts
    from lmstrack.rules import Answer, Rule

UTERUS_ALONE = WORKFLOW.rule("LMS-UT-05")
METASTASES_ALONE = WORKFLOW.rule("LMS-ME-03")
SITES = (None, *get_args(SiteGroup))
RULES = (UTERUS_ALONE, METASTASES_ALONE)


@pytest.mark.parametrize("name", sorted(CHECKS))
@settings(max_examples=60, deadline=None)
@given(log=logs())
def test_a_check_answers_not_asked_wherever_it_says_that_it_is_not_concerned(
    name: str, log: list[Event], parameters: dict[str, dict[str, Any]], facts_of: Callable[..., Any]
) -> None:
    judge = bound(name, parameters.get(name, {}), scales())
    for site in SITES:
        told = [came_with(site, log), *log]
        for asked in log:
            case = facts_of(told, asked)
            if not concerns(judge, asked.kind, treatments(asked.record), case.site_group()):
                assert judge(case, asked.on) is NOT_ASKED


def came_with(site: str | None, log: list[Event]) -> Event:
    """The referral of a patient who is in this log."""
    return replace(log[0], line=100, on=date(2026, 1, 1), record=read_record("referral", {"site_group": site}))


def called_always(rule: Rule) -> Rule:
    """The rule with its check behind a function that says nothing of what it concerns."""
    judge = rule.judge
    if judge is None:
        return rule

    def called(case: Facts, on: date) -> Answer:
        return judge(case, on)

    return replace(rule, judge=called)


CALLING_ALL = replace(WORKFLOW, rules={name: called_always(rule) for name, rule in WORKFLOW.rules.items()})


@settings(max_examples=150, deadline=None)
@given(log=logs(), site=st.sampled_from(SITES))
def test_a_case_is_judged_as_if_every_rule_had_been_asked(log: list[Event], site: str | None) -> None:
    log = [came_with(site, log), *log]
    case = assess(None, log, WORKFLOW, date(2026, 6, 1))
    whole = assess(None, log, CALLING_ALL, date(2026, 6, 1))
    assert [said(step.judgements) for step in case.steps] == [said(step.judgements) for step in whole.steps]
    assert [said(step.open) for step in case.steps] == [said(step.open) for step in whole.steps]
    assert (case.findings, case.asks) == (whole.findings, whole.asks)


def said(judgements: tuple[Judgement, ...]) -> list[tuple[str, Answer, object]]:
    return [(rule.id, answer, departure) for rule, answer, departure in judgements]


@pytest.mark.parametrize(
    ("kind", "fields", "held"),
    [
        ("mdt", {"decision": "operate"}, set()),
        ("mdt", {"plan": []}, set()),
        ("mdt", {"plan": [{"treatment": "observation"}]}, {"observation"}),
        (
            "mdt",
            {"plan": [{"treatment": "surgery", "operation": "metastasectomy"}, {"treatment": "radiotherapy"}]},
            {"surgery", "metastasectomy", "radiotherapy"},
        ),
        ("surgery", {}, {"surgery"}),
        ("surgery", {"operation": "metastasectomy"}, {"surgery", "metastasectomy"}),
        ("radiotherapy", {}, {"radiotherapy"}),
        ("systemic", {}, {"systemic"}),
        ("imaging", {"region": "chest"}, set()),
    ],
)
def test_an_event_holds_the_treatments_that_are_planned_or_done(kind: str, fields: Any, held: set[str]) -> None:
    assert treatments(read_record(kind, fields)) == held


def to_ask(*event: Any) -> list[str]:
    return [each.rule.id for each in asking(RULES, *event).to_ask]


def test_a_rule_of_one_site_is_asked_there_and_where_the_site_is_not_known() -> None:
    assert to_ask("mdt", frozenset(), "uterus") == ["LMS-UT-05"]
    assert to_ask("mdt", frozenset(), None) == ["LMS-UT-05"]
    assert to_ask("mdt", frozenset(), "extremity") == []


def test_a_rule_of_a_treatment_is_asked_of_events_that_hold_it() -> None:
    removal = frozenset({"surgery", "metastasectomy"})
    assert to_ask("mdt", removal, "extremity") == ["LMS-ME-03"]
    assert to_ask("surgery", removal, "uterus") == ["LMS-ME-03"]
    assert to_ask("surgery", frozenset({"surgery"}), "extremity") == []


def test_a_rule_of_some_kinds_of_event_is_not_asked_of_others() -> None:
    assert to_ask("radiotherapy", frozenset({"radiotherapy"}), "uterus") == ["LMS-UT-05"]
    assert to_ask("surgery", frozenset({"surgery"}), "uterus") == []


def test_whether_or_not_it_is_asked_each_rule_keeps_its_place() -> None:
    asked = asking(RULES, "mdt", frozenset({"surgery", "metastasectomy"}), "extremity")
    assert asked.silent == tuple(Judgement(rule, NOT_ASKED, None) for rule in RULES)
    assert [(each.place, each.met) for each in asked.to_ask] == [(1, Judgement(METASTASES_ALONE, MET, None))]
