"""What comes next in a sound, from what was before: a linear prediction, and what it leaves over.

A short stretch of music or speech is white noise sent through resonances. The model holds these;
its residual is the noise: small where a sound goes on, large where something new begins.
"""

from __future__ import annotations

from numba import float64, int64, njit, types, void

__all__ = ["ORDER", "correlate", "model", "residuals"]

ORDER = 32

_ROW = types.Array(types.float64, 1, "C", readonly=True)
_WHITE = 1e-9  # added, so that there is a model of a pure tone, too
_SILENCE = 1e-20


@njit(void(_ROW, int64, int64, float64[::1]), cache=True, nogil=True)
def correlate(row, first, stop, lags):  # type: ignore[no-untyped-def]
    """Add the products of a stretch with itself, so many samples apart."""
    part = row[first:stop]
    whole = max(0, part.size - lags.size + 1)
    for i in range(whole):
        sample, others = part[i], part[i : i + lags.size]
        for lag in range(lags.size):
            lags[lag] += sample * others[lag]
    for i in range(whole, part.size):
        for lag in range(part.size - i):
            lags[lag] += part[i] * part[i + lag]


@njit(float64(_ROW, float64[::1]), cache=True, nogil=True)
def model(lags, taps):  # type: ignore[no-untyped-def]
    """Make the filter that leaves the residual over, by Levinson's recursion.

    Returns the share of the power that is left over.
    """
    order = taps.size - 1
    power = lags[0] * (1.0 + _WHITE) + _SILENCE
    whole = power
    taps[:] = 0.0
    taps[0] = 1.0
    for step in range(1, order + 1):
        total = lags[step]
        for i in range(1, step):
            total += taps[i] * lags[step - i]
        turned = -total / power
        for i in range(1, step // 2 + 1):
            low, high = taps[i], taps[step - i]
            taps[i] = low + turned * high
            if i != step - i:
                taps[step - i] = high + turned * low
        taps[step] = turned
        power *= max(1.0 - turned * turned, 1e-12)
    return power / whole


@njit(void(float64[::1], float64, _ROW), cache=True, nogil=True)
def _add(out, factor, row):  # type: ignore[no-untyped-def]
    """Add a multiple. On its own, as indices that cannot be below 0 make it four times as fast."""
    for i in range(out.size):
        out[i] += factor * row[i]


@njit(void(_ROW, int64, int64, _ROW, float64[::1], float64[::1]), cache=True, nogil=True)
def residuals(row, first, stop, taps, ahead, back):  # type: ignore[no-untyped-def]
    """Write what is left over of each sample by those before it, and by those after it."""
    ahead[first:stop], back[first:stop] = row[first:stop], row[first:stop]
    for lag in range(1, taps.size):
        begin, end = max(first, lag), min(stop, row.size - lag)
        _add(ahead[begin:stop], taps[lag], row[begin - lag : stop - lag])
        _add(back[first:end], taps[lag], row[first + lag : end + lag])
