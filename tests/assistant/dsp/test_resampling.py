from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp import resampling
from assistant.dsp.resampling import frames_at, resample
from assistant.material import Audio, Samples
from tests.assistant.dsp.sounds import nasty_sounds

RATES = (8_000, 11_025, 44_100, 48_000, 96_000)
PAIRS = ((44_100, 48_000), (48_000, 44_100), (96_000, 44_100), (44_100, 96_000), (8_000, 192_000))


def scratch(shape: tuple[int, ...]) -> Samples:
    return np.full(shape, np.nan, dtype=np.float32)


def made(samples: Samples, rate: int, to: int) -> Samples:
    work = resample(Audio(samples, rate), to, scratch)
    done = []
    while True:
        try:
            done.append(next(work))
        except StopIteration as end:
            assert done == sorted(done)
            assert not done or done[-1] == 1.0
            assert end.value.rate == to
            return np.asarray(end.value.samples)


def pulse(time: np.ndarray, at: float, width: float = 0.001) -> Samples:
    return np.exp(-(((time - at) / width) ** 2))[None].astype(np.float32)


def tone(part: float, rate: int, to: int) -> tuple[Samples, Samples]:
    """Convert a sine at a part of the lower rate: the middle of it, and what that should be."""
    hertz, seconds = part * min(rate, to), 0.5
    first, second = (
        0.5 * np.sin(2.0 * np.pi * hertz * np.arange(int(seconds * r)) / r) for r in (rate, to)
    )
    out = made(np.asarray(first[None], dtype=np.float32), rate, to)[0]
    middle = slice(out.size // 4, 3 * out.size // 4)
    return out[middle], np.asarray(second[middle], dtype=np.float32)


@given(nasty_sounds(), st.sampled_from(RATES))
def test_the_length_is_that_of_the_sound(sound: tuple[Samples, int], to: int) -> None:
    samples, rate = sound
    out = made(samples, rate, to)
    assert out.shape == (samples.shape[0], frames_at(samples.shape[1], rate, to))
    assert np.isfinite(out).all()


@pytest.mark.parametrize(
    ("frames", "to", "expected"), [(0, 48_000, 0), (1, 8_000, 1), (3, 66_150, 5)]
)
def test_a_length_is_rounded(frames: int, to: int, expected: int) -> None:
    assert frames_at(frames, 44_100, to) == expected


@pytest.mark.parametrize(("rate", "to"), PAIRS)
def test_a_pulse_stays_at_its_moment(rate: int, to: int) -> None:
    at = 0.123_456
    given_, wanted = (pulse(np.arange(hertz // 4) / hertz, at) for hertz in (rate, to))
    np.testing.assert_allclose(made(given_, rate, to), wanted, atol=3e-7)


@pytest.mark.parametrize(("rate", "to"), PAIRS)
@pytest.mark.parametrize("part", [0.003, 0.21, 0.3])
def test_a_sine_stays_a_sine(rate: int, to: int, part: float) -> None:
    out, wanted = tone(part, rate, to)
    np.testing.assert_allclose(out, wanted, atol=5e-7)


@pytest.mark.parametrize(("rate", "to"), PAIRS)
def test_the_passband_is_flat_up_to_its_edge(rate: int, to: int) -> None:
    out, wanted = tone(0.46, rate, to)
    np.testing.assert_allclose(out, wanted, atol=0.5 * (1.0 - 10.0 ** (-0.01 / 20.0)))


def test_what_the_lower_rate_cannot_carry_is_gone() -> None:
    time = np.arange(96_000) / 96_000
    tone = np.sin(2.0 * np.pi * 30_000.0 * time)[None].astype(np.float32)
    assert np.abs(made(tone, 96_000, 44_100)[0, 4000:-4000]).max() < 1e-6


@given(nasty_sounds(), st.sampled_from(RATES), st.integers(100, 3000))
def test_blocks_do_not_show(sound: tuple[Samples, int], to: int, frames: int) -> None:
    whole = made(*sound, to)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resampling, "BLOCK_FRAMES", frames)
        np.testing.assert_array_equal(made(*sound, to), whole)


@pytest.mark.parametrize("channels", [1, 2, 6, 8])
def test_channels_know_nothing_of_each_other(channels: int) -> None:
    samples = np.random.default_rng(1).standard_normal((channels, 5000)).astype(np.float32)
    together = made(samples, 48_000, 44_100)
    for channel in range(channels):
        alone = made(samples[channel : channel + 1], 48_000, 44_100)
        np.testing.assert_array_equal(together[channel : channel + 1], alone)


@pytest.mark.parametrize("to", [8_000, 44_100, 192_000])
def test_silence_stays_silent(to: int) -> None:
    assert not made(np.zeros((2, 5000), np.float32), 48_000, to).any()


@pytest.mark.parametrize("gain", [0.25, 0.5, 4.0])
def test_louder_in_is_louder_out(gain: float) -> None:
    samples = np.random.default_rng(2).standard_normal((1, 5000)).astype(np.float32)
    scaled = made(np.float32(gain) * samples, 48_000, 44_100)
    np.testing.assert_array_equal(scaled, np.float32(gain) * made(samples, 48_000, 44_100))


def test_a_sound_that_has_the_rate_is_left_alone() -> None:
    audio = Audio(np.ones((1, 10), np.float32), 48_000)
    work = resample(audio, 48_000, scratch)
    assert list(work) == [1.0]
    np.testing.assert_array_equal(made(np.asarray(audio.samples), 48_000, 48_000), audio.samples)
