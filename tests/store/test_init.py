from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_database_is_made_once_whatever_its_kind(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LMSTRACK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert main(["init", "--db", url]) == 0
    capsys.readouterr()
    assert main(["init", "--db", url]) == 6
    assert "it is there already" in capsys.readouterr().err
