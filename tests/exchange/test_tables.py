"""Tables as hospitals make them, and the mappings that read them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lmstrack.errors import InvalidData, NotFound
from lmstrack.exchange import mapping_named, rejects_file
from lmstrack.records import record_fields

if TYPE_CHECKING:
    from lmstrack.loading import LoadReport
    from tests.exchange.conftest import Ward

MAPPING = """
about = "the ward's list"
source = "pas"
case = "Pat-ID"
row_name = ["Pat-ID"]
table = {dates = "dmy", decimal = "comma"}

[codes.side]
li = "left"
re = "right"

[person]
name = {column = "Name"}
born = {column = "geb."}
identifiers.mrn = {column = "MRN"}

[[event]]
name = "referral"
kind = "referral"
on = {column = "Datum"}
[event.fields]
size_mm = {column = "Größe", unit = "cm"}
laterality = {column = "Seite", codes = "side"}
route = "routine"

[[event]]
name = "scan"
kind = "imaging"
on = {column = "MRT"}
when = {column = "MRT", known = true}
fields = {region = "primary", modality = "MRI", adequate = true}
"""
HEADER = "Pat-ID;Name;geb.;MRN;Datum;Größe;Seite;MRT"
ANNA = "E-1;Holm, Anna;04.03.1961;0012345;02.01.2026;8,25;LI;05.01.2026"
BO = "E-2;Lund, Bo;1950;;03.01.2026;n/a;;-"


def takes(ward: Ward, *rows: str, mapping: str = MAPPING, encoding: str = "utf-8", **terms: object) -> LoadReport:
    file = ward.file.parent / "ward.toml" if ward.file.is_file() else ward.file / "ward.toml"
    file.write_text(mapping)
    report = ward.takes("\r\n".join(rows).encode(encoding), name="ward.csv", mapping=file, **terms)
    assert report.adds_up
    return report


def read(ward: Ward, key: str = "E-1") -> list[tuple[str, str, dict[str, object]]]:
    log = ward.store.log(ward.case(key, "pas"))
    return [(event.on.isoformat(), event.kind, record_fields(event.record)) for event in log]


SIZED = {"route": "routine", "laterality": "left", "size_mm": 82.5}
SCANNED = {"region": "primary", "modality": "MRI", "adequate": True}
BOTH = [("2026-01-02", "referral", SIZED), ("2026-01-05", "imaging", SCANNED)]


def test_a_table_is_read_by_its_mapping(ward: Ward) -> None:
    report = takes(ward, HEADER, ANNA, BO)
    assert (report.rows_read, report.new, report.cases_created, report.events) == (2, 2, 2, 3)
    assert read(ward) == BOTH
    assert read(ward, "E-2") == [("2026-01-03", "referral", {"route": "routine"})]
    person = ward.store.person(ward.case("E-1", "pas"))
    assert (person.name, str(person.born)) == ("Holm, Anna", "1961-03-04")
    assert dict(person.identifiers) == {"mrn": "0012345", "pas": "E-1"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_found_out(ward: Ward, encoding: str) -> None:
    takes(ward, HEADER, ANNA, encoding=encoding)
    assert read(ward) == BOTH


@pytest.mark.parametrize("separator", [";", "\t", "|", ","])
def test_separators_are_found_out(ward: Ward, separator: str) -> None:
    rows = [HEADER, ANNA.replace("Holm, Anna", "Anna Holm"), BO.replace("Lund, Bo", "Bo Lund")]
    takes(ward, *(row.replace("8,25", '"8,25"').replace(";", separator) for row in rows))
    assert read(ward) == BOTH


def test_what_stands_above_the_header_between_the_rows_and_below_them_is_no_data(ward: Ward) -> None:
    blank, total = ";;;;;;;", "Summe;2;;;;;;"
    report = takes(ward, "Liste der Patienten", "", blank, HEADER, "", ANNA, blank, BO, total, "")
    assert (report.rows_read, report.new) == (2, 2)


def test_rows_below_the_header_and_its_place_can_be_said(ward: Ward) -> None:
    layout = '"comma", header_row = 2, rows_below_header = 1, footer = ["Ende"]}'
    rows = ["Stand: heute", HEADER, "id;text;date;id;date;cm;;date", ANNA, "Ende der Liste"]
    report = takes(ward, *rows, mapping=MAPPING.replace('"comma"}', layout))
    assert (report.rows_read, report.new) == (1, 1)


def test_rejects_keep_header_and_row_and_can_be_imported_again(ward: Ward) -> None:
    bad = ANNA.replace("02.01.2026", "31.02.2026")
    report = takes(ward, "Liste", HEADER, bad, BO, rejects=True)
    assert [(each.row, each.case) for each in report.rejected] == [(3, "E-1")]
    assert "Datum: February 2026 has 28 days" in report.rejected[0].reason
    rejects = rejects_file(ward.file)
    lines = rejects.read_text("utf-8").splitlines()
    assert lines[0].startswith("Liste")
    assert lines[1] == f"{HEADER};rejected_because"
    assert lines[2].startswith(bad)
    assert len(lines) == 3
    mended = [line.replace("31.02", "02.01") for line in lines]
    assert takes(ward, *mended).new == 1
    assert takes(ward, HEADER, ANNA, BO).known == 2


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("8,25", "gross", "Größe: 'gross' is no number"),
        ("8,25", "850", "not possible"),
        ("LI", "oben", "Seite: 'oben' is not in the list of codes"),
        ("05.01.2026", "2026-99-01", "MRT: There is no month 99"),
        ("05.01.2026", "5. Januar", "MRT: this is no date written as day, month, year"),
        ("05.01.2026", "05.01.26", "MRT: this is no date written as day, month, year"),
        ("02.01.2026", "", "referral: the day is missing"),
        ("E-1", "", "Pat-ID: the case is missing"),
        (";05.01.2026", "", "the row has 7 cells, the header 8"),
        ("05.01.2026", "05.01.2026;mehr", "the row has 9 cells, the header 8"),
    ],
)
def test_a_row_that_cannot_be_read_says_which_column(ward: Ward, old: str, new: str, reason: str) -> None:
    report = takes(ward, HEADER, ANNA.replace(old, new), BO)
    assert (report.rows_read, report.new, len(report.rejected)) == (2, 1, 1)
    assert reason in report.rejected[0].reason


def test_the_next_release_amends_and_does_not_duplicate(ward: Ward) -> None:
    takes(ward, HEADER, ANNA, BO)
    report = takes(ward, HEADER, ANNA.replace("8,25", "9"), BO.replace(";-", ";06.01.2026"))
    assert (report.new, report.known, len(report.changed)) == (1, 0, 1)
    assert (report.changed[0].row, report.changed[0].line) == (2, 1)
    assert [kind for _, kind, _ in read(ward, "E-2")] == ["referral", "imaging"]


def test_a_stray_quotation_mark_is_found(ward: Ward) -> None:
    with pytest.raises(InvalidData, match="stray quotation mark"):
        takes(ward, HEADER, ANNA.replace("Holm, Anna", '"Holm'), BO)


def test_columns_that_the_mapping_names_have_to_be_there(ward: Ward) -> None:
    with pytest.raises(InvalidData) as caught:
        takes(ward, HEADER.replace("Seite", "Seitte").replace("MRT", "CT"), ANNA)
    assert caught.value.faults == (
        "there is no column 'Seite'; did you mean 'Seitte'?",
        "there is no column 'MRT'; did you mean 'MRN'?",
    )


def test_columns_of_one_name_are_told_apart(ward: Ward) -> None:
    header = HEADER.replace("MRT", "Datum")
    with pytest.raises(InvalidData, match=r"say 'Datum \(1\)' or 'Datum \(2\)'"):
        takes(ward, header, ANNA, mapping=MAPPING.replace('"MRT"', '"Datum (2)"'))
    numbered = MAPPING.replace('"Datum"', '"Datum (1)"').replace('"MRT"', '"Datum (2)"')
    takes(ward, header, ANNA, mapping=numbered)
    assert read(ward) == BOTH


def test_an_empty_table_is_refused(ward: Ward) -> None:
    with pytest.raises(InvalidData, match="the table is empty"):
        takes(ward, "")


def test_a_table_wants_a_mapping_and_a_mapping_that_there_is(ward: Ward) -> None:
    with pytest.raises(InvalidData, match="a table needs a mapping"):
        ward.takes(HEADER, name="ward.csv")
    with pytest.raises(NotFound, match="tcga-sarc-patient"):
        mapping_named("tcga")
    with pytest.raises(NotFound, match="no such file"):
        mapping_named("nowhere/at-all.toml")


WAYS = """
case = "id"
day_zero = {column = "operated"}
[person]
born = {days = "age_in_days"}
[[event]]
kind = "referral"
on = {days = -14}
[event.fields]
site_group = [
  {value = "uterus", when = {column = "uterine", is = ["YES", "1"]}},
  {column = "site", codes = {thigh = "extremity"}, other = "visceral"},
]
site_detail = {column = "site", find = "([a-z]+)$"}
germline_syndrome = {column = "gene", keep_others = true, codes = {tp53 = "Li-Fraumeni", none = ""}}
painful = {column = "pain"}
symptom_onset = {column = "since"}
[event.fields.size_mm]
columns = ["size_ct", "size_report"]
split = "|"
pick = "largest"
unit = {column = "unit"}
[[event]]
kind = "pathology"
on = {days = 3}
when = [{column = "grade", is_not = "x"}, {column = "mitoses", known = true}]
[event.fields]
differentiation = {column = "diff"}
mitoses_count = {column = "mitoses"}
necrosis_pct = {column = "necrosis", unit = "share"}
grade = {compute = "fnclcc"}
ancillary = {column = "tests", split = "+", codes = {i = "ihc", m = "molecular"}}
[[event]]
name = "radiotherapy"
kind = "radiotherapy"
when = {column = "dose", known = true}
on = {days = "rt_end"}
fields = {dose_gy = {column = "dose", unit = "cGy"}, fractions = {column = "fractions"}}
"""
WAYS_HEADER = (
    "id,operated,age_in_days,size_ct,size_report,unit,uterine,site,gene,pain,since,grade,diff,mitoses,necrosis,tests,"
    "dose,rt_end,fractions"
)


def test_values_come_in_many_ways(ward: Ward) -> None:
    row = "A,2020-03-01,-20000,,3|12.5|NA,cm,no,left thigh,TP53,yes,2019-11,2,2,20,0.3,i+m,5040,45,28"
    report = takes(ward, WAYS_HEADER, row, mapping=WAYS, as_history=True)
    assert report.rejected == ()
    assert str(ward.store.person("LMS-0001-3").born) == "1965-05-29"
    log = ward.store.log("LMS-0001-3")
    assert [(event.on.isoformat(), record_fields(event.record)) for event in log] == [
        (
            "2020-02-16",
            {
                "site_group": "visceral",
                "site_detail": "thigh",
                "size_mm": 125,
                "painful": True,
                "symptom_onset": "2019-11",
                "germline_syndrome": "Li-Fraumeni",
            },
        ),
        (
            "2020-03-04",
            {
                "differentiation": 2,
                "mitoses_count": 20,
                "necrosis_pct": 30,
                "grade": 3,
                "ancillary": ["ihc", "molecular"],
            },
        ),
        ("2020-04-15", {"dose_gy": 50.4, "fractions": 28}),
    ]


def test_a_grade_is_computed_only_where_all_three_are_there(ward: Ward) -> None:
    row = "A,2020-03-01,,,,,1,thigh,,,,2,3,20,,,,,"
    takes(ward, WAYS_HEADER, row, mapping=WAYS, as_history=True)
    _, pathology = ward.store.log("LMS-0001-3")
    assert record_fields(pathology.record) == {"differentiation": 3, "mitoses_count": 20}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A,2020-03-01,,4,,inch,,thigh,,,,x,,,,,,,", "unit: 'inch' cannot be brought to mm"),
        ("A,2020-03-01,,4,,,,thigh,,,,x,,,,,,,", "unit: the unit of size_ct is not known"),
        ("A,,,4,,cm,,thigh,,,,x,,,,,,,", "day zero is not known"),
        ("A,2020-03-01,1.5,4,,cm,,thigh,,,,x,,,,,,,", "age_in_days: write a whole number of days"),
        ("A,2020-03-01,,4,,cm,,thigh,,perhaps,,x,,,,,,,", "pain: 'perhaps' is neither yes nor no"),
        ("A,2020-03-01,,4,,cm,,thigh,,,,2,2,1.5,,,,,", "mitoses: '1.5' is no whole number"),
        ("A,2020-03-01,,4,,cm,,thigh,,,,2,2,inf,,,,,", "mitoses: 'inf' is no number"),
        ("A,2020-03-01,,4,,cm,,thigh,,,,2,2,1,,x,,,", "tests: 'x' is not in the list of codes"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(ward: Ward, row: str, reason: str) -> None:
    report = takes(ward, WAYS_HEADER, row, mapping=WAYS, as_history=True)
    assert reason in report.rejected[0].reason


def test_dates_of_spreadsheets_and_of_the_other_order(ward: Ward) -> None:
    days = {"excel": "46024", "mdy": "01/02/2026", "iso": "20260102", "dmy": "2026-01-02 00:00:00"}
    for dates, written in days.items():
        mapping = f'case = "id"\ntable = {{dates = "{dates}"}}\n'
        mapping += '[[event]]\nkind = "referral"\non = {column = "day"}\n'
        takes(ward, "id,day", f"{dates},{written}", mapping=mapping, as_history=True)
        assert ward.store.log(ward.case(dates))[0].on.isoformat() == "2026-01-02"


def test_one_line_a_visit_makes_one_case(ward: Ward) -> None:
    mapping = """
