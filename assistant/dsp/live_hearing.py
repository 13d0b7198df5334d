"""The fundamental of a voice as it comes in: every 5 ms, from what has already sounded.

How well the sound repeats itself after each lag (normalised cross-correlation; Talkin, "A robust
algorithm for pitch tracking", 1995), over a window that ends with the newest sample. Of the lags
after which it repeats about equally well the shortest is the period; the same peak two and more
periods later tells it more finely.
"""

from __future__ import annotations

import numpy as np
from numba import float32, float64, int64, njit, types, void
from numpy.typing import NDArray

__all__ = ["FRAMES_PER_SECOND", "RATE_HZ", "REACH", "WINDOW", "bell", "hear", "slowed"]

RATE_HZ = 16_000
FRAMES_PER_SECOND = 200
REACH = 8
"""Samples at `RATE_HZ` to either side that one of them depends on."""

_FINENESS = 256  # points of the bell between two samples at `RATE_HZ`
_PASSED = 0.8  # of what the rate can hold
WINDOW = 1.25  # of the longest period
_SAME = 0.9  # of the best repeat: a shorter lag that repeats so well is the period
_NEAR, _GOING_ON = 0.1, 0.15  # of the period before: a lag so near it is worth so much more
_STILL = 0.85  # of the repeat after one period: that after several
_FASTER = 0.06  # how far a peak may lie from where the one before lets expect it, in periods
_TINY = 1e-12

_ROW = types.Array(types.float32, 1, "C", readonly=True)
_CURVE = types.Array(types.float64, 1, "C", readonly=True)


def bell() -> NDArray[np.float64]:
    """Return one half of the low-pass that `slowed` weights with, peak first."""
    at = np.arange(REACH * _FINENESS + 2) / _FINENESS
    window = np.where(at < REACH, np.cos(0.5 * np.pi * np.minimum(at / REACH, 1.0)) ** 2, 0.0)
    return np.asarray(_PASSED * np.sinc(_PASSED * at) * window)


@njit(void(_ROW, float64, _CURVE, int64, int64, float32[::1]), cache=True)
def slowed(sound, rate, half, first, last, out):  # type: ignore[no-untyped-def]
    """Take samples `first` to `last` at 16 kHz from a ring of sound into another ring."""
    step = rate / RATE_HZ
    scale = _FINENESS / step
    reach = int64(REACH * step)
    mask, out_mask = sound.size - 1, out.size - 1
    for m in range(first, last):
        place = m * step
        middle = int64(place)
        total = 0.0
        for i in range(middle - reach, middle + reach + 1):
            at = abs(i - place) * scale
            low = int64(at)
            if low > half.size - 2:
                continue
            total += (half[low] + (at - low) * (half[low + 1] - half[low])) * sound[i & mask]
        out[m & out_mask] = float32(total / step)


@njit(float64(_CURVE, int64), cache=True)
def _top(repeats, lag):  # type: ignore[no-untyped-def]
    """Return where a peak between lags lies."""
    bend = repeats[lag - 1] - 2.0 * repeats[lag] + repeats[lag + 1]
    if bend >= 0.0:
        return float64(lag)
    return lag + 0.5 * (repeats[lag - 1] - repeats[lag + 1]) / bend


@njit(float64(_CURVE, float64), cache=True)
def _finer(repeats, period):  # type: ignore[no-untyped-def]
    """Measure a period over as many periods as there are lags for."""
    found = period
    count = 2
    while count * found + 2.0 + _FASTER * found < repeats.size - 1:
        middle = count * found
        best = int64(middle - _FASTER * found)
        for lag in range(best, int64(middle + _FASTER * found) + 2):
            if repeats[lag] > repeats[best]:
                best = lag
        is_peak = repeats[best] >= max(repeats[best - 1], repeats[best + 1])
        if not is_peak or repeats[best] < _STILL * repeats[int64(found + 0.5)]:
            break
        found = _top(repeats, best) / count
        count += 1
    return found


@njit(float64(_CURVE, int64, float64), cache=True)
def _worth(repeats, lag, before):  # type: ignore[no-untyped-def]
    """Return how well the sound repeats at a peak, more where a voice goes on; 0.0 off a peak."""
    if repeats[lag] < max(repeats[lag - 1], repeats[lag + 1]):
        return 0.0
    goes_on = before > 0.0 and abs(lag - before) < _NEAR * before
    return repeats[lag] + (_GOING_ON if goes_on else 0.0)


@njit(
    types.UniTuple(float64, 3)(_ROW, int64, int64, int64, float64, float64[::1]), cache=True
)  # fmt: skip
def hear(slow, end, shortest, longest, before, repeats):  # type: ignore[no-untyped-def]
    """Find the period of what ends before a sample of a ring at 16 kHz.

    `before` is the period of the frame before (0.0: none). Return the period in samples at 16 kHz
    (0.0: none), how well the sound repeats after it (0.0 to 1.0), and the power. `repeats` is a
    work space of `longest` + 2 values.
    """
    mask = slow.size - 1
    width = int64(WINDOW * longest)
    start = end - width
    power = 0.0
    for i in range(start, end):
        power += slow[i & mask] * slow[i & mask]
    other = power
    for lag in range(1, longest + 2):
        head, tail = slow[(start - lag) & mask], slow[(end - lag) & mask]
        other += head * head - tail * tail
        repeats[lag] = 0.0
        if lag >= shortest - 1:
            total = 0.0
            for i in range(start, end):
                total += slow[i & mask] * slow[(i - lag) & mask]
            repeats[lag] = total / np.sqrt(power * max(other, 0.0) + _TINY)
    best = 0.0
    for lag in range(shortest, longest + 1):
        best = max(best, _worth(repeats, lag, before))
    for lag in range(shortest, longest + 1):
        if 0.0 < _SAME * best <= _worth(repeats, lag, before):
            return _finer(repeats, _top(repeats, lag)), min(1.0, repeats[lag]), power / width
    return 0.0, 0.0, power / width
