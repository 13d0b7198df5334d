"""The tuning of a take: where its A4 lies, a slow walk that may start anew after a breath."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.singer import TUNINGS, Singer

__all__ = ["FIRST_CENTS", "Walks", "tuning_at_first"]

Floats = NDArray[np.float32]

FIRST_CENTS = 35.0
"""How far off a take begins, standard deviation."""

_FRESH_CENTS = 35.0  # the same after a breath
_FRESH = 0.25  # share of breaths after which the tuning starts anew
_AGAIN_CENTS = 8.0  # a note that is sung again wanders no further than this
_FINEST_CENTS = 4.0  # what the grid can tell


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

    def step(self, *, breath: bool) -> Floats:
        """Return the odds of each tuning after each, shape (singers, tunings, tunings)."""
        return self._step[breath]

    def again(self, *, breath: bool) -> Floats:
        """Return the same where the note before is sung again."""
        return self._again[breath]


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
