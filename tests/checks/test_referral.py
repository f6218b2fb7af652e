"""The pathway is for adults."""

from __future__ import annotations

import pytest

from lmstrack.rules import Answer, Ask, Verdict, not_met

NEEDS = "aged 18 or over on the day of the referral"
REFERRAL = "2026-03-04 referral route=routine"


@pytest.mark.parametrize(
    ("born", "referral", "expected"),
    [
        ("2008-03-04", "2026-03-04", "met"),
        ("2008-03-05", "2026-03-04", "not met"),
        ("2008-02-29", "2026-02-28", "met"),
        ("2008-02-29", "2026-02-27", "not met"),
        ("2008-02", "2026-03-04", "met"),
        ("2008-03", "2026-03-04", "unknown"),
        ("2008-04", "2026-03-04", "not met"),
        ("2008", "2026-12-31", "met"),
        ("2008", "2026-12-30", "unknown"),
        ("2008-03-01", "2026-03", "met"),
        ("2008-03-02", "2026-03", "unknown"),
        ("2008-03-31", "2026-03", "unknown"),
        ("2008-04-01", "2026-03", "not met"),
    ],
)
def test_an_adult_has_had_the_birthday(verdict, born: str, referral: str, expected: str) -> None:
    assert verdict("adult_at_referral", f"{referral} referral route=routine", born=born) == expected


def test_the_day_of_birth_is_never_told(answer) -> None:
    assert answer("adult_at_referral", REFERRAL, born="2010-05-06") == not_met(NEEDS, "younger than 18")


def test_an_unknown_birthday_is_asked(answer) -> None:
    ask = Ask("born", "When was the patient born?", "person born=DATE")
    told = Answer(Verdict.UNKNOWN, NEEDS, "the date of birth is not known", "person born=DATE", (ask,))
    assert answer("adult_at_referral", REFERRAL) == told


def test_a_birthday_in_the_month_of_the_referral_asks_for_its_day(asked_facts) -> None:
    month = "2026-03 referral route=routine"
    assert asked_facts("adult_at_referral", month, born="2008-03-15") == [("referral.on", 1)]
    assert asked_facts("adult_at_referral", month, born="2008-03") == [("born", None)]


def test_a_later_event_is_judged_by_the_day_of_the_first_referral(verdict) -> None:
    assert verdict("adult_at_referral", REFERRAL, "2026-06-01 consultation", born="2008-04-01") == "not met"
