"""How high the waveform goes, cell by cell: what a limiter follows.

A cell lasts a fifth of a millisecond. Four points a sample tell roughly how high it goes; where
that may matter to a limiter, sixteen points do. Most of a sound lies far below its peaks, so most
of it is looked at only once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeAlias

import numpy as np
from numba import float32, float64, int64, njit, types, void
from numpy.typing import NDArray

from assistant.dsp.interpolation import between, mirrored
from assistant.dsp.truepeak import peak_curve
from assistant.material import Samples
from assistant.steps import part

__all__ = ["OVERSAMPLING", "Envelope", "envelope"]

Row: TypeAlias = NDArray[np.float32]

OVERSAMPLING = 16
ROUGH_OVERSAMPLING = 4
# How much higher a point may lie than the nearest of four a sample: half of a sample rate's worth
# of sine reads 1 / cos(pi / 8) = 1.08 low at worst, a little of anything else more.
ROUGH = 1.15
CELLS_PER_SECOND = 5000

BLOCK_CELLS = 1 << 13
GROUP_CELLS = 16  # looked at together
MARGIN_FRAMES = 32  # more than an interpolated point depends on to either side

_TABLE = types.Array(types.float32, 2, "C", readonly=True)
# As sound comes: channels first or frames first.
_ROWS = types.Array(types.float32, 2, "A", readonly=True)


class Envelope:
    """The true peaks of a sound, cell by cell.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        The sound; finite. May be memory-mapped.
    rate : int
        In Hz.
    peaks : ndarray of float32, shape (cells,)
        Takes the peaks, which are found by `follow`.

    Attributes
    ----------
    peaks : ndarray of float32, shape (cells,)
        Highest true peak of any channel in and around each cell, linear; found at four times the
        rate, and at sixteen times where `look` was asked to.
    cell : int
        Frames a cell; the last one may be shorter.
    rate, frames : int
        Of the sound.
    """

    def __init__(self, samples: Samples, rate: int, peaks: Row) -> None:
        self.peaks = peaks
        self.cell = cell_frames(rate)
        self.rate = rate
        self.frames = samples.shape[1]
        self._samples = samples
        self._looked_from = np.inf

    @property
    def peak(self) -> float:
        """Highest true peak of all, linear."""
        starts = range(0, len(self.peaks), BLOCK_CELLS)
        blocks = (self.peaks[start : start + BLOCK_CELLS] for start in starts)
        return max((float(block.max()) for block in blocks), default=0.0)

    def cells(self, milliseconds: float) -> int:
        """Return a length in cells, the nearest odd number."""
        return 2 * round((milliseconds * self.rate / self.cell / 1000.0 - 1.0) / 2.0) + 1

    def look(self, level: float) -> Generator[float, None, None]:
        """Look closer wherever the waveform may pass a level.

        Parameters
        ----------
        level : float
            Linear.

        Yields
        ------
        float
            Share that is done.
        """
        if level >= self._looked_from:
            return
        even, odd = mirrored(OVERSAMPLING)
        wanted = level / ROUGH, self._looked_from / ROUGH
        step = BLOCK_CELLS * self.cell
        for start in range(0, self.frames, step):
            first, last = max(0, start - MARGIN_FRAMES), start + step + MARGIN_FRAMES
            peaks = self.peaks[start // self.cell : start // self.cell + BLOCK_CELLS]
            block = self._samples[:, first:last]
            _look(block, start - first, self.cell, peaks, wanted, even, odd)
            yield min(1.0, (start + step) / self.frames)
        self._looked_from = level

    def follow(self) -> Generator[float, None, None]:
        """Find the peaks at four times the rate, and look closely at the highest.

        Yields
        ------
        float
            Share that is done.
        """
        yield from part(self._follow(), 0.0, 0.8)
        yield from part(self.look(self.peak), 0.8, 0.2)

    def _follow(self) -> Generator[float, None, None]:
        """Find the peaks at four times the rate."""
        step = BLOCK_CELLS * self.cell
        for start in range(0, self.frames, step):
            stop = min(start + step, self.frames)
            before, after = max(0, start - MARGIN_FRAMES), min(self.frames, stop + MARGIN_FRAMES)
            curve = np.zeros(after - before, dtype=np.float32)
            peak_curve(self._samples[:, before:after], ROUGH_OVERSAMPLING, curve)
            heads = np.arange(start - before, stop - before, self.cell)
            highest = np.maximum.reduceat(curve[: stop - before], heads)
            self.peaks[start // self.cell : start // self.cell + len(heads)] = highest
            yield stop / self.frames


def cell_frames(rate: int) -> int:
    """Return how many frames a cell has at a rate in Hz."""
    return max(1, round(rate / CELLS_PER_SECOND))


def envelope(
    samples: Samples, rate: int, scratch: Callable[[tuple[int, ...]], Samples]
) -> Generator[float, None, Envelope]:
    """Follow the true peaks of a sound.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        Finite. May be memory-mapped.
    rate : int
        In Hz.
    scratch : callable
        Makes the array that the peaks are kept in.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Envelope
        Its highest peak looked at closely.
    """
    peaks = scratch((-(-samples.shape[1] // cell_frames(rate)),))
    followed = Envelope(samples, rate, peaks)
    yield from followed.follow()
    return followed


@njit(
    void(_ROWS, int64, int64, float32[::1], types.UniTuple(float64, 2), _TABLE, _TABLE),
    cache=True,
    nogil=True,
)
def _look(block, lead, cell, peaks, wanted, even, odd):  # type: ignore[no-untyped-def]
    """Raise the cells that read between two values to what sixteen points a sample show.

    The first cell begins `lead` frames into the block; beyond the block there is silence.
    """
    least, most = wanted
    half = even.shape[1]
    frames = block.shape[1]
    length = GROUP_CELLS * cell + 2 * half
    window = np.empty(length, dtype=np.float32)
    work = np.empty((4, length), dtype=np.float32)
    gaps = np.empty(GROUP_CELLS * cell + 1, dtype=np.float32)
    for first in range(0, peaks.shape[0], GROUP_CELLS):
        group = peaks[first : first + GROUP_CELLS]
        asked = 0
        for c in range(group.shape[0]):
            asked += least <= group[c] < most
        if asked == 0:
            continue
        start = lead + first * cell - half
        count = min(group.shape[0] * cell, frames - start - half)
        here, there = max(0, start), min(frames, start + count + 2 * half)
        for channel in range(block.shape[0]):
            window[:] = float32(0.0)
            window[here - start : there - start] = block[channel, here:there]
            between(window, even, odd, work, gaps[: count + 1])
            for i in range(count):
                c = i // cell
                group[c] = max(group[c], gaps[i], gaps[i + 1])
