"""Checks on scans: what was imaged, how, and when. Every one looks at the current course of disease."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from lmstrack.checks.questions import GRADE, MRI_CONTRAINDICATED, SITE, SIZE, day_of, undecided, vague_day
from lmstrack.checks.registry import check
from lmstrack.checks.scans import (
    adequacy_question,
    is_void,
    scan_day_question,
    scans,
    scans_found,
    way_question,
)
from lmstrack.checks.values import Modality, OneToThree, Region, SiteGroup
from lmstrack.checks.wording import REGIONS, SITES, both, either, modalities, number, scan
from lmstrack.dates import short
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Imaging, Mdt, TreatmentCompleted
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met

_ASKED_ABOUT_THE_CHEST = frozenset({"mdt", "treatment_completed"})


@check
def imaging_on_record(
    case: Facts, on: date, *, region: Region, modality: Collection[Modality], adequate: bool
) -> Answer:
    """Imaging of *region* in one of these ways, done on or before the day of the move.

    *adequate* asks for a scan that is recorded as adequate; without it any scan counts that is not known to
    be inadequate. Where none serves, one of which way, adequacy or day is not known answers *unknown*.
    """
    asks = _lacking(case, on, region, modality, adequate=adequate)
    if asks is None:
        return MET
    wanted = f"{modalities(modality)} of {REGIONS[region]}{', adequate' if adequate else ''}"
    needs = f"{wanted}, on or before {short(on)}"
    found = scans_found(case, on, region, modality, adequate=adequate)
    asked = vague_day(case)
    if asked is not None and not asks:
        return undecided(needs, f"{found} by {short(on)}", (day_of(asked),))
    if asks:
        return undecided(needs, found, asks)
    fix = f"imaging region={region} modality={next(iter(modality), 'CT')}"
    return not_met(needs, found, f"{fix} adequate=true" if adequate else fix)


def _lacking(case: Facts, on: date, region: str, modality: Collection[Modality], *, adequate: bool) -> list[Ask] | None:
    """None where a scan serves for certain; else the questions that may show that one does, if there are any."""
    asks: list[Ask] = []
    for event, imaging in scans(case, on, region):
        way = imaging.modality
        if is_void(imaging) or (way is not None and way not in modality):
            continue
        vague = event.precision != "day" and event.last > on
        if way is not None and not vague and (imaging.adequate or not adequate):
            return None
        if way is None:
            asks.append(way_question(event, imaging, on, next(iter(modality), "CT")))
        if adequate and imaging.adequate is None:
            asks.append(adequacy_question(event, imaging, on))
        if vague:
            asks.append(scan_day_question(event, imaging, on))
    return asks


@check(of=(Mdt,), at="sites")
def imaged_or_explained(
    case: Facts, on: date, *, region: Region, modality: Collection[Modality], sites: Collection[SiteGroup]
) -> Answer:
    """When the MDT meets about a tumour of these sites, *region* was imaged, or it is recorded why not.

    Any scan of this course counts that is not known to be inadequate, however old. An MDT of palliative
    intent meets the rule without one.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Mdt):
        return NOT_ASKED
    site = case.site_group()
    if site is not None and site not in sites:
        return NOT_ASKED
    if asked.record.intent == "palliative":
        return MET
    asks = _lacking(case, on, region, modality, adequate=False)
    if asks is None or any(imaging.reason_not_done is not None for _, imaging in scans(case, on, region)):
        return MET
    needs = f"{modalities(modality)} of {REGIONS[region]} on or before {short(on)}, or the reason why it was not done"
    found = scans_found(case, on, region, modality, adequate=False)
    if asked.precision != "day":
        asks.append(day_of(asked))
    if site is None:
        asks.append(SITE)
    if asks:
        return undecided(needs, found, asks)
    return not_met(needs, found, f"imaging region={region} modality={next(iter(modality), 'CT')}")


@check(of=(Mdt, TreatmentCompleted))
def chest_imaged_at_low_risk(
    case: Facts, on: date, *, up_to_mm: float, grades: Collection[OneToThree], modality: Collection[Modality]
) -> Answer:
    """The chest was imaged in this course although the tumour is small, or of one of these grades.

    Asked when the MDT meets and when treatment is over, of localised disease. A tumour of exactly
    *up_to_mm* is small. While neither is known the tumour may be such a one.
    """
    asked = case.asked
    if asked is None or asked.record.kind not in _ASKED_ABOUT_THE_CHEST or case.disease() == "metastatic":
        return NOT_ASKED
    size, grade = case.size_mm(), case.grade()
    low = (size is not None and size <= up_to_mm) or grade in grades
    if not low and size is not None and grade is not None:
        return NOT_ASKED
    asks = _lacking(case, on, "chest", modality, adequate=False)
    if asks is None:
        return MET
    tumour = f"a tumour of up to {number(up_to_mm)} mm or of grade {either(grades)}"
    needs = f"{modalities(modality)} of the chest on or before {short(on)}, also for {tumour}"
    width = "not known" if size is None else f"{number(size)} mm"
    seen = scans_found(case, on, "chest", modality, adequate=False)
    found = f"size {width}, grade {grade or 'not known'}; {seen}"
    if asked.precision != "day":
        asks.append(day_of(asked))
    if not low:
        asks += [ask for ask, known in ((SIZE, size), (GRADE, grade)) if known is None]
    if asks:
        return undecided(needs, found, asks)
    return not_met(needs, found, f"imaging region=chest modality={next(iter(modality), 'CT')}")


