"""What is done against the tumour, what is planned, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from lmstrack.records.base import (
    Day,
    Drug,
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
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

DoseGy = Annotated[float, Physical(0, 100, "Gy")]
DoseMgM2 = Annotated[float, Physical(0, 20_000, "mg/m²")]
TreatmentLine = Annotated[
    str,
    NumberAsText,
    Field(strict=True, pattern=r"^(neoadjuvant|adjuvant|[1-9][0-9]?)$"),
    Means("neoadjuvant, adjuvant, or the number of the line"),
]


Operation = Literal[
    "wide_excision",
    "compartmental_en_bloc",
    "total_hysterectomy",
    "re_excision",
    "metastasectomy",
    "amputation",
    "unplanned_excision",
    "other",
]


class OfSurgery(Shape):
    """An operation. *margin_mm* is the closest margin; *margin_barrier* the tissue that bounds it."""

    operation: Operation | None = None
    excision_type: Literal["wide", "marginal", "intralesional", "compartmental"] | None = None
    r_class: Literal["R0", "R1", "R2", "RX"] | None = None
    margin_mm: Annotated[float, Physical(0, 200, "mm")] | None = None
    margin_barrier: Literal["none", "fascia", "periosteum", "epineurium", "vessel_wall", "peritoneum"] | None = None
    fascial_plane_intact: Flag | None = None
    planned_positive: Flag | None = None
    reconstruction: Remark | None = None
    bso: Flag | None = None
    lymphadenectomy: Flag | None = None
    morcellation: Flag | None = None
    specimen_intact: Flag | None = None


class OfRadiotherapy(Shape):
    """A course of radiotherapy; *dose_gy* is the whole dose, *boost_to_gy* what a boost brings it to."""

    timing: Literal["preoperative", "postoperative", "palliative", "definitive"] | None = None
    started_on: PastDay | None = None
    dose_gy: DoseGy | None = None
    fractions: Annotated[int, Physical(1, 100)] | None = None
    boost_to_gy: DoseGy | None = None
    boost_reason: FreeText | None = None


class OfSystemic(Shape):
    """One cycle of a systemic treatment; *doses_mg_m2* gives the dose of each drug in this cycle."""

    line: TreatmentLine | None = None
    regimen: Annotated[tuple[Drug, ...], Field(min_length=1)] | None = None
    cycle: Annotated[int, Physical(1, 200)] | None = None
    doses_mg_m2: Mapping[Drug, DoseMgM2] | None = None
    bilirubin_mg_dl: Annotated[float, Physical(0, 100, "mg/dl")] | None = None
    child_pugh: Literal["A", "B", "C"] | None = None
    with_hyperthermia: Flag | None = None


class Setting(Shape):
    """Where, and whether it could wait. *centre* is its name, as the settings of the site list it."""

    centre: Text | None = None
    centre_designated: Flag | None = None
    emergency: Flag | None = None


class Planned(Shape):
    """Which treatment a plan speaks of."""

    treatment: Literal["surgery", "radiotherapy", "systemic", "observation", "hyperthermia"]


class PlannedTreatment(Setting, OfSystemic, OfRadiotherapy, OfSurgery, Planned):
    """One treatment of a plan, with the fields of its kind."""


class Surgery(Setting, OfSurgery, Record):
    """An operation that was done."""

    kind: ClassVar[str] = "surgery"


class Radiotherapy(Setting, OfRadiotherapy, Record):
    """A course of radiotherapy; *status* None means completed: the event is on its last day."""

    kind: ClassVar[str] = "radiotherapy"
    status: Literal["started", "completed"] | None = None


class Systemic(Setting, OfSystemic, Record):
    """A cycle that was given."""

    kind: ClassVar[str] = "systemic"


class CardiacFunction(Record):
    """The left ventricular ejection fraction, in per cent."""

    kind: ClassVar[str] = "cardiac_function"
    lvef_pct: Annotated[float, Physical(1, 100, "%")] | None = None
    method: Text | None = None


class TreatmentCompleted(Joined):
    """The treatment is over; *next* says what follows. Palliative care is looked at again on *review_on*."""

    kind: ClassVar[str] = "treatment_completed"
    intent: Literal["curative", "palliative"] | None = None
    next: Literal["surveillance", "systemic_care", "palliative_care"]
    review_on: Day | None = None

    def contradictions(self) -> Iterator[str]:
        """Want a day to look again at palliative care, which would else be forgotten."""
        if self.next == "palliative_care" and self.review_on is None:
            yield "treatment_completed with next palliative_care needs review_on, the day to look again"
