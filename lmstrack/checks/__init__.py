"""The named checks of the pathway: what a rule asks of a case on a day, and how it is answered.

One file per part of the pathway. A workflow file names a check and gives its parameters; every clinical
number is one.
"""

from lmstrack.checks import (
    biopsy,
    cardiac,
    centres,
    chemotherapy,
    doses,
    fertility,
    imaging,
    intervals,
    liver,
    metastasectomy,
    operations,
    pathology,
    radiotherapy,
    referral,
    staging,
    surgery,
    systemic,
    team,
    uterus,
)
from lmstrack.checks.registry import CHECKS, Parameter, bound, check, described_parameters, parameters

__all__ = [
    "CHECKS",
    "Parameter",
    "biopsy",
    "bound",
    "cardiac",
    "centres",
    "check",
    "chemotherapy",
    "described_parameters",
    "doses",
    "fertility",
    "imaging",
    "intervals",
    "liver",
    "metastasectomy",
    "operations",
    "parameters",
    "pathology",
    "radiotherapy",
    "referral",
    "staging",
    "surgery",
    "systemic",
    "team",
    "uterus",
]
