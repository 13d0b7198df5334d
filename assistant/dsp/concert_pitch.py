"""How far music is from concert pitch: where the peaks of its spectra lie between the semitones."""

from __future__ import annotations

from collections.abc import Generator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.listening import Frames
from assistant.dsp.mono import resampled_mono
from assistant.material import Audio

__all__ = ["off_concert_pitch"]

Array = NDArray[np.float64]

_RATE_HZ = 11_025
_WINDOW, _HOP = 8192, 4096  # 0.74 s: long enough to tell semitones apart from 100 Hz on
_LOWEST_HZ, _HIGHEST_HZ = 110.0, 2_000.0
_STANDS_OUT = 0.03  # of the highest peak of a frame
_QUIET = 1e-4  # of full scale: a partial under -80 dB says nothing
_FEWEST = 20.0  # peaks that make the answer half as sure as it can be


def off_concert_pitch(audio: Audio) -> Generator[float, None, tuple[float, float]]:
    """Tell how far music is from A4 = 440 Hz.

    Parameters
    ----------
    audio : Audio
        Any sound, finite; of one voice or many.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    float
        Cents above concert pitch, -50.0 to 50.0; 0.0 where nothing is heard.
    float
        How sure, 0.0 (noise, silence, glides) to 1.0 (all partials on one scale of semitones).
    """
    frames = Frames(_WINDOW, _HOP)
    total, weight, count = 0j, 0.0, 0
    for done, block in resampled_mono(audio, _RATE_HZ):
        for frame in frames.push(block):
            semitones, strengths = _peaks(frame)
            total += complex((strengths * np.exp(2j * np.pi * semitones)).sum())
            weight += float(strengths.sum())
            count += semitones.size
        yield min(1.0, done)
    yield 1.0
    if weight <= 0.0:
        return 0.0, 0.0
    agreed = abs(total) / weight
    return float(np.angle(total)) * 50.0 / np.pi, agreed * count / (count + _FEWEST)


def _peaks(frame: NDArray[np.float32]) -> tuple[Array, Array]:
    """Find the partials of a frame: semitones from concert pitch, and how much they count."""
    from scipy import fft

    spectrum = np.abs(fft.rfft(frame * _window())) * (2.0 / _window().sum())
    low, high = (round(hz * _WINDOW / _RATE_HZ) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    here = np.arange(low, high)
    least = max(_QUIET, _STANDS_OUT * float(spectrum[low:high].max(initial=0.0)))
    middle = spectrum[here]
    top = (middle > spectrum[here - 1]) & (middle >= spectrum[here + 1]) & (middle > least)
    places = here[top]
    left, peak, right = (np.log(spectrum[places + step] + 1e-12) for step in (-1, 0, 1))
    away = 0.5 * (left - right) / np.minimum(left - 2.0 * peak + right, -1e-9)
    hz = (places + away) * _RATE_HZ / _WINDOW
    return 12.0 * np.log2(hz / 440.0), np.sqrt(spectrum[places])


@lru_cache(maxsize=1)
def _window() -> Array:
    """Return a Gaussian: on a logarithmic scale its transform is a parabola, with a clear top."""
    at = (np.arange(_WINDOW) + 0.5) / _WINDOW - 0.5
    return np.asarray(np.exp(-0.5 * (at / 0.14) ** 2), dtype=np.float64)
