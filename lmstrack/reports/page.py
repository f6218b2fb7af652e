"""A report as one HTML file: nothing is fetched, it prints well, and it needs neither colour nor mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.reports.page_list import list_of_rows, part_of_report
from lmstrack.reports.page_look import POLICY, SCRIPT, STYLE
from lmstrack.reports.page_parts import counts, said, small_table
from lmstrack.reports.standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.reports.report import Report


#: The totals of a list of obligations, in words.
_COUNTED: Final = (
    ("in_scope", "In scope"),
    ("overdue", "Overdue"),
    ("overdue_booked", "Overdue but booked"),
    ("due", "Due"),
    ("upcoming", "Upcoming"),
    ("excused", "Excused"),
    ("suspended", "Suspended"),
    ("undetermined", "Undetermined"),
)


def html(report: Report) -> str:
    """The report as a page of its own."""
    return "\n".join(_page(report)) + "\n"


def _page(report: Report) -> Iterator[str]:
    sortable = len(report.rows) > 1 and not report.pairs
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{said(_title(report))}</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield "<main>"
    yield f"<h1>{said(report.title)}</h1>"
    yield f'<p class="message">{said(report.message or report.empty)}</p>'
    yield '<dl class="about">'
    yield from (f"<div><dt>{said(name)}</dt><dd>{said(told)}</dd></div>" for name, told in standing(report))
    yield "</dl>"
    if report.counts:
        yield from _ways(report)
        yield '<h2 id="counts">What it comes to</h2>'
        yield from counts(report.counts)
        yield '<h2 id="list">The list</h2>'
    yield from list_of_rows(report, sortable=sortable)
    yield from _reconciliation(report)
    for place, part in enumerate(report.parts):
        yield f'<h2 id="part{place}">{said(part.title)}</h2>'
        yield from part_of_report(part)
    yield from _gaps(report)
    if report.about.definitions:
        yield '<h2 id="words">What the words mean</h2>'
        yield from _pairs(report.about.definitions)
    yield "</main>"
    yield "<footer>"
    if report.about.head:
        yield f"<p>Audit head: <code>{said(report.about.head)}</code></p>"
    yield "<p>Contains patient data.</p>"
    yield "</footer>"
    if sortable:
        yield f"<script>{SCRIPT}</script>"
    yield "</body>"
    yield "</html>"


def _title(report: Report) -> str:
    return report.title if report.as_of is None else f"{report.title}, {report.as_of.isoformat()}"


def _ways(report: Report) -> Iterator[str]:
    """The ways to what stands further down."""
    ways = [("list", "The list"), ("counts", "What it comes to"), ("sum", "What it adds up to")]
    ways += [(f"part{place}", part.title) for place, part in enumerate(report.parts)]
    ways += [("words", "What the words mean")] if report.about.definitions else []
    yield '<nav aria-label="On this page"><ul>'
    yield from (f'<li><a href="#{place}">{said(name)}</a></li>' for place, name in ways)
    yield "</ul></nav>"


def _pairs(pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield "<dl>"
    for name, told in pairs:
        yield f"<dt>{said(name)}</dt><dd>{said(told)}</dd>"
    yield "</dl>"


def _reconciliation(report: Report) -> Iterator[str]:
    states = [(name, report.totals[key]) for key, name in _COUNTED if key in report.totals]
    if states:
        yield '<h2 id="sum">What it adds up to</h2>'
    yield from (f"<p>{said(line)}</p>" for line in report.below)
    if states:
        rows = [(name, str(number)) for name, number in states]
        yield from small_table("Current obligations by state", ("State", "Obligations"), rows)
    if report.about.excluded:
        rows = [(reason, str(number)) for reason, number in sorted(report.about.excluded.items())]
        yield from small_table("Cases that are left out, with the reason", ("Reason", "Cases"), rows)


def _gaps(report: Report) -> Iterator[str]:
    if not report.about.gaps:
        return
    yield "<h2>What the source leaves open</h2>"
    yield "<p>Until a site signs another reading, these are taken:</p>"
    yield "<dl>"
    for gap, question, taken in report.about.gaps:
        yield f"<dt>{said(gap)}: {said(question)}</dt><dd>{said(taken)}</dd>"
    yield "</dl>"
