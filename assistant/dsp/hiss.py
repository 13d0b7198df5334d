"""Hiss: noise alone, as it is heard in the moments in which nothing else sounds.

Averaged over many moments noise is as strong at one frequency as at the next, while a held note
leaves lines however softly it is played. So the median of a third octave is that of its noise, and
tells how much of all that is heard there is noise.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.dsp.stereo import front_pair
from assistant.dsp.third_octaves import CENTRES_HZ, levels_of
from assistant.dsp.windows import hann, window_frames
from assistant.material import Audio

__all__ = ["Hiss", "hiss_in"]

Row: TypeAlias = NDArray[np.float64]

WINDOW_SECONDS = 0.18  # as long as a moment is looked at
MOST_MOMENTS = 24
EDGE = 10.0**0.05  # of a third octave, over its centre
LEAST_BINS = 8


class Hiss(NamedTuple):
    """A noise: its level in dBFS, and which share of what was heard beside it was noise."""

    level_db: float
    purity: float


def hiss_in(audio: Audio, moments: NDArray[np.int64], bands: slice) -> Hiss:
    """Listen to noise.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: only a few moments are read. Of more than two channels the
        stereo programme is heard, as in `assistant.dsp.moments`.
    moments : ndarray of int64
        Tenths of a second in which nothing else is heard, in order, one at least.
    bands : slice
        Of third octaves (`third_octaves.CENTRES_HZ`) in which it was found; the lowest of them at
        50 Hz or above.

    Returns
    -------
    Hiss
        Purity is 1.0 in noise, and near 0.0 where there are notes.
    """
    size = window_frames(WINDOW_SECONDS, audio.rate)
    chosen = moments[np.linspace(0, len(moments) - 1, min(len(moments), MOST_MOMENTS)).astype(int)]
    power = _mean_power(audio, chosen, size)
    under_mean = (1.0 - 1.0 / (9.0 * len(chosen))) ** 3  # the median of so many squares of noise
    hertz = np.arange(power.size) * audio.rate / size
    heard: list[float] = []
    noise: list[float] = []
    for centre_hz in np.array(CENTRES_HZ)[bands]:
        lines = power[(hertz >= centre_hz / EDGE) & (hertz < centre_hz * EDGE)]
        if lines.size >= LEAST_BINS:
            heard.append(float(lines.sum()))
            noise.append(float(np.median(lines)) / under_mean * lines.size)
    if not heard:
        return Hiss(float(levels_of(np.zeros(1))[0]), 0.0)
    shares = np.array(noise) / np.maximum(np.array(heard), 1e-30)
    return Hiss(float(levels_of(np.sum(noise))), float(min(1.0, np.median(shares))))


def _mean_power(audio: Audio, moments: NDArray[np.int64], size: int) -> Row:
    """Average spectra of moments; a bin has its share of the mean square of the channels."""
    window = hann(size).astype(np.float32)
    total = np.zeros(size // 2 + 1)
    for moment in moments:
        start = round((moment + 0.5) * audio.rate / MOMENTS_PER_SECOND) - size // 2
        start = max(0, min(start, audio.frames - size))
        block = audio.samples[:, start : start + size]
        block = block if len(block) <= 2 else front_pair(block).astype(np.float32)
        total += np.square(np.abs(fft.rfft(block * window[: block.shape[1]], size))).mean(axis=0)
    return total * (2.0 / (size * float(np.square(window).sum()) * len(moments)))
