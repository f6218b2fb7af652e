"""Checks on what the pathologist reports. They look at every report of the patient's life."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from lmstrack.checks.questions import GRADE, SITE, UTERINE_GRADE, about, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.values import Morphology
from lmstrack.checks.wording import dated, either
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Pathology
from lmstrack.rules import MET, Answer, Ask, not_met

_OUTRANKS = {"review": 2, "resection": 1}  # a second opinion before the whole tumour before a sample of it


@check
def grade_reported(case: Facts, on: date) -> Answer:
    """A report gives the FNCLCC grade, or says why it gives none; for the uterus its own grade answers.

    A grade from tissue that had been treated does not count. A report without a grade is *unknown*: the
    grade may have been given and not been entered. No report at all is *not met*.
    """
    if case.grade() is not None:
        return MET
    uterine: Event | None = None
    treated: Event | None = None
    latest: Event | None = None
    for event, report in case.records(Pathology):
        latest = latest or event
        if report.grade_unknown_reason is not None:
            return MET
        if report.uterine_grade is not None:
            uterine = uterine or event
        if report.grade is not None:
            treated = treated or event
    site = case.site_group()
    if uterine is not None and site == "uterus":
        return MET
    needs = "a pathology report with the grade, or with the reason why none is given"
    ask = UTERINE_GRADE if site == "uterus" else GRADE
    if latest is None:
        return not_met(needs, "no pathology on record", ask.record)
    lines = (latest.line,)
    if uterine is not None and site is None:
        found = f"a grade for the uterus of {dated(uterine, on)}; the site of the tumour is not known"
        return undecided(needs, found, (SITE,), lines)
    near = f" (that of {dated(treated, on)} is of treated tissue)" if treated is not None else ""
    return undecided(needs, f"no grade in the report of {dated(latest, on)}{near}", (ask,), lines)


@check
def histology_is_lms(case: Facts, on: date, *, morphologies: Collection[Morphology]) -> Answer:
    """The report that counts says leiomyosarcoma: in words, or with one of these morphologies.

    A review outranks a resection, a resection a biopsy; of several of one kind the latest counts. Reports
    that do not say what the tumour is are passed over. A report that contradicts itself is *unknown*.
    """
    counts: tuple[Event, Pathology] | None = None
    best = -1
    for event, report in case.records(Pathology):
        if report.histology is not None or report.is_lms is not None:
            rank = _OUTRANKS.get(report.specimen or "", 0)
            if rank > best:
                counts, best = (event, report), rank
    if counts is not None and _says_lms(counts[1], morphologies):
        return MET
    named = f"a pathology report of leiomyosarcoma ({either(morphologies)})"
    if counts is None:
        return _no_histology(case, on, named, morphologies)
    event, report = counts
    said = f"the {report.specimen or 'pathology'} report of {dated(event, on)}"
    if report.histology in morphologies:
        ask = about(event, "is_lms", f"Does {said} say leiomyosarcoma or not?")
        return undecided(named, f"{said} has {report.histology} and not leiomyosarcoma", (ask,), (event.line,))
    tumour = report.histology or "another tumour than leiomyosarcoma"
    return not_met(named, f"{said} has {tumour}", 'not_lms diagnosis="…"', (event.line,))


def _says_lms(report: Pathology, morphologies: Collection[str]) -> bool:
    return bool(report.is_lms) or (report.is_lms is None and report.histology in morphologies)


def _no_histology(case: Facts, on: date, needs: str, morphologies: Collection[str]) -> Answer:
    reports = case.all("pathology")
    example = f"pathology specimen=biopsy histology={next(iter(morphologies), '…')}"
    ask = Ask("histology", "What does the pathologist say that the tumour is?", example)
    if not reports:
        return undecided(needs, "no pathology on record", (ask,))
    latest = reports[-1]
    found = f"the report of {dated(latest, on)} does not say what the tumour is"
    return undecided(needs, found, (ask,), (latest.line,))


class Lack(NamedTuple):
    """What is missing: what was found instead, and the record that mends it or the question about it."""

    found: str
    fix: str = ""
    ask: Ask | None = None


def not_reviewed(case: Facts, on: date) -> Lack | None:
    """None where a sarcoma pathologist has seen the tissue."""
    unsaid: Event | None = None
    latest: Event | None = None
    for event, report in case.records(Pathology):
        reviewed = report.reviewed_by_sarcoma_pathologist
        if reviewed:
            return None
        latest = latest or event
        unsaid = unsaid or (event if reviewed is None else None)
    fix = "pathology specimen=review reviewed_by_sarcoma_pathologist=true"
    if latest is None:
        return Lack("no pathology on record", fix)
    if unsaid is None:
        return Lack(f"the pathology of {dated(latest, on)} was not seen by a sarcoma pathologist", fix)
    said = f"the pathology of {dated(unsaid, on)}"
    ask = about(unsaid, "reviewed_by_sarcoma_pathologist", f"Has a sarcoma pathologist seen {said}?")
    return Lack(f"{said} does not say who has seen it", ask=ask)


@check
def pathology_reviewed(case: Facts, on: date) -> Answer:
    """A sarcoma pathologist has seen the tissue; where no report says who has seen it the answer is *unknown*."""
    lack = not_reviewed(case, on)
    if lack is None:
        return MET
    needs = "a report that a sarcoma pathologist has made or reviewed"
    return not_met(needs, lack.found, lack.fix) if lack.ask is None else undecided(needs, lack.found, (lack.ask,))
