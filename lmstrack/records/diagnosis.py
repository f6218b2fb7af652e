"""From the scan to the treatment decision: imaging, tissue, stage, and the team that decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from lmstrack.records.base import (
    Day,
    Flag,
    FreeText,
    Joined,
    Means,
    NumberAsText,
    PastDay,
    Physical,
    Record,
    Remark,
    Shape,
    SourceLine,
    Text,
    WholeNumber,
)
from lmstrack.records.referral import Depth, SizeMm
from lmstrack.records.treatment import PlannedTreatment

if TYPE_CHECKING:
    from collections.abc import Iterator

Region = Literal["primary", "chest", "abdomen_pelvis", "brain", "whole_body", "other"]
Outcome = Literal["no_disease", "disease", "suspicious", "indeterminate"]
Evidence = Literal["patient_said", "letter", "report", "images"]
OneToThree = Annotated[Literal[1, 2, 3], WholeNumber]
Percent = Annotated[float, Physical(0, 100, "%")]
CaseCount = Annotated[int, Physical(0, 1000)]
Morphology = Annotated[
    str,
    Field(strict=True, pattern=r"^[89]\d{3}/[0-9]$"),
    Means("an ICD-O-3 morphology, such as 8890/3"),
]


def uncounted_mark(kind: str, *, counts: bool | None, because: str | None) -> Iterator[str]:
    """Want a reason for a clinician's own mark that something counts, or does not."""
    if counts is not None and because is None:
        yield f"{kind}: counts wants because, the reason of the clinician who says so"


class Imaging(Joined):
    """A scan, of one region or of several at once.

    The clinic's dates: *reported_on* by the radiologist, *reviewed_on* by the team, *told_on* to the patient.
    *elsewhere* is the place of a scan not done here, *evidence* how we know of it. *counts* is a clinician's
    own mark that the scan serves, or does not serve, what is due, with *because*. *size_mm* is the greatest
    dimension of the region's lesion.
    """

    kind: ClassVar[str] = "imaging"
    region: Region | None = None
    regions: Annotated[tuple[Region, ...], Field(min_length=1)] | None = None
    modality: Literal["MRI", "CT", "US", "XR", "PET_CT"] | None = None
    adequate: Flag | None = None
    purpose: Literal["diagnosis", "staging", "baseline", "surveillance", "response"] | None = None
    size_mm: SizeMm | None = None
    depth: Depth | None = None
    necrosis: Flag | None = None
    reason_not_done: FreeText | None = None
    reported_on: PastDay | None = None
    reviewed_on: PastDay | None = None
    told_on: PastDay | None = None
    outcome: Outcome | None = None
    elsewhere: Text | None = None
    evidence: Evidence | None = None
    counts: Flag | None = None
    because: FreeText | None = None

    def contradictions(self) -> Iterator[str]:
        """Want one region or several, and a reason for a mark."""
        if (self.region is None) == (self.regions is None):
            yield "imaging needs region, or regions for several at once, and not both"
        yield from uncounted_mark(self.kind, counts=self.counts, because=self.because)


class Biopsy(Record):
    """Tissue is taken. *technique_ok*: minimal dissection and haemostasis, as the operator attests."""

    kind: ClassVar[str] = "biopsy"
    method: Literal["core", "incisional", "excisional", "fna"] | None = None
    guidance: Text | None = None
    centre: Text | None = None
    centre_designated: Flag | None = None
    mdt_approved_local: Flag | None = None
    track_planned_with_surgeon: Flag | None = None
    technique_ok: Flag | None = None
    complication: Remark | None = None


