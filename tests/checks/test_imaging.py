"""The primary is imaged before tissue is taken, as fits its site; the chest before the team meets."""

from __future__ import annotations

import pytest

from lmstrack.rules import MET, NOT_ASKED, Ask, Verdict, not_met

BIOPSY = "2026-11-23 biopsy method=core"
MRI = "2026-11-17 imaging region=primary modality=MRI adequate=true"
CT = "2026-11-17 imaging region=primary modality=CT adequate=true"
MDT = "2026-03-01 mdt decision=yes"
NEEDS = "MRI or CT of the primary, adequate, on or before 23 Nov 2026"
FIX = "imaging region=primary modality=MRI adequate=true"


class TestImagingOnRecord:
    def test_a_biopsy_without_imaging_says_what_is_there_instead(self, answer) -> None:
        found = "no imaging of the primary on record (the chest X-ray of 12 Nov does not count)"
        chest = "2026-11-12 imaging region=chest modality=XR"
        assert answer("imaging_on_record", chest, BIOPSY) == not_met(NEEDS, found, FIX)

    def test_a_biopsy_with_nothing_on_record(self, answer) -> None:
        found = "no imaging of the primary on record"
        assert answer("imaging_on_record", BIOPSY) == not_met(NEEDS, found, FIX)

    def test_an_adequate_mri_or_ct_before_or_on_the_day_counts(self, answer) -> None:
        assert answer("imaging_on_record", MRI, BIOPSY) == MET
        assert answer("imaging_on_record", CT, BIOPSY) == MET
        same_day = "2026-11-23 imaging regions=primary,chest modality=CT adequate=true"
        assert answer("imaging_on_record", same_day, BIOPSY) == MET

    def test_a_biopsy_one_day_before_the_mri_is_not_met(self, verdict) -> None:
        later = "2026-11-24 imaging region=primary modality=MRI adequate=true"
        assert verdict("imaging_on_record", later, BIOPSY) == "not met"

    def test_whether_a_scan_was_adequate_is_asked_where_it_is_the_only_one(self, answer) -> None:
        said = answer("imaging_on_record", "2026-11-17 imaging region=primary modality=MRI", BIOPSY)
        assert said.verdict is Verdict.UNKNOWN
        assert (said.needs, said.fix) == (NEEDS, "")
        assert said.found == "the MRI of the primary of 17 Nov does not say whether it was adequate"
        question = "Was the MRI of the primary of 17 Nov adequate?"
        assert said.asks == (Ask("imaging.adequate", question, "imaging adequate=true", (), 1),)

    def test_an_adequate_scan_settles_it_whatever_else_is_not_known(self, answer) -> None:
        vague = "2026-11-18 imaging region=primary"
        assert answer("imaging_on_record", MRI, vague, BIOPSY) == MET

    def test_everything_that_offends_is_named(self, answer) -> None:
        log = (
            "2025-12-30 imaging region=primary modality=US adequate=true",
            "2026-11-16 imaging region=primary modality=CT adequate=false",
            "2026-11-17 imaging region=primary modality=MRI reason_not_done=pacemaker",
            "2026-11-18 imaging region=whole_body modality=PET_CT adequate=true",
            BIOPSY,
        )
        found = (
            "the MRI of the primary of 17 Nov was not done; "
            "the CT of the primary of 16 Nov was not adequate; "
            "the ultrasound of the primary of 30 Dec 2025 does not count"
        )
        assert answer("imaging_on_record", *log) == not_met(NEEDS, found, FIX)

    def test_how_a_scan_was_done_and_when_is_asked(self, asked_facts) -> None:
        way = "2026-11-17 imaging region=primary adequate=true"
        assert asked_facts("imaging_on_record", way, BIOPSY) == [("imaging.modality", 1)]
        month = "2026-11 imaging region=primary modality=MRI adequate=true"
        assert asked_facts("imaging_on_record", month, BIOPSY) == [("imaging.on", 1)]
        before = "2026-10 imaging region=primary modality=MRI adequate=true"
        assert asked_facts("imaging_on_record", before, BIOPSY) == []
        last_day = "2026-10-31 biopsy method=core"
        assert asked_facts("imaging_on_record", before, last_day) == []
        assert asked_facts("imaging_on_record", before, "2026-10-30 biopsy") == [("imaging.on", 1)]

    def test_a_biopsy_of_which_only_the_month_is_known_may_have_been_after_the_scan(self, answer) -> None:
        said = answer("imaging_on_record", MRI, "2026-11 biopsy method=core")
        assert (said.verdict, [(ask.fact, ask.line) for ask in said.asks]) == ("unknown", [("biopsy.on", 2)])

    def test_a_recurrence_is_imaged_anew(self, answer) -> None:
        recurrence = "2026-11-20 recurrence status=confirmed local=true"
        found = (
            "no imaging of the primary on record (the MRI of the primary of 17 Nov of an earlier course does not count)"
        )
        assert answer("imaging_on_record", MRI, recurrence, BIOPSY) == not_met(NEEDS, found, FIX)

    def test_adequacy_is_asked_only_where_the_rule_does(self, verdict) -> None:
        scan = "2026-11-17 imaging region=abdomen_pelvis modality=CT"
        rule = {"region": "abdomen_pelvis", "modality": ["CT"], "adequate": False}
        assert verdict("imaging_on_record", scan, BIOPSY, **rule) == "met"
        assert verdict("imaging_on_record", f"{scan} adequate=false", BIOPSY, **rule) == "not met"
        body = "2026-11-17 imaging region=whole_body modality=CT"
        assert verdict("imaging_on_record", body, BIOPSY, **rule) == "met"


