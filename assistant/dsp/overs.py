"""Overs: where a sound would go over a ceiling, on whichever meter it is checked.

Between the samples a waveform is what an interpolator makes of it. Interpolators agree on what
lies well below half the sample rate, and differ where they cut off: white noise reads up to 1 dB
higher through a long filter than through a short one, and a short one ripples by 0.02 dB. So four
of them are asked, all at sixteen times the rate: the meter of this project, the filter that
`scipy.signal.resample_poly` has by default, one like that of soxr, and one that is sharp enough to
stand for an FFT.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numba import float32, float64, int64, njit, types, void
from numpy.typing import NDArray

from assistant.dsp.envelope import OVERSAMPLING, Envelope
from assistant.dsp.interpolation import interpolator
from assistant.material import Samples

__all__ = ["TOLERATED", "Limited", "raise_overs"]

Row: TypeAlias = NDArray[np.float32]

OTHER_METERS = (  # taps, Kaiser beta, cutoff
    (20, 5.0, 1.0),  # scipy.signal.resample_poly
    (160, 6.5, 0.956),  # soxr HQ and VHQ, as sample rate conversion does
    (256, 7.5, 1.0),  # close to an FFT
)

TOLERATED = 10.0 ** (0.003 / 20.0)  # an over so small is none
LOOK_FROM_DB = -1.5
SMOOTH_FROM_DB = -0.04  # the most that meters differ by where a sound is smooth, and to spare
DIFFERS = 0.005  # share of the ceiling: as little as this close to half the rate counts for none
SPREADS = 80  # frames: how far what is close to half the rate makes the long ones differ

SHARP_TAPS, SHARP_BETA, SHARP_FROM = 17, 4.0, 0.78  # of a high-pass, in shares of half the rate

BLOCK_CELLS = 1 << 14
MARGIN_FRAMES = 256  # more than any of the meters reaches to either side

_ROW = types.Array(types.float32, 1, "C", readonly=True)
_TABLE = types.Array(types.float32, 2, "C", readonly=True)
# As sound comes: channels first or frames first.
_ROWS = types.Array(types.float32, 2, "A", readonly=True)
_CHANNEL = types.Array(types.float32, 1, "A", readonly=True)
_METERS = types.UniTuple(_TABLE, 4)
_SHARP = types.Array(types.float64, 1, "C", readonly=True)


@dataclass(frozen=True, eq=False)
class Limited:
    """A limited sound, and how it was made.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        The sound. May be memory-mapped.
    knots : ndarray of float32, shape (cells,)
        The gain at the beginning of each cell, linear.
    scale : float
        The gain before it, linear.
    """

    samples: Samples
    knots: Row
    scale: float


def raise_overs(
    followed: Envelope, made: Limited, ceiling: float, before: Row | None
) -> Generator[float, None, float]:
    """Find what still goes over, and raise the peaks it came from by as much.

    A gain that moves also moves the points between the samples a little, and the peaks were found
    by one meter only; where the next gain curve is made from the raised peaks, it holds both.

    Parameters
    ----------
    followed : Envelope
        Of the sound before it was limited; its peaks are raised.
    made : Limited
        What became of it.
    ceiling : float
        Linear.
    before : ndarray of float32, shape (cells,), or None
        The knots of the curve that was looked at the last time: where the gain is as it was then,
        nothing is looked at again.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    float
        Highest reading of any meter, as a multiple of the ceiling; 0 where all is far below it.
    """
    levels = tuple(ceiling * 10.0 ** (db / 20.0) for db in (0.0, LOOK_FROM_DB, SMOOTH_FROM_DB))
    last = np.full(1, np.nan, dtype=np.float32) if before is None else before
    gain, tools = (made.knots, last, made.scale), (_meters(), _sharp())
    cell, peaks, highest = followed.cell, followed.peaks, 0.0
    for first in range(0, len(peaks), BLOCK_CELLS):
        cells = first, min(first + BLOCK_CELLS, len(peaks))
        lead = max(0, first * cell - MARGIN_FRAMES)
        block = made.samples[:, lead : cells[1] * cell + MARGIN_FRAMES]
        over = _raise(peaks, block, gain, (*cells, cell, lead), levels, *tools)
        highest = max(highest, float(over))
        yield cells[1] / len(peaks)
    return highest


@lru_cache(maxsize=1)
def _meters() -> tuple[Samples, ...]:
    """Design the interpolators, each of shape (taps, points), taps as `interpolator` has them."""
    ours = interpolator(OVERSAMPLING).T
    meters = (ours, *(_windowed_sinc(*meter) for meter in OTHER_METERS))
    return tuple(np.ascontiguousarray(meter, dtype=np.float32) for meter in meters)


def _windowed_sinc(taps: int, beta: float, cutoff: float) -> NDArray[np.float64]:
    """Design a low-pass at `cutoff` times half the sample rate, under a Kaiser window."""
    half = taps // 2
    places = np.arange(OVERSAMPLING) / OVERSAMPLING - np.arange(1 - half, half + 1)[:, None]
    window = np.i0(beta * np.sqrt(1.0 - (places / half) ** 2))
    points = np.sinc(places * cutoff) * window
    return np.asarray(points * (OVERSAMPLING / points.sum()))


@lru_cache(maxsize=1)
def _sharp() -> NDArray[np.float64]:
    """Design a high-pass for where meters begin to differ: its middle tap and one side."""
    side = SHARP_TAPS // 2
    places = np.arange(side + 1)
    low = SHARP_FROM * np.sinc(SHARP_FROM * places) * np.kaiser(SHARP_TAPS, SHARP_BETA)[side:]
    low /= low[0] + 2.0 * low[1:].sum()
    return np.asarray((places == 0) - low)


@njit(void(_ROW, _TABLE, float32[::1]), cache=True, nogil=True)
def _points(window, meter, points):  # type: ignore[no-untyped-def]
    """Write the points of one gap; the middle of the window holds the samples that count."""
    taps = meter.shape[0]
    first = (window.shape[0] - taps) // 2
    for p in range(points.shape[0]):
        points[p] = float32(0.0)
    for j in range(0, taps, 4):  # four at a time: every meter has a multiple of four taps
        i = first + j
        a, b, c, d = window[i], window[i + 1], window[i + 2], window[i + 3]
        for p in range(points.shape[0]):
            points[p] += (a * meter[j, p] + b * meter[j + 1, p]) + (
                c * meter[j + 2, p] + d * meter[j + 3, p]
            )


@njit(float32(_CHANNEL, int64, int64, int64, _METERS), cache=True, nogil=True)
def _reading(row, start, cell, asked, meters):  # type: ignore[no-untyped-def]
    """Return what the highest of the first two or of all meters reads around a cell.

    Before and after the sound there is silence.
    """
    half = meters[3].shape[0] // 2
    window = np.zeros(cell + 2 * half, dtype=np.float32)
    first, last = max(0, start - half), min(row.shape[0], start + cell + half)
    window[first - start + half : last - start + half] = row[first:last]
    points = np.empty((4, OVERSAMPLING), dtype=np.float32)
    highest = float32(0.0)
    for gap in range(cell + 1):  # the first gap lies before the cell
        here = window[gap : gap + 2 * half]
        _points(here, meters[0], points[0])
        _points(here, meters[1], points[1])
        if asked > 2:
            _points(here, meters[2], points[2])
            _points(here, meters[3], points[3])
        for m in range(asked):
            for p in range(OVERSAMPLING):
                highest = max(highest, abs(points[m, p]))
    return highest


@njit(int64(_CHANNEL, int64, int64, float64, _SHARP), cache=True, nogil=True)
def _last_sharp(row, first, stop, differs, sharp):  # type: ignore[no-untyped-def]
    """Return the last frame with something close to half the sample rate, or -1."""
    last = -1
    side = sharp.shape[0] - 1
    for i in range(first, stop):
        left = sharp[0] * row[i]
        if i < side or i + side >= row.shape[0]:
            last = i  # at an end there are all frequencies
            continue
        for j in range(1, side + 1):
            left += sharp[j] * (row[i - j] + row[i + j])
        last = i if abs(left) > differs else last
    return last


@njit(types.boolean(_CHANNEL, _CHANNEL, int64), cache=True, nogil=True)
def _moved(knots, before, c):  # type: ignore[no-untyped-def]
    """Tell whether the gain of a cell, or of the next one, is another than it was."""
    if before.shape[0] != knots.shape[0]:
        return True
    last = knots.shape[0] - 1
    return knots[c] != before[c] or knots[min(c + 1, last)] != before[min(c + 1, last)]


@njit(
    float64(
        float32[::1],
        _ROWS,
        types.Tuple((_CHANNEL, _CHANNEL, float64)),
        types.UniTuple(int64, 4),
        types.UniTuple(float64, 3),
        _METERS,
        _SHARP,
    ),
    cache=True,
    nogil=True,
)
def _raise(peaks, limited, gain, places, levels, meters, sharp):  # type: ignore[no-untyped-def]
    """Do some cells; `limited` begins at the frame that is the last of the places."""
    first_cell, last_cell, cell, lead = places
    knots, before, scale = gain
    ceiling, look_from, smooth_from = levels
    differs = DIFFERS * ceiling
    reach = meters[3].shape[0] // 2 // cell + 2  # how many cells away a meter still listens
    highest, moved, ahead = 0.0, -reach - 1, max(0, first_cell - reach)
    heard = np.zeros((2, limited.shape[0]), dtype=np.int64)  # up to where, and the last sharp frame
    heard[1] = -SPREADS - 1
    for c in range(first_cell, last_cell):
        while ahead < min(c + reach, peaks.shape[0]):
            moved = ahead if _moved(knots, before, ahead) else moved
            ahead += 1
        here, start = knots[c] * scale, c * cell - lead
        if moved < c - reach or peaks[c] * here < look_from:
            continue
        expected = peaks[c] * max(here, knots[min(c + 1, peaks.shape[0] - 1)] * scale)
        for channel in range(limited.shape[0]):
            row = limited[channel]
            first, stop = max(0, start - SPREADS), min(row.shape[0], start + cell + SPREADS)
            last = _last_sharp(row, max(first, heard[0, channel]), stop, differs, sharp)
            heard[0, channel], heard[1, channel] = stop, max(last, heard[1, channel])
            smooth = heard[1, channel] < first
            if smooth and expected < smooth_from:
                continue
            over = _reading(row, start, cell, 2 if smooth else 4, meters) / ceiling
            highest = max(highest, over)
            if over > TOLERATED:
                # Others may hold the gain lower here than this cell asked for.
                peaks[c] = max(peaks[c], float32(over * ceiling / here))
    return highest
