"""Weighing an event that is later than everything spares one look at the case, and must not show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack.case import assess
from lmstrack.events import Event, horizon
from lmstrack.listing import head_of, listed
from lmstrack.recording import weighed
from tests.storyteller import WORKFLOWS
from tests.test_laws import CHOICES, LAST, log_of, logs

entered = st.tuples(st.integers(0, 40), st.sampled_from(CHOICES))


@settings(max_examples=200, deadline=None)
@given(st.one_of(logs, st.just([])), entered)
def test_what_an_event_does_is_the_difference_it_makes(log: list[Event], told: tuple[int, Any]) -> None:
    after_days, (kind, fields) = told
    day = (horizon(log) or LAST - timedelta(100)) + timedelta(after_days)
    event = replace(log_of([(day, kind, fields)])[0], line=len(log) + 1)
    if log:
        event = replace(event, workflow=None)
    result = weighed(None, log, event, WORKFLOWS, LAST)
    without, with_it = assess(None, log, WORKFLOWS, LAST), assess(None, [*log, event], WORKFLOWS, LAST)
    was = {(finding.line, finding.rule) for finding in without.findings}
    now = {(finding.line, finding.rule) for finding in with_it.findings if finding.line != event.line}
    assert result.state == without.state
    assert result.after == with_it
    assert head_of(result.outline, event.case, [*log, event]) == head_of(with_it, event.case, [*log, event])
    assert listed(result.outline) == listed(with_it)
    own = [finding for step in with_it.steps if step.event.line == event.line for finding in step.findings()]
    assert list(result.findings) == own
    assert {(finding.line, finding.rule) for finding in result.consequences} == now - was
    assert {(finding.line, finding.rule) for finding in result.resolved} == was - now