case = "id"
[[event]]
name = "opened"
kind = "referral"
on = {column = "day"}
when = {column = "what", is = "new"}
[[event]]
kind = "visit"
on = {column = "day"}
when = {column = "what", is = "seen"}
[[reject]]
when = {column = "what", is = "phone"}
because = "a call is no visit"
"""
    rows = [
        "A,seen,2026-02-01",
        "B,new,2026-01-01",
        "A,new,2026-01-01",
        "A,phone,2026-01-05",
        "B,?,2026-02-01",
    ]
    report = takes(ward, "id,what,day", *rows, mapping=mapping, as_history=True)
    assert [(each.row, each.reason) for each in report.rejected] == [
        (5, "a call is no visit"),
        (6, "the mapping makes nothing of this row"),
    ]
    assert [event.kind for event in ward.store.log(ward.case("A"))] == ["referral", "visit"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["'case' is missing", "neither [person] nor an [[event]]"]),
        ("case = 3", ["case: write text"]),
        ('cas = "id"', ["there is no key 'cas'; did you mean 'case'?"]),
        ('case = "id"\n[[event]]\nkind = "biospy"\n', ["did you mean 'biopsy'?", "'on' is missing"]),
        ('case = "id"\nevent = 3', ["event: write it as [[event]], once for each"]),
        ('case = "id"\n[person]\nborn = {days = "x"}', ["day_zero: days are counted"]),
        ('case = "id"\nday_zero = {yer = "x"}', ["did you mean 'year'?"]),
        ('case = "id"\nday_zero = "birth"', ["day_zero: write names with their values"]),
        ('case = "id"\n[person]\nbron = {column = "x"}', ["there is no key 'bron'; did you mean 'born'?"]),
        ('case = "id"\n[person]\nborn = {colum = "x"}', ["did you mean 'column'?", "give one of column"]),
        ('case = "id"\n[person]\nsex = {column = "x", codes = "sexes"}', ["there is no list codes.sexes"]),
        ('case = "id"\n[person]\nsex = {column = "x", find = "("}', ["this is no pattern"]),
        ('case = "id"\n[person]\nsex = {column = "x", unit = "cm"}', ["no unit that could be converted"]),
        ('case = "id"\n[person]\nsex = {column = "x", pick = "best"}', ["'best' is none of first, last"]),
        ('case = "id"\n[person]\nsex = {column = "x", when = {column = "y"}}', ["give one of is, is_not"]),
        ('case = "id"\n[table]\nencoding = "klingon"\n', ["there is no encoding 'klingon'"]),
        ('case = "id"\n[table]\nheader_row = 0\n', ["table.header_row: write a whole number from 1"]),
        ('case = "id"\n[table]\ndates = "ymd"\n', ["'ymd' is none of iso, dmy, mdy, excel"]),
        ("case = ", ["it is not TOML"]),
    ],
)
def test_a_mapping_is_refused_with_every_fault(ward: Ward, text: str, faults: list[str]) -> None:
    with pytest.raises(InvalidData) as caught:
        takes(ward, HEADER, ANNA, mapping=text)
    said = " · ".join(caught.value.faults)
    assert all(fault in said for fault in faults), said


def test_faults_of_a_mapping_name_the_event_and_the_field(ward: Ward) -> None:
    broken = MAPPING.replace("size_mm =", "size =").replace('"scan"', '"referral"')
    with pytest.raises(InvalidData) as caught:
        takes(ward, HEADER, ANNA, mapping=broken)
    assert caught.value.faults == (
        "event referral.fields: referral has no field 'size'; did you mean 'size_mm'?",
        "event referral: several events have this name; it must tell them apart",
    )


def test_the_example_of_the_manual_is_a_mapping(ward: Ward) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "import.md").read_text("utf-8")
    example = manual.split("```toml\n")[1].split("```")[0]
    file = ward.file / "example.toml"
    file.write_text(example, "utf-8")
    mapping = mapping_named(file)
    assert [event.name for event in mapping.events] == ["referral", "radiotherapy", "pathology"]
    columns = mapping.columns()
    values = {"Pat-ID": "7", "No": "1", "Year of diagnosis": "2019", "Diagnosis": "LMS", "Referred": "03.02.2019"}
    values |= {"RT dose": "6600", "Unit": "cGy", "RT": "yes", "RT end day": "90", "Mitoses": "12 / 10 HPF"}
    values |= {"Diff": "2", "Necrosis": "10", "Site": "Thigh", "Size": "4,5|3", "Side": "LI", "Sex": "W"}
    rows = ["Liste", "Stand 2025", ";".join(columns), ";" * (len(columns) - 1)]
    rows.append(";".join(values.get(name, "") for name in columns))
    report = ward.takes("\n".join(rows).encode("cp1252"), name="list.csv", mapping=file, as_history=True)
    assert report.rejected == ()
    log = ward.store.log(ward.case("7", "nurses"))
    assert [(event.kind, record_fields(event.record)) for event in log] == [
        ("referral", {"route": "routine", "site_group": "extremity", "laterality": "left", "size_mm": 45}),
        (
            "pathology",
            {"differentiation": 2, "mitoses_count": 12, "necrosis_pct": 10, "grade": 2},
        ),
        ("radiotherapy", {"timing": "postoperative", "dose_gy": 66}),
    ]


def test_a_row_whose_days_count_from_nowhere_is_rejected_for_that_reason_alone(ward: Ward) -> None:
    mapping = """
case = "id"
cases = "known"
day_zero = "referral"

[[event]]
name = "cycle"
kind = "systemic"
on = {days = "start"}
"""
    report = takes(ward, "id;start", "E-9;12", mapping=mapping, source="pas")
    assert [each.reason for each in report.rejected] == [
        "no referral of this case is on record, from which days are counted"
    ]
