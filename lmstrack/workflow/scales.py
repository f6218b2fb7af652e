"""The scales of the calculators: files beside the workflows, read as strictly as they are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar, get_args

from lmstrack.errors import WorkflowFaults
from lmstrack.records.referral import SiteGroup
from lmstrack.staging.figo import Figo, FigoLine
from lmstrack.staging.fnclcc import Fnclcc
from lmstrack.staging.scales import Scales
from lmstrack.staging.soft_tissue import CATEGORIES, Group, Line, SoftTissue
from lmstrack.workflow.faults import Faults, nearest
from lmstrack.workflow.files import PACKAGE, folder
from lmstrack.workflow.reader import read
from lmstrack.workflow.section import Section

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

S = TypeVar("S")

_BESIDE: Final = ("scale", "says", "sources", "chosen")
_GROUPS: Final = ("I", "IA", "IB", "IC", "II", "IIA", "IIB", "III", "IIIA", "IIIB", "IIIC", "IV", "IVA", "IVB")
_FIGO_FACTS: Final = ("size", "adnexa", "pelvic", "abdominal_sites", "nodes", "bladder_rectum", "distant")


@cache
def scales(package: Path = PACKAGE) -> Scales:
    """The scales of this release.

    Raises `WorkflowFaults` where a file is missing or cannot be used, with every fault.
    """
    return Scales(
        fnclcc=_released(package, "fnclcc.yaml", fnclcc_from),
        soft_tissue=_released(package, "ajcc8-soft-tissue.yaml", soft_tissue_from),
        figo=_released(package, "figo-2009-uterus.yaml", figo_from),
    )


def _released(package: Path, name: str, made_from: Callable[[bytes, str], S]) -> S:
    file = folder(package) / "scales" / name
    if not file.is_file():
        raise WorkflowFaults(file.name, ["There is no such file beside the workflows."])
    return made_from(file.read_bytes(), file.name)


def fnclcc_from(content: bytes, name: str) -> Fnclcc:
    """The FNCLCC scale that *content* describes; *name* is how a message calls it.

    Raises `WorkflowFaults` with every fault.
    """
    faults = Faults()
    tree = Section(read(content, faults), (), faults).only(*_BESIDE, "differentiation", "mitoses", "necrosis", "grade")
    mitoses = tree.section("mitoses").only("high_power_field_mm2", "fields", "bands", "near_a_bound")
    differentiation = tree.section("differentiation").only("scores").section("scores")
    scale = Fnclcc(
        differentiation={int(degree): score for degree, score in differentiation.whole_numbers().items()},
        mitoses=mitoses.bands("bands", "score"),
        necrosis=tree.section("necrosis").only("bands").bands("bands", "score"),
        grades=tree.section("grade").only("bands").bands("bands", "grade"),
        area_mm2=mitoses.number("high_power_field_mm2") * mitoses.number("fields"),
        near_a_bound=mitoses.number("near_a_bound"),
        source="; ".join(_sources(tree).values()),
    )
    _refuse(name, faults)
    return scale


def soft_tissue_from(content: bytes, name: str) -> SoftTissue:
    """The table of stage groups that *content* describes. Raises `WorkflowFaults` with every fault."""
    faults = Faults()
    own = ("authorities", "size", "sites", "without_group", "groups")
    tree = Section(read(content, faults), (), faults).only(*_BESIDE, *own)
    cited = _sources(tree)
    held = tree.section("authorities")
    authorities = {each: held.section(each).only("editions", "read_in") for each in held.names()}
    for each, authority in authorities.items():
        if authority.text("read_in") not in cited:
            held.fault("'read_in' must be one of the sources.", each, "read_in")
    sites = tree.values("sites")
    without = tree.section("without_group")
    known = (*sites, *without.names())
    if sorted(known) != sorted(get_args(SiteGroup)):
        tree.fault("'sites' and 'without_group' must name every site group once, and no other.", "sites")
    allowed = CATEGORIES | {"authority": tuple(authorities), "site_group": known}
    scale = SoftTissue(
        sizes=tree.section("size").only("bands").bands("bands", "t"),
        lines=tuple(_line(each, allowed) for each in tree.sections("groups")),
        sites=sites,
        without_group={each: _no_group(without.section(each).only("flag", "because")) for each in without.names()},
        editions={each: authority.values("editions") for each, authority in authorities.items()},
        read_in={each: cited.get(authority.text("read_in"), "") for each, authority in authorities.items()},
    )
    if not authorities:
        tree.fault("'authorities' must name whose tables there are.", "authorities")
    if scale.lines and scale.lines[-1].when:
        tree.fault("The last line must hold for everything, so it may name no condition.", "groups")
    _refuse(name, faults)
    return scale


def _line(each: Section, allowed: dict[str, tuple[str, ...]]) -> Line:
    given = each.only("group", "flag", "because", *allowed)
    when: dict[str, frozenset[str]] = {}
    for fact, values in allowed.items():
        if each.has(fact):
            when[fact] = frozenset(each.values(fact))
            for value in sorted(when[fact] - set(values)):
                each.fault(f"'{value}' is no value of {fact}{nearest(value, values)}", fact)
    return Line(Group(_group(given, "group")) if each.has("group") else _no_group(given), when)


def _no_group(each: Section) -> Group:
    return Group(None, each.text("flag"), each.text("because"))


def _group(each: Section, name: str) -> str:
    group = each.text(name)
    if group not in _GROUPS:
        each.fault(f"'{group}' is no name of a stage{nearest(group, _GROUPS)}", name)
        return _GROUPS[0]
    return group


def figo_from(content: bytes, name: str) -> Figo:
    """The FIGO stages that *content* describes. Raises `WorkflowFaults` with every fault."""
    faults = Faults()
    own = ("edition", "size", "abdominal_sites", "isolated_cells_up_to_mm", "stages")
    tree = Section(read(content, faults), (), faults).only(*_BESIDE, *own)
    scale = Figo(
        sizes=tree.section("size").only("bands").bands("bands", "class"),
        abdominal_sites=tree.section("abdominal_sites").only("bands").bands("bands", "class"),
        isolated_cells_up_to_mm=tree.number("isolated_cells_up_to_mm"),
        lines=tuple(_figo_line(each) for each in tree.sections("stages")),
        edition=tree.text("edition"),
        source="; ".join(_sources(tree).values()),
    )
    if scale.lines and (scale.lines[-1].fact is not None or scale.lines[-1].t is None):
        tree.fault("The last line must hold for everything and give a T, so it may name no condition.", "stages")
    _refuse(name, faults)
    return scale


def _figo_line(each: Section) -> FigoLine:
    each.only("stage", "t", "group", "nodes_not_assessed", *_FIGO_FACTS)
    facts = [fact for fact in _FIGO_FACTS if each.has(fact)]
    if len(facts) > 1:
        each.fault(f"A line has one condition, not {len(facts)}.", facts[1])
    stage = _group(each, "stage")
    return FigoLine(
        stage=stage,
        fact=facts[0] if facts else None,
        value=each.whole(facts[0]) if facts else 0,
        t=each.word("t") if each.has("t") else None,
        group=_group(each, "group") if each.has("group") else stage,
        with_nx=_group(each, "nodes_not_assessed") if each.has("nodes_not_assessed") else None,
    )


def _sources(tree: Section) -> dict[str, str]:
    """Each source by the name it is cited by: what it is."""
    found = {}
    for each in tree.sections("sources"):
        each.only("cite", "what", "where", "place", "status")
        cite, what, place = each.text("cite"), each.text("what"), each.text("place")
        each.text("where")
        status = each.text("status")
        found[cite] = f"{cite}, {what}, {place}" + (f" ({status})" if status != "verified" else "")
    return found


def _refuse(name: str, faults: Faults) -> None:
    if faults:
        raise WorkflowFaults(name, faults.sentences())
