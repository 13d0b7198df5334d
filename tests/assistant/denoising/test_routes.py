"""Which way a take is cleaned."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.denoising import routes
from assistant.denoising.material_class import Class
from assistant.denoising.routes import Taken, noise_of
from assistant.dsp.noise_print import print_of
from assistant.dsp.noise_removal import noise_in
from assistant.material import Audio, Samples
from assistant.steps import result

LEVEL = 0.01


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def hiss(frames: int, seed: int) -> Samples:
    dice = np.random.default_rng(seed)
    return (LEVEL * dice.standard_normal((1, frames))).astype(np.float32)


def noisy(file: Path, seconds: float = 4.0) -> Audio:
    samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
    row = samples[: round(seconds * rate), 0]
    return Audio(row / np.abs(row).max() * np.float32(0.5) + hiss(row.size, 1), rate)


def taken(take: Audio, class_: Class) -> Taken:
    alone = Audio(hiss(take.rate, 2), take.rate)
    return result(noise_of(take, class_, print_of(alone, 0.0, 1.0), zeros))


@pytest.mark.parametrize("class_", ["speech", "singing"])
def test_a_voice_goes_its_way(data: Path, class_: Class) -> None:
    found = taken(noisy(data / "speech" / "librispeech-1.ogg"), class_)
    assert (found.route, found.why) == (class_, "")
    assert np.std(found.noise.samples) == pytest.approx(LEVEL, rel=0.3)


@pytest.mark.parametrize("class_", ["speech", "singing"])
def test_what_the_net_would_take_whole_is_cleaned_as_music(data: Path, class_: Class) -> None:
    take = noisy(data / "instruments" / "guit_em9.flac")
    found, music = taken(take, class_), taken(take, "instrument")
    assert found.route == "instrument"
    assert "net for voices would take away" in found.why
    assert np.array_equal(found.noise.samples, music.noise.samples)


@pytest.mark.parametrize("class_", ["instrument", "mix"])
def test_music_never_meets_the_net(monkeypatch: pytest.MonkeyPatch, class_: Class) -> None:
    def met(*_: object) -> Generator[float, None, Audio]:
        raise AssertionError

    monkeypatch.setattr(routes, "noise_behind_voice", met)
    take = Audio(hiss(20_000, 3), 16_000)
    alone = print_of(Audio(hiss(16_000, 2), 16_000), 0.0, 1.0)
    found = result(noise_of(take, class_, alone, zeros))
    assert (found.route, found.why) == ("instrument", "")
    alike = result(noise_in(take, alone, zeros))
    assert np.array_equal(found.noise.samples, alike.samples)
