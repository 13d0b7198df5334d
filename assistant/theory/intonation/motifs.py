"""What is sung again: places of a take that resemble a note and its neighbours vote for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.meant import Meant
from assistant.theory.intonation.sung import Sung

__all__ = ["echoes"]

Array = NDArray[np.float64]

_AROUND = 2  # notes to each side that are compared
_FEWEST = 3  # of them that there must be
_CENTS = 64.0  # two times the same note are that far apart, standard deviation
_SELF_CENTS = 100.0  # the same of the note itself, which may be the one that is off
_OCTAVES_LONGER = 0.7  # the same of lengths: powers of e
_MOST = 9.0  # what one difference can say against a likeness, standard deviations squared
_ALIKE = 2.5  # mean of these differences over which two places are not alike
_NOTHING = 0.5  # votes for no note at all
_TRUST = 6.0  # how much a vote weighs beside none


def echoes(sung: Sung, meant: Meant) -> Array:
    """Let places that sound alike speak for each other.

    Parameters
    ----------
    sung : Sung
        The take.
    meant : Meant
        What its notes may be, each seen by itself.

    Returns
    -------
    ndarray of float, shape (notes, candidates)
        Factors: 1.0 where nothing like it is sung again.
    """
    alike = _alike(100.0 * sung.pitch - meant.tuning, np.log(np.maximum(sung.seconds, 0.05)))
    ladder, rungs = np.unique(meant.pitches, return_inverse=True)
    rungs = rungs.reshape(meant.pitches.shape)
    known = np.zeros((sung.pitch.size, ladder.size))
    np.put_along_axis(known, rungs, meant.odds, axis=1)
    total = alike.sum(axis=1, keepdims=True) + _NOTHING
    votes = np.take_along_axis(alike @ known, rungs, axis=1)
    return np.asarray((_NOTHING + _TRUST * votes) / total, dtype=np.float64)


def _alike(cents: Array, lengths: Array) -> Array:
    """Tell how alike the surroundings of each two notes are, shape (notes, notes), 0.0 to 1.0."""
    size = cents.size
    far = np.zeros((size, size))
    count = np.zeros((size, size))
    for step in (*range(-_AROUND, 0), *range(1, _AROUND + 1)):
        there = np.arange(size) + step
        inside = (there >= 0) & (there < size)
        there = np.clip(there, 0, size - 1)
        both = inside[:, None] & inside[None, :]
        far += both * (_apart(cents[there], _CENTS) + 0.5 * _apart(lengths[there], _OCTAVES_LONGER))
        count += both
    far += 0.5 * (_apart(cents, _SELF_CENTS) + _apart(lengths, _OCTAVES_LONGER))
    alike = np.minimum(1.0, np.exp(-0.5 * (far - count)))
    alike[(count < _FEWEST) | (far > _ALIKE * count)] = 0.0
    np.fill_diagonal(alike, 0.0)
    return alike


def _apart(values: Array, sd: float) -> Array:
    return np.minimum(np.square((values[:, None] - values[None, :]) / sd), _MOST)
