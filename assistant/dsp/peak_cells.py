"""The peaks of a sound, a thousand and more a second: short enough for an attack, and soon read.

What a compressor does depends on the peaks it hears, held (`assistant.dsp.peak_hold`), and on
nothing between them. So a compressor that is run on these instead of on samples, at their rate,
tells what it would take off, some thirty times sooner.
"""

from __future__ import annotations

import math

import numpy as np

from assistant.dsp.biquads import Pair
from assistant.dsp.peak_hold import CELLS, HOLD_SECONDS
from assistant.dsp.stereo import front_pair
from assistant.material import Audio

__all__ = ["CELLS_PER_SECOND", "peak_cells"]

CELLS_PER_SECOND = round(CELLS / HOLD_SECONDS)  # a hold is as many of them as of its own cells
BLOCK_CELLS = 1 << 13


def peak_cells(audio: Audio) -> tuple[Pair, int]:
    """Read the peak of each cell.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: it is read in blocks.

    Returns
    -------
    peaks : ndarray of float64, shape (2, cells)
        Highest absolute value of left and right in each cell, linear; what is left over at the end
        is part of the last cell. A mono sound is the same on both sides.
    rate : int
        Cells a second, in Hz: 1280, or as few less as whole frames allow, so that they can be held
        as long as samples are.
    """
    cell = math.ceil(audio.rate / CELLS_PER_SECOND)
    peaks = np.zeros((2, -(-audio.frames // cell)))
    for first in range(0, peaks.shape[1], BLOCK_CELLS):
        block = audio.samples[:, first * cell : (first + BLOCK_CELLS) * cell]
        rows = block if len(block) <= 2 else front_pair(block)
        short = -rows.shape[1] % cell
        cells = np.pad(rows, ((0, 0), (0, short))).reshape(len(rows), -1, cell)
        peaks[:, first : first + BLOCK_CELLS] = np.maximum(cells.max(axis=2), -cells.min(axis=2))
    return peaks, round(audio.rate / cell)
