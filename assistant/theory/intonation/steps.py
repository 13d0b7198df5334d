"""How melodies step: which note follows which, by closeness, by scale and by habit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.meant import Habit
from assistant.theory.intonation.scales import COMMON, Scale

__all__ = ["habit_in"]

Array = NDArray[np.float64]

_NEAR = 2.2  # semitones: a step that much wider is e times as rare
_FAR = 0.004  # any leap, beside a step of no width
_AGAIN = 0.8  # the same note again, beside the same
_LEARNED = 0.4  # share of what was learned
_UNSEEN = 1e-5
_TOO_FAR = 12  # semitones: what was learned goes no further
_ALIEN = 0.02  # what was learned of a note that another mode does not have


def habit_in(
    scale: Scale, low: float, high: float, learned: NDArray[np.float32] | None = None
) -> Habit:
    """Tell how melodies step in a scale.

    Parameters
    ----------
    scale : Scale
        Its notes, and those it borrows.
    low, high : float
        MIDI numbers between which they lie.
    learned : ndarray of float, shape (2, 12, 25), optional
        How often a degree (semitones above the tonic, major and minor) is followed by each
        interval from an octave down to an octave up; counts or shares.

    Returns
    -------
    Habit
        Of one way.
    """
    pitches, weights = scale.ladder(low, high)
    apart = np.abs(pitches[:, None] - pitches[None, :])
    odds = (np.exp(-apart / _NEAR) + _FAR) * weights
    odds[np.diag_indices_from(odds)] *= _AGAIN
    odds /= odds.sum(axis=1, keepdims=True)
    if learned is not None and scale.tempered:
        even = len(scale.steps) == 12
        usual = _intervals(pitches, learned) if even else _habitual(scale, pitches, learned, odds)
        odds = (1.0 - _LEARNED) * odds + _LEARNED * usual
    first = weights / weights.sum()
    return Habit(pitches, odds[None].astype(np.float32), first[None].astype(np.float32), np.ones(1))


def _intervals(pitches: Array, learned: NDArray[np.float32]) -> Array:
    """Lay out how usual each interval is, wherever it begins: no note is a tonic."""
    shares = learned.sum(axis=(0, 1)) / learned.sum()
    odds = _seen(pitches, np.broadcast_to(shares, (pitches.size, shares.size)))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float64)


def _seen(pitches: Array, shares: Array) -> Array:
    """Look up the interval from each pitch to each; one row of shares for each pitch."""
    leaps = np.round(pitches[None, :] - pitches[:, None]).astype(np.int64)
    from_each = np.arange(pitches.size)[:, None]
    seen = shares[from_each, np.clip(leaps, -_TOO_FAR, _TOO_FAR) + _TOO_FAR]
    return np.where(np.abs(leaps) <= _TOO_FAR, seen, _UNSEEN)


def _habitual(scale: Scale, pitches: Array, learned: NDArray[np.float32], plain: Array) -> Array:
    """Lay out what was learned; notes that the scale does not have are rare, not missing."""
    minor = 3.0 in scale.steps and 4.0 not in scale.steps
    shares = learned[int(minor)] / learned[int(minor)].sum(axis=1, keepdims=True)
    degrees = np.round(pitches - scale.tonic).astype(np.int64) % 12
    odds = _seen(pitches, shares[degrees])
    if scale.steps != COMMON["minor" if minor else "major"]:
        mine = np.isin(degrees, np.array(scale.steps).astype(np.int64))
        odds = odds * np.where(mine, 1.0, _ALIEN) + _ALIEN * plain
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float64)
