"""Checks at the door: who belongs to this pathway."""

from __future__ import annotations

from datetime import date

from lmstrack.checks.questions import BORN, day_of, undecided
from lmstrack.checks.registry import check
from lmstrack.dates import add_months
from lmstrack.facts import Facts
from lmstrack.rules import MET, Answer, not_met


@check
def adult_at_referral(case: Facts, on: date, *, age_years: int) -> Answer:
    """The patient had reached this age on the day of the referral.

    Birthdays are counted in calendar months; who was born on 29 February comes of age on the 28th. A date
    of birth known to the month or year, or such a referral, answers *unknown* where the birthday lies
    within it.
    """
    needs = f"aged {age_years} or over on the day of the referral"
    born = None if case.person is None else case.person.born
    if born is None:
        return undecided(needs, "the date of birth is not known", (BORN,))
    referral = case.asked
    if referral is None or referral.record.kind != "referral":
        referrals = case.all("referral")
        referral = referrals[0] if referrals else None
    first, last = (on, on) if referral is None else (referral.on, referral.last)
    months = age_years * 12
    if add_months(born.last, months) <= first:
        return MET
    of_age = add_months(born.first, months)
    if of_age > last:
        return not_met(needs, f"younger than {age_years}")  # never the birthday: findings go into reports
    if born.exact and referral is not None:
        found = f"turned {age_years} about the time of the referral, whose day is not known"
        return undecided(needs, found, (day_of(referral),))
    return undecided(
        needs, f"turned {age_years} about the time of the referral; the day of birth is not known", (BORN,)
    )
