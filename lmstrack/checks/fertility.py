"""Checks before a treatment that harms a child or the chance of one: pregnancy excluded, and fertility discussed.

Asked of radiotherapy, and of the first cycle of a line of systemic treatment in a course of disease.
"""

from __future__ import annotations

from datetime import date, timedelta

from lmstrack.checks.cycles import begins_line
from lmstrack.checks.questions import BORN, FERTILITY, MENOPAUSE, SEX, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.wording import dated
from lmstrack.dates import add_months, short
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Consultation, Radiotherapy, Referral, Surgery, Systemic
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met


@check(of=(Radiotherapy, Systemic))
def pregnancy_excluded(case: Facts, on: date, *, within_days: int, below_years: int) -> Answer:
    """Whoever can be pregnant is known not to be, by a statement at most so many days before the treatment begins.

    Silent for men, after the menopause, without a uterus, and from *below_years* on. A sex that is not female or
    male is asked like a female one. An older statement, or none, is *unknown*.
    """
    begins_on = _begins_on(case, on)
    if begins_on is None or _cannot_conceive(case, begins_on, below_years):
        return NOT_ASKED
    needs = f"a pregnancy excluded in the {within_days} days before {short(begins_on)}"
    stated = _latest_on_pregnancy(case, begins_on)
    found = "nothing on record about a pregnancy"
    if stated is not None:
        event, pregnant = stated
        found = f"{'pregnant' if pregnant else 'not pregnant'} as of {dated(event, on)}"
        if pregnant:
            return not_met(needs, found)
        if begins_on - timedelta(within_days) <= event.on and event.last <= begins_on:
            return MET
    asks = [] if _sex(case) is not None else [SEX]
    if not asks and case.described("menopausal_status") is None:
        asks.append(MENOPAUSE)
    line = None if case.asked is None else case.asked.line
    question = f"Is the patient known not to be pregnant before the treatment of {short(begins_on)}?"
    return undecided(needs, found, [*asks, Ask("pregnant", question, "consultation pregnant=false", (), line)])


@check(of=(Radiotherapy, Systemic))
def fertility_discussed(case: Facts, on: date, *, below_years: int) -> Answer:
    """What the treatment does to fertility was discussed with a patient below this age, before it began.

    Asked for every sex. Silent after the menopause and without a uterus. No day of it on record is *unknown*.
    """
    begins_on = _begins_on(case, on)
    if begins_on is None or _past_fertility(case, begins_on) or _reached_age(case, begins_on, below_years):
        return NOT_ASKED
    discussed_on = case.described("fertility_discussed_on")
    if isinstance(discussed_on, date) and discussed_on <= begins_on:
        return MET
    needs = f"fertility discussed on or before {short(begins_on)} with a patient below {below_years}"
    if isinstance(discussed_on, date):
        return not_met(needs, f"discussed on {short(discussed_on)}")
    born = None if case.person is None else case.person.born
    asks = [FERTILITY] if born is not None else [BORN, FERTILITY]
    return undecided(needs, "no such talk on record", asks)


def _begins_on(case: Facts, on: date) -> date | None:
    """The day on which the judged treatment began; None for every other event, and for later cycles of a line."""
    asked = case.asked
    if asked is None:
        return None
    record = asked.record
    if isinstance(record, Radiotherapy):
        return min(on, record.started_on or on)
    return on if isinstance(record, Systemic) and begins_line(case, asked, record) else None


def _sex(case: Facts) -> str | None:
    """As recorded; a tumour of the uterus tells it too."""
    stated = None if case.person is None else case.person.sex
    return "female" if stated is None and case.site_group() == "uterus" else stated


def _cannot_conceive(case: Facts, day: date, below_years: int) -> bool:
    return _sex(case) == "male" or _past_fertility(case, day) or _reached_age(case, day, below_years)


def _past_fertility(case: Facts, day: date) -> bool:
    """Whether the menopause is over, does not apply, or the uterus has been taken out by this day."""
    if _sex(case) == "male":
        return False
    if case.described("menopausal_status") in {"post", "not_applicable"}:
        return True
    return any(
        surgery.operation == "total_hysterectomy" and event.last <= day for event, surgery in case.records(Surgery)
    )


def _reached_age(case: Facts, day: date, years: int) -> bool:
    """Whether the patient is certain to have this age."""
    born = None if case.person is None else case.person.born
    return born is not None and add_months(born.last, years * 12) <= day


def _latest_on_pregnancy(case: Facts, day: date) -> tuple[Event, bool] | None:
    """The latest statement up to this day."""
    said = [*case.records(Referral), *case.records(Consultation)]
    stated = [(event, told.pregnant) for event, told in said if told.pregnant is not None and event.on <= day]
    return max(stated, key=lambda each: each[0].clinical_order, default=None)
