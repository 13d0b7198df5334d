"""The peak level that a compressor or a gate goes by: the highest of the last few milliseconds.

A rectified wave falls to nothing twice a period, and a detector that follows it makes the gain
flutter. Held for half a period of the lowest notes, a steady tone has a steady level, its peak; so
a threshold is in dBFS, as the meter of a DAW shows it, and a ratio holds exactly. It rises at
once; only the way back begins later by as long as it is held.
"""

from __future__ import annotations

import numpy as np
from numba import float64, int64, njit, void
from numpy.typing import NDArray

from assistant.dsp.biquads import Pair

__all__ = ["HOLD_SECONDS", "Levels", "PeakHold"]

Levels = NDArray[np.float64]
"""Linear, one a frame."""

HOLD_SECONDS = 0.0125  # half a period of 40 Hz
CELLS = 16  # the hold is as exact as this, and so no walk through all of its frames is needed


class PeakHold:
    """The held peak of the louder channel, block by block.

    Parameters
    ----------
    rate : int
        In Hz.
    """

    def __init__(self, rate: int) -> None:
        self._cell = max(1, -(-round(HOLD_SECONDS * rate) // CELLS))
        self._peaks = np.zeros(CELLS + 1)  # of whole cells, and last of the one that is not over

    def run(self, pair: Pair, first: int) -> Levels:
        """Follow a block.

        Parameters
        ----------
        pair : ndarray of float64, shape (2, frames)
            What follows the block before.
        first : int
            The frame of the song at which it begins.

        Returns
        -------
        ndarray of float64, shape (frames,)
            The highest absolute value of either channel, from 12.5 ms before (a cell of it more
            at most) to each frame.
        """
        levels = np.empty(pair.shape[1])
        _hold(pair, self._cell, first, self._peaks, levels)
        return levels


@njit(void(float64[:, ::1], int64, int64, float64[::1], float64[::1]), cache=True, nogil=True)
def _hold(pair, cell, first, peaks, levels):  # type: ignore[no-untyped-def]
    """Write the highest of the last cells and of the one that has begun."""
    last = peaks.shape[0] - 1
    running = peaks[last]
    before = peaks[:last].max()
    place = first % cell
    index = first // cell % last
    for i in range(pair.shape[1]):
        running = max(running, abs(pair[0, i]), abs(pair[1, i]))
        levels[i] = max(before, running)
        place += 1
        if place == cell:
            peaks[index] = running
            before, running, place = peaks[:last].max(), 0.0, 0
            index = (index + 1) % last
    peaks[last] = running
