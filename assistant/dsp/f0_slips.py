"""Octave slips of a tracker, mended by what repeats and by what comes before and after."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numba import float64, int64, njit, types, void
from numpy.typing import NDArray

from assistant.dsp.f0 import F0Track

__all__ = ["RATIOS", "mended"]

Array = NDArray[np.float64]

RATIOS = np.array([1.0, 2.0, 0.5, 3.0, 1.0 / 3.0, 0.25])
"""What the fundamental may be, times what the tracker says."""

_BELIEVED = 0.7  # how much worse what the tracker says may repeat
# What repeats after a period repeats after two as well: of equals the highest is right, and what
# the tracker says is not believed.
_HIGHER = 0.08  # an octave
_EQUAL, _CLEARLY = 0.03, 0.8
# A strong overtone is taken for the fundamental: it repeats itself, but far less than the whole.
_BETTER = 0.24
_LEAP = 1.5  # an octave from one frame to the next
_OUTSIDE = 10.0  # never
_MARGIN = 2.0 ** (1.0 / 12.0)  # a note at the border of the range may be sung off by so much
# What is mended and still leaps there and back, by so many octaves, was no overtone: it is moved.
_ASIDE = (0.05, 0.15)
_ASIDE_FRAMES = 30  # at most: longer ones may be notes

_TABLE = types.Array(types.float64, 2, "C", readonly=True)


def mended(track: F0Track, repeats: Array, lowest_hz: float, highest_hz: float) -> F0Track:
    """Mend the octave slips of a track.

    Parameters
    ----------
    track : F0Track
        As a tracker made it.
    repeats : ndarray of float, shape (frames, 6)
        How well the sound repeats at each of `RATIOS` times what the track says, 0.0 to 1.0.
    lowest_hz, highest_hz : float
        What the voice can sing.

    Returns
    -------
    F0Track
        The same track with other octaves where more speaks for them; not voiced where none lies
        within what the voice can sing.
    """
    if not track.times.size:
        return track
    octaves = track.hz[:, None] * RATIOS
    np.log2(octaves, out=octaves)
    low, high = np.log2(lowest_hz / _MARGIN), np.log2(highest_hz * _MARGIN)
    inside = (octaves >= low) & (octaves <= high)
    higher, lower = (
        np.max(repeats, axis=1, initial=0.0, where=inside & which)
        for which in (RATIOS > 1.0, RATIOS < 1.0)
    )
    doubtful = (higher > repeats[:, 0] - _EQUAL) & (higher > _CLEARLY)
    overtone = (lower > repeats[:, 0] + _BETTER) & (lower > _CLEARLY)
    doubtful |= overtone
    # nothing else is two octaves off, least of all what lies beyond the range
    inside = inside & ((overtone & inside[:, 0])[:, None] | (RATIOS > 0.25))
    gains = repeats + _HIGHER * np.log2(RATIOS)
    gains[:, RATIOS == 1.0] += np.where(doubtful, 0.0, _BELIEVED)[:, None]
    gains[~track.voiced] = RATIOS == 1.0
    np.subtract(gains, _OUTSIDE, out=gains, where=~inside)
    chosen = np.empty(track.times.size, dtype=np.int64)
    _follow(gains, octaves, track.voiced.astype(np.int64), chosen)
    sings = inside[np.arange(chosen.size), chosen]
    pitch = octaves[np.arange(chosen.size), chosen]
    aside = _aside(pitch, RATIOS[chosen] != 1.0, track.voiced)
    hz = track.hz * RATIOS[chosen] * np.exp2(-aside)
    hz = np.clip(hz, lowest_hz / _MARGIN, highest_hz * _MARGIN)
    return replace(track, hz=hz, confidence=np.where(sings, track.confidence, 0.0))


def _aside(octaves: Array, slipped: NDArray[np.bool_], voiced: NDArray[np.bool_]) -> Array:
    """Tell how far slips lie beside the pitch before and after them, octaves.

    A resonance between two overtones is now and then taken for the fundamental; what it is
    mended to lies beside the voice.
    """
    least, most = _ASIDE
    aside = np.zeros(octaves.size)
    edges = np.flatnonzero(np.diff(slipped, prepend=False, append=False))
    for first, last in edges.reshape(-1, 2).tolist():
        inside = first > 0 and last < octaves.size and voiced[first - 1] and voiced[last]
        if not inside or last - first > _ASIDE_FRAMES:
            continue
        off = np.array([octaves[first] - octaves[first - 1], octaves[last - 1] - octaves[last]])
        if off[0] * off[1] > 0.0 and np.abs(off).min() > least and np.abs(off).max() < most:
            aside[first:last] = np.linspace(off[0], off[1], last - first)
    return aside


@njit(void(_TABLE, _TABLE, int64[::1], int64[::1]), cache=True, nogil=True)
def _follow(gains, octaves, voiced, chosen):  # type: ignore[no-untyped-def]
    """Choose the path that gains most, leaps between voiced frames taken off."""
    frames, choices = gains.shape
    before = np.zeros((frames, choices), dtype=np.int8)
    totals = gains[0].copy()
    for frame in range(1, frames):
        leaps = _LEAP if voiced[frame] == 1 and voiced[frame - 1] == 1 else 0.0
        sums = np.empty(choices, dtype=float64)
        for here in range(choices):
            best, origin = -np.inf, 0
            for there in range(choices):
                away = min(1.0, abs(octaves[frame, here] - octaves[frame - 1, there]))
                value = totals[there] - leaps * away
                if value > best:
                    best, origin = value, there
            sums[here] = best + gains[frame, here]
            before[frame, here] = origin
        totals = sums
    at = 0
    for choice in range(choices):
        if totals[choice] > totals[at]:
            at = choice
    for frame in range(frames - 1, -1, -1):
        chosen[frame] = at
        at = before[frame, at]
