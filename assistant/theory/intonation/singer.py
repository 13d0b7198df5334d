"""How people miss notes: kinds of singers, and how likely each sings what was heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["SINGERS", "TUNINGS", "Singer", "Singers"]

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

_STEP_CENTS = 10.0
TUNINGS: Floats = np.arange(-200.0, 200.5, _STEP_CENTS).astype(np.float32)
"""Cents above concert pitch that are considered."""

_SHORT_SECONDS = 0.06  # a note this long is missed by sqrt(2) times as much as a long one
_SLIP_CENTS = 95.0  # standard deviation of a note that slips
_LOST, _LOST_CENTS = 0.05, 300.0  # share of notes that are others altogether, and how far off
_ANYWHERE = 1e-9  # a cent: a note that nothing explains
_ROOT_TAU = 2.5066
_UNLIKELY = 0.02  # of the likeliest singer
_WIDEST = 12  # semitones: a wider leap shrinks no more
_FURTHER = np.arange(
    TUNINGS[0] - _WIDEST * _STEP_CENTS, TUNINGS[-1] + (_WIDEST + 0.5) * _STEP_CENTS, _STEP_CENTS,
    dtype=np.float32,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Singer:
    """One way of singing out of tune.

    Parameters
    ----------
    stray_cents : float
        Standard deviation of each note for itself.
    wander_cents : float
        How far the tuning moves from a note to the next, standard deviation.
    hold : float
        Share of its tuning that is kept from note to note; the rest goes back to concert pitch.
    shrink : int
        How much too small a leap is, for each semitone: steps of the tuning. The next note knows
        nothing of it.
    short_cents : float
        How much too small a leap of more than a whole tone is, for each semitone, where the
        tuning goes with it and is found again as `hold` says.
    slips : float
        Share of notes that are far off.
    """

    stray_cents: float
    wander_cents: float
    hold: float = 1.0
    shrink: int = 0
    short_cents: float = 0.0
    slips: float = 0.05


SINGERS: tuple[Singer, ...] = (
    *(
        Singer(stray, wander, hold, shrink)
        for shrink, strays in ((0, (8.0, 16.0, 28.0, 45.0)), (1, (20.0,)))
        for stray in strays
        for wander, hold in ((4.0, 1.0), (12.0, 0.98), (25.0, 0.82))
    ),
    Singer(16.0, 25.0, 0.6, short_cents=12.0),
)
"""Those that a take is compared with."""


class Singers:
    """Several singers at once, laid out for arithmetic.

    Parameters
    ----------
    kinds : sequence of Singer
        At least one.
    """

    def __init__(self, kinds: Sequence[Singer]) -> None:
        self.kinds = tuple(kinds)
        self._stray = np.array([each.stray_cents for each in kinds], dtype=np.float32)
        self._shrink = np.array([each.shrink for each in kinds])[:, None, None, None]
        self._slips = np.array([each.slips for each in kinds], dtype=np.float32)[:, None, None]

    def left_by(self, odds: Array) -> Singers:
        """Leave out those that are far less likely than the likeliest.

        Parameters
        ----------
        odds : ndarray of float, shape (singers,)
            How likely each is.

        Returns
        -------
        Singers
            At least one.
        """
        kept = np.flatnonzero(odds >= _UNLIKELY * odds.max())
        return Singers([self.kinds[each] for each in kept])

    def likelihood(self, off: Floats, leaps: Array, spread: float, seconds: float) -> Floats:
        """Tell how likely a note is heard where it is.

        Parameters
        ----------
        off : ndarray of float, shape (candidates,)
            Cents by which it lies above each note it may be.
        leaps : ndarray of float, shape (earlier, candidates)
            Semitones from each note that the one before may be.
        spread : float
            How surely it was heard there: one standard deviation, cents.
        seconds : float
            Its length.

        Returns
        -------
        ndarray of float, shape (singers, earlier, candidates, tunings)
            Densities, a cent, for each of `TUNINGS`.
        """
        wide = self._stray**2 * (1.0 + _SHORT_SECONDS / max(seconds, 0.03)) + spread**2
        wide = wide[:, None, None]
        squares = np.square(off[:, None] - _FURTHER)
        near, far = _bell(squares, wide), _bell(squares, wide + np.float32(_SLIP_CENTS**2))
        lost = _LOST * _bell(squares, np.float32(_LOST_CENTS**2)) + _ANYWHERE
        odds = ((1.0 - self._slips - _LOST) * near + self._slips * far + lost).astype(np.float32)
        # A leap that is too small looks like the same leap in another tuning.
        steps = np.clip(np.round(leaps), -_WIDEST, _WIDEST).astype(np.int64)[..., None]
        place = np.arange(TUNINGS.size) + _WIDEST - self._shrink * steps
        singer = np.arange(len(self.kinds))[:, None, None, None]
        here = odds[singer, np.arange(off.size)[:, None], place]
        return np.asarray(here, dtype=np.float32)


def _bell(squares: Floats, variance: Floats | np.float32) -> Floats:
    scale = np.float32(1.0) / (_ROOT_TAU * np.sqrt(variance, dtype=np.float32))
    return np.asarray(scale * np.exp(squares * (-0.5 / variance)), dtype=np.float32)
