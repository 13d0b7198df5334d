"""Places where a sound was cut off flat before it came here."""

from __future__ import annotations

import numpy as np

from assistant.dsp.truepeak import sample_peak
from assistant.material import Audio, Samples

__all__ = ["flat_tops"]

SHORTEST_FRAMES = 3  # as high as each other: two may be chance
HIGHEST = 1.0 - 4e-5  # of the peak: the lowest value of 16 bits lies so much beyond the highest
# What comes in slower than this, as part of the peak, may be the round top of a low note.
STEEPEST = 0.995
_BLOCK_FRAMES = 1 << 18


def flat_tops(audio: Audio) -> int:
    """Count the places where a sound runs into a wall at its highest sample.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.

    Returns
    -------
    int
        Of all channels together; 0 in silence.
    """
    peak = sample_peak(audio.samples)
    if peak == 0.0:
        return 0
    blocks = audio.blocks(_BLOCK_FRAMES)
    return sum(_count(row, peak) for _, block in blocks for row in np.abs(block))


def _count(row: Samples, peak: float) -> int:
    """Count the runs at the peak that begin at once."""
    at_top = np.concatenate(([False], row >= HIGHEST * peak, [False]))
    first, last = np.flatnonzero(at_top[1:] != at_top[:-1]).reshape(-1, 2).T
    before = np.where(first > 0, row[np.maximum(first, 1) - 1], np.inf)
    flat = (last - first >= SHORTEST_FRAMES) & (before < STEEPEST * peak)
    return int(np.count_nonzero(flat))
