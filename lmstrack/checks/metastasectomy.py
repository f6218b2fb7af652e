"""Checks on the removal of metastases: whom the team chose for it, and how much may be hoped of it.

What the team or a recurrence states of the metastases counts as stated last in this course of disease.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from lmstrack.checks.questions import about, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.wording import dated
from lmstrack.dates import add_months
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Mdt, Radiotherapy, Recurrence, Surgery, Systemic, TreatmentCompleted
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met

_QUESTIONS = {
    "lung_only": ("Is the lung the only site of metastases?", "true"),
    "r0_feasible": ("Can all of the metastases be removed, with clear margins?", "true"),
    "nodule_count": ("How many nodules are there?", "NUMBER"),
    "primary_controlled": ("Is the primary tumour under control?", "true"),
}


@check(of=(Mdt, Surgery), treating="metastasectomy")
def metastasectomy_selected(case: Facts, on: date) -> Answer:
    """Metastases are removed where the team has met, the lung is their only site, and all of them can be removed.

    Asked of the plan of an MDT that holds a metastasectomy, and of the operation.
    """
    asked = _removal_of_metastases(case)
    if asked is None:
        return NOT_ASKED
    needs = "an MDT that finds metastases in the lung alone, all of them removable"
    meetings = case.records(Mdt, course=True)
    if not meetings:
        return not_met(needs, "no MDT of this course of disease on record", 'mdt decision="…" lung_only=true')
    lung_only, r0_feasible = _stated(case, "lung_only"), _stated(case, "r0_feasible")
    if lung_only and r0_feasible:
        return MET
    said = (
        _words(lung_only, "metastases in the lung alone", "metastases outside the lung", "sites not known"),
        _words(r0_feasible, "all removable", "not all removable", "whether all are removable is not known"),
    )
    found = ", ".join(said)
    if lung_only is False or r0_feasible is False:
        return not_met(needs, found)
    missing = [name for name, value in (("lung_only", lung_only), ("r0_feasible", r0_feasible)) if value is None]
    return undecided(needs, found, [_question(case, asked, name) for name in missing])


@check(of=(Mdt, Surgery), treating="metastasectomy")
def metastasectomy_promising(case: Facts, on: date, *, free_months: int, up_to_nodules: int) -> Answer:
    """Long free of disease, few nodules and a controlled primary: who gains most from the removal of metastases.

    The time free of disease runs from the last treatment meant to cure to the recurrence; a tumour that had spread at
    the start was never free of it. Asked as `metastasectomy_selected`.
    """
    asked = _removal_of_metastases(case)
    if asked is None:
        return NOT_ASKED
    lacking = [
        lack
        for lack in (
            _not_free_long_enough(case, on, free_months),
            _too_many_nodules(case, asked, up_to_nodules),
            _primary_not_controlled(case, asked),
        )
        if lack is not None
    ]
    if not lacking:
        return MET
    needs = f"{free_months} months free of disease, {up_to_nodules} nodules at most, the primary under control"
    asks = [lack.ask for lack in lacking if lack.ask is not None]
    known = [lack.found for lack in lacking if lack.ask is None]
    if known:
        return not_met(needs, "; ".join(known))
    return undecided(needs, "; ".join(lack.found for lack in lacking), asks)


class _Lack(NamedTuple):
    """What does not hold, or, with a question, what is not known."""

    found: str
    ask: Ask | None = None


def _removal_of_metastases(case: Facts) -> Event | None:
    """The judged event, if it is the removal of metastases or a meeting that plans it."""
    asked = case.asked
    if asked is None:
        return None
    record = asked.record
    if isinstance(record, Surgery):
        return asked if record.operation == "metastasectomy" else None
    planned = isinstance(record, Mdt) and any(each.operation == "metastasectomy" for each in record.plan or ())
    return asked if planned else None


def _stated(case: Facts, name: str) -> bool | int | None:
    """What a meeting or a recurrence of this course states last."""
    latest: tuple[Event, bool | int] | None = None
    for kind in (Mdt, Recurrence):
        for event, record in case.records(kind, course=True):
            value = getattr(record, name)
            if value is not None:
                if latest is None or event.clinical_order > latest[0].clinical_order:
                    latest = (event, value)
                break
    return None if latest is None else latest[1]


def _question(case: Facts, asked: Event, name: str) -> Ask:
    question, value = _QUESTIONS[name]
    meeting = (
        asked if isinstance(asked.record, Mdt) else next((each for each, _ in case.records(Mdt, course=True)), None)
    )
    if meeting is None:
        return Ask(f"mdt.{name}", question, f"mdt {name}={value}")
    return about(meeting, name, question, value)


def _words(value: bool | int | None, yes: str, no: str, unknown: str) -> str:
    if value is None:
        return unknown
    return yes if value else no


def _too_many_nodules(case: Facts, asked: Event, up_to_nodules: int) -> _Lack | None:
    nodules = _stated(case, "nodule_count")
    if nodules is None:
        return _Lack("number of nodules not known", _question(case, asked, "nodule_count"))
    return _Lack(f"{nodules} nodules") if nodules > up_to_nodules else None


def _primary_not_controlled(case: Facts, asked: Event) -> _Lack | None:
    controlled = _stated(case, "primary_controlled")
    if controlled is None:
        return _Lack("control of the primary not known", _question(case, asked, "primary_controlled"))
    return None if controlled else _Lack("the primary is not under control")


def _not_free_long_enough(case: Facts, on: date, free_months: int) -> _Lack | None:
    back = next((event for event, told in case.records(Recurrence) if told.status != "refuted"), None)
    if back is None and case.disease() == "metastatic":
        return _Lack("never free of disease: it had spread from the start")
    if back is None:
        ask = Ask("recurrence.on", "When did the metastases appear?", "recurrence status=confirmed")
        return _Lack("since when there are metastases is not known", ask)
    treated = _cured_until(case, back)
    if treated is None:
        question = "When was the first treatment over?"
        ask = Ask("treatment_completed.on", question, "treatment_completed next=surveillance")
        return _Lack("end of the first treatment not known", ask)
    if add_months(treated.last, free_months) <= back.on:
        return None
    return _Lack(f"free of disease only from {dated(treated, on)} to {dated(back, on)}")


def _cured_until(case: Facts, back: Event) -> Event | None:
    """The last treatment meant to cure before the tumour came back; without one, the word that treatment was over."""
    curing = [
        *(event for event, _ in case.records(Surgery)),
        *(event for event, given in case.records(Radiotherapy) if given.timing != "palliative"),
        *(event for event, cycle in case.records(Systemic) if cycle.line in {"neoadjuvant", "adjuvant"}),
    ]
    for events in (curing, [event for event, _ in case.records(TreatmentCompleted)]):
        before = [event for event in events if event.on < back.on]
        if before:
            return max(before, key=lambda event: event.clinical_order)
    return None
