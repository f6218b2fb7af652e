"""The files of the scales are read strictly: whatever cannot be right is refused, every fault of it at once."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from lmstrack.errors import WorkflowFaults
from lmstrack.staging.bands import Band
from lmstrack.workflow.files import folder
from lmstrack.workflow.scales import figo_from, fnclcc_from, scales, soft_tissue_from

FOLDER = folder() / "scales"
READ_BY: dict[str, Callable[[bytes, str], object]] = {
    "ajcc8-soft-tissue.yaml": soft_tissue_from,
    "figo-2009-uterus.yaml": figo_from,
    "fnclcc.yaml": fnclcc_from,
}
STAGES, FIGO, GRADE = READ_BY


def faults(name: str, old: str, new: str) -> tuple[str, ...]:
    content = (FOLDER / name).read_text(encoding="utf-8")
    assert old in content
    with pytest.raises(WorkflowFaults) as caught:
        READ_BY[name](content.replace(old, new, 1).encode(), name)
    return caught.value.faults


def test_every_file_of_the_folder_is_read() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(READ_BY)


@pytest.mark.parametrize("name", READ_BY)
def test_every_file_cites_its_sources_and_says_what_was_chosen(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert "\nchosen:\n" in text
    assert faults(name, "sources:", "read_in:")
    assert READ_BY[name](text.encode(), name)


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        (STAGES, "{up_to: 100, t: 2}", "{up_to: 40, t: 2}", "whose bounds rise"),
        (STAGES, "{t: 4}", "{t: four}", "A band gives its t and a bound"),
        (STAGES, "{t: 4}", "{t: 4, below: 200}", "only the last has none"),
        (STAGES, "{up_to: 50, t: 1}", "{t: 1}", "only the last has none"),
        (STAGES, "{up_to: 50, t: 1}", "{up_to: 50, t: 1, n: 2}", "A band gives its t and a bound"),
        (STAGES, "{up_to: 50, t: 1}", "{up_to: true, t: 1}", "A band gives its t and a bound"),
        (STAGES, "{up_to: 50, t: 1}", "{up_to: 50, t: true}", "A band gives its t and a bound"),
        (STAGES, "{group: IIIA, t: [2]}", "{group: IIID, t: [2]}", "'IIID' is no name of a stage; did you mean"),
        (STAGES, "{group: IIIA, t: [2]}", "{group: IIIA, t: [7]}", "'7' is no value of t"),
        (STAGES, "{group: IIIA, t: [2]}", "{group: IIIA, tt: [2]}", "There is nothing called 'tt' here"),
        (STAGES, "{group: IIIA, t: [2]}", "{group: IIIA, t: 2}", "'t' must be a list of words or whole numbers"),
        (STAGES, "{group: IIIA, t: [2]}", "{group: IIIA, t: [true]}", "'t' must be a list of words"),
        (STAGES, "{group: IIIA, t: [2]}", "{group: IIIA, t: []}", "'t' must be a list of words"),
        (STAGES, "{group: IIIA, t: [2]}", "{t: [2]}", "'flag' must be text"),
        (STAGES, "{group: IIIA, t: [2]}", "IIIA", "'groups' must be a list of names with their values"),
        (STAGES, "site_group: [extremity, trunk]", "site_group: [extremty, trunk]", "did you mean 'extremity'?"),
        (STAGES, "authority: [AJCC], site", "authority: [AJC], site", "'AJC' is no value of authority"),
        (STAGES, "  - {group: IIIB}\n", "", "The last line must hold for everything"),
        (STAGES, "groups:\n", "groups: []\nmore:\n", "'groups' must be a list of names"),
        (STAGES, "[extremity, trunk, retroperitoneum]", "[extremity, trunk]", "every site group once"),
        (STAGES, "[extremity, trunk, retroperitoneum]", "[extremity, trunk, retroperitoneum, skin]", "site group once"),
        (STAGES, 'editions: ["8"], ', "", "'editions' must be a list"),
        (STAGES, "read_in: S38", "read_in: S99", "'read_in' must be one of the sources"),
        (STAGES, "  AJCC: {", "  AJCC: {years: 3, ", "There is nothing called 'years' here"),
        (STAGES, "\nsize:\n", "\nsizes:\n", "'size' must hold names with their values"),
        (STAGES, "\nchosen:", "\nchose:", "There is nothing called 'chose' here; did you mean 'chosen'?"),
        (STAGES, "flag: no_primary, ", "", "'flag' must be text"),
        (STAGES, "cite: S36", "cite: 36", "'cite' must be text"),
        (STAGES, "status: verified", "state: verified", "did you mean 'status'?"),
        (FIGO, "class: 1", "class: one", "A band gives its class"),
        (FIGO, "isolated_cells_up_to_mm: 0.2", "isolated_cells_up_to_mm: small", "must be a number"),
        (FIGO, "isolated_cells_up_to_mm: 0.2", "isolated_cells_up_to_mm: true", "must be a number"),
        (FIGO, 'edition: "2009"', "edition: 2009", "'edition' must be text"),
        (FIGO, "pelvic: true, t", "pelvic: true, adnexa: true, t", "A line has one condition, not 2."),
        (FIGO, "pelvic: true, t", "pelvis: true, t", "did you mean 'pelvic'?"),
        (FIGO, "pelvic: true, t", "pelvic: maybe, t", "'pelvic' must be true, false or a whole number"),
        (FIGO, "t: 2b, group: II}", "t: 2b, group: 2}", "'group' must be text"),
        (FIGO, "t: 2b, group", "t: true, group", "'t' must be a word or a whole number"),
        (FIGO, "t: 2b, group", 't: "", group', "'t' must be a word or a whole number"),
        (FIGO, "nodes_not_assessed: IVB}", "nodes_not_assessed: IVC}", "'IVC' is no name of a stage"),
        (FIGO, "  - {stage: IA, t: 1a}\n", "", "The last line must hold for everything"),
        (FIGO, "{stage: IA, t: 1a}", "{stage: IA}", "and give a T"),
        (GRADE, "near_a_bound: 1", "near_the_bound: 1", "did you mean 'near_a_bound'?"),
        (GRADE, "{1: 1, 2: 2, 3: 3}", "{1: 1, 2: true, 3: 3}", "Both sides must be whole numbers"),
        (GRADE, "{1: 1, 2: 2, 3: 3}", "{1: 1, b: 2, 3: 3}", "Both sides must be whole numbers"),
    ],
)
def test_what_cannot_be_right_is_refused_with_the_reason(name: str, old: str, new: str, fault: str) -> None:
    found = faults(name, old, new)
    assert any(fault in each for each in found), found


def test_no_authority_at_all_is_refused() -> None:
    text = (FOLDER / STAGES).read_text(encoding="utf-8")
    without = "\n".join(line for line in text.splitlines() if not line.startswith(("  AJCC:", "  UICC:")))
    with pytest.raises(WorkflowFaults) as caught:
        soft_tissue_from(without.replace("authorities:", "authorities: {}").encode(), STAGES)
    assert any("'authorities' must name whose tables there are" in each for each in caught.value.faults)


def test_every_fault_is_told_at_once_with_its_line() -> None:
    text = (FOLDER / FIGO).read_text(encoding="utf-8")
    text = text.replace("pelvic: true", "pelvis: true").replace("adnexa: true", "adnexa: maybe")
    with pytest.raises(WorkflowFaults) as caught:
        figo_from(text.encode(), FIGO)
    assert len(caught.value.faults) == 2
    assert all(each.startswith("Line ") for each in caught.value.faults)
    assert caught.value.file == FIGO


def test_a_file_that_is_missing_is_a_fault_of_the_release(tmp_path: Path) -> None:
    beside = tmp_path / "workflows" / "scales"
    beside.mkdir(parents=True)
    for name in (GRADE, STAGES):
        (beside / name).write_bytes((FOLDER / name).read_bytes())
    with pytest.raises(WorkflowFaults) as caught:
        scales(tmp_path / "lmstrack")
    assert (caught.value.file, caught.value.faults) == (FIGO, ("There is no such file beside the workflows.",))


def test_the_scales_of_a_release_are_read_once() -> None:
    assert scales() is scales()


def test_a_band_has_one_bound() -> None:
    below, up_to, rest = Band(1, below=Fraction(10)), Band(2, up_to=Fraction(10)), Band(3)
    assert [below.holds(Fraction(each)) for each in (9, 10)] == [True, False]
    assert [up_to.holds(Fraction(each)) for each in (10, 11)] == [True, False]
    assert rest.holds(Fraction(10**9))
