"""The calculators with the scales of this release: stage group, FIGO stage and FNCLCC grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.staging.figo import figo_2009
from lmstrack.staging.fnclcc import fnclcc
from lmstrack.staging.soft_tissue import soft_tissue_group
from lmstrack.workflow.scales import scales

if TYPE_CHECKING:
    from lmstrack.staging.figo import FigoStage
    from lmstrack.staging.fnclcc import Grade
    from lmstrack.staging.soft_tissue import StageGroup


def stage_group(
    *,
    site_group: str | None = None,
    size_mm: float | None = None,
    t: str | int | None = None,
    n: str | int | None = None,
    m: str | int | None = None,
    grade: str | int | None = None,
    prefix: str | None = None,
    authority: str | None = None,
    edition: str | None = None,
) -> StageGroup:
    """The stage group of a soft tissue sarcoma outside the uterus, and the groups still possible.

    A value that is left out is not known; ``X`` is what cannot be assessed. *size_mm* is the greatest dimension,
    *grade* FNCLCC 1 to 3, *prefix* c, p, yc or yp. *authority* is AJCC or UICC, which differ for involved nodes; AJCC
    of the eighth edition is meant where neither it nor the *edition* is given. Sources: workflows/scales.

    Raises `InvalidData` for a value that there is not, naming the nearest; `Impossible` for a size of nought or less.

    >>> stage_group(site_group="extremity", size_mm=51, n=0, m=0, grade=3).group
    'IIIA'
    >>> unknown = stage_group(site_group="extremity", size_mm=51, n=0, m=0)
    >>> unknown.still_possible, unknown.settled_by
    (('IB', 'IIIA'), ('grade',))
    """
    return soft_tissue_group(
        scales().soft_tissue,
        site_group=site_group,
        size_mm=size_mm,
        t=t,
        n=n,
        m=m,
        grade=grade,
        prefix=prefix,
        authority=authority,
        edition=edition,
    )


def figo_stage(
    *,
    size_mm: float | None = None,
    cervix: bool | None = None,
    adnexa: bool | None = None,
    pelvic: bool | None = None,
    abdominal_sites: int | None = None,
    nodes: bool | None = None,
    nodal_deposit_mm: float | None = None,
    nodes_assessed: bool | None = None,
    bladder_rectum: bool | None = None,
    distant: bool | None = None,
    prefix: str | None = None,
) -> FigoStage:
    """The FIGO 2009 stage of a leiomyosarcoma of the uterus, what it is in TNM, and the stages still possible.

    A value that is left out is not known. *size_mm* is the greatest dimension, *pelvic* other pelvic tissue than the
    adnexa, *abdominal_sites* how many abdominal tissues are invaded, *nodal_deposit_mm* the greatest deposit in a node;
    *nodes_assessed* False is NX. Sources: workflows/scales.

    Raises `Impossible` for a size or a count that cannot be.

    >>> confined = dict(adnexa=False, pelvic=False, abdominal_sites=0, nodes=False, bladder_rectum=False, distant=False)
    >>> figo_stage(size_mm=50, **confined).stage, figo_stage(size_mm=51, **confined).stage
    ('IA', 'IB')
    """
    return figo_2009(
        scales().figo,
        size_mm=size_mm,
        cervix=cervix,
        adnexa=adnexa,
        pelvic=pelvic,
        abdominal_sites=abdominal_sites,
        nodes=nodes,
        nodal_deposit_mm=nodal_deposit_mm,
        nodes_assessed=nodes_assessed,
        bladder_rectum=bladder_rectum,
        distant=distant,
        prefix=prefix,
    )


def fnclcc_grade(
    *,
    differentiation: int | None = None,
    mitoses_count: float | None = None,
    mitoses_area_mm2: float | None = None,
    necrosis_pct: float | None = None,
) -> Grade:
    """The FNCLCC grade of an untreated leiomyosarcoma outside the uterus, and the grades still possible.

    A value that is left out is not known. *differentiation* is scored 1 to 3; *mitoses_count* is per ten high-power
    fields, or per *mitoses_area_mm2* in mm²; *necrosis_pct* is the share of the tumour. Sources: workflows/scales.

    Raises `InvalidData` for a degree that there is not, `Impossible` for a measurement that cannot be.

    >>> fnclcc_grade(differentiation=2, mitoses_count=10, necrosis_pct=0).grade
    2
    """
    return fnclcc(
        scales().fnclcc,
        differentiation=differentiation,
        mitoses_count=mitoses_count,
        mitoses_area_mm2=mitoses_area_mm2,
        necrosis_pct=necrosis_pct,
    )
