"""A look-ahead true-peak limiter for whole files: no latency, one gain for all channels.

A limiter that has the whole sound before it needs no attack, hold and release that chase the
peaks. The gain that each moment asks for goes through three steps, each with a finite reach, so
that a long sound is worked through in blocks:

1. *Hold* by morphological closing: the dip between two peaks is filled where they lie close
   together, as the peaks of a bass note do, so that the gain stands still over its period. After
   a peak that stands alone nothing is held: its reduction is over as soon as the peak is. Four
   lengths are averaged, so that how much of a dip is filled falls with how long it lasts.
2. *Look ahead* by a sliding minimum, as long as the ramp of step 3.
3. *Ramp* by a moving average, so that the gain has arrived when the peak does.

The gain is worked out for cells of a fifth of a millisecond, and drawn as a line from one to the
next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numba import float32, float64, int64, njit, types, void
from numpy.typing import NDArray

from assistant.dsp.truepeak import peak_curve
from assistant.material import Samples

__all__ = ["OVERSAMPLING", "Envelope", "apply_gain", "envelope", "gain_curve"]

Row: TypeAlias = NDArray[np.float32]
Curve: TypeAlias = NDArray[np.float64]

OVERSAMPLING = 16
CELLS_PER_SECOND = 5000
HOLDS_MS = ((10.4, 0.4), (15.0, 0.3), (20.0, 0.2), (30.0, 0.1))  # length, share
RAMP_MS = 4.0

BLOCK_CELLS = 1 << 13
BLOCK_FRAMES = 1 << 16
MARGIN_FRAMES = 32  # more than an interpolated point depends on to either side

_CURVE = types.Array(types.float64, 1, "C", readonly=True)


@dataclass(frozen=True, eq=False)
class Envelope:
    """How high the waveform goes, cell by cell.

    Parameters
    ----------
    peaks : ndarray of float32, shape (cells,)
        Highest true peak of any channel in and around each cell, linear.
    cell : int
        Frames a cell; the last one may be shorter.
    rate : int
        Of the sound, in Hz.
    """

    peaks: Row
    cell: int
    rate: int

    @property
    def peak(self) -> float:
        """Highest true peak of all, linear."""
        return float(self.peaks.max(initial=0.0))

    def cells(self, milliseconds: float) -> int:
        """Return a length in cells, the nearest odd number."""
        return 2 * round((milliseconds * self.rate / self.cell / 1000.0 - 1.0) / 2.0) + 1

    @property
    def reach(self) -> int:
        """How many cells to either side the gain of a cell depends on, at most."""
        return self.cells(max(length for length, _ in HOLDS_MS)) + self.cells(RAMP_MS) + 1


def envelope(
    samples: Samples, rate: int, scratch: Callable[[tuple[int, ...]], Samples]
) -> Envelope:
    """Follow the true peaks of a sound.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        Finite. May be memory-mapped.
    rate : int
        In Hz.
    scratch : callable
        Makes the array that the peaks are kept in.

    Returns
    -------
    Envelope
        Found at sixteen times the rate.
    """
    cell = max(1, round(rate / CELLS_PER_SECOND))
    peaks = scratch((-(-samples.shape[1] // cell),))
    for first, block in _cell_peaks(samples, cell):
        peaks[first : first + len(block)] = block
    return Envelope(peaks, cell, rate)


def gain_curve(followed: Envelope, level: float, out: Row) -> None:
    """Work out the gain that keeps a sound under a level.

    Parameters
    ----------
    followed : Envelope
        From `envelope`.
    level : float
        Highest true peak to let through, linear, above 0.
    out : ndarray of float32, shape (frames,)
        Takes the gain of each frame, linear, above 0 and at most 1.
    """
    cells, cell = len(followed.peaks), followed.cell
    for first in range(0, cells, BLOCK_CELLS):
        last = min(first + BLOCK_CELLS, cells)
        start, stop = max(0, first - followed.reach), min(cells, last + 1 + followed.reach)
        peaks = followed.peaks[start:stop].astype(np.float64)
        wanted = level / np.maximum(peaks, level)
        part = out[first * cell : last * cell]
        if wanted.min() == 1.0:
            part[:] = 1.0
        else:
            _draw(_shape(wanted, followed)[first - start :], cell, part)


def apply_gain(samples: Samples, gain: Row, scale: float, out: Samples) -> None:
    """Write ``samples * gain * scale``, block by block.

    Parameters
    ----------
    samples, out : ndarray of float32, shape (channels, frames)
        May be memory-mapped.
    gain : ndarray of float32, shape (frames,)
        Linear, the same for all channels.
    scale : float
        Linear.
    """
    for start in range(0, samples.shape[1], BLOCK_FRAMES):
        block = slice(start, start + BLOCK_FRAMES)
        np.multiply(samples[:, block], gain[block] * np.float32(scale), out=out[:, block])


def _cell_peaks(samples: Samples, cell: int) -> Iterator[tuple[int, Row]]:
    """Walk through the peaks of the cells: the number of the first cell, and a block of peaks."""
    frames = samples.shape[1]
    for start in range(0, frames, BLOCK_CELLS * cell):
        stop = min(start + BLOCK_CELLS * cell, frames)
        before, after = max(0, start - MARGIN_FRAMES), min(frames, stop + MARGIN_FRAMES)
        curve = np.zeros(after - before, dtype=np.float32)
        peak_curve(samples[:, before:after], OVERSAMPLING, curve)
        heads = np.arange(start - before, stop - before, cell)
        yield start // cell, np.maximum.reduceat(curve[: stop - before], heads)


def _shape(wanted: Curve, followed: Envelope) -> Curve:
    """Turn the highest gain that each cell allows into one that can be drawn: steps 1 to 3."""
    held = np.zeros_like(wanted)
    for length_ms, share in HOLDS_MS:
        half = followed.cells(length_ms) // 2
        lowest = _lowest(wanted, half, half)
        held -= share * _lowest(-lowest, half, half)  # the highest of the lowest
    half = followed.cells(RAMP_MS) // 2
    # One more to the left, for a cell's gain is drawn towards that of the next one.
    return _mean(_lowest(np.minimum(held, wanted), half + 1, half), half)


def _lowest(values: Curve, before: int, after: int) -> Curve:
    """Return the lowest of each value and its neighbours, fewer at the ends."""
    out = np.empty_like(values)
    _slide(values, before, after, out)
    return out


def _mean(values: Curve, half: int) -> Curve:
    """Return the mean of each value and its neighbours; beyond the ends the last value goes on."""
    total = np.cumsum(np.pad(values, (half + 1, half), mode="edge"))
    return np.asarray((total[2 * half + 1 :] - total[: -2 * half - 1]) / (2 * half + 1))


@njit(void(_CURVE, int64, int64, float64[::1]), cache=True, nogil=True)
def _slide(values, before, after, out):  # type: ignore[no-untyped-def]
    """Write the lowest of each window; a queue keeps what may still become the lowest, in order."""
    count = values.shape[0]
    queue = np.empty(count, dtype=np.int64)
    head, tail = 0, 0
    for i in range(count + after):
        if i < count:
            while tail > head and values[queue[tail - 1]] >= values[i]:
                tail -= 1
            queue[tail] = i
            tail += 1
        middle = i - after
        if middle >= 0:
            if queue[head] < middle - before:
                head += 1
            out[middle] = values[queue[head]]


@njit(void(_CURVE, int64, float32[::1]), cache=True, nogil=True)
def _draw(knots, cell, out):  # type: ignore[no-untyped-def]
    """Draw lines from the beginning of each cell to that of the next one."""
    for c in range(-(-out.shape[0] // cell)):
        here = knots[c]
        step = (knots[min(c + 1, knots.shape[0] - 1)] - here) / cell
        for i in range(c * cell, min((c + 1) * cell, out.shape[0])):
            out[i] = float32(here + step * (i - c * cell))
