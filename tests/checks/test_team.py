"""The team decides on every patient, with the histology before it, and on every unplanned excision."""

from __future__ import annotations

from lmstrack.rules import MET, Answer, Ask, Verdict, not_met

PATHOLOGY = "2026-02-01 pathology is_lms=true"
MDT = "2026-03-01 mdt decision=yes"
SURGERY = "2026-04-01 surgery operation=wide_excision"
NEEDS = "a decision or a plan of the MDT, made with the histology known, on or before 1 Apr 2026"
FIX = 'mdt decision="…" plan=@plan.json'


class TestMdtDecided:
    def test_a_decision_or_a_plan_counts(self, answer) -> None:
        assert answer("mdt_decided", PATHOLOGY, MDT, SURGERY) == MET
        plan = '2026-03-01 mdt plan=[{"treatment":"surgery"}]'
        assert answer("mdt_decided", PATHOLOGY, plan, SURGERY) == MET

    def test_no_meeting(self, answer) -> None:
        assert answer("mdt_decided", PATHOLOGY, SURGERY) == not_met(NEEDS, "no MDT on record", FIX)

    def test_a_meeting_before_any_histology_does_not_count(self, answer, verdict) -> None:
        found = "the MDT of 1 Mar met before any histology"
        assert answer("mdt_decided", MDT, "2026-03-02 pathology is_lms=true", SURGERY) == not_met(NEEDS, found, FIX)
        assert verdict("mdt_decided", MDT, "2026-03-01 pathology is_lms=true", SURGERY) == "met"
        assert verdict("mdt_decided", MDT, "2026-02-01 pathology grade=2", SURGERY) == "not met"

    def test_a_meeting_on_metastases_needs_no_histology(self, verdict) -> None:
        assert verdict("mdt_decided", "2026-02-28 staging m=1", MDT, SURGERY) == "met"
        assert verdict("mdt_decided", "2026-02-28 staging m=0", MDT, SURGERY) == "not met"
        assert verdict("mdt_decided", MDT, "2026-03-02 staging m=1", SURGERY) == "not met"

    def test_a_month_that_is_over_is_known_well_enough(self, verdict) -> None:
        meeting = "2026-02-28 mdt decision=yes"
        assert verdict("mdt_decided", "2026-02 pathology is_lms=true", meeting, SURGERY) == "met"
        assert verdict("mdt_decided", "2026-02 staging m=1", meeting, SURGERY) == "met"
        operation = SURGERY.replace("04-01", "03-31")
        assert verdict("mdt_decided", PATHOLOGY, "2026-03 mdt decision=yes", operation) == "met"

    def test_a_meeting_without_a_decision_is_asked_for_it(self, answer) -> None:
        told = answer("mdt_decided", PATHOLOGY, "2026-03-01 mdt intent=curative", SURGERY)
        ask = Ask("mdt.decision", "What did the MDT of 1 Mar decide?", 'mdt decision="…"', (), 2)
        assert told == Answer(Verdict.UNKNOWN, NEEDS, "the MDT of 1 Mar has no decision", "", (ask,))

    def test_a_recurrence_wants_a_meeting_of_its_own(self, verdict) -> None:
        recurrence = "2026-03-20 recurrence status=confirmed local=true"
        assert verdict("mdt_decided", PATHOLOGY, MDT, recurrence, SURGERY) == "not met"
        again = "2026-03-25 mdt decision=yes"
        assert verdict("mdt_decided", PATHOLOGY, MDT, recurrence, again, SURGERY) == "met"

    def test_the_team_meets_before_radiotherapy_starts(self, verdict) -> None:
        for started_on, expected in (("2026-03-01", "met"), ("2026-02-28", "not met")):
            given = f"2026-04-10 radiotherapy started_on={started_on}"
            assert verdict("mdt_decided", PATHOLOGY, MDT, given) == expected
        assert verdict("mdt_decided", PATHOLOGY, MDT, "2026-04-10 radiotherapy") == "met"
        month = "2026-04 radiotherapy started_on=2026-03-01"
        assert verdict("mdt_decided", PATHOLOGY, month) == "not met"

    def test_days_that_are_not_known_are_asked(self, asked_facts) -> None:
        assert asked_facts("mdt_decided", "2026-03 pathology is_lms=true", "2026-03-10 mdt decision=yes", SURGERY) == [
            ("pathology.on", 1)
        ]
        assert asked_facts("mdt_decided", "2026-03-10 pathology is_lms=true", "2026-03 mdt decision=yes", SURGERY) == [
            ("mdt.on", 2)
        ]
        assert asked_facts("mdt_decided", PATHOLOGY, "2026-04 mdt decision=yes", SURGERY) == [("mdt.on", 2)]
        late = "2026-03-31 pathology is_lms=true"
        assert asked_facts("mdt_decided", late, "2026-03 mdt decision=yes", SURGERY) == [("mdt.on", 2)]
        assert asked_facts("mdt_decided", PATHOLOGY, "2026-04 surgery") == [("surgery.on", 2)]


