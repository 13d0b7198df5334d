"""The tuning of a take: where its A4 lies, a slow walk that may start anew after a breath."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.singer import TUNINGS, Singer

__all__ = ["FIRST_CENTS", "Walks", "tuning_at_first"]

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

FIRST_CENTS = 35.0
"""How far off a take begins, standard deviation."""

_FRESH_CENTS = 35.0  # the same after a breath
_FRESH = 0.25  # share of breaths after which the tuning starts anew
_AGAIN_CENTS = 8.0  # a note that is sung again wanders no further than this
_FINEST_CENTS = 4.0  # what the grid can tell
_LEAP = 2.01  # semitones: what is no wider does not come out short
_SHORTEST_CENTS = 60.0  # no leap comes out shorter than by that


class Walks:
    """How the tuning of each singer moves from note to note.

    Parameters
    ----------
    kinds : sequence of Singer
        At least one.
    """

    def __init__(self, kinds: Sequence[Singer]) -> None:
        on = _stack(kinds, np.inf)
        fresh = _bell(TUNINGS, _FRESH_CENTS)
        self._step: dict[bool, Floats] = {
            False: on,
            True: (1.0 - _FRESH) * on + _FRESH * fresh / fresh.sum(),
        }
        again = _stack(kinds, _AGAIN_CENTS)
        self._again: dict[bool, Floats] = {False: again, True: self._step[True]}
        self._short = {at: each.short_cents for at, each in enumerate(kinds) if each.short_cents}

    def step(self, *, breath: bool) -> Floats:
        """Return the odds of each tuning after each, shape (singers, tunings, tunings)."""
        return self._step[breath]

    def again(self, *, breath: bool) -> Floats:
        """Return the same where the note before is sung again."""
        return self._again[breath]

    def fall_short(self, odds: Floats, leaps: Array, *, back: bool = False) -> None:
        """Take the tuning along where a leap comes out short.

        Parameters
        ----------
        odds : ndarray of float32, shape (singers, ways, earlier, candidates, tunings)
            Of the tuning at a note, changed in place for the singers whose leaps are short.
        leaps : ndarray of float, shape (earlier, candidates)
            Semitones to it.
        back : bool
            Whether to go from what is after the leap to what was before.
        """
        wide = np.where(np.abs(leaps) > _LEAP, leaps, 0.0)
        for singer, cents in self._short.items():
            missing = np.clip(cents * wide, -_SHORTEST_CENTS, _SHORTEST_CENTS)
            steps = np.round(missing / (TUNINGS[1] - TUNINGS[0])).astype(np.int64)[..., None]
            place = np.arange(TUNINGS.size) + (-steps if back else steps)
            inside = (place >= 0) & (place < TUNINGS.size)
            place = np.clip(place, 0, TUNINGS.size - 1)
            earlier, candidates = np.ogrid[: leaps.shape[0], : leaps.shape[1]]
            odds[singer] = odds[singer][:, earlier[..., None], candidates[..., None], place]
            odds[singer] *= inside


def tuning_at_first(centre: float = 0.0, sd: float = FIRST_CENTS) -> Floats:
    """Tell how likely a take begins in each tuning.

    Parameters
    ----------
    centre : float
        Cents above concert pitch where it is looked for.
    sd : float
        How far around, one standard deviation, cents.

    Returns
    -------
    ndarray of float, shape (tunings,)
        Odds that sum to 1.
    """
    odds = _bell(TUNINGS - np.float32(centre), sd)
    return np.asarray(odds / odds.sum(), dtype=np.float32)


def _stack(kinds: Sequence[Singer], most: float) -> Floats:
    tables = [_walk(min(each.wander_cents, most), each.hold) for each in kinds]
    return np.asarray(np.stack(tables), dtype=np.float32)


def _walk(wander: float, hold: float) -> Floats:
    odds = _bell(TUNINGS[None, :] - np.float32(hold) * TUNINGS[:, None], max(wander, _FINEST_CENTS))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)


def _bell(cents: Floats, sd: float) -> Floats:
    return np.asarray(np.exp(-0.5 * np.square(cents / sd)), dtype=np.float32)
