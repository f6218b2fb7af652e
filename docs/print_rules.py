"""Write a page for every statement into docs/rules, and their list; a test holds that they are current.

python docs/print_rules.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lmstrack import Workflow, load_workflow
from lmstrack.coverage import Covered, coverage, stories_by_statement
from lmstrack.reports.statements import page_of
from lmstrack.workflow import released, story_texts

FOLDER = Path(__file__).parent / "rules"


def printed(workflow: Workflow) -> dict[str, str]:
    """The text of every page by the name of its file."""
    rows = coverage(workflow, stories_by_statement(story_texts(), workflow))
    stood_for = {row.number: row for row in rows if row.number is not None and row.number == row.statement}
    pages = {f"{name}.md": "\n".join(_page(workflow, row)) + "\n" for name, row in stood_for.items()}
    return {"README.md": "\n".join(_list(workflow, rows)) + "\n", **pages}


def _list(workflow: Workflow, rows: tuple[Covered, ...]) -> Iterator[str]:
    yield f"# Every statement of the sources, in {workflow.name}"
    yield ""
    yield "Printed from the workflow and the stories by `python docs/print_rules.py`; `lmstrack rules coverage` prints"
    yield "the same, and `lmstrack rules show` one page of it."
    yield ""
    yield "| statement | became | asked or shown | stories |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        linked = f"[{row.statement}]({row.number}.md)" if row.number else row.statement
        yield f"| {linked} | {row.became} | {', '.join(row.where)} | {len(row.stories)} |"


def _page(workflow: Workflow, row: Covered) -> Iterator[str]:
    items = list(page_of(workflow, row))
    told = [value for item, value in items if item == "story"]
    yield f"# {row.number}"
    yield ""
    yield next(value for item, value in items if item == "says")
    yield ""
    for item, value in items:
        if item not in {"rule", "says", "story"}:
            yield f"- {item}: {value}"
    if told:
        yield ""
        yield "## Stories that show it"
        yield ""
        yield from (f"- {each}" for each in told)


def write() -> None:
    """Write the pages, and take away those of statements that are gone."""
    FOLDER.mkdir(exist_ok=True)
    pages = printed(load_workflow(released()[-1]))
    for stale in FOLDER.glob("*.md"):
        if stale.name not in pages:
            stale.unlink()
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
