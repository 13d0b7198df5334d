"""What mood chords tend to have: a linear reading of the progressions that were tagged by ear."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.theory.harmony.key import Family, Key
from assistant.theory.harmony.labels import QUALITIES, ROOTS, labels_of
from assistant.theory.harmony.progression import Progression, flat

__all__ = ["Moods"]

_THIRDS = {"min": 1, "min7": 1, "min6": 1, "minmaj7": 1, "dim": 2, "dim7": 2, "hdim7": 2}
_SHRINKAGE = 1.0  # ridge; left-one-out this explains 0.44 of valence and 0.24 of arousal
_ROOTS_AND_THIRDS = 3 * len(ROOTS)


class Moods:
    """The mean valence and arousal of chords, by ridge regression on which chords there are.

    Parameters
    ----------
    progressions : sequence of Progression
        What to learn from.
    places : ndarray of shape (progressions, 2)
        Valence and arousal of each, -1.0 to 1.0.
    """

    def __init__(self, progressions: Sequence[Progression], places: NDArray[np.float64]) -> None:
        rows = [
            [
                *np.mean([_features(label) for label in _labels(each)], axis=0),
                *_families(each.family),
            ]
            for each in progressions
        ]
        table = np.array(rows)
        square = table.T @ table + _SHRINKAGE * np.eye(table.shape[1])
        self._weights = np.asarray(np.linalg.solve(square, table.T @ places), dtype=np.float64)

    def of(self, labels: Sequence[str], family: Family) -> NDArray[np.float64]:
        """Estimate the mood of some chords.

        Parameters
        ----------
        labels : sequence of str
            At least one.
        family : {"major", "minor"}
            Of the key.

        Returns
        -------
        ndarray of shape (2,)
            Valence and arousal, -1.0 to 1.0.
        """
        return np.asarray(self.each(labels, family).mean(axis=0))

    def each(self, labels: Sequence[str], family: Family) -> NDArray[np.float64]:
        """Estimate what each chord gives; the mood of several is the mean of theirs.

        Parameters
        ----------
        labels : sequence of str
            Such as a whole vocabulary.
        family : {"major", "minor"}
            Of the key.

        Returns
        -------
        ndarray of shape (labels, 2)
            Valence and arousal.
        """
        rows = np.array([[*_features(label), *_families(family)] for label in labels])
        return rows @ self._weights


def _labels(progression: Progression) -> list[str]:
    return labels_of(flat(progression.bars), Key(0, progression.family))


def _features(label: str) -> NDArray[np.float64]:
    """Mark the root with its third, and the quality."""
    root, quality = label.split(":")
    marks = np.zeros(_ROOTS_AND_THIRDS + len(QUALITIES))
    marks[3 * ROOTS.index(root) + _THIRDS.get(quality, 0)] = 1.0
    marks[_ROOTS_AND_THIRDS + QUALITIES.index(quality)] = 1.0
    return marks


def _families(family: Family) -> tuple[float, float]:
    return float(family == "minor"), 1.0
