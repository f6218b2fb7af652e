"""A ward that follows its hospital's own file: which cases are judged by it, and what happens when it is not there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from lmstrack.errors import NotFound, NotPermitted, StoreUnavailable, WorkflowFaults
from lmstrack.records import AdoptWorkflow, read_record
from lmstrack.tracker import Tracker
from lmstrack.versions import Versions
from lmstrack.workflow import Site, load_workflow, released

from .test_overlay import BASE, NAME, change, text

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 24)
REFERRED = read_record("referral", {"site_group": "extremity", "size_mm": 80, "depth": "deep"})
IMAGED = read_record("imaging", {"region": "primary", "modality": "MRI", "adequate": True})
BIOPSY = read_record("biopsy", {"method": "core", "centre_designated": True, "track_planned_with_surgeon": True})
LOWER = change("rules.LMS-DX-01.strength", "advisory", signed_by="Dr Example")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "northtown"
    made.mkdir()
    put(made, text(LOWER))
    return made


def put(folder: Path, content: bytes, name: str = "northtown") -> None:
    (folder / f"{name}.yaml").write_bytes(content)


def ward(folder: Path, *, site: bool = True) -> Tracker:
    where = folder.parent / "ward.db"
    return Tracker.open(where, by="navigator-a", today=TODAY, create=True, site=folder if site else None)


def opened(tracker: Tracker) -> str:
    return tracker.open_case(name="A B", born="1961-03-04", sex="female").id


def test_new_cases_are_pinned_to_what_the_site_signed_last(folder: Path) -> None:
    with ward(folder) as tracker:
        assert tracker.workflow.name == NAME
        case = opened(tracker)
        tracker.record(case, REFERRED, on="2026-11-02")
        tracker.record(case, BIOPSY, on="2026-11-03")  # which the released workflow refuses
        assert tracker.log(case)[0].workflow == tracker.workflow.pin
        assert tracker.case(case).workflow == NAME
        assert tracker.overdue().workflow == NAME
        assert tracker.doctor() == ()


def test_a_draft_is_for_nobody(folder: Path) -> None:
    put(folder, text(LOWER, signed_by=None, signed_on=None))
    with ward(folder) as tracker:
        assert tracker.workflow.name == released()[-1]
        case = opened(tracker)
        tracker.record(case, REFERRED, on="2026-11-02")
        draft = AdoptWorkflow(workflow=NAME)
        with pytest.raises(NotPermitted, match="nobody has signed it"):
            tracker.record(case, draft)
        assert tracker.record(case, draft, dry_run=True).case.workflow == NAME
        assert len(tracker.log(case)) == 1


def test_a_case_that_is_under_way_moves_when_it_adopts_it(folder: Path) -> None:
    with ward(folder, site=False) as tracker:
        case = opened(tracker)
        tracker.record(case, REFERRED, on="2026-11-02")
        assert tracker.log(case)[0].workflow == released()[-1]
    with ward(folder) as tracker:
        assert tracker.case(case).workflow == released()[-1]
        tracker.record(case, AdoptWorkflow(workflow=NAME), on="2026-11-05")
        tracker.record(case, BIOPSY, on="2026-11-06")
        assert tracker.case(case).workflow == NAME
        assert tracker.log(case)[1].record == AdoptWorkflow(workflow=tracker.workflow.pin)
        assert tracker.doctor() == ()


def test_a_case_whose_overlay_is_not_there_is_judged_by_no_other(folder: Path) -> None:
    with ward(folder) as tracker:
        case = opened(tracker)
        tracker.record(case, REFERRED, on="2026-11-02")
    with ward(folder, site=False) as tracker:
        with pytest.raises(NotFound, match=NAME) as missing:
            tracker.case(case)
        assert "LMSTRACK_SITE" in missing.value.remedy
        with pytest.raises(NotFound):
            tracker.record(case, IMAGED, on="2026-11-05")
        assert tracker.doctor() == (
            f"{case}: Find workflow '{NAME}': it is a site's own, and no folder of a site is named.",
        )
    (folder / "northtown.yaml").unlink()
    with ward(folder) as tracker, pytest.raises(NotFound, match="has no overlay of that name"):
        tracker.case(case)


def test_a_file_that_changed_under_its_cases_is_noticed_and_repair_leaves_them_alone(folder: Path) -> None:
    with ward(folder) as tracker:
        case = opened(tracker)
        tracker.record(case, REFERRED, on="2026-11-02")
    put(folder, text(change("rules.LMS-DX-01.strength", "expected", signed_by="Dr Example")))
    with ward(folder) as tracker:
        with pytest.raises(StoreUnavailable, match="has changed since the case was pinned to it"):
            tracker.case(case)
        (found,) = tracker.doctor(repair=True)
        assert found.startswith(f"{case}: Judge a case by {NAME}: its file")
    put(folder, text(LOWER))
    with ward(folder) as tracker:
        assert tracker.case(case).workflow == NAME
        assert tracker.doctor() == ()


def test_remarks_and_layout_are_no_change(folder: Path) -> None:
    with ward(folder) as tracker:
        case = opened(tracker)
        tracker.record(case, REFERRED, on="2026-11-02")
    put(folder, b"# a remark\n\n" + text(LOWER).replace(b"\n", b"\r\n"))
    with ward(folder) as tracker:
        assert tracker.case(case).workflow == NAME


def test_a_change_gets_a_version_of_its_own_and_the_old_cases_stay(folder: Path) -> None:
    with ward(folder) as tracker:
        old = opened(tracker)
        tracker.record(old, REFERRED, on="2026-11-02")
    newer = {"version": "northtown.2", "name": f"{BASE}-northtown.2", "signed_on": "2026-11-20"}
    put(folder, text(**newer), "second")
    with ward(folder) as tracker:
        new = opened(tracker)
        tracker.record(new, REFERRED, on="2026-11-02")
        assert tracker.case(old).workflow == NAME
        assert tracker.case(new).workflow == f"{BASE}-northtown.2"


def test_a_fault_in_the_file_in_force_stops_new_cases(folder: Path) -> None:
    put(folder, text(change("settings.leed", "6 weeks")))
    with ward(folder) as tracker:
        case = opened(tracker)
        with pytest.raises(WorkflowFaults) as refused:
            tracker.record(case, REFERRED, on="2026-11-02")
        assert refused.value.faults == ("Line 3: settings.leed: settings has no entry 'leed'; did you mean 'lead'?",)
        assert tracker.log(case) == []


def test_a_correction_may_name_the_workflow_that_was_meant(folder: Path) -> None:
    with ward(folder, site=False) as tracker:
        case = opened(tracker)
        tracker.record(case, REFERRED, on="2026-11-02")
        tracker.record(case, AdoptWorkflow(workflow=released()[-1]), on="2026-11-03")
    with ward(folder) as tracker:
        tracker.correct(case, 2, instead=AdoptWorkflow(workflow=NAME))
        assert tracker.case(case).workflow == NAME


def test_what_is_given_comes_before_the_folder(folder: Path) -> None:
    given = load_workflow(BASE)
    versions = Versions({BASE: given}, Site(folder))
    assert versions.newest is given
    assert versions.of_the_site == (NAME,)


def test_an_import_knows_the_workflows_of_the_site_by_both_names(folder: Path) -> None:
    versions = Versions(site=Site(folder))
    site = versions.newest
    assert {BASE, NAME, site.pin} <= versions.all().keys()
    assert versions.named(site.pin) is versions.named(NAME) is site


def test_a_name_of_nobody_is_answered_without_a_word_of_sites() -> None:
    with pytest.raises(NotFound, match="no released workflow has that name"):
        Versions().named("melanoma-2026.1")
