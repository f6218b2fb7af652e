"""The stage of a case, computed from what is on record; the stated one stands beside it and is never replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from lmstrack.records import Pathology, Staging
from lmstrack.records.diagnosis import FigoExtent
from lmstrack.staging.figo import FigoStage, figo_2009
from lmstrack.staging.soft_tissue import CATEGORIES, StageGroup, soft_tissue_group

if TYPE_CHECKING:
    from lmstrack.facts import Facts
    from lmstrack.staging.scales import Scales

Stage: TypeAlias = StageGroup | FigoStage

T_NOT_OF_THIS_EDITION: Final = "t_not_of_this_edition"
_UTERUS: Final = "uterus"
_AFTER_TREATMENT: Final = ("yc", "yp")
_YES_NO: Final = {"0": False, "1": True}


def computed_stage(facts: Facts, scales: Scales, *, authority: str | None = None, edition: str | None = None) -> Stage:
    """The stage by FIGO for the uterus, else the stage group, of the current course of disease.

    T and N are those of the latest prefix (c, p, yc, yp) that is stated; entries without one go with any. M is the
    latest, whatever its prefix. A size measured before treatment says nothing about a T after it. The authority and
    edition are those stated last, else the ones given, else those of the table. A grade that the pathologist gives a
    reason for not giving is GX; one that is not on record is not known.
    """
    stagings = [staging for _, staging in facts.records(Staging, course=True)]
    prefix = next((each.prefix for each in stagings if each.prefix is not None), None)
    alike = [each for each in stagings if each.prefix in (None, prefix)]
    n = next((each.n for each in alike if each.n is not None), None)
    m = facts.staged("m")
    size_mm = None if prefix in _AFTER_TREATMENT else facts.size_mm()
    if facts.site_group() == _UTERUS:
        return _figo(stagings, scales, prefix, n, m, size_mm)
    t = next((each.t for each in alike if each.t is not None), None)
    lettered = t is not None and t not in CATEGORIES["t"]
    found = soft_tissue_group(
        scales.soft_tissue,
        site_group=facts.site_group(),
        size_mm=size_mm,
        t=None if lettered else t,
        n=n,
        m=m,
        grade=_grade(facts),
        prefix=prefix,
        authority=next((each.authority for each in stagings if each.authority is not None), authority),
        edition=next((each.edition for each in stagings if each.edition is not None), edition),
    )
    return replace(found, flags=(*found.flags, T_NOT_OF_THIS_EDITION)) if lettered else found


def _grade(facts: Facts) -> str | None:
    grade = facts.grade()
    if grade is not None:
        return str(grade)
    refused = any(report.grade_unknown_reason is not None for _, report in facts.records(Pathology))
    return "X" if refused else None


def _figo(
    stagings: list[Staging], scales: Scales, prefix: str | None, n: str | None, m: str | None, size_mm: float | None
) -> FigoStage:
    """Each detail as the latest staging tells it; what is said of N and M completes it, T is not turned into FIGO."""
    extents = [each.figo_extent for each in stagings if each.figo_extent is not None]
    told = {
        name: next((value for each in extents if (value := getattr(each, name)) is not None), None)
        for name in FigoExtent.model_fields
    }
    if told["size_mm"] is None:
        told["size_mm"] = size_mm
    if all(told[name] is None for name in ("nodes", "nodal_deposit_mm", "nodes_assessed")):
        told["nodes"] = _YES_NO.get(n or "")
        told["nodes_assessed"] = False if n == "X" else None
    if told["distant"] is None:
        told["distant"] = _YES_NO.get(m or "")
    return figo_2009(scales.figo, **told, prefix=prefix)


def in_words(stage: Stage) -> str:
    """The stage with whose it is and what it was found from, or why there is none.

    Several that are possible stand beside each other, with what would settle them.
    """
    if not stage.still_possible:
        return f"none by {stage.system}: {stage.reason}"
    *others, last = stage.still_possible
    said = f"{', '.join(others)} or {last}" if others else last
    said += f" by {stage.system}"
    if stage.categories:
        said += f" from {stage.categories}"
    return f"{said}; not known: {', '.join(stage.settled_by)}" if stage.settled_by else said
