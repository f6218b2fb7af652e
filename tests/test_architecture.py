"""Who may import whom: the pure core knows no database, and each third-party library has one importer."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "lmstrack"

#: The one place that each third-party library is imported from; pydantic is the exception, where data comes in.
IMPORTER = {
    "alembic": "store",
    "click": "cli",
    "pandas": "frames",
    "pendulum": "dates",
    "polars": "frames",
    "psycopg": "store",
    "openpyxl": "exchange",
    "rich": "cli",
    "ruamel": "workflow",
    "sqlalchemy": "store",
    "sqlite3": "store",
    "sqlmodel": "store",
    "transitions": "pathway",
    "typer": "cli",
    "xlsxwriter": "reports",
}
PYDANTIC = {"records", "workflow", "checks", "exchange", "store"}

#: From the doors down to the ground: a part may import what stands below it, never above, and its equals not at all.
LAYERS = (
    ("cli",),
    ("demo",),
    ("reports",),
    ("exchange",),
    ("tracker",),
    ("workday", "adopting"),
    ("loading", "caseload", "overview", "entering", "standings", "duplicates"),
    ("merging", "replaying"),
    ("families",),
    ("store", "explaining", "recording", "differences", "sharing"),
    ("versions", "lists", "worklist"),
    ("needs",),
    ("listing", "proofs", "effects"),
    ("calculators", "case", "nominal"),
    ("questions", "replay"),
    ("expected",),
    ("spells",),
    ("episodes", "openers", "schedule"),
    ("unspoken",),
    ("following", "windows"),
    ("coverage",),
    ("workflow",),
    ("checks", "strands"),
    ("staging",),
    ("pathway", "serving", "plausible", "oddities", "moving", "obligations"),
    ("facts",),
    ("known",),
    ("plans", "statements"),
    ("rules",),
    ("joined",),
    ("events",),
    ("records",),
    ("places",),
    ("dates", "case_ids", "processes"),
    ("frames",),
    ("errors", "effort"),
)
HEIGHT = {part: -height for height, parts in enumerate(LAYERS) for part in parts}
FREE = {"__init__", "__main__"}


def modules() -> list[Path]:
    return sorted(file for file in PACKAGE.rglob("*.py") if "migrations" not in file.parts)


def part_of(file: Path) -> str:
    inside = file.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imported(file: Path) -> Iterator[tuple[str, bool]]:
    """The modules that a file imports, and whether only for the type checker."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for_types = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.dump(branch.test)
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield node.module, id(node) in for_types


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_each_third_party_library_is_imported_in_one_place(file: Path) -> None:
    for name, for_types in imported(file):
        library = name.partition(".")[0]
        if library in IMPORTER and not for_types:
            assert part_of(file) == IMPORTER[library], f"{library} belongs to {IMPORTER[library]}"
        elif library in {"pydantic", "pydantic_core"}:
            assert part_of(file) in PYDANTIC
        else:
            assert library in {"lmstrack", "__future__"} or library in sys.stdlib_module_names or for_types


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_nothing_points_back(file: Path) -> None:
    part = part_of(file)
    if part in FREE:
        return
    for name, for_types in imported(file):
        package, _, rest = name.partition(".")
        if package != "lmstrack" or for_types:
            continue
        other = rest.partition(".")[0]
        if other and other != part:
            assert other in HEIGHT, f"{other} has no layer"
            assert HEIGHT[other] < HEIGHT[part], f"{part} stands below {other} and may not import it"


PURE = [
    file
    for file in modules()
    if HEIGHT.get(part_of(file), 0) < HEIGHT["tracker"]
    and part_of(file) not in {"store", "loading", "workflow", "processes"}
]


@pytest.mark.parametrize("file", PURE, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_the_pure_core_knows_no_clock_no_file_and_no_environment(file: Path) -> None:
    if part_of(file) in FREE:
        return
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    forbidden = {"open", "date.today", "datetime.now", "datetime.utcnow", "time.time", "os.getenv", "print", "input"}
    assert not called & forbidden
    assert not {
        name for name, for_types in imported(file) if name in {"os", "pathlib", "time", "random"} and not for_types
    }


def test_no_module_is_much_longer_than_one_idea() -> None:
    lengths = {str(file.relative_to(PACKAGE)): len(file.read_text(encoding="utf-8").splitlines()) for file in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST.get(name, 300)} == {}


#: Longer than the rest because they are one table or one door.
LONGEST: dict[str, int] = {"tracker.py": 550}
