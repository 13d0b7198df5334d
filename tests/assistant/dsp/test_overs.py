from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter, resample, resample_poly
from soxr import resample as soxr_resample

from assistant.dsp.envelope import Envelope, envelope
from assistant.dsp.overs import Limited, raise_overs
from assistant.dsp.truepeak import true_peak
from assistant.material import Samples
from assistant.steps import result
from tests.assistant.dsp.sounds import KINDS, nasty

RATE = 44_100
FRAMES = 20_000


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def untouched(samples: Samples, followed: Envelope) -> Limited:
    return Limited(samples, np.ones(followed.peaks.shape, dtype=np.float32), 1.0)


def reading(samples: Samples) -> float:
    """Return what the meters read, linear."""
    followed = result(envelope(samples, RATE, zeros))
    return followed.peak * result(
        raise_overs(followed, untouched(samples, followed), followed.peak, None)
    )


def music(seed: int) -> Samples:
    """Make noise that ends at 16 kHz, as most recorded sound does."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((2, FRAMES)))
    spectrum[:, np.fft.rfftfreq(FRAMES, 1.0 / RATE) > 16_000.0] = 0.0
    fade = np.hanning(FRAMES)
    return np.asarray(np.fft.irfft(spectrum) * fade, dtype=np.float32)


@pytest.mark.parametrize("kind", KINDS)
def test_it_reads_no_less_than_our_meter_and_that_of_scipy(kind: str) -> None:
    samples = nasty(kind, FRAMES, 3)[None]
    theirs = np.abs(resample_poly(samples.astype(np.float64), 16, 1, axis=1)).max()
    assert reading(samples) >= true_peak(samples, 16) * (1.0 - 1e-5)
    assert reading(samples) >= theirs * (1.0 - 1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_on_music_it_reads_no_less_than_an_fft_and_soxr(seed: int) -> None:
    samples = music(seed)
    doubles = samples.astype(np.float64)
    fft = np.abs(resample(doubles, 16 * FRAMES, axis=1)).max()
    soxr = np.abs(soxr_resample(doubles.T, 1, 16, quality="VHQ")).max()
    assert reading(samples) >= max(fft, soxr) * (1.0 - 2e-5)
    assert reading(samples) <= max(fft, soxr) * 1.004


@pytest.mark.parametrize("seed", range(8))
def test_what_hisses_near_a_peak_is_read_as_soxr_reads_it(seed: int) -> None:
    dice, time = np.random.default_rng(seed), np.arange(FRAMES) / RATE
    hats = dice.standard_normal(FRAMES) * np.exp(-(time % 0.01) / 0.001)
    hats = lfilter([1.0, -3.0, 3.0, -1.0], [1.0], hats)
    tone = np.sin(2.0 * np.pi * 400.0 * time) * np.hanning(FRAMES)
    samples = np.asarray(tone + 0.02 * hats, dtype=np.float32)[None]
    soxr = np.abs(soxr_resample(samples[0].astype(np.float64), 1, 16, quality="VHQ")).max()
    assert reading(samples) >= soxr * (1.0 - 1e-3)


def test_a_peak_is_raised_where_it_goes_over_and_nowhere_else() -> None:
    samples = zeros((1, 9 * 100))
    samples[0, 450] = 1.0
    samples[0, 200] = 0.5
    followed = result(envelope(samples, RATE, zeros))
    before = followed.peaks.copy()
    over = result(raise_overs(followed, untouched(samples, followed), 0.8, None))
    assert over == pytest.approx(1.25, rel=0.002)
    assert np.flatnonzero(followed.peaks > before).tolist() == [49, 50]
    assert followed.peaks[50] == pytest.approx(1.0, rel=0.002)


def test_what_is_far_below_the_ceiling_is_not_looked_at() -> None:
    samples = music(0)
    followed = result(envelope(samples, RATE, zeros))
    assert result(raise_overs(followed, untouched(samples, followed), 100.0, None)) == 0.0


def test_frames_first_and_read_only_sounds_are_taken() -> None:
    samples = music(1)
    other = np.asfortranarray(samples)
    other.flags.writeable = False
    assert reading(other) == reading(samples)
