"""How checks say what they need and what they found, in the ward's words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from lmstrack.dates import short

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.records import Imaging, PlannedTreatment

MODALITIES = {"MRI": "MRI", "CT": "CT", "US": "ultrasound", "XR": "X-ray", "PET_CT": "PET-CT"}
REGIONS = {
    "primary": "the primary",
    "chest": "the chest",
    "abdomen_pelvis": "abdomen and pelvis",
    "brain": "the brain",
    "whole_body": "the whole body",
    "other": "another region",
}
SITES = {
    "extremity": "limb",
    "trunk": "trunk",
    "head_neck": "head and neck",
    "retroperitoneum": "retroperitoneum",
    "uterus": "uterus",
    "visceral": "viscera",
    "skin": "skin",
}
OPERATIONS = {
    "wide_excision": "wide excision",
    "compartmental_en_bloc": "compartmental resection en bloc",
    "total_hysterectomy": "total hysterectomy",
    "re_excision": "re-excision",
    "metastasectomy": "metastasectomy",
    "amputation": "amputation",
    "unplanned_excision": "unplanned excision",
    "other": "another operation",
}
METHODS = {
    "core": "core",
    "incisional": "incisional",
    "excisional": "excisional",
    "fna": "fine-needle aspiration",
}
MENOPAUSES = {
    "pre": "premenopausal",
    "peri": "perimenopausal",
    "post": "postmenopausal",
    "not_applicable": "menopause not applicable",
}
TREATMENTS = {"systemic": "systemic treatment"}

_IN_NO_ORDER = (set, frozenset)
_BEFORE_MODALITY = {
    "chest": "chest ",
    "abdomen_pelvis": "abdomen and pelvis ",
    "brain": "brain ",
    "whole_body": "whole-body ",
}


def either(choices: Collection[object]) -> str:
    """Join what may stand for each other, in the order given.

    >>> either(("MRI", "CT", "PET-CT"))
    'MRI, CT or PET-CT'
    """
    return _joined(_words(choices), " or ")


def both(parts: Collection[object]) -> str:
    """Join what belongs together, in the order given.

    >>> both(("surgery", "radiotherapy"))
    'surgery and radiotherapy'
    """
    return _joined(_words(parts), " and ")


def _words(parts: Collection[object]) -> tuple[str, ...]:
    return tuple(sorted(map(str, parts)) if isinstance(parts, _IN_NO_ORDER) else map(str, parts))


@lru_cache(maxsize=1024)  # most of what is joined are the values of a parameter, the same for every patient
def _joined(words: tuple[str, ...], last: str) -> str:
    return last.join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else "none"


def dated(event: Event, on: date) -> str:
    """When an event was, as exactly as is known; the year of a day only where it is not that of *on*."""
    if event.precision == "year":
        return str(event.on.year)
    if event.precision == "month":
        return short(event.on).partition(" ")[2]
    return short(event.on).removesuffix(f" {on.year}")


def modalities(wanted: Collection[str]) -> str:
    """Ways of imaging that may stand for each other.

    >>> modalities(("MRI", "US"))
    'MRI or ultrasound'
    """
    return _modalities(tuple(sorted(wanted) if isinstance(wanted, _IN_NO_ORDER) else wanted))


@lru_cache(maxsize=1024)
def _modalities(wanted: tuple[str, ...]) -> str:
    return either([MODALITIES[each] for each in wanted])


def scan(imaging: Imaging, event: Event, on: date) -> str:
    """One scan in words, such as ``chest X-ray of 12 Nov``."""
    way = MODALITIES[imaging.modality] if imaging.modality is not None else "scan"
    covered = (imaging.region,) if imaging.region is not None else imaging.regions or ()
    return f"{_way_of(way, covered)} of {dated(event, on)}"


@lru_cache(maxsize=1024)
def _way_of(way: str, covered: tuple[str, ...]) -> str:
    if len(covered) == 1 and covered[0] in _BEFORE_MODALITY:
        return f"{_BEFORE_MODALITY[covered[0]]}{way}"
    return f"{way} of {both([REGIONS[region] for region in covered])}"


def plan_holds(plan: Sequence[PlannedTreatment]) -> str:
    """The treatments of a plan in words."""
    names = dict.fromkeys(_planned(each) for each in plan)
    return both(tuple(names)) if names else "no treatment"


def _planned(treatment: PlannedTreatment) -> str:
    if treatment.operation == "metastasectomy":
        return "surgery on metastases"
    if treatment.timing == "palliative":
        return "palliative radiotherapy"
    return TREATMENTS.get(treatment.treatment, treatment.treatment)


def treatment_line(line: str) -> str:
    """A line of systemic treatment in words.

    >>> treatment_line("2"), treatment_line("adjuvant")
    ('line 2', 'the adjuvant treatment')
    """
    return f"line {line}" if line.isdecimal() else f"the {line} treatment"


def number(value: float) -> str:
    """A number as people write it, without a needless fraction.

    >>> number(30.0), number(7.5)
    ('30', '7.5')
    """
    return f"{value:g}"
