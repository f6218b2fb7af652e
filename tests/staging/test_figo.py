"""FIGO for the uterus, by the vectors of the rulebook, at every bound, and by its laws."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmstrack.errors import Impossible
from lmstrack.staging.figo import FigoStage, figo_2009
from lmstrack.workflow.scales import scales

SCALE = scales().figo
CONFINED: dict[str, Any] = {
    "size_mm": 40,
    "adnexa": False,
    "pelvic": False,
    "abdominal_sites": 0,
    "nodes": False,
    "bladder_rectum": False,
    "distant": False,
}


def found(**facts: Any) -> FigoStage:
    return figo_2009(SCALE, **facts)


def reaching(**facts: Any) -> FigoStage:
    return found(**CONFINED | facts)


@pytest.mark.parametrize(
    ("reach", "stage", "tnm", "group"),
    [
        ({"size_mm": 50}, "IA", "T1a N0 M0", "IA"),
        ({"size_mm": 50.1}, "IB", "T1b N0 M0", "IB"),
        ({"size_mm": 51}, "IB", "T1b N0 M0", "IB"),
        ({"size_mm": 60, "cervix": True}, "IB", "T1b N0 M0", "IB"),
        ({"adnexa": True}, "IIA", "T2a N0 M0", "II"),
        ({"pelvic": True}, "IIB", "T2b N0 M0", "II"),
        ({"pelvic": True, "adnexa": True}, "IIB", "T2b N0 M0", "II"),
        ({"abdominal_sites": 1}, "IIIA", "T3a N0 M0", "IIIA"),
        ({"abdominal_sites": 1, "pelvic": True, "adnexa": True}, "IIIA", "T3a N0 M0", "IIIA"),
        ({"abdominal_sites": 2}, "IIIB", "T3b N0 M0", "IIIB"),
        ({"abdominal_sites": 7}, "IIIB", "T3b N0 M0", "IIIB"),
        ({"nodes": True}, "IIIC", "T1a N1 M0", "IIIC"),
        ({"pelvic": True, "nodes": True}, "IIIC", "T2b N1 M0", "IIIC"),
        ({"abdominal_sites": 1, "nodes": True}, "IIIC", "T3a N1 M0", "IIIC"),
        ({"bladder_rectum": True}, "IVA", "T4 N0 M0", "IVA"),
        ({"bladder_rectum": True, "nodes": True}, "IVA", "T4 N1 M0", "IVA"),
        ({"distant": True}, "IVB", "T1a N0 M1", "IVB"),
        ({"distant": True, "bladder_rectum": True, "nodes": True}, "IVB", "T4 N1 M1", "IVB"),
    ],
)
def test_how_far_it_reaches_gives_the_stage(reach: dict[str, Any], stage: str, tnm: str, group: str) -> None:
    answer = reaching(**reach)
    assert (answer.stage, answer.still_possible, answer.categories) == (stage, (stage,), tnm)
    assert (answer.group, answer.settled_by, answer.reason) == (group, (), "")


def test_the_cervix_is_noted_and_changes_nothing() -> None:
    assert reaching(cervix=True).flags == ("cervix_does_not_count",)
    assert reaching(cervix=False).flags == ()
    assert reaching(cervix=True).stage == "IA"


def test_isolated_cells_in_a_node_leave_it_free() -> None:
    isolated = found(**CONFINED | {"nodes": None, "nodal_deposit_mm": 0.2})
    assert (isolated.stage, isolated.n, isolated.flags) == ("IA", "0", ("isolated_tumour_cells",))
    more = found(**CONFINED | {"nodes": None, "nodal_deposit_mm": 0.21})
    assert (more.stage, more.n, more.flags) == ("IIIC", "1", ())
    assert reaching(nodes=False, nodal_deposit_mm=0.1).flags == ("isolated_tumour_cells",)
    assert reaching(nodes=True, nodal_deposit_mm=3).stage == "IIIC"


@pytest.mark.parametrize(
    "nodes",
    [
        {"nodes": True, "nodal_deposit_mm": 0.2},
        {"nodes": False, "nodal_deposit_mm": 0.3},
        {"nodes": False, "nodes_assessed": False},
        {"nodes": True, "nodes_assessed": False},
        {"nodes": None, "nodal_deposit_mm": 5, "nodes_assessed": False},
    ],
)
def test_what_excludes_itself_about_the_nodes_is_not_known(nodes: dict[str, Any]) -> None:
    answer = reaching(**nodes)
    assert (answer.still_possible, answer.settled_by) == (("IA", "IIIC"), ("nodes",))
    assert (answer.flags, answer.n) == (("nodes_contradict",), None)


def test_nodes_that_were_assessed_are_what_is_said_of_them() -> None:
    assert reaching(nodes_assessed=True).stage == "IA"
    assert reaching(nodes=None, nodes_assessed=True).still_possible == ("IA", "IIIC")


@pytest.mark.parametrize(
    ("reach", "possible", "group"),
    [
        ({}, ("IA", "IIIC"), None),
        ({"size_mm": 51}, ("IB", "IIIC"), None),
        ({"adnexa": True}, ("IIA", "IIIC"), None),
        ({"pelvic": True}, ("IIB", "IIIC"), None),
        ({"abdominal_sites": 1}, ("IIIA", "IIIC"), "III"),
        ({"abdominal_sites": 2}, ("IIIB", "IIIC"), "III"),
        ({"bladder_rectum": True}, ("IVA",), "IVA"),
        ({"distant": True}, ("IVB",), "IVB"),
    ],
)
def test_without_the_nodes_tnm_has_a_group_only_for_what_reaches_far(
    reach: dict[str, Any], possible: tuple[str, ...], group: str | None
) -> None:
    answer = reaching(**reach, nodes=None, nodes_assessed=False)
    assert (answer.still_possible, answer.group, answer.n) == (possible, group, "X")
    assert answer.flags == ("nodes_not_assessed",)
    none = "while the nodes are not assessed (NX), TNM has no stage group."
    assert answer.reason == (none if group is None else "")


def test_what_is_not_known_leaves_every_stage_that_it_allows() -> None:
    nothing = found()
    assert nothing.still_possible == ("IA", "IB", "IIA", "IIB", "IIIA", "IIIB", "IIIC", "IVA", "IVB")
    assert nothing.settled_by == (
        "size_mm",
        "adnexa",
        "pelvic",
        "abdominal_sites",
        "nodes",
        "bladder_rectum",
        "distant",
    )
    assert (nothing.stage, nothing.t, nothing.n, nothing.m, nothing.group) == (None, None, None, None, None)
    assert nothing.categories == ""


def test_a_fact_that_changes_nothing_is_not_asked_for() -> None:
    assert found(distant=True).stage == "IVB"
    assert found(distant=True).settled_by == ()
    assert reaching(size_mm=None, pelvic=True).stage == "IIB"
    assert reaching(size_mm=None).settled_by == ("size_mm",)


def test_the_smallest_tumour_and_deposit_can_be_measured() -> None:
    assert reaching(size_mm=0.5).stage == "IA"
    assert found(**CONFINED | {"nodes": None, "nodal_deposit_mm": 0.01}).stage == "IA"


def test_the_answer_says_whose_it_is() -> None:
    answer = reaching(prefix="p")
    assert (answer.authority, answer.edition, answer.system) == ("FIGO", "2009", "FIGO 2009")
    assert (answer.prefix, answer.categories) == ("p", "pT1a N0 M0")
    assert "S47" in answer.source


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"size_mm": 0}, "size_mm"),
        ({"nodal_deposit_mm": 0}, "nodal_deposit_mm"),
        ({"abdominal_sites": -1}, "abdominal_sites"),
        ({"size_mm": float("inf")}, "size_mm"),
    ],
)
def test_a_measurement_that_cannot_be_is_refused(facts: dict[str, Any], name: str) -> None:
    with pytest.raises(Impossible, match=f"Find the FIGO stage: {name} cannot be"):
        found(**facts)


# ---- laws

FACTS: dict[str, tuple[Any, ...]] = {
    "size_mm": (50, 51),
    "adnexa": (False, True),
    "pelvic": (False, True),
    "abdominal_sites": (0, 1, 2),
    "nodes": (False, True),
    "bladder_rectum": (False, True),
    "distant": (False, True),
}
some_facts = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in FACTS.items()})


@given(some_facts, st.data())
def test_what_is_possible_holds_the_stage_of_every_completion(known: dict[str, Any], data: st.DataObject) -> None:
    whole = {
        name: known[name] if name in known else data.draw(st.sampled_from(values)) for name, values in FACTS.items()
    }
    answer, truth = found(**known), found(**whole)
    assert truth.stage in answer.still_possible
    assert answer.t in (None, truth.t)
    assert answer.group in (None, truth.group)


@given(some_facts, st.data())
def test_more_facts_never_make_more_possible(known: dict[str, Any], data: st.DataObject) -> None:
    kept = {name: value for name, value in known.items() if data.draw(st.booleans())}
    assert set(found(**known).still_possible) <= set(found(**kept).still_possible)


@given(some_facts)
def test_the_questions_are_exactly_what_settles_it(known: dict[str, Any]) -> None:
    answer = found(**known)
    assert not set(answer.settled_by) & set(known)
    assert (answer.settled_by == ()) == (answer.stage is not None)
    for values in product(*(FACTS[name] for name in answer.settled_by)):
        assert found(**known, **dict(zip(answer.settled_by, values, strict=True))).stage is not None


@given(some_facts, st.data())
def test_reaching_further_never_lowers_the_stage(known: dict[str, Any], data: st.DataObject) -> None:
    whole = {name: known.get(name, values[0]) for name, values in FACTS.items()}
    further = data.draw(st.sampled_from(sorted(FACTS)))
    stages = ("IA", "IB", "IIA", "IIB", "IIIA", "IIIB", "IIIC", "IVA", "IVB")
    before, after = found(**whole).stage, found(**whole | {further: FACTS[further][-1]}).stage
    assert stages.index(str(before)) <= stages.index(str(after))
