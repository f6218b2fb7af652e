"""What mutants are made of, and that every function whose survivors are explained is still there."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from benchmarks.mutation import PARTS, ROOT, undecorated

EXPLAINED = tomllib.loads((ROOT / "benchmarks" / "survivors.toml").read_text(encoding="utf-8"))

DECORATED = """\
@overload
def check(one): ...
@cache  # asked often
@check(
    of={Mdt},
)
def met(case):
    return MET
kept: Final = lru_cache(maxsize=8)(met)  # most ask the same
class Course:
    @property
    def total(self):
        return 1

    def plain(self):
        return 2
"""


def test_a_decorator_is_a_call_after_its_function_and_what_keeps_answers_is_gone() -> None:
    assert [line for line in undecorated(DECORATED).splitlines() if line] == [
        "@overload",
        "def check(one): ...",
        "def met(case):",
        "    return MET",
        "met = check(of={Mdt})(met)",
        "kept: Final = met  # most ask the same",
        "class Course:",
        "    def total(self):",
        "        return 1",
        "    total = property(total)",
        "    def plain(self):",
        "        return 2",
    ]


def test_every_module_that_is_mutated_is_still_python_without_its_decorators() -> None:
    files = [file for patterns, _ in PARTS.values() for pattern in patterns for file in ROOT.glob(pattern)]
    assert len(files) > 30
    for file in files:
        compile(undecorated(file.read_text(encoding="utf-8")), str(file), "exec")


@pytest.mark.parametrize("name", sorted(EXPLAINED))
def test_a_function_whose_survivors_are_explained_is_there(name: str) -> None:
    assert EXPLAINED[name]["because"].strip().endswith(".")
    places = [".".join(name.split(".")[:length]) for length in range(1, 4)]
    [module] = [place for place in places if _file(place).is_file()]
    assert name.removeprefix(f"{module}.") in _functions(_file(module))


def _file(module: str) -> Path:
    return ROOT / "lmstrack" / f"{module.replace('.', '/')}.py"


def _functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    methods = {
        f"{each.name}.{method.name}"
        for each in tree.body
        if isinstance(each, ast.ClassDef)
        for method in each.body
        if isinstance(method, ast.FunctionDef)
    }
    return methods | {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
