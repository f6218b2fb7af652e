"""How the patient came, and what is known of lesion and patient before there is a diagnosis."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from lmstrack.records.base import Flag, PartialDay, PastDay, Physical, Record, Remark, Shape, Text

SiteGroup = Literal["extremity", "trunk", "head_neck", "retroperitoneum", "uterus", "visceral", "skin"]
Depth = Literal["superficial", "deep"]
SizeMm = Annotated[float, Physical(1, 1000, "mm")]


class Described(Shape):
    """Lesion and patient, as told and examined; a later value counts instead of an earlier one.

    Sizes are the greatest dimension in mm, doses in mg/m². *growth_rate* and *functional_impact* are in the
    words of the clinic. *germline_syndrome* is its name, and ``none`` where it was looked for and is absent.
    """

    site_group: SiteGroup | None = None
    site_detail: Text | None = None
    laterality: Literal["left", "right", "bilateral", "midline", "not_applicable"] | None = None
    size_mm: SizeMm | None = None
    depth: Depth | None = None
    growing: Flag | None = None
    painful: Flag | None = None
    recurrent_lesion: Flag | None = None
    growth_rate: Remark | None = None
    functional_impact: Remark | None = None
    malignancy_suspicion: Literal["low", "reasonable", "high"] | None = None
    symptom_onset: PartialDay | None = None
    menopausal_status: Literal["pre", "peri", "post", "not_applicable"] | None = None
    fertility_discussed_on: PastDay | None = None
    mri_contraindicated: Flag | None = None
    cardiac_history: Flag | None = None
    prior_anthracycline_mg_m2: Annotated[float, Physical(0, 2000, "mg/m²")] | None = None
    prior_mediastinal_rt: Flag | None = None
    germline_syndrome: Text | None = None
    pregnant: Flag | None = None
    ecog: Annotated[int, Physical(0, 4)] | None = None


class Arrival(Shape):
    """By which route, and when the letter was received."""

    route: (
        Literal[
            "urgent_suspected_cancer",
            "routine",
            "consultant_upgrade",
            "emergency",
            "incidental",
            "unplanned_excision",
            "transfer_in",
            "other",
        ]
        | None
    ) = None
    received_on: PastDay | None = None


class Referral(Described, Arrival, Record):
    """A patient is referred: the first event of a case."""

    kind: ClassVar[str] = "referral"


class Consultation(Described, Record):
    """History and examination before diagnosis; each field replaces what was known of it earlier."""

    kind: ClassVar[str] = "consultation"
