"""How well a sound repeats itself after a time, and after which time best: to a fraction of a cent.

Normalised cross-correlation of a window with what follows a period later (Talkin, "A robust
algorithm for pitch tracking", 1995). As a function of the lag the correlation is as band-limited
as the sound, so that between whole lags it is exactly what band-limited interpolation says.
"""

from __future__ import annotations

import numpy as np
from numba import boolean, float64, int64, njit, types, void
from numpy.typing import NDArray

__all__ = ["REACH_SECONDS", "best_periods"]

REACH_SECONDS = 0.16
"""A frame depends on so much sound to either side, at most."""

# A window holds so many periods, or as many as fill a time; whole ones, for else the overtones of
# the window fall on those of the sound, which is 3 cents off where one overtone is all there is
_PERIODS = 2.0
_SHORTEST_WINDOW = 0.010  # seconds
_LONG_LAG = 0.008  # seconds: as many periods as fit in are compared at once, for a finer answer
_MOST_PERIODS = 6
_LONG_SPAN_CENTS = 50.0  # over the number of periods: half the way to the next peak
_LOWEST_HZ = 40.0
_SHORTEST_LAG = 3.0  # samples
_TAPS = 6  # to either side of a place between two lags
_TRIES = 4  # to follow a peak out of the span
_FARTHEST_CENTS = 250.0  # from the guess
_STEPS = 3  # towards the top of a peak, each by a parabola
_HALF = 0.1  # lags: half the width of the parabola at a sharp peak
# A blunter peak has a wider parabola, to whose ends it drops so far, if there is room
_DROP, _SHARP_DROP = 0.004, 0.05
_ROOM = 0.02  # of a period
_TINY = 1e-24

_ROW = types.Array(types.float32, 1, "C", readonly=True)
_CURVE = types.Array(types.float64, 1, "C", readonly=True)
_TABLE = 4096
_HANN = np.asarray(
    0.5 - 0.5 * np.cos(2.0 * np.pi * (np.arange(_TABLE) + 0.5) / _TABLE), dtype=np.float32
)


