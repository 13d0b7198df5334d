"""Mending a click: what the music did meanwhile, from what it did before and after.

The samples are the music, which a linear prediction from both sides knows up to its residual, and
the click. Where the click is strong they tell nothing, and the prediction is taken (least squares:
Janssen, Veldhuis and Vries, "Adaptive interpolation of discrete-time signals that can be modeled
as autoregressive processes", IEEE Trans. ASSP 34, 1986). Where it has died away they tell all. How
strong it is, sample by sample, is not known beforehand: it is estimated together with the music,
in turns (expectation and maximisation), from what was taken away and how unsure that is.
"""

from __future__ import annotations

import math

import numpy as np
from numba import boolean, float64, int64, njit, types

from assistant.dsp.autoregression import ORDER, correlate, model
from assistant.dsp.click_places import FLOOR

__all__ = ["mend"]

TURNS = 6
AROUND = 4  # samples to each side over which the strength of a click is averaged
FAINTEST = 1e-3  # of the residual: a click is no weaker
HIDDEN = 1e4  # times the power of all that sounds: to begin with, a click hides all
HOPE = 2.5  # by so much would the residual have to fall if nothing were taken as given

_ROW = types.Array(types.float64, 1, "C", readonly=True)


@njit(boolean(float64[:, ::1], float64[:, ::1]), cache=True, nogil=True)
def _factor(matrix, lower):  # type: ignore[no-untyped-def]
    """Write the Cholesky factor of a matrix; False where it has none.

    Samples further apart than the order do not hang together: beyond it the factor stays zero.
    """
    size = matrix.shape[0]
    for i in range(size):
        nearest = max(0, i - ORDER)
        for j in range(nearest, i + 1):
            total = matrix[i, j]
            for k in range(nearest, j):
                total -= lower[i, k] * lower[j, k]
            if i == j:
                if total <= 0.0:
                    return False
                lower[i, i] = math.sqrt(total)
            else:
                lower[i, j] = total / lower[j, j]
    return True


@njit(types.void(float64[:, ::1], float64[::1]), cache=True, nogil=True)
def _solve(lower, right):  # type: ignore[no-untyped-def]
    """Solve in place."""
    size = right.size
    for i in range(size):
        total = right[i]
        for k in range(max(0, i - ORDER), i):
            total -= lower[i, k] * right[k]
        right[i] = total / lower[i, i]
    for i in range(size - 1, -1, -1):
        total = right[i]
        for k in range(i + 1, min(size, i + ORDER + 1)):
            total -= lower[k, i] * right[k]
        right[i] = total / lower[i, i]


@njit(types.void(float64[:, ::1], float64[:, ::1], float64[::1]), cache=True, nogil=True)
def _variances(lower, inverse, variances):  # type: ignore[no-untyped-def]
    """Write the diagonal of the inverse of what was factored."""
    size = variances.size
    variances[:] = 0.0
    for j in range(size):
        inverse[j, j] = 1.0 / lower[j, j]
        variances[j] += inverse[j, j] ** 2
        for i in range(j + 1, size):
            total = 0.0
            for k in range(max(j, i - ORDER), i):
                total -= lower[i, k] * inverse[k, j]
            inverse[i, j] = total / lower[i, i]
            variances[j] += inverse[i, j] ** 2


@njit(types.void(_ROW, int64, int64, _ROW, float64[::1], float64[::1]), cache=True, nogil=True)
def _equations(row, first, stop, taps, lags, right):  # type: ignore[no-untyped-def]
    """Write the least-squares equations of a gap: how its samples hang together, and on others."""
    order = taps.size - 1
    for lag in range(order + 1):
        lags[lag] = 0.0
        for i in range(order + 1 - lag):
            lags[lag] += taps[i] * taps[i + lag]
    for j in range(stop - first):
        total = 0.0
        for lag in range(1, order + 1):
            before, after = first + j - lag, first + j + lag
            if before < first:
                total -= lags[lag] * row[before]
            if after >= stop:
                total -= lags[lag] * row[after]
        right[j] = total