class TestModalityFitsSite:
    def test_silent_while_there_is_no_imaging_that_could_be_judged(self, answer) -> None:
        assert answer("modality_fits_site", BIOPSY) == NOT_ASKED
        assert answer("modality_fits_site", "2026-11-17 imaging region=primary modality=US", BIOPSY) == NOT_ASKED
        assert answer("modality_fits_site", CT.replace("true", "false"), BIOPSY) == NOT_ASKED

    def test_mri_fits_every_site(self, verdict) -> None:
        assert verdict("modality_fits_site", MRI, CT, BIOPSY) == "met"

    def test_ct_alone_fits_the_retroperitoneum(self, verdict) -> None:
        referral = "2026-11-01 referral site_group=retroperitoneum"
        assert verdict("modality_fits_site", referral, CT, BIOPSY) == "met"

    def test_ct_alone_of_a_limb_needs_a_contraindication(self, answer, verdict) -> None:
        referral = "2026-11-01 referral site_group=extremity"
        alone = "CT alone for the retroperitoneum or viscera or where MRI is contraindicated"
        needs = f"MRI of the primary, or {alone}"
        found = "only the CT of the primary of 17 Nov, for a tumour of the limb"
        told = answer("modality_fits_site", referral, CT, BIOPSY)
        assert told == not_met(needs, found, FIX, (2,))
        assert verdict("modality_fits_site", f"{referral} mri_contraindicated=true", CT, BIOPSY) == "met"
        assert verdict("modality_fits_site", f"{referral} mri_contraindicated=false", CT, BIOPSY) == "not met"

    def test_an_inadequate_mri_does_not_help(self, answer) -> None:
        referral = "2026-11-01 referral site_group=extremity"
        found = answer("modality_fits_site", referral, MRI.replace("true", "false"), CT, BIOPSY).found
        assert found == (
            "only the CT of the primary of 17 Nov (the MRI of the primary of 17 Nov does not count), "
            "for a tumour of the limb"
        )

    def test_the_site_is_asked_unless_mri_is_contraindicated(self, asked_facts, verdict) -> None:
        assert asked_facts("modality_fits_site", CT, BIOPSY) == [
            ("site_group", None),
            ("mri_contraindicated", None),
        ]
        stated = "2026-11-01 referral mri_contraindicated=true"
        assert verdict("modality_fits_site", stated, CT, BIOPSY) == "met"
        denied = "2026-11-01 referral mri_contraindicated=false"
        assert asked_facts("modality_fits_site", denied, CT, BIOPSY) == [("site_group", None)]

    def test_a_second_scan_that_may_be_an_mri_is_asked_about(self, asked_facts, verdict) -> None:
        referral = "2026-11-01 referral site_group=skin"
        way = "2026-11-18 imaging region=primary"
        assert asked_facts("modality_fits_site", referral, CT, way, BIOPSY) == [("imaging.modality", 3)]
        month = "2026-11 imaging region=primary modality=MRI"
        assert asked_facts("modality_fits_site", referral, CT, month, BIOPSY) == [("imaging.on", 3)]
        assert verdict("modality_fits_site", referral, CT, month, BIOPSY.replace("23", "30")) == "met"


