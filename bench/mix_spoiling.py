"""The tools that faults of the mix bench are made with; they are not those of the stage."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import lfilter

__all__ = [
    "Dice",
    "Signal",
    "active_seconds",
    "as_strong",
    "band_levels_db",
    "bell",
    "compressed",
    "delayed",
    "sounding_rms",
    "strong_bands",
]

Signal: TypeAlias = NDArray[np.float64]
"""Shape (channels, frames)."""
Dice: TypeAlias = np.random.Generator

CENTRES_HZ = 1_000.0 * 2.0 ** (np.arange(-8, 10) / 3.0)  # of third octaves, 160 Hz to 8 kHz
STRONG_DB = -15.0  # against the strongest third octave
SOUNDING_DB = -30.0  # against the loudest tenth of a second
MOMENT_SECONDS = 0.1
ATTACK_SECONDS, RELEASE_SECONDS = 0.0005, 0.08
STEP_SECONDS = 0.001


def bell(samples: Signal, rate: int, freq_hz: float, gain_db: float, q: float) -> Signal:
    """Filter with a peaking equaliser, by the bilinear transform.

    Parameters
    ----------
    samples : ndarray of float64, shape (channels, frames)
        What is filtered.
    rate : int
        In Hz.
    freq_hz, gain_db, q : float
        Centre, gain there, and centre over the width at half the gain in dB.

    Returns
    -------
    ndarray of float64, shape (channels, frames)
        Of the same length.
    """
    height, turn = 10.0 ** (gain_db / 40.0), 2.0 * np.pi * freq_hz / rate
    half = np.sin(turn) / (2.0 * q)
    over = np.array([1.0 + half * height, -2.0 * np.cos(turn), 1.0 - half * height])
    under = np.array([1.0 + half / height, -2.0 * np.cos(turn), 1.0 - half / height])
    return np.asarray(lfilter(over / under[0], under / under[0], samples))


def delayed(samples: Signal, frames: float) -> Signal:
    """Delay by any number of frames, also between two of them; what goes over the end is lost."""
    count = samples.shape[1]
    padded = np.fft.rfft(samples, 2 * count)
    turns = np.exp(-2j * np.pi * np.fft.rfftfreq(2 * count) * frames)
    return np.asarray(np.fft.irfft(padded * turns, 2 * count)[:, :count])


def compressed(samples: Signal, rate: int, under_peak_db: float, ratio: float) -> Signal:
    """Compress all channels alike, by peaks, with a hard knee so far under the highest of them.

    It looks ahead by 2 ms, so that no attack is left over it.
    """
    step = round(STEP_SECONDS * rate)
    frames = samples.shape[1]
    padded = np.pad(np.abs(samples).max(axis=0), (0, -frames % step))
    peaks = maximum_filter1d(padded.reshape(-1, step).max(axis=1), 5)
    peaks_db = 20.0 * np.log10(peaks + 1e-9)
    over = np.maximum(peaks_db - peaks_db.max() + under_peak_db, 0.0) * (1.0 - 1.0 / ratio)
    rise, fall = (1.0 - np.exp(-STEP_SECONDS / s) for s in (ATTACK_SECONDS, RELEASE_SECONDS))
    gains, last = np.empty(over.size), 0.0
    for place, wanted in enumerate(over):
        last += (rise if wanted > last else fall) * (wanted - last)
        gains[place] = -last
    smooth = np.interp(np.arange(frames), (np.arange(over.size) + 0.5) * step, gains)
    return np.asarray(samples * 10.0 ** (smooth / 20.0))


def as_strong(samples: Signal, before: Signal) -> Signal:
    """Scale to the RMS that it had before."""
    return np.asarray(samples * np.sqrt(np.mean(before**2) / np.mean(samples**2)))


def sounding_rms(samples: Signal, rate: int) -> float:
    """Measure the RMS of where it sounds, linear."""
    powers = _moments(samples, rate)
    return float(np.sqrt(powers[_sounding(powers)].mean()))


def active_seconds(samples: Signal, rate: int) -> float:
    """Tell for how long it sounds."""
    return float(np.count_nonzero(_sounding(_moments(samples, rate)))) * MOMENT_SECONDS


def band_levels_db(samples: Signal, rate: int) -> Signal:
    """Measure third octaves at `CENTRES_HZ`, against the strongest of them; shape (18,)."""
    powers = (np.abs(np.fft.rfft(samples)) ** 2).sum(axis=0)
    hertz = np.fft.rfftfreq(samples.shape[1], 1.0 / rate)
    edges = np.searchsorted(hertz, np.append(CENTRES_HZ, 2.0 ** (1 / 3) * CENTRES_HZ[-1])
                            * 2.0 ** (-1 / 6))  # fmt: skip
    levels = 10.0 * np.log10(np.add.reduceat(powers, edges)[:-1] + 1e-12)
    return np.asarray(levels - levels.max())


def strong_bands(samples: Signal, rate: int) -> Signal:
    """List the centres, in Hz, of the third octaves in which a stem has most of what it has."""
    return np.asarray(CENTRES_HZ[band_levels_db(samples, rate) > STRONG_DB])


def _moments(samples: Signal, rate: int) -> Signal:
    step = round(MOMENT_SECONDS * rate)
    whole = samples[:, : samples.shape[1] // step * step]
    return np.asarray((whole**2).reshape(len(samples), -1, step).mean(axis=(0, 2)))


def _sounding(powers: Signal) -> NDArray[np.bool_]:
    return np.asarray(powers > powers.max() * 10.0 ** (SOUNDING_DB / 10.0))
