"""The scans of a course of disease as several checks look at them, and the words for those that do not serve.

A record with a *reason_not_done* is no scan. A whole-body scan shows the chest, the abdomen and the pelvis,
but does not count as imaging of the primary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.checks.questions import about, day_of
from lmstrack.checks.wording import REGIONS, both, scan
from lmstrack.dates import short
from lmstrack.records import Imaging

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.facts import Facts
    from lmstrack.rules import Ask

_SHOWN_BY_WHOLE_BODY = frozenset({"chest", "abdomen_pelvis"})
_NEAR_MISSES = 3  # an old case has many scans of other regions; the latest say enough


def shows(imaging: Imaging, region: str) -> bool:
    """Whether one scan covers the region."""
    if imaging.region is not None:
        return imaging.region == region or (imaging.region == "whole_body" and region in _SHOWN_BY_WHOLE_BODY)
    covered = imaging.regions or ()
    return region in covered or ("whole_body" in covered and region in _SHOWN_BY_WHOLE_BODY)


def scans(case: Facts, on: date, region: str) -> list[tuple[Event, Imaging]]:
    """What is on record about scans of a region in this course, newest first, whether they serve or not."""
    return [
        (event, imaging)
        for event, imaging in case.records(Imaging, course=True)
        if (imaging.region == region or shows(imaging, region)) and event.on <= on
    ]


def is_void(imaging: Imaging) -> bool:
    """Whether a scan can serve no rule: it was not done, or was found inadequate."""
    return imaging.adequate is False or imaging.reason_not_done is not None


def way_question(event: Event, imaging: Imaging, on: date, likely: str) -> Ask:
    """How a scan was done, where that is not recorded; *likely* is the example of an answer."""
    return about(event, "modality", f"How was the {scan(imaging, event, on)} done?", likely)


def adequacy_question(event: Event, imaging: Imaging, on: date) -> Ask:
    """Whether a scan was adequate, where that is not recorded."""
    return about(event, "adequate", f"Was the {scan(imaging, event, on)} adequate?")


def scan_day_question(event: Event, imaging: Imaging, on: date) -> Ask:
    """On which day a scan was done, where only its month or year is recorded."""
    return day_of(event, scan(imaging, event, on))


def scans_found(case: Facts, on: date, region: str, modality: Collection[str], *, adequate: bool) -> str:
    """Why each scan of this region does not serve; where there is none, the nearest others by name."""
    here = [
        f"the {scan(imaging, event, on)} {_why_not(event, imaging, on, modality, adequate=adequate)}"
        for event, imaging in scans(case, on, region)
    ]
    if here:
        return "; ".join(here)
    others = case.records(Imaging, course=True)[:_NEAR_MISSES]
    named = [f"the {scan(imaging, event, on)}" for event, imaging in others]
    if case.course > 1 and len(named) < _NEAR_MISSES:
        earlier = [each for each in case.records(Imaging) if shows(each[1], region)][: _NEAR_MISSES - len(named)]
        named += [f"the {scan(imaging, event, on)} of an earlier course" for event, imaging in earlier]
    near = f" ({both(named)} {'does' if len(named) == 1 else 'do'} not count)" if named else ""
    return f"no imaging of {REGIONS[region]} on record{near}"


def _why_not(event: Event, imaging: Imaging, on: date, modality: Collection[str], *, adequate: bool) -> str:
    if imaging.reason_not_done is not None:
        return "was not done"
    if imaging.modality is not None and imaging.modality not in modality:
        return "does not count"
    if imaging.adequate is False:
        return "was not adequate"
    if imaging.modality is None:
        return "does not say how it was done"
    if adequate and imaging.adequate is None:
        return "does not say whether it was adequate"
    return f"may have been done after {short(on)}" if event.last > on else "does not count"