class Pathology(Record):
    """A report on tissue.

    *mitoses_count* is per *mitoses_area_mm2*, and per ten high-power fields where no area is given.
    *necrosis_pct* is a share of the tumour, *size_mm* its greatest dimension. *grade* is FNCLCC;
    *uterine_grade* answers for the uterus.
    """

    kind: ClassVar[str] = "pathology"
    specimen: Literal["biopsy", "resection", "review"] | None = None
    histology: Morphology | None = None
    is_lms: Flag | None = None
    differentiation: OneToThree | None = None
    mitoses_count: CaseCount | None = None
    mitoses_area_mm2: Annotated[float, Physical(0.01, 1000, "mm²")] | None = None
    necrosis_pct: Percent | None = None
    grade: OneToThree | None = None
    grade_unknown_reason: FreeText | None = None
    uterine_grade: Literal["low", "high", "not_graded"] | None = None
    vascular_invasion: Flag | None = None
    dna_ploidy: Literal["diploid", "aneuploid", "not_tested"] | None = None
    ancillary: tuple[Literal["ihc", "molecular"], ...] | None = None
    reviewed_by_sarcoma_pathologist: Flag | None = None
    treated_specimen: Flag | None = None
    size_mm: SizeMm | None = None
    reported_on: PastDay | None = None
    reviewed_on: PastDay | None = None
    told_on: PastDay | None = None


class FigoExtent(Shape):
    """How far a tumour of the uterus reaches; *abdominal_sites* counts the abdominal tissues invaded.

    *pelvic* is other pelvic tissue than the adnexa. *nodes* are pelvic or para-aortic; *nodal_deposit_mm* is the
    greatest deposit in one, *nodes_assessed* is False where nobody could tell (NX).
    """

    size_mm: SizeMm | None = None
    cervix: Flag | None = None
    adnexa: Flag | None = None
    pelvic: Flag | None = None
    abdominal_sites: Annotated[int, Physical(0, 50)] | None = None
    nodes: Flag | None = None
    nodal_deposit_mm: Annotated[float, Physical(0.01, 500, "mm")] | None = None
    nodes_assessed: Flag | None = None
    bladder_rectum: Flag | None = None
    distant: Flag | None = None


class Staging(Record):
    """The stage as the clinician states it; the computed one is shown beside it, never in its place."""

    kind: ClassVar[str] = "staging"
    t: (
        Annotated[
            Literal["0", "1", "1a", "1b", "2", "2a", "2b", "3", "3a", "3b", "4", "4a", "4b", "X"],
            NumberAsText,
        ]
        | None
    ) = None
    n: Annotated[Literal["0", "1", "X"], NumberAsText] | None = None
    m: Annotated[Literal["0", "1"], NumberAsText] | None = None
    prefix: Literal["c", "p", "yc", "yp"] | None = None
    edition: Annotated[Literal["8", "9"], NumberAsText] | None = None
    authority: Literal["AJCC", "UICC"] | None = None
    nodes_macroscopic: Flag | None = None
    figo_extent: FigoExtent | None = None
    figo_stage: Text | None = None
    stage_group: Text | None = None


class Action(Shape):
    """Something that the team agreed somebody does by a day."""

    owner: Text | None = None
    by: Day | None = None
    what: FreeText | None = None


class Mdt(Record):
    """The team meets and decides; *plan* holds the treatments in order, None where none was stated."""

    kind: ClassVar[str] = "mdt"
    centre: Text | None = None
    centre_designated: Flag | None = None
    intent: Literal["curative", "palliative"] | None = None
    decision: FreeText | None = None
    key_worker: Text | None = None
    members: tuple[Text, ...] | None = None
    rps_expertise: Flag | None = None
    plan: tuple[PlannedTreatment, ...] | None = None
    shared_care: Flag | None = None
    shared_decision_on: PastDay | None = None
    trial: Text | None = None
    actions: tuple[Action, ...] | None = None
    lung_only: Flag | None = None
    r0_feasible: Flag | None = None
    nodule_count: CaseCount | None = None
    primary_controlled: Flag | None = None


class DecisionToTreat(Record):
    """Patient and team agree on treatment, from the *earliest_clinically_appropriate* day on."""

    kind: ClassVar[str] = "decision_to_treat"
    earliest_clinically_appropriate: Day | None = None


class Result(Record):
    """What became known later of an earlier scan or pathology, which *line* names."""

    kind: ClassVar[str] = "result"
    # A report can arrive after the patient has died.
    clinical: ClassVar[bool] = False
    line: SourceLine
    reported_on: PastDay | None = None
    reviewed_on: PastDay | None = None
    told_on: PastDay | None = None
    outcome: Outcome | None = None
    evidence: Evidence | None = None
