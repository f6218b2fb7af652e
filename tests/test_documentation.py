"""What the README and the pages show is what happens: their commands are typed and their scripts run, in order."""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(?P<kind>console|python)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Terminal:
    """A shell that keeps its folder, its exported variables and the last exit code."""

    folder: Path
    environment: dict[str, str]
    code: int = 0

    def type(self, command: str) -> str:
        exported = re.fullmatch(r"export (\w+)=(.*)", command)
        if exported:
            self.environment[exported[1]] = shlex.split(exported[2])[0]
            return ""
        ours, theirs = pty.openpty()  # as at a ward computer: a terminal of eighty columns, without colour
        done = subprocess.Popen(  # noqa: S603  the pages are ours
            ["bash", "-c", f"(exit {self.code}); {command}"],  # noqa: S607  and bash is found on the path
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        printed = b"".join(iter(lambda: _read(ours), b""))
        os.close(ours)
        self.code = done.wait(timeout=120)
        # What tells how far something is, where the machine is busy, is written over by what follows.
        return re.sub(r"(?m)^.*\r(?=.)", "", printed.decode("utf-8").replace("\r\n", "\n"))


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # what Linux says once the other end of a terminal is closed
        return b""


def commands(body: str) -> list[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines that it prints."""
    typed: list[tuple[str, list[str]]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            typed.append((line[2:], []))
        elif typed and typed[-1][0].endswith("\\"):
            typed[-1] = (typed[-1][0][:-1] + line.strip(), [])
        elif typed:
            typed[-1][1].append(line)
    return typed


def agrees(shown: list[str], printed: str) -> bool:
    """Whether a page shows what was printed; a line ``…`` stands for any lines, within one for any text."""
    return _agrees(shown, [line.rstrip() for line in printed.strip("\n").splitlines()])


def _agrees(shown: list[str], printed: list[str]) -> bool:
    if not shown:
        return not printed
    if shown[0].strip() == "…":
        return any(_agrees(shown[1:], printed[skipped:]) for skipped in range(len(printed) + 1))
    if not printed:
        return False
    for taken in range(1, len(printed) + 1):
        # A sentence that the terminal breaks, its further lines further in, may stand on one line of a page.
        if _alike(shown[0].rstrip(), printed[:taken]) and _agrees(shown[1:], printed[taken:]):
            return True
        if taken == len(printed) or not printed[taken].startswith("  "):
            return False
    return False


def _alike(line: str, printed: list[str]) -> bool:
    said = printed[0]
    if len(printed) > 1:
        line, said = (" ".join(" ".join(part).split()) for part in ([line], printed))
    return re.fullmatch(re.escape(line).replace("…", ".*"), said) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path) -> None:
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "TERM": "xterm",
        "LMSTRACK_SOURCE": str(ROOT),
        "DATA": str(ROOT.parent / "shared" / "data" / "tcga_sarc_lms"),
    }
    terminal = Terminal(tmp_path, environment)
    shared = ROOT.parent / "shared" / "data"
    for block in FENCE.finditer(page.read_text(encoding="utf-8")):
        if block["kind"] == "python":
            script = tmp_path / "script.py"
            script.write_text(block["body"], encoding="utf-8")
            printed = terminal.type(f"{shlex.quote(sys.executable)} -W error script.py")
            assert terminal.code == 0, printed
            expected = re.findall(r"^\s*print\(.*\)  # (.*)$", block["body"], re.MULTILINE)
            if expected:
                assert printed.splitlines() == expected
            continue
        typed = commands(block["body"])
        for (command, shown), following in zip(typed, [*typed[1:], ("", [])], strict=True):
            if "clinical_patient_2014" in command and not shared.exists():
                pytest.skip("the public file of real patients is not beside the repository")
            if "venv" in command:
                continue  # the two commands of the first page are run by continuous integration
            printed = terminal.type(command)
            if following[0] != "echo $?":
                assert terminal.code == 0, f"$ {command}\n{printed}"
            if shown:
                assert agrees(shown, printed), f"$ {command}\n{printed}"
