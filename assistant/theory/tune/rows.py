"""Rows of notes: many rhythms side by side, what each note repeats, and where phrases end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.theory.tune.phrasing import Phrase

__all__ = ["CLOSE", "OPEN", "Grid", "Ints", "Rhythms", "gather"]

Ints: TypeAlias = NDArray[np.int16]
Grid: TypeAlias = NDArray[np.bool_]

OPEN, CLOSE = 1, 2
"""How a phrase ends: it goes on, or it is at rest."""

_LONGEST = 8  # slots a note within a phrase is held
_LONGEST_END = 14  # slots the last of a phrase is held
_BREATH = 2  # slots


@dataclass(frozen=True, eq=False)
class Rhythms:
    """Rhythms; a row each, a column a note, what is beyond the last note filled up.

    Parameters
    ----------
    starts, lengths : ndarray of int16, shape (rhythms, notes)
        In slots; filled up with the end of the frame and 0.
    counts : ndarray of int, shape (rhythms,)
        Notes in each.
    phrase : ndarray of int16, shape (rhythms, notes)
        Which phrase a note belongs to; what leads in belongs to the phrase it leads to.
    source : ndarray of int16, shape (rhythms, notes)
        The note that it repeats, or -1.
    ends : ndarray of int8, shape (rhythms, notes)
        0, or how a phrase ends on it: `OPEN` or `CLOSE`.
    form : ndarray of int, shape (rhythms,)
        Which form each has.
    """

    starts: Ints
    lengths: Ints
    counts: NDArray[np.int64]
    phrase: Ints
    source: Ints
    ends: NDArray[np.int8]
    form: NDArray[np.int64]


def gather(
    grid: Grid,
    breaths: Sequence[Phrase],
    sources: Ints,
    pickup: NDArray[np.int64],
    chosen: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    echoed: Grid,
) -> Rhythms:
    """Turn grids of onsets into rows of notes.

    Parameters
    ----------
    grid : ndarray of bool, shape (rhythms, slots)
        Onsets.
    breaths : sequence of Phrase
        The phrases.
    sources : ndarray of int16, shape (rhythms, phrases)
        The phrase each repeats, or -1.
    pickup : ndarray of int, shape (rhythms,)
        Slots by which notes lead in.
    chosen : tuple of ndarray
        Where each phrase ends and how, both (rhythms, phrases), and the form of each rhythm.
    echoed : ndarray of bool, shape (rhythms, phrases)
        Whether the last bar of a new phrase takes up its first.

    Returns
    -------
    Rhythms
        As many.
    """
    ends, kinds, form = chosen
    rows = np.arange(len(grid))[:, None]
    counts = grid.sum(axis=1)
    slots = grid.shape[1]
    most = max(1, int(counts.max()))
    order = np.argsort(~grid, axis=1, kind="stable")[:, :most]
    there = np.arange(most) < counts[:, None]
    starts = np.where(there, order, slots)
    begins = np.array([phrase.start for phrase in breaths])
    led = np.minimum(starts + pickup[:, None], slots - 1)
    own = np.searchsorted(begins, starts, side="right") - 1
    phrase = np.where(starts > ends[rows, own], np.searchsorted(begins, led, side="right") - 1, own)
    index = np.cumsum(grid, axis=1) - 1
    origin = _origins(starts, phrase, sources, breaths, echoed)
    inside = (origin >= 0) & (origin < starts)
    slot = np.where(inside, origin, 0)
    source = np.where(inside & grid[rows, slot], index[rows, slot], -1)
    ending = there & (starts == ends[rows, phrase]) & (kinds[rows, phrase] > 0)
    lengths = _lengths(starts, ending, slots)
    return Rhythms(
        starts.astype(np.int16),
        (lengths * there).astype(np.int16),
        counts,
        phrase.astype(np.int16),
        np.where(there, source, -1).astype(np.int16),
        (kinds[rows, phrase] * ending).astype(np.int8),
        form,
    )


def _origins(
    starts: NDArray[np.int64],
    phrase: NDArray[np.int64],
    sources: Ints,
    breaths: Sequence[Phrase],
    echoed: Grid,
) -> NDArray[np.int64]:
    """Find the slot that a note goes back to: in a phrase before, or in the first bar; or -1."""
    rows = np.arange(len(starts))[:, None]
    begins = np.array([part.start for part in breaths])
    last_bars = np.array([part.last_bar for part in breaths])
    repeated = sources[rows, phrase]
    again = starts - begins[phrase] + begins[repeated]
    last = last_bars[phrase]
    echo = (starts >= last) & (last > begins[phrase]) & echoed[rows, phrase]
    there = np.where(echo, starts - last + begins[phrase], -1)
    return np.where(repeated >= 0, again, there)


def _lengths(starts: NDArray[np.int64], ending: Grid, slots: int) -> NDArray[np.int64]:
    """Hold each note until the next, but for a breath after a phrase and after a long note."""
    following = np.concatenate([starts[:, 1:], np.full((len(starts), 1), slots)], axis=1)
    room = following - starts
    held = np.where(room > _LONGEST, np.maximum(4, np.minimum(_LONGEST, room - _BREATH)), room)
    breath = np.where(room > 4, room - _BREATH, room)
    return np.where(ending, np.minimum(_LONGEST_END, breath), held)
