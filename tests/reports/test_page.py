from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

import pytest

from lmstrack.lists import ObligationList, Totals
from lmstrack.reports import About, rendered
from lmstrack.reports.around import reconciliation
from lmstrack.reports.overdue import overdue_report
from lmstrack.workflow import load_workflow, released

TOTALS = Totals(
    overdue=27,
    overdue_booked=6,
    due=31,
    upcoming=1084,
    excused=40,
    suspended=9,
    undetermined=9,
    in_scope=1206,
    cases=12,
    with_obligation=9,
    without_obligation=1,
    excluded={"died": 2},
)
VOID = {"meta", "br", "hr", "img", "link", "input"}


class Balanced(HTMLParser):
    """Every tag that is opened is closed, in the right order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(found: ObligationList | None = None) -> str:
    found = found or ObligationList(date(2026, 11, 24), None, "leiomyosarcoma-2026.1", [], TOTALS, lambda: "abc123")
    workflow = load_workflow(released()[-1])
    return rendered(overdue_report(found, workflow, About(run_by="jw", zone="UTC", software="lmstrack 0")), "html")


SUM = "27 overdue + 6 overdue but booked + 31 due + 1084 upcoming + 40 excused + 9 suspended + 9 undetermined"


def test_the_reconciliation_is_one_sum_over_the_states_and_one_over_the_cases() -> None:
    assert reconciliation(TOTALS.to_dict()) == (
        f"1206 = {SUM}",
        "12 cases = 9 with an obligation + 1 without one + 2 excluded (2 died)",
        "Those without one: lmstrack case list --without-obligation",
    )


def test_the_page_is_whole_fetches_nothing_and_reads_without_a_mouse() -> None:
    told = Balanced()
    told.feed(page())
    assert told.open == []
    tags = [tag for tag, _ in told.seen]
    assert {"html", "title", "h1", "main", "footer", "table", "caption"} <= set(tags)
    assert not {"link", "img", "iframe"} & set(tags)
    assert "http:" not in page()
    assert "https:" not in page()
    assert ("html", {"lang": "en"}) in told.seen
    assert all("scope" in attributes for tag, attributes in told.seen if tag == "th")


@pytest.mark.parametrize(
    "said",
    [
        "2026-11-24",
        "everything on record",
        "abc123",
        "P1",
        "What the words mean",
        "jw",
        "1206",
        "Contains patient data",
    ],
)
def test_the_page_carries_what_every_report_carries(said: str) -> None:
    assert said in page()


def test_nothing_to_report_still_says_so() -> None:
    assert "Nothing is overdue as of 24 Nov 2026." in page()


def test_light_dark_and_paper_are_served() -> None:
    assert "prefers-color-scheme: dark" in page()
    assert "@media print" in page()
