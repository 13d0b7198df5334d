"""Whether what sounds beside a voice is the voice itself, a little later: an echo of it, or a room.

An echo sings what was sung before; another singer sings no more of that than of what comes next.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.f0 import F0Track

__all__ = ["echo_share"]

Array = NDArray[np.float64]

_NEAR_SECONDS, _NOW_SECONDS = 1.5, 0.03  # how far a room reaches, and what is no past yet
_ALIKE_CENTS, _ENOUGH_SECONDS = 45.0, 0.03
_DELAYS_SECONDS = (0.06, 1.2, 0.02)  # first, last, step
_LEAST_LEFT = 0.1  # share that is not sung next, to compare with


def echo_share(fine: F0Track, frames: NDArray[np.int64], hz: Array, weights: Array) -> float:
    """Tell how much of what sounds beside a voice is its own echo.

    Parameters
    ----------
    fine : F0Track
        The voice.
    frames : ndarray of int, shape (places,)
        Frames of it at which something else sounds.
    hz : ndarray of float, shape (places,)
        The pitch of that.
    weights : ndarray of float, shape (places,)
        What each counts, their sum 1.0.

    Returns
    -------
    float
        From 0.0, where the voice sings it before no more often than after, to 1.0.
    """
    return max(_more_before(tell(fine, frames, hz), weights) for tell in (_sung_near, _sung_at))


def _more_before(heard: NDArray[np.bool_], weights: Array) -> float:
    """Tell how much more of what is heard was sung before than will be: shape (2, ..., places)."""
    before, after = (float((each @ weights).max(initial=0.0)) for each in heard)
    return max(0.0, before - after) / max(1.0 - after, _LEAST_LEFT)


def _sung_near(fine: F0Track, frames: NDArray[np.int64], hz: Array) -> NDArray[np.bool_]:
    """Tell whether the voice sang some pitches, in any octave, just before and after: (2, places).

    That is so for what rings on in a room.
    """
    reach, now, enough = (
        round(each / fine.hop_seconds) for each in (_NEAR_SECONDS, _NOW_SECONDS, _ENOUGH_SECONDS)
    )
    found = np.zeros((2, frames.size), dtype=np.bool_)
    for place, (frame, each) in enumerate(zip(frames, hz, strict=True)):
        before = np.arange(max(0, frame - reach), max(0, frame - now))
        after = np.arange(frame + now, frame + reach)
        found[:, place] = [_alike(fine, span, each).sum() >= enough for span in (before, after)]
    return found


def _sung_at(fine: F0Track, frames: NDArray[np.int64], hz: Array) -> NDArray[np.bool_]:
    """Tell whether the voice sang some pitches a fixed time before and after: (2, times, places).

    That is so for what a delay repeats.
    """
    away = np.round(np.arange(*_DELAYS_SECONDS) / fine.hop_seconds).astype(np.int64)[:, None]
    return np.stack([_alike(fine, frames + sign * away, hz) for sign in (-1, 1)])


def _alike(fine: F0Track, frames: NDArray[np.int64], hz: Array) -> NDArray[np.bool_]:
    """Tell whether the voice is on some pitches, in any octave, at some frames."""
    inside = (frames >= 0) & (frames < fine.times.size)
    places = np.clip(frames, 0, fine.times.size - 1)
    octaves = np.log2(fine.hz[places] / hz)
    near = 1200.0 * np.abs(octaves - np.round(octaves)) < _ALIKE_CENTS
    return np.asarray(inside & fine.voiced[places] & near)
