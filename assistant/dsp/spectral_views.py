"""A track's spectrum in many views: moments one by one, as they are and as what lies between tones.

Two lengths of window are taken at moments spread over the whole sound. The short ones tell the mean
power of each step, the long ones what a quarter of its lines do not pass: tones fill few lines of a
long window, so that breath, strings, room and hiss are seen between them. Channels take turns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from assistant.dsp.windows import hann, window_frames
from assistant.material import Audio, Samples

__all__ = ["STEPS_AN_OCTAVE", "STEPS_HZ", "SpectralViews", "spectral_views"]

Rows: TypeAlias = NDArray[np.float64]

STEPS_AN_OCTAVE = 12
LOWEST_HZ, HIGHEST_HZ = 80.0, 15_000.0
_COUNT = int(math.log2(HIGHEST_HZ / LOWEST_HZ) * STEPS_AN_OCTAVE) + 1
STEPS_HZ: Rows = LOWEST_HZ * 2.0 ** (np.arange(_COUNT) / STEPS_AN_OCTAVE)
TOP = 0.45  # of the rate: the filters of converters lie above

SHORT_SECONDS, SHORT_COUNT = 0.186, 256
LONG_SECONDS, LONG_COUNT = 0.743, 64
BETWEEN = 0.25  # quantile of the lines of a step
_BLACKMAN_HARRIS = (0.35875, -0.48829, 0.14128, -0.01168)
BATCH = 16  # windows transformed at once


@dataclass(frozen=True, eq=False)
class SpectralViews:
    """Spectra of moments.

    Parameters
    ----------
    short : ndarray of float64, shape (moments, steps)
        Mean power of a line around each of the lowest `STEPS_HZ`, as many of them as the rate has,
        in windows of 0.19 s; full scale squared by Hz. At most 256 moments.
    long : ndarray of float64, shape (moments, steps)
        What a quarter of the lines of a step do not pass, in windows of 0.74 s. At most 64 moments.
    """

    short: Rows
    long: Rows


def spectral_views(audio: Audio, middles: Rows) -> Generator[float, None, SpectralViews]:
    """Look at a track.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: only the windows are read.
    middles : ndarray of float64, shape (moments,)
        Middles, in seconds, of the moments to choose from, rising. What is chosen is spread evenly.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    SpectralViews
        No more than 2 MB, however long the sound.
    """
    short = _Looking(audio, SHORT_SECONDS, hann, _means)
    yield 0.0
    means = short.at(_spread(middles, SHORT_COUNT))
    yield 0.5
    long = _Looking(audio, LONG_SECONDS, _blackman_harris, _between)
    between = long.at(_spread(middles, LONG_COUNT))
    yield 1.0
    return SpectralViews(means, between)


def _spread(middles: Rows, count: int) -> Rows:
    if len(middles) <= count:
        return middles
    return middles[np.round(np.linspace(0, len(middles) - 1, count)).astype(np.int64)]


class _Looking:
    """Windows of one length, and how a row of steps is read from each."""

    def __init__(
        self,
        audio: Audio,
        seconds: float,
        window: Callable[[int], Rows],
        read: Callable[[Samples, Rows, float], Rows],
    ) -> None:
        self._audio, self._read = audio, read
        self._size = window_frames(seconds, audio.rate)
        self._window = window(self._size).astype(np.float32)
        energy = float(np.sum(np.square(self._window, dtype=np.float64)))
        self._scale = np.float32(2.0 / (audio.rate * energy))
        self._steps = STEPS_HZ[STEPS_HZ / audio.rate < TOP]

    def at(self, middles: Rows) -> Rows:
        """Look at some moments."""
        rows = [np.empty((0, len(self._steps)))]
        for first in range(0, len(middles), BATCH):
            batch = enumerate(middles[first : first + BATCH], first)
            lines = fft.rfft(np.stack([self._cut(n, middle) for n, middle in batch]), axis=1)
            powers = self._scale * (np.square(lines.real) + np.square(lines.imag))
            rows.append(self._read(powers, self._steps, self._size / self._audio.rate))
        return np.concatenate(rows)

    def _cut(self, turn: int, middle: float) -> Samples:
        """Cut out one window of one channel; outside is silence."""
        begin = round(middle * self._audio.rate) - self._size // 2
        row = self._audio.samples[turn % self._audio.channels]
        cut = row[max(begin, 0) : max(begin + self._size, 0)]
        before = max(-begin, 0)
        return np.pad(cut, (before, self._size - before - len(cut))) * self._window


def _blackman_harris(size: int) -> Rows:
    """Make the window of four terms with sides 92 dB down (Harris, Proc. IEEE 66(1), 1978)."""
    turns = 2.0 * np.pi * np.arange(size) / size
    return np.asarray(sum(part * np.cos(n * turns) for n, part in enumerate(_BLACKMAN_HARRIS)))


def _means(powers: Samples, steps: Rows, lines_a_hertz: float) -> Rows:
    """Average the lines around each step, the near ones for more."""
    sums = np.pad(np.cumsum(powers, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    means = np.zeros((len(powers), len(steps)))
    for half_steps in (0.5, 1.0):
        ratio = 2.0 ** (half_steps / STEPS_AN_OCTAVE)
        ends = [_sum_to(sums, powers, steps * side * lines_a_hertz) for side in (1 / ratio, ratio)]
        means += 0.5 * (ends[1] - ends[0]) / (steps * (ratio - 1 / ratio) * lines_a_hertz)
    return np.maximum(means, 0.0)


def _sum_to(sums: Rows, powers: Samples, edges: Rows) -> Rows:
    """Sum up lines as far as an edge, in parts of lines."""
    places = np.clip(edges + 0.5, 0.0, powers.shape[1] - 1.0)
    whole = places.astype(np.int64)
    return np.asarray(sums[:, whole] + (places - whole) * powers[:, whole])


def _between(powers: Samples, steps: Rows, lines_a_hertz: float) -> Rows:
    """Tell what lies between the tones of each step."""
    half = 2.0 ** (0.5 / STEPS_AN_OCTAVE)
    rows = np.empty((len(powers), len(steps)))
    for n, hertz in enumerate(steps * lines_a_hertz):
        first, last = math.floor(hertz / half), math.ceil(hertz * half) + 1
        place = round(BETWEEN * (last - first - 1))
        rows[:, n] = np.partition(powers[:, first:last], place, axis=1)[:, place]
    return rows
