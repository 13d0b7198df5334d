"""Pitch marks: one place in each cycle of a voice, the same place from cycle to cycle.

The first mark stands where a stretch of voice is loudest; from there marks are set outward, cycle
by cycle, where the sound is most like the cycle before (normalised cross-correlation, to a
fraction of a frame), within reach of the period that the f0 track gives. Likeness alone would let
the marks slide along the cycle as vowels change, so each is drawn a little towards the centre of
its cycle's energy, which lies shortly after the glottis closes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import boolean, float64, int64, njit, types
from numpy.typing import NDArray

__all__ = ["Marks", "pitch_marks"]

Array = NDArray[np.float64]

SMOOTHING_SECONDS = 0.0003  # what lies above some 3 kHz is more breath than voice
STRIDE_SECONDS = 0.0001  # of the first, coarse search; a peak of what is left is wider
HALF = 0.6  # of what is compared, in periods to either side of a mark
REACH = 0.12  # how far a cycle may be longer or shorter than the track says
LEAST_LIKE = 0.3  # under it the track is believed, not the correlation
FARTHEST_COST = 0.05  # likeness that a cycle must be better by, at the end of the reach
PULL = 0.1  # share of the way to the centre of the energy

_ARRAY = types.Array(types.float64, 1, "C", readonly=True)


@dataclass(frozen=True, eq=False)
class Marks:
    """The marks of one stretch of voice.

    Parameters
    ----------
    places : ndarray of float, shape (marks,)
        Frames, with fractions, rising.
    likeness : ndarray of float, shape (marks - 1,)
        Of the sound around each mark and around the next: 1.0 where it repeats itself, 0.0 or
        less where they have nothing in common.
    """

    places: Array
    likeness: Array


def pitch_marks(sound: Array, rate: int, times: Array, hz: Array, loudest: float) -> Marks:
    """Mark the cycles of one stretch of voice.

    Parameters
    ----------
    sound : ndarray of float, shape (frames,)
        Mono; the stretch, and if possible some cycles to either side.
    rate : int
        Frames a second.
    times : ndarray of float, shape (points,)
        Seconds from the beginning of `sound`, evenly apart, at least two; marks are set from the
        first to the last.
    hz : ndarray of float, shape (points,)
        Fundamental at each of them, above 0.0.
    loudest : float
        Where to begin, seconds, among `times`.

    Returns
    -------
    Marks
        At least one, at most one a cycle.
    """
    smooth = _smoothed(sound, rate)
    energy = np.square(np.gradient(smooth))
    first, last = float(times[0]) * rate, float(times[-1]) * rate
    spacing = (last - first) / (times.size - 1)
    start = _centred(energy, loudest * rate, rate / float(np.interp(loudest, times, hz)))
    start = min(max(start, first), last)
    room = 2 + int((last - first) * hz.max() / rate / (1.0 - REACH - 0.5 * PULL))
    stride = max(1, int(STRIDE_SECONDS * rate))
    ways: list[tuple[Array, Array]] = []
    for stop in (first, last):
        track = np.concatenate(([first, spacing, start, stop], rate / hz))
        places, likeness = np.empty(room), np.empty(room)
        count = _walk(smooth, energy, track, stride, stop == last, places, likeness)
        ways.append((places[:count], likeness[:count]))
    (left, left_like), (right, right_like) = ways
    return Marks(
        np.concatenate((left[::-1], [start], right)),
        np.concatenate((left_like[::-1], right_like)),
    )


def _smoothed(sound: Array, rate: int) -> Array:
    """Take away what is above the voice, without delay."""
    half = round(SMOOTHING_SECONDS * rate / 2.0)
    bell = np.hanning(2 * half + 3)[1:-1]
    return np.convolve(sound, bell / bell.sum())[half : half + sound.size]


@njit(float64(_ARRAY, float64, float64), cache=True, nogil=True)
def _pull(energy, place, period):  # type: ignore[no-untyped-def]
    """Return how far off the centre of a cycle's energy lies, less where it has no clear centre.

    The cycle is laid around a circle, so that its centre is the same wherever it is cut.
    """
    low, high = int64(np.ceil(place - period / 2.0)), int64(np.ceil(place + period / 2.0))
    total, east, north = 1e-30, 0.0, 0.0
    for i in range(max(low, 0), min(high, energy.shape[0])):
        angle = 2.0 * np.pi * (i - place) / period
        total += energy[i]
        east += energy[i] * np.cos(angle)
        north += energy[i] * np.sin(angle)
    clear = np.hypot(east, north) / total
    return clear * np.arctan2(north, east) / (2.0 * np.pi) * period


@njit(float64(_ARRAY, float64, float64), cache=True, nogil=True)
def _centred(energy, place, period):  # type: ignore[no-untyped-def]
    """Return a place moved to the centre of the energy of its cycle."""
    for _ in range(3):
        place += _pull(energy, place, period)
    return place


@njit(float64(_ARRAY, int64, int64, int64), cache=True, nogil=True)
def _likeness(sound, here, there, half):  # type: ignore[no-untyped-def]
    """Correlate the sound around two frames, normalised, their means taken out."""
    low = max(-half, -min(here, there))
    high = min(half, sound.shape[0] - 1 - max(here, there))
    count = high - low + 1
    if count < half:
        return 0.0
    sum_a, sum_b, aa, bb, ab = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(low, high + 1):
        a, b = sound[here + i], sound[there + i]
        sum_a += a
        sum_b += b
        aa += a * a
        bb += b * b
        ab += a * b
    aa -= sum_a * sum_a / count
    bb -= sum_b * sum_b / count
    if aa <= 1e-20 or bb <= 1e-20:
        return 0.0
    return (ab - sum_a * sum_b / count) / np.sqrt(aa * bb)


@njit(types.UniTuple(float64, 2)(_ARRAY, int64, float64, int64, int64), cache=True, nogil=True)
def _next_cycle(sound, here, period, way, stride):  # type: ignore[no-untyped-def]
    """Return the length of the cycle after (or, way -1, before) a frame, and its likeness."""
    half, reach = max(2, int64(HALF * period)), max(2.0, REACH * period)
    shortest, longest = int64(np.ceil(period - reach)), int64(np.floor(period + reach))
    values = np.full(longest - shortest + 1, -2.0)
    best = 0
    for step in (stride, 1):
        near = best if step < stride else values.shape[0] // 2
        width = stride if step < stride else values.shape[0]
        for i in range(near % step, values.shape[0], step):
            if abs(i - near) <= width and values[i] == -2.0:
                lag = shortest + i
                cost = FARTHEST_COST * ((lag - period) / reach) ** 2
                values[i] = _likeness(sound, here, here + way * lag, half) - cost
                if values[i] > values[best]:
                    best = i
    like, length = values[best], float64(shortest + best)
    if 0 < best < values.shape[0] - 1:
        before, after = values[best - 1], values[best + 1]
        bend = before - 2.0 * like + after
        if bend < 0.0:
            length += 0.5 * (before - after) / bend
    return length, like


@njit(float64(_ARRAY, float64), cache=True, nogil=True)
def _period(track, place):  # type: ignore[no-untyped-def]
    """Return the period at a place, on the line between two points of the track."""
    points = track[4:]
    at = min(max((place - track[0]) / track[1], 0.0), points.shape[0] - 1.0)
    k = min(int64(at), points.shape[0] - 2)
    return points[k] + (at - k) * (points[k + 1] - points[k])


@njit(
    int64(_ARRAY, _ARRAY, _ARRAY, int64, boolean, float64[::1], float64[::1]),
    cache=True, nogil=True,
)  # fmt: skip
def _walk(sound, energy, track, stride, forward, places, likeness):  # type: ignore[no-untyped-def]
    """Set marks from one place on until a stop; return how many.

    The track is: where its points begin, how far apart they are, where to start, where to stop,
    and the period at each point, all in frames.
    """
    way = 1 if forward else -1
    place, stop = track[2], track[3]
    for count in range(places.shape[0]):
        period = _period(track, place + way * 0.5 * _period(track, place))
        length, like = _next_cycle(sound, int64(np.round(place)), period, way, stride)
        if like < LEAST_LIKE:
            length = period
        place += way * length
        place += PULL * max(like, 0.0) * _pull(energy, place, length)
        if (place - stop) * way > 0.0:
            return count
        places[count], likeness[count] = place, like
    return places.shape[0]
