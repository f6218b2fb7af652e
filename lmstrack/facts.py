"""What is known about one case on one day: the view that checks, plans and moves look at.

Every question here answers None where nothing is known, which is never the same as no.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.known import KnownEvents, remembered
from lmstrack.records import (
    Biopsy,
    Imaging,
    Mdt,
    Pathology,
    PlannedTreatment,
    Radiotherapy,
    Recurrence,
    Staging,
    Surgery,
    Systemic,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from lmstrack.events import Event
    from lmstrack.records import Record

_GRADE_ORDER = ("review", "resection", "biopsy")


class Facts(KnownEvents):
    """What follows from the events: who the patient is, what the tumour is, what the team plans and what was done."""

    __slots__ = ()

    # ---- the patient and the tumour

    def described(self, name: str) -> object:
        """The latest known value of a field that referrals and consultations share, such as *depth*."""
        return self._descriptions().get(name)

    @remembered("referral", "consultation")
    def _descriptions(self) -> dict[str, object]:
        """By each field that a referral or a consultation states, what the latest of them says."""
        latest: dict[str, object] = {}
        told_on: dict[str, date] = {}
        for kind in ("referral", "consultation"):
            for event in self.all(kind):
                for name, value in vars(event.record).items():
                    if value is not None and (name not in told_on or event.on >= told_on[name]):
                        latest[name], told_on[name] = value, event.on
        return latest

    @remembered("referral", "consultation")
    def site_group(self) -> str | None:
        """Where the tumour sits: extremity, trunk, head_neck, retroperitoneum, uterus, visceral or skin."""
        site = self.described("site_group")
        return site if isinstance(site, str) else None

    @remembered("imaging", "referral", "consultation")
    def depth(self) -> str | None:
        """Superficial or deep to the fascia: the latest referral, consultation, or imaging of the primary."""
        for _, imaging in self.records(Imaging):
            if imaging.depth is not None and "primary" in regions(imaging):
                return imaging.depth
        depth = self.described("depth")
        return depth if isinstance(depth, str) else None

    @remembered("pathology", "imaging", "referral", "consultation", "radiotherapy", "systemic")
    def size_mm(self) -> float | None:
        """Greatest dimension in millimetres: untreated resection, else MRI or CT of the primary, else referral."""
        for event, pathology in self.records(Pathology):
            resected = pathology.specimen == "resection" and not pathology.treated_specimen
            if resected and pathology.size_mm is not None and not self._neoadjuvant_before(event.on):
                return pathology.size_mm
        for _, imaging in self.records(Imaging):
            if imaging.size_mm is not None and imaging.modality in ("MRI", "CT") and "primary" in regions(imaging):
                return imaging.size_mm
        size = self.described("size_mm")
        return float(size) if isinstance(size, int | float) else None

    def _neoadjuvant_before(self, day: date) -> bool:
        for event, radiotherapy in self.records(Radiotherapy):
            if radiotherapy.timing == "preoperative" and event.on <= day:
                return True
        return any(systemic.line == "neoadjuvant" and event.on <= day for event, systemic in self.records(Systemic))

    @remembered("pathology")
    def graded(self) -> tuple[int, Event] | None:
        """FNCLCC grade and the report that gave it: review before resection before biopsy, the highest within one.

        Treated specimens are left out. Source: rulebook of the pathway, which value of a fact counts.
        """
        best: dict[str, tuple[int, Event]] = {}
        for event, pathology in self.records(Pathology):
            grade = pathology.grade
            if grade is None or pathology.treated_specimen:
                continue
            specimen = pathology.specimen or "biopsy"
            if specimen not in best or grade > best[specimen][0]:
                best[specimen] = (grade, event)
        return next((best[specimen] for specimen in _GRADE_ORDER if specimen in best), None)

    @remembered("pathology")
    def grade(self) -> int | None:
        """FNCLCC grade 1 to 3 of the tumour."""
        graded = self.graded()
        return None if graded is None else graded[0]

    @remembered("pathology")
    def schedule_grade(self) -> int | None:
        """The grade that may select a schedule: 1 only where a sarcoma pathologist reported it."""
        graded = self.graded()
        if graded is None:
            return None
        grade, event = graded
        reviewed = isinstance(event.record, Pathology) and bool(event.record.reviewed_by_sarcoma_pathologist)
        return grade if grade > 1 or reviewed else None

    @remembered("pathology")
    def histology_reported(self) -> bool:
        """Whether any pathology names what the tumour is."""
        return any(_names_the_tumour(report) for _, report in self.records(Pathology))

    def staged(self, name: str) -> str | None:
        """t, n, m, stage_group or figo_stage of the latest staging of this course that states it."""
        for _, staging in self.records(Staging, course=True):
            value = getattr(staging, name)
            if value is not None:
                return str(value)
        return None

    def staging_on_record(self) -> bool:
        """Whether this course has been staged."""
        return bool(self.this_course("staging"))

    @remembered("staging", "recurrence")
    def disease(self) -> str:
        """Metastatic after m = 1 or a confirmed recurrence with distant sites; else localised. Never unknown."""
        return self.disease_before(None)

    def disease_before(self, day: date | None) -> str:
        """As `disease`, by what is dated before this day; by everything where it is None."""
        for event, staging in self.records(Staging):
            if staging.m is not None and (day is None or event.on < day):
                if staging.m == "1":
                    return "metastatic"
                break  # the latest that states it counts
        for event, recurrence in self.records(Recurrence):
            if recurrence.status == "confirmed" and recurrence.sites and (day is None or event.on < day):
                return "metastatic"
        return "localised"

    # ---- the team's plan and what was done

    @remembered("mdt")
    def plan(self) -> tuple[Event, tuple[PlannedTreatment, ...]] | None:
        """The plan of the latest MDT of this course that states one."""
        for event, mdt in self.records(Mdt, course=True):
            if mdt.plan is not None:
                return event, mdt.plan
        return None

    @remembered("surgery")
    def margin(self) -> tuple[Event, Surgery] | None:
        """The latest operation of this course that is not a metastasectomy."""
        for event, surgery in self.records(Surgery, course=True):
            if surgery.operation != "metastasectomy":
                return event, surgery
        return None

    def latest_biopsy(self) -> tuple[Event, Biopsy] | None:
        """The latest biopsy of this course."""
        return next(iter(self.records(Biopsy, course=True)), None)

    def referred_on(self) -> date | None:
        """The day of the first referral, None where none is on record."""
        referrals = self.all("referral")
        return referrals[0].on if referrals else None

    # ---- what moves and plans select by

    def selects(self, wanted: Mapping[str, frozenset[object]]) -> bool:
        """Whether every field of a ``for:`` is known and has one of the listed values."""
        for name, allowed in wanted.items():
            value = self._value(name)
            if isinstance(value, tuple):
                if allowed.isdisjoint(value):
                    return False
            elif value not in allowed:
                return False
        return True

    def values(self, name: str) -> tuple[object, ...]:
        """The known values of a field that moves or plans select by; empty where it is not known.

        A fact of the case is asked first (see ``SELECTORS``), else a field of the event being judged.
        """
        value = self._value(name)
        if value is None:
            return ()
        return value if isinstance(value, tuple) else (value,)

    def _value(self, name: str) -> object:
        selector = SELECTORS.get(name)
        if selector is not None:
            return selector(self)
        record = self.asked.record if self.asked is not None else None
        return regions(record) if name == "region" and isinstance(record, Imaging) else getattr(record, name, None)


def is_history(event: Event, referred_on: date | None) -> bool:
    """Whether an operation tells how the patient came in: done before anybody here could ask or plan.

    One of which only the month or the year is known counts as history only where no day of it would do otherwise.
    """
    record = event.record
    if not isinstance(record, Surgery):
        return False
    return record.operation == "unplanned_excision" or (referred_on is not None and event.last < referred_on)


def has_one_of(record: Record, wanted: Mapping[str, frozenset[object]]) -> bool:
    """Whether a record has one of the listed values of each field."""
    for name, allowed in wanted.items():
        held = regions(record) if name == "region" and isinstance(record, Imaging) else getattr(record, name)
        if not any(value in allowed for value in (held if isinstance(held, tuple) else (held,))):
            return False
    return True


def regions(imaging: Imaging) -> tuple[str, ...]:
    """The regions that one scan covered."""
    if imaging.regions is not None:
        return tuple(imaging.regions)
    return (imaging.region,) if imaging.region is not None else ()


def _first_after_emergency(facts: Facts) -> bool:
    """Whether an emergency was treated in this course, and no other meeting so far knew the histology or m = 1."""
    treated = (event for kind in ("surgery", "radiotherapy", "systemic") for event in facts.this_course(kind))
    if not any(event.record.__dict__.get("emergency") for event in treated):
        return False
    asked, reported = facts.asked, _first_histology(facts)
    spread = facts.staged("m") == "1"
    return not any(
        (spread or (reported is not None and reported <= event.on))
        and (asked is None or event.clinical_order < asked.clinical_order)
        for event in facts.this_course("mdt")
        if event is not asked
    )


def _first_histology(facts: Facts) -> date | None:
    return min((event.on for event, report in facts.records(Pathology) if _names_the_tumour(report)), default=None)


def _names_the_tumour(report: Pathology) -> bool:
    return report.histology is not None or report.is_lms is not None


def _route(facts: Facts) -> str | None:
    if facts.course > 1:
        return None  # how the patient came in says nothing about a recurrence
    if any(getattr(event.record, "operation", None) == "unplanned_excision" for event in facts.all("surgery")):
        return "unplanned_excision"
    referrals = facts.all("referral")
    return next((route for event in reversed(referrals) if (route := getattr(event.record, "route", None))), None)


#: What a ``for:`` may name besides the fields of the recorded event.
SELECTORS = {
    "disease": Facts.disease,
    "first_after_emergency": _first_after_emergency,
    "histology_reported": Facts.histology_reported,
    "m": lambda facts: facts.staged("m"),
    "route": _route,
    "schedule_grade": Facts.schedule_grade,
    "site_group": Facts.site_group,
}