@check
def modality_fits_site(
    case: Facts, on: date, *, preferred: Collection[Modality], ct_alone_for: Collection[SiteGroup]
) -> Answer:
    """The primary was imaged in a preferred way; CT alone only at these sites, or if MRI is contraindicated.

    Silent while no imaging of the primary is on record, and where it is neither a preferred way nor CT:
    whether there is imaging at all is another rule. An inadequate scan does not count. That MRI is possible
    need not be recorded.
    """
    ct: tuple[Event, Imaging] | None = None
    asks: list[Ask] = []
    near: list[str] = []
    for event, imaging in scans(case, on, "primary"):
        way = imaging.modality
        if is_void(imaging):
            near.append(scan(imaging, event, on))
        elif way is None:
            asks.append(way_question(event, imaging, on, next(iter(preferred), "MRI")))
        elif way in preferred:
            if event.precision == "day" or event.last <= on:
                return MET
            asks.append(scan_day_question(event, imaging, on))
        elif way == "CT" and ct is None:
            ct = (event, imaging)
    if ct is None:
        return NOT_ASKED
    site = case.site_group()
    contraindicated = case.described("mri_contraindicated")
    if contraindicated is True or site in ct_alone_for:
        return MET
    sites = f", or CT alone for the {either([SITES[each] for each in ct_alone_for])}" if ct_alone_for else ""
    needs = f"{modalities(preferred)} of the primary{sites} or where MRI is contraindicated"
    ignored = f" (the {both(near)} {'does' if len(near) == 1 else 'do'} not count)" if near else ""
    found = f"only the {scan(ct[1], ct[0], on)}{ignored}"
    lines = (ct[0].line,)
    if site is None:
        asks.append(SITE)
        if contraindicated is None:
            asks.append(MRI_CONTRAINDICATED)
        return undecided(needs, f"{found}; the site of the tumour is not known", asks, lines)
    if asks:
        return undecided(needs, f"{found} for certain", asks, lines)
    fix = f"imaging region=primary modality={next(iter(preferred), 'MRI')} adequate=true"
    return not_met(needs, f"{found}, for a tumour of the {SITES[site]}", fix, lines)


@check
def chest_imaged_before_mdt(
    case: Facts, on: date, *, modality: Collection[Modality], instead: Collection[Modality], within_days: int
) -> Answer:
    """The chest was imaged in one of these ways within so many days before the MDT, both ends included.

    The ways in *instead* serve as well. Pregnancy and an MDT of palliative intent meet the rule without a
    scan. A scan counts unless it is known to be inadequate. A reason for not doing it is a departure, not
    an answer.
    """
    asked = case.asked
    if asked is not None and isinstance(asked.record, Mdt) and asked.record.intent == "palliative":
        return MET
    vague = vague_day(case)
    earliest = on - timedelta(within_days)
    safe = earliest if vague is None else vague.last - timedelta(within_days)  # however late the MDT was
    asks: list[Ask] = []
    stale: list[str] = []
    for event, imaging in scans(case, on, "chest"):
        way = imaging.modality
        if is_void(imaging) or (way is not None and way not in modality and way not in instead):
            continue
        whole = event.precision == "day"
        if way is not None and event.on >= safe and (whole or event.last <= on):
            return MET
        if event.last < earliest:
            age = f"{(on - event.on).days} days before" if whole else "too long before"
            stale.append(f"the {scan(imaging, event, on)} was {age}")
            continue
        if way is None:
            asks.append(way_question(event, imaging, on, next(iter(modality), "CT")))
        elif event.on < safe:
            stale.append(f"the {scan(imaging, event, on)} may have been too long before")
        if not whole:
            asks.append(scan_day_question(event, imaging, on))
    if case.described("pregnant") is True:
        return MET
    ways = tuple(dict.fromkeys((*modality, *instead)))
    limit = f"within {within_days} days before the MDT, on or after {short(earliest)}"
    needs = f"{modalities(ways)} of the chest {limit}"
    found = "; ".join(stale) or scans_found(case, on, "chest", ways, adequate=False)
    if vague is not None:
        asks.append(day_of(vague))
    if asks:
        return undecided(needs, found, asks)
    return not_met(needs, found, f"imaging region=chest modality={next(iter(modality), 'CT')} adequate=true")
