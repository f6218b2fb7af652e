"""A released workflow, and the scales that its calculators look up in, never change: cases are pinned to them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from lmstrack.workflow import load_workflow, released, workflow_file

#: By file of the folder, the SHA-256 of what was released. Whoever wants another rule makes another version.
RELEASED = {
    "leiomyosarcoma-2026.1.yaml": "65737b7ffabffb9da9d5196c74ebdc720664c71de0658382995d713e4b2f4224",
    "scales/ajcc8-soft-tissue.yaml": "73b606522c70f9c27a49152494d1389208133f15af07b444747fed645792b0ee",
    "scales/figo-2009-uterus.yaml": "ae5791d259bb9c0a959cebcc39382bb85dfbc909b582026606ab1919d67766ef",
    "scales/fnclcc.yaml": "18ab16c1fa66cc071d17ce23da194a43d2396a8bf570d0a6951e00f86da4d8e3",
}
FOLDER = Path(__file__).parent.parent / "workflows"


@pytest.mark.parametrize("name", RELEASED)
def test_what_is_released_is_never_edited(name: str) -> None:
    assert sha256((FOLDER / name).read_bytes()).hexdigest() == RELEASED[name]


def test_every_file_that_decides_is_held() -> None:
    assert {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.yaml")} == set(RELEASED)


@pytest.mark.parametrize("name", released())
def test_what_is_loaded_is_what_is_released(name: str) -> None:
    assert load_workflow(name).digest == RELEASED[workflow_file(name).name]
