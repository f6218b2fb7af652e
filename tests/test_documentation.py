"""What the README and the pages show is what happens: their commands are typed and their scripts run, in order."""

from __future__ import annotations

import os
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
        done = subprocess.run(
            ["bash", "-c", f"(exit {self.code}); {command}"],  # noqa: S603, S607  the pages are ours
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        self.code = done.returncode
        return done.stdout


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
    """Whether a page shows what was printed; ``…`` on a line of its own stands for any lines, within one for any text."""
    pattern = "\n".join(r"(?:.*\n?)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*") for line in shown)
    return re.fullmatch(pattern.strip("\n"), "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path) -> None:
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
        "LMSTRACK_SOURCE": str(ROOT),
    }
    terminal = Terminal(tmp_path, environment)
    shared = ROOT.parent / "shared" / "data"
    for block in FENCE.finditer(page.read_text(encoding="utf-8")):
        if block["kind"] == "python":
            script = tmp_path / "script.py"
            script.write_text(block["body"], encoding="utf-8")
            printed = terminal.type(f"{shlex.quote(sys.executable)} -W error script.py")
            assert terminal.code == 0, printed
            expected = re.findall(r"^print\(.*\)  # (.*)$", block["body"], re.MULTILINE)
            if expected:
                assert printed.splitlines() == expected
            continue
        for command, shown in commands(block["body"]):
            if "clinical_patient_2014" in command and not shared.exists():
                pytest.skip("the public file of real patients is not beside the repository")
            if "venv" in command:
                continue  # the two commands of the first page are run by continuous integration
            printed = terminal.type(command)
            if shown:
                assert agrees(shown, printed), f"$ {command}\n{printed}"
