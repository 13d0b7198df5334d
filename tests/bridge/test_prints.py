"""Sounds of noise alone that are kept by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant import engine
from assistant.errors import FileError
from assistant.material import Audio
from assistant.steps import result
from bridge import order, places, prints

NOISE = Audio(np.random.default_rng(1).normal(0.0, 0.01, (2, 4800)).astype(np.float32), 48_000)


def kept(name: str) -> Path:
    return result(prints.keep(NOISE, name))


def test_what_is_kept_is_found_by_its_name() -> None:
    path = kept("Vocal booth")
    assert path == places.prints() / "Vocal booth.wav"
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == 48_000
    assert np.array_equal(samples.T, NOISE.samples)
    for said in ("Vocal booth", "vocal BOOTH"):
        placed = order.place("master", "mix.wav", {"reference": said})
        assert placed.settings["reference"] == str(path)


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert [kept("booth").name for _ in range(3)] == ["booth.wav", "booth-2.wav", "booth-3.wav"]


def test_no_name_leads_out_of_the_folder() -> None:
    for name in ("../booth", "a/b", "..", "", "C:\\booth", "\0"):
        assert kept(name).parent == places.prints()


def test_a_path_stays_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept("booth")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hall").write_bytes(b"a file without an ending")
    for said in ("booth.wav", "./booth", "/x/booth", "hall", "takes\\booth"):
        assert prints.named(engine.stage("master"), {"reference": said})["reference"] == said


def test_a_name_that_is_none_is_told_with_those_there_are() -> None:
    with pytest.raises(FileError, match="None is kept yet"):
        prints.named(engine.stage("master"), {"reference": "boot"})
    kept("booth")
    with pytest.raises(FileError, match="Did you mean 'booth'"):
        prints.named(engine.stage("master"), {"reference": "boot"})


def test_a_folder_that_cannot_be_is_told() -> None:
    places.prints().parent.mkdir(parents=True, exist_ok=True)
    places.prints().write_bytes(b"")
    with pytest.raises(FileError, match="is a file, not a folder"):
        kept("booth")
