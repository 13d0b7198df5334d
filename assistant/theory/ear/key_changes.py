"""Where a song changes its key: stretches of bars that keep to one collection of notes.

Each bar costs as much as it has notes outside a collection, and each change of the collection costs
as well; the cheapest way through the song is found by dynamic programming. Which key it is, of
those that share the notes, is for others to find.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.theory.ear.grid import BAR, Grid

__all__ = ["key_stretches"]

Array = NDArray[np.float64]

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_RAISED, _RAISED_COST = 8, 0.3  # the seventh of the relative minor: semitones, what it costs
_CHANGE = 1.1  # what a change costs: from 200 songs of POP909, and pieces put together from two
_FEWEST = 4  # bars of a stretch
_BAR_BEATS = 3.0  # shorter bars are taken together


def key_stretches(classes: Array, grid: Grid) -> tuple[int, ...]:
    """Find where a song changes its key.

    Parameters
    ----------
    classes : ndarray of float, shape (pulses, 12)
        Beats for which each pitch class sounds: see `assistant.theory.ear.grid.Sounding`.
    grid : Grid
        The pulses.

    Returns
    -------
    tuple of int
        The pulses from which another key holds, each the first of a bar; 0 is the first of them.
        A stretch has four bars or more.
    """
    lines = _bar_lines(grid)
    rows = np.add.reduceat(classes, lines, axis=0)
    total = rows.sum(axis=1, keepdims=True)
    costs = np.sqrt(rows / np.maximum(total, 1e-9) @ _outside().T)
    return tuple(int(lines[bar]) for bar in _cheapest(costs))


def _bar_lines(grid: Grid) -> NDArray[np.int64]:
    """List the pulses on which bars begin, those that are very short taken together."""
    lines = [0]
    for pulse in np.flatnonzero(grid.strengths == BAR).tolist():
        if grid.edges[pulse] - grid.edges[lines[-1]] > _BAR_BEATS - 1e-6:
            lines.append(pulse)
    return np.array(lines)


@lru_cache(maxsize=1)
def _outside() -> Array:
    """Tell what each note costs in each collection, shape (12, 12): those of C, C#, ... B major."""
    table = np.ones((12, 12))
    for tonic in range(12):
        table[tonic, (tonic + _RAISED) % 12] = _RAISED_COST
        table[tonic, [(tonic + step) % 12 for step in _MAJOR]] = 0.0
    return table


def _cheapest(costs: Array) -> list[int]:
    """Choose stretches of bars, each in one collection; return the bars on which they begin."""
    bars = len(costs)
    if bars < 2 * _FEWEST:
        return [0]
    upto = np.concatenate((np.zeros((1, 12)), np.cumsum(costs, axis=0)))
    first = np.zeros((bars + 1, 12), dtype=np.int64)
    least = np.full(bars + 1, np.inf)
    last = np.zeros(bars + 1, dtype=np.int64)
    least[0] = -_CHANGE
    cheap, begun = np.full(12, np.inf), np.zeros(12, dtype=np.int64)
    for end in range(_FEWEST, bars + 1):
        came = least[end - _FEWEST] - upto[end - _FEWEST]
        better = came < cheap - 1e-9
        cheap, begun = np.where(better, came, cheap), np.where(better, end - _FEWEST, begun)
        total = cheap + upto[end] + _CHANGE
        first[end], last[end], least[end] = begun, total.argmin(), total.min()
    starts: list[int] = []
    end = bars
    while end > 0:
        end = int(first[end, last[end]])
        starts.append(end)
    return starts[::-1]
