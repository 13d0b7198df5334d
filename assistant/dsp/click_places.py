"""Places that may be clicks: enclosed by what stands out from before and from behind."""

from __future__ import annotations

import numpy as np
from numba import float64, int64, njit, types

from assistant.dsp.autoregression import ORDER, correlate, model, residuals

__all__ = ["FLOOR", "LONGEST_FRAMES", "candidates", "residuals_and_level"]

LONGEST_FRAMES = 256  # a click
OUT, EDGE = 8.0, 4.0  # times the usual residual: what begins a place, and what ends it
FLOOR = 3e-5  # a step of 16 bits: what is fainter comes of rounding
LOOKED_AT = 3  # one sample in so many tells as much of how much is usual
NORMAL = 0.6745  # median of the absolute values of normal noise, to its standard deviation
BEFORE = 4  # samples
BEYOND = 1  # samples to each side

_ROW = types.Array(types.float64, 1, "C", readonly=True)


@njit(types.void(_ROW, int64, float64[::1], float64[::1], float64[::1]), cache=True, nogil=True)
def residuals_and_level(row, window, ahead, back, usual):  # type: ignore[no-untyped-def]
    """Write what is left over by linear prediction, and how much is usual in each window of it."""
    taps, lags = np.empty(ORDER + 1), np.empty(ORDER + 1)
    weights = 0.5 - 0.5 * np.cos(np.pi * (np.arange(2 * window) + 0.5) / window)
    for first in range(0, row.size, window):
        stop = min(first + window, row.size)
        left = max(0, min(first - window // 2, row.size - 2 * window))
        piece = row[left : left + 2 * window]
        piece = piece * weights[: piece.size]
        lags[:] = 0.0
        correlate(piece, 0, piece.size, lags)
        model(lags, taps)
        residuals(row, first, stop, taps, ahead, back)
        level = np.median(np.abs(ahead[first:stop:LOOKED_AT])) / NORMAL
        usual[first // window] = max(level, FLOOR)


@njit(
    types.UniTuple(int64, 3)(_ROW, _ROW, float64, types.UniTuple(int64, 2)), cache=True, nogil=True
)
def _enclosed(ahead, back, level, within):  # type: ignore[no-untyped-def]
    """Return the next place, and where what stands out from before is over."""
    first, end = within
    while first < end and abs(ahead[first]) < OUT * level:
        first += 1
    if first == end:
        return end, end, end
    i, stop, heard = first, first + 1, first
    earliest = max(within[0], first - BEFORE)
    while first > earliest and abs(ahead[first - 1]) > EDGE * level:
        first -= 1
    limit = min(ahead.size, first + 16 * LONGEST_FRAMES)
    while i < limit and i - max(heard, stop) < ORDER // 2:
        if abs(ahead[i]) > OUT * level:
            heard = i
        if abs(back[i]) > EDGE * level:
            stop = i + 1
        i += 1
    return max(first - BEYOND, 0), min(stop + BEYOND, ahead.size), max(stop, heard) + 1


@njit(
    int64(_ROW, _ROW, _ROW, types.UniTuple(int64, 2), types.UniTuple(int64, 2), int64[:, ::1]),
    cache=True,
    nogil=True,
)
def candidates(ahead, back, usual, span, lengths, places):  # type: ignore[no-untyped-def]
    """Find places within a span that are no longer than the longest click.

    Parameters
    ----------
    ahead, back : ndarray of float64, shape (frames,)
        What is left over of each sample.
    usual : ndarray of float64, shape (windows,)
        How much that usually is.
    span : tuple of int
        Where places begin.
    lengths : tuple of int
        Frames a window; frames of the longest click.
    places : ndarray of int64, shape (most, 2)
        Takes where they begin and end.

    Returns
    -------
    int
        How many there are.
    """
    window, longest = lengths
    found, at = 0, span[0]
    while at < span[1] and found < places.shape[0]:
        level = usual[at // window]
        upto = min(span[1], (at // window + 1) * window)
        first, stop, after = _enclosed(ahead, back, level, (at, upto))
        # Much that stands out may be a loud stretch, and a click what stands out of that.
        while stop - first > longest:
            upto, level = min(after, upto), 2.0 * level
            first, stop, after = _enclosed(ahead, back, level, (at, upto))
        if first < stop:
            places[found, 0], places[found, 1] = first, stop
            found += 1
        at = max(after, at + 1)
    return found
