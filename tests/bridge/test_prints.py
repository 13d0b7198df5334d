"""Sounds of noise alone that are kept by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant import engine
from assistant.contract import Request, Suggestion
from assistant.errors import FileError
from assistant.material import Audio
from assistant.steps import result
from bridge import order, places, prints, work
from bridge.order import Order

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


def test_a_name_with_a_dot_is_found_again() -> None:
    for name in ("Room 1.5", "St. John", "v2.final"):
        path = kept(name)
        told = prints.named(engine.stage("denoise"), {"print": name})
        assert told["print"] == str(path)


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


def test_a_suggestion_whose_print_cannot_be_kept_leaves_no_file_that_nobody_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(request: Request) -> Iterator[Suggestion]:
        yield Suggestion("One", "because", {"main": NOISE, "print.booth": NOISE})

    monkeypatch.setattr(engine, "run", run)
    take = tmp_path / "take.wav"
    soundfile.write(take, NOISE.samples.T, NOISE.rate, subtype="PCM_16")
    places.prints().parent.mkdir(parents=True, exist_ok=True)
    places.prints().write_bytes(b"")
    with pytest.raises(FileError, match="is a file, not a folder"):
        list(work.carry_out(Order("denoise", str(take))))
    assert list(tmp_path.glob("take*")) == [take]
    places.prints().unlink()
    (told,) = [
        one["suggestion"]
        for one in work.carry_out(Order("denoise", str(take)))
        if "suggestion" in one
    ]
    assert Path(told["files"]["print.booth"]) == places.prints() / "booth.wav"
    assert Path(told["file"]).is_file()


def test_a_folder_that_cannot_be_is_told() -> None:
    places.prints().parent.mkdir(parents=True, exist_ok=True)
    places.prints().write_bytes(b"")
    with pytest.raises(FileError, match="is a file, not a folder"):
        kept("booth")
