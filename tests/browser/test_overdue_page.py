"""The overdue page as people meet it: in a real browser, by keyboard, at night, on a telephone and on paper."""

from __future__ import annotations

import io
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from lmstrack.reports import Report, rendered
from tests.reports.demo_ward import empty, full, to_do

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

NAME_OF_FOCUS = """() => { const at = document.activeElement;
    return at.ariaLabel ?? at.labels?.[0]?.textContent ?? at.textContent; }"""
# 320 is the narrowest window in which WCAG asks that nothing lies beside it (1.4.10).
WIDE, PHONE = (1280, 900), (320, 740)


@contextmanager
def shown(chromium: Browser, folder: Path, report: Report, size: tuple[int, int] = WIDE, **more: Any) -> Iterator[Page]:
    """The page of a report in a window; whatever it complains of or asks the network for is a fault."""
    file = folder / "overdue.html"
    file.write_text(rendered(report, "html"), encoding="utf-8")
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **more)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if request.url != file.as_uri() else None)
    page.goto(file.as_uri())
    yield page
    context.close()
    assert faults == []


def rows(page: Page) -> list[list[str]]:
    """The rows that can be seen, in the order in which they can be."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => [...document.querySelectorAll("table.list tbody tr:has(td)")]
            .filter((row) => row.checkVisibility()).map((row) => [...row.cells].map((cell) => cell.textContent))"""
    )


def column(page: Page, heading: str) -> list[str]:
    headings = [text.strip() for text in page.locator("table.list thead th").all_inner_texts()]
    return [row[headings.index(heading)] for row in rows(page)]


def tabbed_to(page: Page, name: str) -> None:
    """Go by the tabulator alone, until what has this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_OF_FOCUS).startswith(name):
            return
    pytest.fail(f"{name} cannot be reached by keyboard")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("report", [full, empty, to_do])
def test_axe_finds_nothing(
    chromium: Browser, axe: str, tmp_path: Path, report: Any, size: tuple[int, int], scheme: str
) -> None:
    with shown(chromium, tmp_path, report(), size, color_scheme=scheme) as page:
        page.evaluate(axe)
        found = page.evaluate("() => axe.run()")
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
        assert len(found["passes"]) > 15


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("report", [full, to_do])
def test_nothing_lies_beside_the_window(chromium: Browser, tmp_path: Path, report: Any, size: tuple[int, int]) -> None:
    with shown(chromium, tmp_path, report(), size) as page:
        assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0]


def test_the_list_is_sorted_by_keyboard_and_a_patient_stays_together(chromium: Browser, tmp_path: Path) -> None:
    with shown(chromium, tmp_path, full()) as page:
        printed = rows(page)
        tabbed_to(page, "Sort by Days")
        page.keyboard.press("Enter")
        heading = page.locator("table.list thead th", has_text="Days")
        assert heading.get_attribute("aria-sort") == "ascending"
        least = [min(map(int, days)) for days in groups(page)]
        assert least == sorted(least)
        page.keyboard.press("Enter")
        assert heading.get_attribute("aria-sort") == "descending"
        most = [max(map(int, days)) for days in groups(page)]
        assert most == sorted(most, reverse=True)
        assert Counter(map(tuple, rows(page))) == Counter(map(tuple, printed))


def groups(page: Page) -> list[list[str]]:
    """The days of each patient's rows, from the first to the last on the page."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => [...document.querySelectorAll("table.list tbody")].map((body) =>
            [...body.querySelectorAll("td.number")].map((cell) => cell.textContent))"""
    )


def told(page: Page) -> list[str]:
    """The names of the patients, from the first to the last on the page."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => [...document.querySelectorAll("table.list tbody")].map((body) => JSON.parse(body.dataset.told)[1])"""
    )


def test_it_is_sorted_by_what_stands_above_a_patients_rows_and_back_as_it_was_printed(
    chromium: Browser, tmp_path: Path
) -> None:
    with shown(chromium, tmp_path, full(), PHONE) as page:
        printed = rows(page)
        tabbed_to(page, "Sort byas printed")
        page.keyboard.type("Name")
        assert told(page) == sorted(told(page))
        assert told(page) != [str(row["name"]) for row in full().rows]
        page.keyboard.press("Home")
        assert rows(page) == printed


