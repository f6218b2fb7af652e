"""What people read is in words; what programs read keeps the ids of the workflow."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from lmstrack.reports import Column, Grouping, Report, rendered
from lmstrack.reports.report import words

if TYPE_CHECKING:
    from lmstrack.reports import Row

COLUMNS = (
    Column("case", "Case", "id"),
    Column("name", "Name", "text", 2, 12),
    Column("strand", "Strand", "term"),
    Column("days", "Days", "number"),
    Column("due_by", "Due by", "date"),
)
ROWS: list[Row] = [
    {"case": "LMS-0042-7", "name": "Ann", "strand": "clinic_review", "days": 139, "due_by": "2026-05-15"},
    {"case": "LMS-0107-8", "name": "Bea", "strand": "emergency_mdt", "days": 20, "due_by": "2026-06-01"},
    {"case": "LMS-0042-7", "name": "Ann", "strand": "chest_imaging", "days": 9, "due_by": "2026-06-15"},
]


def report(**more: object) -> Report:
    return Report(
        schema="lmstrack.overdue/1",
        title="Late",
        rows=ROWS,
        keys=tuple(column.key for column in COLUMNS),
        columns=COLUMNS,
        as_of=date(2026, 10, 1),
        **more,  # type: ignore[arg-type]
    )


def by_patient() -> Report:
    return report(grouping=Grouping(("case", "name"), lambda row: f"{row['case']}  {row.get('name', '')}".rstrip()))


@pytest.mark.parametrize("form", ["table", "list", "html", "md"])
def test_people_read_words(form: str) -> None:
    told = rendered(report(), form, width=100)
    assert "clinic review" in told
    assert "emergency MDT" in told
    assert "clinic_review" not in told


@pytest.mark.parametrize("form", ["tsv", "csv", "json", "ndjson"])
def test_programs_read_ids(form: str) -> None:
    told = rendered(report(), form)
    assert "clinic_review" in told
    assert "emergency_mdt" in told


def test_a_name_of_the_workflow_in_words() -> None:
    assert [words(name) for name in ("mdt_review", "systemic_care", "staging")] == [
        "MDT review",
        "systemic care",
        "staging",
    ]


def test_a_patient_has_one_line_and_what_is_late_stands_below_it() -> None:
    assert rendered(by_patient(), "table", width=80).splitlines() == [
        "  Strand         Days  Due by",
        "LMS-0042-7  Ann",
        "  clinic review   139  2026-05-15",
        "  chest imaging     9  2026-06-15",
        "LMS-0107-8  Bea",
        "  emergency MDT    20  2026-06-01",
    ]


def test_without_names_the_line_of_a_patient_is_the_id() -> None:
    told = rendered(by_patient().without("name"), "table", width=80).splitlines()
    assert told[1] == "LMS-0042-7"
    assert "Ann" not in "".join(told)


@pytest.mark.parametrize("width", range(30, 100, 7))
def test_a_grouped_table_keeps_to_its_width(width: int) -> None:
    told = rendered(by_patient(), "table", width=width)
    assert [line for line in told.splitlines() if len(line) > width] == []
    for whole in ("LMS-0042-7", "139", "2026-05-15"):
        assert whole in told


def test_on_a_page_the_rows_of_a_patient_stand_together() -> None:
    told = rendered(by_patient(), "html")
    assert told.count('scope="rowgroup"') == 2
    assert told.index("clinic review") < told.index("chest imaging") < told.index("emergency MDT")


@pytest.mark.parametrize("form", ["json", "tsv", "list", "md"])
def test_elsewhere_the_rows_keep_their_order_and_their_columns(form: str) -> None:
    told = rendered(by_patient(), form)
    places = [told.index(day) for day in ("2026-05-15", "2026-06-01", "2026-06-15")]
    assert places == sorted(places)
    assert told.count("LMS-0042-7") == 2


def test_a_column_may_show_more_than_its_value() -> None:
    column = Column("strand", "Strand", "term", says=lambda row: f"{row['strand']}, provisional")
    told = Report("x/1", "T", ROWS[:1], ("strand",), (column,))
    assert "clinic review, provisional" in rendered(told, "table")
    assert rendered(told, "tsv") == "strand\nclinic_review\n"


def test_a_page_of_pairs_is_read_out_as_pairs() -> None:
    told = Report(
        "lmstrack.show/1",
        "Case",
        [{"item": "case", "value": "LMS-0042-7"}, {"item": "state", "value": "staging"}],
        ("item", "value"),
        (Column("item", "Item"), Column("value", "Value")),
        pairs=True,
    )
    assert rendered(told, "list") == "case: LMS-0042-7\nstate: staging\n"


def test_on_a_telephone_the_value_of_a_pair_needs_no_label() -> None:
    columns = (Column("item", "Item"), Column("value", "Value"))
    rows: list[Row] = [{"item": "case", "value": "LMS-0042-7"}]
    assert 'data-label="Days"' in rendered(by_patient(), "html")
    assert "data-label=" not in rendered(Report("x/1", "T", rows, ("item", "value"), columns, pairs=True), "html")
