"""Pitch-synchronous overlap-add: grains of a voice, one a cycle, set at other distances.

After Moulines and Charpentier, "Pitch-synchronous waveform processing techniques for
text-to-speech synthesis using diphones", Speech Communication 9 (1990). Each grain keeps the
shape of its cycle, and with it the formants; the distances alone make the pitch. From one grain
to the next the sound is a cross-fade of the two, so that grains which stay where they were found
give back the sound itself. Grains are set to a fraction of a frame: rounding would cost cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numba import float64, int64, njit, types, uint64, void
from numpy.typing import NDArray

__all__ = ["Grains", "overlap_add"]

Array = NDArray[np.float64]

TAPS = 32  # frames that an interpolated one depends on
FRACTIONS = 1024  # of a frame that interpolation is worked out for; between them on a line
KAISER_BETA = 9.0
SPARSE_GAIN = 0.75  # exponent: how much louder grains get that leave more room between them
SPARSEST = 6.0  # times the reach of a grain: further apart they are made no louder

_ARRAY = types.Array(types.float64, 1, "C", readonly=True)
_TABLE = types.Array(types.float64, 2, "C", readonly=True)


@dataclass(frozen=True, eq=False)
class Grains:
    """Pieces of a sound, and where to set them.

    Parameters
    ----------
    places : ndarray of float, shape (grains,)
        Frames, with fractions, rising: where the middle of each grain is set.
    sources : ndarray of float, shape (grains,)
        Frames, with fractions: where in the sound its middle is found.
    periods : ndarray of float, shape (grains,)
        Length of a cycle there, frames, above 0.0.
    speeds : ndarray of float, shape (grains,)
        How many frames of the sound go into one: 1.0 leaves formants alone, 2.0 raises them by an
        octave.
    """

    places: Array
    sources: Array
    periods: Array
    speeds: Array

    def part(self, first: int, last: int) -> Grains:
        """Return the grains from the first to the last of a part, both within it."""
        chosen = slice(first, last + 1)
        return Grains(
            self.places[chosen], self.sources[chosen], self.periods[chosen], self.speeds[chosen]
        )


def overlap_add(sound: Array, begins: int, grains: Grains, out: Array) -> None:
    """Set grains of a sound.

    Parameters
    ----------
    sound : ndarray of float, shape (channels, frames)
        What is beyond its ends counts as silence.
    begins : int
        The frame that `sound` begins with.
    grains : Grains
        At least two. Between two of them the first one fades out and the second one in, over what
        lies between their places, or less where that is more than a cycle.
    out : ndarray of float, shape (channels, frames)
        What lies between the first place and the last, both rounded up, is added to it.
    """
    table = _interpolators(min(1.0, 1.0 / float(grains.speeds.max())))
    _overlap_add(
        sound, begins, grains.places, grains.sources, grains.periods, grains.speeds, table, out
    )


@lru_cache(maxsize=4)
def _interpolators(cutoff: float) -> Array:
    """Return windowed sincs, a row for each fraction of a frame from 0 to 1."""
    fractions = np.arange(FRACTIONS + 1)[:, None] / FRACTIONS
    at = np.arange(1 - TAPS // 2, TAPS // 2 + 1) - fractions
    window = np.i0(KAISER_BETA * np.sqrt(np.maximum(0.0, 1.0 - np.square(2.0 * at / TAPS))))
    rows = np.sinc(cutoff * at) * window
    rows /= rows.sum(axis=1, keepdims=True)
    if cutoff == 1.0:  # whole frames are taken as they are, to the last bit
        rows[0], rows[-1] = at[0] == 0.0, at[-1] == 0.0
    return np.ascontiguousarray(rows)


@njit(int64(_TABLE, float64, float64[::1]), cache=True, nogil=True)
def _aim(table, place, row):  # type: ignore[no-untyped-def]
    """Work out the interpolator for a place; return the first frame that it takes."""
    whole = np.floor(place)
    at = (place - whole) * (table.shape[0] - 1)
    k = min(int64(at), table.shape[0] - 2)
    for i in range(row.shape[0]):
        row[i] = table[k, i] + (at - k) * (table[k + 1, i] - table[k, i])
    return int64(whole) + 1 - row.shape[0] // 2


@njit(float64(_ARRAY, int64, float64[::1]), cache=True, nogil=True)
def _taken(channel, first, row):  # type: ignore[no-untyped-def]
    """Return one interpolated sample; four sums, which a processor can do side by side."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    if first >= 0 and first + row.shape[0] <= channel.shape[0]:
        start = uint64(first)  # a place from the front, never from the back: no need to look
        for i in range(uint64(0), uint64(row.shape[0]), uint64(4)):
            a += row[i] * channel[start + i]
            b += row[i + uint64(1)] * channel[start + i + uint64(1)]
            c += row[i + uint64(2)] * channel[start + i + uint64(2)]
            d += row[i + uint64(3)] * channel[start + i + uint64(3)]
    else:
        for i in range(max(0, -first), min(row.shape[0], channel.shape[0] - first)):
            a += row[i] * channel[first + i]
    return (a + b) + (c + d)


@njit(
    void(_TABLE, int64, _ARRAY, _ARRAY, _ARRAY, _ARRAY, _TABLE, float64[:, ::1]),
    cache=True, nogil=True,
)  # fmt: skip
def _overlap_add(sound, begins, places, sources, periods, speeds, table, out):  # type: ignore[no-untyped-def]
    """Add each grain, first its rise, then its fall."""
    row = np.empty(table.shape[1])
    last = places.shape[0] - 1
    first = int64(np.ceil(places[0]))
    for j in range(last + 1):
        spread = (places[min(j + 1, last)] - places[max(j - 1, 0)]) / 2.0
        reach = periods[j] / max(1.0, speeds[j])
        sparse = min(SPARSEST, max(1.0, spread / reach)) if 0 < j < last else 1.0
        gain = sparse**SPARSE_GAIN
        for side in (-1, 1):
            to = min(max(j + side, 0), last)
            length = abs(places[to] - places[j])
            width = np.sqrt(length * min(length, reach))
            low, high = min(places[j], places[to]), max(places[j], places[to])
            at = _aim(table, sources[j] - places[j], row)
            for n in range(int64(np.ceil(low)), int64(np.ceil(high))):
                away = abs(n - places[j])
                if away < width:
                    if speeds[j] != 1.0:
                        at = _aim(table, sources[j] + (n - places[j]) * speeds[j], row) - n
                    weight = gain * (0.5 + 0.5 * np.cos(np.pi * away / width))
                    for c in range(out.shape[0]):
                        out[c, n - first] += weight * _taken(sound[c], at + n - begins, row)