class TestUnplannedExcisionWorkedUp:
    EXCISION = "2026-01-10 surgery operation=unplanned_excision"
    REFERRAL = "2026-01-20 referral route=unplanned_excision"
    MRI = "2026-01-25 imaging region=primary modality=MRI"
    REVIEW = "2026-01-30 pathology specimen=review reviewed_by_sarcoma_pathologist=true"
    NEEDS = "MRI of the primary after the excision; a review by a sarcoma pathologist"
    FIX = "imaging region=primary modality=MRI adequate=true"

    def test_the_field_is_imaged_and_the_tissue_is_seen(self, answer) -> None:
        log = (self.EXCISION, self.REFERRAL, self.MRI, self.REVIEW, MDT)
        assert answer("unplanned_excision_worked_up", *log) == MET
        assert answer("unplanned_excision_worked_up", *log[1:]) == MET

    def test_everything_that_is_missing_is_named(self, answer) -> None:
        found = "no imaging of the primary on record; no pathology on record"
        told = answer("unplanned_excision_worked_up", self.EXCISION, self.REFERRAL, MDT)
        assert told == not_met(self.NEEDS, found, self.FIX)

    def test_a_scan_on_the_day_of_the_excision_or_before_does_not_count(self, answer, verdict) -> None:
        early = "2026-01-10 imaging region=primary modality=MRI"
        told = answer("unplanned_excision_worked_up", self.EXCISION, early, self.REFERRAL, self.REVIEW, MDT)
        found = "the MRI of the primary of 10 Jan was not after the excision"
        assert told == not_met(self.NEEDS, found, self.FIX)
        late = early.replace("01-10", "01-11")
        assert verdict("unplanned_excision_worked_up", self.EXCISION, late, self.REVIEW, MDT) == "met"

    def test_without_the_excision_the_scan_counts_from_the_referral_on(self, verdict) -> None:
        before, on = (f"2026-01-{day} imaging region=primary modality=MRI" for day in (19, 20))
        assert verdict("unplanned_excision_worked_up", before, self.REFERRAL, self.REVIEW, MDT) == "not met"
        assert verdict("unplanned_excision_worked_up", self.REFERRAL, on, self.REVIEW, MDT) == "met"

    def test_scans_that_do_not_count(self, answer) -> None:
        log = (self.EXCISION, self.MRI.replace("MRI", "CT"), f"{self.MRI} adequate=false", self.REVIEW, MDT)
        found = "the MRI of the primary of 25 Jan does not count; the CT of the primary of 25 Jan does not count"
        assert answer("unplanned_excision_worked_up", *log).found == found

    def test_who_saw_the_tissue_is_asked(self, answer, asked_facts) -> None:
        unsaid = "2026-01-30 pathology specimen=review"
        asked = asked_facts("unplanned_excision_worked_up", self.EXCISION, self.MRI, unsaid, MDT)
        assert asked == [("pathology.reviewed_by_sarcoma_pathologist", 3)]
        denied = f"{unsaid} reviewed_by_sarcoma_pathologist=false"
        told = answer("unplanned_excision_worked_up", self.EXCISION, self.MRI, denied, MDT)
        assert told == not_met(
            self.NEEDS,
            "the pathology of 30 Jan was not seen by a sarcoma pathologist",
            "pathology specimen=review reviewed_by_sarcoma_pathologist=true",
        )

    def test_days_and_ways_that_are_not_known_are_asked(self, asked_facts) -> None:
        name = "unplanned_excision_worked_up"
        month = "2026-01 surgery operation=unplanned_excision"
        assert asked_facts(name, month, self.MRI, self.REVIEW, MDT) == [("surgery.on", 1)]
        second = "2026-01-02 imaging region=primary modality=MRI"
        assert asked_facts(name, month, second, self.REVIEW, MDT) == [("surgery.on", 1)]
        assert asked_facts(name, month, second.replace("01-02", "01-01"), self.REVIEW, MDT) == []
        vague = "2026-01 imaging region=primary modality=MRI"
        assert asked_facts(name, self.EXCISION, vague, self.REVIEW, MDT) == [("imaging.on", 2)]
        way = "2026-01-25 imaging region=primary"
        assert asked_facts(name, self.EXCISION, way, self.REVIEW, MDT) == [("imaging.modality", 2)]
        assert asked_facts(name, self.EXCISION, self.MRI, way, self.REVIEW, MDT) == []
