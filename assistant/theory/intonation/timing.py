"""When the notes of a take should begin: on a grid, or with a guide; and how time runs between.

The head of a note, its consonant and attack, moves as a whole. What is held, and rests before all,
is made longer or shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.take import TakeNote

__all__ = ["GRIDS", "Grid", "InTime", "shifts_to", "time_map"]

Array = NDArray[np.float64]

GRIDS = {
    "1/4": 1.0,
    "1/8": 0.5,
    "1/8 triplets": 1.0 / 3.0,
    "1/16": 0.25,
    "1/16 triplets": 1.0 / 6.0,
}
"""Beats from place to place of the grids that can be asked for."""

_BEFORE, _AFTER = 0.05, 0.05  # seconds: the head of a note, around its beginning
_REST = 0.1  # seconds: a gap that can take up a change alone
_LEAST, _MOST = 0.5, 2.0  # how far what lies between two heads may shrink and grow
_BETWEEN = 0.38  # share of the way to the next place from which nobody knows which is meant
_ORNAMENT, _LINKED = 0.12, 0.06  # seconds: a note so short, so close to the next, goes with it


@dataclass(frozen=True, slots=True)
class Grid:
    """Where notes may begin.

    Parameters
    ----------
    bpm : float
        Quarter notes a minute.
    step : float
        Beats from place to place: 1.0, 0.5 or 0.25, or 1/3 and 1/6 for triplets.
    swing : float
        Where the second of two places lies between its neighbours: 0.5 straight, 2/3 as triplets,
        up to 0.75.
    first : float
        Seconds into the take where a beat is.
    """

    bpm: float
    step: float = 0.5
    swing: float = 0.5
    first: float = 0.0

    def places(self, seconds: float) -> Array:
        """Lay out its places from one before the take to one after it.

        Parameters
        ----------
        seconds : float
            Length of the take.

        Returns
        -------
        ndarray of float
            Seconds, rising.
        """
        width = self.step * 60.0 / self.bpm
        low = 2 * int(np.floor(-self.first / (2.0 * width))) - 2
        high = int(np.ceil((seconds - self.first) / width)) + 2
        steps = np.arange(low, high + 1)
        late = np.where(steps % 2 == 1, 2.0 * self.swing - 1.0, 0.0)
        return np.asarray(self.first + (steps + late) * width, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class InTime:
    """How strictly notes are put in time.

    Parameters
    ----------
    strength : float
        Percent of the way that they go, 0.0 to 100.0.
    most_ms : float
        Farthest that any note goes.
    free_ms : float
        What is off by less stays: nobody sings on the line.
    """

    strength: float = 80.0
    most_ms: float = 120.0
    free_ms: float = 15.0


def shifts_to(notes: Sequence[TakeNote], places: Array, how: InTime) -> Array:
    """Tell how far each note should move.

    Parameters
    ----------
    notes : sequence of TakeNote
        In order of time.
    places : ndarray of float
        Seconds, rising: of a grid, or where the notes of a guide begin.
    how : InTime
        How strictly.

    Returns
    -------
    ndarray of float, shape (notes,)
        Seconds; above 0.0 where a note should begin later. A note between two places goes as its
        neighbours do, and an ornament with the note it leads to.
    """
    shifts = np.zeros(len(notes))
    if not len(notes) or not len(places):
        return shifts
    wanted = np.array([_wanted(note.start, places, how) for note in notes])
    for place in range(len(notes) - 2, -1, -1):
        note, after = notes[place], notes[place + 1]
        if note.seconds < _ORNAMENT and after.start - note.end < _LINKED:
            wanted[place] = wanted[place + 1]
    known = np.flatnonzero(~np.isnan(wanted))
    if known.size:
        starts = np.array([note.start for note in notes])
        shifts = np.interp(starts, starts[known], wanted[known])
    return np.asarray(shifts, dtype=np.float64)


def time_map(notes: Sequence[TakeNote], shifts: Array, seconds: float) -> Array:
    """Tell when each moment of a take is heard after its notes are moved.

    Parameters
    ----------
    notes : sequence of TakeNote
        In order of time.
    shifts : ndarray of float, shape (notes,)
        From `shifts_to`; taken back where time would have to run at less than half its pace or at
        more than twice.
    seconds : float
        Length of the take, which is kept.

    Returns
    -------
    ndarray of float, shape (points, 2)
        Seconds before and after; time runs on straight lines between the points. Both columns
        rise; the first point is (0, 0), the last (`seconds`, `seconds`).
    """
    heads = _heads(notes, seconds)
    gaps = np.diff(np.concatenate(([[0.0, 0.0]], heads, [[seconds, seconds]])).ravel())[1::2]
    moved = _within(shifts, gaps)
    points = [(0.0, 0.0)]
    for place, ((start, end), shift) in enumerate(zip(heads.tolist(), moved.tolist(), strict=True)):
        before = points[-1][1] - points[-1][0]
        rest = notes[place - 1].end if place else 0.0
        length = start - rest
        change = shift - before
        if place and length >= _REST and _LEAST * length <= length + change <= _MOST * length:
            points.append((rest, rest + before))  # what is held goes with its head
        points += [(start, start + shift), (end, end + shift)]
    if len(notes) and seconds - notes[-1].end >= _REST:
        points.append((notes[-1].end, notes[-1].end + points[-1][1] - points[-1][0]))
    points.append((seconds, seconds))
    return _plain(points)


def _wanted(start: float, places: Array, how: InTime) -> float:
    """Tell how far a note should move; NaN where it is unclear to which place."""
    above = int(np.searchsorted(places, start))
    near = [float(place) for place in places[max(0, above - 1) : above + 1]]
    goal = min(near, key=lambda place: abs(place - start))
    off = goal - start
    if len(near) == 2 and abs(off) > _BETWEEN * (near[1] - near[0]):
        return float("nan")
    if abs(off) <= how.free_ms / 1000.0:
        return 0.0
    most = how.most_ms / 1000.0
    return float(np.clip(off * how.strength / 100.0, -most, most))


def _heads(notes: Sequence[TakeNote], seconds: float) -> Array:
    """Mark the heads: none begins before the one before has ended."""
    edges = [(max(0.0, note.start - _BEFORE), min(seconds, note.start + _AFTER)) for note in notes]
    for place, ((_, end), (start, _)) in enumerate(pairwise(list(edges))):
        if start < end:
            middle = (start + end) / 2.0
            edges[place] = (edges[place][0], middle)
            edges[place + 1] = (middle, edges[place + 1][1])
    return np.array(edges, dtype=np.float64).reshape(-1, 2)


def _within(shifts: Array, gaps: Array) -> Array:
    """Take back shifts until no gap between heads shrinks or grows too much."""
    moved = np.concatenate(([0.0], shifts, [0.0]))
    for place in range(1, moved.size - 1):
        low, high = (_LEAST - 1.0) * gaps[place - 1], (_MOST - 1.0) * gaps[place - 1]
        moved[place] = np.clip(moved[place], moved[place - 1] + low, moved[place - 1] + high)
    for place in range(moved.size - 2, 0, -1):
        low, high = (_LEAST - 1.0) * gaps[place], (_MOST - 1.0) * gaps[place]
        moved[place] = np.clip(moved[place], moved[place + 1] - high, moved[place + 1] - low)
    return moved[1:-1]


def _plain(points: Sequence[tuple[float, float]]) -> Array:
    """Leave out points that are the same moment."""
    kept = [points[0]]
    for point in points[1:]:
        if point[0] > kept[-1][0] + 1e-9:
            kept.append(point)
    kept[-1] = points[-1]
    return np.array(kept, dtype=np.float64)
