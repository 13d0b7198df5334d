"""A look-ahead true-peak limiter for whole files: no latency, one gain for all channels.

A limiter that has the whole sound before it needs no attack and no release that chase the peaks.
What each moment has to be turned down by, its *reduction*, becomes a gain in three steps, each
with a finite reach, so that a long sound is worked through in blocks:

1. *Fill* by morphological closing: dips of the reduction between peaks a few milliseconds apart
   are filled, so that the gain does not follow the half waves of a note.
2. *Hold* what lasts: where the reduction comes back at least every `NOTE_MS` for as long as
   `LASTS_MS`, as under a bass note, it does not fall in between by more than to the least of
   these returns. So the gain stands still over the steadiest of sounds, and over drums, which
   are steady nowhere, nothing is held.
3. *Chain*: the least reduction above all that which rises and falls no faster than a chain hung
   over pegs, curving by ``1 / SLACK_MS ** 2`` of itself. In look-ahead and release it is the
   same; it is deep only where it must be, and the deeper it is the further it takes to get there.

The gain is worked out for cells of a fifth of a millisecond, and drawn as a line from one to the
next.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numba import float32, float64, int64, njit, types, void
from numpy.typing import NDArray

from assistant.dsp.envelope import Envelope
from assistant.material import Samples
from assistant.steps import part

__all__ = ["GainCurve", "apply_gain", "gain_curve"]

Row: TypeAlias = NDArray[np.float32]
Curve: TypeAlias = NDArray[np.float64]

FILL_MS = 4.2
NOTE_MS = 17.0  # half a period of 29.4 Hz
LASTS_MS = 150.0
SLACK_MS = 5.5
GROUND = 0.002  # how far below no reduction the chain would hang, were there no ground
LANDS_MS = 2.0 * SLACK_MS * math.acosh(1.0 / GROUND + 1.0)  # from the deepest down to the ground

FLUSH = 1e-150  # far below what counts, far above the tiny numbers that a processor is slow with

BLOCK_CELLS = 1 << 14
BLOCK_FRAMES = 1 << 16

_CURVE = types.Array(types.float64, 1, "C", readonly=True)
_KNOTS = types.Array(types.float32, 1, "C", readonly=True)


@dataclass(frozen=True, eq=False)
class GainCurve:
    """A gain drawn as lines from cell to cell; ``curve[first:last]`` draws these frames of it.

    Parameters
    ----------
    knots : ndarray of float32, shape (cells,)
        Gain at the beginning of each cell, linear, above 0 and at most 1.
    cell : int
        Frames a cell.
    frames : int
        Length.
    """

    knots: Row
    cell: int
    frames: int

    def __getitem__(self, span: slice) -> Row:
        """Draw a part."""
        first, last, _ = span.indices(self.frames)
        cell = first // self.cell
        part = np.empty(max(0, last - first), dtype=np.float32)
        _draw(
            self.knots[cell : -(-last // self.cell) + 1], self.cell, first - cell * self.cell, part
        )
        return part

    def share_below(self, level: float) -> float:
        """Tell for which part of the time the gain lies below a level, 0 to 1."""
        starts = range(0, len(self.knots), BLOCK_CELLS)
        blocks = (self.knots[start : start + BLOCK_CELLS] for start in starts)
        below = sum(int(np.count_nonzero(block < np.float32(level))) for block in blocks)
        return below / max(1, len(self.knots))


def gain_curve(followed: Envelope, level: float, knots: Row) -> Generator[float, None, GainCurve]:
    """Work out the gain that keeps a sound under a level.

    Parameters
    ----------
    followed : Envelope
        Of the sound.
    level : float
        Highest true peak to let through, linear, above 0.
    knots : ndarray of float32, shape (cells,)
        Takes the gain at the beginning of each cell.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    GainCurve
        Drawn from these.
    """
    yield from part(followed.look(level), 0.0, 0.3)
    for first, block in _blocks(followed, level):
        last = first + len(block)
        knots[first:last] = block
        yield 0.3 + 0.7 * last / len(knots)
    return GainCurve(knots, followed.cell, followed.frames)


def apply_gain(
    samples: Samples, gain: GainCurve | Row | None, scale: float, out: Samples
) -> Generator[float, None, None]:
    """Write ``samples * gain * scale``, block by block.

    Parameters
    ----------
    samples, out : ndarray of float32, shape (channels, frames)
        May be memory-mapped.
    gain : GainCurve or ndarray of float32, shape (frames,), or None
        Linear, the same for all channels; None for 1.
    scale : float
        Linear.

    Yields
    ------
    float
        Share that is done.
    """
    for start in range(0, samples.shape[1], BLOCK_FRAMES):
        block = slice(start, start + BLOCK_FRAMES)
        factor = np.float32(scale) if gain is None else gain[block] * np.float32(scale)
        np.multiply(samples[:, block], factor, out=out[:, block])
        yield min(1.0, block.stop / samples.shape[1])


def _blocks(followed: Envelope, level: float) -> Iterator[tuple[int, Curve]]:
    """Walk through the gains at the beginnings of the cells: the number of the first, and them."""
    cells = len(followed.peaks)
    # What the gain of a cell depends on, at most, to either side.
    reach = followed.cells(FILL_MS + NOTE_MS + LASTS_MS + LANDS_MS) + 1
    for first in range(0, cells, BLOCK_CELLS):
        last = min(first + BLOCK_CELLS, cells)
        start, stop = max(0, first - reach), min(cells, last + reach)
        peaks = followed.peaks[start:stop].astype(np.float64)
        reduction = np.asarray(1.0 - level / np.maximum(peaks, level))
        if reduction.any():
            reduction = _hung(_held(reduction, followed), followed)
        yield first, 1.0 - reduction[first - start : last - start]


def _held(reduction: Curve, followed: Envelope) -> Curve:
    """Hold what lasts, and fill what is short: steps 1 and 2."""
    filled = _closed(reduction, followed.cells(FILL_MS) // 2)
    note = _closed(reduction, followed.cells(NOTE_MS) // 2)
    half = followed.cells(LASTS_MS) // 2
    lasting = _highest(_lowest(note, half), half)
    return np.asarray(np.maximum(filled, np.minimum(lasting, note)))


def _hung(reduction: Curve, followed: Envelope) -> Curve:
    """Hang a chain over the reduction: step 3.

    Where a chain goes, it goes on to the left for one more cell, for the gain of a cell is drawn
    towards that of the next one.
    """
    pegs = np.maximum(reduction, np.concatenate([reduction[:1], reduction[:-1]]))
    hung = np.empty(len(pegs))
    slack = SLACK_MS * followed.rate / followed.cell / 1000.0
    _hang(pegs, math.exp(-1.0 / slack), hung)
    return hung


def _closed(values: Curve, half: int) -> Curve:
    """Fill the dips that are no longer than a window: the lowest of the highest."""
    return _lowest(_highest(values, half), half)


def _lowest(values: Curve, half: int) -> Curve:
    """Return the lowest of each value and its neighbours, fewer at the ends."""
    return np.asarray(-_highest(-values, half))


def _highest(values: Curve, half: int) -> Curve:
    """Return the highest of each value and its neighbours, fewer at the ends."""
    out = np.empty_like(values)
    _slide(values, half, out)
    return out


@njit(void(_CURVE, int64, float64[::1]), cache=True, nogil=True)
def _slide(values, half, out):  # type: ignore[no-untyped-def]
    """Write the highest of each window; a queue keeps what may still become it, in order."""
    count = values.shape[0]
    queue = np.empty(count, dtype=np.int64)
    head, tail = 0, 0
    for i in range(count + half):
        if i < count:
            while tail > head and values[queue[tail - 1]] <= values[i]:
                tail -= 1
            queue[tail] = i
            tail += 1
        middle = i - half
        if middle >= 0:
            if queue[head] < middle - half:
                head += 1
            out[middle] = values[queue[head]]


@njit(types.UniTuple(float64, 2)(_CURVE, int64, int64), cache=True, nogil=True)
def _weights(power, left, right):  # type: ignore[no-untyped-def]
    """Return what two pegs, so many cells to the left and the right, count in a chain's height."""
    whole = 1.0 - power[left + right] ** 2
    return (
        power[left] * (1.0 - power[right] ** 2) / whole,
        power[right] * (1.0 - power[left] ** 2) / whole,
    )


