"""Where a voice steps to other notes within a note: what the hard effect makes of ornaments.

A note that is put flat on its target loses its ornaments. What lies long enough on another note
of the scale is a note to the ear, and steps there; all else is flat.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ladder", "steps_within"]

Array = NDArray[np.float64]
Ladder: TypeAlias = Callable[[float, float], Array]
"""Tells the notes of a scale from one MIDI number to another, rising."""

_STANDS_SECONDS = 0.07  # near a note of the scale: what is shorter is heard as no note
_NEAR = 0.35  # of the way from one note of the scale to the next
_FARTHEST = 7.5  # semitones: what is further off is a slip of the tracker
_ALIGNED = 0.45  # semitones: so near its scale, a target tells how that is tuned
_DEEPER = 1.4  # times the depth of its vibrato, a note is left for another


def steps_within(
    off: Array, sung: NDArray[np.bool_], target: float, ladder: Ladder, hop_seconds: float,
    vibrato: float = 0.0,
) -> Array:  # fmt: skip
    """Tell which note of the scale each moment of a note is put on.

    Parameters
    ----------
    off : ndarray of float, shape (frames,)
        Pitch of the note around its centre, semitones.
    sung : ndarray of bool, shape (frames,)
        Which frames are voiced and belong to the note.
    target : float
        Where its centre goes, MIDI number.
    ladder : Ladder
        The notes of the scale.
    hop_seconds : float
        From frame to frame.
    vibrato : float
        Depth of its vibrato to each side, semitones.

    Returns
    -------
    ndarray of float, shape (frames,)
        Semitones from the target; 0.0 where it is flat.
    """
    none = np.zeros(off.size)
    notes = _around(target, ladder)
    if notes.size < 2 or not sung.any():
        return none
    nearest = np.abs(off[:, None] - notes).argmin(axis=1)
    gaps = np.diff(notes)
    room = np.minimum(np.append(gaps, np.inf), np.insert(gaps, 0, np.inf))
    on = sung & (np.abs(off - notes[nearest]) <= _NEAR * room[nearest])
    steps = none
    least = max(2, round(_STANDS_SECONDS / hop_seconds))
    for first, last in _runs(np.where(sung, nearest, -1)):
        note = float(notes[nearest[first]])
        leaves = abs(note) > _DEEPER * vibrato
        if sung[first] and note and leaves and _longest(on[first:last]) >= least:
            steps[first:last] = note
    return steps


def _around(target: float, ladder: Ladder) -> Array:
    """Lay out the notes of the scale around a target, in its tuning: semitones from it."""
    notes = ladder(target - _FARTHEST, target + _FARTHEST) - target
    if notes.size == 0:
        return notes
    apart = float(notes[np.abs(notes).argmin()])
    if abs(apart) <= _ALIGNED:
        return np.asarray(notes - apart)
    return np.sort(np.append(notes, 0.0))


def _runs(values: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Cut into runs of one value: first, and one after the last."""
    edges = np.flatnonzero(np.diff(values)) + 1
    bounds = [0, *edges.tolist(), values.size]
    return list(pairwise(bounds))


def _longest(which: NDArray[np.bool_]) -> int:
    """Count the longest run of True."""
    edges = np.flatnonzero(np.diff(which, prepend=False, append=False)).reshape(-1, 2)
    return int((edges[:, 1] - edges[:, 0]).max(initial=0))
