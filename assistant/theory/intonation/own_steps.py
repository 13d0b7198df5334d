"""The steps of a tune itself: what follows what in the rest of a take speaks for each place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["OwnSteps"]

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

_TRUST = 12.0
"""Steps from a note that must be heard before they weigh as much as what melodies do in general."""


class OwnSteps:
    """How often each note of a take is followed by each other.

    Parameters
    ----------
    rungs : ndarray of int, shape (notes, candidates)
        What each note may be, as places on a ladder.
    odds : ndarray of float, shape (notes, candidates)
        How likely each is.
    size : int
        Rungs of the ladder.
    """

    def __init__(self, rungs: NDArray[np.int64], odds: Array, size: int) -> None:
        self._rungs = rungs
        self._odds = odds.astype(np.float32)
        self._counts = np.zeros((size, size), dtype=np.float32)
        for note in range(1, rungs.shape[0]):
            self._counts[self._between(note)] += self._step(note)
        self._left = self._counts.sum(axis=1)

    def joined(self, table: Floats, note: int) -> Floats:
        """Join habits with the steps of the take, the one in question left out.

        Parameters
        ----------
        table : ndarray of float, shape (ways, candidates, candidates)
            Odds of the step to a note from the one before.
        note : int
            From 1.

        Returns
        -------
        ndarray of float, shape (ways, candidates, candidates)
            Odds by both.
        """
        elsewhere = np.maximum(self._counts[self._between(note)] - self._step(note), 0.0)
        left = np.maximum(self._left[self._rungs[note - 1]] - self._odds[note - 1], 0.0)[:, None]
        return np.asarray((_TRUST * table + elsewhere) / (_TRUST + left), dtype=np.float32)

    def _between(self, note: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return self._rungs[note - 1][:, None], self._rungs[note][None, :]

    def _step(self, note: int) -> Floats:
        return np.asarray(np.outer(self._odds[note - 1], self._odds[note]), dtype=np.float32)
