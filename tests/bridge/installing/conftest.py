from __future__ import annotations

from pathlib import Path

import pytest

from tests.bridge.installing.made_up import MadeUp


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANDMATE_HOME", str(tmp_path / "own"))


@pytest.fixture
def daw(tmp_path: Path) -> MadeUp:
    folder = tmp_path / "déck"
    folder.mkdir()
    (folder / "deck.ini").write_text("[deck]\n")
    (folder / "keys.txt").write_bytes(b"play space\r\nodd \xff byte\n")
    return MadeUp(folder)
