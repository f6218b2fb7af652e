"""Whatever happens to a file on its way: the counts add up, and nothing but a clean error comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lmstrack.errors import InvalidData

if TYPE_CHECKING:
    from tests.exchange.conftest import Ward

NDJSON = b"""\
{"case": "EXT-17", "kind": "person", "name": "Anna Holm", "born": "1961-03-04", "identifiers": {"mrn": "001"}}
{"case": "EXT-17", "on": "2026-01-02", "kind": "referral", "site_group": "extremity", "line": 1}
{"case": "EXT-17", "on": "2026-01-05", "kind": "imaging", "region": "primary", "adequate": true, "line": 2}
{"case": "EXT-18", "on": "2026-01", "kind": "referral", "size_mm": 80.5, "source_id": "a:1"}
{"case": "EXT-17", "on": "2026-01", "kind": "correct", "line": 2, "event_line": 3, "nature": "refined"}
{"case": "EXT-17", "on": "2026-01-16", "kind": "death", "recorded_at": "2026-01-17T10:00:00+01:00"}
{"case": "EXT-18", "on": "2026-02-15", "kind": "mdt", "plan": [{"treatment": "surgery"}], "decision": "yes"}
"""
CSV = """\
id;born;seen;mode;note
EXT-17;04.03.1961;15.01.2026;in person;"all; well"

EXT-18;1950;16.01.2026;video;Müller
EXT-17;04.03.1961;17.02.2026;;-
Total;3;;;
""".encode("cp1252")
MAPPING = """
case = "id"
table = {dates = "dmy"}
[person]
born = {column = "born"}
[[event]]
name = "opened"
kind = "referral"
on = {column = "seen"}
[[event]]
kind = "visit"
on = {column = "seen"}
[event.fields]
mode = {column = "mode", codes = {"in person" = "in_person", video = "video"}}
finding = {column = "note"}
"""

pieces = st.sampled_from(
    [b"", b"\n", b'"', b"{", b"}", b"\x00", b"\xff", b";", b"\xef\xbb\xbf", b"0", b"2027", b"null"]
)
often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from([0, 0, 1, 3, 40]))
        if draw(st.booleans()):
            content = content[:at] + draw(pieces) + content[at + length :]
        else:
            content = content[:at] + content[at : at + length] * 2 + content[at + length :]
    return content


def taken(ward: Ward, content: bytes, **terms: object) -> None:
    held = ward.text()
    try:
        previewed = ward.takes(content, commit=False, **terms)
    except InvalidData:
        assert ward.text() == held
        return
    committed = ward.takes(content, **terms)
    assert previewed.adds_up
    assert committed.adds_up
    told = [
        "rows_read",
        "new",
        "known",
        "changed",
        "rejected",
        "cases_created",
        "events",
        "findings",
        "questions",
    ]
    assert [getattr(previewed, name) for name in told] == [getattr(committed, name) for name in told]
    assert ward.takes(content, **terms).new == 0
    assert ward.store.chain_faults() == []
    assert ward.store.tally_faults() == []


@often
@given(mutated(NDJSON), st.booleans())
def test_a_file_of_lines(new_ward: object, content: bytes, as_history: bool) -> None:
    taken(new_ward(), content, as_history=as_history)  # type: ignore[operator]


@often
@given(mutated(CSV))
def test_a_table(new_ward: object, content: bytes) -> None:
    ward: Ward = new_ward()  # type: ignore[operator]
    mapping = ward.file.parent / "mapping.toml"
    mapping.write_text(MAPPING)
    taken(ward, content, name="in.csv", mapping=mapping, as_history=True)


@settings(often, max_examples=60)
@given(mutated(MAPPING.encode()))
def test_a_mapping(new_ward: object, content: bytes) -> None:
    ward: Ward = new_ward()  # type: ignore[operator]
    mapping = ward.file.parent / "mapping.toml"
    mapping.write_bytes(content)
    taken(ward, CSV, name="in.csv", mapping=mapping, as_history=True)
