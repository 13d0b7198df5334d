"""Overs: where a sound would go over a ceiling, on whichever meter it is checked.

Between the samples a waveform is what an interpolator makes of it. Interpolators agree on what
lies well below half the sample rate, and differ where they cut off: white noise reads up to 1 dB
higher through a long filter than through a short one, and a short one ripples by 0.02 dB. So four
of them are asked, all at sixteen times the rate: the meter of this project, the filter that
`scipy.signal.resample_poly` has by default, one like that of soxr, and one that is sharp enough to
stand for an FFT.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numba import float32, float64, int64, njit, types, void
from numpy.typing import NDArray

from assistant.dsp.limiter import OVERSAMPLING
from assistant.dsp.truepeak import interpolator
from assistant.material import Samples

__all__ = ["raise_overs"]

Row: TypeAlias = NDArray[np.float32]

OTHER_METERS = (  # taps, Kaiser beta, cutoff
    (20, 5.0, 1.0),  # scipy.signal.resample_poly
    (160, 6.5, 0.956),  # soxr HQ and VHQ, as sample rate conversion does
    (256, 7.5, 1.0),  # close to an FFT
)

LOOK_FROM_DB = -1.5
DIFFERS = 0.005  # above the ripple of the short one

_ROW = types.Array(types.float32, 1, "C", readonly=True)
_TABLE = types.Array(types.float32, 2, "C", readonly=True)
# As sound comes: channels first or frames first.
_ROWS = types.Array(types.float32, 2, "A", readonly=True)
_CHANNEL = types.Array(types.float32, 1, "A", readonly=True)
_METERS = types.UniTuple(_TABLE, 4)


def raise_overs(
    peaks: Row, limited: Samples, gain: Row, scale: float, cell: int, ceiling: float
) -> float:
    """Find what still goes over, and raise the peaks it came from by as much.

    A gain that moves also moves the points between the samples a little, and the peaks were found
    by one meter only; where the next gain curve is made from the raised peaks, it holds both.

    Parameters
    ----------
    peaks : ndarray of float32, shape (cells,)
        True peaks of the sound before it was limited, linear; changed in place.
    limited : ndarray of float32, shape (channels, frames)
        What became of it. May be memory-mapped.
    gain : ndarray of float32, shape (frames,)
        The curve, linear.
    scale : float
        The gain before it, linear.
    cell : int
        Frames a cell.
    ceiling : float
        Linear.

    Returns
    -------
    float
        Highest reading of any meter, as a multiple of the ceiling; 0 where all is far below it.
    """
    look_from = ceiling * 10.0 ** (LOOK_FROM_DB / 20.0)
    return float(_raise(peaks, limited, gain, scale, cell, (ceiling, look_from), _meters()))


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


@njit(float32(_CHANNEL, int64, int64, float64, _METERS), cache=True, nogil=True)
def _reading(row, start, cell, differs, meters):  # type: ignore[no-untyped-def]
    """Return what the highest of the meters reads around a cell, silence before and after.

    The first two differ only where there is something close to half the sample rate; where they
    do not, the long ones, which take most of the work, are not asked.
    """
    half = meters[3].shape[0] // 2
    window = np.zeros(cell + 2 * half, dtype=np.float32)
    first, last = max(0, start - half), min(row.shape[0], start + cell + half)
    window[first - start + half : last - start + half] = row[first:last]
    points = np.empty(OVERSAMPLING, dtype=np.float32)
    others = np.empty(OVERSAMPLING, dtype=np.float32)
    highest, apart = float32(0.0), float32(0.0)
    for gap in range(cell + 1):  # the first gap lies before the cell
        _points(window[gap : gap + 2 * half], meters[0], points)
        _points(window[gap : gap + 2 * half], meters[1], others)
        for p in range(OVERSAMPLING):
            highest = max(highest, abs(points[p]), abs(others[p]))
            apart = max(apart, abs(points[p] - others[p]))
    if apart < differs:
        return highest
    for gap in range(cell + 1):
        _points(window[gap : gap + 2 * half], meters[2], points)
        _points(window[gap : gap + 2 * half], meters[3], others)
        for p in range(OVERSAMPLING):
            highest = max(highest, abs(points[p]), abs(others[p]))
    return highest


@njit(
    float64(float32[::1], _ROWS, _CHANNEL, float64, int64, types.UniTuple(float64, 2), _METERS),
    cache=True,
    nogil=True,
)
def _raise(peaks, limited, gain, scale, cell, levels, meters):  # type: ignore[no-untyped-def]
    ceiling, look_from = levels
    highest = 0.0
    for c in range(peaks.shape[0]):
        start = c * cell
        here = gain[start] * scale
        if peaks[c] * here < look_from:
            continue
        for channel in range(limited.shape[0]):
            over = _reading(limited[channel], start, cell, DIFFERS * ceiling, meters) / ceiling
            highest = max(highest, over)
            if over > 1.0:
                # Others may hold the gain lower here than this cell asked for.
                peaks[c] = max(peaks[c], float32(over * ceiling / here))
    return highest
