"""The page that is printed from the workflow says what the workflow says now."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from lmstrack.workflow import load_workflow, released

DOCS = Path(__file__).parent.parent / "docs"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_the_pathway_is_what_the_workflow_says() -> None:
    printed = script("print_pathway").printed(load_workflow(released()[-1]))
    assert (DOCS / "pathway.md").read_text(encoding="utf-8") == printed, "python docs/print_pathway.py"


def test_the_page_of_the_pathway_names_every_rule_gap_and_source() -> None:
    workflow = load_workflow(released()[-1])
    page = (DOCS / "pathway.md").read_text(encoding="utf-8")
    assert all(f"### {rule}\n" in page for rule in workflow.rules)
    assert all(f"| {gap.id} |" in page for gap in workflow.gaps)
    assert all(f"| {source} |" in page for source in workflow.sources)


def test_there_is_a_current_page_for_every_statement() -> None:
    pages = script("print_rules").printed(load_workflow(released()[-1]))
    kept = {file.name: file.read_text(encoding="utf-8") for file in (DOCS / "rules").glob("*.md")}
    assert kept.keys() == pages.keys(), "python docs/print_rules.py"
    assert kept == pages, "python docs/print_rules.py"