@njit(float64(_ROW, int64, int64, _ROW), cache=True, nogil=True)
def _left_over(row, first, stop, taps):  # type: ignore[no-untyped-def]
    """Return the power of the residual over a place and what follows from it."""
    order, total = taps.size - 1, 0.0
    for i in range(first, stop + order):
        left = 0.0
        for lag in range(order + 1):
            left += taps[lag] * row[i - lag]
        total += left * left
    return total


@njit(types.void(float64[:, ::1], _ROW, float64, _ROW), cache=True, nogil=True)
def _weigh(matrix, lags, power, strength):  # type: ignore[no-untyped-def]
    """Write how the samples of a gap hang together, and how little a click hides of them."""
    size, order = strength.size, lags.size - 1
    for i in range(size):
        for j in range(size):
            matrix[i, j] = lags[abs(i - j)] / power if abs(i - j) <= order else 0.0
        matrix[i, i] += 1.0 / strength[i]


@njit(types.void(_ROW, _ROW, float64[::1], float64, float64[::1]), cache=True, nogil=True)
def _estimate(given, made, unsure, least, strength):  # type: ignore[no-untyped-def]
    """Estimate how strong a click is: its power here and around, and how unsure that is."""
    size = made.size
    for i in range(size):
        unsure[i] += (given[i] - made[i]) ** 2
    for i in range(size):
        strength[i] = max(unsure[max(0, i - AROUND) : i + AROUND + 1].mean(), least)


@njit(types.UniTuple(float64, 3)(_ROW, _ROW, types.UniTuple(int64, 2), int64, float64[::1]),
      cache=True, nogil=True)  # fmt: skip
def mend(row, bridged, place, context, made):  # type: ignore[no-untyped-def]
    """Work out what the music did in a place.

    Parameters
    ----------
    row : ndarray of float64, shape (frames,)
        The sound; what lies around the place is taken as it is.
    bridged : ndarray of float64, shape (frames,)
        The sound with lines drawn over all places: the model is made from it.
    place : tuple of int
        Where it begins and ends; an order of the model away from the ends of the sound.
    context : int
        Frames to each side from which the model is made.
    made : ndarray of float64, shape (frames of the place,)
        Takes the music, unless it is hopeless.

    Returns
    -------
    tuple of float
        Power of the residual over the place and what follows from it, as given and as made, which
        is the same where it is hopeless; and its mean power around.
    """
    first, stop = place
    size, taps, lags = stop - first, np.empty(ORDER + 1), np.zeros(ORDER + 1)
    before, after = max(0, first - context), min(row.size, stop + context)
    correlate(bridged, before, first, lags)
    correlate(bridged, stop, after, lags)
    power = lags[0] * model(lags, taps) / (after - before - size) + FLOOR * FLOOR
    whole = row[first - ORDER : stop + ORDER].copy()
    here = whole[ORDER : ORDER + size]
    given = _left_over(whole, ORDER, ORDER + size, taps)
    known, right = here.copy(), np.empty(size)
    _equations(row, first, stop, taps, lags, right)
    strength = np.full(size, HIDDEN * np.mean(whole**2) + power)
    matrix, unsure = np.empty((size, size)), np.empty(size)
    lower, inverse = np.zeros((size, size)), np.zeros((size, size))
    for turn in range(TURNS):
        _weigh(matrix, lags, power, strength)
        if not _factor(matrix, lower):
            return given, given, power
        here[:] = right / power + known / strength
        _solve(lower, here)
        if turn == 0 and given < HOPE * _left_over(whole, ORDER, ORDER + size, taps):
            return given, given, power
        _variances(lower, inverse, unsure)
        _estimate(known, here, unsure, FAINTEST * power, strength)
    made[:] = here
    return given, _left_over(whole, ORDER, ORDER + size, taps), power
