"""The values that parameters of checks may have, where the records do not name the list themselves."""

from __future__ import annotations

from typing import Literal

from lmstrack.records.base import Drug
from lmstrack.records.diagnosis import Morphology, OneToThree, Region
from lmstrack.records.referral import Depth, SiteGroup
from lmstrack.records.treatment import Operation, TreatmentLine

Modality = Literal["MRI", "CT", "US", "XR", "PET_CT"]
Method = Literal["core", "incisional", "excisional", "fna"]
Barrier = Literal["none", "fascia", "periosteum", "epineurium", "vessel_wall", "peritoneum"]
Menopause = Literal["pre", "peri", "post", "not_applicable"]
ChildPugh = Literal["A", "B", "C"]

__all__ = [
    "Barrier",
    "ChildPugh",
    "Depth",
    "Drug",
    "Menopause",
    "Method",
    "Modality",
    "Morphology",
    "OneToThree",
    "Operation",
    "Region",
    "SiteGroup",
    "TreatmentLine",
]
