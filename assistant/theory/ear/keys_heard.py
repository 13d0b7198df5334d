"""The keys of a score and the chords in them: part by part where the key changes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.theory.ear.chord_hearing import HeardChord, find_chords, respelled
from assistant.theory.ear.grid import Grid, Sounding, place_on
from assistant.theory.ear.heard import KEY_FLOOR, HeardKey
from assistant.theory.ear.key_changes import key_stretches
from assistant.theory.ear.key_finding import (
    key_fits,
    key_from,
    key_with_chords,
    sounding_classes,
)
from assistant.theory.ear.melody_finding import Columns
from assistant.theory.ear.strays import outside_share

__all__ = ["Part", "hear_keys", "too_few"]

# Share of the time outside the key: up to the first it is no less sure, from the second on there
# is none. Of 200 tunes of POP909 one in a hundred is above 0.14, of tunes at random half are above
# 0.24; chords explain more, as in blues.
_ALONE, _WITH_CHORDS = (0.14, 0.28), (0.25, 0.40)
_FEWEST_CLASSES, _ENOUGH_CLASSES = 3, 5

Part = tuple[HeardKey, tuple[HeardChord, ...]]


def hear_keys(columns: Columns, weights: NDArray[np.float64], grid: Grid) -> tuple[Part, ...]:
    """Find the keys, and the chords in each.

    Parameters
    ----------
    columns : Columns
        The notes.
    weights : ndarray of float, shape (notes,)
        How much each counts where chords are looked for; no chords are where all are 0.0.
    grid : Grid
        The pulses.

    Returns
    -------
    tuple of (HeardKey, tuple of HeardChord)
        In order, the first from beat 0 on; neighbours have not the same notes. One where the key
        does not change, or where a part of the song is in none.
    """
    whole = _placed(columns, np.ones(columns.starts.size), grid)
    sounding = _placed(columns, weights, grid)
    changes = list(key_stretches(whole.classes, grid))
    while True:
        stops = [*changes[1:], grid.strengths.size]
        parts = [
            _hear_part(columns, sounding, grid, slice(first, stop))
            for first, stop in zip(changes, stops, strict=True)
        ]
        vain = _in_vain(parts)
        if not vain:
            return tuple(part for part in parts if part)
        del changes[vain]


def too_few(columns: Columns, chords: int) -> str:
    """Say what there is too little of to tell a key; ``""`` where there is enough.

    Parameters
    ----------
    columns : Columns
        The notes.
    chords : int
        How many chords were heard in them.

    Returns
    -------
    str
        Such as ``"one note"``.
    """
    classes = np.unique(columns.pitches % 12).size
    if classes < _FEWEST_CLASSES:
        return "one note" if classes == 1 else "two notes"
    return "one chord" if chords == 1 and classes < _ENOUGH_CLASSES else ""


def _placed(columns: Columns, weights: NDArray[np.float64], grid: Grid) -> Sounding:
    inside = columns.starts < grid.edges[-1]
    columns = _some(columns, inside)
    return place_on(grid, columns.starts, columns.lengths, columns.pitches, weights[inside])


def _some(columns: Columns, chosen: NDArray[np.bool_]) -> Columns:
    return Columns(
        columns.starts[chosen],
        columns.lengths[chosen],
        columns.pitches[chosen],
        columns.tracks[chosen],
    )


def _hear_part(columns: Columns, sounding: Sounding, grid: Grid, pulses: slice) -> Part | None:
    """Hear the key and the chords of some pulses; None where no note begins in them."""
    begins, ends = grid.edges[pulses.start], grid.edges[pulses.stop]
    late = columns.starts >= begins if pulses.start else np.ones(columns.starts.size, np.bool_)
    early = columns.starts < ends if pulses.stop < grid.strengths.size else late
    own = _some(columns, late & early)
    if not own.starts.size:
        return None
    fits = key_fits(sounding_classes(own.starts, own.lengths, own.pitches))
    chords: tuple[HeardChord, ...] = ()
    if fits.clarity and sounding.classes.any():
        part = Grid(grid.edges[pulses.start : pulses.stop + 1], grid.strengths[pulses])
        here = Sounding(sounding.classes[pulses], sounding.lowest[pulses])
        chords = find_chords(here, part, key_from(fits)[0])
    key, second, sure = key_with_chords(fits, chords)
    none, whole = _WITH_CHORDS if chords else _ALONE
    outside = outside_share(key, own.lengths, own.pitches)
    sure *= float(np.clip((whole - outside) / (whole - none), 0.0, 1.0))
    return HeardKey(float(begins), key, float(sure), second), respelled(chords, key)


def _in_vain(parts: list[Part | None]) -> int:
    """Find a change after which nothing is new; 0 where there is none."""
    for place, (before, after) in enumerate(pairwise(parts), 1):
        if before is None or after is None:
            return place
        (old, _), (new, _) = before, after
        sure = min(old.confidence, new.confidence) >= KEY_FLOOR
        if not sure or old.key.pitch_classes == new.key.pitch_classes:
            return place
    return 0