@njit(void(_CURVE, float64, float64[::1]), cache=True, nogil=True)
def _hang(pegs, decay, out):  # type: ignore[no-untyped-def]
    """Write the lowest chain above all pegs, between them a sum of ``decay ** i``, ``decay ** -i``.

    As the upper hull of points is found, with these in the place of straight lines: a peg under
    the chain between its neighbours is let go.
    """
    count = pegs.shape[0]
    power = np.empty(count + 1)
    power[0] = 1.0
    for i in range(count):
        power[i + 1] = power[i] * decay if power[i] > FLUSH else 0.0
    held = np.empty(count, dtype=np.int64)
    top = 0
    for c in range(count):
        while top > 1:
            a, b = held[top - 2], held[top - 1]
            left, right = _weights(power, b - a, c - b)
            if left * (pegs[a] + GROUND) + right * (pegs[c] + GROUND) < pegs[b] + GROUND:
                break
            top -= 1
        held[top] = c
        top += 1
    for k in range(top - 1):
        a, c = held[k], held[k + 1]
        out[a] = pegs[a]
        for i in range(a + 1, c):
            left, right = _weights(power, i - a, c - i)
            chain = left * (pegs[a] + GROUND) + right * (pegs[c] + GROUND) - GROUND
            out[i] = max(chain, pegs[i])
    out[count - 1] = pegs[count - 1]


@njit(void(_KNOTS, int64, int64, float32[::1]), cache=True, nogil=True)
def _draw(knots, cell, first, out):  # type: ignore[no-untyped-def]
    """Draw lines from the beginning of each cell to that of the next one, from a frame on."""
    last = first + out.shape[0]
    for c in range(first // cell, -(-last // cell)):
        here = float64(knots[c])
        step = (float64(knots[min(c + 1, knots.shape[0] - 1)]) - here) / cell
        for i in range(max(c * cell, first), min((c + 1) * cell, last)):
            out[i - first] = float32(here + step * (i - c * cell))
