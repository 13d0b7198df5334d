"""When chords change: how long they last, and where in the bar; of a song, and of what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil

import numpy as np
from numpy.typing import NDArray

from assistant.theory.harmony.progression import Bar

__all__ = ["Habit", "habit_of", "rhythm_of"]

_LEEWAY = 0.15  # share of the changes, where a song changes off the bar line at all
_BAR = 2  # half-bars


@dataclass(frozen=True)
class Habit:
    """How chords change.

    Parameters
    ----------
    longest : int
        Half-bars that a chord lasts at most.
    off : float
        Share of the changes that fall within a bar.
    tied : float
        Share of the changes that fall within a bar to a chord that lasts over the bar line.
    fewest : int
        How many different chords there are at least.
    """

    longest: int
    off: float = 0.0
    tied: float = 0.0
    fewest: int = 1

    def paced(self, chords_a_bar: float) -> Habit:
        """Make room for a pace that is asked for."""
        longest = max(self.longest, ceil(_BAR / chords_a_bar))
        return replace(self, longest=longest, off=1.0 if chords_a_bar > 1.0 else self.off)

    def breached(self, slots: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which draws do not keep to it.

        Parameters
        ----------
        slots : ndarray of int, shape (draws, halves)
            What sounds in each half of the bars.

        Returns
        -------
        ndarray of bool, shape (draws,)
            True where a chord lasts too long, changes fall within bars too often, or there are too
            few chords.
        """
        longest, off, tied = _measured(slots)
        kinds = 1 + np.count_nonzero(np.diff(np.sort(slots, axis=1), axis=1), axis=1)
        return np.asarray(
            (longest > self.longest)
            | (kinds < self.fewest)
            | (off > self.off + (_LEEWAY if self.off else 0.0))
            | (tied > self.tied + (_LEEWAY if self.tied else 0.0))
        )


def habit_of(bars: Sequence[Bar]) -> Habit:
    """Tell how the chords of a song change; one that lasts less than a bar may last a bar."""
    kinds: dict[object, int] = {}
    halves = [kinds.setdefault(chord, len(kinds)) for bar in bars for chord in (bar[0], bar[-1])]
    longest, off, tied = _measured(np.array([halves]))
    return Habit(max(_BAR, int(longest[0])), float(off[0]), float(tied[0]))


def rhythm_of(bars: Sequence[Bar]) -> tuple[int, ...]:
    """Tell how many half-bars each chord of some bars lasts, held ones over bar lines too."""
    halves = [chord for bar in bars for chord in (bar[0], bar[-1])]
    return tuple(len(list(held)) for _, held in groupby(halves))


def _measured(
    slots: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Measure the longest chord, and the shares of changes within bars and tied over."""
    changes = np.diff(slots, axis=1) != 0
    run = np.ones(len(slots), dtype=np.int64)
    longest = run.copy()
    for changed in changes.T:
        run = np.where(changed, 1, run + 1)
        np.maximum(longest, run, out=longest)
    within = changes[:, ::2]
    over = within[:, :-1] & ~changes[:, 1::2][:, : within.shape[1] - 1]
    many = np.maximum(1, changes.sum(axis=1))
    return longest, within.sum(axis=1) / many, over.sum(axis=1) / many
