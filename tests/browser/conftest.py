"""A real browser for the pages: the Chromium of the system, and axe-core where npm has put it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def missing(what: str, how: str) -> NoReturn:
    """Skip, saying why; where a browser is required, fail."""
    said = f"{what} was not found; {how}"
    if os.environ.get("LMSTRACK_BROWSER") == "required":
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each opens pages of its own."""
    found = os.environ.get("LMSTRACK_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing("Chromium", "install it, or name it in LMSTRACK_CHROMIUM")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, a script that a page is given from outside."""
    named = os.environ.get("LMSTRACK_AXE")
    file = Path(named) if named else ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not file.is_file():
        missing("axe-core", "npm install axe-core, or name its axe.min.js in LMSTRACK_AXE")
    return file.read_text(encoding="utf-8")
