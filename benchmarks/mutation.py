"""How many small faults in the clinical core the tests notice: every mutant of staging, schedule and checks.

python -m benchmarks.mutation [--part staging|schedule|checks] [--only NAMES] [--children 2]

Works on a copy of the repository. Prints the share of mutants that a test kills, and every survivor with its change;
why one may live stands in ``benchmarks/survivors.toml``, by the function that it is in.

The tests of a part are those that are near and quick, so that all mutants are tried within the hour on one core:
``staging`` and ``schedule`` took seven minutes of the processor, ``checks`` fifteen. What ``checks`` say stands in
tests/checks, most of it in tests/checks/said, and no story is asked for it.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import os
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
    "staging": (("lmstrack/staging/*.py",), ("tests/staging", "tests/checks")),
    "schedule": (
        ("lmstrack/schedule.py", "lmstrack/windows.py", "lmstrack/serving.py", "lmstrack/unspoken.py"),
        (
            *("tests/test_schedule.py", "tests/test_serving.py", "tests/test_windows.py", "tests/test_unspoken.py"),
            *("tests/test_stories.py", "tests/test_nominal.py", "tests/test_settled.py"),
        ),
    ),
    "checks": (("lmstrack/checks/*.py",), ("tests/checks",)),
}
#: What happens to a mutant that a test notices; one that never ends is noticed as well.
_NOTICED: Final = ("killed", "timeout", "segfault")
_BAR: Final = 0.9
#: Random cases by the hundred find no more here than the examples do, and take a thousand times as long.
_SLOW: Final = (
    "tests/checks/test_every_check.py::test_whatever_is_on_record_it_answers",
    "tests/checks/test_asking.py::test_a_check_answers_not_asked_wherever_it_says_that_it_is_not_concerned",
    "tests/checks/test_asking.py::test_a_case_is_judged_as_if_every_rule_had_been_asked",
    "tests/test_settled.py::test_every_move_of_the_workflow_is_made_in_some_story",
    "tests/test_unspoken.py::test_a_word_that_changes_nothing_changes_no_obligation",
)
#: pytest starts once for every mutant: what it does beside asking the tests would take longer than they do.
_PLAINLY: Final = (
    *("-x", "-q", "--assert=plain", "-o", "addopts=--import-mode=importlib"),
    *("-p", "no:doctest", "-p", "no:unraisableexception", "-p", "no:threadexception", "-p", "no:cacheprovider"),
    *(f"--deselect={each}" for each in _SLOW),
)
_RESULT: Final = re.compile(r"^\s*(?P<mutant>\S+?)(?P<function>\.x\S*?)__mutmut_(?P<number>\d+): (?P<fate>.+)$")
#: What a function keeps of an earlier call would hide from a test that a mutant of it, or of what it calls, is at work.
_KEEPS: Final = ("cache", "lru_cache")
#: How the tool writes that what follows is the name of a function, or of a class and its method.
_METHOD: Final = re.compile(r"\.xǁ|\.x_|ǁ")
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
        for pattern in mutated:
            for file in copy.glob(pattern):
                file.write_text(undecorated(file.read_text(encoding="utf-8")), encoding="utf-8")
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


def undecorated(source: str) -> str:
    r"""The same module with each decorator of a function as a call after it, and without those that keep answers.

    The tool leaves what is decorated as it is, which would be every check.

    >>> print(undecorated("@check(of={Mdt})\ndef met(case):\n    return MET\n"))
    <BLANKLINE>
    def met(case):
        return MET
    met = check(of={Mdt})(met)
    <BLANKLINE>
    """
    lines = source.splitlines()
    for kept in ast.walk(ast.parse(source)):
        named = isinstance(kept, ast.Call) and [type(each) for each in kept.args] == [ast.Name]
        if isinstance(kept, ast.Call) and named and _name_of(kept.func) in _KEEPS:
            line = lines[kept.lineno - 1]
            lines[kept.lineno - 1] = line[: kept.col_offset] + ast.unparse(kept.args[0]) + line[kept.end_col_offset :]
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef) or "overload" in map(_name_of, function.decorator_list):
            continue
        for decorator in function.decorator_list:
            said = ast.unparse(decorator)
            for place in range(decorator.lineno - 1, decorator.end_lineno or 0):
                lines[place] = ""
            if _name_of(decorator) not in _KEEPS:
                indent = " " * function.col_offset
                lines[(function.end_lineno or 0) - 1] += f"\n{indent}{function.name} = {said}({function.name})"
    return "\n".join(lines) + "\n"


def _name_of(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return called.id if isinstance(called, ast.Name) else ""


def _output(command: tuple[str, ...], folder: Path) -> str:
    plain = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _settings(mutated: tuple[str, ...], tests: tuple[str, ...]) -> str:
    def listed(names: tuple[str, ...]) -> str:
        return "[" + ", ".join(f'"{name}"' for name in names) + "]"

    return (
        "\n[tool.mutmut]\n"
        'source_paths = ["lmstrack"]\n'
        f"only_mutate = {listed(mutated)}\n"
        'also_copy = ["workflows", "tests", "docs", "benchmarks"]\n'
        f"pytest_add_cli_args = {listed(_PLAINLY)}\n"
        f"pytest_add_cli_args_test_selection = {listed(tests)}\n"
    )


def _print(part: str, fates: list[re.Match[str]], copy: Path, mutmut: tuple[str, ...]) -> bool:
    counts = Counter(match["fate"] for match in fates)
    killed = sum(counts[fate] for fate in _NOTICED)
    counted = ", ".join(f"{count} {fate}" for fate, count in counts.most_common())
    reasons = tomllib.loads((ROOT / "benchmarks" / "survivors.toml").read_text(encoding="utf-8"))
    unexplained = 0
    for match in fates:
        if match["fate"] in _NOTICED:
            continue
        name = f"{match['mutant']}{match['function']}__mutmut_{match['number']}"
        function = f"{match['mutant']}{_METHOD.sub('.', match['function'])}".removeprefix("lmstrack.")
        lines = _output((*mutmut, "show", name), copy).splitlines()
        change = " ".join(line.strip() for line in lines if re.match(r"[-+](?![-+])", line))
        why = reasons.get(function, {}).get("because")
        unexplained += why is None
        sys.stdout.write(f"  {match['fate']}: {function}: {change[:300]}\n      {why or 'not explained'}\n")
    share = killed / len(fates)
    met = share >= _BAR
    shown(f"{part}: mutants that a test kills", f"{share:.3f}x of {len(fates)}  ({counted})")
    shown(f"{part}: survivors that nobody has explained", f"{unexplained} of {len(fates) - killed}")
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
