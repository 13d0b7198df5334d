"""The noise behind a voice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.dsp.deep_filter import noise_behind_voice
from assistant.material import Audio, Samples
from assistant.steps import result
from tests.assistant.dsp.likeness import si_sdr_db


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def hiss(seconds: float, rate: int, channels: int = 1) -> Audio:
    shape = (channels, round(seconds * rate))
    noise = 0.05 * np.random.default_rng(1).standard_normal(shape)
    return Audio(noise.astype(np.float32), rate)


@pytest.mark.parametrize("rate", [8000, 44_100, 48_000, 96_000])
def test_the_noise_is_as_long_as_the_sound(rate: int) -> None:
    for seconds in (0.01, 1.23):
        take = hiss(seconds, rate)
        noise = result(noise_behind_voice(take, zeros))
        assert (noise.samples.shape, noise.rate) == (take.samples.shape, rate)


def test_noise_alone_is_noise() -> None:
    take = hiss(3.0, 48_000)
    noise = result(noise_behind_voice(take, zeros))
    left = take.samples - noise.samples
    assert np.square(left[:, 48_000:]).sum() < 1e-2 * np.square(take.samples[:, 48_000:]).sum()


def test_channels_that_are_alike_stay_alike_and_silent_ones_silent() -> None:
    row = hiss(0.6, 44_100).samples[0]
    take = Audio(np.stack([row, row, 0.0 * row]), 44_100)
    noise = result(noise_behind_voice(take, zeros)).samples
    assert np.array_equal(noise[0], noise[1])
    assert not noise[2].any()


def test_progress_rises() -> None:
    shares = list(noise_behind_voice(hiss(2.5, 44_100, 2), zeros))
    assert shares == sorted(shares)
    assert 0.0 <= shares[0] <= shares[-1] <= 1.0


def test_a_voice_comes_out_cleaner_and_in_its_place(data: Path) -> None:
    voice, rate = soundfile.read(data / "speech" / "librispeech-1.ogg", dtype="float32")
    voice = voice[: 6 * rate]
    level = np.sqrt(np.square(voice).mean()) * 10.0 ** (-10.0 / 20.0)
    rng = np.random.default_rng(2)
    noisy = voice + (level * rng.standard_normal(voice.size)).astype(np.float32)
    noise = result(noise_behind_voice(Audio(noisy[None], rate), zeros)).samples[0]
    assert si_sdr_db(noisy - noise, voice) > si_sdr_db(noisy, voice) + 4.0
