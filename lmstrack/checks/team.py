"""Checks on the multidisciplinary team: whether it decided, and what it had before it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from lmstrack.checks.pathology import Lack, not_reviewed
from lmstrack.checks.questions import about, day_of, undecided, vague_day
from lmstrack.checks.registry import check
from lmstrack.checks.scans import is_void, scan_day_question, scans, way_question
from lmstrack.checks.values import Modality
from lmstrack.checks.wording import dated, modalities, scan
from lmstrack.dates import short
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Mdt, Pathology, Radiotherapy, Staging, Surgery
from lmstrack.rules import MET, Answer, Ask, not_met


@check
def mdt_decided(case: Facts, on: date) -> Answer:
    """An MDT of this course has decided, with a decision or a plan, when the histology was known.

    A meeting before any histology does not count, unless metastases had been staged by then (m = 1). The
    team has to meet before radiotherapy starts, not before it ends.
    """
    asked = case.asked
    started_on = asked.record.started_on if asked and isinstance(asked.record, Radiotherapy) else None
    if started_on is not None and started_on < on:
        on = started_on
    asks: list[Ask] = []
    near: list[str] = []
    histology = _first_histology(case)
    for event, mdt in case.records(Mdt, course=True):
        if event.on > on:
            continue
        informed = _informed(case, histology, event)
        decided = mdt.decision is not None or bool(mdt.plan)
        in_time = event.precision == "day" or event.last <= on
        if informed and decided and in_time:
            return MET
        meeting = f"the MDT of {dated(event, on)}"
        if informed is False:
            near.append(f"{meeting} met before any histology")
            continue
        if informed is None and histology is not None:
            near.append(f"{meeting} may have met before the histology")
            asks.append(_which_was_first(histology, event))
        if not decided:
            near.append(f"{meeting} has no decision")
            asks.append(about(event, "decision", f"What did {meeting} decide?", '"…"'))
        if not in_time:
            near.append(f"{meeting} may have met after {short(on)}")
            asks.append(day_of(event))
    needs = f"a decision or a plan of the MDT, made with the histology known, on or before {short(on)}"
    found = "; ".join(near) or "no MDT on record"
    if asks:
        return undecided(needs, found, asks)
    vague = vague_day(case)
    if vague is not None and started_on is None and not isinstance(vague.record, Mdt):
        return undecided(needs, f"{found} by {short(on)}", (day_of(vague),))
    return not_met(needs, found, 'mdt decision="…" plan=@plan.json')


def _first_histology(case: Facts) -> Event | None:
    for event in case.all("pathology"):
        report = event.record
        if isinstance(report, Pathology) and (report.histology is not None or report.is_lms is not None):
            return event
    return None


def _informed(case: Facts, histology: Event | None, meeting: Event) -> bool | None:
    """Whether histology or metastases (m = 1) were known to a meeting; None where the days do not say."""
    if histology is not None and histology.on <= meeting.on and histology.last <= meeting.on:
        return True
    stated = (staging.m for event, staging in case.records(Staging) if event.last <= meeting.on and staging.m)
    if next(stated, None) == "1":
        return True
    return None if histology is not None and histology.on <= meeting.last else False


def _which_was_first(histology: Event, meeting: Event) -> Ask:
    if histology.precision != "day":
        return day_of(histology, "report of the histology")
    return day_of(meeting)


@check
def unplanned_excision_worked_up(case: Facts, on: date, *, modality: Collection[Modality]) -> Answer:
    """The field of an unplanned excision was imaged, and a sarcoma pathologist has seen the tissue.

    The scan has to be of a later day than the excision. Where no excision is on record, only the referral
    that speaks of one, the scan counts from the day of the first referral on.
    """
    excision = next(
        (event for event, surgery in case.records(Surgery) if surgery.operation == "unplanned_excision"), None
    )
    lacking = [each for each in (_not_imaged(case, on, excision, modality), not_reviewed(case, on)) if each is not None]
    if not lacking:
        return MET
    needs = f"{modalities(modality)} of the primary after the excision; a review by a sarcoma pathologist"
    found = "; ".join(each.found for each in lacking)
    fix = next((each.fix for each in lacking if each.ask is None), None)
    if fix is not None:
        return not_met(needs, found, fix)
    return undecided(needs, found, [each.ask for each in lacking if each.ask is not None])


def _not_imaged(case: Facts, on: date, excision: Event | None, modality: Collection[str]) -> Lack | None:
    """None where a scan of the field is certain to be later than the excision."""
    earliest = case.referred_on() if excision is None else excision.last + timedelta(1)
    possible = earliest if excision is None else excision.on + timedelta(1)
    lacks: list[Lack] = []
    for event, imaging in scans(case, on, "primary"):
        way = imaging.modality
        served = way is not None and way in modality and not is_void(imaging)
        if served and (earliest is None or event.on >= earliest):
            return None
        said = f"the {scan(imaging, event, on)}"
        if is_void(imaging) or (way is not None and way not in modality):
            lacks.append(Lack(f"{said} does not count"))
        elif possible is not None and event.last < possible:
            lacks.append(Lack(f"{said} was not after the excision"))
        elif way is None:
            question = way_question(event, imaging, on, next(iter(modality), "MRI"))
            lacks.append(Lack(f"{said} does not say how it was done", ask=question))
        else:
            vague = excision if excision is not None and excision.precision != "day" else None
            question = scan_day_question(event, imaging, on) if vague is None else day_of(vague, "excision")
            lacks.append(Lack(f"{said} may have been before the excision", ask=question))
    found = "; ".join(each.found for each in lacks) or "no imaging of the primary on record"
    fix = f"imaging region=primary modality={next(iter(modality), 'MRI')} adequate=true"
    return Lack(found, fix, next((each.ask for each in lacks if each.ask is not None), None))
