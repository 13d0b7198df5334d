"""Which tunes to show: good ones that are audibly different from each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Portrait", "differing", "distances", "portrait", "portraits"]

Floats: TypeAlias = NDArray[np.float32]

POINTS = 64
"""Places at which the line of a tune is looked at."""

_SHAPE, _RHYTHM, _MOTION = 0.5, 0.35, 0.15  # weights of line, rhythm and intervals
_FAR_SEMITONES = 5.0  # mean difference of two lines that have nothing in common
_EDGES = np.array([-4.5, -2.5, -0.5, 0.5, 2.5, 4.5])
_LIKE_COST = 0.9  # how much a tune must be better to be shown although it is like another

Portrait: TypeAlias = tuple[Floats, NDArray[np.bool_], Floats]
"""Line, (tunes, points); onsets, (tunes, eighths); shares of intervals, (tunes, kinds)."""


def portraits(
    starts: NDArray[np.int16],
    pitches: NDArray[np.int16],
    written: NDArray[np.bool_],
    slots: NDArray[np.int64],
) -> Portrait:
    """Describe tunes by what is heard first of what was written.

    Parameters
    ----------
    starts : ndarray of int16, shape (tunes, notes)
        In slots.
    pitches : ndarray of int16, shape (tunes, notes)
        MIDI numbers.
    written : ndarray of bool, shape (tunes, notes)
        Whether there is a note, and a new one: those of the song are the same in all tunes.
    slots : ndarray of int, shape (slots,)
        Those that were written in, ascending.

    Returns
    -------
    tuple of ndarray
        Line, onsets and intervals.
    """
    starts, pitches, there = _packed(starts, pitches, written)
    rows = np.arange(len(starts))[:, None]
    end = int(slots[-1]) + 1
    places = slots[np.linspace(0, len(slots), POINTS, endpoint=False).astype(int)]
    begun = np.where(there, starts, end)
    last = np.maximum(0, (begun[:, None, :] <= places[None, :, None]).sum(axis=2) - 1)
    line = pitches[rows, last].astype(np.float32)
    eighths = np.zeros((len(starts), end // 2 + 1), dtype=bool)
    eighths[np.broadcast_to(rows, starts.shape)[there], starts[there] // 2] = True
    kind = np.searchsorted(_EDGES, np.diff(pitches, axis=1))
    kinds = np.zeros((len(starts), len(_EDGES) + 1), dtype=np.float32)
    for place in range(kinds.shape[1]):
        kinds[:, place] = ((kind == place) & there[:, 1:]).sum(axis=1)
    return line, eighths, kinds / np.maximum(1.0, kinds.sum(axis=1, keepdims=True))


def _packed(
    starts: NDArray[np.int16], pitches: NDArray[np.int16], written: NDArray[np.bool_]
) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.bool_]]:
    """Bring the notes that were written to the front, in their order."""
    most = max(1, int(written.sum(axis=1).max(initial=0)))
    order = np.argsort(~written, axis=1, kind="stable")[:, :most]
    rows = np.arange(len(starts))[:, None]
    return starts[rows, order], pitches[rows, order], written[rows, order]


def portrait(all_: Portrait, rows: NDArray[np.int64]) -> Portrait:
    """Take the portraits of some tunes."""
    return all_[0][rows], all_[1][rows], all_[2][rows]


def distances(seen: Portrait) -> Floats:
    """Measure how different tunes are.

    Parameters
    ----------
    seen : tuple of ndarray
        As `portraits` gives them.

    Returns
    -------
    ndarray of float32, shape (tunes, tunes)
        0.0 the same to 1.0 nothing in common: half of it the line, then the rhythm (one less the
        share of onsets in common), then the intervals.
    """
    line, onsets, kinds = seen
    table = np.empty((len(line), len(line)), dtype=np.float32)
    ones = onsets.astype(np.float32)
    common = ones @ ones.T
    count = ones.sum(axis=1)
    rhythm = 1.0 - common / np.maximum(1.0, count[:, None] + count[None, :] - common)
    for row in range(len(line)):
        shape = np.abs(line - line[row]).mean(axis=1) / _FAR_SEMITONES
        motion = np.abs(kinds - kinds[row]).sum(axis=1) / 2.0
        table[row] = _SHAPE * np.minimum(1.0, shape) + _MOTION * motion
    return np.asarray(table + _RHYTHM * rhythm, dtype=np.float32)


def differing(ratings: Floats, apart: Floats, least: float = 0.0) -> Iterator[tuple[int, float]]:
    """Walk through tunes, each good and unlike those before (maximal marginal relevance).

    Parameters
    ----------
    ratings : ndarray of shape (tunes,)
        0.0 to 1.0, higher is better.
    apart : ndarray of shape (tunes, tunes)
        As `distances` gives them.
    least : float
        How far a tune must be from all before it; the walk ends where none is.

    Yields
    ------
    tuple of (int, float)
        The tune, and how far it is from the nearest one before it (1.0 for the first). The order
        does not depend on how many are taken.
    """
    left = ratings.astype(np.float64)
    nearest = np.ones(len(left))
    for _ in range(len(left)):
        left[nearest < least] = -np.inf
        best = int(np.argmax(left + _LIKE_COST * nearest))
        if left[best] == -np.inf:
            return
        yield best, float(nearest[best])
        left[best] = -np.inf
        np.minimum(nearest, apart[best], out=nearest)
