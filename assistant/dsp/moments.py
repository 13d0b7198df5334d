"""How loud each third octave of a sound is, ten times a second, and how much of it is tone.

One transform a moment tells it all: the bands of both channels together, what left and right share
in each band over the whole, and how far the spectrum within a band is from that of noise.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numba import complex64, float32, float64, int64, njit, types, void
from numpy.typing import NDArray
from scipy import fft

from assistant.dsp.kweighting import HOPS_PER_SECOND, hop_count
from assistant.dsp.stereo import front_pair
from assistant.dsp.third_octaves import BANDS, CENTRES_HZ, Levels, levels_of
from assistant.dsp.windows import window_frames
from assistant.material import Audio, Samples

__all__ = ["MOMENTS_PER_SECOND", "Moments", "moment_count", "moments"]

Row: TypeAlias = NDArray[np.float64]

MOMENTS_PER_SECOND = 10
WINDOW_SECONDS = 0.18
TONES_HZ = (200.0, 6_300.0)  # where tones are told from noise
TONES_FRAME = 3  # bins that a band needs for it
COMPRESSION = 0.3  # of power: about loudness, so that one loud band does not speak for all
BATCH = 8  # moments transformed at once
TOGETHER = 8  # lines multiplied before a logarithm is taken: so few of 1e-30 are a number yet

_LOW = 13  # the first band, as a power of a tenth of ten
_NUMBERS = types.Array(types.float64, 1, "C", readonly=True)


@dataclass(frozen=True, eq=False)
class Moments:
    """A sound in tenths of a second and third octaves.

    Parameters
    ----------
    powers : ndarray of float32, shape (moments, 31)
        Mean square of the channels in each third octave (`third_octaves.CENTRES_HZ`), within a
        window of 0.19 s around the middle of each tenth of a second. A sine at full scale in both
        channels has 0.5.
    noisiness : ndarray of float32, shape (moments,)
        Flatness of the spectrum within third octaves from 200 Hz to 6.3 kHz: near 0.0 where there
        are lines, 0.56 where there is noise; 0.0 in silence.
    left, right, shared : ndarray of float64, shape (31,)
        Mean power of left and right in each third octave over the whole, and of what they share,
        below 0.0 where they oppose each other.
    """

    powers: Samples
    noisiness: NDArray[np.float32]
    left: Row
    right: Row
    shared: Row

    @property
    def count(self) -> int:
        """How many moments there are."""
        return len(self.powers)

    @property
    def levels_db(self) -> Levels:
        """Long-term level of each third octave, mean of left and right, in dB, shape (31,)."""
        return levels_of((self.left + self.right) / 2.0)


def moment_count(frames: int, rate: int) -> int:
    """Return how many whole tenths of a second there are; as many as `loudness.tenths` tells."""
    return hop_count(frames, rate) // (HOPS_PER_SECOND // MOMENTS_PER_SECOND)


def moments(audio: Audio) -> Generator[float, None, Moments]:
    """Follow the third octaves of a sound.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: it is read in blocks. Of more than two channels the stereo
        programme is heard (`stereo.front_pair`).

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Moments
        150 bytes a moment: 54 MB for ten hours.
    """
    size = window_frames(WINDOW_SECONDS, audio.rate)
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    scale = 2.0 / (size * float(np.sum(np.square(window, dtype=np.float64))))
    places = np.minimum(_edges_hz() * size / audio.rate + 0.5, size // 2 + 1)
    count = moment_count(audio.frames, audio.rate)
    powers, noisiness = np.zeros((count, BANDS), np.float32), np.zeros(count, np.float32)
    sums = np.zeros((3, BANDS))
    for first in range(0, count, BATCH):
        last = min(first + BATCH, count)
        frames = np.multiply(_cut(audio, first, last, size), window, order="C")
        lines = fft.rfft(frames, axis=2, overwrite_x=True)
        here = slice(first, last)
        _add(lines[0], lines[-1], places, _tones(), scale, powers[here], noisiness[here], sums)
        yield last / count
    return Moments(powers, noisiness, *(sums / max(count, 1)))


def _edges_hz() -> Row:
    return np.asarray(10.0 ** ((_LOW - 0.5 + np.arange(BANDS + 1)) / 10.0))


def _tones() -> NDArray[np.int64]:
    """Return the first band in which tones are told from noise, and the one after the last."""
    first, last = np.searchsorted(np.array(CENTRES_HZ), TONES_HZ, "left")
    return np.array([first, last + 1], dtype=np.int64)


def _cut(audio: Audio, first: int, last: int, size: int) -> Samples:
    """Cut out the windows of some moments, shape (channels, moments, size); outside is silence."""
    middles = np.round((np.arange(first, last) + 0.5) * audio.rate / MOMENTS_PER_SECOND)
    starts = middles.astype(np.int64) - size // 2
    begin, end = int(starts[0]), int(starts[-1]) + size
    block = audio.samples[:, max(begin, 0) : end]
    rows = block if len(block) <= 2 else front_pair(block).astype(np.float32)
    short = max(-begin, 0), max(end - audio.frames, 0)
    if any(short):
        rows = np.pad(rows, ((0, 0), short))
    windows = np.lib.stride_tricks.sliding_window_view(rows, size, axis=1)
    return np.asarray(windows[:, starts - begin])


_TONES = types.Array(types.int64, 1, "C", readonly=True)


@njit(void(float64[:, ::1], float64, float64, float64[::1]), cache=True, nogil=True)
def _between(lines, begin, end, totals):  # type: ignore[no-untyped-def]
    """Sum up three rows from one edge to another, in parts of bins; side by side that is quick."""
    left, right, shared = lines[0], lines[1], lines[2]
    first, last = int(begin), int(end)
    part, line = begin - first, min(first, left.size - 1)
    one, two, three = -part * left[line], -part * right[line], -part * shared[line]
    for line in range(first, min(last, left.size)):
        one += left[line]
        two += right[line]
        three += shared[line]
    if last < left.size:
        part = end - last
        one, two = one + part * left[last], two + part * right[last]
        three += part * shared[last]
    totals[0], totals[1], totals[2] = one, two, three


@njit(float64(float64[:, ::1], int64, int64), cache=True, nogil=True)
def _flatness(lines, first, last):  # type: ignore[no-untyped-def]
    """Return the geometric mean by the arithmetic one, 0 where there is nothing.

    One logarithm does for the product of a few lines.
    """
    total, logs = 0.0, 0.0
    for begin in range(first, last, TOGETHER):
        product = 1.0
        for line in range(begin, min(begin + TOGETHER, last)):
            power = 0.5 * (lines[0, line] + lines[1, line])
            total += power
            product *= power + 1e-30
        logs += np.log(product)
    count = last - first
    return np.exp(logs / count) / (total / count + 1e-30)


@njit(
    void(
        complex64[:, ::1],
        complex64[:, ::1],
        _NUMBERS,
        _TONES,
        float64,
        float32[:, ::1],
        float32[::1],
        float64[:, ::1],
    ),
    cache=True,
    nogil=True,
)
def _add(left, right, places, tones, scale, powers, noisiness, sums):  # type: ignore[no-untyped-def]
    """Tell the bands of each moment, and add what left and right have in them to the sums."""
    lines, totals = np.empty((3, left.shape[1])), np.empty(3)
    for moment in range(left.shape[0]):
        for line in range(left.shape[1]):
            one, other = left[moment, line], right[moment, line]
            lines[0, line] = scale * (one.real * one.real + one.imag * one.imag)
            lines[1, line] = scale * (other.real * other.real + other.imag * other.imag)
            lines[2, line] = scale * (one.real * other.real + one.imag * other.imag)
        weights, flat = 0.0, 0.0
        for band in range(powers.shape[1]):
            begin, end = places[band], places[band + 1]
            _between(lines, begin, end, totals)
            for row in range(3):
                sums[row, band] += totals[row]
            power = 0.5 * (totals[0] + totals[1])
            powers[moment, band] = max(power, 0.0)
            first, last = int(begin), min(int(end), lines.shape[1])
            if tones[0] <= band < tones[1] and last - first >= TONES_FRAME and power > 1e-14:
                weight = power**COMPRESSION
                weights += weight
                flat += weight * _flatness(lines, first, last)
        noisiness[moment] = flat / weights if weights > 0.0 else 0.0
