"""The computed stage beside the stated one, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.facts import Facts
from lmstrack.records import Staging
from lmstrack.reports.report import words
from lmstrack.staging.of_case import computed_stage, in_words

if TYPE_CHECKING:
    from lmstrack.case import Case
    from lmstrack.staging.of_case import Stage


def computed(case: Case) -> Stage | None:
    """The stage computed for this course; None where nobody has staged it and nothing certain follows."""
    stage = case.stage()
    return stage if stage.certain is not None or case.facts.staging_on_record() else None


def in_sentence(stage: Stage) -> str:
    """The stage in words, with the flags that somebody should see."""
    flags = ", ".join(words(flag) for flag in stage.flags) if stage.still_possible else ""
    return f"{in_words(stage)}{f' ({flags})' if flags else ''}"


def stage_fields(stage: Stage) -> dict[str, object]:
    """The stage as programs read it: null where more than one is possible, or none; then the reason is in *reason*."""
    return {
        "authority": stage.authority,
        "edition": stage.edition,
        "stage": stage.certain,
        "possible": list(stage.still_possible),
        "none_possible": stage.none_possible,
        "ask": list(stage.settled_by),
        "flags": list(stage.flags),
        "reason": stage.reason or None,
        "categories": stage.categories or None,
        "source": stage.source,
    }


def computed_by_line(case: Case) -> dict[int, str]:
    """For each staging of the case the stage that followed from what was known then, in words."""
    facts = Facts(case.facts.person)
    found: dict[int, str] = {}
    for step in case.steps:
        if step.course > facts.course:
            facts.open_course(step.event.on)
        facts.add(step.event)
        if isinstance(step.event.record, Staging):
            found[step.event.line] = in_sentence(computed_stage(facts, case.scales))
    return found
