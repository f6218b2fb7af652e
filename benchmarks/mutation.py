"""How many small faults in the clinical core the tests notice: every mutant of staging, schedule and checks.

python -m benchmarks.mutation [--part staging|schedule|checks] [--only NAMES] [--children 2]

Works on a copy of the repository. Prints the share of mutants that a test kills, and every survivor with its change;
why one may live stands in ``benchmarks/survivors.toml``, by the function that it is in.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.measuring import shown

ROOT: Final = Path(__file__).parent.parent
#: What is mutated, and the tests that are asked about it; a test that cannot reach a mutant is not run for it.
PARTS: Final = {
    "staging": (("lmstrack/staging/*.py",), ("tests/staging", "tests/test_stories.py", "tests/checks")),
    "schedule": (
        ("lmstrack/schedule.py", "lmstrack/windows.py", "lmstrack/serving.py", "lmstrack/unspoken.py"),
        ("tests/test_stories.py", "tests/test_nominal.py", "tests/test_settled.py"),
    ),
    "checks": (("lmstrack/checks/*.py",), ("tests/checks", "tests/test_stories.py", "tests/test_workflow_faults.py")),
}
#: What happens to a mutant that a test notices; one that never ends is noticed as well.
_NOTICED: Final = ("killed", "timeout", "segfault")
_BAR: Final = 0.9
#: Random cases by the hundred find no more here than the examples do, and take a thousand times as long.
_SLOW: Final = ("tests/checks/test_every_check.py", "tests/checks/test_asking.py")
_RESULT: Final = re.compile(r"^\s*(?P<mutant>\S+?)(?P<function>\.x\S*?)__mutmut_(?P<number>\d+): (?P<fate>.+)$")
_COPIED: Final = ("lmstrack", "tests", "workflows", "docs", "benchmarks", "pyproject.toml", "README.md", "CHANGELOG.md")


def run(part: str, only: str | None, children: int) -> bool:
    """Mutate one part, print what became of its mutants, and say whether the bar is met."""
    mutated, tests = PARTS[part]
    with TemporaryDirectory() as made:
        copy = Path(made) / "copy"
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            else:
                copy.mkdir(exist_ok=True)
                shutil.copy(source, copy / name)
        with (copy / "pyproject.toml").open("a", encoding="utf-8") as settings:
            settings.write(_settings(mutated, tests))
        mutmut = (sys.executable, "-m", "mutmut")
        wanted = (only,) if only else ()
        tried = _output((*mutmut, "run", "--max-children", str(children), *wanted), copy)
        told = _output((*mutmut, "results", "--all", "true"), copy)
        fates = [match for line in told.splitlines() if (match := _RESULT.match(line))]
        fates = [match for match in fates if match["fate"] != "not checked"]
        if not fates:
            sys.stderr.write(tried[-4000:])
            raise SystemExit(1)
        return _print(part, fates, copy, mutmut)


def _output(command: tuple[str, ...], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _settings(mutated: tuple[str, ...], tests: tuple[str, ...]) -> str:
    def listed(names: tuple[str, ...]) -> str:
        return "[" + ", ".join(f'"{name}"' for name in names) + "]"

    return (
        "\n[tool.mutmut]\n"
        'source_paths = ["lmstrack"]\n'
        f"only_mutate = {listed(mutated)}\n"
        'also_copy = ["workflows", "tests", "docs", "benchmarks"]\n'
        f"pytest_add_cli_args = {listed(('-p', 'no:xdist', '-x', '-q', *(f'--ignore={each}' for each in _SLOW)))}\n"
        f"pytest_add_cli_args_test_selection = {listed(tests)}\n"
    )


def _print(part: str, fates: list[re.Match[str]], copy: Path, mutmut: tuple[str, ...]) -> bool:
    counts = Counter(match["fate"] for match in fates)
    killed = sum(counts[fate] for fate in _NOTICED)
    counted = ", ".join(f"{count} {fate}" for fate, count in counts.most_common())
    reasons = tomllib.loads((ROOT / "benchmarks" / "survivors.toml").read_text(encoding="utf-8"))
    for match in fates:
        if match["fate"] in _NOTICED:
            continue
        name = f"{match['mutant']}{match['function']}__mutmut_{match['number']}"
        function = f"{match['mutant']}{match['function'].replace('.x_', '.', 1)}".removeprefix("lmstrack.")
        lines = _output((*mutmut, "show", name), copy).splitlines()
        change = " ".join(line.strip() for line in lines if re.match(r"[-+](?![-+])", line))
        why = reasons.get(function, {}).get("because", "not explained")
        sys.stdout.write(f"  {match['fate']}: {function}: {change[:300]}\n      {why}\n")
    share = killed / len(fates)
    met = share >= _BAR
    shown(f"{part}: mutants that a test kills", f"{share:.3f}x of {len(fates)}  ({counted})")
    shown(f"{part}: bar at least {_BAR:g}x", f"{share:.3f}x: {'met' if met else 'NOT MET'}")
    return met


def main() -> None:
    """Mutate the parts asked for, all of them where none is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=tuple(PARTS), action="append")
    parser.add_argument("--only", help="only the mutants of this name, such as lmstrack.staging.bands*")
    parser.add_argument("--children", type=int, default=2, help="how many mutants are tried at a time")
    asked = parser.parse_args()
    if importlib.util.find_spec("mutmut") is None:
        shown("mutants that a test kills", "not measured: mutmut is not installed")
        return
    met = [run(part, asked.only, asked.children) for part in asked.part or PARTS]
    raise SystemExit(0 if all(met) else 1)


if __name__ == "__main__":
    main()