def test_the_list_is_filtered_by_keyboard_and_says_how_many_rows_are_shown(chromium: Browser, tmp_path: Path) -> None:
    report = full()
    with shown(chromium, tmp_path, report) as page:
        said = page.get_by_role("status")
        tabbed_to(page, "Show rows with")
        page.keyboard.type("CHEST imaging")
        chest = [row for row in report.rows if row["strand"] == "chest_imaging"]
        assert len(rows(page)) == len(chest) > 0
        assert set(column(page, "Strand")) == {"chest imaging"}
        assert said.inner_text() == f"{len(chest)} of {len(report.rows)} rows shown"
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        name = str(report.rows[0]["name"])
        page.keyboard.type(name.lower())
        assert len(rows(page)) == sum(row["name"] == name for row in report.rows)
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        tabbed_to(page, "Navigator")
        page.keyboard.type("navigator-b")
        assert len(rows(page)) == sum(row["navigator"] == "navigator-b" for row in report.rows) < len(report.rows)


def test_without_scripts_everything_is_there_and_nothing_is_dead(chromium: Browser, tmp_path: Path) -> None:
    with shown(chromium, tmp_path, full(), java_script_enabled=False) as page:
        assert page.locator("table.list tbody tr:has(td)").count() == len(full().rows)
        assert not page.locator("#tools").is_visible()
        assert page.locator("table.list button").count() == 0


def test_what_somebody_wrote_never_runs(chromium: Browser, tmp_path: Path) -> None:
    bad = '</script><script>document.title = "ran"</script><img src=x onerror="document.title = \'ran\'">"\'><b>'
    report = full()
    written = replace(report, rows=[{**row, "name": bad, "next_action": bad, "navigator": bad} for row in report.rows])
    with shown(chromium, tmp_path, written) as page:
        assert page.title() == "Overdue for follow-up, 2026-11-24"
        assert page.locator("img").count() == 0
        assert column(page, "Next action") == [bad] * len(report.rows)


def test_a_script_that_is_not_the_pages_own_may_not_run(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "x.html"
    file.write_text(rendered(full(), "html").replace("</main>", "<script>document.title = 1</script></main>"))
    page = chromium.new_page()
    page.goto(file.as_uri())
    assert page.title() == "Overdue for follow-up, 2026-11-24"
    page.close()


def paper(page: Page) -> list[str]:
    """The text of each sheet that is printed."""
    printed = io.BytesIO(page.pdf(prefer_css_page_size=True))
    return [sheet.extract_text() for sheet in pypdf.PdfReader(printed).pages]


def test_on_paper_the_heading_is_on_every_page_of_the_list_and_the_pages_are_numbered(
    chromium: Browser, tmp_path: Path
) -> None:
    report = full()
    long = replace(report, rows=[{**row, "case": f"{row['case']}/{n}"} for n in range(8) for row in report.rows])
    with shown(chromium, tmp_path, long) as page:
        sheets = paper(page)
    listed = [sheet for sheet in sheets if "book a clinic review" in sheet]
    assert len(listed) > 4
    assert all("Last done" in sheet and "Next action" in sheet for sheet in listed)
    for number, sheet in enumerate(sheets, start=1):
        assert f"Page {number} of {len(sheets)}" in sheet
        assert "Contains patient data" in sheet
    assert not any("Show rows with" in sheet for sheet in sheets)


def test_on_paper_no_heading_stands_alone_at_the_foot_of_a_sheet(chromium: Browser, tmp_path: Path) -> None:
    report = full()
    for left_out in range(0, len(report.rows), 2):
        with shown(chromium, tmp_path, replace(report, rows=report.rows[left_out:])) as page:
            headings = page.locator("h2, caption, dt, h2 + p, table.list th[scope=rowgroup]").all_inner_texts()
            feet = [sheet.splitlines()[-1] for sheet in paper(page)]
        assert not {foot for foot in feet[:-1] if foot in headings}


def test_a_filtered_list_says_so_on_paper(chromium: Browser, tmp_path: Path) -> None:
    with shown(chromium, tmp_path, full()) as page:
        page.get_by_label("Show rows with").fill("chest")
        assert f"of {len(full().rows)} rows shown" in "".join(paper(page))
