from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lmstrack.cli import running
from lmstrack.cli.streams import escaped, shown

if TYPE_CHECKING:
    from .conftest import Run

ROOT = Path(__file__).parents[2]
LMSTRACK = ("-m", "lmstrack")


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def ran(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[Any]:
    given = {
        "env": environment(),
        "stderr": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        **settings,
    }
    started = [sys.executable, *arguments]
    return subprocess.run(started, check=False, **given)  # noqa: S603  # this very program


def loaded(names: tuple[str, ...], words: tuple[str, ...]) -> str:
    """Which of these libraries a command line loads."""
    code = (
        "import sys; from lmstrack.cli import main; main(sys.argv[1:]);"
        f"print([name for name in {names} if name in sys.modules], file=sys.stderr)"
    )
    done = ran("-c", code, *words, text=True)
    return str(done.stderr.strip().splitlines()[-1])


PAGES = [
    ("--help",),
    ("--version",),
    ("case", "--help"),
    ("__complete", "sh"),
    ("completion", "bash"),
    ("record", "--help"),
    ("overdue", "--help"),
    ("worklist", "--help"),
    ("workflow", "adopt", "--help"),
    ("help", "dates"),
]


@pytest.mark.parametrize("words", PAGES)
def test_help_version_and_completion_never_load_the_database(home: Path, words: tuple[str, ...]) -> None:
    assert loaded(("sqlmodel", "sqlalchemy", "alembic", "rich"), words) == "[]"


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("case", "--help"), ("__complete", "sh")])
def test_the_front_page_loads_nothing_heavy(home: Path, words: tuple[str, ...]) -> None:
    assert loaded(("typer", "pydantic", "ruamel", "pendulum", "rich"), words) == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_leaves_nothing_behind_and_ends_in_130(run: Run, case: str, home: Path) -> None:
    waiting = subprocess.Popen(  # noqa: S603  # this very program
        [sys.executable, *LMSTRACK, "record", case, "imaging", "--json", "-"],
        env=environment(),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(2.5)
    waiting.send_signal(signal.SIGINT)
    _, told = waiting.communicate(timeout=30)
    assert waiting.returncode == 130
    assert told.strip().splitlines()[-1] == "Interrupted. Nothing was written."
    assert run("show", case, "--format", "json").json()["last_line"] == 0


def test_an_interrupt_after_the_entry_is_written_says_so(run: Run, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lmstrack.cli.recording.tell", interrupted)
    answer = run("record", case, "referral")
    assert answer.code == 0
    assert "What was entered stands" in answer.err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
@pytest.mark.parametrize("form", ["tsv", "csv", "json", "table"])
def test_a_reader_who_goes_away_is_no_fault(run: Run, case: str, home: Path, form: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = ran(*LMSTRACK, "case", "list", "--format", form, stdout=writing, text=True)
    os.close(writing)
    assert (done.returncode, "Traceback" in done.stderr, "Errno" in done.stderr) == (0, False, False)


def test_our_own_fault_shows_an_id_and_keeps_no_value(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise ValueError("Canary Smith, born 1961")

    monkeypatch.setattr(running, "_run", broken)
    answer = run("overdue", "--format", "json")
    assert answer.code == 1
    assert "Canary" not in answer.err + answer.out
    assert answer.error()["code"] == 1
    log = home / "home" / "faults.log"
    kept = log.read_text(encoding="utf-8")
    assert kept.split()[0] in answer.err
    assert "builtins.ValueError" in kept
    assert "in broken" in kept
    assert "Canary" not in kept
    assert log.stat().st_mode & 0o777 == 0o600


def test_an_error_is_told_as_json_too_where_json_was_asked_for(run: Run, case: str) -> None:
    answer = run("record", case, "biopsy", "method=core", "--format", "json")
    error = answer.error()
    assert set(error) == {"code", "message", "hint", "findings"}
    assert (error["code"], answer.code) == (3, 3)
    assert {"rule", "answer", "needs", "found", "source", "fix"} <= set(error["findings"][0])
    assert answer.err.startswith("Today is set")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_a_console_without_the_signs_is_still_answered(run: Run, home: Path, encoding: str) -> None:
    run("case", "add", "--name", "Žofie 名前", "--born", "1961")
    for form in ("table", "json", "tsv"):
        done = ran(*LMSTRACK, "case", "list", "--format", form, env=environment(PYTHONIOENCODING=encoding))
        told = done.stdout.decode(encoding)
        assert "LMS-0001-3" in told
        if form == "json":
            assert json.loads(told)["rows"][0]["name"] == "Žofie 名前"


def test_signs_are_replaced_by_plainer_ones_only_where_they_must(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown("a → b · c", "utf-8") == "a → b · c"
    assert shown("a → b · c…", "ascii") == "a -> b - c..."
    assert escaped('{"a": "é"}') == '{"a": "é"}'


def test_without_a_terminal_there_is_no_colour_and_with_always_there_is(run: Run, followed: str) -> None:
    assert "\x1b[" not in run("overdue", "--format", "table").out
    assert "\x1b[31moverdue" in run("--color", "always", "overdue", "--format", "table", "--no-names").out


def test_today_set_by_hand_is_shown_on_the_side(run: Run, case: str) -> None:
    answer = run("show", case, "--today", "2026-12-01")
    assert "Today is set to Tue 1 Dec 2026 (command line)" in answer.err
    assert "Today is set" not in answer.out


def test_a_day_that_cannot_be_read_as_today_is_invalid(run: Run, case: str) -> None:
    assert run("show", case, "--today", "soon").code == 4


def test_a_configuration_file_settles_what_is_not_said(
    run: Run, case: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "config" / "lmstrack" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('by = "ward"\n[dates]\norder = "dmy"\n', encoding="utf-8")
    monkeypatch.delenv("LMSTRACK_BY")
    assert run("record", case, "referral", "--on", "03/04/2026", "--format", "json").json()["on"] == "2026-04-03"
    rows = {row["setting"]: row for row in run("config", "show", "--format", "json").json()["rows"]}
    assert (rows["by"]["value"], rows["by"]["from"]) == ("ward", f"file {file}")
    assert rows["dates.order"]["value"] == "dmy"
    file.write_text("nonsense = 1\n", encoding="utf-8")
    assert run("config", "show").code == 4
    file.write_text("= 1\n", encoding="utf-8")
    assert run("config", "show").code == 4


def test_each_setting_says_where_it_comes_from(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {
        row["setting"]: row["from"] for row in run("config", "show", "--by", "me", "--format", "json").json()["rows"]
    }
    assert rows["by"] == "command line"
    assert rows["today"] == "environment, LMSTRACK_TODAY"
    assert rows["color"] == "default"
    shown_db = {
        row["setting"]: row["value"]
        for row in run("config", "show", "--db", "postgresql://u:secret@h/d", "--format", "json").json()["rows"]
    }
    assert shown_db["db"] == "postgresql://u:***@h/d"


def test_completion_offers_commands_options_ids_kinds_and_fields_but_no_names(run: Run, case: str) -> None:
    assert run("__complete", "ov").out == "overdue\n"
    assert run("__complete", "case", "").out.split() == [
        "add",
        "find",
        "list",
        "edit",
        "assign",
        "duplicates",
        "merge",
        "unmerge",
    ]
    assert run("__complete", "record", "").out == f"{case}\n"
    assert run("__complete", "record", case, "ima").out == "imaging\n"
    assert "modality=" in run("__complete", "record", case, "imaging", "").out
    assert "--despite" in run("__complete", "record", case, "--").out
    assert run("__complete", "overdue", "--format", "j").out == "json\n"
    assert "Ann" not in run("__complete", "show", "").out
    assert run("__complete", "nonsense", "").out.strip() == ""


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_completion_script_of_a_shell_is_printed(run: Run, name: str) -> None:
    assert "lmstrack __complete" in run("completion", name).out


def test_the_script_of_bash_is_understood_by_bash(run: Run, home: Path) -> None:
    script = home / "completion.bash"
    script.write_text(run("completion", "bash").out, encoding="utf-8")
    subprocess.run(["/bin/bash", "-n", str(script)], check=True)  # noqa: S603  # what was just printed


def test_an_unknown_shell_is_a_usage_fault(run: Run) -> None:
    assert run("completion", "tcsh").code == 2


def test_a_missing_database_is_told_with_what_to_do(run: Run) -> None:
    answer = run("overdue")
    assert answer.code == 9
    assert "lmstrack init" in answer.err


def test_who_asks_for_a_patient_by_name_is_not_echoed(run: Run, case: str) -> None:
    answer = run("show", "Canary Smith")
    assert answer.code == 7
    assert "Canary" not in answer.err