class TestChestImagedBeforeMdt:
    NEEDS = "CT or PET-CT of the chest within 42 days before the MDT, on or after 18 Jan 2026"
    FIX = "imaging region=chest modality=CT adequate=true"

    def test_a_ct_of_the_chest_counts_for_six_weeks(self, answer) -> None:
        assert answer("chest_imaged_before_mdt", "2026-01-18 imaging region=chest modality=CT", MDT) == MET
        old = "2026-01-17 imaging region=chest modality=CT"
        found = "the chest CT of 17 Jan was 43 days before"
        assert answer("chest_imaged_before_mdt", old, MDT) == not_met(self.NEEDS, found, self.FIX)

    def test_the_day_of_the_meeting_counts_and_the_day_after_does_not(self, verdict) -> None:
        assert verdict("chest_imaged_before_mdt", "2026-03-01 imaging region=chest modality=CT", MDT) == "met"
        after = "2026-03-02 imaging region=chest modality=CT"
        assert verdict("chest_imaged_before_mdt", after, MDT) == "not met"

    def test_a_whole_body_scan_or_a_pet_ct_serves(self, verdict) -> None:
        for scan in (
            "region=whole_body modality=CT",
            "region=chest modality=PET_CT",
            "regions=primary,chest modality=CT",
        ):
            assert verdict("chest_imaged_before_mdt", f"2026-02-01 imaging {scan}", MDT) == "met"

    def test_what_does_not_serve_is_named(self, answer) -> None:
        log = (
            "2026-02-01 imaging region=chest modality=XR",
            "2026-02-02 imaging region=chest modality=CT adequate=false",
            MDT,
        )
        found = "the chest CT of 2 Feb was not adequate; the chest X-ray of 1 Feb does not count"
        assert answer("chest_imaged_before_mdt", *log) == not_met(self.NEEDS, found, self.FIX)
        nothing = "no imaging of the chest on record"
        assert answer("chest_imaged_before_mdt", MDT) == not_met(self.NEEDS, nothing, self.FIX)

    def test_a_reason_for_not_doing_it_is_a_departure_and_no_answer(self, verdict) -> None:
        undone = "2026-02-01 imaging region=chest modality=CT reason_not_done=frail"
        assert verdict("chest_imaged_before_mdt", undone, MDT) == "not met"

    def test_pregnancy_and_palliative_intent_need_no_scan(self, verdict) -> None:
        assert verdict("chest_imaged_before_mdt", "2026-01-01 referral pregnant=true", MDT) == "met"
        assert verdict("chest_imaged_before_mdt", "2026-01-01 referral pregnant=false", MDT) == "not met"
        assert verdict("chest_imaged_before_mdt", f"{MDT} intent=palliative") == "met"
        assert verdict("chest_imaged_before_mdt", f"{MDT} intent=curative") == "not met"

    def test_a_scan_of_which_only_the_month_is_known_serves_once_the_month_is_over(self, asked_facts) -> None:
        month = "2026-02 imaging region=chest modality=CT"
        last_day = MDT.replace("03-01", "02-28")
        assert asked_facts("chest_imaged_before_mdt", month, last_day) == []
        assert asked_facts("chest_imaged_before_mdt", month, MDT.replace("03-01", "02-27")) == [("imaging.on", 1)]

    def test_a_scan_of_several_regions_shows_the_chest_only_if_it_says_so(self, verdict) -> None:
        for covered, expected in (("whole_body,other", "met"), ("brain,other", "not met")):
            scan = f"2026-02-01 imaging regions={covered} modality=CT"
            assert verdict("chest_imaged_before_mdt", scan, MDT) == expected
        whole = "2026-11-17 imaging regions=whole_body,other modality=MRI adequate=true"
        assert verdict("imaging_on_record", whole, BIOPSY) == "not met"

    def test_what_is_not_known_of_a_scan_is_asked(self, asked_facts) -> None:
        way = "2026-02-01 imaging region=chest"
        assert asked_facts("chest_imaged_before_mdt", way, MDT) == [("imaging.modality", 1)]
        month = "2026-01 imaging region=chest modality=CT"
        assert asked_facts("chest_imaged_before_mdt", month, MDT) == [("imaging.on", 1)]
        assert asked_facts("chest_imaged_before_mdt", month.replace("2026-01", "2026-02"), MDT) == []
        assert asked_facts("chest_imaged_before_mdt", month, "2026-03-14 mdt decision=yes") == [("imaging.on", 1)]
        assert asked_facts("chest_imaged_before_mdt", month, "2026-03-15 mdt decision=yes") == []

    def test_a_meeting_of_which_only_the_month_is_known(self, verdict, asked_facts) -> None:
        meeting = "2026-03 mdt decision=yes"
        assert verdict("chest_imaged_before_mdt", "2026-02-17 imaging region=chest modality=CT", meeting) == "met"
        late = "2026-02-16 imaging region=chest modality=CT"
        assert asked_facts("chest_imaged_before_mdt", late, meeting) == [("mdt.on", 2)]