def best_periods(
    sound: NDArray[np.float32],
    rate_hz: int,
    middles: NDArray[np.float64],
    hz: NDArray[np.float64],
    span_cents: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the fundamental near a guess.

    Parameters
    ----------
    sound : ndarray of float32, shape (samples,)
        Mono.
    rate_hz : int
        Its rate.
    middles : ndarray of float, shape (frames,)
        Where to look, in samples from the start of `sound`.
    hz : ndarray of float, shape (frames,)
        The guess at each place; guesses under 40 Hz are taken as 40 Hz.
    span_cents : float
        How far to look to either side. A peak that lies on the border is followed further.

    Returns
    -------
    ndarray of float, shape (frames,)
        Fundamental in Hz; the guess where the sound repeats nowhere near it, or ends too soon.
    ndarray of float, shape (frames,)
        How well it repeats there, 0.0 not at all to 1.0 exactly.
    """
    found, repeats = np.empty(middles.size), np.empty(middles.size)
    guesses = np.maximum(hz, _LOWEST_HZ).astype(np.float64)
    _search(sound, float(rate_hz), middles, guesses, span_cents, _HANN, found, repeats)
    return found, repeats


@njit(float64(float64[::1], float64), cache=True, nogil=True)
def _between(values, place):  # type: ignore[no-untyped-def]
    """Interpolate by a windowed sinc; `_TAPS` values are needed to either side."""
    first = int(np.floor(place))
    rest = place - first
    if rest < 1e-9:
        return values[first]
    total = 0.0
    sine = np.sin(np.pi * rest) / np.pi
    for tap in range(1 - _TAPS, _TAPS + 1):
        away = rest - tap
        taper = np.cos(np.pi * away / (2.0 * (_TAPS + 0.5)))
        sign = 1.0 if tap % 2 == 0 else -1.0
        total += values[first + tap] * sign * sine / away * taper * taper
    return total


@njit(float64(float64[::1], float64[::1], float64, float64), cache=True, nogil=True)
def _repeat(products, powers, power, place):  # type: ignore[no-untyped-def]
    """Normalise the correlation at a place between two lags."""
    first = int(place)
    rest = place - first
    other = powers[first] + rest * (powers[first + 1] - powers[first])
    return _between(products, place) / np.sqrt(power * other + _TINY)


@njit(
    types.Tuple((float64, float64[::1], float64[::1]))(
        _ROW, int64, int64, int64, int64, types.Array(types.float32, 1, "C")
    ),
    cache=True,
    nogil=True,
)
def _correlations(sound, start, width, first, count, hann):  # type: ignore[no-untyped-def]
    """Compare a window with what follows: power, and products and powers of some lags."""
    products, powers = np.zeros(count, np.float32), np.zeros(count, np.float32)
    power = 0.0
    stride = _TABLE / width
    for i in range(width):
        shape = hann[int((i + 0.5) * stride)]
        here = sound[start + i]
        power += shape * here * here
        # Lag by lag within each frame: sums side by side, which a processor adds at once
        following = sound[start + first + i : start + first + i + count]
        for lag in range(count):
            products[lag] += shape * here * following[lag]
            powers[lag] += shape * following[lag] * following[lag]
    return power, products.astype(np.float64), powers.astype(np.float64)


@njit(float64(float64[::1], float64[::1], float64, int64), cache=True, nogil=True)
def _half_width(products, powers, power, top):  # type: ignore[no-untyped-def]
    """Choose how wide a parabola is laid on a peak: a blunt one must rise out of the rounding."""
    best = products[top] / np.sqrt(power * powers[top] + _TINY)
    room = min(top - _TAPS - 1, products.size - _TAPS - 2 - top)
    half, drop = 0, 0.0
    while half < room and drop < _DROP:
        half += 1
        left = products[top - half] / np.sqrt(power * powers[top - half] + _TINY)
        right = products[top + half] / np.sqrt(power * powers[top + half] + _TINY)
        drop = best - max(left, right)
    return float(half) if drop < _SHARP_DROP else _HALF


@njit(
    types.Tuple((float64, float64, boolean))(
        _ROW, float64, float64, float64, int64, float64, types.Array(types.float32, 1, "C")
    ),
    cache=True,
    nogil=True,
)
def _look(sound, rate, middle, hz, periods, span, hann):  # type: ignore[no-untyped-def]
    """Look once around a guess: fundamental, how well it repeats, and whether that is a peak."""
    period = periods * rate / hz
    width = int(max(_PERIODS, np.ceil(_SHORTEST_WINDOW * hz)) * rate / hz + 0.5)
    share = 2.0 ** (span / 1200.0)
    lowest = max(_SHORTEST_LAG, min(period / share, period - 1.5))
    highest = max(lowest, period * share, period + 1.5)
    spare = _TAPS + 1 + int(_ROOM * rate / hz)
    first = int(np.floor(lowest)) - spare
    count = int(np.ceil(highest)) + spare + 1 - first
    start = int(np.floor(middle - (width + period) / 2.0 + 0.5))
    if min(start, start + first) < 0 or start + width + first + count > sound.size:
        return hz, 0.0, False
    power, products, powers = _correlations(sound, start, width, first, count, hann)
    best, top = -2.0, spare
    for lag in range(spare, count - spare):
        value = products[lag] / np.sqrt(power * powers[lag] + _TINY)
        if value > best:
            best, top = value, lag
    place = float(top)
    if top == spare or top == count - spare - 1:
        return periods * rate / (first + place), best, False
    half = _half_width(products, powers, power, top)
    for _ in range(_STEPS):
        left = _repeat(products, powers, power, place - half)
        best = _repeat(products, powers, power, place)
        right = _repeat(products, powers, power, place + half)
        bend = left - 2.0 * best + right
        if bend >= 0.0:
            break
        step = min(1.0, max(-1.0, half * 0.5 * (left - right) / bend))
        place = min(top + 1.0, max(top - 1.0, place + step))
    return periods * rate / (first + place), best, True


@njit(
    void(_ROW, float64, _CURVE, _CURVE, float64, types.Array(types.float32, 1, "C"),
         float64[::1], float64[::1]),
    cache=True, nogil=True,
)  # fmt: skip
def _search(sound, rate, middles, guesses, span, hann, found, repeats):  # type: ignore[no-untyped-def]
    """Find the best period of each frame, then once more over several periods."""
    for frame in range(middles.size):
        hz, best, peak = _look(sound, rate, middles[frame], guesses[frame], 1, span, hann)
        near = best
        for _ in range(_TRIES):
            if peak or best == 0.0:
                break
            hz, best, peak = _look(sound, rate, middles[frame], hz, 1, span, hann)
        if 1200.0 * abs(np.log2(hz / guesses[frame])) > _FARTHEST_CENTS:
            hz, best, peak = guesses[frame], near, False
        periods = min(_MOST_PERIODS, int(_LONG_LAG * hz))
        if peak and periods > 1:
            longer, _, peak = _look(
                sound, rate, middles[frame], hz, periods, _LONG_SPAN_CENTS / periods, hann
            )
            hz = longer if peak else hz
        found[frame] = hz
        repeats[frame] = min(1.0, max(0.0, best))
