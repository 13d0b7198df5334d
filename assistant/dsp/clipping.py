"""Places where a sound was cut off flat before it came here."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from assistant.dsp.truepeak import chunk_peaks
from assistant.material import Audio, Samples
from assistant.steps import part

__all__ = ["flat_tops"]

SHORTEST_FRAMES = 3  # as high as each other: two may be chance
HIGHEST = 1.0 - 4e-5  # of the peak: the lowest value of 16 bits lies so much beyond the highest
# What comes in slower than this, as part of the peak, may be the round top of a low note.
STEEPEST = 0.995
_BLOCK_FRAMES = 1 << 18


def flat_tops(audio: Audio) -> Generator[float, None, int]:
    """Count the places where a sound runs into a wall at its highest sample.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    int
        Of all channels together; 0 in silence.
    """
    peaks = yield from part(chunk_peaks(audio.samples), 0.0, 0.4)
    peak, found = float(peaks.max(initial=0.0)), 0
    if peak == 0.0:
        return 0
    for start, block in audio.blocks(_BLOCK_FRAMES):
        found += sum(_count(row, peak) for row in np.abs(block))
        yield 0.4 + 0.6 * (start + block.shape[1]) / audio.frames
    return found


def _count(row: Samples, peak: float) -> int:
    """Count the runs at the peak that begin at once."""
    at_top = np.concatenate(([False], row >= HIGHEST * peak, [False]))
    first, last = np.flatnonzero(at_top[1:] != at_top[:-1]).reshape(-1, 2).T
    before = np.where(first > 0, row[np.maximum(first, 1) - 1], np.inf)
    flat = (last - first >= SHORTEST_FRAMES) & (before < STEEPEST * peak)
    return int(np.count_nonzero(flat))