class TestAbdomenAndPelvis:
    NAME = "imaged_or_explained"
    BEHIND = "2026-01-01 referral site_group=retroperitoneum"
    SCAN = "2026-01-10 imaging region=abdomen_pelvis"

    def test_a_scan_of_the_region_or_the_reason_against_it(self, verdict) -> None:
        for said, expected in (
            ("modality=CT", "met"),
            ("modality=MRI adequate=true", "met"),
            ("modality=CT adequate=false", "not met"),
            ("modality=US", "not met"),
            ("reason_not_done=pregnancy", "met"),
            ("", "unknown"),
        ):
            assert verdict(self.NAME, self.BEHIND, f"{self.SCAN} {said}", MDT) == expected
        whole = "2026-01-10 imaging regions=whole_body,other modality=PET_CT"
        assert verdict(self.NAME, self.BEHIND, whole, MDT) == "met"
        assert verdict(self.NAME, self.BEHIND, "2026-03-02 imaging region=abdomen_pelvis modality=CT", MDT) == "not met"

    def test_what_is_missing_is_named(self, answer) -> None:
        needs = "CT, MRI or PET-CT of abdomen and pelvis on or before 1 Mar 2026, or the reason why it was not done"
        found = "no imaging of abdomen and pelvis on record"
        fix = "imaging region=abdomen_pelvis modality=CT"
        assert answer(self.NAME, self.BEHIND, MDT) == not_met(needs, found, fix)

    def test_what_is_not_known_is_asked(self, asked_facts) -> None:
        assert asked_facts(self.NAME, self.BEHIND, self.SCAN, MDT) == [("imaging.modality", 2)]
        month = "2026-03 imaging region=abdomen_pelvis modality=CT"
        assert asked_facts(self.NAME, self.BEHIND, month, MDT) == [("imaging.on", 2)]
        assert asked_facts(self.NAME, self.BEHIND, "2026-03 mdt decision=yes") == [("mdt.on", 2)]
        assert asked_facts(self.NAME, "2026-01-01 referral size_mm=40", MDT) == [("site_group", None)]

    def test_relief_meets_it_and_other_sites_and_events_are_not_asked(self, answer) -> None:
        assert answer(self.NAME, self.BEHIND, "2026-03-01 mdt intent=palliative") == MET
        assert answer(self.NAME, "2026-01-01 referral site_group=trunk", MDT) == NOT_ASKED
        assert answer(self.NAME, self.BEHIND, "2026-03-01 surgery") == NOT_ASKED


class TestChestAtLowRisk:
    NAME = "chest_imaged_at_low_risk"

    @pytest.mark.parametrize(
        ("size", "grade", "expected"),
        [
            ("50", "3", "not met"),
            ("50.1", "3", "not asked"),
            ("50.1", "1", "not met"),
            ("50.1", "", "unknown"),
            ("", "2", "unknown"),
            ("", "1", "not met"),
            ("50", "", "not met"),
            ("", "", "unknown"),
        ],
    )
    def test_small_or_low_grade(self, verdict, size: str, grade: str, expected: str) -> None:
        referral = f"2026-01-01 referral {f'size_mm={size}' if size else 'painful=true'}"
        report = f"2026-01-20 pathology {f'grade={grade}' if grade else 'is_lms=true'}"
        assert verdict(self.NAME, referral, report, MDT) == expected
        completed = "2026-03-01 treatment_completed next=surveillance"
        assert verdict(self.NAME, referral, report, completed) == expected
        scan = "2025-12-01 imaging region=chest modality=CT"
        seen = "not asked" if expected == "not asked" else "met"
        assert verdict(self.NAME, referral, report, scan, MDT) == seen

    def test_what_is_missing_is_named(self, answer) -> None:
        told = answer(self.NAME, "2026-01-01 referral size_mm=40", "2026-01-20 imaging region=chest modality=XR", MDT)
        needs = "CT or PET-CT of the chest on or before 1 Mar 2026, also for a tumour of up to 50 mm or of grade 1"
        found = "size 40 mm, grade not known; the chest X-ray of 20 Jan does not count"
        assert told == not_met(needs, found, "imaging region=chest modality=CT")

    def test_what_is_not_known_is_asked(self, asked_facts) -> None:
        small = "2026-01-01 referral size_mm=40"
        assert asked_facts(self.NAME, MDT) == [("size_mm", None), ("grade", None)]
        assert asked_facts(self.NAME, small, "2026-01-20 imaging region=chest", MDT) == [("imaging.modality", 2)]
        assert asked_facts(self.NAME, small, "2026-03 mdt decision=yes") == [("mdt.on", 2)]

    def test_spread_and_other_events_are_not_asked(self, answer) -> None:
        small = "2026-01-01 referral size_mm=40"
        assert answer(self.NAME, small, "2026-02-01 staging m=1", MDT) == NOT_ASKED
        assert answer(self.NAME, small, "2026-03-01 surgery") == NOT_ASKED
