from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from types import ModuleType

    from .conftest import Run

DOCS = Path(__file__).parents[2] / "docs"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def schema(name: str) -> Any:
    return json.loads((DOCS / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))


def held(name: str, answer: Any) -> None:
    jsonschema.Draft202012Validator(schema(name), format_checker=jsonschema.FormatChecker()).validate(answer)


def test_the_page_of_the_command_line_is_what_help_says(home: Path) -> None:
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == script("print_pages").printed(), (
        "python docs/print_pages.py"
    )


SCHEMAS = sorted(script("print_schemas").SCHEMAS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_is_current_and_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    printed = script("print_schemas").printed(name)
    assert (DOCS / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8") == printed, (
        "python docs/print_schemas.py"
    )


def test_every_answer_about_a_case_keeps_to_its_schema(run: Run, followed: str) -> None:
    for form in ((), ("--no-names",)):
        held("overdue", run("overdue", "--format", "json", *form).json())
        held("obligations", run("export", "obligations", "--format", "json", *form).json())
        held("worklist", run("worklist", "--format", "json", *form).json())
        held("cases", run("case", "list", "--format", "json", *form).json())
    held("cases", run("case", "find", "Ann", "--format", "json").json())
    held("show", run("show", followed, "--format", "json").json())
    held("show", run("show", followed, "--format", "json", "--no-names").json())
    held("show", run("show", followed, "--format", "json", "--known-at", "2020-01-01").json())
    held("timeline", run("timeline", followed, "--format", "json").json())
    held("next", run("next", followed, "--format", "json").json())
    for topic in ((), ("surgery",), ("clinic_review",), ("LMS-DX-01",)):
        held("why", run("why", followed, *topic, "--format", "json").json())
    held("recorded", run("record", followed, "visit", "components=history", "--format", "json").json())
    held("recorded", run("undo", followed, "--format", "json").json())
    held("recorded", run("contact", followed, "no_answer", "--next-on", "fri", "--format", "json").json())
    held("worklist", run("worklist", "--format", "json", "--no-questions").json())


def test_every_other_answer_keeps_to_its_schema(run: Run, home: Path) -> None:
    held("init", run("init", "--format", "json").json())
    held("overdue", run("overdue", "--format", "json").json())
    held("case", run("case", "add", "--name", "Ann", "--format", "json").json())
    held("error", json.loads(run("show", "LMS-0099-9", "--format", "json").err.splitlines()[-1]))
    held("error", json.loads(run("record", "LMS-0001-3", "biopsy", "--format", "json").err.splitlines()[-1]))
    held("schedule", run("calc", "schedule", "anchor=2026-01-31", "--format", "json").json())
    for facts in ((), ("site_group=trunk", "t=2", "n=1", "m=0"), ("site_group=uterus", "prefix=p")):
        held("stage", run("calc", "stage", *facts, "--format", "json").json())
    for facts in ((), ("distant=yes",), ("nodes_assessed=no", "size_mm=60")):
        held("figo", run("calc", "figo", *facts, "--format", "json").json())
    for facts in (("mitoses_count=3",), ("differentiation=2", "mitoses_count=10", "necrosis_pct=0")):
        held("grade", run("calc", "grade", *facts, "--format", "json").json())
    held("rules", run("rules", "list", "--format", "json").json())
    held("rules", run("rules", "show", "LMS-DX-01", "--format", "json").json())
    held("gaps", run("rules", "gaps", "--format", "json").json())
    held("workflows", run("workflow", "list", "--format", "json").json())
    held("workflow_parts", run("workflow", "show", "--format", "json").json())
    held("check", run("workflow", "check", "--format", "json").json())
    held("doctor", run("doctor", "--format", "json").json())
    held("audit", run("audit", "verify", "--format", "json").json())
    held("audit", run("audit", "head", "--format", "json").json())
    held("config", run("config", "show", "--format", "json").json())
    held("demo", run("demo", str(home / "demo"), "--format", "json").json())
    file = home / "one.ndjson"
    file.write_text('{"case": "E-1", "kind": "visit"}\n', encoding="utf-8")
    held("import", run("import", str(file), "--source", "e", "--format", "json").json())
    held("backup", run("backup", str(home / "copy.db"), "--format", "json").json())
    held("restore", run("restore", str(home / "copy.db"), "--confirm", "ward.db", "--format", "json").json())
