from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lmstrack.reports import About, Column, Report, rendered
from lmstrack.reports.delimited import beside, guarded, unguarded
from lmstrack.reports.rendering import as_bytes

COLUMNS = (
    Column("case", "Case", "id"),
    Column("name", "Name", "text", 2, 12),
    Column("state", "State", "status", 3),
    Column("days", "Days", "number"),
    Column("due_by", "Due by", "date"),
    Column("note", "Note", "text", 1, 20),
)
ROW = {
    "case": "LMS-0042-7",
    "name": "Maximiliane Exampleton-Longname",
    "state": "overdue",
    "days": 139,
    "due_by": "2026-05-15",
    "note": "book a clinic review with examination of the pelvis",
}


def report(*rows: dict[str, object], **more: object) -> Report:
    return Report(
        schema="lmstrack.overdue/1",
        title="Late",
        rows=list(rows),  # type: ignore[arg-type]
        keys=tuple(column.key for column in COLUMNS),
        columns=COLUMNS,
        **{"message": "1 item is overdue.", "below": ("1 = 1 overdue + 0 due",), **more},  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("width", range(40, 200, 7))
def test_a_table_never_exceeds_its_width_and_never_cuts_an_id_a_date_or_a_number(width: int) -> None:
    told = rendered(report(ROW), "table", width=width)
    assert [line for line in told.splitlines() if len(line) > width] == []
    for whole in ("LMS-0042-7", "139", "2026-05-15"):
        assert whole in told


def test_columns_are_dropped_in_a_fixed_order() -> None:
    shown = {width: rendered(report(ROW), "table", width=width).splitlines()[2].split() for width in (140, 79, 60, 40)}
    assert shown[140] == ["Case", "Name", "State", "Days", "Due", "by", "Note"]
    assert shown[79] == ["Case", "Name", "Days", "Due", "by", "Note"]
    assert shown[60] == ["Case", "Days", "Due", "by", "Note"]
    assert shown[40] == ["Case", "Days", "Due", "by"]


def test_where_not_even_the_ids_fit_every_field_has_a_line_of_its_own() -> None:
    told = rendered(report({**ROW, "due_by": "x" * 40}), "table", width=40)
    assert "Case: LMS-0042-7" in told


def test_a_column_in_which_nothing_stands_is_not_shown() -> None:
    assert "Note" not in rendered(report({**ROW, "note": None}), "table", width=140)


def test_wide_signs_take_two_columns() -> None:
    told = rendered(report({**ROW, "name": "名前 太郎"}), "table", width=140).splitlines()
    assert told[3].index("overdue") + len("名前太郎") == told[2].index("State")


def test_what_would_steer_the_terminal_is_not_printed() -> None:
    for form in ("table", "list", "md", "html"):
        told = rendered(report({**ROW, "name": "a\x1b[31mb\r\nc"}), form, width=140)
        assert "\x1b" not in told
        assert "\r" not in told


def test_a_status_is_a_word_and_only_also_a_colour() -> None:
    told = rendered(report(ROW), "table", width=140, colour=True)
    assert "\x1b[31moverdue\x1b[0m" in told
    assert rendered(report(ROW), "table", width=140) == told.replace("\x1b[31m", "").replace("\x1b[0m", "")


def test_a_screen_reader_gets_a_field_a_line() -> None:
    told = rendered(report(ROW), "list", width=80).splitlines()
    assert told[2:6] == [
        "Item 1 of 1",
        "Case: LMS-0042-7",
        "Name: Maximiliane Exampleton-Longname",
        "State: overdue",
    ]


def test_an_empty_list_says_what_to_do_and_still_adds_up() -> None:
    told = rendered(report(message="", empty="Nothing is overdue. Try: lmstrack next"), "table")
    assert told == "Nothing is overdue. Try: lmstrack next\n\n1 = 1 overdue + 0 due\n"


def test_tsv_keeps_every_record_on_one_line() -> None:
    told = rendered(report({**ROW, "note": "a\tb\r\nc\u2028d"}), "tsv")
    assert told.splitlines()[1].split("\t")[-1] == "a b  c d"
    assert len(told.splitlines()) == 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'x", "''x", "x", "", "x=1", "'=1"])
def test_the_guard_of_a_formula_can_be_taken_away(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(text)) == text


def test_a_number_is_no_formula() -> None:
    assert guarded(-3) == "-3"


def test_csv_begins_with_a_mark_and_ends_lines_as_spreadsheets_do() -> None:
    assert as_bytes(report({**ROW, "note": "a, b"}), "csv").decode("utf-8-sig") == (
        "case,name,state,days,due_by,note\r\n"
        'LMS-0042-7,Maximiliane Exampleton-Longname,overdue,139,2026-05-15,"a, b"\r\n'
    )


def test_beside_the_rows_stands_what_they_stand_on() -> None:
    told = report(
        ROW,
        as_of=date(2026, 11, 24),
        known_at=datetime(2026, 11, 23, 22, 59, tzinfo=UTC),
        about=About(run_by="jw", scope="all", head="abc", gaps=(("P1", "When?", "Then."),)),
    )
    for said in ('"as_of": "2026-11-24"', '"run_by": "jw"', '"audit_head": "abc"', '"id": "P1"', '"rows": 1'):
        assert said in beside(told)


def test_json_has_every_key_of_a_row_and_null_for_what_is_not_known() -> None:
    told = rendered(report({"case": "LMS-0042-7"}), "json")
    assert '"name": null' in told
    assert rendered(report({"case": "LMS-0042-7"}), "ndjson").count("\n") == 1


def test_the_fields_of_a_record_in_a_cell_read_as_they_are_typed() -> None:
    plan = [{"treatment": "surgery", "bso": False}]
    fields = {"regions": ["primary", "chest"], "adequate": True, "size_mm": 12.5, "plan": plan, "told_on": None}
    told = rendered(report({**ROW, "note": fields}), "tsv").splitlines()[1].split("\t")[-1]
    assert told == (
        'regions=primary,chest; adequate=true; size_mm=12.5; plan=[{"treatment": "surgery", "bso": false}]; told_on='
    )


def test_parts_of_a_cell_that_hold_a_comma_stay_apart() -> None:
    told = rendered(report({**ROW, "note": {"centres": ["North, A", "South"]}}), "tsv").splitlines()[1].split("\t")[-1]
    assert told == 'centres=["North, A", "South"]'


def test_markdown_escapes_what_would_be_markup() -> None:
    assert r"a\|b &lt;i> \*c\*" in rendered(report({**ROW, "name": "a|b <i> *c*"}), "md")
