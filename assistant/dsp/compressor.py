"""A compressor for a track, which behaves as those in a DAW do.

Feed-forward, peak detecting (`assistant.dsp.peak_hold`: a steady tone has a steady level), hard
knee, one gain for both channels. The reduction in dB is what attack and release smooth, each by
one pole, as in Giannoulis, Massberg and Reiss, "Digital dynamic range compressor design: a tutorial
and analysis" (JAES 60(6), 2012). On music it works about as hard as their smooth decoupled
detector; one that follows the rectified wave itself, as JUCE's does, falls short of its ratio and
takes about half as much off with the same settings. `assistant.dsp.multiband` is for whole masters,
and looks ahead; this one does not, and so never comes earlier or later than what it is set to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import float64, njit, types, void

from assistant.dsp.biquads import Pair
from assistant.dsp.decibels import amplitude
from assistant.dsp.peak_hold import Levels, PeakHold
from assistant.errors import MaterialError

__all__ = ["Compressing", "Compressor", "Reduction", "pole"]

_IDLE_DB = 1e-9  # as little is none
_LEVELS = types.Array(types.float64, 1, "C", readonly=True)


@dataclass(frozen=True, slots=True)
class Compressor:
    """What a compressor is set to.

    Parameters
    ----------
    threshold_db : float
        Peak level from which the gain goes down, in dBFS.
    ratio : float
        Input over output above it, in dB; at least 1.
    attack_ms, release_ms : float
        Until 63 % of the reduction is there, and until 63 % of it is gone once the peaks are;
        above 0.
    makeup_db : float
        Gain after it.

    Raises
    ------
    MaterialError
        Where a number is out of its range.
    """

    threshold_db: float
    ratio: float = 4.0
    attack_ms: float = 10.0
    release_ms: float = 100.0
    makeup_db: float = 0.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not (self.ratio >= 1.0 and self.attack_ms > 0.0 and self.release_ms > 0.0):
            raise MaterialError(
                "A compressor has a ratio of at least 1, and an attack and a release above 0 ms;"
                f" this one has {self.ratio:g}, {self.attack_ms:g} ms and {self.release_ms:g} ms."
            )


class Compressing:
    """A compressor at work.

    Parameters
    ----------
    wanted : Compressor
        What it is set to.
    rate : int
        In Hz.
    """

    def __init__(self, wanted: Compressor, rate: int) -> None:
        self._hold = PeakHold(rate)
        self._reduction = Reduction(wanted, rate)

    def run(self, pair: Pair, first: int, key: Pair | None = None) -> None:
        """Compress a block in place.

        Parameters
        ----------
        pair : ndarray of float64, shape (2, frames)
            What follows the block before.
        first : int
            The frame of the song at which it begins.
        key : ndarray of float64, shape (2, frames), optional
            Side-chain: the sound whose level counts instead.
        """
        pair *= self._reduction.gains(self._hold.run(pair if key is None else key, first))


class Reduction:
    """The gain of a compressor, from levels.

    Parameters
    ----------
    wanted : Compressor
        What it is set to.
    rate : int
        In Hz.
    most_db : float
        The gain goes down no further.
    """

    def __init__(self, wanted: Compressor, rate: int, most_db: float = math.inf) -> None:
        self._shape = np.array(
            [
                wanted.threshold_db,
                1.0 - 1.0 / wanted.ratio,
                most_db,
                pole(wanted.attack_ms, rate),
                pole(wanted.release_ms, rate),
            ]
        )
        self._makeup = amplitude(wanted.makeup_db)
        self._state = np.zeros(1)

    def gains(self, levels: Levels) -> Levels:
        """Work out the gain of each frame.

        Parameters
        ----------
        levels : ndarray of float64, shape (frames,)
            Linear; they follow those before.

        Returns
        -------
        ndarray of float64, shape (frames,)
            Linear; exactly 1 where nothing is to be done.
        """
        down_db = np.empty(levels.size)
        _reduce(levels, self._shape, self._state, down_db)
        down_db *= -math.log(10.0) / 20.0
        gains: Levels = np.exp(down_db, out=down_db)
        gains *= self._makeup
        return gains


def pole(milliseconds: float, rate: int) -> float:
    """Tell what share of the way is gone in a frame, where 63 % of it take so long."""
    return -math.expm1(-1000.0 / (milliseconds * rate))


@njit(void(_LEVELS, _LEVELS, float64[::1], float64[::1]), cache=True, nogil=True)
def _reduce(levels, shape, state, down_db):  # type: ignore[no-untyped-def]
    """Write reductions; a logarithm is taken where a level changes, which held ones seldom do."""
    threshold, slope, most, attack, release = shape
    down, asked, known = state[0], 0.0, 0.0
    for i in range(levels.shape[0]):
        if levels[i] != known:
            known = levels[i]
            over = 20.0 * math.log10(known) - threshold if known > 0.0 else 0.0
            asked = min(slope * max(over, 0.0), most)
        down += (asked - down) * (attack if asked > down else release)
        if asked == 0.0 and down < _IDLE_DB:
            down = 0.0
        down_db[i] = down
    state[0] = down
