"""Soundfonts are found where they are, and only those of a known free licence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.material import Note, Score, Track
from bridge.tools import synth

HERE = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(synth, "_FOLDERS", (str(tmp_path), str(tmp_path / "missing")))
    return tmp_path


def test_soundfonts_of_free_licence_are_found(folder: Path) -> None:
    for name in ("MuseScore_General.sf3", "FluidR3_GM.sf2", "Unknown.sf2", "FluidR3_GM.txt"):
        (folder / name).touch()
    assert [path.name for path in synth.soundfonts()] == ["FluidR3_GM.sf2", "MuseScore_General.sf3"]


def test_a_link_to_a_soundfont_that_was_removed_is_passed_over(folder: Path) -> None:
    (folder / "FluidR3_GM.sf2").symlink_to(folder / "removed.sf2")
    assert synth.soundfonts() == []


@pytest.mark.skipif(not HERE.exists(), reason="TimGM6mb is not installed")
def test_a_score_is_played() -> None:
    pytest.importorskip("symusic")
    score = Score((Track("keys", (Note(60, 0.0, 1.0),)),))
    sound = synth.Soundfont(HERE)(score, 22_050)
    assert sound.shape[0] == 2
    assert sound.dtype == np.float32
    assert 0.01 < np.abs(sound).max() <= 1.0
