"""What the mastering bench measures a master by; as far as it can be, with nothing of our own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.signal import correlate, resample_poly, welch

from assistant.dsp.loudness import energies, integrated, measure
from assistant.material import Audio, Samples

__all__ = [
    "intermodulation",
    "loudness",
    "loudness_range",
    "peak_by_scipy",
    "peak_by_soxr",
    "residual_sdr",
    "side_over_mid",
    "spectral_distance",
    "thd_n",
]

Signal: TypeAlias = NDArray[np.float64]
Through: TypeAlias = Callable[[Audio], Samples]

OVERSAMPLING = 16
TONE_RATE = 48_000
TONE_SECONDS = 6
TONE_PEAK = 0.5
CARRIER_HZ = 7000
SIDEBANDS = 3  # on either side
THIRD_OCTAVES_HZ = 1000.0 * 10.0 ** (np.arange(-15, 13) / 10.0)  # 31.5 Hz to 16 kHz
WELCH_FRAMES = 1 << 14
EMPTY_DB = -70.0  # under the loudest third octave: there is nothing to compare


def loudness(samples: Samples, rate: int) -> float:
    """Measure integrated loudness in LUFS."""
    return integrated(energies(samples, rate))


def loudness_range(samples: Samples, rate: int) -> float:
    """Measure loudness range in LU."""
    return measure(Audio(np.ascontiguousarray(samples), rate)).loudness_range


def peak_by_scipy(samples: Samples) -> float:
    """Return the true peak in dBTP at sixteen times the rate, by SciPy's interpolator."""
    points = (np.abs(resample_poly(row.astype("f8"), OVERSAMPLING, 1)).max() for row in samples)
    return _decibels(max(points))


def peak_by_soxr(samples: Samples) -> float:
    """Return the true peak in dBTP at sixteen times the rate, by soxr's longest interpolator."""
    points = (np.abs(soxr.resample(row, 1, OVERSAMPLING, "VHQ")).max() for row in samples)
    return _decibels(float(max(points)))


def residual_sdr(audio: Audio, made: Samples) -> float:
    """Compare the sound with its input at the scale that fits best, in dB; delays are made up."""
    first, second = audio.samples[0].astype(np.float64), made[0].astype(np.float64)
    lags = np.abs(correlate(second, first, mode="full", method="fft"))
    late = int(np.argmax(lags)) - (first.size - 1)
    frames = min(audio.frames, made.shape[1]) - abs(late)
    kept = made[:, max(late, 0) :][:, :frames].astype(np.float64)
    given = audio.samples[:, max(-late, 0) :][:, :frames].astype(np.float64)
    fitted = given * (np.sum(given * kept) / np.sum(given**2))
    return float(10.0 * np.log10(np.sum(fitted**2) / np.sum((kept - fitted) ** 2)))


def thd_n(limit: Through) -> float:
    """Tell how far all but the tone lies below a 997 Hz tone that went through, in dB."""
    made = _steady(limit, {997: TONE_PEAK})
    turns = 2.0 * np.pi * 997.0 * np.arange(made.size) / TONE_RATE
    basis = np.stack([np.sin(turns), np.cos(turns)], axis=1)
    fitted = basis @ np.linalg.lstsq(basis, made, rcond=None)[0]
    return _decibels(np.std(made - fitted) / np.std(fitted))


def intermodulation(limit: Through, low_hz: int) -> float:
    """Tell how far the sidebands of 7 kHz lie below it beside a tone four times as high, in dB."""
    made = _steady(limit, {low_hz: 0.8 * TONE_PEAK, CARRIER_HZ: 0.2 * TONE_PEAK})
    energy = np.square(np.abs(np.fft.rfft(made * np.blackman(made.size))))
    hertz = np.abs(np.arange(energy.size) * TONE_RATE / made.size - CARRIER_HZ)
    orders = low_hz * np.arange(1, SIDEBANDS + 1)
    beside = np.any(np.abs(hertz[:, None] - orders) <= 3.0, axis=1)
    return _decibels(math.sqrt(energy[beside].sum() / energy[hertz <= 3.0].sum()))


def _steady(limit: Through, levels: dict[int, float]) -> Signal:
    """Send tones through, and return two seconds from where they have settled."""
    time = np.arange(TONE_SECONDS * TONE_RATE) / TONE_RATE
    tones = sum(level * np.sin(2.0 * np.pi * hz * time) for hz, level in levels.items())
    made = limit(Audio(np.tile(tones, (2, 1)).astype(np.float32), TONE_RATE))
    return made[0, 2 * TONE_RATE : 4 * TONE_RATE].astype(np.float64)


def spectral_distance(one: Audio, other: Audio) -> float:
    """Compare two long-term spectra by shape: root mean square over third octaves, in dB."""
    first, second = _third_octaves(one), _third_octaves(other)
    there = (first - first.max() > EMPTY_DB) & (second - second.max() > EMPTY_DB)
    apart = (first - second)[there]
    return float(np.std(apart))


def _third_octaves(audio: Audio) -> Signal:
    """Return the power of the middle and the sides together, in dB, in each third octave."""
    hertz, density = welch(audio.samples.astype("f8"), audio.rate, nperseg=WELCH_FRAMES)
    power = density.sum(axis=0)
    edges = THIRD_OCTAVES_HZ[:, None] * 10.0 ** (np.array([-0.05, 0.05]))
    within = (hertz >= edges[:, :1]) & (hertz < edges[:, 1:])
    # The lowest bands are narrower than the bins, so that what lies nearest stands for them.
    nearest = power[np.abs(hertz - THIRD_OCTAVES_HZ[:, None]).argmin(axis=1)]
    width = np.diff(edges, axis=1)[:, 0] / hertz[1]
    levels = np.where(within.sum(axis=1) > 1, within @ power, nearest * width)
    return np.asarray(10.0 * np.log10(np.maximum(levels, 1e-20)))


def side_over_mid(samples: Samples) -> float:
    """Return the level of the sides over that of the middle, in dB."""
    both = samples.astype(np.float64)
    return _decibels(float(np.std(both[0] - both[1]) / np.std(both[0] + both[1])))


def _decibels(linear: float) -> float:
    return 20.0 * math.log10(max(linear, 1e-12))
