"""How like a click a place is, and mending those that are.

What speaks for a click is by how much the residual falls as it is mended. Against it speaks what
is left, beside what is usual here, and that the sound is busier afterwards than before.
"""

from __future__ import annotations

import math

import numpy as np
from numba import boolean, float64, int64, njit, types

from assistant.dsp.autoregression import ORDER
from assistant.dsp.click_mending import mend
from assistant.dsp.click_places import FLOOR, candidates, residuals_and_level

__all__ = ["CERTAIN", "mend_all"]

ROUNDS = 3  # of looking again at what was mended
CERTAIN = 2.0  # a score, in powers of ten: no music has it
NOTHING = -99.0  # the score of what is not sudden
SUDDEN, OUTRIGHT = 10.0, 150.0  # times the usual power
EVEN = 10.0  # times the usual power may be left, at most
UNEVEN, QUIET = 1.5, 0.3  # powers of ten for each that more is left than that share of the usual
RISES = 1.0  # and for each by which the residual is higher afterwards
LARGER, OPPOSED = 9.0, 0.85  # in power, in correlation: what is taken against what is left
LEAST_LONGER = 8  # samples

_ROW = types.Array(types.float64, 1, "C", readonly=True)


@njit(types.void(float64[::1], int64[:, ::1]), cache=True, nogil=True)
def _bridge(row, places):  # type: ignore[no-untyped-def]
    """Draw a line over each place."""
    for first, stop in places:
        before, after = row[max(first - 1, 0)], row[min(stop, row.size - 1)]
        for i in range(first, stop):
            share = (i - first + 1) / (stop - first + 1)
            row[i] = before + share * (after - before)


@njit(float64(types.UniTuple(float64, 3), int64, float64, float64), cache=True, nogil=True)
def _score(powers, frames, usual, rise):  # type: ignore[no-untyped-def]
    """Tell how like a click a place is; 0.0 where it is a hit, and less where it is nothing."""
    given, left, around = powers
    reach = frames + ORDER
    if given < SUDDEN * around * reach:
        return NOTHING
    rest = left / reach / (usual * usual)
    # As many samples as a place has are free: what can be left is only that of the order.
    fall = math.log10(given / reach) - math.log10(max(left, FLOOR * FLOOR) / ORDER)
    against = UNEVEN * math.log10(max(rest, QUIET)) + RISES * max(rise, 0.0)
    return fall - against if rest < EVEN else 0.0


@njit(boolean(_ROW, _ROW), cache=True, nogil=True)
def _turned(given, made):  # type: ignore[no-untyped-def]
    """Tell whether mending only put a sound to the other side, as it does at a square's edge."""
    taken = given - made
    power, change, shared = (made * made).sum(), (taken * taken).sum(), (taken * made).sum()
    alike = power < change < LARGER * power
    return alike and shared < -OPPOSED * math.sqrt(power * change)


@njit(float64(_ROW, _ROW, int64, int64, int64), cache=True, nogil=True)
def _rise(ahead, back, first, stop, after):  # type: ignore[no-untyped-def]
    """Tell by how many powers of ten the residual is higher after a place than before."""
    follows, led = back[stop + 1 : stop + after], ahead[max(0, first - after) : first - 1]
    if follows.size < after // 4 or led.size < after // 4:
        return 0.0
    now, then = np.median(np.abs(follows)) + FLOOR, np.median(np.abs(led)) + FLOOR
    return math.log10(now / then)


@njit(
    types.UniTuple(float64, 2)(
        _ROW, _ROW, types.UniTuple(int64, 2), int64, types.UniTuple(float64, 2), float64[::1]
    ),
    cache=True,
    nogil=True,
)
def _try(row, bridged, place, window, around, made):  # type: ignore[no-untyped-def]
    """Mend a place: how like a click it is, and how many times the usual power it has."""
    usual, rise = around
    frames = place[1] - place[0]
    powers = mend(row, bridged, place, window, made[:frames])
    score = _score(powers, frames, usual, rise)
    if score > 0.0 and _turned(row[place[0] : place[1]], made[:frames]):
        score = 0.0
    return score, powers[0] / (powers[2] * (frames + ORDER))


@njit(
    types.Tuple((float64, int64))(
        _ROW,
        _ROW,
        types.UniTuple(int64, 2),
        types.UniTuple(int64, 3),
        types.Tuple((_ROW, _ROW, _ROW, float64)),
        float64[::1],
    ),
    cache=True,
    nogil=True,
)
def _mended(row, bridged, place, lengths, known, made):  # type: ignore[no-untyped-def]
    """Mend a place, or a longer one where it stands out by far: how like a click, and its end."""
    window, longest, after = lengths
    ahead, back, usual, least = known
    first, stop = place
    near = usual[max(first // window - 1, 0) : first // window + 2].max()
    rise = _rise(ahead, back, first, stop, after)
    score, times = _try(row, bridged, place, window, (near, rise), made)
    longer = min(stop + max(stop - first, LEAST_LONGER), first + longest)
    if score >= least or times < OUTRIGHT or longer == stop:
        return score, stop
    rise = _rise(ahead, back, first, longer, after)
    score, _ = _try(row, bridged, (first, longer), window, (near, rise), made)
    return (score, longer) if score >= CERTAIN else (min(score, 0.0), longer)


@njit(
    types.UniTuple(int64, 2)(
        float64[::1],
        types.UniTuple(int64, 2),
        types.UniTuple(int64, 3),
        float64,
        int64[:, ::1],
        float64[::1],
        boolean[::1],
    ),
    cache=True,
    nogil=True,
)
def mend_all(row, span, lengths, least, places, scores, touched):  # type: ignore[no-untyped-def]
    """Mend clicks in place, and look again.

    Parameters
    ----------
    row : ndarray of float64, shape (frames,)
        The sound.
    span : tuple of int
        Where clicks begin.
    lengths : tuple of int
        Frames of a window, of the longest click, and of what follows it.
    least : float
        Score from which on something is taken for a click.
    places, scores : ndarray of int64, shape (most, 2), and of float64, shape (most,)
        Take where they begin and end, and how like clicks they are.
    touched : ndarray of bool, shape (frames,)
        Takes what is changed.

    Returns
    -------
    tuple of int
        How many clicks there are, and how many hits.
    """
    window, longest = lengths[:2]
    ahead, back = np.zeros(row.size), np.zeros(row.size)
    usual, made = np.empty(row.size // window + 1), np.empty(longest)
    maybe, bridged = np.empty_like(places), np.empty_like(row)
    within = max(span[0], ORDER + 1), min(span[1], row.size - ORDER - longest)
    found = hits = 0
    for turn in range(ROUNDS):
        residuals_and_level(row, window, ahead, back, usual)
        count, mended = candidates(ahead, back, usual, within, (window, longest), maybe), 0
        bridged[:] = row
        _bridge(bridged, maybe[:count])
        for first, last in maybe[:count]:
            known = (ahead, back, usual, least)
            score, stop = _mended(row, bridged, (first, last), lengths, known, made)
            if score < least:
                hits += 1 if turn == 0 and score > NOTHING else 0
                continue
            row[first:stop] = made[: stop - first]
            mended += 1
            if not touched[first:stop].any() and found < scores.size:
                places[found, 0], places[found, 1], scores[found] = first, stop, score
                found += 1
            touched[first:stop] = True
        if mended == 0:
            break
    return found, hits
