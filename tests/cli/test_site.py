"""The hospital's own file at the command line: where it is looked for, how it is shown, what it does to a case."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .test_documents import DOCS, held

if TYPE_CHECKING:
    from .conftest import Run

BASE = "leiomyosarcoma-2026.1"
NAME = f"{BASE}-yourtown.1"


@pytest.fixture
def site(home: Path) -> Path:
    """The example for England, signed."""
    folder = home / "site"
    folder.mkdir()
    example = (DOCS / "overlays" / "england-example.yaml").read_text(encoding="utf-8")
    signed = example.replace("# signed_by", "signed_by").replace("# signed_on", "signed_on")
    (folder / "yourtown.yaml").write_text(signed, encoding="utf-8")
    return folder


def test_the_list_tells_what_lies_over_what_and_who_signed_it(run: Run, site: Path) -> None:
    answer = run("workflow", "list", "--site", str(site), "--format", "json").json()
    held("workflows", answer)
    base, own = answer["rows"]
    assert (base["workflow"], base["over"], base["signed"], base["signed_by"], base["new_cases"]) == (
        BASE,
        None,
        "no",
        None,
        False,
    )
    assert {
        name: own[name] for name in ("workflow", "over", "site", "signed", "signed_by", "signed_on", "changes")
    } == {
        "workflow": NAME,
        "over": BASE,
        "site": "YOUR HOSPITAL",
        "signed": "yes",
        "signed_by": "Dr A. Example, sarcoma lead",
        "signed_on": "2026-12-01",
        "changes": 4,
    }
    assert own["new_cases"] is True
    assert answer["workflow"] == NAME
    assert f"New cases begin with {NAME}." in run("workflow", "list", "--site", str(site)).err


def test_without_a_folder_there_are_the_released_ones_alone(run: Run) -> None:
    answer = run("workflow", "list", "--format", "json").json()
    held("workflows", answer)
    assert [(row["workflow"], row["new_cases"]) for row in answer["rows"]] == [(BASE, True)]


def test_what_the_site_changed_is_marked_before_and_after(run: Run, site: Path) -> None:
    answer = run("workflow", "show", "--site", str(site), "--format", "json").json()
    held("workflow_parts", answer)
    changed = {
        (row["part"], row["name"]): (row["changed"], row["because"], row["signed_by"])
        for row in answer["rows"]
        if row["changed"] is not None
    }
    assert changed == {
        ("setting", "lead"): ("28 days → 6 weeks", "our MRI list is booked six weeks ahead", None),
        ("setting", "designated_centres"): (
            "none → YOUR SARCOMA CENTRE",
            "the centre commissioned for sarcoma here, written as it is in our records",
            None,
        ),
        ("expected", "report"): (
            (
                "phases, 1, every: 0-14 days → 0-7 days; "
                "next_action: chase the report → ring the reporting desk of radiology"
            ),
            "our radiologists report scans of cancer patients within a week; that desk knows where each report is",
            None,
        ),
    }
    assert answer["totals"]["changes"] == 4
    shown = run("workflow", "show", NAME, "--site", str(site))
    assert f"YOUR HOSPITAL over {BASE}: 4 changes, signed by Dr A. Example, sarcoma lead on 1 Dec 2026." in shown.err


def test_what_is_no_row_otherwise_is_told_once_a_site_changed_it(run: Run) -> None:
    answer = run("workflow", "show", str(DOCS / "overlays" / "abroad-example.yaml"), "--format", "json").json()
    held("workflow_parts", answer)
    off = [row for row in answer["rows"] if row["signed_by"] is not None]
    assert [(row["part"], row["name"], row["changed"]) for row in off] == [
        ("expected", name, "switched_off: false → true")
        for name in ("faster_diagnosis", "treatment_after_decision", "treatment_after_referral")
    ]
    shown = run("workflow", "show", BASE, "--format", "json").json()
    assert {row["changed"] for row in shown["rows"]} == {None}


def test_a_new_case_is_pinned_to_it(run: Run, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMSTRACK_SITE", str(site))
    made = run("init")
    assert f"workflow {NAME}" in made.out
    assert f"No clinician has signed {BASE}, which it lies over, yet" in made.err
    case = run("case", "add", "--name", "Ann Example", "--born", "1961-03-04", "--format", "json").json()["case"]
    assert run("record", case, "referral", "site_group=extremity", "--on", "2026-11-20").code == 0
    assert run("case", "list", "--format", "json").json()["rows"][0]["workflow"] == NAME
    assert run("show", case, "--format", "json").json()["workflow"] == NAME
    assert run("overdue", "--format", "json").json()["workflow"] == NAME
    assert run("doctor").code == 0

    monkeypatch.delenv("LMSTRACK_SITE")
    answer = run("show", case)
    assert answer.code == 7
    assert f"Find workflow '{NAME}': it is a site's own, and no folder of a site is named." in answer.err
    assert "LMSTRACK_SITE" in answer.err
    assert run("doctor").code == 10

    file = site / "yourtown.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("to: 6 weeks", "to: 5 weeks"), encoding="utf-8")
    answer = run("record", case, "imaging", "region=primary", "modality=MRI", "--site", str(site))
    assert answer.code == 9
    assert "has changed since the case was pinned to it" in answer.err


def test_a_case_adopts_it_and_a_preview_writes_nothing(run: Run, referred: str, site: Path) -> None:
    words = ("record", referred, "adopt_workflow", f"workflow={NAME}", "--site", str(site))
    assert run(*words, "--dry-run").code == 0
    assert run("timeline", referred, "--format", "json").json()["totals"]["lines"] == 1
    assert run(*words).code == 0
    assert run("show", referred, "--site", str(site), "--format", "json").json()["workflow"] == NAME


def test_all_cases_adopt_it_after_a_preview_that_writes_nothing(
    run: Run, followed: str, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A scan that is reported late here, and that this hospital wants to have reported within a week.
    assert run("record", followed, "imaging", "region=chest", "modality=CT", "--on", "2026-11-14").code == 0
    monkeypatch.setenv("LMSTRACK_SITE", str(site))
    head = run("audit", "head").out
    words = ("workflow", "adopt", NAME)
    shown = run(*words, "--format", "json").json()
    held("adoption", shown)
    assert shown["written"] is False
    first = shown["rows"][0]
    assert (first["case"], first["strand"], first["change"], first["before_due_by"], first["after_due_by"]) == (
        followed,
        "report",
        "catch_up",
        "2026-11-28",
        "2026-12-08",
    )
    assert (shown["totals"]["cases"], shown["totals"]["catch_up"]) == (1, 1)
    assert f"Nothing was written. To do it: lmstrack workflow adopt {NAME} --commit" in run(*words).err
    told = run(*words, followed, "--navigator", "jane w", "--state", "surveillance")
    assert f"No case is to be moved to {NAME}." in told.err
    assert "Late by the new version, and given time to catch up (1)" in run(*words, "--format", "table").out
    assert run("audit", "head").out == head

    done = run(*words, followed, "--commit", "--format", "json").json()
    held("adoption", done)
    assert [{**row, "line": None} for row in done["rows"]] == shown["rows"]
    assert {row["line"] for row in done["rows"]} == {done["rows"][0]["line"]} != {None}
    assert run(*words, "--commit", "--format", "json").json()["totals"]["already"] == 1
    assert run("show", followed, "--format", "json").json()["workflow"] == NAME
    assert run("doctor").code == 0
    assert run("undo", followed).code == 0
    assert run("show", followed, "--format", "json").json()["workflow"] == BASE


def test_a_version_that_nobody_signed_is_previewed_and_not_adopted(run: Run, referred: str, site: Path) -> None:
    file = site / "yourtown.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("  signed_", "  # signed_"), encoding="utf-8")
    words = ("workflow", "adopt", NAME, "--site", str(site))
    assert run(*words).code == 0
    answer = run(*words, "--commit")
    assert answer.code == 8
    assert "nobody has signed it" in answer.err
    assert run("workflow", "adopt", "leiomyosarcoma-1999.1").code == 7
    assert run(*words, "--state", "nowhere").code == 2
    assert run(*words, "LMS-0099-9").code == 7


def test_from_three_cases_on_a_person_is_asked_first(run: Run, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Ann", "Ben", "Cid"):
        case = run("case", "add", "--name", name, "--born", "1961", "--format", "json").json()["case"]
        assert run("record", case, "referral", "site_group=extremity", "--on", "2026-11-20").code == 0
    words = ("workflow", "adopt", NAME, "--site", str(site), "--commit")
    asked: list[str] = []

    def no(_: object, question: str) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr("lmstrack.cli.shell.Shell.ask", no)
    assert run(*words).code == 130
    assert asked == [f"Move 3 cases to {NAME}?"]
    assert {row["workflow"] for row in run("case", "list", "--format", "json").json()["rows"]} == {BASE}
    assert run(*words, case).code == 0
    assert len(asked) == 1
    monkeypatch.setattr("lmstrack.cli.shell.Shell.ask", lambda *_: None)  # where nobody can be asked
    assert run(*words).code == 0


def test_the_folder_stands_in_the_configuration_too(run: Run, home: Path, site: Path) -> None:
    rows = {row["setting"]: row for row in run("config", "show", "--format", "json").json()["rows"]}
    assert (rows["site"]["value"], rows["site"]["from"]) == ("none", "default, the released workflows alone")
    file = home / "config" / "lmstrack" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'site = "{site.as_posix()}"\n', encoding="utf-8")
    rows = {row["setting"]: row for row in run("config", "show", "--format", "json").json()["rows"]}
    assert (rows["site"]["value"], rows["site"]["from"]) == (str(site), f"file {file}")
    assert run("rules", "list", "--format", "json").json()["workflow"] == NAME
    assert run("calc", "schedule", "anchor=2026-01-31", "--format", "json").json()["workflow"] == NAME


def test_a_folder_that_is_not_there_is_an_answer(run: Run, home: Path) -> None:
    answer = run("workflow", "list", "--site", str(home / "none"))
    assert answer.code == 7
    assert "there is no folder" in answer.err


def test_the_check_reads_an_overlay_and_proves_what_it_leads_to(run: Run, site: Path) -> None:
    file = site / "yourtown.yaml"
    sound = run("workflow", "check", str(file), "--format", "json")
    assert sound.code == 0, sound.out
    shutil.copy(file, site / "slip.yaml")
    wrong = file.read_text(encoding="utf-8").replace("settings.lead", "settings.leed").replace("0-7 days", "often")
    file.write_text(wrong, encoding="utf-8")
    faulty = run("workflow", "check", str(file), "--format", "json")
    assert faulty.code == 10
    told = [row["says"] for row in faulty.json()["rows"] if row["part"] == "fault"]
    assert [each.partition(":")[0] for each in told] == ["Line 19", "Line 24"]
    assert "did you mean 'lead'?" in told[0]
