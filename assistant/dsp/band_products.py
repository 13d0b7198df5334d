"""What several sounds have in common in each octave: the products of all of them with all.

From these, and nothing else, least squares tell whether one sound is a sum of others. Only short
windows from all over the song are read, so that a long song costs no more than a short one; their
distances differ, lest each falls on the same place of a bar.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from assistant.dsp.stereo import front_pair
from assistant.dsp.windows import hann, window_frames
from assistant.material import Audio, Samples

__all__ = ["EDGES_HZ", "BandProducts", "band_products"]

EDGES_HZ = (30.0, 125.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 20_000.0)
WINDOW_SECONDS = 0.09
MOST_WINDOWS = 400
GOLDEN = 0.618_033_988_749_895  # its multiples fill an interval evenly, and never come back


@dataclass(frozen=True, eq=False)
class BandProducts:
    """Products of channels.

    Parameters
    ----------
    owners : ndarray of int64, shape (channels,)
        Which sound each channel is of.
    products : ndarray of float64, shape (bands, channels, channels)
        Of each two channels in each octave (`EDGES_HZ`), summed up over the windows; on the
        diagonal, energies.
    """

    owners: NDArray[np.int64]
    products: NDArray[np.float64]


def band_products(
    sounds: Sequence[Audio], starts: Sequence[int]
) -> Generator[float, None, BandProducts]:
    """Multiply sounds with each other.

    Parameters
    ----------
    sounds : sequence of Audio
        At one rate, finite. May be memory-mapped: only windows of them are read.
    starts : sequence of int
        Frame of the song at which each begins.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    BandProducts
        Of more than two channels, those of the stereo programme (`stereo.front_pair`).
    """
    counts = [min(one.channels, 2) for one in sounds]
    owners = np.repeat(np.arange(len(sounds)), counts)
    products = np.zeros((len(EDGES_HZ) - 1, len(owners), len(owners)))
    if not sounds:
        return BandProducts(owners, products)
    rate = sounds[0].rate
    size = window_frames(WINDOW_SECONDS, rate)
    window = hann(size).astype(np.float32)
    edges = np.minimum(np.round(np.array(EDGES_HZ) * size / rate), size // 2 + 1).astype(np.int64)
    begins = _begins(sounds, starts, size)
    for n, begin in enumerate(begins.tolist()):
        rows = [_cut(one, begin - at, size) for one, at in zip(sounds, starts, strict=True)]
        lines = fft.rfft(np.concatenate(rows) * window, axis=1).astype(np.complex128)
        for band, (low, high) in enumerate(pairwise(edges.tolist())):
            part = np.concatenate([lines[:, low:high].real, lines[:, low:high].imag], axis=1)
            products[band] += part @ part.T
        yield (n + 1) / len(begins)
    return BandProducts(owners, products)


def _begins(sounds: Sequence[Audio], starts: Sequence[int], size: int) -> NDArray[np.int64]:
    """Choose where windows begin: one at some place in each of equal parts of the song."""
    first = min(starts)
    frames = max(at + one.frames for one, at in zip(sounds, starts, strict=True)) - first
    count = min(MOST_WINDOWS, max(1, frames // size))
    part = frames / count
    within = np.mod(np.arange(count) * GOLDEN, 1.0) * max(0.0, part - size)
    return np.asarray(first + np.floor(np.arange(count) * part + within), np.int64)


def _cut(audio: Audio, begin: int, size: int) -> Samples:
    """Cut out a window, shape (1 or 2, size); outside is silence."""
    first, last = max(begin, 0), min(begin + size, audio.frames)
    made = np.zeros((min(audio.channels, 2), size), np.float32)
    if first < last:
        block = np.asarray(audio.samples[:, first:last])
        rows = block if len(block) <= 2 else front_pair(block).astype(np.float32)
        made[:, first - begin : last - begin] = rows
    return made
