"""Whatever is on record, every check answers, and its answer can be read and acted upon."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmstrack.checks import CHECKS, bound
from lmstrack.events import Event
from lmstrack.records import KINDS, FigoExtent, PlannedTreatment
from lmstrack.records.shape import FieldShape, shapes
from lmstrack.rules import MET, NOT_ASKED, Answer, Verdict
from lmstrack.workflow.scales import scales

if TYPE_CHECKING:
    from lmstrack.records.base import Shape

RECORDED = (
    "referral",
    "consultation",
    "imaging",
    "biopsy",
    "pathology",
    "staging",
    "mdt",
    "surgery",
    "radiotherapy",
    "systemic",
    "cardiac_function",
    "treatment_completed",
    "recurrence",
)
LEFT_OUT = {"actions", "because", "counts"}
OF_KNOWN_FORM = {
    "histology": st.sampled_from(["8890/3", "8850/3"]),
    "line": st.sampled_from(["neoadjuvant", "adjuvant", "1", "2"]),
    "regimen": st.lists(st.sampled_from(["doxorubicin", "trabectedin", "pazopanib"]), min_size=1, max_size=2),
    "doses_mg_m2": st.dictionaries(st.sampled_from(["doxorubicin", "trabectedin"]), st.just(50.0), max_size=2),
    "germline_syndrome": st.sampled_from(["none", "HLRCC"]),
    "stage_group": st.sampled_from(["I", "IIIA", "said"]),
    "figo_stage": st.sampled_from(["IB", "III", "said"]),
}


def values(name: str, shape: FieldShape) -> st.SearchStrategy[Any]:
    if name in OF_KNOWN_FORM:
        return OF_KNOWN_FORM[name]
    if shape.model is PlannedTreatment:
        return st.lists(fields(PlannedTreatment), max_size=3)
    if shape.model is FigoExtent:
        return fields(FigoExtent)
    if shape.values:
        one: st.SearchStrategy[Any] = st.sampled_from(shape.values)
    elif shape.base is bool:
        one = st.booleans()
    elif shape.base is date:
        one = st.just(date(2026, 1, 1))
    elif shape.limits is not None:
        numbers = st.sampled_from([8, 10, 29, 30, 50, 60]).filter(
            lambda number: shape.limits is None or shape.limits.least <= number <= shape.limits.greatest
        )
        one = st.integers(0, 4) if name == "ecog" else numbers.map(shape.base)
    else:
        one = st.just("2026") if "onset" in name else st.just("said")
    return st.lists(one, min_size=1, max_size=2) if shape.many else one


def fields(model: type[Shape]) -> st.SearchStrategy[dict[str, Any]]:
    known = {name: values(name, shape) for name, shape in shapes(model).items() if name not in LEFT_OUT}
    needed = {name for name, shape in shapes(model).items() if shape.required}
    return st.fixed_dictionaries(
        {name: known[name] for name in needed},
        optional={name: value for name, value in known.items() if name not in needed},
    )


def record(kind: str) -> st.SearchStrategy[Any]:
    def made(given: dict[str, Any]) -> Any:
        if kind == "imaging" and ("region" in given) == ("regions" in given):
            given = {name: value for name, value in given.items() if name != "regions"} | {"region": "primary"}
        if kind == "treatment_completed":
            given = given | {"review_on": date(2026, 12, 1)}
        return KINDS[kind].model_validate(given)

    return fields(KINDS[kind]).map(made)


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """A log of a few events, in no order, some of them of a day that is not known."""
    events = []
    for line in range(1, draw(st.integers(2, 9))):
        precision = draw(st.sampled_from(["day", "day", "day", "month"]))
        day = 1 if precision == "month" else draw(st.integers(1, 28))
        on = date(2026, draw(st.integers(1, 3)), day)
        held = draw(st.sampled_from(RECORDED).flatmap(record))
        events.append(Event("EXT-1", line, on, held, datetime(2027, 1, 1, tzinfo=UTC), "nurse", precision))
    return events


def assert_it_can_be_acted_upon(said: Answer) -> None:
    if said.verdict in (Verdict.MET, Verdict.NOT_ASKED):
        assert said in (MET, NOT_ASKED)
        return
    assert said.needs
    assert said.found
    assert bool(said.asks) == (said.verdict is Verdict.UNKNOWN)
    for ask in said.asks:
        assert ask.question.endswith("?")
        assert ask.question.count("?") == 1
        assert_recordable(ask.record)
    if said.fix:
        assert_recordable(said.fix)
    assert len(set(said.asks)) == len(said.asks)
    assert "None" not in f"{said.needs} {said.found} {said.fix} {said.asks}".replace("line=None", "")


def assert_recordable(words: str) -> None:
    kind, *pairs = words.split()
    names = {pair.partition("=")[0] for pair in pairs}
    assert names <= ({"born", "sex"} if kind == "person" else {*shapes(KINDS[kind]), "on"})
    assert names


@pytest.mark.parametrize("name", sorted(CHECKS))
@settings(max_examples=60, deadline=None)
@given(log=logs(), born=st.sampled_from([None, "1961-03-04", "2008-02", "2020"]))
def test_whatever_is_on_record_it_answers(name: str, log: list[Event], born: str | None, parameters, facts_of) -> None:
    judge = bound(name, parameters.get(name, {}), scales())
    for asked in log:
        assert_it_can_be_acted_upon(judge(facts_of(log, asked, born), asked.on))


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_it_answers_where_nothing_is_known_and_nothing_is_judged(name: str, parameters, facts_of) -> None:
    asked = Event("EXT-1", 1, date(2026, 1, 1), KINDS["biopsy"](), datetime(2027, 1, 1, tzinfo=UTC), "nurse")
    case = facts_of([], asked)
    case.asked = None
    assert_it_can_be_acted_upon(bound(name, parameters.get(name, {}), scales())(case, asked.on))
