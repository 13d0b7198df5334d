from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.dsp import dither
from assistant.dsp.dither import Kind, most_added, on_grid, quantise, shaping_filter
from assistant.dsp.truepeak import true_peak
from assistant.material import Audio, Samples
from tests.assistant.dsp.sounds import nasty_sounds

KINDS: tuple[Kind, ...] = ("none", "tpdf", "shaped")
NOISY: tuple[Kind, ...] = ("tpdf", "shaped")
RATES = (8_000, 22_050, 44_100, 48_000, 96_000, 192_000)
RATE = 44_100
TOP = 2.0**15


def scratch(shape: tuple[int, ...]) -> Samples:
    return np.full(shape, np.nan, dtype=np.float32)


def made(samples: Samples, kind: Kind, rate: int = RATE, bits: int = 16, seed: int = 1) -> Samples:
    work = quantise(Audio(samples, rate), bits, kind, seed, scratch)
    done = []
    while True:
        try:
            done.append(next(work))
        except StopIteration as end:
            assert done == sorted(done)
            assert not done or done[-1] == 1.0
            return np.asarray(end.value.samples)


def quiet_tone(decibels: float = -90.0, hertz: float = 1000.0, seconds: int = 10) -> Samples:
    turns = 2.0 * np.pi * hertz * np.arange(seconds * RATE) / RATE
    tone = 10.0 ** (decibels / 20.0) * np.sin(turns + 0.1)
    return np.asarray(tone[None], dtype=np.float32)


def error(samples: Samples, kind: Kind, rate: int = RATE) -> NDArray[np.float64]:
    """In steps."""
    return (made(samples, kind, rate).astype(np.float64) - samples) * TOP


def spectrum(signal: NDArray[np.float64], rate: int = RATE) -> NDArray[np.float64]:
    """Mean power in bins of 10 Hz."""
    frames = rate // 10
    pieces = signal[: signal.size // frames * frames].reshape(-1, frames) * np.hanning(frames)
    return np.asarray(np.mean(np.abs(np.fft.rfft(pieces)) ** 2, axis=0))


@given(nasty_sounds(), st.sampled_from(KINDS), st.sampled_from((16, 24)))
def test_every_sample_is_one_the_file_holds(
    sound: tuple[Samples, int], kind: Kind, bits: int
) -> None:
    out = made(*_swap(sound, kind), bits=bits)
    whole = out.astype(np.float64) * 2.0 ** (bits - 1)
    np.testing.assert_array_equal(whole, np.rint(whole))
    assert whole.max() <= 2.0 ** (bits - 1) - 1.0
    assert whole.min() >= -(2.0 ** (bits - 1))
    assert on_grid(Audio(out, sound[1]), bits)


def _swap(sound: tuple[Samples, int], kind: Kind) -> tuple[Samples, Kind, int]:
    return sound[0], kind, sound[1]


@given(nasty_sounds(), st.sampled_from(KINDS), st.sampled_from((16, 24)))
def test_no_sample_moves_further_than_it_says(
    sound: tuple[Samples, int], kind: Kind, bits: int
) -> None:
    samples, rate = sound
    samples = 0.9 * samples / max(float(np.abs(samples).max()), 0.9)
    moved = np.abs(made(samples, kind, rate, bits).astype(np.float64) - samples)
    assert moved.max() <= most_added(bits, kind, rate) * (1.0 + 1e-6)


@given(nasty_sounds(), st.sampled_from(KINDS), st.integers(1, 500))
def test_blocks_do_not_show(sound: tuple[Samples, int], kind: Kind, frames: int) -> None:
    samples, rate = sound
    samples[:, samples.shape[1] // 3 : samples.shape[1] // 2] = 0.0
    whole = made(samples, kind, rate)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dither, "BLOCK_FRAMES", frames)
        np.testing.assert_array_equal(made(samples, kind, rate), whole)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bits", [16, 24])
def test_what_lies_on_the_grid_is_left_alone(kind: Kind, bits: int) -> None:
    steps = np.random.default_rng(3).integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (2, 5000))
    samples = (steps / 2.0 ** (bits - 1)).astype(np.float32)
    assert made(samples, kind, bits=bits).base is not None
    np.testing.assert_array_equal(made(samples, kind, bits=bits), samples)


def test_full_scale_is_one_step_over_the_grid() -> None:
    assert on_grid(Audio(np.array([[-1.0]], np.float32), RATE), 16)
    assert not on_grid(Audio(np.array([[1.0]], np.float32), RATE), 16)
    assert made(np.array([[1.0, 2.0, -2.0]], np.float32), "none").tolist() == [
        [1.0 - 1.0 / TOP, 1.0 - 1.0 / TOP, -1.0]
    ]


