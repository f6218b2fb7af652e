"""How the biopsy is taken, where, and along which track."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, Verdict, not_met

METHODS = "a biopsy that is core or incisional, or excisional for a superficial tumour below 30 mm"
CENTRE = "a designated sarcoma centre, or a local biopsy that the MDT has approved"
EXCISIONAL = "2026-03-04 biopsy method=excisional"


@pytest.mark.parametrize("name", ["biopsy_method_accepted", "biopsy_centre_accepted", "biopsy_track_planned"])
def test_other_events_are_not_asked_about_a_biopsy(answer, name: str) -> None:
    assert answer(name, "2026-03-04 biopsy method=fna", "2026-03-05 pathology specimen=biopsy") == NOT_ASKED


@pytest.mark.parametrize("method", ["core", "incisional"])
def test_a_core_or_incisional_biopsy_is_accepted(answer, method: str) -> None:
    assert answer("biopsy_method_accepted", f"2026-03-04 biopsy method={method}") == MET


def test_a_fine_needle_is_not(answer) -> None:
    told = answer("biopsy_method_accepted", "2026-03-04 biopsy method=fna")
    assert told == not_met(METHODS, "fine-needle aspiration")


def test_the_method_is_asked(answer) -> None:
    ask = Ask("biopsy.method", "How is the biopsy taken?", "biopsy method=core", (), 1)
    told = answer("biopsy_method_accepted", "2026-03-04 biopsy")
    assert told == Answer(Verdict.UNKNOWN, METHODS, "the method is not recorded", "", (ask,))


def test_a_small_superficial_tumour_may_be_taken_out_whole(answer) -> None:
    small = "2026-03-01 referral depth=superficial size_mm=29.9"
    assert answer("biopsy_method_accepted", small, EXCISIONAL) == MET
    limit = "2026-03-01 referral depth=superficial size_mm=30"
    found = "excisional; depth superficial, size 30 mm"
    assert answer("biopsy_method_accepted", limit, EXCISIONAL) == not_met(METHODS, found)
    deep = "2026-03-01 referral depth=deep"
    found = "excisional; depth deep, size not known"
    assert answer("biopsy_method_accepted", deep, EXCISIONAL) == not_met(METHODS, found)


def test_depth_and_size_are_asked_only_where_they_could_settle_it(answer, asked_facts) -> None:
    told = answer("biopsy_method_accepted", EXCISIONAL)
    assert [(ask.fact, ask.line) for ask in told.asks] == [("depth", None), ("size_mm", None)]
    assert told.fix == "consultation depth=deep"
    small = "2026-03-01 referral size_mm=20"
    assert asked_facts("biopsy_method_accepted", small, EXCISIONAL) == [("depth", None)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("centre_designated=true", "met"),
        ("mdt_approved_local=true", "met"),
        ("centre_designated=false mdt_approved_local=true", "met"),
        ("centre_designated=false mdt_approved_local=false", "not met"),
        ("centre_designated=false", "unknown"),
        ("mdt_approved_local=false", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_biopsy_belongs_to_a_centre_unless_the_team_approves(verdict, said: str, expected: str) -> None:
    assert verdict("biopsy_centre_accepted", f"2026-03-04 biopsy {said}") == expected


def test_what_is_not_known_of_the_centre_is_asked(answer) -> None:
    told = answer("biopsy_centre_accepted", "2026-03-04 biopsy centre_designated=false")
    question = "Has the MDT approved a local biopsy?"
    ask = Ask("biopsy.mdt_approved_local", question, "biopsy mdt_approved_local=true", (), 1)
    assert told == Answer(Verdict.UNKNOWN, CENTRE, "the centre is not designated", "", (ask,))
    both = "2026-03-04 biopsy centre_designated=false mdt_approved_local=false"
    found = "the centre is not designated; the MDT has not approved a local biopsy"
    assert answer("biopsy_centre_accepted", both) == not_met(CENTRE, found)


def test_the_track_is_agreed_with_the_surgeon(answer) -> None:
    needs = "a biopsy track agreed with the surgeon, within the planned resection"
    track = "2026-03-04 biopsy track_planned_with_surgeon="
    assert answer("biopsy_track_planned", f"{track}true") == MET
    assert answer("biopsy_track_planned", f"{track}false") == not_met(
        needs, "the track was not planned with the surgeon"
    )
    question = "Was the biopsy track agreed with the surgeon?"
    ask = Ask("biopsy.track_planned_with_surgeon", question, "biopsy track_planned_with_surgeon=true", (), 1)
    assert answer("biopsy_track_planned", "2026-03-04 biopsy") == Answer(
        Verdict.UNKNOWN, needs, "not recorded", "", (ask,)
    )
