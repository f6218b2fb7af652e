"""Where the released workflow files are: in the wheel inside the package, in a working copy beside it."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

from lmstrack.errors import NotFound

PACKAGE = Path(__file__).resolve().parent.parent
SUFFIX = ".yaml"
_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")


def folder(package: Path = PACKAGE) -> Path:
    """The folder with the released files, for an installed *package* or one that is worked on in place."""
    installed = package / "_workflows"
    return installed if installed.is_dir() else package.parent / "workflows"


def story_texts(package: Path = PACKAGE) -> dict[str, str]:
    """The stories that show the rules, as the tests tell them: the text of each file by its name."""
    installed = package / "_stories"
    stories = installed if installed.is_dir() else package.parent / "tests" / "stories"
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(stories.glob(f"*{SUFFIX}"))}


def released(package: Path = PACKAGE) -> tuple[str, ...]:
    """The names of the released workflows, such as "leiomyosarcoma-2026.1", the newest last."""
    names = [file.name.removesuffix(SUFFIX) for file in folder(package).glob(f"*{SUFFIX}")]
    return tuple(sorted((name for name in names if _NAME.fullmatch(name)), key=in_order))


def workflow_file(name: str, package: Path = PACKAGE) -> Path:
    """The file of a released workflow; raise NotFound, with near names, where there is none."""
    known = released(package)
    if name in known:
        return folder(package) / f"{name}{SUFFIX}"
    near = get_close_matches(name.casefold(), known, n=3, cutoff=0.5)
    remedy = f"Released are: {', '.join(known)}." if known else "None is released here."
    raise NotFound(f"Find workflow '{name[:80]}'", "no released workflow has that name.", remedy, near)


def in_order(name: str) -> list[tuple[int, str]]:
    """What names of workflows are sorted by, so that 2026.10 comes after 2026.9."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[-.]", name)]