@given(nasty_sounds())
def test_no_noise_is_what_the_file_would_have_rounded_to(sound: tuple[Samples, int]) -> None:
    samples, rate = sound
    rounded = np.clip(np.rint(samples.astype(np.float64) * TOP), -TOP, TOP - 1.0) / TOP
    np.testing.assert_array_equal(made(samples, "none", rate), rounded)


@pytest.mark.parametrize("kind", NOISY)
def test_silence_stays_silent(kind: Kind) -> None:
    samples = 0.3 * np.random.default_rng(4).standard_normal((2, 6000)).astype(np.float32)
    samples[:, 2000:3000] = 0.0
    samples[1] = 0.0
    out = made(samples, kind)
    assert not out[1].any()
    assert not out[0, 2000:3000].any()


@pytest.mark.parametrize("kind", NOISY)
def test_a_quiet_passage_is_not_silence(kind: Kind) -> None:
    samples = np.full((1, 20_000), 1e-9, np.float32)
    assert np.mean(made(samples, kind) != 0.0) > 0.1


@pytest.mark.parametrize("kind", NOISY)
def test_zeros_that_music_crosses_get_the_noise_of_their_neighbours(kind: Kind) -> None:
    samples = np.full((1, 20_000), 1e-9, np.float32)
    samples[0, 5000:5200] = 0.0
    whole = samples.copy()
    whole[0, 5000:5200] = 1e-9
    np.testing.assert_array_equal(made(samples, kind), made(whole, kind))


@pytest.mark.parametrize("kind", NOISY)
def test_a_tone_under_the_last_bit_is_heard_without_distortion(kind: Kind) -> None:
    tone = quiet_tone()
    heard = spectrum(made(tone, kind)[0].astype(np.float64))
    rounded = spectrum(made(tone, "none")[0].astype(np.float64))
    for harmonic in (200, 300, 500, 700):
        assert heard[harmonic] < 2.0 * np.median(heard[harmonic - 20 : harmonic + 20])
    assert rounded[500] > 10.0 * heard[500]
    wanted = spectrum(tone[0].astype(np.float64))[100]
    assert heard[100] == pytest.approx(wanted, rel=0.05)


@given(st.floats(-1.0, 1.0))
def test_the_noise_does_not_depend_on_the_sound(offset: float) -> None:
    samples = np.full((1, 200_000), np.float32((100.25 + offset) / TOP))
    found = error(samples, "tpdf")[0]
    assert abs(found.mean()) < 0.01
    assert found.var() == pytest.approx(0.25, rel=0.03)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_shaped_noise_hides_where_the_ear_is_deaf(rate: int) -> None:
    samples = 0.1 * np.random.default_rng(5).standard_normal((1, 20 * rate)).astype(np.float32)
    shaped, flat = (spectrum(error(samples, kind, rate)[0], rate) for kind in ("shaped", "tpdf"))
    hertz = 10.0 * np.arange(shaped.size, dtype=np.float64)
    best = (hertz > 2500.0) & (hertz < 4500.0)
    assert 10.0 * math.log10(shaped[best].mean() / flat[best].mean()) < -14.0
    assert 10.0 * math.log10(shaped.max() / flat.mean()) < 14.0
    heard = 10.0 ** (-0.1 * np.minimum(dither._threshold(hertz), 60.0))
    assert 10.0 * math.log10((heard @ shaped) / (heard @ flat)) < -12.0


@pytest.mark.parametrize("rate", RATES)
def test_the_shaping_is_stable_and_mild_enough(rate: int) -> None:
    taps = shaping_filter(rate)
    assert np.abs(np.roots([1.0, *taps])).max() < 1.0  # what it is fed back through
    assert most_added(16, "shaped", rate) * TOP < 9.0


def test_the_noise_adds_less_to_the_true_peak_than_the_ceilings_margin() -> None:
    tone = 10.0 ** (-1.0 / 20.0) * np.sin(0.07 * np.arange(5 * RATE))[None].astype(np.float32)
    for kind in NOISY:
        added = true_peak(made(tone, kind)) / true_peak(tone)
        assert 20.0 * math.log10(added) < 0.005


def test_channels_and_seeds_have_noise_of_their_own() -> None:
    tone = np.concatenate([quiet_tone(), quiet_tone()])
    first, second = error(tone, "tpdf")
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.01
    assert (made(tone, "tpdf", seed=1) != made(tone, "tpdf", seed=2)).any()
    np.testing.assert_array_equal(made(tone, "tpdf"), made(tone, "tpdf"))
