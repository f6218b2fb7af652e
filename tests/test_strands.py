"""An entry about a strand that no plan has would attach to nothing, so no door takes it."""

from __future__ import annotations

from datetime import date

import pytest

from lmstrack import Booking, InvalidData, Referral, Tracker


def test_a_script_that_misspells_a_strand_is_told_the_right_one() -> None:
    with Tracker.open("sqlite://", by="script", create=True, today=date(2026, 11, 24)) as tracker:
        case = tracker.open_case(name="Demo Alder Ash", born=date(1961, 3, 4)).id
        tracker.record(case, Referral(site_group="extremity"))
        with pytest.raises(InvalidData, match="clinic_review"):
            tracker.record(case, Booking(strand="clinic_reviw", for_date=date(2027, 1, 5)))
        assert len(tracker.log(case)) == 1


def test_a_strand_may_be_named_in_words() -> None:
    with Tracker.open("sqlite://", by="script", create=True, today=date(2026, 11, 24)) as tracker:
        case = tracker.open_case(name="Demo Alder Ash", born=date(1961, 3, 4)).id
        tracker.record(case, Referral(site_group="extremity"))
        booked = tracker.record(case, Booking(strand="Clinic review", for_date=date(2027, 1, 5)))
        assert getattr(booked.event.record, "strand", None) == "clinic_review"
