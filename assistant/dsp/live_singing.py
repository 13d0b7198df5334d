"""Pitch-synchronous overlap-add of a voice as it comes in, a few cycles behind it.

After Moulines and Charpentier, "Pitch-synchronous waveform processing techniques for
text-to-speech synthesis using diphones", Speech Communication 9 (1990). What is sung is a row of
segments. In each, one cycle of the voice fades into the next; where both are the sound itself, the
segment is a copy of it, bit for bit. All places are counted in samples from the start of the
stream, and nothing depends on how the stream is cut into blocks.
"""

from __future__ import annotations

import numpy as np
from numba import float32, float64, int64, njit, types, void
from numpy.typing import NDArray

__all__ = ["TAPS", "silent_until", "sing"]

TAPS = 12
"""Samples to either side that an interpolated one depends on."""

# What is kept of the segment: where it begins and ends, what is added to a place to find its two
# sources; whether it belongs to a voiced stretch, and with which frame that began; the last marks.
_START, _END, _FROM, _TO, _VOICED, _FIRST, _MARK, _BEFORE = range(8)

_SPAN = 0.12  # how much a cycle may be longer or shorter than the frame says
_HALF = 0.5  # of a cycle: how much to either side of two marks is compared
_FAR = 0.05  # what the border of the span costs, of a likeness
_LIKE = 0.3  # below this the next mark is set by the period alone
_PULL = 0.1  # how far a mark is drawn to the centre of the energy of its cycle
_TINY = 1e-20

_ROW = types.Array(types.float32, 1, "C", readonly=True)
_CURVE = types.Array(types.float64, 1, "C", readonly=True)


def silent_until(place: int) -> NDArray[np.float64]:
    """Return the state that `sing` begins with, at a place where nothing is voiced yet."""
    state = np.zeros(8)
    state[_START] = state[_END] = place
    return state


@njit(float64(_ROW, float64, float64, int64), cache=True)
def _pull(sound, place, period, limit):  # type: ignore[no-untyped-def]
    """Return how far off the centre of a cycle's energy lies, less where it has no clear centre.

    The cycle is laid around a circle, so that a centre is found wherever the cycle is cut.
    """
    mask = sound.size - 1
    low, high = int64(np.ceil(place - 0.5 * period)), int64(np.ceil(place + 0.5 * period))
    total, east, north = _TINY, 0.0, 0.0
    for i in range(low, min(high, limit)):
        angle = 2.0 * np.pi * (i - place) / period
        energy = sound[i & mask] * sound[i & mask]
        total += energy
        east += energy * np.cos(angle)
        north += energy * np.sin(angle)
    return np.hypot(east, north) / total * np.arctan2(north, east) / (2.0 * np.pi) * period


@njit(float64(_ROW, int64, int64, int64, int64), cache=True)
def _likeness(sound, here, there, half, limit):  # type: ignore[no-untyped-def]
    """Correlate the sound around two samples, normalised; nothing from `limit` on is used."""
    mask = sound.size - 1
    aa, bb, ab = _TINY, _TINY, 0.0
    for i in range(-half, min(half, limit - there)):
        a, b = sound[(here + i) & mask], sound[(there + i) & mask]
        aa += a * a
        bb += b * b
        ab += a * b
    return ab / np.sqrt(aa * bb)


@njit(float64(_ROW, float64, float64, int64), cache=True)
def _next_mark(sound, mark, period, limit):  # type: ignore[no-untyped-def]
    """Find where the cycle after a mark has the same place as the mark in its own."""
    here = int64(np.round(mark))
    half = max(4, int64(_HALF * period))
    middle = int64(np.round(period))
    reach = max(2, int64(np.ceil(_SPAN * period)))
    best, place, left, right, last = -2.0, 0, 0.0, 0.0, 0.0
    for lag in range(middle - reach, middle + reach + 1):
        off = (lag - period) / reach
        value = _likeness(sound, here, here + lag, half, limit) - _FAR * off * off
        if place == lag - 1:
            right = value
        if value > best:
            best, place, left = value, lag, last
        last = value
    found = float64(place)
    if best < _LIKE:
        found = period
    elif abs(place - middle) < reach:
        bend = left - 2.0 * best + right
        if bend < 0.0:
            found += 0.5 * (left - right) / bend
    found += mark
    return found + _PULL * max(best, 0.0) * _pull(sound, found, period, limit)


@njit(float64(_ROW, float64, float64, int64), cache=True)
def _first_mark(sound, start, period, limit):  # type: ignore[no-untyped-def]
    """Find the centre of the energy of the first cycle after a place."""
    place = start + 0.5 * period
    for _ in range(3):
        place += _pull(sound, place, period, limit)
    while place < start:
        place += period
    while place >= start + period:
        place -= period
    return max(start, np.round(place))


