from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import FileError
from bridge.installing.folders import folder_of
from tests.bridge.installing.made_up import MadeUp


def test_the_folder_is_the_one_with_the_mark(daw: MadeUp, tmp_path: Path) -> None:
    assert folder_of(daw) == daw.folder
    assert folder_of(daw, daw.folder) == daw.folder
    with pytest.raises(FileError, match=r"no 'deck\.ini'"):
        folder_of(daw, tmp_path)
    with pytest.raises(FileError, match="There is no folder"):
        folder_of(daw, tmp_path / "gone")
    (daw.folder / "deck.ini").unlink()
    assert folder_of(daw) is None


def test_a_folder_that_may_not_be_looked_at_is_passed_over(
    daw: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.exists

    def exists(path: Path) -> bool:
        if "nowhere" in path.parts:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "exists", exists)
    assert folder_of(daw) == daw.folder


def test_a_home_of_nobody_is_said(daw: MadeUp) -> None:
    with pytest.raises(FileError, match="There is no folder '~no-such-person/x'"):
        folder_of(daw, Path("~no-such-person/x"))
