"""The stage of a case, computed from what is on record; the stated one stands beside it and is never replaced."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from lmstrack.records import FigoExtent, Pathology, Staging
from lmstrack.staging.figo import FigoStage, figo_2009
from lmstrack.staging.soft_tissue import CATEGORIES, StageGroup, soft_tissue_group

if TYPE_CHECKING:
    from lmstrack.facts import Facts
    from lmstrack.staging.scales import Scales

Stage: TypeAlias = StageGroup | FigoStage

T_NOT_OF_THIS_EDITION: Final = "t_not_of_this_edition"
_UTERUS: Final = "uterus"
_AFTER_TREATMENT: Final = ("yc", "yp")
_OF_NODES: Final = ("nodes", "nodal_deposit_mm", "nodes_assessed")
_YES_NO: Final = {"0": False, "1": True}
_EXTENT: Final = tuple(FigoExtent.model_fields)

# What is looked up is alike in most cases, and asked for with every staging.
_soft_tissue: Final = lru_cache(maxsize=4096)(soft_tissue_group)
_uterus: Final = lru_cache(maxsize=4096)(figo_2009)


def computed_stage(facts: Facts, scales: Scales, *, authority: str | None = None, edition: str | None = None) -> Stage:
    """The stage by FIGO for the uterus, else the stage group, of the current course of disease.

    The authority and edition are those stated last, else the ones given, else those of the table.
    """
    if facts.site_group() == _UTERUS:
        return _uterus(scales.figo, **figo_inputs(facts))
    inputs = stage_inputs(facts)
    inputs["authority"] = inputs["authority"] or authority
    inputs["edition"] = inputs["edition"] or edition
    found = _soft_tissue(scales.soft_tissue, **inputs)
    # The letters of T belong to the seventh edition, of which T2 and above say something else.
    lettered = inputs["t"] is None and _stated(facts).t is not None
    return replace(found, flags=(*found.flags, T_NOT_OF_THIS_EDITION)) if lettered else found


def stage_inputs(facts: Facts) -> dict[str, Any]:
    """What the calculator of stage groups takes, as the current course of disease has it.

    T and N are those of the latest prefix (c, p, yc, yp) that is stated; entries without one go with any. M is the
    latest, whatever its prefix. A size measured before treatment says nothing about a T after it. A grade that the
    pathologist gives a reason for not giving is GX; one that is not on record is not known.
    """
    stated = _stated(facts)
    return {
        "site_group": facts.site_group(),
        "size_mm": _size(facts, stated),
        "t": stated.t if stated.t in CATEGORIES["t"] else None,
        "n": stated.n,
        "m": facts.staged("m"),
        "grade": _grade(facts),
        "prefix": stated.prefix,
        "authority": facts.staged("authority"),
        "edition": facts.staged("edition"),
    }


def figo_inputs(facts: Facts) -> dict[str, Any]:
    """What the calculator of FIGO takes: each detail of the extent as the latest staging of the course tells it.

    What is said of N and M completes it. A stated T does not: FIGO is what was found at operation.
    """
    stated = _stated(facts)
    extents = [
        staging.figo_extent for _, staging in facts.records(Staging, course=True) if staging.figo_extent is not None
    ]
    told: dict[str, Any] = dict.fromkeys(_EXTENT)
    for each in reversed(extents):
        told.update((name, value) for name, value in each if value is not None)
    if told["size_mm"] is None:
        told["size_mm"] = _size(facts, stated)
    if all(told[name] is None for name in _OF_NODES):
        told["nodes"] = _YES_NO.get(stated.n or "")
        told["nodes_assessed"] = False if stated.n == "X" else None
    if told["distant"] is None:
        told["distant"] = _YES_NO.get(facts.staged("m") or "")
    return {**told, "prefix": stated.prefix}


class _Stated(NamedTuple):
    prefix: str | None
    t: str | None
    n: str | None


def _stated(facts: Facts) -> _Stated:
    stagings = [staging for _, staging in facts.records(Staging, course=True)]
    prefix = next((each.prefix for each in stagings if each.prefix is not None), None)
    t = n = None
    for each in stagings:
        if each.prefix is None or each.prefix == prefix:
            t = each.t if t is None else t
            n = each.n if n is None else n
    return _Stated(prefix, t, n)


def _size(facts: Facts, stated: _Stated) -> float | None:
    return None if stated.prefix in _AFTER_TREATMENT else facts.size_mm()


def _grade(facts: Facts) -> str | None:
    grade = facts.grade()
    if grade is not None:
        return str(grade)
    refused = any(report.grade_unknown_reason is not None for _, report in facts.records(Pathology))
    return "X" if refused else None


@lru_cache(maxsize=4096)
def in_words(stage: Stage) -> str:
    """The stage with whose it is and what it was found from, or why there is none.

    Several that are possible stand beside each other, none among them where there may be no group at all, with
    what would settle them.
    """
    if not stage.still_possible:
        return f"none by {stage.system}: {stage.reason}"
    *others, last = (*stage.still_possible, "none") if stage.none_possible else stage.still_possible
    said = f"{', '.join(others)} or {last}" if others else last
    said += f" by {stage.system}"
    if stage.categories:
        said += f" from {stage.categories}"
    return f"{said}; not known: {', '.join(stage.settled_by)}" if stage.settled_by else said