@njit(void(float64, float64[::1]), cache=True)
def _weights(fraction, weights):  # type: ignore[no-untyped-def]
    """Fill in a windowed sinc that reads between two samples."""
    sine = np.sin(np.pi * fraction) / np.pi
    for tap in range(2 * TAPS):
        away = fraction - (tap + 1 - TAPS)
        taper = np.cos(np.pi * away / (2.0 * (TAPS + 0.5)))
        sign = -1.0 if (tap + 1 - TAPS) % 2 else 1.0
        weights[tap] = sign * sine / away * taper * taper if abs(away) > 1e-9 else 1.0


@njit(void(_ROW, float64[::1], int64, int64, float32[::1], int64), cache=True)
def _fade(sound, state, first, last, out, base):  # type: ignore[no-untyped-def]
    """Write the samples `first` to `last` of the segment."""
    mask = sound.size - 1
    if state[_FROM] == 0.0 and state[_TO] == 0.0:
        for n in range(first, last):
            out[n - base] = sound[n & mask]
        return
    one, two = np.empty(2 * TAPS), np.empty(2 * TAPS)
    shift_one, shift_two = int64(np.floor(state[_FROM])), int64(np.floor(state[_TO]))
    _weights(state[_FROM] - shift_one, one)
    _weights(state[_TO] - shift_two, two)
    for n in range(first, last):
        gone = 0.5 - 0.5 * np.cos(np.pi * (n - state[_START]) / (state[_END] - state[_START]))
        a, b = 0.0, 0.0
        for tap in range(2 * TAPS):
            at = n + tap + 1 - TAPS
            a += one[tap] * sound[(at + shift_one) & mask]
            b += two[tap] * sound[(at + shift_two) & mask]
        out[n - base] = float32((1.0 - gone) * a + gone * b)


@njit(void(float64[::1], float64, float64), cache=True)
def _follow(state, end, shift):  # type: ignore[no-untyped-def]
    """Let the next segment reach to a place, and there read so far ahead."""
    state[_START], state[_FROM] = state[_END], state[_TO]
    state[_END], state[_TO] = end, shift


@njit(void(_ROW, _CURVE, _CURVE, int64, int64, float64[::1]), cache=True)
def _cycle(sound, periods, ratios, frame, limit, state):  # type: ignore[no-untyped-def]
    """Plan the segment that follows within a voiced stretch."""
    period, ratio = periods[frame], ratios[frame]
    here = state[_END]
    if state[_MARK] <= here:
        state[_BEFORE] = state[_MARK]
        state[_MARK] = _next_mark(sound, state[_MARK], period, limit)
    there = here + (state[_MARK] - state[_BEFORE]) / ratio
    near = state[_MARK]
    while there - near > 0.5 * period:
        state[_BEFORE] = near
        near = _next_mark(sound, near, period, limit)
        state[_MARK] = near
    if abs(there - state[_BEFORE]) < abs(there - near):
        near = state[_BEFORE]
    _follow(state, there, near - there)


@njit(
    void(_ROW, _CURVE, _CURVE, float64, int64, int64, int64, float64[::1], float32[::1]),
    cache=True,
)  # fmt: skip
def sing(sound, periods, ratios, frames_per_sample, ahead, lead, first, state, out):  # type: ignore[no-untyped-def] # noqa: PLR0913, PLR0917
    """Write the samples from `first` on.

    `sound` is a ring. `periods` (samples, 0.0: not voiced) and `ratios` (what the fundamental is
    multiplied by) are rings of frames; the frame that tells of a place is the one that ends a cycle
    and `lead` samples later. Nothing is used that comes more than `ahead` samples later, but for
    `TAPS` samples that the last one is interpolated from.
    """
    mask = periods.size - 1
    last = first + out.size
    at = first
    while at < last:
        stop = min(last, int64(np.ceil(state[_END])))
        if stop > at:
            _fade(sound, state, at, stop, out, first)
            at = stop
            continue
        here = state[_END]
        limit = int64(here) + ahead
        newest = int64(limit * frames_per_sample)
        if state[_VOICED] == 0.0:
            period = periods[newest & mask]
            if period == 0.0:
                _follow(state, np.floor((newest + 1) / frames_per_sample - ahead) + 1.0, 0.0)
                continue
            mark = _first_mark(sound, here, period, limit)
            state[_VOICED], state[_FIRST] = 1.0, newest
            state[_MARK], state[_BEFORE] = mark, mark - period
            _follow(state, mark, 0.0)
            continue
        frame = int64((here + lead + state[_MARK] - state[_BEFORE]) * frames_per_sample)
        frame = min(newest, max(int64(state[_FIRST]), frame)) & mask
        if periods[frame] > 0.0:
            _cycle(sound, periods, ratios, frame, limit, state)
        else:
            state[_VOICED] = 0.0
            _follow(state, here + (state[_MARK] - state[_BEFORE]), 0.0)
