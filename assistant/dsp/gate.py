"""A gate: what stays below a threshold is silent.

It opens where the held peak of either channel (`assistant.dsp.peak_hold`) passes the threshold, and
closes a while after it has fallen well below, so that it does not flutter on a note that dies away.
It does not look ahead.
"""

from __future__ import annotations

import numpy as np
from numba import float64, njit, types, void

from assistant.dsp.biquads import Pair
from assistant.dsp.compressor import pole
from assistant.dsp.decibels import amplitude
from assistant.dsp.peak_hold import PeakHold

__all__ = ["ATTACK_MS", "HOLD_MS", "HYSTERESIS_DB", "RELEASE_MS", "Gate"]

ATTACK_MS, HOLD_MS, RELEASE_MS = 1.0, 50.0, 100.0
HYSTERESIS_DB = 6.0  # so far below the threshold it closes again

_SETTLED = 1e-9
_LEVELS = types.Array(types.float64, 1, "C", readonly=True)


class Gate:
    """A gate at work; closed where the song begins.

    Parameters
    ----------
    threshold_db : float
        Peak level at which it opens, in dBFS.
    rate : int
        In Hz.
    """

    def __init__(self, threshold_db: float, rate: int) -> None:
        self._hold = PeakHold(rate)
        self._shape = np.array(
            [
                amplitude(threshold_db),
                amplitude(threshold_db - HYSTERESIS_DB),
                HOLD_MS * rate / 1000.0,
                pole(ATTACK_MS, rate),
                pole(RELEASE_MS, rate),
            ]
        )
        self._state = np.zeros(2)  # the gain, and for how many frames it stays open

    def run(self, pair: Pair, first: int) -> None:
        """Gate a block in place.

        Parameters
        ----------
        pair : ndarray of float64, shape (2, frames)
            What follows the block before.
        first : int
            The frame of the song at which it begins.
        """
        gains = np.empty(pair.shape[1])
        _open_and_close(self._hold.run(pair, first), self._shape, self._state, gains)
        pair *= gains


@njit(void(_LEVELS, _LEVELS, float64[::1], float64[::1]), cache=True, nogil=True)
def _open_and_close(levels, shape, state, gains):  # type: ignore[no-untyped-def]
    """Write gains, which go to 1 and to 0 by one pole each."""
    opens, closes, hold, attack, release = shape
    gain, left = state
    for i in range(levels.shape[0]):
        if levels[i] > opens or (left > 0.0 and levels[i] > closes):
            left = hold
        elif left > 0.0:
            left -= 1.0
        if left > 0.0:
            gain += (1.0 - gain) * attack
            gain = gain if 1.0 - gain > _SETTLED else 1.0
        else:
            gain -= gain * release
            gain = gain if gain > _SETTLED else 0.0
        gains[i] = gain
    state[0], state[1] = gain, left
